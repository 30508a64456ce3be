import { python, RuleTester } from '@krait/rule-tester'
import { clearableNullableField } from '../src/rules/clearable-nullable-field.ts'

const IMPORTS = python`
  from dataclasses import dataclass
  from datetime import datetime
  from typing import Generic, Optional, TypeVar
  from fastapi import APIRouter
  from pydantic import BaseModel, Field
  from sqlalchemy import select, update
  from sqlalchemy.orm import DeclarativeBase, Mapped, Session, mapped_column
  router = APIRouter()

  class Base(DeclarativeBase): ...

  class Client(Base):
      __tablename__ = "clients"
      id: Mapped[int] = mapped_column(primary_key=True)
      name: Mapped[str]
      note: Mapped[Optional[str]]
      phone: Mapped[str | None] = mapped_column(nullable=True)
      seen_at: Mapped[datetime | None]

  class Patch(BaseModel):
      name: str | None = None
      note: str | None = None
      phone: Optional[str] = Field(default=None, max_length=20)
      seen_at: datetime | None = None

  class NamePatch(BaseModel):
      name: str | None = None

  @dataclass
  class Change:
      note: str | None = None
      code: str = ""

  M = TypeVar("M", bound=Base)

  class Repository(Generic[M]):
      model: type[M]
      def update(self, entity: M, data: dict) -> M:
          for key, value in data.items():
              setattr(entity, key, value)
          return entity
      def change_by_id(self, id, **fields):
          entity = self.session.get(self.model, id)
          for key, value in fields.items():
              setattr(entity, key, value)
      def store(self, entity, data):
          self.cache[entity] = data

  class ClientRepository(Repository[Client]): ...

  def update_row(session, id, fields):
      session.execute(update(Client).where(Client.id == id).values(**fields))
  def apply_fields(client, fields):
      for key in fields:
          setattr(client, key, fields[key])

`
const LINES = IMPORTS.split('\n').length - 1

function valid(name: string, code: string, more: { path?: string; options?: readonly unknown[] } = {}) {
  return { name, code: IMPORTS + code, ...more } as never
}

/** A case with one finding. @param output what the suggestion gives */
function invalid(name: string, code: string, line: number, messageId: string, more: { output?: string; message?: string; options?: readonly unknown[] } = {}) {
  const { output, message, options } = more
  const suggestions = output === undefined ? undefined : [{ messageId: messageId === 'dump' ? 'unset' : 'test', output: IMPORTS + output }]
  return {
    name,
    code: IMPORTS + code,
    errors: [{ messageId, line: line + LINES, ...(message && { message }), ...(suggestions && { suggestions }) }],
    ...(options && { options }),
  } as never
}

