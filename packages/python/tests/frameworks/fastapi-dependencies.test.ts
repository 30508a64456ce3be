import type { DependencyGraph, DependencyNode, PythonProject } from '@krait/python'
import { describe, expect, test } from 'vitest'
import { MemoryProject } from '../helpers/memory-project.ts'

type Files = Readonly<Record<string, string>>

const HEAD = `
from dataclasses import dataclass, field
from functools import partial
from typing import Annotated, Optional
from fastapi import APIRouter, Cookie, Depends, FastAPI, Header, Path, Query, Security
from fastapi.security import HTTPBearer, OAuth2PasswordBearer, OAuth2PasswordRequestForm
from pydantic import BaseModel, Field
app = FastAPI()
`

function projectOf(text: string, files: Files = {}): PythonProject {
  return new MemoryProject({ 'main.py': HEAD + text, ...files }).open('main.py').services.project
}

/** The graph of the last route of the file. */
function graphOf(text: string, files: Files = {}): DependencyGraph {
  const project = projectOf(text, files)
  return project.dependencies(project.routes().at(-1)!.id)!
}

/** A handler with these parameters. */
function withParameters(parameters: string, before = '', files: Files = {}): DependencyGraph {
  return graphOf(`${before}\n@app.get("/{x}")\ndef handler(${parameters}): ...\n`, files)
}

function onlyNode(graph: DependencyGraph): DependencyNode {
  const [use] = graph.uses
  if (!use?.node) throw new Error(`nothing is known of ${JSON.stringify(graph)}`)
  return graph.nodes[use.node]!
}

function names(graph: DependencyGraph): (string | null)[] {
  return Object.values(graph.nodes).map(({ name }) => name).sort()
}

