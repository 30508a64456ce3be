import { describe, expect, test } from 'vitest'
import { MemoryProject, file } from '../helpers/memory-project.ts'

/** The name of the last expression of a file (of its function, if it is a call). */
function resolved(text: string, others: Readonly<Record<string, string>> = {}, path = 'app/main.py'): string | null {
  const opened = file(text, path, others)
  const { last } = opened
  return opened.services.resolve(last.kind === 'call' ? last.function : last)
}

describe('a name of a library', () => {
  const cases: readonly (readonly [text: string, name: string | null])[] = [
    ['from sqlalchemy import text as t\nt("x")', 'sqlalchemy.text'],
    ['import sqlalchemy as sa\nsa.text("x")', 'sqlalchemy.text'],
    ['import sqlalchemy.orm\nsqlalchemy.orm.Session()', 'sqlalchemy.orm.Session'],
    ['import sqlalchemy.orm as orm\norm.Session()', 'sqlalchemy.orm.Session'],
    ['import os.path\nos.path.join()', 'os.path.join'],
    ['import os\nimport os.path\nos.path.join()', 'os.path.join'],
    ['from datetime import datetime as D\nD.utcnow()', 'datetime.datetime.utcnow'],
    ['import datetime\n(datetime.datetime).utcnow()', 'datetime.datetime.utcnow'],
    ['import sqlalchemy as sa\nt = sa.text\nt("x")', 'sqlalchemy.text'],
    ['import sqlalchemy as sa\nt = sa\nu = t.text\nu("x")', 'sqlalchemy.text'],
    ['from a import (  # why\n  b as c,\n  d,\n)\nd()', 'a.d'],
    ['from typing_extensions import Annotated\nAnnotated', 'typing.Annotated'],
    ['from sqlalchemy.future import select\nselect()', 'sqlalchemy.select'],
    ['from sqlalchemy.sql.expression import select\nselect()', 'sqlalchemy.select'],
    ['from sqlalchemy.ext.declarative import declarative_base\ndeclarative_base()', 'sqlalchemy.orm.declarative_base'],
    ['from sqlalchemy.orm.session import Session\nSession()', 'sqlalchemy.orm.Session'],
    ['from fastapi.applications import FastAPI\nFastAPI()', 'fastapi.FastAPI'],
    ['from fastapi.param_functions import Depends\nDepends()', 'fastapi.Depends'],
    ['from fastapi import Request\nRequest', 'starlette.requests.Request'],
    ['from fastapi.responses import JSONResponse\nJSONResponse()', 'starlette.responses.JSONResponse'],
    ['from fastapi.middleware.cors import CORSMiddleware\nCORSMiddleware', 'starlette.middleware.cors.CORSMiddleware'],
    ['from sqlmodel import select\nselect()', 'sqlmodel.select'],
    ['from sqlmodel import or_\nor_()', 'sqlalchemy.or_'],
    ['from pydantic.v1 import BaseModel\nBaseModel()', 'pydantic.BaseModel'],
    ['IOError', 'builtins.OSError'],
  ]
  test.each(cases)('%j is %s', (text, name) => expect(resolved(text)).toBe(name))
})

describe('a builtin', () => {
  const cases: readonly (readonly [text: string, name: string | null])[] = [
    ['eval("1")', 'builtins.eval'],
    ['import builtins\nbuiltins.eval("1")', 'builtins.eval'],
    ['run = eval\nrun("1")', 'builtins.eval'],
    ['def eval(x): ...\neval("1")', 'app.main.eval'],
    ['from m import eval\neval("1")', 'm.eval'],
    ['frobnicate()', null],
    ['__name__', 'app.main.__name__'],
  ]
  test.each(cases)('%j is %s', (text, name) => expect(resolved(text)).toBe(name))

  test('is shadowed by a parameter', () => {
    const opened = file('def f(eval):\n    return eval(1)\n')
    expect(opened.services.resolve(opened.first('call').function)).toBeNull()
  })
})

describe('a name of this file', () => {
  const cases: readonly (readonly [text: string, name: string | null])[] = [
    ['class User: ...\nUser()', 'app.main.User'],
    ['def f(): ...\nf()', 'app.main.f'],
    ['class Outer:\n    class Inner: ...\nOuter.Inner()', 'app.main.Outer.Inner'],
    ['class Outer:\n    run = eval\nOuter.run("1")', 'builtins.eval'],
    ['class A: ...\nB = A\nB()', 'app.main.A'],
    ['engine = create()\nengine.connect()', 'app.main.engine.connect'],
    ['engine = None\ndef init():\n    global engine\n    engine = 1\nengine', 'app.main.engine'],
    ['@overload\ndef f(a: int): ...\n@overload\ndef f(a: str): ...\ndef f(a): ...\nf(1)', 'app.main.f'],
    ['type Alias = list[int]\nAlias', 'app.main.Alias'],
    ['x: int\nx', 'app.main.x'],
    ['def f(): ...\nf = 1\nf', 'app.main.f'],
    ['run = eval\nrun = print\nrun("1")', null],
    ['a = b\nb = a\na', null],
    ['a = b\nb = a\nb', null],
    ['a = b\nb = c\nc = a\nb', null],
    ['a = b\nb = c\nc = b\na', 'app.main.a'],
    ['f().g()', null],
    ['x[0].y', null],
    ['class A: ...\ndel A\nA()', 'app.main.A'],
  ]
  test.each(cases)('%j is %s', (text, name) => expect(resolved(text)).toBe(name))
})

