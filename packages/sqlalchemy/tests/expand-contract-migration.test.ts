import { RuleTester } from '@krait/rule-tester'
import { expandContractMigration } from '../src/rules/expand-contract-migration.ts'
import { HEAD_LINES, migration } from './helpers/migrations.ts'

function upgrade(name: string, body: string, extra = '', files: Readonly<Record<string, string>> = {}) {
  return { name, ...migration(`def upgrade():\n${body.split('\n').map((line) => `    ${line}`).join('\n')}\n${extra}`), files }
}

function retype(from: string, to: string): string {
  return `op.alter_column("t", "n", type_=${to}, existing_type=${from})`
}

const users = {
  'alembic/versions/a0.py':
    'from alembic import op\nimport sqlalchemy as sa\nrevision = "a0"\ndown_revision = None\ndef upgrade():\n    op.create_table("users", sa.Column("name", sa.String(80)), sa.Column("age", sa.Integer()), sa.Column("price", sa.Numeric(10, 2)))\n',
}

new RuleTester().run('expand-contract-migration', expandContractMigration, {
  valid: [
    upgrade('a new column', 'op.add_column("users", sa.Column("full_name", sa.String()))'),
    upgrade('the same name', 'op.alter_column("users", "name", new_column_name="name")'),
    upgrade('other changes', 'op.alter_column("users", "name", nullable=True, existing_type=sa.String())'),
    upgrade('the same type', retype('sa.Integer()', 'sa.INTEGER')),
    upgrade('a longer string', retype('sa.String(80)', 'sa.String(length=200)')),
    upgrade('VARCHAR', retype('sa.VARCHAR(length=80)', 'sa.String(80)')),
    upgrade('a text', retype('sa.String(80)', 'sa.Text()')),
    upgrade('no length any more', retype('sa.String(80)', 'sa.String()')),
    upgrade('a larger integer', retype('sa.SmallInteger()', 'sa.BigInteger()')),
    upgrade('a larger number', retype('sa.Numeric(10, 2)', 'sa.Numeric(12, 4)')),
    upgrade('more members', retype('sa.Enum("a", "b", name="x")', 'sa.Enum("a", "b", "c", name="x")')),
    upgrade('JSONB', `from sqlalchemy.dialects import postgresql\n${retype('sa.JSON()', 'postgresql.JSONB()')}`),
    upgrade('unknown types', retype('make_type()', 'sa.Integer()') + '\n' + retype('sa.Integer()', 'UtcDateTime()')),
    upgrade('a type that is not known before', 'op.alter_column("clients", "name", type_=sa.Integer())'),
    upgrade('a wider type than before', 'op.alter_column("users", "name", type_=sa.String(90))', '', users),
    upgrade('a precision that is not known', 'op.alter_column("users", "price", type_=sa.Numeric(8, 2))', '', users),
    upgrade('a table of this upgrade', 'op.create_table("t", sa.Column("n", sa.String()))\nop.alter_column("t", "n", new_column_name="m")\nop.rename_table("t", "u")'),
    upgrade('a column of this upgrade', 'op.add_column("t", sa.Column("new_id", sa.Uuid()))\nop.drop_column("t", "id")\nop.alter_column("t", "new_id", new_column_name="id")'),
    upgrade('downgrade', 'pass', 'def downgrade():\n    op.rename_table("b", "a")\n'),
    upgrade('renames of other things', 'op.execute("ALTER INDEX ix RENAME TO iy")\nop.execute("ALTER TYPE x RENAME TO y")\nop.execute("ALTER TABLE t RENAME CONSTRAINT a TO b")\nop.execute("ALTER SEQUENCE a RENAME TO b")'),
    upgrade('an unknown table', 'op.alter_column(find(), "name", new_column_name="full_name")'),
    upgrade('a note', '# Deployment order: code first.\nop.rename_table("a", "b")'),
    upgrade('a docstring', '"""Two-phase: phase two."""\nop.rename_table("a", "b")'),
    { ...upgrade('another note', '# zero downtime: view\nop.rename_table("a", "b")'), options: [{ note: 'zero downtime' }] },
    { name: 'no migration', code: 'from alembic import op\ndef upgrade():\n    op.rename_table("a", "b")\n' },
  ],
  invalid: [
    { ...upgrade('a number that was', 'op.alter_column("users", "price", type_=sa.Integer())', '', users), errors: [{ messageId: 'type', line: HEAD_LINES + 2 }] },
    {
      ...upgrade('a column', 'op.alter_column("users", "name", new_column_name="full_name")'),
      errors: [
        {
          messageId: 'rename',
          line: HEAD_LINES + 2,
          message:
            'Renaming `users.name` to `full_name` breaks code that is still running. Add the new column, write both, backfill, and drop the old one in a later release (or note the deployment order).',
        },
      ],
    },
    { ...upgrade('a batch', 'with op.batch_alter_table("users") as batch_op:\n    batch_op.alter_column("name", new_column_name="full_name")'), errors: [{ line: HEAD_LINES + 3 }] },
    { ...upgrade('a table', 'op.rename_table("users", "accounts")'), errors: [{ messageId: 'rename', data: { from: 'users', to: 'accounts' } }] },
    { ...upgrade('SQL', 'op.execute("ALTER TABLE users RENAME COLUMN name TO full_name")'), errors: [{ messageId: 'rename', data: { from: 'users.name', to: 'full_name' } }] },
    { ...upgrade('SQL of a table', 'op.execute("ALTER TABLE users RENAME TO accounts")'), errors: ['rename'] },
    {
      ...upgrade('a type', retype('sa.String()', 'sa.Integer()')),
      errors: [{ messageId: 'type', message: 'Changing `t.n` from `String()` to `Integer()` breaks code that is still running. Add a new column, write both, backfill, and drop the old one in a later release (or note the deployment order).' }],
    },
    { ...upgrade('a shorter string', retype('sa.String(80)', 'sa.String(40)')), errors: [{ messageId: 'type', data: { column: 't.n', from: 'String(80)', to: 'String(40)' } }] },
    { ...upgrade('a string for a text', retype('sa.Text()', 'sa.String(40)')), errors: 1 },
    { ...upgrade('a smaller integer', retype('sa.BigInteger()', 'sa.Integer()')), errors: 1 },
    { ...upgrade('a smaller scale', retype('sa.Numeric(10, 4)', 'sa.Numeric(12, 2)')), errors: 1 },
    { ...upgrade('fewer members', retype('sa.Enum("a", "b", name="x")', 'sa.Enum("a", name="x")')), errors: 1 },
    { ...upgrade('a time zone', retype('sa.DateTime()', 'sa.DateTime(timezone=True)')), errors: [{ messageId: 'type', data: { column: 't.n', from: 'DateTime()', to: 'DateTime(timezone=True)' } }] },
    { ...upgrade('JSON for JSONB', `from sqlalchemy.dialects.postgresql import JSONB\n${retype('JSONB()', 'sa.JSON()')}`), errors: 1 },
    { ...upgrade('the type of earlier migrations', 'op.alter_column("users", "age", type_=sa.String())', '', users), errors: [{ messageId: 'type', data: { column: 'users.age', from: 'Integer', to: 'String()' } }] },
    { ...upgrade('a shorter string than before', 'op.alter_column("users", "name", type_=sa.String(10))', '', users), errors: 1 },
    { ...upgrade('a comment that says nothing', '# rename it\nop.rename_table("a", "b")'), errors: 1 },
  ],
})
