import { python, RuleTester } from '@krait/rule-tester'
import { noSharedSession } from '../src/rules/no-shared-session.ts'

const IMPORTS = python`
  import asyncio, threading
  from concurrent.futures import ThreadPoolExecutor
  from fastapi import BackgroundTasks
  from sqlalchemy import create_engine, select
  from sqlalchemy.ext.asyncio import AsyncSession, async_scoped_session, async_sessionmaker, create_async_engine
  from sqlalchemy.orm import Session, scoped_session, sessionmaker
  SessionLocal = sessionmaker(create_engine(URL))
  AsyncLocal = async_sessionmaker(create_async_engine(URL))

  async def load_a(session: AsyncSession, x=None):
      return await session.get(A, x)

  async def own(x):
      async with AsyncLocal() as session:
          return await session.get(A, x)

  class Repo:
      def __init__(self, session: AsyncSession):
          self.session = session
      async def a(self):
          return await self.session.get(A, 1)
      async def b(self):
          return await self.a()
      async def plain(self):
          return 1

`
const LINES = IMPORTS.split('\n').length - 1

function valid(name: string, code: string, more: object = {}) {
  return { name, code: IMPORTS + code, ...more }
}

function invalid(name: string, code: string, lines: number | readonly number[], messageId: string, message?: string) {
  const all = typeof lines === 'number' ? [lines] : lines
  return { name, code: IMPORTS + code, errors: all.map((line) => ({ messageId, line: LINES + line, ...(message && { message }) })) } as never
}

