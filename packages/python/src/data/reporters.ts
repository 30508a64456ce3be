/** Functions that report a failure. */
export const REPORTERS: ReadonlySet<string> = new Set([
  'logfire.error',
  'logfire.exception',
  'newrelic.agent.notice_error',
  'newrelic.agent.record_exception',
  'rollbar.report_exc_info',
  'sentry_sdk.api.capture_exception',
  'sentry_sdk.api.capture_message',
  'sentry_sdk.capture_exception',
  'sentry_sdk.capture_message',
  'traceback.print_exc',
  'traceback.print_exception',
  'warnings.warn',
])

/** `span.record_exception()` of OpenTelemetry, whatever the span is called. */
export const REPORTING_METHODS: ReadonlySet<string> = new Set(['record_exception'])
