import { countUnknowns } from '@krait/python'
import type { Model } from '@krait/python'
import { describe, expect, test } from 'vitest'
import { file } from '../helpers/memory-project.ts'

const BASE = {
  'app/__init__.py': '',
  'app/base.py': `
    from datetime import datetime
    from sqlalchemy import Column, DateTime, func
    from sqlalchemy.orm import DeclarativeBase, Mapped, declared_attr, mapped_column
    class Base(DeclarativeBase):
        pass
    class Timestamped:
        created_at: Mapped[datetime] = mapped_column(server_default=func.now())
        updated_at = Column(DateTime(timezone=True), default=func.now())
    class Named:
        @declared_attr
        def __tablename__(cls):
            return cls.__name__.lower() + "s"
        @declared_attr
        def label(cls) -> Mapped[str]:
            return mapped_column(unique=True)
  `,
}
const HEAD = `
from typing import Annotated, Optional
from sqlalchemy import Boolean, Column, Enum, ForeignKey, Index, Integer, JSON, PrimaryKeyConstraint, String, Table, UniqueConstraint, func
from sqlalchemy.orm import Mapped, declared_attr, deferred, mapped_column, relationship, backref, synonym, column_property
from sqlalchemy.ext.hybrid import hybrid_property
from sqlalchemy.ext.associationproxy import association_proxy
from app.base import Base, Named, Timestamped
`

function model(text: string, name = 'User', others: Readonly<Record<string, string>> = {}): Model {
  const opened = file(HEAD + text, 'app/main.py', { ...BASE, ...others })
  const found = opened.services.project.model(`app.main.${name}`)
  if (!found) throw new Error(`no model ${name}`)
  return found
}

function column(text: string, attribute: string): Model['columns'][number] {
  const found = model(text).columns.find((candidate) => candidate.attribute === attribute)
  if (!found) throw new Error(`no column ${attribute}`)
  return found
}

const USER = 'class User(Base):\n    __tablename__ = "users"\n    id: Mapped[int] = mapped_column(primary_key=True)\n'

