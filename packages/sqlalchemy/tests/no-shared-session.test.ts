import { python, RuleTester } from '@krait/rule-tester'
import { noSharedSession } from '../src/rules/no-shared-session.ts'

const IMPORTS = python`
  import asyncio, threading
  from concurrent.futures import ThreadPoolExecutor
  from functools import partial
  from fastapi import BackgroundTasks, Depends
  from sqlalchemy import create_engine, select
  from sqlalchemy.ext.asyncio import AsyncSession, async_scoped_session, async_sessionmaker, create_async_engine
  from sqlalchemy.orm import Session, scoped_session, sessionmaker
  Local = async_sessionmaker(create_async_engine(URL))
  SyncLocal = sessionmaker(create_engine(URL))
  Scoped = scoped_session(SyncLocal)

  class Repo:
      def __init__(self, session: AsyncSession):
          self.session = session

      async def load(self, key):
          return await self._run(key)

      async def _run(self, key):
          return await self.session.get(Repo, key)

      async def plain(self, key):
          return key

  class Own:
      def __init__(self, factory):
          self.factory = factory

      async def load(self, key):
          async with self.factory() as session:
              return await session.get(Repo, key)

  async def load_a(session): ...
  async def load_b(session, key=1): ...

`
const LINES = IMPORTS.split('\n').length - 1

function valid(name: string, code: string, path?: string) {
  return { name, code: IMPORTS + code, ...(path && { path }) }
}

function invalid(name: string, code: string, lines: number | readonly number[], messageId = 'concurrent', message?: string) {
  const all = typeof lines === 'number' ? [lines] : lines
  return { name, code: IMPORTS + code, errors: all.map((line) => ({ messageId, line: line + LINES, ...(message && { message }) })) } as never
}

