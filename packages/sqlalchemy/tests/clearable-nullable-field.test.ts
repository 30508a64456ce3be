import { python, RuleTester } from '@krait/rule-tester'
import { clearableNullableField } from '../src/rules/clearable-nullable-field.ts'

const IMPORTS = python`
  from dataclasses import dataclass
  from datetime import datetime
  from fastapi import APIRouter
  from pydantic import BaseModel, Field
  from sqlalchemy import update
  from sqlalchemy.orm import DeclarativeBase, Mapped, Session, mapped_column

  class Base(DeclarativeBase): ...

  class Client(Base):
      __tablename__ = "clients"
      id: Mapped[int] = mapped_column(primary_key=True)
      name: Mapped[str]
      note: Mapped[str | None]
      seen_at: Mapped[datetime | None]

  class ClientPatch(BaseModel):
      name: str | None = None
      note: str | None = None
      seen_at: datetime | None = Field(default=None)

  class NamePatch(BaseModel):
      name: str | None = None

  @dataclass
  class ClientData:
      note: str | None = None

  router = APIRouter()

  class Repo:
      def update(self, client: Client, data: dict):
          for k, v in data.items():
              setattr(client, k, v)

`
const LINES = IMPORTS.split('\n').length - 1

function valid(name: string, code: string, more: object = {}) {
  return { name, code: IMPORTS + code, ...more }
}

function invalid(name: string, code: string, line: number, messageId: string, more: { suggestion?: string; message?: string; suggestionId?: string } = {}) {
  const suggestions = more.suggestion === undefined ? undefined : [{ messageId: more.suggestionId ?? 'testSet', output: IMPORTS + more.suggestion }]
  return {
    name,
    code: IMPORTS + code,
    errors: [{ messageId, line: LINES + line, suggestions: suggestions ?? (messageId === 'leftOut' && code.includes('exclude_none') ? 1 : 0), ...(more.message && { message: more.message }) }],
  } as never
}

