import { showType } from '@krait/python'
import { describe, expect, test } from 'vitest'
import { file } from '../helpers/memory-project.ts'

/** The type of the expression in the last statement. */
function typed(text: string, others: Readonly<Record<string, string>> = {}): string {
  const opened = file(text, 'app/main.py', { 'app/__init__.py': '', ...others })
  return showType(opened.services.typeOf(opened.last))
}

/** The type of the last occurrence of `seen` in a function: the argument of the last call of `show`. */
function shown(text: string, others: Readonly<Record<string, string>> = {}): string {
  const opened = file(text, 'app/main.py', { 'app/__init__.py': '', ...others })
  const calls = [...opened.all()].filter((node) => node.kind === 'call' && node.function.text === 'show')
  const call = calls.at(-1)
  if (call?.kind !== 'call') throw new Error('no call of show()')
  return showType(opened.services.typeOf(call.arguments.namedChildren[0]!))
}

describe('literals and displays', () => {
  test.each([
    ['1', 'int'],
    ['"a"', 'str'],
    ['f"{x}"', 'str'],
    ['None', 'None'],
    ['[1, 2]', 'list[int]'],
    ['[1, "a"]', 'list[int | str]'],
    ['[]', 'list'],
    ['{"a": 1}', 'dict[str, int]'],
    ['(1, "a")', 'tuple[int, str]'],
    ['{1}', 'set[int]'],
    ['[str(x) for x in y]', 'list[str]'],
    ['not x', 'bool'],
    ['1 < 2', 'bool'],
    ['1 + 2.0', 'float'],
    ['1 / 2', 'float'],
    ['"a" + "b"', 'str'],
    ['"%s" % x', 'str'],
    ['1 if x else "a"', 'int | str'],
    ['frobnicate()', 'unknown'],
  ])('%s is %s', (text, type) => expect(typed(text)).toBe(type))
})

describe('names', () => {
  test.each([
    ['class A: ...\nA', 'type[app.main.A]'],
    ['class A: ...\nA()', 'app.main.A'],
    ['def f(): ...\nf', 'def app.main.f'],
    ['import json\njson', 'def json'],
    ['x = 1\nx', 'int'],
    ['x: int = load()\nx', 'int'],
    ['x: "int | None" = load()\nx', 'int | None'],
    ['class A:\n    b: int\nA().b', 'int'],
    ['class A:\n    @property\n    def b(self) -> int: ...\nA().b', 'int'],
    ['class A:\n    def b(self) -> int: ...\nA().b', 'def app.main.A.b'],
    ['class A:\n    def b(self) -> int: ...\nA().b()', 'int'],
    ['class A:\n    @classmethod\n    def make(cls) -> "A": ...\nA.make()', 'app.main.A'],
    ['from typing import Self\nclass A:\n    def where(self) -> Self: ...\nclass B(A): ...\nB().where().where()', 'app.main.B'],
    ['from enum import Enum\nclass C(Enum):\n    RED = 1\nC.RED', 'app.main.C'],
  ])('%j is %s', (text, type) => expect(typed(text)).toBe(type))
})

describe('functions', () => {
  test.each([
    ['def f() -> int: ...\nf()', 'int'],
    ['def f() -> list["A"]: ...\nclass A: ...\nf()', 'list[app.main.A]'],
    ['class A: ...\ndef f():\n    return A()\nf()', 'app.main.A'],
    ['class A: ...\ndef f(x):\n    if x:\n        return A()\nf(1)', 'app.main.A | None'],
    ['def f():\n    return g()\ndef g():\n    return f()\nf()', 'unknown'],
    ['def f(x: int):\n    return x\nf(1)', 'int'],
    ['async def f() -> int: ...\nf()', 'typing.Coroutine[int]'],
    ['from typing import TypeVar\nT = TypeVar("T")\ndef f(x: type[T]) -> T: ...\nclass A: ...\nf(A)', 'app.main.A'],
    ['def f[T](x: T) -> list[T]: ...\nf(1)', 'list[int]'],
    ['from contextlib import contextmanager\n@contextmanager\ndef f():\n    yield 1\nf()', 'contextlib.AbstractContextManager[int]'],
  ])('%j is %s', (text, type) => expect(typed(text)).toBe(type))
})

