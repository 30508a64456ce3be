import { python, RuleTester } from '@krait/rule-tester'
import { noLogOnlyBroadExcept } from '../src/rules/no-log-only-broad-except.ts'

const tester = new RuleTester()
const logOnly = 'logOnly'
const HEAD = 'import logging\n\nlogger = logging.getLogger(__name__)\n\n'

tester.run('no-log-only-broad-except', noLogOnlyBroadExcept, {
  valid: [
    {
      name: 'a value by which the caller can tell the failure',
      code: HEAD + python`
        async def rate_for(self, session, currency: str):
            try:
                session.add(currency)
                return (await self.client.get_rate(currency)).value
            except Exception:
                logger.exception("rate lookup failed", currency=currency)
                return None

        def flag(session, x):
            try:
                session.add(x)
            except Exception:
                logger.exception("x")
                return False
            return True

        def error(session, x):
            try:
                session.add(x)
            except Exception as exc:
                logger.exception("x")
                return {"error": str(exc)}
            return {"status": "ok"}

        def literal(session, x):
            try:
                session.add(x)
            except Exception:
                logger.exception("x")
                return {"status": "failed"}
            return {"status": "ok"}

        def falls_off(session, x):
            try:
                session.add(x)
                return x.id
            except Exception:
                logger.exception("x")

        def behind(session, x):
            try:
                session.add(x)
                return x.id
            except Exception:
                logger.exception("x")
            return None
      `,
    },
    {
      name: 'nothing, which success returns only now and then',
      code: HEAD + python`
        def f(session, x):
            try:
                if x:
                    session.add(x)
                    return x.id
                return None
            except Exception:
                logger.exception("x")
                return None
      `,
    },
    {
      name: 'functions of the project that log, and raise or tell somebody',
      code: HEAD + python`
        import requests

        def fail(exc):
            logger.exception("x")
            raise HTTPException(500) from exc

        class Controller:
            def update(self, session, x):
                try:
                    x = session.add(x)
                except Exception as ex:
                    fail(ex)
                return x

            def tell(self, session, x):
                try:
                    session.add(x)
                except Exception as ex:
                    logger.exception("x")
                    answer(x)

            def note(self, session, x):
                try:
                    session.add(x)
                except Exception:
                    note_failure(session, x)

        def answer(x):
            logger.info("answer")
            requests.post("https://x", timeout=5)

        def note_failure(session, x):
            logger.error("failed")
            session.add(x)
      `,
    },
    {
      name: 'the code behind asks what happened, or returns it',
      code: HEAD + python`
        def asks(session, x):
            saved = None
            try:
                saved = save(session.add(x))
            except Exception:
                logger.exception("x")
            if saved is None:
                raise Failed

        def by_handler(session, x):
            try:
                session.add(x)
            except Exception:
                logger.exception("x")
                x = None
            if x:
                go(x)

        def returns_it(session, x):
            result = None
            try:
                session.add(x)
                result = x.id
            except Exception:
                logger.exception("x")
            return result

        def by_name(session, x):
            result = x
            try:
                session.add(x)
            except Exception:
                logger.exception("x")
                result = None
            return result
      `,
    },
    {
      name: 'one item of many',
      code: HEAD + python`
        def f(session, tenants):
            for tenant in tenants:
                try:
                    session.add(tenant)
                    session.commit()
                except Exception:
                    logger.exception("sync failed for tenant %s", tenant.id)
            while True:
                try:
                    session.commit()
                except Exception:
                    logger.exception("x")
                    break
      `,
    },
    {
      name: 'handlers that do more',
      code: HEAD + python`
        import sys

        def f(session, job):
            try:
                session.commit()
            except Exception:
                logger.exception("x")
                raise
            try:
                session.commit()
            except Exception as exc:
                logger.exception("x")
                raise Failed from exc
            try:
                session.commit()
            except Exception:
                session.rollback()
                logger.exception("x")
                job.status = "failed"
            try:
                session.commit()
            except Exception:
                logger.exception("x")
                enqueue_repair(job)
            try:
                session.commit()
            except Exception as exc:
                logger.exception("x")
                last = exc
            try:
                session.commit()
            except Exception:
                logger.exception("x")
                sys.exit(1)
            try:
                session.commit()
            except Exception:
                logger.exception("x")
                failed = True
            try:
                session.commit()
            except Exception:
                logger.exception("x")
                failures += 1
            try:
                session.commit()
            except Exception:
                if not job.optional:
                    raise
                logger.exception("x")
      `,
    },
    {
      name: 'specific types, handlers that do not log, and blocks that change nothing',
      code: HEAD + python`
        import httpx
        from sqlalchemy.exc import IntegrityError

        def f(session, x):
            try:
                session.commit()
            except IntegrityError:
                logger.exception("x")
            try:
                session.commit()
            except Exception:
                pass
            try:
                session.get(User, 1)
                httpx.get("https://x")
            except Exception:
                logger.exception("x")
      `,
    },
    {
      name: 'only auxiliary effects',
      code: HEAD + python`
        def f(session, order, slack):
            session.commit()
            try:
                send_receipt_email(order)
            except Exception:
                logger.exception("receipt not sent")
            try:
                slack.chat_postMessage(text="x")
            except Exception:
                logger.exception("slack")
      `,
    },
    {
      name: 'edges of the process, scripts and tests',
      code: HEAD + python`
        def main(session):
            try:
                session.commit()
            except Exception:
                logger.exception("x")

        class Unit:
            def __exit__(self, *args):
                try:
                    self.session.commit()
                except Exception:
                    logger.exception("x")

        async def lifespan(app):
            try:
                app.session.commit()
            except Exception:
                logger.exception("x")
      `,
    },
    { name: 'more edges by an option', options: [{ only: 'writes', allowInLoops: true, boundaries: ['handle_*'] }], code: `${HEAD}def handle_x(session):\n    try:\n        session.commit()\n    except Exception:\n        logger.exception("x")\n` },
    { name: 'a script', path: 'scripts/x.py', code: `${HEAD}def f(session):\n    try:\n        session.commit()\n    except Exception:\n        logger.exception("x")\n` },
    { name: 'only auxiliary effects, with any', options: [{ only: 'any', allowInLoops: true, boundaries: [] }], code: `${HEAD}def f(x):\n    try:\n        notify_admins(x)\n    except Exception:\n        logger.exception("x")\n` },
  ],
  invalid: [
    {
      name: 'a block whose end commits',
      code: HEAD + python`
        from django.db import transaction
        from sqlalchemy import create_engine, text

        engine = create_engine("sqlite://")

        def f():
            try:
                with engine.begin() as connection:
                    connection.execute(text("UPDATE stock SET reserved = 0"))
            except Exception:
                logger.exception("x")

        def g(order):
            try:
                with transaction.atomic():
                    order.close()
            except Exception:
                logger.exception("x")
      `,
      errors: [
        {
          messageId: logOnly,
          line: 14,
          message:
            '`except Exception` logs a failed `engine.begin()` and then continues as if it had worked. Re-raise it, return an error the caller can see, ' +
            'or narrow the exception you can really recover from.',
          suggestions: 1,
        },
        { messageId: logOnly, line: 21, suggestions: 1 },
      ],
    },
    {
      name: 'a commit, with a rollback',
      code: python`
        import logging

        logger = logging.getLogger(__name__)

        def deactivate(session: Session, user: User) -> None:
            try:
                user.active = False
                session.add(user)
                session.commit()
            except Exception:
                session.rollback()
                logger.exception("deactivate failed for %s", user.id)
      `,
      errors: [
        {
          messageId: logOnly,
          line: 10,
          message:
            '`except Exception` logs a failed `session.commit()` and then continues as if it had worked. Re-raise it, return an error the caller can see, ' +
            'or narrow the exception you can really recover from.',
          suggestions: [
            {
              messageId: 'raise',
              output: python`
                import logging

                logger = logging.getLogger(__name__)

                def deactivate(session: Session, user: User) -> None:
                    try:
                        user.active = False
                        session.add(user)
                        session.commit()
                    except Exception:
                        session.rollback()
                        logger.exception("deactivate failed for %s", user.id)
                        raise
              `,
            },
          ],
        },
      ],
    },
    {
      name: 'a function of the project, and code behind it that goes on',
      files: {
        'app/repo.py': 'class Repo:\n    def __init__(self, session):\n        self.session = session\n    async def mark_archived(self, id):\n        self.session.add(id)\n        await self.session.commit()\n',
        'app/log.py': 'from structlog import get_logger\nlog = get_logger()\n',
      },
      code: python`
        from app.log import log
        from app.repo import Repo

        class Service:
            def __init__(self, repo: Repo) -> None:
                self.repo = repo

            async def archive(self, order: Order) -> dict:
                try:
                    await self.repo.mark_archived(order.id)
                except Exception as exc:
                    log.error("archive failed", error=str(exc))
                return {"status": "archived"}
      `,
      errors: [{ messageId: logOnly, line: 11, message: /logs a failed `self\.repo\.mark_archived\(\)` and then/, suggestions: 1 }],
    },
    {
      name: 'the same constant as after success, nothing where nothing is ever returned',
      code: HEAD + python`
        import builtins
        import requests

        ALL = (ValueError, Exception)

        def same(session, x):
            try:
                session.commit()
            except Exception:
                logger.exception("x")
                return True
            return True

        def same_literal(session, x):
            try:
                session.commit()
                return {"status": "ok"}
            except:
                logger.exception("x")
                return {"status": "ok"}

        def nothing(session, x):
            if not x:
                return
            try:
                requests.post("https://x", timeout=5)
            except builtins.BaseException:
                logger.exception("x")
                return None
            log_it()

        def aliases(session, x):
            try:
                session.commit()
            except ALL:
                logger.exception("x")
                return

        def goes_on(session, x):
            try:
                session.commit()
            except Exception:
                logger.exception("x")
            else:
                x.done()
            x.publish()
            return x

        def in_branches(session, x):
            try:
                session.commit()
            except Exception as exc:
                if x:
                    logger.warning("x %s", exc)
                else:
                    logger.exception("y")
      `,
      errors: [
        { messageId: logOnly, line: 13, suggestions: 1 },
        { messageId: logOnly, line: 22, suggestions: 1 },
        { messageId: logOnly, line: 31, suggestions: 1 },
        { messageId: logOnly, line: 39, suggestions: 1 },
        { messageId: logOnly, line: 46, suggestions: 1 },
        { messageId: logOnly, line: 56, suggestions: 1 },
      ],
    },
    {
      name: 'an auxiliary effect beside a write, and a reporter',
      code: python`
        import sentry_sdk

        def f(session, order):
            try:
                session.add(order)
                notify_admins(order)
            except Exception:
                sentry_sdk.capture_exception()
      `,
      errors: [{ messageId: logOnly, line: 7, suggestions: 1 }],
    },
    {
      name: 'any block, and loops, by options',
      options: [{ only: 'any', allowInLoops: false, boundaries: [] }],
      code: HEAD + python`
        def f(items):
            for item in items:
                try:
                    item.load()
                except Exception:
                    logger.exception("x")
                    continue
      `,
      errors: [{ messageId: logOnly, line: 9, suggestions: 1, message: /a failed `item\.load\(\)` and/ }],
    },
    {
      name: 'the suggestion takes the place of a return, and finds the end of the line',
      code: HEAD + python`
        def f(session):
            try:
                session.commit()
            except Exception:
                logger.exception("x")  # kept
                return  # gone on

        def g(session):
            try:
                session.commit()
            except Exception:
                logger.exception("x")  # kept
      `,
      errors: [
        {
          messageId: logOnly,
          line: 8,
          suggestions: [
            {
              messageId: 'raise',
              output: HEAD + python`
                def f(session):
                    try:
                        session.commit()
                    except Exception:
                        logger.exception("x")  # kept
                        raise  # gone on

                def g(session):
                    try:
                        session.commit()
                    except Exception:
                        logger.exception("x")  # kept
              `,
            },
          ],
        },
        {
          messageId: logOnly,
          line: 15,
          suggestions: [
            {
              messageId: 'raise',
              output: HEAD + python`
                def f(session):
                    try:
                        session.commit()
                    except Exception:
                        logger.exception("x")  # kept
                        return  # gone on

                def g(session):
                    try:
                        session.commit()
                    except Exception:
                        logger.exception("x")  # kept
                        raise
              `,
            },
          ],
        },
      ],
    },
  ],
})
