import { RuleTester } from '@krait/rule-tester'
import { preferIsNone } from '../src/rules/prefer-is-none.ts'
import { blogHead, blogInvalid, blogValid as valid } from './helpers/blog.ts'

function invalid(name: string, text: string, output: string, expected: { readonly line?: number; readonly message?: string } = {}) {
  return { ...blogInvalid<'none'>(name, text, expected), output: blogHead + output }
}

new RuleTester().run('sqlalchemy/prefer-is-none', preferIsNone, {
  valid: [
    valid('is_', 'select(Author).where(Author.deleted_at.is_(None), Author.deleted_at.is_not(None))\n'),
    valid('values of Python', 'def f(author: Author, x):\n    return author.deleted_at == None or x == None\n'),
    valid('a variable', 'def f(x):\n    select(Author).where(Author.deleted_at == x)\n'),
    valid('a relationship', 'select(Book).where(Book.author == None)\n'),
    valid('booleans by default', 'select(Author).where(Author.active == True)\n'),
    valid('a chain', 'Author.id == Author.org_id == None\n'),
  ],
  invalid: [
    invalid('==', 'select(Author).where(Author.deleted_at == None)\n', 'select(Author).where(Author.deleted_at.is_(None))\n', {
      message: 'Write `Author.deleted_at.is_(None)`: `== None` invites a change to `is None`, which filters on a constant.',
    }),
    invalid('!=, the other way round', 'def f(q):\n    q.filter(None != Author.deleted_at)\n', 'def f(q):\n    q.filter(Author.deleted_at.is_not(None))\n', { line: 2 }),
    invalid('a column of a table', 'select(rooms).where(rooms.c.floor == None)\n', 'select(rooms).where(rooms.c.floor.is_(None))\n'),
    invalid('an alias', 'a = aliased(Author)\nselect(a).where(a.deleted_at == None)\n', 'a = aliased(Author)\nselect(a).where(a.deleted_at.is_(None))\n', { line: 2 }),
    invalid('an operator', 'select(Book).where(Book.price + 1 == None)\n', 'select(Book).where((Book.price + 1).is_(None))\n'),
    {
      ...invalid('booleans', 'select(Author).where(Author.active == True)\n', 'select(Author).where(Author.active.is_(True))\n'),
      options: [{ booleans: true }] as const,
    },
    { ...invalid('SQLAlchemy 1.3', 'select(Author).where(Author.deleted_at != None)\n', 'select(Author).where(Author.deleted_at.isnot(None))\n'), settings: { sqlalchemy: { version: '1.3' } } },
  ],
})
