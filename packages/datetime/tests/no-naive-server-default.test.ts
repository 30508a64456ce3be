import { RuleTester } from '@krait/rule-tester'
import { noNaiveServerDefault } from '../src/rules/no-naive-server-default.ts'

const HEAD = `from datetime import datetime
import sqlalchemy as sa
from sqlalchemy import Column, Date, DateTime, func, text
from sqlalchemy.orm import DeclarativeBase, Mapped, declared_attr, mapped_column
from sqlalchemy.sql import expression
from sqlalchemy.sql.functions import FunctionElement
from sqlalchemy.types import TypeDecorator

class Base(DeclarativeBase): ...
class utcnow(FunctionElement): ...
class Packed(TypeDecorator):
    impl = DateTime

`
const at = (line: number) => line + HEAD.split('\n').length - 1
const model = (body: string) => `${HEAD}class Audit(Base):\n    __tablename__ = "audits"\n${body}`

new RuleTester().run('datetime/no-naive-server-default', noNaiveServerDefault, {
  valid: [
    { name: 'with a time zone', code: model('    at = mapped_column(DateTime(timezone=True), server_default=func.now(), onupdate=func.now())\n') },
    { name: 'converted to UTC', code: model('    a = Column(DateTime, server_default=text("timezone(\'utc\', now())"))\n    b = Column(DateTime, server_default=text("now() at time zone \'utc\'"))\n    c = Column(DateTime, server_default=func.timezone("UTC", func.now()))\n    d = Column(DateTime, server_default=func.utc_timestamp())\n    e = Column(DateTime, server_default=utcnow())\n') },
    { name: 'other columns and values', code: model('    a = Column(Date, server_default=func.now())\n    b = Column(Packed, server_default=func.now())\n    c = Column(DateTime, default=datetime.utcnow)\n    d = Column(DateTime, nullable=func.now())\n') },
    { name: 'SQLite', code: model('    a = Column(DateTime, server_default=func.now())\n'), settings: { sqlalchemy: { dialect: 'sqlite' } } },
    { name: 'migrations', path: 'migrations/versions/a.py', code: model('    a = Column(DateTime, server_default=func.now())\n') },
  ],
  invalid: [
    {
      name: 'keywords that SQLModel passes on, and text of Flask-SQLAlchemy',
      code: `${HEAD}from flask_sqlalchemy import SQLAlchemy\nfrom sqlmodel import Field, SQLModel\ndb = SQLAlchemy()\nclass Row(SQLModel, table=True):\n    at: datetime = Field(\n        sa_column_kwargs={"server_default": func.now()},\n    )\nclass Flask(db.Model):\n    at = db.Column(db.DateTime, server_default=db.text("now()"))\n`,
      errors: [{ messageId: 'sessionTime', line: at(6) }, { messageId: 'sessionTime', line: at(9), suggestions: 1 }],
    },
    {
      name: 'an alias with the column in it',
      code: `${HEAD}from typing import Annotated\nstamp = Annotated[datetime, mapped_column(\n    DateTime,\n    server_default=func.now(),\n)]\nclass Audit(Base):\n    __tablename__ = "audits"\n    at: Mapped[stamp]\n`,
      errors: [{ messageId: 'sessionTime', line: at(4), suggestions: 1 }],
    },
    {
      name: 'func.now()',
      code: model('    at = mapped_column(\n        DateTime,\n        server_default=func.now(),\n    )\n'),
      errors: [
        {
          message:
            "`func.now()` fills the naive column `Audit.at` with the database session's local time. Make the column DateTime(timezone=True), or use timezone('utc', now()).",
          line: at(5),
          suggestions: [{ messageId: 'zoneColumn', output: model('    at = mapped_column(\n        DateTime(timezone=True),\n        server_default=func.now(),\n    )\n') }],
        },
      ],
    },
    {
      name: 'all ways',
      code: model(
        '    a = Column(DateTime, server_default=func.current_timestamp())\n    b = Column(DateTime, server_onupdate=func.localtimestamp())\n    c = Column(DateTime, default=text("now()"))\n    d = Column(DateTime, onupdate=sa.text("CURRENT_TIMESTAMP"))\n    e = Column(DateTime, server_default=text("LOCALTIMESTAMP"))\n    f = Column(DateTime, server_default="now()")\n    g = Column(DateTime, server_default=sa.sql.expression.func.now())\n    h: Mapped[datetime] = mapped_column(server_default=expression.func.now())\n    @declared_attr\n    def i(cls):\n        return Column(DateTime, server_default=func.now())\nclass Stamped:\n    j = Column(DateTime, default=func.now())\n',
      ),
      errors: [
        ...[3, 4, 5, 6, 7, 8, 9].map((line) => ({ messageId: 'sessionTime' as const, line: at(line), suggestions: 1 })),
        { messageId: 'sessionTime', line: at(10) },
        { messageId: 'sessionTime', line: at(13), suggestions: 1 },
        { messageId: 'sessionTime', line: at(15), suggestions: 1 },
      ],
    },
  ],
})
