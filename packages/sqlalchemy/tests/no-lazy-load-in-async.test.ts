import { python, RuleTester } from '@krait/rule-tester'
import { noLazyLoadInAsync } from '../src/rules/no-lazy-load-in-async.ts'

const IMPORTS = python`
  import pytest
  from fastapi import APIRouter, FastAPI
  from pydantic import BaseModel, ConfigDict
  from sqlalchemy import ForeignKey, inspect, select
  from sqlalchemy.ext.asyncio import AsyncSession
  from sqlalchemy.orm import DeclarativeBase, Mapped, Session, joinedload, mapped_column, relationship, selectinload

  class Base(DeclarativeBase): ...

  class User(Base):
      __tablename__ = "users"
      id: Mapped[int] = mapped_column(primary_key=True)
      name: Mapped[str]

  class Order(Base):
      __tablename__ = "orders"
      id: Mapped[int] = mapped_column(primary_key=True)
      user_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
      user: Mapped[User] = relationship()
      payer: Mapped[User] = relationship(lazy="joined")
      lines: Mapped[list["Line"]] = relationship(back_populates="order")
      logs: Mapped[list["Log"]] = relationship(lazy="raise")
      owner: Mapped[User] = relationship(lazy="raise_on_sql")

      @property
      def total(self):
          return sum(line.price for line in self.lines)

      def to_data(self):
          return {"total": self.total}

      def safe(self):
          return None if "lines" in inspect(self).unloaded else self.lines

  class Line(Base):
      __tablename__ = "lines"
      id: Mapped[int] = mapped_column(primary_key=True)
      price: Mapped[int]
      order_id: Mapped[int] = mapped_column(ForeignKey("orders.id"))
      order: Mapped[Order] = relationship(back_populates="lines")

  class Log(Base):
      __tablename__ = "logs"
      id: Mapped[int] = mapped_column(primary_key=True)
      order_id: Mapped[int] = mapped_column(ForeignKey("orders.id"))

  class LineOut(BaseModel):
      model_config = ConfigDict(from_attributes=True)
      price: int

  class OrderOut(BaseModel):
      model_config = ConfigDict(from_attributes=True)
      id: int
      lines: list[LineOut]

  class PlainOut(BaseModel):
      model_config = ConfigDict(from_attributes=True)
      id: int
      user_id: int

  router = APIRouter()

  async def order_of(session: AsyncSession, oid):
      return (await session.execute(select(Order).where(Order.id == oid))).scalar_one()

  async def stored(session: AsyncSession, oid) -> Order | None:
      return await session.get(Order, oid)

  async def all_of(session: AsyncSession) -> list[Order]:
      result = await session.execute(select(Order))
      return list(result.scalars().all())

  async def sync_order(session: Session, oid):
      return session.get(Order, oid)

  def render(order):
      return [line.price for line in order.lines]

  def show(thing):
      return render(thing)

  def schema_of(thing):
      return OrderOut.model_validate(thing)

`
const LINES = IMPORTS.split('\n').length - 1

function valid(name: string, code: string) {
  return { name, code: IMPORTS + code }
}

function invalid(name: string, code: string, line: number, suggestion: string | number, messageId = 'lazy', message?: string) {
  const suggestions = typeof suggestion === 'number' ? suggestion : [{ messageId: 'add', output: IMPORTS + suggestion }]
  return { name, code: IMPORTS + code, errors: [{ messageId, line: LINES + line, suggestions, ...(message && { message }) }] } as never
}

