import { describe, expect, test } from 'vitest'
import { migrationFact } from '../../src/frameworks/alembic/operations-fact.ts'
import { keyStatementsIn } from '../../src/frameworks/alembic/sql-keys.ts'
import { uniqueKeysOfMigrations } from '../../src/frameworks/alembic/unique-keys.ts'
import { MemoryProject, dedent } from '../helpers/memory-project.ts'

const HEAD = 'import sqlalchemy as sa\nfrom alembic import op\n'

/** The keys of a table, by their columns. */
function keys(files: Readonly<Record<string, string>>, table = 'users'): readonly string[] {
  const texts = Object.fromEntries(Object.entries(files).map(([path, text]) => [path, HEAD + dedent(text)]))
  return (uniqueKeysOfMigrations(new MemoryProject(texts)).get(table) ?? []).map(({ columns }) => columns.join())
}

/** One migration with this body. */
function migrated(body: string, others = ''): Readonly<Record<string, string>> {
  return { 'versions/a.py': `revision = "a"\ndown_revision: str | None = None\n${others}\ndef upgrade() -> None:\n${body.split('\n').map((line) => `    ${line}`).join('\n')}\n` }
}

describe('keys of', () => {
  test.each<[what: string, body: string, expected: readonly string[]]>([
    ['create_unique_constraint', 'op.create_unique_constraint("k", "users", ["a", "b"])', ['a,b']],
    ['create_index', 'op.create_index(op.f("i"), "users", ["a"], unique=True)', ['a']],
    ['an index that is not unique', 'op.create_index("i", "users", ["a"], unique=False)', []],
    ['an index over an expression', 'op.create_index("i", "users", [sa.text("lower(email)")], unique=True)', ['email']],
    ['create_table', 'op.create_table("users", sa.Column("id", sa.Integer(), primary_key=True), sa.Column("x", sa.Text(), unique=True), sa.UniqueConstraint("y", "z", name="k"))', ['id', 'x', 'y,z']],
    ['a primary key as a constraint', 'op.create_table("users", sa.Column("id"), sa.PrimaryKeyConstraint("id"))', ['id']],
    ['add_column', 'op.add_column("users", sa.Column("x", sa.Text(), unique=True))', ['x']],
    ['a batch', 'with op.batch_alter_table("users") as batch_op:\n    batch_op.create_unique_constraint("k", ["a"])\n    batch_op.create_index("i", ["b"], unique=True)', ['a', 'b']],
    ['a loop over known tables', 'for table in ["users", "teams"]:\n    op.create_unique_constraint(f"{table}_k", table, ["a"])', ['a']],
    ['a loop over known pairs', 'for table, column in (("users", "a"), ("users", "b")):\n    op.create_index(f"{column}_i", table, [column], unique=True)', ['a', 'b']],
    ['a helper', 'add("users", column="c")', ['c']],
    ['constants of the module', 'op.create_unique_constraint("k", TABLE, COLUMNS)', ['p,q']],
    ['SQL', 'op.execute("CREATE UNIQUE INDEX CONCURRENTLY IF NOT EXISTS i ON users (a, b) WHERE a > 0; SELECT 1")', ['a,b']],
    ['SQL in text()', 'op.execute(sa.text("ALTER TABLE users ADD CONSTRAINT k UNIQUE (a)"))', ['a']],
    ['SQL on the connection', 'connection = op.get_bind()\nconnection.execute(sa.text("create unique index i on users using btree (lower(email))"))', ['email']],
    ['what is dropped again', 'op.create_unique_constraint("k", "users", ["a"])\nop.drop_constraint("k", "users")', []],
    ['an index that is dropped again', 'op.create_index("i", "users", ["a"], unique=True)\nop.drop_index("i")', []],
    ['what SQL drops', 'op.create_index("i", "users", ["a"], unique=True)\nop.execute("DROP INDEX IF EXISTS i")', []],
    ['a default name', 'op.create_unique_constraint(None, "users", ["a"])\nop.drop_constraint("users_a_key", "users", type_="unique")', []],
    ['what is dropped under a condition', 'op.create_unique_constraint("k", "users", ["a"])\nif is_old():\n    op.drop_constraint("k", "users")', ['a']],
    ['a column that is dropped', 'op.create_unique_constraint("k", "users", ["a"])\nop.drop_column("users", "a")', []],
    ['a column that is renamed', 'op.create_unique_constraint("k", "users", ["a"])\nop.alter_column("users", "a", new_column_name="b")', ['b']],
    ['a table that is renamed', 'op.create_unique_constraint("k", "people", ["a"])\nop.rename_table("people", "users")', ['a']],
    ['a table that is dropped', 'op.create_unique_constraint("k", "users", ["a"])\nop.drop_table("users")', []],
  ])('%s', (_, body, expected) => {
    const others = 'TABLE = "users"\nCOLUMNS = ["p", "q"]\ndef add(table, column):\n    op.create_unique_constraint("k", table, [column])\n'
    expect(keys(migrated(body, others))).toEqual(expected)
  })

  test('a schema', () => {
    expect(keys(migrated('op.create_unique_constraint("k", "users", ["a"], schema="core")'), 'core.users')).toEqual(['a'])
  })

  test('what downgrade() does is not done', () => {
    expect(keys({ 'versions/a.py': 'revision = "a"\ndown_revision = None\ndef upgrade(): pass\ndef downgrade():\n    op.create_unique_constraint("k", "users", ["a"])\n' })).toEqual([])
  })
})

