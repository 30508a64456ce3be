import { python, RuleTester } from '@krait/rule-tester'
import { asyncExpireOnCommit } from '../src/rules/async-expire-on-commit.ts'

const IMPORTS = python`
  from sqlalchemy.ext.asyncio import AsyncSession, async_sessionmaker, create_async_engine
  from sqlalchemy.orm import Session, sessionmaker
  from sqlmodel.ext.asyncio.session import AsyncSession as SQLModelSession
  import sqlalchemy.ext.asyncio as aio

`
const LINES = IMPORTS.split('\n').length - 1

function valid(name: string, code: string, more: object = {}) {
  return { name, code: IMPORTS + code, ...more }
}

function invalid(name: string, code: string, output: string, line = 1, message?: string) {
  return {
    name,
    code: IMPORTS + code,
    errors: [{ messageId: 'missing', line: LINES + line, ...(message && { message }), suggestions: [{ messageId: 'add', output: IMPORTS + output }] }],
  } as never
}

new RuleTester().run('sqlalchemy/async-expire-on-commit', asyncExpireOnCommit, {
  valid: [
    valid('set', 'f = async_sessionmaker(engine, expire_on_commit=False)\ng = sessionmaker(engine, class_=AsyncSession, expire_on_commit=False)\n'),
    valid('a session', 'async def f():\n    async with AsyncSession(engine, expire_on_commit=False) as s: ...\n'),
    valid('a sync factory', 'f = sessionmaker(engine)\ng = sessionmaker(engine, class_=Session)\ns = Session(engine)\n'),
    valid('a splat', 'f = async_sessionmaker(engine, **options)\n'),
    valid('a literal splat', 'f = async_sessionmaker(engine, **{"expire_on_commit": False})\n'),
    valid('a name', 'f = async_sessionmaker(engine, expire_on_commit=EXPIRE)\n'),
    valid('configured later', 'f = async_sessionmaker()\nf.configure(bind=engine, expire_on_commit=False)\n'),
    valid('configured in a function', 'f = async_sessionmaker()\ndef init(e):\n    f.configure(bind=e, expire_on_commit=False)\n'),
    valid('an attribute that is configured', 'class Database:\n    def __init__(self):\n        self.f = async_sessionmaker()\n        self.f.configure(expire_on_commit=False)\n'),
    valid('another class of that name', 'class AsyncSession: ...\nAsyncSession(engine)\n'),
    valid('a test', 'f = async_sessionmaker(engine)\n', { path: 'tests/conftest.py' }),
    valid('an annotation', 'def f(s: AsyncSession, g: async_sessionmaker[AsyncSession]): ...\n'),
    valid('a class that is not resolved', 'f = sessionmaker(engine, class_=Own)\n'),
  ],
  invalid: [
    invalid(
      'a factory',
      'f = async_sessionmaker(engine)\n',
      'f = async_sessionmaker(engine, expire_on_commit=False)\n',
      1,
      'Set `expire_on_commit=False` on this async session factory; otherwise reading any attribute after `commit()` raises `MissingGreenlet`.',
    ),
    invalid('without arguments', 'f = async_sessionmaker()\n', 'f = async_sessionmaker(expire_on_commit=False)\n'),
    invalid('through the module', 'f = aio.async_sessionmaker(engine)\n', 'f = aio.async_sessionmaker(engine, expire_on_commit=False)\n'),
    invalid('with a type argument', 'f = async_sessionmaker[AsyncSession](engine)\n', 'f = async_sessionmaker[AsyncSession](engine, expire_on_commit=False)\n'),
    invalid('explicitly on', 'f = async_sessionmaker(engine, expire_on_commit=True)\n', 'f = async_sessionmaker(engine, expire_on_commit=False)\n'),
    invalid('a sync factory of async sessions', 'f = sessionmaker(engine, class_=AsyncSession)\n', 'f = sessionmaker(engine, class_=AsyncSession, expire_on_commit=False)\n'),
    invalid('a project class', 'class Own(AsyncSession): ...\nf = sessionmaker(class_=Own)\n', 'class Own(AsyncSession): ...\nf = sessionmaker(class_=Own, expire_on_commit=False)\n', 2),
    invalid('a session', 'async def f():\n    async with AsyncSession(engine) as s: ...\n', 'async def f():\n    async with AsyncSession(engine, expire_on_commit=False) as s: ...\n', 2),
    invalid('a session of SQLModel', 's = SQLModelSession(engine)\n', 's = SQLModelSession(engine, expire_on_commit=False)\n'),
    invalid('several lines', 'f = async_sessionmaker(\n    engine,\n    autoflush=False,\n)\n', 'f = async_sessionmaker(\n    engine,\n    autoflush=False, expire_on_commit=False,\n)\n'),
    invalid('configured otherwise', 'f = async_sessionmaker()\nf.configure(bind=engine)\n', 'f = async_sessionmaker(expire_on_commit=False)\nf.configure(bind=engine)\n'),
  ],
})
