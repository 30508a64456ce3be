import { python, RuleTester } from '@krait/rule-tester'
import { noBlindWriteRetry } from '../src/rules/no-blind-write-retry.ts'

const tester = new RuleTester()
const row = 'row'
const change = 'change'
const request = 'request'

tester.run('no-blind-write-retry: the database', noBlindWriteRetry, {
  valid: [
    {
      name: 'a key made before the loop',
      code: python`
        from uuid import uuid4
        from sqlalchemy.exc import OperationalError
        from app.models import Payment

        def pay(session, oid, request):
            payment_id = uuid4()
            for attempt in range(3):
                try:
                    session.add(Payment(id=payment_id, order_id=oid)); session.commit(); return
                except OperationalError:
                    session.rollback()
            for attempt in range(3):
                try:
                    session.add(Payment(order_id=oid, idempotency_key=request.key))
                    session.commit()
                    return
                except OperationalError:
                    session.rollback()
            for attempt in range(3):
                try:
                    session.add(Payment(**request.fields))
                    session.commit()
                    return
                except OperationalError:
                    session.rollback()
      `,
    },
    {
      name: 'an object made before the loop, reads, and absolute assignments',
      code: python`
        from sqlalchemy import select
        from sqlalchemy.exc import OperationalError
        from app.models import Payment

        def pay(session, oid):
            payment = Payment(order_id=oid)
            for attempt in range(3):
                try:
                    session.add(payment)
                    session.commit()
                    return
                except OperationalError:
                    session.rollback()
            for attempt in range(3):
                try:
                    return session.scalars(select(Payment)).all()
                except OperationalError:
                    session.rollback()
            for attempt in range(3):
                try:
                    payment = session.get(Payment, oid)
                    payment.status = "paid"
                    session.commit()
                    return
                except OperationalError:
                    session.rollback()
      `,
    },
    {
      name: 'upserts and tests for what is there',
      code: python`
        from sqlalchemy import select
        from sqlalchemy.dialects.postgresql import insert
        from sqlalchemy.exc import OperationalError
        from app.models import Payment

        def pay(session, oid):
            for attempt in range(3):
                try:
                    session.execute(insert(Payment).values(order_id=oid).on_conflict_do_nothing())
                    session.commit()
                    return
                except OperationalError:
                    session.rollback()
            for attempt in range(3):
                try:
                    stmt = insert(Payment).values(order_id=oid)
                    stmt = stmt.on_conflict_do_update(index_elements=["order_id"], set_={"x": 1})
                    session.execute(stmt)
                    session.commit()
                    return
                except OperationalError:
                    session.rollback()
            for attempt in range(3):
                try:
                    session.merge(Payment(order_id=oid))
                    session.commit()
                    return
                except OperationalError:
                    session.rollback()
            for attempt in range(3):
                try:
                    if session.scalar(select(Payment).where(Payment.order_id == oid)) is None:
                        session.add(Payment(order_id=oid))
                        session.commit()
                    return
                except OperationalError:
                    session.rollback()
            for attempt in range(3):
                try:
                    session.execute(insert(Payment).prefix_with("OR IGNORE").values(order_id=oid))
                    session.commit()
                    return
                except OperationalError:
                    session.rollback()
      `,
    },
    {
      name: 'errors after which the database has rolled back',
      code: python`
        from psycopg2.errors import SerializationFailure
        from sqlalchemy.exc import DBAPIError, IntegrityError, OperationalError
        from sqlalchemy.orm.exc import StaleDataError
        from app.models import Payment

        def pay(session, oid):
            for attempt in range(3):
                try:
                    session.add(Payment(order_id=oid))
                    session.commit()
                    return
                except (IntegrityError, StaleDataError):
                    session.rollback()
            for attempt in range(3):
                try:
                    session.add(Payment(order_id=oid))
                    session.commit()
                    return
                except OperationalError as exc:
                    if not isinstance(exc.orig, SerializationFailure):
                        raise
            for attempt in range(3):
                try:
                    session.add(Payment(order_id=oid))
                    session.commit()
                    return
                except DBAPIError as exc:
                    session.rollback()
                    if getattr(exc.orig, "pgcode", None) != "40001":
                        raise
      `,
    },
    {
      name: 'the commit is not repeated',
      code: python`
        from sqlalchemy.exc import OperationalError
        from app.models import Payment

        def pay(session, oid):
            for attempt in range(3):
                try:
                    session.add(Payment(order_id=oid))
                    session.flush()
                    break
                except OperationalError:
                    session.rollback()
            session.commit()

        def handled(session, oid):
            for attempt in range(3):
                try:
                    session.add(Payment(order_id=oid))
                    session.commit()
                    return
                except OperationalError:
                    raise
      `,
    },
    {
      name: 'not a session, and a counter of one\'s own',
      code: python`
        from sqlalchemy.exc import OperationalError

        def pay(self, seen, conn):
            for attempt in range(3):
                try:
                    seen.add(Item(1))
                    self.attempts += 1
                    conn.commit()
                    return
                except OperationalError:
                    pass
      `,
    },
    {
      name: 'tests',
      path: 'tests/test_pay.py',
      code: python`
        from sqlalchemy.exc import OperationalError
        def pay(session):
            for attempt in range(3):
                try:
                    session.add(Payment()); session.commit(); return
                except OperationalError:
                    pass
      `,
    },
  ],
  invalid: [
    {
      name: 'a row',
      code: python`
        import time
        from sqlalchemy.exc import OperationalError
        from app.models import Payment

        def pay(session, oid, amount):
            for attempt in range(3):
                try:
                    session.add(Payment(order_id=oid, amount=amount))
                    session.commit()
                    return
                except OperationalError:
                    session.rollback()
                    time.sleep(2 ** attempt)
      `,
      errors: [
        {
          message:
            'This retry repeats \`session.add(Payment(...))\` and its commit after \`OperationalError\`; if the first commit did reach the database, the row is inserted twice. Retry only reads, make the write idempotent (unique key, upsert), or let it fail.',
          line: 6,
        },
      ],
    },
    {
      name: 'a row by a name, a list, a block, a key made inside, a statement',
      code: python`
        from uuid import uuid4
        from sqlalchemy import insert
        from sqlalchemy.exc import DBAPIError, OperationalError as Lost
        from sqlalchemy.orm import sessionmaker
        from app.models import Payment

        SessionLocal = sessionmaker()

        def first(session, oid):
            for attempt in range(3):
                payment = Payment(order_id=oid)
                try:
                    session.add(payment)
                    session.commit()
                    break
                except Lost:
                    session.rollback()

        def second(oids):
            while True:
                try:
                    with SessionLocal.begin() as session:
                        session.add_all([Payment(order_id=oid) for oid in oids])
                    return
                except Exception:
                    continue

        async def third(session, oid):
            for attempt in range(3):
                try:
                    session.add(Payment(id=uuid4(), order_id=oid))
                    await session.commit()
                    return
                except (KeyError, DBAPIError):
                    pass

        def fourth(session, oid):
            for attempt in range(3):
                try:
                    stmt = insert(Payment).values(order_id=oid)
                    session.execute(stmt)
                    session.commit()
                    return
                except ConnectionError:
                    pass
      `,
      errors: [
        { messageId: row, line: 10 },
        { messageId: row, line: 20 },
        { messageId: row, line: 29 },
        { messageId: row, line: 38 },
      ],
    },
    {
      name: 'changes that add up',
      code: python`
        from sqlalchemy import update
        from sqlalchemy.exc import OperationalError
        from app.models import Account

        def first(session, id, amount):
            for attempt in range(3):
                try:
                    account = session.get(Account, id)
                    account.balance += amount
                    session.commit()
                    return
                except OperationalError:
                    session.rollback()

        def second(session, id, amount):
            for attempt in range(3):
                try:
                    session.execute(update(Account).where(Account.id == id).values(balance=Account.balance + amount))
                    session.commit()
                    return
                except OperationalError:
                    session.rollback()

        def third(session, id, amount):
            for attempt in range(3):
                try:
                    account = session.query(Account).filter_by(id=id).one()
                    account.balance = account.balance - amount
                    session.commit()
                    return
                except OperationalError:
                    session.rollback()
      `,
      errors: [
        { messageId: change, line: 6 },
        { messageId: change, line: 16 },
        { messageId: change, line: 25 },
      ],
    },
    {
      name: 'a decorator, and functions that are called',
      code: python`
        from sqlalchemy.exc import OperationalError
        from tenacity import retry, retry_if_exception_type, stop_after_attempt, Retrying
        from app.models import Payment

        @retry(stop=stop_after_attempt(3))
        def pay(session, oid):
            session.add(Payment(order_id=oid))
            session.commit()

        def store(session, oid):
            session.add(Payment(order_id=oid))

        class Service:
            @retry(stop=stop_after_attempt(3), retry=retry_if_exception_type((OperationalError, ValueError)))
            async def pay(self, session, oid):
                store(session, oid)
                await session.commit()

        def attempts(session, oid):
            for attempt in Retrying(stop=stop_after_attempt(3)):
                with attempt:
                    session.add(Payment(order_id=oid))
                    session.commit()
      `,
      errors: [
        { messageId: row, line: 5 },
        { messageId: row, line: 14 },
        { messageId: row, line: 20 },
      ],
    },
    {
      name: 'Django, which commits by itself',
      code: python`
        from celery import shared_task
        from django.db import OperationalError, models

        class Payment(models.Model):
            pass

        @shared_task(autoretry_for=(OperationalError,), max_retries=3)
        def pay(oid):
            Payment.objects.create(order_id=oid)
      `,
      errors: [{ messageId: row, line: 7 }],
    },
  ],
})

