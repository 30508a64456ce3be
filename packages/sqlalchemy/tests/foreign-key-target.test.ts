import { RuleTester } from '@krait/rule-tester'
import { foreignKeyTarget } from '../src/rules/foreign-key-target.ts'

const head =
  'from sqlalchemy import Column, ForeignKey, ForeignKeyConstraint, Integer, MetaData, String, Table\nfrom sqlalchemy.orm import DeclarativeBase, Mapped, declared_attr, mapped_column\n'
const files = {
  'app/__init__.py': '',
  'app/base.py': `${head}class Base(DeclarativeBase): ...\n`,
  'app/models.py': `${head}from app.base import Base\nclass User(Base):\n    __tablename__ = "users"\n    id: Mapped[int] = mapped_column(primary_key=True)\n    full_name = Column("name", String)\nclass Team(Base):\n    __tablename__ = "teams"\n    __table_args__ = {"schema": "core"}\n    id: Mapped[int] = mapped_column(primary_key=True)\nlinks = Table("links", Base.metadata, Column("id", Integer, primary_key=True))\n`,
}

function column(name: string, text: string, more: Readonly<Record<string, string>> = {}) {
  return {
    name,
    path: 'app/orders.py',
    code: `${head}from app.base import Base\nfrom app.models import User\nclass Order(Base):\n    __tablename__ = "orders"\n    id: Mapped[int] = mapped_column(primary_key=True)\n    user_id: Mapped[int] = ${text}\n`,
    files: { ...files, ...more },
  }
}

const LINE = 8

