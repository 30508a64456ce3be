import { LIBRARY_EXCEPTIONS } from './library-exceptions.ts'
import { POSTGRES_EXCEPTIONS } from './postgres-exceptions.ts'
import { STANDARD_EXCEPTIONS } from './standard-exceptions.ts'

/** Raise it when an entry changes: findings may change with it. */
export const EXCEPTION_HIERARCHY_VERSION = 1

/** The bases of exception classes by canonical name. Read from the libraries themselves; classes that a library hides are left out. */
export const EXCEPTION_BASES: Readonly<Record<string, readonly string[]>> = {
  ...STANDARD_EXCEPTIONS,
  ...LIBRARY_EXCEPTIONS,
  ...POSTGRES_EXCEPTIONS,
}

/** Other names of exception classes, as in `LIBRARY_ALIASES`. `asyncio.TimeoutError` is `TimeoutError` since Python 3.11, `socket.timeout` since 3.10. */
export const EXCEPTION_ALIASES: Readonly<Record<string, string>> = {
  'builtins.IOError': 'builtins.OSError',
  'builtins.EnvironmentError': 'builtins.OSError',
  'builtins.WindowsError': 'builtins.OSError',
  'os.error': 'builtins.OSError',
  'socket.error': 'builtins.OSError',
  'select.error': 'builtins.OSError',
  'socket.timeout': 'builtins.TimeoutError',
  'asyncio.TimeoutError': 'builtins.TimeoutError',
  'asyncio.exceptions.TimeoutError': 'builtins.TimeoutError',
  'concurrent.futures.TimeoutError': 'builtins.TimeoutError',
  'concurrent.futures._base.TimeoutError': 'builtins.TimeoutError',
  'kombu.exceptions.TimeoutError': 'builtins.TimeoutError',
  'threading.ThreadError': 'builtins.RuntimeError',
  'asyncio.exceptions': 'asyncio',
  'asyncio.queues': 'asyncio',
  'concurrent.futures._base.CancelledError': 'concurrent.futures.CancelledError',
  'concurrent.futures._base.BrokenExecutor': 'concurrent.futures.BrokenExecutor',
  'multiprocessing.context.ProcessError': 'multiprocessing.ProcessError',
  'multiprocessing.context.TimeoutError': 'multiprocessing.TimeoutError',
  'multiprocessing.queues.Empty': 'queue.Empty',
  'multiprocessing.queues.Full': 'queue.Full',
  '_queue.Empty': 'queue.Empty',
  'copy.error': 'copy.Error',
  'getopt.error': 'getopt.GetoptError',
  'http.client.error': 'http.client.HTTPException',
  'json.decoder.JSONDecodeError': 'json.JSONDecodeError',
  're.PatternError': 're.error',
  'signal.itimer_error': 'signal.ItimerError',
  'ssl.CertificateError': 'ssl.SSLCertVerificationError',
  'xml.parsers.expat.error': 'xml.parsers.expat.ExpatError',
  'zipfile.BadZipfile': 'zipfile.BadZipFile',
  'zipfile.error': 'zipfile.BadZipFile',
  'zoneinfo._common.ZoneInfoNotFoundError': 'zoneinfo.ZoneInfoNotFoundError',

  ...moved(
    'ConnectTimeout ConnectionError FileModeWarning HTTPError JSONDecodeError ReadTimeout RequestException Timeout TooManyRedirects URLRequired',
    ['requests.exceptions'],
    'requests',
  ),
  'urllib3.exceptions.ConnectionError': 'urllib3.exceptions.ProtocolError',
  'aiohttp.client_exceptions': 'aiohttp',
  'aiohttp.client.ClientError': 'aiohttp.ClientError',
  'aiohttp.client.ClientResponseError': 'aiohttp.ClientResponseError',
  'aiohttp.web_exceptions': 'aiohttp.web',
  'simplejson.errors.JSONDecodeError': 'simplejson.JSONDecodeError',
  'simplejson.scanner.JSONDecodeError': 'simplejson.JSONDecodeError',

  'sqlalchemy.exceptions': 'sqlalchemy.exc',
  'sqlalchemy.orm.exc.NoResultFound': 'sqlalchemy.exc.NoResultFound',
  'sqlalchemy.orm.exc.MultipleResultsFound': 'sqlalchemy.exc.MultipleResultsFound',
  'sqlalchemy.orm.exc.ConcurrentModificationError': 'sqlalchemy.orm.exc.StaleDataError',
  ...moved(
    'DataError DatabaseError Error IntegrityError InterfaceError InternalError NotSupportedError OperationalError ProgrammingError Warning',
    ['psycopg.errors'],
    'psycopg',
  ),
  ...moved(
    'DataError DatabaseError Error IntegrityError InterfaceError InternalError NotSupportedError OperationalError ProgrammingError Warning',
    ['psycopg2.errors', 'psycopg2.extensions', 'psycopg2._psycopg'],
    'psycopg2',
  ),
  'psycopg2.errors.QueryCanceledError': 'psycopg2.extensions.QueryCanceledError',
  'psycopg2.errors.TransactionRollbackError': 'psycopg2.extensions.TransactionRollbackError',
  'asyncpg.exceptions': 'asyncpg',
  'asyncpg.exceptions._base': 'asyncpg',
  ...moved(
    `AuthenticationError AuthenticationWrongNumberOfArgsError BusyLoadingError ChildDeadlockedError ConnectionError CrossSlotTransactionError
    DataError InvalidPipelineStack InvalidResponse MaxConnectionsError OutOfMemoryError PubSubError ReadOnlyError RedisClusterException RedisError
    ResponseError TimeoutError WatchError`,
    ['redis', 'redis.asyncio'],
    'redis.exceptions',
  ),
  'pymongo.errors.InvalidDocument': 'bson.errors.InvalidDocument',

  'botocore.errorfactory.ClientError': 'botocore.exceptions.ClientError',
  'botocore.client.ClientError': 'botocore.exceptions.ClientError',
  'stripe.error': 'stripe',
  'stripe._error': 'stripe',
  'grpc._channel._InactiveRpcError': 'grpc.RpcError',
  'grpc.aio._call.AioRpcError': 'grpc.aio.AioRpcError',
  'amqp.ConnectionError': 'amqp.exceptions.ConnectionError',
  'amqp.ChannelError': 'amqp.exceptions.ChannelError',
  'kombu.exceptions.ConnectionError': 'amqp.exceptions.ConnectionError',
  'kombu.exceptions.ChannelError': 'amqp.exceptions.ChannelError',
  'kombu.exceptions.ResourceError': 'amqp.exceptions.ResourceError',
  'billiard.exceptions': 'celery.exceptions',
  'celery.exceptions.OperationalError': 'kombu.exceptions.OperationalError',
  'celery.exceptions.RetryTaskError': 'celery.exceptions.Retry',
  'celery.exceptions.SystemTerminate': 'celery.exceptions.WorkerTerminate',

  'pydantic.error_wrappers.ValidationError': 'pydantic.ValidationError',
  'pydantic_core.ValidationError': 'pydantic.ValidationError',
  'pydantic_core._pydantic_core': 'pydantic_core',
  'pydantic.errors': 'pydantic',
  'jwt.exceptions': 'jwt',
  'starlette.requests.HTTPException': 'starlette.exceptions.HTTPException',
  'starlette.requests.MultiPartException': 'starlette.formparsers.MultiPartException',
  'fastapi.exceptions.HTTPException': 'fastapi.HTTPException',
  'fastapi.exceptions.WebSocketException': 'fastapi.WebSocketException',
  'fastapi.exceptions.StarletteHTTPException': 'starlette.exceptions.HTTPException',
  'werkzeug.routing.exceptions': 'werkzeug.routing',
}

/** Aliases for names that several modules have. */
function moved(names: string, from: readonly string[], to: string): Record<string, string> {
  return Object.fromEntries(from.flatMap((module) => names.split(/\s+/).map((name) => [`${module}.${name}`, `${to}.${name}`])))
}
