import { showKind } from '@krait/python'
import type { Settings } from '@krait/core'
import { describe, expect, test } from 'vitest'
import { dedent, MemoryProject } from '../helpers/memory-project.ts'

const IMPORTS = `
from __future__ import annotations
import datetime as dt
import time
import pytz
import dateutil.parser
from datetime import UTC, date, datetime, time as clock_time, timedelta, timezone
from zoneinfo import ZoneInfo
from django.utils import timezone as django_timezone
`

const MODELS = `
from datetime import date, datetime
from typing import Annotated, Optional
from sqlalchemy import Column, Date, DateTime, String
from sqlalchemy.dialects.postgresql import TIMESTAMP
from sqlalchemy.ext.hybrid import hybrid_property
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column, relationship
from sqlalchemy.types import TypeDecorator

class UtcDateTime(TypeDecorator):
    impl = DateTime

class Packed(TypeDecorator):
    impl = DateTime

timestamp = Annotated[datetime, mapped_column(DateTime(timezone=True))]

class Base(DeclarativeBase): ...

class Stamped:
    created_at = Column(DateTime, default=datetime.utcnow)

class Order(Stamped, Base):
    __tablename__ = "orders"
    placed_at = Column(DateTime)
    paid_at = mapped_column(DateTime(timezone=True))
    seen_at: Mapped[datetime]
    sent_at: Mapped[datetime | None] = mapped_column(TIMESTAMP(timezone=True))
    due: Mapped[date]
    day = Column(Date)
    safe_at = Column(UtcDateTime)
    packed_at = Column(Packed)
    stamped_at: Mapped[timestamp]
    items: Mapped[list["Item"]] = relationship()

    def age(self):
        show(self.placed_at)

    @property
    def expires(self):
        return self.placed_at

    @hybrid_property
    def paid(self):
        return self.paid_at

class Item(Base):
    __tablename__ = "items"
    at: Mapped[datetime]
    order: Mapped["Order"] = relationship()

class Mapped2(DeclarativeBase):
    type_annotation_map = {datetime: DateTime(timezone=True)}

class Lease(Mapped2):
    __tablename__ = "leases"
    taken_at: Mapped[datetime]
`

interface Options {
  readonly files?: Readonly<Record<string, string>>
  readonly settings?: Settings
}

class Project extends MemoryProject {
  constructor(
    files: Readonly<Record<string, string>>,
    readonly given: Settings,
  ) {
    super(files)
  }

  override settings(): Settings {
    return this.given
  }
}

/** The kind of the argument of each call of `show`, in order. */
function shownAll(text: string, { files = {}, settings = {} }: Options = {}): readonly string[] {
  const all = { 'app/__init__.py': '', 'app/models.py': MODELS, ...files, 'app/main.py': `${IMPORTS}${dedent(text)}` }
  const opened = new Project(all, settings).open('app/main.py', settings)
  const calls = [...opened.all()].flatMap((node) => (node.kind === 'call' && node.function.text === 'show' ? [node] : []))
  return calls.map((call) => showKind(opened.services.kindOf(call.arguments.namedChildren[0]!)))
}

function shown(text: string, options: Options = {}): string {
  const found = shownAll(text, options)
  return found.at(-1) ?? 'no call of show()'
}