describe('in functions', () => {
  test('parameters', () => {
    expect(shown('def f(x: int):\n    show(x)')).toBe('int')
    expect(shown('def f(*x: int):\n    show(x)')).toBe('list[int]')
    expect(shown('def f(**x: int):\n    show(x)')).toBe('dict[str, int]')
    expect(shown('def f(x):\n    show(x)')).toBe('unknown')
  })

  test('self and cls', () => {
    expect(shown('class A:\n    def f(self):\n        show(self)')).toBe('app.main.A')
    expect(shown('class A:\n    @classmethod\n    def f(cls):\n        show(cls())')).toBe('app.main.A')
    expect(shown('class A:\n    @staticmethod\n    def f(x):\n        show(x)')).toBe('unknown')
  })

  test('attributes of self', () => {
    expect(shown('class B: ...\nclass A:\n    def __init__(self):\n        self.b = B()\n    def f(self):\n        show(self.b)')).toBe('app.main.B')
    expect(shown('class B: ...\nclass A:\n    def __init__(self, b: B):\n        self._b = b\n    def f(self):\n        show(self._b)')).toBe('app.main.B')
    expect(shown('class A:\n    def __init__(self):\n        self.b: int = load()\n    def f(self):\n        show(self.b)')).toBe('int')
    expect(shown('class A:\n    def __init__(self):\n        self.b = None\n    def g(self):\n        self.b = 1\n    def f(self):\n        show(self.b)')).toBe('None | int')
    expect(shown('class A:\n    def __init__(self):\n        self.b = load()\n    def f(self):\n        show(self.b)')).toBe('unknown')
  })

  test('attributes of self in a base class of another module', () => {
    const base = { 'app/base.py': 'class Client: ...\nclass Base:\n    def __init__(self):\n        self.client = Client()\n' }
    expect(shown('from .base import Base\nclass A(Base):\n    def f(self):\n        show(self.client)', base)).toBe('app.base.Client')
  })

  test('unpacking, loops, with, except', () => {
    expect(shown('def f(x: tuple[int, str]):\n    a, b = x\n    show(b)')).toBe('str')
    expect(shown('def f(x: list[tuple[int, str]]):\n    for a, b in x:\n        show(b)')).toBe('str')
    expect(shown('def f(x: dict[str, int]):\n    for k, v in x.items():\n        show(v)')).toBe('int')
    expect(shown('def f(xs: list[int]):\n    show([x for x in xs])')).toBe('list[int]')
    expect(shown('def f(xs: list[int]):\n    for i, x in enumerate(xs):\n        show(x)')).toBe('int')
    expect(shown('def f():\n    try: ...\n    except (ValueError, KeyError) as e:\n        show(e)')).toBe('ValueError | KeyError'.replaceAll(/(\w+Error)/g, '$1'))
    expect(shown('class A:\n    def __enter__(self) -> int: ...\ndef f():\n    with A() as x:\n        show(x)')).toBe('int')
    expect(shown('from contextlib import asynccontextmanager\nclass A: ...\n@asynccontextmanager\nasync def a():\n    yield A()\nasync def f():\n    async with a() as x:\n        show(x)')).toBe('app.main.A')
  })

  test('walrus and await', () => {
    expect(shown('def g() -> int: ...\ndef f():\n    if (x := g()) > 1:\n        show(x)')).toBe('int')
    expect(shown('async def g() -> int: ...\nasync def f():\n    show(await g())')).toBe('int')
  })
})

