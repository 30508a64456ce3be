import { areExclusive, routeNode } from '@krait/python'
import type { PythonProject, Route } from '@krait/python'
import { describe, expect, test } from 'vitest'
import { MemoryProject } from '../helpers/memory-project.ts'

type Files = Readonly<Record<string, string>>

function projectOf(files: Files, path = Object.keys(files)[0]!): PythonProject {
  return new MemoryProject(files).open(path).services.project
}

function allRoutes(files: Files): Route[] {
  const project = projectOf(files)
  return project.routeFiles().flatMap((path) => project.routes(path))
}

/** `GET /api/users read_users`, in the order in which each app serves them. */
function served(files: Files): string[] {
  const project = projectOf(files)
  const { apps } = project.wiring()
  return apps.flatMap((app) => project.served(app)).map(({ kind, id, publication }) => {
    const route = kind === 'route' ? project.route(id) : null
    const methods = route?.protocol === 'websocket' ? 'WS' : (publication.methods?.join('|') ?? (route ? '?' : 'MOUNT'))
    return [methods, publication.fullPath ?? '?', ...(route ? [lastPart(route.handler.name)] : [])].join(' ')
  })
}

function lastPart(name: string | null): string {
  return name === null ? '-' : name.slice(name.lastIndexOf('.') + 1)
}

const IMPORTS = 'from fastapi import APIRouter, Depends, FastAPI, WebSocket, status\n'

/** One file that is all of the app. */
function app(text: string): string[] {
  return served({ 'app/main.py': IMPORTS + dedent(text), 'app/__init__.py': '' })
}

function dedent(text: string): string {
  const lines = text.replace(/^\n/, '').split('\n')
  const width = Math.min(...lines.filter((line) => line.trim() !== '').map((line) => /^ */.exec(line)![0].length))
  return lines.map((line) => line.slice(width)).join('\n')
}

