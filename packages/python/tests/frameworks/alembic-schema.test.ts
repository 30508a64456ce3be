import type { MigratedTable, MigrationGroup, PythonProject } from '@krait/python'
import { describe, expect, test } from 'vitest'
import { MemoryProject } from '../helpers/memory-project.ts'

type Files = Readonly<Record<string, string>>

const HEAD = 'from alembic import op\nimport sqlalchemy as sa\nfrom sqlalchemy.dialects import postgresql\n'

function migration(revision: string, down: string | null, upgrade: string, extra = ''): string {
  const body = upgrade.trim() === '' ? 'pass' : upgrade.trim().split('\n').join('\n    ')
  return `${HEAD}${extra}revision = "${revision}"\ndown_revision = ${down === null ? 'None' : JSON.stringify(down)}\ndef upgrade():\n    ${body}\ndef downgrade():\n    op.drop_table("users")\n`
}

function projectOf(files: Files): PythonProject {
  return new MemoryProject(files).open(Object.keys(files)[0]!).services.project
}

const USERS = `op.create_table(
    "users",
    sa.Column("id", sa.Integer(), nullable=False),
    sa.Column("email", sa.String(length=50), nullable=False, unique=True),
    sa.Column("name", sa.String(80)),
    sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.func.now(), nullable=False),
    sa.Column("team_id", sa.Integer(), sa.ForeignKey("teams.id", ondelete="CASCADE"), index=True),
    sa.PrimaryKeyConstraint("id", name=op.f("pk_users")),
    sa.UniqueConstraint("name", "team_id", name="uq_name"),
    sa.ForeignKeyConstraint(["team_id"], ["teams.id"], name="fk_team", ondelete="SET NULL"),
    sa.CheckConstraint("id > 0"),
)`

/** The group behind one migration that first makes the table `users` and then does this. */
function replay(upgrade: string, extra = ''): { readonly group: MigrationGroup; readonly table: (name: string) => MigratedTable | null } {
  const project = projectOf({
    'alembic/versions/1.py': migration('1', null, USERS),
    'alembic/versions/2.py': migration('2', '1', upgrade, extra),
    'helpers.py': 'from alembic import op\ndef add_times(table): ...\ndef do_all(): ...\n',
    'app/sql.py': 'def drop(table, column):\n    return f"ALTER TABLE {table} DROP COLUMN {column}"\n',
    'models.py': 'class Team:\n    __tablename__ = "teams"\n',
  })
  const [group] = project.migrationGroups()
  return { group: group!, table: (name) => project.migratedTable(group!.id, name) }
}

function users(upgrade: string, extra = ''): MigratedTable {
  return replay(upgrade, extra).table('users')!
}

function columns(table: MigratedTable): string[] {
  return table.columns.map(({ name }) => name)
}

describe('a created table', () => {
  test('has columns and keys', () => {
    const table = users('')
    expect(table).toMatchObject({ name: 'users', createdIn: 'alembic/versions/1.py', primaryKey: ['id'], isOpaque: false, droppedColumns: [] })
    expect(table.columns).toEqual([
      { name: 'id', type: 'sqlalchemy.Integer', family: 'integer', length: null, nullable: false, hasServerDefault: false, addedIn: 'alembic/versions/1.py' },
      { name: 'email', type: 'sqlalchemy.String', family: 'string', length: 50, nullable: false, hasServerDefault: false, addedIn: 'alembic/versions/1.py' },
      { name: 'name', type: 'sqlalchemy.String', family: 'string', length: 80, nullable: true, hasServerDefault: false, addedIn: 'alembic/versions/1.py' },
      { name: 'created_at', type: 'sqlalchemy.DateTime', family: 'datetime', length: null, nullable: false, hasServerDefault: true, addedIn: 'alembic/versions/1.py' },
      { name: 'team_id', type: 'sqlalchemy.Integer', family: 'integer', length: null, nullable: true, hasServerDefault: false, addedIn: 'alembic/versions/1.py' },
    ])
    expect(table.uniqueConstraints).toEqual([{ name: null, columns: ['email'] }, { name: 'uq_name', columns: ['name', 'team_id'] }])
    expect(table.indexes).toEqual([{ name: 'ix_users_team_id', columns: ['team_id'], unique: false, isPartial: false, isFunctional: false }])
    expect(table.foreignKeys).toEqual([
      { name: null, columns: ['team_id'], targets: ['teams.id'], onDelete: 'CASCADE' },
      { name: 'fk_team', columns: ['team_id'], targets: ['teams.id'], onDelete: 'SET NULL' },
    ])
  })

  test('may have a schema, or columns that are not known', () => {
    const { group, table } = replay('op.create_table("logs", sa.Column("id", sa.BigInteger(), primary_key=True), schema="audit")\nop.create_table("open", *COLUMNS)\nop.create_table("made", make_column())')
    expect(group.tables).toEqual(['audit.logs', 'made', 'open', 'users'])
    expect(table('audit.logs')).toMatchObject({ primaryKey: ['id'], isOpaque: false, columns: [{ nullable: false, family: 'integer' }] })
    expect(table('open')!.isOpaque).toBe(true)
    expect(table('made')!.isOpaque).toBe(true)
  })
})

