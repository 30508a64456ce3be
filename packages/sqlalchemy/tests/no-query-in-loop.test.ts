import { python, RuleTester } from '@krait/rule-tester'
import { noQueryInLoop } from '../src/rules/no-query-in-loop.ts'

const IMPORTS = python`
  import asyncio, enum
  from functools import lru_cache
  from itertools import batched
  from sqlalchemy import select, delete, insert, text, ForeignKey
  from sqlalchemy.ext.asyncio import AsyncSession
  from sqlalchemy.orm import DeclarativeBase, Mapped, Session, mapped_column, sessionmaker

  class Base(DeclarativeBase): ...

  class User(Base):
      __tablename__ = "users"
      id: Mapped[int] = mapped_column(primary_key=True)
      name: Mapped[str]
      active: Mapped[bool]

  class Order(Base):
      __tablename__ = "orders"
      id: Mapped[int] = mapped_column(primary_key=True)
      user_id: Mapped[int] = mapped_column(ForeignKey("users.id"))

  SessionLocal = sessionmaker()
  KINDS = ["a", "b"]
  class Color(enum.Enum):
      RED = 1

  def get_user(session: Session, user_id):
      return session.get(User, user_id)

  def name_of(session: Session, user_id):
      return get_user(session, user_id).name

  def create_order(session: Session, row):
      user = session.get(User, row.user_id)
      session.add(Order(user_id=user.id))

  def rename(session: Session, user_id):
      user = session.get(User, user_id)
      user.name = "x"

  @lru_cache
  def cached_user(user_id):
      with SessionLocal() as s:
          return s.get(User, user_id)

  async def load(s: AsyncSession, user_id):
      return await s.get(User, user_id)

  class Repo:
      def __init__(self, session: Session):
          self.session = session
      def balance_of(self, account_id):
          return self.session.scalar(select(User).where(User.id == account_id))
      def query_of(self, account_id):
          return self.session.query(User).filter(User.id == account_id)

`
const LINES = IMPORTS.split('\n').length - 1

function valid(name: string, code: string, more: object = {}) {
  return { name, code: IMPORTS + code, ...more }
}

function invalid(name: string, code: string, line: number, messageId = 'read', more: object = {}) {
  const { message, ...others } = more as { message?: string }
  return { name, code: IMPORTS + code, errors: [{ messageId, line: line + LINES, ...(message && { message }) }], ...others } as never
}

