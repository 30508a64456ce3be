import { python, RuleTester } from '@krait/rule-tester'
import { structuredLogMessage } from '../src/rules/structured-log-message.ts'

const tester = new RuleTester()

tester.run('structured-log-message', structuredLogMessage, {
  valid: [
    {
      name: 'constant messages',
      code: python`
        import logging
        import structlog
        from loguru import logger as loguru
        from app.version import VERSION

        logger = logging.getLogger(__name__)
        log = structlog.get_logger()
        NAME = "billing"
        PREFIX = "a: "

        def run(order, level, count):
            logger.info("order %s paid", order.id)
            logger.info("order paid", extra={"order_id": order.id})
            log.info("order_paid", order_id=order.id)
            loguru.info("order {} paid", order.id)
            logger.info(f"plain")
            logger.info(f"started {VERSION} of {NAME}")
            logger.info("a " "b")
            logger.info("a " + "b")
            logger.info(PREFIX + "b")
            logger.info(order.text)
            logger.info(describe(order))
            logger.info(count + order.count)
            logger.log(level, "order %s", order.id)
            logger.log(f"{level}", "x")
            logger.error("failed", f"{order.id}")
            logger.info()
      `,
    },
    {
      name: 'a text that is also used otherwise',
      code: python`
        import logging

        logger = logging.getLogger(__name__)
        TEXT = "module %s" % 1
        logger.info(TEXT)

        def raised(path):
            msg = f"no {path}"
            logger.error(msg)
            raise ValueError(msg)

        def returned(path):
            msg = f"no {path}"
            logger.error(msg)
            return msg

        def stored(self, path):
            msg = f"no {path}"
            logger.error(msg)
            self.messages.append(msg)

        def two(path):
            if path:
                msg = f"no {path}"
            else:
                msg = "none"
            logger.error(msg)

        def given(msg):
            logger.error(msg)

        def constant():
            msg = "none"
            logger.error(msg)
      `,
    },
    {
      name: 'no loggers',
      code: python`
        import click
        import warnings

        def run(inspector, path):
            inspector.info(f"a {path}")
            print(f"a {path}")
            click.echo(f"a {path}")
            raise ValueError(f"a {path}")
      `,
    },
    { options: [{ ignoreLevels: ['debug'] }], code: 'import logging\nlogging.debug(f"{x}")\n' },
    { path: 'tests/test_x.py', code: 'import logging\nlogging.debug(f"{x}")\n' },
  ],
  invalid: [
    {
      name: 'a message that is given by name',
      code: python`
        import logging
        import structlog

        logger = logging.getLogger(__name__)
        log = structlog.get_logger()

        def f(order):
            logger.info(msg=f"order {order} paid")
            log.info(event=f"order {order} paid")
            log.info("order_paid", order=f"order {order}")
      `,
      errors: [
        { messageId: 'interpolated', line: 8 },
        { messageId: 'interpolated', line: 9 },
      ],
    },
    {
      name: 'the forms, with logging',
      code: python`
        import logging

        logger = logging.getLogger(__name__)

        class Service:
            def run(self, order, pct, path):
                logger.info(f"order {order.id} paid")
                logger.warning("quota at {}%".format(pct))
                self.logger.error("upload failed: " + path)
                logger.error("failed %s of %s" % (order.id, path))
                logger.exception("failed %d" % pct)
                logger.log(logging.INFO, f"100% of {pct}", exc_info=True)
                logging.info("a " f"b {path}")
                logger.debug(("order %s" % order.id))
                logger.critical(f"{order!r} and {pct:.2f}")
                logger.info("order " + str(order.id) + " paid")
      `,
      errors: [
        {
          messageId: 'interpolatedWithExample',
          message:
            'The message of `logger.info()` interpolates `order.id`: each call logs a different text. Keep the message constant and pass the value as an argument or field: `logger.info("order %s paid", order.id)`.',
          line: 7,
          suggestions: 1,
        },
        { messageId: 'interpolatedWithExample', line: 8, data: { call: 'logger.warning', value: 'pct', example: 'logger.warning("quota at %s%%", pct)' }, suggestions: 1 },
        { messageId: 'interpolatedWithExample', line: 9, data: { call: 'self.logger.error', value: 'path', example: 'self.logger.error("upload failed: %s", path)' }, suggestions: 1 },
        { messageId: 'interpolatedWithExample', line: 10, data: { call: 'logger.error', value: 'order.id', example: 'logger.error("failed %s of %s", order.id, path)' }, suggestions: 1 },
        { messageId: 'interpolated', line: 11 },
        {
          messageId: 'interpolatedWithExample',
          line: 12,
          data: { call: 'logger.log', value: 'pct', example: 'logger.log(logging.INFO, "100%% of %s", pct)' },
          suggestions: 1,
        },
        { messageId: 'interpolatedWithExample', line: 13, data: { call: 'logging.info', value: 'path', example: 'logging.info("a b %s", path)' }, suggestions: 1 },
        { messageId: 'interpolatedWithExample', line: 14, suggestions: 1 },
        {
          messageId: 'interpolated',
          line: 15,
          message: 'The message of `logger.critical()` interpolates `order`: each call logs a different text. Keep the message constant and pass the value as an argument or field.',
        },
        { messageId: 'interpolatedWithExample', line: 16, data: { call: 'logger.info', value: 'order.id', example: 'logger.info("order %s paid", order.id)' }, suggestions: 1 },
      ],
    },
    {
      name: 'a text built before',
      code: python`
        import logging

        logger = logging.getLogger(__name__)

        def run(path):
            msg = f"no {path}"
            logger.error(msg)
            logger.debug(msg)

        def again(path, other):
            message = "a" + path
            logger.info(message)
            message = "b %s" % other
            logger.info(message)
      `,
      errors: [
        { messageId: 'interpolated', line: 7 },
        { messageId: 'interpolated', line: 8 },
        { messageId: 'interpolated', line: 12 },
        { messageId: 'interpolated', line: 14 },
      ],
    },
    {
      name: 'structlog and loguru',
      code: python`
        import structlog
        from loguru import logger

        log = structlog.get_logger().bind(a=1)

        def run(order, path):
            log.info(f"order {order.id} paid by {path}", user=1)
            logger.info(f"order {order.id} paid")
      `,
      errors: [
        {
          line: 7,
          suggestions: [
            {
              messageId: 'passValues',
              output: python`
                import structlog
                from loguru import logger

                log = structlog.get_logger().bind(a=1)

                def run(order, path):
                    log.info("order paid by", id=order.id, path=path, user=1)
                    logger.info(f"order {order.id} paid")
              `,
            },
          ],
        },
        {
          line: 8,
          suggestions: [
            {
              messageId: 'passValues',
              output: python`
                import structlog
                from loguru import logger

                log = structlog.get_logger().bind(a=1)

                def run(order, path):
                    log.info(f"order {order.id} paid by {path}", user=1)
                    logger.info("order {} paid", order.id)
              `,
            },
          ],
        },
      ],
    },
  ],
})
