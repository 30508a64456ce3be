import { python, RuleTester } from '@krait/rule-tester'
import { scalarOneNeedsUnique } from '../src/rules/scalar-one-needs-unique.ts'

const models = python`
  from datetime import datetime
  from sqlalchemy import Boolean, Column, ForeignKey, ForeignKeyConstraint, Index, Integer, JSON, PrimaryKeyConstraint, String, Table, UniqueConstraint, func, text
  from sqlalchemy.ext.hybrid import hybrid_property
  from sqlalchemy.orm import DeclarativeBase, DynamicMapped, Mapped, backref, mapped_column, relationship

  class Base(DeclarativeBase):
      pass

  class Organization(Base):
      __tablename__ = "organizations"
      id: Mapped[int] = mapped_column(primary_key=True)
      slug: Mapped[str] = mapped_column(unique=True)
      name: Mapped[str]
      users: Mapped[list["User"]] = relationship(back_populates="organization")
      settings: Mapped["Settings"] = relationship(uselist=False, back_populates="organization")
      leads: DynamicMapped["Lead"] = relationship(back_populates="organization")

  class Settings(Base):
      __tablename__ = "settings"
      id: Mapped[int] = mapped_column(primary_key=True)
      organization_id: Mapped[int] = mapped_column(ForeignKey("organizations.id"))
      organization: Mapped[Organization] = relationship(back_populates="settings")

  class User(Base):
      __tablename__ = "users"
      __table_args__ = (UniqueConstraint("organization_id", "number"), Index("users_email", func.lower(text("email")), unique=True))
      id: Mapped[int] = mapped_column(primary_key=True)
      email: Mapped[str]
      phone: Mapped[str | None]
      number: Mapped[int]
      is_owner: Mapped[bool] = mapped_column(default=False)
      profile: Mapped[dict] = mapped_column(JSON)
      deleted_at: Mapped[datetime | None]
      organization_id: Mapped[int] = mapped_column(ForeignKey("organizations.id"))
      organization: Mapped[Organization] = relationship(back_populates="users")
      tags: Mapped[list["Tag"]] = relationship(secondary="user_tags")

      @hybrid_property
      def is_active(self):
          return self.deleted_at.is_(None)

      @hybrid_property
      def handle(self):
          return make_handle(self)

  class Lead(Base):
      __tablename__ = "leads"
      id: Mapped[int] = mapped_column(primary_key=True)
      email: Mapped[str]
      token: Mapped[str] = mapped_column(unique=True)
      phone: Mapped[str]
      owner_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
      organization_id: Mapped[int] = mapped_column(ForeignKey("organizations.id"))
      organization: Mapped[Organization] = relationship(back_populates="leads")
      owner: Mapped[User | None] = relationship()

  class Seat(Base):
      __tablename__ = "seats"
      __table_args__ = (UniqueConstraint("row", "number"),)
      id: Mapped[int] = mapped_column(primary_key=True)
      row: Mapped[int]
      number: Mapped[int]
      user_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
      user: Mapped[User] = relationship()

  class Tag(Base):
      __tablename__ = "tags"
      id: Mapped[int] = mapped_column(primary_key=True)
      name: Mapped[str] = mapped_column(unique=True)

  user_tags = Table(
      "user_tags",
      Base.metadata,
      Column("user_id", ForeignKey("users.id"), primary_key=True),
      Column("tag_id", ForeignKey("tags.id"), primary_key=True),
  )

  class Plan(Base):
      __tablename__ = "plans"
      id: Mapped[int] = mapped_column(primary_key=True)
      code: Mapped[str]
      region: Mapped[str]

  Index("plans_code", Plan.code, Plan.region, unique=True)

  accounts = Table("accounts", Base.metadata, Column("id", Integer, primary_key=True), Column("iban", String), Column("bic", String), UniqueConstraint("iban"))
`

const head = `
from sqlalchemy import and_, cast, distinct, exists, func, literal, not_, or_, select, text, true, tuple_, update
from sqlalchemy.orm import Session, aliased, contains_eager, joinedload, selectinload
from app.models import Lead, Organization, Plan, Seat, Settings, Tag, User, accounts, user_tags
`
const headLines = head.split('\n').length - 1

/** A case with the models at hand; lines count from the first one of `text`. */
function code(text: string, others: Readonly<Record<string, string>> = {}) {
  return { path: 'app/service.py', files: { 'app/__init__.py': '', 'app/models.py': models, ...others }, code: head + (text.startsWith('\n') ? python({ raw: [text] } as unknown as TemplateStringsArray) : text) }
}

function line(number: number): number {
  return headLines + number
}

function valid(name: string, text: string, others: Readonly<Record<string, string>> = {}) {
  return { name, ...code(text, others) }
}

