import { RuleTester } from '@krait/rule-tester'
import { concurrentIndex } from '../src/rules/concurrent-index.ts'
import { HEAD_LINES, migration } from './helpers/migrations.ts'

function upgrade(name: string, body: string, extra = '') {
  return { name, ...migration(`def upgrade():\n${body.split('\n').map((line) => `    ${line}`).join('\n')}\n${extra}`) }
}

const plain = 'op.create_index("ix", "orders", ["state"])'
const concurrent = 'op.create_index("ix", "orders", ["state"], postgresql_concurrently=True)'
const block = 'with op.get_context().autocommit_block():'

new RuleTester().run('concurrent-index', concurrentIndex, {
  valid: [
    upgrade('in a block', `${block}\n    ${concurrent}`),
    upgrade('a new table', 'op.create_table("orders", sa.Column("state", sa.String()))\n' + plain),
    upgrade('a new table in SQL', 'op.execute("CREATE TABLE orders (state text)")\nop.execute("CREATE INDEX ix ON orders (state)")'),
    upgrade('a drop', 'op.drop_index("ix", table_name="orders")'),
    upgrade('behind COMMIT', `op.execute("COMMIT")\n${concurrent}`),
    upgrade('SQL in a block', `${block}\n    op.execute("CREATE INDEX CONCURRENTLY IF NOT EXISTS ix ON orders (state)")`),
    upgrade('a helper in a block', `${block}\n    build()`, `def build():\n    ${concurrent}\n`),
    upgrade('an unknown table', 'op.create_index("ix", find_table(), ["state"])'),
    upgrade('a unique constraint', 'op.create_unique_constraint("uq", "orders", ["state"])'),
    upgrade('downgrade', 'pass', `def downgrade():\n    ${plain}\n`),
    upgrade('a table that is called index', 'op.execute("CREATE TABLE index_things (a int)")\nop.execute("DROP TABLE old")'),
    { ...upgrade('a small table', plain), options: [{ smallTables: ['ord*'] }] },
    { ...upgrade('SQLite', plain), settings: { sqlalchemy: { dialect: 'sqlite' } } },
    { ...upgrade('MySQL in alembic.ini', plain), settings: { 'alembic.ini': [{ path: 'alembic.ini', drivers: ['mysql'], versionLocations: [] }] } },
    { ...upgrade('a project on SQLite', plain), files: { 'app/db.py': 'from sqlalchemy import create_engine\nengine = create_engine("sqlite:///app.db")\n' } },
    { name: 'no migration', code: `from alembic import op\ndef upgrade():\n    ${plain}\n` },
  ],
  invalid: [
    {
      ...upgrade('not concurrently', plain),
      errors: [
        {
          messageId: 'blocks',
          line: HEAD_LINES + 2,
          message: 'Building `ix` blocks writes to `orders`. Use `postgresql_concurrently=True` inside `op.get_context().autocommit_block()`.',
          suggestions: [{ messageId: 'wrap', output: upgrade('', `${block}\n    ${concurrent}`).code }],
        },
      ],
    },
    {
      ...upgrade('in a transaction', concurrent),
      errors: [
        {
          messageId: 'inTransaction',
          message: 'Building `ix` concurrently raises inside a transaction. Put it into `with op.get_context().autocommit_block():`.',
          suggestions: [{ messageId: 'wrap', output: upgrade('', `${block}\n    ${concurrent}`).code }],
        },
      ],
    },
    {
      ...upgrade('over several lines', 'op.create_index(\n    op.f("ix"),\n    "orders",\n    ["state"],\n    unique=False,\n)'),
      errors: [
        {
          messageId: 'blocks',
          line: HEAD_LINES + 2,
          suggestions: [{ messageId: 'wrap', output: upgrade('', `${block}\n    op.create_index(\n        op.f("ix"),\n        "orders",\n        ["state"],\n        unique=False,\n        postgresql_concurrently=True,\n    )`).code }],
        },
      ],
    },
    { ...upgrade('concurrently=False', 'op.create_index("ix", "orders", ["state"], postgresql_concurrently=False)'), errors: [{ messageId: 'blocks', suggestions: [{ messageId: 'wrap', output: upgrade('', `${block}\n    ${concurrent}`).code }] }] },
    { ...upgrade('in a block, not concurrently', `${block}\n    ${plain}`), errors: ['blocks'] },
    { ...upgrade('a batch', 'with op.batch_alter_table("orders") as batch_op:\n    batch_op.create_index("ix", ["state"])'), errors: [{ messageId: 'blocks', line: HEAD_LINES + 3, data: { does: 'Building', index: 'ix', table: 'orders' } }] },
    { ...upgrade('SQL', 'op.execute("CREATE UNIQUE INDEX ix ON public.orders (state)")'), errors: [{ messageId: 'blocksInSql', data: { does: 'Building', index: 'ix', table: 'orders' } }] },
    { ...upgrade('SQL in a transaction', 'op.execute("CREATE INDEX CONCURRENTLY ix ON orders (state)")'), errors: ['inTransaction'] },
    { ...upgrade('a concurrent drop in a transaction', 'op.drop_index("ix", "orders", postgresql_concurrently=True)'), errors: [{ messageId: 'inTransaction', data: { does: 'Dropping', index: 'ix' }, suggestions: 1 }] },
    { ...upgrade('SQL drop in a transaction', 'op.execute("DROP INDEX CONCURRENTLY ix")'), errors: ['inTransaction'] },
    { ...upgrade('a helper in a transaction', 'build()', `def build():\n    ${concurrent}\n`), errors: [{ line: HEAD_LINES + 4, suggestions: 1 }] },
    { ...upgrade('drops', 'op.drop_index("ix", table_name="orders")'), options: [{ drops: true }], errors: [{ messageId: 'blocks', data: { does: 'Dropping', index: 'ix', table: 'orders' }, suggestions: 1 }] },
    { ...upgrade('unique constraints', 'op.create_unique_constraint("uq", "orders", ["state"])'), options: [{ unique: true }], errors: ['blocks'] },
    { ...upgrade('another table is new', `op.create_table("tags")\n${plain}`), errors: [{ messageId: 'blocks', suggestions: 1 }] },
  ],
})
