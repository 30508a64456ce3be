import { python, RuleTester } from '@krait/rule-tester'
import { noExpiredAttributeAccess } from '../src/rules/no-expired-attribute-access.ts'

const IMPORTS = python`
  from fastapi import APIRouter
  from pydantic import BaseModel, ConfigDict
  from sqlalchemy import ForeignKey, select
  from sqlalchemy.exc import IntegrityError
  from sqlalchemy.ext.asyncio import AsyncSession, async_sessionmaker, create_async_engine
  from sqlalchemy.orm import DeclarativeBase, Mapped, Session, mapped_column, relationship

  class Base(DeclarativeBase): ...

  class User(Base):
      __tablename__ = "users"
      id: Mapped[int] = mapped_column(primary_key=True)
      email: Mapped[str]

      def to_data(self):
          return {"email": self.email}

      def kind(self):
          return "user"

  class UserOut(BaseModel):
      model_config = ConfigDict(from_attributes=True)
      id: int

  router = APIRouter()

  async def load(session: AsyncSession, uid) -> User:
      return await session.get_one(User, uid)

  def describe(user):
      return user.email

`
const FACTORY = 'SessionLocal = async_sessionmaker(create_async_engine(URL))\n'
const KEEPING = 'SessionLocal = async_sessionmaker(create_async_engine(URL), expire_on_commit=False)\n'
const LINES = IMPORTS.split('\n').length

function valid(name: string, code: string, head = FACTORY) {
  return { name, code: IMPORTS + head + code }
}

function invalid(name: string, code: string, line: number, suggestion: string | number, more: { message?: string; messageId?: string; head?: string } = {}) {
  const head = more.head ?? FACTORY
  const suggestions = typeof suggestion === 'number' ? suggestion : [{ messageId: 'refresh', output: IMPORTS + head + suggestion }]
  return {
    name,
    code: IMPORTS + head + code,
    errors: [{ messageId: more.messageId ?? 'committed', line: LINES + line, suggestions, ...(more.message && { message: more.message }) }],
  } as never
}

