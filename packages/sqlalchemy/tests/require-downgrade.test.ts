import { RuleTester } from '@krait/rule-tester'
import { requireDowngrade } from '../src/rules/require-downgrade.ts'
import { HEAD_LINES, migration } from './helpers/migrations.ts'

const up = 'def upgrade() -> None:\n    op.add_column("users", sa.Column("bio", sa.Text()))\n\n\n'

function downgrade(name: string, body: string, head = up) {
  return { name, ...migration(`${head}def downgrade() -> None:${body}\n`) }
}

/** `def downgrade` behind `up`. */
const LINE = HEAD_LINES + 5

new RuleTester().run('require-downgrade', requireDowngrade, {
  valid: [
    downgrade('it is undone', '\n    op.drop_column("users", "bio")'),
    downgrade('SQL', '\n    op.execute("ALTER TABLE users DROP COLUMN bio")'),
    downgrade('a helper of the project', '\n    drop_bio(op)'),
    downgrade('a helper of the module', '\n    undo()\n\ndef undo():\n    pass'),
    downgrade('a condition', '\n    if dialect():\n        op.drop_column("users", "bio")'),
    downgrade('a raise that says why', '\n    raise RuntimeError("irreversible: restore backup b4")'),
    downgrade('in any case', '\n    raise RuntimeError("Irreversible migration")'),
    downgrade('a comment', '\n    # Forward-only: the old code reads both columns.\n    pass'),
    downgrade('a comment behind the body', '\n    pass  # backout: see RUNBOOK'),
    downgrade('a docstring', '\n    """This cannot be undone; restore the backup."""'),
    downgrade('a log message', '\n    import logging\n    logging.getLogger(__name__).warning("this migration cannot be reversed")'),
    { name: 'the docstring of the module', path: 'v/a.py', code: `"""Add users.bio (irreversible)."""\nfrom alembic import op\nimport sqlalchemy as sa\nrevision = "a"\ndown_revision = None\n${up}def downgrade():\n    pass\n` },
    downgrade('only data', '\n    pass', 'def upgrade():\n    op.execute("UPDATE users SET bio = NULL")\n    op.bulk_insert(users, [])\n\n'),
    downgrade('only data by the connection', '\n    pass', 'def upgrade():\n    conn = op.get_bind()\n    conn.execute(sa.text("DELETE FROM users"))\n\n'),
    downgrade('a merge', '\n    pass', 'def upgrade():\n    pass\n\n'),
    { name: 'a downgrade from elsewhere', ...migration(`from app.migrations import downgrade\n\n${up}`) },
    { name: 'no migration', code: `from alembic import op\n${up}def downgrade():\n    pass\n` },
    { ...downgrade('another note', '\n    pass  # one-way'), options: [{ irreversible: 'one-way' }] },
    { ...downgrade('empty, with the option for data', '\n    pass', 'def upgrade():\n    """Merge."""\n\n'), options: [{ requireForData: true }] },
  ],
  invalid: [
    {
      ...downgrade('pass', '\n    pass'),
      errors: [
        {
          messageId: 'schema',
          line: LINE,
          message: '`upgrade` changes the schema (`add_column`), but `downgrade` does nothing. Undo it there, or document the backout (“irreversible: …”).',
        },
      ],
    },
    { ...downgrade('...', ' ...'), errors: [{ line: LINE }] },
    { ...downgrade('return', '\n    return'), errors: 1 },
    { ...downgrade('return None', '\n    return None'), errors: 1 },
    { ...downgrade('a docstring alone', '\n    """Undo it."""'), errors: 1 },
    { ...downgrade('a docstring and pass', '\n    """Undo it."""\n    pass'), errors: 1 },
    { ...downgrade('print', '\n    print("nothing to do")'), errors: 1 },
    { ...downgrade('a log message', '\n    import logging\n    logging.info("nothing to do")'), errors: 1 },
    { ...downgrade('a plain comment', '\n    # nothing to do\n    pass'), errors: 1 },
    { ...downgrade('a raise', '\n    raise NotImplementedError'), errors: [{ messageId: 'schema', data: { operation: 'add_column', does: 'only raises' } }] },
    { ...downgrade('a raise that says nothing', '\n    """No."""\n    raise NotImplementedError("not implemented")'), errors: 1 },
    { name: 'no downgrade', ...migration(up), errors: [{ messageId: 'schema', line: HEAD_LINES + 1, data: { operation: 'add_column', does: 'is missing' } }] },
    { ...downgrade('DDL in SQL', '\n    pass', 'def upgrade():\n    op.execute("CREATE INDEX ix ON users (bio)")\n\n'), errors: [{ messageId: 'schema', data: { operation: 'execute', does: 'does nothing' } }] },
    { ...downgrade('DDL by the connection', '\n    pass', 'def upgrade():\n    op.get_bind().execute(sa.text("""\n        -- faster\n        DROP INDEX ix;\n    """))\n\n'), errors: 1 },
    { ...downgrade('DDL behind DML', '\n    pass', 'def upgrade():\n    op.execute("UPDATE users SET a = 1; ALTER TABLE users DROP COLUMN b")\n\n'), errors: 1 },
    { ...downgrade('a batch', '\n    pass', 'def upgrade():\n    with op.batch_alter_table("users") as batch_op:\n        batch_op.drop_column("bio")\n\n'), errors: [{ messageId: 'schema', data: { operation: 'drop_column', does: 'does nothing' } }] },
    { ...downgrade('in a helper', '\n    pass', 'def upgrade():\n    add()\n\ndef add():\n    op.create_index("ix", "users", ["bio"])\n\n'), errors: [{ messageId: 'schema', data: { operation: 'create_index', does: 'does nothing' } }] },
    { ...downgrade('data, with the option', '\n    pass', 'def upgrade():\n    op.execute("UPDATE users SET bio = NULL")\n\n'), options: [{ requireForData: true }], errors: [{ messageId: 'data' }] },
    { ...downgrade('the connection alone, with the option', '\n    pass', 'def upgrade():\n    move(op.get_bind())\n\n'), options: [{ requireForData: true }], errors: [{ messageId: 'data', data: { operation: 'get_bind', does: 'does nothing' } }] },
    { ...downgrade('another note', '\n    pass  # irreversible'), options: [{ irreversible: 'one-way' }], errors: 1 },
  ],
})
