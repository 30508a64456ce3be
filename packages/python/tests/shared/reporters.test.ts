import { isLoggingOrReporterCall, isReporterCall } from '@krait/python'
import { describe, expect, it } from 'vitest'
import { callsThat, contextOf } from '../helpers/rule-context.ts'

const files = {
  'app/__init__.py': '',
  'app/report.py': `
    import logging
    import sentry_sdk
    import structlog

    logger = logging.getLogger(__name__)

    def direct(error):
        logger.error(error)

    def through(error):
        direct(error)

    def deeper(error):
        through(error)

    def too_deep(error):
        deeper(error)

    def tracked(error):
        sentry_sdk.capture_exception(error)

    def bound(error):
        structlog.get_logger().bind(a=1).error(error)

    def silent(error):
        error.count()

    def cycle(error):
        cycle(error)

    def nested(error):
        def inner():
            logger.error(error)
        return inner

    def calls_nested(error):
        def inner():
            logger.error(error)
        inner()

    class Base:
        def complain(self, error):
            self.log(error)

        def log(self, error):
            self.logger.exception(error)

    class Reporter(Base):
        def __init__(self):
            logger.info("made")
  `,
}

describe('isReporterCall', () => {
  it('knows the trackers, whatever they are imported as', () => {
    const opened = contextOf(`
      import traceback
      import warnings
      import newrelic.agent
      import rollbar
      from sentry_sdk import capture_exception as report, set_tag

      def run(span, error):
          report(error)
          traceback.print_exc()
          warnings.warn("x")
          rollbar.report_exc_info()
          newrelic.agent.notice_error()
          span.record_exception(error)
          set_tag("a", 1)
          print(error)
    `)
    expect(callsThat(opened, isReporterCall)).toEqual([
      'report(error)',
      'traceback.print_exc()',
      'warnings.warn("x")',
      'rollbar.report_exc_info()',
      'newrelic.agent.notice_error()',
      'span.record_exception(error)',
    ])
  })

  it('follows functions, methods and constructors of the project to depth 3', () => {
    const opened = contextOf(
      `
        from app import report
        from app.report import Reporter, bound, calls_nested, cycle, deeper, direct, nested, silent, through, too_deep, tracked

        def run(error):
            direct(error)
            through(error)
            deeper(error)
            too_deep(error)
            tracked(error)
            bound(error)
            silent(error)
            cycle(error)
            nested(error)
            calls_nested(error)
            report.direct(error)
            Reporter().complain(error)
      `,
      { files },
    )
    expect(callsThat(opened, isReporterCall)).toEqual([
      'direct(error)',
      'through(error)',
      'deeper(error)',
      'tracked(error)',
      'bound(error)',
      'calls_nested(error)',
      'report.direct(error)',
      'Reporter().complain(error)',
      'Reporter()',
    ])
  })

  it('takes more from the settings', () => {
    const settings = { logging: { reporters: ['page_somebody', 'vendor.alert'] } }
    const opened = contextOf('from vendor import alert\nfrom pager import page_somebody\nalert(1)\npage_somebody(1)\nother(1)\n', { settings })
    expect(callsThat(opened, isReporterCall)).toEqual(['alert(1)', 'page_somebody(1)'])
  })
})

describe('isLoggingOrReporterCall', () => {
  it('takes both', () => {
    const opened = contextOf('import logging, traceback\nlogging.info(1)\ntraceback.print_exc()\nlen("x")\n')
    expect(callsThat(opened, isLoggingOrReporterCall)).toEqual(['logging.info(1)', 'traceback.print_exc()'])
  })
})
