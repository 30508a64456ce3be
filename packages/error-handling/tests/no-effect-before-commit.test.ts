import { python, RuleTester } from '@krait/rule-tester'
import { noEffectBeforeCommit } from '../src/rules/no-effect-before-commit.ts'

const tester = new RuleTester()
const queued = 'queued'
const effect = 'effect'

tester.run('no-effect-before-commit', noEffectBeforeCommit, {
  valid: [
    {
      name: 'effects behind the commit, or before any write',
      code: python`
        import requests
        from app.tasks import reindex_product

        def place(session, product):
            session.add(product)
            session.commit()
            reindex_product.delay(product.id)

        def check(session, product):
            reindex_product.delay(product.id)
            session.add(product)
            session.commit()

        def both(session, product):
            session.add(product)
            session.commit()
            requests.post("https://hook", json={}, timeout=5)
            product.told = True
            session.add(product)
            session.commit()

        def read(session):
            session.execute(select(User))
            reindex_product.delay(1)
            session.commit()
      `,
    },
    {
      name: 'deferred effects',
      code: python`
        import asyncio
        from django.db import transaction
        from sqlalchemy import event
        from app.tasks import reindex
        from app.hooks import tell

        def f(invoice):
            with transaction.atomic():
                invoice.save()
                transaction.on_commit(lambda: reindex.delay(invoice.pk))
                transaction.on_commit(reindex.delay)
                reindex.delay_on_commit(invoice.pk)
                reindex.apply_async_on_commit((invoice.pk,))

        async def g(session, background_tasks, client, order):
            session.add(order)
            background_tasks.add_task(tell, order.id)
            event.listen(session, "after_commit", tell)
            asyncio.create_task(client.post("https://hook"))
            await session.commit()
      `,
    },
    {
      name: 'effects whose result is used',
      code: python`
        import stripe
        import requests

        def charge(session, order):
            session.add(order)
            charge = stripe.Charge.create(amount=order.total)
            order.charge_id = charge.id
            session.commit()

        def attribute(session, order):
            session.add(order)
            order.charge = stripe.Charge.create(amount=order.total)
            session.commit()

        def argument(session, order):
            session.add(order)
            order.keep(requests.post("https://x", timeout=5).json())
            session.commit()

        def walrus(session, order):
            session.add(order)
            if (answer := requests.post("https://x", timeout=5)).ok:
                order.answer = answer.text
            session.commit()
      `,
    },
    {
      name: 'requests that only ask, caches, logs and metrics',
      code: python`
        import logging
        import httpx
        import redis
        import requests
        from prometheus_client import Counter

        logger = logging.getLogger(__name__)
        cache = redis.Redis()
        PLACED = Counter("placed", "orders")

        def f(session, order):
            session.add(order)
            requests.get("https://x", timeout=5)
            httpx.head("https://x")
            requests.request("GET", "https://x", timeout=5)
            cache.set("order", 1)
            cache.delete("orders")
            logger.info("placed")
            PLACED.inc()
            session.commit()
      `,
    },
    {
      name: 'another session, and no commit at all',
      code: python`
        from app.tasks import reindex

        def f(session, audit: "sqlalchemy.orm.Session", order):
            audit.add(order)
            reindex.delay(order.id)
            session.commit()

        def g(session, order):
            session.add(order)
            reindex.delay(order.id)

        def h(orm_session, other, order):
            orm_session.add(order)
            reindex.delay(order.id)
            other.commit()
      `,
    },
    {
      name: 'paths that raise or roll back',
      code: python`
        import requests

        def f(session, order):
            try:
                session.add(order)
                session.flush()
            except IntegrityError:
                requests.post("https://alerts", timeout=5)
                raise
            session.commit()

        def g(session, order):
            session.add(order)
            if order.is_bad:
                session.rollback()
                requests.post("https://alerts", timeout=5)
                return
            session.commit()

        def h(session, order):
            session.add(order)
            if order.is_bad:
                requests.post("https://alerts", timeout=5)
                session.rollback()
                return
            session.commit()

        def branches(session, order):
            if order.is_new:
                session.add(order)
            else:
                requests.post("https://hook", timeout=5)
                return
            session.commit()
      `,
    },
    {
      name: 'outboxes, and functions of the project that write what they tell',
      code: python`
        import requests

        class Outbox:
            def publish(self, session, event):
                session.add(event)

        def tell_and_note(session, order):
            requests.post("https://hook", timeout=5)
            session.add(order)

        def f(session, order, outbox: Outbox, outbox_publisher):
            session.add(order)
            outbox.publish(session, order)
            outbox_publisher.publish(order)
            tell_and_note(session, order)
            session.commit()
      `,
    },
    {
      name: 'a savepoint, a lock, and the end of another block',
      code: python`
        from app.tasks import reindex

        def f(session, lock, order):
            with session.begin_nested():
                session.add(order)
            reindex.delay(order.id)

        def g(lock, order):
            with lock:
                order.save()
                reindex.delay(order.id)

        def h(session, order):
            with session.begin():
                session.add(order)
            reindex.delay(order.id)
            with session.begin():
                session.add(order.lines)
      `,
    },
    {
      name: 'Django writes outside of atomic blocks',
      code: python`
        from django.db import transaction
        from app.tasks import reindex

        def f(order):
            order.save()
            reindex.delay(order.pk)
            with transaction.atomic():
                order.lines.count()
      `,
    },
    {
      name: 'a function in the function',
      code: python`
        from app.tasks import reindex

        def f(session, order):
            session.add(order)

            def later():
                reindex.delay(order.id)

            session.commit()
            later()
      `,
    },
    { name: 'ignored', options: [{ effects: [], ignore: ['app.tasks.*'] }], code: 'from app.tasks import reindex\ndef f(session, x):\n    session.add(x)\n    reindex.delay(x)\n    session.commit()\n' },
    { name: 'test code', path: 'tests/test_orders.py', code: 'from app.tasks import reindex\ndef f(session, x):\n    session.add(x)\n    reindex.delay(x)\n    session.commit()\n' },
  ],
  invalid: [
    {
      name: 'a job between a write and its commit',
      code: python`
        from app.tasks import reindex_product

        def place(session, product):
            session.add(product)
            session.flush()
            reindex_product.delay(product.id)
            session.commit()
      `,
      errors: [
        {
          messageId: queued,
          line: 6,
          column: 5,
          message:
            '`reindex_product.delay()` runs before the commit on line 7: the worker may not see the row, and a failed commit cannot take it back. ' +
            'Move it after the commit (or use `on_commit`).',
        },
      ],
    },
    {
      name: 'three calls whose names do not tell what they do',
      code: python`
        import requests

        def first(session, product):
            session.add(product)

        def second(product):
            requests.post("https://hook", json={}, timeout=5)

        def third(session):
            session.commit()

        def place(session, product):
            first(session, product)
            second(product)
            third(session)
      `,
      errors: [{ messageId: effect, line: 14 }],
    },
    {
      name: 'a decorator of another name, around two calls whose names do not tell what they do',
      code: python`
        import requests
        from django.db.transaction import atomic as whole
        from shop.models import Order

        def first(data):
            Order.objects.create(**data)

        def second(data):
            requests.post("https://hook", json={}, timeout=5)

        @whole
        def place(data):
            first(data)
            second(data)
      `,
      errors: [{ messageId: effect, line: 14 }],
    },
    {
      name: 'a request in an atomic block',
      code: python`
        import requests
        from django.db import transaction

        def pay(invoice):
            with transaction.atomic():
                invoice.save()
                requests.post(HOOK, json=payload(invoice), timeout=5)
      `,
      errors: [
        {
          messageId: effect,
          line: 7,
          message: '`requests.post()` runs before the commit at the end of the `with` block on line 5: a failed commit cannot take it back. Move it after the commit (or use `on_commit`).',
        },
      ],
    },
    {
      name: 'a decorated function, a manager, an atomic block inside another one',
      code: python`
        import requests
        from django.db import transaction as tx
        from django.db.transaction import atomic
        from shop.models import Order

        @tx.atomic
        def place(data):
            Order.objects.create(**data)
            requests.post(HOOK, timeout=5)

        @atomic()
        def pay(order):
            with atomic():
                order.save()
            requests.post(HOOK, timeout=5)

        def outer(order):
            with tx.atomic(using="default"):
                with tx.atomic():
                    order.save()
                requests.post(HOOK, timeout=5)
      `,
      errors: [
        { messageId: effect, line: 9, message: /the commit at the end of `place\(\)`/ },
        { messageId: effect, line: 15 },
        { messageId: effect, line: 21, message: /`with` block on line 18/ },
      ],
    },
    {
      name: 'a context manager around atomic, and a query set with a name',
      code: python`
        from contextlib import contextmanager
        from django.db import transaction
        from shop import models
        from shop.tasks import recalculate

        @contextmanager
        def traced():
            with transaction.atomic():
                yield

        def drop(pks):
            with traced():
                lines = models.OrderLine.objects.filter(pk__in=pks)
                lines.delete()
                recalculate.delay(pks)
      `,
      errors: [{ messageId: queued, line: 15 }],
    },
    {
      name: 'blocks of sessions, makers and engines',
      code: python`
        import httpx
        from sqlalchemy import create_engine, insert
        from sqlalchemy.orm import Session, sessionmaker

        engine = create_engine(URL)
        SessionLocal = sessionmaker(engine)

        def f(order):
            with SessionLocal.begin() as s:
                s.add(order)
                httpx.post("https://hook")

        def g(order):
            with SessionLocal() as s, s.begin():
                s.add(order)
                httpx.post("https://hook")

        async def h(session, client: httpx.AsyncClient, order):
            async with session.begin():
                session.add(order)
                await client.put("https://hook")

        def i():
            with engine.begin() as connection:
                connection.execute(insert(orders).values(a=1))
                httpx.request("DELETE", "https://hook")
      `,
      errors: [
        { messageId: effect, line: 11 },
        { messageId: effect, line: 16 },
        { messageId: effect, line: 21 },
        { messageId: effect, line: 26 },
      ],
    },
    {
      name: 'every kind of effect',
      code: python`
        import boto3
        import smtplib
        import stripe
        from slack_sdk import WebClient
        from kafka import KafkaProducer

        sqs = boto3.client("sqs")
        producer = KafkaProducer()

        def f(session, order, slack: WebClient, queue, celery_app):
            session.add(order)
            sqs.send_message(QueueUrl=URL, MessageBody="x")
            producer.send("orders", b"x")
            stripe.PaymentIntent.capture("pi")
            slack.chat_postMessage(channel="c", text="t")
            queue.enqueue(work, order.id)
            celery_app.send_task("work", (order.id,))
            with smtplib.SMTP("h") as server:
                server.send_message(order.mail)
            session.commit()
      `,
      errors: [effect, effect, effect, effect, queued, queued, effect],
    },
    {
      name: 'results that are not used before the commit',
      code: python`
        import asyncio
        import requests

        def bound(session, order):
            session.add(order)
            response = requests.post("https://hook", timeout=5)
            session.commit()
            return response.ok

        def unread(session, order):
            session.add(order)
            _ = requests.post("https://hook", timeout=5)
            session.commit()

        async def gathered(session, client, order):
            session.add(order)
            await asyncio.gather(client.post("/a"), client.post("/b"))
            await session.commit()
      `,
      errors: [
        { messageId: effect, line: 6 },
        { messageId: effect, line: 12 },
        { messageId: effect, line: 17 },
        { messageId: effect, line: 17 },
      ],
    },
    {
      name: 'on one of several paths, in loops, in methods',
      code: python`
        from app.tasks import reindex

        class Service:
            def __init__(self, session):
                self.session = session

            def place(self, orders, notify):
                for order in orders:
                    self.session.add(order)
                    if notify:
                        reindex.delay(order.id)
                self.session.commit()

            async def match(self, order):
                match order.kind:
                    case "new":
                        self.session.add(order)
                    case _:
                        pass
                reindex.apply_async((order.id,))
                if order.done:
                    await self.session.commit()
      `,
      errors: [
        { messageId: queued, line: 11 },
        { messageId: queued, line: 20 },
      ],
    },
    {
      name: 'a commit in a finally or an else, and an alias of the session',
      code: python`
        from app.tasks import reindex
        from sqlalchemy.orm import Session

        def f(session: Session, order):
            db = session
            try:
                session.add(order)
                reindex.delay(order.id)
            except ValueError:
                session.rollback()
            else:
                db.commit()
      `,
      errors: [{ messageId: queued, line: 8 }],
    },
    {
      name: 'more effects by an option, and by settings',
      options: [{ effects: ['app.erp.*'], ignore: [] }],
      settings: { effects: { external: ['app.crm.push'] }, database: { sessionNames: ['uow'] } },
      code: python`
        from app.crm import push
        from app.erp import order_placed

        def f(uow, order):
            uow.add(order)
            push(order)
            order_placed(order)
            uow.commit()
      `,
      errors: [
        { messageId: effect, line: 6 },
        { messageId: effect, line: 7 },
      ],
    },
  ],
})

