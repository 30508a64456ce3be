import { loggingCall } from '@krait/python'
import { describe, expect, it } from 'vitest'
import { answersByCall, callsThat, contextOf } from '../helpers/rule-context.ts'
import type { ContextOptions } from '../helpers/rule-context.ts'

/** The logging calls among the calls of `info`, `error` and so on. */
function logging(text: string, options?: ContextOptions): string[] {
  return callsThat(contextOf(text, options), loggingCall)
}

describe('loggingCall', () => {
  it('knows the loggers of the usual libraries', () => {
    expect(
      logging(`
        import logging
        import logging as std
        import structlog
        from celery.utils.log import get_task_logger
        from flask import current_app
        from logging import getLogger, info, LoggerAdapter
        from loguru import logger as loguru

        one = logging.getLogger(__name__)
        two = getLogger("x").getChild("y")
        three = LoggerAdapter(one, {})
        four = structlog.get_logger().bind(a=1)
        five = structlog.stdlib.get_logger()
        six = get_task_logger(__name__)
        one.debug(1)
        two.info(1)
        three.warning(1)
        four.error(1)
        five.exception(1)
        six.critical(1)
        std.warn(1)
        info(1)
        loguru.opt(exception=True).success(1)
        current_app.logger.error(1)
        logging.getLogger("x").log(1, 2)
        say = one.info
        say(1)
      `).filter((call) => call.endsWith('1)') || call.endsWith('2)')),
    ).toEqual([
      'one.debug(1)',
      'two.info(1)',
      'three.warning(1)',
      'four.error(1)',
      'five.exception(1)',
      'six.critical(1)',
      'std.warn(1)',
      'info(1)',
      'loguru.opt(exception=True).success(1)',
      'current_app.logger.error(1)',
      'logging.getLogger("x").log(1, 2)',
      'say(1)',
    ])
  })

  it("knows the project's own loggers, functions and properties that give one", () => {
    const files = {
      'app/__init__.py': '',
      'app/log.py': `
        import logging

        class AuditLogger(logging.Logger): ...

        audit = AuditLogger("audit")

        def get_logger(name):
            return logging.getLogger(name)

        def annotated() -> logging.LoggerAdapter: ...

        class Base:
            trail = logging.getLogger("trail")

            @property
            def journal(self):
                return get_logger("x")

            def diary(self):
                return self.journal
      `,
    }
    expect(
      logging(
        `
          import logging
          from app.log import annotated, audit, AuditLogger, Base, get_logger

          audit.info(1)
          get_logger("x").info(1)
          made = get_logger("x")
          made.info(1)
          annotated().info(1)

          class Service(Base):
              def run(self, given: logging.Logger, own: AuditLogger):
                  self.journal.info(1)
                  self.trail.info(1)
                  given.info(1)
                  own.error(1)
        `,
        { files },
      ),
    ).toEqual([
      'audit.info(1)',
      'get_logger("x").info(1)',
      'made.info(1)',
      'annotated().info(1)',
      'self.journal.info(1)',
      'self.trail.info(1)',
      'given.info(1)',
      'own.error(1)',
    ])
  })

  it('goes by the name where nothing is known', () => {
    expect(
      logging(`
        from vendor import LOGGER, other

        def run(self, log, request):
            log.info(1)
            self._logger.error(1)
            LOGGER.debug(1)
            request.app.logger.exception(1)
            other.info(1)
            self.catalog.info(1)
            self.login.error(1)
            log.append(1)
      `),
    ).toEqual(['log.info(1)', 'self._logger.error(1)', 'LOGGER.debug(1)', 'request.app.logger.exception(1)'])
  })

  it('does not take what is known to be something else for a logger', () => {
    expect(
      logging(`
        import math

        class EventLog:
            def info(self, text): ...

        log = EventLog()
        logger = []

        def run(_log: EventLog):
            log.info(1)
            logger.error(1)
            _log.info(1)
            math.log(1)
      `),
    ).toEqual([])
  })

  it('knows what a logger gives that goes by its name, and one behind a rebound name, an attribute or a union', () => {
    expect(
      logging(`
        import logging
        import structlog
        from loguru import logger as loguru

        class Service:
            def __init__(self, log, given: logging.Logger | logging.LoggerAdapter, typed: "structlog.stdlib.BoundLogger"):
                self.log = log
                self.audit = logging.LoggerAdapter(log, {"a": 1})
                self.trail = structlog.get_logger(__name__)
                self.diary = loguru.bind(name="diary")
                self.typed = typed
                given.info(1)

            def run(self, request):
                self.log.bind(a=1).info(1)
                self.log.getChild("x").error(1)
                self.log.bind(a=1).new(b=2).error(1)
                self.audit.info(1)
                self.trail.bind(a=1).error(1)
                self.diary.info(1)
                self.typed.info(1)
                bound = self.log.bind(a=1)
                bound.error(1)
                event = structlog.get_logger()
                event = event.bind(a=1)
                event.info(1)
                request.state.bind(a=1).info(1)
      `),
    ).toEqual([
      'given.info(1)',
      'self.log.bind(a=1).info(1)',
      'self.log.getChild("x").error(1)',
      'self.log.bind(a=1).new(b=2).error(1)',
      'self.audit.info(1)',
      'self.trail.bind(a=1).error(1)',
      'self.diary.info(1)',
      'self.typed.info(1)',
      'bound.error(1)',
      'event.info(1)',
    ])
  })

  it("takes the project's own module for what it is", () => {
    const files = { 'app/__init__.py': '', 'app/log.py': 'from logging import error\ndef info(text): ...\n' }
    expect(logging('from app import log\nlog.info(1)\nlog.error(1)\n', { files })).toEqual(['log.error(1)'])
  })

  it('takes more names from the settings', () => {
    const settings = { logging: { loggerNames: ['audit', 'vendor.trail'] } }
    expect(logging('from vendor import trail as t, audit\naudit.info(1)\nself.audit.info(1)\nt.error(1)\nother.info(1)\n', { settings })).toEqual([
      'audit.info(1)',
      'self.audit.info(1)',
      't.error(1)',
    ])
  })

  it('gives the method and the logger', () => {
    const opened = contextOf('import logging\nlog = logging.getLogger()\nlog.error("x")\n')
    const found = answersByCall(opened, loggingCall).flatMap(([, call]) => (call ? [[call.method, call.logger?.text]] : []))
    expect(found).toEqual([['error', 'log']])
  })
})