describe('columns', () => {
  test.each<[what: string, text: string, expected: object]>([
    ['of an annotation', '    x: Mapped[int]', { type: 'builtins.int', family: 'integer', nullable: false, primaryKey: false }],
    ['that may be None', '    x: Mapped[str | None]', { family: 'string', nullable: true }],
    ['that is Optional', '    x: Mapped[Optional[str]] = mapped_column(String(50))', { type: 'sqlalchemy.String', nullable: true }],
    ['that says more than its annotation', '    x: Mapped[str | None] = mapped_column(nullable=False)', { nullable: false }],
    ['in the old style', '    x = Column(Integer)', { type: 'sqlalchemy.Integer', nullable: true }],
    ['with a name of its own', '    x = Column("y", String, unique=True)', { name: 'y', type: 'sqlalchemy.String', unique: true }],
    ['with a foreign key', '    x = Column(ForeignKey("teams.id", ondelete="CASCADE"), index=True)', { foreignKeys: [{ target: 'teams.id', onDelete: 'CASCADE' }], index: true, type: null }],
    ['with a type and a foreign key', '    x = Column(Integer, ForeignKey("teams.id"), nullable=False)', { type: 'sqlalchemy.Integer', nullable: false }],
    ['with defaults', '    x = Column(Boolean, default=True, server_default="t")', { hasDefault: true, hasServerDefault: true, family: 'boolean' }],
    ['that is deferred', '    x = deferred(Column(JSON))', { family: 'json' }],
    ['with a variant', '    x = Column(JSON().with_variant(String, "sqlite"))', { family: 'json' }],
    ['of an enumeration', '    x = Column(Enum("a", "b"))', { family: 'enum' }],
    ['by an annotated alias', '    x: Mapped[Annotated[str, mapped_column(String(9), unique=True)]]', { unique: true, family: 'string' }],
  ])('%s', (_, text, expected) => {
    expect(column(`${USER}${text}\n`, 'x')).toMatchObject(expected)
  })

  test('of mixins and bases', () => {
    const { columns, table } = model('class User(Named, Timestamped, Base):\n    id = Column(Integer, primary_key=True)')
    expect(columns.map(({ attribute }) => attribute)).toEqual(['id', 'label', 'created_at', 'updated_at'])
    expect(columns[1]).toMatchObject({ owner: 'app.base.Named', unique: true, nullable: false })
    expect(table).toBe('users')
  })

  test('of a project type', () => {
    const types = { 'app/types.py': 'from sqlalchemy import JSON\nfrom sqlalchemy.types import TypeDecorator\nclass Settings(TypeDecorator):\n    impl = JSON\n' }
    const found = model(`from app.types import Settings\n${USER}    x = Column(Settings)`, 'User', types).columns.at(-1)
    expect(found).toMatchObject({ type: 'app.types.Settings', family: 'json' })
  })

  test('of SQLModel', () => {
    const text = 'from sqlmodel import Field, Relationship, SQLModel\nclass UserBase(SQLModel):\n    email: str = Field(unique=True, index=True)\n    bio: str | None = None\nclass User(UserBase, table=True):\n    id: int | None = Field(default=None, primary_key=True)\n    team_id: int = Field(foreign_key="team.id", ondelete="CASCADE")\n    team: "Team" = Relationship(back_populates="users")\nclass Team(SQLModel, table=True):\n    id: int = Field(primary_key=True)\n    users: list["User"] = Relationship(back_populates="team")\n'
    const user = model(text)
    expect(user.table).toBe('user')
    expect(user.columns.map(({ attribute, nullable }) => [attribute, nullable])).toEqual([['id', false], ['team_id', false], ['email', false], ['bio', true]])
    expect(user.uniqueKeys.map(({ columns }) => columns)).toEqual([['id'], ['email']])
    expect(user.relationships).toMatchObject([{ attribute: 'team', target: 'app.main.Team', uselist: false, backPopulates: 'users' }])
    expect(model(text, 'Team').relationships).toMatchObject([{ attribute: 'users', target: 'app.main.User', uselist: true }])
  })

  test('of Flask-SQLAlchemy', () => {
    const db = { 'app/db.py': 'from flask_sqlalchemy import SQLAlchemy\ndb = SQLAlchemy()\n' }
    const user = model('from app.db import db\nclass HTTPUser(db.Model):\n    id = db.Column(db.Integer, primary_key=True)\n    orders = db.relationship("Order", backref="user")\nclass Order(db.Model):\n    id = db.Column(db.Integer, primary_key=True)\n', 'HTTPUser', db)
    expect(user).toMatchObject({ table: 'http_user', columns: [{ attribute: 'id', primaryKey: true }], relationships: [{ attribute: 'orders', target: 'app.main.Order' }] })
  })
})

describe('keys', () => {
  test('of columns, constraints and indexes', () => {
    const { uniqueKeys, indexes } = model(`${USER}    a: Mapped[int] = mapped_column(unique=True)\n    b = Column("bee", Integer)\n    c = Column(Integer, index=True)\n    __table_args__ = (\n        UniqueConstraint("a", "bee"),\n        Index("ix", "c", unique=True, postgresql_where=text("x")),\n        Index("iy", func.lower(a), unique=True),\n        {"schema": "s"},\n    )\n`)
    expect(uniqueKeys).toEqual([
      { columns: ['id'], from: 'primary-key', isPartial: false, isFunctional: false, nullsNotDistinct: false },
      { columns: ['a'], from: 'column', isPartial: false, isFunctional: false, nullsNotDistinct: false },
      { columns: ['a', 'b'], from: 'constraint', isPartial: false, isFunctional: false, nullsNotDistinct: false },
      { columns: ['c'], from: 'index', isPartial: true, isFunctional: false, nullsNotDistinct: false },
      { columns: ['a'], from: 'index', isPartial: false, isFunctional: true, nullsNotDistinct: false },
    ])
    expect(indexes).toHaveLength(3)
  })

  test('of several columns', () => {
    const { uniqueKeys } = model('class User(Base):\n    __tablename__ = "u"\n    a = Column(Integer, primary_key=True)\n    b = Column(Integer, primary_key=True)')
    expect(uniqueKeys[0]).toMatchObject({ columns: ['a', 'b'], from: 'primary-key' })
  })
})

