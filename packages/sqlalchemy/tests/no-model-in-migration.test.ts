import { RuleTester } from '@krait/rule-tester'
import { noModelInMigration } from '../src/rules/no-model-in-migration.ts'
import { HEAD_LINES, migration } from './helpers/migrations.ts'

const files = {
  'app/__init__.py': '',
  'app/models/__init__.py': 'from app.models.user import Base, Role, User\n',
  'app/models/user.py':
    'import enum\nfrom sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column\nclass Base(DeclarativeBase): ...\nclass Role(enum.Enum):\n    ADMIN = 1\nclass User(Base):\n    __tablename__ = "users"\n    id: Mapped[int] = mapped_column(primary_key=True)\n',
  'app/types.py': 'from sqlalchemy import TypeDecorator\nclass UtcDateTime(TypeDecorator): ...\ndef chunks(rows): ...\nLIMIT = 3\n',
}

function code(name: string, text: string) {
  return { name, ...migration(text), files }
}

const use = 'def upgrade():\n    op.execute(sa.update(User).values(id=1))\n'

new RuleTester().run('no-model-in-migration', noModelInMigration, {
  valid: [
    code('tables of its own', 'users = sa.table("users", sa.column("id"))\n\ndef upgrade():\n    op.execute(users.update().values(id=1))\n'),
    code('types, constants, functions and enums', 'from app.types import LIMIT, UtcDateTime, chunks\nfrom app.models import Role\n\ndef upgrade():\n    for part in chunks(LIMIT):\n        op.add_column("users", sa.Column("at", UtcDateTime(), default=Role.ADMIN))\n'),
    code('the metadata', 'from app.models import Base\n\ndef upgrade():\n    with op.batch_alter_table("users", naming_convention=Base.metadata.naming_convention):\n        pass\n'),
    code('not used', 'from app.models import User\n\ndef upgrade():\n    op.drop_table("users")\n'),
    code('a module of which no model is used', 'import app.models as m\n\ndef upgrade():\n    op.add_column("users", sa.Column("r", sa.Enum(m.Role)))\n'),
    code('for types only', `from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    from app.models import User\n\n${use}`),
    code('in annotations only', 'from __future__ import annotations\nfrom app.models import User\n\ndef name_of(user: User) -> User: ...\n\ndef upgrade(): ...\n'),
    code('a copy of its own', `from sqlalchemy.orm import declarative_base\nBase = declarative_base()\nclass User(Base):\n    __tablename__ = "users"\n    id = sa.Column(sa.Integer, primary_key=True)\n\n${use}`),
    code('a copy on the base of the project', `from app.models import Base\nclass User(Base):\n    __tablename__ = "users"\n    id = sa.Column(sa.Integer, primary_key=True)\n\n${use}`),
    code('something unknown', `from lib.models import User\n\n${use}`),
    { name: 'env.py', path: 'alembic/env.py', files, code: 'from app.models import Base, User\nprint(User)\ntarget_metadata = Base.metadata\n' },
  ],
  invalid: [
    {
      ...code('a model', `from app.models import User\n\n${use}`),
      errors: [{ messageId: 'model', line: HEAD_LINES + 1, message: 'This migration depends on today\'s `User`. Declare the few columns it needs with `sa.table("users", sa.column(...))`.' }],
    },
    { ...code('a module', 'import app.models as m\n\ndef upgrade():\n    op.execute(sa.update(m.User).values(id=1))\n'), errors: [{ line: HEAD_LINES + 1 }] },
    { ...code('a module by its name', 'import app.models\n\ndef upgrade():\n    op.execute(sa.update(app.models.User).values(id=1))\n'), errors: [{ line: HEAD_LINES + 1 }] },
    { ...code('a module from its package', 'from app import models\n\ndef upgrade():\n    op.execute(sa.update(models.User).values(id=1))\n'), errors: [{ line: HEAD_LINES + 1 }] },
    { ...code('inside the function', 'def upgrade():\n    from app.models import User as U\n    op.execute(sa.update(U).values(id=1))\n'), errors: [{ line: HEAD_LINES + 2 }] },
    { ...code('a helper', 'from app.models import User\n\ndef upgrade():\n    fill()\n\ndef fill():\n    op.execute(sa.update(User).values(id=1))\n'), errors: 1 },
    { ...code('downgrade', 'from app.models.user import User\n\ndef upgrade(): ...\n\ndef downgrade():\n    User.__table__.drop(op.get_bind())\n'), errors: 1 },
    { ...code('several lines, once', `from app.models import (\n    Role,\n    User,\n)\n\n${use}    op.execute(sa.delete(User))\n`), errors: [{ line: HEAD_LINES + 1 }] },
    { ...code('its table', 'from app.models import User\nusers = User.__table__\n\ndef upgrade():\n    op.execute(users.delete())\n'), errors: 1 },
    { ...code('everything', `from app.models import *\n\n${use}`), errors: [{ line: HEAD_LINES + 1 }] },
    {
      name: 'SQLModel',
      ...migration('from app.hero import Hero\n\ndef upgrade():\n    Hero.metadata.create_all(op.get_bind(), tables=[Hero.__table__])\n'),
      files: { 'app/hero.py': 'from sqlmodel import Field, SQLModel\nclass Hero(SQLModel, table=True):\n    id: int = Field(primary_key=True)\n' },
      errors: [{ messageId: 'model', data: { model: 'Hero', table: 'hero' } }],
    },
  ],
})
