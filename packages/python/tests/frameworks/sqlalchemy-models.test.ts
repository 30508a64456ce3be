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
from sqlalchemy.orm import Mapped, deferred, mapped_column, relationship, backref, synonym, column_property
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

test('Core tables', () => {
  const users = model('users = Table("users", metadata, Column("id", Integer, primary_key=True), Column("email", String, unique=True), UniqueConstraint("id", "email"))', 'users')
  expect(users).toMatchObject({ table: 'users', columns: [{ attribute: 'id' }, { attribute: 'email' }] })
  expect(users.uniqueKeys.map(({ columns }) => columns)).toEqual([['id'], ['email'], ['id', 'email']])
})

test('a model is closed if all its bases are known and nothing adds attributes', () => {
  expect(model(USER).closed).toBe(true)
  expect(model(`from elsewhere import Mixin\n${USER.replace('(Base)', '(Mixin, Base)')}`).closed).toBe(false)
  expect(model(`${USER}    def __getattr__(self, name): ...\n`).closed).toBe(false)
})

test('all models of a project', () => {
  const opened = file(`${HEAD}${USER}class Plain: ...\nclass Abstract(Base):\n    __abstract__ = True\n`, 'app/main.py', BASE)
  expect(opened.services.project.models().map(({ name }) => name)).toEqual(['app.main.User'])
  expect(opened.services.project.model('app.main.Plain')).toBeNull()
})