describe('sources', () => {
  test.each([
    ['datetime.now(UTC)', 'aware (utc)'],
    ['datetime.now(tz=timezone.utc)', 'aware (utc)'],
    ['datetime.now(datetime.now(UTC).tzinfo)', 'aware (utc)'],
    ['-timedelta(hours=1)', 'delta (-3600 s)'],
    ['sorted([datetime.now(UTC)])[-1]', 'aware (utc)'],
    ['sum([timedelta(1)], timedelta())', 'delta'],
    ['format(datetime.now(UTC), "%Y")', 'text (strftime of aware (utc), sortable date)'],
    ['dt.datetime.now(dt.timezone.utc)', 'aware (utc)'],
    ['datetime.now(ZoneInfo("Europe/Paris"))', 'aware (Europe/Paris)'],
    ['datetime.now(ZoneInfo("UTC"))', 'aware (utc)'],
    ['datetime.now(ZoneInfo(key="Europe/Paris"))', 'aware (Europe/Paris)'],
    ['datetime.now(pytz.utc)', 'aware (utc)'],
    ['datetime.now(timezone(timedelta(hours=2)))', 'aware (fixed)'],
    ['datetime.now(zone())', 'aware (unknown)'],
    ['datetime.now()', 'naive (local)'],
    ['datetime.now(None)', 'naive (local)'],
    ['datetime.today()', 'naive (local)'],
    ['datetime.fromtimestamp(x)', 'naive (local)'],
    ['datetime.fromtimestamp(x, UTC)', 'aware (utc)'],
    ['datetime.utcnow()', 'naive (utc)'],
    ['datetime.utcfromtimestamp(x)', 'naive (utc)'],
    ['datetime(2024, 1, 1)', 'naive'],
    ['datetime(2024, 1, 1, tzinfo=UTC)', 'aware (utc)'],
    ['datetime(2024, 1, 1, 0, 0, 0, 0, UTC)', 'aware (utc)'],
    ['datetime(2024, 1, 1, tzinfo=None)', 'naive'],
    ['datetime.min', 'naive'],
    ['datetime.combine(d, clock_time.min)', 'naive'],
    ['datetime.combine(d, clock_time(9, 30))', 'naive'],
    ['datetime.combine(d, clock_time(9, tzinfo=UTC))', 'aware (unknown)'],
    ['datetime.combine(d, t)', 'datetime'],
    ['datetime.combine(d, t, UTC)', 'aware (utc)'],
    ['datetime.combine(d, t, tzinfo=UTC)', 'aware (utc)'],
    ['datetime.strptime(s, "%Y-%m-%dT%H:%M:%S%z")', 'aware (fixed)'],
    ['datetime.strptime(s, "%Y-%m-%dT%H:%M:%SZ")', 'naive (utc)'],
    ['datetime.strptime(s, "%Y-%m-%d")', 'naive'],
    ['datetime.strptime(s, fmt)', 'datetime'],
    ['datetime.fromisoformat(s)', 'datetime'],
    ['datetime.fromisoformat("2024-01-01T00:00:00+00:00")', 'aware (utc)'],
    ['datetime.fromisoformat("2024-01-01T00:00:00")', 'naive'],
    ['dateutil.parser.parse(s)', 'datetime'],
    ['django_timezone.now()', 'aware (utc)'],
    ['pendulum.now()', 'unknown'],
    ['date.today()', 'date'],
    ['thing.date()', 'date'],
    ['date.fromisoformat(s)', 'date'],
    ['time.time()', 'epoch'],
    ['timedelta(hours=1)', 'delta (3600 s)'],
    ['timedelta(days=x)', 'delta'],
    ['frobnicate()', 'unknown'],
    ['1', 'unknown'],
  ])('%s is %s', (text, kind) => expect(shown(`show(${text})`)).toBe(kind))

  test('a format in another module', () => {
    const files = { 'app/formats.py': 'ISO = "%Y-%m-%dT%H:%M:%S%z"\n' }
    expect(shown('from app.formats import ISO\nshow(datetime.strptime(s, ISO))', { files })).toBe('aware (fixed)')
  })

  test('a zone in another module', () => {
    const files = { 'app/zones.py': 'from datetime import timezone\nfrom zoneinfo import ZoneInfo\nUTC = timezone.utc\nPARIS = ZoneInfo("Europe/Paris")\n' }
    expect(shown('from app.zones import UTC as U\nshow(datetime.now(U))', { files })).toBe('aware (utc)')
    expect(shown('from app import zones\nshow(datetime.now(zones.PARIS))', { files })).toBe('aware (Europe/Paris)')
  })

  test('a zone that may be None', () => {
    expect(shown('def f(tz=None):\n    show(datetime.now(tz))')).toBe('datetime')
    expect(shown('def f(tz: tzinfo):\n    show(datetime.now(tz))')).toBe('aware (unknown)')
  })

  test('Django without time zones', () => {
    expect(shown('show(django_timezone.now())', { files: { 'shop/settings.py': 'USE_TZ = False\n' } })).toBe('naive (local)')
  })
})