describe('relationships', () => {
  test.each<[what: string, text: string, expected: object]>([
    ['by annotation', '    orders: Mapped[list["Order"]] = relationship(back_populates="user")', { target: 'app.main.Order', uselist: true, backPopulates: 'user' }],
    ['to one', '    orders: Mapped["Order | None"] = relationship()', { target: 'app.main.Order', uselist: false }],
    ['by a string', '    orders = relationship("Order", lazy="selectin")', { target: 'app.main.Order', uselist: null, lazy: 'selectin' }],
    ['by the class', '    orders = relationship(lambda: Order, uselist=False)', { target: 'app.main.Order', uselist: false }],
    ['with a secondary table', '    orders = relationship("Order", secondary="links", viewonly=True)', { hasSecondary: true, viewonly: true }],
  ])('%s', (_, text, expected) => {
    const { relationships } = model(`${USER}${text}\nclass Order(Base):\n    __tablename__ = "orders"\n    id = Column(Integer, primary_key=True)\n`)
    expect(relationships[0]).toMatchObject({ attribute: 'orders', ...expected })
  })

  test('made by a backref elsewhere', () => {
    const { relationships } = model(`${USER}class Order(Base):\n    __tablename__ = "orders"\n    id = Column(Integer, primary_key=True)\n    user = relationship("User", backref=backref("orders", uselist=True))\n`)
    expect(relationships).toMatchObject([{ attribute: 'orders', target: 'app.main.Order', uselist: true, fromBackref: 'user' }])
  })
})

test('other attributes', () => {
  const { attributes } = model(`${USER}    @hybrid_property\n    def full(self): ...\n    @property\n    def short(self): ...\n    def save(self): ...\n    nick = synonym("id")\n    tags = association_proxy("orders", "name")\n    n = column_property(func.count())\n    LIMIT = 5\n`)
  expect(attributes.map(({ attribute, kind }) => [attribute, kind])).toEqual([
    ['full', 'hybrid'],
    ['short', 'property'],
    ['save', 'method'],
    ['nick', 'synonym'],
    ['tags', 'association-proxy'],
    ['n', 'column-property'],
    ['LIMIT', 'class-attribute'],
  ])
})

describe('inheritance', () => {
  const EMPLOYEE = 'class Employee(Base):\n    __tablename__ = "employees"\n    __table_args__ = (UniqueConstraint("badge"),)\n    id: Mapped[int] = mapped_column(primary_key=True)\n    badge: Mapped[str]\n    kind: Mapped[str]\n    __mapper_args__ = {"polymorphic_on": "kind"}\n'

  test('with a table of its own', () => {
    const manager = model(`${EMPLOYEE}class Manager(Employee):\n    __tablename__ = "managers"\n    id: Mapped[int] = mapped_column(ForeignKey("employees.id"), primary_key=True)\n    level: Mapped[int]\n`, 'Manager')
    expect(manager).toMatchObject({ table: 'managers', tables: ['managers', 'employees'], inherits: { model: 'app.main.Employee', kind: 'joined' } })
    expect(manager.columns.map(({ attribute, owner }) => [attribute, owner.split('.').pop()])).toEqual([['id', 'Manager'], ['level', 'Manager'], ['badge', 'Employee'], ['kind', 'Employee']])
    expect(manager.uniqueKeys.map(({ columns }) => columns)).toEqual([['id'], ['badge']])
  })

  test('in one table', () => {
    const engineer = model(`${EMPLOYEE}class Engineer(Employee):\n    badge: Mapped[int] = mapped_column(use_existing_column=True)\n    language: Mapped[str | None]\n`, 'Engineer')
    expect(engineer).toMatchObject({ table: 'employees', tables: ['employees'], inherits: { model: 'app.main.Employee', kind: 'single' } })
    expect(engineer.columns.map(({ attribute, family }) => [attribute, family])).toEqual([['language', 'string'], ['id', 'integer'], ['badge', 'string'], ['kind', 'string']])
  })
})

