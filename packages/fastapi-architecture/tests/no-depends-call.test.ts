import { python, RuleTester } from '@krait/rule-tester'
import { noDependsCall } from '../src/rules/no-depends-call.ts'

const tester = new RuleTester()

tester.run('fastapi-architecture/no-depends-call', noDependsCall, {
  valid: [
    {
      name: 'the function, the class or the instance itself',
      code: python`
        from typing import Annotated

        from fastapi import Depends, Security

        def get_db():
            yield 1

        class Paging: ...

        def route(
            db=Depends(get_db),
            paging: Paging = Depends(),
            user: Annotated[str, Security(get_user, scopes=["me"])] = None,
            other=Depends(dependency=Paging),
            last=Depends(lambda: get_db()),
        ): ...
      `,
    },
    {
      name: 'a factory that returns a closure, also an async or generator one, also behind a condition',
      code: python`
        from fastapi import Depends

        def require_role(role: str):
            async def check(user=Depends(get_user)):
                if role not in user.roles:
                    raise Forbidden()
                return user

            return check

        def session_for(name):
            def open_session():
                yield name

            return open_session

        def maybe(flag):
            if flag:
                return require_role("admin")
            return None

        def route(
            user=Depends(require_role("admin")),
            db=Depends(session_for("main")),
            other=Depends(maybe(True)),
        ): ...
      `,
    },
    {
      name: 'factories that return a lambda, a function, a class, a partial, a parameter or something unknown',
      code: python`
        from functools import partial

        from fastapi import Depends

        class Paging: ...

        def get_db(): yield 1

        def a(): return lambda: 1
        def b(): return get_db
        def c(): return Paging
        def d(): return partial(get_db, 1)
        def e(dependency): return dependency
        def f(): return elsewhere.make()
        def g(**options): return options["dependency"]
        def h(flag): return get_db if flag else None
        def i(check): return check or 1
        def j(): return registry.get("db")
        def k(first, second): return first & second

        deps = [
            Depends(a()), Depends(b()), Depends(c()), Depends(d()), Depends(e(get_db)), Depends(f()), Depends(g()), Depends(h(True)), Depends(i(get_db)),
            Depends(j()), Depends(k(1, 2)),
        ]
      `,
    },
    {
      name: 'an object that can be called, also by what it inherits, and a factory of one',
      code: python`
        from fastapi import Depends

        class Base:
            def __call__(self, request): ...

        class RateLimiter(Base):
            def __init__(self, times: int): ...

        class Alias:
            def run(self): ...
            __call__ = run

        def limit(times):
            limiter = RateLimiter(times=times)
            return limiter

        @router.get("/", dependencies=[Depends(RateLimiter(times=2)), Depends(limit(2)), Depends(Alias())])
        def route(): ...
      `,
    },
    {
      name: 'a callable class of another module',
      path: 'app/routes.py',
      files: {
        'app/__init__.py': '',
        'app/sorting.py': python`
          class Getter:
              def __call__(self, sorting: str): ...

          class SortingGetter(Getter):
              def __init__(self, default): ...
        `,
      },
      code: python`
        from fastapi import Depends
        from app.sorting import SortingGetter

        page = Depends(SortingGetter(default="-created_at"))
      `,
    },
    {
      name: 'classes that are not wholly known: a base or a decorator from elsewhere, a metaclass, a __new__',
      code: python`
        from fastapi import Depends
        from fastapi.security import APIKeyHeader, HTTPBearer, OAuth2PasswordBearer
        from elsewhere import Base, register

        class First(Base): ...

        @register
        class Second: ...

        class Third(metaclass=Singleton): ...

        class Fourth:
            def __new__(cls): return get_db

        class Fifth(make_base()): ...

        class Bearer(HTTPBearer):
            realm = "shop"

        deps = [Depends(First()), Depends(Second()), Depends(Third()), Depends(Fourth()), Depends(Fifth()), Depends(Bearer()), Depends(HTTPBearer())]
        token = Depends(OAuth2PasswordBearer(tokenUrl="token"))
        key = Depends(APIKeyHeader(name="x-key"))
      `,
    },
    {
      name: 'what is not known: libraries, parameters, builtins, attributes',
      code: python`
        from fastapi import Depends
        from fastapi_limiter.depends import RateLimiter
        from elsewhere import get_db

        def build(factory):
            return Depends(factory())

        deps = [Depends(RateLimiter(times=2)), Depends(get_db()), Depends(next(iter([]))), Depends(container.db()), Depends(handlers["db"]())]
      `,
    },
    {
      name: 'a decorator may make something else of the function',
      code: python`
        from contextlib import asynccontextmanager, contextmanager

        from fastapi import Depends

        @contextmanager
        def session(): yield 1

        @asynccontextmanager
        async def async_session(): yield 1

        @as_dependency
        def get_limit(): return 10

        @inject
        async def get_user(): return 1

        deps = [Depends(session()), Depends(async_session()), Depends(get_limit()), Depends(get_user())]
      `,
    },
    {
      name: 'a function that is defined twice',
      code: python`
        from fastapi import Depends

        if SYNC:
            def get_db(): yield 1
        else:
            def get_db(): return make_dependency()

        db = Depends(get_db())
      `,
    },
    {
      name: 'a function that never returns',
      code: python`
        from fastapi import Depends

        def get_db():
            raise NotImplementedError

        db = Depends(get_db())
      `,
    },
    {
      name: 'a class with operators that give a dependency',
      code: python`
        from fastapi import Depends

        class Permission:
            def __or__(self, other): return lambda: True
            def __add__(self, other): return lambda: True
            def __neg__(self): return lambda: True
            def __eq__(self, other): return lambda: True

        READ = Permission()

        def either(): return READ | Permission()
        def both(): return READ + Permission()
        def none(): return -READ
        def same(): return READ == "x"

        deps = [Depends(either()), Depends(both()), Depends(none()), Depends(same())]
      `,
    },
    {
      name: 'an enum whose members can be called',
      code: python`
        from enum import Enum
        from fastapi import Depends

        class Scope(Enum):
            READ = "read"

            def __call__(self, user): ...

        def reader(): return Scope.READ

        scope = Depends(reader())
      `,
    },
    {
      name: 'a scoped_session and a sessionmaker can be called',
      code: python`
        from fastapi import Depends
        from sqlalchemy.orm import scoped_session, sessionmaker

        def registry(): return scoped_session(sessionmaker())

        deps = [Depends(sessionmaker()), Depends(scoped_session(sessionmaker())), Depends(registry())]
      `,
    },
    {
      name: 'another function that is named Depends, and a Depends of another library',
      code: python`
        from fast_depends import Depends as Other

        def Depends(dependency): ...

        def get_db(): yield 1

        first = Depends(get_db())
        second = Other(get_db())
      `,
    },
    {
      name: 'a call in an argument that is not the dependency',
      code: python`
        from fastapi import Depends, Security

        def scopes(): return ["me"]
        def flag(): return False
        def get_db(): yield 1

        deps = [Security(get_db, scopes=scopes()), Depends(get_db, use_cache=flag()), Depends(*[get_db()])]
      `,
    },
    {
      name: 'markers with parentheses, as aliases and where a function is wanted',
      code: python`
        from collections.abc import Callable
        from typing import Any

        import fastapi
        from fastapi import Body, Depends, Query

        Inject = Depends
        Marker: Callable[..., Any] = Depends
        Kind: type = Query

        def route(limit: int = Query(10), body=Body(...), db: Session = Depends(get_db), other=fastapi.Query()): ...

        def parameter(name, marker=Query, *, build: Callable[..., Any] = Body):
            return marker(alias=name)

        Give: Any = Depends
        db = Give(get_db)
      `,
    },
    {
      name: 'defaults with the same names that are not those of FastAPI',
      code: python`
        from pathlib import Path
        from graphql import Query

        class Body: ...

        def load(path: type = Path, query=Query, body=Body, header=Header): ...
      `,
    },
    {
      name: 'test code and migrations',
      path: 'app/tests/test_routes.py',
      code: python`
        from fastapi import Depends

        def get_db(): yield 1

        def route(db=Depends(get_db()), other=Depends): ...
      `,
    },
    {
      name: 'a migration',
      path: 'alembic/versions/0001_first.py',
      code: python`
        from fastapi import Depends

        def get_db(): yield 1

        db = Depends(get_db())
      `,
    },
    {
      name: 'functions that give the results of each other',
      code: python`
        from fastapi import Depends

        def first(): return second()
        def second(): return first()

        ${Array.from({ length: 3000 }, (_, i) => `def step${i}(): return step${i + 1}()`).join('\n')}

        deps = [Depends(first()), Depends(step0())]
      `,
    },
    {
      name: 'a local class, and a function that makes one',
      code: python`
        from fastapi import Depends

        def make():
            class Check:
                def __call__(self): ...

            return Check()

        def create_app():
            class Paging: ...

            return Depends(Paging())

        check = Depends(make())
      `,
    },
    {
      name: 'a stub: what it says is not what runs',
      path: 'app/routes.py',
      files: { 'app/__init__.py': '', 'app/deps.pyi': 'def get_limit() -> int: ...\n' },
      code: python`
        from fastapi import Depends
        from app.deps import get_limit

        limit = Depends(get_limit())
      `,
    },
  ],
  invalid: [
    {
      name: 'a generator',
      code: python`
        from fastapi import Depends

        def get_db():
            db = SessionLocal()
            try:
                yield db
            finally:
                db.close()

        @router.get("/")
        def route(db: Session = Depends(get_db())): ...
      `,
      errors: [
        {
          messageId: 'deferred',
          message: "'Depends(get_db())' calls the generator 'get_db' at import. Pass the function itself: Depends(get_db).",
          line: 11,
          column: 25,
          suggestions: [
            {
              messageId: 'passItself',
              desc: 'Pass get_db itself: Depends(get_db)',
              output: python`
                from fastapi import Depends

                def get_db():
                    db = SessionLocal()
                    try:
                        yield db
                    finally:
                        db.close()

                @router.get("/")
                def route(db: Session = Depends(get_db)): ...
              `,
            },
          ],
        },
      ],
    },
    {
      name: 'a coroutine and an async generator',
      code: python`
        import fastapi

        async def get_user(request=None): return 1
        async def get_db(): yield 1

        def route(
            user=fastapi.Security(get_user(), scopes=["me"]),
            db=fastapi.Depends(
                dependency=(get_db()),
            ),
        ): ...
      `,
      errors: [
        {
          messageId: 'deferred',
          message: "'fastapi.Security(get_user())' calls the coroutine 'get_user' at import. Pass the function itself: fastapi.Security(get_user).",
          line: 7,
          suggestions: 1,
        },
        { messageId: 'deferred', data: { kind: 'async generator', written: 'fastapi.Depends(get_db())', callee: 'get_db', marker: 'fastapi.Depends' }, line: 8, suggestions: 1 },
      ],
    },
    {
      name: 'a function that needs arguments, or is given some: no suggestion, for they would be lost',
      code: python`
        from fastapi import Depends

        def get_db(name): yield name
        def get_other(name="main"): yield name
        def get_last(*names, **options): yield names

        deps = [
            Depends(get_db("main")),
            Depends(get_other("other")),
            Depends(get_db()),
            Depends(get_other()),
            Depends(get_last()),
            Depends(get_last(  # all of them
            )),
        ]
      `,
      errors: [
        { messageId: 'deferred', data: { written: 'Depends(get_db(...))', kind: 'generator', callee: 'get_db', marker: 'Depends' }, line: 8 },
        { messageId: 'deferred', line: 9 },
        { messageId: 'deferred', line: 10 },
        { messageId: 'deferred', line: 11, suggestions: 1 },
        { messageId: 'deferred', line: 12, suggestions: 1 },
        { messageId: 'deferred', line: 13 },
      ],
    },
    {
      name: 'in Annotated, in an alias, in dependencies, in a class attribute, in a nested function, under aliases',
      code: python`
        from typing import Annotated

        from fastapi import APIRouter, Depends as D

        def get_db(): yield 1

        fetch = get_db
        Db = Annotated[Session, D(get_db())]
        type Db2 = Annotated[Session, D(get_db())]
        router = APIRouter(dependencies=[D(fetch())])
        shared = D(get_db())

        class View:
            db: Session = D(get_db())

            async def get(self, db: Annotated[Session, D(get_db())]):
                def inner(db=D(get_db())): ...
      `,
      errors: [8, 9, 10, 11, 14, 16, 17].map((line) => ({ messageId: 'deferred' as const, line, suggestions: 1 })),
    },
    {
      name: 'functions in functions, static and class methods, methods of objects',
      code: python`
        from fastapi import Depends, FastAPI

        class Deps:
            @staticmethod
            def session(): yield 1

            @classmethod
            async def user(cls): return 1

            def limit(self): return 10

            def needs(self, name): return 10

        class Child(Deps): ...

        deps = Deps()

        def create_app():
            app = FastAPI()

            def get_db(): yield 1

            @app.get("/")
            def route(
                a=Depends(get_db()),
                b=Depends(Deps.session()),
                c=Depends(Child.user()),
                d=Depends(deps.limit()),
                e=Depends(Child().limit()),
                f=Depends(deps.needs(1)),
            ): ...
      `,
      errors: [
        { messageId: 'deferred', line: 25, suggestions: 1 },
        { messageId: 'deferred', line: 26, suggestions: 1 },
        { messageId: 'deferred', line: 27, suggestions: 1 },
        { messageId: 'result', line: 28, suggestions: 1 },
        { messageId: 'result', line: 29, suggestions: 1 },
        { messageId: 'result', line: 30 },
      ],
    },
    {
      name: 'results that can not be called: one of each kind',
      code: python`
        from fastapi import Depends

        LIMIT = 100

        def a(): return 10
        def b(): return None
        def c(): print("x")
        def d(): return [1, 2]
        def e(): return {"a": 1}
        def f(x=1): return (x, x)
        def g(): return {1, 2}
        def h(): return [x for x in range(3)]
        def i(): return (x for x in range(3))
        def j(x=1): return f"{x}"
        def k(x=1): return x * 2 + 1
        def l(x=1): return -x
        def m(x=1): return x in (1, 2)
        def n(x=1): return not x
        def o(): return dict(a=1)
        def p(x=1): return 1 if x else "one"
        def q(x=1):
            if x:
                return
            return "one"
        def r(): return LIMIT
        def s(): pass
        def t(): return d()
        def u(): return "a" or []

        deps = [
            Depends(a()),
            Depends(b()),
            Depends(c()),
            Depends(d()),
            Depends(e()),
            Depends(f()),
            Depends(g()),
            Depends(h()),
            Depends(i()),
            Depends(j()),
            Depends(k()),
            Depends(l()),
            Depends(m()),
            Depends(n()),
            Depends(o()),
            Depends(p()),
            Depends(q()),
            Depends(r()),
            Depends(s()),
            Depends(t()),
            Depends(u()),
        ]
      `,
      errors: [
        {
          messageId: 'result',
          message: "'Depends(a())' calls 'a' at import and takes its result, a constant, for the dependency: that can not be called. Pass the function itself: Depends(a).",
          line: 31,
          suggestions: 1,
        },
        ...Array.from({ length: 20 }, (_, i) => ({ messageId: 'result' as const, line: 32 + i, suggestions: 1 })),
      ],
    },
    {
      name: 'an instance of a class without __call__, directly and through a variable, of the function or of the module',
      code: python`
        from abc import ABC
        from dataclasses import dataclass, field
        from functools import lru_cache
        from typing import Generic, TypeVar

        from fastapi import Depends
        from pydantic import BaseModel
        from pydantic_settings import BaseSettings

        T = TypeVar("T")

        class Base(ABC): ...

        class Service(Base, Generic[T]):
            def run(self): ...

        class Settings(BaseSettings):
            debug: bool = False

        class Paging(BaseModel):
            limit: int = 10

        @dataclass(frozen=True)
        class Options:
            names: list = field(default_factory=list)

        @lru_cache
        def get_settings(): return Settings()

        def get_service():
            service = Service()
            service.run()
            return service

        _options = Options()

        def get_options(): return _options

        deps = [
            Depends(get_settings()),
            Depends(get_service()),
            Depends(get_options()),
            Depends(Service()),
            Depends(Settings()),
            Depends(Paging()),
            Depends(Options()),
        ]
      `,
      errors: [
        { messageId: 'result', data: { result: "an instance of 'example.Settings'", written: 'Depends(get_settings())', callee: 'get_settings', marker: 'Depends' }, line: 40, suggestions: 1 },
        { messageId: 'result', line: 41, suggestions: 1 },
        { messageId: 'result', line: 42, suggestions: 1 },
        {
          messageId: 'instance',
          message: "'Depends(Service())' makes one 'Service' at import and takes it for the dependency: it has no __call__. Pass the class itself: Depends(Service).",
          line: 43,
          suggestions: 1,
        },
        { messageId: 'instance', line: 44, suggestions: 1 },
        { messageId: 'instance', line: 45, suggestions: 1 },
        { messageId: 'instance', line: 46, suggestions: 1 },
      ],
    },
    {
      name: 'classes that take arguments have no suggestion',
      code: python`
        from dataclasses import dataclass, field
        from typing import ClassVar

        from fastapi import Depends
        from pydantic import BaseModel, Field

        class A:
            def __init__(self, limit): ...

        class B(A): ...

        class C(BaseModel):
            limit: int

        class D(BaseModel):
            limit: int = Field(..., gt=0)

        class E(BaseModel):
            limit: int = Field(gt=0)

        @dataclass
        class F:
            limit: int = field()

        @dataclass
        class G:
            kind: ClassVar[str]
            limit: int = field(default=1)

        class H(BaseModel):
            first: int = Field(1)
            second: list = Field(default_factory=list)

        deps = [Depends(A(1)), Depends(B()), Depends(C()), Depends(D()), Depends(E()), Depends(F()), Depends(G()), Depends(H())]
      `,
      errors: [
        ...Array.from({ length: 6 }, () => ({ messageId: 'instance' as const, line: 34 })),
        { messageId: 'instance', line: 34, suggestions: 1 },
        { messageId: 'instance', line: 34, suggestions: 1 },
      ],
    },
    {
      name: 'sessions: from a sessionmaker, from a session class, from a scoped_session, also of another module',
      path: 'app/routes.py',
      files: {
        'app/__init__.py': '',
        'app/db.py': python`
          from sqlalchemy.ext.asyncio import async_sessionmaker
          from sqlalchemy.orm import Session, scoped_session, sessionmaker

          SessionLocal = sessionmaker(bind=engine)
          AsyncSessionLocal = async_sessionmaker(engine)
          Scoped = scoped_session(SessionLocal)

          class OwnSession(Session): ...
        `,
      },
      code: python`
        from fastapi import Depends
        from sqlalchemy.orm import sessionmaker
        from sqlmodel import Session
        from app.db import AsyncSessionLocal, OwnSession, Scoped, SessionLocal

        Local = sessionmaker()

        def make_factory(): return Local

        deps = [
            Depends(SessionLocal()),
            Depends(AsyncSessionLocal()),
            Depends(Scoped()),
            Depends(Session(engine)),
            Depends(OwnSession()),
            Depends(Local()),
            Depends(make_factory()()),
        ]
      `,
      errors: [
        {
          messageId: 'session',
          message:
            "'Depends(SessionLocal())' opens one session at import and takes it for the dependency: a session can not be called. Pass a function that yields a session for each request.",
          line: 11,
        },
        { messageId: 'session', line: 12 },
        { messageId: 'session', line: 13 },
        { messageId: 'session', data: { written: 'Depends(Session(...))' }, line: 14 },
        { messageId: 'session', line: 15 },
        { messageId: 'session', line: 16 },
        { messageId: 'session', line: 17 },
      ],
    },
    {
      name: 'functions that give a session: made, entered, annotated',
      path: 'app/routes.py',
      files: {
        'app/__init__.py': '',
        'app/db.py': python`
          from collections.abc import Iterator

          from sqlalchemy.orm import Session, sessionmaker

          SessionLocal = sessionmaker(bind=engine)

          def made():
              session = SessionLocal()
              session.begin()
              return session

          def entered():
              with SessionLocal() as session:
                  return session

          def annotated(request=None) -> Session:
              return request.state.db

          def either(flag=True):
              if flag:
                  return SessionLocal()
              return None

          def yielded() -> Iterator[Session]:
              return _sessions()
        `,
      },
      code: python`
        from fastapi import Depends
        from app import db

        deps = [
            Depends(db.made()),
            Depends(db.entered()),
            Depends(db.annotated()),
            Depends(db.either()),
            Depends(db.yielded()),
        ]
      `,
      errors: [
        { messageId: 'result', data: { result: 'a session', written: 'Depends(db.made())', callee: 'db.made', marker: 'Depends' }, line: 5, suggestions: 1 },
        { messageId: 'result', data: { result: 'a session', written: 'Depends(db.entered())', callee: 'db.entered', marker: 'Depends' }, line: 6, suggestions: 1 },
        { messageId: 'result', line: 7, suggestions: 1 },
        { messageId: 'result', line: 8, suggestions: 1 },
        { messageId: 'result', line: 9, suggestions: 1 },
      ],
    },
    {
      name: 'through re-exports of the project, of Depends and of the function',
      path: 'app/api/routes.py',
      files: {
        'app/__init__.py': '',
        'app/api/__init__.py': '',
        'app/api/deps/__init__.py': 'from .db import get_db as database\nfrom fastapi import Depends as Inject\n',
        'app/api/deps/db.py': 'async def get_db():\n    yield 1\n',
      },
      code: python`
        from .deps import Inject, database

        def route(db=Inject(database())): ...
      `,
      errors: [{ messageId: 'deferred', data: { kind: 'async generator', written: 'Inject(database())', callee: 'database', marker: 'Inject' }, line: 3, suggestions: 1 }],
    },
    {
      name: 'missing parentheses: the line of the parameter',
      code: python`
        import fastapi
        from fastapi import Body, Depends, Header, Query as Q

        def route(
            db: Session = Depends,
            limit=Q,
            *,
            body: dict = Body,
            agent: str
              = Header,
            other: int = fastapi.Query,
        ): ...

        handler = lambda db=Depends: db
      `,
      errors: [
        {
          messageId: 'parentheses',
          message: "'db' has the function 'Depends' itself for its value: the parentheses are missing. Write Depends(...).",
          line: 5,
          column: 5,
        },
        { messageId: 'parentheses', data: { name: 'limit', marker: 'Q' }, line: 6 },
        { messageId: 'parentheses', line: 8 },
        { messageId: 'parentheses', line: 9 },
        { messageId: 'parentheses', data: { name: 'other', marker: 'fastapi.Query' }, line: 11 },
        { messageId: 'parentheses', line: 14 },
      ],
    },
    {
      name: 'missing parentheses at an annotated attribute or variable, and the other markers',
      code: python`
        from fastapi import Cookie, Depends, File, Form, Path, Security, UploadFile

        db2: Session = Depends

        class View:
            db: Session = Depends

        async def route(a: str = Cookie, b: UploadFile = File, c: str = Form, d: str = Path, e: str = Security): ...
      `,
      errors: [3, 6, 8, 8, 8, 8, 8].map((line) => ({ messageId: 'parentheses' as const, line })),
    },
  ],
})
