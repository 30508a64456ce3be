import { RuleTester } from '@krait/rule-tester'
import { noColumnTimezoneMismatch } from '../src/rules/no-column-timezone-mismatch.ts'

const MODELS = `from datetime import datetime
from sqlalchemy import Column, DateTime
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column
from app.types import Packed

class Base(DeclarativeBase):
    pass

class Order(Base):
    __tablename__ = "orders"
    naive_at: Mapped[datetime] = mapped_column(DateTime)
    aware_at = Column(DateTime(timezone=True))
    packed_at = Column(Packed)
`
const files = {
  'app/__init__.py': '',
  'app/types.py': 'from sqlalchemy.types import DateTime, TypeDecorator\nclass Packed(TypeDecorator):\n    impl = DateTime\n',
  'app/models.py': MODELS,
  'app/clock.py': 'from datetime import UTC, datetime\ndef now():\n    return datetime.now(UTC)\ndef legacy():\n    return datetime.utcnow()\n',
}
const HEAD = `from datetime import UTC, datetime, timedelta, timezone
from functools import partial
from sqlalchemy import Column, DateTime, func, insert, select, text, update
from sqlalchemy.dialects.postgresql import insert as pg_insert
from sqlalchemy.orm import Mapped, Session, aliased, declared_attr, mapped_column
from sqlalchemy.ext.hybrid import hybrid_property
from sqlmodel import Field, SQLModel
from app.clock import legacy, now
from app.models import Base, Order
`
const at = (line: number) => line + HEAD.split('\n').length - 1
const project = (code: string) => ({ path: 'app/service.py', files, code: HEAD + code })
const model = (body: string) => project(`class Invoice(Base):\n    __tablename__ = "invoices"\n${body}`)