describe('tables', () => {
  test.each<[what: string, text: string, expected: string | null]>([
    ['with a schema', '    __tablename__ = "u"\n    __table_args__ = {"schema": "core"}\n', 'core.u'],
    ['with a schema behind constraints', '    __tablename__ = "u"\n    __table_args__ = (UniqueConstraint("id"), {"schema": "core"})\n', 'core.u'],
    ['with a computed name', '    __tablename__ = make_name()\n', null],
    ['as an attribute', '    __table__ = Table("t", metadata, Column("id", Integer, primary_key=True), Column("n", String, unique=True))\n', 't'],
  ])('%s', (_, text, expected) => {
    expect(model(`class User(Base):\n${text}    id: Mapped[int] = mapped_column(primary_key=True)\n`).table).toBe(expected)
  })

  test('an attribute of `__table__` is one column, with the keys of the table', () => {
    const { columns, uniqueKeys } = model('class User(Base):\n    __table__ = Table("t", metadata, Column("id", Integer), Column("n", String), PrimaryKeyConstraint("id"), UniqueConstraint("n"))\n    n: Mapped[str]\n')
    expect(columns.map(({ attribute, primaryKey, nullable }) => [attribute, primaryKey, nullable])).toEqual([['id', true, false], ['n', false, true]])
    expect(uniqueKeys.map((key) => key.columns)).toEqual([['id'], ['n']])
  })

  test('of Flask-SQLAlchemy', () => {
    const db = { 'app/db.py': 'from flask_sqlalchemy import SQLAlchemy\ndb = SQLAlchemy()\n' }
    const text = 'from app.db import db\nlinks = db.Table("links", db.Column("a", db.Integer, db.ForeignKey("user.id"), primary_key=True))\nclass User(db.Model):\n    __table_args__ = (db.UniqueConstraint("a", "b"), db.Index("i", "b", unique=True))\n    id = db.mapped_column(db.Integer, primary_key=True)\n    a = db.Column(db.String)\n    b = db.Column(db.String)\n'
    expect(model(text, 'links', db)).toMatchObject({ kind: 'table', table: 'links', foreignKeys: [{ columns: ['a'], targets: ['user.id'] }] })
    expect(model(text, 'User', db).uniqueKeys.map(({ columns }) => columns)).toEqual([['id'], ['a', 'b'], ['b']])
  })
})

describe('types', () => {
  test('of the map of the base', () => {
    const base = 'from uuid import UUID\nfrom typing import Any\nfrom sqlalchemy import JSON, Uuid\nfrom sqlalchemy.orm import DeclarativeBase, registry\nstr50 = Annotated[str, 50]\nclass Own(DeclarativeBase):\n    type_annotation_map = {UUID: Uuid(native_uuid=False), dict[str, Any]: JSON, str50: String(50)}\nclass User(Own):\n    __tablename__ = "u"\n    id: Mapped[UUID] = mapped_column(primary_key=True)\n    data: Mapped[dict[str, Any]]\n    more: Mapped[dict[str, Any] | None]\n    name: Mapped[str50]\n'
    expect(model(base).columns.map(({ attribute, type, nullable }) => [attribute, type, nullable])).toEqual([
      ['id', 'sqlalchemy.Uuid', false],
      ['data', 'sqlalchemy.JSON', false],
      ['more', 'sqlalchemy.JSON', true],
      ['name', 'sqlalchemy.String', false],
    ])
  })

  test('by an alias with a column in it', () => {
    expect(column(`intpk = Annotated[int, mapped_column(primary_key=True)]\nclass User(Base):\n    __tablename__ = "u"\n    id: Mapped[intpk]\n`, 'id')).toMatchObject({ primaryKey: true, nullable: false, family: 'integer' })
  })

  test('inside of a mutable type', () => {
    expect(column(`from sqlalchemy.ext.mutable import MutableDict\n${USER}    x = Column(MutableDict.as_mutable(JSON))\n`, 'x')).toMatchObject({ type: 'sqlalchemy.JSON', family: 'json' })
  })

  test('`Column` does not look at the annotation', () => {
    expect(column(`${USER}    x: Mapped[str] = Column(String)\n`, 'x').nullable).toBe(true)
  })

  test('what leads to a model is no column', () => {
    const { columns } = model(`${USER}    boss: Mapped["User"]\n    others: Mapped[list["User"]]\n`)
    expect(columns.map(({ attribute }) => attribute)).toEqual(['id'])
  })

  test('of SQLModel, by keywords of the column', () => {
    const user = model('from sqlmodel import Field, SQLModel\nclass User(SQLModel, table=True):\n    _cache: int = 3\n    id: int = Field(primary_key=True)\n    email: str = Field(sa_column_kwargs={"unique": True})\n    bio: str = Field(sa_column=Column(String))\n')
    expect(user.columns.map(({ attribute, unique, nullable }) => [attribute, unique, nullable])).toEqual([['id', false, false], ['email', true, false], ['bio', false, true]])
  })
})

