import { describe, expect, test } from 'vitest'
import type { ExceptionHandler } from '@krait/python'
import { file } from '../helpers/memory-project.ts'

const ERRORS = `
  class ShopError(Exception): ...
  class Declined(ShopError): ...
  class Timeout(ShopError): ...
  STATUS = {Declined: 402, Timeout: 503}
`

function handlers(text: string, others: Readonly<Record<string, string>> = {}): readonly ExceptionHandler[] {
  const main = `from fastapi import FastAPI\nfrom app import errors\nfrom app.errors import *\n${text}`
  return file(main, 'app/main.py', { 'app/__init__.py': '', 'app/errors.py': ERRORS, ...others }).services.project.exceptionHandlers()
}

function handled(text: string): readonly (string | number)[] {
  return handlers(text).flatMap(({ classes, statuses, isOpen }) => [...classes.map((name) => name.replace('app.errors.', '')), ...statuses, ...(isOpen ? ['?'] : [])])
}

describe('what exception handlers are registered for', () => {
  test.each<[what: string, text: string, handled: (string | number)[]]>([
    ['a decorator', 'app = FastAPI()\n@app.exception_handler(Declined)\ndef f(request, exc): ...', ['Declined']],
    ['a decorator of Flask', '@app.errorhandler(errors.Timeout)\ndef f(exc): ...', ['Timeout']],
    ['a status code', '@app.errorhandler(404)\ndef f(exc): ...', [404]],
    ['a named status code', 'from http import HTTPStatus\napp.register_error_handler(HTTPStatus.NOT_FOUND, f)', []],
    ['a method', 'app.add_exception_handler(Declined, f)', ['Declined']],
    ['a keyword', 'app.add_exception_handler(handler=f, exc_class_or_status_code=Declined)', ['Declined']],
    ['a library class', 'from sqlalchemy.exc import IntegrityError\napp.add_exception_handler(IntegrityError, f)', ['sqlalchemy.exc.IntegrityError']],
    ['several for Sanic', '@app.exception(Declined, Timeout)\ndef f(request, exc): ...', ['Declined', 'Timeout']],
    ['a dict', 'app = FastAPI(exception_handlers={Declined: f, 404: g})', ['Declined', 404]],
    ['a dict of dicts', 'app = FastAPI(exception_handlers={**errors.STATUS, Exception: g})', ['Declined', 'Timeout', 'builtins.Exception']],
    ['a dict by a name', 'app = FastAPI(exception_handlers=errors.STATUS)', ['Declined', 'Timeout']],
    ['keyword arguments in a dict', 'make(options={"exception_handlers": {Declined: f}})', ['Declined']],
    ['an attribute', 'class Items(Controller):\n    exception_handlers = {Declined: f}', ['Declined']],
    ['an item', 'app.exception_handlers[Declined] = f', ['Declined']],
    ['a loop over a tuple', 'for error in (Declined, Timeout):\n    app.add_exception_handler(error, f)', ['Declined', 'Timeout']],
    ['a loop over a dict', 'for error in STATUS:\n    app.add_exception_handler(error, f)', ['Declined', 'Timeout']],
    ['a loop over items', 'for error, status in errors.STATUS.items():\n    app.add_exception_handler(error, f(status))', ['Declined', 'Timeout']],
    ['a loop over pairs', 'for status, error in [(402, Declined)]:\n    app.add_exception_handler(error, f)', ['Declined']],
    ['a loop over subclasses', 'for error in ShopError.__subclasses__():\n    app.add_exception_handler(error, f)', ['Declined', 'Timeout']],
    ['a loop over something unknown', 'for error in load():\n    app.add_exception_handler(error, f)', ['?']],
    ['a loop over something of a library', 'from werkzeug.exceptions import default_exceptions\nfor code in default_exceptions:\n    app.register_error_handler(code, f)', []],
    ['a parameter', 'def register(app, error):\n    app.add_exception_handler(error, f)', ['?']],
    ['a logger is none', 'import logging\nlogging.getLogger().exception("x")', []],
  ])('%s', (_, text, found) => {
    expect(handled(text)).toEqual(found)
  })

  test('where, and on what', () => {
    const found = handlers('app = FastAPI()\ndef register(application):\n    application.add_exception_handler(Declined, f)\n@app.exception_handler(Timeout)\ndef g(request, exc): ...')
    expect(found).toEqual([
      { by: 'registration', path: 'app/main.py', function: 'register', call: 0, classes: ['app.errors.Declined'], statuses: [], on: null },
      { by: 'registration', path: 'app/main.py', function: '', call: 1, classes: ['app.errors.Timeout'], statuses: [], on: 'app.main.app', application: expect.any(Number) as number },
    ])
  })

  test('in files that have to do with an application, and not in tests', () => {
    const others = {
      'app/handlers.py': 'from app.errors import Declined\ndef register(app):\n    app.register_error_handler(Declined, print)\n',
      'app/more.py': 'from app.main import app\nfrom app.errors import Timeout\n@app.errorhandler(Timeout)\ndef f(exc): ...\n',
      'tests/test_app.py': 'from fastapi import FastAPI\nfrom app.errors import ShopError\nFastAPI(exception_handlers={ShopError: print})\n',
    }
    expect(handlers('', others).map(({ path, classes }) => [path, ...classes])).toEqual([
      ['app/handlers.py', 'app.errors.Declined'],
      ['app/more.py', 'app.errors.Timeout'],
    ])
  })
})

describe('functions around routes that answer exceptions', () => {
  test.each<[what: string, text: string, by: string[]]>([
    ['a middleware', '@app.middleware("http")\nasync def m(request, call_next):\n    try:\n        return await call_next(request)\n    except Declined:\n        return f()', ['middleware']],
    ['an ASGI middleware', 'class M:\n    async def __call__(self, scope, receive, send):\n        try:\n            await self.app(scope, receive, send)\n        except Declined:\n            await f()', ['middleware']],
    ['a dependency', 'def d():\n    try:\n        yield\n    except Declined:\n        raise f()', ['dependency']],
    ['a generator of items', 'def d(rows):\n    try:\n        for row in rows:\n            yield row\n    except Declined:\n        yield None', []],
    ['one that raises it again', 'def d():\n    try:\n        yield\n    except Declined:\n        f()\n        raise', []],
    ['a try around something else', 'async def m(request, call_next):\n    try:\n        f(request)\n    except Declined:\n        return g()\n    return await call_next(request)', []],
    ['a context manager', 'from contextlib import contextmanager\n@contextmanager\ndef d():\n    try:\n        yield\n    except Declined:\n        pass', []],
    ['a fixture', 'import pytest\n@pytest.fixture\ndef d():\n    try:\n        yield\n    except Declined:\n        pass', []],
  ])('%s', (_, text, by) => {
    expect(handlers(text).map((handler) => handler.by)).toEqual(by)
  })
})
