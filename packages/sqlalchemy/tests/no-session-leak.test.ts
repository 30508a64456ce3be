import { python, RuleTester } from '@krait/rule-tester'
import { noSessionLeak } from '../src/rules/no-session-leak.ts'

const IMPORTS = python`
  import logging
  from contextlib import ExitStack, closing, contextmanager
  import click, typer
  from fastapi import Depends
  from sqlalchemy import create_engine, select
  from sqlalchemy.ext.asyncio import AsyncSession, async_sessionmaker, create_async_engine
  from sqlalchemy.orm import Session, scoped_session, sessionmaker
  from lib import audit
  logger = logging.getLogger(__name__)
  engine = create_engine(URL)
  SessionLocal = sessionmaker(engine)
  AsyncLocal = async_sessionmaker(create_async_engine(URL))
  Scoped = scoped_session(SessionLocal)
  app = typer.Typer()

`
const LINES = IMPORTS.split('\n').length - 1

function valid(name: string, code: string, more: { path?: string; files?: Record<string, string> } = {}) {
  return { name, code: IMPORTS + code, ...more }
}

function invalid(name: string, code: string, line: number, messageId: string, more: { message?: string; files?: Record<string, string> } = {}) {
  const { message, ...rest } = more
  return { name, code: IMPORTS + code, errors: [{ messageId, line: line + LINES, ...(message && { message }) }], ...rest } as never
}

const FILES = {
  'app/__init__.py': '',
  'app/db.py': 'from sqlalchemy import create_engine\nfrom sqlalchemy.orm import Session, sessionmaker\nSessionLocal = sessionmaker(create_engine(URL))\ndef make_session():\n    return SessionLocal()\ndef make_other() -> Session:\n    session = SessionLocal()\n    return session\n',
  'app/repo.py': 'def load(key, db=None):\n    return db.get(1, key)\ndef finish(db):\n    load(1, db)\n    db.close()\ndef keep(db):\n    CACHE.append(db)\nclass Repo:\n    def __init__(self, db):\n        self.db = db\n    def load(self, db):\n        return load(2, db=db)\n',
}

