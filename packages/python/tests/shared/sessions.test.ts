import { sessionOf, yieldedSessionOf } from '@krait/python'
import { expect, test } from 'vitest'
import { file } from '../helpers/memory-project.ts'

const IMPORTS = `
from collections.abc import AsyncIterator, Generator
from contextlib import contextmanager
from typing import Annotated, NewType, Optional
from fastapi import Depends
import sqlmodel
from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import create_engine
from sqlalchemy.ext.asyncio import AsyncSession, async_scoped_session, async_sessionmaker, create_async_engine
from sqlalchemy.orm import Session, scoped_session, sessionmaker
from sqlmodel.ext.asyncio.session import AsyncSession as SQLModelAsyncSession

SessionLocal = sessionmaker(bind=create_engine(URL))
AsyncSessionLocal = async_sessionmaker(create_async_engine(URL), expire_on_commit=False)
`

/** What the argument of the last call of `use` is. */
function sessionIn(text: string, others: Readonly<Record<string, string>> = {}): string | null {
  const opened = file(IMPORTS + text, 'app/main.py', others)
  const call = [...opened.all()].findLast((node) => node.kind === 'call' && node.function.text === 'use')!
  const session = sessionOf(opened.services, call.namedChildren[1]!.namedChildren[0]!)
  return session && (session.isRegistry ? `${session.kind} registry` : session.kind)
}

const cases: readonly (readonly [text: string, session: string | null])[] = [
  ['use(Session())', 'sync'],
  ['use(sqlmodel.Session(engine))', 'sync'],
  ['use(SQLModelAsyncSession(engine))', 'async'],
  ['use(SessionLocal())', 'sync'],
  ['use(AsyncSessionLocal())', 'async'],
  ['use(SessionLocal)', null],
  ['use(sessionmaker(engine)())', 'sync'],
  ['class Own(AsyncSession): ...\nuse(Own())', 'async'],
  ['Scoped = scoped_session(SessionLocal)\nuse(Scoped)', 'sync registry'],
  ['Scoped = scoped_session(SessionLocal)\nuse(Scoped())', 'sync'],
  ['use(create_engine(URL).connect())', 'sync'],
  ['db = SQLAlchemy()\nuse(db.session)', 'sync'],
  ['with SessionLocal() as db:\n    use(db)', 'sync'],
  ['with SessionLocal.begin() as db:\n    use(db)', 'sync'],
  ['async def f():\n    async with AsyncSessionLocal() as db:\n        use(db)', 'async'],
  ['def f(db: Session):\n    use(db)', 'sync'],
  ['def f(db: "Optional[AsyncSession]" = None):\n    use(db)', 'async'],
  ['Db = Annotated[Session, Depends(get_db)]\ndef f(db: Db):\n    use(db)', 'sync'],
  ['type Db = Annotated[AsyncSession, Depends(get_db)]\ndef f(db: Db):\n    use(db)', 'async'],
  ['Db = NewType("Db", AsyncSession)\ndef f(db: Db):\n    use(db)', 'async'],
  ['def get_db():\n    yield SessionLocal()\ndef f(db=Depends(get_db)):\n    use(db)', 'sync'],
  ['def get_db() -> Generator[Session, None, None]: ...\ndef f(db=Depends(get_db)):\n    use(db)', 'sync'],
  ['def f(db):\n    use(db)', null],
  ['def f(db: Session | AsyncSession):\n    use(db)', null],
  ['class Repo:\n    def __init__(self, db: Session):\n        self.db = db\n    def f(self):\n        use(self.db)', 'sync'],
  ['def make() -> Session: ...\nuse(make())', 'sync'],
  ['def make():\n    db = SessionLocal()\n    return db\nuse(make())', 'sync'],
  ['def make():\n    with SessionLocal() as db:\n        return db\nuse(make())', 'sync'],
  ['def make():\n    with SessionLocal() as (db, other):\n        return db\nuse(make())', null],
  ['class Db:\n    @staticmethod\n    def make():\n        with SessionLocal() as db:\n            return db\nuse(Db.make())', 'sync'],
  ['@contextmanager\ndef make():\n    with SessionLocal() as db:\n        yield db\nwith make() as db:\n    use(db)', 'sync'],
  ['@contextmanager\ndef make():\n    yield SessionLocal()\nwith make() as db:\n    use(db)', 'sync'],
  ['async def make():\n    return AsyncSessionLocal()\nasync def f():\n    db = await make()\n    use(db)', 'async'],
  ['async def make():\n    return AsyncSessionLocal()\nuse(make())', null],
  ['def make(flag):\n    return SessionLocal() if flag else other\nuse(make(1))', null],
  ['import requests\nuse(requests.Session())', null],
  ['session = {}\nuse(session)', null],
]

test.each(cases)('%j is %s', (text, session) => expect(sessionIn(text)).toBe(session))

test('a sessionmaker of another module', () => {
  const others = { 'app/__init__.py': '', 'app/db.py': `${IMPORTS}\ndef make():\n    with SessionLocal() as db:\n        return db\n` }
  expect(sessionIn('from app.db import SessionLocal as Local\nuse(Local())', others)).toBe('sync')
  expect(sessionIn('from app import db\nuse(db.AsyncSessionLocal())', others)).toBe('async')
  expect(sessionIn('from app import db\nuse(db.make())', others)).toBe('sync')
})

test('what a generator yields', () => {
  const opened = file(`${IMPORTS}
def get_db():
    yield SessionLocal()

def declared() -> AsyncIterator[AsyncSession]: ...

def numbers():
    yield 1

get_db()
declared()
numbers()
`)
  const calls = [...opened.all()].filter((node) => node.kind === 'call' && node.parent?.parent?.kind === 'module')
  expect(calls.map((call) => yieldedSessionOf(opened.services, call)?.kind ?? null).slice(-3)).toEqual(['sync', 'async', null])
})