describe('transfer', () => {
  test.each([
    ['datetime.utcnow().replace(tzinfo=UTC)', 'aware (utc)'],
    ['datetime.now(UTC).replace(tzinfo=None)', 'naive (utc)'],
    ['datetime.now(PARIS).replace(tzinfo=None)', 'naive'],
    ['datetime.utcnow().replace(tzinfo=None)', 'naive (utc)'],
    ['datetime.now(UTC).replace(hour=0)', 'aware (utc)'],
    ['datetime.min.replace(tzinfo=UTC)', 'aware (utc)'],
    ['x.replace(tzinfo=UTC)', 'aware (utc)'],
    ['x.replace("a", "b")', 'unknown'],
    ['datetime.now(UTC) + timedelta(days=1)', 'aware (utc)'],
    ['datetime.utcnow() - timedelta(days=1)', 'naive (utc)'],
    ['timedelta(days=1) + datetime.utcnow()', 'naive (utc)'],
    ['datetime.now(UTC) + ttl', 'aware (utc)'],
    ['datetime.now(UTC) - x', 'unknown'],
    ['date.today() - timedelta(days=1)', 'date'],
    ['datetime.now(UTC) - datetime.utcnow()', 'delta'],
    ['2 * timedelta(hours=1)', 'delta (7200 s)'],
    ['timedelta(hours=1) / 2', 'delta (1800 s)'],
    ['timedelta(hours=1) / timedelta(minutes=1)', 'unknown'],
    ['datetime.utcnow().astimezone(UTC)', 'aware (utc)'],
    ['datetime.now().astimezone()', 'aware (unknown)'],
    ['pytz.timezone("Asia/Tokyo").localize(x)', 'aware (Asia/Tokyo)'],
    ['django_timezone.make_aware(x)', 'aware (unknown)'],
    ['datetime.now(UTC).date()', 'date'],
    ['datetime.now(UTC).isoformat()', 'text (isoformat of aware (utc))'],
    ['str(datetime.now())', 'text (str of naive (local))'],
    ['f"{datetime.now()}"', 'text (str of naive (local))'],
    ['f"{datetime.now(UTC).isoformat()}Z"', 'text (isoformat of aware (utc))'],
    ['f"{datetime.now():%Y-%m-%d}"', 'text (strftime of naive (local), sortable date)'],
    ['f"at {datetime.now()}"', 'unknown'],
    ['"{}Z".format(datetime.utcnow().isoformat())', 'text (isoformat of naive (utc))'],
    ['"%sZ" % datetime.utcnow().isoformat()', 'text (isoformat of naive (utc))'],
    ['date.today().isoformat()', 'text (isoformat of date, sortable date)'],
    ['datetime.now().isoformat()[:10]', 'text (isoformat of naive (local), sortable date)'],
    ['datetime.now().isoformat()[:19]', 'text (isoformat of naive (local))'],
    ['datetime.now().isoformat().split("T")[0]', 'text (isoformat of naive (local), sortable date)'],
    ['datetime.now().strftime("%Y-%m-%d")', 'text (strftime of naive (local), sortable date)'],
    ['datetime.now().strftime("%d.%m.%Y")', 'text (strftime of naive (local))'],
    ['datetime.now().strftime("%Y-%m-%d %H:%M")', 'text (strftime of naive (local))'],
    ['datetime.now(UTC) if x else datetime.now(timezone.utc)', 'aware (utc)'],
    ['datetime.now(UTC) if x else datetime.utcnow()', 'datetime'],
    ['datetime.now(UTC) if x else None', 'aware (utc)'],
    ['x or datetime.now(UTC)', 'unknown'],
    ['None or datetime.now(UTC)', 'aware (utc)'],
    ['(y := datetime.now(UTC))', 'aware (utc)'],
    ['max(datetime.now(UTC), datetime.now(UTC))', 'aware (utc)'],
    ['min([datetime.utcnow(), datetime.utcnow()])', 'naive (utc)'],
    ['max((datetime.utcnow() for e in events), default=datetime.min)', 'naive'],
  ])('%s is %s', (text, kind) => expect(shown(`PARIS = ZoneInfo("Europe/Paris")\nshow(${text})`)).toBe(kind))

  test('locals, by control flow', () => {
    expect(shown('def f():\n    a = datetime.utcnow()\n    show(a)')).toBe('naive (utc)')
    expect(shown('def f():\n    a = datetime.utcnow()\n    a = a.replace(tzinfo=UTC)\n    show(a)')).toBe('aware (utc)')
    expect(shown('def f(x):\n    a = datetime.utcnow()\n    if x:\n        a = datetime.now(UTC)\n    show(a)')).toBe('datetime')
    expect(shown('def f():\n    a, b = datetime.now(UTC), datetime.utcnow()\n    show(b)')).toBe('naive (utc)')
    expect(shown('def f():\n    a = datetime.utcnow()\n    a += timedelta(days=1)\n    show(a)')).toBe('naive (utc)')
    expect(shown('def f():\n    a = datetime.utcnow()\n    while a < x:\n        a += timedelta(days=1)\n    show(a)')).toBe('naive (utc)')
    expect(shown('def f():\n    a = datetime.utcnow()\n    def g():\n        show(a)')).toBe('naive (utc)')
    expect(shown('def f():\n    for a in (datetime.utcnow(), datetime.utcnow()):\n        show(a)')).toBe('naive (utc)')
    expect(shown('NOW = datetime.utcnow()\ndef f():\n    show(NOW)')).toBe('naive (utc)')
  })

  test('the element of what is sorted', () => {
    expect(shown('def f(at: list[datetime]):\n    at.sort(key=lambda x: show(x))')).toBe('datetime')
    expect(shown('def f(at: list[date]):\n    sorted(at, key=lambda x: show(x))')).toBe('date')
  })

  test('pendulum and arrow are types of their own', () => {
    expect(shown('import pendulum, arrow\nshow(pendulum.now("UTC"))')).toBe('unknown')
    expect(shown('import arrow\nshow(arrow.utcnow())')).toBe('unknown')
  })
})