describe('operations', () => {
  test.each<[what: string, upgrade: string, expected: object]>([
    ['add_column', 'op.add_column("users", sa.Column("bio", sa.Text()))', { columns: { length: 6 }, isOpaque: false }],
    ['drop_constraint', 'op.drop_constraint("uq_name", "users", type_="unique")', { uniqueConstraints: [{ columns: ['email'] }] }],
    ['drop_constraint by the name that PostgreSQL gives', 'op.drop_constraint("users_email_key", "users")', { uniqueConstraints: [{ name: 'uq_name' }] }],
    ['drop_constraint of a foreign key', 'op.drop_constraint(op.f("fk_team"), "users")', { foreignKeys: [{ name: null }] }],
    ['drop_constraint of the primary key', 'op.drop_constraint("pk_users", "users")', { primaryKey: [] }],
    ['create_primary_key', 'op.create_primary_key("pk", "users", ["id", "email"])', { primaryKey: ['id', 'email'] }],
    ['create_unique_constraint', 'op.create_unique_constraint("uq", "users", ["created_at"])', { uniqueConstraints: [{}, {}, { name: 'uq', columns: ['created_at'] }] }],
    ['create_foreign_key', 'op.create_foreign_key(None, "users", "people", ["id"], ["user_id"], ondelete="CASCADE")', { foreignKeys: [{}, {}, { name: null, columns: ['id'], targets: ['people.user_id'], onDelete: 'CASCADE' }] }],
    ['create_index', 'op.create_index(op.f("ix"), "users", ["email", sa.text("lower(name)")], unique=True, postgresql_where=sa.text("id > 1"))', { indexes: [{}, { name: 'ix', columns: ['email'], unique: true, isPartial: true, isFunctional: true }] }],
    ['drop_index', 'op.drop_index("ix_users_team_id", table_name="users")', { indexes: [] }],
    ['drop_index without a table', 'op.drop_index("ix_users_team_id")', { indexes: [] }],
    ['an operation of a plugin', 'op.create_entity(view)\nop.create_table_comment("users", "x")', { isOpaque: false }],
    ['a column that no migration adds', 'op.alter_column("users", "other", nullable=True)', { isOpaque: true }],
    ['a column under a condition', 'if sa.inspect(op.get_bind()).has_table("x"):\n    op.add_column("users", sa.Column("bio", sa.Text()))', { columns: { length: 6 }, isOpaque: true }],
    ['a column that is perhaps dropped', 'if DEBUG:\n    op.drop_column("users", "name")', { columns: { length: 5 }, isOpaque: true }],
    ['a column with a name that is not known', 'op.drop_column("users", find())', { columns: { length: 5 }, isOpaque: true }],
  ])('%s', (_, upgrade, expected) => {
    expect(users(upgrade)).toMatchObject(expected)
  })

  test.each<[what: string, upgrade: string, expected: object]>([
    ['nullable', 'op.alter_column("users", "name", existing_type=sa.String(), nullable=False)', { nullable: false, type: 'sqlalchemy.String', length: 80 }],
    ['type', 'op.alter_column("users", "name", type_=sa.Text(), existing_nullable=True)', { type: 'sqlalchemy.Text', family: 'string', length: null, nullable: true }],
    ['type of a dialect', 'op.alter_column("users", "name", type_=postgresql.JSONB(astext_type=sa.Text()))', { type: 'sqlalchemy.dialects.postgresql.JSONB', family: 'json' }],
    ['server_default', 'op.alter_column("users", "name", server_default="x")', { hasServerDefault: true }],
    ['server_default to nothing', 'op.alter_column("users", "name", server_default=sa.text("x"))\nop.alter_column("users", "name", server_default=None)', { hasServerDefault: false }],
    ['nullable to what is not known', 'op.alter_column("users", "name", nullable=find())', { nullable: null }],
  ])('alter_column changes %s', (_, upgrade, expected) => {
    expect(users(upgrade).columns.find(({ name }) => name === 'name')).toMatchObject(expected)
  })

  test('a renamed column takes its keys along', () => {
    const table = users('op.create_table("notes", sa.Column("user", sa.Integer(), sa.ForeignKey("users.id")))\nop.alter_column("users", "id", new_column_name="key")\nop.alter_column("users", "team_id", new_column_name="team")')
    expect(columns(table)).toEqual(['key', 'email', 'name', 'created_at', 'team'])
    expect(table).toMatchObject({ primaryKey: ['key'], uniqueConstraints: [{}, { columns: ['name', 'team'] }], indexes: [{ columns: ['team'] }], foreignKeys: [{ columns: ['team'] }, { columns: ['team'] }] })
  })

  test('a renamed table', () => {
    const { group, table } = replay('op.create_table("notes", sa.Column("user", sa.Integer(), sa.ForeignKey("users.id")))\nop.rename_table("users", "people")')
    expect(group).toMatchObject({ tables: ['notes', 'people'], droppedTables: [] })
    expect(table('people')).toMatchObject({ name: 'people', createdIn: 'alembic/versions/1.py' })
    expect(table('notes')!.foreignKeys[0]!.targets).toEqual(['people.id'])
  })

  test('dropped tables and columns', () => {
    const { group, table } = replay('op.drop_column("users", "team_id")\nop.create_table("a")\nop.drop_table("a")')
    expect(group).toMatchObject({ tables: ['users'], droppedTables: [{ name: 'a', path: 'alembic/versions/2.py' }], isOpaque: false })
    expect(table('users')).toMatchObject({ droppedColumns: [{ name: 'team_id', path: 'alembic/versions/2.py' }], indexes: [], foreignKeys: [], uniqueConstraints: [{ columns: ['email'] }] })
    expect(table('a')).toBeNull()
  })

  test('batches, loops, functions and constants', () => {
    const table = users(
      'with op.batch_alter_table("users", schema=None) as batch:\n    batch.add_column(sa.Column("bio", sa.Text(), nullable=False))\n    batch.drop_column("name")\n    batch.alter_column("email", nullable=True)\n    batch.create_unique_constraint("uq_bio", ["bio"])\n    batch.create_index("ix_bio", ["bio"])\n    batch.create_foreign_key("fk", "people", ["id"], ["user_id"])\n'
        + 'for name in ("a", "b"):\n    op.add_column(TABLE, sa.Column(name, sa.Integer()))\nadd("c")',
      'TABLE = "users"\ndef add(name):\n    op.add_column(TABLE, sa.Column(name, sa.Integer()))\n',
    )
    expect(columns(table)).toEqual(['id', 'email', 'created_at', 'team_id', 'bio', 'a', 'b', 'c'])
    expect(table).toMatchObject({ uniqueConstraints: [{ columns: ['email'] }, { name: 'uq_bio', columns: ['bio'] }], indexes: [{}, { name: 'ix_bio', columns: ['bio'] }], foreignKeys: [{}, {}, { name: 'fk', targets: ['people.user_id'] }], isOpaque: false })
    expect(table.columns[1]!.nullable).toBe(true)
  })

  test.each<[what: string, upgrade: string, opaque: { readonly group?: boolean; readonly users?: boolean }]>([
    ['a table with a name that is not known', 'op.add_column(find(), sa.Column("x", sa.Text()))', { group: true }],
    ['a loop over what is not known', 'for t in find():\n    op.drop_column(t, "x")', { group: true }],
    ['a loop over columns that are not known', 'for c in find():\n    op.drop_column("users", c)', { users: true }],
    ['create_all', 'from models import Base\nBase.metadata.create_all(op.get_bind())', { group: true }],
    ['a guard', 'if sa.inspect(op.get_bind()).has_table("x"):\n    return\nop.add_column("users", sa.Column("x", sa.Text()))', { users: true }],
    ['a guard over a variable', 'columns = {c["name"] for c in sa.inspect(op.get_bind()).get_columns("users")}\nif "x" in columns:\n    return\nop.add_column("users", sa.Column("x", sa.Text()))', { users: true }],
    ['a guard of another kind', 'if op.get_bind().dialect.name == "sqlite":\n    return\nop.add_column("users", sa.Column("x", sa.Text()))', {}],
    ['a helper with a table', 'from helpers import add_times\nadd_times("users")', { users: true }],
    ['a helper', 'from helpers import do_all\ndo_all()', { group: true }],
    ['another function', 'from models import Team\nTeam.load("users")', {}],
    ['a table that a model makes', 'from models import Team\nTeam.__table__.create(op.get_bind())', {}],
  ])('%s', (_, upgrade, opaque) => {
    const { group, table } = replay(upgrade)
    expect([group.isOpaque, table('users')!.isOpaque]).toEqual([opaque.group ?? false, opaque.users ?? false])
  })

  test('what makes them so', () => {
    const { group, table } = replay('op.add_column(find(), sa.Column("x", sa.Text()))\nif find():\n    op.drop_column("users", "name")')
    expect(group.unread).toEqual([{ path: 'alembic/versions/2.py', reason: 'on a computed table' }])
    expect(table('users')!.unread).toEqual({ path: 'alembic/versions/2.py', reason: 'under a condition' })
  })

  test.each<[what: string, upgrade: string]>([
    ['in the other order', 'for c in reversed(COLUMNS):\n    op.drop_column("users", c)'],
    ['the entries of a dict', 'for t, columns in {"users": COLUMNS}.items():\n    for c in columns:\n        op.drop_column(t, c)'],
    ['items of items', 'for t, columns in [("users", ("name", "email"))]:\n    for c in list(columns):\n        op.drop_column(t, c)'],
  ])('a loop over %s', (_, upgrade) => {
    const { group, table } = replay(upgrade, 'COLUMNS = ("name", "email")\n')
    expect([group.isOpaque, table('users')!.isOpaque, table('users')!.columns.length]).toEqual([false, false, 3])
  })

  test('a table that no migration creates', () => {
    const { table } = replay('op.add_column("old", sa.Column("x", sa.Text()))')
    expect(table('old')).toMatchObject({ createdIn: null, isOpaque: true, columns: [{ name: 'x', addedIn: 'alembic/versions/2.py' }] })
  })
})

