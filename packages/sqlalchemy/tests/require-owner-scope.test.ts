import { RuleTester } from '@krait/rule-tester'
import { requireOwnerScope } from '../src/rules/require-owner-scope.ts'
import { blogInvalid, blogValid } from './helpers/blog.ts'
import type { BlogExpected } from './helpers/blog.ts'

const options = [{ scopes: [{ models: ['*'], owner: 'org_id', lookup: ['name', 'email'] }], exempt: ['find_any_*'] }] as const

function valid(name: string, text: string) {
  return { ...blogValid(name, text), options }
}

function invalid(name: string, text: string, expected: BlogExpected<'unscoped'> = {}) {
  return { ...blogInvalid(name, text, expected), options }
}

new RuleTester().run('sqlalchemy/require-owner-scope', requireOwnerScope, {
  valid: [
    valid('scoped', 'def f(p, o):\n    select(Author).where(Author.email == p, Author.org_id == o)\n'),
    valid('scoped in another call', 'def f(s: Session, p, o):\n    q = select(Author).where(Author.email == p)\n    q = q.where(Author.org_id == o)\n    return s.scalars(q)\n'),
    valid('filter_by', 'def f(s: Session, p, o):\n    s.query(Author).filter_by(email=p, org_id=o)\n'),
    valid('another column', 'def f(c):\n    select(Author).where(Author.id == c)\n'),
    valid('a model without the owner', 'def f(s: Session, p):\n    s.query(Book).filter_by(title=p)\n'),
    valid('an unknown filter', 'def f(p, conditions):\n    select(Author).where(Author.email == p, *conditions)\n'),
    valid('an exempt function', 'def find_any_author(p):\n    return select(Author).where(Author.email == p)\n'),
    valid('no equality', 'def f(p):\n    select(Author).where(Author.email != p, Author.name.is_(None))\n'),
    valid('scoped in a subquery', 'def f(p, o):\n    select(Author).where(Author.email == p, Author.id.in_(select(Author.id).where(Author.org_id == o)))\n'),
    { ...valid('a test', 'select(Author).where(Author.email == "x")\n'), path: 'tests/test_a.py' },
    { ...blogValid('without configuration', 'select(Author).where(Author.email == "x")\n') },
    { ...blogValid('other models', 'select(Author).where(Author.email == "x")\n'), options: [{ scopes: [{ models: ['Book*'], owner: 'org_id', lookup: ['email'] }] }] },
  ],
  invalid: [
    invalid('unscoped', 'def f(p):\n    return select(Author).where(Author.email == p)\n', {
      line: 2,
      messageId: 'unscoped',
      message: '`Author` is looked up by `email` without `org_id`; two owners can share that value. Add `Author.org_id == …`.',
    }),
    invalid('the line of the comparison', 'def f(p):\n    return select(Author).where(\n        Author.active,\n        Author.email == p,\n    )\n', { line: 4 }),
    invalid('an update', 'def f(e):\n    return update(Author).where(Author.email == e).values(org_id=1)\n', { line: 2 }),
    invalid('a delete', 'def f(e):\n    return delete(Author).where(Author.name.in_(e))\n', { line: 2 }),
    invalid('a legacy query', 'def f(s: Session, e):\n    return s.query(Author).filter_by(\n        email=e).first()\n', { line: 3 }),
    invalid('a function of the column', 'def f(e):\n    return select(Author).where(func.lower(Author.email) == e)\n', { line: 2 }),
    invalid('in a variable', 'def f(s: Session, p, x):\n    q = select(Author)\n    if x:\n        q = q.where(Author.email == p)\n    return s.scalars(q)\n', { line: 4 }),
    invalid('a selected owner', 'def f(p):\n    return select(Author).where(Author.email.ilike(p)).order_by(Author.id)\n', { line: 2 }),
  ],
})