describe('what Depends names', () => {
  const DEPS = `
def get_db(url: str = "x"):
    yield url
async def current(token: str = Header()): ...
class Pager:
    def __init__(self, page: int = 1, size: int = Query(50)): ...
class Sorter(Pager): ...
class Plain: ...
@dataclass
class Filters:
    q: str | None = None
    tags: list[str] = field(default_factory=list)
class Params(BaseModel):
    item_id: int = Field(alias="itemId")
    limit: int = 10
class Limiter:
    def __init__(self, times): ...
    async def __call__(self, key: str, user=Depends(current)): ...
    def check(self, level: int): ...
    @classmethod
    def build(cls, size: int): ...
limiter = Limiter(5)
def require(role, *, strict=False):
    def check(user: Annotated[str, Depends(current)], level: int = strict): ...
    return check
def require_instance(times):
    return Limiter(times)
def magic() -> Limiter:
    class Own(Limiter): ...
    return Own(3)
def pick(flag):
    if flag:
        return current
    return get_db
def by_lambda():
    return lambda token: token
def through(dependency):
    def inner(value=Depends(dependency)): ...
    return inner
get_first = partial(require_all, 1, role="x")
def require_all(a, b, role): ...
`

  test.each<[what: string, parameters: string, expected: object | null]>([
    ['a generator', 'db=Depends(get_db)', { kind: 'function', name: 'main.get_db', path: 'main.py', isGenerator: true, isAsync: false, parameters: [{ name: 'url' }] }],
    ['a coroutine', 'user: Annotated[str, Depends(current)]', { kind: 'function', name: 'main.current', isAsync: true, parameters: [{ name: 'token', marker: 'header' }] }],
    ['by its keyword', 'user=Depends(dependency=current)', { name: 'main.current' }],
    ['by Security', 'user=Security(current, scopes=["admin"])', { name: 'main.current' }],
    ['a class', 'pager=Depends(Pager)', { kind: 'class', name: 'main.Pager', parameters: [{ name: 'page' }, { name: 'size', marker: 'query' }] }],
    ['the annotated class', 'pager: Pager = Depends()', { kind: 'class', name: 'main.Pager' }],
    ['the annotated class in metadata', 'pager: Annotated[Pager, Depends()]', { kind: 'class', name: 'main.Pager' }],
    ['a class that inherits its parameters', 'pager=Depends(Sorter)', { kind: 'class', name: 'main.Sorter', parameters: [{ name: 'page' }, { name: 'size' }] }],
    ['a class without parameters', 'plain=Depends(Plain)', { kind: 'class', parameters: [] }],
    ['a dataclass', 'filters=Depends(Filters)', { kind: 'class', parameters: [{ name: 'q', isRequired: false }, { name: 'tags', isRequired: false }] }],
    ['a Pydantic model', 'params: Annotated[Params, Depends()]', { kind: 'class', parameters: [{ name: 'item_id', alias: 'itemId', isRequired: true }, { name: 'limit', isRequired: false }] }],
    ['an object', 'x=Depends(limiter)', { kind: 'instance', name: 'main.Limiter', isAsync: true, parameters: [{ name: 'key' }, { name: 'user', marker: 'depends' }] }],
    ['an object made here', 'x=Depends(Limiter(times=2))', { kind: 'instance', name: 'main.Limiter' }],
    ['a method of an object', 'x=Depends(limiter.check)', { kind: 'function', name: 'main.Limiter.check', parameters: [{ name: 'level' }] }],
    ['a method of the class', 'x=Depends(Limiter.build)', { kind: 'function', name: 'main.Limiter.build', parameters: [{ name: 'size' }] }],
    ['a closure', 'x=Depends(require("admin"))', { kind: 'closure', name: 'main.require', path: 'main.py', parameters: [{ name: 'user', marker: 'depends' }, { name: 'level' }] }],
    ['a factory of objects', 'x=Depends(require_instance(3))', { kind: 'instance', name: 'main.Limiter' }],
    ['a factory that says what it gives', 'x=Depends(magic())', { kind: 'instance', name: 'main.Limiter', parameters: null }],
    ['a lambda', 'x=Depends(lambda token: token)', { kind: 'function', name: null, parameters: [{ name: 'token' }] }],
    ['a factory of lambdas', 'x=Depends(by_lambda())', { kind: 'closure', name: 'main.by_lambda', parameters: [{ name: 'token' }] }],
    ['a partial function', 'x=Depends(partial(require_all, 1, role="x"))', { kind: 'partial', name: 'main.require_all', parameters: [{ name: 'b' }] }],
    ['a partial function by name', 'x=Depends(get_first)', { kind: 'partial', name: 'main.require_all' }],
    ['a security scheme', 'token=Depends(OAuth2PasswordBearer(tokenUrl="token"))', { kind: 'security', name: 'fastapi.security.OAuth2PasswordBearer', autoError: true, parameters: [] }],
    ['a security scheme that does not answer', 'token=Depends(HTTPBearer(auto_error=False))', { kind: 'security', autoError: false }],
    ['a form of FastAPI', 'form: OAuth2PasswordRequestForm = Depends()', { kind: 'library', parameters: [] }],
    ['something of a library', 'x=Depends(limits.check)', null],
    ['one of several', 'x=Depends(pick(True))', null],
    ['a parameter', 'x=Depends(unknown())', null],
  ])('%s', (_, parameters, expected) => {
    const graph = withParameters(parameters, DEPS)
    if (expected) {
      expect(onlyNode(graph)).toMatchObject(expected)
      expect(graph.hasUnknown).toBe(onlyNode(graph).parameters === null)
    } else {
      expect(graph).toMatchObject({ uses: [{ node: null }], hasUnknown: true })
    }
  })

  test('what a closure takes from its factory', () => {
    expect(names(withParameters('x=Depends(through(current))', DEPS))).toEqual(['main.current', 'main.through'])
  })

  test('something of a library that is imported', () => {
    const graph = withParameters('x=Depends(check_limit), y=Depends(Limit(5))', 'from limits import Limit, check_limit')
    expect(Object.values(graph.nodes)).toMatchObject([{ kind: 'library', name: 'limits.check_limit', parameters: null }, { kind: 'library', name: 'limits.Limit' }])
  })
})

