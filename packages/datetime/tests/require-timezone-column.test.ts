import { RuleTester } from '@krait/rule-tester'
import { requireTimezoneColumn } from '../src/rules/require-timezone-column.ts'

const files = {
  'app/__init__.py': '',
  'app/db.py':
    'from datetime import datetime\nfrom typing import Annotated\nfrom flask_sqlalchemy import SQLAlchemy\nfrom sqlalchemy import DateTime\nfrom sqlalchemy.orm import DeclarativeBase, mapped_column\nfrom sqlalchemy.types import TypeDecorator\ndb = SQLAlchemy()\nclass Base(DeclarativeBase): ...\nclass Zoned(DeclarativeBase):\n    type_annotation_map = {datetime: DateTime(timezone=True)}\nclass Packed(TypeDecorator):\n    impl = DateTime\nclass UtcDateTime(TypeDecorator):\n    impl = DateTime\nstamp = Annotated[datetime, mapped_column(DateTime(timezone=True))]\n',
}
const HEAD = `from __future__ import annotations
from datetime import date, datetime
import sqlalchemy as sa
from pydantic import BaseModel
from sqlalchemy import Column, Date, DateTime, Interval, Time
from sqlalchemy.dialects.postgresql import TIMESTAMP
from sqlalchemy.orm import Mapped, declared_attr, mapped_column
from sqlmodel import Field, SQLModel
from app.db import Base, Packed, UtcDateTime, Zoned, db, stamp
`
const code = (body: string) => ({ path: 'app/models.py', files, code: HEAD + body })
const model = (body: string, base = 'Base') => code(`class Shipment(${base}):\n    __tablename__ = "shipments"\n    id: Mapped[int] = mapped_column(primary_key=True)\n${body}`)
const at = (line: number) => line + HEAD.split('\n').length - 1

new RuleTester().run('datetime/require-timezone-column', requireTimezoneColumn, {
  valid: [
    { name: 'with a time zone', ...model('    a = Column(DateTime(timezone=True))\n    b: Mapped[datetime] = mapped_column(TIMESTAMP(timezone=True))\n    c: Mapped[stamp]\n    d = Column(DateTime(True))\n') },
    { name: 'a type_annotation_map', ...model('    a: Mapped[datetime]\n    b: Mapped[datetime | None]\n', 'Zoned') },
    { name: 'other types', ...model('    a = Column(Date)\n    b = Column(Time)\n    c = Column(Interval)\n    d: Mapped[date]\n    e = Column(Packed)\n    f = Column(UtcDateTime)\n') },
    { name: 'a mixin of models whose base has a map, a protocol', ...code('from typing import Protocol\nclass Stamped:\n    at: Mapped[datetime]\nclass A(Stamped, Zoned):\n    __tablename__ = "a"\n    id: Mapped[int] = mapped_column(primary_key=True)\nclass Like(Protocol):\n    at: Mapped[datetime]\n') },
    { name: 'a map of declarative_base()', ...code('from sqlalchemy.orm import declarative_base\nMade = declarative_base(type_annotation_map={datetime: DateTime(timezone=True)})\nclass A(Made):\n    __tablename__ = "a"\n    id: Mapped[int] = mapped_column(primary_key=True)\n    at: Mapped[datetime]\n') },
    { name: 'schemas and plain classes', ...code('class Out(BaseModel):\n    at: datetime\nclass A:\n    at: datetime = None\nclass Hero(SQLModel):\n    at: datetime\n') },
    { name: 'SQLModel with a type', ...code('class Hero(SQLModel, table=True):\n    id: int = Field(primary_key=True)\n    a: datetime = Field(sa_type=DateTime(timezone=True))\n    b: datetime = Field(sa_column=Column(DateTime(timezone=True)))\n') },
    { name: 'allowed', ...model('    legacy_at = Column(DateTime)\n'), options: [{ allow: ['Shipment.legacy_*'] }] },
    { name: 'MySQL', ...model('    a = Column(DateTime)\n'), settings: { sqlalchemy: { dialect: 'mysql' } } },
    { name: 'migrations', path: 'migrations/versions/a.py', code: 'import sqlalchemy as sa\nfrom alembic import op\ndef upgrade():\n    op.add_column("t", sa.Column("a", sa.DateTime()))\n' },
  ],
  invalid: [
    {
      name: 'a column',
      ...model('    delivered_at = Column(DateTime, nullable=True)\n'),
      errors: [
        {
          message:
            '`Shipment.delivered_at` is a DateTime without timezone: its values are naive and cannot be compared with datetime.now(UTC). Use DateTime(timezone=True) and a migration.',
          line: at(4),
          suggestions: [
            {
              messageId: 'addTimezone',
              output: `${HEAD}class Shipment(Base):\n    __tablename__ = "shipments"\n    id: Mapped[int] = mapped_column(primary_key=True)\n    delivered_at = Column(DateTime(timezone=True), nullable=True)\n`,
            },
          ],
        },
      ],
    },
    {
      name: 'all ways',
      ...model(
        '    a = mapped_column(\n        sa.DateTime(),\n    )\n    b: Mapped[datetime]\n    c: Mapped[datetime | None]\n    d: Mapped[datetime] = mapped_column(TIMESTAMP)\n    e: Mapped[datetime] = mapped_column(index=True)\n    f = Column(DateTime(timezone=False))\n    @declared_attr\n    def g(cls):\n        return Column(DateTime)\n',
      ),
      errors: [
        { messageId: 'naive', line: at(4), suggestions: 1 },
        { messageId: 'naive', line: at(7) },
        { messageId: 'naive', line: at(8) },
        { messageId: 'naive', line: at(9), suggestions: 1 },
        { messageId: 'naive', line: at(10) },
        { messageId: 'naive', line: at(11) },
        { messageId: 'naive', line: at(13), suggestions: 1 },
      ],
    },
    {
      name: 'Flask, SQLModel, mixins',
      ...code('class A(db.Model):\n    id = db.Column(db.Integer, primary_key=True)\n    at = db.Column(db.DateTime)\nclass Hero(SQLModel, table=True):\n    id: int = Field(primary_key=True)\n    at: datetime\n    by: datetime = Field(default=None)\nclass Stamped:\n    made_at = Column(DateTime)\n'),
      errors: [
        { messageId: 'naive', line: at(3), suggestions: 1 },
        { messageId: 'naive', line: at(6) },
        { messageId: 'naive', line: at(7) },
        { messageId: 'naive', line: at(9), suggestions: 1 },
      ],
    },
    {
      name: 'migrations',
      path: 'migrations/versions/a.py',
      code: 'import sqlalchemy as sa\nfrom alembic import op\ndef upgrade():\n    op.add_column("t", sa.Column("a", sa.DateTime()))\n    op.add_column("t", sa.Column("b", sa.DateTime(timezone=True)))\n',
      options: [{ includeMigrations: true }],
      errors: [{ messageId: 'naive', line: 4, suggestions: 1 }],
    },
  ],
})
