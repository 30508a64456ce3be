import { appObjectOf } from '@krait/python'
import { expect, test } from 'vitest'
import { file } from '../helpers/memory-project.ts'

/** What the last expression of a file is: `fastapi app`, `starlette router` ...; `null` if it is neither. */
function appOf(text: string, others: Readonly<Record<string, string>> = {}): string | null {
  const opened = file(text, 'app/main.py', others)
  const app = appObjectOf(opened.services, opened.last)
  return app && `${app.framework} ${app.role}`
}

const cases: readonly (readonly [text: string, app: string | null])[] = [
  ['from fastapi import FastAPI\napp = FastAPI()\napp', 'fastapi app'],
  ['from fastapi import FastAPI\nFastAPI()', 'fastapi app'],
  ['import fastapi as f\nrouter = f.APIRouter()\n(router)', 'fastapi router'],
  ['from fastapi.routing import APIRouter\nrouter: APIRouter = make()\nrouter', 'fastapi router'],
  ['from starlette.applications import Starlette\napp = Starlette()\napp', 'starlette app'],
  ['from starlette.routing import Router\nrouter = Router()\nrouter', 'starlette router'],
  ['from flask import Flask\napp = Flask(__name__)\napp', null],
  ['app', null],
  ['from fastapi import FastAPI\nFastAPI', null],
  ['from fastapi import FastAPI\nclass Service(FastAPI): ...\nclass Shop(Service): ...\napp = Shop()\napp', 'fastapi app'],
  ['from fastapi import FastAPI\napp = FastAPI() if DEBUG else FastAPI(debug=True)\napp', 'fastapi app'],
  ['from fastapi import FastAPI\nfrom starlette.applications import Starlette\napp = FastAPI() if NEW else Starlette()\napp', 'starlette app'],
  ['from fastapi import FastAPI, APIRouter\napp = FastAPI() if NEW else APIRouter()\napp', null],
  ['from fastapi import FastAPI\nif DEBUG:\n    app = FastAPI(debug=True)\nelse:\n    app = FastAPI()\napp', 'fastapi app'],
  ['from fastapi import FastAPI\napp = None\nif DEBUG:\n    app = FastAPI(debug=True)\napp', 'fastapi app'],
  ['from fastapi import FastAPI\nif DEBUG:\n    app = FastAPI(debug=True)\nelse:\n    app = other\napp', null],
  ['from fastapi import FastAPI\napp = FastAPI()\napp = wrap(app)\napp', null],
  ['from fastapi import FastAPI\napp = wrap()\napp = FastAPI()\napp', 'fastapi app'],
  ['from fastapi import FastAPI\nfor app in (FastAPI(), FastAPI(debug=True)):\n    pass\napp', 'fastapi app'],
  ['from typing import cast\nfrom fastapi import FastAPI\ncast(FastAPI, thing)', 'fastapi app'],
  ['from fastapi import FastAPI\n(app := FastAPI())', 'fastapi app'],
  ['from fastapi import FastAPI\ndef make() -> FastAPI: ...\nmake()', 'fastapi app'],
  ['from fastapi import FastAPI\nasync def make() -> FastAPI: ...\nmake()', null],
  ['from fastapi import FastAPI\ndef make():\n    if DEBUG:\n        return other()\n    return FastAPI()\nmake()', null],
  ['from fastapi import FastAPI\nclass Server:\n    def __init__(self):\n        self.app = FastAPI()\nServer().app', 'fastapi app'],
  ['from fastapi import FastAPI\nclass Server:\n    @property\n    def app(self) -> FastAPI: ...\nServer().app', 'fastapi app'],
  ['from fastapi import APIRouter\ndef make():\n    class Own(APIRouter): ...\n    return Own\nOwn = make()\nOwn()', 'fastapi router'],
  ['from fastapi import APIRouter\ndef make() -> type[APIRouter]:\n    return build()\nOwn = make()\nOwn()', 'fastapi router'],
  ['from fastapi import APIRouter\ndef make():\n    class Own(APIRouter): ...\n    return Own\nclass Other(make()): ...\nOther()', 'fastapi router'],
  ['from fastapi import APIRouter\ndef make():\n    class Own(APIRouter): ...\n    return Own\nOwn = make()\nclass Other(Own): ...\nOther()', 'fastapi router'],
  ['def make():\n    class Own: ...\n    return Own\nOwn = make()\nOwn()', null],
]

test.each(cases)('%j is %s', (text, app) => expect(appOf(text)).toBe(app))

test('what stands in functions: classes, factories, parameters', () => {
  const opened = file(`
    from fastapi import FastAPI

    def main(given: FastAPI, unknown):
        class Service(FastAPI): ...

        def make():
            return Service()

        def declared() -> FastAPI: ...

        def both():
            if given:
                return given
            def inner():
                return None
            return make()

        one = Service()
        two = make()
        three = declared()
        four = both()
        use(one, two, three, four, given, unknown, unknown.app)
  `)
  const calls = [...opened.all()].filter((node) => node.kind === 'call' && node.function.text === 'use')
  const roles = calls[0]!.namedChildren[1]!.namedChildren.map((node) => appObjectOf(opened.services, node)?.role ?? null)
  expect(roles).toEqual(['app', 'app', 'app', 'app', 'app', null, null])
})

test('a function that returns its own result does not run for ever', () => {
  expect(appOf('def a():\n    return b()\ndef b():\n    return a()\na()')).toBeNull()
  const opened = file('def main():\n    def a():\n        return b()\n    def b():\n        return a()\n    a()\n')
  const call = [...opened.all()].findLast((node) => node.kind === 'call')!
  expect(appObjectOf(opened.services, call)).toBeNull()
})

test('across modules', () => {
  const others = {
    'app/__init__.py': 'from .api import router as public\n',
    'app/api.py': 'from .classes import Router\n\nrouter = Router()\n',
    'app/classes.py': 'from fastapi import APIRouter\n\ndef make():\n    class Own(APIRouter): ...\n    return Own\n\nRouter = make()\n',
  }
  expect(appOf('from app import public\npublic', others)).toBe('fastapi router')
  expect(appOf('import app.api\napp.api.router', others)).toBe('fastapi router')
})
