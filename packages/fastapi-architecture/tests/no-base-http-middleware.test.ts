import { python, RuleTester } from '@krait/rule-tester'
import { noBaseHttpMiddleware } from '../src/rules/no-base-http-middleware.ts'

const tester = new RuleTester()

tester.run('fastapi-architecture/no-base-http-middleware', noBaseHttpMiddleware, {
  valid: [
    {
      name: 'a pure ASGI class',
      code: python`
        class RequestId:
            def __init__(self, app):
                self.app = app

            async def __call__(self, scope, receive, send):
                await self.app(scope, receive, send)

        app.add_middleware(RequestId)
      `,
    },
    {
      name: "Starlette's own middleware",
      code: python`
        from fastapi import FastAPI
        from fastapi.middleware.cors import CORSMiddleware
        from fastapi.middleware.gzip import GZipMiddleware
        from starlette.middleware import Middleware
        from starlette.middleware.sessions import SessionMiddleware
        from starlette.middleware.trustedhost import TrustedHostMiddleware

        app = FastAPI(middleware=[Middleware(SessionMiddleware, secret_key=SECRET), Middleware(GZipMiddleware)])
        app.add_middleware(CORSMiddleware, allow_origins=["*"])
        app.add_middleware(TrustedHostMiddleware, allowed_hosts=["example.com"])
      `,
    },
    {
      name: 'middleware of a library, and what derives from it',
      code: python`
        from fastapi import FastAPI
        from slowapi.middleware import SlowAPIMiddleware

        class Limits(SlowAPIMiddleware):
            limit = 10

        app = FastAPI()
        app.add_middleware(SlowAPIMiddleware)
        app.add_middleware(Limits)
      `,
    },
    {
      name: 'middleware of the project that is no BaseHTTPMiddleware',
      path: 'app/main.py',
      files: {
        'app/__init__.py': '',
        'app/middleware.py': 'class Base:\n    def __init__(self, app):\n        self.app = app\n',
      },
      code: python`
        from fastapi import FastAPI
        from app.middleware import Base

        class Timing(Base): ...

        app = FastAPI()
        app.add_middleware(Timing)
      `,
    },
    {
      name: 'a class of the same name that is not the one of Starlette',
      code: python`
        class BaseHTTPMiddleware:
            def __init__(self, app, dispatch=None): ...

        class Timing(BaseHTTPMiddleware): ...

        BaseHTTPMiddleware(app, dispatch=None)
        app.add_middleware(BaseHTTPMiddleware)
      `,
    },
    {
      name: 'an import for type checkers',
      code: python`
        from __future__ import annotations

        from typing import TYPE_CHECKING

        if TYPE_CHECKING:
            from starlette.middleware.base import BaseHTTPMiddleware

        def install(middleware: type[BaseHTTPMiddleware]) -> None: ...
      `,
    },
    {
      name: 'an import for type checkers, with the name also bound at run time',
      code: python`
        import typing

        if typing.TYPE_CHECKING:
            from starlette.middleware.base import BaseHTTPMiddleware as Base
        else:
            Base = object
      `,
    },
    {
      name: 'other names of the module, and the module itself',
      code: python`
        import starlette.middleware.base
        from starlette.middleware import base
        from starlette.middleware.base import RequestResponseEndpoint, _StreamingResponse as Streaming
      `,
    },
    {
      name: 'a decorator of the same name on something that is not an app',
      code: python`
        from aiohttp import web
        from sanic import Sanic

        app = Sanic("shop")

        @app.middleware("http")
        async def sanic_hook(request): ...

        @web.middleware
        async def aiohttp_hook(request, handler): ...

        @registry.middleware("http")
        async def unresolved(request, call_next): ...
      `,
    },
    {
      name: 'an app that is not known: a parameter without annotation, an import from outside the project',
      code: python`
        from elsewhere import app

        @app.middleware("http")
        async def outside(request, call_next): ...

        def install(app):
            @app.middleware("http")
            async def add_header(request, call_next): ...
      `,
    },
    {
      name: 'a name that is bound to different things',
      code: python`
        from fastapi import FastAPI
        from sanic import Sanic

        if USE_SANIC:
            app = Sanic("shop")
        else:
            app = FastAPI()

        @app.middleware("http")
        async def add_header(request, call_next): ...
      `,
    },
    {
      name: 'a router has no middleware',
      code: python`
        from fastapi import APIRouter

        router = APIRouter()

        @router.middleware("http")
        async def add_header(request, call_next): ...
      `,
    },
    {
      name: 'another type of middleware, and one that is not known',
      code: python`
        from fastapi import FastAPI

        app = FastAPI()

        @app.middleware("websocket")
        async def first(request, call_next): ...

        @app.middleware(kind)
        async def second(request, call_next): ...

        @app.middleware
        async def third(request, call_next): ...
      `,
    },
    {
      name: 'a parameter that shadows the app',
      code: python`
        from fastapi import FastAPI

        app = FastAPI()

        def install(app):
            @app.middleware("http")
            async def add_header(request, call_next): ...
      `,
    },
    {
      name: 'a name that means an app only later',
      code: python`
        from fastapi import FastAPI
        from sanic import Sanic

        app = Sanic("shop")

        @app.middleware("http")
        async def hook(request, call_next): ...

        app = FastAPI()
      `,
    },
    {
      name: 'test code',
      path: 'tests/test_health.py',
      code: python`
        from fastapi import FastAPI
        from starlette.middleware.base import BaseHTTPMiddleware

        app = FastAPI()
        app.add_middleware(BaseHTTPMiddleware, dispatch=inject_state)

        class Timing(BaseHTTPMiddleware): ...
      `,
    },
    {
      name: 'test code by the settings of the project',
      path: 'checks/health.py',
      settings: { paths: { tests: ['checks/**'] } },
      code: 'from starlette.middleware.base import BaseHTTPMiddleware\n',
    },
    {
      name: 'a base that is not known',
      code: python`
        class Timing(make_base()): ...

        class Mixed(*BASES): ...

        class Plain: ...

        class Configured(metaclass=Meta): ...
      `,
    },
    {
      name: 'a long chain of names',
      code: python`
        def main(app):
            a0 = app or other
        ${Array.from({ length: 3000 }, (_, i) => `    a${i + 1} = a${i} or other`).join('\n')}

            @a3000.middleware("http")
            async def add_header(request, call_next): ...
      `,
    },
    {
      name: 'a stack of decorators without one of FastAPI',
      code: python`
        @decorator
        @other.thing("http")
        class Timing: ...
      `,
    },
  ],
  invalid: [
    {
      name: 'a subclass, under an alias',
      code: python`
        from starlette.middleware.base import BaseHTTPMiddleware as BHM

        class TimingMiddleware(BHM):
            async def dispatch(self, request, call_next):
                return await call_next(request)
      `,
      errors: [
        {
          messageId: 'subclass',
          message:
            "'TimingMiddleware' extends BaseHTTPMiddleware, which runs the endpoint in another task (lost context variables, cancelled background tasks). Write it as a pure ASGI class: async def __call__(self, scope, receive, send).",
          line: 3,
          column: 1,
        },
      ],
    },
    {
      name: "through FastAPI's re-export, through the module, in several lines, with a mixin",
      code: python`
        import starlette.middleware.base as base
        import fastapi.middleware.base

        class First(base.BaseHTTPMiddleware): ...

        class Second(fastapi.middleware.base.BaseHTTPMiddleware): ...

        class Third(
            Mixin,
            base.BaseHTTPMiddleware,
            metaclass=Meta,
        ): ...
      `,
      errors: [
        { messageId: 'subclass', line: 4 },
        { messageId: 'subclass', line: 6 },
        { messageId: 'subclass', line: 8 },
      ],
    },
    {
      name: 'a decorated class: the line of the class',
      code: python`
        from starlette.middleware.base import BaseHTTPMiddleware

        @final
        class Timing(BaseHTTPMiddleware): ...
      `,
      errors: [{ messageId: 'subclass', line: 4 }],
    },
    {
      name: 'a subclass of a subclass, and each of them is reported',
      code: python`
        from starlette.middleware.base import BaseHTTPMiddleware

        class Base(BaseHTTPMiddleware): ...
        Alias = Base
        class Timing(Alias): ...
      `,
      errors: [
        { messageId: 'subclass', line: 3 },
        { messageId: 'subclass', line: 5 },
      ],
    },
    {
      name: 'classes in functions, one of which derives from the other',
      code: python`
        def make_middleware(seconds):
            from starlette.middleware.base import BaseHTTPMiddleware

            class Base(BaseHTTPMiddleware): ...

            class Timeout(Base): ...

            return Timeout
      `,
      errors: [
        { messageId: 'subclass', line: 4 },
        { messageId: 'subclass', line: 6 },
      ],
    },
    {
      name: 'a base that is imported where it can be',
      code: python`
        try:
            from starlette.middleware.base import BaseHTTPMiddleware
        except ImportError:
            BaseHTTPMiddleware = object

        class Timing(BaseHTTPMiddleware): ...
      `,
      errors: [{ messageId: 'subclass', line: 6 }],
    },
    {
      name: 'a base in another module, under another name',
      path: 'app/api/timing.py',
      files: {
        'app/__init__.py': '',
        'app/api/__init__.py': '',
        'app/core/__init__.py': 'from .middleware import ServiceMiddleware as Middleware\n',
        'app/core/middleware.py': python`
          from starlette.middleware.base import BaseHTTPMiddleware

          class Named(BaseHTTPMiddleware): ...

          class ServiceMiddleware(Named): ...
        `,
      },
      code: python`
        from ..core import Middleware

        class Timing(Middleware):
            prefix = "timing"
      `,
      errors: [{ messageId: 'subclass', data: { name: 'Timing' }, line: 3 }],
    },
    {
      name: 'the decorator',
      code: python`
        from fastapi import FastAPI

        app = FastAPI()

        @app.middleware("http")
        async def add_header(request, call_next):
            return await call_next(request)
      `,
      errors: [
        {
          messageId: 'use',
          message:
            "'@app.middleware(\"http\")' wraps the endpoint in BaseHTTPMiddleware, which runs it in another task (lost context variables, cancelled background tasks). Write a pure ASGI class instead: async def __call__(self, scope, receive, send).",
          line: 5,
          column: 1,
        },
      ],
    },
    {
      name: 'the line of the decorator, not of the function, among others and with a constant as its argument',
      code: python`
        from fastapi import FastAPI

        KIND = "http"
        app = FastAPI()

        @traced
        @app.middleware(KIND)
        @logged
        async def add_header(request, call_next): ...

        @app.middleware(middleware_type="http")
        async def add_footer(request, call_next): ...
      `,
      errors: [
        { messageId: 'use', line: 7 },
        { messageId: 'use', line: 11 },
      ],
    },
    {
      name: 'the same without a decorator',
      code: python`
        from fastapi import FastAPI

        app = FastAPI()
        app.middleware("http")(add_header)
      `,
      errors: [{ messageId: 'use', data: { use: 'app.middleware("http")' }, line: 4, column: 1 }],
    },
    {
      name: 'an app of Starlette, and of a class that derives from FastAPI',
      code: python`
        from fastapi import FastAPI
        from starlette.applications import Starlette

        class Service(FastAPI): ...

        old = Starlette()
        new = Service(title="shop")

        @old.middleware("http")
        async def first(request, call_next): ...

        @new.middleware("http")
        async def second(request, call_next): ...
      `,
      errors: [
        { messageId: 'use', line: 9 },
        { messageId: 'use', line: 12 },
      ],
    },
    {
      name: 'an app in a factory function, in a nested function and behind a condition',
      code: python`
        import fastapi

        def create_app(settings) -> fastapi.FastAPI:
            app = fastapi.FastAPI(
                title=settings.title,
            )

            if settings.debug:
                @app.middleware("http")
                async def log_requests(request, call_next): ...

            def register():
                @app.middleware("http")
                async def add_header(request, call_next): ...

            register()
            return app
      `,
      errors: [
        { messageId: 'use', line: 9 },
        { messageId: 'use', line: 13 },
      ],
    },
    {
      name: 'an app that a function makes, as annotated or as all its returns say',
      path: 'app/main.py',
      files: {
        'app/__init__.py': '',
        'app/factory.py': python`
          from fastapi import FastAPI

          def annotated() -> "FastAPI":
              return build()

          def plain(debug=False):
              app = FastAPI(debug=debug)
              app.include_router(router)
              return app

          def either(debug):
              if debug:
                  return FastAPI(debug=True)
              return plain()
        `,
      },
      code: python`
        from app.factory import annotated, either, plain

        first = annotated()
        second = plain(debug=True)
        third = either(False)

        @first.middleware("http")
        async def a(request, call_next): ...

        @second.middleware("http")
        async def b(request, call_next): ...

        @third.middleware("http")
        async def c(request, call_next): ...
      `,
      errors: [
        { messageId: 'use', line: 7 },
        { messageId: 'use', line: 10 },
        { messageId: 'use', line: 13 },
      ],
    },
    {
      name: 'an annotated app: parameter, variable, attribute',
      code: python`
        from __future__ import annotations

        from typing import Annotated, Optional

        from fastapi import FastAPI

        shared: FastAPI = registry.get("app")

        @shared.middleware("http")
        async def first(request, call_next): ...

        def install(app: FastAPI) -> None:
            @app.middleware("http")
            async def second(request, call_next): ...

        def maybe(app: Optional["FastAPI"] = None, other: Annotated[FastAPI, "main"] = None, *, last: FastAPI | None = None):
            @app.middleware("http")
            async def third(request, call_next): ...

            @other.middleware("http")
            async def fourth(request, call_next): ...

            @last.middleware("http")
            async def fifth(request, call_next): ...
      `,
      errors: [9, 13, 17, 20, 23].map((line) => ({ messageId: 'use' as const, line })),
    },
    {
      name: 'an app as an attribute: of self, of the class, of an object',
      code: python`
        from fastapi import FastAPI

        class Server:
            admin = FastAPI()
            api: FastAPI

            def __init__(self):
                self.app = FastAPI()

                @self.app.middleware("http")
                async def first(request, call_next): ...

            def install(self):
                @self.app.middleware("http")
                async def second(request, call_next): ...

                @self.admin.middleware("http")
                async def third(request, call_next): ...

                @self.api.middleware("http")
                async def fourth(request, call_next): ...

        @Server.admin.middleware("http")
        async def fifth(request, call_next): ...

        server = Server()

        @server.app.middleware("http")
        async def sixth(request, call_next): ...
      `,
      errors: [10, 14, 17, 20, 23, 28].map((line) => ({ messageId: 'use' as const, line })),
    },
    {
      name: 'an attribute that a base class in another module sets from an annotated parameter',
      path: 'app/server.py',
      files: {
        'app/__init__.py': '',
        'app/base.py': python`
          from fastapi import FastAPI

          class Base:
              def __init__(self, app: FastAPI):
                  self.app = app
        `,
      },
      code: python`
        from app.base import Base

        class Server(Base):
            def install(self):
                @self.app.middleware("http")
                async def add_header(request, call_next): ...
      `,
      errors: [{ messageId: 'use', line: 5 }],
    },
    {
      name: 'the app of another module, through a re-export and through the module',
      path: 'app/hooks.py',
      files: {
        'app/__init__.py': 'from .main import api as public_api\n',
        'app/main.py': 'from fastapi import FastAPI\n\napi = FastAPI()\n',
      },
      code: python`
        from app import main, public_api

        @public_api.middleware("http")
        async def first(request, call_next): ...

        @main.api.middleware("http")
        async def second(request, call_next): ...
      `,
      errors: [
        { messageId: 'use', line: 3 },
        { messageId: 'use', line: 6 },
      ],
    },
    {
      name: 'an app that is wrapped later',
      code: python`
        from fastapi import FastAPI
        from starlette.middleware.cors import CORSMiddleware

        app = FastAPI()

        @app.middleware("http")
        async def add_header(request, call_next): ...

        app = CORSMiddleware(app)
      `,
      errors: [{ messageId: 'use', line: 6 }],
    },
    {
      name: 'other names for the same: aliases, star imports, a generic base',
      code: python`
        from typing import Generic, TypeVar

        from fastapi import FastAPI as App
        from starlette.middleware.base import *

        T = TypeVar("T")
        Application = App
        app = Application()
        api = app

        class Base(BaseHTTPMiddleware, Generic[T]): ...

        class Timing(Base[int]): ...

        @api.middleware("http")
        async def first(request, call_next): ...

        def install(given: Application):
            @given.middleware("http")
            async def second(request, call_next): ...

        for each in (App(), App(debug=True)):
            @each.middleware("http")
            async def third(request, call_next): ...

        if (last := App()):
            @last.middleware("http")
            async def fourth(request, call_next): ...
      `,
      errors: [
        { messageId: 'subclass', line: 11 },
        { messageId: 'subclass', line: 13 },
        ...[15, 19, 23, 27].map((line) => ({ messageId: 'use' as const, line })),
      ],
    },
    {
      name: 'add_middleware, Middleware and the class itself',
      code: python`
        from fastapi import FastAPI
        from fastapi.middleware import Middleware as M
        from starlette.middleware import Middleware
        from starlette.middleware.base import BaseHTTPMiddleware

        app = FastAPI(
            middleware=[
                Middleware(BaseHTTPMiddleware, dispatch=add_header),
                M(cls=BaseHTTPMiddleware, dispatch=add_header),
            ],
        )
        app.add_middleware(
            BaseHTTPMiddleware,
            dispatch=add_header,
        )
        app.add_middleware(middleware_class=BaseHTTPMiddleware, dispatch=add_header)
        app = BaseHTTPMiddleware(app, dispatch=add_header)
      `,
      errors: [
        { messageId: 'use', data: { use: 'Middleware(BaseHTTPMiddleware, ...)' }, line: 8 },
        { messageId: 'use', data: { use: 'M(BaseHTTPMiddleware, ...)' }, line: 9 },
        { messageId: 'use', data: { use: 'app.add_middleware(BaseHTTPMiddleware, ...)' }, line: 12 },
        { messageId: 'use', data: { use: 'app.add_middleware(BaseHTTPMiddleware, ...)' }, line: 16 },
        { messageId: 'use', data: { use: 'BaseHTTPMiddleware(...)' }, line: 17 },
      ],
    },
    {
      name: 'add_middleware on an app that is not known: the class alone decides',
      code: python`
        from starlette.middleware.base import BaseHTTPMiddleware

        def install(app):
            app.add_middleware(BaseHTTPMiddleware, dispatch=add_header)
      `,
      errors: [{ messageId: 'use', line: 4 }],
    },
    {
      name: 'the class is reported where it is defined, not where it is added',
      code: python`
        from fastapi import FastAPI
        from starlette.middleware.base import BaseHTTPMiddleware

        class Timing(BaseHTTPMiddleware): ...

        app = FastAPI()
        app.add_middleware(Timing)
      `,
      errors: [{ messageId: 'subclass', line: 4 }],
    },
    {
      name: 'an import alone',
      code: python`
        from starlette.middleware.base import (
            BaseHTTPMiddleware,
            RequestResponseEndpoint,
        )

        __all__ = ["BaseHTTPMiddleware"]
      `,
      errors: [
        {
          messageId: 'import',
          message:
            "'BaseHTTPMiddleware' is imported, which runs the endpoint in another task (lost context variables, cancelled background tasks). Write a pure ASGI class instead: async def __call__(self, scope, receive, send).",
          line: 1,
        },
      ],
    },
    {
      name: 'imports in a function, under an alias, through a re-export; each statement once',
      path: 'app/hooks.py',
      files: { 'app/__init__.py': '', 'app/compat.py': 'from starlette.middleware.base import BaseHTTPMiddleware as Base\n' },
      code: python`
        from app.compat import Base

        def install():
            from fastapi.middleware.base import BaseHTTPMiddleware as First, BaseHTTPMiddleware as Second
            return First
      `,
      errors: [
        { messageId: 'import', line: 1 },
        { messageId: 'import', line: 4 },
      ],
    },
    {
      name: 'an import is not reported beside a use of any of the kinds',
      code: python`
        from fastapi import FastAPI
        from starlette.middleware.base import BaseHTTPMiddleware

        app = FastAPI()

        @app.middleware("http")
        async def add_header(request, call_next): ...
      `,
      errors: [{ messageId: 'use', line: 6 }],
    },
  ],
})

tester.runProject(noBaseHttpMiddleware, new URL('no-base-http-middleware.md', import.meta.url), { pack: 'fastapi-architecture' })
