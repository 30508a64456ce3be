import { RuleTester } from '@krait/rule-tester'
import { noNaiveNow } from '../src/rules/no-naive-now.ts'

const HEAD = `import datetime as dt
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta, timezone
from django.utils.timezone import make_aware
from pydantic import BaseModel, Field
from sqlalchemy import Column, DateTime, insert, select, update
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

class Base(DeclarativeBase): ...

class Order(Base):
    __tablename__ = "orders"
    naive_at = Column(DateTime, default=datetime.utcnow, onupdate=lambda: datetime.utcnow())
    aware_at = Column(DateTime(timezone=True))

`
const at = (line: number) => line + HEAD.split('\n').length - 1
const code = (body: string) => HEAD + body

new RuleTester().run('datetime/no-naive-now', noNaiveNow, {
  valid: [
    { name: 'a keyword of a naive column that SQLModel passes on', code: code('from sqlmodel import Field as ModelField, SQLModel\nclass Row(SQLModel, table=True):\n    at: datetime = ModelField(sa_column_kwargs={"onupdate": lambda: datetime.utcnow()})\n') },
    { name: 'compared with a naive column to which a length of time is added', code: code('def f(o: Order):\n    select(Order).where(Order.naive_at + timedelta(1) < datetime.utcnow(), datetime.utcnow() >= Order.naive_at - timedelta(2))\n    return o.naive_at + timedelta(1) > datetime.utcnow()\n') },
    { name: 'aware', code: code('x = datetime.now(UTC), datetime.fromtimestamp(1, UTC), datetime.now(tz=zone)\n') },
    { name: 'normalised in the chain', code: code('x = datetime.now().replace(microsecond=0).astimezone()\ny = (datetime.utcnow() + timedelta(1)).replace(tzinfo=UTC)\nz = make_aware(datetime.now()), tz.localize(datetime.now())\n') },
    { name: 'normalised through a local', code: code('def f():\n    now = datetime.utcnow()\n    now = now.replace(second=0).replace(tzinfo=timezone.utc)\n    return now\ndef g():\n    at = datetime.now()\n    return at.astimezone(), tz.localize(at)\n') },
    { name: 'formatting', code: code('a = f"export-{datetime.now():%Y%m%d}"\nb = datetime.now().strftime("%Y"), datetime.today().date(), datetime.now().timestamp(), datetime.now().year, datetime.now().weekday()\nc = "{:%Y}".format(datetime.now()), format(datetime.now(), "%Y"), datetime.fromtimestamp(x).time()\n') },
    { name: 'formatting through a local', code: code('def f():\n    now = datetime.now()\n    print(now.year, f"{now:%H}")\n') },
    { name: 'durations', code: code('def f():\n    started = datetime.now()\n    work()\n    took = datetime.now() - started\n    return took.total_seconds(), datetime.now() > started\n') },
    { name: 'a deadline', code: code('def f():\n    end = datetime.utcnow() + timedelta(minutes=1)\n    while datetime.utcnow() < end:\n        work()\n') },
    { name: 'naive columns hold UTC', code: code('def f(o: Order):\n    o.naive_at = datetime.utcnow() + timedelta(days=1)\n    Order(naive_at=datetime.utcnow())\n    update(Order).values(naive_at=datetime.utcnow())\n    insert(Order).values({"naive_at": datetime.utcnow()})\n    return select(Order).where(Order.naive_at < datetime.utcnow()), datetime.utcnow() - o.naive_at, o.naive_at > datetime.utcnow() - timedelta(1)\n') },
    { name: 'through a local into a naive column', code: code('def f(o: Order):\n    now = datetime.utcnow()\n    o.naive_at = now\n') },
    { name: 'a naive column in a local', code: code('def f(o: Order):\n    if at := o.naive_at:\n        return datetime.utcnow() - at > timedelta(minutes=1)\n') },
    { name: 'unused and discarded', code: code('def f():\n    now = datetime.now()\n    datetime.now()\n') },
    { name: 'test files', path: 'tests/test_x.py', code: code('x = [datetime.now()]\n') },
    { name: 'another datetime', code: 'from app import datetime\nx = [datetime.utcnow()]\n' },
    { name: 'normalizers of the config', code: code('from app.time import to_utc\nx = to_utc(datetime.now())\n'), settings: { datetime: { normalizers: ['app.time.to_utc'] } } },
    { name: 'a factory that is aware', code: code('class A(BaseModel):\n    at: datetime = Field(default_factory=lambda: datetime.now(UTC))\n') },
  ],
  invalid: [
    {
      name: 'text, with the message',
      code: code('def f():\n    return {"generated_at": datetime.utcnow().isoformat()}\n'),
      errors: [
        {
          message: '`datetime.utcnow()` is naive: consumers treat it as local time, and comparing it with an aware value raises. Use datetime.now(timezone.utc).',
          line: at(2),
          suggestions: [{ messageId: 'useAware', output: code('def f():\n    return {"generated_at": datetime.now(UTC).isoformat()}\n') }],
        },
      ],
    },
    {
      name: 'returned, stored, passed, put into a container',
      code: code('def f(self):\n    self.at = datetime.utcnow()\n    send(datetime.now())\n    x = [datetime.today()]\n    y[0] = datetime.now(None)\n    z = {"a": datetime.now(tz=None)}\n    return (\n        datetime.utcnow()\n    )\n'),
      errors: [2, 3, 4, 5, 6, 8].map((line) => ({ messageId: 'naive' as const, line: at(line), suggestions: 1 })),
    },
    {
      name: 'text and comparisons',
      code: code('def f(at, o: Order):\n    a = str(datetime.now()), f"{datetime.now()}"\n    b = datetime.now() < at\n    return a, b, datetime.now() - at\n'),
      errors: [2, 2, 3, 4].map((line) => ({ messageId: 'naive' as const, line: at(line), suggestions: 1 })),
    },
    {
      name: 'through a local',
      code: code('def f():\n    now = datetime.now()\n    print(now.year)\n    return now\nNOW = datetime.utcnow()\n'),
      errors: [{ messageId: 'naive', line: at(2), suggestions: 1 }, { messageId: 'naive', line: at(5), suggestions: 1 }],
    },
    {
      name: 'one path is normalised only',
      code: code('def f(x):\n    now = datetime.utcnow()\n    if x:\n        now = now.replace(tzinfo=UTC)\n    return now\n'),
      errors: [{ messageId: 'naive', line: at(2), suggestions: 1 }],
    },
    {
      name: 'the local clock for a column, UTC for an aware one',
      code: code('def f(o: Order):\n    o.naive_at = datetime.now()\n    o.aware_at = datetime.utcnow()\n    return Order.naive_at < datetime.now(), Order.aware_at < datetime.utcnow()\n'),
      errors: [2, 3, 4, 4].map((line) => ({ messageId: 'naive' as const, line: at(line), suggestions: 1 })),
    },
    {
      name: 'time stamps',
      code: code('def f(row):\n    return dt.datetime.fromtimestamp(row["ts"]), datetime.utcfromtimestamp(row["ts"])\n'),
      errors: [
        { messageId: 'naive', line: at(2), suggestions: [{ messageId: 'useAware', output: code('def f(row):\n    return dt.datetime.fromtimestamp(row["ts"], UTC), datetime.utcfromtimestamp(row["ts"])\n') }] },
        { messageId: 'naive', line: at(2), suggestions: [{ messageId: 'useAware', output: code('def f(row):\n    return dt.datetime.fromtimestamp(row["ts"]), datetime.fromtimestamp(row["ts"], UTC)\n') }] },
      ],
    },
    {
      name: 'factories',
      code: code('class A(BaseModel):\n    at: datetime = Field(default_factory=datetime.utcnow)\n    b: datetime = Field(default_factory=lambda: datetime.utcnow())\n@dataclass\nclass B:\n    at: datetime = field(default_factory=datetime.now)\n'),
      errors: [
        { messageId: 'naive', line: at(2), suggestions: [{ messageId: 'useAware', output: code('class A(BaseModel):\n    at: datetime = Field(default_factory=lambda: datetime.now(UTC))\n    b: datetime = Field(default_factory=lambda: datetime.utcnow())\n@dataclass\nclass B:\n    at: datetime = field(default_factory=datetime.now)\n') }] },
        { messageId: 'naive', line: at(3), suggestions: 1 },
        { messageId: 'naive', line: at(6), suggestions: 1 },
      ],
    },
    {
      name: 'formatting is not allowed',
      code: code('x = datetime.now().strftime("%Y")\n'),
      options: [{ allowFormatting: false }],
      errors: [{ messageId: 'naive', line: at(1), suggestions: 1 }],
    },
    {
      name: 'normalising is not allowed',
      code: code('x = datetime.utcnow().replace(tzinfo=timezone.utc)\ny = datetime.now().astimezone()\n'),
      options: [{ allowNormalized: false }],
      output: code('x = datetime.now(timezone.utc)\ny = datetime.now().astimezone()\n'),
      errors: [{ messageId: 'deprecated', line: at(1) }],
    },
  ],
})