test('migrations run in the order of their revisions', () => {
  const create = 'revision = "1"\ndown_revision = None\ndef upgrade():\n    op.create_unique_constraint("k", "users", ["a"])\n'
  const drop = 'revision = "2"\ndown_revision = "1"\ndef upgrade():\n    op.drop_constraint("k", "users")\n'
  const again = 'revision = "3"\ndown_revision = ("2",)\ndef upgrade():\n    op.create_unique_constraint("k", "users", ["b"])\n'
  expect(keys({ 'v/c.py': create, 'v/a.py': drop, 'v/b.py': again })).toEqual(['b'])
})

test('a history goes on in another folder, and others stand beside it', () => {
  const first = 'revision = "1"\ndown_revision = None\ndef upgrade():\n    op.create_unique_constraint("k", "users", ["a"])\n'
  const second = 'revision = "2"\ndown_revision = "1"\ndef upgrade():\n    op.drop_constraint("k", "users")\n'
  expect(keys({ 'old/a.py': first, 'new/b.py': second })).toEqual([])
  expect(keys({ 'core/a.py': first, 'tenant/b.py': second.replace('"1"', 'None') })).toEqual(['a'])
})

describe('the fact', () => {
  const fact = (text: string) => new MemoryProject({ 'a.py': text }).fact(migrationFact, 'a.py')

  test('is there for migrations only', () => {
    expect(fact('def upgrade():\n    pass\n')).toBeNull()
    expect(fact('# down_revision\nrevision = "a"\n')).toBeNull()
    expect(fact('revision = "a"\ndown_revision = None\n')).toBeNull()
    expect(fact('revision = "a"\ndown_revision = None\ndef upgrade(): ...\n')).toMatchObject({ upgrade: [], downgrade: [] })
  })

  test('has the operations in order, with what holds for them', () => {
    const text = `
      from alembic import op
      revision = "b"
      down_revision = ("a", "c")
      branch_labels = ("x",)
      def upgrade():
          op.add_column("users", column("x"))
          if is_postgres():
              helper("teams")
          for name in NAMES:
              with op.batch_alter_table("orders") as batch:
                  batch.drop_column(name)
      def helper(table):
          op.execute(f"LOCK {table}")
      def downgrade():
          op.drop_column("users", "x")
    `
    const found = fact(text)!
    expect(found.upgrade.map(({ name, conditional, batch, loops }) => [name, conditional ?? false, batch !== undefined, loops?.map(({ names }) => names.join()) ?? []])).toEqual([
      ['add_column', false, false, []],
      ['execute', true, false, []],
      ['drop_column', false, true, ['name']],
    ])
    expect(found.upgrade[1]!.call.arguments[0]).toMatchObject({ kind: 'format', parts: [{ value: 'LOCK ' }, { kind: 'literal', value: 'teams' }] })
    expect(found.downgrade.map(({ name }) => name)).toEqual(['drop_column'])
    expect(found.downRevision).toMatchObject({ kind: 'tuple' })
    expect(found.branchLabels).toMatchObject({ kind: 'tuple' })
  })
})

test.each<[sql: string, expected: object]>([
  ['CREATE UNIQUE INDEX i ON "core"."users" USING btree ("a" DESC, lower(b)) WHERE c IS NULL', { table: 'core.users', key: { name: 'i', columns: ['a', 'b'], isPartial: true, isFunctional: true } }],
  ['create unique index on users (a) nulls not distinct', { key: { name: null, columns: ['a'], isPartial: false, nullsNotDistinct: true } }],
  ['-- comment\nALTER TABLE ONLY users ADD PRIMARY KEY (id)', { key: { name: null, columns: ['id'] } }],
  ['ALTER TABLE users DROP CONSTRAINT IF EXISTS k', { kind: 'drop', name: 'k', table: 'users' }],
  ['DROP TABLE IF EXISTS users', { kind: 'drop-table', table: 'users' }],
])('%s', (sql, expected) => {
  expect(keyStatementsIn(sql)).toMatchObject([expected])
})
