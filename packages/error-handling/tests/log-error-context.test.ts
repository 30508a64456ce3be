import { python, RuleTester } from '@krait/rule-tester'
import { logErrorContext } from '../src/rules/log-error-context.ts'

const tester = new RuleTester()

tester.run('log-error-context', logErrorContext, {
  valid: [
    {
      name: 'the line has values',
      code: python`
        import logging
        import structlog

        logger = logging.getLogger(__name__)
        log = structlog.get_logger()

        def run(order_id, options):
            logger.error("capture failed for order %s", order_id)
            logger.error("capture failed", extra={"order_id": order_id})
            log.error("capture_failed", order_id=order_id)
            logger.error(f"capture failed for {order_id}")
            logger.error("capture failed", **options)
            logger.error("capture failed", *options)
            logger.error(describe(order_id))
            logger.warning("capture failed")
            logger.info("capture failed")
            try:
                capture(order_id)
            except ValueError:
                logger.error("capture failed")
                logger.debug("order %s", order_id)
      `,
    },
    {
      name: 'nothing that identifies is in scope',
      code: python`
        import logging

        logger = logging.getLogger(__name__)
        order_id = 1
        logger.error("failed")

        class Service:
            def run(self, valid, paid, count):
                logger.error("failed")
                if count:
                    row_id = 1
                logger.error("failed")

            def outer(self, order_id):
                def inner():
                    logger.error("failed")
                return inner

            def tested(self, order_id, row_id=None):
                if not order_id and row_id is None:
                    logger.error("no order")

            def cleared(self, order_id):
                order_id = None
                logger.error("failed")

            def flag(self, is_known_id: bool):
                logger.error("failed")

            def after(self):
                logger.error("failed")
                order_id = 1
                return order_id
      `,
    },
    {
      name: 'context is bound',
      code: python`
        import logging
        import structlog
        from loguru import logger as loguru
        from structlog.contextvars import bind_contextvars, bound_contextvars

        logger = logging.getLogger(__name__)

        def bind_order(order_id):
            bind_contextvars(order_id=order_id)

        class Service:
            def __init__(self, order):
                self.log = structlog.get_logger().bind(order=order)
                self.adapter = logging.LoggerAdapter(logger, {"order": order})

            @property
            def own_log(self):
                return structlog.get_logger().bind(order=self.order)

            def run(self, order_id):
                self.log.error("failed")
                self.adapter.error("failed")
                self.own_log.error("failed")

        def run(order_id, log: structlog.stdlib.BoundLogger):
            local = structlog.get_logger().bind(order_id=order_id)
            local.error("failed")
            loguru.bind(order_id=order_id).error("failed")
            again = structlog.get_logger()
            again = again.new(order_id=order_id)
            again.error("failed")
            adapter = logging.LoggerAdapter(logger, extra={"order": order_id})
            adapter.error("failed")
            log.error("failed")
            with loguru.contextualize(order_id=order_id):
                loguru.error("failed")
            with bound_contextvars(order_id=order_id), open("x") as f:
                logger.error("failed")

        def later(order_id):
            structlog.contextvars.bind_contextvars(order_id=order_id)
            logger.error("failed")

        def by_function(order_id):
            bind_order(order_id)
            logger.error("failed")
      `,
    },
    {
      name: 'classes without an id, and no loggers',
      path: 'app/main.py',
      files: { 'app/__init__.py': '', 'app/models.py': 'from pydantic import BaseModel\n\nclass Point(BaseModel):\n    x: int\n\nclass Plain:\n    id: int\n' },
      code: python`
        import logging
        from app.models import Plain, Point

        def run(point: Point, plain: Plain, form):
            logging.error("failed")
            form.error("failed")

        def other(form_id, form):
            form.error("failed")
            error("failed")
      `,
    },
    { path: 'tests/test_x.py', code: 'import logging\ndef run(order_id):\n    logging.error("x")\n' },
  ],
  invalid: [
    {
      name: 'parameters, loop variables, locals',
      code: python`
        import logging
        import structlog
        from logging import error
        from loguru import logger as loguru

        logger = logging.getLogger(__name__)
        log = structlog.get_logger().bind(service="billing")
        FAILED = "payment failed"

        def capture(order_id):
            try:
                gateway.capture(order_id)
            except GatewayError:
                logger.exception("payment failed")
                raise

        def close_all(invoice_ids):
            for invoice_id in invoice_ids:
                if not close(invoice_id):
                    log.error("could_not_close_invoice", exc_info=True)

        def read(path):
            filename = path.name
            error(FAILED)
            loguru.critical("cannot " "read")
            try:
                load(path)
            except OSError:
                logging.warning("failed")

        class Service:
            async def run(self, order_id: int | None = None, *, uuid):
                self.logger.fatal("failed", stack_info=True)
                empty = logging.LoggerAdapter(logger, {})
                empty.error("failed")
                structlog.get_logger().bind().error("failed")
      `,
      errors: [
        {
          messageId: 'bare',
          message:
            '`logger.exception("payment failed")` says nothing about which one, though `order_id` is at hand. Add it: `logger.exception("payment failed", extra={"order_id": order_id})`.',
          line: 14,
        },
        {
          messageId: 'bare',
          line: 20,
          data: {
            call: 'log.error("could_not_close_invoice", exc_info=True)',
            value: 'invoice_id',
            example: 'log.error("could_not_close_invoice", exc_info=True, invoice_id=invoice_id)',
          },
        },
        { line: 24 },
        { messageId: 'bare', line: 25, data: { call: 'loguru.critical("cannot " "read")', value: 'filename', example: 'loguru.critical("cannot " "read", filename=filename)' } },
        { line: 29 },
        { line: 33 },
        { line: 35 },
        { line: 36 },
      ],
    },
    {
      name: 'objects that have an id',
      path: 'app/main.py',
      files: {
        'app/__init__.py': '',
        'app/models.py': python`
          from dataclasses import dataclass
          from pydantic import BaseModel
          from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

          class Base(DeclarativeBase): ...

          class Order(Base):
              __tablename__ = "order"
              id: Mapped[int] = mapped_column(primary_key=True)

          class Payment(BaseModel):
              order_id: int

          @dataclass
          class Event:
              uuid: str
        `,
      },
      code: python`
        import logging
        from app.models import Event, Order, Payment

        def one(order: Order):
            logging.error("failed")

        def two(payment: Payment | None):
            logging.error("failed")

        def three(row):
            event: Event = load(row)
            logging.error("failed")
      `,
      errors: [
        { messageId: 'bare', line: 5, data: { call: 'logging.error("failed")', value: 'order.id', example: 'logging.error("failed", extra={"order_id": order.id})' } },
        { messageId: 'bare', line: 8, data: { call: 'logging.error("failed")', value: 'payment.order_id', example: 'logging.error("failed", extra={"order_id": payment.order_id})' } },
        { messageId: 'bare', line: 12, data: { call: 'logging.error("failed")', value: 'event.uuid', example: 'logging.error("failed", extra={"event_uuid": event.uuid})' } },
      ],
    },
    {
      name: 'another pattern',
      options: [{ identifierPattern: '(?i)_KEY$' }],
      code: 'import logging\n\ndef run(api_key, order_id):\n    logging.error("x")\n\ndef other(order_id):\n    logging.error("x")\n',
      errors: [{ line: 4 }],
    },
  ],
})
