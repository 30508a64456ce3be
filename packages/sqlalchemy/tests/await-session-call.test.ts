import { python, RuleTester } from '@krait/rule-tester'
import { awaitSessionCall } from '../src/rules/await-session-call.ts'

const IMPORTS = python`
  import asyncio
  from typing import Annotated
  import sqlmodel
  from fastapi import Depends
  from sqlalchemy import select, create_engine
  from sqlalchemy.ext.asyncio import AsyncConnection, AsyncSession, async_scoped_session, async_sessionmaker, create_async_engine
  from sqlalchemy.orm import Session, sessionmaker
  from sqlmodel.ext.asyncio.session import AsyncSession as SQLModelSession
  engine = create_async_engine(URL)
  Factory = async_sessionmaker(engine, expire_on_commit=False)
  SyncFactory = sessionmaker(create_engine(URL))

`
const LINES = IMPORTS.split('\n').length - 1

function valid(name: string, code: string) {
  return { name, code: IMPORTS + code }
}

/** A case with one finding. @param line counted from the first line of `code` */
function invalid(name: string, code: string, line: number, more: { output?: string; suggestion?: string; message?: string; messageId?: string } = {}) {
  return {
    name,
    code: IMPORTS + code,
    errors: [
      {
        messageId: more.messageId ?? 'unawaited',
        line: line + LINES,
        ...(more.message && { message: more.message }),
        ...(more.suggestion && { suggestions: [{ messageId: more.messageId === 'synchronous' ? 'remove' : 'insert', output: IMPORTS + more.suggestion }] }),
      },
    ],
    ...(more.output && { output: IMPORTS + more.output }),
  } as never
}