tester.runProject(noEffectBeforeCommit, new URL('no-effect-before-commit.md', import.meta.url), { pack: 'error-handling' })

tester.run('no-effect-before-commit: code of a module, and names that do not tell', noEffectBeforeCommit, {
  valid: [
    {
      name: 'behind the commit of a module',
      code: python`
        import requests
        session.add(product)
        session.commit()
        reindex_product.delay(product.id)
        requests.post("https://hook", json={}, timeout=5)
      `,
    },
    {
      name: 'the module of a script',
      path: 'scripts/place.py',
      code: python`
        session.add(product)
        reindex_product.delay(product.id)
        session.commit()
      `,
    },
    {
      name: 'functions define their own transactions',
      code: python`
        import requests
        session.add(product)

        def tell():
            requests.post("https://hook", json={}, timeout=5)

        session.commit()
        tell()
      `,
    },
  ],
  invalid: [
    {
      name: 'between the write and the commit of a module',
      code: python`
        session.add(product)
        session.flush()
        reindex_product.delay(product.id)
        session.commit()
      `,
      errors: [{ messageId: queued, line: 3, data: { effect: 'reindex_product.delay()', commit: 'the commit on line 4' } }],
    },
    {
      name: 'in a block of a module',
      code: python`
        import requests
        from django.db import transaction

        with transaction.atomic():
            invoice.save()
            requests.post(HOOK, json={"id": invoice.pk}, timeout=5)
      `,
      errors: [{ messageId: effect, line: 6 }],
    },
    {
      name: 'methods that write, tell and commit under other names',
      code: python`
        import requests
        from sqlalchemy.orm import Session

        class Orders:
            def __init__(self, session: Session):
                self._session = session

            def place(self, order):
                self._stage(order)
                self._tell(order)
                self._finish()

            def _stage(self, order):
                self._session.add(order)

            def _tell(self, order):
                requests.post("https://hook", json={"id": order.id}, timeout=5)

            def _finish(self):
                self._session.commit()
      `,
      errors: [{ messageId: effect, line: 10 }],
    },
  ],
})

tester.run('no-effect-before-commit: statements that drop a result', noEffectBeforeCommit, {
  valid: [
    {
      name: 'results that are kept',
      code: python`
        import requests

        def place(session, product, notify):
            session.add(product)
            done = notify and requests.post("https://hook", timeout=5)
            all = [requests.post("https://hook", timeout=5) for _ in done]
            product.told = all
            session.commit()
      `,
    },
  ],
  invalid: [
    {
      name: 'in a condition, and in a list that nobody keeps',
      code: python`
        import requests
        from app.tasks import reindex

        def place(session, products, notify):
            session.add_all(products)
            notify and requests.post("https://hook", timeout=5)
            [reindex.delay(product.id) for product in products]
            session.commit()
      `,
      errors: [
        { messageId: effect, line: 6 },
        { messageId: queued, line: 7 },
      ],
    },
  ],
})