new RuleTester().run('sqlalchemy/no-query-in-loop', noQueryInLoop, {
  valid: [
    valid('before the loop', 'def f(s: Session, orders):\n    for u in s.scalars(select(User)):\n        print(u.name)\n'),
    valid('the first iterable of a comprehension', 'def f(s: Session):\n    return [u.name for u in s.scalars(select(User)).all()]\n'),
    valid('else', 'def f(s: Session, orders):\n    for o in orders:\n        pass\n    else:\n        s.get(User, o.user_id)\n'),
    valid('while', 'def f(s: Session, q):\n    while q:\n        s.get(User, q.pop())\n'),
    valid('a literal', 'def f(s: Session):\n    for i in (1, 2):\n        s.get(User, i)\n    for n, i in enumerate([1, 2]):\n        s.get(User, i)\n'),
    valid('a constant', 'def f(s: Session):\n    return [s.scalar(select(User).where(User.name == k)) for k in KINDS]\n'),
    valid('an enum', 'def f(s: Session):\n    return {c: s.scalar(select(User).where(User.name == c)) for c in Color}\n'),
    valid('chunks by name', 'def f(s: Session, ids):\n    for part in batched(ids, 500):\n        s.scalars(select(User).where(User.id.in_(part)))\n'),
    valid('chunks by range', 'def f(s: Session, ids):\n    for i in range(0, len(ids), 500):\n        s.scalars(select(User).where(User.id.in_(ids[i:i + 500])))\n'),
    valid('chunks by use', 'def f(s: Session, parts):\n    for part in parts:\n        s.scalars(select(User).where(User.id.in_(part)))\n'),
    valid('pages', 'def f(s: Session, n):\n    for offset in offsets(n):\n        s.scalars(select(User).limit(10).offset(offset))\n'),
    valid('a list of parameters', 'def f(s: Session, parts):\n    for part in parts:\n        s.execute(STMT, part)\n'),
    valid('retries', 'def f(s: Session, i):\n    for attempt in range(3):\n        s.get(User, i)\n'),
    valid('a session of its own', 'def f(tenants):\n    for t in tenants:\n        with SessionLocal() as s:\n            s.get(User, t.user_id)\n            get_user(s, t.user_id)\n'),
    valid('refresh of what was added', 'def f(s: Session, rows):\n    for r in rows:\n        u = User(name=r)\n        s.add(u)\n        s.commit()\n        s.refresh(u)\n'),
    valid('writes', 'def f(s: Session, rows):\n    for r in rows:\n        s.execute(insert(User).values(name=r))\n        s.execute(text("UPDATE users SET name = :n"), {"n": r})\n'),
    valid('changes of the schema', 'from sqlalchemy.schema import DropTable\ndef f(s: Session, tables):\n    for t in tables:\n        s.execute(DropTable(t))\n'),
    valid('a callee that writes in a way of its own', 'def drop(s: Session, i):\n    stmt = delete(User)\n    if i:\n        stmt = stmt.where(User.id == i)\n    return s.execute(stmt)\ndef f(s: Session, ids):\n    for i in ids:\n        drop(s, i)\n'),
    valid('a callee that writes', 'def f(s: Session, rows):\n    for r in rows:\n        create_order(s, r)\n        rename(s, r.id)\n'),
    valid('a cached callee', 'def f(orders):\n    return [cached_user(o.user_id) for o in orders]\n'),
    valid('a callee that is said to be cached', 'def f(s: Session, orders):\n    return [get_user(s, o.user_id) for o in orders]\n', { options: [{ cachedFunctions: ['*get_user'] }] }),
    valid('too deep', 'def f(s: Session, orders):\n    return [name_of(s, o.user_id) for o in orders]\n', { options: [{ maxDepth: 1 }] }),
    valid('a function that is defined in the loop', 'def f(s: Session, orders):\n    for o in orders:\n        def g():\n            return s.get(User, o.user_id)\n'),
    valid('a flag', 'def f(s: Session, users, flags):\n    for u in users:\n        flags.get(s.info, u.id)\n'),
    valid('the last round', 'def f(s: Session, orders):\n    for o in orders:\n        if o.id == 1:\n            return s.get(User, o.user_id)\n'),
    valid('a query that is only built', 'def f(r: Repo, orders):\n    return [r.query_of(o.id) for o in orders]\n'),
    valid('a read of what the loop adds', 'def f(s: Session, rows):\n    for r in rows:\n        n = len(s.scalars(select(User)).all())\n        s.add(User(name=n))\n'),
    valid('a read of what the loop may add', 'def f(s: Session, rows):\n    for r in rows:\n        n = s.scalars(select(User)).first()\n        s.add(r)\n'),
    valid('a read of what the loop changes', 'def f(s: Session, rows):\n    for r in rows:\n        r.name = s.scalar(select(User.name).where(User.active))\n'),
    valid('a literal in a variable', 'def f(s: Session):\n    kinds = [("a", 1), ("b", 2)]\n    for kind, n in kinds:\n        s.get(User, n)\n'),
    valid('a literal that a function gives', 'class Kinds:\n    def kinds(self):\n        return [1, 2]\n    def f(self, s: Session):\n        for n in self.kinds():\n            s.get(User, n)\n'),
    valid('another model in each round', 'from sqlalchemy import func\ndef f(s: Session, models):\n    for model in models:\n        s.scalar(select(func.count()).select_from(model))\n        s.scalars(select(model)).all()\n        s.query(model).all()\n'),
    valid('another table in each round', 'def f(s: Session, tables):\n    return {table.name: s.execute(table.select()).all() for table in tables}\n'),
    valid('a function of the database', 'def f(s: Session, pids):\n    for pid in pids:\n        s.execute(text("SELECT pg_terminate_backend(:pid)"), {"pid": pid})\n'),
    valid('a function that is called for what it does', 'def warn(s: Session):\n    print(s.get(User, 1))\ndef f(s: Session, rows):\n    for r in rows:\n        if r.late:\n            warn(s)\n'),
    valid('a dictionary', 'def f(session, orders):\n    names = {}\n    return [names.get(o.id) for o in orders]\n'),
    valid('what changes from round to round', 'def f(s: Session, n):\n    last = 0\n    for _ in forever():\n        rows = s.scalars(select(User).where(User.id > last)).all()\n        last = rows[-1].id\n'),
    valid('a test', 'def f(s: Session, orders):\n    for o in orders:\n        s.get(User, o.user_id)\n', { path: 'tests/test_a.py' }),
    valid('a script', 'def f(s: Session, orders):\n    for o in orders:\n        s.get(User, o.user_id)\n', { path: 'scripts/fill.py' }),
    valid('a path to ignore', 'def f(s: Session, orders):\n    for o in orders:\n        s.get(User, o.user_id)\n', { path: 'app/jobs.py', options: [{ ignorePaths: ['app/jobs.py'] }] }),
  ],
  invalid: [
    invalid('coroutines that are collected', 'async def f(s: AsyncSession, ids):\n    return await asyncio.gather(*tasks(s, ids))\ndef tasks(s, ids):\n    return [load(s, i) for i in ids]\n', 4, 'readBy'),
    invalid('tasks', 'async def f(s: AsyncSession, ids):\n    async with asyncio.TaskGroup() as group:\n        for i in ids:\n            group.create_task(load(s, i))\n', 4, 'readBy'),
    invalid('a name that a pattern captures', 'def f(s: Session, rows):\n    for r in rows:\n        match r:\n            case {"id": ident}:\n                s.get(User, ident)\n', 5),
    invalid('a list that grows', 'def f(s: Session):\n    ids = [1]\n    ids.append(2)\n    return [s.get(User, i) for i in ids]\n', 4),
    invalid('a repository that counts', 'class Counting:\n    def __init__(self, session: Session):\n        self.session = session\n    def load(self, i):\n        self.calls = 1\n        return self.session.get(User, i)\ndef f(repo: Counting, ids):\n    return [repo.load(i) for i in ids]\n', 8, 'readBy'),
    invalid('the same in each round, beside a write of something else', 'def f(s: Session, rows):\n    for r in rows:\n        admin = s.scalars(select(User).where(User.name == "admin")).one()\n        s.add(Order(user_id=admin.id))\n', 3, 'invariant'),
    invalid('the same in each round, beside a change of something else', 'def f(s: Session, rows):\n    for r in rows:\n        r.owner = s.get(User, 1)\n', 3, 'invariant'),
    invalid('the same in each round, by a function', 'def admin(s: Session):\n    return s.scalars(select(User).where(User.name == "admin")).one()\ndef f(s: Session, rows):\n    for r in rows:\n        s.add(Order(user_id=admin(s).id))\n        s.commit()\n', 5, 'invariant'),
    invalid('get', 'def f(s: Session, orders):\n    for o in orders:\n        u = s.get(User, o.user_id)\n', 3, 'read', {
      message: '`s.get` runs a query for every `o` in `orders`. Load them once with `User.id.in_(…)` or `selectinload`.',
    }),
    invalid('a statement', 'def f(s: Session, orders):\n    for o in orders:\n        stmt = select(User).where(User.name == o.name)\n        u = s.scalars(\n            stmt\n        ).first()\n', 4),
    invalid('through a local name', 'def f(s: Session, orders):\n    for o in orders:\n        key = o.user_id\n        u = s.get(User, key)\n', 4),
    invalid('a legacy query', 'def f(s: Session, orders):\n    for o in orders:\n        s.query(User).filter(User.id == o.user_id).first()\n', 3),
    invalid('a legacy query that is looped over', 'def f(s: Session, orders):\n    for o in orders:\n        for u in s.query(User).filter(User.id == o.user_id):\n            print(u)\n', 3),
    invalid('a comprehension', 'async def f(s: AsyncSession, orders):\n    return [await s.get(User, o.user_id) for o in orders]\n', 2),
    invalid('async for', 'async def f(s: AsyncSession, orders):\n    async for o in orders:\n        await s.refresh(o)\n', 3),
    invalid('a function', 'def f(s: Session, orders):\n    for order in orders:\n        get_user(s, order.user_id)\n', 3, 'readBy', {
      path: 'app/a.py',
      message: '`get_user` runs a query for every `order` in `orders` (it reaches `session.get` in `app/a.py`). Load them once with `.in_(…)` or `selectinload`.',
    }),
    invalid('a function that calls a function', 'def f(s: Session, orders):\n    return [name_of(s, o.user_id) for o in orders]\n', 2, 'readBy'),
    invalid('a method of a repository', 'def f(repo: Repo, accounts):\n    return [repo.balance_of(a.id) for a in accounts]\n', 2, 'readBy'),
    invalid('gather', 'async def f(s: AsyncSession, ids):\n    await asyncio.gather(*(load(s, i) for i in ids))\n', 2, 'readBy'),
    invalid('gather of a list', 'async def f(s: AsyncSession, ids):\n    await asyncio.gather(*[load(s, i) for i in ids])\n', 2, 'readBy'),
    invalid('nothing of the loop', 'def f(s: Session, orders):\n    for o in orders:\n        users = s.scalars(select(User).where(User.active)).all()\n        print(o, users)\n', 3, 'invariant', {
      message: 'This query does not depend on the loop; run it once before.',
    }),
    invalid('the innermost of two loops', 'def f(s: Session, groups):\n    for g in groups:\n        for o in g.orders:\n            s.get(User, o.user_id)\n', 4),
    invalid('in a loop of retries', 'def f(s: Session, orders):\n    for o in orders:\n        for attempt in range(3):\n            s.get(User, o.user_id)\n', 4),
    invalid('range', 'def f(s: Session, n):\n    for i in range(n):\n        s.get(User, i)\n', 3),
    invalid('a session known by name', 'def f(session, orders):\n    for o in orders:\n        session.execute(select(User).where(User.id == o.user_id))\n', 3),
  ],
})
