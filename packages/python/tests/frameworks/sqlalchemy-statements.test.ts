import { columnsOf, fromListOf, statementsOf } from '@krait/python'
import type { CallNode, Condition, Execution, Join, KnownStatement, PythonNode, SqlExpression, Statement } from '@krait/python'
import { describe, expect, test } from 'vitest'
import { terminalFunctionsIndex } from '../../src/frameworks/sqlalchemy/statements/terminal-functions.ts'
import { MemoryProject, file } from '../helpers/memory-project.ts'
import type { OpenedFile } from '../helpers/memory-project.ts'

const MODELS = {
  'app/__init__.py': '',
  'app/models.py': `
    from sqlalchemy import Column, ForeignKey, Integer, String, Table
    from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column, relationship
    class Base(DeclarativeBase): ...
    class Team(Base):
        __tablename__ = "teams"
        id: Mapped[int] = mapped_column(primary_key=True)
        name: Mapped[str]
        users: Mapped[list["User"]] = relationship(back_populates="team")
        notes = relationship("Note", lazy="dynamic")
    class User(Base):
        __tablename__ = "users"
        id: Mapped[int] = mapped_column(primary_key=True)
        email: Mapped[str]
        active: Mapped[bool]
        team_id: Mapped[int] = mapped_column(ForeignKey("teams.id"))
        team: Mapped[Team] = relationship(back_populates="users")
        tags: Mapped[list["Tag"]] = relationship(secondary="links")
    class Admin(User):
        level: Mapped[int | None]
    class Note(Base):
        __tablename__ = "notes"
        id: Mapped[int] = mapped_column(primary_key=True)
        team_id: Mapped[int] = mapped_column(ForeignKey("teams.id"))
    class Tag(Base):
        __tablename__ = "tags"
        id: Mapped[int] = mapped_column(primary_key=True)
    links = Table("links", Base.metadata, Column("user_id", ForeignKey("users.id")), Column("tag_id", ForeignKey("tags.id")))
    items = Table("items", Base.metadata, Column("id", Integer, primary_key=True), Column("code", String))
  `,
}

const HEAD = `from sqlalchemy import and_, case, cast, delete, exists, func, insert, join, literal, not_, null, or_, select, text, tuple_, union, update
from sqlalchemy.orm import aliased, joinedload
from app.models import Admin, Note, Tag, Team, User, items, links
`

/** @param code the last expression statement is asked about */
function open(code: string, others: Readonly<Record<string, string>> = {}): OpenedFile {
  return file(HEAD + code, 'app/main.py', { ...MODELS, ...others })
}

/** The statement of the last expression; of a call that gets rows, the one that it executes. */
function statement(code: string, others: Readonly<Record<string, string>> = {}): KnownStatement | null {
  const opened = open(code, others)
  return statementsOf(opened.services).statementOf(last(opened))
}

/** The expression of the last statement, also in a function. */
function last({ source }: OpenedFile): PythonNode {
  const nodes = [...source.ast.descendants('expression_statement', 'return_statement')]
  return nodes.at(-1)!.namedChildren[0] as PythonNode
}

function paths(code: string, others: Readonly<Record<string, string>> = {}): readonly string[] | null {
  return statement(code, others)?.paths.map(show) ?? null
}

function show({ kind, isQuery, selected, target, joins, conditions, limit, isDistinct, isGrouped, isOpen, selectFrom }: Statement): string {
  return [
    isQuery ? 'query' : kind,
    ...(target ? [target.model?.name.split('.').pop() ?? '?'] : []),
    ...(selected.length > 0 ? [selected.map(showExpression).join(', ')] : []),
    ...(selectFrom.length > 0 ? [`from ${selectFrom.map(({ model }) => model?.name.split('.').pop() ?? '?').join(', ')}`] : []),
    ...joins.map(showJoin),
    ...(conditions.length > 0 ? [`where ${conditions.map(showCondition).join(' and ')}`] : []),
    ...(isGrouped ? ['grouped'] : []),
    ...(isDistinct ? ['distinct'] : []),
    ...(limit === null ? [] : [`limit ${limit}`]),
    ...(isOpen ? ['open'] : []),
  ].join(' ')
}