describe('a name with two definitions', () => {
  const cases: readonly (readonly [text: string, name: string | null])[] = [
    ['try:\n    import ujson as json\nexcept ImportError:\n    import json\njson.loads()', 'ujson.loads'],
    ['try:\n    from a import x\nexcept ImportError:\n    x = None\nx()', 'a.x'],
    ['if TYPE_CHECKING:\n    from a import X\nelse:\n    X = object\nX()', 'a.X'],
    ['import sys\nif sys.version_info >= (3, 11):\n    from typing import Self\nelse:\n    from typing_extensions import Self\nSelf', 'typing.Self'],
    ['if flag:\n    from a import x\nelse:\n    from b import x\nx()', null],
    ['if flag:\n    from a import x\nelse:\n    from a import x\nx()', 'a.x'],
    ['x = None\nif flag:\n    from a import x\nx()', null],
  ]
  test.each(cases)('%j is %s', (text, name) => expect(resolved(text)).toBe(name))
})

describe('in functions', () => {
  test('a local alias bound once is followed', () => {
    const opened = file('import sqlalchemy as sa\ndef f():\n    t = sa.text\n    return t("x")\n')
    expect(opened.services.resolve(opened.first('call').function)).toBe('sqlalchemy.text')
  })

  test('a local variable, a parameter and self have no name', () => {
    const opened = file('class A:\n    def f(self, p):\n        v = p\n        v.a()\n        p.b()\n        self.c()\n')
    for (const text of ['v.a', 'p.b', 'self.c']) expect(opened.services.resolve(opened.find(text))).toBeNull()
  })

  test('a local import and a local class', () => {
    const opened = file('def f():\n    from a import b\n    class C: ...\n    b(), C()\n')
    expect(opened.services.resolve(opened.identifier('b', 1))).toBe('a.b')
    expect(opened.services.resolve(opened.identifier('C', 1))).toBeNull()
  })

  test('__class__ is the class around', () => {
    const opened = file('class A:\n    def f(self):\n        return __class__\n')
    expect(opened.services.resolve(opened.identifier('__class__'))).toBe('app.main.A')
  })
})

describe('definition nodes', () => {
  test('resolve to their own names', () => {
    const opened = file('class A:\n    @x\n    def f(self): ...\n')
    expect(opened.services.resolve(opened.first('class_definition'))).toBe('app.main.A')
    expect(opened.services.resolve(opened.first('function_definition'))).toBe('app.main.A.f')
    expect(opened.services.resolve(opened.first('decorated_definition'))).toBe('app.main.A.f')
  })
})

