import { RuleTester } from '@krait/rule-tester'
import { downgradeReversesUpgrade } from '../src/rules/downgrade-reverses-upgrade.ts'
import { HEAD_LINES, migration } from './helpers/migrations.ts'

const LINE = HEAD_LINES + 2

function indented(body: string): string {
  return body.split('\n').map((line) => `    ${line}`).join('\n')
}

function both(name: string, up: string, down: string, extra = '') {
  return { name, ...migration(`def upgrade():\n${indented(up)}\n\ndef downgrade():\n${indented(down)}\n${extra}`) }
}

/** As `both`, behind a first migration that creates `users`. */
function behind(name: string, up: string, down: string) {
  return {
    ...both(name, up, down),
    files: {
      'alembic/versions/a0.py':
        'from alembic import op\nimport sqlalchemy as sa\nrevision = "a0"\ndown_revision = None\ndef upgrade():\n    op.create_table("users", sa.Column("id", sa.Integer), sa.Column("email", sa.String()), sa.UniqueConstraint("email", name="uq_email"))\n    op.create_index("ix_mail", "users", ["email"])\n    op.create_table("auto", sa.Column("id", sa.Integer, index=True), sa.Column("x", sa.Integer, unique=True))\n',
    },
  }
}

const a = 'op.add_column("t", sa.Column("a", sa.Integer()))'
const b = 'op.add_column("t", sa.Column("b", sa.Integer()))'

