/** Raise it when an entry changes: findings may change with it. */
export const FAILURE_TYPES_VERSION = 1

/** Exceptions that say that a dependency failed: the database, another service, the file system, a child process. Their subclasses count. */
export const FAILURE_TYPES: ReadonlySet<string> = new Set([
  'aiohttp.ClientError',
  'asyncpg.PostgresError',
  'botocore.exceptions.BotoCoreError',
  'botocore.exceptions.ClientError',
  'builtins.OSError',
  'grpc.RpcError',
  'httpx.HTTPError',
  'kombu.exceptions.OperationalError',
  'psycopg.Error',
  'psycopg2.Error',
  'pymongo.errors.PyMongoError',
  'redis.exceptions.RedisError',
  'requests.RequestException',
  'smtplib.SMTPException',
  'sqlalchemy.exc.SQLAlchemyError',
  'stripe.StripeError',
  'subprocess.SubprocessError',
])

/**
 * Subclasses of these that are an outcome rather than a failure: what was asked for is not there, or is there already, or the other side hung up.
 */
export const OUTCOME_TYPES: ReadonlySet<string> = new Set([
  'asyncpg.IntegrityConstraintViolationError',
  'builtins.BlockingIOError',
  'builtins.BrokenPipeError',
  'builtins.ChildProcessError',
  'builtins.ConnectionAbortedError',
  'builtins.ConnectionResetError',
  'builtins.FileExistsError',
  'builtins.FileNotFoundError',
  'builtins.InterruptedError',
  'builtins.IsADirectoryError',
  'builtins.NotADirectoryError',
  'builtins.ProcessLookupError',
  'psycopg.IntegrityError',
  'psycopg2.IntegrityError',
  'pymongo.errors.DuplicateKeyError',
  'sqlalchemy.exc.IntegrityError',
  'sqlalchemy.exc.MultipleResultsFound',
  'sqlalchemy.exc.NoResultFound',
  'sqlalchemy.exc.NoSuchTableError',
])