function showExpression(expression: SqlExpression): string {
  switch (expression.kind) {
    case 'entity':
      return (expression.source.model?.name.split('.').pop() ?? '?') + (expression.source.isAlias ? '*' : '')
    case 'composed':
      return `${expression.name}${expression.isAggregate ? '!' : ''}(${columnsOf(expression).map(({ column }) => column.attribute).join(', ')})`
    case 'column':
      return `${showExpression({ kind: 'entity', source: expression.source, node: null })}.${expression.column.attribute}`
    case 'relationship':
      return `${expression.source.model.name.split('.').pop()}.${expression.relationship.attribute}`
    default:
      return expression.kind
  }
}

function showColumn({ source, column }: { readonly source: Statement['selectFrom'][number]; readonly column: { readonly attribute: string } }): string {
  return `${source.model?.name.split('.').pop()}${source.isAlias ? '*' : ''}.${column.attribute}`
}

function showCondition(condition: Condition): string {
  switch (condition.kind) {
    case 'bound':
      return `${showColumn(condition.column)}=`
    case 'null':
      return `${showColumn(condition.column)} null`
    case 'equated':
      return `${showColumn(condition.left)}=${showColumn(condition.right)}`
    case 'computed':
      return `f(${condition.columns.map(showColumn).join(', ')})=`
    case 'other':
      return `~(${condition.columns.map(showColumn).join(', ')})`
    case 'unknown':
      return '?'
  }
}

function showJoin({ source, kind, conditions }: Join): string {
  return `${kind === 'inner' ? '' : `${kind} `}join ${source.model?.name.split('.').pop() ?? '?'}${source.isAlias ? '*' : ''} on ${conditions.map(showCondition).join(' and ')}`
}

describe('what a statement selects', () => {
  test.each<[code: string, expected: string]>([
    ['select(User)', 'select User'],
    ['select(User.email, Team)', 'select User.email, Team'],
    ['select([User.id, Team.id])', 'select User.id, Team.id'],
    ['select(func.count(), func.max(User.id).label("m"))', 'select count!(), max!(id)'],
    ['select(func.lower(User.email), User.id + 1, cast(User.id, text))', 'select lower(email), +(id), cast(id)'],
    ['select(case((User.active, User.id), else_=0))', 'select case(active, id)'],
    ['select(exists().where(User.id == 1))', 'select exists'],
    ['select(func.count(User.id).over())', 'select count(id)'],
    ['select(select(User.id).scalar_subquery())', 'select subquery'],
    ['select(make(User))', 'select unknown'],
    ['select(*columns)', 'select open'],
    ['select(User).add_columns(Team.id)', 'select User, Team.id'],
    ['select(User).with_only_columns(User.id)', 'select User.id'],
    ['select(User.__table__.c.email)', 'select User.email'],
    ['select(items.c.code, items.c["id"])', 'select items.code, items.id'],
    ['items.select()', 'select items'],
    ['items.alias("x").select()', 'select items*'],
    ['select(aliased(User))', 'select User*'],
    ['session.query(User.id, User)', 'query User.id, User'],
    ['User.query', 'query User'],
    ['insert(User).values(email="a").returning(User.id)', 'insert User User.id'],
    ['update(User).where(User.id == 1).values(email="a")', 'update User where User.id='],
    ['delete(User)', 'delete User'],
    ['union(select(User.id), select(Team.id))', 'compound'],
    ['select(User.id).union_all(select(Team.id))', 'compound'],
  ])('%s', (code, expected) => {
    expect(paths(code)).toEqual([expected])
  })

  test.each(['value', '[User]', 'select', 'session.execute(select(User))', 'select(User).subquery()', 'session.query(name)', 'users.filter(x)'])('%s is no known statement', (code) => {
    expect(paths(code)).toBeNull()
  })
})