describe('keys from elsewhere', () => {
  test('at module level', () => {
    const { uniqueKeys, indexes } = model(`${USER}    a: Mapped[int]\n    b: Mapped[int]\nIndex("i", User.a, User.b.desc(), unique=True)\nIndex("j", User.b)\nUser.__table__.append_constraint(UniqueConstraint("b"))\n`)
    expect(uniqueKeys.map(({ columns, from }) => [columns, from])).toEqual([[['id'], 'primary-key'], [['a', 'b'], 'index'], [['b'], 'constraint']])
    expect(indexes.map(({ columns }) => columns)).toEqual([['a', 'b'], ['b']])
  })

  test('as an attribute of the class', () => {
    expect(model(`${USER}    a: Mapped[int]\n    key = UniqueConstraint("a")\n`).uniqueKeys.map(({ columns }) => columns)).toEqual([['id'], ['a']])
  })

  test('of migrations', () => {
    const migrations = { 'migrations/versions/a.py': 'from alembic import op\nrevision = "a"\ndown_revision = None\ndef upgrade():\n    op.create_index("i", "users", ["bee"], unique=True)\n' }
    expect(model(`${USER}    b: Mapped[int] = mapped_column("bee")\n`, 'User', migrations).uniqueKeys.at(-1)).toMatchObject({ columns: ['b'], from: 'migration' })
  })

  test.each<[what: string, args: string, keys: readonly (readonly string[])[], isUnknown: boolean]>([
    ['joined tuples', '(UniqueConstraint("a"),) + COMMON', [['a'], ['b']], false],
    ['a splat', '(*COMMON, UniqueConstraint("a"))', [['b'], ['a']], false],
    ['a computed tuple', 'make_arguments()', [], true],
    ['a splat of something unknown', '(*make(), UniqueConstraint("a"))', [['a']], true],
    ['an expression as text', '(Index("i", text("lower(a)"), unique=True),)', [['a']], false],
    ['an expression of no column', '(Index("i", text("now()"), unique=True),)', [], true],
    ['a column object', '(Index("i", func.lower(Column("a")), "b", unique=True),)', [['a', 'b']], false],
    ['columns that are computed', '(UniqueConstraint(*names),)', [], true],
  ])('%s', (_, args, keys, isUnknown) => {
    const user = model(`from sqlalchemy import text\nCOMMON = (UniqueConstraint("b"),)\n${USER}    a: Mapped[str]\n    b: Mapped[str]\n    __table_args__ = ${args}\n`)
    expect(user.uniqueKeys.slice(1).map(({ columns }) => columns)).toEqual(keys)
    expect(user.hasUnknownKeys).toBe(isUnknown)
  })
})