new RuleTester().run('sqlalchemy/clearable-nullable-field', clearableNullableField, {
  valid: [
    valid('a column that is not nullable', 'def update_client(c: Client, name=None):\n    if name is not None:\n        c.name = name\n'),
    valid('what was sent', 'def update_client(c: Client, p: ClientPatch):\n    if "note" in p.model_fields_set:\n        c.note = p.note\n'),
    valid('exclude_unset', 'def update_client(c: Client, p: ClientPatch):\n    for k, v in p.model_dump(exclude_unset=True).items():\n        setattr(c, k, v)\n'),
    valid('a sentinel', 'def update_client(c: Client, note=UNSET):\n    if note is not UNSET:\n        c.note = note\n'),
    valid('a flag', 'def update_client(c: Client, note=None, clear_note=False):\n    if note is not None:\n        c.note = note\n    elif clear_note:\n        c.note = None\n'),
    valid('a flag of the payload', 'def update_client(c: Client, p: ClientPatch):\n    if p.note is not None:\n        c.note = p.note\n    if p.unset_note:\n        wipe(c)\n'),
    valid('else', 'def update_client(c: Client, note=None):\n    if note:\n        c.note = note\n    else:\n        c.note = ""\n'),
    valid('assigned in any case', 'def update_client(c: Client, note=None):\n    c.note = note\n    if note:\n        c.note = note.strip()\n'),
    valid('an ignored column', 'def update_client(c: Client, seen_at=None):\n    if seen_at is not None:\n        c.seen_at = seen_at\n'),
    valid('a required parameter', 'def update_client(c: Client, note):\n    if note is not None:\n        c.note = note\n'),
    valid('a function that creates', 'def create_client(note=None):\n    c = Client()\n    if note is not None:\n        c.note = note\n'),
    valid('an object that is no model', 'def update_client(c, note=None):\n    if note is not None:\n        c.note = note\n'),
    valid('another value', 'def update_client(c: Client, note=None):\n    if note is not None:\n        c.note = "x"\n'),
    valid('no nullable field', 'def update_client(c: Client, p: NamePatch):\n    for k, v in p.model_dump(exclude_none=True).items():\n        setattr(c, k, v)\n'),
    valid('a dump for something else', 'def update_client(c: Client, p: ClientPatch, log):\n    log.info(p.model_dump(exclude_none=True))\n'),
    valid('options', 'def update_client(c: Client, note=None):\n    if note is not None:\n        c.note = note\n', { options: [{ ignore: ['note'] }] }),
    valid('other functions', 'def update_client(c: Client, note=None):\n    if note is not None:\n        c.note = note\n', { options: [{ functions: '^change' }] }),
  ],
  invalid: [
    invalid('a parameter', 'def update_client(db: Session, c: Client, *, note=None):\n    if note is not None:\n        c.note = note\n', 2, 'ignoredParameter', {
      message: '`note` is nullable, but this branch ignores `None`, so it can be set and never cleared. Give `note` a sentinel as its default, and test for that.',
    }),
    invalid('a truth test', 'def update_client(c: Client, note: str | None = None):\n    if note and c.id:\n        c.note = note.strip()\n', 2, 'ignoredParameter'),
    invalid('a field', 'def update_client(c: Client, p: ClientPatch):\n    if p.note is not None:\n        c.note = p.note\n', 2, 'ignored', {
      message: '`note` is nullable, but this branch ignores `None`, so it can be set and never cleared. Test `"note" in p.model_fields_set` (or use `exclude_unset=True`).',
      suggestion: 'def update_client(c: Client, p: ClientPatch):\n    if "note" in p.model_fields_set:\n        c.note = p.note\n',
    }),
    invalid('a walrus', 'def update_client(c: Client, p: ClientPatch):\n    if (note := p.note) is not None:\n        c.note = note\n', 2, 'ignored'),
    invalid('a dataclass', 'def update_client(c: Client, p: ClientData):\n    if p.note:\n        c.note = p.note\n', 2, 'ignored'),
    invalid('a conditional expression', 'def update_client(c: Client, p: ClientPatch):\n    c.note = p.note if p.note is not None else c.note\n', 2, 'ignored'),
    invalid('or', 'def update_client(c: Client, note=None):\n    c.note = note or c.note\n', 2, 'ignoredParameter'),
    invalid('a loaded object', 'def _update_note(db: Session, note=None):\n    c = db.get(Client, 1)\n    if note is not None:\n        c.note = note\n', 3, 'ignoredParameter'),
    invalid('a route', '@router.patch("/c")\ndef handle(p: ClientPatch, db: Session):\n    c = db.get_one(Client, 1)\n    if p.note is not None:\n        c.note = p.note\n', 4, 'ignored', {
      suggestion: '@router.patch("/c")\ndef handle(p: ClientPatch, db: Session):\n    c = db.get_one(Client, 1)\n    if "note" in p.model_fields_set:\n        c.note = p.note\n',
    }),
    invalid('a dump', 'def update_client(c: Client, p: ClientPatch):\n    for k, v in p.model_dump(exclude_none=True).items():\n        setattr(c, k, v)\n', 2, 'leftOut', {
      message: '`note` is nullable, but this leaves out `None`, so it can be set and never cleared. Use `exclude_unset=True`.',
      suggestion: 'def update_client(c: Client, p: ClientPatch):\n    for k, v in p.model_dump(exclude_unset=True).items():\n        setattr(c, k, v)\n',
      suggestionId: 'excludeUnset',
    }),
    invalid('a dump in a variable', 'def update_client(c: Client, p: ClientPatch):\n    data = p.dict(exclude_none=True)\n    for k, v in data.items():\n        setattr(c, k, v)\n', 2, 'leftOut'),
    invalid('values', 'def update_client(db: Session, p: ClientPatch):\n    db.execute(update(Client).where(Client.id == 1).values(**p.model_dump(exclude_none=True)))\n', 2, 'leftOut'),
    invalid('a legacy query', 'def update_client(db: Session, p: ClientPatch):\n    db.query(Client).filter(Client.id == 1).update(p.model_dump(exclude_none=True))\n', 2, 'leftOut'),
    invalid('a test in the loop', 'def update_client(c: Client, p: ClientPatch):\n    for k, v in p.model_dump().items():\n        if v is not None:\n            setattr(c, k, v)\n', 3, 'leftOut'),
    invalid('a comprehension', 'def update_client(c: Client, p: ClientPatch):\n    data = {k: v for k, v in p.model_dump().items() if v is not None}\n    for k, v in data.items():\n        setattr(c, k, v)\n', 2, 'leftOut'),
    invalid('a repository', 'def handle(c: Client, p: ClientPatch, repo: Repo):\n    repo.update(c, p.model_dump(exclude_none=True))\n', 2, 'leftOut'),
  ],
})
