import { definePack, type Pack } from '@krait/core'
import { checkRuleDocs, RuleTester } from '@krait/rule-tester'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { failureOf } from './failing.ts'
import { noCall } from './sample-rules.ts'

let folder: string

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'krait-pages-'))
  mkdirSync(join(folder, 'docs'))
  mkdirSync(join(folder, 'src'))
  writeFileSync(join(folder, 'package.json'), '{}')
})

afterEach(() => {
  RuleTester.describe = undefined
  RuleTester.it = undefined
  rmSync(folder, { recursive: true })
})

function packIn(path: string): Pack {
  return definePack({ name: 'style', version: '1.0.0', url: pathToFileURL(join(folder, path)).href, rules: [noCall] })
}

function testsOf(pack: Pack): Map<string, () => Promise<void>> {
  const tests = new Map<string, () => Promise<void>>()
  RuleTester.describe = (_, body) => body()
  RuleTester.it = (name, body) => tests.set(name, body)
  checkRuleDocs(pack)
  return tests
}

describe('checkRuleDocs', () => {
  it('wants a page for each rule, in the docs folder above the pack', async () => {
    const tests = testsOf(packIn('src/index.ts'))
    expect(await failureOf(tests.get('docs/no-call.md')!())).toBe(`The rule style/no-call has no page: write ${join(folder, 'docs', 'no-call.md')}.`)
    writeFileSync(join(folder, 'docs', 'no-call.md'), '# style/no-call\n')
    expect(await failureOf(tests.get('docs/no-call.md')!())).toContain(`- The heading '## What it does' is missing.`)
    await tests.get('each page has a rule')!()
  })

  it('refuses pages without a rule', async () => {
    const path = join(folder, 'docs', 'gone.md')
    writeFileSync(path, '')
    expect(await failureOf(testsOf(packIn('index.ts')).get('each page has a rule')!())).toBe(`No rule of style has the page ${path}.`)
  })

  it('refuses packs without a place or without docs', () => {
    rmSync(join(folder, 'docs'), { recursive: true })
    expect(() => testsOf(packIn('src/index.ts'))).toThrow(`The pack 'style' has no folder docs`)
    expect(() => testsOf(definePack({ name: 'style', version: '1.0.0', rules: [] }))).toThrow('url: import.meta.url')
  })
})
