import { createPythonLanguage, parsePython, semanticsOf } from '@krait/python'
import { describe, expect, it } from 'vitest'
import { file } from '../helpers/memory-project.ts'

const { facts } = createPythonLanguage({ parse: parsePython })

const TEXT = `
  import logging
  from datetime import datetime

  import requests
  from fastapi import APIRouter, Depends, FastAPI
  from sqlalchemy import Column, String, create_engine, event, select, text, update
  from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column, relationship, sessionmaker

  from .errors import Missing

  engine = create_engine("sqlite://")
  Session = sessionmaker(engine)
  app = FastAPI()
  router = APIRouter(prefix="/orders")
  app.include_router(router)
  log = logging.getLogger(__name__)

  def count(session):
      total = session.execute(text("select count(*) from orders")).scalar_one()
      return total

  class Base(DeclarativeBase):
      pass

  class Order(Base):
      __tablename__ = "orders"
      id: Mapped[int] = mapped_column(primary_key=True)
      state = Column(String)
      made_at = Column(String)
      lines: Mapped[list["Line"]] = relationship(back_populates="order")

      def close(self):
          self.state = "closed"
          self.made_at = datetime.now().isoformat()

  @event.listens_for(Order, "before_delete")
  def before_delete(mapper, connection, target):
      connection.execute(update(Order).values(made_at=datetime.now().isoformat()))

  @router.get("/{key}")
  async def order(key: int, session=Depends(Session)):
      statement = select(Order).where(Order.id == key)
      found = session.scalars(statement).one_or_none()
      if found is None:
          raise Missing(key)
      try:
          requests.get("https://example.org", timeout=3)
      except requests.RequestException as error:
          log.warning("no answer: %s", error)
      return found

  @app.exception_handler(Missing)
  def missing(request, error):
      return str(error)

  def fill(row, values):
      for name, value in values.items():
          row[name] = value
      return row
`

function factsOf(text: string): ReadonlyMap<string, string> {
  const { source } = file(text)
  const services = semanticsOf(source.tree) as never
  return new Map(facts.map((fact) => [fact.name, JSON.stringify(fact.collect({ sourceCode: source, services }))]))
}

function changedBy(edit: (text: string) => string): string[] {
  const before = factsOf(TEXT)
  const text = edit(TEXT)
  expect(text).not.toBe(TEXT)
  return [...factsOf(text)].filter(([name, json]) => before.get(name) !== json).map(([name]) => name)
}

/** They say on which line something stands. */
const PLACES = ['python/definition-places', 'python/member-places', 'python/places', 'python/text-write-lines']

describe('facts change with their meaning alone', () => {
  it('a local variable in one function moves places', () => {
    expect(changedBy((text) => text.replace('def count(session):', 'def count(session):\n      note = 1')).sort()).toEqual(PLACES)
  })

  it('so do a comment and a blank line', () => {
    expect(changedBy((text) => text.replace('def count(session):', '# Slow.\n\n  def count(session):')).sort()).toEqual(PLACES)
  })

  it('another name for a local variable moves nothing', () => {
    expect(changedBy((text) => text.replaceAll('total', 'whole'))).toEqual([])
  })

  it('a sample of code gives each of the facts something to hold', () => {
    const empty = [...factsOf(TEXT)].filter(([, json]) => json === '[]' || json === '{}' || json === 'null').map(([name]) => name)
    expect(empty.length).toBeLessThan(facts.length / 3)
  })
})
