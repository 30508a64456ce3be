import { python, RuleTester } from '@krait/rule-tester'
import { noSplitCommit } from '../src/rules/no-split-commit.ts'

const tester = new RuleTester()
const split = 'split'
const HEAD = 'import time\nfrom app.models import Credit, Debit, Order\n\n'

tester.run('no-split-commit', noSplitCommit, {
  valid: [
    {
      name: 'one commit, and flushes',
      code: HEAD + python`
        def transfer(session, a, b, x):
            session.add_all([Debit(account=a, amount=x), Credit(account=b, amount=x)])
            session.commit()

        def flushed(session, a, b, x):
            session.add(Debit(account=a, amount=x))
            session.flush()
            session.add(Credit(account=b, amount=x))
            session.commit()
      `,
    },
    {
      name: 'intent, act, record',
      code: HEAD + python`
        import asyncio
        import httpx
        from app.tasks import work

        def pay(session, payment):
            payment.status = "pending"; session.add(payment); session.commit()
            result = gateway.charge(payment)
            payment.status = result.status; session.add(payment); session.commit()

        def request(session, payment):
            session.add(payment)
            session.commit()
            httpx.get("https://gateway")
            session.add(payment)
            session.commit()

        async def waits(session, payment):
            session.add(payment)
            await session.commit()
            await asyncio.sleep(1)
            session.add(payment)
            await session.commit()

        def enqueues(session, payment):
            session.add(payment)
            session.commit()
            work.delay(payment.id)
            session.add(payment)
            session.commit()
      `,
    },
    {
      name: 'alternatives',
      code: HEAD + python`
        def upsert(session, existing, data):
            if existing:
                session.add(existing)
                session.commit()
                return existing
            order = Order(data)
            session.add(order)
            session.commit()
            return order

        def branches(session, a, x):
            if a:
                session.add(Debit(x))
                session.commit()
            else:
                session.add(Credit(x))
                session.commit()

        def tests(session, a, x):
            if a:
                session.add(Debit(x))
                session.commit()
            if not a:
                session.add(Credit(x))
                session.commit()
      `,
    },
    {
      name: 'loops',
      code: HEAD + python`
        def batches(session, rows):
            for row in rows:
                session.add(row)
                session.commit()
            session.add(Order(rows))
            session.commit()

        def around(session, rows):
            for row in rows:
                session.add(Debit(row))
                session.commit()
                session.add(Credit(row))
                session.commit()
      `,
    },
    {
      name: 'two sessions, and a first commit that ends reading only',
      code: HEAD + python`
        def two(session, audit_session, x):
            session.add(x)
            session.commit()
            audit_session.add(x)
            audit_session.commit()

        def read(session, x):
            session.execute(select(Order))
            session.commit()
            session.add(x)
            session.commit()

        def no_write(session, x):
            session.add(x)
            session.commit()
            session.refresh(x)
            session.commit()
      `,
    },
    {
      name: 'the record of a failure',
      code: HEAD + python`
        def f(session, job):
            try:
                session.add(Order(job))
                session.commit()
            except Exception:
                session.rollback()
                session.add(Failure(job))
                session.commit()
                raise
            finally:
                session.add(Log(job))
                session.commit()
      `,
    },
    {
      name: 'functions that work in steps, migrations and scripts',
      code: HEAD + python`
        def seed_data(session):
            session.add(Order(1))
            session.commit()
            session.add(Order(2))
            session.commit()

        def init_db(session):
            session.add(Order(1))
            session.commit()
            session.add(Order(2))
            session.commit()
      `,
    },
    { name: 'ignored', options: [{ ignoreFunctions: ['sync_*'] }], code: 'def sync_x(session, a):\n    session.add(a)\n    session.commit()\n    session.add(a)\n    session.commit()\n' },
    { name: 'a migration', path: 'app/migrations/x.py', code: 'def f(session, a):\n    session.add(a)\n    session.commit()\n    session.add(a)\n    session.commit()\n' },
    { name: 'a script', path: 'scripts/x.py', code: 'def f(session, a):\n    session.add(a)\n    session.commit()\n    session.add(a)\n    session.commit()\n' },
    {
      name: 'Django outside of atomic, and atomic blocks inside another one',
      code: python`
        from django.db import transaction
        from shop.models import Line, Order

        def plain(data):
            order = Order.objects.create(data=data)
            Line.objects.create(order=order)

        def nested(data):
            with transaction.atomic():
                with transaction.atomic():
                    Order.objects.create(data=data)
                with transaction.atomic():
                    Line.objects.create(data=data)

        @transaction.atomic
        def decorated(data):
            with transaction.atomic():
                Order.objects.create(data=data)
            with transaction.atomic():
                Line.objects.create(data=data)
      `,
    },
    {
      name: 'functions that use atomic blocks of their own, and seeds',
      code: python`
        from django.db import transaction
        from shop.models import Line, Order

        def store(data):
            with transaction.atomic():
                Order.objects.create(data=data)

        def both(data):
            store(data)
            with transaction.atomic():
                Line.objects.create(data=data)
            store(data)

        def seed_labels(session):
            session.add(1)
            session.commit()

        def seed_units(session):
            session.add(2)
            session.commit()

        def register(session):
            seed_labels(session)
            seed_units(session)
      `,
    },
    {
      name: 'functions of one module, and class methods, that open sessions of their own',
      files: {
        'app/__init__.py': '',
        'app/store.py': 'from sqlalchemy.orm import sessionmaker\n\nMake = sessionmaker()\n\ndef keep(x):\n    with Make() as session:\n        session.add(x)\n        session.commit()\n\nclass Store:\n    @classmethod\n    def keep(cls, x):\n        keep(x)\n',
      },
      code: python`
        from app import store
        from app.store import Store

        def f(a, b):
            store.keep(a)
            store.keep(b)
            Store.keep(a)
            Store.keep(b)
      `,
    },
    {
      name: 'functions that are told to leave the commit to the caller',
      files: {
        'app/crud.py': 'def create(session, x, commit=True):\n    session.add(x)\n    if commit:\n        session.commit()\n\ndef stage(session, x, commit=False):\n    session.add(x)\n    if commit:\n        session.commit()\n',
      },
      code: python`
        from app import crud

        def f(session, a, b):
            crud.create(session, a, commit=False)
            crud.stage(session, b)
            session.commit()
      `,
    },
  ],
  invalid: [
    {
      name: 'a debit and a credit',
      code: HEAD + python`
        def transfer(session, a, b, x):
            session.add(Debit(account=a, amount=x))
            session.commit()
            session.add(Credit(account=b, amount=x))
            session.commit()
      `,
      errors: [
        {
          messageId: split,
          line: 6,
          message:
            'This commit makes `session.add()` durable before `session.add()` (line 7) is written and committed on its own: a failure in between leaves half ' +
            'the operation. Commit once, at the end.',
        },
      ],
    },
    {
      name: 'two calls whose names do not tell that they commit',
      code: HEAD + python`
        def one(session, x):
            session.add(Debit(amount=x))
            session.commit()

        def other(session, x):
            session.add(Credit(amount=x))
            session.commit()

        def both(session, x):
            one(session, x)
            other(session, x)
      `,
      errors: [{ messageId: split, line: 13 }],
    },
    {
      name: 'three transactions',
      code: HEAD + python`
        async def f(self, a, b, c):
            self._session.add(a)
            await self._session.commit()
            if b:
                self._session.add(b)
                await self._session.commit()
            for line in c:
                self._session.add(line)
            await self._session.commit()
      `,
      errors: [
        { messageId: split, line: 6 },
        { messageId: split, line: 9 },
      ],
    },
    {
      name: 'blocks',
      code: HEAD + python`
        from django.db import transaction
        from sqlalchemy.orm import sessionmaker

        Make = sessionmaker()

        def f(session, a, b):
            with session.begin():
                session.add(a)
            with session.begin():
                session.add(b)

        def g(data):
            with transaction.atomic():
                Order.objects.create(data=data)
            with transaction.atomic():
                Order.objects.filter(data=data).update(done=True)
      `,
      errors: [
        { messageId: split, line: 10 },
        { messageId: split, line: 16, message: /makes `Order\.objects\.create\(\)` durable before `Order\.objects\.filter\(\)\.update\(\)` \(line 19\)/ },
      ],
    },
    {
      name: 'functions of the project',
      files: {
        'app/repos.py': `
from sqlalchemy.orm import Session

class OrderRepo:
    def __init__(self, session: Session):
        self.session = session

    def create(self, data):
        self.session.add(data)
        self.session.commit()

class LineRepo:
    def __init__(self, db: Session):
        self.db = db

    def add_lines(self, order, lines):
        for line in lines:
            self.db.add(line)
        self._done()

    def _done(self):
        self.db.commit()

    def read(self, order):
        return self.db.get(order, 1)
`,
        'app/crud.py': 'from sqlalchemy.orm import Session\n\ndef create_user(*, session: Session, data):\n    session.add(data)\n    session.commit()\n\ndef create_item(session: Session, data):\n    session.add(data)\n    session.commit()\n',
      },
      code: python`
        from sqlalchemy.orm import Session
        from app import crud
        from app.repos import LineRepo, OrderRepo

        class Service:
            def __init__(self, session: Session) -> None:
                self.session = session
                self.orders = OrderRepo(session)
                self.lines = LineRepo(session)

            def place(self, data):
                order = self.orders.create(data)
                self.lines.read(order)
                self.lines.add_lines(order, data.lines)

            def direct(self, data):
                self.orders.create(data)
                self.session.add(data)
                self.session.commit()

        def local(session: Session, data):
            order_repo = OrderRepo(session)
            line_repo = LineRepo(session)
            order = order_repo.create(data)
            line_repo.add_lines(order, data.lines)

        def functions(session: Session, data):
            crud.create_user(session=session, data=data)
            crud.create_item(session, data)

        def others(one: Session, two: Session, data):
            crud.create_user(session=one, data=data)
            crud.create_item(two, data)
            OrderRepo(one).create(data)
            LineRepo(two).add_lines(1, data)

        def unknown(order_repo: OrderRepo, line_repo: LineRepo, data):
            order_repo.create(data)
            line_repo.add_lines(1, data)
      `,
      errors: [
        { messageId: split, line: 12, message: /This commit makes what `self\.orders\.create\(\)` writes durable before `self\.lines\.add_lines\(\)` \(line 14\)/ },
        { messageId: split, line: 17 },
        { messageId: split, line: 24 },
        { messageId: split, line: 28 },
        { messageId: split, line: 32 },
        { messageId: split, line: 33 },
      ],
    },
  ],
})

