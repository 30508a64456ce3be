import { python, RuleTester } from '@krait/rule-tester'
import { noSwallowedTaskFailure } from '../src/rules/no-swallowed-task-failure.ts'

const tester = new RuleTester()
const HEAD = 'import logging\nimport dramatiq\nfrom celery import shared_task\nfrom app.sync import InvoiceSync, search\n\nlogger = logging.getLogger(__name__)\n\n'

tester.run('no-swallowed-task-failure', noSwallowedTaskFailure, {
  valid: [
    {
      name: 'handlers that raise, try again or end the process',
      code: HEAD + python`
        import sys
        from celery.exceptions import Ignore, Reject

        @shared_task(bind=True, max_retries=5)
        def specific(self, account_id: int) -> None:
            try:
                InvoiceSync(account_id).run()
            except RateLimited as exc:
                raise self.retry(exc=exc, countdown=exc.retry_after)

        @shared_task(bind=True)
        def retried(self, account_id):
            try:
                InvoiceSync(account_id).run()
            except Exception as exc:
                logger.exception("x")
                self.retry(exc=exc)

        @shared_task(bind=True)
        def returned(self, account_id):
            try:
                InvoiceSync(account_id).run()
            except Exception as exc:
                return self.retry(exc=exc)

        @shared_task
        def raised(account_id):
            try:
                InvoiceSync(account_id).run()
            except Exception as exc:
                logger.exception("x")
                raise Reject(exc, requeue=False)

        @shared_task
        def sometimes(account_id):
            try:
                InvoiceSync(account_id).run()
            except Exception as exc:
                if account_id:
                    raise Ignore()
                logger.exception("x")

        @shared_task
        def ends(account_id):
            try:
                InvoiceSync(account_id).run()
            except Exception as exc:
                sys.exit(1)
      `,
    },
    {
      name: 'handlers that record the failure',
      code: HEAD + python`
        @dramatiq.actor
        def export(job_id: str) -> None:
            with SessionLocal() as session:
                job = session.get(ExportJob, job_id)
                try:
                    run_export(job)
                except Exception:
                    logger.exception("export %s failed", job_id)
                    job.status = JobStatus.FAILED
                session.commit()

        def mark_failed(session, job_id):
            logger.warning("failed")
            session.add(Failure(job_id))

        @dramatiq.actor
        def writes(session, job_id):
            try:
                run_export(job_id)
            except Exception:
                session.add(Failure(job_id))
                logger.exception("x")

        @dramatiq.actor
        def calls(session, job_id):
            try:
                run_export(job_id)
            except Exception:
                mark_failed(session, job_id)

        @shared_task(bind=True)
        def tells(self, job_id):
            try:
                run_export(job_id)
            except Exception:
                logger.exception("x")
                self.update_state(state="FAILURE")

        @shared_task
        def keeps(job_id):
            error = None
            try:
                run_export(job_id)
            except Exception as exc:
                error = exc
            if error:
                raise error
      `,
    },
    {
      name: 'one item of many',
      code: HEAD + python`
        @shared_task
        def sync_all(ids):
            for account_id in ids:
                try:
                    InvoiceSync(account_id).run()
                except Exception:
                    logger.exception("x")
            for account_id in ids:
                try:
                    InvoiceSync(account_id).run()
                except Exception:
                    logger.exception("x")
                    if account_id:
                        return
      `,
    },
    {
      name: 'notifications only, and blocks that do no work',
      code: HEAD + python`
        import json

        @shared_task
        def send_receipt(order_id):
            try:
                send_receipt_email(order_id)
            except Exception:
                logger.exception("x")

        @shared_task
        def parse(text):
            try:
                data = json.loads(text)
            except Exception:
                logger.exception("x")
                return None
            return data["id"]
      `,
    },
    {
      name: 'functions that are no tasks, inner functions, and what is nested or goes on',
      code: HEAD + python`
        def plain(account_id):
            try:
                InvoiceSync(account_id).run()
            except Exception:
                logger.exception("x")

        @router.task
        def other(account_id):
            try:
                InvoiceSync(account_id).run()
            except Exception:
                logger.exception("x")

        @shared_task
        def outer(account_id):
            def inner():
                try:
                    InvoiceSync(account_id).run()
                except Exception:
                    logger.exception("x")
            inner()

        @shared_task
        def nested(account_id):
            try:
                try:
                    InvoiceSync(account_id).run()
                except Exception:
                    logger.exception("x")
                search.rebuild(account_id)
            except KeyError:
                logger.exception("x")

        @shared_task
        def goes_on(account_id):
            try:
                InvoiceSync(account_id).run()
            except Exception:
                logger.exception("x")
            search.rebuild(account_id)
      `,
    },
    { name: 'test code', path: 'tests/test_x.py', code: `${HEAD}@shared_task\ndef f():\n    try:\n        InvoiceSync(1).run()\n    except Exception:\n        pass\n` },
  ],
  invalid: [
    {
      name: 'a bound Celery task',
      code: HEAD + python`
        @shared_task(bind=True, max_retries=5)
        def sync_invoices(self, account_id: int) -> None:
            try:
                InvoiceSync(account_id).run()
            except Exception as exc:
                logger.exception("invoice sync failed", extra={"account_id": account_id})
      `,
      errors: [
        {
          messageId: 'celery',
          line: 12,
          message:
            'Task `sync_invoices` catches every exception and returns, so Celery records SUCCESS: no retry, no failure event. ' +
            'Re-raise after logging (or `raise self.retry(exc=exc)`).',
          suggestions: [
            {
              messageId: 'raise',
              output: HEAD + python`
                @shared_task(bind=True, max_retries=5)
                def sync_invoices(self, account_id: int) -> None:
                    try:
                        InvoiceSync(account_id).run()
                    except Exception as exc:
                        logger.exception("invoice sync failed", extra={"account_id": account_id})
                        raise
              `,
            },
            {
              messageId: 'retry',
              output: HEAD + python`
                @shared_task(bind=True, max_retries=5)
                def sync_invoices(self, account_id: int) -> None:
                    try:
                        InvoiceSync(account_id).run()
                    except Exception as exc:
                        logger.exception("invoice sync failed", extra={"account_id": account_id})
                        raise self.retry(exc=exc)
              `,
            },
          ],
        },
      ],
    },
    {
      name: 'a returned dict, under with and if',
      code: HEAD + python`
        from app.celery import app

        @app.task
        def rebuild_index(tenant: str) -> dict:
            try:
                search.rebuild(tenant)
            except Exception as exc:
                logger.error("rebuild: %s", exc)
                return {"ok": False, "error": str(exc)}
            return {"ok": True}

        @app.task(name="x")
        async def under(tenant: str):
            if tenant:
                async with lock:
                    try:
                        await search.rebuild(tenant)
                    except:
                        logger.error("rebuild")
      `,
      errors: [
        { messageId: 'celery', line: 14, suggestions: 1 },
        { messageId: 'celery', line: 25, suggestions: 1 },
      ],
    },
    {
      name: 'other queues, aliases and options',
      options: [{ taskDecorators: ['app.queue.background'] }],
      code: HEAD + python`
        import celery as c
        from apscheduler.schedulers.asyncio import AsyncIOScheduler
        from dramatiq import actor as job
        from huey import RedisHuey
        from rq.decorators import job as rq_job
        from taskiq import InMemoryBroker
        from app.queue import background

        queue = c.Celery("x")
        huey = RedisHuey()
        tasks = InMemoryBroker()
        clock = AsyncIOScheduler()

        @job
        def a(x):
            try:
                search.rebuild(x)
            except Exception:
                logger.exception("x")

        @rq_job("default")
        def b(x):
            try:
                search.rebuild(x)
            except Exception:
                pass

        @huey.periodic_task(crontab())
        def c_(x):
            try:
                search.rebuild(x)
            except Exception:
                return

        @tasks.task
        async def d(x):
            try:
                await search.rebuild(x)
            except Exception:
                logger.exception("x")

        @clock.scheduled_job("cron")
        def e(x):
            try:
                search.rebuild(x)
            except BaseException:
                logger.exception("x")
            finally:
                x.close()

        @queue.task
        def f(x):
            try:
                search.rebuild(x)
            except (ValueError, Exception):
                logger.exception("x")

        @background
        def g(x):
            try:
                search.rebuild(x)
            except Exception:
                logger.exception("x")
      `,
      errors: [
        { messageId: 'other', line: 25, message: /so Dramatiq records success/, suggestions: 1 },
        { messageId: 'other', line: 32, message: /so RQ records/, suggestions: 1 },
        { messageId: 'other', line: 39, message: /so Huey records/, suggestions: 1 },
        { messageId: 'other', line: 46, message: /so TaskIQ records/, suggestions: 1 },
        { messageId: 'other', line: 53, message: /so APScheduler records/, suggestions: 1 },
        { messageId: 'celery', line: 62, suggestions: 1 },
        { messageId: 'other', line: 69, message: /so the queue records/, suggestions: 1 },
      ],
    },
    {
      name: 'a loop that the first failure ends, and a write beside a notification',
      code: HEAD + python`
        @shared_task
        def first(ids):
            for account_id in ids:
                try:
                    InvoiceSync(account_id).run()
                except Exception as exc:
                    logger.exception("x")
                    return {"failed": account_id, "error": str(exc)}

        @shared_task
        def both(session, order):
            try:
                session.add(order)
                session.commit()
                notify_admins(order)
            except Exception:
                session.rollback()
                logger.exception("x")
      `,
      errors: [
        { messageId: 'celery', line: 13, suggestions: 1 },
        { messageId: 'celery', line: 23, suggestions: 1 },
      ],
    },
  ],
})