interface Expected {
  readonly line?: number
  readonly messageId?: 'shared' | 'unkeyed' | 'joined'
  /** What the message names. */
  readonly model?: string
  readonly columns?: readonly string[]
  readonly message?: string
  readonly suggestions?: number
}

function invalid(name: string, text: string, expected: Expected = {}, others: Readonly<Record<string, string>> = {}) {
  const { line: at = 1, messageId = 'shared', suggestions = 1, message, model, columns } = expected
  const case_ = code(text, others)
  const [method = ''] = /\w+(?=\()/.exec(case_.code.split('\n')[line(at) - 1]!.slice(case_.code.split('\n')[line(at) - 1]!.lastIndexOf('.'))) ?? []
  const remedy = method === 'one_or_none' ? '.first()' : '.scalars().first()'
  const named = columns && { method, model: model ?? 'Lead', columns: columns.join('`, `'), key: keyOver(columns), remedy }
  const data = named ?? (model === undefined ? undefined : { method, model, remedy })
  return { name, ...case_, errors: [{ messageId, line: line(at), ...(suggestions > 0 && { suggestions }), ...(message !== undefined && { message }), ...(data && { data }) }] }
}

function keyOver(columns: readonly string[]): string {
  const flags = columns.filter((column) => column.startsWith('is_'))
  const others = columns.filter((column) => !column.startsWith('is_'))
  return `${flags.length > 0 ? 'a partial one' : 'one'} on (${(others.length > 0 ? others : flags).join(', ')})`
}

new RuleTester().run('scalar-one-needs-unique', scalarOneNeedsUnique, {
  valid: [
    valid('first() instead', 'session.scalars(select(Lead).where(Lead.email == email)).first()'),
    valid('one() is not asked for', 'session.scalars(select(Lead).where(Lead.email == email)).one()'),
    valid('the primary key', 'session.execute(select(Lead).where(Lead.id == lead_id)).scalar_one_or_none()'),
    valid('the value on the left', 'session.execute(select(Lead).where(lead_id == Lead.id)).scalar_one_or_none()'),
    valid('a unique column', 'session.execute(select(Lead.id).where(Lead.token == token)).scalar_one_or_none()'),
    valid('a unique constraint over two columns', 'session.query(Seat).filter_by(row=r, number=n).one_or_none()'),
    valid('filter_by with a literal splat', 'session.query(Seat).filter_by(**{"row": r, "number": n}).one_or_none()'),
    valid('a unique index at module level', 'session.scalars(select(Plan).where(Plan.code == code, Plan.region == region)).one_or_none()'),
    valid('and_ and &', 'session.scalars(select(Seat).where(and_(Seat.row == r, (Seat.number == n) & (Seat.user_id > 3)))).one_or_none()'),
    valid('a filter in a variable', 'key = Lead.token == token\nsession.scalars(select(Lead).where(key)).one_or_none()'),
    valid('more filters than the key needs', 'session.scalars(select(Lead).where(Lead.token == token, Lead.phone != None, Lead.email.like("%a"))).one_or_none()'),
    valid('a Core table', 'connection.execute(select(accounts).where(accounts.c.iban == iban)).one_or_none()'),
    valid('a Core table by subscript', 'connection.execute(accounts.select().where(accounts.c["iban"] == iban)).one_or_none()'),
    valid('the table of a model', 'connection.execute(select(Lead.__table__).where(Lead.__table__.c.token == t)).one_or_none()'),
    valid('an alias of a model', 'other = aliased(Lead)\nsession.scalars(select(other).where(other.token == token)).one_or_none()'),
    valid('a tuple of columns', 'session.scalars(select(Seat).where(tuple_(Seat.row, Seat.number) == (r, n))).one_or_none()'),
    valid('getattr with a known name', 'session.scalars(select(Lead).where(getattr(Lead, "token") == token)).one_or_none()'),
    valid('is_(True) and a bare flag bind a column', 'session.scalars(select(User).where(User.id == i, User.is_owner, User.is_owner.is_(True), ~User.is_owner)).one_or_none()'),
    valid('a subquery with a limit is one value', 'session.scalars(select(Lead).where(Lead.id.in_(select(Lead.id).order_by(Lead.id).limit(1)))).one_or_none()'),
    valid('a scalar subquery', 'session.scalars(select(Lead).where(Lead.id == select(func.max(Lead.id)).scalar_subquery())).one_or_none()'),
    valid('a legacy query in the database session of Flask', 'Lead.query.filter_by(token=t).one_or_none()'),

    valid('a functional unique index has the expression', 'session.scalars(select(User).where(func.lower(User.email) == email.lower())).one_or_none()'),
    valid('a functional comparison that would complete a key', 'session.scalars(select(Lead).where(func.upper(Lead.token) == token)).one_or_none()'),
    valid('and one that would complete a key over two columns', 'session.scalars(select(Seat).where(Seat.row == r, func.abs(Seat.number) == n)).one_or_none()'),
    valid('a cast that would', 'session.scalars(select(Lead).where(cast(Lead.token, Integer) == token)).one_or_none()'),

    valid('an awaited execution', 'async def load(session):\n    return (await session.execute(select(Lead).where(Lead.token == t))).scalar_one_or_none()'),
    valid('limit(1)', 'session.execute(select(Lead).where(Lead.email == e).limit(1)).scalar_one_or_none()'),
    valid('fetch(1)', 'session.execute(select(Lead).where(Lead.email == e).fetch(1)).scalar_one_or_none()'),
    valid('a slice of one', 'session.query(Lead).filter(Lead.email == e).slice(0, 1).one_or_none()'),
    valid('a limit that is not known', 'session.execute(select(Lead).where(Lead.email == e).limit(n)).scalar_one_or_none()'),
    valid('an aggregate', 'session.execute(select(func.count(Lead.id)).where(Lead.email == e)).scalar_one_or_none()'),
    valid('aggregates with a label and inside of a function', 'session.execute(select(func.max(Lead.id).label("m"), func.coalesce(func.sum(Lead.owner_id), 0))).one_or_none()'),
    valid('count() without arguments', 'session.execute(select(func.count()).select_from(Lead)).scalar_one_or_none()'),
    valid('exists()', 'session.execute(select(exists().where(Lead.email == e))).scalar_one_or_none()'),
    valid('exists() of a statement', 'session.query(session.query(Lead).filter(Lead.email == e).exists()).one_or_none()'),
    valid('group_by', 'session.execute(select(Lead.email, func.count()).where(Lead.email == e).group_by(Lead.email)).one_or_none()'),

    valid('a helper function as a filter', 'session.scalars(select(Lead).where(visible_to(user), Lead.email == e)).one_or_none()'),
    valid('a splat of conditions', 'session.scalars(select(Lead).where(*conditions)).one_or_none()'),
    valid('conditions in and_', 'session.scalars(select(Lead).where(and_(*conditions))).one_or_none()'),
    valid('text()', 'session.scalars(select(Lead).where(text("token = :t"))).one_or_none()'),
    valid('filter_by of unknown names', 'session.query(Lead).filter_by(**filters).one_or_none()'),
    valid('a computed attribute', 'session.scalars(select(Lead).where(getattr(Lead, name) == value)).one_or_none()'),
    valid('a hybrid that is not understood', 'session.scalars(select(User).where(User.handle == h)).one_or_none()'),
    valid('an attribute that is not known', 'session.scalars(select(Lead).where(Lead.serial == s)).one_or_none()'),
    valid('a model that is not known', 'from other import Thing\nsession.scalars(select(Thing).where(Thing.name == n)).one_or_none()'),
    valid('a statement that is not known', 'def load(session, statement):\n    return session.execute(statement).scalar_one_or_none()'),
    valid('a method that is not known', 'session.query(Lead).active().one_or_none()'),
    valid('a subquery in the FROM list', 'latest = select(Lead).order_by(Lead.id).limit(1).subquery()\nsession.execute(select(latest.c.id).where(latest.c.email == e)).scalar_one_or_none()'),
    valid('a join with a subquery', 'sub = select(Lead.id).limit(1).subquery()\nsession.scalars(select(Lead).join(sub, sub.c.id == Lead.id)).one_or_none()'),
    valid('a union', 'session.execute(select(Lead.id).where(Lead.email == e).union(select(User.id))).scalar_one_or_none()'),
    valid('something else called one_or_none', 'cache.lookup(email).one_or_none()'),
    valid('a result of something else', 'result = cache.load(email)\nresult.scalar_one_or_none()'),
    valid('an INSERT that returns', 'from sqlalchemy import insert\nsession.execute(insert(Lead).values(email=e).returning(Lead.id)).scalar_one_or_none()'),
    valid('an UPDATE that returns', 'session.execute(update(Lead).where(Lead.email == e).values(phone=p).returning(Lead.id)).scalar_one_or_none()'),

    valid('a many-to-one relationship binds its key', 'session.query(Seat).filter(Seat.user == user, Seat.row == r, Seat.number == n).one_or_none()'),
    valid('in filter_by too', 'session.query(User).filter_by(organization=org, number=n).one_or_none()'),
    valid('an implicit join by a fixed model', 'session.scalars(select(User).where(User.organization_id == Organization.id, Organization.slug == s, User.number == 1)).one_or_none()'),
    valid('a many-to-one join from the fixed side', 'session.scalars(select(User).join(User.organization).where(User.id == i)).one_or_none()'),
    valid('by the foreign key', 'session.scalars(select(User).join(Organization).where(User.id == i)).one_or_none()'),
    valid('by a condition', 'session.scalars(select(User).join(Organization, User.organization_id == Organization.id).where(User.id == i)).one_or_none()'),
    valid('half of the key is bound, the other half equated', 'session.scalars(select(User).join(Organization).where(Organization.slug == slug, User.number == n)).one_or_none()'),
    valid('an outer join from the fixed side', 'session.scalars(select(User).outerjoin(User.organization).where(User.id == i)).one_or_none()'),
    valid('select_from and join', 'session.scalars(select(User).select_from(Organization).join(User).where(Organization.slug == s, User.number == n)).one_or_none()'),
    valid('join_from', 'session.scalars(select(User).join_from(User, Organization).where(User.id == i)).one_or_none()'),
    valid('a join whose target is not known', 'session.scalars(select(Lead).join(other_table).where(Lead.email == e)).one_or_none()'),
    valid('a join with two possible foreign keys', 'session.scalars(select(Lead).join(User).join(Organization).where(Lead.email == e, helper())).one_or_none()'),
    valid('a relationship with uselist=False', 'session.scalars(select(Organization).join(Organization.settings).where(Organization.slug == s)).one_or_none()'),
    valid('both sides of a secondary table are fixed', 'session.scalars(select(User).join(User.tags).where(User.id == i, Tag.name == n)).one_or_none()'),
    valid('models inside any(), has(), exists() and in_() are not joined', `
      session.scalars(
          select(User).where(
              User.id == i,
              User.tags.any(Tag.name.like("a%")),
              User.organization.has(Organization.name == n),
              exists().where(Lead.owner_id == User.id),
              select(Seat).where(Seat.user_id == User.id).exists(),
              User.id.in_(select(Lead.owner_id)),
          )
      ).one_or_none()
    `),
    valid('a join that only multiplies, with unique()', 'session.execute(select(Organization).join(Organization.users).where(Organization.slug == s)).unique().scalar_one_or_none()'),
    valid('with distinct()', 'session.execute(select(Organization).distinct().join(User).where(Organization.slug == s)).scalar_one_or_none()'),
    valid('in a legacy query of entities', 'session.query(Organization).join(User).filter(Organization.slug == s).one_or_none()'),
    valid('with options', 'session.execute(select(Organization).options(joinedload(Organization.users)).where(Organization.slug == s)).unique().scalar_one_or_none()'),

    valid('a key on all paths', `
      def load(session, lead_id, token):
          if lead_id:
              statement = select(Lead).where(Lead.id == lead_id)
          else:
              statement = select(Lead).where(Lead.token == token)
          return session.scalars(statement).one_or_none()
    `),
    valid('a key that is added later', `
      def load(session, token):
          statement = select(Lead).where(Lead.phone == "1")
          statement = statement.where(Lead.token == token)
          result = session.execute(statement)
          return result.scalar_one_or_none()
    `),
    valid('a variable that is something else by then', `
      def load(session, token):
          statement = select(Lead).where(Lead.email == "a")
          statement = select(Lead).where(Lead.token == token)
          return session.scalars(statement).one_or_none()
    `),
    valid('a path that raises', `
      def load(session, token):
          statement = select(Lead)
          if token:
              statement = statement.where(Lead.token == token)
          else:
              raise ValueError(token)
          return session.scalars(statement).one_or_none()
    `),
    valid('a path with an unknown filter', `
      def load(session, ids):
          statement = select(Lead).where(Lead.email == "a")
          for part in parts(ids):
              statement = statement.where(part)
          statement = statement.where(visible())
          return session.scalars(statement).one_or_none()
    `),
    valid('the error is expected', `
      from sqlalchemy.exc import MultipleResultsFound
      def load(session, email):
          try:
              return session.scalars(select(Lead).where(Lead.email == email)).one_or_none()
          except MultipleResultsFound:
              return None
    `),

    valid('a dynamic relationship with a key', `
      def load(organization: Organization, token):
          return organization.leads.filter_by(token=token).one_or_none()
    `),
    valid('a function that gives a statement', 'from app.queries import by_token\nsession.scalars(by_token(token)).one_or_none()', {
      'app/queries.py': 'from sqlalchemy import select\nfrom app.models import Lead\ndef by_token(token):\n    return select(Lead).where(Lead.token == token)\n',
    }),
    valid('a function with two returns', 'from app.queries import find\nsession.scalars(find(token)).one_or_none()', {
      'app/queries.py': 'from sqlalchemy import select\nfrom app.models import Lead\ndef find(token):\n    if token:\n        return select(Lead).where(Lead.token == token)\n    return select(Lead)\n',
    }),
    valid('a terminal of the project, with a key', 'from app.repo import Repository\ndef load(repo: Repository, token):\n    return repo.get_one_or_none(select(Lead).where(Lead.token == token))', {
      'app/repo.py': 'class Repository:\n    def get_one_or_none(self, statement):\n        return self.session.execute(statement).scalar_one_or_none()\n',
    }),
    valid('a function that changes the statement is no terminal', 'from app.repo import get_one\nget_one(session, select(Lead).where(Lead.email == e))', {
      'app/repo.py': 'def get_one(session, statement):\n    return session.execute(statement.limit(1)).scalar_one_or_none()\n',
    }),
    valid('nor is one that knows its own statement', 'from app.repo import by_token\nby_token(session, "a")', {
      'app/repo.py': 'from sqlalchemy import select\nfrom app.models import Lead\ndef by_token(session, token):\n    return session.execute(select(Lead).where(Lead.token == token)).scalar_one_or_none()\n',
    }),
    { ...valid('a test file', 'session.scalars(select(Lead).where(Lead.email == email)).one_or_none()'), path: 'tests/test_leads.py' },
    { ...valid('other methods', 'session.scalars(select(Lead).where(Lead.email == email)).one_or_none()'), options: [{ methods: ['one'] }] },
    valid('a unique key that only a migration has', 'session.scalars(select(Plan).where(Plan.code == code)).one_or_none()', {
      'migrations/versions/1_add.py': 'from alembic import op\nrevision = "1"\ndown_revision = None\ndef upgrade():\n    op.create_unique_constraint("plans_code_key", "plans", ["code"])\n',
    }),
    valid('nulls that a unique index takes as equal', 'session.scalars(select(Slot).where(Slot.room == r, Slot.ended_at == None)).one_or_none()'.replace('session', 'from app.slots import Slot\nsession'), {
      'app/slots.py':
        'from app.models import Base\nfrom sqlalchemy import Index\nfrom sqlalchemy.orm import Mapped, mapped_column\nclass Slot(Base):\n    __tablename__ = "slots"\n    id: Mapped[int] = mapped_column(primary_key=True)\n    room: Mapped[int]\n    ended_at: Mapped[int | None]\n    __table_args__ = (Index("i", "room", "ended_at", unique=True, postgresql_nulls_not_distinct=True),)\n',
    }),
    valid('keys that are computed', 'from app.slots import Slot\nsession.scalars(select(Slot).where(Slot.room == r)).one_or_none()', {
      'app/slots.py':
        'from app.models import Base\nfrom sqlalchemy.orm import Mapped, mapped_column\nclass Slot(Base):\n    __tablename__ = "slots"\n    id: Mapped[int] = mapped_column(primary_key=True)\n    room: Mapped[int]\n    __table_args__ = make_keys("room")\n',
    }),
    valid('6,000 filters', `session.query(Lead)${'.filter(Lead.email == e)'.repeat(6000)}.one_or_none()`),
    valid('a hybrid that is a plain condition', 'session.scalars(select(User).where(User.id == i, User.is_active, ~User.is_active)).one_or_none()'),
  ],
  invalid: [
    invalid('a column that is not unique', 'session.scalars(select(Lead).where(Lead.email == email)).one_or_none()', {
      message:
        '`one_or_none()` raises `MultipleResultsFound` once two `Lead` rows share `email`, and no unique constraint prevents that. Add one on (email), or use `.first()`.',
    }),
    invalid('half of a composite key', 'session.query(Seat).filter_by(row=r).one_or_none()', {
      model: 'Seat',
      columns: ['row'],
    }),
    invalid('scalar_one_or_none', 'session.execute(select(Lead).where(Lead.email == e, Lead.phone == p)).scalar_one_or_none()', {
      message:
        '`scalar_one_or_none()` raises `MultipleResultsFound` once two `Lead` rows share `email`, `phone`, and no unique constraint prevents that. Add one on (email, phone), or use `.scalars().first()`.',
    }),
    invalid('a flag', 'session.query(User).filter(User.organization_id == o, User.is_owner == true()).one_or_none()', {
      message:
        '`one_or_none()` raises `MultipleResultsFound` once two `User` rows share `is_owner`, `organization_id`, and no unique constraint prevents that. Add a partial one on (organization_id), or use `.first()`.',
    }),
    invalid('nothing is filtered', 'session.execute(select(Settings)).scalar_one_or_none()', {
      messageId: 'unkeyed',
      message:
        '`scalar_one_or_none()` raises `MultipleResultsFound` once two `Settings` rows match, and nothing that the statement compares is unique. Filter by a unique key, or use `.scalars().first()`.',
    }),
    {
      ...invalid('on the line of the method', 'lead = (\n    session.query(Lead)\n    .filter(Lead.email == email)\n    .one_or_none()\n)', { line: 4 }),
    },
    {
      name: 'the suggestion orders by the primary key',
      ...code('lead = session.execute(\n    select(Lead).where(Lead.email == email)\n).scalar_one_or_none()'),
      errors: [
        {
          line: line(3),
          suggestions: [
            {
              messageId: 'useOrderedFirst',
              output: `${head}lead = session.execute(\n    select(Lead).where(Lead.email == email).order_by(Lead.id)\n).scalars().first()`,
            },
          ],
        },
      ],
    },
    {
      name: 'it leaves an order as it is',
      ...code('lead = session.query(Lead).filter_by(email=email).order_by(Lead.phone).one_or_none()'),
      errors: [{ suggestions: [{ messageId: 'useFirst', output: `${head}lead = session.query(Lead).filter_by(email=email).order_by(Lead.phone).first()` }] }],
    },
    {
      name: 'it orders what is executed',
      ...code('def load(session, email):\n    statement = select(Lead).where(Lead.email == email)\n    return session.scalars(statement).one_or_none()'),
      errors: [
        {
          line: line(3),
          suggestions: [{ messageId: 'useOrderedFirst', output: `${head}def load(session, email):\n    statement = select(Lead).where(Lead.email == email)\n    return session.scalars(statement.order_by(Lead.id)).first()` }],
        },
      ],
    },
    {
      name: 'a Core table is ordered by its columns',
      ...code('connection.execute(select(accounts).where(accounts.c.bic == bic)).one_or_none()'),
      errors: [{ suggestions: [{ messageId: 'useOrderedFirst', output: `${head}connection.execute(select(accounts).where(accounts.c.bic == bic).order_by(accounts.c.id)).first()` }] }],
    },

    invalid('or_', 'session.query(Lead).filter(or_(Lead.id == i, Lead.token == t)).one_or_none()', { messageId: 'unkeyed' }),
    invalid('|', 'session.query(Lead).filter((Lead.id == i) | (Lead.token == t)).one_or_none()', { messageId: 'unkeyed' }),
    invalid('in_', 'session.query(Lead).filter(Lead.token.in_(tokens)).one_or_none()', { messageId: 'unkeyed' }),
    invalid('like', 'session.query(Lead).filter(Lead.token.like(t)).one_or_none()', { messageId: 'unkeyed' }),
    invalid('!=', 'session.query(Lead).filter(Lead.token != t).one_or_none()', { messageId: 'unkeyed' }),
    invalid('is_(None)', 'session.query(Lead).filter(Lead.token.is_(None)).one_or_none()', { messageId: 'unkeyed' }),
    invalid('== None', 'session.query(Lead).filter(Lead.token == None).one_or_none()', { messageId: 'unkeyed' }),
    invalid('not_', 'session.query(Lead).filter(not_(Lead.token == t)).one_or_none()', { messageId: 'unkeyed' }),
    invalid('a range', 'session.query(Lead).filter(Lead.id > 3, Lead.id.between(1, 9)).one_or_none()', { messageId: 'unkeyed' }),
    invalid('a function that completes no key', 'session.query(Lead).filter(func.lower(Lead.email) == e).one_or_none()', { messageId: 'unkeyed' }),
    invalid('a key in a JSON column', 'session.query(User).filter(User.profile["nick"].astext == n).one_or_none()', { messageId: 'unkeyed' }),
    invalid('any_ of an array', 'from sqlalchemy import any_\nsession.query(Lead).filter(Lead.token == any_(tokens)).one_or_none()', { line: 2, messageId: 'unkeyed' }),
    invalid('a hybrid that is a plain condition', 'session.query(User).filter(User.is_active, User.phone == p).one_or_none()', { model: 'User', columns: ['phone'] }),
    invalid('is_(True)', 'session.query(User).filter(User.is_owner.is_(True)).one_or_none()', { model: 'User', columns: ['is_owner'] }),
    invalid('limit(2)', 'session.execute(select(Lead).where(Lead.email == e).limit(2)).scalar_one_or_none()'),
    invalid('columns', 'session.execute(select(Lead.id).where(Lead.email == e)).scalar_one_or_none()'),
    invalid('a column and an aggregate over all rows', 'session.execute(select(Lead.email, func.count().over()).where(Lead.phone == p)).one_or_none()'),
    invalid('unique() alone does not help', 'session.execute(select(Lead).where(Lead.email == e)).unique().scalar_one_or_none()'),
    invalid('distinct() alone does not help', 'session.execute(select(Lead).distinct().where(Lead.email == e)).scalar_one_or_none()'),
    invalid('with_for_update and options', 'session.execute(select(Lead).options(selectinload(Lead.owner)).where(Lead.email == e).with_for_update()).scalar_one_or_none()'),
    invalid('an alias of a model', 'other = aliased(Lead)\nsession.scalars(select(other).where(other.email == e)).one_or_none()', { line: 2 }),
    invalid('a filter on an alias says nothing of the model', 'other = aliased(Lead)\nsession.scalars(select(Lead, other).where(other.token == t)).one_or_none()', { line: 2, messageId: 'unkeyed' }),
    invalid('the list of SQLAlchemy 1.3', 'connection.execute(select([accounts.c.id]).where(accounts.c.bic == b)).one_or_none()'),
    invalid('exec of SQLModel', 'import sqlmodel\nsession.exec(sqlmodel.select(Lead).where(Lead.email == e)).one_or_none()', { line: 2 }),
    invalid('by another name', 'import sqlalchemy as sa\nimport app.models as m\nsession.scalars(sa.select(m.Lead).filter(m.Lead.email == e)).one_or_none()', { line: 3 }),
    invalid('of a module in a function', 'def load(session, e):\n    from app import models\n    return session.scalars(select(models.Lead).filter_by(email=e)).one_or_none()', { line: 3 }),
    invalid('the query of a Flask model', 'Lead.query.filter_by(email=e).one_or_none()'),
    invalid('a session in an attribute', 'class Repo:\n    def load(self, e):\n        return self._session.execute(select(Lead).where(Lead.email == e)).scalars().one_or_none()', { line: 3 }),
    invalid('the class of a method', 'class Repo:\n    model = Lead\n\n    def load(self, e):\n        return self.session.query(self.model).filter_by(email=e).one_or_none()', { line: 5 }),
    invalid('a walrus', 'if lead := session.scalars(select(Lead).where(Lead.email == e)).one_or_none():\n    print(lead)'),
    invalid('a comprehension', 'leads = [session.scalars(select(Lead).where(Lead.email == e)).one_or_none() for e in emails]'),
    invalid('a nested function with the statement of the one around', 'def outer(session, e):\n    statement = select(Lead).where(Lead.email == e)\n    def inner():\n        return session.scalars(statement).one_or_none()\n    return inner', { line: 4 }),

    invalid('an awaited execution', 'async def load(session):\n    return (await session.execute(select(Lead).where(Lead.email == e))).scalar_one_or_none()', { line: 2 }),
    invalid('an awaited result', 'async def load(session):\n    result = await session.execute(select(Lead).where(Lead.email == e))\n    return result.unique().scalars().one_or_none()', { line: 3 }),
    invalid('an awaited terminal of a stream', 'async def load(session):\n    result = await session.stream(select(Lead).where(Lead.email == e))\n    return await result.scalar_one_or_none()', { line: 3 }),
    invalid(
      'a result that one of two executions gives',
      'def load(session, fresh):\n    statement = select(Lead).where(Lead.phone == "1")\n    if fresh:\n        result = session.execute(statement)\n    else:\n        result = session.execute(statement)\n    return result.scalar_one_or_none()',
      { line: 7 },
    ),
    invalid(
      'one path has no key',
      `
        def load(session, token, phone):
            statement = select(Lead).where(Lead.phone == phone)
            if token:
                statement = statement.where(Lead.token == token)
            return session.scalars(statement).one_or_none()
      `,
      { line: 5, columns: ['phone'] },
    ),
    invalid(
      'filters of a loop may not be added',
      `
        def load(session, phone):
            query = session.query(Lead)
            while more():
                query = query.filter(Lead.phone == phone)
            return query.one_or_none()
      `,
      { line: 5, messageId: 'unkeyed' },
    ),
    invalid(
      'match and try',
      `
        def load(session, kind, value):
            match kind:
                case "token":
                    statement = select(Lead).where(Lead.token == value)
                case _:
                    statement = select(Lead).where(Lead.phone == value)
            try:
                return session.scalars(statement).one_or_none()
            except ValueError:
                return None
      `,
      { line: 8 },
    ),
    invalid('a conditional expression', 'session.scalars(select(Lead).where(Lead.token == t if t else Lead.phone == p)).one_or_none()'),

    invalid('a join to the many side multiplies', 'session.execute(select(Organization).join(Organization.users).where(Organization.slug == s)).scalar_one_or_none()', {
      messageId: 'joined',
      message:
        '`scalar_one_or_none()` raises `MultipleResultsFound` once two `User` rows match, since the join gives one result for each. Put the condition into `.any()` or `EXISTS`, or take equal rows together with `.unique()`.',
    }),
    invalid('also where the selected side has its key', 'session.execute(select(Organization.id).join(User).where(Organization.id == i)).scalar_one_or_none()', { messageId: 'joined' }),
    invalid('a legacy query of columns', 'session.query(Organization.id).join(User).filter(Organization.slug == s).one_or_none()', { messageId: 'joined' }),
    invalid('a bound key on the one side', 'session.scalars(select(User).join(User.organization).where(Organization.slug == s)).one_or_none()', { model: 'User', columns: ['organization_id'] }),
    invalid('an outer join does not bind the left side', 'session.scalars(select(User).outerjoin(Organization, and_(User.organization_id == Organization.id, User.id == i))).one_or_none()', {
      messageId: 'unkeyed',
    }),
    invalid('a join through a secondary table', 'session.execute(select(User).join(User.tags).where(User.id == i)).scalar_one_or_none()', { messageId: 'joined', model: 'user_tags' }),
    invalid('a condition with another model', 'session.scalars(select(Lead).where(Lead.owner_id == User.id, User.phone == p)).one_or_none()', { messageId: 'unkeyed', model: 'Lead' }),
    invalid('a relationship binds its key, which is not unique', 'session.query(Seat).filter(Seat.user == user).one_or_none()', { model: 'Seat', columns: ['user_id'] }),
    invalid('a one-to-many relationship of a dynamic one', 'def load(organization: Organization, e):\n    return organization.leads.filter_by(email=e).one_or_none()', {
      line: 2,
      columns: ['email', 'organization_id'],
    }),

    invalid('a function that gives a statement', 'from app.queries import by_email\nsession.scalars(by_email(e)).one_or_none()', { line: 2 }, {
      'app/queries.py': 'from sqlalchemy import select\nfrom app.models import Lead\ndef by_email(email):\n    statement = select(Lead)\n    statement = statement.where(Lead.email == email)\n    return statement\n',
    }),
    invalid('a method that does, in a class above', 'from app.repo import LeadRepository\ndef load(repo: LeadRepository, e):\n    return repo.session.scalars(repo.base().where(Lead.email == e)).one_or_none()', { line: 3 }, {
      'app/repo.py': 'from sqlalchemy import select\nfrom app.models import Lead\nclass Repository:\n    model: type\n    def base(self):\n        return select(self.model)\nclass LeadRepository(Repository):\n    model = Lead\n',
    }),
    invalid(
      'a terminal of the project',
      'from app.repo import Repository\ndef load(repo: Repository, email):\n    statement = select(Lead).where(Lead.email == email)\n    return repo.get_one_or_none(statement)',
      {
        line: 4,
        suggestions: 0,
        message:
          '`get_one_or_none()` raises `MultipleResultsFound` once two `Lead` rows share `email`, and no unique constraint prevents that. Add one on (email), or use `.scalars().first()`.',
      },
      { 'app/repo.py': 'class Repository:\n    async def get_one_or_none(self, statement):\n        result = await self.session.execute(statement)\n        return result.unique().scalar_one_or_none()\n' },
    ),
    invalid('a function that is one, by keyword', 'from app.repo import fetch_one as load\nload(session, statement=select(Lead).where(Lead.email == email))', { line: 2, suggestions: 0 }, {
      'app/repo.py': 'def fetch_one(session, *, statement):\n    return session.scalars(statement).one_or_none()\n',
    }),
    invalid('a function that calls one', 'from app.repo import Repository\ndef load(repo: Repository):\n    return repo.get_or_fail(select(Lead).where(Lead.email == "a"))', { line: 3, suggestions: 0 }, {
      'app/repo.py':
        'class Repository:\n    def get_one_or_none(self, statement):\n        return self.session.scalars(statement).one_or_none()\n    def get_or_fail(self, statement):\n        found = self.get_one_or_none(statement)\n        if found is None:\n            raise LookupError(statement)\n        return found\n',
    }),
    { ...invalid('methods that are asked for', 'session.execute(select(Lead).where(Lead.email == e)).scalar_one()', { suggestions: 0 }), options: [{ methods: ['scalar_one'] }] },
    invalid('a unique key that a later migration drops', 'session.scalars(select(Plan).where(Plan.code == code)).one_or_none()', {}, {
      'migrations/versions/b.py': 'from alembic import op\nrevision = "2"\ndown_revision = "1"\ndef upgrade():\n    op.drop_constraint("plans_code_key", "plans")\n',
      'migrations/versions/c.py': 'from alembic import op\nrevision = "1"\ndown_revision = None\ndef upgrade():\n    op.create_unique_constraint("plans_code_key", "plans", ["code"])\n',
    }),
  ],
})

new RuleTester().runProject(scalarOneNeedsUnique, new URL('scalar-one-needs-unique.md', import.meta.url), { pack: 'sqlalchemy' })