describe('across files', () => {
  const cases: readonly (readonly [what: string, text: string, others: Readonly<Record<string, string>>, name: string | null])[] = [
    ['a class', 'from app.models import User\nUser()', { 'app/models.py': 'class User: ...' }, 'app.models.User'],
    ['a module', 'from app import models\nmodels.User()', { 'app/models.py': 'class User: ...' }, 'app.models.User'],
    ['a module by dots', 'import app.models\napp.models.User()', { 'app/models.py': 'class User: ...' }, 'app.models.User'],
    ['a relative import', 'from .models import User\nUser()', { 'app/models.py': 'class User: ...' }, 'app.models.User'],
    ['a relative import of a module', 'from . import models\nmodels.User()', { 'app/models.py': 'class User: ...' }, 'app.models.User'],
    ['a name that the module lacks', 'from app.models import User\nUser()', { 'app/models.py': '' }, 'app.models.User'],
    ['a relative import of nothing', 'from ...x import y\ny()', {}, null],
    [
      'a re-export',
      'from app.models import User\nUser()',
      { 'app/__init__.py': '', 'app/models/__init__.py': 'from .user import User', 'app/models/user.py': 'class User: ...' },
      'app.models.user.User',
    ],
    [
      'a chain of re-exports to a library',
      'from app.db import t\nt()',
      { 'app/db/__init__.py': 'from .sql import t', 'app/db/sql.py': 'from app.base import text as t', 'app/base.py': 'from sqlalchemy.future import text' },
      'sqlalchemy.text',
    ],
    [
      'a cycle of re-exports',
      'from app.a import x\nx()',
      { 'app/a.py': 'from app.b import x', 'app/b.py': 'from app.a import x' },
      null,
    ],
    ['a star import', 'from .models import *\nUser()', { 'app/models.py': 'class User: ...' }, 'app.models.User'],
    ['a builtin beside star imports', 'from .models import *\neval("1")', { 'app/models.py': 'class User: ...' }, 'builtins.eval'],
    ['a builtin shadowed by a star import', 'from .models import *\neval("1")', { 'app/models.py': 'def eval(): ...' }, 'app.models.eval'],
    ['a star import hides private names', 'from .models import *\n_x()', { 'app/models.py': 'def _x(): ...' }, null],
    ['__all__ decides', 'from .m import *\nb()', { 'app/m.py': '__all__ = ["a"]\ndef a(): ...\ndef b(): ...' }, null],
    ['__all__ lets private names out', 'from .m import *\n_b()', { 'app/m.py': '__all__ = ["_b"]\ndef _b(): ...' }, 'app.m._b'],
    ['a star import through a star import', 'from app.m import x\nx()', { 'app/m.py': 'from .n import *', 'app/n.py': 'from sqlalchemy import text as x' }, 'sqlalchemy.text'],
    ['the only star import of a library', 'from sqlalchemy import *\nselect()', {}, 'sqlalchemy.select'],
    ['two star imports of libraries', 'from sqlalchemy import *\nfrom b import *\nselect()', {}, null],
    ['a class attribute elsewhere', 'from app.m import A\nA.run()', { 'app/m.py': 'class A:\n    run = eval' }, 'builtins.eval'],
    ['an ambiguous name', 'from app.m import x\nx()', { 'app/m.py': 'if f:\n    from a import x\nelse:\n    from b import x' }, null],
    [
      "a package's name before its submodule",
      'from app.db import session\nsession()',
      { 'app/__init__.py': '', 'app/db/__init__.py': 'from .session import session', 'app/db/session.py': 'def session(): ...' },
      'app.db.session.session',
    ],
    [
      'a submodule that the package imports',
      'from app.db import session\nsession.get()',
      { 'app/__init__.py': '', 'app/db/__init__.py': 'from . import session', 'app/db/session.py': 'def get(): ...' },
      'app.db.session.get',
    ],
    ['a namespace folder does not hide a library', 'from alembic import op\nop.drop()', { 'alembic/env.py': '' }, 'alembic.op.drop'],
    ['a namespace package of the project', 'from lib.tools import x\nx()', { 'lib/tools.py': 'def x(): ...' }, 'lib.tools.x'],
  ]
  test.each(cases)('%s', (_, text, others, name) => expect(resolved(text, others)).toBe(name))
})

describe('layouts', () => {
  test.each([
    ['src/app/models.py', 'src/app/main.py', {}, 'app.models.User'],
    ['backend/app/models.py', 'backend/app/main.py', { 'backend/app/__init__.py': '' }, 'app.models.User'],
    ['backend/app/models.py', 'backend/tests/test_x.py', { 'backend/app/__init__.py': '' }, 'app.models.User'],
    ['backend/src/app/models.py', 'backend/tests/test_x.py', {}, 'app.models.User'],
    ['app/models.py', 'tests/unit/test_x.py', {}, 'app.models.User'],
    ['app/models.py', 'app/api/deep/x.py', {}, 'app.models.User'],
  ])('%s from %s', (models, main, others, name) => {
    expect(resolved('from app.models import User\nUser()', { ...others, [models]: 'class User: ...' }, main)).toBe(name)
  })

  test('configured source roots', () => {
    const project = new MemoryProject({ 'lib/python/app/models.py': 'class User: ...', 'main.py': 'from app.models import User\nUser()' })
    const opened = project.open('main.py', { paths: { sourceRoots: ['lib/python/'] } })
    expect(opened.services.resolve(opened.identifier('User', 1))).toBe('app.models.User')
  })

  test('two services with packages of the same name', () => {
    const texts = {
      'one/app/__init__.py': '',
      'one/app/models.py': 'class User: ...',
      'one/app/main.py': 'from app.models import User\nUser',
      'two/app/__init__.py': '',
      'two/app/models.py': 'from sqlalchemy import text as User',
      'two/app/main.py': 'from app.models import User\nUser',
    }
    const project = new MemoryProject(texts)
    const names = ['one/app/main.py', 'two/app/main.py'].map((path) => {
      const opened = project.open(path)
      return opened.services.resolve(opened.last)
    })
    expect(names).toEqual(['app.models.User', 'sqlalchemy.text'])
  })

  test('a stub stands for its source', () => {
    expect(resolved('from app.m import x\nx()', { 'app/m.pyi': 'from sqlalchemy import text as x' })).toBe('sqlalchemy.text')
    expect(resolved('from app.m import x\nx()', { 'app/m.pyi': 'x: int', 'app/m.py': 'def x(): ...' })).toBe('app.m.x')
  })
})

test('only the modules that the answer leads through are read', () => {
  const project = new MemoryProject({
    'app/__init__.py': '',
    'app/a.py': 'from .b import x',
    'app/b.py': 'def x(): ...',
    'app/other.py': 'y = 1',
    'app/main.py': 'from .a import x\nimport json\nx()\njson.loads()',
  })
  const opened = project.open('app/main.py')
  opened.services.resolve(opened.find('json.loads'))
  expect(project.factReads).toEqual([])
  opened.services.resolve(opened.identifier('x', 1))
  expect(new Set(project.factReads)).toEqual(new Set(['app/a.py', 'app/b.py']))
})
