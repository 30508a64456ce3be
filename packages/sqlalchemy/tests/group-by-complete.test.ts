import { RuleTester } from '@krait/rule-tester'
import { groupByComplete } from '../src/rules/group-by-complete.ts'
import { blogInvalid as invalid, blogSuggests, blogValid as valid } from './helpers/blog.ts'

new RuleTester().run('sqlalchemy/group-by-complete', groupByComplete, {
  valid: [
    valid('grouped', 'select(Author.name, func.count(Book.id)).join(Book).group_by(Author.name)\n'),
    valid('by the primary key', 'select(Author, func.count(Book.id)).join(Book).group_by(Author.id)\nselect(Author.name, func.count(Book.id)).join(Book).group_by(Author.id)\n'),
    valid('only aggregates', 'select(func.count(Author.id), func.max(Author.name))\n'),
    valid('no aggregate', 'select(Author.name)\n'),
    valid('a window', 'select(Author.name, func.count(Author.id).over(partition_by=Author.org_id))\n'),
    valid('a window by a function', 'from sqlalchemy import over\nselect(Author.name, over(func.count()))\n'),
    valid('grouped by a label or position', 'select(Author.name, func.count()).group_by("name")\nselect(Author.name, func.count()).group_by(text("1"))\n'),
    valid('unknown columns', 'def f(columns):\n    select(Author.name, func.count()).group_by(*columns)\n    select(*columns, func.count()).group_by(Author.id)\n'),
    valid('a subquery and constants', 'select(Author.org_id, 1, select(func.count(Book.id)).scalar_subquery(), func.count()).group_by(Author.org_id)\n'),
    valid('a function of grouped columns', 'select(func.lower(Author.name), func.count()).group_by(Author.name)\n'),
    valid('the same function', 'select(func.date(Author.deleted_at), func.count()).group_by(func.date(Author.deleted_at))\n'),
    valid('grouped by a model', 'select(Author, func.count()).group_by(Author)\n'),
    valid('ordered by an aggregate or its label', 'n = func.count().label("n")\nselect(Author.name, n).group_by(Author.name).order_by(n.desc(), func.max(Author.id), Author.name.asc(), "n")\n'),
    valid('rollup', 'select(Author.name, Author.org_id, func.count()).group_by(func.rollup(Author.name, Author.org_id))\n'),
    valid('selected inside of an aggregate', 'select(func.sum(Book.price * 2), Book.author_id).group_by(Book.author_id)\n'),
    valid('grouped afterwards', 'def f(s):\n    q = select(Author.name, func.count(Author.id))\n    q = q.group_by(Author.name)\n    return s.execute(q)\n'),
    { ...valid('SQLite', 'select(Author.name, func.count(Author.id))\n'), settings: { sqlalchemy: { dialect: 'sqlite' } } },
  ],
  invalid: [
    invalid('not grouped', 'select(Author.name, func.count(Book.id)).join(Book)\n', {
      messageId: 'column',
      suggestions: 1,
      message: "`Author.name` is selected next to an aggregate but is neither grouped nor aggregated; Postgres rejects this. Add it to `.group_by()` (or group by `Author`'s primary key).",
    }),
    invalid('a model grouped by another column', 'select(Author, func.count(Book.id)).join(Book).group_by(Author.name)\n', { messageId: 'column' }),
    invalid('the line of the expression', 'select(\n    func.count(Book.id),\n    Author.name,\n).join(Book)\n', { line: 3, suggestions: 1 }),
    invalid('the key of another table', 'select(Author.name, func.count(Book.id)).join(Book).group_by(Book.author_id)\n', { suggestions: 1 }),
    invalid('without an aggregate', 'select(Author.name, Author.org_id).group_by(Author.org_id)\n', { messageId: 'ungrouped', suggestions: 1 }),
    invalid('an order', 'select(Author.org_id, func.count()).group_by(Author.org_id).order_by(Author.name.desc())\n', { messageId: 'order', suggestions: 1 }),
    invalid('an order without groups', 'select(func.count(Author.id)).order_by(Author.name)\n', { messageId: 'order', suggestions: 1 }),
    invalid('a legacy query', 'def f(s: Session):\n    return s.query(Author.name, func.count(Author.id)).all()\n', { line: 2, suggestions: 1 }),
    invalid('an alias', 'a = aliased(Author)\nselect(a.name, func.count(Author.id)).group_by(Author.id)\n', { line: 2, suggestions: 1 }),
    invalid('in a variable', 'def f(s, x):\n    q = select(Author.name, func.count(Author.id))\n    if x:\n        q = q.group_by(Author.name)\n    return s.execute(q)\n', { line: 2, suggestions: 1 }),
    invalid('through a module', 'import sqlalchemy as sa\nsa.select(Author.name, sa.func.count(Author.id))\n', { line: 2, suggestions: 1 }),
    blogSuggests(
      'adds to the groups',
      'select(Author.name, Author.org_id, func.count()).group_by(Author.org_id)\n',
      1,
      'group',
      'select(Author.name, Author.org_id, func.count()).group_by(Author.org_id, Author.name)\n',
    ),
    blogSuggests('begins to group', 'select(Author.name, func.count())\n', 1, 'group', 'select(Author.name, func.count()).group_by(Author.name)\n'),
  ],
})