describe('declared kinds', () => {
  test.each([
    ['datetime', 'datetime'],
    ['date', 'date'],
    ['timedelta', 'delta'],
    ['datetime | None', 'datetime'],
    ['"Optional[date]"', 'date'],
    ['date | datetime', 'choice'],
    ['AwareDatetime', 'aware (unknown)'],
    ['Annotated[NaiveDatetime, 1]', 'naive'],
    ['str', 'unknown'],
  ])('%s is %s', (annotation, kind) => {
    expect(shown(`from typing import Annotated, Optional\nfrom pydantic import AwareDatetime, NaiveDatetime\ndef f(x: ${annotation}):\n    show(x)`)).toBe(kind)
  })

  test.each([
    ['placed_at', 'naive'],
    ['created_at', 'naive (utc)'],
    ['paid_at', 'aware (unknown)'],
    ['seen_at', 'naive'],
    ['sent_at', 'aware (unknown)'],
    ['due', 'date'],
    ['day', 'date'],
    ['safe_at', 'aware (unknown)'],
    ['packed_at', 'unknown'],
    ['stamped_at', 'aware (unknown)'],
    ['expires', 'naive'],
    ['paid', 'aware (unknown)'],
  ])('the column %s is %s', (attribute, kind) => expect(shown(`from app.models import Order\ndef f(order: Order):\n    show(order.${attribute})`)).toBe(kind))

  test('instances of models', () => {
    const of = (text: string) => shown(`from app.models import Order, Item, Lease\nfrom sqlalchemy import select\nfrom sqlalchemy.orm import Session\n${text}`)
    expect(of('def f(session: Session):\n    order = session.get(Order, 1)\n    show(order.placed_at)')).toBe('naive')
    expect(of('def f(session: Session):\n    for order in session.scalars(select(Order)):\n        show(order.placed_at)')).toBe('naive')
    expect(of('def f(session: Session):\n    order = session.execute(select(Order)).scalar_one()\n    show(order.paid_at)')).toBe('aware (unknown)')
    expect(of('def f(session: Session):\n    for order in session.query(Order).all():\n        show(order.placed_at)')).toBe('naive')
    expect(of('def f(session: Session):\n    for order in session.query(Order):\n        show(order.placed_at)')).toBe('naive')
    expect(of('def f(order: Order):\n    for item in order.items:\n        show(item.at)')).toBe('naive')
    expect(of('def f(item: Item):\n    show(item.order.placed_at)')).toBe('naive')
    expect(of('def f(lease: Lease):\n    show(lease.taken_at)')).toBe('aware (unknown)')
    expect(of('show(Order.placed_at)')).toBe('unknown')
    expect(of('def f(orders: list[Order]):\n    return [show(o.placed_at) for o in orders]')).toBe('naive')
  })

  test('mixins and protocols', () => {
    const zoned = `${MODELS}
from typing import Protocol
class Seen:
    at: Mapped[datetime]
class Visit(Seen, Mapped2):
    __tablename__ = "visits"
class Like(Protocol):
    at: Mapped[datetime]
`
    const files = { 'app/models.py': zoned }
    expect(shown('from app.models import Seen\ndef f(x: Seen):\n    show(x.at)', { files })).toBe('aware (unknown)')
    expect(shown('from app.models import Visit\ndef f(x: Visit):\n    show(x.at)', { files })).toBe('aware (unknown)')
    expect(shown('from app.models import Like\ndef f(x: Like):\n    show(x.at)', { files })).toBe('datetime')
  })

  test('self in a model', () => {
    const opened = new MemoryProject({ 'app/__init__.py': '', 'app/models.py': MODELS }).open('app/models.py')
    expect(showKind(opened.services.kindOf(opened.find('self.placed_at')))).toBe('naive')
  })

  test('names rule out most attributes and calls', () => {
    const text = 'from app.models import Order\ndef f(order: Order, x):\n    order.placed_at, (order.items), x.id, x.clock().id, x, x[0], x.load(), datetime.now()'
    const opened = new MemoryProject({ 'app/__init__.py': '', 'app/models.py': MODELS, 'app/main.py': `${IMPORTS}${text}` }).open('app/main.py')
    const known = (expression: string): boolean => opened.services.kinds.mayBeKnown(opened.find(expression))
    expect(['order.placed_at', 'x', 'x[0]', 'datetime.now()'].filter((expression) => !known(expression))).toEqual([])
    expect(['(order.items)', 'x.id', 'x.clock().id', 'x.load()'].filter(known)).toEqual([])
  })

  test('settings', () => {
    const text = 'from app.models import Order\ndef f(order: Order):\n    show(order.paid_at)\n    show(order.packed_at)\n    show(order.placed_at)'
    expect(shownAll(text, { settings: { sqlalchemy: { dialect: 'sqlite' } } })).toEqual(['datetime', 'unknown', 'naive'])
    expect(shownAll(text, { settings: { datetime: { awareColumnTypes: ['app.models.Packed'], naiveColumnsHold: 'utc' } } })).toEqual(['aware (unknown)', 'aware (unknown)', 'naive (utc)'])
    expect(shown('show(to_utc(x))\ndef to_utc(x):\n    return convert(x)', { settings: { datetime: { normalizers: ['to_utc'] } } })).toBe('aware (unknown)')
  })

  test('attributes of self', () => {
    expect(shown('class A:\n    def __init__(self):\n        self.at = datetime.utcnow()\n    def f(self):\n        show(self.at)')).toBe('naive (utc)')
    expect(shown('class A:\n    def __init__(self):\n        self.at: datetime | None = None\n    def g(self):\n        self.at = datetime.now(UTC)\n    def f(self):\n        show(self.at)')).toBe('aware (utc)')
    expect(shown('class A:\n    def g(self):\n        self.at = datetime.now(UTC)\n    def h(self):\n        self.at = datetime.utcnow()\n    def f(self):\n        show(self.at)')).toBe('datetime')
    expect(shown('class A:\n    def h(self):\n        self.at = load()\n    def f(self):\n        self.at = datetime.utcnow()\n        show(self.at)')).toBe('naive (utc)')
  })
})