const repository = {
  'app/__init__.py': '',
  'app/models.py': python`
    from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

    class Base(DeclarativeBase):
        pass

    class Payment(Base):
        __tablename__ = "payments"
        id: Mapped[int] = mapped_column(primary_key=True)
        order_id: Mapped[int]
  `,
  'app/repository.py': python`
    from sqlalchemy import select
    from sqlalchemy.orm import Session
    from app.models import Payment

    class Payments:
        def __init__(self, session: Session) -> None:
            self._session = session

        def create(self, order_id):
            payment = Payment(order_id=order_id)
            self._session.add(payment)
            self._session.commit()
            return payment

        def create_with_id(self, payment_id, order_id):
            self._session.add(Payment(id=payment_id, order_id=order_id))
            self._session.commit()

        def ensure(self, order_id):
            if self._session.scalar(select(Payment).where(Payment.order_id == order_id)) is None:
                self._session.add(Payment(order_id=order_id))
                self._session.commit()
  `,
}

tester.run('no-blind-write-retry: a repository in another file', noBlindWriteRetry, {
  valid: [
    {
      name: 'a key, and a test for what is there',
      files: repository,
      path: 'app/pay.py',
      code: python`
        from tenacity import retry, stop_after_attempt
        from app.repository import Payments

        @retry(stop=stop_after_attempt(3))
        def keyed(payments: Payments, payment_id, order_id):
            payments.create_with_id(payment_id, order_id)

        @retry(stop=stop_after_attempt(3))
        def ensured(payments: Payments, order_id):
            payments.ensure(order_id)
      `,
    },
  ],
  invalid: [
    {
      name: 'a row',
      files: repository,
      path: 'app/pay.py',
      code: python`
        from sqlalchemy.exc import OperationalError
        from app.repository import Payments

        def pay(payments: Payments, order_id):
            for attempt in range(3):
                try:
                    return payments.create(order_id)
                except OperationalError:
                    pass
      `,
      errors: [{ messageId: row, line: 5, data: { write: 'payments.create()', errors: '\`OperationalError\`' } }],
    },
  ],
})

