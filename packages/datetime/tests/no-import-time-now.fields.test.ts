import { python, RuleTester } from '@krait/rule-tester'
import { noImportTimeNow } from '../src/rules/no-import-time-now.ts'

new RuleTester().run('no-import-time-now: fields', noImportTimeNow, {
  valid: [
    {
      name: 'callables and factories',
      code: python`
        from dataclasses import dataclass, field
        from datetime import datetime, UTC
        from pydantic import BaseModel, Field
        from sqlalchemy import Column, DateTime
        from sqlalchemy.orm import DeclarativeBase, mapped_column

        class Base(DeclarativeBase):
            pass

        class Invoice(Base):
            created_at = mapped_column(DateTime, default=datetime.utcnow)
            updated_at = Column(DateTime, default=lambda: datetime.now(UTC), onupdate=lambda: datetime.now(UTC))

        class Event(BaseModel):
            at: datetime = Field(default_factory=lambda: datetime.now(UTC))

        @dataclass
        class Job:
            at: datetime = field(default_factory=datetime.now)
      `,
    },
    {
      name: 'clocks of the database',
      code: python`
        from sqlalchemy import Column, DateTime, func, text
        from sqlalchemy.sql import functions
        from sqlalchemy.sql.expression import FunctionElement
        from sqlalchemy.sql.functions import GenericFunction

        class utcnow(FunctionElement):
            type = DateTime()

        class now(GenericFunction):
            type = DateTime()

        def current():
            return func.now()

        class Invoice(Base):
            a = Column(DateTime, server_default=func.now(), onupdate=func.now())
            b = Column(DateTime, server_default=text("now()"))
            c = Column(DateTime, default=utcnow(), server_default=utcnow())
            d = Column(DateTime, default=now())
            e = Column(DateTime, default=functions.now())
            f = Column(DateTime, default=current())
      `,
    },
    {
      name: 'classes whose attributes are no fields',
      code: python`
        from dataclasses import dataclass
        from datetime import datetime
        from typing import ClassVar
        from app.base import Unknown

        class Plain:
            at: datetime = datetime.now()

        class Derived(Unknown):
            at: datetime = datetime.now()

        @dataclass
        class Job:
            registered: ClassVar[datetime] = datetime.now()
            loaded = datetime.now()

        class Child(Job):
            at: datetime = datetime.now()
      `,
    },
    {
      name: 'a class in a function',
      code: python`
        from datetime import datetime
        from pydantic import BaseModel

        def make():
            class Event(BaseModel):
                at: datetime = datetime.now()

            return Event
      `,
    },
    {
      name: 'methods and validators',
      code: python`
        from datetime import datetime
        from pydantic import BaseModel, field_validator

        class Event(BaseModel):
            at: datetime

            @field_validator("at")
            def check(cls, value):
                if value > datetime.now():
                    raise ValueError("later")
                return value
      `,
    },
    {
      name: 'what only documents the field',
      code: python`
        from datetime import date
        from pydantic import BaseModel, Field

        class Order(BaseModel):
            day: date = Field(..., description=f"since {date.today()}", examples=[date.today()], json_schema_extra={"example": date.today()})
      `,
    },
    {
      name: 'a test file, by the settings of the project',
      path: 'spec/models.py',
      settings: { paths: { tests: ['spec/**'] } },
      code: python`
        from datetime import datetime
        from sqlalchemy import Column

        at = Column(default=datetime.now())
      `,
    },
  ],
  invalid: [
    {
      name: 'a column, with the whole message',
      path: 'billing/models.py',
      code: python`
        from datetime import datetime, UTC
        from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

        class Base(DeclarativeBase):
            pass

        class Invoice(Base):
            created_at: Mapped[datetime] = mapped_column(default=datetime.now(UTC))
      `,
      errors: [
        {
          messageId: 'default',
          message:
            "`datetime.now(UTC)` runs once, when `billing.models` is imported: every Invoice gets the process's start time. " +
            'Pass a callable: default=lambda: datetime.now(UTC).',
          line: 8,
          column: 58,
          suggestions: [
            {
              messageId: 'useCallable',
              desc: 'Pass a callable: `default=lambda: datetime.now(UTC)`',
              output: python`
                from datetime import datetime, UTC
                from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

                class Base(DeclarativeBase):
                    pass

                class Invoice(Base):
                    created_at: Mapped[datetime] = mapped_column(default=lambda: datetime.now(UTC))
              `,
            },
          ],
        },
      ],
    },
    {
      name: 'columns of mixins, tables and Flask-SQLAlchemy; all arguments',
      code: python`
        import sqlalchemy as sa
        from datetime import date, datetime, timedelta
        from flask_sqlalchemy import SQLAlchemy
        from sqlalchemy.orm import mapped_column as mc

        db = SQLAlchemy()

        class TimestampMixin:
            created_at = sa.Column(sa.DateTime, default=datetime.utcnow())
            updated_at = sa.Column(sa.DateTime, onupdate=datetime.utcnow() + timedelta(hours=1))

        class Note(db.Model):
            at = db.Column(
                db.DateTime,
                default=datetime.utcnow().replace(microsecond=0),
            )
            day = mc(insert_default=date.today(), info={"since": datetime.now()})

        notes = sa.Table("notes", metadata, sa.Column("at", sa.DateTime, default=datetime.utcnow()))
      `,
      errors: [
        { messageId: 'default', line: 9, suggestions: 1 },
        { messageId: 'default', line: 10, suggestions: 1 },
        { messageId: 'default', line: 15, suggestions: 1 },
        { messageId: 'default', line: 17, column: 29, suggestions: 1 },
        { messageId: 'declaration', line: 17, column: 58 },
        { messageId: 'default', line: 19, suggestions: 1 },
      ],
    },
    {
      name: 'a lambda would not see the names of the class',
      code: python`
        from datetime import datetime, timedelta
        from sqlalchemy import Column

        class Token(Base):
            TTL = timedelta(hours=1)
            expires_at = Column(default=datetime.utcnow() + TTL)
      `,
      errors: [{ messageId: 'default', line: 6, suggestions: null }],
    },
    {
      name: 'columns of dataclasses take a factory',
      code: python`
        from datetime import datetime
        from sqlalchemy.orm import DeclarativeBase, Mapped, MappedAsDataclass, mapped_column

        class Base(MappedAsDataclass, DeclarativeBase):
            pass

        class Invoice(Base):
            at: Mapped[datetime] = mapped_column(default=datetime.now())
      `,
      errors: [
        {
          messageId: 'default',
          suggestions: [
            {
              messageId: 'useCallable',
              output: python`
                from datetime import datetime
                from sqlalchemy.orm import DeclarativeBase, Mapped, MappedAsDataclass, mapped_column

                class Base(MappedAsDataclass, DeclarativeBase):
                    pass

                class Invoice(Base):
                    at: Mapped[datetime] = mapped_column(default_factory=lambda: datetime.now())
              `,
            },
          ],
        },
      ],
    },
    {
      name: 'pydantic: a plain default',
      code: python`
        """Events."""
        from datetime import datetime
        from pydantic import BaseModel

        class Event(BaseModel):
            at: datetime = datetime.now()
      `,
      errors: [
        {
          messageId: 'default',
          data: { clock: 'datetime.now()', module: 'example', owner: 'Event', remedy: 'Field(default_factory=lambda: datetime.now())' },
          line: 6,
          suggestions: [
            {
              messageId: 'useCallable',
              output: python`
                """Events."""
                from datetime import datetime
                from pydantic import BaseModel, Field

                class Event(BaseModel):
                    at: datetime = Field(default_factory=lambda: datetime.now())
              `,
            },
          ],
        },
      ],
    },
    {
      name: 'pydantic: Field by keyword and by position, private attributes, settings, SQLModel',
      code: python`
        import pydantic as p
        from datetime import datetime
        from pydantic import BaseModel, Field, PrivateAttr
        from pydantic_settings import BaseSettings
        from sqlalchemy import Column
        from sqlmodel import SQLModel, Field as SqlField

        class Event(BaseModel):
            a: datetime = Field(default=datetime.now(), description="when")
            b: datetime = p.Field(datetime.now())
            _c: datetime = PrivateAttr(default=datetime.now())
            _d: datetime = datetime.now()

        class Settings(BaseSettings):
            e: int = int(datetime.now().timestamp())

        class Row(SQLModel, table=True):
            f: datetime = SqlField(default=datetime.now())
            g: datetime = SqlField(sa_column=Column(default=datetime.now()))
            h: datetime = SqlField(sa_column_kwargs={"onupdate": datetime.now()})
            i: datetime = datetime.now()
      `,
      errors: [
        { line: 9, data: remedy('Event', 'default_factory=lambda: datetime.now()') },
        { line: 10, data: remedy('Event', 'default_factory=lambda: datetime.now()') },
        { line: 11, data: remedy('Event', 'default_factory=lambda: datetime.now()') },
        { line: 12, data: remedy('Event', 'PrivateAttr(default_factory=lambda: datetime.now())') },
        { line: 15, data: remedy('Settings', 'Field(default_factory=lambda: int(datetime.now().timestamp()))') },
        { line: 18, data: remedy('Row', 'default_factory=lambda: datetime.now()') },
        { line: 19, data: remedy('Row', 'default=lambda: datetime.now()') },
        { line: 20, data: remedy('Row', 'onupdate=lambda: datetime.now()') },
        { line: 21, data: remedy('Row', 'Field(default_factory=lambda: datetime.now())') },
      ].map((error) => ({ messageId: 'default' as const, suggestions: 1, ...error })),
    },
    {
      name: 'pydantic: an argument by position, another alias, a dict of column arguments',
      code: python`
        import pydantic as p
        from datetime import datetime
        from sqlmodel import SQLModel, Field as SqlField

        class Event(p.BaseModel):
            at: datetime = p.Field(datetime.now(), description="when")

        class Row(SQLModel, table=True):
            at: datetime = SqlField(sa_column_kwargs={"onupdate": datetime.now()})
      `,
      errors: [
        {
          messageId: 'default',
          suggestions: [
            {
              messageId: 'useCallable',
              output: python`
                import pydantic as p
                from datetime import datetime
                from sqlmodel import SQLModel, Field as SqlField

                class Event(p.BaseModel):
                    at: datetime = p.Field(default_factory=lambda: datetime.now(), description="when")

                class Row(SQLModel, table=True):
                    at: datetime = SqlField(sa_column_kwargs={"onupdate": datetime.now()})
              `,
            },
          ],
        },
        {
          messageId: 'default',
          suggestions: [
            {
              messageId: 'useCallable',
              output: python`
                import pydantic as p
                from datetime import datetime
                from sqlmodel import SQLModel, Field as SqlField

                class Event(p.BaseModel):
                    at: datetime = p.Field(datetime.now(), description="when")

                class Row(SQLModel, table=True):
                    at: datetime = SqlField(sa_column_kwargs={"onupdate": lambda: datetime.now()})
              `,
            },
          ],
        },
      ],
    },
    {
      name: 'pydantic: constraints',
      code: python`
        from datetime import date
        from typing import Annotated
        from annotated_types import Le
        from pydantic import BaseModel, Field, condate

        PastDate = Annotated[date, Field(le=date.today())]

        class Person(BaseModel):
            born: Annotated[date, Field(le=date.today())]
            died: Annotated[date | None, Le(date.today())] = None
            hired: date = Field(le=date.today())
            left: condate(le=date.today()) | None = None
            year: int = Field(..., ge=1900, le=date.today().year)
      `,
      errors: [
        {
          messageId: 'declaration',
          message:
            "`date.today()` runs once, when `example` is imported: every value is declared with the process's start time. " +
            'Read the clock where the value is used: a bound belongs into a validator, which runs for each value.',
          line: 6,
        },
        { messageId: 'declaration', data: { clock: 'date.today()', module: 'example', owner: 'Person' }, line: 9 },
        { messageId: 'declaration', line: 10 },
        { messageId: 'declaration', line: 11 },
        { messageId: 'declaration', line: 12 },
        { messageId: 'declaration', line: 13 },
      ],
    },
    {
      name: 'dataclasses and attrs',
      code: python`
        import attr
        import time
        from attrs import define, field as afield
        from dataclasses import dataclass
        from pydantic.dataclasses import dataclass as pdataclass
        import dataclasses

        @dataclass(frozen=True)
        class A:
            at: float = time.time()

        @dataclasses.dataclass
        class B:
            at: float = dataclasses.field(default=time.time())

        @pdataclass
        class C:
            at: float = time.time()

        @define
        class D:
            at: float = time.time()
            b: float = afield(default=time.time())

        @attr.s(auto_attribs=True)
        class E:
            at: float = time.time()

        @attr.s
        class F:
            at = attr.ib(default=time.time())
      `,
      errors: [
        { line: 10, data: remedy('A', 'field(default_factory=lambda: time.time())', 'time.time()') },
        { line: 14, data: remedy('B', 'default_factory=lambda: time.time()', 'time.time()') },
        { line: 18, data: remedy('C', 'field(default_factory=lambda: time.time())', 'time.time()') },
        { line: 22, data: remedy('D', 'field(factory=lambda: time.time())', 'time.time()') },
        { line: 23, data: remedy('D', 'factory=lambda: time.time()', 'time.time()') },
        { line: 27, data: remedy('E', 'field(factory=lambda: time.time())', 'time.time()') },
        { line: 31, data: remedy('F', 'factory=lambda: time.time()', 'time.time()') },
      ].map((error) => ({ messageId: 'default' as const, suggestions: 1, ...error })),
    },
    {
      name: 'Django: the function itself, since migrations can not hold a lambda',
      code: python`
        from django import forms
        from django.db import models
        from django.utils import timezone
        from model_utils.models import TimeStampedModel

        class Note(models.Model):
            at = models.DateTimeField(default=timezone.now())
            day = models.DateField("day", default=timezone.now().date())

        class Entry(TimeStampedModel):
            at = models.DateTimeField(default=timezone.now())

        class NoteForm(forms.Form):
            day = forms.DateField(initial=timezone.now())
      `,
      errors: [
        {
          messageId: 'default',
          data: { clock: 'timezone.now()', module: 'example', owner: 'Note', remedy: 'default=timezone.now' },
          line: 7,
          suggestions: [
            {
              messageId: 'useCallable',
              output: python`
                from django import forms
                from django.db import models
                from django.utils import timezone
                from model_utils.models import TimeStampedModel

                class Note(models.Model):
                    at = models.DateTimeField(default=timezone.now)
                    day = models.DateField("day", default=timezone.now().date())

                class Entry(TimeStampedModel):
                    at = models.DateTimeField(default=timezone.now())

                class NoteForm(forms.Form):
                    day = forms.DateField(initial=timezone.now())
              `,
            },
          ],
        },
        { messageId: 'default', line: 8, suggestions: null },
        { messageId: 'default', line: 11, suggestions: 1 },
        { messageId: 'default', line: 14, suggestions: 1 },
      ],
    },
    {
      name: 'server defaults, also in the functions of a migration',
      path: 'alembic/versions/0001_init.py',
      code: python`
        import sqlalchemy as sa
        from alembic import op
        from datetime import datetime

        notes = sa.Table("notes", sa.MetaData(), sa.Column("at", server_default=str(datetime.now())))

        def upgrade():
            op.add_column("notes", sa.Column("at", sa.DateTime, server_default=datetime.utcnow().isoformat()))
            op.alter_column("notes", "at", server_default=sa.text(f"'{datetime.now():%Y-%m-%d}'"))
            op.add_column(
                "notes",
                sa.Column("on", sa.DateTime, server_onupdate=datetime.utcnow().isoformat(), default=datetime.utcnow()),
            )
            rows = [{"at": datetime.utcnow()}]
      `,
      errors: [
        { messageId: 'serverDefault', line: 5 },
        {
          messageId: 'serverDefault',
          message:
            '`datetime.utcnow()` runs once, and `server_default=` writes the moment into the schema: the database gives it to every later row, for ever. ' +
            'Let the database read its own clock: server_default=func.now().',
          line: 8,
        },
        { messageId: 'serverDefault', line: 9 },
        { messageId: 'serverDefault', line: 12, column: 54 },
      ],
    },
  ],
})

function remedy(owner: string, text: string, clock = 'datetime.now()') {
  return { clock, module: 'example', owner, remedy: text }
}
