import { python, RuleTester } from '@krait/rule-tester'
import { noCommitInLoop } from '../src/rules/no-commit-in-loop.ts'

const IMPORTS = python`
  from itertools import batched
  from sqlalchemy.ext.asyncio import AsyncSession
  from sqlalchemy.orm import Session, sessionmaker
  SessionLocal = sessionmaker()

  def save(s: Session, x):
      s.add(x)
      s.commit()

  def save_deep(s: Session, x):
      save(s, x)

  def save_deeper(s: Session, x):
      save_deep(s, x)

  def save_alone(x):
      with SessionLocal() as s:
          s.add(x)
          s.commit()

  class Service:
      def __init__(self, s: Session):
          self.s = s
      def rename(self, x):
          x.name = "x"
          self.s.commit()

`
const LINES = IMPORTS.split('\n').length - 1

function valid(name: string, code: string, more: object = {}) {
  return { name, code: IMPORTS + code, ...more }
}

function invalid(name: string, code: string, line: number, messageId: 'commit' | 'commitBy' = 'commit', message?: string) {
  return { name, code: IMPORTS + code, errors: [{ messageId, line: LINES + line, ...(message && { message }) }] }
}

new RuleTester().run('sqlalchemy/no-commit-in-loop', noCommitInLoop, {
  valid: [
    valid('methods that open their own sessions', 'class Store:\n    def __init__(self, factory: sessionmaker):\n        self.factory = factory\n    def save(self, x):\n        with self.factory() as s:\n            s.add(x)\n            s.commit()\n    def put(self, x):\n        with self.factory.begin() as s:\n            s.add(x)\ndef f(store: Store, xs):\n    for x in xs:\n        store.save(x)\n        store.put(x)\n'),
    valid('after the loop', 'def f(s: Session, rows):\n    for r in rows:\n        s.add(r)\n    s.commit()\n'),
    valid('else', 'def f(s: Session, rows):\n    for r in rows:\n        s.add(r)\n    else:\n        s.commit()\n'),
    valid('chunks', 'def f(s: Session, rows):\n    for part in batched(rows, 500):\n        s.add_all(part)\n        s.commit()\n'),
    valid('a counter', 'def f(s: Session, rows):\n    for i, r in enumerate(rows):\n        s.add(r)\n        if i % 100 == 0:\n            s.commit()\n'),
    valid('a full batch', 'def f(s: Session, rows, batch):\n    for r in rows:\n        batch.append(r)\n        if len(batch) >= 100:\n            s.commit()\n'),
    valid('while', 'def f(s: Session, q):\n    while q:\n        s.add(q.pop())\n        s.commit()\n'),
    valid('a session for each', 'def f(rows):\n    for r in rows:\n        with SessionLocal() as s:\n            s.add(r)\n            s.commit()\n            save(s, r)\n'),
    valid('a session that the function opens', 'def f(rows):\n    for r in rows:\n        save_alone(r)\n'),
    valid('a block of its own', 'from contextlib import contextmanager\n@contextmanager\ndef scope(make):\n    s = make()\n    yield s\n    s.commit()\ndef f(rows, make):\n    for r in rows:\n        with scope(make) as s:\n            s.add(r)\n'),
    valid('a function without a session', 'def work(x):\n    session = make()\n    session.commit()\ndef f(rows):\n    for r in rows:\n        work(r)\n'),
    valid('a savepoint', 'def f(s: Session, rows):\n    for r in rows:\n        with s.begin_nested():\n            s.add(r)\n'),
    valid('a retry', 'def f(s: Session, x):\n    for attempt in range(3):\n        try:\n            s.add(x)\n            s.commit()\n            break\n        except ValueError:\n            s.rollback()\n'),
    valid('too deep', 'def f(s: Session, rows):\n    for r in rows:\n        save_deeper(s, r)\n'),
    valid('something else', 'def f(repo, rows):\n    for r in rows:\n        repo.index.commit(r)\n'),
    valid('a test', 'def f(s: Session, rows):\n    for r in rows:\n        s.commit()\n', { path: 'tests/test_a.py' }),
    valid('a script', 'def f(s: Session, rows):\n    for r in rows:\n        s.commit()\n', { path: 'scripts/a.py' }),
  ],
  invalid: [
    invalid('a method above', 'class Child(Service):\n    def rename(self, x):\n        super().rename(x)\ndef f(child: Child, xs):\n    for x in xs:\n        child.rename(x)\n', 6, 'commitBy'),
    invalid('a function that does not say that it gets a session', 'def put(d, x):\n    d.commit()\ndef f(s: Session, xs):\n    for x in xs:\n        put(s, x)\n', 5, 'commitBy'),
    invalid('a commit', 'def f(session: Session, rows):\n    for row in rows:\n        session.add(row)\n        session.commit()\n', 4, 'commit', '`session.commit()` runs once per `row`; a failure leaves the operation half done. Commit once after the loop (or per chunk).'),
    invalid('async', 'async def f(s: AsyncSession, rows):\n    async for r in rows:\n        s.add(r)\n        await s.commit()\n', 4),
    invalid('in a branch', 'def f(s: Session, rows):\n    for r in rows:\n        if r:\n            s.commit()\n', 4),
    invalid('a function', 'def f(s: Session, rows):\n    for r in rows:\n        save(s, r)\n', 3, 'commitBy'),
    invalid('a function of a function', 'def f(s: Session, rows):\n    for r in rows:\n        save_deep(s, r)\n', 3, 'commitBy'),
    invalid('a method', 'def f(service: Service, users):\n    for user in users:\n        service.rename(user)\n', 3, 'commitBy', '`service.rename()` commits once per `user`; a failure leaves the operation half done. Commit once after the loop (or per chunk).'),
    invalid('a session of an outer loop', 'def f(groups):\n    for g in groups:\n        with SessionLocal() as s:\n            for r in g.rows:\n                s.add(r)\n                s.commit()\n', 6),
    invalid('a session known by name', 'def f(session, rows):\n    for r in rows:\n        session.commit()\n', 3),
  ],
})