describe('conditions', () => {
  test.each<[code: string, expected: string]>([
    ['User.id == 1', 'User.id='],
    ['1 == User.id', 'User.id='],
    ['User.id == None', 'User.id null'],
    ['User.id == null()', 'User.id null'],
    ['User.id.is_(None)', 'User.id null'],
    ['User.active.is_(True)', 'User.active='],
    ['User.active', 'User.active='],
    ['~User.active', 'User.active='],
    ['User.active.is_(flag)', 'f(User.active)='],
    ['User.id == Team.id', 'User.id=Team.id'],
    ['func.lower(User.email) == value.lower()', 'f(User.email)='],
    ['User.email == func.lower(value)', 'User.email='],
    ['User.email == func.lower(Team.name)', 'f(User.email, Team.name)='],
    ['User.id == select(func.max(User.id)).scalar_subquery()', 'User.id='],
    ['User.id.in_([1, 2])', '~(User.id)'],
    ['User.id.in_(select(Team.id).limit(1))', 'User.id='],
    ['User.email.like("a%")', '~(User.email)'],
    ['User.id > 1', '~(User.id)'],
    ['and_(User.id == 1, User.active == value)', 'User.id= and User.active='],
    ['(User.id == 1) & (User.email == e)', 'User.id= and User.email='],
    ['or_(User.id == 1, User.email == e)', '~(User.id, User.email)'],
    ['or_(User.id == 1)', 'User.id='],
    ['not_(User.id == 1)', '~(User.id)'],
    ['tuple_(User.id, User.email) == (1, e)', 'User.id= and User.email='],
    ['User.team == team', 'User.team_id='],
    ['User.team == None', 'User.team_id null'],
    ['User.tags.any(Tag.id == 1)', '~()'],
    ['exists().where(User.id == Team.id)', '~()'],
    ['User.id == user.id', 'User.id='],
    ['User.id == users[0]', 'User.id='],
    ['getattr(User, "email") == e', 'User.email='],
    ['True', ''],
    ['text("x")', '?'],
    ['visible(User)', '?'],
    ['User.nothing == 1', '?'],
    ['User.tags == x', '?'],
    ['and_(*conditions)', '?'],
    ['not_(visible())', '?'],
    ['name is not None', '?'],
  ])('%s', (code, expected) => {
    expect(paths(`select(User).where(${code})`)).toEqual([expected === '' ? 'select User' : `select User where ${expected}`])
  })

  test.each<[code: string, expected: string]>([
    ['select(User).filter_by(email=e, team=t)', 'select User where User.email= and User.team_id='],
    ['select(User).join(Team).filter_by(name=n)', 'select User join Team on User.team_id=Team.id where Team.name='],
    ['select(User).filter_by(**values)', 'select User where ?'],
    ['select(User).filter_by(nothing=1)', 'select User where ?'],
    ['select(User).where(User.id == 1).where(User.email == e)', 'select User where User.id= and User.email='],
    ['select(User).where(*conditions)', 'select User where ?'],
  ])('%s', (code, expected) => {
    expect(paths(code)).toEqual([expected])
  })
})