describe('flow', () => {
  const head = 'class A:\n    def next(self) -> "A": ...\nclass B(A): ...\ndef get() -> A | None: ...\ndef either() -> A | int: ...\n'

  test.each<[what: string, body: string, type: string]>([
    ['the definition that reaches the use', 'x = 1; x = "a"; show(x)', 'str'],
    ['of both branches', 'x = 1\n    if c: x = "a"\n    show(x)', 'int | str'],
    ['a branch that leaves', 'x = 1\n    if c:\n        x = "a"\n        return\n    show(x)', 'int'],
    ['in a loop', 'x = A()\n    while c: x = x.next()\n    show(x)', 'app.main.A'],
    ['a long chain of reassignments', `x = A()\n${'    if c: x = x.next()\n'.repeat(40)}    show(x)`, 'app.main.A'],
    ['is not None', 'x = get()\n    if x is not None: show(x)', 'app.main.A'],
    ['is None', 'x = get()\n    if x is None: show(x)', 'None'],
    ['an early return', 'x = get()\n    if x is None:\n        return\n    show(x)', 'app.main.A'],
    ['an early raise by not', 'x = get()\n    if not x: raise ValueError\n    show(x)', 'app.main.A'],
    ['a truth test', 'x = get()\n    if x and c: show(x)', 'app.main.A'],
    ['an or', 'x = get()\n    if x or c: show(x)', 'app.main.A | None'],
    ['a walrus', 'if (x := get()) is not None: show(x)', 'app.main.A'],
    ['a conditional expression', 'x = get()\n    y = show(x) if x else 1', 'app.main.A'],
    ['a new value after the test', 'x = get()\n    if x is not None:\n        x = get()\n        show(x)', 'app.main.A | None'],
    ['isinstance', 'x = either()\n    if isinstance(x, A): show(x)', 'app.main.A'],
    ['not isinstance', 'x = either()\n    if not isinstance(x, A): show(x)', 'int'],
    ['isinstance of something unknown', 'x = unknown()\n    if isinstance(x, (A, int)): show(x)', 'app.main.A | int'],
    ['isinstance of a subclass', 'x = A()\n    if isinstance(x, B): show(x)', 'app.main.A'],
    ['assert', 'x = get()\n    assert x is not None\n    show(x)', 'app.main.A'],
    ['a value from another function', 'def g():\n        show(x)\n    x = get()', 'app.main.A | None'],
  ])('%s', (_, body, type) => {
    expect(shown(`${head}def f(c):\n    ${body}\n`)).toBe(type)
  })
})

describe('generic classes', () => {
  const repository = {
    'app/repository.py': `
      from typing import Generic, TypeVar
      M = TypeVar("M")
      class Repository(Generic[M]):
          model: type[M]
          def __init__(self, session):
              self.cached: list[M] = []
          def get(self, id) -> M | None: ...
          async def all(self) -> list[M]: ...
    `,
  }
  const users = 'from .repository import Repository\nclass User: ...\nclass Users(Repository[User]): ...\n'

  test('a method of the generic base', () => {
    expect(typed(`${users}Users(1).get(1)`, repository)).toBe('app.main.User | None')
    expect(typed(`${users}Users(1).model`, repository)).toBe('type[app.main.User]')
    expect(typed(`${users}Users(1).cached`, repository)).toBe('list[app.main.User]')
  })

  test('with parameters of PEP 695', () => {
    expect(typed('class Box[T]:\n    def get(self) -> T: ...\nclass Ints(Box[int]): ...\nInts().get()')).toBe('int')
  })
})