new RuleTester().run('sqlalchemy/no-shared-session', noSharedSession, {
  valid: [
    valid('one after the other', 'async def f(s: AsyncSession):\n    a = await load_a(s)\n    b = await load_a(s)\n'),
    valid('sessions of their own', 'async def f(ids):\n    await asyncio.gather(own(1), own(2))\n    await asyncio.gather(*(own(i) for i in ids))\n'),
    valid('two sessions', 'async def f(s: AsyncSession, t: AsyncSession):\n    await asyncio.gather(load_a(s), load_a(t))\n'),
    valid('the factory', 'async def f(ids):\n    await asyncio.gather(*(work(AsyncLocal, i) for i in ids))\n'),
    valid('one coroutine', 'async def f(s: AsyncSession):\n    await asyncio.gather(load_a(s))\n    await asyncio.gather(load_a(s), own(1))\n'),
    valid('one session for each', 'async def f(sessions: list[AsyncSession]):\n    await asyncio.gather(*(load_a(s) for s in sessions))\n'),
    valid('a registry', 'S = async_scoped_session(AsyncLocal, scopefunc=f)\nasync def f():\n    await asyncio.gather(load_a(S), load_a(S))\n'),
    valid('methods without a session', 'async def f(r: Repo):\n    await asyncio.gather(r.plain(), r.plain())\n'),
    valid('a task that is awaited', 'async def f(s: AsyncSession):\n    t = asyncio.create_task(load_a(s))\n    await t\n'),
    valid('one of two tasks', 'async def f(s: AsyncSession, x):\n    if x:\n        t = asyncio.create_task(load_a(s))\n    else:\n        t = asyncio.create_task(load_a(s, 1))\n    await t\n'),
    valid('a task in a group', 'async def f(s: AsyncSession):\n    async with asyncio.TaskGroup() as tg:\n        tg.create_task(load_a(s))\n'),
    valid('a session for each round', 'async def f(xs):\n    for x in xs:\n        async with AsyncLocal() as s:\n            t = asyncio.create_task(load_a(s))\n            await t\n'),
    valid('a background task without a session', 'def f(tasks: BackgroundTasks, db: Session, user):\n    tasks.add_task(send, user.id)\n'),
    valid('an awaited executor', 'async def f(loop, db: Session):\n    await loop.run_in_executor(None, work, db)\n    await asyncio.to_thread(work, db)\n'),
    valid('a registry at module level', 'session = scoped_session(SessionLocal)\n'),
    valid('a connection', 'conn = create_engine(URL).connect()\n'),
    valid('in a function', 'def f():\n    session = SessionLocal()\n    return session\n'),
    valid('under the guard', 'if __name__ == "__main__":\n    session = SessionLocal()\n'),
    valid('a script', 'session = SessionLocal()\n', { path: 'scripts/fill.py' }),
    valid('a test', 'session = SessionLocal()\n', { path: 'tests/conftest.py' }),
    valid('map of a builtin', 'def f(db: Session, table):\n    table.map(f, db)\n'),
  ],
  invalid: [
    invalid('gather', 'async def f(session: AsyncSession):\n    await asyncio.gather(\n        load_a(session), load_a(session))\n', 2, 'concurrent', '`session` is used by several tasks at once in `asyncio.gather`; an `AsyncSession` is not concurrency-safe. Give each task its own session, or run the queries one after another.'),
    invalid('gather of a comprehension', 'async def f(s: AsyncSession, ids):\n    await asyncio.gather(*(load_a(s, i) for i in ids))\n', 2, 'concurrent'),
    invalid('gather of a list', 'async def f(s: AsyncSession, ids):\n    todo = [load_a(s, i) for i in ids]\n    await asyncio.gather(*todo)\n', 3, 'concurrent'),
    invalid('statements', 'async def f(s: AsyncSession):\n    await asyncio.gather(s.execute(select(1)), s.execute(select(2)))\n', 2, 'concurrent'),
    invalid('wait', 'async def f(s: AsyncSession):\n    await asyncio.wait([asyncio.create_task(load_a(s)), own(1), load_a(s)])\n', 2, 'concurrent'),
    invalid('gathered tasks', 'async def f(s: AsyncSession):\n    await asyncio.gather(asyncio.create_task(load_a(s)), asyncio.create_task(load_a(s)))\n', 2, 'concurrent'),
    invalid('methods', 'async def f(r: Repo):\n    await asyncio.gather(r.a(), r.b())\n', 2, 'concurrent'),
    invalid('objects that share it', 'async def f(s: AsyncSession):\n    x = Repo(s)\n    y = Repo(s)\n    await asyncio.gather(x.a(), y.a())\n', 4, 'concurrent'),
    invalid('own methods', 'class Other(Repo):\n    async def all(self):\n        await asyncio.gather(self.a(), self.b())\n', 3, 'concurrent'),
    invalid('tasks', 'async def f(s: AsyncSession):\n    async with asyncio.TaskGroup() as tg:\n        tg.create_task(load_a(s))\n        tg.create_task(load_a(s))\n', [3, 4], 'concurrent'),
    invalid('a task in a loop', 'async def f(s: AsyncSession, ids):\n    async with asyncio.TaskGroup() as tg:\n        for i in ids:\n            tg.create_task(load_a(s, i))\n', 4, 'concurrent'),
    invalid('a task that nobody awaits', 'async def f(s: AsyncSession):\n    asyncio.create_task(load_a(s))\n', 2, 'detached'),
    invalid('a task that is only kept', 'async def f(tasks):\n    async with AsyncLocal() as s:\n        t = asyncio.create_task(load_a(s))\n        tasks.add(t)\n        t.add_done_callback(tasks.discard)\n', 3, 'detached'),
    invalid('a background task', 'def f(background_tasks: BackgroundTasks, db: Session, user):\n    background_tasks.add_task(send_mail, db, user.id)\n', 2, 'handed', '`db` is handed to `background_tasks.add_task`, which uses it at another time or in another thread; a session belongs to one task. Let the work open its own session.'),
    invalid('a background task by keyword', 'def f(tasks: BackgroundTasks, db: Session):\n    tasks.add_task(send_mail, session=db)\n', 2, 'handed'),
    invalid('a thread', 'def f(db: Session):\n    threading.Thread(target=work, args=(db,)).start()\n', 2, 'handed'),
    invalid('an executor', 'def f(db: Session, items):\n    with ThreadPoolExecutor() as executor:\n        executor.submit(work, db)\n', 3, 'handed'),
    invalid('an executor that is not awaited', 'async def f(loop, db: Session):\n    loop.run_in_executor(None, work, db)\n', 2, 'handed'),
    invalid('the module', 'session = SessionLocal()\n', 1, 'global', '`session` is created once and shared by all threads and requests. Create a session for each unit of work.'),
    invalid('a function that makes one', 'def make():\n    return SessionLocal()\nsession = make()\n', 3, 'global'),
    invalid('a class', 'class A:\n    session = SessionLocal()\n', 2, 'global'),
    invalid('a default', 'def f(x, db=SessionLocal(), other: Session = SessionLocal()): ...\n', [1, 1], 'default'),
  ],
})