describe('joins', () => {
  test.each<[code: string, expected: string]>([
    ['select(User).join(User.team)', 'select User join Team on User.team_id=Team.id'],
    ['select(Team).join(Team.users)', 'select Team join User on Team.id=User.team_id'],
    ['select(Team).join(User)', 'select Team join User on Team.id=User.team_id'],
    ['select(User).outerjoin(Team)', 'select User left join Team on User.team_id=Team.id'],
    ['select(User).join(Team, User.id == Team.id, isouter=True)', 'select User left join Team on User.id=Team.id'],
    ['select(User).join(Team, User.team)', 'select User join Team on User.team_id=Team.id'],
    ['other = aliased(Team)\nselect(User).join(User.team.of_type(other))', 'select User join Team* on User.team_id=Team*.id'],
    ['other = aliased(Team)\nselect(User).join(other, other.id == User.team_id)', 'select User join Team* on Team*.id=User.team_id'],
    ['select(User).join(User.team.and_(Team.name == n))', 'select User join Team on User.team_id=Team.id and Team.name='],
    ['select(User).join(User.tags)', 'select User join links on links.user_id=User.id join Tag on links.tag_id=Tag.id'],
    ['select(Team).select_from(User).join(Team)', 'select Team from User join Team on User.team_id=Team.id'],
    ['select(User.id).select_from(join(User, Team, User.team_id == Team.id))', 'select User.id from User join Team on User.team_id=Team.id'],
    ['select(Team.name).join_from(User, Team)', 'select Team.name join Team on User.team_id=Team.id'],
    ['session.query(Team).join(Team.users, User.tags)', 'query Team join User on Team.id=User.team_id join links on links.user_id=User.id join Tag on links.tag_id=Tag.id'],
    ['select(User).join(Tag)', 'select User open'],
    ['select(User).join(target)', 'select User open'],
    ['select(User).join("team")', 'select User open'],
    ['select(User).join(Team, visible())', 'select User join Team on ?'],
  ])('%s', (code, expected) => {
    expect(paths(code)).toEqual([expected])
  })

  test('a class and the one that it inherits from are one element of the FROM list', () => {
    const [only] = statement('select(Admin).where(User.email == e)')!.paths
    expect(fromListOf(only!).map(({ model }) => model?.name)).toEqual(['app.models.Admin'])
  })

  test('each alias is an element of its own', () => {
    const [only] = statement('a = aliased(User)\nb = aliased(User)\nselect(a, b, User).where(a.id == b.id)')!.paths
    expect(fromListOf(only!)).toHaveLength(3)
  })

  test('what conditions alone mention', () => {
    const [only] = statement('select(User).where(User.team_id == Team.id, exists().where(Note.id == 1))')!.paths
    expect(fromListOf(only!).map(({ model }) => model?.name)).toEqual(['app.models.User', 'app.models.Team'])
  })
})

describe('the rest', () => {
  test.each<[code: string, expected: string]>([
    ['select(User).limit(1)', 'select User limit 1'],
    ['select(User).limit(n)', 'select User limit unknown'],
    ['select(User).limit(None)', 'select User'],
    ['session.query(User).slice(2, 4)', 'query User limit 2'],
    ['select(User).distinct().order_by(User.id).options(joinedload(User.team))', 'select User distinct'],
    ['select(User.id).group_by(User.id)', 'select User.id grouped'],
    ['select(User).from_statement(text("x"))', 'select User open'],
    ['select(latest.c.id)', 'select unknown'],
  ])('%s', (code, expected) => {
    expect(paths(code)).toEqual([expected])
  })

  test('the steps, with the calls that they are', () => {
    const [only] = statement('select(User).order_by(User.id).limit(3)')!.paths
    expect(only!.steps.map(({ name, call }) => [name, (call.term.node as CallNode).arguments.text])).toEqual([['select', '(User)'], ['order_by', '(User.id)'], ['limit', '(3)']])
  })

  test('an expression has its place', () => {
    const [only] = statement('select(User.id, func.count(Team.id))')!.paths
    expect(only!.selected.map(({ node }) => node?.text)).toEqual(['User.id', 'func.count(Team.id)'])
  })

  test('6,000 steps are no known statement, and no crash', () => {
    expect(paths(`select(User)${'.where(User.id == 1)'.repeat(6000)}`)).toBeNull()
  })
})

