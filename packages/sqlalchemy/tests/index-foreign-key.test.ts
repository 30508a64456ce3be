import { RuleTester } from '@krait/rule-tester'
import { indexForeignKey } from '../src/rules/index-foreign-key.ts'

const head =
  'from sqlalchemy import Column, ForeignKey, ForeignKeyConstraint, Index, Integer, MetaData, PrimaryKeyConstraint, String, Table, UniqueConstraint\nfrom sqlalchemy.orm import DeclarativeBase, Mapped, declared_attr, mapped_column\nclass Base(DeclarativeBase): ...\nclass Order(Base):\n    __tablename__ = "orders"\n    id: Mapped[int] = mapped_column(primary_key=True)\n    state: Mapped[str]\n'
const LINE = 8

function column(name: string, text: string, files: Readonly<Record<string, string>> = {}) {
  return { name, path: 'app/models.py', code: `${head}    ${text}\n`, files }
}

const key = 'customer_id: Mapped[int] = mapped_column(ForeignKey("customers.id"))'

new RuleTester().run('index-foreign-key', indexForeignKey, {
  valid: [
    column('index=True', 'customer_id: Mapped[int] = mapped_column(ForeignKey("customers.id"), index=True)'),
    column('unique=True', 'customer_id: Mapped[int] = mapped_column(ForeignKey("customers.id"), unique=True)'),
    {
      name: 'the first column of the primary key',
      code: head.replace('    id: Mapped[int] = mapped_column(primary_key=True)\n', '    customer_id: Mapped[int] = mapped_column(ForeignKey("customers.id"), primary_key=True)\n    number: Mapped[int] = mapped_column(primary_key=True)\n'),
    },
    column('the first column of an index', `${key}\n    __table_args__ = (Index("ix", "customer_id", "state"),)`),
    column('the first column of a unique constraint', `${key}\n    __table_args__ = (UniqueConstraint("customer_id", "state"),)`),
    column('an index of the module', `${key}\nIndex("ix", Order.customer_id)`),
    column('no foreign key', 'customer_id: Mapped[int] = mapped_column(Integer)'),
    column('a key over several columns', 'a: Mapped[int]\n    b: Mapped[int]\n    __table_args__ = (ForeignKeyConstraint(["a", "b"], ["x.a", "x.b"]),)'),
    column('arguments that can not be read', `${key}\n    __table_args__ = make_arguments()`),
    column('an index of migrations', key, {
      'alembic/versions/a.py': 'from alembic import op\nimport sqlalchemy as sa\nrevision = "a"\ndown_revision = None\ndef upgrade():\n    op.create_table("orders", sa.Column("customer_id", sa.Integer))\n    op.create_index("ix", "orders", ["customer_id"])\n',
    }),
    { ...column('MySQL', key), settings: { sqlalchemy: { dialect: 'mysql' } } },
    { ...column('ignored', key), options: [{ ignore: ['orders.customer_*'] }] },
    { ...column('a small table', key), options: [{ minColumns: 10 }] },
    { ...column('a test', key), path: 'tests/models.py' },
    { name: 'a link table with an index on each side', code: `${head}\nlinks = Table("links", Base.metadata, Column("a", ForeignKey("a.id"), primary_key=True), Column("b", ForeignKey("b.id"), primary_key=True), Index("ix", "b"))\n` },
    { name: 'a mixin whose models index it', code: `${head}class Owned:\n    owner_id: Mapped[int] = mapped_column(ForeignKey("users.id"))\nclass Desk(Owned, Base):\n    __tablename__ = "desks"\n    __table_args__ = (Index("ix", "owner_id"),)\n    id: Mapped[int] = mapped_column(primary_key=True)\n` },
    { name: 'no model', code: 'from sqlalchemy import Column, ForeignKey\nclass A:\n    x = Column(ForeignKey("a.id"))\n' },
  ],
  invalid: [
    {
      ...column('no index', key),
      errors: [
        {
          messageId: 'unindexed',
          line: LINE,
          message: 'Foreign key `orders.customer_id` has no index; add `index=True`.',
          suggestions: [{ messageId: 'addIndex', output: column('', 'customer_id: Mapped[int] = mapped_column(ForeignKey("customers.id"), index=True)').code }],
        },
      ],
    },
    { ...column('a Column of another name', 'customer = Column("customer_id", Integer, ForeignKey("customers.id"))'), errors: [{ messageId: 'unindexed', data: { column: 'orders.customer_id' }, suggestions: 1 }] },
    { ...column('the second column of an index', `${key}\n    __table_args__ = (Index("ix", "state", "customer_id"),)`), errors: [{ line: LINE, suggestions: 1 }] },
    { ...column('a constraint', 'customer_id: Mapped[int]\n    __table_args__ = (ForeignKeyConstraint(["customer_id"], ["customers.id"]),)'), errors: [{ line: LINE }] },
    { ...column('over several lines', 'customer_id: Mapped[int] = mapped_column(\n        ForeignKey("customers.id"),\n    )'), errors: [{ line: LINE }] },
    { ...column('index=False', 'customer_id: Mapped[int] = mapped_column(ForeignKey("customers.id"), index=False)'), errors: [{ line: LINE }] },
    {
      name: 'a link table',
      code: `${head}links = Table(\n    "links",\n    Base.metadata,\n    Column("a", ForeignKey("a.id"), primary_key=True),\n    Column("b", ForeignKey("b.id"), primary_key=True),\n)\n`,
      errors: [{ messageId: 'unindexed', line: 12, data: { column: 'links.b' }, suggestions: 1 }],
    },
    {
      name: 'a mixin, once',
      code: `${head}class Owned:\n    owner_id: Mapped[int] = mapped_column(ForeignKey("users.id"))\nclass Desk(Owned, Base):\n    __tablename__ = "desks"\n    id: Mapped[int] = mapped_column(primary_key=True)\nclass Chair(Owned, Base):\n    __tablename__ = "chairs"\n    id: Mapped[int] = mapped_column(primary_key=True)\n`,
      errors: [{ messageId: 'unindexed', line: 9, data: { column: 'Owned.owner_id' }, suggestions: 1 }],
    },
    {
      name: 'an abstract base with a declared_attr',
      code: `${head}class Owned(Base):\n    __abstract__ = True\n    @declared_attr\n    def owner_id(cls):\n        return Column(ForeignKey("users.id"))\nclass Desk(Owned):\n    __tablename__ = "desks"\n    id: Mapped[int] = mapped_column(primary_key=True)\n`,
      errors: [{ line: 11 }],
    },
    { name: 'SQLModel', code: 'from sqlmodel import Field, SQLModel\nclass Hero(SQLModel, table=True):\n    id: int = Field(primary_key=True)\n    team_id: int | None = Field(default=None, foreign_key="team.id")\n', errors: [{ line: 4, suggestions: 1 }] },
    { name: 'Flask', code: 'from flask_sqlalchemy import SQLAlchemy\ndb = SQLAlchemy()\nclass Cart(db.Model):\n    id = db.Column(db.Integer, primary_key=True)\n    user_id = db.Column(db.ForeignKey("user.id"))\n', errors: [{ line: 5, suggestions: 1 }] },
  ],
})
