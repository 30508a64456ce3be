import { RuleTester, python } from '@krait/rule-tester'
import { noRawSql } from '../src/rules/no-raw-sql.ts'

const head = `
import textwrap
import pandas as pd
import sqlalchemy as sa
from sqlalchemy import Index, create_engine, select, text
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import Session
`
const headLines = head.split('\n').length - 1

const files = {
  'app/queries.py': python`
    from sqlalchemy import text

    OLD = "DELETE FROM old_rows"
    CLAUSE = text("SELECT id FROM clients")
    DDL = text("CREATE TABLE x (id int)")
  `,
}

function valid(name: string, code: string) {
  return { name, path: 'app/service.py', files, code: head + code }
}

function invalid(name: string, code: string, line: number, message?: string) {
  return { ...valid(name, code), errors: [{ line: headLines + line, ...(message !== undefined && { message }) }] }
}

new RuleTester().run('sqlalchemy/no-raw-sql', noRawSql, {
  valid: [
    valid('constructs', 'def f(db: Session, Client):\n    db.execute(select(Client.id).where(Client.name == "n"))\n'),
    valid('SELECT 1', 'def f(db: Session):\n    db.execute(text("SELECT 1"))\n    db.execute(text("select 1;"))\n    db.scalar(text("SELECT 1 AS ok"))\n'),
    valid('advisory locks', 'def f(db: Session):\n    db.execute(text("SELECT pg_advisory_xact_lock(:k)"), {"k": 1})\n    db.execute(text("SELECT pg_try_advisory_lock(1)"))\n'),
    valid('settings of the connection', `def f(db: Session):\n    db.execute(text("SELECT set_config('app.user', :u, true)"))\n    db.execute(text("SELECT version()"))\n`),
    valid('other statements', 'def f(db: Session):\n    for sql in []:\n        pass\n    db.execute(text("SET LOCAL search_path TO x"))\n    db.execute(text("CREATE TABLE x AS SELECT 1 FROM y"))\n    db.execute(text("VACUUM"))\n    db.execute(text("PRAGMA foreign_keys=ON"))\n    db.execute(text("LISTEN x"))\n    db.execute(text("EXPLAIN SELECT id FROM x"))\n    db.execute(text("LOCK TABLE x"))\n    db.execute(text("TRUNCATE x"))\n'),
    valid('fragments', 'def f(db: Session, Client):\n    db.execute(select(Client).order_by(text("name DESC")))\n    Index("ix", text("lower(name)"))\n    sa.Column("id", server_default=text("SELECT 1 FROM x"))\n'),
    valid('not executed', 'SQL = "SELECT id FROM clients"\nprint(SQL)\n'),
    valid('a cursor', 'import sqlite3\ndef f():\n    connection = sqlite3.connect("x")\n    connection.execute("SELECT id FROM clients")\n    connection.cursor().execute("SELECT id FROM clients")\n'),
    valid('an unknown receiver of a string', 'def f(cursor):\n    cursor.execute("SELECT id FROM clients")\n'),
    valid('an unknown text', 'def f(db: Session, sql):\n    db.execute(text(sql))\n    db.execute(sql)\n'),
    valid('another text()', 'def text(x): ...\ndef f(db):\n    db.execute(text("SELECT id FROM clients"))\n'),
    valid('a text that begins with a gap', 'def f(db: Session, cte):\n    db.execute(text(f"{cte} SELECT id FROM x"))\n'),
    valid('DDL of another module', 'from app.queries import DDL\ndef f(db: Session):\n    db.execute(DDL)\n'),
    valid('read_sql of something else', 'def f(frame, path):\n    frame.read_sql("SELECT id FROM x")\n    pd.read_sql_table("clients", path)\n    pd.read_sql("clients", path)\n'),
    { ...valid('a test', 'def f(db: Session):\n    db.execute(text("SELECT id FROM clients"))\n'), path: 'tests/test_x.py' },
    { ...valid('a migration', 'def f(db: Session):\n    db.execute(text("SELECT id FROM clients"))\n'), path: 'alembic/versions/1.py' },
    { ...valid('an allowed file', 'def f(db: Session):\n    db.execute(text("SELECT id FROM clients"))\n'), options: [{ allowIn: ['app/**'] }] },
    valid('a scalar of a result', 'def f(result):\n    result.scalars("SELECT id FROM x")\n'),
  ],
  invalid: [
    invalid('text', 'def f(db: Session):\n    db.execute(text("SELECT id FROM clients WHERE name = :n"))\n', 2, 'Raw `SELECT` on `clients`: build it with `select()` so that the mapping and this linter can check it.'),
    invalid('exec_driver_sql of a constant', 'def f(conn):\n    SQL = "UPDATE t SET a = 1"; conn.exec_driver_sql(SQL)\n', 2, 'Raw `UPDATE` on `t`: build it with `update()` so that the mapping and this linter can check it.'),
    invalid('an unknown receiver of text()', 'def f(db):\n    return db.scalar(sa.text("SELECT count(*) FROM app.clients"))\n', 2, 'Raw `SELECT` on `app.clients`: build it with `select()` so that the mapping and this linter can check it.'),
    invalid('the callee line', 'def f(db: Session):\n    rows = (\n        db\n        .execute(\n            text("DELETE FROM clients")\n        )\n    )\n', 4, 'Raw `DELETE` on `clients`: build it with `delete()` so that the mapping and this linter can check it.'),
    invalid('a plain string on a session', 'def f(db: Session):\n    db.execute("INSERT INTO clients (name) VALUES (1)")\n', 2, 'Raw `INSERT` on `clients`: build it with `insert()` so that the mapping and this linter can check it.'),
    invalid('a plain string on a connection', 'engine = create_engine("sqlite://")\ndef f():\n    with engine.connect() as conn:\n        conn.execute("SELECT id FROM x")\n', 4),
    invalid('a plain string on an engine', 'engine = create_engine("sqlite://")\ndef f():\n    engine.execute("SELECT id FROM x")\n', 3),
    invalid('async', 'async def f(db: AsyncSession):\n    await db.scalars(text("""\n        -- all of them\n        /* really */\n        select id\n        from "Clients"\n    """))\n', 2, 'Raw `SELECT` on `Clients`: build it with `select()` so that the mapping and this linter can check it.'),
    invalid('a common table expression', 'def f(db: Session):\n    db.execute(text("WITH x AS (SELECT id FROM a) SELECT id FROM x"))\n', 2, 'Raw `WITH` on `x`: build it with `select()` so that the mapping and this linter can check it.'),
    invalid('in parentheses', 'def f(db: Session):\n    db.execute(text("(SELECT id FROM a) UNION (SELECT id FROM b)"))\n', 2),
    invalid('a statement in a variable', 'def f(db: Session):\n    stmt = text("SELECT id FROM x").bindparams(a=1)\n    db.execute(stmt)\n', 3),
    invalid('built from parts', 'def f(db: Session, x):\n    sql = "SELECT id FROM a"\n    if x:\n        sql += " WHERE b"\n    db.execute(text(sql))\n', 5),
    invalid('added', 'def f(db: Session, where):\n    db.execute(text("SELECT id FROM a " + where))\n', 2),
    invalid('formatted', 'def f(db: Session, table):\n    db.execute(text("SELECT id FROM {}".format(table)))\n', 2),
    invalid('an f-string', 'def f(db: Session, table):\n    db.execute(text(f"SELECT id FROM {table}"))\n', 2, 'Raw `SELECT`: build it with `select()` so that the mapping and this linter can check it.'),
    invalid('dedent', 'def f(db: Session):\n    db.execute(text(textwrap.dedent("""\n        SELECT id FROM a\n    """)))\n', 2),
    invalid('a string of another module', 'from app.queries import OLD\ndef f(db: Session):\n    db.execute(text(OLD))\n', 3, 'Raw `DELETE` on `old_rows`: build it with `delete()` so that the mapping and this linter can check it.'),
    invalid('a clause of the class', 'class Base:\n    COUNT = text("SELECT count(*) FROM x")\nclass Repo(Base):\n    def f(self, db: Session):\n        db.execute(self.COUNT)\n', 5),
    invalid('a string of a class that is derived from', 'class Base:\n    COUNT = "SELECT count(*) FROM x"\nclass Repo(Base): ...\ndef f(db: Session):\n    db.execute(text(Repo.COUNT))\n', 5),
    invalid('a clause of another module', 'from app import queries\ndef f(db: Session):\n    db.execute(queries.CLAUSE)\n', 3),
    invalid('from_statement', 'def f(db: Session, Client):\n    return db.scalars(\n        select(Client)\n        .from_statement(text("SELECT * FROM clients"))\n    )\n', 4),
    invalid('pandas', 'def f(engine):\n    return pd.read_sql("SELECT id FROM a", engine)\n', 2),
    invalid('pandas by keyword', 'from pandas import read_sql_query as load\ndef f(engine):\n    return load(con=engine, sql=text("SELECT id FROM a"))\n', 3),
    invalid('SELECT 1 of a table', 'def f(db: Session):\n    db.execute(text("SELECT 1 FROM clients"))\n', 2),
    invalid('another function', 'def f(db: Session):\n    db.scalar(text("SELECT nextval(\'seq\')"))\n', 2),
    invalid('an attribute of a class', 'class Repo:\n    SQL = "SELECT id FROM a"\n    def f(self, db: Session):\n        db.execute(text(Repo.SQL))\n', 4),
    invalid('MERGE', 'def f(db: Session):\n    db.execute(text("MERGE INTO a USING b ON a.id = b.id WHEN MATCHED THEN DELETE"))\n', 2),
    invalid('module level', 'db = Session()\ndb.execute(text("SELECT id FROM a"))\n', 2),
  ],
})