new RuleTester().run('sqlalchemy/no-session-leak', noSessionLeak, {
  valid: [
    valid('a with block', 'def f():\n    with SessionLocal() as db:\n        db.execute(select(1))\n    with Session(engine) as db, engine.connect() as c:\n        c.execute(select(1))\n'),
    valid('async with', 'async def f():\n    async with AsyncLocal() as db:\n        await db.commit()\n'),
    valid('begin() of a factory', 'def f():\n    with SessionLocal.begin() as db:\n        db.add(1)\n    with engine.begin() as c:\n        c.execute(select(1))\n'),
    valid('with of the name', 'def f(x):\n    db = SessionLocal()\n    with db:\n        db.add(x)\n    other = SessionLocal()\n    with other as o:\n        o.add(x)\n'),
    valid('a following try', 'def f(x):\n    db = SessionLocal()\n    logger.info("opened")\n    try:\n        db.add(x)\n        db.commit()\n    finally:\n        db.close()\n'),
    valid('harmless code before the try', 'def f(xs):\n    db = SessionLocal()\n    names = ", ".join(xs)\n    rows: list[str] = list(xs)\n    total = len(rows) + 1\n    try:\n        db.add(names)\n    finally:\n        db.close()\n'),
    valid('an enclosing try', 'def f(x):\n    db = None\n    try:\n        db = SessionLocal()\n        db.add(x)\n    finally:\n        if db is not None:\n            db.close()\n'),
    valid('await close', 'async def f(x):\n    db = AsyncLocal()\n    try:\n        db.add(x)\n    finally:\n        await db.close()\n'),
    valid('closed by a helper in the finally', 'def f(x):\n    db = SessionLocal()\n    try:\n        db.add(x)\n    finally:\n        shut(db)\n'),
    valid('yielded with finally', 'def get_db():\n    db = SessionLocal()\n    try:\n        yield db\n    finally:\n        db.close()\ndef route(db: Session = Depends(get_db)): ...\n'),
    valid('yielded in with', 'def get_db():\n    with SessionLocal() as db:\n        yield db\ndef route(db: Session = Depends(get_db)): ...\n'),
    valid('closed at once', 'def f():\n    db = SessionLocal()\n    db.close()\n'),
    valid('closed in the handler, too', 'def f(x):\n    db = SessionLocal()\n    try:\n        db.add(x)\n    except BaseException:\n        db.close()\n        raise\n    db.close()\n'),
    valid('returned', 'def make():\n    db = SessionLocal()\n    db.execute(select(1))\n    return db\ndef pair():\n    db = SessionLocal()\n    return db, 1\ndef direct():\n    return SessionLocal()\n'),
    valid('stored', 'class Unit:\n    def __init__(self):\n        db = SessionLocal()\n        self.db = db\n    def __enter__(self):\n        self.session = SessionLocal()\n        return self\n'),
    valid('stored in containers', 'def f(cache, items):\n    db = SessionLocal()\n    cache["db"] = db\n    other = SessionLocal()\n    items.append(other)\n    third = SessionLocal()\n    return {"db": third}\n'),
    valid('closing and ExitStack', 'def f(x):\n    with closing(SessionLocal()) as db:\n        db.add(x)\n    db = SessionLocal()\n    with closing(db):\n        db.add(x)\n    with ExitStack() as stack:\n        other = stack.enter_context(SessionLocal())\n        third = SessionLocal()\n        stack.callback(third.close)\n        third.add(x)\n'),
    valid('a fixture', 'def f(request, x):\n    db = SessionLocal()\n    request.addfinalizer(db.close)\n    db.add(x)\n'),
    valid('a constructor', 'def f():\n    db = SessionLocal()\n    return UserRepository(db)\ndef g():\n    db = SessionLocal()\n    repo = UserRepository(session=db)\n    return repo.all()\n'),
    valid('a closure', 'def f(x):\n    db = SessionLocal()\n    def done():\n        db.close()\n    return done\n'),
    valid('another name', 'def f(x):\n    db = SessionLocal()\n    other = db\n    other.close()\n'),
    valid('a scoped session', 'def f(x):\n    db = Scoped()\n    db.add(x)\n    Scoped().execute(select(1))\n    Scoped.execute(select(1))\n'),
    valid('bound to a connection', 'from alembic import op\ndef f(x):\n    db = Session(bind=op.get_bind())\n    db.add(x)\ndef g(x, connection):\n    db = Session(bind=connection)\n    db.add(x)\ndef h(x):\n    with engine.connect() as c:\n        db = SessionLocal(bind=c)\n        db.add(x)\n'),
    valid('commands', '@click.command()\ndef seed(x):\n    db = SessionLocal()\n    db.add(x)\n@app.command()\ndef clear():\n    db = SessionLocal()\n    db.execute(select(1))\ndef main():\n    db = SessionLocal()\n    db.execute(select(1))\n'),
    valid('the module', 'db = SessionLocal()\ndb.execute(select(1))\nif __name__ == "__main__":\n    s = SessionLocal()\n    s.commit()\n'),
    valid('a test', 'def f(x):\n    db = SessionLocal()\n    db.add(x)\n', { path: 'tests/test_f.py' }),
    valid('a session that is not made here', 'def f(request, x):\n    db = request.state.session\n    db.add(x)\n    other = current_session()\n    other.add(x)\n'),
    valid('a getter of a kept session', 'class Unit:\n    def session(self) -> Session:\n        return self._session\n    def f(self, x):\n        db = self.session()\n        db.add(x)\n'),
    valid('given to what is not known', 'def f(x):\n    db = SessionLocal()\n    audit(db, x)\n'),
    valid('given to what closes or keeps it', 'from app.repo import Repo, finish, keep\ndef f(x):\n    db = SessionLocal()\n    finish(db)\n    other = SessionLocal()\n    keep(other)\n    finish(SessionLocal())\n    keep(db=SessionLocal())\n    Repo(SessionLocal())\n', { path: 'app/main.py', files: FILES }),
    valid('the block of begin()', 'def f(x):\n    with SessionLocal().begin() as t:\n        t.add(x)\n'),
    valid('a function that returns a session, but is no dependency', 'def get_db():\n    return SessionLocal()\n'),
    valid('a dependency that closes what it returns', 'def get_db():\n    db = SessionLocal()\n    try:\n        return db\n    finally:\n        db.close()\ndef route(db: Session = Depends(get_db)): ...\n'),
    valid('never left', 'def worker(jobs):\n    db = SessionLocal()\n    while True:\n        try:\n            db.execute(select(1))\n        except BaseException:\n            pass\n'),
    valid('a session or one that is given', 'def f(x, db=None):\n    db = db or SessionLocal()\n    db.add(x)\n'),
    valid('requests', 'import requests\ndef f():\n    s = requests.Session()\n    s.get("https://example.com", timeout=3)\n'),
  ],
  invalid: [
    invalid('its message', 'def f(x):\n    db = SessionLocal()\n    db.add(x)\n    db.commit()\n    db.close()\n', 2, 'raises', {
      message: `\`db\` is opened here and not closed if line ${LINES + 3} raises. Use \`with SessionLocal() as db:\`.`,
    }),
    invalid('never closed', 'def f(x):\n    db = SessionLocal()\n    db.add(x)\n    db.commit()\n', 2, 'never', { message: '`db` is opened here and never closed. Use `with SessionLocal() as db:`.' }),
    invalid('a session class', 'def f(x):\n    db: Session = Session(engine)\n    db.add(x)\n', 2, 'never', { message: '`db` is opened here and never closed. Use `with Session(…) as db:`.' }),
    invalid('async', 'async def f(x):\n    session = AsyncLocal()\n    session.add(x)\n    await session.commit()\n    await session.close()\n', 2, 'raises', {
      message: `\`session\` is opened here and not closed if line ${LINES + 3} raises. Use \`async with AsyncLocal() as session:\`.`,
    }),
    invalid('an async session class', 'async def f(x, e):\n    session = AsyncSession(e)\n    session.add(x)\n', 2, 'never'),
    invalid('a connection', 'def f():\n    conn = engine.connect()\n    conn.execute(select(1))\n    conn.close()\n', 2, 'raises', {
      message: `\`conn\` is opened here and not closed if line ${LINES + 3} raises. Use \`with engine.connect() as conn:\`.`,
    }),
    invalid('an async connection', 'async def f():\n    conn = await create_async_engine(URL).connect()\n    await conn.execute(select(1))\n', 2, 'never'),
    invalid('closed in the body of the try alone', 'def f(x):\n    db = SessionLocal()\n    try:\n        db.add(x)\n        db.close()\n    except ValueError:\n        logger.exception("failed")\n', 2, 'raises'),
    invalid('a call before the try', 'def f(x):\n    db = SessionLocal()\n    rows = load(x)\n    try:\n        db.add(rows)\n    finally:\n        db.close()\n', 2, 'raises'),
    invalid('an early return', 'def f(x):\n    db = SessionLocal()\n    if x:\n        return None\n    db.close()\n', 2, 'leaves', {
      message: `\`db\` is opened here and not closed if line ${LINES + 4} ends the function. Use \`with SessionLocal() as db:\`.`,
    }),
    invalid('closed in a branch', 'def f(x):\n    db = SessionLocal()\n    if x:\n        db.close()\n', 2, 'leaves'),
    invalid('yielded without finally', 'def get_db():\n    db = SessionLocal()\n    yield db\n    db.close()\n', 2, 'raises'),
    invalid('a block of begin() does not close', 'def f(x):\n    db = SessionLocal()\n    with db.begin():\n        db.add(x)\n', 2, 'never'),
    invalid('a walrus', 'def f(x):\n    if (db := SessionLocal()):\n        db.add(x)\n', 2, 'never'),
    invalid('a method, a factory in an attribute', 'class Jobs:\n    def __init__(self, url):\n        self.factory = sessionmaker(create_engine(url))\n    def run(self, x):\n        db = self.factory()\n        db.add(x)\n        db.commit()\n', 5, 'never'),
    invalid('a project class', 'class Own(Session): ...\ndef f(x):\n    db = Own(engine)\n    db.add(x)\n', 3, 'never'),
    invalid('a nested function', 'def outer():\n    def inner(x):\n        db = SessionLocal()\n        db.add(x)\n    return inner\n', 3, 'never'),
    invalid('the finally closes another one', 'def f(x):\n    a = SessionLocal()\n    b = SessionLocal()\n    try:\n        a.add(x)\n    finally:\n        b.close()\n', 2, 'never'),
    invalid('a factory of another module', 'from app.db import SessionLocal as Local\ndef f(x):\n    db = Local()\n    db.add(x)\n', 3, 'never', { files: FILES }),
    invalid('a function that makes a session', 'from app.db import make_session\ndef f(x):\n    db = make_session()\n    db.add(x)\n    db.close()\n', 3, 'raises', { files: FILES }),
    invalid('an annotated function that makes a session', 'from app import db as database\ndef f(x):\n    db = database.make_other()\n    db.add(x)\n', 3, 'never', { files: FILES }),
    invalid('used in one expression', 'def f():\n    return SessionLocal().execute(select(1)).all()\n', 2, 'unnamed', {
      message: '`SessionLocal()` opens a session that nothing closes. Use `with SessionLocal() as session:`.',
    }),
    invalid('a legacy query in one expression', 'def f(M):\n    return Session(engine).query(M).all()\n', 2, 'unnamed'),
    invalid('awaited in one expression', 'async def f():\n    return (await AsyncLocal().execute(select(1))).all()\n', 2, 'unnamed'),
    invalid('given to a function', 'from app.repo import load\ndef f():\n    return load(1, db=SessionLocal())\n', 3, 'passed', {
      files: FILES,
      message: '`SessionLocal()` opens a session that nothing closes: `load` neither closes nor keeps it. Use `with SessionLocal() as session:`.',
    }),
    invalid('given to a method', 'from app.repo import Repo\ndef f(repo: Repo):\n    return repo.load(SessionLocal())\n', 3, 'passed', { files: FILES }),
    invalid('a name that is given to a function', 'from app.repo import load\ndef f():\n    db = SessionLocal()\n    return load(1, db)\n', 3, 'never', { files: FILES }),
    invalid('a dependency', 'def get_db():\n    return SessionLocal()\ndef route(db: Session = Depends(get_db)): ...\n', 2, 'returned', {
      message: '`get_db` returns a session that nothing closes. Yield it inside `with`.',
    }),
    invalid('a dependency with a name', 'async def get_db():\n    db = AsyncLocal()\n    logger.info("x")\n    return db\nasync def route(db: AsyncSession = Depends(get_db)): ...\n', 4, 'returned'),
  ],
})
