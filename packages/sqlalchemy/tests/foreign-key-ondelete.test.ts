import { RuleTester } from '@krait/rule-tester'
import { foreignKeyOndelete } from '../src/rules/foreign-key-ondelete.ts'

const head =
  'from sqlalchemy import Column, ForeignKey, ForeignKeyConstraint, Integer, Table\nfrom sqlalchemy.orm import DeclarativeBase, Mapped, declared_attr, mapped_column\nclass Base(DeclarativeBase): ...\nclass Order(Base):\n    __tablename__ = "orders"\n    id: Mapped[int] = mapped_column(primary_key=True)\n'
const LINE = 7

function column(name: string, text: string) {
  return { name, code: `${head}    ${text}\n` }
}

new RuleTester().run('foreign-key-ondelete', foreignKeyOndelete, {
  valid: [
    column('an action', 'customer_id: Mapped[int] = mapped_column(ForeignKey("customers.id", ondelete="RESTRICT"))'),
    column('in small letters', 'customer_id: Mapped[int] = mapped_column(ForeignKey("customers.id", ondelete="cascade"))'),
    column('SET NULL on a nullable column', 'customer_id: Mapped[int | None] = mapped_column(ForeignKey("customers.id", ondelete="SET NULL"))'),
    column('SET NULL where nullability is not known', 'customer_id = Column(ForeignKey("customers.id", ondelete="SET NULL"), nullable=is_nullable())'),
    column('ondelete=None', 'customer_id: Mapped[int] = mapped_column(ForeignKey("customers.id", ondelete=None))'),
    column('a computed action', 'customer_id: Mapped[int] = mapped_column(ForeignKey("customers.id", ondelete=action()))'),
    column('a constant', 'customer_id: Mapped[int] = mapped_column(ForeignKey("customers.id", ondelete=ACTION))\nACTION = "CASCADE"'),
    column('arguments that are not to be seen', 'customer_id: Mapped[int] = mapped_column(ForeignKey("customers.id", **options))'),
    column('arguments of a literal dict', 'customer_id: Mapped[int] = mapped_column(ForeignKey("customers.id", **{"ondelete": "CASCADE"}))'),
    column('use_alter', 'customer_id: Mapped[int] = mapped_column(ForeignKey("customers.id", use_alter=True, ondelete="CASCADE"))'),
    column('a constraint', '__table_args__ = (ForeignKeyConstraint(["a"], ["customers.id"], ondelete="CASCADE"),)'),
    { ...column('ignored', 'customer_id: Mapped[int] = mapped_column(ForeignKey("customers.id"))'), options: [{ ignore: ['orders.*'] }] },
    { name: 'SQLModel', code: 'from sqlmodel import Field, SQLModel\nclass Hero(SQLModel, table=True):\n    id: int = Field(primary_key=True)\n    team_id: int | None = Field(default=None, foreign_key="team.id", ondelete="SET NULL")\n' },
    {
      name: 'a migration',
      code: 'from alembic import op\nimport sqlalchemy as sa\nrevision = "a"\ndown_revision = None\ndef upgrade():\n    op.add_column("orders", sa.Column("x", sa.ForeignKey("y.id")))\n',
    },
    { name: 'another ForeignKey', code: 'from django.db.models import ForeignKey\nForeignKey("users.id")\n' },
  ],
  invalid: [
    {
      ...column('no action', 'customer_id: Mapped[int] = mapped_column(ForeignKey("customers.id"))'),
      errors: [{ messageId: 'missing', line: LINE, message: '`orders.customer_id` does not say what happens when the `customers` row is deleted; set `ondelete=`.' }],
    },
    { ...column('by the line of the call', 'customer_id: Mapped[int] = mapped_column(\n        Integer,\n        ForeignKey("customers.id"),\n    )'), errors: [{ line: LINE + 2 }] },
    { ...column('an attribute', 'customer_id = Column("cust", ForeignKey(Customer.id))'), errors: [{ messageId: 'missing', data: { column: 'orders.cust', target: 'Customer' } }] },
    { ...column('a constraint', '__table_args__ = (ForeignKeyConstraint(["a"], ["customers.id"]),)\n    a: Mapped[int]'), errors: [{ messageId: 'missing', line: LINE, data: { column: 'orders.a', target: 'customers' } }] },
    {
      ...column('SET NULL on NOT NULL', 'customer_id: Mapped[int] = mapped_column(ForeignKey("customers.id", ondelete="SET NULL"))'),
      errors: [{ messageId: 'setNull', line: LINE, message: '`ondelete="SET NULL"` on NOT NULL column `customer_id` makes the parent undeletable.' }],
    },
    { ...column('SET NULL with nullable=False', 'customer_id = Column(ForeignKey("customers.id", ondelete="set null"), nullable=False)'), errors: ['setNull'] },
    { ...column('an action that is not allowed', 'customer_id = Column(ForeignKey("customers.id", ondelete="CASCADE"))'), options: [{ allow: ['restrict'] }], errors: ['notAllowed'] },
    { ...column('a declared_attr', '@declared_attr\n    def owner_id(cls):\n        return Column(ForeignKey("users.id"))'), errors: [{ messageId: 'missing', data: { column: 'orders.owner_id', target: 'users' } }] },
    { name: 'a mixin', code: 'from sqlalchemy import Column, ForeignKey\nclass Owned:\n    owner_id = Column(ForeignKey("users.id"))\n', errors: [{ messageId: 'missing', line: 3 }] },
    { name: 'a Core table', code: 'from sqlalchemy import Column, ForeignKey, MetaData, Table\nlinks = Table(\n    "links",\n    MetaData(),\n    Column("user_id", ForeignKey("users.id")),\n)\n', errors: [{ messageId: 'missing', line: 5, data: { column: 'links.user_id', target: 'users' } }] },
    { name: 'SQLModel', code: 'from sqlmodel import Field, SQLModel\nclass Hero(SQLModel, table=True):\n    id: int = Field(primary_key=True)\n    team_id: int = Field(foreign_key="team.id")\n', errors: [{ messageId: 'missing', line: 4, data: { column: 'hero.team_id', target: 'team' } }] },
    { name: 'Flask', code: 'from flask_sqlalchemy import SQLAlchemy\ndb = SQLAlchemy()\nclass Cart(db.Model):\n    id = db.Column(db.Integer, primary_key=True)\n    user_id = db.Column(db.ForeignKey("user.id"))\n', errors: [{ line: 5 }] },
  ],
})