describe('through variables', () => {
  test.each<[what: string, code: string, expected: readonly string[] | null]>([
    ['a variable', 's = select(User)\ns.where(User.id == 1)', ['select User where User.id=']],
    ['a variable that is bound anew', 's = select(User)\ns = s.where(User.id == 1)\ns', ['select User where User.id=']],
    ['a condition in a variable', 'c = User.id == 1\nselect(User).where(c)', ['select User where User.id=']],
    ['a branch', 'def f(x):\n    s = select(User)\n    if x:\n        s = s.where(User.id == 1)\n    return s', ['select User', 'select User where User.id=']],
    ['two branches', 'def f(x):\n    if x:\n        s = select(User)\n    else:\n        s = select(Team)\n    return s', ['select User', 'select Team']],
    ['a conditional expression', 'select(User) if x else select(Team)', ['select User', 'select Team']],
    ['a choice of conditions', 'select(User).where(User.id == 1 if x else User.email == e)', ['select User where User.id=', 'select User where User.email=']],
    ['a loop', 'def f(xs):\n    s = select(User)\n    for x in xs:\n        s = s.where(User.id == x)\n    return s', ['select User', 'select User where User.id=']],
    ['a condition that grows', 'def f(x):\n    c = User.id == 1\n    c &= User.email == x\n    return select(User).where(c)', ['select User where User.id= and User.email=']],
    ['an unpacking', 'a, s = 1, select(User)\ns', ['select User']],
    ['one of several is unknown', 'def f(x):\n    s = select(User)\n    if x:\n        s = load()\n    return s', null],
    ['a parameter', 'def f(s):\n    return s.where(User.id == 1)', null],
    ['a parameter with another value', 'def f(s=None):\n    s = select(User)\n    return s', ['select User']],
    ['a variable of the function around', 'def f():\n    s = select(User)\n    def g():\n        return s\n    return g', null],
  ])('%s', (_, code, expected) => {
    expect(paths(code)).toEqual(expected)
  })

  test('too many paths are unknown', () => {
    const branches = Array.from({ length: 8 }, (_, i) => `    if x[${i}]:\n        s = s.where(User.id == ${i})\n`).join('')
    expect(paths(`def f(x):\n    s = select(User)\n${branches}    return s`)).toBeNull()
  })
})

describe('through functions', () => {
  const REPO = {
    'app/repo.py': `
      from sqlalchemy import select
      from app.models import User, Team
      class Repository:
          model: type
          def base(self, *, active=False):
              statement = select(self.model)
              return statement
          @property
          def everyone(self):
              return select(self.model)
      class Users(Repository):
          model = User
          def active(self):
              return super().base().where(User.active)
          @classmethod
          def named(cls, email):
              return select(cls.model).where(cls.model.email == email)
      class Teams(Repository):
          model = Team
          def base(self):
              return select(Team).where(Team.name == "x")
      def changed(statement, value):
          return statement.where(User.email == value)
      def either(x):
          if x:
              return select(User)
          return select(Team)
    `,
  }

  test.each<[what: string, code: string, expected: readonly string[] | null]>([
    ['a method of a class that says the model', 'def f(r: Users):\n    return r.base().where(User.id == 1)', ['select User where User.id=']],
    ['a property', 'def f(r: Users):\n    return r.everyone', ['select User']],
    ['a method that calls the one above', 'def f(r: Users):\n    return r.active()', ['select User where User.active=']],
    ['a class method', 'Users.named(e)', ['select User where User.email=']],
    ['a method that a class below has anew', 'def f(r: Repository):\n    return r.base()', null],
    ['the one below', 'def f(r: Teams):\n    return r.base()', ['select Team where Team.name=']],
    ['a function that changes what it is given', 'changed(select(User), 1)', ['select User where User.email=']],
    ['a function with two returns', 'either(1)', null],
    ['super() in the file at hand', 'class Own(Users):\n    def base(self):\n        return super().base().where(User.id == 1)', ['select User where User.id=']],
  ])('%s', (_, code, expected) => {
    expect(paths(`from app.repo import Repository, Teams, Users, changed, either\n${code}`, REPO)).toEqual(expected)
  })
})

describe('dynamic relationships', () => {
  test('are queries that bind the foreign key', () => {
    expect(paths('def f(team: Team):\n    return team.notes.filter_by(id=1)')).toEqual(['query Note where Note.team_id= and Note.id='])
  })

  test('others are not', () => {
    expect(paths('def f(team: Team):\n    return team.users')).toBeNull()
  })
})