describe('routes of one file', () => {
  test.each<[what: string, text: string, expected: readonly string[]]>([
    ['on the app', 'app = FastAPI()\n@app.get("/users")\ndef read(): ...', ['GET /users read']],
    ['of all verbs', `
      app = FastAPI()
      @app.head("/x")
      @app.trace("/x")
      @app.options("/x")
      async def meta(): ...
      @app.api_route("/y", methods=["post", "GET"])
      async def both(): ...
      @app.api_route("/z")
      async def plain(): ...
      @app.websocket("/ws")
      async def stream(socket: WebSocket): ...
    `, ['OPTIONS /x meta', 'TRACE /x meta', 'HEAD /x meta', 'GET|POST /y both', 'GET /z plain', 'WS /ws stream']],
    ['with the path as a keyword', 'app = FastAPI()\n@app.get(path="/users")\ndef read(): ...', ['GET /users read']],
    ['on a router that is included', `
      router = APIRouter(prefix="/users")
      @router.get("")
      def read(): ...
      @router.get("/{user_id}")
      def read_one(user_id: int): ...
      app = FastAPI()
      app.include_router(router, prefix="/api")
    `, ['GET /api/users read', 'GET /api/users/{user_id} read_one']],
    ['without decorators', `
      def read(): ...
      async def talk(socket): ...
      def old(request): ...
      router = APIRouter(prefix="/r")
      router.add_api_route("/users", read)
      router.add_api_route(path="/users", endpoint=read, methods=["PUT", "PATCH"])
      router.add_api_websocket_route("/ws", talk)
      app = FastAPI()
      app.include_router(router)
      app.add_route("/old", old, methods=["GET"])
      app.get("/again")(read)
    `, ['GET /r/users read', 'PATCH|PUT /r/users read', 'WS /r/ws talk', 'GET /old old', 'GET /again read']],
    ['handled by a lambda', 'app = FastAPI()\napp.add_api_route("/ping", lambda: "pong")', ['GET /ping -']],
    ['by a method under another name', 'app = FastAPI()\nget = app.get\n@get("/users")\ndef read(): ...', ['GET /users read']],
    ['with parts that are constants', `
      ROOT = "/api"
      VERSION = 2
      BASE = ROOT + f"/v{VERSION}"
      app = FastAPI()
      @app.get(f"{BASE}/users")
      def read(): ...
    `, ['GET /api/v2/users read']],
    ['with parts that are not known', `
      import os
      app = FastAPI()
      @app.get(os.environ["ROOT"] + "/users")
      def read(): ...
      @app.api_route("/x", methods=METHODS)
      def some(): ...
    `, ['GET ? read', '? /x some']],
    ['of an app in a class attribute', `
      class Api:
          router = APIRouter(prefix="/a")
          @router.get("/x")
          def read(self): ...
      app = FastAPI()
      app.include_router(Api.router)
    `, ['GET /a/x read']],
    ['through app.router', 'app = FastAPI()\n@app.router.get("/x")\ndef read(): ...\napp.router.include_router(APIRouter())', ['GET /x read']],
    ['of an app that is declared', 'def make(): ...\napp: FastAPI = make()\n@app.get("/x")\ndef read(): ...', []],
    ['of a class of the project', `
      class Service(FastAPI): ...
      class Users(APIRouter): ...
      users = Users(prefix="/u")
      @users.get("/x")
      def read(): ...
      app = Service()
      app.include_router(users)
    `, ['GET /u/x read']],
    ['of things that are no apps', 'app = cache()\n@app.get("/x")\ndef read(): ...\nclient.get("/y")', []],
    ['of a function in a function', `
      def create_app():
          app = FastAPI()
          @app.get("/ping")
          def ping(): ...
          return app
      app = create_app()
    `, ['GET /ping ping']],
    ['of a factory that nobody calls', `
      def create_app():
          app = FastAPI()
          @app.get("/ping")
          def ping(): ...
          return app
    `, ['GET /ping ping']],
    ['in a branch', `
      app = FastAPI()
      if DEBUG:
          @app.get("/debug")
          def debug(): ...
      else:
          app.include_router(APIRouter())
      try:
          app.add_api_route("/x", debug)
      except ImportError:
          app.add_api_route("/y", debug)
    `, ['GET /debug debug', 'GET /x debug', 'GET /y debug']],
    ['given as routes', `
      from fastapi.routing import APIRoute
      from starlette.routing import Mount, Route
      def read(): ...
      inner = FastAPI(routes=[APIRoute("/x", read, methods=["PUT"])])
      app = FastAPI(routes=[Route("/plain", read), Mount("/inner", app=inner)])
    `, ['GET /plain read', 'MOUNT /inner', 'PUT /inner/x read']],
    ['with two apps', `
      one = FastAPI()
      two = FastAPI()
      router = APIRouter()
      @router.get("/x")
      def read(): ...
      one.include_router(router, prefix="/1")
      two.include_router(router, prefix="/2")
    `, ['GET /1/x read', 'GET /2/x read']],
    ['of a router included twice', `
      router = APIRouter()
      @router.get("/x")
      def read(): ...
      app = FastAPI()
      app.include_router(router, prefix="/v1")
      app.include_router(router, prefix="/latest")
    `, ['GET /v1/x read', 'GET /latest/x read']],
    ['of routers that include each other', `
      a = APIRouter(prefix="/a")
      b = APIRouter(prefix="/b")
      a.include_router(b)
      b.include_router(a)
      @b.get("/x")
      def read(): ...
      app = FastAPI()
      app.include_router(a)
    `, ['GET /a/b/x read']],
  ])('%s', (_, text, expected) => {
    expect(app(text)).toEqual(expected)
  })
})

