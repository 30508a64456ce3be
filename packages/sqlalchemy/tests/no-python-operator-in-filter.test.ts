import { python, RuleTester } from '@krait/rule-tester'
import { noPythonOperatorInFilter } from '../src/rules/no-python-operator-in-filter.ts'

const models = python`
  from typing import ClassVar

  from sqlalchemy import Column, ForeignKey, Integer
  from sqlalchemy.ext.hybrid import hybrid_method, hybrid_property
  from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column, relationship

  class Base(DeclarativeBase):
      pass

  class User(Base):
      __tablename__ = "users"
      id: Mapped[int] = mapped_column(primary_key=True)
      email: Mapped[str]
      tasks: Mapped[list["Task"]] = relationship(back_populates="owner")

  class Task(Base):
      __tablename__ = "tasks"

      OPEN_STATES = ("new", "started")
      CLOSED_STATES = frozenset({"done"})
      limit: ClassVar[int] = 10

      class Kind:
          BUG = "bug"

      id = Column(Integer, primary_key=True)
      owner_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
      owner: Mapped[User | None] = relationship(back_populates="tasks")
      open: Mapped[bool]
      state: Mapped[str]
      title: Mapped[str]
      done_at: Mapped[datetime | None]
      tags: Mapped[dict]

      @property
      def label(self): ...

      @hybrid_property
      def late(self): ...

      @hybrid_method
      def visible_to(self, user): ...

      @classmethod
      def count_all(cls): ...
`

const files = { 'app/__init__.py': '', 'app/models.py': models }

/** A file of the project that has the models, with the imports that most cases need. */
function query(strings: TemplateStringsArray): { code: string; path: string; files: Record<string, string> } {
  const imports = 'from sqlalchemy import and_, func, or_, select\nfrom app.models import Task, User\n'
  return { code: imports + python(strings), path: 'app/queries.py', files }
}

function constant(line: number, expression: string, replacement: string) {
  return { messageId: 'constant', line, data: { expression, replacement }, suggestions: 1 } as const
}

function oneSide(line: number, expression: string, replacement: string) {
  return { messageId: 'oneSide', line, data: { expression, replacement }, suggestions: 1 } as const
}

