import { python, RuleTester } from '@krait/rule-tester'
import { noSessionLeak } from '../src/rules/no-session-leak.ts'

const IMPORTS = python`
  from contextlib import ExitStack, closing, contextmanager
  import click
  from fastapi import Depends, FastAPI
  from sqlalchemy import create_engine, select
  from sqlalchemy.ext.asyncio import AsyncSession, async_sessionmaker, create_async_engine
  from sqlalchemy.orm import Session, scoped_session, sessionmaker
  engine = create_engine(URL)
  SessionLocal = sessionmaker(engine)
  AsyncLocal = async_sessionmaker(create_async_engine(URL))
  Scoped = scoped_session(SessionLocal)
  app = FastAPI()

  def make():
      return SessionLocal()

  def create(db_session: Session, x):
      db_session.add(x)
      db_session.commit()

  def close_it(db_session: Session):
      db_session.commit()
      db_session.close()

  class Repo:
      def __init__(self, s: Session):
          self.s = s

`
const LINES = IMPORTS.split('\n').length - 1

function valid(name: string, code: string, more: object = {}) {
  return { name, code: IMPORTS + code, ...more }
}

function invalid(name: string, code: string, line: number, messageId: string, message?: string) {
  return { name, code: IMPORTS + code, errors: [{ messageId, line: LINES + line, ...(message && { message }) }] } as never
}

new RuleTester().run('sqlalchemy/no-session-leak', noSessionLeak, {
  valid: [
    valid('with', 'def f(x):\n    with SessionLocal() as db:\n        db.add(x)\n'),
    valid('with a name', 'def f(x):\n    db = SessionLocal()\n    with db:\n        db.add(x)\n'),
    valid('async with', 'async def f(x):\n    async with AsyncLocal() as db:\n        db.add(x)\n'),
    valid('finally', 'def f(x):\n    db = SessionLocal()\n    try:\n        db.add(x)\n    finally:\n        db.close()\n'),
    valid('finally around it', 'def f(x):\n    try:\n        db = SessionLocal()\n        db.add(x)\n    finally:\n        db.close()\n'),
    valid('a generator', 'def get_db():\n    db = SessionLocal()\n    try:\n        yield db\n    finally:\n        db.close()\n'),
    valid('returned', 'def f():\n    db = SessionLocal()\n    return db\n'),
    valid('stored', 'class A:\n    def f(self):\n        db = SessionLocal()\n        self.db = db\n        self.other = SessionLocal()\n'),
    valid('in a container', 'def f(all):\n    db = SessionLocal()\n    all["x"] = db\n'),
    valid('closing', 'def f(x):\n    with closing(SessionLocal()) as db:\n        db.add(x)\n'),
    valid('an exit stack', 'def f(x, stack: ExitStack):\n    db = stack.enter_context(SessionLocal())\n    db.add(x)\n'),
    valid('a finalizer', 'def f(x, request):\n    db = SessionLocal()\n    request.addfinalizer(db.close)\n    db.add(x)\n'),
    valid('a constructor', 'def f():\n    db = SessionLocal()\n    return Repo(db)\n'),
    valid('a function that closes it', 'def f():\n    db = SessionLocal()\n    close_it(db)\n'),
    valid('an unknown function', 'def f():\n    db = SessionLocal()\n    use(db)\n    other(SessionLocal())\n'),
    valid('a registry', 'def f(x):\n    db = Scoped()\n    db.add(x)\n    Scoped().commit()\n'),
    valid('a connection that is given', 'def f(x, connection):\n    db = Session(bind=connection)\n    db.add(x)\n'),
    valid('a command', '@click.command()\ndef f(x):\n    db = SessionLocal()\n    db.add(x)\n'),
    valid('main', 'def main():\n    db = SessionLocal()\n    db.commit()\n'),
    valid('the module', 'db = SessionLocal()\ndb.commit()\n'),
    valid('a test', 'def f(x):\n    db = SessionLocal()\n    db.add(x)\n', { path: 'tests/test_a.py' }),
    valid('a nested function', 'def f(x):\n    db = SessionLocal()\n    def done():\n        db.close()\n    x(done)\n'),
    valid('begin', 'def f(x):\n    with SessionLocal.begin() as db:\n        db.add(x)\n'),
  ],
  invalid: [
    invalid('never closed', 'def f(x):\n    db = SessionLocal()\n    db.add(x)\n    db.commit()\n', 2, 'never', '`db` is opened here and never closed, so its connection does not go back to the pool. Use `with SessionLocal() as db:`.'),
    invalid('not closed on errors', 'def f(x):\n    db = SessionLocal()\n    db.add(x)\n    db.commit()\n    db.close()\n', 2, 'onError', `\`db\` is opened here and not closed if line ${LINES + 3} raises. Use \`with SessionLocal() as db:\`.`),
    invalid('async', 'async def f(x):\n    db = AsyncLocal()\n    db.add(x)\n    await db.commit()\n    await db.close()\n', 2, 'onError'),
    invalid('a session class', 'def f(x):\n    db = Session(engine)\n    db.add(x)\n', 2, 'never'),
    invalid('a function that makes one', 'def f(x):\n    db = make()\n    db.add(x)\n', 2, 'never'),
    invalid('a connection', 'def f():\n    conn = engine.connect()\n    return conn.execute(select(1)).scalar()\n', 2, 'never'),
    invalid('an annotation', 'def f(x):\n    db: Session = SessionLocal()\n    create(db, x)\n', 2, 'never'),
    invalid('closed in a branch', 'def f(x):\n    db = SessionLocal()\n    try:\n        db.add(x)\n        db.commit()\n    except Exception:\n        db.close()\n', 2, 'never'),
    invalid('a generator without finally', 'def get_db():\n    db = SessionLocal()\n    yield db\n    db.close()\n', 2, 'onError'),
    invalid('a generator that never closes', 'def get_db():\n    db = SessionLocal()\n    yield db\n', 2, 'never'),
    invalid('used at once', 'def f(stmt):\n    return SessionLocal().execute(stmt)\n', 2, 'unnamed', '`SessionLocal()` opens a session that nothing closes, so its connection does not go back to the pool. Open it in a `with`.'),
    invalid('a query at once', 'def f(stmt):\n    return make().query(stmt).all()\n', 2, 'unnamed'),
    invalid('given away', 'def f(x):\n    create(db_session=SessionLocal(), x=x)\n', 2, 'unnamed'),
    invalid('given away by position', 'def f(x):\n    create(SessionLocal(), x)\n', 2, 'unnamed'),
    invalid('a dependency', 'def get_db():\n    return SessionLocal()\n\n@app.get("/")\ndef route(db: Session = Depends(get_db)): ...\n', 2, 'returned', '`get_db` returns a session that nothing closes. Yield it inside `with`.'),
    invalid('a dependency with a name', 'def get_db():\n    db = SessionLocal()\n    return db\n\ndef route(db: Session = Depends(get_db)): ...\n', 3, 'returned'),
  ],
})