new RuleTester().run('sqlalchemy/no-lazy-load-in-async', noLazyLoadInAsync, {
  valid: [
    valid('loaded by get', 'async def f(s: AsyncSession):\n    order = await s.get(Order, 1, options=[selectinload(Order.lines)])\n    return order.lines\n'),
    valid('loaded by the statement', 'async def f(s: AsyncSession):\n    order = (await s.execute(select(Order).options(selectinload(Order.lines)))).scalar_one()\n    return order.lines\n'),
    valid('declared eager', 'async def f(s: AsyncSession):\n    order = await s.get(Order, 1)\n    return order.payer.name\n'),
    valid('columns', 'async def f(s: AsyncSession):\n    order = await s.get(Order, 1)\n    return order.user_id\n'),
    valid('awaitable_attrs', 'async def f(s: AsyncSession):\n    order = await s.get(Order, 1)\n    return await order.awaitable_attrs.lines\n'),
    valid('refreshed', 'async def f(s: AsyncSession):\n    order = await s.get(Order, 1)\n    await s.refresh(order, ["lines"])\n    return order.lines\n'),
    valid('refreshed by keyword', 'async def f(s: AsyncSession, names):\n    order = await s.get(Order, 1)\n    await s.refresh(order, attribute_names=names)\n    return order.lines\n'),
    valid('run_sync', 'async def f(s: AsyncSession):\n    order = await s.get(Order, 1)\n    return await s.run_sync(lambda _: order.lines)\n'),
    valid('assigned', 'async def f(s: AsyncSession):\n    order = await s.get(Order, 1)\n    order.lines = []\n    return order.lines\n'),
    valid('a sync session', 'def f(s: Session):\n    order = s.get(Order, 1)\n    return order.lines\n'),
    valid('never flushed', 'async def f(s: AsyncSession):\n    order = Order(id=1)\n    order.lines.append(1)\n    s.add(order)\n'),
    valid('given to the constructor', 'async def f(s: AsyncSession):\n    order = Order(id=1, lines=[])\n    s.add(order)\n    await s.flush()\n    return order.lines\n'),
    valid('a parameter', 'async def f(order: Order, s: AsyncSession):\n    return order.lines\n'),
    valid('options that are not known', 'async def f(s: AsyncSession, opts):\n    order = await s.get(Order, 1, options=opts)\n    return order.lines\n'),
    valid('looked at', 'async def f(s: AsyncSession):\n    order = await s.get(Order, 1)\n    if "lines" not in inspect(order).unloaded:\n        return order.lines\n'),
    valid('a function that sets it', 'async def make(s: AsyncSession, user):\n    order = (await s.execute(select(Order))).scalar_one()\n    order.user = user\n    return order\nasync def f(s: AsyncSession, user):\n    order = await make(s, user)\n    return order.user\n'),
    valid('a callee that looks', 'async def f(s: AsyncSession):\n    order = await s.get(Order, 1)\n    return order.safe()\n'),
    valid('expected', 'async def f(s: AsyncSession):\n    order = await s.get(Order, 1)\n    with pytest.raises(Exception):\n        order.lines\n'),
    valid('a schema without it', '@router.get("/o", response_model=PlainOut)\nasync def f(s: AsyncSession):\n    return await s.get(Order, 1)\n'),
    valid('a schema, loaded', '@router.get("/o", response_model=OrderOut)\nasync def f(s: AsyncSession):\n    return await s.get(Order, 1, options=[selectinload(Order.lines)])\n'),
    valid('bound anew', 'async def f(s: AsyncSession, x):\n    order = await s.get(Order, 1)\n    order = x\n    return order.lines\n'),
    valid('an object that stands beside it', 'async def f(s: AsyncSession):\n    for order, user in await s.execute(select(Order, User).join(Order.user)):\n        print(order.user.name, user.name)\n'),
    valid('a function that loads it if told so', 'async def find(s: AsyncSession, full=False):\n    stmt = select(Order)\n    if full:\n        stmt = stmt.options(selectinload(Order.lines))\n    result = await s.execute(stmt)\n    return list(result.scalars().all())\nasync def f(s: AsyncSession, verbose):\n    orders = await find(s, full=verbose)\n    if verbose:\n        for order in orders:\n            print(order.lines)\n'),
    valid('a list of refreshed ones', '@router.get("/o", response_model=list[OrderOut])\nasync def f(s: AsyncSession):\n    orders = (await s.scalars(select(Order))).all()\n    for order in orders:\n        await s.refresh(order, ["lines"])\n    return orders\n'),
    valid('a function of a sync session', 'async def f(s: Session):\n    order = await sync_order(s, 1)\n    return order.lines\n'),
    valid('raise_on_sql, and the owner is known', 'def f(s: Session, user: User):\n    order = s.get(Order, 1)\n    return order.owner\n'),
    valid('raise, loaded', 'def f(s: Session):\n    order = s.get(Order, 1, options=[selectinload(Order.logs)])\n    return order.logs\n'),
  ],
  invalid: [
    invalid(
      'get',
      'async def f(session: AsyncSession, oid):\n    order = await session.get(Order, oid)\n    return [l.price for l in order.lines], order.lines\n',
      3,
      'async def f(session: AsyncSession, oid):\n    order = await session.get(Order, oid, options=[selectinload(Order.lines)])\n    return [l.price for l in order.lines], order.lines\n',
      'lazy',
      `\`order.lines\` is not loaded and this is an \`AsyncSession\`: the access raises \`MissingGreenlet\`. Add \`options=[selectinload(Order.lines)]\` in line ${LINES + 2}.`,
    ),
    invalid(
      'a statement',
      'async def f(s: AsyncSession):\n    stmt = select(Order)\n    order = (await s.execute(stmt)).scalar_one_or_none()\n    return order.user.name\n',
      4,
      'async def f(s: AsyncSession):\n    stmt = select(Order)\n    order = (await s.execute(stmt.options(joinedload(Order.user)))).scalar_one_or_none()\n    return order.user.name\n',
      'lazy',
      `\`order.user\` is not loaded and this is an \`AsyncSession\`: the access raises \`MissingGreenlet\`. Add \`.options(joinedload(Order.user))\` in line ${LINES + 2}.`,
    ),
    invalid('scalar', 'async def f(s: AsyncSession):\n    order = await s.scalar(select(Order))\n    return order.lines\n', 3, 1),
    invalid('a loop', 'async def f(s: AsyncSession):\n    for order in (await s.scalars(select(Order))).all():\n        print(order.lines)\n', 3, 1),
    invalid('a comprehension', 'async def f(s: AsyncSession):\n    orders = await s.scalars(select(Order))\n    return [order.lines for order in orders]\n', 3, 1),
    invalid('a second hop', 'async def f(s: AsyncSession):\n    line = await s.get(Line, 1, options=[joinedload(Line.order)])\n    return line.order.user\n', 3, 0),
    invalid('constructed', 'async def f(s: AsyncSession):\n    order = Order(id=1)\n    s.add(order)\n    await s.commit()\n    return order.lines\n', 5, 0),
    invalid('a function', 'async def f(s: AsyncSession):\n    order = await order_of(s, 1)\n    return order.lines\n', 3, 0),
    invalid('a function that gets', 'async def f(s: AsyncSession):\n    order = await stored(s, 1)\n    return order.lines\n', 3, 0),
    invalid('a function that gives a list', 'async def f(s: AsyncSession):\n    for order in await all_of(s):\n        print(order.lines)\n', 3, 0),
    invalid('a column of rows', 'async def f(s: AsyncSession):\n    rows = (await s.execute(select(Order, User.id).join(Order.user))).all()\n    return [(order.lines, i) for order, i in rows]\n', 3, 1),
    invalid('numbered', 'async def f(s: AsyncSession):\n    for i, order in enumerate((await s.scalars(select(Order))).all()):\n        print(i, order.lines)\n', 3, 1),
    invalid('the first one', 'async def f(s: AsyncSession):\n    orders = (await s.scalars(select(Order))).all()\n    order = orders[0]\n    return order.lines\n', 4, 1),
    invalid('a model by the class', 'class Repo:\n    model = None\n    def __init__(self, s: AsyncSession):\n        self.s = s\n    async def get(self, key):\n        return await self.s.get(self.model, key)\nclass Orders(Repo):\n    model = Order\n    async def f(self):\n        order = await self.get(1)\n        return order.lines\n', 11, 0),
    invalid('a walrus', 'async def f(s: AsyncSession):\n    if (order := await s.get(Order, 1)) is not None:\n        return order.lines\n', 3, 1),
    invalid('passed on twice', 'async def f(s: AsyncSession):\n    order = await s.get(Order, 1)\n    return show(order)\n', 3, 1, 'through'),
    invalid('a schema made elsewhere', 'async def f(s: AsyncSession):\n    order = await s.get(Order, 1)\n    return schema_of(order)\n', 3, 1, 'through'),
    invalid('raise_on_sql', 'def f(s: Session):\n    order = s.get(Order, 1)\n    return order.owner\n', 3, 1),
    invalid('a response model', '@router.get("/o", response_model=OrderOut)\nasync def f(s: AsyncSession):\n    return await s.get(Order, 1)\n', 3, 1, 'through'),
    invalid('a response model and a name', '@router.get("/o")\nasync def f(s: AsyncSession) -> OrderOut:\n    order = await s.get(Order, 1)\n    return order\n', 4, 1, 'through'),
    invalid('a list of them', '@router.get("/o", response_model=list[OrderOut])\nasync def f(s: AsyncSession):\n    return (await s.scalars(select(Order))).all()\n', 3, 1, 'through'),
    invalid('a list of them by name', '@router.get("/o", response_model=list[OrderOut])\nasync def f(s: AsyncSession):\n    orders = (await s.scalars(select(Order))).all()\n    return orders\n', 4, 1, 'through'),
    invalid('some of them', '@router.get("/o")\nasync def f(s: AsyncSession) -> list[OrderOut]:\n    orders = (await s.scalars(select(Order))).all()\n    return [order for order in orders if order.user_id]\n', 4, 1, 'through'),
    invalid('model_validate', 'async def f(s: AsyncSession):\n    order = await s.get(Order, 1)\n    return OrderOut.model_validate(order)\n', 3, 1, 'through'),
    invalid('a property', 'async def f(s: AsyncSession):\n    order = await s.get(Order, 1)\n    return order.total\n', 3, 1, 'through'),
    invalid('a method', 'async def f(s: AsyncSession):\n    order = await s.get(Order, 1)\n    return order.to_data()\n', 3, 1, 'through', `\`to_data\` reads \`order.lines\`, which is not loaded here, and this is an \`AsyncSession\`: the access raises \`MissingGreenlet\`. Add \`options=[selectinload(Order.lines)]\` in line ${LINES + 2}.`),
    invalid('an argument', 'async def f(s: AsyncSession):\n    order = await s.get(Order, 1)\n    return render(order)\n', 3, 1, 'through'),
    invalid('raise', 'def f(s: Session):\n    order = s.get(Order, 1)\n    return order.logs\n', 3, 1, 'lazy', `\`order.logs\` is not loaded and declared \`lazy="raise"\`: the access raises \`InvalidRequestError\`. Add \`options=[selectinload(Order.logs)]\` in line ${LINES + 2}.`),
  ],
})
