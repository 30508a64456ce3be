import { python, RuleTester } from '@krait/rule-tester'
import { preferBulkOperation } from '../src/rules/prefer-bulk-operation.ts'

const IMPORTS = python`
  import logging, uuid
  from itertools import batched
  from sqlalchemy import ForeignKey, delete, event, insert, select, text, update
  from sqlalchemy.ext.asyncio import AsyncSession
  from sqlalchemy.orm import DeclarativeBase, Mapped, Session, mapped_column, relationship
  logger = logging.getLogger(__name__)

  class Base(DeclarativeBase): ...

  class Token(Base):
      __tablename__ = "tokens"
      id: Mapped[int] = mapped_column(primary_key=True)
      used: Mapped[bool]
      note: Mapped[str | None]

  class Order(Base):
      __tablename__ = "orders"
      id: Mapped[int] = mapped_column(primary_key=True)
      lines: Mapped[list["Line"]] = relationship(cascade="all, delete-orphan", back_populates="order")

  class Line(Base):
      __tablename__ = "lines"
      id: Mapped[int] = mapped_column(primary_key=True)
      order_id: Mapped[int] = mapped_column(ForeignKey("orders.id"))
      order: Mapped[Order] = relationship(back_populates="lines")

  class Document(Base):
      __tablename__ = "documents"
      id: Mapped[int] = mapped_column(primary_key=True)

  class Letter(Document):
      __tablename__ = "letters"
      id: Mapped[int] = mapped_column(ForeignKey("documents.id"), primary_key=True)

  class Heard(Base):
      __tablename__ = "heard"
      id: Mapped[int] = mapped_column(primary_key=True)

  @event.listens_for(Heard, "after_delete")
  def remove_file(mapper, connection, target): ...

`
const LINES = IMPORTS.split('\n').length - 1

function valid(name: string, code: string, path?: string) {
  return { name, code: IMPORTS + code, ...(path && { path }) } as never
}

function invalid(name: string, code: string, line: number, messageId: string, more: { output?: string; message?: string } = {}) {
  const { output, message } = more
  const suggestions = output === undefined ? undefined : [{ messageId: 'single', output: IMPORTS + output }]
  return { name, code: IMPORTS + code, errors: [{ messageId, line: line + LINES, ...(message && { message }), ...(suggestions && { suggestions }) }] } as never
}

