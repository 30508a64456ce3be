import { python, RuleTester } from '@krait/rule-tester'
import { noMixedNaiveAware } from '../src/rules/no-mixed-naive-aware.ts'

const MODELS = `from __future__ import annotations
from datetime import datetime
from sqlalchemy import DateTime
from sqlalchemy.ext.hybrid import hybrid_property
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column, relationship
from app.types import Packed

class Base(DeclarativeBase):
    pass

class Order(Base):
    __tablename__ = "orders"
    created_at: Mapped[datetime] = mapped_column(DateTime)
    utc_at: Mapped[datetime] = mapped_column(DateTime, default=datetime.utcnow)
    paid_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    packed_at: Mapped[datetime] = mapped_column(Packed)
    items: Mapped[list["Item"]] = relationship()

class Item(Base):
    __tablename__ = "items"
    at: Mapped[datetime]
    order: Mapped[Order] = relationship()
`
const TYPES = `from sqlalchemy.types import DateTime, TypeDecorator

class Packed(TypeDecorator):
    impl = DateTime
`
const CLOCK = `from datetime import UTC, datetime

def utcnow():
    return datetime.now(UTC)

def legacy():
    return datetime.utcnow()

def ensure(at: datetime) -> datetime:
    if at.tzinfo is None:
        at = at.replace(tzinfo=UTC)
    return at
`
const files = { 'app/__init__.py': '', 'app/models.py': MODELS, 'app/types.py': TYPES, 'app/clock.py': CLOCK }
const HEAD = `from datetime import UTC, date, datetime, timedelta, timezone
from app.clock import ensure, legacy, utcnow
from app.models import Item, Order
`

function project(code: string) {
  return { path: 'app/service.py', files, code: HEAD + code }
}