describe('where relationships lead', () => {
  const ORDER = 'class Order(Base):\n    __tablename__ = "orders"\n    id: Mapped[int] = mapped_column(primary_key=True)\n    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"))\n    seller_id: Mapped[int] = mapped_column(ForeignKey("users.id"))\n'
  const LINKS = 'links = Table("links", Base.metadata, Column("user_id", ForeignKey("users.id")), Column("tag_id", ForeignKey("tags.id")))\n'

  test.each<[what: string, text: string, name: string, expected: object]>([
    ['by a foreign key', `${ORDER}    user: Mapped["User"] = relationship(foreign_keys=[user_id])\n`, 'Order', { direction: 'many-to-one', uselist: false, pairs: [{ local: 'user_id', remote: 'id' }] }],
    ['by a foreign key in a string', `${ORDER}    seller = relationship("User", foreign_keys="Order.seller_id")\n`, 'Order', { direction: 'many-to-one', uselist: false, pairs: [{ local: 'seller_id', remote: 'id' }] }],
    ['with two that could be meant', `${ORDER}    user: Mapped["User"] = relationship()\n`, 'Order', { direction: null, pairs: null }],
    ['by a condition', `${ORDER}    seller = relationship("User", primaryjoin="Order.seller_id == User.id")\n`, 'Order', { direction: 'many-to-one', pairs: [{ local: 'seller_id', remote: 'id' }] }],
    ['by a condition that says more', `${ORDER}    seller = relationship("User", primaryjoin="and_(Order.seller_id == User.id, User.active)")\n`, 'Order', { direction: null, pairs: null }],
    ['to itself, down', 'class Node(Base):\n    __tablename__ = "nodes"\n    id = Column(Integer, primary_key=True)\n    parent_id = Column(ForeignKey("nodes.id"))\n    x = relationship("Node")\n', 'Node', { direction: 'one-to-many', uselist: true, pairs: [{ local: 'id', remote: 'parent_id' }] }],
    ['to itself, up', 'class Node(Base):\n    __tablename__ = "nodes"\n    id = Column(Integer, primary_key=True)\n    parent_id = Column(ForeignKey("nodes.id"))\n    x = relationship("Node", remote_side=[id])\n', 'Node', { direction: 'many-to-one', uselist: false, pairs: [{ local: 'parent_id', remote: 'id' }] }],
    ['through a table', `${LINKS}class Tag(Base):\n    __tablename__ = "tags"\n    id = Column(Integer, primary_key=True)\n    users = relationship("User", secondary="links", lazy="dynamic")\n`, 'Tag', { direction: 'many-to-many', uselist: true, secondary: 'app.main.links', lazy: 'dynamic' }],
    ['by a condition over columns without a foreign key', 'class Note(Base):\n    __tablename__ = "notes"\n    id = Column(Integer, primary_key=True)\n    author_id = Column(Integer)\n    author = relationship("User", foreign_keys=[author_id], primaryjoin="User.id == Note.author_id")\n', 'Note', { direction: 'many-to-one', uselist: false, pairs: [{ local: 'author_id', remote: 'id' }] }],
    ['by a foreign key of the class that a mixin is part of', `${ORDER}    @declared_attr\n    def user(cls):\n        return relationship("User", foreign_keys=[cls.user_id])\n`, 'Order', { direction: 'many-to-one', uselist: false }],
    ['by a condition of the class that a mixin is part of', `${ORDER}    @declared_attr\n    def user(cls):\n        return relationship("User", primaryjoin=User.id == cls.user_id)\n`, 'Order', { direction: 'many-to-one', pairs: [{ local: 'user_id', remote: 'id' }] }],
    ['with options that are kept apart', 'class Note(Base):\n    __tablename__ = "notes"\n    id = Column(Integer, primary_key=True)\n    user_id = Column(ForeignKey("users.id"))\n    OPTIONS = {"lazy": "selectin", "back_populates": "notes"}\n    user = relationship("User", **OPTIONS)\n', 'Note', { direction: 'many-to-one', lazy: 'selectin', backPopulates: 'notes' }],
    ['with options that are computed', 'class Note(Base):\n    __tablename__ = "notes"\n    id = Column(Integer, primary_key=True)\n    user_id = Column(ForeignKey("users.id"))\n    user = relationship("User", **options())\n', 'Note', { direction: null, cascade: null }],
    ['dynamically by the annotation', 'from sqlalchemy.orm import DynamicMapped\nclass Tag(Base):\n    __tablename__ = "tags"\n    id = Column(Integer, primary_key=True)\n    users: DynamicMapped["User"] = relationship()\n', 'Tag', { lazy: 'dynamic', target: 'app.main.User' }],
  ])('%s', (_, text, name, expected) => {
    expect(model(`${USER}${text}`, name).relationships[0]).toMatchObject(expected)
  })

  test('over two columns', () => {
    const text = 'class Row(Base):\n    __tablename__ = "rows"\n    a = Column(Integer, primary_key=True)\n    b = Column(Integer, primary_key=True)\nclass Cell(Base):\n    __tablename__ = "cells"\n    id = Column(Integer, primary_key=True)\n    x = Column(Integer)\n    y = Column(Integer)\n    row = relationship("Row")\n    __table_args__ = (ForeignKeyConstraint(["x", "y"], ["rows.a", "rows.b"], ondelete="CASCADE"),)\n'
    const cell = model(`from sqlalchemy import ForeignKeyConstraint\n${text}`, 'Cell')
    expect(cell.foreignKeys).toEqual([{ columns: ['x', 'y'], targets: ['rows.a', 'rows.b'], onDelete: 'CASCADE' }])
    expect(cell.relationships[0]).toMatchObject({ direction: 'many-to-one', pairs: [{ local: 'x', remote: 'a' }, { local: 'y', remote: 'b' }] })
  })

  test('back again', () => {
    const text = 'class Order(Base):\n    __tablename__ = "orders"\n    id = Column(Integer, primary_key=True)\n    user_id = Column(ForeignKey(User.id))\n    user = relationship("User", backref="orders")\n'
    expect(model(`${USER}${text}`).relationships).toMatchObject([{ attribute: 'orders', direction: 'one-to-many', uselist: true, pairs: [{ local: 'id', remote: 'user_id' }] }])
  })

  test('models of one name in migrations are others', () => {
    const migration = 'from alembic import op\nfrom sqlalchemy.orm import Mapped, mapped_column\nfrom app.base import Base\nrevision = "a"\ndown_revision = None\nclass Order(Base):\n    __tablename__ = "orders"\n    id: Mapped[int] = mapped_column(primary_key=True)\ndef upgrade(): ...\n'
    const text = `${USER}    orders: Mapped[list["Order"]] = relationship()\nclass Order(Base):\n    __tablename__ = "orders"\n    id = Column(Integer, primary_key=True)\n    user_id = Column(ForeignKey("users.id"))\n`
    expect(model(text, 'User', { 'versions/a.py': migration }).relationships[0]).toMatchObject({ target: 'app.main.Order' })
  })
})