describe('loops', () => {
  const USERS = 'users = APIRouter(prefix="/users")\n@users.get("")\ndef read(): ...\norders = APIRouter()\n@orders.get("/o")\ndef list_orders(): ...\napp = FastAPI()\n'
  test.each<[what: string, text: string, expected: readonly string[]]>([
    ['over a tuple', 'for router in (orders, users):\n    app.include_router(router)', ['GET /o list_orders', 'GET /users read']],
    ['over a list by name', 'ROUTERS = [users, orders]\nfor r in ROUTERS:\n    app.include_router(r, prefix="/v1")', ['GET /v1/users read', 'GET /v1/o list_orders']],
    ['over pairs', 'for router, prefix in [(users, "/a"), (orders, "/b")]:\n    app.include_router(router, prefix=prefix)', ['GET /a/users read', 'GET /b/o list_orders']],
    ['over a dict', 'for prefix, router in {"/a": users, "/b": orders}.items():\n    app.include_router(router, prefix=prefix)', ['GET /a/users read', 'GET /b/o list_orders']],
    ['with a count', 'for n, router in enumerate([users]):\n    app.include_router(router)', ['GET /users read']],
    ['over lists together', 'A = [users]\nfor r in [*A, orders] + []:\n    app.include_router(r)', ['GET /users read', 'GET /o list_orders']],
    ['in a comprehension', '[app.include_router(r) for r in (users, orders)]', ['GET /users read', 'GET /o list_orders']],
    ['in a function', 'def setup(target):\n    for r in [users, orders]:\n        target.include_router(r)\nsetup(app)', ['GET /users read', 'GET /o list_orders']],
    ['over prefixes', 'for prefix in ("/v1", "/v2"):\n    app.include_router(users, prefix=prefix)', ['GET /v1/users read', 'GET /v2/users read']],
    ['over what grows', 'routers = []\nrouters += [users]\nfor r in routers:\n    app.include_router(r)', ['GET /users read']],
    ['over what is not known', 'for router in find_routers():\n    app.include_router(router)', []],
  ])('%s', (_, text, expected) => {
    expect(app(USERS + text)).toEqual(expected)
  })

  test('what is included without being known counts', () => {
    const project = projectOf({ 'main.py': `${IMPORTS}app = FastAPI()\nfor r in find():\n    app.include_router(r)\nrouter = APIRouter()\n@router.get("/x")\ndef read(): ...` })
    expect(project.wiring().unresolvedIncludes).toBe(1)
    expect(project.routers()[0]).toMatchObject({ role: 'app', isDynamic: true })
    expect(project.routes()[0]).toMatchObject({ reach: 'unknown', publications: [] })
  })
})

