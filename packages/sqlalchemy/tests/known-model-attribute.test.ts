import { python, RuleTester } from '@krait/rule-tester'
import { knownModelAttribute } from '../src/rules/known-model-attribute.ts'

const models = python`
  from sqlalchemy import Column, ForeignKey, Integer, String, Table
  from sqlalchemy.ext.hybrid import hybrid_property
  from sqlalchemy.orm import DeclarativeBase, Mapped, MappedAsDataclass, mapped_column, relationship, synonym
  import thirdparty

  class Base(DeclarativeBase):
      pass

  class Timestamps:
      created_at: Mapped[str]

  class Client(Timestamps, Base):
      __tablename__ = "clients"
      id: Mapped[int] = mapped_column(primary_key=True)
      phone_number: Mapped[str] = mapped_column("tel")
      status: Mapped[str]
      first_name: Mapped[str]
      label = synonym("first_name")
      invoices: Mapped[list["Invoice"]] = relationship(back_populates="client")

      @hybrid_property
      def full_name(self):
          return self.first_name

      def mark(self):
          self.marked_at = 1

      def broken(self):
          return self.phone_numbr

  class VipClient(Client):
      bonus: Mapped[int]

  class Invoice(Base):
      __tablename__ = "invoices"
      id: Mapped[int] = mapped_column(primary_key=True)
      client_id: Mapped[int] = mapped_column(ForeignKey("clients.id"))
      amount: Mapped[int]
      client: Mapped[Client] = relationship(back_populates="invoices")

  class Note(Base):
      __tablename__ = "notes"
      id = Column(Integer, primary_key=True)
      client_id = Column(ForeignKey("clients.id"))
      author = relationship("Client", backref="notes")

  class Free(Base):
      __tablename__ = "free"
      id: Mapped[int] = mapped_column(primary_key=True)
      def __init__(self, **kwargs):
          super().__init__()

  class Dynamic(Base):
      __tablename__ = "dynamic"
      id: Mapped[int] = mapped_column(primary_key=True)
      def __getattr__(self, name):
          return 1

  class Foreign(thirdparty.Mixin, Base):
      __tablename__ = "foreign"
      id: Mapped[int] = mapped_column(primary_key=True)

  class Versioned(Base):
      __tablename__ = "versioned"
      __versioned__ = {}
      id: Mapped[int] = mapped_column(primary_key=True)

  class Loose(Base):
      __tablename__ = "loose"
      id: Mapped[int] = mapped_column(primary_key=True)

  for key in ("a", "b"):
      setattr(Loose, key, Column(Integer))

  class Point(MappedAsDataclass, Base):
      __tablename__ = "points"
      id: Mapped[int] = mapped_column(init=False, primary_key=True)
      x: Mapped[int]

  Client.extra = Column(String)
  rooms = Table("rooms", Base.metadata, Column("id", Integer, primary_key=True), Column("floor", Integer))
`

const head = `
from sqlalchemy import insert, select, update
from sqlalchemy.orm import Session, aliased
from app.models import Client, Dynamic, Foreign, Free, Invoice, Loose, Note, Point, Versioned, VipClient, rooms
`
const headLines = head.split('\n').length - 1

function code(text: string, others: Readonly<Record<string, string>> = {}) {
  return { path: 'app/service.py', files: { 'app/__init__.py': '', 'app/models.py': models, ...others }, code: head + text }
}

function valid(name: string, text: string, others: Readonly<Record<string, string>> = {}) {
  return { name, ...code(text, others) }
}

interface Expected {
  readonly line?: number
  readonly messageId?: 'attribute' | 'column' | 'meant'
  readonly message?: string
  readonly suggestions?: number
}

function invalid(name: string, text: string, expected: Expected = {}, others: Readonly<Record<string, string>> = {}) {
  const { line = 1, suggestions = 1, ...rest } = expected
  return { name, ...code(text, others), errors: [{ line: headLines + line, suggestions, ...rest }] }
}

