import { python } from '@krait/rule-tester'

/** Models of a blog for rules on statements. */
const models = python`
  from datetime import datetime
  from sqlalchemy import JSON, Boolean, Column, ForeignKey, Integer, String, Table, TypeDecorator
  from sqlalchemy.dialects.postgresql import ARRAY, HSTORE, JSONB
  from sqlalchemy.dialects.postgresql import JSON as PgJson
  from sqlalchemy.ext.mutable import MutableDict, MutableList
  from sqlalchemy.orm import DeclarativeBase, Mapped, deferred, mapped_column, relationship

  class Settings(TypeDecorator):
      impl = JSON

  class Base(DeclarativeBase):
      type_annotation_map = {dict: JSON}

  class Author(Base):
      __tablename__ = "authors"
      id: Mapped[int] = mapped_column(primary_key=True)
      name: Mapped[str]
      email: Mapped[str]
      email_normalized: Mapped[str]
      org_id: Mapped[int]
      active: Mapped[bool]
      deleted_at: Mapped[datetime | None]
      profile: Mapped[dict] = mapped_column(JSONB)
      books: Mapped[list["Book"]] = relationship(back_populates="author")
      reports: Mapped[list["Report"]] = relationship(back_populates="author")

  class Book(Base):
      __tablename__ = "books"
      id: Mapped[int] = mapped_column(primary_key=True)
      title: Mapped[str]
      price: Mapped[int]
      author_id: Mapped[int] = mapped_column(ForeignKey("authors.id"))
      author: Mapped[Author] = relationship(back_populates="books")

  class Report(Base):
      __tablename__ = "reports"
      id: Mapped[int] = mapped_column(primary_key=True)
      title: Mapped[str]
      settings = Column(JSON)
      author_id: Mapped[int] = mapped_column(ForeignKey("authors.id"))
      author: Mapped[Author] = relationship(back_populates="reports")

  class Draft(Base):
      __tablename__ = "drafts"
      id: Mapped[int] = mapped_column(primary_key=True)
      settings: Mapped[dict]
      report_id: Mapped[int] = mapped_column(ForeignKey("reports.id"))
      report: Mapped[Report] = relationship(lazy="joined")

  class Note(Base):
      __tablename__ = "notes"
      id: Mapped[int] = mapped_column(primary_key=True)
      body: Mapped[str]
      report_id: Mapped[int] = mapped_column(ForeignKey("reports.id"))
      report: Mapped[Report] = relationship(lazy="joined")

  class Pg(Base):
      __tablename__ = "pg"
      id: Mapped[int] = mapped_column(primary_key=True)
      data = Column(PgJson)

  class Wrapped(Base):
      __tablename__ = "wrapped"
      id: Mapped[int] = mapped_column(primary_key=True)
      data = Column(MutableDict.as_mutable(JSON))
      items = Column(MutableList.as_mutable(ARRAY(String)))

  class Decorated(Base):
      __tablename__ = "decorated"
      id: Mapped[int] = mapped_column(primary_key=True)
      data = Column(Settings())

  class Variant(Base):
      __tablename__ = "variants"
      id: Mapped[int] = mapped_column(primary_key=True)
      data = Column(JSON().with_variant(JSONB(), "postgresql"))

  class Late(Base):
      __tablename__ = "late"
      id: Mapped[int] = mapped_column(primary_key=True)
      data = deferred(Column(JSON))
      more: Mapped[dict] = mapped_column(JSON, deferred=True)

  rooms = Table("rooms", Base.metadata, Column("id", Integer, primary_key=True), Column("floor", Integer), Column("plan", JSON))
`

export const blogFiles: Readonly<Record<string, string>> = { 'app/__init__.py': '', 'app/models.py': models }

export const blogHead = `
from sqlalchemy import and_, asc, bindparam, cast, delete, desc, distinct, exists, func, insert, not_, or_, select, text, union, union_all, update
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import Session, aliased, contains_eager, defer, joinedload, lazyload, load_only, selectinload
from app.models import Author, Book, Decorated, Draft, Late, Note, Pg, Report, Variant, Wrapped, rooms
`

const headLines = blogHead.split('\n').length - 1

interface Case {
  readonly name: string
  readonly path: string
  readonly files: Readonly<Record<string, string>>
  readonly code: string
}

export function blogValid(name: string, text: string, others: Readonly<Record<string, string>> = {}): Case {
  return { name, path: 'app/service.py', files: { ...blogFiles, ...others }, code: blogHead + text }
}

export interface BlogExpected<MessageId extends string> {
  /** Counted from the first line of the text. */
  readonly line?: number
  readonly messageId?: MessageId
  readonly message?: string
  readonly suggestions?: number
}

export function blogInvalid<MessageId extends string>(name: string, text: string, expected: BlogExpected<MessageId> = {}, others: Readonly<Record<string, string>> = {}) {
  const { line = 1, suggestions = 0, ...rest } = expected
  return { ...blogValid(name, text, others), errors: [{ line: headLines + line, suggestions, ...rest }] }
}

/** The same with a suggestion whose outcome is known. */
export function blogSuggests<MessageId extends string>(name: string, text: string, line: number, messageId: MessageId, output: string) {
  return { ...blogValid(name, text), errors: [{ line: headLines + line, suggestions: [{ messageId, output: blogHead + output }] }] }
}
