import { python, RuleTester } from '@krait/rule-tester'
import { notNullNeedsDefault } from '../src/rules/not-null-needs-default.ts'
import { HEAD_LINES, migration } from './helpers/migrations.ts'

const required = 'sa.Column("locale", sa.String(5), nullable=False)'

function upgrade(name: string, body: string, extra = '') {
  return { name, ...migration(`def upgrade():\n${indented(body)}\n${extra}`) }
}

function indented(body: string): string {
  return body.split('\n').map((line) => `    ${line}`).join('\n')
}

new RuleTester().run('not-null-needs-default', notNullNeedsDefault, {
  valid: [
    upgrade('a server default', 'op.add_column("users", sa.Column("locale", sa.String(5), nullable=False, server_default="en"))'),
    upgrade('a server default of text()', 'op.add_column("users", sa.Column("n", sa.Integer, nullable=False, server_default=sa.text("0")))'),
    upgrade('nullable', 'op.add_column("users", sa.Column("locale", sa.String(5), nullable=True))'),
    upgrade('nullable is not said', 'op.add_column("users", sa.Column("locale", sa.String(5)))'),
    upgrade('nullable is computed', 'op.add_column("users", sa.Column("locale", sa.String(5), nullable=is_nullable()))'),
    upgrade('an identity', 'op.add_column("users", sa.Column("n", sa.Integer, sa.Identity(always=True), nullable=False))'),
    upgrade('a computed column', 'op.add_column("users", sa.Column("n", sa.Integer, sa.Computed("a + b"), nullable=False))'),
    upgrade('a sequence', 'op.add_column("users", sa.Column("n", sa.Integer, sa.Sequence("n_seq"), nullable=False))'),
    upgrade('autoincrement', 'op.add_column("users", sa.Column("n", sa.Integer, nullable=False, autoincrement=True))'),
    upgrade('a primary key with a server default', 'op.add_column("users", sa.Column("id", sa.Uuid, primary_key=True, server_default=sa.text("gen_random_uuid()")))'),
    upgrade('a table of this upgrade', `op.create_table("users", sa.Column("id", sa.Integer))\nop.add_column("users", ${required})`),
    upgrade('a table of this upgrade in a helper', `make()\nop.add_column("users", ${required})`, 'def make():\n    op.create_table("users", sa.Column("id", sa.Integer))\n'),
    upgrade('a table of this upgrade in SQL', `op.execute("CREATE TABLE users (id int)")\nop.add_column("users", ${required})`),
    upgrade('a table of this upgrade under a new name', `op.create_table("accounts")\nop.rename_table("accounts", "users")\nop.add_column("users", ${required})`),
    upgrade('a table that is dropped and made again', `op.drop_table("users")\nop.create_table("users", sa.Column("id", sa.Integer))\nop.add_column("users", ${required})`),
    upgrade('an emptied table', `op.execute("DELETE FROM users")\nop.add_column("users", ${required})`),
    upgrade('a truncated table', `op.execute("TRUNCATE TABLE users CASCADE")\nop.add_column("users", ${required})`),
    upgrade('a truncated table among others', `op.get_bind().execute(sa.text("TRUNCATE teams, users"))\nop.add_column("users", ${required})`),
    upgrade('emptied by a Core statement', `users = sa.table("users", sa.column("id"))\nop.execute(users.delete())\nop.add_column("users", ${required})`),
    upgrade('an unknown table', `op.add_column(find_table(), ${required})`),
    upgrade('an unknown column', 'op.add_column("users", make_column())'),
    upgrade('arguments that are not to be seen', 'op.add_column("users", sa.Column("locale", sa.String(5), **options))'),
    upgrade('downgrade', 'op.drop_column("users", "locale")', `def downgrade():\n    op.add_column("users", ${required})\n`),
    upgrade('create_table', `op.create_table("users", ${required})`),
    upgrade('alter_column without the option', 'op.alter_column("users", "locale", nullable=False)'),
    { name: 'no migration', code: `from alembic import op\nimport sqlalchemy as sa\ndef upgrade():\n    op.add_column("users", ${required})\n` },
    { name: 'an `op` of something else', ...migration(`from app import op\n\ndef upgrade():\n    op.add_column("users", ${required})\n`) },
    { ...upgrade('a backfill', 'op.execute("UPDATE users SET locale = \'en\' WHERE locale IS NULL")\nop.alter_column("users", "locale", nullable=False)'), options: [{ checkAlter: true }] },
    { ...upgrade('a backfill by Core', 'users = sa.table("users", sa.column("locale"))\nop.execute(users.update().values(locale="en"))\nop.alter_column("users", "locale", existing_type=sa.String(), nullable=False)'), options: [{ checkAlter: true }] },
    { ...upgrade('a backfill that can not be read', 'op.execute(backfill())\nop.alter_column("users", "locale", nullable=False)'), options: [{ checkAlter: true }] },
    { ...upgrade('a server default from this upgrade', 'op.add_column("users", sa.Column("locale", sa.String(), server_default="en"))\nop.alter_column("users", "locale", nullable=False)'), options: [{ checkAlter: true }] },
    { ...upgrade('made nullable', 'op.alter_column("users", "locale", nullable=True)'), options: [{ checkAlter: true }] },
    {
      ...upgrade('a backfill of an earlier migration', 'op.alter_column("users", "locale", nullable=False)'),
      options: [{ checkAlter: true }],
      files: { 'alembic/versions/a0.py': 'from alembic import op\nrevision = "a0"\ndown_revision = None\ndef upgrade():\n    op.execute("update users set locale = \'en\'")\n' },
    },
    {
      ...upgrade('a server default of an earlier migration', 'op.alter_column("users", "locale", nullable=False)'),
      options: [{ checkAlter: true }],
      files: {
        'alembic/versions/a0.py':
          'from alembic import op\nimport sqlalchemy as sa\nrevision = "a0"\ndown_revision = None\ndef upgrade():\n    op.create_table("users", sa.Column("locale", sa.String(), server_default="en"))\n',
      },
    },
    {
      ...upgrade('a server default of a column of a table that no migration creates', 'op.alter_column("users", "locale", nullable=False)'),
      options: [{ checkAlter: true }],
      files: {
        'alembic/versions/a0.py':
          'from alembic import op\nimport sqlalchemy as sa\nrevision = "a0"\ndown_revision = None\ndef upgrade():\n    op.add_column("users", sa.Column("locale", sa.String(), server_default="en"))\n',
      },
    },
  ],
  invalid: [
    {
      ...upgrade('no default', `op.add_column("users", ${required})`),
      errors: [
        {
          messageId: 'added',
          line: HEAD_LINES + 2,
          message: 'Adding NOT NULL `users.locale` without `server_default` fails on existing rows. Add one, or add it nullable, backfill, then set NOT NULL.',
        },
      ],
    },
    { ...upgrade('a default of the client', 'op.add_column("users", sa.Column("n", sa.Integer, nullable=False, default=0))'), errors: [{ messageId: 'added', data: { column: 'users.n' } }] },
    { ...upgrade('server_default=None', 'op.add_column("users", sa.Column("n", sa.Integer, nullable=False, server_default=None))'), errors: ['added'] },
    { ...upgrade('a primary key', 'op.add_column("users", sa.Column("id", sa.Uuid, primary_key=True))'), errors: ['added'] },
    { ...upgrade('by keyword', `op.add_column(table_name="users", column=${required}, schema="core")`), errors: [{ messageId: 'added', data: { column: 'core.users.locale' } }] },
    { ...upgrade('on the line of the callee', `op.add_column(\n    "users",\n    ${required},\n)`), errors: [{ line: HEAD_LINES + 2 }] },
    { ...upgrade('a batch', `with op.batch_alter_table("users") as batch_op:\n    batch_op.add_column(${required})`), errors: [{ line: HEAD_LINES + 3 }] },
    { ...upgrade('a helper', 'add("users")', `def add(table):\n    op.add_column(table, ${required})\n`), errors: [{ line: HEAD_LINES + 4 }] },
    { ...upgrade('a constant of the module', `op.add_column(TABLE, ${required})`, 'TABLE = "users"\n'), errors: [{ messageId: 'added', data: { column: 'users.locale' } }] },
    { ...upgrade('a variable of the column', `column = ${required}\nop.add_column("users", column)`), errors: [{ line: HEAD_LINES + 3 }] },
    { ...upgrade('a loop', `for table in ("users", "teams"):\n    op.add_column(table, ${required})`), errors: [{ messageId: 'added', data: { column: 'users.locale' } }] },
    { ...upgrade('under a condition', `if not has_column():\n    op.add_column("users", ${required})`), errors: 1 },
    { ...upgrade('emptied in part', `op.execute("DELETE FROM users WHERE id > 3")\nop.add_column("users", ${required})`), errors: 1 },
    { ...upgrade('emptied behind it', `op.add_column("users", ${required})\nop.execute("DELETE FROM users")`), errors: 1 },
    { ...upgrade('another table is new', `op.create_table("teams", sa.Column("id", sa.Integer))\nop.add_column("users", ${required})`), errors: 1 },
    { name: 'by other names', ...migration(`from alembic import op as o\nfrom sqlalchemy import Column as C\n\ndef upgrade() -> None:\n    o.add_column("users", C("n", sa.Integer(), nullable=False))\n`), errors: 1 },
    { name: 'annotated revisions', path: 'v/x.py', code: python`
        from typing import Union
        from alembic import op
        import sqlalchemy as sa

        revision: str = "b"
        down_revision: Union[str, None] = "a"

        def upgrade() -> None:
            op.add_column("users", sa.Column("n", sa.Integer(), nullable=False))
      `, errors: [{ line: 9 }] },
    {
      ...upgrade('alter_column without a backfill', 'op.alter_column("users", "locale", existing_type=sa.String(), nullable=False)'),
      options: [{ checkAlter: true }],
      errors: [{ messageId: 'altered', data: { column: 'users.locale' } }],
    },
    { ...upgrade('a backfill of another column', 'op.execute("UPDATE users SET name = \'x\'")\nop.alter_column("users", "locale", nullable=False)'), options: [{ checkAlter: true }], errors: ['altered'] },
  ],
})