new RuleTester().run('downgrade-reverses-upgrade', downgradeReversesUpgrade, {
  valid: [
    both('columns', `${a}\n${b}`, 'op.drop_column("t", "b")\nop.drop_column("t", "a")'),
    both('a table with all it has', 'op.create_table("t", sa.Column("a", sa.Integer()))\nop.create_index("ix", "t", ["a"])\nop.create_unique_constraint("uq", "t", ["a"])', 'op.drop_table("t")'),
    both('a column with what is over it', `${a}\nop.create_index("ix", "t", ["a"])\nop.create_foreign_key(None, "t", "u", ["a"], ["id"])\nop.alter_column("t", "a", nullable=False)`, 'op.drop_column("t", "a")'),
    both('a dropped table', 'op.drop_index("ix", table_name="t")\nop.drop_table("t")', 'op.create_table("t", sa.Column("a", sa.Integer()))\nop.create_index("ix", "t", ["a"])'),
    both('a rename', 'op.rename_table("a", "b")\nop.alter_column("b", "x", new_column_name="y")', 'op.alter_column("b", "y", new_column_name="x")\nop.rename_table("b", "a")'),
    both('an index', 'op.create_index(op.f("ix"), "t", ["a"])', 'op.drop_index(op.f("ix"), table_name="t")'),
    both('a constraint without a name', 'op.create_foreign_key(None, "t", "u", ["a"], ["id"])', 'op.drop_constraint("t_a_fkey", "t", type_="foreignkey")'),
    both('a drop without a name', 'op.create_unique_constraint("uq", "t", ["a"])\nop.create_foreign_key(None, "t", "u", ["a"], ["id"], source_schema="core")', 'op.drop_constraint(None, "t", type_="unique")\nop.drop_constraint(None, "t", schema="core", type_="foreignkey")'),
    both('a dropped constraint', 'op.drop_constraint("uq", "t")', 'op.create_unique_constraint("uq", "t", ["a"])'),
    both('an alteration', 'op.alter_column("t", "a", nullable=False, existing_type=sa.Integer())', 'op.alter_column("t", "a", existing_type=sa.Integer(), nullable=True)'),
    both('an alteration with a rename', 'op.alter_column("t", "a", nullable=False, new_column_name="b")', 'op.alter_column("t", "b", nullable=False, new_column_name="a")'),
    both('a batch', 'with op.batch_alter_table("t") as batch_op:\n    batch_op.add_column(sa.Column("a", sa.Integer()))', 'with op.batch_alter_table("t") as batch_op:\n    batch_op.drop_column("a")'),
    both('a column that takes the place of another one', 'op.add_column("t", sa.Column("new_id", sa.Uuid()))\nop.alter_column("t", "new_id", nullable=False)\nop.drop_column("t", "id")\nop.alter_column("t", "new_id", new_column_name="id")', 'op.add_column("t", sa.Column("old_id", sa.Integer()))\nop.drop_column("t", "id")\nop.alter_column("t", "old_id", new_column_name="id")'),
    both('what is gone again', `${a}\nop.create_index("ix", "t", ["a"])\nop.drop_column("t", "a")\n${b}`, 'op.drop_column("t", "b")'),
    both('a name in batch_op.f()', 'with op.batch_alter_table("t") as batch_op:\n    batch_op.create_index(batch_op.f("ix"), ["a"])', 'with op.batch_alter_table("t") as batch_op:\n    batch_op.drop_index("ix")'),
    both('SQL in downgrade', a, 'op.execute("ALTER TABLE t DROP COLUMN a")'),
    both('a name that SQL mentions', 'op.create_index("ix_t", "t", ["a"])', 'op.execute("DROP INDEX IF EXISTS ix_t")'),
    both('SQL that can not be read', a, 'op.execute(make_sql())'),
    both('a function of another module', a, 'drop_all(op)', 'from app.helpers import drop_all\n'),
    both('a helper of the module', a, 'undo()', 'def undo():\n    op.drop_column("t", "a")\n'),
    both('a helper in upgrade', 'add()', 'op.drop_column("u", "x")', `def add():\n    ${a}\n`),
    both('computed names', 'op.add_column(find(), sa.Column("a", sa.Integer()))\nfor c in columns():\n    op.drop_column("t", c)', 'op.drop_column("t", "z")'),
    both('under a condition', `if old():\n    ${a}`, 'op.drop_column("t", "z")'),
    both('what is dropped if it exists', 'op.drop_constraint("uq", "t", if_exists=True)\nop.create_index("ix", "t", ["a"])', 'op.drop_index("ix", table_name="t")'),
    both('data', 'op.execute("UPDATE t SET a = 1")\nop.bulk_insert(t, [])', 'op.execute("UPDATE t SET a = 2")'),
    both('nothing to see: require-downgrade covers it', a, 'pass'),
    both('only a raise', a, 'raise NotImplementedError'),
    { name: 'no downgrade', ...migration(`def upgrade():\n    ${a}\n`) },
    both('NOT NULL with a server default', 'op.drop_column("t", "fax")', 'op.add_column("t", sa.Column("fax", sa.String(), nullable=False, server_default=""))'),
    both('NOT NULL on a new table', 'op.drop_table("t")', 'op.create_table("t", sa.Column("id", sa.Integer()))\nop.add_column("t", sa.Column("fax", sa.String(), nullable=False))'),
    both('NOT NULL on an emptied table', 'op.drop_column("t", "fax")', 'op.execute("DELETE FROM t")\nop.add_column("t", sa.Column("fax", sa.String(), nullable=False))'),
    behind('what an earlier migration created', 'op.drop_column("users", "email")', 'op.add_column("users", sa.Column("email", sa.String()))\nop.drop_index("ix_mail", table_name="users")\nop.drop_constraint("uq_email", "users", type_="unique")'),
    behind('if it exists', a, 'op.drop_column("t", "a")\nop.drop_index("ix_gone", table_name="users", if_exists=True)'),
    behind('names that a convention gives', a, 'op.drop_column("t", "a")\nop.drop_index("idx_auto_id", table_name="auto")\nop.drop_constraint("auto_x_key", "auto", type_="unique")'),
    behind('a check, which is not followed', a, 'op.drop_column("t", "a")\nop.drop_constraint("ck", "users", type_="check")'),
    both('a chain that is not complete', a, 'op.drop_column("t", "a")\nop.drop_column("users", "nothing")'),
    behind('a table that no migration creates', a, 'op.drop_column("t", "a")\nop.drop_column("t", "z")'),
  ],
  invalid: [
    {
      ...both('a column', `${a}\n${b}`, 'op.drop_column("t", "b")'),
      errors: [
        {
          messageId: 'missing',
          line: LINE,
          message: '`upgrade` adds `t.a`, but `downgrade` does not drop it.',
          suggestions: [{ messageId: 'addInverse', output: both('', `${a}\n${b}`, 'op.drop_column("t", "a")\nop.drop_column("t", "b")').code }],
        },
      ],
    },
    { ...both('a rename', 'op.rename_table("a", "b")', 'op.drop_table("c")'), errors: [{ messageId: 'missing', data: { does: 'renames', object: 'a', undo: 'rename' }, suggestions: 1 }] },
    { ...both('a table', 'op.create_table("t", sa.Column("a", sa.Integer()))', 'op.drop_table("u")'), errors: [{ messageId: 'missing', data: { does: 'creates', object: 't', undo: 'drop' }, suggestions: 1 }] },
    { ...both('a dropped column', 'op.drop_column("t", "a")', 'op.add_column("t", sa.Column("z", sa.Integer()))'), errors: [{ messageId: 'missing', data: { does: 'drops', object: 't.a', undo: 'add' } }] },
    { ...both('an index', `${a}\nop.create_index("ix", "t", ["z"])`, 'op.drop_column("t", "a")'), errors: [{ messageId: 'missing', line: LINE + 1, data: { does: 'creates', object: 'ix', undo: 'drop' }, suggestions: 1 }] },
    { ...both('a constraint', `${a}\nop.create_unique_constraint("uq", "t", ["z"])`, 'op.drop_column("t", "a")'), errors: [{ suggestions: 1 }] },
    { ...both('an alteration', 'op.alter_column("t", "a", nullable=False)', 'op.alter_column("t", "a", server_default=None)'), errors: [{ messageId: 'missing', data: { does: 'alters', object: 't.a', undo: 'alter' } }] },
    { ...both('a column rename', 'op.alter_column("t", "a", new_column_name="b")', 'op.alter_column("t", "a", new_column_name="b")'), errors: [{ messageId: 'missing', data: { does: 'renames', object: 't.a', undo: 'rename' }, suggestions: 1 }] },
    { ...both('a batch', 'with op.batch_alter_table("t") as batch_op:\n    batch_op.add_column(sa.Column("a", sa.Integer()))', 'with op.batch_alter_table("t") as batch_op:\n    batch_op.drop_column("b")'), errors: [{ line: LINE + 1, suggestions: 1 }] },
    { ...both('a loop over known names', 'for c in ("a", "b"):\n    op.drop_column("t", c)', 'op.add_column("t", sa.Column("a", sa.Integer()))'), errors: [{ messageId: 'missing', line: LINE + 1 }] },
    {
      ...both('NOT NULL', 'op.drop_column("users", "fax")', 'op.add_column("users", sa.Column("fax", sa.String(), nullable=False))'),
      errors: [{ messageId: 'notNull', line: LINE + 3, message: '`downgrade` adds NOT NULL `users.fax` without `server_default`; it fails on existing rows.' }],
    },
    {
      ...behind('an index that nobody created', 'op.add_column("users", sa.Column("fax", sa.String()))', 'op.drop_index("ix_users_fax", table_name="users")\nop.drop_column("users", "fax")'),
      errors: [{ messageId: 'unknown', line: LINE + 3, message: '`downgrade` drops `ix_users_fax`, which no migration created.' }],
    },
    { ...behind('a column that nobody created', a, 'op.drop_column("t", "a")\nop.drop_column("users", "nothing")'), errors: [{ messageId: 'unknown', line: LINE + 4, data: { name: 'users.nothing' } }] },
    { ...behind('a constraint that nobody created', a, 'op.drop_column("t", "a")\nop.drop_constraint("uq_x", "users", type_="unique")'), errors: [{ messageId: 'unknown', data: { name: 'uq_x' } }] },
  ],
})