describe('where it is declared', () => {
  test('aliases of other modules', () => {
    const files = {
      'deps.py': `
        from typing import Annotated
        from fastapi import Depends
        def get_db(): ...
        SessionDep = Annotated[object, Depends(get_db)]
        def get_user(db: SessionDep): ...
        CurrentUser = Annotated[object, Depends(get_user)]
        def get_admin(user: CurrentUser): ...
        type AdminUser = Annotated[CurrentUser, Depends(get_admin)]
        FindItem = Depends(get_db)
      `,
    }
    const graph = withParameters('admin: AdminUser, item=FindItem, plain: int = 3', 'from deps import AdminUser, FindItem', files)
    expect(graph.uses.map(({ parameter, level }) => [parameter, level])).toEqual([['admin', 'parameter'], ['item', 'parameter']])
    expect(names(graph)).toEqual(['deps.get_admin', 'deps.get_db', 'deps.get_user'])
    expect(graph.hasUnknown).toBe(false)
  })

  test('strings, and the module under another name', () => {
    const graph = withParameters('user: "Annotated[str, f.Depends(current)]", other: str = f.Depends(current)', 'import fastapi as f\ndef current(): ...')
    expect(names(graph)).toEqual(['main.current'])
  })

  test('decorator, router, include and app', () => {
    const graph = graphOf(`
def a(): ...
def b(): ...
def c(): ...
def d(x=Depends(e)): ...
def e(): ...
top = FastAPI(dependencies=[Depends(a)])
router = APIRouter(dependencies=[Depends(b)])
@router.get("/x", dependencies=[Depends(c), Security(d, scopes=["s"])])
def x(): ...
top.include_router(router, dependencies=[Depends(e)])
top.include_router(router)
`)
    const show = (uses: DependencyGraph['uses']) => uses.map(({ level, marker, node }) => `${level} ${marker} ${graph.nodes[node!]!.name}`)
    expect(show(graph.uses)).toEqual(['route depends main.c', 'route security main.d'])
    expect(graph.inherited.map(show)).toEqual([['app depends main.a', 'include depends main.e', 'router depends main.b'], ['app depends main.a', 'router depends main.b']])
    expect(names(graph)).toEqual(['main.a', 'main.b', 'main.c', 'main.d', 'main.e'])
  })

  test('a router that nothing includes keeps its own', () => {
    const graph = graphOf('def b(): ...\nrouter = APIRouter(dependencies=[Depends(b)])\n@router.get("/x")\ndef x(): ...\n')
    expect(graph.uses).toMatchObject([{ level: 'router' }])
  })

  test('a list that is not known', () => {
    expect(graphOf('@app.get("/x", dependencies=find())\ndef x(): ...\n')).toMatchObject({ uses: [{ call: null, node: null }], hasUnknown: true })
    expect(graphOf('def a(): ...\nAUTH = [Depends(a)]\n@app.get("/x", dependencies=AUTH)\ndef x(): ...\n')).toMatchObject({ uses: [{ level: 'route' }], hasUnknown: false })
  })

  test('a class-based view', () => {
    const graph = graphOf(`
def get_db(): ...
def get_user(): ...
class Base:
    user: str = Depends(get_user)
@cbv(app)
class Users(Base):
    db: Annotated[str, Depends(get_db)]
    size = 3
    @app.get("/x")
    def read(self, page: int): ...
`)
    expect(graph.uses.map(({ level, parameter }) => [level, parameter])).toEqual([['class', 'db'], ['class', 'user']])
    expect(names(graph)).toEqual(['main.get_db', 'main.get_user'])
  })

  test('dependencies that lead back to themselves', () => {
    const graph = withParameters('x=Depends(a)', 'def a(x=Depends(b)): ...\ndef b(x=Depends(a)): ...')
    expect(names(graph)).toEqual(['main.a', 'main.b'])
  })

  test('a long chain', () => {
    const chain = Array.from({ length: 400 }, (_, i) => `def d${i}(x=Depends(d${i + 1})): ...`).join('\n')
    expect(names(withParameters('x=Depends(d0)', chain)).length).toBeGreaterThan(50)
  })
})

describe('how a function is used', () => {
  const TEXT = `
def get_db(): ...
def get_user(db=Depends(get_db)): ...
def idle(): ...
class Service:
    def run(self, x=Depends(idle)): ...
def plain(): ...
class Limiter:
    def __call__(self): ...
Alias = Annotated[str, Depends(Limiter())]
@app.get("/x")
def handler(user=Depends(get_user)): ...
`
  test.each([
    ['main.get_user', ['main.py:#1']],
    ['main.get_db', ['main.py:#1']],
    ['main.idle', []],
    ['main.Limiter', []],
    ['main.plain', null],
    ['main.handler', null],
  ])('%s', (name, routes) => {
    expect(projectOf(TEXT).dependencyUsage(name)?.routes ?? null).toEqual(routes)
  })
})
