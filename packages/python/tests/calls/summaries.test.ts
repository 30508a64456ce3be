import { describe, expect, test } from 'vitest'
import { file } from '../helpers/memory-project.ts'
import type { FunctionSummary } from '@krait/python'

const ERRORS = `
  class ShopError(Exception): ...
  class Declined(ShopError): ...
  class Timeout(ShopError): ...
`

/** The summary of \`app.main.f\`. */
function summary(text: string, others: Readonly<Record<string, string>> = {}, name = 'app.main.f'): FunctionSummary {
  const opened = file(text, 'app/main.py', { 'app/__init__.py': '', 'app/errors.py': ERRORS, ...others })
  const found = opened.services.project.summary(name)
  if (!found) throw new Error(`no function ${name}`)
  return found
}

function raised(text: string, others: Readonly<Record<string, string>> = {}, name?: string): string[] {
  return summary(text, others, name).raises.map(({ exception }) => exception.replace(/^app\.errors\./, ''))
}

function effects(text: string, others: Readonly<Record<string, string>> = {}, name?: string): string[] {
  return Object.keys(summary(text, others, name).effects)
}

/** The functions through which a path leads. */
function through(path: readonly { readonly function: string }[] | undefined): string[] {
  return (path ?? []).map((step) => step.function.replace('app.main.', ''))
}

const HEAD = 'from app.errors import ShopError, Declined, Timeout\n'

describe('exceptions that a function lets out', () => {
  test.each<[what: string, text: string, exceptions: string[]]>([
    ['a class', 'def f():\n    raise Declined', ['Declined']],
    ['an instance', 'def f():\n    raise Declined("x") from None', ['Declined']],
    ['a builtin', 'def f():\n    raise ValueError("x")', ['builtins.ValueError']],
    ['what a callee raises', 'def f():\n    g()\ndef g():\n    raise Declined()', ['Declined']],
    ['over two calls and a cycle', 'def f():\n    g()\ndef g():\n    h()\n    f()\ndef h():\n    raise Declined()', ['Declined']],
    ['a caught class', 'def f():\n    try:\n        raise Declined()\n    except Declined:\n        pass', []],
    ['a caught base', 'def f():\n    try:\n        g()\n    except ShopError:\n        pass\ndef g():\n    raise Declined()', []],
    ['a bare except', 'def f():\n    try:\n        raise Declined()\n    except:\n        pass', []],
    ['a tuple by a name', 'KNOWN = (Declined, Timeout)\ndef f():\n    try:\n        raise Timeout()\n    except KNOWN:\n        pass', []],
    ['a caught sibling', 'def f():\n    try:\n        raise Timeout()\n    except Declined:\n        pass', ['Timeout']],
    ['a handler that raises again', 'def f():\n    try:\n        raise Timeout()\n    except Timeout:\n        log()\n        raise', ['Timeout']],
    ['a handler that raises what it caught', 'def f():\n    try:\n        raise Timeout()\n    except Timeout as e:\n        raise e', ['Timeout']],
    ['a handler that raises another one', 'def f():\n    try:\n        raise Timeout()\n    except Timeout as e:\n        raise Declined() from e', ['Declined']],
    ['an outer try', 'def f():\n    try:\n        try:\n            raise Timeout()\n        except Declined:\n            pass\n    except Timeout:\n        pass', []],
    ['in a handler', 'def f():\n    try:\n        g()\n    except ValueError:\n        raise Declined()\ndef g(): ...', ['Declined']],
    ['in else', 'def f():\n    try:\n        g()\n    except Declined:\n        pass\n    else:\n        raise Declined()\ndef g(): ...', ['Declined']],
    ['in finally', 'def f():\n    try:\n        g()\n    except Declined:\n        pass\n    finally:\n        raise Declined()\ndef g(): ...', ['Declined']],
    ['suppressed', 'import contextlib\ndef f():\n    with contextlib.suppress(Declined):\n        raise Declined()', []],
    ['in a function inside that is not called', 'def f():\n    def g():\n        raise Declined()\n    return g', []],
    ['in a function inside that is called', 'def f():\n    def g():\n        raise Declined()\n    g()', ['Declined']],
    ['an awaited coroutine', 'async def f():\n    await g()\nasync def g():\n    raise Declined()', ['Declined']],
    ['a coroutine that is not awaited', 'import asyncio\nasync def f():\n    asyncio.create_task(g())\nasync def g():\n    raise Declined()', []],
    ['a coroutine that is run', 'import asyncio\ndef f():\n    asyncio.run(g())\nasync def g():\n    raise Declined()', ['Declined']],
    ['a method of self', 'class A:\n    def f(self):\n        self.g()\n    def g(self):\n        raise Declined()\nf = A.f', ['Declined']],
  ])('%s', (_, text, exceptions) => {
    expect(raised(HEAD + text, {}, text.includes('class A:') ? 'app.main.A.f' : undefined)).toEqual(exceptions)
  })

  test('through an annotated parameter, an attribute of self and a constructor', () => {
    const client = { 'app/client.py': 'from app.errors import *\nclass Client:\n    def __init__(self):\n        raise Timeout()\n    def charge(self):\n        raise Declined()\n' }
    expect(raised('from app.client import Client\ndef f(client: Client):\n    client.charge()', client)).toEqual(['Declined'])
    expect(raised('from app.client import Client\ndef f():\n    Client().charge()', client)).toEqual(['Declined', 'Timeout'])
    const service = 'from app.client import Client\nclass Service:\n    def __init__(self, client: Client):\n        self._client = client\n    def f(self):\n        self._client.charge()'
    expect(raised(service, client, 'app.main.Service.f')).toEqual(['Declined'])
  })

  test('through a context manager and a loop', () => {
    const head = `${HEAD}from contextlib import contextmanager\nclass C:\n    def go(self):\n        raise Declined()\n@contextmanager\ndef open_c():\n    yield C()\ndef all_c() -> list[C]: ...\n`
    expect(raised(`${head}def f():\n    with open_c() as c:\n        c.go()`)).toEqual(['Declined'])
    expect(raised(`${head}def f():\n    for c in all_c():\n        c.go()`)).toEqual(['Declined'])
  })

  test('an abstract method means its implementations', () => {
    const text = `${HEAD}
from abc import ABC, abstractmethod
class Gateway(ABC):
    @abstractmethod
    def charge(self): ...
class Stripe(Gateway):
    def charge(self):
        raise Declined()
def f(gateway: Gateway):
    gateway.charge()`
    expect(raised(text)).toEqual(['Declined'])
  })

  test('the path leads to the raise', () => {
    const [found] = summary(`${HEAD}def f():\n    g()\ndef g():\n    h()\ndef h():\n    raise Declined()`).raises
    expect(through(found!.path)).toEqual(['f', 'g', 'h'])
    expect(found!.path.at(-1)).toMatchObject({ raise: 0 })
  })

  test('the shortest path is taken', () => {
    const [found] = summary(`${HEAD}def f():\n    g()\n    h()\ndef g():\n    h()\ndef h():\n    raise Declined()`).raises
    expect(through(found!.path)).toEqual(['f', 'h'])
  })
})