describe('SQLAlchemy', () => {
  const models = {
    'app/models.py': `
      from datetime import datetime
      from sqlalchemy import Column, Integer, String
      from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column, relationship
      class Base(DeclarativeBase): ...
      class User(Base):
          id: Mapped[int] = mapped_column(primary_key=True)
          name: Mapped[str | None]
          orders: Mapped[list["Order"]] = relationship()
      class Order(Base):
          id = Column(Integer, primary_key=True)
          title = Column(String(50))
          user: Mapped["User"] = relationship()
    `,
  }
  const head = 'from sqlalchemy import select, func\nfrom sqlalchemy.orm import Session, sessionmaker\nfrom sqlalchemy.ext.asyncio import AsyncSession, async_sessionmaker\nfrom app.models import User, Order\n'

  test.each([
    ['session.get(User, 1)', 'app.models.User | None'],
    ['session.scalars(select(User))', 'sqlalchemy.ScalarResult[app.models.User]'],
    ['session.scalars(select(User).where(User.id == 1).order_by(User.id)).all()', 'list[app.models.User]'],
    ['session.scalars(select(User)).first()', 'app.models.User | None'],
    ['session.scalar(select(User))', 'app.models.User | None'],
    ['session.scalar(select(User.name))', 'str | None'],
    ['session.execute(select(User))', 'sqlalchemy.Result[app.models.User]'],
    ['session.execute(select(User)).scalar_one()', 'app.models.User'],
    ['session.execute(select(User)).scalars().all()', 'list[app.models.User]'],
    ['session.execute(select(User, Order)).all()', 'list[sqlalchemy.Row[tuple[app.models.User, app.models.Order]]]'],
    ['session.execute(select(User, Order)).one()[1]', 'app.models.Order'],
    ['session.query(User).filter_by(id=1).first()', 'app.models.User | None'],
    ['session.query(User).all()[0].orders[0].title', 'str'],
    ['session.get(User, 1).orders', 'list[app.models.Order]'],
    ['User.name', 'sqlalchemy.orm.InstrumentedAttribute[str | None]'],
    ['Order.title', 'sqlalchemy.orm.InstrumentedAttribute[str]'],
    ['User.id == 1', 'sqlalchemy.ColumnElement[bool]'],
  ])('%s is %s', (expression, type) => {
    expect(shown(`${head}def f(session: Session):\n    show(${expression})`, models)).toBe(type)
  })

  test('asynchronous sessions', () => {
    expect(shown(`${head}async def f(session: AsyncSession):\n    r = await session.execute(select(User))\n    for u in r.scalars():\n        show(u)`, models)).toBe('app.models.User')
  })

  test('session makers', () => {
    expect(shown(`${head}S = sessionmaker()\ndef f():\n    with S() as s:\n        show(s)`, models)).toBe('sqlalchemy.orm.Session')
    expect(shown(`${head}S = sessionmaker(engine, class_=AsyncSession, expire_on_commit=False)\nasync def f():\n    async with S() as s:\n        show(s)`, models)).toBe('sqlalchemy.ext.asyncio.AsyncSession')
    expect(shown(`${head}class Own(Session): ...\nS = sessionmaker(class_=Own)\ndef f():\n    show(S())`, models)).toMatch(/Own$/)
    expect(shown(`${head}S = async_sessionmaker()\nasync def f():\n    async with S() as s:\n        show(s)`, models)).toBe('sqlalchemy.ext.asyncio.AsyncSession')
  })
})

describe('FastAPI', () => {
  test('dependencies', () => {
    const text = `
      from typing import Annotated
      from fastapi import Depends
      from sqlalchemy.orm import Session
      def get_session():
          session: Session = make()
          yield session
      class Service:
          def __init__(self, session: Session): ...
      def get_service() -> Service: ...
      SessionDep = Annotated[Session, Depends(get_session)]
      def a(service=Depends(get_service)):
          show(service)
    `
    expect(shown(text)).toBe('app.main.Service')
    expect(shown(`${text}\n      def b(s: SessionDep):\n          show(s)`)).toBe('sqlalchemy.orm.Session')
    expect(shown(`${text}\n      async def c(s: Annotated[Service, Depends()]):\n          show(s)`)).toBe('app.main.Service')
  })
})

test('a long chain of expressions and a cycle of variables end', () => {
  expect(typed(`${'('.repeat(3000)}1${')'.repeat(3000)}`)).toBe('unknown')
  expect(typed('a = b.x\nb = a.y\na')).toBe('unknown')
})