new RuleTester().run('foreign-key-target', foreignKeyTarget, {
  valid: [
    column('a column', 'mapped_column(ForeignKey("users.id"))'),
    column('by its name in the database', 'mapped_column(ForeignKey("users.name"))'),
    column('an attribute', 'mapped_column(ForeignKey(User.id))'),
    column('a Core table', 'mapped_column(ForeignKey("links.id"))'),
    column('a table with a schema', 'mapped_column(ForeignKey("core.teams.id"))'),
    column('a schema that is left out', 'mapped_column(ForeignKey("teams.id"))'),
    column('a schema in front of a table without one', 'mapped_column(ForeignKey("app.users.id"))'),
    column('its own table', 'mapped_column(ForeignKey("orders.id"))'),
    column('a table alone', 'mapped_column(ForeignKey("anything"))'),
    column('an f-string', 'mapped_column(ForeignKey(f"{User.__tablename__}.id"))'),
    column('a call', 'mapped_column(ForeignKey(target()))'),
    column('a table that only migrations have', 'mapped_column(ForeignKey("legacy.id"))', {
      'alembic/versions/a.py': 'from alembic import op\nimport sqlalchemy as sa\nrevision = "a"\ndown_revision = None\ndef upgrade():\n    op.create_table("legacy", sa.Column("id", sa.Integer))\n',
    }),
    column('a base that is not known', 'mapped_column(ForeignKey("things.id"))', { 'app/other.py': 'from lib import Base\nclass Thing(Base):\n    __tablename__ = "thing"\n' }),
    column('a reflected table', 'mapped_column(ForeignKey("things.id"))', { 'app/other.py': `${head}from app.base import Base\nother = Table("other", Base.metadata, autoload_with=engine)\n` }),
    column('automap', 'mapped_column(ForeignKey("things.id"))', { 'app/other.py': 'from sqlalchemy.ext.automap import automap_base\nBase = automap_base()\n' }),
    column('a table name that is computed', 'mapped_column(ForeignKey("things.id"))', { 'app/other.py': `${head}from app.base import Base\nclass Thing(Base):\n    __tablename__ = name_of("thing")\n    id: Mapped[int] = mapped_column(primary_key=True)\n` }),
    column('a table name that can be evaluated', 'mapped_column(ForeignKey("thing.id"))', {
      'app/other.py': `${head}from app.base import Base\nclass Named:\n    @declared_attr\n    def __tablename__(cls):\n        return cls.__name__.lower()\nclass Thing(Named, Base):\n    id: Mapped[int] = mapped_column(primary_key=True)\n`,
    }),
    column('an open model', 'mapped_column(ForeignKey("reflected.uid"))', {
      'app/other.py': `${head}from app.base import Base\nfrom lib import Mixin\nclass Reflected(Mixin, Base):\n    __tablename__ = "reflected"\n    id: Mapped[int] = mapped_column(primary_key=True)\n`,
    }),
    { ...column('an external table', 'mapped_column(ForeignKey("auth_user.id"))'), options: [{ externalTables: ['auth_*'] }] },
    { name: 'a ForeignKey of something else', code: 'from django.db.models import ForeignKey\nForeignKey("users.id")\n' },
    { name: 'a Field of something else', code: 'from pydantic import Field\nField(foreign_key="users.id")\n' },
    {
      name: 'SQLModel and Flask name their tables',
      path: 'models.py',
      code: 'from flask_sqlalchemy import SQLAlchemy\nfrom sqlmodel import Field, SQLModel\ndb = SQLAlchemy()\nclass HTTPLog(db.Model):\n    id = db.Column(db.Integer, primary_key=True)\nclass Hero(SQLModel, table=True):\n    id: int = Field(primary_key=True)\n    log: int = Field(foreign_key="http_log.id")\n    hero: int = Field(foreign_key="hero.id")\n',
    },
    {
      name: 'a migration',
      path: 'alembic/versions/a.py',
      code: 'from alembic import op\nimport sqlalchemy as sa\nrevision = "a"\ndown_revision = None\ndef upgrade():\n    op.add_column("users", sa.Column("x", sa.Integer, sa.ForeignKey("gone.id")))\n',
      files,
    },
    column('as many on both sides', 'None\n    __table_args__ = (ForeignKeyConstraint(["user_id"], ["users.id"]), ForeignKeyConstraint(COLUMNS, ["users.id", "users.name"]))'),
  ],
  invalid: [
    {
      ...column('no such table', 'mapped_column(ForeignKey("user.id"))'),
      errors: [
        {
          messageId: 'table',
          line: LINE,
          message: '`ForeignKey("user.id")`: there is no table `user`; did you mean `users`?',
          suggestions: [{ messageId: 'replace', output: column('', 'mapped_column(ForeignKey("users.id"))').code }],
        },
      ],
    },
    {
      ...column('no such column', 'mapped_column(\n        ForeignKey(\n            "users.idd"))'),
      errors: [{ messageId: 'column', line: LINE + 2, message: '`ForeignKey("users.idd")`: the table `users` has no column `idd`; did you mean `id`?', suggestions: 1 }],
    },
    { ...column('nothing that is like it', 'mapped_column(ForeignKey("users.uuid"))'), errors: [{ message: '`ForeignKey("users.uuid")`: the table `users` has no column `uuid`.' }] },
    { ...column('the attribute for the column', "mapped_column(ForeignKey('users.full_name'))"), errors: [{ messageId: 'column', suggestions: [{ messageId: 'replace', output: column('', "mapped_column(ForeignKey('users.name'))").code }] }] },
    { ...column('the class for the table', 'mapped_column(ForeignKey("User.id"))'), errors: [{ message: '`ForeignKey("User.id")`: there is no table `User`; did you mean `users`?', suggestions: 1 }] },
    { ...column('a constant', 'mapped_column(ForeignKey(TARGET))\nTARGET = "user.id"'), errors: [{ line: LINE }] },
    { ...column('by keyword', 'mapped_column(ForeignKey(column="nowhere.id", ondelete="CASCADE"))'), errors: [{ message: '`ForeignKey("nowhere.id")`: there is no table `nowhere`.' }] },
    { ...column('a constraint', 'None\n    __table_args__ = (ForeignKeyConstraint(["user_id", "x"], ["users.id", "usrs.name"]),)'), errors: [{ messageId: 'table', line: LINE + 1, suggestions: 1 }] },
    { ...column('a constraint of different lengths', 'None\n    __table_args__ = (ForeignKeyConstraint(["user_id"], ["users.id", "users.name"]),)'), errors: [{ messageId: 'lengths', line: LINE + 1, data: { own: 1, remote: 2 } }] },
    { ...column('in a Core table', 'None\nitems = Table("items", Base.metadata, Column("user_id", ForeignKey("usrs.id")))'), errors: [{ line: LINE + 1, suggestions: 1 }] },
    {
      name: 'SQLModel',
      path: 'models.py',
      code: 'from sqlmodel import Field, SQLModel\nclass Team(SQLModel, table=True):\n    id: int = Field(primary_key=True)\nclass Hero(SQLModel, table=True):\n    id: int = Field(primary_key=True)\n    team_id: int | None = Field(default=None, foreign_key="teams.id")\n',
      errors: [{ line: 6, message: '`foreign_key="teams.id"`: there is no table `teams`; did you mean `team`?', suggestions: 1 }],
    },
    {
      name: 'Flask',
      path: 'models.py',
      code: 'from flask_sqlalchemy import SQLAlchemy\ndb = SQLAlchemy()\nclass UserAccount(db.Model):\n    id = db.Column(db.Integer, primary_key=True)\n    parent = db.Column(db.Integer, db.ForeignKey("useraccount.id"))\n',
      errors: [{ line: 5, suggestions: 1 }],
    },
  ],
})