describe('SQL', () => {
  const sql = (text: string): string => `op.execute("""${text}""")`

  test.each<[what: string, text: string, expected: object]>([
    ['ADD COLUMN', 'ALTER TABLE users ADD COLUMN bio varchar(20) NOT NULL DEFAULT \'x\'', { columns: [{}, {}, {}, {}, {}, { name: 'bio', type: 'varchar', family: 'string', length: 20, nullable: false, hasServerDefault: true }] }],
    ['ADD without COLUMN', 'alter table public."users" add if not exists bio text, add tags text[]', { columns: [{}, {}, {}, {}, {}, { name: 'bio', family: 'string', nullable: true }, { name: 'tags', family: 'array' }] }],
    ['types of several words', 'ALTER TABLE users ADD a timestamp with time zone, ADD b double precision NOT NULL, ADD c character varying(9), ADD d bigserial', { columns: [{}, {}, {}, {}, {}, { family: 'datetime' }, { family: 'float', nullable: false }, { family: 'string', length: 9 }, { family: 'integer', nullable: false, hasServerDefault: true }] }],
    ['DROP COLUMN', 'ALTER TABLE IF EXISTS ONLY users DROP COLUMN IF EXISTS name CASCADE', { droppedColumns: [{ name: 'name' }] }],
    ['SET NOT NULL', 'ALTER TABLE users ALTER COLUMN name SET NOT NULL, ALTER name SET DEFAULT \'a, b\'', { columns: [{}, {}, { name: 'name', nullable: false, hasServerDefault: true }, {}, {}] }],
    ['TYPE', 'ALTER TABLE users ALTER COLUMN name TYPE integer USING name::integer', { columns: [{}, {}, { name: 'name', type: 'integer', family: 'integer', length: null }, {}, {}], isOpaque: false }],
    ['RENAME COLUMN', 'ALTER TABLE users RENAME COLUMN name TO title', { columns: [{}, {}, { name: 'title' }, {}, {}] }],
    ['ADD CONSTRAINT', 'ALTER TABLE users ADD CONSTRAINT uq UNIQUE (email, name); ALTER TABLE users ADD FOREIGN KEY (id) REFERENCES people (user_id) ON DELETE SET NULL; ALTER TABLE users ADD CONSTRAINT c CHECK (id > 0)', { uniqueConstraints: [{}, {}, { name: 'uq', columns: ['email', 'name'] }], foreignKeys: [{}, {}, { targets: ['people.user_id'], onDelete: 'SET NULL' }], isOpaque: false }],
    ['DROP CONSTRAINT', 'ALTER TABLE users DROP CONSTRAINT uq_name', { uniqueConstraints: [{ columns: ['email'] }] }],
    ['CREATE INDEX', 'CREATE UNIQUE INDEX CONCURRENTLY IF NOT EXISTS ix ON users USING btree (email DESC, lower(name)) WHERE id > 1', { indexes: [{}, { name: 'ix', columns: ['email'], unique: true, isPartial: true, isFunctional: true }] }],
    ['DROP INDEX', 'DROP INDEX IF EXISTS ix_users_team_id', { indexes: [] }],
    ['what leaves the table alone', 'UPDATE users SET name = 1; INSERT INTO users SELECT * FROM x; ALTER TABLE users OWNER TO me; ALTER TABLE users ENABLE ROW LEVEL SECURITY; CREATE TYPE t AS ENUM (\'a\'); COMMENT ON TABLE users IS \'x; y\'; CREATE VIEW v AS SELECT 1; CREATE EXTENSION x', { columns: { length: 5 }, isOpaque: false }],
    ['comments', '-- ALTER TABLE users DROP COLUMN name;\n/* ALTER TABLE users DROP COLUMN name; */ SELECT 1', { columns: { length: 5 }, isOpaque: false }],
    ['what is not understood', 'ALTER TABLE users FROBNICATE name', { isOpaque: true }],
    ['a block', 'DO $$ BEGIN ALTER TABLE users ADD COLUMN x int; END $$', { isOpaque: true }],
  ])('%s', (_, text, expected) => {
    const { group, table } = replay(sql(text))
    expect(table('users')).toMatchObject(expected)
    expect(group.isOpaque).toBe(false)
  })

  test('CREATE TABLE', () => {
    const { table } = replay(sql('CREATE TABLE IF NOT EXISTS "Notes" (id serial PRIMARY KEY, "user" int NOT NULL REFERENCES users(id) ON DELETE CASCADE, n numeric(10, 2) DEFAULT (1 + 2) NOT NULL, CONSTRAINT uq UNIQUE ("user", n), CHECK (n > 0))'))
    expect(table('Notes')).toMatchObject({
      createdIn: 'alembic/versions/2.py',
      primaryKey: ['id'],
      isOpaque: false,
      columns: [{ name: 'id', nullable: false }, { name: 'user', nullable: false, family: 'integer' }, { name: 'n', family: 'numeric', nullable: false, hasServerDefault: true }],
      uniqueConstraints: [{ name: 'uq', columns: ['user', 'n'] }],
      foreignKeys: [{ columns: ['user'], targets: ['users.id'], onDelete: 'CASCADE' }],
    })
  })

  test('tables that are dropped, renamed, made from others', () => {
    const { group, table } = replay(sql('CREATE TABLE a (x int); CREATE TABLE b AS SELECT 1; DROP TABLE IF EXISTS a, c; ALTER TABLE users RENAME TO people'))
    expect(group).toMatchObject({ tables: ['b', 'people'], droppedTables: [{ name: 'a' }, { name: 'c' }] })
    expect(table('b')!.isOpaque).toBe(true)
  })

  test.each<[what: string, upgrade: string, opaque: { readonly group?: boolean; readonly users?: boolean; readonly columns?: number }]>([
    ['a text of SQLAlchemy', 'op.execute(sa.text("ALTER TABLE users DROP COLUMN name"))', { columns: 4 }],
    ['the connection', 'conn = op.get_bind()\nconn.execute(sa.text("ALTER TABLE users DROP COLUMN name"))', { columns: 4 }],
    ['a constant', 'op.execute(SQL)', { columns: 4 }],
    ['a name with a known part', 'op.execute(f"ALTER TABLE users DROP COLUMN {find()}")', { users: true }],
    ['a name that is known', 'op.execute(f"ALTER TABLE {TABLE} DROP COLUMN name")', { columns: 4 }],
    ['a table that is not known', 'op.execute(f"ALTER TABLE {find()} DROP COLUMN name")', { group: true }],
    ['a change of rows in it', 'op.execute(f"UPDATE {find()} SET x = {find()}")', {}],
    ['by format', 'op.execute("ALTER TABLE {} DROP COLUMN name".format(find()))', { group: true }],
    ['by percent', 'op.execute("UPDATE %s SET x = 1" % find())', {}],
    ['a text that is not known', 'op.execute(find_sql)', { group: true }],
    ['a statement of SQLAlchemy', 'op.execute(sa.update(t).values(x=1))\nop.execute(t.insert())', {}],
    ['a statement of SQLAlchemy that makes a table', 'from sqlalchemy.schema import CreateTable\nop.execute(CreateTable(t))', { group: true }],
    ['what a function of somewhere else gives', 'from pathlib import Path\nop.execute(Path("x.sql").read_text())', { group: true }],
    ['what a function of the project gives', 'from app.sql import drop\nop.execute(drop("users", "name"))', { columns: 4 }],
    ['a text that is dedented', 'from textwrap import dedent\nop.execute(dedent("ALTER TABLE users DROP COLUMN name"))\nop.execute("  UPDATE users SET name = 1 ".strip())', { columns: 4 }],
    ['a text in which something is replaced', 'op.execute("ALTER TABLE _T_ DROP COLUMN name".replace("_T_", "users"))\nop.execute("UPDATE _T_ SET x = 1".replace("_T_", find()))', { columns: 4 }],
    ['a table that is replaced by something unknown', 'op.execute("ALTER TABLE _T_ DROP COLUMN name".replace("_T_", find()))', { group: true }],
    ['a variable that is bound anew', 'sql = "UPDATE users SET name = 1"\nop.execute(sql)\nsql = "ALTER TABLE users DROP COLUMN name"\nop.execute(sa.text(sql))', { columns: 4 }],
    ['a variable that may be one or the other', 'if find():\n    sql = "UPDATE users SET name = 1"\nelse:\n    sql = "SELECT 1"\nop.get_bind().execute(sa.text(sql).bindparams(x=1))', {}],
    ['a variable that may drop something', 'if find():\n    sql = "ALTER TABLE users DROP COLUMN name"\nelse:\n    sql = "SELECT 1"\nop.execute(sql)', { users: true }],
    ['a variable that may be anything', 'sql = "SELECT 1"\nif find():\n    sql = find_sql()\nop.execute(sql)', { group: true }],
    ['a variable that grows', 'sql = "UPDATE users"\nfor t in find():\n    sql += "x"\nop.execute(sql)', { group: true }],
    ['functions that give texts', 'def first(n):\n    return f"UPDATE users SET name = {n}"\ndef second(n):\n    return "DELETE FROM users"\nfor query in [first, second]:\n    statement = sa.text(query(1))\n    op.execute(statement)', {}],
    ['functions of which one is not known', 'def first(n):\n    return f"UPDATE users SET name = {n}"\nfor query in [first, find_sql]:\n    op.execute(query(1))', { group: true }],
    ['a very long text', `op.execute("ALTER TABLE users DROP COLUMN name; UPDATE users SET email = '${'x'.repeat(5000)}'")`, { columns: 4 }],
    ['under a condition', 'if find():\n    op.execute("ALTER TABLE users DROP COLUMN name")', { users: true }],
  ])('%s', (_, upgrade, opaque) => {
    const { group, table } = replay(upgrade, 'TABLE = "users"\nSQL = "ALTER TABLE users DROP COLUMN name"\n')
    const found = table('users')!
    expect([group.isOpaque, found.isOpaque, found.columns.length]).toEqual([opaque.group ?? false, opaque.users ?? false, opaque.columns ?? 5])
  })
})

