import { describe, expect, test } from 'vitest'
import type { PythonNode } from '@krait/python'
import { file } from '../helpers/memory-project.ts'
import type { OpenedFile } from '../helpers/memory-project.ts'

/** Whether the call of `after` can be reached. */
function reachesAfter(text: string, others: Readonly<Record<string, string>> = {}): boolean {
  const opened = file(text, 'app/main.py', others)
  const after = call(opened, 'after')
  return opened.services.flow(after).isReachable(after)
}

function call(opened: OpenedFile, name: string): PythonNode {
  for (const node of opened.all()) if (node.kind === 'call' && node.function.text === name) return node
  throw new Error(`no call of ${name}`)
}

/** Whether the last statement but one, and what is inside it, can raise. */
function raises(statement: string, imports = ''): boolean {
  const opened = file(`${imports}\ndef main(x, logger):\n    ${statement}\n`)
  const { flow } = { flow: opened.services.flow(opened.first('function_definition')) }
  return flow.isReachable(flow.raiseExit)
}

describe('what never returns in a project', () => {
  test.each([
    ['import sys as system\nsystem.exit()\nafter()'],
    ['from sys import exit as leave\nleave()\nafter()'],
    ['import pytest\npytest.skip("x")\nafter()'],
    ['from typing_extensions import assert_never\nassert_never(x)\nafter()'],
    ['import flask\nflask.abort(404)\nafter()'],
    ['from typing import NoReturn\ndef fail() -> NoReturn: ...\nfail()\nafter()'],
    ['import typing as t\nasync def fail() -> "t.Never": ...\nasync def main():\n    await fail()\n    after()'],
    ['def fail(x):\n    if x:\n        raise A\n    raise B\nfail(1)\nafter()'],
    ['import argparse\ndef main():\n    parser = argparse.ArgumentParser()\n    parser.error("x")\n    after()'],
    ['from typing import NoReturn\nclass A:\n    def fail(self) -> NoReturn: ...\n    def m(self):\n        self.fail()\n        after()'],
    ['import unittest\nclass T(unittest.TestCase):\n    def test(self):\n        self.fail()\n        after()'],
  ])('%j', (text) => expect(reachesAfter(text)).toBe(false))

  test('is known across files', () => {
    const others = { 'app/errors.py': 'def fail(x):\n    raise ValueError(x)\n', 'app/__init__.py': 'from .errors import fail as reject' }
    expect(reachesAfter('from app.errors import fail\nfail(1)\nafter()', others)).toBe(false)
    expect(reachesAfter('import app\napp.reject(1)\nafter()', others)).toBe(false)
  })

  test.each([
    ['def exit(): pass\nexit()\nafter()'],
    ['from m import exit\nexit()\nafter()'],
    ['def fail():\n    if x:\n        raise A\nfail()\nafter()'],
    ['def fail():\n    raise A\nx = fail()\nafter()'],
    ['@contextmanager\ndef fail():\n    raise A\nfail()\nafter()'],
    ['def fail():\n    raise A\n    yield\nfail()\nafter()'],
    ['class A:\n    def hook(self):\n        raise NotImplementedError\n    def m(self):\n        self.hook()\n        after()'],
    ['unknown.exit()\nafter()'],
  ])('but not %j', (text) => expect(reachesAfter(text)).toBe(true))
})

describe('what cannot raise', () => {
  test.each([
    ['len(x)'],
    ['isinstance(x, str)'],
    ['time.monotonic()', 'import time'],
    ['datetime.now()', 'from datetime import datetime'],
    ['logger.exception("x")'],
    ['ValueError("x")'],
  ])('%s', (statement, imports = '') => expect(raises(statement, imports)).toBe(false))

  test.each([['int(x)'], ['x.now()'], ['len()', 'from m import len'], ['x.error("x")']])('but not %s', (statement, imports = '') =>
    expect(raises(statement, imports)).toBe(true),
  )
})

describe('what swallows exceptions', () => {
  const text = (manager: string, before = '') => `${before}\ndef main():\n    with ${manager}:\n        raise A\n    after()`

  test.each([
    ['suppress(A)', 'from contextlib import suppress'],
    ['c.suppress(A) as x', 'import contextlib as c'],
    ['pytest.raises(A)', 'import pytest'],
    ['self.assertRaises(A)', ''],
    ['M()', 'class M:\n    def __exit__(self, *args): return True'],
    ['M()', 'class B:\n    def __exit__(self, kind, *args) -> bool: return kind is A\nclass M(B): pass'],
    ['M()', 'class M:\n    async def __aexit__(self, *args): return True'],
  ])('%s', (manager, before) => expect(reachesAfter(text(manager, before))).toBe(true))

  test.each([
    ['suppress(A)', 'from m import suppress'],
    ['open(p)', ''],
    ['M()', 'class M:\n    def __exit__(self, *args): return False'],
    ['M()', 'class M:\n    def __exit__(self, *args) -> None: pass'],
    ['M()', 'class M:\n    def __exit__(self, *args) -> bool: return False'],
  ])('but not %s of %j', (manager, before) => expect(reachesAfter(text(manager, before))).toBe(false))
})

describe('what handlers catch', () => {
  const canRaise = (types: string, before = '') => {
    const opened = file(`${before}\ndef main():\n    try:\n        a()\n    except ${types}:\n        pass\n`)
    const flow = opened.services.flow(opened.first('function_definition'))
    return flow.canReach('entry', 'raise-exit', { exceptions: 'errors' })
  }

  test.each([['Exception'], ['BaseException'], ['(A, Exception)'], ['b.Exception', 'import builtins as b'], ['ALL', 'ALL = (ValueError, Exception)']])(
    'nearly all: %s',
    (types, before = '') => expect(canRaise(types, before)).toBe(false),
  )

  test.each([['ValueError'], ['Exception', 'from m import Exception'], ['ALL', 'from m import ALL']])('some: %s', (types, before = '') =>
    expect(canRaise(types, before)).toBe(true),
  )
})

describe('which loops run at least once', () => {
  const runs = (over: string, before = '') => {
    const opened = file(`${before}\ndef main(x):\n    for i in ${over}:\n        y = i\n    after(y)`)
    return opened.services.flow(call(opened, 'after')).assignedBefore(opened.identifier('y', 1))
  }

  test.each([['range(3)'], ['range(COUNT)', 'COUNT = 3'], ['DELAYS', 'DELAYS = (1, 2)'], ['(1, x)']])('%s', (over, before = '') =>
    expect(runs(over, before)).toBe('every'),
  )

  test.each([['range(x)'], ['range(COUNT)', 'COUNT = 0'], ['range(1, 3)'], ['DELAYS', 'DELAYS = []'], ['x']])('but not %s', (over, before = '') =>
    expect(runs(over, before)).toBe('some'),
  )
})

test('the flow of a rule is made once', () => {
  const opened = file('def f():\n    return 1\n')
  const definition = opened.first('function_definition')
  expect(opened.services.flow(definition)).toBe(opened.services.flow(opened.first('return_statement')))
})