new RuleTester().run('sqlalchemy/clearable-nullable-field', clearableNullableField, {
  valid: [
    valid('the set of fields is asked', 'def update_client(c: Client, patch: Patch):\n    if "note" in patch.model_fields_set:\n        c.note = patch.note\n'),
    valid('the set of fields is asked as well', 'def update_client(c: Client, patch: Patch):\n    if patch.note is not None or "note" in patch.model_fields_set:\n        c.note = patch.note\n    if patch.note is not None:\n        c.note = patch.note\n'),
    valid('exclude_unset', 'def update_client(c: Client, patch: Patch):\n    for k, v in patch.model_dump(exclude_unset=True).items():\n        setattr(c, k, v)\n    for k, v in patch.model_dump(exclude_unset=True, exclude_none=True).items():\n        setattr(c, k, v)\n'),
    valid('a column that is not nullable', 'def update_client(c: Client, patch: Patch):\n    if patch.name is not None:\n        c.name = patch.name\n    for k, v in patch.model_dump(exclude_none=True, exclude={"note"}).items():\n        setattr(c, k, v)\n'),
    valid('no nullable column among the fields', 'def update_client(c: Client, patch: NamePatch):\n    for k, v in patch.model_dump(exclude_none=True).items():\n        setattr(c, k, v)\n'),
    valid('a sentinel', 'def update_client(c: Client, note=UNSET, phone=...):\n    if note is not UNSET:\n        c.note = note\n    if phone is not ...:\n        c.phone = phone\n    if note is not None:\n        c.note = note\n'),
    valid('a parameter without a default', 'def update_client(c: Client, note: str | None):\n    if note is not None:\n        c.note = note\n'),
    valid('an else that clears it', 'def update_client(c: Client, note=None):\n    if note is not None:\n        c.note = note\n    else:\n        c.note = ""\n'),
    valid('an elif that clears it', 'def update_client(c: Client, note=None, empty=False):\n    if note:\n        c.note = note\n    elif empty:\n        c.note = None\n'),
    valid('a parameter to clear it', 'def update_client(c: Client, note=None, clear_note=False):\n    if clear_note:\n        c.note = None\n    if note is not None:\n        c.note = note\ndef update_phone(c: Client, patch: Patch):\n    if patch.phone is not None:\n        c.phone = patch.phone\n    return patch.remove_phone\n'),
    valid('assigned in any case', 'def update_client(c: Client, note=None):\n    c.note = note\n    if note is not None:\n        c.note = note\n'),
    valid('an ignored column', 'def update_client(c: Client, patch: Patch, seen_at=None):\n    if seen_at is not None:\n        c.seen_at = seen_at\n'),
    valid('another ignored column', 'def update_client(c: Client, note=None):\n    if note is not None:\n        c.note = note\n', { options: [{ ignore: ['no*'] }] }),
    valid('a create function', 'def create_client(patch: Patch, note=None):\n    c = Client()\n    if note is not None:\n        c.note = note\n    return Client(**patch.model_dump(exclude_none=True))\n'),
    valid('no model', 'def update_client(c: Change, note=None):\n    if note is not None:\n        c.note = note\ndef update_other(c, note=None):\n    if note is not None:\n        c.note = note\n'),
    valid('another value', 'def update_client(c: Client, note=None):\n    if note is not None:\n        c.phone = "+1"\n    if c.note is not None:\n        c.note = c.note.strip()\n'),
    valid('a test for None', 'def update_client(c: Client, note=None):\n    if note is None:\n        c.note = "x"\n    if not note:\n        c.note = note\n'),
    valid('a field that is required', 'class Required(BaseModel):\n    note: str | None\ndef update_client(c: Client, patch: Required):\n    if patch.note is not None:\n        c.note = patch.note\n'),
    valid('a dump that goes elsewhere', 'def update_client(c: Client, patch: Patch):\n    log(patch.model_dump(exclude_none=True))\n    return {k: v for k, v in patch.model_dump().items() if v is not None}\n'),
    valid('a function that does not write the items', 'def update_client(r: ClientRepository, c: Client, patch: Patch):\n    r.store(c, patch.model_dump(exclude_none=True))\n'),
    valid('neither function is an update', 'def save(c: Client, patch: Patch):\n    apply_fields(c, patch.model_dump(exclude_none=True))\n'),
    valid('another default', 'def update_client(c: Client, patch: Patch):\n    c.note = patch.note if patch.note is not None else "none"\n    c.phone = patch.phone or ""\n'),
    valid('a test', 'def update_client(c: Client, note=None):\n    if note is not None:\n        c.note = note\n', { path: 'tests/helpers.py' }),
  ],
  invalid: [
    invalid('a parameter', 'def update_client(db, c: Client, *, note=None):\n    if note is not None:\n        c.note = note\n', 2, 'parameter', { message: '`note` is nullable, but this branch ignores `None`, so it can be set and never cleared. Give `note` a default such as `UNSET` that is not `None`, and test for that.' }),
    invalid('its message', 'def update_client(c: Client, patch: Patch):\n    if patch.note is not None:\n        c.note = patch.note\n', 2, 'payload', {
      message: '`note` is nullable, but this branch ignores `None`, so it can be set and never cleared. Test `"note" in patch.model_fields_set` (or use `exclude_unset=True`).',
      output: 'def update_client(c: Client, patch: Patch):\n    if "note" in patch.model_fields_set:\n        c.note = patch.note\n',
    }),
    invalid('truth', 'async def _edit(session, id, patch: Patch):\n    c = await session.get(Client, id)\n    client: Client = c\n    if patch.phone:\n        client.phone = patch.phone\n', 4, 'payload', { output: 'async def _edit(session, id, patch: Patch):\n    c = await session.get(Client, id)\n    client: Client = c\n    if "phone" in patch.model_fields_set:\n        client.phone = patch.phone\n' }),
    invalid('more conditions and a call', 'def modify(session: Session, patch: Patch):\n    c = session.get(Client, 1)\n    if patch.note is not None and patch.note != c.note:\n        log(c)\n        c.note = patch.note.strip()\n', 3, 'payload'),
    invalid('a walrus', 'def update_client(c: Client, patch: Patch):\n    if (note := patch.note) is not None:\n        c.note = clean(note)\n', 2, 'payload'),
    invalid('a local name', 'def update_client(c: Client, patch: Patch):\n    note = patch.note\n    if note is not None:\n        c.note = note\n', 3, 'payload', { output: 'def update_client(c: Client, patch: Patch):\n    note = patch.note\n    if "note" in patch.model_fields_set:\n        c.note = note\n' }),
    invalid('a dataclass', 'def change(c: Client, change: Change):\n    if change.note is not None:\n        c.note = change.note\n', 2, 'payload'),
    invalid('a conditional expression', 'def update_client(c: Client, patch: Patch):\n    c.note = patch.note if patch.note is not None else c.note\n', 2, 'payload', { output: 'def update_client(c: Client, patch: Patch):\n    c.note = patch.note if "note" in patch.model_fields_set else c.note\n' }),
    invalid('or', 'def update_client(c: Client, patch: Patch):\n    c.note = patch.note or c.note\n', 2, 'payload', { output: 'def update_client(c: Client, patch: Patch):\n    c.note = patch.note if "note" in patch.model_fields_set else c.note\n' }),
    invalid('a route', '@router.patch("/clients/{id}")\ndef save(id: int, patch: Patch, session: Session):\n    c = session.scalars(select(Client)).one()\n    if patch.note is not None:\n        c.note = patch.note\n', 4, 'payload', { output: '@router.patch("/clients/{id}")\ndef save(id: int, patch: Patch, session: Session):\n    c = session.scalars(select(Client)).one()\n    if "note" in patch.model_fields_set:\n        c.note = patch.note\n' }),
    invalid('a method', 'class Service:\n    def update(self, c: Client, note: str | None = None):\n        if note is not None:\n            c.note = note\n', 3, 'parameter'),
    invalid('other functions', 'def save(c: Client, note=None):\n    if note is not None:\n        c.note = note\n', 2, 'parameter', { options: [{ functions: '^save$' }] }),
    invalid('a dump in a loop', 'def update_client(c: Client, patch: Patch):\n    for k, v in patch.model_dump(exclude_none=True).items():\n        setattr(c, k, v)\n', 2, 'dump', { message: '`note` is nullable, but `exclude_none=True` drops `None`, so it can be set and never cleared. Use `exclude_unset=True`.', output: 'def update_client(c: Client, patch: Patch):\n    for k, v in patch.model_dump(exclude_unset=True).items():\n        setattr(c, k, v)\n' }),
    invalid('dict(), by a name', 'def update_client(c: Client, patch: Patch):\n    data = patch.dict(\n        exclude_none=True,\n    )\n    for k in data:\n        setattr(c, k, data[k])\n', 2, 'dump', { output: 'def update_client(c: Client, patch: Patch):\n    data = patch.dict(\n        exclude_unset=True,\n    )\n    for k in data:\n        setattr(c, k, data[k])\n' }),
    invalid('update().values()', 'def update_client(db: Session, id, patch: Patch):\n    db.execute(update(Client).where(Client.id == id).values(**patch.model_dump(exclude_none=True)))\n', 2, 'dump', { output: 'def update_client(db: Session, id, patch: Patch):\n    db.execute(update(Client).where(Client.id == id).values(**patch.model_dump(exclude_unset=True)))\n' }),
    invalid('query.update()', 'def update_client(db: Session, id, patch: Patch):\n    db.query(Client).filter_by(id=id).update(patch.model_dump(exclude_none=True))\n', 2, 'dump', { output: 'def update_client(db: Session, id, patch: Patch):\n    db.query(Client).filter_by(id=id).update(patch.model_dump(exclude_unset=True))\n' }),
    invalid('an inner test', 'def update_client(c: Client, patch: Patch):\n    for k, v in patch.model_dump().items():\n        if v is not None:\n            setattr(c, k, v)\n', 3, 'dump'),
    invalid('a comprehension', 'def update_client(c: Client, patch: Patch):\n    data = {\n        k: v for k, v in patch.model_dump().items() if v is not None\n    }\n    for k, v in data.items():\n        setattr(c, k, v)\n', 2, 'dump'),
    invalid('given to a repository', 'def save(r: ClientRepository, c: Client, patch: Patch):\n    r.update(c, patch.model_dump(exclude_none=True))\n', 2, 'dump', { output: 'def save(r: ClientRepository, c: Client, patch: Patch):\n    r.update(c, patch.model_dump(exclude_unset=True))\n' }),
    invalid('given to a generic repository', 'def save(r: ClientRepository, patch: Patch):\n    data = {k: v for k, v in patch.model_dump().items() if v is not None}\n    r.change_by_id(1, **data)\n', 2, 'dump'),
    invalid('given to a function with update()', 'def save(session, patch: Patch):\n    update_row(session, 1, fields=patch.model_dump(exclude_none=True))\n', 2, 'dump', { output: 'def save(session, patch: Patch):\n    update_row(session, 1, fields=patch.model_dump(exclude_unset=True))\n' }),
    invalid('given to a function that is no update', 'def update_client(c: Client, patch: Patch):\n    apply_fields(c, patch.model_dump(exclude_none=True))\n', 2, 'dump', { output: 'def update_client(c: Client, patch: Patch):\n    apply_fields(c, patch.model_dump(exclude_unset=True))\n' }),
  ],
})
