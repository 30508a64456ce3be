import { createPythonLanguage, importsFact, parsePython, semanticsOf } from '@krait/python'
import type { FactDefinition } from '@krait/core'
import { describe, expect, test } from 'vitest'
import { file } from '../helpers/memory-project.ts'

const facts = createPythonLanguage({ parse: parsePython }).facts

/** The facts that indexes read of all files in the place of `python/module`. */
const OF_INDEXES: ReadonlySet<string> = new Set([
  'python/annotated-attributes',
  'python/class-heads',
  'python/class-names',
  'python/imports',
  'python/mentions',
  'python/sqlalchemy-held',
  'python/sqlalchemy-tables',
  'python/web-functions',
])

describe('facts of the whole project that indexes read', () => {
  const SOURCE = `
    from datetime import datetime
    from fastapi import FastAPI
    from sqlalchemy import Column, Integer, Table
    from .base import Base

    app = FastAPI()

    class User(Base):
        __tablename__ = "users"
        id = Column(Integer)

        def __init__(self, at: datetime):
            self.at = at

    @app.get("/users")
    def users() -> list[User]: ...
  `

  test('are left as they are by a new variable', () => {
    expect(changedBy(SOURCE, `${SOURCE}\n    LIMIT = 2\n`)).toEqual([])
    expect(changedBy(SOURCE, `${SOURCE}\n    NAMES = ["a", "b"]\n`)).toEqual([])
  })

  test('are left as they are by a new function, but for what its results may be', () => {
    expect(changedBy(SOURCE, `${SOURCE}\n    def load(user: User) -> bool: ...\n`)).toEqual([])
    expect(changedBy(SOURCE, `${SOURCE}\n    def load(user: User) -> User: ...\n`)).toEqual(['python/mentions', 'python/sqlalchemy-held'])
  })

  test('change with what they tell', () => {
    expect(changedBy(SOURCE, SOURCE.replace('User(Base)', 'User(Base, Mixin)'))).toContain('python/class-heads')
    expect(changedBy(SOURCE, SOURCE.replace('from .base import Base', 'from .base import Base, Mixin'))).toContain('python/imports')
    expect(changedBy(SOURCE, SOURCE.replace('-> list[User]', '-> list[Order]'))).toContain('python/sqlalchemy-held')
    expect(changedBy(SOURCE, `${SOURCE}\n    orders = Table("orders", Base.metadata)\n`)).toContain('python/sqlalchemy-tables')
  })
})

test('imports in any scope, in order', () => {
  expect(collect(importsFact, `
    import os.path
    from typing import TYPE_CHECKING
    if TYPE_CHECKING:
        from .models import User as Model
    def f():
        from a import *
        import json
    try:
        import orjson
    except ImportError:
        orjson = None
  `).value).toEqual([
    { module: 'os.path', name: null, as: 'os' },
    { module: 'typing', name: 'TYPE_CHECKING', as: 'TYPE_CHECKING' },
    { module: '.models', name: 'User', as: 'Model', typeChecking: true },
    { module: 'a', name: '*', as: '*', deferred: true },
    { module: 'json', name: null, as: 'json', deferred: true },
    { module: 'orjson', name: null, as: 'orjson', optional: true },
  ])
})

test('heads of classes with bases or decorators, also inside of classes', () => {
  expect(named('python/class-heads', `
    from dataclasses import dataclass
    from .base import Base
    class Plain:
        class Inner(Base): ...
    @dataclass
    class Point: ...
  `)).toEqual({ 'Plain.Inner': { bases: [{ kind: 'name', name: '.base.Base' }] }, Point: { bases: [], isDecorated: true } })
})

test('names of what classes define', () => {
  expect(named('python/class-names', `
    class Empty:
        value = 1
    class User:
        name: str
        age = 3
        def save(self): ...
        class Meta:
            def get(self): ...
  `)).toEqual({ User: { functions: ['save'], fields: ['name'] }, 'User.Meta': { functions: ['get'], fields: [] } })
})

test('variables and classes that may be tables', () => {
  expect(named('python/sqlalchemy-tables', `
    from sqlalchemy import Table
    from .base import Base, metadata
    users = Table("users", metadata, autoload_with=engine)
    names = list(users.c)
    class A(Base):
        __tablename__ = "a"
    class B:
        __tablename__ = "b"
  `)).toEqual({ calls: { users: 'sqlalchemy.Table' }, named: ['A'], reflects: true })
})

test('what a file may have to do with a web application', () => {
  expect(named('python/web-functions', `
    from .app import bp
    @bp.route("/")
    def index(): ...
    class Views:
        @bp.get("/x")
        def x(self): ...
    def helper(): ...
  `)).toEqual({ routed: ['index', 'Views.x'], mayRegister: true })
  expect(named('python/web-functions', 'from .views import index\nimport json')).toEqual({ routed: [] })
  expect(named('python/web-functions', 'def init(app): ...')).toEqual({ routed: [], mayRegister: true })
  expect(named('python/web-functions', 'import flask')).toEqual({ routed: [], mayRegister: true, importsFlask: true })
  expect(named('python/web-functions', 'def load():\n    from fastapi.params import Depends')).toEqual({ routed: [], mayRegister: true, importsFastapi: true })
})

test('what functions and attributes may hold', () => {
  expect(named('python/sqlalchemy-held', `
    from typing import TypeVar
    from .models import User
    T = TypeVar("T")
    Users = list[User]
    LIMIT = 3
    def load() -> User | None: ...
    def first(query, user: User):
        if query: return user
        return query.owner or load()
    def any():
        for x in y: return x
    class Cache:
        size: int
        def __init__(self, user: User):
            self.user = user
  `)).toEqual({
    aliases: { T: ['*'], Users: ['named User'] },
    held: {
      'attribute T': ['called TypeVar'],
      'function load': ['named User'],
      'function first': ['named User', 'called load', 'attribute owner'],
      'function any': ['*'],
      'attribute user': ['named User'],
    },
  })
})

test('what definitions speak of', () => {
  expect(named('python/mentions', `
    from datetime import datetime
    from .clock import clock
    from .orders import Order
    LIMIT = 3
    NAMES = [str(1)]
    STARTED = datetime.now()
    def now(): return clock.current().at
    def text(order: Order): return order.placed
    class Job:
        def __init__(self, at): self.at = at
  `)).toEqual({ datetime: true, clock: ['clock'], STARTED: true, now: ['.at', 'clock', 'current'], text: ['.placed', 'orders', 'Order'], Order: ['orders', 'Order'], at: true })
})

test('names in annotations of attributes', () => {
  expect(named('python/annotated-attributes', `
    from sqlalchemy.orm import Mapped
    from .types import created
    class User:
        at: Mapped[created]
        names: list[str]
        age: int
  `)).toEqual([{ owner: 'User', attribute: 'at', names: ['sqlalchemy.orm.Mapped', '.types.created'] }])
})

function collect<Value>(fact: FactDefinition<Value, never>, text: string): { readonly value: Value; readonly json: string } {
  const { source } = file(text)
  const json = JSON.stringify(fact.collect({ sourceCode: source, services: semanticsOf(source.tree) as never }))
  return { value: JSON.parse(json) as Value, json }
}

function named(name: string, text: string): unknown {
  return collect(facts.find((fact) => fact.name === name)!, text).value
}

/** The names of the facts of indexes that differ. */
function changedBy(before: string, after: string): readonly string[] {
  return facts.filter((fact) => OF_INDEXES.has(fact.name) && collect(fact, before).json !== collect(fact, after).json).map(({ name }) => name).sort()
}