new RuleTester().run('datetime/no-mixed-naive-aware', noMixedNaiveAware, {
  valid: [
    { name: 'both aware, both naive', ...project('def f(order: Order):\n    return utcnow() - order.paid_at, legacy() - order.created_at\n') },
    { name: 'normalised', ...project('def f(order: Order):\n    return utcnow() - order.created_at.replace(tzinfo=UTC)\n') },
    { name: 'normalised in a local', ...project('def f(order: Order):\n    at = order.created_at\n    at = at.replace(tzinfo=timezone.utc)\n    return utcnow() - at\n') },
    { name: 'normalised by a helper', ...project('def f(order: Order):\n    return utcnow() > ensure(order.created_at)\n') },
    { name: 'astimezone', ...project('def f(order: Order):\n    return utcnow() > order.created_at.astimezone()\n') },
    { name: 'a guard', ...project('def f(order: Order):\n    if order.created_at.tzinfo is None:\n        order.created_at = order.created_at.replace(tzinfo=UTC)\n    return utcnow() - order.created_at\n') },
    { name: 'a guard that leaves', ...project('def f(order: Order):\n    if order.created_at.tzinfo is None:\n        raise ValueError\n    return utcnow() - order.created_at\n') },
    { name: 'a conditional expression', ...project('def f(at: datetime):\n    at = at if at.tzinfo else at.replace(tzinfo=UTC)\n    return utcnow() - at\n') },
    { name: 'either clock by the guard', ...project('def f(at: datetime):\n    now = datetime.now(UTC) if at.tzinfo else datetime.utcnow()\n    return now - at\n') },
    { name: 'a custom type', ...project('def f(order: Order):\n    return utcnow() - order.packed_at\n') },
    { name: 'an undecided operand', ...project('def f(text, at: datetime):\n    return utcnow() - datetime.fromisoformat(text), utcnow() < at, utcnow() < text\n') },
    { name: 'an expression of SQL', ...project('q = Order.created_at < utcnow()\n') },
    { name: 'a sentinel with a zone', ...project('def f(rows: list[Order]):\n    return sorted(rows, key=lambda r: r.paid_at or datetime.min.replace(tzinfo=UTC))\n') },
    { name: 'dates on both sides', ...project('def f(order: Order):\n    return utcnow().date() - order.created_at.date()\n') },
    { name: 'aware columns of SQLite come back naive', ...project('def f(order: Order):\n    return datetime.utcnow() - order.paid_at\n'), settings: { sqlalchemy: { dialect: 'sqlite' } } },
    { name: 'a normalizer of the config', ...project('from lib import to_utc\ndef f(order: Order):\n    return utcnow() - to_utc(order.created_at)\n'), settings: { datetime: { normalizers: ['lib.to_utc'] } } },
    { name: 'other operators and values', ...project('def f(order: Order):\n    return utcnow() + timedelta(1), utcnow() is order.created_at, utcnow() in [order.created_at], order.created_at == None\n') },
    { name: 'another kind on one path', ...project('def f(order: Order, flag):\n    at = order.created_at\n    if flag:\n        at = utcnow()\n    return utcnow() - at\n') },
    { name: 'sorting one kind', ...project('def f(rows: list[Order]):\n    rows.sort(key=lambda r: r.created_at or datetime.min)\n    return max(r.paid_at or utcnow() for r in rows)\n') },
  ],
  invalid: [
    {
      name: 'a column',
      ...project('def f(order: Order):\n    return utcnow() - order.created_at\n'),
      errors: [
        {
          message:
            '`utcnow() - order.created_at` mixes an aware and a naive datetime and raises TypeError: `Order.created_at` is a DateTime column without timezone (app/models.py:13). ' +
            'Attach the zone first, for example order.created_at.replace(tzinfo=UTC), or make the column DateTime(timezone=True).',
          line: 5,
          suggestions: [
            {
              messageId: 'attachIfUtc',
              output: `${HEAD}def f(order: Order):\n    return utcnow() - order.created_at.replace(tzinfo=UTC)\n`,
            },
          ],
        },
      ],
    },
    {
      name: 'the other way round, over a local and a sum',
      ...project('def f(order: Order):\n    due = order.created_at + timedelta(days=1)\n    return due < utcnow()\n'),
      errors: [{ messageId: 'mixed', line: 6, suggestions: 1 }],
    },
    {
      name: 'a column that holds UTC',
      ...project('def f(order: Order):\n    return utcnow() >= order.utc_at\n'),
      errors: [{ messageId: 'mixed', line: 5, suggestions: [{ messageId: 'attach', output: `${HEAD}def f(order: Order):\n    return utcnow() >= order.utc_at.replace(tzinfo=UTC)\n` }] }],
    },
    {
      name: 'never equal',
      ...project('def f(order: Order):\n    return order.paid_at == order.created_at\n'),
      errors: [{ message: /and is always false: /, line: 5, suggestions: 1 }],
    },
    {
      name: 'two functions of another module',
      ...project('started = legacy()\ndef f():\n    return utcnow() - started\n'),
      errors: [{ messageId: 'mixed', line: 6, suggestions: 1 }],
    },
    {
      name: 'a local, named where it comes from',
      code: python`
        from datetime import datetime, timezone
        def f():
            started = datetime.utcnow()
            return datetime.now(timezone.utc) - started
      `,
      errors: [
        {
          message:
            '`datetime.now(timezone.utc) - started` mixes an aware and a naive datetime and raises TypeError: `started` is naive, it comes from `datetime.utcnow()` in line 3. ' +
            'Attach the zone first, for example started.replace(tzinfo=UTC).',
          line: 4,
          suggestions: 1,
        },
      ],
    },
    {
      name: 'the local clock has no suggestion',
      ...project('def f():\n    return utcnow() - datetime.now()\n'),
      errors: [{ messageId: 'mixed', line: 5 }],
    },
    {
      name: 'relationships, loops, comprehensions, chains',
      ...project('def f(order: Order, item: Item):\n    a = [i for i in order.items if i.at < utcnow()]\n    for i in order.items:\n        i.at != utcnow()\n    return item.order.created_at < utcnow() < order.paid_at\n'),
      errors: [5, 7, 8].map((line) => ({ messageId: 'mixed' as const, line, suggestions: 1 })),
    },
    {
      name: 'augmented, and across lines',
      ...project('def f(order: Order):\n    now = utcnow()\n    now -= order.created_at\n    return (\n        utcnow()\n        - order.created_at\n    )\n'),
      errors: [{ messageId: 'mixed', line: 6, suggestions: 1 }, { messageId: 'mixed', line: 8, suggestions: 1 }],
    },
    {
      name: 'attributes of self',
      ...project('class Cache:\n    def __init__(self):\n        self.at = datetime.utcnow()\n    def is_old(self):\n        return datetime.now(UTC) - self.at > timedelta(1)\n'),
      errors: [{ messageId: 'mixed', line: 8, suggestions: 1 }],
    },
    {
      name: 'methods and hybrids of a model',
      path: 'app/models.py',
      files: { 'app/__init__.py': '', 'app/types.py': TYPES, 'app/clock.py': CLOCK },
      code: `${MODELS}\nfrom app.clock import utcnow\n\nclass Lease(Base):\n    __tablename__ = "leases"\n    until: Mapped[datetime]\n    def is_over(self):\n        return self.until < utcnow()\n    @hybrid_property\n    def is_live(self):\n        return self.until > utcnow()\n`,
      errors: [{ messageId: 'mixed', line: 30, suggestions: 1 }, { messageId: 'mixed', line: 33, suggestions: 1 }],
    },
    {
      name: 'schemas filled from rows',
      ...project('from pydantic import BaseModel\nclass Out(BaseModel):\n    created_at: datetime\ndef f(order: Order):\n    out = Out.model_validate(order)\n    return utcnow() - out.created_at\n'),
      errors: [{ messageId: 'mixed', line: 9, suggestions: 1 }],
    },
    {
      name: 'min, max and sorted',
      ...project('def f(order: Order):\n    max(order.paid_at, order.created_at)\n    sorted([utcnow(), legacy()])\n    min(utcnow(), datetime.max)\n'),
      errors: [5, 6, 7].map((line) => ({ messageId: 'mixed' as const, line, suggestions: 1 })),
    },
    {
      name: 'keys of an order',
      ...project(
        'def key(r: Order):\n    return r.paid_at or datetime.min\ndef f(rows: list[Order]):\n    sorted(rows, key=lambda r: r.paid_at or datetime.min)\n    rows.sort(key=lambda r: (r.paid_at if r.paid_at else datetime.min, r.id))\n    max((r.paid_at or datetime.min for r in rows))\n    sorted(rows, key=key)\n',
      ),
      errors: [7, 8, 9, 10].map((line) => ({ messageId: 'mixed' as const, line, suggestions: 1 })),
    },
    {
      name: 'a default of another kind',
      ...project('def f(rows: list[Order]):\n    latest = max((r.paid_at for r in rows), default=datetime.min)\n    return latest < utcnow()\ndef g(events):\n    return max((e.at for e in events), default=datetime.min) < datetime.now(UTC)\n'),
      errors: [{ messageId: 'mixed', line: 6, suggestions: 1 }, { messageId: 'mixed', line: 8, suggestions: 1 }],
    },
  ],
})

new RuleTester().runProject(noMixedNaiveAware, new URL('no-mixed-naive-aware.md', import.meta.url), { pack: 'datetime' })