new RuleTester().run('no-python-operator-in-filter', noPythonOperatorInFilter, {
  valid: [
    {
      name: "the methods and functions of SQLAlchemy",
      ...query`
        select(Task).where(
            Task.done_at.is_(None),
            Task.owner_id.is_not(None),
            ~Task.open,
            and_(Task.owner_id == 1, Task.open),
            or_(Task.owner_id == 1, Task.open == True),
            (Task.owner_id == 1) & ~(Task.state == "new") | Task.state.in_(["new"]),
            Task.state.not_in(["done"]),
            Task.done_at == None,
        )
      `,
    },
    {
      name: 'operators on plain Python values',
      ...query`
        def load(mine, active, include_deleted, states, default):
            return select(Task).where(
                Task.open == (mine and active),
                Task.state == (states or default),
                Task.open.is_(not include_deleted),
                Task.open == ("new" in states),
                not include_deleted,
                mine is None,
                mine and active,
            )
      `,
    },
    {
      name: 'a Python value, or else a column, where a value is expected',
      ...query`
        from sqlalchemy import case

        def load(title, factor):
            title_or_own = title or Task.title
            return select(case((Task.open, title or Task.title), else_=title and Task.title)).where(
                Task.title == (title or Task.title),
                Task.owner_id == (factor or Task.id) + 1,
                Task.title == title_or_own,
            )
      `,
    },
    {
      name: 'operators on instances',
      ...query`
        def load(task: Task, session):
            user = session.get(User, 1)
            current = Task(id=1)
            return select(Task).where(
                Task.open == (task.done_at is None),
                Task.open == (not current.open),
                Task.open == (user.email and user.id),
                Task.title == (task.title or current.title),
            )

        def each(tasks: list[Task]):
            for task in tasks:
                yield select(User).where(User.id == (task.owner_id or 0), task.done_at is None)
      `,
    },
    {
      name: 'the test of a conditional expression',
      ...query`
        def load(uid, clause=None):
            return select(Task).where(
                Task.owner_id == uid if uid is not None and uid > 0 else Task.owner_id.is_(None),
                Task.open if Task.done_at is None else Task.late,
                clause if clause is not None else Task.open,
            )
      `,
    },
    {
      name: 'the if of a comprehension',
      ...query`
        def load(ids, clauses):
            return select(Task).where(
                Task.id.in_([i for i in ids if i is not None and i not in (0, 1)]),
                and_(*[clause for clause in clauses if clause is not None]),
                or_(*(Task.id == i for i in ids if not i)),
                and_(*(Task.id == i for i in ids if Task.done_at is None)),
            )
      `,
    },
    {
      name: 'a comprehension that leaves out what is not meant to go on',
      ...query`
        def load(title):
            conditions = [title and Task.title == title, Task.open]
            return select(Task).where(*[c for c in conditions if c is not None])
      `,
    },
    {
      name: 'a bare if, while and assert, a return and an assignment that goes nowhere',
      ...query`
        def load(stmt):
            if Task.done_at is None and not Task.open:
                stmt = stmt.where(Task.open)
            while Task.state in ("new",):
                pass
            assert Task.done_at is not None or Task.open
            flag = Task.done_at is None
            print(flag)
            return Task.owner_id and Task.open
      `,
    },
    {
      name: 'lambdas given to other calls',
      ...query`
        def load(tasks, stream):
            first = sorted(tasks, key=lambda task: Task.done_at is None)
            kept = stream.filter(lambda task: Task.done_at is None and task.open)
            return list(filter(lambda task: not Task.open, first)), kept
      `,
    },
    {
      name: 'arguments of calls that take no SQL',
      ...query`
        def load(log, values):
            log.info(Task.done_at is None)
            any(Task.done_at is None for _ in values)
            filter(Task.done_at is not None, values)
            return select(Task).where(Task.state == normalise(Task.done_at is None))
      `,
    },
    {
      name: 'a variable of another function, and a parameter',
      ...query`
        OPEN = Task.done_at is None

        def load(condition):
            return select(Task).where(OPEN, condition)

        def outer():
            condition = Task.done_at is None
            def inner():
                return select(Task).where(condition)
            return inner
      `,
    },
    {
      name: 'attributes of a model that are no columns',
      ...query`
        def load(state, kinds):
            return select(Task).where(
                Task.open,
                state in Task.OPEN_STATES,
                Task.OPEN_STATES is not None,
                not Task.CLOSED_STATES,
                not Task.limit,
                Task.Kind.BUG in kinds,
                Task.Kind is None,
                Task.__tablename__ in kinds,
                Task.metadata is None,
                not Task.label,
                not Task.count_all(),
                Task.query.get(1) is None,
                Task.state.key in kinds,
            )
      `,
    },
    {
      name: 'a parameter, a local name or another class of the same name',
      code: python`
        from sqlalchemy import select
        from app.models import User

        def load(Task):
            return select(User).where(Task.done_at is None)

        def other(factory):
            User = factory()
            return select(User).where(User.email is None)

        class Draft:
            done_at = None

        select(User).where(Draft.done_at is None)
        select(User).where(Unknown.done_at is None, not Unknown.open)
      `,
      path: 'app/queries.py',
      files,
    },
    {
      name: 'a class from outside the project, a dataclass and a pydantic model',
      code: python`
        from dataclasses import dataclass
        from elsewhere import Task
        from pydantic import BaseModel
        from sqlalchemy import select

        @dataclass
        class Point:
            x: int

        class Schema(BaseModel):
            name: str | None = None

        select(Task).where(Task.done_at is None, Point.x is None, Schema.name is not None)
      `,
    },
    {
      name: 'a declarative base made by a variable, an abstract class and a mixin hold no columns of their own name',
      code: python`
        from sqlalchemy import Column, Integer, select
        from sqlalchemy.orm import declarative_base

        Base = declarative_base()

        class Stamped:
            created_at = Column(Integer)

        class Abstract(Base):
            __abstract__ = True
            created_at = Column(Integer)

        select(1).where(Stamped.created_at is None, Base.created_at is None, Abstract.created_at is None)
      `,
    },
    {
      name: 'annotations that are no class of a model',
      ...query`
        from typing import Any, TypeVar
        T = TypeVar("T")

        def load(a: type[Any], b: type[T], c: type, d: Task, e: type[str], *models: type[Task], f: "Task | None" = None):
            return select(Task).where(a.x is None, b.x is None, c.x is None, d.open is None, e.x is None, models.x is None, not f)
      `,
    },
    {
      name: 'a table or subquery that is none',
      ...query`
        def load(t, config):
            sub = config
            sub = sub.section()
            return select(Task).where(t.c.x is None, sub.c.x is None, config.c["x"] is None)
      `,
    },
    {
      name: 'a variable that may be None is asked before it is used',
      ...query`
        def load(uid):
            clause = Task.owner_id == uid if uid else None
            other = None
            if uid:
                other = Task.owner_id == uid
            return select(Task).where(clause is not None, other is not None, not other)
      `,
    },
    {
      name: 'rows that a query gave',
      ...query`
        def load(session):
            rows = session.scalars(select(Task).where(Task.open)).all()
            total = session.scalar(select(func.count(Task.id)))
            first = Task.query.first()
            return select(User).where(User.id == (rows and rows[0].owner_id), User.id == (total or 1), not first, first is None)
      `,
    },
    {
      name: 'strings, paths, threads and data frames have methods of the same names',
      ...query`
        import os
        def load(names, thread, frame, path, verbose):
            ", ".join(name or "?" for name in names if name is not None)
            os.path.join(path or ".", "x" if verbose and path else "y")
            thread.join(verbose and 1)
            frame.where(frame.x is None, frame.y not in names)
            frame.filter(not verbose)
            path.exists(follow_symlinks=not verbose)
            names.select(verbose or names)
      `,
    },
    {
      name: 'a model that is shadowed in an inner function, a lambda, a comprehension, by an import or by a pattern',
      ...query`
        def load(rows, value):
            def inner(Task):
                return select(User).where(Task.done_at is None)
            parts = [select(User).where(not Task.open) for Task in rows]
            make = lambda Task: select(User).where(Task.open and value)
            with rows as Task, value:
                pass
            match value:
                case [User]:
                    rows.where(User.email is None)
            return inner, parts, make

        def other():
            from elsewhere import Task
            return select(User).where(Task.done_at is None)
      `,
    },
    {
      name: 'names that may be another class',
      code: python`
        try:
            from app.models import Task
        except ImportError:
            Task = None

        if flag:
            from app.models import User
        else:
            from elsewhere import User

        q.where(User.email is None)
        Model = Task if flag else User
        q.where(Model.email is None)
      `,
      path: 'app/queries.py',
      files,
    },
    {
      name: 'operators around a whole query, not inside it',
      ...query`
        async def load(session, uid):
            found = await session.scalar(select(Task).where(Task.owner_id == uid)) or await session.scalar(select(Task).limit(1))
            if session.query(Task).filter(Task.owner_id == uid).first() is None and not found:
                return None
            return not found or found.id in [task.id for task in session.scalars(select(Task).where(Task.open))]
      `,
    },
    {
      name: 'default values, decorators, annotations and f-strings',
      ...query`
        @cached(Task.done_at is None)
        def load(flag=Task.done_at is None, *, other: "Task.done_at is None" = None):
            return select(Task).where(Task.title == f"{Task.done_at is None}", Task.title == str(Task.open and flag))
      `,
    },
    {
      name: 'keys and elements of containers that do not get into a query',
      ...query`
        def load(q):
            cache = {Task.done_at is None: 1}
            rows = [Task.done_at is None]
            rows.append(Task.open and Task.late)
            q.values(rows)
            q.order_by(Task.done_at is None)
            return q.where(cache["x"], Task.open), rows
      `,
    },
    {
      name: 'elements of self attributes and of parameters',
      ...query`
        class Repository:
            def load(self, conditions, q):
                self.conditions.append(Task.done_at is None)
                self.condition = not Task.open
                return q.where(self.condition, *self.conditions)
      `,
    },
    {
      name: 'a self attribute that is a model in some methods only, or is nothing known',
      code: python`
        from sqlalchemy import select
        from app.models import Task

        class Repository:
            def __init__(self, model, entity: type[Task], settings):
                self.model = model
                self.entity = entity
                self.settings = settings

            def reset(self):
                self.entity = None

            def load(self):
                return select(Task).where(self.model.x is None, self.entity.x is None, not self.settings.x, self.other.x is None)

            @staticmethod
            def find(self):
                return select(Task).where(self.entity.x is None)
      `,
      path: 'app/queries.py',
      files,
    },
    {
      name: 'self in methods and properties of a model is an instance',
      ...query`
        class Note(Task):
            def others(self):
                return select(Task).where(Task.open == (self.done_at is None), not self.open, self.title and self.state)
      `,
    },
    {
      name: 'no end to operators and to names that mean each other',
      code: `from app.models import Task\nq.where(${Array.from({ length: 6000 }, (_, i) => `x${i}`).join(' and ')})\na = b\nb = a\nq.where(not a, a is None)\n`,
      path: 'app/queries.py',
      files,
    },
  ],
  invalid: [
    {
      name: 'is None',
      ...query`
        def load(q):
            return q.where(Task.done_at is None)
      `,
      errors: [
        {
          messageId: 'constant',
          message: '`Task.done_at is None` is evaluated by Python, so the query filters on a constant. Use `Task.done_at.is_(None)`.',
          line: 4,
          column: 20,
          endColumn: 40,
          suggestions: [
            {
              messageId: 'replace',
              desc: 'Replace it with `Task.done_at.is_(None)`',
              output: python`
                from sqlalchemy import and_, func, or_, select
                from app.models import Task, User
                def load(q):
                    return q.where(Task.done_at.is_(None))
              `,
            },
          ],
        },
      ],
    },
    {
      name: 'and',
      ...query`
        def load(q, uid):
            return q.where(Task.owner_id == uid and Task.open)
      `,
      errors: [
        {
          messageId: 'oneSide',
          message:
            '`Task.owner_id == uid and Task.open` is evaluated by Python, so the query keeps only one side of it. Use `and_(Task.owner_id == uid, Task.open)`.',
          line: 4,
          suggestions: [
            {
              messageId: 'replace',
              output: python`
                from sqlalchemy import and_, func, or_, select
                from app.models import Task, User
                def load(q, uid):
                    return q.where(and_(Task.owner_id == uid, Task.open))
              `,
            },
          ],
        },
      ],
    },
    {
      name: 'is and is not, on both sides, with other values than None',
      ...query`
        def load(q, done):
            q.where(Task.done_at is not None)
            q.where(None is Task.done_at)
            q.where(Task.open is True)
            q.where(Task.open is not False)
            q.where(Task.done_at is done)
            q.where(done is not Task.done_at)
            q.where((Task.done_at) is None)
            q.where((Task.owner_id + 1) is None)
      `,
      errors: [
        constant(4, 'Task.done_at is not None', 'Task.done_at.is_not(None)'),
        constant(5, 'None is Task.done_at', 'Task.done_at.is_(None)'),
        constant(6, 'Task.open is True', 'Task.open.is_(True)'),
        constant(7, 'Task.open is not False', 'Task.open.is_not(False)'),
        constant(8, 'Task.done_at is done', 'Task.done_at == done'),
        constant(9, 'done is not Task.done_at', 'Task.done_at != done'),
        constant(10, '(Task.done_at) is None', '(Task.done_at).is_(None)'),
        constant(11, '(Task.owner_id + 1) is None', '(Task.owner_id + 1).is_(None)'),
      ],
    },
    {
      name: 'not on a column, a comparison and a method call',
      ...query`
        def load(q):
            q.filter(not Task.open)
            q.filter(not Task.owner_id == 1)
            q.filter(not (Task.owner_id == 1))
            q.filter(not Task.state.in_(["new"]))
            q.filter(not Task.title.like("a%"))
            q.filter(not User.tasks.any(Task.open))
            q.filter(not Task.late)
            q.filter(not Task.visible_to(1))
            q.filter(not Task.done_at.is_(None))
            q.filter(not Task.done_at is None)
            q.filter(not Task.tags["a"].astext)
            q.filter(not Task.title.op("~")("x"))
      `,
      errors: [
        constant(4, 'not Task.open', '~Task.open'),
        constant(5, 'not Task.owner_id == 1', '~(Task.owner_id == 1)'),
        constant(6, 'not (Task.owner_id == 1)', '~(Task.owner_id == 1)'),
        constant(7, 'not Task.state.in_(["new"])', '~Task.state.in_(["new"])'),
        constant(8, 'not Task.title.like("a%")', '~Task.title.like("a%")'),
        constant(9, 'not User.tasks.any(Task.open)', '~User.tasks.any(Task.open)'),
        constant(10, 'not Task.late', '~Task.late'),
        constant(11, 'not Task.visible_to(1)', '~Task.visible_to(1)'),
        constant(12, 'not Task.done_at.is_(None)', '~Task.done_at.is_(None)'),
        constant(13, 'not Task.done_at is None', '~Task.done_at.is_(None)'),
        constant(14, 'not Task.tags["a"].astext', '~Task.tags["a"].astext'),
        constant(15, 'not Task.title.op("~")("x")', '~Task.title.op("~")("x")'),
      ],
    },
    {
      name: 'in and not in',
      ...query`
        def load(q, states):
            q.where(Task.state in states)
            q.where(Task.state not in ("new", "done"))
            q.where(func.lower(Task.state) in states)
      `,
      errors: [
        constant(4, 'Task.state in states', 'Task.state.in_(states)'),
        constant(5, 'Task.state not in ("new", "done")', 'Task.state.not_in(("new", "done"))'),
        constant(6, 'func.lower(Task.state) in states', 'func.lower(Task.state).in_(states)'),
      ],
    },
    {
      name: 'and, or: one SQL operand is enough; a chain is one finding, and so is what is nested in it',
      ...query`
        def load(q, flag, name):
            q.where(flag and Task.open)
            q.where(Task.title == name or name is None)
            q.where(Task.owner_id == 1 and Task.open and Task.state == "new")
            q.where(Task.open and (Task.state == "new" or Task.done_at is None))
            q.where(not (Task.open and Task.late))
            q.where(flag or (Task.open and not Task.late))
            q.where(Task.state in ("new",) and flag)
            q.where((flag and Task.open) | Task.late)
            q.where(Task.title == (Task.title or name))
      `,
      errors: [
        oneSide(4, 'flag and Task.open', 'and_(flag, Task.open)'),
        oneSide(5, 'Task.title == name or name is None', 'or_(Task.title == name, name is None)'),
        oneSide(6, 'Task.owner_id == 1 and Task.open and Task.state == "new"', 'and_(Task.owner_id == 1, Task.open, Task.state == "new")'),
        oneSide(
          7,
          'Task.open and (Task.state == "new" or Task.done_at is None)',
          'and_(Task.open, or_(Task.state == "new", Task.done_at.is_(None)))',
        ),
        constant(8, 'not (Task.open and Task.late)', '~and_(Task.open, Task.late)'),
        oneSide(9, 'flag or (Task.open and not Task.late)', 'or_(flag, and_(Task.open, ~Task.late))'),
        oneSide(10, 'Task.state in ("new",) and flag', 'and_(Task.state.in_(("new",)), flag)'),
        oneSide(11, 'flag and Task.open', 'and_(flag, Task.open)'),
        oneSide(12, 'Task.title or name', 'or_(Task.title, name)'),
      ],
    },
    {
      name: 'every SQL argument position',
      code: python`
        import sqlalchemy as sa
        from sqlalchemy import and_ as all_of, case, exists, not_
        from sqlalchemy.orm import outerjoin, relationship
        from app.models import Task, User

        def load(q, t):
            q.filter(Task.done_at is None)
            q.having(sa.func.count(Task.id) is None)
            all_of(Task.open, Task.done_at is None)
            sa.or_(Task.done_at is None)
            not_(Task.done_at is None)
            case((Task.done_at is None, 1), else_=Task.owner_id or 0)
            sa.case([(Task.done_at is not None, 1)])
            case({Task.done_at is None: 1})
            q.join(Task, Task.owner_id == User.id and Task.open)
            q.outerjoin(Task, onclause=Task.owner_id == User.id and Task.open)
            outerjoin(User, Task, Task.owner_id == User.id and Task.open)
            q.join_from(User, Task, not Task.open)
            exists(Task.done_at is None)
            sa.select(Task.done_at is None)
            User.tasks.any(Task.done_at is None)
            Task.owner.has(not User.email)
            User.tasks.and_(Task.done_at is None)
            relationship(Task, primaryjoin=lambda: User.id == Task.owner_id and Task.open)
            sa.exists().where(Task.done_at is None).correlate(User)
            any_of = sa.or_
            any_of(Task.done_at is None)
      `,
      path: 'app/queries.py',
      files,
      errors: [7, 8, 9, 10, 11, 12, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 27].map((line) => ({ line, suggestions: 1 })),
    },
    {
      name: 'inside operators of SQLAlchemy, parentheses, branches, a walrus and receivers',
      ...query`
        def load(q, flag):
            return q.where(
                (Task.done_at is None) | Task.open,
                ~(Task.done_at is None),
                Task.owner_id == 1 if flag else Task.done_at is None,
                (found := Task.done_at is None),
                (Task.open and Task.late) == True,
                (Task.open and Task.late).is_(None),
                *[Task.done_at is None, Task.open],
                *(Task.state == s and Task.open for s in ("new", "done")),
            )
      `,
      errors: [5, 6, 7, 8, 9, 10, 11, 12].map((line) => ({ line, suggestions: 1 })),
    },
    {
      name: 'on the lines of the operators in a call of several lines',
      ...query`
        def load(q, uid):
            return (
                q.filter(
                    Task.owner_id == uid,
                    Task.owner_id
                    == uid
                    and Task.open,
                )
                .filter(
                    not Task.open
                )
            )
      `,
      errors: [oneSide(7, 'Task.owner_id == uid and Task.open', 'and_(Task.owner_id == uid, Task.open)'), constant(12, 'not Task.open', '~Task.open')],
    },
    {
      name: 'values of variables of the same function',
      ...query`
        async def load(q, flag):
            condition = Task.done_at is None
            other: bool = not Task.open
            third = fourth = Task.open and Task.late
            fifth, sixth = Task.state in ("new",), flag
            if flag:
                other = Task.done_at is not None
            seventh = Task.open
            seventh |= Task.done_at is None
            return q.where(condition, other, fourth).where(fifth).where(sixth).having(seventh)

        STATEMENT = Task.done_at is None
        select(Task).where(STATEMENT)
      `,
      errors: [4, 5, 6, 7, 9, 11, 14].map((line) => ({ line, suggestions: 1 })),
    },
    {
      name: 'elements of lists of the same function',
      ...query`
        def load(q, uid, ids):
            conditions = [Task.done_at is None, Task.open]
            conditions.append(Task.owner_id == uid and Task.open)
            conditions.extend([not Task.open])
            conditions.insert(0, Task.state in ("new",))
            conditions += [Task.done_at is not None]
            if uid:
                more = []
                more.append(Task.late and Task.open)
                q = q.where(and_(*more))
            for condition in conditions:
                q = q.filter(condition)
            parts = [Task.id == i and Task.open for i in ids]
            return q.filter(or_(*parts))

        def mixed(q):
            return q.where(*([Task.open] + [Task.done_at is None]))
      `,
      errors: [4, 5, 6, 7, 8, 11, 15, 19].map((line) => ({ line, suggestions: 1 })),
    },
    {
      name: 'a lambda given to SQLAlchemy',
      ...query`
        def load(q):
            return q.where(lambda: Task.done_at is None)
      `,
      errors: [constant(4, 'Task.done_at is None', 'Task.done_at.is_(None)')],
    },
    {
      name: 'aliases, tables, subqueries, CTEs and functions',
      code: python`
        from sqlalchemy import Integer, MetaData, Table, Subquery, cast, func, literal_column, select
        from sqlalchemy.orm import aliased, with_polymorphic
        from app import models
        from app.models import Task as T, User

        Parent = aliased(T)
        users = Table("users", MetaData())

        def load(q, flag, given: Subquery):
            child = aliased(models.Task, name="child")
            one, two = aliased(T), aliased(User)
            sub = select(T.id).group_by(T.id).subquery()
            cte = q.filter(T.open).cte("recent")
            if flag:
                either = q.subquery()
            else:
                either = q.filter(T.open).subquery()
            q.where(Parent.done_at is None)
            q.where(child.done_at is None)
            q.where(two.email is None)
            q.where(with_polymorphic(T, "*").done_at is None)
            q.where(users.c.id is None)
            q.where(users.columns["id"] is None)
            q.where(users.alias().c.id is None)
            q.where(T.__table__.c.done_at is None)
            q.where(sub.c.id is None)
            q.where(cte.c["id"] is None)
            q.where(either.c.id is None)
            q.where(given.c.id is None)
            q.where(func.max(T.id) is None)
            q.where(not func.now() > 1)
            q.where(cast(T.id, Integer) is None)
            q.where(literal_column("x") is None)
            q.where(not select(T).where(T.open).exists())
            q.where(T.owner.is_(None) and models.Task.open)
      `,
      path: 'app/queries.py',
      files,
      errors: [18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29, 30, 31, 32, 33, 34, 35].map((line) => ({ line, suggestions: 1 })),
    },
    {
      name: 'names annotated as the class of a model',
      code: python`
        from typing import ClassVar, Optional, Type, TypeVar, Union
        from sqlalchemy import select
        from app.models import Base, Task, User

        M = TypeVar("M", bound=Base)
        N = TypeVar("N", bound="Task")
        K = TypeVar("K", Task, User)
        AnyModel = type[Base]

        def a(model: type[Task]):
            return select(model).where(model.done_at is None)

        def b(model: Type[M], other: "type[N] | None" = None):
            return select(model).where(model.id is None, other.id is None)

        async def c(model: Optional[type[K]], both: Union[type[Task], type[User]], *, alias: AnyModel):
            return select(model).where(model.id is None, both.id is None, alias.id is None)

        def d[P: Base](model: type[P]):
            return select(model).where(not model.open)

        def e(flag):
            model: type[Task | User] = Task if flag else User
            return select(model).where(model.id is None)
      `,
      path: 'app/queries.py',
      files,
      errors: [11, 14, 14, 17, 17, 17, 20, 24].map((line) => ({ line, suggestions: 1 })),
    },
    {
      name: 'attributes of self and cls',
      code: python`
        from typing import ClassVar, Generic, TypeVar
        from sqlalchemy import select
        from sqlalchemy.orm import aliased
        from app.models import Base, Task

        M = TypeVar("M", bound=Base)

        class Annotated(Generic[M]):
            model: type[M]

            def load(self):
                return select(self.model).where(self.model.deleted_at is None)

        class Assigned(Generic[M]):
            def __init__(self, model: type[M]):
                self.model = model
                self.alias = aliased(model)
                self.other: type[Task] = Task

            def load(self):
                return select(1).where(self.model.id is None, self.alias.id is None, self.other.id is None)

        class Bound(Annotated[Task]):
            model = Task

            @classmethod
            def load(cls):
                return select(cls.model).where(cls.model.done_at is None)

        class Inherited(Assigned[Task]):
            def late(self):
                return select(self.model).where(not self.model.open)

        class Property:
            @property
            def model(self) -> type[Task]: ...

            def load(self):
                return select(self.model).where(self.model.done_at is None)

        class Parametrised[P: Base]:
            model: type[P]

            def load(self):
                return select(self.model).where(self.model.done_at is None)

        def outside(repository: Annotated[Task]):
            return select(1).where(repository.model.id is None)
      `,
      path: 'app/queries.py',
      files,
      errors: [12, 21, 21, 21, 28, 32, 39, 45, 48].map((line) => ({ line, suggestions: 1 })),
    },
    {
      name: 'cls in class methods and hybrid expressions of a model',
      code: python`
        from sqlalchemy import select
        from sqlalchemy.ext.hybrid import hybrid_property
        from sqlalchemy.orm import Mapped
        from app.models import Base

        class Document(Base):
            __tablename__ = "documents"
            deleted_at: Mapped[int | None]

            @classmethod
            def alive(cls):
                return select(cls).where(cls.deleted_at is None)

            @hybrid_property
            def is_alive(self):
                return self.deleted_at is None

            @is_alive.expression
            def is_alive(cls):
                return select(1).where(cls.deleted_at is None)

            @is_alive.inplace.expression
            @classmethod
            def _is_alive(cls):
                return select(1).where(cls.deleted_at is None)

            def mine(self):
                return select(Document).where(self.deleted_at is None)

        class SoftDelete(Base):
            __abstract__ = True

            @classmethod
            def alive(cls):
                return select(cls).where(cls.deleted_at is None)
      `,
      path: 'app/documents.py',
      files,
      errors: [12, 20, 25, 35].map((line) => ({ line, suggestions: 1 })),
    },
    {
      name: 'a missing import is added, to the import that is there or as a new one',
      code: python`
        from sqlalchemy import select
        from app.models import Task

        select(Task).where(Task.open and (Task.late or Task.done_at))
      `,
      path: 'app/queries.py',
      files,
      errors: [
        {
          messageId: 'oneSide',
          suggestions: [
            {
              messageId: 'replace',
              output: python`
                from sqlalchemy import select, and_, or_
                from app.models import Task

                select(Task).where(and_(Task.open, or_(Task.late, Task.done_at)))
              `,
            },
          ],
        },
      ],
    },
    {
      name: 'a module alias is used, and where the name means something else, the operators are',
      code: python`
        import sqlalchemy as sa
        from app.models import Task

        def and_(*parts): ...

        q.where(Task.open or Task.late)
        q.where(Task.open == True and Task.late)
      `,
      path: 'app/queries.py',
      files,
      errors: [oneSide(6, 'Task.open or Task.late', 'sa.or_(Task.open, Task.late)'), oneSide(7, 'Task.open == True and Task.late', 'sa.and_(Task.open == True, Task.late)')],
    },
    {
      name: 'the operators, where the name of the function is taken',
      code: python`
        from app.models import Task
        from app.tools import and_, or_

        q.where(Task.open == True and (Task.late or not Task.open))
      `,
      path: 'app/queries.py',
      files: { ...files, 'app/tools.py': 'def and_(): ...\ndef or_(): ...\n' },
      errors: [
        oneSide(4, 'Task.open == True and (Task.late or not Task.open)', '(Task.open == True) & (Task.late | (~Task.open))'),
      ],
    },
    {
      name: 'no suggestion where a comment would be lost, and in a chain of comparisons',
      ...query`
        q.where(
            Task.open  # not done
            and Task.late
        )
        q.where(1 < Task.owner_id is not None)
      `,
      errors: [
        { messageId: 'oneSide', line: 4 },
        { messageId: 'constant', line: 7, data: { expression: '1 < Task.owner_id is not None', replacement: 'Task.owner_id.is_not(None)' } },
      ],
    },
    {
      name: 'a relationship has no is_()',
      ...query`
        q.where(Task.owner is None, Task.owner is not None)
      `,
      errors: [constant(3, 'Task.owner is None', 'Task.owner == None'), constant(3, 'Task.owner is not None', 'Task.owner != None')],
    },
    {
      name: 'SQLAlchemy 1.3 has isnot() and notin_()',
      ...query`
        q.where(Task.done_at is not None, Task.state not in ("new",))
      `,
      settings: { sqlalchemy: { version: '1.3' } },
      errors: [constant(3, 'Task.done_at is not None', 'Task.done_at.isnot(None)'), constant(3, 'Task.state not in ("new",)', 'Task.state.notin_(("new",))')],
    },
    {
      name: 'a chain of 6,000 operands, with a comment so that there is no suggestion to try',
      code: `from app.models import Task\nq.where(  \n${Array.from({ length: 6000 }, (_, i) => `Task.id == ${i}`).join(' and ')} and # last\nTask.open)\n`,
      path: 'app/queries.py',
      files,
      errors: [{ messageId: 'oneSide', line: 3 }],
    },
  ],
})

new RuleTester().runProject(noPythonOperatorInFilter, new URL('no-python-operator-in-filter.md', import.meta.url), { pack: 'sqlalchemy' })