describe('what is done along with a relationship', () => {
  test.each<[options: string, cascade: readonly string[] | null]>([
    ['', ['merge', 'save-update']],
    [', cascade="all, delete-orphan"', ['delete', 'delete-orphan', 'expunge', 'merge', 'refresh-expire', 'save-update']],
    [', cascade="save-update, delete"', ['delete', 'save-update']],
    [', cascade="none"', []],
    [', cascade=CASCADE', null],
    [', viewonly=True', ['merge']],
  ])('relationship("Order"%s)', (options, cascade) => {
    expect(model(`${USER}    orders = relationship("Order"${options})\n`).relationships[0]!.cascade).toEqual(cascade)
  })

  test('by a backref', () => {
    const order = (backref: string): string => `class Order(Base):\n    __tablename__ = "orders"\n    id = Column(Integer, primary_key=True)\n    user_id = Column(ForeignKey(User.id))\n    user = relationship("User", cascade="all", backref=${backref})\n`
    expect(model(USER + order('"orders"')).relationships[0]!.cascade).toEqual(['merge', 'save-update'])
    expect(model(USER + order('backref("orders", cascade="delete")')).relationships[0]!.cascade).toEqual(['delete'])
  })
})

describe('names of tables that a function computes', () => {
  const NAMES = 'import re\nWORD = re.compile(r"(?<!^)(?=[A-Z])")\n'

  test.each<[body: string, table: string | null]>([
    ['return WORD.sub("_", name).lower()', 'user_event_log'],
    ['return re.compile("(?<!^)(?=[A-Z])").sub("_", name).lower()', 'user_event_log'],
    ['first = re.sub("(.)([A-Z][a-z]+)", r"\\1_\\2", name)\n    return re.sub("([a-z0-9])([A-Z])", r"\\1_\\2", first).lower() + "s"', 'user_event_logs'],
    ['words = re.split("(?=[A-Z])", name)\n    return "_".join([word.lower() for word in words if word])', 'user_event_log'],
    ['return "_".join(re.findall("[A-Z][a-z]*", name)).lower()', 'user_event_log'],
    ['return "".join("_" + c.lower() if c.isupper() else c for c in name).lstrip("_")', 'user_event_log'],
    ['return re.sub("[A-Z]", lambda m: "_" + m.group(0).lower(), name)', '_user_event_log'],
    ['return f"app_{name.lower()}".replace("log", "logs")', 'app_usereventlogs'],
    ['return name.removesuffix("Log").lower() if name.endswith("Log") else name', 'userevent'],
    ['return prefix() + name', null],
    ['return re.sub("(?P<head>[A-Z])", "_", name)', null],
    ['return re.sub("([a-z]+)+x", "_", name)', null],
    ['return re.sub("[A-Z]", "_", name, flags=FLAGS)', null],
    ['if debug:\n        return "debug"\n    return name.lower()', null],
    ['name = name.lower()\n    return name', null],
  ])('%s', (body, table) => {
    const names = { 'app/names.py': `${NAMES}def table_name(name: str) -> str:\n    ${body}\n` }
    const text = 'from app.names import table_name\nfrom sqlalchemy.orm import DeclarativeBase, declared_attr\nclass Root(DeclarativeBase):\n    @declared_attr.directive\n    def __tablename__(cls) -> str:\n        return table_name(cls.__name__)\nclass UserEventLog(Root):\n    id: Mapped[int] = mapped_column(primary_key=True)\n'
    expect(model(text, 'UserEventLog', names).table).toBe(table)
  })
})

