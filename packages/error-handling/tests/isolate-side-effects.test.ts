import { python, RuleTester } from '@krait/rule-tester'
import { isolateSideEffects } from '../src/rules/isolate-side-effects.ts'

const tester = new RuleTester()

tester.run('isolate-side-effects', isolateSideEffects, {
  valid: [
    {
      name: 'an effect with a try of its own, in every form of protection',
      code: python`
        import asyncio
        import contextlib
        import logging
        import smtplib
        from slack_sdk.errors import SlackApiError

        logger = logging.getLogger(__name__)

        def place(session, order):
            session.commit()
            try:
                send_receipt_email(order)
            except Exception:
                logger.exception("receipt for %s not sent", order.id)

        def suppressed(session, order):
            session.commit()
            with contextlib.suppress(Exception):
                send_receipt_email(order)

        def narrow(session, order, slack, server: smtplib.SMTP):
            session.commit()
            try:
                slack.chat_postMessage(text="x")
            except SlackApiError:
                logger.warning("slack is down")
            try:
                server.send_message(order)
            except (smtplib.SMTPException, OSError) as exc:
                logger.warning("mail: %s", exc)

        async def gathered(session, order):
            await session.commit()
            await asyncio.gather(send_receipt_email(order), notify_slack(order), return_exceptions=True)

        def sometimes(session, order):
            session.commit()
            try:
                send_receipt_email(order)
            except Exception:
                if settings.STRICT:
                    raise
      `,
    },
    {
      name: 'deferred effects',
      code: python`
        import asyncio
        from django.db import transaction

        async def f(session, order, background_tasks):
            session.add(order)
            await session.commit()
            background_tasks.add_task(send_receipt_email, order)
            send_receipt_email.delay(order.id)
            notify.apply_async((order.id,))
            transaction.on_commit(lambda: send_receipt_email(order))
            task = asyncio.create_task(send_receipt_email(order))
            order.tasks.add(task)
      `,
    },
    {
      name: 'functions and classes whose purpose is the message',
      code: python`
        def send_invoices(session, order):
            send_receipt_email(order)
            session.commit()

        def resetPassword(session, user):
            session.commit()
            send_reset_mail(user)

        class MailService:
            def place(self, session, order):
                session.commit()
                send_receipt_email(order)

            @property
            def last(self):
                self.session.commit()
                send_receipt_email(self)
      `,
    },
    {
      name: 'functions without a write, and paths without one',
      code: python`
        def look(session, order):
            session.get(Order, 1)
            notify_slack(order)

        def reading(session, order):
            with session.begin():
                session.get(Order, 1)
            notify_slack(order)

        def branches(session, order):
            if order.is_new:
                session.add(order)
                session.commit()
                return
            notify_slack(order)
      `,
    },
    {
      name: 'functions of the project that cannot fail, metrics in the process, sentry and logging',
      code: python`
        import logging
        import httpx
        import sentry_sdk
        from prometheus_client import Counter

        logger = logging.getLogger(__name__)
        PLACED = Counter("placed", "orders")

        def send_receipt_email(order):
            try:
                httpx.post("https://mail", json={})
            except Exception:
                logger.exception("not sent")

        def record_placed_metric(order):
            PLACED.inc()

        def f(session, order):
            session.commit()
            send_receipt_email(order)
            record_placed_metric(order)
            PLACED.inc()
            sentry_sdk.capture_message("placed")
            logger.info("placed")
      `,
    },
    {
      name: 'two effects, each on its own or on different paths',
      code: python`
        def f(session, order):
            session.commit()
            try:
                send_receipt_email(order)
            except Exception:
                logger.exception("mail")
            try:
                notify_slack(order)
            except Exception:
                logger.exception("slack")
            try:
                if order.is_big:
                    notify_slack(order)
                else:
                    send_receipt_email(order)
            except Exception:
                logger.exception("post")
            try:
                with suppress(Exception):
                    notify_slack(order)
                try:
                    notify_slack(order)
                except Exception:
                    logger.exception("slack")
                send_receipt_email(order)
            except Exception:
                logger.exception("post")
      `.replace('def f', 'from contextlib import suppress\ndef f'),
    },
    {
      name: 'the core in one try with an effect, where the handler only logs',
      code: python`
        def f(session, order):
            try:
                session.commit()
                notify_slack(order)
            except Exception:
                logger.exception("x")
      `,
    },
    { name: 'not auxiliary by an option', options: [{ auxiliary: [], notAuxiliary: ['notify_ledger'], messagePurpose: 'x^' }], code: 'def f(session, x):\n    session.commit()\n    notify_ledger(x)\n' },
    { name: 'another purpose', options: [{ auxiliary: [], notAuxiliary: [], messagePurpose: '^place$' }], code: 'def place(session, x):\n    session.commit()\n    notify_slack(x)\n' },
    { name: 'test code', path: 'tests/test_x.py', code: 'def f(session, x):\n    session.commit()\n    notify_slack(x)\n' },
    { name: 'a script', path: 'scripts/fix.py', code: 'def f(session, x):\n    session.commit()\n    notify_slack(x)\n' },
  ],
  invalid: [
    {
      name: 'an effect behind the commit',
      code: python`
        import logging
        from sqlalchemy.orm import Session

        logger = logging.getLogger(__name__)

        def place_order(session: Session, order: Order) -> Order:
            session.add(order)
            session.commit()
            send_receipt_email(order)  # thanks
            return order
      `,
      errors: [
        {
          messageId: 'saved',
          line: 9,
          message:
            'If `send_receipt_email()` fails, `place_order()` fails too although the data is already saved. Give it its own `try/except` (log and go on), ' +
            'or hand it to a background task.',
          suggestions: [
            {
              messageId: 'wrap',
              output: python`
                import logging
                from sqlalchemy.orm import Session

                logger = logging.getLogger(__name__)

                def place_order(session: Session, order: Order) -> Order:
                    session.add(order)
                    session.commit()
                    try:
                        send_receipt_email(order)  # thanks
                    except Exception:
                        logger.exception("send_receipt_email() failed")
                    return order
              `,
            },
          ],
        },
      ],
    },
    {
      name: 'two effects in one try',
      code: python`
        import logging

        logger = logging.getLogger(__name__)

        def hooks(session, order, slack, statsd):
            session.commit()
            try:
                slack.chat_postMessage(channel=CH, text=t)
                statsd.increment("orders.placed")
                notify_admins(order)
            except Exception:
                logger.exception("post-order hooks failed")
      `,
      errors: [
        { messageId: 'shared', line: 9, message: 'If `slack.chat_postMessage()` fails, `statsd.increment()` is skipped: they share one `try`. Wrap each on its own.', suggestions: 1 },
        { messageId: 'shared', line: 10, suggestions: 1 },
      ],
    },
    {
      name: 'two effects in one suppress, and at the level of the module',
      code: python`
        import contextlib

        def hooks(session, order):
            session.commit()
            with contextlib.suppress(Exception):
                notify_slack(order)
                send_receipt_email(order)

        try:
            slack.chat_postMessage(channel=CH, text=t)
            statsd.increment("orders.placed")
        except Exception:
            logger.exception("post-order hooks failed")
      `,
      errors: [
        { messageId: 'shared', line: 7, message: /they share one `with`/ },
        { messageId: 'shared', line: 11 },
      ],
    },
    {
      name: 'wrapped with the core',
      code: python`
        def back(session, order):
            try:
                session.add(order)
                session.commit()
                notify_slack(order)
            except Exception:
                session.rollback()

        def again(session, order):
            try:
                session.commit()
                notify_slack(order)
            except Exception as exc:
                raise Failed from exc

        def error(session, order):
            try:
                session.commit()
                notify_slack(order)
            except Exception as exc:
                return {"error": str(exc)}
            return {}
      `,
      errors: [
        { messageId: 'saved', line: 5 },
        { messageId: 'saved', line: 12 },
        { messageId: 'saved', line: 19 },
      ],
    },
    {
      name: 'other ways in which nothing is protected',
      code: python`
        import asyncio
        import smtplib

        def before(session, order):
            notify_slack(order)
            session.add(order)

        def narrow(session, order):
            session.commit()
            try:
                notify_slack(order)
            except ValueError:
                pass

        def again(session, order):
            session.commit()
            try:
                notify_slack(order)
            except Exception:
                logger.exception("x")
                raise

        def behind(session, order):
            session.commit()
            try:
                order.check()
            except Exception:
                logger.exception("x")
            else:
                notify_slack(order)

        async def gathered(session, order):
            await session.commit()
            await asyncio.gather(notify_slack(order), other(order))

        def block(session, order):
            with session.begin():
                session.add(order)
            notify_slack(order)

        class Orders:
            async def place(self, order):
                self.session.add(order)
                await self.session.commit()
                await self.mailer.send_welcome(order)
                for admin in order.admins:
                    with smtplib.SMTP("h") as server:
                        server.sendmail("a", "b", "c")
      `,
      errors: [
        { messageId: 'unprotected', line: 5, message: /although it saves data that does not depend on it/ },
        { messageId: 'saved', line: 11 },
        { messageId: 'saved', line: 18 },
        { messageId: 'saved', line: 30 },
        { messageId: 'saved', line: 34 },
        { messageId: 'saved', line: 39 },
        { messageId: 'saved', line: 45 },
        { messageId: 'saved', line: 48 },
      ],
    },
    {
      name: 'functions of the project',
      files: {
        'app/mail.py': 'import httpx\n\nclass Mailer:\n    def __init__(self):\n        self.http = httpx.Client()\n\n    def send_receipt_email(self, order):\n        self.http.post("/mail")\n\nasync def notify_admins(order):\n    httpx.post("https://x")\n',
        'app/repo.py': 'class Repo:\n    def __init__(self, session):\n        self.session = session\n    def save(self, x):\n        self.session.add(x)\n        self.session.commit()\n',
      },
      code: python`
        from app.mail import Mailer, notify_admins
        from app.repo import Repo

        async def place(repo: Repo, mailer: Mailer, order):
            repo.save(order)
            mailer.send_receipt_email(order)
            await notify_admins(order)
            later = notify_admins(order)
      `,
      errors: [
        { messageId: 'saved', line: 6 },
        { messageId: 'saved', line: 7 },
      ],
    },
    {
      name: 'more by an option and by settings',
      options: [{ auxiliary: ['app.crm.*'], notAuxiliary: [], messagePurpose: '(?i)mail' }],
      settings: { effects: { auxiliary: ['app.erp.push'] } },
      code: python`
        from app.crm import touch
        from app.erp import push

        def place(session, order):
            session.commit()
            touch(order)
            push(order)
      `,
      errors: [
        { messageId: 'saved', line: 6 },
        { messageId: 'saved', line: 7 },
      ],
    },
    {
      name: 'a suggestion for a call over several lines, and none where it is used',
      code: python`
        from app.log import logger

        async def place(session, order):
            await session.commit()
            await notify_slack(
                order,
                "text",
            )
            done = notify_slack(order)
      `,
      errors: [
        {
          messageId: 'saved',
          line: 5,
          suggestions: [
            {
              messageId: 'wrap',
              output: python`
                from app.log import logger

                async def place(session, order):
                    await session.commit()
                    try:
                        await notify_slack(
                            order,
                            "text",
                        )
                    except Exception:
                        logger.exception("notify_slack() failed")
                    done = notify_slack(order)
              `,
            },
          ],
        },
        { messageId: 'saved', line: 9 },
      ],
    },
  ],
})

const SCOPE = `from contextlib import contextmanager
from sqlalchemy import select
from sqlalchemy.orm import Session, sessionmaker

SessionLocal = sessionmaker()

@contextmanager
def scope():
    session = SessionLocal()
    yield session
    session.commit()

def count():
    with scope() as session:
        return session.scalar(select(1))

def save(order):
    with scope() as session:
        session.add(order)
`

tester.run('isolate-side-effects: functions that commit', isolateSideEffects, {
  valid: [{ name: 'what has only read', code: `${SCOPE}\ndef report():\n    counts = count()\n    track_usage_event(counts)\n` }],
  invalid: [{ name: 'what has written', code: `${SCOPE}\ndef place(order):\n    save(order)\n    track_usage_event(order)\n`, errors: [{ messageId: 'saved', line: 23 }] }],
})
