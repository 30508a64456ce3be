import { RuleTester } from '@krait/rule-tester'
import { noRawSql } from '../src/rules/no-raw-sql.ts'
import { blogInvalid as invalid, blogValid as valid } from './helpers/blog.ts'

new RuleTester().run('sqlalchemy/no-raw-sql', noRawSql, {
  valid: [
    valid('constructs', 'def f(db: Session):\n    db.execute(select(Author.id))\n'),
    valid('without a table', 'def f(db: Session):\n    db.execute(text("SELECT 1"))\n    db.execute(text("select pg_advisory_xact_lock(:k)"), {"k": 1})\n    db.scalar(text("SELECT version()"))\n    db.execute(text("SELECT set_config(\'a\', \'b\', true)"))\n'),
    valid('DDL and the like', 'def f(db: Session):\n    for q in (): ...\n    db.execute(text("SET LOCAL x = 1"))\n    db.execute(text("VACUUM t"))\n    db.execute(text("CREATE TABLE t (id int)"))\n    db.execute(text("EXPLAIN SELECT 1 FROM t"))\n    db.execute(text("LOCK TABLE t"))\n'),
    valid('fragments', 'select(Author).order_by(text("SELECT"))\n'),
    valid('not executed', 'q = text("SELECT id FROM authors")\n'),
    valid('another driver', 'import sqlite3\ndef f(cursor):\n    cursor.execute("SELECT id FROM authors")\n    sqlite3.connect("x").execute("SELECT id FROM authors")\n'),
    valid('unknown text', 'def f(db: Session, q):\n    db.execute(text(q))\n    db.execute(q)\n'),
    { ...valid('a test', 'def f(db: Session):\n    db.execute(text("SELECT id FROM authors"))\n'), path: 'tests/test_a.py' },
    { ...valid('a migration', 'def f(db: Session):\n    db.execute(text("SELECT id FROM authors"))\n'), path: 'migrations/versions/a.py' },
    { ...valid('allowed by path', 'def f(db: Session):\n    db.execute(text("SELECT id FROM authors"))\n'), options: [{ allowIn: ['app/service.py'] }] },
  ],
  invalid: [
    invalid('text', 'def f(db: Session):\n    db.execute(text("SELECT id FROM clients WHERE name = :n"))\n', {
      line: 2,
      messageId: 'table',
      message: 'Raw `SELECT` on `clients`: build it with `select()` so that the mapping and this linter can check it.',
    }),
    invalid('the line of execute', 'def f(db: Session):\n    (\n        db\n        .execute(\n            text("SELECT id FROM clients"))\n    )\n', { line: 4 }),
    invalid('a string in a constant', 'SQL = "UPDATE t SET a = 1"\ndef f(conn):\n    conn.exec_driver_sql(SQL)\n', { line: 3, message: 'Raw `UPDATE` on `t`: build it with `update()` so that the mapping and this linter can check it.' }),
    invalid('a constant of another module', 'from app.sql import SQL\ndef f(db: Session):\n    db.execute(text(SQL))\n', { line: 3 }, { 'app/sql.py': 'SQL = "DELETE FROM t"\n' }),
    invalid('text in a variable', 'def f(db: Session):\n    q = text("INSERT INTO t VALUES (1)").bindparams(a=1)\n    db.execute(q)\n', { line: 3 }),
    invalid('a string given to a session', 'def f(db: Session):\n    db.execute("SELECT id FROM t")\n', { line: 2 }),
    invalid('a string given to an engine', 'from sqlalchemy import create_engine\nengine = create_engine(url)\nengine.execute("SELECT id FROM t")\n', { line: 3 }),
    invalid('comments before the keyword', 'def f(db: Session):\n    db.scalars(text("""\n        -- the rows\n        /* all */ WITH x AS (SELECT 1) SELECT * FROM x\n    """))\n', { line: 2 }),
    invalid('an f-string', 'def f(db: Session, t):\n    db.execute(text(f"SELECT id FROM {t} WHERE a = 1"))\n', { line: 2 }),
    invalid('from_statement', 'select(Author).from_statement(text("SELECT * FROM authors"))\n'),
    invalid('pandas', 'import pandas as pd\npd.read_sql("SELECT id FROM t", engine)\npd.read_sql_query\n', { line: 2 }),
    invalid('awaited, with another name of text', 'import sqlalchemy as sa\nasync def f(db: AsyncSession):\n    await db.execute(sa.text("DELETE FROM t"))\n', { line: 3 }),
    invalid('SELECT without a table', 'def f(db: Session):\n    db.execute(text("SELECT now()"))\n', { line: 2, messageId: 'plain' }),
  ],
})
