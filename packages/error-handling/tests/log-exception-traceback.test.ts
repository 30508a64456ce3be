import { python, RuleTester } from '@krait/rule-tester'
import { logExceptionTraceback } from '../src/rules/log-exception-traceback.ts'

const tester = new RuleTester()

tester.run('log-exception-traceback', logExceptionTraceback, {
  valid: [
    {
      name: 'the traceback is there',
      code: python`
        import logging, sys, traceback
        import sentry_sdk
        import structlog
        from loguru import logger as loguru

        logger = logging.getLogger(__name__)
        log = structlog.get_logger()

        def run(account):
            try:
                sync(account)
            except Exception as e:
                logger.exception("failed")
                logger.error("failed for %s", account)
            try:
                sync(account)
            except Exception as e:
                logger.error("failed", exc_info=True)
            try:
                sync(account)
            except Exception as e:
                logger.critical("failed", exc_info=e)
            try:
                sync(account)
            except Exception as e:
                log.error("failed", _exc_info=e)
            try:
                sync(account)
            except Exception as e:
                loguru.opt(exception=e).error("failed")
            try:
                sync(account)
            except Exception as e:
                logger.error("failed: %s", traceback.format_exc())
            try:
                sync(account)
            except Exception as e:
                logger.error("failed")
                sentry_sdk.capture_exception(e)
            try:
                sync(account)
            except Exception as e:
                logger.error("failed: %s", "".join(traceback.format_exception(e)))
            try:
                sync(account)
            except Exception as e:
                logger.error("failed")
                traceback.print_exc()
            try:
                sync(account)
            except Exception as e:
                logger.error("failed", **context)
            try:
                sync(account)
            except Exception as e:
                logger.error("failed", exc_info=False)
            try:
                sync(account)
            except Exception as e:
                logger.error("failed %s", e.__traceback__)
      `,
    },
    {
      name: 'every way raises or exits',
      code: python`
        import logging, sys

        logger = logging.getLogger(__name__)

        def run(account, attempt):
            try:
                sync(account)
            except Exception:
                logger.error("sync failed for %s, giving up", account.id)
                raise
            try:
                sync(account)
            except Exception as e:
                logger.error("failed")
                raise SyncError(account) from e
            try:
                sync(account)
            except Exception:
                logger.error("failed")
                sys.exit(1)
            try:
                sync(account)
            except Exception:
                if attempt == 3:
                    logger.error("giving up")
                    raise
                wait()
            try:
                sync(account)
            except Exception as e:
                logger.error("failed")
                if account:
                    raise ValueError from e
                else:
                    raise
      `,
    },
    {
      name: 'expected outcomes, other levels, other objects',
      code: python`
        import logging

        logger = logging.getLogger(__name__)

        def run(order, form):
            try:
                charge(order)
            except CardDeclined as e:
                logger.error("card declined: %s", e.code)
            except (ValueError, KeyError):
                logger.critical("wrong")
            except Exception as e:
                logger.warning("failed: %s", e)
                logger.log(logging.INFO, "failed")
                logger.log(level, "failed")
                form.error("failed")
                def later():
                    logger.error("failed")
            logger.error("outside")
            try:
                charge(order)
            except Exception:
                try:
                    undo(order)
                except ValueError:
                    logger.error("could not undo")
      `,
    },
    {
      name: 'functions of the project that record it',
      path: 'app/main.py',
      files: {
        'app/__init__.py': '',
        'app/errors.py': 'import traceback\nimport logging\n\ndef report(error):\n    save(error)\n\ndef save(error):\n    store(traceback.format_exception(error))\n\ndef text():\n    return traceback.format_exc()\n\ndef note(error):\n    logging.exception(error)\n',
      },
      code: python`
        import logging
        from app.errors import note, report, text

        logger = logging.getLogger(__name__)

        def run():
            try:
                sync()
            except Exception as e:
                logger.error("failed")
                report(e)
            try:
                sync()
            except Exception as e:
                logger.error("failed")
                note(e)
            try:
                sync()
            except Exception as e:
                logger.error("failed")
                logger.error(text())
            try:
                sync()
            except Exception as e:
                logger.error("failed")
                self.future.set_exception(e)
      `,
    },
    { path: 'tests/test_app.py', code: 'import logging\ntry:\n    run()\nexcept Exception:\n    logging.error("x")\n' },
  ],
  invalid: [
    {
      name: 'error becomes exception',
      code: python`
        import logging

        logger = logging.getLogger(__name__)

        try:
            sync(account)
        except Exception as e:
            logger.error("sync failed: %s", e)
      `,
      errors: [
        {
          messageId: 'exception',
          message: '`logger.error()` in `except Exception` drops the traceback. Use `logger.exception()` (or `exc_info=True`).',
          line: 8,
        },
      ],
      output: python`
        import logging

        logger = logging.getLogger(__name__)

        try:
            sync(account)
        except Exception as e:
            logger.exception("sync failed: %s", e)
      `,
    },
    {
      name: 'critical, fatal and log get exc_info; unresolved loggers; a bare except',
      code: python`
        import logging
        from logging import error

        class Hooks:
            async def run(self, payload):
                try:
                    await hook(payload)
                except:
                    self.log.critical("hook crashed")
                try:
                    await hook(payload)
                except (ValueError, BaseException):
                    self.log.fatal(
                        "hook crashed",
                    )
                try:
                    await hook(payload)
                except Exception:
                    logging.log(logging.ERROR, "hook crashed")
                try:
                    await hook(payload)
                except Exception:
                    error("hook crashed")
                try:
                    await hook(payload)
                except Exception:
                    logging.log(50, "hook crashed", exc_info=None)
      `,
      errors: [
        { messageId: 'excInfo', line: 9, message: '`self.log.critical()` in `except` drops the traceback. Pass `exc_info=True`.' },
        { messageId: 'excInfo', line: 13 },
        { messageId: 'excInfo', line: 19 },
        { messageId: 'excInfo', line: 23 },
        { messageId: 'excInfo', line: 27 },
      ],
      output: python`
        import logging
        from logging import error

        class Hooks:
            async def run(self, payload):
                try:
                    await hook(payload)
                except:
                    self.log.critical("hook crashed", exc_info=True)
                try:
                    await hook(payload)
                except (ValueError, BaseException):
                    self.log.fatal(
                        "hook crashed", exc_info=True,
                    )
                try:
                    await hook(payload)
                except Exception:
                    logging.log(logging.ERROR, "hook crashed", exc_info=True)
                try:
                    await hook(payload)
                except Exception:
                    error("hook crashed", exc_info=True)
                try:
                    await hook(payload)
                except Exception:
                    logging.log(50, "hook crashed", exc_info=True)
      `,
    },
    {
      name: 'arguments by name, and a comment behind the last one',
      code: python`
        import logging

        try:
            run()
        except Exception:
            logging.log(level=logging.ERROR, msg="failed")
        try:
            run()
        except Exception:
            logging.critical(
                "failed",  # for good
                # nobody restarts it
            )
      `,
      errors: [
        { messageId: 'excInfo', line: 6 },
        { messageId: 'excInfo', line: 10 },
      ],
      output: python`
        import logging

        try:
            run()
        except Exception:
            logging.log(level=logging.ERROR, msg="failed", exc_info=True)
        try:
            run()
        except Exception:
            logging.critical(
                "failed", exc_info=True,  # for good
                # nobody restarts it
            )
      `,
    },
    {
      name: 'loguru',
      code: python`
        from loguru import logger

        try:
            run()
        except Exception:
            logger.critical("failed")
        try:
            run()
        except Exception:
            logger.bind(a=1).error("failed")
      `,
      errors: [
        {
          messageId: 'optException',
          line: 6,
          suggestions: [
            {
              messageId: 'addTraceback',
              output: python`
                from loguru import logger

                try:
                    run()
                except Exception:
                    logger.opt(exception=True).critical("failed")
                try:
                    run()
                except Exception:
                    logger.bind(a=1).error("failed")
              `,
            },
          ],
        },
        { messageId: 'exception', line: 10 },
      ],
      output: python`
        from loguru import logger

        try:
            run()
        except Exception:
            logger.critical("failed")
        try:
            run()
        except Exception:
            logger.bind(a=1).exception("failed")
      `,
    },
    {
      name: 'only the first; ways that do not raise; a handler inside a function',
      code: python`
        import structlog

        log = structlog.get_logger()

        def run(rows):
            for row in rows:
                try:
                    load(row)
                except Exception as e:
                    log.error("failed", row=row)
                    log.error("failed again", error=str(e))
                    if row.fatal:
                        raise
      `,
      errors: [{ messageId: 'exception', line: 10 }],
      output: python`
        import structlog

        log = structlog.get_logger()

        def run(rows):
            for row in rows:
                try:
                    load(row)
                except Exception as e:
                    log.exception("failed", row=row)
                    log.error("failed again", error=str(e))
                    if row.fatal:
                        raise
      `,
    },
    {
      name: 'more levels',
      options: [{ levels: ['warning'] }],
      code: 'import logging\ntry:\n    run()\nexcept Exception:\n    logging.warning("x")\n    logging.error("y")\n',
      errors: [{ messageId: 'excInfo', line: 5 }],
      output: 'import logging\ntry:\n    run()\nexcept Exception:\n    logging.warning("x", exc_info=True)\n    logging.error("y")\n',
    },
  ],
})
