import { RuleTester } from '@krait/rule-tester'
import { noLenAll } from '../src/rules/no-len-all.ts'
import { blogInvalid as invalid, blogSuggests, blogValid as valid } from './helpers/blog.ts'

new RuleTester().run('sqlalchemy/no-len-all', noLenAll, {
  valid: [
    valid('counted in the database', 'def f(s: Session):\n    return s.scalar(select(func.count(Book.id)))\n'),
    valid('rows that are returned, too', 'def f(s: Session):\n    rows = s.query(Book).all()\n    return {"n": len(rows), "items": rows}\n'),
    valid('rows that are iterated, too', 'def f(s: Session):\n    rows = s.query(Book).all()\n    for row in rows: ...\n    return len(rows)\n'),
    valid('a limit', 'def f(s: Session):\n    return len(s.scalars(select(Book).limit(10)).all())\n'),
    valid('Django, and other objects', 'def f(x, cursor):\n    return len(x.objects.all()) + len(cursor.execute("SELECT 1").fetchall()) + len(list(x))\n'),
    valid('another len', 'def len(x): ...\ndef f(s: Session):\n    return len(s.query(Book).all())\n'),
    { ...valid('a test', 'def f(s: Session):\n    assert len(s.query(Book).all()) == 1\n'), path: 'tests/test_books.py' },
    valid('DML', 'def f(s: Session):\n    return len(s.scalars(delete(Book).returning(Book.id)).all())\n'),
  ],
  invalid: [
    blogSuggests('a legacy query', 'def f(db: Session):\n    return len(db.query(Book).filter(Book.id > 1).all())\n', 2, 'count', 'def f(db: Session):\n    return db.query(Book).filter(Book.id > 1).count()\n'),
    invalid('its message', 'def f(db: Session):\n    total = len(db.query(Book).all())\n', {
      line: 2,
      suggestions: 1,
      messageId: 'model',
      message: '`len(….all())` loads every `Book` to count them; use `select(func.count())` (or `exists()` to test for any).',
    }),
    blogSuggests('a statement', 'def f(s: Session):\n    return len(s.scalars(select(Book).where(Book.id > 1)).all())\n', 2, 'count', 'def f(s: Session):\n    return s.scalar(select(func.count()).select_from(Book).where(Book.id > 1))\n'),
    blogSuggests('awaited', 'async def f(s: AsyncSession):\n    return len((await s.execute(select(Book))).scalars().all())\n', 2, 'count', 'async def f(s: AsyncSession):\n    return await s.scalar(select(func.count()).select_from(Book))\n'),
    invalid('a variable', 'async def f(s: AsyncSession, stmt):\n    rows = (await s.scalars(stmt)).all()\n    return {"n": len(rows)}\n', { line: 3, messageId: 'rows' }),
    invalid('a variable of a legacy query', 'def f(s: Session):\n    rows = s.query(Book).all()\n    return len(rows)\n', { line: 3 }),
    invalid('list of scalars', 'def f(s: Session):\n    return len(list(s.scalars(select(Book).order_by(Book.id))))\n', { line: 2, messageId: 'model' }),
    invalid('list of all()', 'def f(s: Session):\n    return len(list(s.scalars(select(Book)).all()))\n', { line: 2, messageId: 'model', suggestions: 1 }),
    invalid('list of a result in a variable', 'def f(s: Session):\n    result = s.execute(select(Book))\n    return len(list(result.scalars()))\n', { line: 3, messageId: 'model' }),
    invalid('a variable that is used again', 'def f(s: Session):\n    rows = s.query(Book).all()\n    print(len(rows))\n    rows = s.query(Author).limit(3).all()\n    return len(rows)\n', { line: 3 }),
    invalid('fetchall', 'def f(s: Session):\n    return len(s.execute(text("SELECT 1 FROM t")).fetchall())\n', { line: 2, messageId: 'rows' }),
    invalid('a query on a session without a type', 'def f(db):\n    if len(db.query(Book).all()) > 0: ...\n', { line: 2, suggestions: 1 }),
  ],
})
