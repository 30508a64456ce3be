import { python, RuleTester } from '@krait/rule-tester'
import { missingCommit } from '../src/rules/missing-commit.ts'

const IMPORTS = python`
  from contextlib import asynccontextmanager, contextmanager
  from sqlalchemy import create_engine, delete, insert, select, text, update
  from sqlalchemy.ext.asyncio import AsyncSession, async_sessionmaker, create_async_engine
  from sqlalchemy.orm import DeclarativeBase, Mapped, Session, mapped_column, sessionmaker

  class Base(DeclarativeBase): ...

  class Event(Base):
      __tablename__ = "events"
      id: Mapped[int] = mapped_column(primary_key=True)
      kind: Mapped[str]

  engine = create_engine(URL)
  autocommit_engine = create_engine(URL, isolation_level="AUTOCOMMIT")
  async_engine = create_async_engine(URL)
  SessionLocal = sessionmaker(engine)
  AsyncLocal = async_sessionmaker(async_engine)

  @contextmanager
  def scope():
      with SessionLocal() as s:
          yield s

  @contextmanager
  def committing_scope():
      s = SessionLocal()
      try:
          yield s
          s.commit()
      finally:
          s.close()

  @contextmanager
  def shared_scope(s: Session):
      yield s

  def save(s: Session, e):
      s.add(e)

  def save_and_commit(s: Session, e):
      s.add(e)
      s.commit()

  def read(s: Session):
      return s.get(Event, 1)

  class Repo:
      def __init__(self, s: Session):
          self.s = s
      def save(self, e):
          self.s.add(e)
          self.s.commit()

`
const LINES = IMPORTS.split('\n').length - 1

function valid(name: string, code: string, more: object = {}) {
  return { name, code: IMPORTS + code, ...more }
}

function invalid(name: string, code: string, line: number, suggestions: readonly string[] | number, message?: string) {
  const outputs = typeof suggestions === 'number' ? suggestions : suggestions.map((output) => ({ messageId: output.includes('.begin() as') ? 'begin' : 'commit', output: IMPORTS + output }))
  return { name, code: IMPORTS + code, errors: [{ line: line + LINES, suggestions: outputs, ...(message && { message }) }] } as never
}

