import { RuleTester } from '@krait/rule-tester'
import { stringLength } from '../src/rules/string-length.ts'

const head =
  'from typing import Annotated\nfrom sqlalchemy import CHAR, CheckConstraint, Column, Enum, Integer, String, Table, Text, Unicode, UnicodeText, VARCHAR, func\nfrom sqlalchemy.dialects.postgresql import CITEXT\nfrom sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column\nStr80 = Annotated[str, mapped_column(String(80))]\nStr = Annotated[str, 40]\nSIZE = 30\nclass Base(DeclarativeBase):\n    type_annotation_map = {Str: String(40)}\nclass User(Base):\n    __tablename__ = "users"\n    id: Mapped[int] = mapped_column(primary_key=True)\n'
const LINE = 13

function column(name: string, text: string) {
  return { name, code: `${head}    ${text}\n` }
}

new RuleTester().run('string-length', stringLength, {
  valid: [
    column('a length', 'name = Column(String(80))'),
    column('by keyword', 'name: Mapped[str] = mapped_column(String(length=80))'),
    column('a constant', 'name = Column(String(SIZE))'),
    column('a computed length', 'name = Column(String(size()))'),
    column('other types', 'a = Column(Text)\n    b = Column(UnicodeText())\n    c = Column(Enum("a", "b"))\n    d = Column(CHAR(3))\n    e = Column(CITEXT)\n    f = Column(Integer)'),
    column('an alias with a column', 'name: Mapped[Str80]'),
    column('an alias in the map of the base', 'name: Mapped[Str | None]'),
    column('a constraint of the table', 'name: Mapped[str]\n    __table_args__ = (CheckConstraint("char_length(name) <= 80"),)'),
    column('a constraint of the column', 'name = Column(String, CheckConstraint("length(name) < 9"))'),
    column('a constraint with func', 'name = Column(String)\n    __table_args__ = (CheckConstraint(func.length(name) < 9),)'),
    { ...column('ignored', 'name = Column(String)'), options: [{ ignore: ['*.name'] }] },
    { ...column('annotations are not asked for', 'name: Mapped[str]'), options: [{ annotations: false }] },
    { name: 'the map of the base', code: 'from sqlalchemy import String\nfrom sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column\nclass Base(DeclarativeBase):\n    type_annotation_map = {str: String(100)}\nclass User(Base):\n    __tablename__ = "users"\n    id: Mapped[str] = mapped_column(primary_key=True)\n' },
    { name: 'SQLModel', code: 'from sqlmodel import Column, Field, SQLModel, String\nclass Hero(SQLModel, table=True):\n    id: int = Field(primary_key=True)\n    name: str = Field(max_length=80)\n    alias: str = Field(sa_column=Column(String(80)))\n    title: str = Field(sa_type=String(80))\n' },
    { name: 'a schema', code: 'from sqlmodel import SQLModel\nclass HeroRead(SQLModel):\n    name: str\n' },
    { name: 'no model', code: 'from sqlalchemy import Column, String\nclass A:\n    name = Column(String)\n' },
    {
      name: 'a migration',
      code: 'from alembic import op\nimport sqlalchemy as sa\nrevision = "a"\ndown_revision = None\ndef upgrade():\n    op.add_column("t", sa.Column("n", sa.String()))\n',
    },
  ],
  invalid: [
    { ...column('String', 'name = Column(String)'), errors: [{ messageId: 'unsized', line: LINE, message: '`users.name` is `String` without a length; write `String(n)` or `Text`.' }] },
    { ...column('String()', 'name: Mapped[str] = mapped_column(\n        String(),\n    )'), errors: [{ line: LINE }] },
    { ...column('Unicode and VARCHAR', 'a = Column(Unicode)\n    b = Column(VARCHAR)'), errors: [{ messageId: 'unsized', data: { column: 'users.a', type: 'Unicode' } }, { line: LINE + 1 }] },
    { ...column('an annotation', 'name: Mapped[str]'), errors: [{ messageId: 'unsized', data: { column: 'users.name', type: 'str' } }] },
    { ...column('an annotation of a column', 'name: Mapped[str | None] = mapped_column(unique=True)'), errors: 1 },
    { ...column('a constraint of another column', 'name: Mapped[str]\n    __table_args__ = (CheckConstraint("length(other) <= 80"),)'), errors: 1 },
    { ...column('without annotations', 'name = Column(String)'), options: [{ annotations: false }], errors: 1 },
    { name: 'a Core table', code: `${head}things = Table(\n    "things",\n    Base.metadata,\n    Column("id", Integer),\n    Column("label", String),\n)\n`, errors: [{ messageId: 'unsized', line: LINE + 4, data: { column: 'things.label', type: 'String' } }] },
    { name: 'a mixin, once', code: `${head}class Named:\n    label: Mapped[str]\nclass A(Named, Base):\n    __tablename__ = "a"\n    id: Mapped[int] = mapped_column(primary_key=True)\nclass B(Named, Base):\n    __tablename__ = "b"\n    id: Mapped[int] = mapped_column(primary_key=True)\n`, errors: [{ messageId: 'unsized', line: LINE + 1, data: { column: 'Named.label', type: 'str' } }] },
    { name: 'SQLModel', code: 'from sqlmodel import Field, SQLModel\nclass Hero(SQLModel, table=True):\n    id: int = Field(primary_key=True)\n    name: str\n    alias: str | None = Field(default=None, index=True)\n', errors: [{ line: 4 }, { line: 5 }] },
    { name: 'Flask', code: 'from flask_sqlalchemy import SQLAlchemy\ndb = SQLAlchemy()\nclass Cart(db.Model):\n    id = db.Column(db.Integer, primary_key=True)\n    name = db.Column(db.String)\n', errors: [{ line: 5 }] },
  ],
})