describe('functions', () => {
  const files = {
    'app/clock.py': `
from datetime import UTC, datetime, timedelta, timezone

def now():
    return datetime.now(UTC)

def ago(days):
    return now() - timedelta(days=days)

def legacy_now() -> datetime:
    moment = datetime.utcnow()
    return moment

async def fetch_now():
    return datetime.now(UTC)

def ensure(at: datetime) -> datetime:
    if at.tzinfo is None:
        at = at.replace(tzinfo=UTC)
    return at

def ensure_too(at: datetime) -> datetime:
    if at.tzinfo is None:
        return at.replace(tzinfo=UTC)
    return at

def ensure_short(at: datetime) -> datetime:
    return at if at.tzinfo else at.replace(tzinfo=UTC)

def floor(at: datetime) -> datetime:
    return at.replace(minute=0)

def either(flag):
    return datetime.now(UTC) if flag else datetime.utcnow()

def maybe(flag):
    if flag:
        return datetime.utcnow()

def bounds():
    return datetime.now(UTC), datetime.utcnow()

def ttl() -> timedelta: ...

class Clock:
    def now(self):
        return datetime.now(timezone.utc)

    @property
    def started(self):
        return datetime.utcnow()

clock = Clock()

def ping(n):
    return pong(n - 1) if n else datetime.utcnow()

def pong(n):
    return ping(n)
`,
  }
  test.each([
    ['now()', 'aware (utc)'],
    ['ago(1)', 'aware (utc)'],
    ['legacy_now()', 'naive (utc)'],
    ['fetch_now()', 'unknown'],
    ['ensure(x)', 'aware (unknown)'],
    ['ensure_too(x)', 'aware (unknown)'],
    ['ensure_short(x)', 'aware (unknown)'],
    ['floor(x)', 'datetime'],
    ['either(x)', 'datetime'],
    ['maybe(x)', 'naive (utc)'],
    ['bounds()[1]', 'naive (utc)'],
    ['ttl()', 'delta'],
    ['clock.now()', 'aware (utc)'],
    ['Clock().now()', 'aware (utc)'],
    ['Clock().started', 'naive (utc)'],
    ['clock.started', 'naive (utc)'],
    ['ping(1)', 'naive (utc)'],
  ])('%s is %s', (text, kind) => expect(shown(`from app.clock import *\nshow(${text})`, { files })).toBe(kind))

  test('what is found among the rows of a relationship', () => {
    const files = { 'app/orders.py': 'from app.models import Order\ndef last(order: Order):\n    return max((item.at for item in order.items), default=None)\ndef first(order: Order):\n    return sorted(i.order.paid_at for i in order.items)[0]\n' }
    expect(shownAll('from app.orders import first, last\nshow(last(o))\nshow(first(o))', { files })).toEqual(['naive', 'aware (unknown)'])
  })

  test('functions in functions, lambdas, partials', () => {
    expect(shown('def f():\n    def now():\n        return datetime.now(UTC)\n    show(now())')).toBe('aware (utc)')
    expect(shown('def f():\n    now = lambda: datetime.now(UTC)\n    show(now())')).toBe('aware (utc)')
    expect(shown('from functools import partial\nnow = partial(datetime.now, UTC)\nthen = lambda: datetime.utcnow()\nshow(now())')).toBe('aware (utc)')
    expect(shown('then = lambda: datetime.utcnow()\ndef f():\n    show(then())')).toBe('naive (utc)')
  })

  test('await', () => {
    expect(shown('from app.clock import fetch_now\nasync def f():\n    show(await fetch_now())', { files })).toBe('aware (utc)')
  })

  test('unpacking', () => {
    expect(shown('from app.clock import bounds\ndef f():\n    a, b = bounds()\n    show(a)', { files })).toBe('aware (utc)')
  })
})