new RuleTester().run('sqlalchemy/prefer-bulk-operation', preferBulkOperation, {
  valid: [
    valid('one statement', 'def f(db: Session):\n    db.execute(delete(Token).where(Token.used))\n    db.execute(update(Token).values(used=True))\n'),
    valid('a list of parameters', 'def f(db: Session, rows):\n    db.execute(insert(Token), [{"note": r.note} for r in rows])\n'),
    valid('add in a loop', 'def f(db: Session, rows):\n    for r in rows:\n        db.add(Token(note=r.note))\n'),
    valid('other work', 'def f(db: Session):\n    for t in db.scalars(select(Token)):\n        logger.info("%s", t.id)\n        db.delete(t)\n    for t in db.scalars(select(Token)):\n        if t.note:\n            db.delete(t)\n    for t in db.scalars(select(Token)):\n        t.used = True\n        send(t)\n'),
    valid('values of the row', 'def f(db: Session):\n    for t in db.scalars(select(Token)):\n        t.note = t.note.strip()\n    for t in db.scalars(select(Token)):\n        t.note = str(uuid.uuid4())\n'),
    valid('attributes that are no columns', 'def f(db: Session):\n    for t in db.scalars(select(Token)):\n        t.cached = True\n    for line in db.scalars(select(Line)):\n        line.order = None\n'),
    valid('a cascade', 'def f(db: Session):\n    for o in db.scalars(select(Order)):\n        db.delete(o)\n'),
    valid('joined tables', 'def f(db: Session):\n    for d in db.scalars(select(Letter)):\n        db.delete(d)\n    for d in db.scalars(select(Document)):\n        db.delete(d)\n'),
    valid('a listener', 'def f(db: Session):\n    for h in db.scalars(select(Heard)):\n        db.delete(h)\n'),
    valid('a limit', 'def f(db: Session):\n    for t in db.scalars(select(Token).limit(100)):\n        db.delete(t)\n'),
    valid('rows that are not from a query', 'def f(db: Session, tokens: list[Token]):\n    for t in tokens:\n        db.delete(t)\n    for t in tokens:\n        t.used = True\n'),
    valid('chunks', 'def f(db: Session, rows):\n    for part in batched(rows, 500):\n        db.execute(insert(Token).values([{"note": r.note} for r in part]))\n    for ids in chunked(rows):\n        db.execute(delete(Token).where(Token.id.in_(ids)))\n'),
    valid('the result is used', 'def f(db: Session, rows):\n    for r in rows:\n        result = db.execute(update(Token).where(Token.id == r.id).values(note=r.note))\n        if result.rowcount == 0: ...\n    for r in rows:\n        r.id = db.execute(insert(Token).values(note=r.note).returning(Token.id)).scalar_one()\n'),
    valid('values that do not depend on the loop', 'def f(db: Session, rows, note):\n    for r in rows:\n        db.execute(insert(Token).values(note=note))\n'),
    valid('reads and texts', 'def f(db: Session, rows):\n    for r in rows:\n        db.execute(select(Token).where(Token.id == r.id))\n        db.execute(text("SELECT 1"), {"id": r.id})\n'),
    valid('no session', 'class Client: ...\ndef f(client: Client, rows):\n    for r in rows:\n        client.execute(insert(Token).values(note=r.note))\n'),
    valid('another table in each round', 'def f(db: Session, models, x):\n    for model in models:\n        db.execute(delete(model).where(model.note == x.note))\n    for model in models:\n        statement = update(model).values(note=x.note)\n        db.execute(statement)\n'),
    valid('while', 'def f(db: Session, queue):\n    while queue:\n        r = queue.pop()\n        db.execute(insert(Token).values(note=r.note))\n'),
    valid('a test', 'def f(db: Session):\n    for t in db.scalars(select(Token)):\n        db.delete(t)\n', 'tests/test_tokens.py'),
    valid('a migration', 'def f(db: Session, rows):\n    for r in rows:\n        db.execute(insert(Token).values(note=r.note))\n', 'alembic/versions/1_fill.py'),
  ],
  invalid: [
    invalid('its message', 'def f(db: Session, old):\n    for t in db.scalars(select(Token).where(Token.id < old)):\n        db.delete(t)\n', 2, 'deleted', {
      message: '`Token` rows are loaded and deleted one by one; run `delete(Token).where(…)` once.',
      output: 'def f(db: Session, old):\n    db.execute(delete(Token).where(Token.id < old))\n',
    }),
    invalid('awaited', 'async def f(db: AsyncSession):\n    for t in await db.scalars(select(Token)):\n        await db.delete(t)\n', 2, 'deleted', { output: 'async def f(db: AsyncSession):\n    await db.execute(delete(Token))\n' }),
    invalid('all()', 'async def f(db: AsyncSession):\n    for t in (await db.scalars(select(Token))).all():\n        await db.delete(t)\n', 2, 'deleted', { output: 'async def f(db: AsyncSession):\n    await db.execute(delete(Token))\n' }),
    invalid('a legacy query', 'def f(db: Session):\n    for t in db.query(Token).filter(Token.used).all():\n        db.delete(t)\n', 2, 'deleted', { output: 'def f(db: Session):\n    db.query(Token).filter(Token.used).delete()\n' }),
    invalid('a variable', 'def f(db: Session):\n    tokens = db.scalars(select(Token)).all()\n    for t in tokens:\n        # no longer needed\n        db.delete(t)\n', 3, 'deleted'),
    invalid('a relationship that does not cascade', 'def f(db: Session):\n    lines = db.scalars(select(Line)).all()\n    for line in lines:\n        db.delete(line)\n', 3, 'deleted'),
    invalid('constant changes', 'def f(db: Session, note):\n    for t in db.scalars(select(Token).where(Token.used)):\n        t.used = False\n        t.note = note\n', 2, 'changed', {
      message: '`Token` rows are loaded and changed one by one; run `update(Token).where(…).values(…)` once.',
      output: 'def f(db: Session, note):\n    db.execute(update(Token).where(Token.used).values(used=False, note=note))\n',
    }),
    invalid('constant changes of a legacy query', 'def f(db: Session, note):\n    for t in db.query(Token).filter(Token.used):\n        t.note = note\n', 2, 'changed', {
      output: 'def f(db: Session, note):\n    db.query(Token).filter(Token.used).update({"note": note})\n',
    }),
    invalid('insert', 'def f(db: Session, rows):\n    for r in rows:\n        db.execute(insert(Token).values(note=r.note, used=False))\n', 3, 'executed', {
      message: '`execute(insert(…))` runs per `r`; pass a list of parameter sets to one `execute`.',
      output: 'def f(db: Session, rows):\n    db.execute(insert(Token), [{"note": r.note, "used": False} for r in rows])\n',
    }),
    invalid('an awaited insert', 'async def f(db: AsyncSession, rows):\n    for r in rows:\n        await db.execute(insert(Token).values(note=r.note))\n', 3, 'executed', { output: 'async def f(db: AsyncSession, rows):\n    await db.execute(insert(Token), [{"note": r.note} for r in rows])\n' }),
    invalid('update', 'def f(db: Session, rows):\n    for id, note in rows.items():\n        logger.info("x")\n        db.execute(\n            update(Token).where(Token.id == id).values(note=note)\n        )\n', 4, 'executed'),
    invalid('delete by a variable', 'def f(db: Session, rows):\n    for r in rows:\n        stmt = delete(Token).where(Token.id == r.id)\n        db.execute(stmt)\n', 4, 'executed'),
    invalid('the callee line', 'def f(db: Session, rows):\n    for r in rows:\n        (db\n            .execute(insert(Token).values(note=r.note, used=r.used)))\n        log(r)\n', 4, 'executed'),
  ],
})