new RuleTester().run('sqlalchemy/known-model-attribute', knownModelAttribute, {
  valid: [
    valid('columns and relationships', 'def f(c: Client):\n    return c.phone_number, c.invoices, c.created_at\n'),
    valid('a backref of another model', 'def f(c: Client):\n    return c.notes, select(Client.notes)\n'),
    valid('a hybrid, a synonym, a method', 'select(Client.full_name, Client.label)\ndef f(c: Client):\n    c.mark()\n'),
    valid('set by a method', 'def f(c: Client):\n    return c.marked_at\n'),
    valid('set at module level', 'select(Client.extra)\n'),
    valid('set on an instance elsewhere', 'def f(c: Client):\n    return c.note_count\n', { 'app/other.py': 'def g(c):\n    c.note_count = 3\n' }),
    valid('set on an instance of a base elsewhere', 'def f(c: Client):\n    return c.note_count\n', { 'app/other.py': 'from app.models import Timestamps\ndef g(t: Timestamps):\n    t.note_count = 3\n' }),
    valid('set on what a function gives elsewhere', 'def f(c: Client):\n    return c.note_count\n', { 'app/other.py': 'def load(): ...\ndef g():\n    c = load()\n    c.note_count = 3\n' }),
    valid('set by setattr elsewhere', 'def f(c: Client):\n    return c.note_count\n', { 'app/other.py': 'def g(c):\n    setattr(c, "note_count", 3)\n' }),
    valid('asked for by hasattr', 'def f(c: Client):\n    if hasattr(c, "nickname"):\n        return c.nickname\n'),
    valid('AttributeError is handled', 'def f(c: Client):\n    try:\n        return c.nickname\n    except AttributeError:\n        return None\n'),
    valid('narrowed by isinstance', 'class Other:\n    nickname = ""\ndef f(c: Client):\n    if isinstance(c, Other):\n        return c.nickname\n'),
    valid('an attribute of a class that derives from it', 'def f(c: Client):\n    return c.bonus\n'),
    valid('what every model has', 'Client.metadata, Client.registry, Client.__table__, Client.query, Client.__mapper__\n'),
    valid('open models', 'Dynamic.foo, Foreign.foo, Versioned.foo, Loose.foo\n'),
    valid('an own __init__', 'Free(foo=1)\n'),
    valid('getattr with a default', 'def f(c: Client):\n    return getattr(c, "nickname", None)\n'),
    valid('getattr of a computed name', 'def f(c: Client, name):\n    return getattr(c, name)\n'),
    valid('an assignment of what is read somewhere', 'def f(c: Client):\n    c.shown = True\n', { 'app/other.py': 'def g(x):\n    return x.shown\n' }),
    valid('an assignment of a field of a schema', 'def f(c: Client):\n    c.shown = True\n    return c\n', {
      'app/schemas.py': 'from pydantic import BaseModel\nclass Out(BaseModel):\n    shown: bool\n',
    }),
    valid('names of columns in the database in values', 'update(Client).values(tel="1")\nupdate(Client).values({"tel": "1"})\n'),
    valid('filter_by of the joined model', 'select(Client).join(Invoice).filter_by(amount=3)\n'),
    valid('filter_by of something unknown', 'def f(q):\n    q.filter_by(foo=1)\n    select(Client).join(q).filter_by(foo=1)\n'),
    valid('update of a dict', 'def f(d):\n    d.update({"foo": 1})\n    {}.update({"foo": 1})\n'),
    valid('values of a dict', 'def f(d: dict):\n    d.values()\n'),
    valid('parameters of values', 'from sqlalchemy import bindparam\ndef f(s: Session):\n    s.execute(insert(Client).values(status=bindparam("b")), [{"b": 1}])\n'),
    valid('a rebound name', 'def f(c: Client, other):\n    c = other.load()\n    return c.foo\n'),
    valid('an unknown object', 'def f(c):\n    return c.phone_numbr\n'),
    valid('a shadowed name', 'def f(Client):\n    return Client.phone_numbr\n'),
    valid('tables', 'rooms.c.floor, rooms.c.keys(), Client.__table__.c.tel, rooms.c.get("x")\n'),
    valid('columns of a class that shares the table', 'Client.__table__.c.bonus\nupdate(Client).values(bonus=1)\n'),
    valid('rows are no models', 'def f(s: Session):\n    for row in s.execute(select(Client.id.label("foo"))):\n        row.foo\n'),
    valid('SQLModel has the methods of Pydantic', 'from app.sqlm import Hero\ndef f(h: Hero):\n    h.model_dump(), h.dict(), Hero.model_validate({}), Hero(**{"x": 1}), Hero(secret="a", _klass=1)\n', {
      'app/sqlm.py': 'from sqlmodel import Field, SQLModel\nclass Hero(SQLModel, table=True):\n    id: int = Field(primary_key=True)\n    secret: str = Field(alias="_klass")\n',
    }),
    valid('a model made at run time', 'from app.auto import Thing\nThing.foo\n', {
      'app/auto.py': 'from sqlalchemy.ext.automap import automap_base\nBase = automap_base()\nclass Thing(Base):\n    __tablename__ = "things"\n',
    }),
    valid('one of two models has it', 'def f(c: Client | Invoice):\n    return c.amount\n'),
    valid('pytest.raises', 'import pytest\ndef f(c: Client):\n    with pytest.raises(AttributeError):\n        c.nickname\n'),
    { ...valid('ignored by name', 'Client.foo\n'), options: [{ ignore: ['foo'] }] },
    { ...valid('ignored by model and glob', 'Client.foo_bar\n'), options: [{ ignore: ['Client.foo_*'] }] },
  ],
  invalid: [
    invalid('on the class', 'select(Client).where(Client.phone_nubmer == 1)\n', {
      messageId: 'meant',
      message: '`Client` has no attribute `phone_nubmer`. Did you mean `phone_number`?',
    }),
    {
      ...code('select(Client).where(\n    Client.phone_nubmer == 1\n)\n'),
      name: 'the line of the attribute, and the suggestion',
      errors: [
        {
          line: headLines + 2,
          suggestions: [{ messageId: 'replace' as const, output: head + 'select(Client).where(\n    Client.phone_number == 1\n)\n' }],
        },
      ],
    },
    invalid('words in another order', 'Client.number_phone\n', { message: '`Client` has no attribute `number_phone`. Did you mean `phone_number`?' }),
    invalid('nothing near', 'Client.nickname\n', {
      messageId: 'attribute',
      suggestions: 0,
      message: '`Client` has no attribute `nickname`; known columns: `id, phone_number, status, first_name, extra, created_at`.',
    }),
    invalid('on an annotated parameter', 'def f(c: Client | None):\n    return c.nickname\n', { line: 2, suggestions: 0 }),
    invalid('on what was constructed', 'def f():\n    c = Client()\n    return c.stauts\n', { line: 3 }),
    invalid('on what session.get gives', 'def f(s: Session):\n    c = s.get(Client, 1)\n    return c.stauts\n', { line: 3 }),
    invalid('on a row of a statement', 'def f(s: Session):\n    stmt = select(Client).where(Client.id == 1)\n    c = s.scalars(stmt).first()\n    return c.nickname\n', { line: 4, suggestions: 0 }),
    invalid('on an element', 'def f(s: Session):\n    for c in s.scalars(select(Client)):\n        c.stauts\n', { line: 3 }),
    invalid('on an element of a list', 'def f(cs: list[Client]):\n    return [c.stauts for c in cs]\n', { line: 2 }),
    invalid('on the target of a relationship', 'def f(i: Invoice):\n    return i.client.stauts\n', { line: 2 }),
    invalid('on the result of a function', 'from app.repo import load\ndef f():\n    return load().stauts\n', { line: 3 }, { 'app/repo.py': 'from app.models import Client\ndef load() -> Client: ...\n' }),
    invalid('on what a method gives, whatever the name', 'from app.repo import Repo\ndef f():\n    return Repo().find(1).nickname\n', { line: 3, suggestions: 0 }, {
      'app/repo.py': 'from app.models import Client\nclass Repo:\n    def find(self, id) -> Client: ...\n',
    }),
    invalid('on an attribute of another object', 'from app.repo import Repo\ndef f():\n    return Repo().current.nickname\n', { line: 3, suggestions: 0 }, {
      'app/repo.py': 'from app.models import Client\nclass Repo:\n    current: Client\n',
    }),
    invalid('on an element of a dynamic relationship', 'from app.notes import Folder\ndef f(folder: Folder):\n    for note in folder.pages:\n        print(note.nickname)\n', { line: 4, suggestions: 0 }, {
      'app/notes.py': python`
        from sqlalchemy import Column, ForeignKey, Integer
        from sqlalchemy.orm import relationship
        from app.models import Base
        class Page(Base):
            __tablename__ = "pages"
            id = Column(Integer, primary_key=True)
            folder_id = Column(ForeignKey("folders.id"))
        class Folder(Base):
            __tablename__ = "folders"
            id = Column(Integer, primary_key=True)
            pages = relationship(Page, lazy="dynamic")
      `,
    }),
    invalid('on the target of a relationship that a mixin declares', 'from app.owned import Deed\ndef f(deed: Deed):\n    return deed.owner.nickname\n', { line: 3, suggestions: 0 }, {
      'app/mixins.py': python`
        from sqlalchemy import ForeignKey
        from sqlalchemy.orm import Mapped, declared_attr, mapped_column, relationship
        class Owned:
            @declared_attr
            def owner_id(cls) -> Mapped[int]:
                return mapped_column(ForeignKey("clients.id"))
            @declared_attr
            def owner(cls) -> Mapped["Client"]:
                return relationship("Client")
      `,
      'app/owned.py': python`
        from sqlalchemy.orm import Mapped, mapped_column
        from app.mixins import Owned
        from app.models import Base
        class Deed(Owned, Base):
            __tablename__ = "deeds"
            id: Mapped[int] = mapped_column(primary_key=True)
      `,
    }),
    invalid('what a dataclass by decorator leaves out', 'from app.marks import Mark\nMark(id=1, x=2)\n', { line: 2, suggestions: 0 }, {
      'app/marks.py': python`
        from sqlalchemy.orm import Mapped, mapped_column, registry
        reg = registry()
        @reg.mapped_as_dataclass
        class Mark:
            __tablename__ = "marks"
            id: Mapped[int] = mapped_column(init=False, primary_key=True)
            x: Mapped[int]
      `,
    }),
    invalid('what is set on instances of other classes', 'def f(c: Client):\n    return c.note_count\n', { line: 2, suggestions: 0 }, {
      'app/other.py': python`
        from starlette.responses import Response
        from app.models import Invoice
        class Job: ...
        def g(response: Response, invoice: Invoice):
            response.note_count = 1
            invoice.note_count = 2
            job = Job()
            job.note_count = 3
      `,
    }),
    invalid('through a renamed import', 'from app.models import Client as C\nC.stauts\n', { line: 2 }),
    invalid('through a re-export', 'from app.api import Client as C\nC.stauts\n', { line: 2 }, { 'app/api.py': 'from app.models import Client\n' }),
    invalid('through the module', 'import app.models as m\nm.Client.stauts\n', { line: 2 }),
    invalid('on an alias', 'def f():\n    c = aliased(Client)\n    return select(c).where(c.stauts == 1)\n', { line: 3 }),
    invalid('awaited', 'from sqlalchemy.ext.asyncio import AsyncSession\nasync def f(s: AsyncSession):\n    c = (await s.scalars(select(Client))).one()\n    return c.stauts\n', { line: 4 }),
    invalid('the walrus', 'def f(s: Session):\n    if c := s.get(Client, 1):\n        return c.stauts\n', { line: 3 }),
    invalid('a keyword of the constructor', 'Invoice(client_id=1, amout=10)\n', {
      messageId: 'column',
      message: '`Invoice` has no column `amout`; known columns: `amount, id, client_id`.',
    }),
    invalid('a keyword on its own line', 'Invoice(\n    client_id=1,\n    amout=10,\n)\n', { line: 3 }),
    invalid('what a dataclass leaves out', 'Point(id=1, x=2)\n', { suggestions: 0 }),
    invalid('filter_by', 'def f(s: Session):\n    s.query(Client).filter_by(state=1)\n', {
      line: 2,
      message: '`Client` has no column `state`; known columns: `status, id, phone_number, first_name, extra, created_at`.',
    }),
    invalid('filter_by after a join', 'select(Client).join(Invoice).filter_by(status=3)\n', { suggestions: 0 }),
    invalid('filter_by on a variable', 'def f():\n    q = select(Client)\n    q = q.where(Client.id == 1)\n    return q.filter_by(stat=1)\n', { line: 4 }),
    invalid('values', 'insert(Invoice).values(amount=1, clientid=2)\n'),
    invalid('values of a dict', 'update(Invoice).where(Invoice.id == 1).values({"amuont": 1})\n'),
    invalid('values of several dicts', 'insert(Invoice).values([{"amount": 1}, {"amuont": 1}])\n'),
    invalid('update of a query', 'def f(s: Session):\n    s.query(Invoice).update({"amuont": 1})\n', { line: 2 }),
    invalid('rows to insert', 'def f(s: Session):\n    s.execute(insert(Invoice), [{"amuont": 1}])\n', { line: 2 }),
    invalid('getattr on the class', 'getattr(Client, "stauts")\n'),
    invalid('getattr on an instance', 'def f(c: Client):\n    return getattr(c, "stauts")\n', { line: 2 }),
    invalid('a column of the table', 'Client.__table__.c.phone_number\n', { messageId: 'column' as const, suggestions: 0 }),
    invalid('a column of a Core table', 'select(rooms.c.flor)\n'),
    invalid('an assignment that nobody reads', 'def f(c: Client):\n    c.nickname = "x"\n', { line: 2, suggestions: 0 }),
    invalid('a misspelt augmented assignment', 'def f(i: Invoice):\n    i.amuont += 1\n', { line: 2 }),
    invalid('an attribute of a self elsewhere is another one', 'def f(c: Client):\n    return c.stauts\n', { line: 2 }, {
      'app/other.py': 'class Thing:\n    def __init__(self):\n        self.stauts = 1\n',
    }),
    invalid('asked for by hasattr in another function', 'def g(c):\n    return hasattr(c, "stauts")\ndef f(c: Client):\n    return c.stauts\n', { line: 4 }),
    invalid('a class that derives from it does not help the class', 'Client.bonus\n', { suggestions: 0 }),
    {
      name: 'self in a method',
      path: 'app/models.py',
      files: { 'app/__init__.py': '' },
      code: models,
      errors: [{ line: models.split('\n').findIndex((text) => text.includes('phone_numbr')) + 1, messageId: 'meant' as const, suggestions: 1 }],
    },
  ],
})