new RuleTester().run('sqlalchemy/missing-commit', missingCommit, {
  valid: [
    valid('a commit', 'def f():\n    with SessionLocal() as s:\n        s.add(Event())\n        s.commit()\n'),
    valid('an awaited commit', 'async def f():\n    async with AsyncLocal() as s:\n        s.add(Event())\n        await s.commit()\n'),
    valid('begin of a factory', 'def f():\n    with SessionLocal.begin() as s:\n        s.add(Event())\n'),
    valid('begin of an engine', 'def f():\n    with engine.begin() as c:\n        c.execute(insert(Event))\n'),
    valid('an inner begin', 'def f():\n    with SessionLocal() as s:\n        with s.begin():\n            s.add(Event())\n'),
    valid('two items', 'def f():\n    with SessionLocal() as s, s.begin():\n        s.add(Event())\n'),
    valid('a transaction of a connection', 'def f():\n    with engine.connect() as c:\n        t = c.begin()\n        c.execute(insert(Event))\n        t.commit()\n'),
    valid('a project block that commits', 'def f():\n    with committing_scope() as s:\n        s.add(Event())\n'),
    valid('a session of someone else', 'def f(other: Session):\n    with shared_scope(other) as s:\n        s.add(Event())\n'),
    valid('an unknown block', 'def f():\n    with make_session() as s:\n        s.add(Event())\n'),
    valid('returned', 'def f():\n    with SessionLocal() as s:\n        s.add(Event())\n        return s\n'),
    valid('yielded', 'def f():\n    with SessionLocal() as s:\n        s.add(Event())\n        yield s\n'),
    valid('stored', 'class A:\n    def f(self):\n        with SessionLocal() as s:\n            self.s = s\n            s.add(Event())\n'),
    valid('passed to what is not resolved', 'def f():\n    with SessionLocal() as s:\n        s.add(Event())\n        finish(s)\n'),
    valid('passed to what commits', 'def f():\n    with SessionLocal() as s:\n        save_and_commit(s, Event())\n'),
    valid('passed to an object', 'def f():\n    with SessionLocal() as s:\n        repo = Repo(s)\n        repo.save(Event())\n'),
    valid('autocommit of a connection', 'def f():\n    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as c:\n        c.execute(insert(Event))\n'),
    valid('autocommit of an engine', 'def f():\n    with autocommit_engine.connect() as c:\n        c.execute(insert(Event))\n'),
    valid('a rollback', 'def f():\n    with SessionLocal() as s:\n        s.add(Event())\n        s.flush()\n        s.rollback()\n'),
    valid('raise', 'def f():\n    with SessionLocal() as s:\n        s.add(Event())\n        raise ValueError\n'),
    valid('reads', 'def f():\n    with SessionLocal() as s:\n        e = read(s)\n        return s.execute(select(Event)).all(), s.scalar(text("SELECT 1"))\n'),
    valid('a function that commits what it does not say is a session', 'def put(d, e):\n    d.add(e)\n    finish(d)\ndef finish(c):\n    c.commit()\ndef f(e):\n    with SessionLocal() as s:\n        s.add(e)\n        put(s, e)\n'),
    valid('a dry run', 'def f(dry_run):\n    with SessionLocal() as s:\n        s.add(Event())\n        if not dry_run:\n            s.commit()\n'),
    valid('expunge', 'def f():\n    with SessionLocal() as s:\n        e = s.get(Event, 1)\n        s.expunge(e)\n        e.kind = "x"\n'),
    valid('an attribute of another object', 'def f(e: Event):\n    with SessionLocal() as s:\n        s.get(Event, 1)\n        e.kind = "x"\n'),
    valid('the same condition twice', 'def f(xs):\n    with SessionLocal() as s:\n        changed = compare(xs)\n        if changed:\n            s.add(Event())\n        if changed:\n            s.commit()\n'),
    valid('1.4', 'def f():\n    with engine.connect() as c:\n        c.execute(insert(Event))\n', { settings: { sqlalchemy: { version: '1.4' } } }),
    valid('a test', 'def f():\n    with SessionLocal() as s:\n        s.add(Event())\n', { path: 'tests/test_a.py' }),
  ],
  invalid: [
    invalid(
      'a factory',
      'def f():\n    with SessionLocal() as db:\n        db.add(Event())\n',
      2,
      ['def f():\n    with SessionLocal() as db:\n        db.add(Event())\n        db.commit()\n', 'def f():\n    with SessionLocal.begin() as db:\n        db.add(Event())\n'],
      'Writes in this `Session` block are rolled back at its end: there is no `commit()`. Add one, or open it with `SessionLocal.begin()`.',
    ),
    invalid(
      'a session class',
      'def f():\n    with Session(engine) as db:\n        db.add(Event())\n        print(1)\n',
      2,
      ['def f():\n    with Session(engine) as db:\n        db.add(Event())\n        print(1)\n        db.commit()\n'],
      'Writes in this `Session` block are rolled back at its end: there is no `commit()`. Add one.',
    ),
    invalid('a connection', 'def f(rows):\n    with engine.connect() as conn:\n        conn.execute(insert(Event), rows)\n', 2, [
      'def f(rows):\n    with engine.connect() as conn:\n        conn.execute(insert(Event), rows)\n        conn.commit()\n',
      'def f(rows):\n    with engine.begin() as conn:\n        conn.execute(insert(Event), rows)\n',
    ]),
    invalid('async', 'async def f():\n    async with AsyncLocal() as s:\n        await s.execute(update(Event).values(kind="x"))\n', 2, [
      'async def f():\n    async with AsyncLocal() as s:\n        await s.execute(update(Event).values(kind="x"))\n        await s.commit()\n',
      'async def f():\n    async with AsyncLocal.begin() as s:\n        await s.execute(update(Event).values(kind="x"))\n',
    ]),
    invalid('an async connection', 'async def f():\n    async with async_engine.connect() as c:\n        await c.execute(delete(Event))\n', 2, 2),
    invalid('SQL', 'def f():\n    with engine.connect() as c:\n        c.execute(text("DELETE FROM events"))\n', 2, 2),
    invalid('a project block', 'def f():\n    with scope() as s:\n        s.add(Event())\n', 2, 1),
    invalid('a function that writes', 'def f():\n    with SessionLocal() as s:\n        save(s, Event())\n', 2, 2),
    invalid('a function that does not say that it gets a session', 'def put(d, e):\n    d.add(e)\ndef f(e):\n    with SessionLocal() as s:\n        put(s, e)\n', 4, 2),
    invalid('a block of a method', 'class Database:\n    def __init__(self):\n        self.factory = sessionmaker(engine)\n    @contextmanager\n    def session(self):\n        s = self.factory()\n        try:\n            yield s\n        finally:\n            s.close()\ndef f(database: Database):\n    with database.session() as s:\n        s.add(Event())\n', 12, 1),
    invalid('a commit on one path only', 'def f(urgent):\n    with SessionLocal() as s:\n        s.add(Event())\n        if urgent:\n            s.commit()\n', 2, 2),
    invalid('an attribute', 'def f():\n    with SessionLocal() as s:\n        e = s.get(Event, 1)\n        e.kind = "x"\n', 2, 2),
    invalid('an attribute of a row', 'def f():\n    with SessionLocal() as s:\n        for e in s.scalars(select(Event)):\n            e.kind = "x"\n', 2, 2),
    invalid('a legacy query', 'def f():\n    with SessionLocal() as s:\n        s.query(Event).filter(Event.id == 1).delete()\n', 2, 2),
    invalid('a branch', 'def f(xs):\n    with SessionLocal() as s:\n        s.add(Event())\n        if len(xs) > 3:\n            return 1\n        s.commit()\n', 2, 2),
    invalid('a write after the commit', 'def f():\n    with SessionLocal() as s:\n        s.commit()\n        s.add(Event())\n        return 1\n', 2, 1),
    { name: '1.4 with an engine as in 2.0', code: `${IMPORTS}future = create_engine(URL, future=True)\ndef f():\n    with future.connect() as c:\n        c.execute(insert(Event))\n`, settings: { sqlalchemy: { version: '1.4' } }, errors: [{ line: LINES + 3, suggestions: 2 }] },
    invalid('only a flush', 'def f():\n    with SessionLocal() as s:\n        s.add(Event())\n        s.flush()\n', 2, 2),
  ],
})