tester.run('no-split-commit: code of a module', noSplitCommit, {
  valid: [
    { name: 'one commit', code: `${HEAD}session.add(Debit(amount=1))\nsession.add(Credit(amount=1))\nsession.commit()\n` },
    { name: 'the module of a script', path: 'scripts/transfer.py', code: `${HEAD}session.add(Debit(amount=1))\nsession.commit()\nsession.add(Credit(amount=1))\nsession.commit()\n` },
  ],
  invalid: [
    {
      name: 'two commits',
      code: `${HEAD}session.add(Debit(amount=1))\nsession.commit()\nsession.add(Credit(amount=1))\nsession.commit()\n`,
      errors: [{ messageId: split, line: 5 }],
    },
  ],
})

tester.run('no-split-commit: sessions of their own, and names that do not tell', noSplitCommit, {
  valid: [
    {
      name: 'each block has its own session',
      code: HEAD + python`
        from app.db import SessionLocal

        def transfer():
            with SessionLocal() as session:
                session.add(Debit(amount=1))
                session.commit()
            with SessionLocal() as session:
                session.add(Credit(amount=1))
                session.commit()
      `,
    },
  ],
  invalid: [
    {
      name: 'methods that write and commit',
      code: HEAD + python`
        from sqlalchemy.orm import Session

        class Ledger:
            def __init__(self, session: Session):
                self.session = session

            def move(self, x):
                self._take(x)
                self._give(x)

            def _take(self, x):
                self.session.add(Debit(amount=x))
                self.session.commit()

            def _give(self, x):
                self.session.add(Credit(amount=x))
                self.session.commit()
      `,
      errors: [{ messageId: split, line: 11 }],
    },
  ],
})

tester.run('no-split-commit: kinds that exclude each other', noSplitCommit, {
  valid: [
    {
      name: 'one of two kinds',
      code: HEAD + python`
        def record(session, order):
            if order.kind == Kind.SALE:
                session.add(Debit(amount=1))
                session.commit()
            if order.kind == Kind.RETURN:
                session.add(Credit(amount=1))
                session.commit()
      `,
    },
  ],
  invalid: [
    {
      name: 'two tests of different things',
      code: HEAD + python`
        def record(session, order):
            if order.kind == Kind.SALE:
                session.add(Debit(amount=1))
                session.commit()
            if order.state == State.PAID:
                session.add(Credit(amount=1))
                session.commit()
      `,
      errors: [{ messageId: split, line: 7 }],
    },
  ],
})
