/** Library functions and methods that never come back: they raise or end the process. */
export const NEVER_RETURNING: ReadonlySet<string> = new Set([
  'argparse.ArgumentParser.error',
  'argparse.ArgumentParser.exit',
  'builtins.exit',
  'builtins.quit',
  'click.Context.abort',
  'click.Context.exit',
  'click.Context.fail',
  'flask.abort',
  'os._exit',
  'os.abort',
  'pytest.exit',
  'pytest.fail',
  'pytest.skip',
  'pytest.xfail',
  'sys.exit',
  'typing.assert_never',
  'unittest.TestCase.fail',
  'unittest.TestCase.skipTest',
  'werkzeug.exceptions.abort',
])

/** Context managers of libraries that may stop an exception. */
export const SWALLOWING: ReadonlySet<string> = new Set([
  'anyio.CancelScope',
  'anyio.move_on_after',
  'anyio.move_on_at',
  'contextlib.suppress',
  'pytest.RaisesGroup',
  'pytest.raises',
  'trio.CancelScope',
  'trio.move_on_after',
  'trio.move_on_at',
])

/** Methods of test cases that do, by their name alone. */
export const SWALLOWING_METHODS: ReadonlySet<string> = new Set(['assertRaises', 'assertRaisesRegex', 'subTest'])

/** Calls that raise nothing in programs that make sense. */
export const NEVER_RAISING: ReadonlySet<string> = new Set([
  'builtins.callable',
  'builtins.id',
  'builtins.isinstance',
  'builtins.issubclass',
  'builtins.len',
  'builtins.object',
  'builtins.type',
  'datetime.datetime.now',
  'datetime.datetime.utcnow',
  'logging.getLogger',
  'structlog.get_logger',
  'time.monotonic',
  'time.monotonic_ns',
  'time.perf_counter',
  'time.perf_counter_ns',
  'time.process_time',
  'time.time',
  'time.time_ns',
  'uuid.uuid4',
])

/** How loggers are called, and their methods: errors of logging are reported by `logging` itself. */
export const LOGGER_NAME = /(^|\.)_?(log|logger|LOG|LOGGER)$/
export const LOGGING_METHODS: ReadonlySet<string> = new Set(['critical', 'debug', 'error', 'exception', 'info', 'log', 'warn', 'warning'])
