import { RuleTester } from '@krait/rule-tester'
import { noSelectStar } from '../src/rules/no-select-star.ts'
import { blogInvalid as invalid, blogValid as valid } from './helpers/blog.ts'

function executed(sql: string): string {
  return `def f(conn):\n    conn.execute(text("${sql}"))\n`
}

new RuleTester().run('sqlalchemy/no-select-star', noSelectStar, {
  valid: [
    valid('columns', executed('SELECT id, total FROM orders')),
    valid('count', executed('SELECT count(*) FROM orders')),
    valid('a product', executed('SELECT price * 2, (a) * b, 3 * 4 FROM orders')),
    valid('EXISTS', executed('SELECT id FROM a WHERE EXISTS (SELECT * FROM b)')),
    valid('a derived table', executed('SELECT id FROM (SELECT * FROM b) AS x')),
    valid('a CTE', executed('WITH x AS (SELECT * FROM b) SELECT id FROM x')),
    valid('a CTE that lists its columns', executed('WITH x AS (SELECT id, n FROM b) SELECT * FROM x')),
    valid('not executed', 'q = text("SELECT * FROM orders")\n'),
    { ...valid('a test', executed('SELECT * FROM orders')), path: 'tests/test_a.py' },
    { ...valid('a migration', executed('SELECT * FROM orders')), path: 'alembic/versions/a.py' },
  ],
  invalid: [
    invalid('a star', executed('SELECT * FROM orders'), { line: 2, messageId: 'table', message: '`SELECT *` from `orders`: list the columns you read.' }),
    invalid('the line of text', 'def f(conn):\n    conn.execute(\n        text("SELECT * FROM orders")\n    )\n', { line: 3 }),
    invalid('all columns of one table', executed('SELECT o.*, c.name FROM orders o JOIN c ON true'), { line: 2 }),
    invalid('DISTINCT ON', executed('SELECT DISTINCT ON (a, b) * FROM orders'), { line: 2 }),
    invalid('an arm of a UNION', executed('SELECT a FROM t UNION ALL SELECT * FROM u'), { line: 2, message: '`SELECT *` from `u`: list the columns you read.' }),
    invalid('an arm in parentheses', executed('(SELECT a FROM t) UNION (SELECT * FROM u)'), { line: 2 }),
    invalid('RETURNING', executed('DELETE FROM t WHERE a = 1 RETURNING *'), { line: 2, messageId: 'plain' }),
    invalid('a CTE with a star', executed('WITH x AS (SELECT * FROM b) SELECT * FROM x'), { line: 2 }),
    invalid('exec_driver_sql', 'def f(conn):\n    conn.exec_driver_sql("select * from t")\n', { line: 2 }),
    invalid('pandas', 'from pandas import read_sql\nread_sql("SELECT * FROM t", None)\n', { line: 2 }),
    invalid('a constant', 'SQL = text("SELECT * FROM t")\ndef f(conn):\n    conn.execute(SQL)\n', { line: 1 }),
  ],
})
