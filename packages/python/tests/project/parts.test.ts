import { PythonProject } from '@krait/python'
import { describe, expect, test } from 'vitest'
import { MemoryProject } from '../helpers/memory-project.ts'

// Neither part can import the other one: each has a root of its own, as in a repository of several services.
const TEXTS = {
  'billing/app/__init__.py': '',
  'billing/app/invoices.py': 'class Invoice: ...\n',
  'billing/app/shared.py': 'class Money: ...\n',
  'mail/worker/__init__.py': '',
  'mail/worker/letters.py': 'class Letter: ...\n',
  'mail/worker/shared.py': 'class Paper: ...\n',
  'billing/scripts/setup.py': '',
  'mail/scripts/setup.py': '',
  'mail/scripts/redis.py': 'class Redis: ...\n',
  'mail/scripts/twice.py': 'class Here: ...\n',
  'billing/scripts/twice.py': 'class There: ...\n',
}

function seenFrom(path: string): PythonProject {
  return new PythonProject(new MemoryProject(TEXTS), {}, path)
}

describe('names of a part that the file cannot import', () => {
  test('have a definition', () => {
    expect(seenFrom('mail/worker/letters.py').definition('app.invoices.Invoice')).toMatchObject({ kind: 'class', path: 'billing/app/invoices.py' })
    expect(seenFrom('billing/app/invoices.py').definition('worker.letters.Letter')).toMatchObject({ kind: 'class', path: 'mail/worker/letters.py' })
  })

  test('mean the same whatever was asked before', () => {
    const fresh = seenFrom('mail/worker/letters.py')
    const asked = seenFrom('mail/worker/letters.py')
    for (const path of Object.keys(TEXTS)) asked.moduleName(path)
    for (const name of ['app.invoices.Invoice', 'twice.Here', 'twice.There', 'redis.Redis', 'app.missing.Thing']) {
      expect(asked.definition(name), name).toEqual(fresh.definition(name))
    }
  })

  test('are taken from the nearest of several modules', () => {
    expect(seenFrom('mail/worker/letters.py').definition('twice.Here')).toMatchObject({ path: 'mail/scripts/twice.py' })
    expect(seenFrom('billing/app/invoices.py').definition('twice.There')).toMatchObject({ path: 'billing/scripts/twice.py' })
  })

  test('do not hide libraries', () => {
    expect(seenFrom('billing/app/invoices.py').definition('redis.Redis')).toBeNull()
  })

  test('are not importable', () => {
    expect(seenFrom('mail/worker/letters.py').modulePath('app.invoices')).toBeNull()
  })
})
