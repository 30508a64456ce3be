import { RuleTester } from '@krait/rule-tester'
import { fallbackSameFilters } from '../src/rules/fallback-same-filters.ts'
import { blogInvalid as invalid, blogValid as valid } from './helpers/blog.ts'

function fallback(primary: string, other: string, caught = 'SQLAlchemyError'): string {
  return `from sqlalchemy.exc import NoResultFound, SQLAlchemyError\ndef f(db: Session, o, cache):\n    try:\n        rows = ${primary}\n    except ${caught}:\n        rows = ${other}\n    return rows\n`
}

const primary = 'db.scalars(select(Author).where(Author.org_id == o, Author.deleted_at.is_(None))).all()'

new RuleTester().run('sqlalchemy/fallback-same-filters', fallbackSameFilters, {
  valid: [
    valid('the same filters', fallback(primary, 'db.scalars(select(Author.id).where(Author.deleted_at.is_(None)).where(Author.org_id == o)).all()')),
    valid('written in another way', fallback(primary, 'db.query(Author).filter_by(org_id=o, deleted_at=None).all()')),
    valid('in and_ and with ==', fallback(primary, 'db.scalars(select(Author).where(and_(o == Author.org_id, Author.deleted_at == None)))')),
    valid('booleans', fallback('db.scalars(select(Author).where(Author.active))', 'db.scalars(select(Author).where(Author.active == True))')),
    valid('negated booleans', fallback('db.scalars(select(Author).where(~Author.active))', 'db.scalars(select(Author).where(Author.active.is_(False)))')),
    valid('more filters', fallback('db.scalars(select(Author).where(Author.org_id == o))', 'db.scalars(select(Author).where(Author.org_id == o, Author.active))')),
    valid('a shared base', 'def f(db: Session, o):\n    base = select(Author).where(Author.org_id == o)\n    try:\n        return db.scalars(base.options(joinedload(Author.books))).all()\n    except Exception:\n        return db.scalars(base).all()\n'),
    valid('a shared base with more on top', 'def f(db: Session, o):\n    base = select(Author).where(Author.org_id == o)\n    try:\n        return db.scalars(base.where(Author.active)).all()\n    except Exception:\n        return db.scalars(base).all()\n'),
    valid('a base that a function gives', 'def of(o):\n    return select(Author).where(Author.org_id == o)\ndef f(db: Session, o):\n    try:\n        return db.scalars(of(o).where(Author.active)).all()\n    except Exception:\n        return db.scalars(of(o)).all()\n'),
    valid('another model', fallback(primary, 'db.scalars(select(Book)).all()')),
    valid('a cache', fallback(primary, 'cache.get(o)')),
    valid('filters of another model', fallback('db.scalars(select(Author).join(Book).where(Book.price > 1)).all()', 'db.scalars(select(Author)).all()')),
    valid('a filter that is not known', fallback('db.scalars(select(Author).where(cache.condition(Author), Author.active)).all()', 'db.scalars(select(Author)).all()')),
    valid('nothing found', fallback(primary, 'db.scalars(select(Author)).first()', 'NoResultFound')),
    valid('a handler that raises', `def f(db: Session, o):\n    try:\n        return ${primary}\n    except Exception:\n        print(db.scalars(select(Author)).all())\n        raise\n`),
    valid('text with the filters', fallback(primary, 'db.execute(text("SELECT id FROM authors WHERE org_id = :o AND deleted_at IS NULL"), {"o": o})')),
    valid('text on another table', fallback(primary, 'db.execute(text("SELECT id FROM books"))')),
  ],
  invalid: [
    invalid('a dropped filter', fallback(primary, 'db.scalars(select(Author).where(Author.org_id == o)).all()'), {
      line: 6,
      messageId: 'dropped',
      message: 'The fallback query on `Author` drops the filter(s) `deleted_at IS NULL` of the primary query (line 9), so it returns other rows.',
    }),
    invalid('all filters', fallback(primary, 'db.query(Author).all()'), { line: 6 }),
    invalid('another value', fallback('db.scalars(select(Author).where(Author.org_id == o))', 'db.scalars(select(Author).where(Author.org_id == cache))'), { line: 6 }),
    invalid('columns of the model', fallback('db.execute(select(Author.id, Author.name).where(Author.active)).all()', 'db.execute(select(Author.id)).all()'), { line: 6 }),
    invalid('a bare except', fallback(primary, 'db.query(Author).filter_by(org_id=o).all()').replace('except SQLAlchemyError', 'except'), { line: 6 }),
    invalid('text', fallback(primary, 'db.execute(text("SELECT id, deleted_at FROM authors WHERE org_id = :o"), {"o": o})'), { line: 6 }),
    invalid('the line of the root call', 'def f(db: Session, o):\n    try:\n        return db.query(Author).filter(Author.active).all()\n    except Exception:\n        return (\n            db\n            .query(Author)\n            .all()\n        )\n', { line: 7 }),
    invalid('awaited, in a variable', 'async def f(db: AsyncSession, o):\n    stmt = select(Author).where(Author.active, Author.org_id == o)\n    try:\n        return (await db.scalars(stmt)).all()\n    except Exception:\n        other = select(Author).where(Author.active)\n        return (await db.scalars(other)).all()\n', { line: 6 }),
  ],
})