describe('effects', () => {
  const DATABASE = 'from sqlalchemy import select\nfrom sqlalchemy.orm import Session, sessionmaker\nfrom sqlalchemy.ext.asyncio import AsyncSession\n'

  test.each<[what: string, text: string, effects: string[]]>([
    ['nothing', 'def f():\n    return 1', []],
    ['a query', `${DATABASE}def f(s: Session):\n    s.execute(select(1)).all()`, ['blocks', 'query']],
    ['an asynchronous query', `${DATABASE}async def f(s: AsyncSession):\n    await s.execute(select(1))`, ['query']],
    ['a write and a commit', `${DATABASE}def f(s: Session):\n    g(s)\ndef g(s: Session):\n    s.add(1)\n    s.commit()`, ['blocks', 'commit', 'write']],
    ['a session made here', `${DATABASE}S = sessionmaker()\ndef f():\n    with S() as s:\n        s.commit()`, ['blocks', 'commit']],
    ['a request', 'import requests\ndef f():\n    requests.get("x")', ['blocks', 'network']],
    ['a client made here', 'import httpx\nasync def f():\n    async with httpx.AsyncClient() as c:\n        await c.get("x")', ['network']],
    ['sleep', 'import time\ndef f():\n    time.sleep(1)', ['blocks', 'sleep']],
    ['the clock', 'from datetime import datetime\ndef f():\n    return datetime.now()', ['clock']],
    ['a file', 'def f():\n    open("x")', ['blocks', 'file']],
  ])('%s', (_, text, found) => {
    expect(effects(text)).toEqual(found)
  })

  test('with the path', () => {
    const { effects: found } = summary('import time\ndef f():\n    g()\ndef g():\n    time.sleep(1)')
    expect(through(found.sleep)).toEqual(['f', 'g'])
  })

  test('calls of unknown things are counted', () => {
    expect(summary('def f(x):\n    x()\n    g()\ndef g():\n    y.z()').unknownCalls).toBe(2)
  })
})

test('a chain of 3,000 functions that end in a circle', () => {
  const functions = Array.from({ length: 3000 }, (_, i) => `def f${i}():\n    f${(i + 1) % 3000}()\n`).join('')
  expect(raised(`${HEAD}${functions}def f():\n    f0()\n    raise Declined()`)).toEqual(['Declined'])
})