describe('groups', () => {
  test('order, heads and bases', () => {
    const project = projectOf({
      'alembic/versions/z_first.py': migration('a', null, 'op.create_table("t", sa.Column("x", sa.Integer()))'),
      'alembic/versions/a_last.py': `${HEAD}revision = "d"\ndown_revision = ("b", "c")\nbranch_labels = ("main",)\ndepends_on = "other"\ndef upgrade():\n    op.alter_column("t", "x", nullable=False)\n`,
      'alembic/versions/b.py': migration('b', 'a', 'op.add_column("t", sa.Column("b", sa.Integer()))'),
      'alembic/versions/c.py': migration('c', 'a', 'op.add_column("t", sa.Column("c", sa.Integer()))'),
      'alembic/versions/e.py': migration('e', 'gone', ''),
      'alembic/versions/f.py': `${HEAD}revision: str = "f"\ndown_revision = find()\ndef upgrade(): ...\n`,
      'alembic/env.py': 'from alembic import context\n',
    })
    const [group, ...others] = project.migrationGroups()
    expect(others).toEqual([])
    expect(group!.heads).toEqual(['d', 'e', 'f'])
    expect(group!.bases).toEqual(['a'])
    const order = group!.migrations.map(({ revision }) => revision)
    expect(order.indexOf('a')).toBeLessThan(order.indexOf('b'))
    expect(order.indexOf('b')).toBeLessThan(order.indexOf('d'))
    expect(group!.migrations.find(({ revision }) => revision === 'd')).toEqual({
      path: 'alembic/versions/a_last.py',
      revision: 'd',
      downRevisions: ['b', 'c'],
      hasUnknownDownRevisions: false,
      branchLabels: ['main'],
      dependsOn: ['other'],
    })
    expect(group!.migrations.find(({ revision }) => revision === 'f')).toMatchObject({ downRevisions: [], hasUnknownDownRevisions: true })
    expect(project.migratedTable(group!.id, 't')!.columns.map(({ name, nullable }) => [name, nullable])).toEqual([['x', false], ['b', true], ['c', true]])
    expect(project.migrationGroup('alembic/versions/b.py')?.id).toBe('alembic/versions')
    expect(project.migrationGroup('alembic/env.py')).toBeNull()
  })

  test('one for each database, joined where one continues the other', () => {
    const project = projectOf({
      'one/versions/1.py': migration('1', null, 'op.create_table("a")'),
      'one/archive/0.py': migration('0', null, ''),
      'one/versions/2.py': migration('2', '0', ''),
      'two/versions/1.py': migration('x', null, 'op.create_table("b")'),
    })
    expect(project.migrationGroups().map(({ id, folders, tables }) => [id, folders, tables])).toEqual([
      ['one/archive', ['one/archive', 'one/versions'], ['a']],
      ['two/versions', ['two/versions'], ['b']],
    ])
  })
})