describe('across files', () => {
  const USERS = 'from fastapi import APIRouter\nrouter = APIRouter(prefix="/users", tags=["users"])\n@router.get("/{user_id}")\ndef read_user(user_id: int): ...\n'
  const ITEMS = 'from fastapi import APIRouter\nrouter = APIRouter()\n@router.post("/items")\ndef create_item(): ...\n'

  test.each<[what: string, files: Files, expected: readonly string[]]>([
    ['the usual layout', {
      'app/main.py': 'from fastapi import FastAPI\nfrom app.api import api_router\nfrom app.config import settings\napp = FastAPI()\napp.include_router(api_router, prefix=settings.API_V1_STR)\n',
      'app/__init__.py': '',
      'app/config.py': 'from pydantic_settings import BaseSettings\nclass Settings(BaseSettings):\n    API_V1_STR: str = "/api/v1"\nsettings = Settings()\n',
      'app/api/__init__.py': 'from fastapi import APIRouter\nfrom . import items, users\napi_router = APIRouter()\napi_router.include_router(users.router)\napi_router.include_router(items.router, prefix="/shop")\n',
      'app/api/users.py': USERS,
      'app/api/items.py': ITEMS,
    }, ['GET /api/v1/users/{user_id} read_user', 'POST /api/v1/shop/items create_item']],
    ['re-exports and aliases', {
      'app/main.py': 'import fastapi as f\nfrom app.api import users_router as first, second\napp = f.FastAPI()\napp.include_router(first)\napp.include_router(second)\n',
      'app/__init__.py': '',
      'app/api/__init__.py': 'from app.api.users import router as users_router\nfrom app.api.items import router\nsecond = router\n',
      'app/api/users.py': USERS,
      'app/api/items.py': ITEMS,
    }, ['GET /users/{user_id} read_user', 'POST /items create_item']],
    ['settings by a function, with a field', {
      'main.py': 'from fastapi import FastAPI\nfrom config import get_settings\nimport users\napp = FastAPI()\napp.include_router(users.router, prefix=f"{get_settings().prefix}/x")\n',
      'config.py': 'from pydantic import Field\nfrom pydantic_settings import BaseSettings\nclass Settings(BaseSettings):\n    prefix: str = Field("/api", alias="P")\ndef get_settings() -> Settings:\n    return Settings()\n',
      'users.py': USERS,
    }, ['GET /api/x/users/{user_id} read_user']],
    ['a setting without a default', {
      'main.py': 'from fastapi import FastAPI\nfrom config import settings\nimport users\napp = FastAPI()\napp.include_router(users.router, prefix=settings.prefix)\n',
      'config.py': 'from pydantic_settings import BaseSettings\nclass Settings(BaseSettings):\n    prefix: str\nsettings = Settings()\n',
      'users.py': USERS,
    }, ['GET ? read_user']],
    ['a function that is given the app', {
      'main.py': 'from fastapi import FastAPI\nfrom setup import register_routes\napp = FastAPI()\nregister_routes(app, "/api")\n',
      'setup.py': 'from users import router\ndef register_routes(application, prefix, *, version="/v1"):\n    application.include_router(router, prefix=prefix + version)\n',
      'users.py': USERS,
    }, ['GET /api/v1/users/{user_id} read_user']],
    ['a function that is not given the app', {
      'main.py': 'from fastapi import FastAPI\napp = FastAPI()\nimport users\ndef register():\n    app.include_router(users.router)\nregister()\n@app.get("/last")\ndef last(): ...',
      'users.py': USERS,
    }, ['GET /users/{user_id} read_user', 'GET /last last']],
    ['factories of apps and routers', {
      'main.py': 'from factory import create_app\napp = create_app()\n',
      'factory.py': `
        from fastapi import FastAPI
        from users import make_router
        def create_app(prefix: str = "/api") -> FastAPI:
            app = FastAPI()
            app.include_router(make_router("users"), prefix=prefix)
            app.include_router(make_router("teams", method="POST"))
            return app
      `,
      'users.py': `
        from fastapi import APIRouter
        def make_router(name, method="GET"):
            router = APIRouter(prefix=f"/{name}")
            @router.api_route("/all", methods=[method])
            def read(): ...
            return router
      `,
    }, ['GET /api/users/all read', 'POST /teams/all read']],
    ['a router class that sets a prefix', {
      'main.py': 'from fastapi import FastAPI\nfrom users import router\napp = FastAPI()\napp.include_router(router)\n',
      'base.py': 'from fastapi import APIRouter, Depends\nclass AdminRouter(APIRouter):\n    def __init__(self, name: str, prefix: str = "", **kwargs):\n        super().__init__(prefix="/admin" + prefix, dependencies=[Depends(check)], **kwargs)\ndef check(): ...\n',
      'users.py': 'from base import AdminRouter\nrouter = AdminRouter("users", prefix="/users", tags=["x"])\n@router.get("/x")\ndef read(): ...\n',
    }, ['GET /admin/users/x read']],
    ['a router class that a function makes', {
      'main.py': 'from fastapi import FastAPI\nfrom users import router\napp = FastAPI()\napp.include_router(router)\n',
      'routing.py': 'from fastapi import APIRouter as _APIRouter\ndef make(route_class):\n    class Own(_APIRouter):\n        def __init__(self, *args, **kwargs):\n            kwargs["route_class"] = route_class\n            super().__init__(*args, **kwargs)\n    return Own\nAPIRouter = make(object)\n',
      'users.py': 'from routing import APIRouter\nrouter = APIRouter(prefix="/users")\n@router.get("/x")\ndef read(): ...\n',
    }, ['GET /users/x read']],
    ['an object that holds a router', {
      'main.py': 'from fastapi import FastAPI\nfrom users import UserController\nfrom server import Server\nserver = Server(UserController("/people"))\n',
      'server.py': 'from fastapi import FastAPI\nclass Server:\n    def __init__(self, controller):\n        self.app = FastAPI()\n        self.app.include_router(controller.router, prefix="/api")\n        self.add_more()\n    def add_more(self):\n        self.app.add_api_route("/more", self.more)\n    async def more(self, q: str): ...\n',
      'users.py': 'from fastapi import APIRouter\nclass UserController:\n    def __init__(self, prefix):\n        self.router = APIRouter(prefix=prefix)\n        self.router.add_api_route("/all", self.read)\n    def read(self, limit: int = 10): ...\n',
    }, ['GET /api/people/all read', 'GET /more more']],
    ['an app class with methods', {
      'main.py': 'from fastapi import FastAPI\nimport users\nclass App(FastAPI):\n    def __init__(self, **kwargs):\n        super().__init__(title="x", **kwargs)\n        self.setup()\n    def setup(self):\n        self.include_router(users.router)\napp = App(debug=True)\n',
      'users.py': USERS,
    }, ['GET /users/{user_id} read_user']],
    ['mounted apps', {
      'main.py': 'from fastapi import FastAPI\nfrom starlette.staticfiles import StaticFiles\nfrom admin import app as admin_app\napp = FastAPI()\napp.mount("/admin/", admin_app)\napp.mount("/static", StaticFiles(directory="x"))\n@app.get("/x")\ndef read(): ...\n',
      'admin.py': 'from fastapi import FastAPI\napp = FastAPI()\n@app.get("/users")\ndef users(): ...\n',
    }, ['GET /admin/users users', 'MOUNT /admin', 'MOUNT /static', 'GET /x read']],
    ['a lifespan that includes', {
      'main.py': 'from contextlib import asynccontextmanager\nfrom fastapi import FastAPI\nimport users\n@asynccontextmanager\nasync def lifespan(application: FastAPI):\n    application.include_router(users.router, prefix="/late")\n    yield\napp = FastAPI(lifespan=lifespan)\n',
      'users.py': USERS,
    }, ['GET /late/users/{user_id} read_user']],
    ['an import in a function', {
      'main.py': 'from fastapi import FastAPI\ndef create():\n    from users import router as inner\n    app = FastAPI()\n    app.include_router(inner)\n    return app\n',
      'users.py': USERS,
    }, ['GET /users/{user_id} read_user']],
    ['a router that other modules fill', {
      'app/main.py': 'from fastapi import FastAPI\nfrom app import routes\napp = FastAPI()\napp.include_router(routes.router)\n',
      'app/__init__.py': '',
      'app/routes/__init__.py': 'from app.routes.base import router\nfrom app.routes import zebra, ant\n',
      'app/routes/base.py': 'from fastapi import APIRouter\nrouter = APIRouter()\n',
      'app/routes/ant.py': 'from app.routes.base import router\n@router.get("/{anything}")\ndef ant(): ...\n',
      'app/routes/zebra.py': 'from .base import router\n@router.get("/zebra")\ndef zebra(): ...\n',
    }, ['GET /zebra zebra', 'GET /{anything} ant']],
    ['a module that is imported behind the first routes', {
      'main.py': 'from fastapi import FastAPI\napp = FastAPI()\n@app.get("/1")\ndef one(): ...\nimport more\n@app.get("/3")\ndef three(): ...\n',
      'more.py': 'from main import app\n@app.get("/2")\ndef two(): ...\n',
    }, ['GET /1 one', 'GET /2 two', 'GET /3 three']],
  ])('%s', (_, files, expected) => {
    expect(served(files)).toEqual(expected)
  })
})

