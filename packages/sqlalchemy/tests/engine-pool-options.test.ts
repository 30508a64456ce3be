import { python, RuleTester } from '@krait/rule-tester'
import { enginePoolOptions } from '../src/rules/engine-pool-options.ts'

const IMPORTS = python`
  import sqlalchemy as sa
  import sqlmodel
  from flask_sqlalchemy import SQLAlchemy
  from sqlalchemy import URL, create_engine, create_mock_engine, engine_from_config
  from sqlalchemy.ext.asyncio import create_async_engine
  from sqlalchemy.pool import NullPool, QueuePool, StaticPool
  SQLITE = "sqlite:///app.db"

`
const LINES = IMPORTS.split('\n').length - 1

function valid(name: string, code: string, more: object = {}) {
  return { name, code: IMPORTS + code, ...more }
}

function invalid(name: string, code: string, output: string | null, more: { options?: readonly object[]; message?: string; line?: number } = {}) {
  return {
    name,
    code: IMPORTS + code,
    ...(more.options && { options: more.options }),
    errors: [{ messageId: 'stale', line: LINES + (more.line ?? 1), ...(more.message && { message: more.message }) }],
    ...(output !== null && { output: IMPORTS + output }),
  } as never
}

new RuleTester().run('sqlalchemy/engine-pool-options', enginePoolOptions, {
  valid: [
    valid('pre-ping', 'e = create_engine(url, pool_pre_ping=True)\n'),
    valid('recycle', 'e = create_engine(url, pool_recycle=3600)\n'),
    valid('recycle without pre-ping', 'e = create_engine(url, pool_pre_ping=False, pool_recycle=3600)\n'),
    valid('a setting', 'e = create_engine(url, pool_pre_ping=settings.ping)\n'),
    valid('SQLite', 'e = create_engine("sqlite://")\nf = create_engine(SQLITE)\ng = create_engine(f"sqlite:///{path}")\nh = create_engine(URL.create("sqlite+aiosqlite", database=x))\n'),
    valid('other pools', 'e = create_engine(url, poolclass=NullPool)\nf = create_engine(url, poolclass=StaticPool)\ng = create_engine(url, poolclass=pool)\n'),
    valid('a creator', 'e = create_engine("postgresql://", creator=connect)\n'),
    valid('a splat', 'e = create_engine(url, **options)\n'),
    valid('options of Flask in a variable', 'db = SQLAlchemy(engine_options=options)\ndb2 = SQLAlchemy()\n'),
    valid('options of Flask', 'db = SQLAlchemy(engine_options={"pool_recycle": 60})\n'),
    valid('a configuration', 'e = engine_from_config(config, prefix="sqlalchemy.")\nf = engine_from_config({"sqlalchemy.url": url, "sqlalchemy.pool_pre_ping": True})\n'),
    valid('a mock engine', 'e = create_mock_engine(url, executor)\n'),
    valid('another function', 'def create_engine(url): ...\ncreate_engine(url)\n'),
    valid('env.py', 'e = create_engine(url)\n', { path: 'migrations/env.py' }),
    valid('a test', 'e = create_engine(url)\n', { path: 'tests/conftest.py' }),
    valid('what is required', 'e = create_engine(url, pool_recycle=60)\n', { options: [{ require: ['pool_recycle'] }] }),
  ],
  invalid: [
    invalid('no option', 'e = create_engine(settings.database_url)\n', 'e = create_engine(settings.database_url, pool_pre_ping=True)\n', {
      message: 'This engine hands out stale connections after a database restart. Pass `pool_pre_ping=True` (or `pool_recycle=…`).',
    }),
    invalid('an async engine', 'e = create_async_engine(url, pool_size=20)\n', 'e = create_async_engine(url, pool_size=20, pool_pre_ping=True)\n'),
    invalid('an alias', 'e = sa.create_engine(url)\n', 'e = sa.create_engine(url, pool_pre_ping=True)\n'),
    invalid('SQLModel', 'e = sqlmodel.create_engine("postgresql://")\n', 'e = sqlmodel.create_engine("postgresql://", pool_pre_ping=True)\n'),
    invalid('explicitly off', 'e = create_engine(url, pool_pre_ping=False)\n', 'e = create_engine(url, pool_pre_ping=True)\n'),
    invalid('the usual pool', 'e = create_engine(url, poolclass=QueuePool)\n', 'e = create_engine(url, poolclass=QueuePool, pool_pre_ping=True)\n'),
    invalid('several lines', 'e = create_engine(\n    url,\n    echo=True,\n)\n', 'e = create_engine(\n    url,\n    echo=True, pool_pre_ping=True,\n)\n'),
    invalid('a written configuration', 'e = engine_from_config({"sqlalchemy.url": url})\n', 'e = engine_from_config({"sqlalchemy.url": url}, pool_pre_ping=True)\n'),
    invalid('Flask', 'db = SQLAlchemy(engine_options={"pool_size": 3})\n', 'db = SQLAlchemy(engine_options={"pool_size": 3, "pool_pre_ping": True})\n'),
    invalid('Flask without options', 'db = SQLAlchemy(engine_options={})\n', 'db = SQLAlchemy(engine_options={"pool_pre_ping": True})\n'),
    invalid('what is required', 'e = create_engine(url, pool_pre_ping=True)\n', null, {
      options: [{ require: ['pool_pre_ping', 'pool_recycle'] }],
      message: 'This engine hands out stale connections after a database restart. Pass `pool_recycle=…`.',
    }),
  ],
})