describe('executions', () => {
  const METHODS = new Set(['one_or_none', 'scalar_one_or_none', 'first'])

  function execution(code: string, others: Readonly<Record<string, string>> = {}): Execution | null {
    const opened = open(code, others)
    return statementsOf(opened.services).executionOf(last(opened), METHODS)
  }

  test.each<[code: string, method: string, by: string, isUnique: boolean]>([
    ['session.execute(select(User)).scalar_one_or_none()', 'scalar_one_or_none', 'execute', false],
    ['session.execute(statement=select(User)).first()', 'first', 'execute', false],
    ['session.scalars(select(User)).unique().one_or_none()', 'one_or_none', 'scalars', true],
    ['session.execute(select(User)).unique().scalars().one_or_none()', 'one_or_none', 'execute', true],
    ['session.exec(select(User)).first()', 'first', 'exec', false],
    ['session.query(User).filter(User.id == 1).one_or_none()', 'one_or_none', 'query', false],
    ['User.query.first()', 'first', 'query', false],
    ['r = session.execute(select(User))\nr.scalars().first()', 'first', 'execute', false],
    ['async def f(s):\n    return (await s.execute(select(User))).first()', 'first', 'execute', false],
    ['async def f(s):\n    r = await s.stream(select(User))\n    return await r.one_or_none()', 'one_or_none', 'stream', false],
    ['def f(s, x):\n    q = select(User)\n    r = s.execute(q) if x else s.execute(q)\n    return r.first()', 'first', 'execute', false],
  ])('%s', (code, method, by, isUnique) => {
    const found = execution(code)
    expect(found).toMatchObject({ method, by, isUnique, isThroughFunction: false })
    expect(found!.statement?.paths[0]!.selected.map(showExpression)).toEqual(['User'])
  })

  test.each(['session.execute(statement).first()', 'session.execute(make()).first()'])('%s executes what is not known', (code) => {
    expect(execution(code)).toMatchObject({ statement: null })
  })

  test.each(['users.first()', 'session.execute(select(User)).all()', 'r = load()\nr.first()', 'def f(r):\n    return r.scalars().first()', 'first()'])('%s executes nothing known', (code) => {
    expect(execution(code)).toBeNull()
  })

  const REPO = {
    'app/repo.py': `
      class Repository:
          async def get_one(self, statement):
              result = await self.session.execute(statement)
              return result.unique().scalar_one_or_none()
          async def get_or_fail(self, statement):
              found = await self.get_one(statement)
              if found is None:
                  raise LookupError
              return found
          def execute(self, statement):
              return self.session.execute(statement)
          def limited(self, statement):
              return self.session.scalars(statement.limit(1)).first()
      def run(session, query):
          return session.execute(query)
    `,
  }

  test.each<[code: string, expected: object | null]>([
    ['def f(r: Repository):\n    return r.get_one(select(User))', { method: 'scalar_one_or_none', isUnique: true, isThroughFunction: true }],
    ['async def f(r: Repository):\n    s = select(User)\n    return await r.get_or_fail(statement=s)', { method: 'scalar_one_or_none', isThroughFunction: true }],
    ['run(session, select(User)).first()', { method: 'first', isThroughFunction: false }],
    ['def f(r: Repository):\n    return r.execute(select(User)).first()', { method: 'first' }],
    ['def f(r: Repository):\n    return r.limited(select(User))', null],
    ['def f(r: Repository):\n    return r.other(select(User))', null],
  ])('%s', (code, expected) => {
    const found = execution(`from app.repo import Repository, run\n${code}`, REPO)
    if (expected) expect(found).toMatchObject(expected)
    else expect(found).toBeNull()
    if (found) expect(found.statement?.paths.map(show)).toEqual(['select User'])
  })

  test('the names of functions that execute what they are given', () => {
    const project = new MemoryProject(REPO)
    for (const name of ['get_one', 'get_or_fail']) expect(project.ask(terminalFunctionsIndex, name)).toEqual(['scalar_one_or_none'])
    for (const name of ['other', 'limited', 'nobody']) expect(project.ask(terminalFunctionsIndex, name)).toBeUndefined()
  })
})