describe('what a route says', () => {
  const TEXT = `
    from typing import Annotated
    from fastapi import APIRouter, Depends, FastAPI, Query, status
    from app.schemas import Out
    app = FastAPI(dependencies=[Depends(first)])
    def first(): ...
    router = APIRouter(prefix="/u", dependencies=[Depends(second)], include_in_schema=False)
    def second(): ...
    @router.post("/x", response_model=list[Out], status_code=status.HTTP_201_CREATED, tags=["t"])
    async def create(body: Out, q: Annotated[str | None, Query(alias="query", max_length=5)] = None, *, page: int = Query(1)) -> Out: ...
    @app.delete("/{id}", status_code=204, response_model=None)
    def drop(id: int): ...
    app.include_router(router, prefix="/v1", dependencies=[Depends(third)])
    def third(): ...
    if app.debug:
        app.include_router(router, prefix="/a")
    else:
        app.include_router(router, prefix="/b")
  `
  const files = { 'app/main.py': TEXT, 'app/__init__.py': '', 'app/schemas.py': 'from pydantic import BaseModel\nclass Out(BaseModel):\n    id: int\n' }

  test('the registration', () => {
    const [create, drop] = allRoutes(files)
    expect(create).toMatchObject({
      path: 'app/main.py',
      protocol: 'http',
      style: 'fastapi',
      methods: ['POST'],
      pattern: '/x',
      statusCode: 201,
      responseModel: { kind: 'subscript', index: [{ kind: 'name', name: 'app.schemas.Out' }] },
      handler: { name: 'app.main.create', path: 'app/main.py', isAsync: true, returnAnnotation: { kind: 'name', name: 'app.schemas.Out' } },
      reach: 'served',
    })
    expect(Object.keys(create!.options)).toEqual(['response_model', 'status_code', 'tags'])
    expect(drop).toMatchObject({ statusCode: 204, responseModel: { kind: 'literal', type: 'none' } })
  })

  test('the parameters of the handler', () => {
    const [body, q, page] = allRoutes(files)[0]!.handler.parameters!
    expect(body).toMatchObject({ name: 'body', marker: null, isRequired: true, annotation: { name: 'app.schemas.Out' } })
    expect(q).toMatchObject({ name: 'q', marker: 'query', alias: 'query', isRequired: false, default: { type: 'none' }, annotation: { kind: 'binary', operator: '|' } })
    expect(page).toMatchObject({ name: 'page', kind: 'keyword-only', marker: 'query', isRequired: false, default: { value: 1 } })
  })

  test('the ways on which it is served', () => {
    const [create] = allRoutes(files)
    expect(create!.publications.map(({ fullPath }) => fullPath)).toEqual(['/v1/u/x', '/a/u/x', '/b/u/x'])
    const [first, a, b] = create!.publications
    expect(first).toMatchObject({ app: 'app/main.py:app.main.app', pieces: ['/v1', '/u', '/x'], inSchema: false })
    expect(first!.dependencies.map(({ level, value }) => [level, value.kind === 'call' && value.arguments[0]])).toEqual([
      ['app', { kind: 'name', name: 'app.main.first' }],
      ['include', { kind: 'name', name: 'app.main.third' }],
      ['router', { kind: 'name', name: 'app.main.second' }],
    ])
    expect(areExclusive(a!, b!)).toBe(true)
    expect(areExclusive(first!, b!)).toBe(false)
    expect(first!.position).toBeLessThan(a!.position!)
  })

  test('the nodes behind it', () => {
    const opened = new MemoryProject(files).open('app/main.py')
    const { services } = opened
    const [create] = services.project.routes()
    expect(routeNode(services, create!.id)?.text).toMatch(/^@router\.post\("\/x"/)
    expect(create!.publications.map(({ via }) => routeNode(services, via[0]!)?.text)).toEqual([
      'app.include_router(router, prefix="/v1", dependencies=[Depends(third)])',
      'app.include_router(router, prefix="/a")',
      'app.include_router(router, prefix="/b")',
    ])
    const [app, router] = services.project.routers()
    expect(routeNode(services, app!.site!)?.text).toBe('FastAPI(dependencies=[Depends(first)])')
    expect(router).toMatchObject({ role: 'router', name: 'app.main.router', prefix: '/u', includedIn: [app!.id], isDynamic: false, isStored: false })
    expect(routeNode(services, 'app/other.py:#1')).toBeNull()
  })

  test('handlers of one name are told apart', () => {
    const routes = allRoutes({ 'main.py': 'from fastapi import FastAPI\napp = FastAPI()\n@app.get("/a")\ndef read(x: int): ...\n@app.get("/b")\ndef read(y: str): ...\n' })
    expect(routes.map(({ pattern, handler }) => [pattern, handler.parameters![0]!.name])).toEqual([['/a', 'x'], ['/b', 'y']])
  })

  test('a method has no self', () => {
    const routes = allRoutes({
      'main.py': 'from fastapi import APIRouter, FastAPI\nclass Users:\n    def __init__(self):\n        self.router = APIRouter()\n        self.router.add_api_route("/x", self.read)\n    def read(self, limit: int = 10): ...\napp = FastAPI()\napp.include_router(Users().router)\n',
    })
    expect(routes[0]).toMatchObject({ handler: { name: 'main.Users.read', className: 'main.Users', parameters: [{ name: 'limit' }] } })
  })
})

describe('routers that nothing includes', () => {
  const ROUTER = 'from fastapi import APIRouter, FastAPI\napp = FastAPI()\nrouter = APIRouter(prefix="/x")\n@router.get("/y")\ndef read(): ...\n'

  test.each<[what: string, text: string, reach: Route['reach']]>([
    ['alone', '', 'unserved'],
    ['below another one', 'outer = APIRouter()\nouter.include_router(router)\n', 'unserved'],
    ['given to a function of a library', 'from lib import install\ninstall(router)\n', 'unknown'],
    ['given to a function of the project', 'def keep(thing): ...\nkeep(router)\n', 'unknown'],
    ['in a list', 'ROUTERS = [router]\n', 'unknown'],
    ['in a dict', 'ROUTERS = {"x": router}\n', 'unknown'],
    ['put into a dict', 'ROUTERS = {}\nROUTERS["x"] = router\n', 'unknown'],
    ['included in what is not known', 'from lib import outer\nouter.include_router(router)\n', 'unknown'],
    ['included', 'app.include_router(router)\n', 'served'],
  ])('%s', (_, text, reach) => {
    expect(allRoutes({ 'main.py': ROUTER + text })[0]).toMatchObject({ reach })
  })

  test('a parameter is any router', () => {
    const project = projectOf({ 'main.py': 'from fastapi import APIRouter, FastAPI\ndef add(router: APIRouter, app: FastAPI):\n    @router.get("/x")\n    def x(): ...\n    @app.get("/y")\n    def y(): ...\n' })
    const [x, y] = project.routes()
    expect(x).toMatchObject({ reach: 'unknown', publications: [], pattern: '/x' })
    expect(y).toMatchObject({ reach: 'served', publications: [{ fullPath: '/y' }] })
    expect(project.wiring().apps).toEqual([])
  })

  test('what a nested handler is given by the function around it', () => {
    const [route] = allRoutes({ 'main.py': 'from fastapi import Depends, FastAPI\ndef current(): ...\ndef build(dependency):\n    app = FastAPI()\n    @app.get("/x")\n    def x(user=Depends(dependency)): ...\n    return app\napp = build(current)\n' })
    expect(route!.handler.parameters![0]).toMatchObject({ marker: 'depends', dependency: { kind: 'name', name: 'main.current' } })
  })
})

describe('order', () => {
  test('is not known between functions that nobody calls', () => {
    const project = projectOf({
      'main.py': 'from fastapi import FastAPI\napp = FastAPI()\n@app.get("/1")\ndef one(): ...\n',
      'a.py': 'from main import app\ndef add():\n    @app.get("/2")\n    def two(): ...\n',
      'b.py': 'from main import app\ndef add():\n    @app.get("/3")\n    def three(): ...\n',
    })
    expect(project.served('main.py:main.app').map(({ publication }) => [publication.fullPath, publication.position])).toEqual([['/1', 0], ['/2', null], ['/3', null]])
  })

  test('stands in the order of executed statements', () => {
    expect(app(`
      a = APIRouter(prefix="/a")
      b = APIRouter(prefix="/b")
      app = FastAPI()
      @app.get("/{x}")
      def first(): ...
      app.include_router(b)
      app.include_router(a)
      @a.get("/1")
      def a1(): ...
      @b.get("/1")
      def b1(): ...
    `)).toEqual(['GET /{x} first', 'GET /b/1 b1', 'GET /a/1 a1'])
  })
})

test('a host has routes of its own', () => {
  const project = projectOf({ 'main.py': 'from fastapi import FastAPI\napp = FastAPI()\nadmin = FastAPI()\n@admin.get("/x")\ndef x(): ...\napp.host("admin.example.org", admin)\n' })
  expect(project.routes()[0]!.publications).toMatchObject([{ app: 'main.py:main.admin', root: 'main.py:main.admin', fullPath: '/x' }])
  expect(project.routers().find(({ name }) => name === 'main.app')).toMatchObject({ includes: [{ kind: 'host', routers: ['main.py:main.admin'] }] })
})

test('deep nesting does no harm', () => {
  const nested = Array.from({ length: 150 }, (_, i) => `${' '.repeat(i)}if x:`).join('\n') + `\n${' '.repeat(150)}app.include_router(router)\n`
  expect(app(`app = FastAPI()\nrouter = APIRouter()\n${nested}`)).toEqual([])
  const calls = `app.include_router(${'f('.repeat(3000)}1${')'.repeat(3000)})`
  expect(app(`app = FastAPI()\n${calls}\n@app.get("/x")\ndef x(): ...`)).toEqual(['GET /x x'])
})

test('apps that only tests make serve nobody', () => {
  const project = projectOf({
    'app/users.py': 'from fastapi import APIRouter\nrouter = APIRouter()\n@router.get("/x")\ndef x(): ...\n',
    'app/factories.py': 'from fastapi import FastAPI\ndef create_app():\n    app = FastAPI()\n    @app.get("/y")\n    def y(): ...\n    return app\n',
    'tests/test_users.py': 'from fastapi import FastAPI\nfrom app.users import router\ndef test_x():\n    app = FastAPI()\n    app.include_router(router)\n',
  })
  expect(project.routes('app/users.py')[0]).toMatchObject({ reach: 'unserved' })
  expect(project.routes('app/factories.py')[0]).toMatchObject({ reach: 'served' })
  expect(project.routers('tests/test_users.py')).toEqual([])
})

test('a factory that is called twice serves each route once', () => {
  const [route] = allRoutes({
    'main.py': 'from fastapi import FastAPI\ndef create_app(debug):\n    app = FastAPI()\n    @app.get("/x")\n    def x(): ...\n    return app\napp = create_app(True)\nother_app = create_app(False)\n',
  })
  expect(route!.publications).toHaveLength(1)
  expect(route!.routers).toHaveLength(2)
})

test('the order of what functions that nobody calls do to their own app', () => {
  expect(served({
    'main.py': 'from fastapi import FastAPI\nfrom more import add\ndef create_app():\n    app = FastAPI()\n    add(app)\n    @app.get("/2")\n    def two(): ...\n    return app\n',
    'more.py': 'from fastapi import FastAPI\ndef add(app: FastAPI):\n    @app.get("/1")\n    def one(): ...\n',
  })).toEqual(['GET /1 one', 'GET /2 two'])
})
