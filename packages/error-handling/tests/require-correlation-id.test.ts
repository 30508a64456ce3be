import { python, RuleTester } from '@krait/rule-tester'
import { requireCorrelationId } from '../src/rules/require-correlation-id.ts'

const tester = new RuleTester()

tester.run('require-correlation-id', requireCorrelationId, {
  valid: [
    {
      name: 'a middleware that calls what makes the id',
      files: {
        'context.py': python`
          import uuid

          def begin(request):
              _number(request)

          def _number(request):
              request.state.trace_id = uuid.uuid4()
        `,
      },
      code: python`
        from context import begin
        from fastapi import FastAPI

        app = FastAPI()

        @app.middleware("http")
        async def log_context(request, call_next):
            begin(request)
            return await call_next(request)
      `,
    },
    {
      name: 'known middlewares',
      code: python`
        from asgi_correlation_id import CorrelationIdMiddleware
        from fastapi import FastAPI
        from starlette.applications import Starlette
        from starlette.middleware import Middleware
        from starlette_context.middleware import RawContextMiddleware
        from opentelemetry.instrumentation.asgi import OpenTelemetryMiddleware
        from opentelemetry.instrumentation.fastapi import FastAPIInstrumentor
        import logfire

        one = FastAPI()
        one.add_middleware(CorrelationIdMiddleware, header_name="X-Request-ID")

        two = Starlette(routes=[], middleware=[Middleware(RawContextMiddleware)])

        three = FastAPI()
        FastAPIInstrumentor.instrument_app(three)

        four = FastAPI()
        logfire.instrument_fastapi(four)

        five = FastAPI()
        five.add_middleware(OpenTelemetryMiddleware)

        parts = FastAPI()
        one.mount("/parts", parts)
      `,
    },
    {
      name: 'own middlewares, in place',
      code: python`
        import structlog
        from fastapi import Depends, FastAPI, Request
        from flask import Flask, g

        app = FastAPI()

        @app.middleware("http")
        async def add_id(request: Request, call_next):
            structlog.contextvars.bind_contextvars(path=request.url.path)
            return await call_next(request)

        def remember(request: Request):
            request.state.trace_id = request.headers.get("traceparent")

        by_dependency = FastAPI(dependencies=[Depends(remember)])

        def create_app():
            flask_app = Flask(__name__)

            @flask_app.before_request
            def start():
                if g.path == "/health":
                    return None
                g.correlation_id = new_id()

            return flask_app

        class RequestIdMiddleware:
            def __init__(self, app):
                self.app = app

            def __call__(self, environ, start_response):
                environ["HTTP_X_REQUEST_ID"] = new_id()
                return self.app(environ, start_response)

        def create_wsgi():
            other = Flask(__name__)
            other.wsgi_app = RequestIdMiddleware(other.wsgi_app)
            return other

        class Server:
            def __init__(self):
                self.app = FastAPI()
                self.setup()

            def setup(self):
                self.app.add_middleware(RequestIdMiddleware)
      `,
    },
    {
      name: 'what can not be resolved, and what is no application',
      code: python`
        from fastapi import APIRouter, FastAPI

        def create(plugins, middlewares):
            app = FastAPI()
            for middleware in middlewares:
                app.add_middleware(middleware)
            return app

        def create_other(plugins):
            app = FastAPI()
            for plugin in plugins:
                plugin.init_app(app)
            return app

        def create_third(middleware):
            app = FastAPI(middleware=middleware)
            return app

        router = APIRouter()
      `,
    },
    { name: 'all applications are instrumented', code: 'import ddtrace\nfrom flask import Flask\n\nddtrace.patch_all()\napp = Flask(__name__)\n' },
    { path: 'tests/test_app.py', code: 'from fastapi import FastAPI\napp = FastAPI()\n' },
    { path: 'examples/app.py', code: 'from fastapi import FastAPI\napp = FastAPI()\n' },
    {
      name: 'further middlewares',
      options: [{ middlewares: ['vendor.Tracing', 'OwnMiddleware'], idPattern: 'x-span' }],
      code: python`
        from fastapi import FastAPI
        from vendor import other, Tracing
        from elsewhere import OwnMiddleware

        one = FastAPI()
        one.add_middleware(Tracing)
        two = FastAPI()
        two.add_middleware(OwnMiddleware)
        three = FastAPI()

        @three.middleware("http")
        async def span(request, call_next):
            request.headers["X-Span"]
      `,
    },
  ],
  invalid: [
    {
      name: 'a middleware that calls what makes the id for some paths alone',
      files: { 'context.py': 'import uuid\n\ndef begin(request):\n    request.state.trace_id = uuid.uuid4()\n' },
      code: python`
        from context import begin
        from fastapi import FastAPI

        app = FastAPI()

        @app.middleware("http")
        async def log_context(request, call_next):
            if request.url.path.startswith("/webhooks"):
                begin(request)
            return await call_next(request)
      `,
      errors: [{ line: 4 }],
    },
    {
      name: 'no id at all',
      code: python`
        import fastapi
        from fastapi.middleware.cors import CORSMiddleware
        from flask import Flask

        app = fastapi.FastAPI(title="billing")
        app.include_router(api_router)
        app.add_middleware(CORSMiddleware)

        def create_app() -> Flask:
            flask_app = Flask(__name__)
            flask_app.register_blueprint(api)
            return flask_app

        class Service(fastapi.FastAPI): ...

        def make():
            return Service()

        sub = fastapi.FastAPI()
        app.mount("/sub", sub)
      `,
      errors: [
        {
          messageId: 'missing',
          message:
            '`app` has no request/correlation id middleware, so log lines of one request cannot be joined. Add one (e.g. `CorrelationIdMiddleware`) or name yours in `middlewares`.',
          line: 5,
        },
        { messageId: 'missing', line: 10, data: { app: 'flask_app' } },
        { line: 17 },
        { line: 19 },
      ],
    },
    {
      name: 'an id for some paths only, and one for another application',
      code: python`
        from asgi_correlation_id import CorrelationIdMiddleware
        from fastapi import FastAPI
        from fastapi.middleware.cors import CORSMiddleware
        from fastapi.middleware.gzip import GZipMiddleware

        app = FastAPI()

        @app.middleware("http")
        async def add_id(request, call_next):
            """Gives a request id."""
            if request.url.path.startswith("/webhooks"):
                request.state.request_id = request.headers["X-Request-ID"]
            return await call_next(request)

        early = FastAPI()

        @early.middleware("http")
        async def add_id_early(request, call_next):
            path = request.url.path
            if path != "/hook":
                return await call_next(request)
            request.state.request_id = 1
            return await call_next(request)

        other = FastAPI()
        other.add_middleware(CorrelationIdMiddleware)

        MIDDLEWARES = [(GZipMiddleware, {"minimum_size": 1}), (CORSMiddleware, {})]

        def create():
            looped = FastAPI()
            for cls, options in MIDDLEWARES:
                looped.add_middleware(cls, **options)
            return looped

        def create_with_id():
            app = FastAPI()
            for cls in (GZipMiddleware, CorrelationIdMiddleware):
                app.add_middleware(cls)
            return app
      `,
      errors: [{ line: 6 }, { line: 15 }, { line: 31 }],
    },
  ],
})

tester.runProject(requireCorrelationId, new URL('require-correlation-id.md', import.meta.url), { pack: 'error-handling' })