test('attributes that are added from outside', () => {
  const { columns, relationships, attributes } = model(`${USER}class Order(Base):\n    __tablename__ = "orders"\n    id = Column(Integer, primary_key=True)\n    user_id = Column(ForeignKey("users.id"))\nUser.orders = relationship("Order")\nUser.age = Column(Integer)\nUser.size = column_property(func.count())\n`)
  expect(columns.map(({ attribute }) => attribute)).toEqual(['id', 'age'])
  expect(relationships.map(({ attribute }) => attribute)).toEqual(['orders'])
  expect(attributes.map(({ attribute, kind }) => [attribute, kind])).toEqual([['size', 'column-property']])
})

test('Core tables', () => {
  const users = model('users = Table("users", metadata, Column("id", Integer, primary_key=True), Column("email", String, unique=True), UniqueConstraint("id", "email"))', 'users')
  expect(users).toMatchObject({ table: 'users', columns: [{ attribute: 'id' }, { attribute: 'email' }] })
  expect(users.uniqueKeys.map(({ columns }) => columns)).toEqual([['id'], ['email'], ['id', 'email']])
})

test('a model is closed if all its bases are known and nothing adds attributes', () => {
  expect(model(USER).closed).toBe(true)
  expect(model(`from elsewhere import Mixin\n${USER.replace('(Base)', '(Mixin, Base)')}`).closed).toBe(false)
  expect(model(`${USER}    def __getattr__(self, name): ...\n`).closed).toBe(false)
  expect(model(`${USER}def extend(names):\n    for name in names:\n        setattr(User, name, 1)\n`).closed).toBe(false)
  expect(model(`${USER}setattr(User, "size", 1)\n`).closed).toBe(true)
  expect(model(`from elsewhere import extend\n${USER.replace('class', '@extend\nclass')}`).closed).toBe(false)
  expect(model(`users = Table("users", metadata, *columns)`, 'users').closed).toBe(false)
})

test('a base that is not known may bring keys', () => {
  expect(model(USER).hasUnknownKeys).toBe(false)
  expect(model(`from elsewhere import Mixin\n${USER.replace('(Base)', '(Mixin, Base)')}`).hasUnknownKeys).toBe(true)
})

test('what is not known is counted, with reasons', () => {
  const text = `from elsewhere import Mixin\n${USER}    x = Column(make_type(), nullable=NULLABLE)\n    y = Column(ForeignKey(TARGET))\n    z = relationship("Nothing")\nclass Team(Mixin, Base):\n    __tablename__ = name_it()\n    id = Column(Integer, primary_key=True)\n    def __getattr__(self, name): ...\nrows = Table("rows", metadata, autoload_with=engine)\n`
  const migration = 'from alembic import op\nrevision = "a"\ndown_revision = None\ndef upgrade():\n    op.add_column("users", make())\n    op.drop_table(find())\n'
  const counts = countUnknowns(file(HEAD + text, 'app/main.py', { ...BASE, 'versions/a.py': migration }).services.project)
  expect(counts.map(({ what, unknown, total, reasons }) => [what, `${unknown} of ${total}`, reasons.map(([reason, count]) => `${reason}: ${count}`).join(', ')])).toEqual([
    ['attributes of models and tables', '2 of 3', '__getattr__: 1, a base that is not known: 1, columns that are read from the database or computed: 1'],
    ['table names', '1 of 3', 'a name that is computed: 1'],
    ['unique keys of models and tables', '2 of 3', '__getattr__: 1, a base that is not known: 1, columns that are read from the database or computed: 1'],
    ['types of columns', '2 of 4', 'a type that is computed: 2'],
    ['nullability of columns', '1 of 4', 'a value that is computed: 1'],
    ['targets of foreign keys', '1 of 1', 'a target that is computed: 1'],
    ['targets of relationships', '1 of 1', 'a name that is no model, or several: 1'],
    ['directions of relationships', '1 of 1', 'foreign keys that do not tell: 1'],
    ['histories of migrations', '1 of 1', 'something done on a computed table: 1'],
    ['tables that migrations leave', '1 of 1', 'something done on a table that no migration creates: 1'],
  ])
})

test('all models of a project', () => {
  const opened = file(`${HEAD}${USER}class Plain: ...\nclass Abstract(Base):\n    __abstract__ = True\n`, 'app/main.py', BASE)
  expect(opened.services.project.models().map(({ name }) => name)).toEqual(['app.main.User'])
  expect(opened.services.project.model('app.main.Plain')).toBeNull()
})
