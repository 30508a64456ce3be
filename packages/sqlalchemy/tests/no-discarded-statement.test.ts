import { python, RuleTester } from '@krait/rule-tester'
import { noDiscardedStatement } from '../src/rules/no-discarded-statement.ts'

const files = {
  'app/__init__.py': '',
  'app/models.py': python`
    from sqlalchemy import Column, Integer, Table
    from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

    class Base(DeclarativeBase):
        pass

    class Doc(Base):
        __tablename__ = "docs"
        id: Mapped[int] = mapped_column(primary_key=True)
        org_id: Mapped[int]

    rooms = Table("rooms", Base.metadata, Column("id", Integer, primary_key=True))
  `,
  'app/filters.py': python`
    from app.models import Doc

    def of_org(stmt, org_id):
        return stmt.where(Doc.org_id == org_id)

    def of_org_if(stmt, org_id):
        if org_id:
            stmt = stmt.where(Doc.org_id == org_id)
        return stmt

    def logging(stmt, org_id):
        conditions = []
        if org_id:
            conditions.append(Doc.org_id == org_id)
        logger.debug("narrowed")
        return stmt.where(*conditions)

    def collected(stmt, conditions):
        conditions.append(Doc.org_id == 1)
        return stmt.where(*conditions)

    def logged(stmt, log):
        log.append(stmt)
        return stmt.where(Doc.id == 1)

    def executed(stmt, session):
        session.execute(stmt)
        return stmt.where(Doc.id == 1)

    def same(stmt):
        return stmt

    class Filters:
        def of_org(self, stmt):
            return stmt.where(Doc.org_id == 1)

        def counted(self, stmt):
            self.count = 1
            return stmt.where(Doc.org_id == 1)
  `,
}

const head = `
from sqlalchemy import Select, delete, insert, select, update
from sqlalchemy.orm import Query, Session
from app.filters import Filters, collected, executed, logged, logging, of_org, of_org_if, same
from app.models import Doc, rooms
`
const headLines = head.split('\n').length - 1

function valid(name: string, text: string) {
  return { name, path: 'app/service.py', files, code: head + text }
}

interface Expected {
  readonly line: number
  readonly messageId?: 'change' | 'condition' | 'helper' | 'unexecuted'
  readonly message?: string
  readonly suggestions?: number
}

function invalid(name: string, text: string, { line, suggestions = 1, ...rest }: Expected) {
  return { name, path: 'app/service.py', files, code: head + text, errors: [{ line: headLines + line, suggestions, ...rest }] }
}

