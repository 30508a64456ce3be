import { python, RuleTester } from '@krait/rule-tester'
import { noUnnamedConstraintDrop } from '../src/rules/no-unnamed-constraint-drop.ts'

const HEAD = 'from alembic import op\nimport sqlalchemy as sa\n\nrevision = "a1"\ndown_revision = "a0"\n\n'
const HEAD_LINES = 6

/** A migration file; its functions begin in line 7. */
function migration(strings: TemplateStringsArray): { code: string; path: string } {
  return { code: HEAD + python(strings), path: 'alembic/versions/a1_orders.py' }
}

/** A finding in a line counted from the first line of the functions. */
function unnamed(line: number) {
  return { messageId: 'unnamed', line: HEAD_LINES + line } as const
}

function named(messageId: 'defaultName' | 'givenName', line: number, name: string) {
  return { messageId, line: HEAD_LINES + line, data: { name }, suggestions: 1 } as const
}

new RuleTester().run('no-unnamed-constraint-drop', noUnnamedConstraintDrop, {
  valid: [
    {
      name: 'a name',
      ...migration`
        def upgrade(): ...

        def downgrade():
            op.drop_constraint("orders_user_id_fkey", "orders")
      `,
    },
    {
      name: 'a name by keyword',
      ...migration`
        def upgrade(): ...

        def downgrade():
            op.drop_constraint(constraint_name="orders_user_id_fkey", table_name="orders", type_=None)
      `,
    },
    {
      name: 'a name in op.f()',
      ...migration`
        def upgrade(): ...

        def downgrade():
            op.drop_constraint(op.f("uq_a"), "a")
      `,
    },
    {
      name: 'op.f() of anything',
      ...migration`
        def upgrade(): ...

        def downgrade():
            op.drop_constraint(op.f(None), "a")
      `,
    },
    {
      name: 'a variable',
      ...migration`
        def upgrade(): ...

        def downgrade():
            op.drop_constraint(name, "orders", type_="foreignkey")
      `,
    },
    {
      name: 'a variable that holds None',
      ...migration`
        NOTHING = None

        def upgrade(): ...

        def downgrade():
            op.drop_constraint(NOTHING, "orders")
      `,
    },
    {
      name: 'a call and an attribute',
      ...migration`
        def upgrade(): ...

        def downgrade():
            op.drop_constraint(find_name("orders"), "orders")
            op.drop_constraint(names.orders, "orders")
      `,
    },
    {
      name: 'an expression that may be None',
      ...migration`
        def upgrade(): ...

        def downgrade():
            op.drop_constraint(None or name, "orders")
            op.drop_constraint(None if flag else name, "orders")
      `,
    },
    {
      name: 'arguments that are not to be seen',
      ...migration`
        def upgrade(): ...

        def downgrade():
            op.drop_constraint(*arguments)
            op.drop_constraint(**{"constraint_name": name})
            op.drop_constraint(**arguments)
      `,
    },
    {
      name: 'no name at all',
      ...migration`
        def upgrade(): ...

        def downgrade():
            op.drop_constraint(table_name="orders")
            op.drop_constraint()
      `,
    },
    {
      name: 'None in another place',
      ...migration`
        def upgrade(): ...

        def downgrade():
            op.drop_constraint("a", None, type_=None, schema=None)
      `,
    },
    {
      name: 'a name in a batch',
      ...migration`
        def upgrade(): ...

        def downgrade():
            with op.batch_alter_table("orders") as batch_op:
                batch_op.drop_constraint("uq_a", type_=None)
      `,
    },
    {
      name: 'the method itself',
      ...migration`
        def upgrade(): ...

        def downgrade():
            drops = [op.drop_constraint, None]
      `,
    },
    {
      name: 'other operations with None',
      ...migration`
        def upgrade():
            op.create_foreign_key(None, "orders", "users", ["user_id"], ["id"])
            op.create_unique_constraint(None, "orders", ["number"])
            op.create_check_constraint(None, "orders", "number > 0")
            with op.batch_alter_table("orders") as batch_op:
                batch_op.create_foreign_key(None, "users", ["user_id"], ["id"])

        def downgrade():
            op.drop_index(None, "orders")
            op.drop_constraint("a", None, type_=None)
      `,
    },
    {
      name: 'what is no operation of Alembic',
      ...migration`
        from tools import ops

        def upgrade(): ...

        def downgrade(other):
            ops.drop_constraint(None, "orders")
            other.drop_constraint(None, "orders")
            drop_constraint(None, "orders")
            op.batch.drop_constraint(None, "orders")
            with open("x") as batch_op:
                batch_op.drop_constraint(None, type_="unique")
            with op.batch_alter_table("orders") as batch_op:
                pass
            batch_op = other
            batch_op.drop_constraint(None, type_="unique")
      `,
    },
    {
      name: 'a file that is no migration: no revision, no upgrade, names that are not assigned',
      code: python`
        from alembic import op

        down_revision = "a0"

        def upgrade():
            op.drop_constraint(None, "orders")
      `,
    },
    {
      name: 'a module with revisions but without upgrade()',
      code: python`
        from alembic import op

        revision = "a1"
        down_revision = None

        class Steps:
            def upgrade(self):
                op.drop_constraint(None, "orders")
      `,
    },
    {
      name: 'revisions inside a function, or imported',
      code: python`
        from alembic import op
        from base import revision

        def upgrade():
            down_revision = "a0"
            op.drop_constraint(None, "orders")
      `,
    },
    {
      name: 'an op from elsewhere',
      code: python`
        from myschema import op

        revision = "a1"
        down_revision = None

        def upgrade():
            op.drop_constraint(None, "orders")
      `,
    },
  ],
  invalid: [
    {
      name: 'the name that PostgreSQL chose, with a suggestion that writes it on both sides',
      ...migration`
        def upgrade():
            op.create_foreign_key(None, "orders", "users", ["user_id"], ["id"])

        def downgrade():
            op.drop_constraint(None, "orders", type_="foreignkey")
      `,
      errors: [
        {
          messageId: 'defaultName',
          message: 'This drop has no constraint name and raises on downgrade. Name the constraint (`orders_user_id_fkey`) here and in `upgrade()`.',
          line: HEAD_LINES + 5,
          column: 8,
          endColumn: 23,
          suggestions: [
            {
              messageId: 'addName',
              desc: 'Name the constraint `orders_user_id_fkey`',
              output:
                HEAD +
                python`
                  def upgrade():
                      op.create_foreign_key("orders_user_id_fkey", "orders", "users", ["user_id"], ["id"])

                  def downgrade():
                      op.drop_constraint("orders_user_id_fkey", "orders", type_="foreignkey")
                `,
            },
          ],
        },
      ],
    },
    {
      name: 'no name to be known',
      ...migration`
        def upgrade():
            op.create_table("orders", sa.Column("id", sa.Integer()))

        def downgrade():
            op.drop_constraint(None, "orders", type_="foreignkey")
      `,
      errors: [
        {
          messageId: 'unnamed',
          message: 'This drop has no constraint name and raises on downgrade. Name the constraint here and in `upgrade()`.',
          line: HEAD_LINES + 5,
        },
      ],
    },
    {
      name: 'the name that upgrade() gives, also through op.f() and a constant',
      ...migration`
        FK_USER = "fk_orders_user"

        def upgrade():
            op.create_foreign_key(FK_USER, "orders", "users", ["user_id"], ["id"])
            op.create_unique_constraint(op.f("uq_orders_number"), "orders", ["number"])
            op.create_check_constraint("ck_orders_number", "orders", "number > 0")

        def downgrade():
            op.drop_constraint(None, "orders", type_="check")
            op.drop_constraint(None, "orders", type_="unique")
            op.drop_constraint(None, "orders", type_="foreignkey")
      `,
      errors: [
        {
          messageId: 'givenName',
          message: 'This drop has no constraint name and raises on downgrade. Name the constraint as `upgrade()` does: `ck_orders_number`.',
          line: HEAD_LINES + 9,
          suggestions: 1,
        },
        named('givenName', 10, 'uq_orders_number'),
        named('givenName', 11, 'fk_orders_user'),
      ],
    },
    {
      name: 'in a batch, by keyword, over several lines',
      ...migration`
        def upgrade():
            with op.batch_alter_table("seats", schema=None) as batch_op:
                batch_op.create_unique_constraint(None, ["row", "number"])

            with op.batch_alter_table("orders") as batch_op:
                batch_op.create_foreign_key(None, "users", ["user_id"], ["id"])

        def downgrade():
            with op.batch_alter_table("orders") as batch_op:
                batch_op.drop_constraint(None, type_="foreignkey")

            with op.batch_alter_table("seats", schema=None) as batch_op:
                batch_op.drop_constraint(
                    constraint_name=None,
                    type_="unique",
                )
            op \
                .drop_constraint(constraint_name=None, table_name="other")
      `,
      errors: [named('defaultName', 10, 'orders_user_id_fkey'), named('defaultName', 13, 'seats_row_number_key'), unnamed(18)],
    },
    {
      name: 'a batch with naming_convention or recreate still needs a name',
      ...migration`
        def upgrade(): ...

        def downgrade():
            with op.batch_alter_table("a", naming_convention={"uq": "uq_%(table_name)s"}) as batch:
                batch.drop_constraint(None, type_="unique")
            with op.batch_alter_table("a", recreate="always") as batch, open("x") as file:
                if file:
                    batch.drop_constraint(None)
      `,
      errors: [unnamed(5), unnamed(8)],
    },
    {
      name: 'several of one table: the created ones in reverse order',
      ...migration`
        def upgrade():
            op.create_foreign_key(None, "case", "severity", ["severity_id"], ["id"])
            op.create_foreign_key(None, "case", "type", ["type_id"], ["id"])
            op.create_foreign_key("fk_case_owner", "case", "owner", ["owner_id"], ["id"])
            op.create_foreign_key(None, "other", "owner", ["owner_id"], ["id"])

        def downgrade():
            op.drop_constraint("fk_case_owner", "case", type_="foreignkey")
            op.drop_constraint(None, "case", type_="foreignkey")
            op.drop_constraint(None, "case", type_="foreignkey")
      `,
      errors: [named('defaultName', 9, 'case_type_id_fkey'), named('defaultName', 10, 'case_severity_id_fkey')],
    },
    {
      name: 'no name where more constraints are created than dropped, twice the same, or by unknown columns',
      ...migration`
        def upgrade():
            op.create_foreign_key(None, "a", "b", ["b_id"], ["id"])
            op.create_foreign_key(None, "a", "c", ["c_id"], ["id"])
            op.create_foreign_key(None, "d", "b", ["b_id"], ["id"])
            op.create_foreign_key(None, "d", "c", ["b_id"], ["id"])
            op.create_unique_constraint(None, "e", COLUMNS)
            op.create_unique_constraint(None, TABLE, ["x"])
            op.create_unique_constraint(make_name(), "f", ["x"])
            op.create_unique_constraint(None, "g", ["x"])
            op.create_check_constraint(None, "g", "x > 0")

        def downgrade():
            op.drop_constraint(None, "a", type_="foreignkey")
            op.drop_constraint(None, "d", type_="foreignkey")
            op.drop_constraint(None, "d", type_="foreignkey")
            op.drop_constraint(None, "e", type_="unique")
            op.drop_constraint(None, TABLE, type_="unique")
            op.drop_constraint(None, "f", type_="unique")
            op.drop_constraint(None, "g")
            op.drop_constraint(None, "h", type_="unique")
      `,
      errors: [13, 14, 15, 16, 17, 18, 19, 20].map(unnamed),
    },
    {
      name: 'constraints that come with their column',
      ...migration`
        def upgrade():
            op.add_column("orders", sa.Column("user_id", sa.Integer(), sa.ForeignKey("users.id")))
            op.add_column("orders", sa.Column("number", sa.Text(), unique=True))
            with op.batch_alter_table("seats") as batch:
                batch.add_column(sa.Column("row_id", sa.ForeignKey("rows.id", name="fk_row")))

        def downgrade():
            op.drop_constraint(None, "orders", type_="unique")
            op.drop_constraint(None, "orders", type_="foreignkey")
            op.drop_constraint(None, "seats", type_="foreignkey")
      `,
      errors: [named('defaultName', 8, 'orders_number_key'), named('defaultName', 9, 'orders_user_id_fkey'), named('givenName', 10, 'fk_row')],
    },
    {
      name: 'a drop without a type, where the table has one new constraint',
      ...migration`
        def upgrade():
            op.create_foreign_key(None, "orders", "users", ("user_id", "tenant_id"), ["id", "tenant_id"])

        def downgrade():
            op.drop_constraint(None, "orders")
      `,
      errors: [named('defaultName', 5, 'orders_user_id_tenant_id_fkey')],
    },
    {
      name: 'a long default name is shortened as PostgreSQL does it',
      ...migration`
        def upgrade():
            op.create_foreign_key(None, "customer_subscription_billing_entries", "t", ["subscription_product_price_id"], ["id"])
            op.create_unique_constraint(None, "t", ["ü_long_name_of_a_column_that_does_not_fit_into_sixty_three_bytes_at_all"])

        def downgrade():
            op.drop_constraint(None, "t", type_="unique")
            op.drop_constraint(None, "customer_subscription_billing_entries", type_="foreignkey")
      `,
      errors: [unnamed(6), named('defaultName', 7, 'customer_subscription_billing_subscription_product_price_i_fkey')],
    },
    {
      name: 'in upgrade(), and in helpers of it',
      ...migration`
        def upgrade():
            op.drop_constraint(None, "a")
            drop_old()

        def drop_old():
            op.drop_constraint(None, "b")
            upgrade()

        def downgrade():
            undo()

        def undo():
            op.drop_constraint(None, "c")
      `,
      errors: [
        {
          messageId: 'inUpgrade',
          message: 'This drop has no constraint name and raises on upgrade. Name the constraint as the migration does that creates it.',
          line: HEAD_LINES + 2,
        },
        { messageId: 'inUpgrade', line: HEAD_LINES + 6 },
        unnamed(13),
      ],
    },
    {
      name: 'a helper of upgrade() creates the constraint',
      ...migration`
        def upgrade():
            add_keys()

        def add_keys():
            op.create_foreign_key(None, "orders", "users", ["user_id"], ["id"])

        def downgrade():
            op.drop_constraint(None, "orders", type_="foreignkey")
      `,
      errors: [named('defaultName', 8, 'orders_user_id_fkey')],
    },
    {
      name: 'annotated revisions, aliases of op and its functions, nested code',
      code: python`
        from typing import Sequence, Union
        import alembic.op
        from alembic import op as operations
        from alembic.op import drop_constraint as drop

        revision: str = "a1"
        down_revision: Union[str, Sequence[str], None] = None

        def upgrade() -> None: ...

        def downgrade() -> None:
            operations.drop_constraint(None, "a")
            alembic.op.drop_constraint(None, "a")
            drop(None, "a")
            for table in ("a", "b"):
                try:
                    operations.drop_constraint((None), table)
                    operations.drop_constraint(None, table)
                finally:
                    pass
      `,
      path: 'migrations/versions/a1.py',
      errors: [12, 13, 14, 17, 18].map((line) => ({ messageId: 'unnamed', line })),
    },
    {
      name: 'another dialect by setting: only given names are known',
      ...migration`
        def upgrade():
            op.create_foreign_key(None, "orders", "users", ["user_id"], ["id"])
            op.create_unique_constraint("uq_number", "orders", ["number"])

        def downgrade():
            op.drop_constraint(None, "orders", type_="unique")
            op.drop_constraint(None, "orders", type_="foreignkey")
      `,
      settings: { sqlalchemy: { dialect: 'mysql' } },
      errors: [named('givenName', 6, 'uq_number'), unnamed(7)],
    },
    {
      name: 'another dialect by the imports of the file',
      ...migration`
        from sqlalchemy.dialects import mysql

        def upgrade():
            op.create_foreign_key(None, "orders", "users", ["user_id"], ["id"])

        def downgrade():
            op.drop_constraint(None, "orders", type_="foreignkey")
      `,
      errors: [unnamed(7)],
    },
    {
      name: 'PostgreSQL by setting, whatever the file imports, and PostgreSQL among other dialects',
      ...migration`
        from sqlalchemy.dialects import mysql

        def upgrade():
            op.create_foreign_key(None, "orders", "users", ["user_id"], ["id"])

        def downgrade():
            op.drop_constraint(None, "orders", type_="foreignkey")
      `,
      settings: { sqlalchemy: { dialect: 'postgresql' } },
      errors: [named('defaultName', 7, 'orders_user_id_fkey')],
    },
    {
      name: 'PostgreSQL among the imported dialects',
      ...migration`
        from sqlalchemy.dialects import sqlite
        from sqlalchemy.dialects.postgresql import JSONB

        def upgrade():
            op.create_foreign_key(None, "orders", "users", ["user_id"], ["id"])

        def downgrade():
            op.drop_constraint(None, "orders", type_="foreignkey")
      `,
      errors: [named('defaultName', 8, 'orders_user_id_fkey')],
    },
  ],
})