new RuleTester().run('datetime/no-column-timezone-mismatch', noColumnTimezoneMismatch, {
  valid: [
    { name: 'defaults that fit', ...model('    a = Column(DateTime, default=datetime.utcnow)\n    b = Column(DateTime(timezone=True), default=lambda: datetime.now(UTC), onupdate=now)\n    c = mapped_column(DateTime, default=legacy)\n') },
    { name: 'clocks of the database', ...model('    a = Column(DateTime, default=func.now(), onupdate=text("now()"))\n    b = Column(DateTime, server_default=func.now())\n') },
    { name: 'values that fit', ...project('def f(o: Order, s: Session):\n    Order(naive_at=legacy(), aware_at=now())\n    o.aware_at = now()\n    o.naive_at = now().replace(tzinfo=None)\n    s.execute(update(Order).values(naive_at=legacy()))\n') },
    { name: 'comparisons that fit', ...project('q = select(Order).where(Order.naive_at < datetime.utcnow(), Order.aware_at.between(now(), now()), Order.aware_at == now())\n') },
    { name: 'custom types and undecided values', ...project('def f(o: Order, at: datetime, text):\n    o.packed_at = now()\n    o.naive_at = at\n    o.naive_at = datetime.fromisoformat(text)\n    return Order.packed_at < now(), Order.naive_at < at\n') },
    { name: 'other objects', ...project('class Plain:\n    naive_at = None\ndef f(p: Plain, q):\n    p.naive_at = now()\n    q.naive_at = now()\n    Plain(naive_at=now())\n    return naive_at < now()\n') },
    { name: 'None and functions of SQL', ...project('def f(o: Order):\n    o.naive_at = None\n    o.naive_at = func.now()\n    return Order.naive_at == None, Order.naive_at < func.now()\n') },
    { name: 'an instance compared in Python', ...project('def f(o: Order):\n    return o.naive_at < now()\n') },
    { name: 'MySQL stores no zones', ...project('def f(o: Order):\n    o.naive_at = now()\n'), settings: { sqlalchemy: { dialect: 'mysql' } } },
    { name: 'a default of something that is no column', ...project('def f(x, default=now): ...\nclass A:\n    x = make(default=now)\nf(1, default=lambda: now())\n') },
  ],
  invalid: [
    {
      name: 'keywords that SQLModel passes on',
      ...project('class Row(SQLModel, table=True):\n    at: datetime = Field(sa_column_kwargs={\n        "onupdate": now,\n        "index": True,\n    })\n    ok: datetime = Field(sa_column_kwargs={"onupdate": legacy})\n'),
      errors: [{ messageId: 'aware', line: at(3) }],
    },
    {
      name: 'a column to which a length of time is added',
      ...project('def f():\n    return select(Order).where(\n        Order.naive_at + timedelta(days=1) < now(),\n        legacy() > (Order.aware_at - timedelta(hours=1)),\n        Order.naive_at + timedelta(1) < legacy(),\n    )\n'),
      errors: [{ messageId: 'aware', line: at(3), suggestions: 1 }, { messageId: 'naive', line: at(4) }],
    },
    {
      name: 'the expression of a hybrid property',
      ...model('    due = mapped_column(DateTime)\n    @hybrid_property\n    def is_due(self):\n        return self.due > legacy()\n    @is_due.expression\n    def is_due(cls):\n        return cls.due > now()\n'),
      errors: [{ messageId: 'aware', line: at(9), suggestions: 1 }],
    },
    {
      name: 'an alias with the column in it',
      path: 'app/aliases.py',
      files: { ...files, 'app/things.py': 'from sqlalchemy.orm import Mapped\nfrom app import aliases\nfrom app.models import Base\nclass Thing(Base):\n    __tablename__ = "things"\n    a: Mapped[aliases.aware]\n    n: Mapped[aliases.naive | None]\n    o: Mapped[aliases.fits]\n' },
      code: `${HEAD}from typing import Annotated\naware = Annotated[datetime, mapped_column(DateTime(timezone=True), default=legacy)]\nnaive = Annotated[datetime, mapped_column(default=now)]\nfits = Annotated[datetime, mapped_column(DateTime(timezone=True), default=now)]\nunused = Annotated[datetime, mapped_column(DateTime, default=now)]\n`,
      errors: [{ messageId: 'naive', line: at(2) }, { messageId: 'aware', line: at(3) }],
    },
    {
      name: 'the table of a model',
      ...project('def f(s: Session):\n    s.execute(Order.__table__.insert().values(aware_at=legacy()))\n    s.execute(update(Order.__table__).values(naive_at=now()))\n    return select(Order).where(Order.__table__.c.aware_at < legacy())\n'),
      errors: [{ messageId: 'naive', line: at(2) }, { messageId: 'aware', line: at(3), suggestions: 1 }, { messageId: 'naive', line: at(4) }],
    },
    {
      name: 'a default',
      ...model('    issued_at = Column(\n        DateTime,\n        default=lambda: datetime.now(timezone.utc),\n    )\n'),
      errors: [
        {
          message:
            `Aware datetime for \`Invoice.issued_at\`, a DateTime column without timezone (app/service.py:${at(3)}): asyncpg rejects it and other drivers silently drop or shift the offset. ` +
            'Declare the column DateTime(timezone=True) (with a migration), or store naive UTC everywhere.',
          line: at(5),
          suggestions: [
            { messageId: 'zoneColumn', output: `${HEAD}class Invoice(Base):\n    __tablename__ = "invoices"\n    issued_at = Column(\n        DateTime(timezone=True),\n        default=lambda: datetime.now(timezone.utc),\n    )\n` },
            { messageId: 'dropZone', output: `${HEAD}class Invoice(Base):\n    __tablename__ = "invoices"\n    issued_at = Column(\n        DateTime,\n        default=lambda: datetime.now(timezone.utc).replace(tzinfo=None),\n    )\n` },
          ],
        },
      ],
    },
    {
      name: 'functions, partials, mixins, declared_attr',
      ...model('    a: Mapped[datetime] = mapped_column(default=now)\n    b = mapped_column(DateTime(timezone=True), insert_default=legacy, onupdate=datetime.utcnow)\n    c = Column(DateTime(), default=partial(datetime.now, UTC))\n    @declared_attr\n    def d(cls):\n        return Column(DateTime, onupdate=now)\nclass Stamped:\n    e = Column(DateTime, default=now)\n'),
      errors: [
        { messageId: 'aware', line: at(3) },
        { messageId: 'naive', line: at(4) },
        { messageId: 'naive', line: at(4) },
        { messageId: 'aware', line: at(5), suggestions: 1 },
        { messageId: 'aware', line: at(8), suggestions: 1 },
        { messageId: 'aware', line: at(10), suggestions: 1 },
      ],
    },
    {
      name: 'SQLModel',
      ...project('class Hero(SQLModel, table=True):\n    id: int | None = Field(default=None, primary_key=True)\n    made_at: datetime = Field(default_factory=lambda: datetime.now(UTC))\n    seen_at: datetime = Field(default_factory=now, sa_type=DateTime)\n'),
      errors: [{ messageId: 'aware', line: at(3), suggestions: 1 }, { messageId: 'aware', line: at(4), suggestions: 1 }],
    },
    {
      name: 'constructors, values, update',
      ...project('def f(s: Session):\n    Order(\n        naive_at=now(),\n    )\n    insert(Order).values(naive_at=now())\n    pg_insert(Order).values([{"aware_at": legacy()}])\n    update(Order).where(x).values({Order.naive_at: now()})\n    s.query(Order).filter_by(id=1).update({"naive_at": now()})\n'),
      errors: [
        { messageId: 'aware', line: at(3), suggestions: 1 },
        { messageId: 'aware', line: at(5), suggestions: 1 },
        { messageId: 'naive', line: at(6) },
        { messageId: 'aware', line: at(7), suggestions: 1 },
        { messageId: 'aware', line: at(8), suggestions: 1 },
      ],
    },
    {
      name: 'assignments',
      ...project('TTL = timedelta(1)\ndef f(o: Order, s: Session):\n    o.aware_at = datetime.utcnow() + TTL\n    row = s.get(Order, 1)\n    row.naive_at = now()\n'),
      errors: [
        { message: /^Naive datetime for `Order\.aware_at`, a DateTime\(timezone=True\) column \(app\/models\.py:12\): /, line: at(3) },
        { messageId: 'aware', line: at(5), suggestions: 1 },
      ],
    },
    {
      name: 'comparisons in SQL',
      ...project('limit = datetime.now(UTC)\nq = select(Order).where(Order.naive_at < datetime.now(UTC) - timedelta(days=7), limit >= Order.naive_at)\nO = aliased(Order)\nx = O.naive_at == now()\ny = Order.aware_at.between(legacy(), legacy())\nz = Order.naive_at.in_([now()])\n'),
      errors: [
        { messageId: 'aware', line: at(2), suggestions: 1 },
        { messageId: 'aware', line: at(2), suggestions: 1 },
        { messageId: 'aware', line: at(4), suggestions: 1 },
        { messageId: 'naive', line: at(5) },
        { messageId: 'aware', line: at(6), suggestions: 1 },
      ],
    },
    {
      name: 'MySQL: other kinds',
      ...project('def f(o: Order):\n    o.aware_at = legacy()\n'),
      settings: { sqlalchemy: { dialect: 'mysql' } },
      errors: [{ messageId: 'naive', line: at(2) }],
    },
  ],
})
