import { RuleTester } from '@krait/rule-tester'
import { noUnfilteredBulkWrite } from '../src/rules/no-unfiltered-bulk-write.ts'
import { blogInvalid as invalid, blogValid as valid } from './helpers/blog.ts'

new RuleTester().run('sqlalchemy/no-unfiltered-bulk-write', noUnfilteredBulkWrite, {
  valid: [
    valid('a condition', 'def f(s: Session):\n    s.execute(delete(Book).where(Book.id == 1))\n    s.query(Book).filter_by(id=1).delete()\n    s.query(Book).filter(Book.id == 1).update({"price": 1})\n'),
    valid('a condition added later', 'def f(s: Session, x):\n    stmt = update(Book).values(price=1)\n    stmt = stmt.where(Book.id == x)\n    s.execute(stmt)\n'),
    valid('rows by primary key', 'async def f(s: AsyncSession, rows):\n    await s.execute(update(Book), rows)\n    await s.execute(update(Book), [{"id": 1, "price": 2}])\n'),
    valid('not executed', 'def f():\n    return delete(Book)\n'),
    valid('a function that says so', 'def truncate_books(s: Session):\n    s.execute(delete(Book))\nclass A:\n    def reset(self, s):\n        s.execute(delete(Book))\n'),
    valid('other objects', 'def f(d, s, book):\n    d.update({"a": 1})\n    s.delete(book)\n    {}.update({})\n    d.query.delete()\n'),
    valid('an unknown condition', 'def f(s: Session, conditions):\n    s.execute(delete(Book).where(*conditions))\n'),
    valid('a dynamic relationship', 'def f(a: Author):\n    a.books.clear()\n'),
    { ...valid('a test', 'def f(s: Session):\n    s.execute(delete(Book))\n'), path: 'tests/test_a.py' },
    { ...valid('a migration', 'def f(s: Session):\n    s.execute(delete(Book))\n'), path: 'alembic/versions/a.py' },
    { ...valid('another name', 'def drop_it(s: Session):\n    s.execute(delete(Book))\n'), options: [{ allowFunctions: ['drop_*'] }] },
  ],
  invalid: [
    invalid('DELETE', 'def f(s: Session):\n    s.execute(delete(Book))\n', { line: 2, messageId: 'all', message: 'This `DELETE` has no `WHERE` and affects every `Book` row. Add a condition.' }),
    invalid('UPDATE', 'async def f(s: AsyncSession):\n    await s.execute(\n        update(Book).values(price=1)\n    )\n', { line: 3 }),
    invalid('in a variable', 'def f(s: Session):\n    stmt = delete(Book)\n    stmt = stmt.execution_options(synchronize_session=False)\n    s.execute(stmt)\n', { line: 2 }),
    invalid('a table', 'def f(conn):\n    conn.execute(rooms.delete())\n', { line: 2 }),
    invalid('a legacy query', 'def f(session: Session):\n    session.query(Book).update({"state": "idle"})\n', { line: 2 }),
    invalid('a legacy query in lines', 'def f(session: Session):\n    (\n        session.query(Book)\n        .delete(synchronize_session=False)\n    )\n', { line: 4 }),
    invalid('through a module', 'import sqlalchemy as sa\ndef f(s: Session):\n    s.execute(sa.delete(Book))\n', { line: 3 }),
    invalid('a renamed import', 'from sqlalchemy import delete as remove\ndef f(s: Session):\n    s.execute(remove(Book))\n', { line: 3 }),
    invalid('on one path', 'def f(s: Session, x):\n    stmt = delete(Book)\n    if x:\n        stmt = stmt.where(Book.id == x)\n    s.execute(stmt)\n', { line: 2 }),
    { ...invalid('an empty list of names', 'def reset(s: Session):\n    s.execute(delete(Book))\n', { line: 2 }), options: [{ allowFunctions: [] }] as const },
  ],
})
