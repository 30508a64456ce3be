import { RuleTester } from '@krait/rule-tester'
import { preferNormalizedColumn } from '../src/rules/prefer-normalized-column.ts'
import { blogInvalid as invalid, blogSuggests, blogValid as valid } from './helpers/blog.ts'

new RuleTester().run('sqlalchemy/prefer-normalized-column', preferNormalizedColumn, {
  valid: [
    valid('the twin', 'def f(email):\n    select(Author).where(Author.email_normalized == email)\n'),
    valid('both', 'def f(email):\n    select(Author).where(or_(Author.email_normalized == email, Author.email == email))\n    select(Author).where(Author.email == email).where(Author.email_normalized == email)\n'),
    valid('a join between columns', 'b = aliased(Author)\nselect(Author).join(b, Author.email == b.email)\nselect(Author).where(Author.email == b.email)\n'),
    valid('is_, !=, order_by', 'select(Author).where(Author.email.is_(None), Author.email.is_not(None), Author.email != "x").order_by(Author.email)\n'),
    valid('NULL', 'select(Author).where(Author.email == None)\n'),
    valid('a model without a twin', 'def f(title):\n    select(Book).where(Book.title == title)\n'),
    valid('an instance', 'def f(author: Author, email):\n    return author.email == email\n'),
    valid('filter_by of the twin', 'def f(s: Session, email):\n    s.query(Author).filter_by(email_normalized=email)\n'),
    { ...valid('a test', 'select(Author).where(Author.email == "x")\n'), path: 'tests/test_a.py' },
    { ...valid('a migration', 'select(Author).where(Author.email == "x")\n'), path: 'migrations/versions/a.py' },
    { ...valid('other suffixes', 'select(Author).where(Author.email == "x")\n'), options: [{ suffixes: ['_e164'] }] },
  ],
  invalid: [
    invalid('equality', 'def f(email):\n    return select(Author).where(Author.email == email)\n', {
      line: 2,
      suggestions: 1,
      messageId: 'raw',
      message: '`Author.email` holds raw input; compare the normalised `Author.email_normalized` (with the value normalised the same way).',
    }),
    invalid('the other way round', 'def f(email):\n    return select(Author).where(email == Author.email)\n', { line: 2, suggestions: 1 }),
    invalid('in_ and like', 'def f(email):\n    return select(Author).where(\n        Author.email.in_(email))\n', { line: 3, suggestions: 1 }),
    invalid('ilike', 'def f(email):\n    return delete(Author).where(Author.email.ilike(email))\n', { line: 2, suggestions: 1 }),
    invalid('filter_by', 'def f(s: Session, email):\n    s.query(Author).filter_by(email=email)\n', { line: 2, suggestions: 1 }),
    invalid('in and_', 'def f(email):\n    return select(Author).where(and_(Author.active, Author.email == email))\n', { line: 2, suggestions: 1 }),
    invalid('through a list', 'def f(email):\n    conditions = [Author.active]\n    conditions.append(Author.email == email)\n    return select(Author).where(*conditions)\n', { line: 3, suggestions: 1 }),
    invalid('with a function around the value', 'def f(email):\n    return select(Author).where(Author.email == func.lower(email))\n', { line: 2, suggestions: 1 }),
    {
      ...invalid('other columns by name', 'def f(title):\n    return select(Book).where(Book.title == title)\n', { line: 2, suggestions: 1 }),
      options: [{ columns: [{ model: 'Book', raw: 'title', normalized: 'price' }] }] as const,
    },
    blogSuggests('the twin', 'def f(s: Session, email):\n    s.query(Author).filter_by(email=email)\n', 2, 'use', 'def f(s: Session, email):\n    s.query(Author).filter_by(email_normalized=email)\n'),
  ],
})