tester.run('no-blind-write-retry: other services', noBlindWriteRetry, {
  valid: [
    {
      name: 'reads, idempotent methods and keys made before',
      code: python`
        import httpx
        from tenacity import retry, retry_if_exception, retry_if_exception_type, retry_if_result, stop_after_attempt

        @retry(stop=stop_after_attempt(3), retry=retry_if_exception_type(httpx.ReadTimeout))
        def quote(client, sku):
            return client.get(f"/prices/{sku}")

        @retry(stop=stop_after_attempt(3), retry=retry_if_exception_type(httpx.ReadTimeout))
        def put(client, body):
            return client.put("/prices", json=body)

        @retry(stop=stop_after_attempt(3), retry=retry_if_exception_type(httpx.ConnectError))
        def connect(client, body):
            return client.post("/charges", json=body)

        @retry(stop=stop_after_attempt(3), retry=retry_if_exception_type((httpx.ConnectError, httpx.ConnectTimeout)))
        def timeout(client, body):
            return client.post("/charges", json=body)

        @retry(stop=stop_after_attempt(3))
        def keyed(client, body, key):
            return client.post("/charges", json=body, headers={"Idempotency-Key": str(key)})

        @retry(stop=stop_after_attempt(3), retry=retry_if_exception(is_rate_limit))
        def filtered(client, body):
            return client.post("/charges", json=body)

        @retry(stop=stop_after_attempt(3), retry=retry_if_result(is_none))
        def result(client, body):
            return client.post("/charges", json=body)

        def looped(client, body):
            headers = {"Idempotency-Key": make_key()}
            for attempt in range(3):
                try:
                    return client.post("/charges", json=body, headers=headers)
                except httpx.ReadTimeout:
                    pass
      `,
    },
    {
      name: 'own names of keys',
      options: [{ idempotencyKeys: ['reference'] }],
      code: python`
        import httpx

        def looped(client, order):
            for attempt in range(3):
                try:
                    return client.post("/charges", json={"reference": order.number})
                except httpx.ReadTimeout:
                    pass
      `,
    },
    {
      name: 'mail, and what is only arranged',
      code: python`
        import smtplib

        def mail(message):
            for attempt in range(3):
                try:
                    smtplib.SMTP("host", timeout=5).send_message(message)
                    return
                except OSError:
                    pass

        def post(self, item):
            for attempt in range(3):
                try:
                    self.items.post(item)
                    return
                except OSError:
                    pass
      `,
    },
  ],
  invalid: [
    {
      name: 'requests',
      code: python`
        import httpx, requests, stripe
        from tenacity import retry, retry_if_exception_type, stop_after_attempt

        @retry(stop=stop_after_attempt(3), retry=retry_if_exception_type(httpx.ReadTimeout))
        def charge(client, body):
            return client.post("/charges", json=body)

        def second(url, body):
            for attempt in range(3):
                try:
                    return requests.request("POST", url, json=body, timeout=5)
                except requests.exceptions.ReadTimeout:
                    pass

        def third(amount):
            for attempt in range(3):
                try:
                    return stripe.Charge.create(amount=amount)
                except Exception:
                    pass

        def fourth(client, body):
            for attempt in range(3):
                try:
                    return client.post("/charges", json=body, headers={"Idempotency-Key": str(uuid4())})
                except httpx.TransportError:
                    pass

        def fifth(publisher, event):
            for attempt in range(3):
                try:
                    publisher.publish(event)
                    return
                except TimeoutError:
                    pass
      `,
      errors: [
        {
          message:
            'This retry repeats \`client.post(...)\` after \`ReadTimeout\`; if the first one did arrive, it is carried out twice. Retry only reads, make it idempotent (a key made before the retry), or let it fail.',
          line: 4,
        },
        { messageId: request, line: 9 },
        { messageId: request, line: 16 },
        { messageId: request, line: 23 },
        { messageId: request, line: 30 },
      ],
    },
    {
      name: 'other names of the same errors',
      code: python`
        import asyncio, httpx, psycopg2, requests, socket, stamina
        import django.db.utils

        def first(client, body):
            for attempt in range(3):
                try:
                    return client.post("/charges", json=body)
                except asyncio.TimeoutError:
                    pass

        def second(client, body):
            for attempt in range(3):
                try:
                    return client.post("/charges", json=body)
                except (KeyError, socket.timeout):
                    pass

        def third(client, body):
            for attempt in range(3):
                try:
                    return client.post("/charges", json=body)
                except IOError:
                    pass

        def fourth(client, body):
            for attempt in range(3):
                try:
                    return client.post("/charges", json=body)
                except psycopg2.OperationalError:
                    pass

        def fifth(client, body):
            for attempt in range(3):
                try:
                    return client.post("/charges", json=body)
                except django.db.utils.InterfaceError:
                    pass

        @stamina.retry(on=httpx.HTTPError, attempts=3)
        async def sixth(client: httpx.AsyncClient, body):
            return await client.post("/charges", json=body)
      `,
      errors: [
        { messageId: request, line: 5 },
        { messageId: request, line: 12 },
        { messageId: request, line: 19 },
        { messageId: request, line: 26 },
        { messageId: request, line: 33 },
        { messageId: request, line: 39 },
      ],
    },
    {
      name: 'a function of another file',
      files: {
        'app/__init__.py': '',
        'app/gateway.py': python`
          import httpx

          class Gateway:
              def __init__(self) -> None:
                  self._http = httpx.Client()

              def charge(self, body):
                  return self._http.post("/charges", json=body)
        `,
      },
      path: 'app/pay.py',
      code: python`
        import httpx
        from app.gateway import Gateway

        def pay(gateway: Gateway, body):
            for attempt in range(3):
                try:
                    return gateway.charge(body)
                except httpx.HTTPError:
                    pass
      `,
      errors: [{ messageId: request, line: 5, data: { write: 'gateway.charge()', errors: '\`HTTPError\`' } }],
    },
  ],
})