new RuleTester().run('sqlalchemy/no-shared-session', noSharedSession, {
  valid: [
    valid('one after another', 'async def f(session: AsyncSession):\n    a = await load_a(session)\n    b = await load_b(session)\n'),
    valid('each opens its own', 'async def one(key):\n    async with Local() as session:\n        return await session.get(Repo, key)\nasync def f(keys):\n    await asyncio.gather(one(1), one(2), *[one(key) for key in keys])\n'),
    valid('the factory is passed', 'async def f(factory: async_sessionmaker[AsyncSession]):\n    await asyncio.gather(load_a(factory), load_b(factory))\n'),
    valid('two sessions', 'async def f(one: AsyncSession, two: AsyncSession):\n    await asyncio.gather(load_a(one), load_b(two))\n'),
    valid('only one uses it', 'async def f(session: AsyncSession):\n    await asyncio.gather(load_a(session), asyncio.sleep(1))\n    await asyncio.gather(load_a(session))\n'),
    valid('a session per item', 'async def f(sessions: list[AsyncSession]):\n    await asyncio.gather(*[load_a(session) for session in sessions])\n'),
    valid('a session per round', 'async def f(keys):\n    todo = []\n    for key in keys:\n        session = Local()\n        todo.append(load_b(session, key))\n    await asyncio.gather(*todo)\n'),
    valid('a scoped session', 'async def f(session: async_scoped_session):\n    await asyncio.gather(load_a(session), load_b(session))\n'),
    valid('a sync session in coroutines', 'async def f(session: Session):\n    await asyncio.gather(load_a(session), load_b(session))\n'),
    valid('objects with sessions of their own', 'async def f(own: Own, a: Repo, b: Repo):\n    await asyncio.gather(own.load(1), own.load(2), a.load(1), b.load(2), a.plain(3))\n'),
    valid('repositories of different sessions', 'async def f(one: AsyncSession, two: AsyncSession):\n    a = Repo(one)\n    b = Repo(two)\n    await asyncio.gather(a.load(1), b.load(2))\n'),
    valid('another gather', 'async def f(gather, session: AsyncSession):\n    await gather(load_a(session), load_b(session))\n'),
    valid('tasks that are awaited one by one', 'async def f(session: AsyncSession, keys):\n    a = asyncio.create_task(load_a(session))\n    await a\n    b = asyncio.create_task(load_b(session))\n    await b\n    for key in keys:\n        task = asyncio.create_task(load_b(session, key))\n        await asyncio.wait_for(task, 1)\n'),
    valid('one task that is awaited', 'async def f(session: AsyncSession):\n    task = asyncio.create_task(load_a(session))\n    await asyncio.sleep(1)\n    await task\n    await asyncio.create_task(load_b(session))\n'),
    valid('one task of a group', 'async def f(session: AsyncSession):\n    async with asyncio.TaskGroup() as tg:\n        tg.create_task(load_a(session))\n        tg.create_task(asyncio.sleep(1))\n    async with asyncio.TaskGroup() as tg:\n        tg.create_task(load_b(session))\n'),
    valid('one task or the other', 'async def f(session: AsyncSession, x):\n    if x:\n        task = asyncio.create_task(load_a(session))\n    else:\n        task = asyncio.create_task(load_b(session))\n    await task\n'),
    valid('a block per round', 'async def f(keys):\n    for key in keys:\n        async with Local() as session:\n            task = asyncio.create_task(load_b(session, key))\n            await task\n'),
    valid('a registry of the module', 'S = async_scoped_session(Local, scopefunc=f)\nasync def g():\n    await asyncio.gather(load_a(S), load_b(S))\n'),
    valid('a group per round', 'async def f(session: AsyncSession, keys):\n    for key in keys:\n        async with asyncio.TaskGroup() as tg:\n            tg.create_task(load_b(session, key))\n'),
    valid('a task that is returned', 'def f(session: AsyncSession):\n    return asyncio.create_task(load_a(session))\n'),
    valid('tasks without a session', 'async def f(user_id):\n    asyncio.create_task(notify(user_id))\n'),
    valid('create_task of another object', 'async def f(service, session: AsyncSession):\n    service.create_task(load_a(session))\n    service.create_task(session, load_b(session))\n'),
    valid('a task with a session of its own', 'async def f():\n    session = Local()\n    asyncio.create_task(load_a(session))\n'),
    valid('ids for background tasks', 'def f(tasks: BackgroundTasks, db: Session, user):\n    tasks.add_task(send, user.id)\n    tasks.add_task(send, factory=SyncLocal)\n'),
    valid('add_task of another object', 'def f(board: Repo, db: Session):\n    board.add_task(send, db)\n'),
    valid('one thread that is awaited', 'async def f(db: Session):\n    loop = asyncio.get_running_loop()\n    await loop.run_in_executor(None, load_a, db)\n    await asyncio.to_thread(load_a, db)\n    future = loop.run_in_executor(None, load_a, db)\n    await future\n'),
    valid('threads without a session', 'def f(db: Session):\n    threading.Thread(target=load_a, args=(db.bind, 1)).start()\n    with ThreadPoolExecutor() as pool:\n        pool.map(load_a, [1, 2])\n        pool.submit(load_a, SyncLocal)\n'),
    valid('map and submit of something else', 'def f(db: Session, form):\n    form.submit(db)\n    list(map(load_a, [db]))\n'),
    valid('factories, proxies and connections of the module', 'session = Scoped\ndb = scoped_session(SyncLocal)\nengine = create_engine(URL)\nconnection = engine.connect()\n'),
    valid('a session in a function', 'def f():\n    session = SyncLocal()\n    return session\ndef g(db: Session = Depends(f), other=None): ...\n'),
    valid('the main guard', 'if __name__ == "__main__":\n    session = SyncLocal()\n    asyncio.run(asyncio.gather(load_a(session), load_b(session)))\n'),
    valid('a script', 'session = SyncLocal()\n', 'scripts/seed.py'),
    valid('a test', 'session = SyncLocal()\n', 'tests/conftest.py'),
  ],
  invalid: [
    invalid('its message', 'async def f(session: AsyncSession):\n    await asyncio.gather(load_a(session), load_b(session))\n', 2, 'concurrent', '`session` is used by several tasks at once in `asyncio.gather`; an `AsyncSession` is not concurrency-safe. Give each task its own session, or run the queries one after another.'),
    invalid('methods of the session', 'async def f(db: AsyncSession):\n    a, b = await asyncio.gather(\n        db.execute(select(1)),\n        db.scalars(select(2)),\n    )\n', 2),
    invalid('an unannotated session', 'async def f(session):\n    await asyncio.gather(load_a(session), load_b(session))\n', 2),
    invalid('by keyword', 'async def f(db: AsyncSession):\n    await asyncio.gather(load_a(session=db), load_b(key=2, session=db))\n', 2),
    invalid('a comprehension', 'async def f(db: AsyncSession, keys):\n    await asyncio.gather(*[load_b(db, key) for key in keys])\n    await asyncio.gather(*(load_b(db, key) for key in keys))\n', [2, 3]),
    invalid('map', 'async def f(db: AsyncSession, keys):\n    await asyncio.gather(*map(lambda key: load_b(db, key), keys))\n    await asyncio.gather(*map(partial(load_b, db), keys))\n', [2, 3]),
    invalid('a list that is built', 'async def f(db: AsyncSession, keys):\n    todo = []\n    for key in keys:\n        todo.append(load_b(db, key))\n    await asyncio.gather(*todo)\n', 5),
    invalid('a list that is written out', 'async def f(db: AsyncSession, keys):\n    todo = [load_a(db), load_b(db)]\n    await asyncio.wait(todo)\n', 3),
    invalid('wrapped', 'async def f(db: AsyncSession):\n    await asyncio.gather(asyncio.wait_for(load_a(db), 1), asyncio.shield(load_b(db)))\n', 2),
    invalid('tasks inside of gather', 'async def f(db: AsyncSession):\n    await asyncio.gather(asyncio.create_task(load_a(db)), asyncio.create_task(load_b(db)))\n', 2),
    invalid('from asyncio import gather', 'from asyncio import gather as together, gather\nasync def f(db: AsyncSession):\n    await gather(load_a(db), load_b(db))\n', 3),
    invalid('a session of a block', 'async def f():\n    async with Local() as db:\n        await asyncio.gather(load_a(db), load_b(db))\n', 3),
    invalid('an object with a session', 'async def f(repo: Repo):\n    await asyncio.gather(repo.load(1), repo.load(2))\n', 2, 'concurrent', '`repo.session` is used by several tasks at once in `asyncio.gather`; an `AsyncSession` is not concurrency-safe. Give each task its own session, or run the queries one after another.'),
    invalid('self', 'class Service:\n    def __init__(self, db: AsyncSession):\n        self.db = db\n    async def a(self):\n        await self.db.execute(select(1))\n    async def b(self):\n        await self.a()\n    async def both(self):\n        await asyncio.gather(self.a(), self.b())\n', 9),
    invalid('inherited methods', 'class Other(Repo):\n    async def both(self):\n        await asyncio.gather(self.load(1), self.load(2))\n', 3),
    invalid('repositories of one object', 'class Service:\n    def __init__(self, repo: Repo):\n        self.repo = repo\n    async def both(self):\n        await asyncio.gather(self.repo.load(1), self.repo.load(2))\n', 5),
    invalid('repositories of one session', 'async def f(db: AsyncSession):\n    a = Repo(db)\n    b = Repo(db)\n    await asyncio.gather(a.load(1), b.load(2))\n', 4),
    invalid('an inner function', 'async def f(db: AsyncSession, keys):\n    async def one(key):\n        return await db.get(Repo, key)\n    await asyncio.gather(*[one(key) for key in keys])\n', 4),
    invalid('threads in gather', 'async def f(db: Session):\n    await asyncio.gather(asyncio.to_thread(load_a, db), asyncio.to_thread(load_b, db))\n', 2),
    invalid('two tasks', 'async def f(db: AsyncSession):\n    a = asyncio.create_task(load_a(db))\n    b = asyncio.create_task(load_b(db))\n    await a\n    await b\n', [2, 3]),
    invalid('tasks of a group', 'async def f(db: AsyncSession):\n    async with asyncio.TaskGroup() as tg:\n        tg.create_task(load_a(db))\n        tg.create_task(load_b(db))\n', [3, 4], 'concurrent', '`db` is used by several tasks at once in `tg.create_task`; an `AsyncSession` is not concurrency-safe. Give each task its own session, or run the queries one after another.'),
    invalid('tasks of a loop', 'async def f(db: AsyncSession, keys):\n    async with asyncio.TaskGroup() as tg:\n        for key in keys:\n            tg.create_task(load_b(db, key))\n    tasks = [asyncio.create_task(load_b(db, key)) for key in keys]\n    await asyncio.gather(*tasks)\n', [4, 5]),
    invalid('a task that nobody awaits', 'async def f(db: AsyncSession):\n    asyncio.create_task(load_a(db))\n', 2, 'task', '`db` is used by a task that nothing here waits for, while this code goes on with it or after it was closed. Open a session in `load_a` itself.'),
    invalid('a task that is kept', 'TASKS = set()\nasync def f(db: AsyncSession):\n    task = asyncio.ensure_future(load_a(db))\n    TASKS.add(task)\n    task.add_done_callback(TASKS.discard)\n', 3, 'task'),
    invalid('a task that is awaited behind the block', 'async def f():\n    async with Local() as db:\n        task = asyncio.create_task(load_a(db))\n    await task\n', 3, 'task'),
    invalid('background tasks', 'def f(background_tasks: BackgroundTasks, db: Session, user):\n    background_tasks.add_task(send_mail, db, user.id)\n', 2, 'handed', '`db` is handed to `background_tasks.add_task`, which runs beside this code or after it; a session is not safe for concurrent use. Pass ids, and open a session there.'),
    invalid('background tasks of unknown type, by keyword', 'def f(background, db: AsyncSession):\n    background.add_task(send_mail, session=db)\n', 2, 'handed'),
    invalid('threads', 'def f(db: Session):\n    threading.Thread(target=load_a, args=(db,)).start()\n    threading.Thread(target=load_a, kwargs={"session": db}).start()\n', [2, 3], 'handed'),
    invalid('executors', 'def f(db: Session, keys):\n    with ThreadPoolExecutor() as pool:\n        pool.submit(load_a, db)\n        pool.map(partial(load_b, db), keys)\n        pool.submit(lambda: load_b(db))\n', [3, 4, 5], 'handed'),
    invalid('a lambda for a thread', 'def f(db: Session):\n    threading.Thread(target=lambda: load_b(db)).start()\n', 2, 'handed'),
    invalid('an executor of the loop that is not awaited', 'async def f(db: Session):\n    asyncio.get_running_loop().run_in_executor(None, load_a, db)\n', 2, 'handed'),
    invalid('the module', 'session = SyncLocal()\nasync_db: AsyncSession = Local()\ntry:\n    other = Session(create_engine(URL))\nexcept Exception:\n    other = None\n', [1, 2, 4], 'global'),
    invalid('a class', 'class Service:\n    db = SyncLocal()\n', 2, 'global', '`db` is created once and shared by all threads and tasks; a session is not safe for concurrent use. Create one per unit of work from a `sessionmaker`.'),
    invalid('a default', 'def f(db=SyncLocal()): ...\nasync def g(\n    key,\n    db: AsyncSession = Local(),\n): ...\n', [1, 4], 'default'),
  ],
})
