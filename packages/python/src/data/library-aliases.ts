import { EXCEPTION_ALIASES } from './exception-hierarchy.ts'

/** Raise it when an entry changes: findings may change with it. */
export const LIBRARY_ALIASES_VERSION = 1

/**
 * Other ways to write a library name, and the one canonical name, which is where the library's own documentation takes it from. An entry holds for
 * the name and all that lies below it; the longest entry wins, and its result is looked up again.
 *
 * FastAPI's re-exports of Starlette become Starlette's names (`fastapi.Request` is `starlette.requests.Request`). SQLModel's own functions and
 * classes (`sqlmodel.select`, `sqlmodel.Session`, `sqlmodel.Field`) keep their names, since they behave differently; what SQLModel only passes on
 * from SQLAlchemy becomes SQLAlchemy's (`sqlmodel.or_`, `sqlmodel.create_engine`).
 */
export const LIBRARY_ALIASES: Readonly<Record<string, string>> = {
  ...EXCEPTION_ALIASES,

  // typing
  typing_extensions: 'typing',
  'typing.re': 're',
  'collections.Callable': 'collections.abc.Callable',

  // SQLAlchemy: https://docs.sqlalchemy.org/en/20/
  'sqlalchemy.future': 'sqlalchemy',
  'sqlalchemy.sql': 'sqlalchemy',
  // Modules of their own, not passed on.
  ...Object.fromEntries(['annotation', 'compiler', 'ddl', 'functions', 'operators', 'roles', 'type_api', 'util', 'visitors'].map((name) => [`sqlalchemy.sql.${name}`, `sqlalchemy.sql.${name}`])),
  'sqlalchemy.sql.expression': 'sqlalchemy',
  'sqlalchemy.sql.selectable': 'sqlalchemy',
  'sqlalchemy.sql.elements': 'sqlalchemy',
  'sqlalchemy.sql.dml': 'sqlalchemy',
  'sqlalchemy.sql.schema': 'sqlalchemy',
  'sqlalchemy.sql.sqltypes': 'sqlalchemy',
  'sqlalchemy.sql.functions.func': 'sqlalchemy.func',
  'sqlalchemy.schema': 'sqlalchemy',
  'sqlalchemy.types': 'sqlalchemy',
  'sqlalchemy.sql.expression.FunctionElement': 'sqlalchemy.sql.functions.FunctionElement',
  'sqlalchemy.engine.create_engine': 'sqlalchemy.create_engine',
  'sqlalchemy.engine.Engine': 'sqlalchemy.Engine',
  'sqlalchemy.engine.Connection': 'sqlalchemy.Connection',
  'sqlalchemy.engine.Row': 'sqlalchemy.Row',
  'sqlalchemy.engine.Result': 'sqlalchemy.Result',
  'sqlalchemy.engine.base.Engine': 'sqlalchemy.Engine',
  'sqlalchemy.engine.base.Connection': 'sqlalchemy.Connection',
  'sqlalchemy.ext.declarative': 'sqlalchemy.orm',
  'sqlalchemy.orm.decl_api': 'sqlalchemy.orm',
  'sqlalchemy.orm.session': 'sqlalchemy.orm',
  'sqlalchemy.orm.query': 'sqlalchemy.orm',
  'sqlalchemy.orm.scoping': 'sqlalchemy.orm',
  'sqlalchemy.orm.scoping.ScopedSession': 'sqlalchemy.orm.scoped_session',
  'sqlalchemy.orm.attributes.InstrumentedAttribute': 'sqlalchemy.orm.InstrumentedAttribute',
  'sqlalchemy.ext.asyncio.session': 'sqlalchemy.ext.asyncio',
  'sqlalchemy.ext.asyncio.engine': 'sqlalchemy.ext.asyncio',
  ...Object.fromEntries(
    `and_ asc between bindparam case cast collate delete desc distinct except_ except_all exists extract false func insert intersect
    intersect_all join lateral literal literal_column not_ null nulls_first nulls_last nullsfirst nullslast or_ outerjoin over tablesample text true
    tuple_ type_coerce union union_all update values within_group alias table column ARRAY BIGINT BigInteger BINARY BLOB BOOLEAN Boolean CHAR
    CheckConstraint CLOB Column Computed Constraint DATE Date DATETIME DateTime DECIMAL DefaultClause Enum FLOAT Float ForeignKey
    ForeignKeyConstraint Identity Index INT INTEGER Integer Interval JSON LargeBinary MetaData NCHAR NUMERIC Numeric NVARCHAR PickleType
    PrimaryKeyConstraint REAL Sequence SMALLINT SmallInteger String Table TEXT Text ThreadLocalMetaData TIME Time TIMESTAMP TypeDecorator Unicode
    UnicodeText UniqueConstraint UUID Uuid VARBINARY VARCHAR create_engine inspect engine_from_config create_mock_engine`
      .split(/\s+/)
      .map((name) => [`sqlmodel.${name}`, `sqlalchemy.${name}`]),
  ),
  'sqlmodel.orm.session.Session': 'sqlmodel.Session',
  'sqlmodel.main': 'sqlmodel',
  'sqlmodel.sql.expression': 'sqlmodel',

  // FastAPI and Starlette
  'fastapi.applications.FastAPI': 'fastapi.FastAPI',
  'fastapi.routing.APIRouter': 'fastapi.APIRouter',
  'fastapi.param_functions': 'fastapi',
  'fastapi.params.Depends': 'fastapi.Depends',
  'fastapi.params.Security': 'fastapi.Security',
  'fastapi.params.Query': 'fastapi.Query',
  'fastapi.params.Path': 'fastapi.Path',
  'fastapi.params.Body': 'fastapi.Body',
  'fastapi.params.Header': 'fastapi.Header',
  'fastapi.params.Cookie': 'fastapi.Cookie',
  'fastapi.params.Form': 'fastapi.Form',
  'fastapi.params.File': 'fastapi.File',
  'fastapi.datastructures.UploadFile': 'fastapi.UploadFile',
  'fastapi.background.BackgroundTasks': 'fastapi.BackgroundTasks',
  'fastapi.Request': 'starlette.requests.Request',
  'fastapi.Response': 'starlette.responses.Response',
  'fastapi.WebSocket': 'starlette.websockets.WebSocket',
  'fastapi.WebSocketDisconnect': 'starlette.websockets.WebSocketDisconnect',
  'fastapi.status': 'starlette.status',
  'fastapi.middleware': 'starlette.middleware',
  'fastapi.middleware.asyncexitstack': 'fastapi.middleware.asyncexitstack',
  'fastapi.requests': 'starlette.requests',
  'fastapi.responses': 'starlette.responses',
  'fastapi.responses.ORJSONResponse': 'fastapi.responses.ORJSONResponse',
  'fastapi.responses.UJSONResponse': 'fastapi.responses.UJSONResponse',
  'fastapi.staticfiles': 'starlette.staticfiles',
  'fastapi.templating': 'starlette.templating',
  'fastapi.testclient': 'starlette.testclient',
  'fastapi.websockets': 'starlette.websockets',
  'fastapi.concurrency.run_in_threadpool': 'starlette.concurrency.run_in_threadpool',
  'fastapi.concurrency.iterate_in_threadpool': 'starlette.concurrency.iterate_in_threadpool',

  // Pydantic: version 1 inside version 2, and the places where its names are defined
  'pydantic.v1': 'pydantic',
  'pydantic.main': 'pydantic',
  'pydantic.fields.Field': 'pydantic.Field',
  'pydantic.types': 'pydantic',
  'pydantic.networks': 'pydantic',
  'pydantic.class_validators': 'pydantic',
  'pydantic.functional_validators': 'pydantic',
  'pydantic.functional_serializers': 'pydantic',
  'pydantic.config': 'pydantic',
  'pydantic.env_settings': 'pydantic',
  'pydantic.BaseSettings': 'pydantic_settings.BaseSettings',
  'pydantic_settings.main': 'pydantic_settings',

  // The standard library
  'os.errno': 'errno',
  posixpath: 'os.path',
  ntpath: 'os.path',
  'asyncio.base_events': 'asyncio',
  'asyncio.events': 'asyncio',
  'asyncio.taskgroups': 'asyncio',
  'asyncio.tasks': 'asyncio',
  'concurrent.futures.process.ProcessPoolExecutor': 'concurrent.futures.ProcessPoolExecutor',
  'concurrent.futures.thread.ThreadPoolExecutor': 'concurrent.futures.ThreadPoolExecutor',
  'xml.etree.cElementTree': 'xml.etree.ElementTree',
  'importlib_metadata': 'importlib.metadata',
  'backports.zoneinfo': 'zoneinfo',
  mock: 'unittest.mock',
  tomli: 'tomllib',

  // Clients and others
  'requests.api': 'requests',
  'requests.sessions.Session': 'requests.Session',
  'requests.sessions.session': 'requests.session',
  'requests.models.Response': 'requests.Response',
  'httpx._client': 'httpx',
  'httpx._exceptions': 'httpx',
  'aiohttp.client.ClientSession': 'aiohttp.ClientSession',
  'redis.client.Redis': 'redis.Redis',
  'redis.asyncio.client.Redis': 'redis.asyncio.Redis',
  'celery.app.base.Celery': 'celery.Celery',
  'celery.app.shared_task': 'celery.shared_task',
  'celery.app.task.Task': 'celery.Task',
  'flask.app.Flask': 'flask.Flask',
  'flask.blueprints.Blueprint': 'flask.Blueprint',
  'flask.wrappers.Response': 'flask.Response',
  'werkzeug.wrappers.Response': 'werkzeug.Response',
  'django.utils.translation.ugettext': 'django.utils.translation.gettext',
}

/** The canonical name of a library's dotted name. */
export function canonicalLibraryName(name: string): string {
  let current = name
  for (let step = 0; step < MAX_STEPS; step++) {
    const next = replaceOnce(current)
    if (next === current) return current
    current = next
  }
  return current
}

/** Longer chains of aliases do not occur; the limit guards against an entry that leads in a circle. */
const MAX_STEPS = 8

function replaceOnce(name: string): string {
  for (let end = name.length; end > 0; end = name.lastIndexOf('.', end - 1)) {
    const prefix = name.slice(0, end)
    if (Object.hasOwn(LIBRARY_ALIASES, prefix)) return LIBRARY_ALIASES[prefix]! + name.slice(end)
  }
  return name
}
