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
    ['one of several by a condition', 'def f(x):\n    raise Declined() if x else Timeout()', ['Declined', 'Timeout']],
    ['a local name', 'def f():\n    e = Declined("x")\n    raise e', ['Declined']],
    ['a local name with several values', 'def f(x):\n    if x:\n        e = Declined\n    else:\n        e = Timeout()\n    raise e', ['Declined', 'Timeout']],
    ['a name of the module', 'E = Declined("x")\ndef f():\n    raise E', ['Declined']],
    ['with a traceback', 'def f(tb):\n    e = Declined().with_traceback(tb)\n    raise e', ['Declined']],
    ['a parameter', 'def f(e: Declined):\n    raise e', []],
    ['what a class method makes', 'class Denied(ShopError):\n    @classmethod\n    def of(cls, x):\n        return cls(x)\nclass Stolen(Denied): ...\ndef f(x):\n    if x:\n        raise Denied.of(x)\n    raise Stolen.of(x)', ['app.main.Denied', 'app.main.Stolen']],
    ['what a function makes', 'def f():\n    raise make()\ndef make() -> ShopError: ...', []],
    ['a bare raise', 'def f(g):\n    try:\n        g()\n    except (Declined, Timeout):\n        raise', ['Declined', 'Timeout']],
    ['a bare raise in a bare except', 'def f(g):\n    try:\n        g()\n    except:\n        raise', []],
    ['a bare raise of a base, where more is known', 'def f():\n    try:\n        g()\n    except ShopError:\n        raise\ndef g():\n    raise Declined', ['Declined']],
    ['what was caught and kept', 'def f(g):\n    last = None\n    try:\n        g()\n    except Timeout as e:\n        last = e\n    raise last', ['Timeout']],
    ['a bare raise in an inner handler', 'def f(g):\n    try:\n        raise Declined()\n    except Declined:\n        try:\n            g()\n        except KeyError:\n            raise', ['builtins.KeyError']],
    ['a handler that cannot be resolved', 'def f(errors):\n    try:\n        raise Declined()\n    except errors:\n        pass', []],
    ['two definitions of one name', 'import sys\nif sys.platform == "x":\n    def f():\n        raise Declined()\nelse:\n    def f():\n        try:\n            raise Timeout()\n        except KeyError:\n            pass', ['Declined', 'Timeout']],
    ['except*', 'def f():\n    try:\n        g()\n    except* Declined:\n        pass\ndef g():\n    raise Declined()', []],
    ['a generator that is made', 'def f():\n    return g()\ndef g():\n    yield\n    raise Declined()', []],
    ['a generator that is iterated over', 'def f():\n    for x in g():\n        pass\ndef g():\n    yield\n    raise Declined()', ['Declined']],
    ['a generator that is delegated to', 'def f():\n    yield from g()\ndef g():\n    yield\n    raise Declined()', ['Declined']],
    ['a coroutine that is waited for', 'import asyncio\nasync def f():\n    await asyncio.wait_for(g(), 5)\nasync def g():\n    raise Declined()', ['Declined']],
    ['coroutines that are gathered', 'import asyncio\nasync def f():\n    await asyncio.gather(h(), *[g() for _ in range(3)])\nasync def g():\n    raise Declined()\nasync def h(): ...', ['Declined']],
    ['coroutines whose errors are results', 'import asyncio\nasync def f():\n    await asyncio.gather(g(), return_exceptions=True)\nasync def g():\n    raise Declined()', []],
    ['an asynchronous function inside', 'async def f():\n    async def g():\n        raise Declined()\n    return g()', []],
    ['a context manager', 'from contextlib import contextmanager\n@contextmanager\ndef g():\n    yield\n    raise Declined()\ndef f():\n    with g():\n        pass', ['Declined']],
    ['a context manager that is not entered', 'from contextlib import contextmanager\n@contextmanager\ndef g():\n    raise Declined()\n    yield\ndef f():\n    return g()', []],
    ['a context manager that catches', 'from contextlib import contextmanager\n@contextmanager\ndef g():\n    try:\n        yield\n    except Declined:\n        pass\ndef f():\n    with g():\n        raise Declined()', []],
    ['a context manager that translates', 'from contextlib import contextmanager\n@contextmanager\ndef g():\n    try:\n        yield\n    except Declined as e:\n        raise Timeout() from e\ndef f():\n    with g():\n        raise Declined()', ['Timeout']],
    ['a context manager that catches something else', 'from contextlib import contextmanager\n@contextmanager\ndef g():\n    try:\n        yield\n    except KeyError:\n        pass\ndef f():\n    with g():\n        raise Declined()', ['Declined']],
    ['a context manager that rolls back', 'from contextlib import contextmanager\n@contextmanager\ndef g():\n    try:\n        yield\n    except Timeout:\n        raise\ndef f():\n    with g():\n        raise Declined()', ['Declined']],
    ['a context manager inside itself', 'from contextlib import contextmanager\n@contextmanager\ndef g():\n    with g():\n        yield\ndef f():\n    with g():\n        raise Declined()', ['Declined']],
    ['an object with __exit__', 'class C:\n    def __enter__(self): ...\n    def __exit__(self, *args):\n        raise Timeout()\ndef f():\n    with C():\n        raise Declined()', ['Declined', 'Timeout']],
    ['an object whose __exit__ swallows', 'class C:\n    def __enter__(self): ...\n    def __exit__(self, *args):\n        return True\ndef f():\n    with C():\n        raise Declined()', []],
    ['a decorator that catches', 'from functools import wraps\ndef safe(g):\n    @wraps(g)\n    def wrapper():\n        try:\n            return g()\n        except Declined:\n            pass\n    return wrapper\n@safe\ndef f():\n    raise Declined()', []],
    ['a decorator with arguments that catches', 'def safe(n):\n    def outer(g):\n        def wrapper():\n            try:\n                return g()\n            except ShopError:\n                pass\n        return wrapper\n    return outer\n@safe(3)\ndef f():\n    raise Declined()', []],
    ['a class as decorator', 'class Safe:\n    def __init__(self, g):\n        self.g = g\n    def __call__(self):\n        try:\n            return self.g()\n        except Declined:\n            pass\n@Safe\ndef f():\n    raise Declined()', []],
    ['a decorator that catches something else', 'def safe(g):\n    def wrapper():\n        try:\n            log()\n        except Declined:\n            pass\n        return g()\n    return wrapper\n@safe\ndef f():\n    raise Declined()', ['Declined']],
    ['a decorator that is a method of an application of a factory', 'from flask import Flask\ndef make():\n    app = Flask(__name__)\n    @app.get("/")\n    def g():\n        raise Declined()\n    g()\nf = make', ['Declined']],
    ['a decorator that is not known', 'def make(safe):\n    @safe\n    def g():\n        raise Declined()\n    g()\nf = make', []],
    ['a retry that raises its own error', 'from tenacity import retry\n@retry\ndef f():\n    raise Declined()', []],
    ['a retry that raises the last one', 'from tenacity import retry\n@retry(reraise=True)\ndef f():\n    raise Declined()', ['Declined']],
    ['a dataclass', 'from dataclasses import dataclass\n@dataclass\nclass C:\n    x: int\n    def __post_init__(self):\n        raise Declined()\ndef f():\n    C(1)', ['Declined']],
    ['an object that is called', 'class C:\n    def __call__(self):\n        raise Declined()\nc = C()\ndef f():\n    c()', ['Declined']],
    ['super()', 'class B:\n    def m(self):\n        raise Declined()\nclass M: ...\nclass C(M, B):\n    def m(self):\n        super().m()\ndef f(c: C):\n    c.m()', ['Declined']],
    ['super() of an abstract method', 'from abc import ABC, abstractmethod\nclass B(ABC):\n    @abstractmethod\n    def m(self):\n        raise Declined()\nclass C(B):\n    def m(self):\n        super().m()\ndef f(c: C):\n    c.m()', ['Declined']],
    ['cls and a class attribute', 'class C:\n    Error = Declined\n    @classmethod\n    def m(cls):\n        cls.n()\n    @classmethod\n    def n(cls):\n        raise cls.Error()\ndef f():\n    C.m()', ['Declined']],
    ['one of two classes', 'class P:\n    def m(self):\n        raise Declined()\nclass Q:\n    def m(self): ...\ndef f(x: P | Q):\n    x.m()', []],
    ['a setter and a getter', 'class C:\n    @property\n    def p(self):\n        try:\n            raise Timeout()\n        except KeyError:\n            pass\n    @p.setter\n    def p(self, x):\n        raise Declined()\ndef f(): ...', []],
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
    expect(raised(text, {}, 'app.main.Gateway.charge')).toEqual(['Declined'])
    const fake = { 'tests/fakes.py': 'from app.main import Gateway\nclass Fake(Gateway):\n    def charge(self): ...\n' }
    expect(raised(text, fake)).toEqual(['Declined'])
    expect(raised(`${text}\nclass Paypal(Gateway):\n    def charge(self): ...`)).toEqual([])
    expect(raised(`${text}\nclass Test(Stripe): ...`)).toEqual(['Declined'])
  })

  test('a protocol means the class that has all its methods', () => {
    const text = `${HEAD}
from typing import Protocol
class Gateway(Protocol):
    def charge(self): ...
    def refund(self): ...
class Base:
    def refund(self): ...
class Stripe(Base):
    def charge(self):
        raise Declined()
class Other:
    def charge(self): ...
def f(gateway: Gateway):
    gateway.charge()`
    expect(raised(text)).toEqual(['Declined'])
    expect(raised(`${text}\nclass Second(Base):\n    def charge(self): ...`)).toEqual([])
    expect(raised(`${text}\nclass Second(Base):\n    @property\n    def charge(self): ...`)).toEqual(['Declined'])
  })

  test('what is raised further down is told rather than the handler that raises it again', () => {
    const [found] = summary(`${HEAD}def f():\n    try:\n        g()\n    except Declined:\n        raise\ndef g():\n    raise Declined()`).raises
    expect(through(found!.path)).toEqual(['f', 'g'])
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
    ['a query', `${DATABASE}def f(s: Session):\n    s.execute(select(1)).all()`, ['blocks', 'database', 'query']],
    ['an asynchronous query', `${DATABASE}async def f(s: AsyncSession):\n    await s.execute(select(1))`, ['database', 'query']],
    ['a write and a commit', `${DATABASE}def f(s: Session):\n    g(s)\ndef g(s: Session):\n    s.add(1)\n    s.commit()`, ['blocks', 'commit', 'database', 'write']],
    ['a session made here', `${DATABASE}S = sessionmaker()\ndef f():\n    with S() as s:\n        s.commit()`, ['blocks', 'commit', 'database']],
    ['a request', 'import requests\ndef f():\n    requests.get("x")', ['blocks', 'network']],
    ['a client made here', 'import httpx\nasync def f():\n    async with httpx.AsyncClient() as c:\n        await c.get("x")', ['network']],
    ['sleep', 'import time\ndef f():\n    time.sleep(1)', ['blocks', 'sleep']],
    ['the clock', 'from datetime import datetime\ndef f():\n    return datetime.now()', ['clock']],
    ['a session that has only a name', 'def f(session, x):\n    session.add(x)\n    session.commit()', ['commit', 'database', 'write']],
    ['a statement that writes', 'from sqlalchemy import insert\ndef f(session):\n    session.execute(insert(U).values(a=1))', ['database', 'write']],
    ['a block whose end commits', 'def f(session):\n    with session.begin():\n        pass', ['commit', 'database']],
    ["Django's atomic", 'from django.db import transaction\n@transaction.atomic\ndef f(order):\n    order.save()', ['commit', 'database', 'write']],
    ['a request that changes something', 'import requests\ndef f():\n    g()\ndef g():\n    requests.post("x")', ['blocks', 'external-effect', 'network']],
    ['a message for a queue', 'from app.tasks import task\ndef f():\n    task.delay(1)', ['enqueue', 'external-effect']],
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