new RuleTester().run('sqlalchemy/await-session-call', awaitSessionCall, {
  valid: [
    valid('awaited', 'async def f(s: AsyncSession, x):\n    await s.delete(x)\n    rows = (await s.execute(select(1))).scalars().all()\n'),
    valid('awaited in parentheses', 'async def f(s: AsyncSession, x):\n    return (await (s.get(User, x))).name\n'),
    valid('returned', 'def f(s: AsyncSession):\n    return s.execute(select(1))\n'),
    valid('yielded and appended', 'def f(s: AsyncSession, todo):\n    todo.append(s.commit())\n    yield s.flush()\n    todo += [s.refresh(todo)]\n'),
    valid('passed to gather', 'async def f(s: AsyncSession):\n    await asyncio.gather(s.execute(select(1)))\n    asyncio.create_task(s.commit())\n'),
    valid('a variable that is awaited later', 'async def f(s: AsyncSession):\n    c = s.execute(select(1))\n    c.close\n    await c\n'),
    valid('a variable that is passed on', 'async def f(s: AsyncSession):\n    c = s.execute(select(1))\n    await asyncio.wait_for(c, 1)\n'),
    valid('a variable of the module', 's = Factory()\nresult = s.execute(select(1))\n'),
    valid('a block', 'async def f(s: AsyncSession):\n    async with s.begin():\n        s.add(1)\n'),
    valid('the sync session', 'def f(s: AsyncSession):\n    s.sync_session.commit()\n'),
    valid('a sync session', 'def f(s: Session):\n    s.commit()\n    return s.execute(select(1)).all()\n'),
    valid('a session of unknown kind', 'async def f(session):\n    session.commit()\n    await session.commit()\n'),
    valid('a lambda gives it back', 'f = lambda s: Factory().commit()\n'),
    valid('a plain method', 'async def f(s: AsyncSession):\n    s.add(1)\n    s.expire(1)\n'),
    valid('a wrong annotation', 'async def f(s: Session):\n    await s.execute(select(1))\n    await s.commit()\n'),
    valid('a method of the project', 'class Own(AsyncSession):\n    def delete(self, x): ...\ndef f(s: Own):\n    s.delete(1)\n'),
    valid('other methods of a connection', 'def f(c: AsyncConnection):\n    c.close()\n'),
    valid('inside run_sync', 'async def f(s: AsyncSession):\n    await s.run_sync(lambda session: session.execute(select(1)))\n'),
    valid('other objects', 'async def f(s: AsyncSession, cache):\n    cache.delete(1)\n    await cache.add(1)\n    s.info.get(1)\n'),
    valid('a task of another kind', 'async def f(session: "aiohttp.ClientSession"):\n    session.get("x")\n'),
  ],
  invalid: [
    invalid('a value that is thrown away', 'async def f(s: AsyncSession, x):\n    s.delete(x)\n', 2, { output: 'async def f(s: AsyncSession, x):\n    await s.delete(x)\n' }),
    invalid('the message', 'async def f(session: AsyncSession):\n    session.commit()\n', 2, {
      message: '`session.commit()` returns a coroutine that is never awaited, so nothing is committed. Write `await session.commit()`.',
      output: 'async def f(session: AsyncSession):\n    await session.commit()\n',
    }),
    invalid('an attribute of a coroutine', 'async def f(s: AsyncSession):\n    return s.execute(select(1)).scalars().all()\n', 2, {
      suggestion: 'async def f(s: AsyncSession):\n    return (await s.execute(select(1))).scalars().all()\n',
    }),
    invalid('in parentheses', 'async def f(s: AsyncSession):\n    return (s.execute(select(1))).all()\n', 2, {
      suggestion: 'async def f(s: AsyncSession):\n    return (await s.execute(select(1))).all()\n',
    }),
    invalid('several lines', 'async def f(s: AsyncSession):\n    return (\n        s\n        .scalars(select(1))\n        .all()\n    )\n', 4, {
      suggestion: 'async def f(s: AsyncSession):\n    return (\n        (await s\n        .scalars(select(1)))\n        .all()\n    )\n',
    }),
    invalid('iterated', 'async def f(s: AsyncSession):\n    for row in s.scalars(select(1)):\n        pass\n', 2, {
      suggestion: 'async def f(s: AsyncSession):\n    for row in (await s.scalars(select(1))):\n        pass\n',
    }),
    invalid('iterated by a stream', 'async def f(s: AsyncSession):\n    return [r async for r in s.stream(select(1))]\n', 2, {
      suggestion: 'async def f(s: AsyncSession):\n    return [r async for r in (await s.stream(select(1)))]\n',
    }),
    invalid('tested', 'async def f(s: AsyncSession):\n    if s.get(User, 1):\n        pass\n', 2, {
      suggestion: 'async def f(s: AsyncSession):\n    if (await s.get(User, 1)):\n        pass\n',
    }),
    invalid('compared', 'async def f(s: AsyncSession):\n    return s.scalar(select(1)) is None\n', 2, {
      suggestion: 'async def f(s: AsyncSession):\n    return (await s.scalar(select(1))) is None\n',
    }),
    invalid('a subscript', 'async def f(s: SQLModelSession):\n    return s.exec(select(1))[0]\n', 2, {
      suggestion: 'async def f(s: SQLModelSession):\n    return (await s.exec(select(1)))[0]\n',
    }),
    invalid('a variable', 'async def f(s: AsyncSession):\n    result = s.execute(select(1))\n    return result.all()\n', 2, {
      suggestion: 'async def f(s: AsyncSession):\n    result = await s.execute(select(1))\n    return result.all()\n',
    }),
    invalid('a factory', 'async def f(x):\n    async with Factory() as s:\n        s.add(x)\n        s.commit()\n', 4, {
      output: 'async def f(x):\n    async with Factory() as s:\n        s.add(x)\n        await s.commit()\n',
    }),
    invalid('a dependency', 'Db = Annotated[AsyncSession, Depends(get)]\nasync def f(db: Db, x):\n    db.refresh(x)\n', 3, {
      output: 'Db = Annotated[AsyncSession, Depends(get)]\nasync def f(db: Db, x):\n    await db.refresh(x)\n',
    }),
    invalid('an attribute', 'class Repo:\n    def __init__(self, s: AsyncSession):\n        self.s = s\n    async def f(self):\n        self.s.flush()\n', 5, {
      output: 'class Repo:\n    def __init__(self, s: AsyncSession):\n        self.s = s\n    async def f(self):\n        await self.s.flush()\n',
    }),
    invalid('a registry', 'Scoped = async_scoped_session(Factory, scopefunc=f)\nasync def f(x):\n    Scoped.rollback()\n', 3, {
      output: 'Scoped = async_scoped_session(Factory, scopefunc=f)\nasync def f(x):\n    await Scoped.rollback()\n',
    }),
    invalid('a connection', 'async def f():\n    async with engine.connect() as c:\n        c.execute(select(1))\n', 3, {
      output: 'async def f():\n    async with engine.connect() as c:\n        await c.execute(select(1))\n',
    }),
    { name: 'in a function that can not await', code: `${IMPORTS}def f(s: AsyncSession):\n    s.commit()\n`, errors: [{ messageId: 'unawaited', line: LINES + 2 }] },
    invalid('a sync session that is awaited', 'async def f(s: Session):\n    await s.commit()\n', 2, {
      messageId: 'synchronous',
      message: '`s.commit()` returns no awaitable, so `await` raises `TypeError` after it has run. Remove the `await`.',
      output: 'async def f(s: Session):\n    s.commit()\n',
    }),
    {
      name: 'sync sessions that are made here',
      code: `${IMPORTS}async def f():\n    with SyncFactory() as s:\n        await s.execute(select(1))\n        await s.commit()\n`,
      errors: [{ messageId: 'synchronous', line: LINES + 3 }, { messageId: 'synchronous', line: LINES + 4 }],
      output: `${IMPORTS}async def f():\n    with SyncFactory() as s:\n        s.execute(select(1))\n        s.commit()\n`,
    },
    invalid('a sync session by annotation alone, and the value is used', 'async def f(s: Session):\n    rows = await s.execute(select(1))\n    return rows.all()\n', 2, {
      messageId: 'synchronous',
      suggestion: 'async def f(s: Session):\n    rows = s.execute(select(1))\n    return rows.all()\n',
    }),
    invalid('a walrus', 'async def f(s: AsyncSession):\n    if (user := s.get(User, 1)) is None:\n        return user\n', 2, {
      suggestion: 'async def f(s: AsyncSession):\n    if (user := await s.get(User, 1)) is None:\n        return user\n',
    }),
    invalid(
      'a generator that yields a session',
      'async def sessions():\n    async with Factory() as s:\n        yield s\nasync def f():\n    async for s in sessions():\n        s.commit()\n',
      6,
      { output: 'async def sessions():\n    async with Factory() as s:\n        yield s\nasync def f():\n    async for s in sessions():\n        await s.commit()\n' },
    ),
    invalid(
      'the next one of a generator',
      'async def sessions():\n    async with Factory() as s:\n        yield s\nasync def f():\n    s = await anext(sessions())\n    s.commit()\n',
      6,
      { output: 'async def sessions():\n    async with Factory() as s:\n        yield s\nasync def f():\n    s = await anext(sessions())\n    await s.commit()\n' },
    ),
    invalid('a session on a stack', 'async def f(stack: AsyncExitStack):\n    s = await stack.enter_async_context(Factory())\n    s.commit()\n', 3, {
      output: 'async def f(stack: AsyncExitStack):\n    s = await stack.enter_async_context(Factory())\n    await s.commit()\n',
    }),
    invalid('add of an async session', 'async def f(s: AsyncSession, x):\n    await s.add(x)\n', 2, { messageId: 'synchronous', output: 'async def f(s: AsyncSession, x):\n    s.add(x)\n' }),
    invalid('add of a session of unknown kind', 'async def f(session, x):\n    await session.add_all(x)\n', 2, {
      messageId: 'synchronous',
      output: 'async def f(session, x):\n    session.add_all(x)\n',
    }),
  ],
})
