import { python, RuleTester } from '@krait/rule-tester'
import { preferBulkOperation } from '../src/rules/prefer-bulk-operation.ts'

const IMPORTS = python`
  from itertools import batched
  from sqlalchemy import ForeignKey, delete, insert, select, update
  from sqlalchemy.ext.asyncio import AsyncSession
  from sqlalchemy.orm import DeclarativeBase, Mapped, Session, mapped_column, relationship

  class Base(DeclarativeBase): ...

  class Token(Base):
      __tablename__ = "tokens"
      id: Mapped[int] = mapped_column(primary_key=True)
      old: Mapped[bool]
      name: Mapped[str]

  class Parent(Base):
      __tablename__ = "parents"
      id: Mapped[int] = mapped_column(primary_key=True)
      children: Mapped[list["Child"]] = relationship(cascade="all, delete-orphan")

  class Child(Base):
      __tablename__ = "children"
      id: Mapped[int] = mapped_column(primary_key=True)
      parent_id: Mapped[int] = mapped_column(ForeignKey("parents.id"))

`
const LINES = IMPORTS.split('\n').length - 1

function valid(name: string, code: string, more: object = {}) {
  return { name, code: IMPORTS + code, ...more }
}

function invalid(name: string, code: string, line: number, messageId: string, suggestion: string | number = 0, message?: string) {
  const suggestions = typeof suggestion === 'number' ? suggestion : [{ messageId: 'replace', output: IMPORTS + suggestion }]
  return { name, code: IMPORTS + code, errors: [{ messageId, line: LINES + line, suggestions, ...(message && { message }) }] } as never
}

new RuleTester().run('sqlalchemy/prefer-bulk-operation', preferBulkOperation, {
  valid: [
    valid('one statement', 'def f(db: Session):\n    db.execute(delete(Token).where(Token.old))\n'),
    valid('add', 'def f(db: Session, rows):\n    for r in rows:\n        db.add(Token(name=r))\n'),
    valid('other work', 'def f(db: Session):\n    for t in db.scalars(select(Token)):\n        print(t)\n        db.delete(t)\n'),
    valid('a branch', 'def f(db: Session):\n    for t in db.scalars(select(Token)):\n        if t.old:\n            db.delete(t)\n'),
    valid('a cascade', 'def f(db: Session):\n    for p in db.scalars(select(Parent)):\n        db.delete(p)\n'),
    valid('listeners', 'from sqlalchemy import event\n@event.listens_for(Token, "before_delete")\ndef log(*a): ...\ndef f(db: Session):\n    for t in db.scalars(select(Token)):\n        db.delete(t)\n'),
    valid('a value of the row', 'def f(db: Session):\n    for t in db.scalars(select(Token)):\n        t.name = t.name.lower()\n'),
    valid('a list of parameter sets', 'def f(db: Session, rows):\n    db.execute(insert(Token), [{"name": r} for r in rows])\n'),
    valid('chunks', 'def f(db: Session, rows):\n    for part in batched(rows, 100):\n        db.execute(insert(Token).values([{"name": r} for r in part]))\n'),
    valid('the result is used', 'def f(db: Session, rows):\n    for r in rows:\n        n = db.execute(delete(Token).where(Token.name == r)).rowcount\n        result = db.execute(insert(Token).values(name=r).returning(Token.id))\n'),
    valid('a statement that does not depend on the loop', 'def f(db: Session, rows):\n    for r in rows:\n        db.execute(delete(Token))\n'),
    valid('a statement for each table', 'def f(db: Session, x):\n    for model in (Token, Child):\n        db.execute(delete(model).where(model.id == x))\n'),
    valid('a query', 'def f(db: Session, rows):\n    for r in rows:\n        db.execute(select(Token).where(Token.name == r))\n'),
    valid('a parameter', 'def f(db: Session, tokens: list[Token]):\n    for t in tokens:\n        db.delete(t)\n'),
    valid('a test', 'def f(db: Session):\n    for t in db.scalars(select(Token)):\n        db.delete(t)\n', { path: 'tests/test_a.py' }),
  ],
  invalid: [
    invalid(
      'deletes',
      'def f(db: Session, x):\n    for t in db.scalars(select(Token).where(Token.name == x)):\n        db.delete(t)\n    db.commit()\n',
      2,
      'deleted',
      'def f(db: Session, x):\n    db.execute(delete(Token).where(Token.name == x))\n    db.commit()\n',
      '`Token` rows are loaded and deleted one by one; run `delete(Token).where(…)` once.',
    ),
    invalid('async deletes', 'async def f(db: AsyncSession):\n    for t in (await db.scalars(select(Token).where(Token.old))).all():\n        await db.delete(t)\n', 2, 'deleted', 'async def f(db: AsyncSession):\n    await db.execute(delete(Token).where(Token.old))\n'),
    invalid('a legacy query', 'def f(db: Session):\n    for t in db.query(Token).filter(Token.old).all():\n        db.delete(t)\n', 2, 'deleted'),
    invalid('a variable', 'def f(db: Session):\n    tokens = db.scalars(select(Token)).all()\n    for t in tokens:\n        db.delete(t)\n', 3, 'deleted'),
    invalid('assignments', 'def f(db: Session, now):\n    for t in db.scalars(select(Token).where(Token.old)):\n        t.old = False\n        t.name = now\n', 2, 'assigned', 'def f(db: Session, now):\n    db.execute(update(Token).where(Token.old).values(old=False, name=now))\n'),
    invalid('an insert', 'def f(db: Session, rows):\n    for row in rows:\n        db.execute(\n            insert(Token).values(name=row))\n', 3, 'executed', 0, '`execute(insert(…))` runs per `row`; pass a list of parameter sets to one `execute`.'),
    invalid('an update', 'async def f(db: AsyncSession, rows):\n    for r in rows:\n        await db.execute(update(Token).where(Token.id == r.id).values(name=r.name))\n', 3, 'executed'),
    invalid('a delete in a variable', 'def f(db: Session, ids):\n    for i in ids:\n        stmt = delete(Token).where(Token.id == i)\n        db.execute(stmt)\n', 4, 'executed'),
  ],
})
