import { RuleTester, python } from '@krait/rule-tester'
import { noSelectStar } from '../src/rules/no-select-star.ts'

const head = `
import pandas as pd
import sqlalchemy as sa
from sqlalchemy import select, text
from sqlalchemy.orm import Session
`
const headLines = head.split('\n').length - 1
const files = { 'app/queries.py': python`
  from sqlalchemy import text

  ALL = text("SELECT * FROM orders")
  SOME = text("SELECT id FROM orders")
` }

function valid(name: string, code: string) {
  return { name, path: 'app/service.py', files, code: head + code }
}

function invalid(name: string, code: string, line: number, message?: string) {
  return { ...valid(name, code), errors: [{ line: headLines + line, ...(message !== undefined && { message }) }] }
}

/** SQL that a connection executes. */
function sql(text: string): string {
  return `def f(conn):\n    conn.execute(text("""${text}"""))\n`
}

new RuleTester().run('sqlalchemy/no-select-star', noSelectStar, {
  valid: [
    valid('columns', sql('SELECT id, total FROM orders')),
    valid('count', sql('SELECT count(*) FROM orders')),
    valid('count with more', sql('SELECT a, COUNT(*) AS n, count( * ) FILTER (WHERE a) FROM orders GROUP BY a')),
    valid('a product', sql('SELECT price * amount, 2*price FROM orders')),
    valid('EXISTS', sql('SELECT id FROM a WHERE EXISTS (SELECT * FROM b)')),
    valid('EXISTS in the list', sql('SELECT EXISTS (SELECT * FROM b)')),
    valid('a derived table', sql('SELECT id FROM (SELECT * FROM b) x')),
    valid('a common table expression', sql('WITH x AS (SELECT * FROM b) SELECT id FROM x')),
    valid('of a common table expression that lists its columns', sql('WITH x AS (SELECT id, a FROM b) SELECT * FROM x')),
    valid('with the columns in front', sql('WITH x (id, a) AS (SELECT * FROM b) SELECT * FROM x WHERE id > 1')),
    valid('with several', sql('WITH x AS (SELECT id FROM b), y AS MATERIALIZED (SELECT * FROM x) SELECT y.* FROM y JOIN b ON b.id = y.id')),
    valid('recursive', sql('WITH RECURSIVE t AS (SELECT id FROM a UNION ALL SELECT a.id FROM a JOIN t ON t.id = a.parent) SELECT * FROM t')),
    valid('a derived table that lists its columns', sql('SELECT * FROM (SELECT id, a FROM b) x')),
    valid('a comment', sql('SELECT id -- not *\n FROM a /* SELECT * */')),
    valid('a string', sql("SELECT '*' FROM a")),
    valid('not executed', 'SQL = "SELECT * FROM orders"\nprint(SQL)\n'),
    valid('a text that nobody executes', 'stmt = text("SELECT * FROM orders")\n'),
    valid('a cursor', 'def f(cursor):\n    cursor.execute("SELECT * FROM orders")\n'),
    valid('DDL', sql('CREATE TABLE x AS SELECT * FROM orders')),
    valid('RETURNING', sql('DELETE FROM orders RETURNING id')),
    valid('a text of another module', 'from app.queries import SOME\ndef f(conn):\n    conn.execute(SOME)\n'),
    { ...valid('a test', sql('SELECT * FROM orders')), path: 'tests/test_x.py' },
    { ...valid('a migration', sql('SELECT * FROM orders')), path: 'alembic/versions/1.py' },
    valid('constructs', 'def f(db: Session, Order):\n    db.execute(select(Order))\n'),
  ],
  invalid: [
    invalid('SELECT *', 'def f(conn):\n    conn.execute(text("SELECT * FROM orders"))\n', 2, '`SELECT *` from `orders`: list the columns you read.'),
    invalid('t.*', sql('SELECT o.*, c.name FROM orders o JOIN customers c ON c.id = o.customer_id'), 2, '`SELECT *` from `orders`: list the columns you read.'),
    invalid('a text that stands alone', 'text("SELECT o.*, c.name FROM orders o JOIN …")\n', 1, '`SELECT *` from `orders`: list the columns you read.'),
    invalid('the second of the list', sql('SELECT a.id, b.* FROM a JOIN app.b AS b ON a.id = b.a'), 2, '`SELECT *` from `app.b`: list the columns you read.'),
    invalid('an arm of a UNION', sql('SELECT id FROM a UNION ALL SELECT * FROM b'), 2, '`SELECT *` from `b`: list the columns you read.'),
    invalid('arms in parentheses', sql('(SELECT id FROM a) UNION (SELECT * FROM b)'), 2, '`SELECT *` from `b`: list the columns you read.'),
    invalid('DISTINCT', sql('SELECT DISTINCT * FROM a'), 2),
    invalid('DISTINCT ON', sql('SELECT DISTINCT ON (a) * FROM a'), 2),
    invalid('RETURNING', sql('UPDATE orders SET a = 1 WHERE id = 2 RETURNING *'), 2, '`RETURNING *` from `orders`: list the columns you read.'),
    invalid('RETURNING of an INSERT', sql('INSERT INTO orders (a) VALUES (1) ON CONFLICT DO NOTHING RETURNING orders.*'), 2, '`RETURNING *` from `orders`: list the columns you read.'),
    invalid('INSERT from SELECT', sql('INSERT INTO copy SELECT * FROM orders'), 2, '`SELECT *` from `orders`: list the columns you read.'),
    invalid('a common table expression with a star', sql('WITH x AS (SELECT * FROM b) SELECT * FROM x'), 2, '`SELECT *` from `x`: list the columns you read.'),
    invalid('another table beside the common table expression', sql('WITH x AS (SELECT id FROM b) SELECT * FROM x JOIN c ON c.id = x.id'), 2, '`SELECT *` from `c`: list the columns you read.'),
    invalid('a derived table with a star', sql('SELECT * FROM (SELECT * FROM b) x'), 2, '`SELECT *` from `x`: list the columns you read.'),
    invalid('the line of text', 'def f(conn):\n    stmt = sa.text(\n        "SELECT * FROM orders"\n    )\n    return conn.execute(stmt)\n', 2),
    invalid('the line of the innermost', 'def f(conn):\n    conn.execute(\n        text("SELECT * FROM orders"),\n    )\n', 3),
    invalid('executed twice, reported once', 'def f(conn):\n    stmt = text("SELECT * FROM orders")\n    conn.execute(stmt)\n    conn.execute(stmt)\n', 2),
    invalid('exec_driver_sql', 'def f(conn):\n    SQL = "SELECT * FROM orders"\n    conn.exec_driver_sql(SQL)\n', 3),
    invalid('pandas', 'def f(engine):\n    return pd.read_sql("SELECT * FROM orders", engine)\n', 2),
    invalid('a plain string', 'def f(db: Session):\n    db.execute("SELECT * FROM orders")\n', 2),
    invalid('from_statement', 'def f(db: Session, Order):\n    return select(Order).from_statement(text("SELECT * FROM orders"))\n', 2),
    invalid('a text of another module', 'from app.queries import ALL\ndef f(conn):\n    conn.execute(ALL)\n', 3),
    invalid('an unknown table', 'def f(conn, table):\n    conn.execute(text(f"SELECT * FROM {table} WHERE id = :id"))\n', 2, '`SELECT *`: list the columns you read.'),
    invalid('a quoted name', sql('select * from "Orders" where id = :id'), 2, '`SELECT *` from `Orders`: list the columns you read.'),
  ],
})
