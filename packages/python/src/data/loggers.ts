/** Loggers by name; the module `logging` logs to the root logger. */
export const LOGGERS: ReadonlySet<string> = new Set(['logging', 'logging.root', 'loguru.logger', 'flask.current_app.logger'])

/** Functions that give a logger. */
export const LOGGER_FACTORIES: ReadonlySet<string> = new Set([
  'celery.utils.log.get_logger',
  'celery.utils.log.get_task_logger',
  'logging.getLogger',
  'structlog.get_logger',
  'structlog.getLogger',
  'structlog.stdlib.get_logger',
  'structlog.wrap_logger',
])

/** Classes of loggers. */
export const LOGGER_CLASSES: ReadonlySet<string> = new Set([
  'logging.Logger',
  'logging.LoggerAdapter',
  'loguru.Logger',
  'structlog.BoundLogger',
  'structlog.stdlib.BoundLogger',
  'structlog.typing.BindableLogger',
  'structlog.typing.FilteringBoundLogger',
  'structlog.types.FilteringBoundLogger',
])

/** Methods of a logger that give a logger. */
export const LOGGER_DERIVING_METHODS: ReadonlySet<string> = new Set(['bind', 'getChild', 'new', 'opt', 'patch', 'try_unbind', 'unbind'])

/** What a logger that is not resolved is called, alone or behind a dot. */
export const LOGGER_NAMES: ReadonlySet<string> = new Set(['log', 'logger', '_log', '_logger', 'LOG', 'LOGGER', '_LOGGER'])

/** Methods of a logger that write to the log. */
export const LOGGING_METHODS: ReadonlySet<string> = new Set([
  'critical',
  'debug',
  'error',
  'exception',
  'fatal',
  'info',
  'log',
  'notice',
  'success',
  'trace',
  'warn',
  'warning',
])