new RuleTester().run('sqlalchemy/no-expired-attribute-access', noExpiredAttributeAccess, {
  valid: [
    valid('refreshed', 'async def f(s: AsyncSession, user: User):\n    s.add(user)\n    await s.commit()\n    await s.refresh(user)\n    return user.id\n'),
    valid('copied before', 'async def f(s: AsyncSession, user: User):\n    s.add(user)\n    uid = user.id\n    await s.commit()\n    return uid\n'),
    valid('read before', 'async def f(s: AsyncSession, user: User):\n    s.add(user)\n    print(user.id)\n    await s.commit()\n'),
    valid('a factory that keeps', 'async def f(s: AsyncSession, user: User):\n    s.add(user)\n    await s.commit()\n    return user.id\n', KEEPING),
    valid('one of two factories keeps', 'Other = async_sessionmaker(expire_on_commit=False)\nasync def f(s: AsyncSession, user: User):\n    s.add(user)\n    await s.commit()\n    return user.id\n'),
    valid('no factory', 'async def f(s: AsyncSession, user: User):\n    s.add(user)\n    await s.commit()\n    return user.id\n', '\n'),
    valid('configured', 'SessionLocal.configure(expire_on_commit=False)\nasync def f(s: AsyncSession, user: User):\n    s.add(user)\n    await s.commit()\n    return user.id\n'),
    valid('a factory of its own', 'async def f(user: User):\n    async with async_sessionmaker(expire_on_commit=False)() as s:\n        s.add(user)\n        await s.commit()\n        return user.id\n'),
    valid('a factory that a function makes', 'def make(engine):\n    return async_sessionmaker(engine, expire_on_commit=False)\nasync def f(user: User, engine):\n    maker = make(engine)\n    async with maker() as s:\n        s.add(user)\n        await s.commit()\n        return user.id\n', '\n'),
    valid('a sync session', 'def f(s: Session, user: User):\n    s.add(user)\n    s.commit()\n    return user.id\n'),
    valid('an assignment', 'async def f(s: AsyncSession, user: User):\n    s.add(user)\n    await s.commit()\n    user.email = "x"\n'),
    valid('another session', 'async def f(s: AsyncSession, t: AsyncSession, user: User):\n    t.add(user)\n    await s.commit()\n    return user.id\n'),
    valid('loaded again', 'async def f(s: AsyncSession, uid):\n    user = await s.get(User, uid)\n    await s.commit()\n    user = await s.get(User, uid)\n    return user.email\n'),
    valid('queried again', 'async def f(s: AsyncSession, user: User):\n    s.add(user)\n    await s.commit()\n    await s.execute(select(User))\n    return user.email\n'),
    valid('expunged', 'async def f(s: AsyncSession, uid):\n    user = await s.get(User, uid)\n    s.expunge(user)\n    await s.commit()\n    return user.email\n'),
    valid('a method that reads nothing', 'async def f(s: AsyncSession, user: User):\n    s.add(user)\n    await s.commit()\n    return user.kind()\n'),
    valid('on another path', 'async def f(s: AsyncSession, user: User, x):\n    s.add(user)\n    if x:\n        await s.commit()\n        return None\n    return user.id\n'),
    valid('an object that is no model', 'async def f(s: AsyncSession, other):\n    s.add(other)\n    await s.commit()\n    return other.id\n'),
  ],
  invalid: [
    invalid(
      'after a commit',
      'async def f(session: AsyncSession, user: User):\n    session.add(user); await session.flush()\n    await session.commit()\n    return {"id": user.id, "email": user.email}\n',
      4,
      'async def f(session: AsyncSession, user: User):\n    session.add(user); await session.flush()\n    await session.commit()\n    await session.refresh(user)\n    return {"id": user.id, "email": user.email}\n',
      { message: '`user.id` is read after `await session.commit()`, which expired `user`; on an `AsyncSession` this raises `MissingGreenlet`. Refresh it, or set `expire_on_commit=False`.' },
    ),
    invalid('constructed', 'async def f(s: AsyncSession):\n    user = User(email="x")\n    s.add(user)\n    await s.commit()\n    return user.id\n', 5, 1),
    invalid('loaded', 'async def f(s: AsyncSession):\n    user = await s.get_one(User, 1)\n    await s.commit()\n    return user.email\n', 4, 1),
    invalid('loaded by a function', 'async def f(s: AsyncSession):\n    user = await load(s, 1)\n    await s.commit()\n    return user.email\n', 4, 1),
    invalid('after a rollback', 'async def f(s: AsyncSession, log, user: User):\n    s.add(user)\n    try:\n        await s.flush()\n    except IntegrityError:\n        await s.rollback()\n        log.info(user.email)\n', 7, 0, { messageId: 'rolledBack' }),
    invalid('after the rollback of a commit that failed', 'async def f(s: AsyncSession, log, user: User):\n    s.add(user)\n    try:\n        await s.commit()\n    except IntegrityError:\n        await s.rollback()\n        log.info(user.email)\n', 7, 0, { messageId: 'rolledBack' }),
    invalid('a session that is made here', 'async def f(user: User):\n    async with SessionLocal() as s:\n        s.add(user)\n        await s.commit()\n        return user.id\n', 5, 1),
    invalid('an attribute', 'class Repo:\n    def __init__(self, s: AsyncSession):\n        self.s = s\n    async def f(self, user: User):\n        self.s.add(user)\n        await self.s.commit()\n        return user.id\n', 7, 1),
    invalid('a method', 'async def f(s: AsyncSession, user: User):\n    s.add(user)\n    await s.commit()\n    return user.to_data()\n', 4, 1),
    invalid('a function', 'async def f(s: AsyncSession, user: User):\n    s.add(user)\n    await s.commit()\n    return describe(user)\n', 4, 1),
    invalid('model_validate', 'async def f(s: AsyncSession, user: User):\n    s.add(user)\n    await s.commit()\n    return UserOut.model_validate(user)\n', 4, 1),
    invalid('a response model', '@router.post("/u", response_model=UserOut)\nasync def f(s: AsyncSession, email: str):\n    user = User(email=email)\n    s.add(user)\n    await s.commit()\n    return user\n', 6, 1),
  ],
})