describe('narrowing', () => {
  const ORDER = 'from app.models import Order\ndef f(order: Order, at: datetime, x: date | datetime, s: datetime | str, u):\n'
  test.each([
    ['    if at.tzinfo is None:\n        show(at)', 'naive'],
    ['    if at.tzinfo is None:\n        at = at.replace(tzinfo=UTC)\n    show(at)', 'aware (unknown)'],
    ['    if at.tzinfo is None or at.tzinfo.utcoffset(at) is None:\n        at = at.replace(tzinfo=UTC)\n    show(at)', 'aware (unknown)'],
    ['    if not at.tzinfo:\n        at = at.replace(tzinfo=UTC)\n    show(at)', 'aware (unknown)'],
    ['    if at.tzinfo is None:\n        raise ValueError\n    show(at)', 'aware (unknown)'],
    ['    assert at.tzinfo is not None\n    show(at)', 'aware (unknown)'],
    ['    if django_timezone.is_naive(at):\n        at = django_timezone.make_aware(at)\n    show(at)', 'aware (unknown)'],
    ['    at = at if at.tzinfo else at.replace(tzinfo=UTC)\n    show(at)', 'aware (unknown)'],
    ['    at = at.replace(tzinfo=UTC) if at.tzinfo is None else at\n    show(at)', 'aware (unknown)'],
    ['    if order.placed_at.tzinfo is None:\n        at = order.placed_at.replace(tzinfo=UTC)\n    else:\n        at = order.placed_at\n    show(at)', 'aware (unknown)'],
    ['    if order.placed_at.tzinfo is None:\n        order.placed_at = order.placed_at.replace(tzinfo=UTC)\n    show(order.placed_at)', 'aware (unknown)'],
    ['    if order.placed_at.tzinfo is None:\n        show(order.placed_at)', 'naive'],
    ['    if at.tzinfo is None:\n        at = load()\n    show(at)', 'unknown'],
    ['    if isinstance(x, datetime):\n        show(x)', 'datetime'],
    ['    if isinstance(x, datetime):\n        x = x.date()\n    show(x)', 'date'],
    ['    if not isinstance(x, datetime):\n        show(x)', 'date'],
    ['    if isinstance(s, str):\n        s = datetime.strptime(s, "%Y")\n    show(s)', 'datetime'],
    ['    if isinstance(u, timedelta):\n        show(u)', 'delta'],
    ['    if isinstance(u, date):\n        show(u)', 'date'],
    ['    order.placed_at = datetime.now(UTC)\n    show(order.placed_at)', 'aware (utc)'],
    ['    if at.tzinfo:\n        at = other(at)\n    show(at)', 'unknown'],
    ['    if at and at.tzinfo is None:\n        at = at.replace(tzinfo=UTC)\n    show(at)', 'aware (unknown)'],
    ['    if at is not None and not at.tzinfo:\n        at = at.replace(tzinfo=UTC)\n    show(at)', 'aware (unknown)'],
    ['    if u is None:\n        u = datetime.now(UTC)\n    show(u)', 'unknown'],
    ['    d = timedelta(1)\n    if not d:\n        show(d)', 'delta (86400 s)'],
  ])('%j is %s', (text, kind) => expect(shown(`${ORDER}${text}`)).toBe(kind))
})

describe('filled fields', () => {
  const SCHEMA = `from pydantic import BaseModel, field_validator
from app.models import Order
class OrderOut(BaseModel):
    placed_at: datetime
    paid_at: datetime | None = None
class Checked(BaseModel):
    placed_at: datetime
    @field_validator("placed_at")
    def check(cls, value):
        return value
def load(order: Order) -> OrderOut:
    return OrderOut.model_validate(order)
`
  test.each([
    ['    out = OrderOut.model_validate(order)\n    show(out.placed_at)', 'naive'],
    ['    out = OrderOut.from_orm(order)\n    show(out.paid_at)', 'aware (unknown)'],
    ['    out = OrderOut(placed_at=datetime.utcnow())\n    show(out.placed_at)', 'naive (utc)'],
    ['    out = load(order)\n    show(out.placed_at)', 'naive'],
    ['    out = Checked.model_validate(order)\n    show(out.placed_at)', 'datetime'],
    ['    show(other.placed_at)', 'datetime'],
  ])('%j is %s', (text, kind) => expect(shown(`${SCHEMA}def f(order: Order, other: OrderOut):\n${text}`)).toBe(kind))
})