new RuleTester().run('sqlalchemy/no-discarded-statement', noDiscardedStatement, {
  valid: [
    valid('assigned', 'def f():\n    stmt = select(Doc)\n    stmt = stmt.where(Doc.id == 1)\n    return stmt\n'),
    valid('returned, yielded, passed, compared', 'def f(s):\n    stmt = select(Doc)\n    s.execute(stmt.where(Doc.id == 1))\n    yield stmt.limit(1)\n    assert stmt.limit(1) is not stmt\n    return stmt.limit(2)\n'),
    valid('other objects', 'import threading\ndef f(df, logger, parts, t: threading.Thread):\n    t.join()\n    ",".join(parts)\n    df.where(1)\n    logger.filter(2)\n    parts.values()\n    df.options(3)\n'),
    valid('legacy delete and update execute', 'def f(s: Session):\n    s.query(Doc).filter(Doc.id == 1).delete()\n    s.query(Doc).update({"org_id": 1})\n'),
    valid('legacy rows', 'def f(s: Session):\n    s.query(Doc).filter(Doc.id == 1).all()\n'),
    valid('pytest.raises', 'import pytest\ndef f():\n    stmt = select(Doc)\n    with pytest.raises(ValueError):\n        stmt.where(1)\n        select(Doc)\n'),
    valid('executed', 'async def f(s):\n    await s.execute(delete(Doc).where(Doc.id == 1))\n'),
    valid('another select', 'import select as selector\nfrom app.other import delete\nselector.select([], [], [])\ndelete(1)\n'),
    valid('a method named delete', 'def f(s, cache):\n    s.delete(1)\n    cache.update({})\n    cache.insert(0, 1)\n'),
    valid('an unannotated parameter', 'def f(stmt):\n    stmt.where(1)\n'),
    valid('a parameter of another class', 'class Thing: ...\ndef f(stmt: Thing):\n    stmt.where(1)\n'),
    valid('a helper with other effects', 'def f(s):\n    stmt = select(Doc)\n    logged(stmt, [])\n    collected(stmt, [])\n    executed(stmt, s)\n    same(stmt)\n    Filters().counted(stmt)\n'),
    valid('a helper whose result is used', 'def f():\n    stmt = select(Doc)\n    return of_org(stmt, 1)\n'),
    valid('a helper with something else', 'def f(other, n: int):\n    of_org(other, 1)\n    of_org(n, 1)\n'),
    valid('a helper that is not known', 'from lib import apply\ndef f():\n    stmt = select(Doc)\n    apply(stmt)\n    print(stmt)\n'),
    valid('awaited', 'async def f(stmt: Select):\n    await stmt.where(1)\n'),
    valid('one of two values is no statement', 'def f(x):\n    stmt = select(Doc) if x else x.load()\n    stmt.where(1)\n'),
  ],
  invalid: [
    {
      name: 'a condition on a known statement',
      path: 'app/service.py',
      files,
      code: `${head}def f(org_id):\n    stmt = select(Doc)\n    if org_id:\n        stmt.where(Doc.org_id == org_id)\n    return stmt\n`,
      errors: [
        {
          line: headLines + 4,
          message: '`stmt.where()` returns a new statement that is thrown away, so the condition is never applied. Write `stmt = stmt.where(...)`.',
          suggestions: [
            { messageId: 'assign', output: `${head}def f(org_id):\n    stmt = select(Doc)\n    if org_id:\n        stmt = stmt.where(Doc.org_id == org_id)\n    return stmt\n` },
          ],
        },
      ],
    },
    invalid('an order', 'def f():\n    stmt = select(Doc)\n    stmt.order_by(Doc.id)\n    return stmt\n', { line: 3, messageId: 'change' }),
    invalid('a legacy query', 'def f(s: Session):\n    q = s.query(Doc)\n    q.filter_by(id=1)\n    return q.all()\n', { line: 3, messageId: 'condition' }),
    invalid('an annotated parameter', 'def f(stmt: Select, q: Query | None = None):\n    stmt.limit(1)\n', { line: 2, messageId: 'change' }),
    invalid('a parameter with arguments of the type', 'def f(stmt: Select[tuple[Doc]]):\n    stmt.where(Doc.id == 1)\n', { line: 2, messageId: 'condition' }),
    invalid('a legacy query parameter', 'def f(q: "Query"):\n    q.filter(Doc.id == 1)\n', { line: 2 }),
    invalid('a chain of two', 'def f():\n    stmt = select(Doc)\n    (\n        stmt.where(Doc.id == 1)\n        .limit(1)\n    )\n    return stmt\n', { line: 3 }),
    invalid('a DELETE', 'async def f(s):\n    delete(Doc).where(Doc.id == 1)\n    await s.commit()\n', {
      line: 2,
      messageId: 'unexecuted',
      message: 'This `DELETE` is built and thrown away: nothing executes it. Pass it to `execute()`.',
      suggestions: 0,
    }),
    invalid('a SELECT alone', 'def f():\n    select(Doc)\n', { line: 2, messageId: 'unexecuted', suggestions: 0 }),
    invalid('through a module', 'import sqlalchemy as sa\ndef f():\n    sa.update(Doc).values(org_id=1)\n', { line: 3, messageId: 'unexecuted', suggestions: 0 }),
    invalid('through a renamed import', 'from sqlalchemy import insert as put\ndef f():\n    put(Doc)\n', { line: 3, messageId: 'unexecuted', suggestions: 0 }),
    invalid('a Core table', 'def f():\n    rooms.delete().where(rooms.c.id == 1)\n', { line: 2, suggestions: 0 }),
    invalid('a query without a variable', 'def f(s: Session):\n    s.query(Doc).filter(Doc.id == 1)\n', { line: 2, messageId: 'condition', suggestions: 0 }),
    invalid('a helper', 'def f():\n    stmt = select(Doc)\n    of_org(stmt, 1)\n    return stmt\n', {
      line: 3,
      messageId: 'helper',
      message: '`of_org()` returns a new statement that is thrown away, so `stmt` stays as it is. Write `stmt = of_org(...)`.',
    }),
    invalid('a helper that assigns', 'def f(stmt: Select):\n    of_org_if(org_id=1, stmt=stmt)\n    return stmt\n', { line: 2, messageId: 'helper' }),
    invalid('a helper that logs and fills a list of its own', 'def f(stmt: Select):\n    logging(stmt, 1)\n    return stmt\n', { line: 2, messageId: 'helper' }),
    {
      name: 'the query of a model of Flask-SQLAlchemy in a variable',
      path: 'app/service.py',
      files: {
        'app/models.py': 'from flask_sqlalchemy import SQLAlchemy\ndb = SQLAlchemy()\nclass Doc(db.Model):\n    id = db.Column(db.Integer, primary_key=True)\n',
      },
      code: 'from app.models import Doc\ndef f(name):\n    query = Doc.query\n    if name:\n        query.filter_by(id=name)\n    return query.all()\n',
      errors: [{ line: 5, messageId: 'condition' as const, suggestions: 1 }],
    },
    invalid('a helper in a class', 'def f():\n    stmt = select(Doc)\n    Filters().of_org(stmt)\n    return stmt\n', { line: 3, messageId: 'helper' }),
  ],
})
