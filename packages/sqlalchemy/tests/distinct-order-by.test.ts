import { RuleTester } from '@krait/rule-tester'
import { distinctOrderBy } from '../src/rules/distinct-order-by.ts'
import { blogInvalid as invalid, blogValid as valid } from './helpers/blog.ts'

new RuleTester().run('sqlalchemy/distinct-order-by', distinctOrderBy, {
  valid: [
    valid('selected, too', 'select(Book.title, Book.price).distinct().order_by(Book.price.desc())\n'),
    valid('a column of a selected model', 'select(Book).distinct().order_by(Book.price)\n'),
    valid('the same function', 'select(func.lower(Book.title)).distinct().order_by(func.lower(Book.title).desc())\n'),
    valid('a label by its variable', 'n = func.length(Book.title).label("n")\nselect(Book.id, n).distinct().order_by(n.desc())\n'),
    valid('a label by its name', 'select(Book.id, func.length(Book.title).label("n")).distinct().order_by("n")\nselect(Book.id).distinct().order_by(desc("n"))\n'),
    valid('text and positions', 'select(Book.id).distinct().order_by(text("price"), 1)\n'),
    valid('no DISTINCT', 'select(Book.id).order_by(Book.price)\n'),
    valid('no ORDER BY', 'select(Book.id).distinct()\n'),
    valid('unknown columns', 'def f(columns):\n    select(*columns).distinct().order_by(Book.price)\n'),
    valid('a window', 'select(Book.id, func.row_number().over(order_by=Book.price)).distinct()\n'),
    valid('the outer statement orders', 'inner = select(Book.id).distinct().subquery()\nselect(Book).join(inner).order_by(Book.price)\n'),
    valid('DISTINCT ON in order', 'select(Book).distinct(Book.author_id).order_by(Book.author_id, Book.price.desc())\n'),
    valid('DISTINCT ON in another order', 'select(Book).distinct(Book.author_id, Book.title).order_by(Book.title, Book.author_id, Book.id)\n'),
    valid('DISTINCT ON without order', 'select(Book).distinct(Book.author_id)\n'),
    valid('order taken back', 'select(Book.id).order_by(Book.price).order_by(None).distinct()\n'),
    valid('selected afterwards', 'def f(s):\n    q = select(Book.id).distinct().order_by(Book.price)\n    q = q.add_columns(Book.price)\n    return s.execute(q)\n'),
    valid('an unknown expression', 'def f(key):\n    select(Book.id).distinct().order_by(key)\n'),
    { ...valid('SQLite', 'select(Book.id).distinct().order_by(Book.price)\n'), settings: { sqlalchemy: { dialect: 'sqlite' } } },
    { ...valid('DISTINCT ON of another database', 'select(Book).distinct(Book.author_id).order_by(Book.price)\n'), settings: { sqlalchemy: { dialect: 'mysql' } } },
  ],
  invalid: [
    invalid('another column', 'select(Book.title).distinct().order_by(Book.price.desc())\n', {
      messageId: 'notSelected',
      message: '`ORDER BY Book.price` is not in the `SELECT DISTINCT` list; Postgres rejects this query. Select it too, or order in an outer query.',
    }),
    invalid('the line of the argument', 'select(Book.title).distinct().order_by(\n    Book.title,\n    desc(Book.price),\n)\n', { line: 3 }),
    invalid('before distinct', 'select(Book.title).order_by(Book.price).distinct()\n'),
    invalid('another function', 'select(Book.title).distinct().order_by(func.lower(Book.title))\n'),
    invalid('a function of a selected model', 'select(Book).distinct().order_by(func.lower(Book.title))\n'),
    invalid('a column of a joined model', 'select(Book).join(Author).distinct().order_by(Author.name)\n'),
    invalid('another alias', 'b = aliased(Book)\nselect(Book).distinct().order_by(b.price)\n', { line: 2 }),
    invalid('a legacy query', 'def f(s: Session):\n    return s.query(Book.title).distinct().order_by(Book.price).all()\n', { line: 2 }),
    invalid('in a variable', 'def f(s, x):\n    q = select(Book.title).distinct()\n    if x:\n        q = q.order_by(Book.price)\n    return s.execute(q)\n', { line: 4 }),
    invalid('a statement of another function', 'from app.repo import titles\ndef f(s):\n    return s.execute(titles().order_by(Book.price))\n', { line: 3 }, {
      'app/repo.py': 'from sqlalchemy import select\nfrom app.models import Book\ndef titles():\n    return select(Book.title).distinct()\n',
    }),
    invalid('DISTINCT ON', 'select(Book).distinct(Book.author_id).order_by(Book.price)\n', {
      messageId: 'otherOrder',
      message: '`DISTINCT ON (Book.author_id)` needs an `ORDER BY` that begins with these columns; Postgres rejects this query. Order by them first.',
    }),
    invalid('DISTINCT ON of two', 'select(Book)\\\n    .distinct(Book.author_id, Book.title)\\\n    .order_by(Book.author_id, Book.price)\n', { line: 2, messageId: 'otherOrder' }),
  ],
})
