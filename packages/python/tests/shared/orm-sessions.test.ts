import { ormSessionOf } from '@krait/python'
import { expect, test } from 'vitest'
import { file } from '../helpers/memory-project.ts'

const IMPORTS = `
from sqlalchemy import select
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, mapped_column
from sqlalchemy.ext.asyncio import AsyncSession

class Base(DeclarativeBase): ...

class User(Base):
    __tablename__ = "users"
    id: Mapped[int] = mapped_column(primary_key=True)
`

/** What the argument of the last call of `use` is. */
function sessionIn(text: string, settings: Readonly<Record<string, unknown>> = {}, imports = IMPORTS): string | null {
  const opened = file(imports + text, 'app/main.py', {})
  const call = [...opened.all()].findLast((node) => node.kind === 'call' && node.function.text === 'use')!
  const context = Object.assign(opened.services, { settings })
  return ormSessionOf(context, call.namedChildren[1]!.namedChildren[0]!)?.kind ?? null
}

const cases: readonly (readonly [text: string, session: string | null])[] = [
  ['def f(db: Session):\n    use(db)', 'sync'],
  ['def f(db: AsyncSession | None):\n    use(db)', 'async'],
  ['def f(session):\n    use(session)', 'unknown'],
  ['def f(db_session=None):\n    use(db_session)', 'unknown'],
  ['def f(other):\n    use(other)', null],
  ['def f(session: "Cookies"):\n    use(session)', null],
  ['class A:\n    def f(self):\n        use(self.session)', 'unknown'],
  ['class A:\n    def f(self):\n        session = self.session\n        use(session)', 'unknown'],
  ['class A:\n    def f(self):\n        use(self.cache)', null],
  ['def f(db):\n    db.query(User).all()\n    use(db)', 'unknown'],
  ['def f(db):\n    db.query("x").all()\n    use(db)', null],
  ['def f(conn):\n    conn.execute(select(User))\n    use(conn)', 'unknown'],
  ['def f(conn):\n    conn.execute("SELECT 1")\n    use(conn)', null],
  ['def f(db):\n    db.add(User(id=1))\n    use(db)', 'unknown'],
  ['def f(seen):\n    seen.add(User(id=1))\n    use(seen)', null],
  ['def f(uow):\n    uow.add(User(id=1))\n    uow.commit()\n    use(uow)', 'unknown'],
  ['class A:\n    def f(self):\n        self.store.scalars(select(User))\n        use(self.store)', 'unknown'],
  ['def f(request):\n    request.db.query(User).first()\n    use(request.db)', 'unknown'],
  ['def f(request):\n    request.cache.query(User).first()\n    use(request.cache)', null],
  ['def f():\n    local = make()\n    local.query(User)\n    use(local)', null],
]

test.each(cases)('%s', (text, expected) => {
  expect(sessionIn(text)).toBe(expected)
})

test('takes an expression for a session that the settings name', () => {
  const settings = { sqlalchemy: { sessionExpressions: ['request.state.db'] } }
  expect(sessionIn('def f(request):\n    use(request.state.db)', settings)).toBe('unknown')
})

test('takes no parameter for a session by its name where nothing of SQLAlchemy is imported', () => {
  expect(sessionIn('def f(session):\n    use(session)', {}, 'import requests\n')).toBeNull()
})
