import { describe, expect, test } from 'vitest'
import { dataUseOf } from '../../src/frameworks/alembic/operation-data.ts'
import { readMigration } from '../../src/frameworks/alembic/migration-order.ts'
import { OperationReader } from '../../src/frameworks/alembic/operation-reader.ts'
import { migrationFact } from '../../src/frameworks/alembic/operations-fact.ts'
import { MemoryProject } from '../helpers/memory-project.ts'

const HEAD = 'from alembic import op\nimport sqlalchemy as sa\nfrom sqlalchemy import orm\nusers = sa.table("users", sa.column("name"))\n'

function migration(revision: string, down: string | null, upgrade: string): string {
  return `${HEAD}revision = "${revision}"\ndown_revision = ${JSON.stringify(down)?.replace('null', 'None')}\ndef upgrade():\n    ${upgrade.trim().split('\n').join('\n    ')}\n`
}

/** What an upgrade does with rows, as `read users.name`. */
function effects(upgrade: string): string[] {
  const { project } = new MemoryProject({ 'a.py': migration('a', null, upgrade) }).open('a.py').services
  const read = readMigration(project, 'a.py', project.fact(migrationFact, 'a.py')!)
  return read.fact.upgrade.flatMap((operation) => {
    const use = dataUseOf(new OperationReader(operation, read), read)
    return [...use.effects.map(({ kind, table, column, by }) => `${kind}${by ? ` by ${by}` : ''} ${table}${column === null ? '' : `.${column}`}`), ...(use.isOpen ? ['?'] : [])]
  })
}

const sql = (text: string): string[] => effects(`op.execute("""${text}""")`)

describe('SQL', () => {
  test('reads and sets columns', () => {
    expect(sql('UPDATE users SET full_name = name')).toEqual(['read users.name', 'set users.full_name'])
    expect(sql('UPDATE users SET a = b, c = lower(d) WHERE e = 1')).toEqual(expect.arrayContaining(['read users.b', 'read users.d', 'read users.e', 'set users.a', 'set users.c']))
    expect(sql('INSERT INTO names (name) SELECT name FROM users')).toEqual(expect.arrayContaining(['read users', 'read users.name', 'set names']))
    expect(sql('INSERT INTO names (name) VALUES (1)')).toEqual(['set names'])
  })

  test('knows aliases, and leaves columns of several tables out', () => {
    expect(sql('UPDATE t SET x = u.name FROM users AS u WHERE u.id = t.id')).toEqual(expect.arrayContaining(['read users', 'read users.name', 'read users.id', 'read t.id', 'set t.x']))
    expect(sql('UPDATE t SET x = name FROM users u')).not.toContain('read users.name')
  })

  test('takes values away', () => {
    expect(sql('TRUNCATE TABLE users, public.teams CASCADE')).toEqual(['lose by empty users', 'lose by empty teams'])
    expect(sql('DELETE FROM users')).toEqual(['lose by empty users'])
    expect(sql('DELETE FROM users WHERE id = 1')).not.toContain('lose by empty users')
    expect(sql('UPDATE users SET a = NULL, b = 2')).toEqual(expect.arrayContaining(['lose by empty users.a', 'set users.b']))
    expect(sql("UPDATE users SET a = NULL WHERE a = ''")).toContain('set users.a')
    expect(sql('DROP TABLE users; ALTER TABLE t DROP COLUMN a')).toEqual(['lose by drop users', 'lose by drop t.a'])
  })

  test('may be unknown in part', () => {
    expect(effects('op.execute(f"UPDATE {find()} SET a = 1")')).toContain('?')
  })
})

test('statements of SQLAlchemy', () => {
  expect(effects('op.execute(users.update().values(full_name=users.c.name))')).toEqual(['read users.name', 'set users.full_name'])
  expect(effects('op.execute(sa.update(users).where(users.c.id == 1).values({"a": None}))')).toEqual(['read users.id', 'lose by empty users.a'])
  expect(effects('op.execute(users.delete())')).toEqual(['lose by empty users'])
  expect(effects('op.execute(sa.insert(sa.table("t")).from_select(["a"], sa.select(users.c.name)))')).toEqual(['read users', 'read users.name', 'set t'])
  expect(effects('orm.Session(bind=op.get_bind()).execute(sa.select(users))')).toEqual(['read users'])
  expect(effects('op.execute(make())')).toEqual(['?'])
})

test('operations', () => {
  expect(effects('op.create_table("t")\nop.drop_table("t")\nop.rename_table("a", "b")')).toEqual(['make t', 'lose by drop t', 'make a', 'make b'])
  expect(effects('op.add_column("t", sa.Column("a", sa.Integer))\nop.drop_column("t", "a")\nop.alter_column("t", "b", new_column_name="c")')).toEqual([
    'make t.a',
    'lose by drop t.a',
    'make t.c',
    'make t.b',
  ])
})

test('tables before and after a migration, and what others do with rows', () => {
  const files = {
    'v/1.py': migration('1', null, 'op.create_table("users", sa.Column("name", sa.String()))'),
    'v/2.py': migration('2', '1', 'op.add_column("users", sa.Column("a", sa.Integer()))\nop.execute("UPDATE users SET a = 1")'),
    'v/3.py': migration('3', '2', 'op.execute("UPDATE users SET name = a")'),
    'v/4.py': migration('4', '1', 'op.execute("UPDATE users SET x = name")'),
  }
  const { project } = new MemoryProject(files).open('v/2.py').services
  const names = (moment: 'before' | 'after'): string[] | undefined => project.tableAround(moment, 'users')?.columns.map(({ name }) => name)
  expect([names('before'), names('after'), project.tableAround('before', 'teams')]).toEqual([['name'], ['name', 'a'], null])
  expect(project.readByLaterMigration('users', 'a')).toBe('v/3.py')
  expect(project.readByLaterMigration('users', 'name')).toBeNull()
  expect([project.isSetByEarlierMigration('users', 'a', 'v/3.py'), project.isSetByEarlierMigration('users', 'a')]).toEqual([true, false])
})
