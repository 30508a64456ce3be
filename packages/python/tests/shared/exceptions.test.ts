import { caughtTypes, isBroadHandler, isFailureType } from '@krait/python'
import type { ExceptClauseNode } from '@krait/python'
import { describe, expect, it } from 'vitest'
import { contextOf } from '../helpers/rule-context.ts'
import type { ContextOptions, OpenedContext } from '../helpers/rule-context.ts'

function handler(header: string, { before = '', ...options }: ContextOptions & { readonly before?: string } = {}) {
  const opened = contextOf(`${before}\ntry:\n    run()\n${header}:\n    pass\n`, options)
  return { ...opened, clause: opened.file.first('except_clause') }
}

function typesOf({ context, clause }: OpenedContext & { readonly clause: ExceptClauseNode }) {
  return caughtTypes(context, clause)
}

describe('caughtTypes', () => {
  it.each([
    ['except', ['builtins.BaseException']],
    ['except OSError', ['builtins.OSError']],
    ['except IOError as error', ['builtins.OSError']],
    ['except (KeyError, (OSError, ValueError)) as error', ['builtins.KeyError', 'builtins.OSError', 'builtins.ValueError']],
    ['except KeyError, OSError', ['builtins.KeyError', 'builtins.OSError']],
    ['except* (KeyError, OSError)', ['builtins.KeyError', 'builtins.OSError']],
    ['except self.errors', [null]],
    ['except (KeyError, get_errors())', ['builtins.KeyError', null]],
    ['except undefined', [null]],
    ['except ()', []],
  ])('%s', (header, types) => {
    expect(typesOf(handler(header))).toEqual(types)
  })

  it('follows names that are bound once', () => {
    const before = 'import socket\nLOOKUP = (KeyError, IndexError)\nNETWORK = LOOKUP + (socket.timeout,)\nalias = NETWORK\nother = OSError\nother = ValueError\n'
    expect(typesOf(handler('except alias', { before }))).toEqual(['builtins.KeyError', 'builtins.IndexError', 'builtins.TimeoutError'])
    expect(typesOf(handler('except (*LOOKUP, OSError)', { before }))).toEqual(['builtins.KeyError', 'builtins.IndexError', 'builtins.OSError'])
    expect(typesOf(handler('except other', { before })).every((type) => type !== 'builtins.OSError')).toBe(true)
  })

  it('follows names into other modules', () => {
    const files = { 'app/__init__.py': '', 'app/errors.py': 'from requests.exceptions import HTTPError\nclass Missing(KeyError): ...\nALL = (HTTPError, Missing)\n' }
    expect(typesOf(handler('except errors.ALL', { before: 'from app import errors', files }))).toEqual(['requests.HTTPError', 'app.errors.Missing'])
  })
})

describe('isBroadHandler', () => {
  it.each(['except', 'except Exception', 'except BaseException as e', 'except (OSError, Exception)', 'except builtins.Exception'])('%s', (header) => {
    const { context, clause } = handler(header, { before: 'import builtins' })
    expect(isBroadHandler(context, clause)).toBe(true)
  })

  it.each(['except OSError', 'except unknown', 'except errors.Exception', 'except ExceptionGroup'])('not %s', (header) => {
    const { context, clause } = handler(header)
    expect(isBroadHandler(context, clause)).toBe(false)
  })
})

describe('isFailureType', () => {
  it.each([
    ['builtins.OSError', true],
    ['builtins.PermissionError', true],
    ['builtins.ConnectionRefusedError', true],
    ['builtins.FileNotFoundError', false],
    ['builtins.BrokenPipeError', false],
    ['builtins.ValueError', false],
    ['builtins.Exception', false],
    ['sqlalchemy.exc.OperationalError', true],
    ['sqlalchemy.exc.IntegrityError', false],
    ['sqlalchemy.exc.NoResultFound', false],
    ['redis.exceptions.ConnectionError', true],
    ['app.main.Gateway', true],
    ['app.main.Gone', false],
    ['app.main.Odd', false],
    ['app.main.Absent', false],
    [null, false],
  ])('%s: %s', (type, expected) => {
    const { context } = contextOf(`
      import requests
      from vendor import Base
      class Gateway(requests.HTTPError): ...
      class Gone(FileNotFoundError, requests.HTTPError): ...
      class Odd(Base): ...
    `)
    expect(isFailureType(context, type)).toBe(expected)
  })

  it('takes more from the settings, by qualified name or by the last part', () => {
    const settings = { errors: { failureTypes: ['vendor.Base', 'Missing', 'FileNotFoundError', 7] } }
    const { context } = contextOf('from vendor import Base\nclass Odd(Base): ...\nclass Missing(KeyError): ...\n', { settings })
    expect(['app.main.Odd', 'app.main.Missing', 'builtins.FileNotFoundError', 'builtins.KeyError'].map((type) => isFailureType(context, type))).toEqual([
      true,
      true,
      true,
      false,
    ])
  })
})
