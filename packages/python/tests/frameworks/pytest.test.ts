import { showType } from '@krait/python'
import type { Fixture, PythonProject, TestModule } from '@krait/python'
import { describe, expect, test } from 'vitest'
import { MemoryProject } from '../helpers/memory-project.ts'

type Files = Readonly<Record<string, string>>

const HEAD = 'import unittest\nimport pytest\nimport pytest_asyncio\nfrom pytest import fixture, mark, param\n'
const PATH = 'tests/test_users.py'

function projectOf(text: string, files: Files = {}): PythonProject {
  return new MemoryProject({ [PATH]: HEAD + text, ...files }).open(PATH).services.project
}

function moduleOf(text: string, files: Files = {}): TestModule {
  return projectOf(text, files).testModule()
}

function fixtureOf(text: string): Fixture {
  return moduleOf(text).fixtures[0]!
}

/** `name from file`, nearest first. */
function usedBy(test: string, text: string, files: Files = {}): string[] {
  return projectOf(text, files).usedFixtures(`tests.test_users.${test}`).fixtures.map(({ name, path }) => `${name} from ${path}`)
}

describe('tests', () => {
  test('functions and methods', () => {
    const { tests, classes } = moduleOf(`
def test_one(client, db=None, *args, **kwargs): ...
async def test_two(): ...
def testCamel(): ...
def helper_test(): ...
def outer():
    def test_inner(): ...
class TestUsers:
    def test_read(self, client): ...
    @staticmethod
    def test_static(client): ...
    @property
    def test_property(self): ...
    def helper(self): ...
    class TestNested:
        def test_deep(self): ...
class Base(unittest.TestCase): ...
class UserCase(Base):
    def test_old(self): ...
class Users:
    def test_not(self): ...
class TestOff:
    __test__ = False
    def test_off(self): ...
`)
    expect(tests.map(({ name, className, style, isAsync, parameters }) => [name, className, style, isAsync, parameters])).toEqual([
      ['tests.test_users.test_one', null, 'pytest', false, ['client']],
      ['tests.test_users.test_two', null, 'pytest', true, []],
      ['tests.test_users.testCamel', null, 'pytest', false, []],
      ['tests.test_users.TestUsers.test_read', 'tests.test_users.TestUsers', 'pytest', false, ['client']],
      ['tests.test_users.TestUsers.test_static', 'tests.test_users.TestUsers', 'pytest', false, ['client']],
      ['tests.test_users.UserCase.test_old', 'tests.test_users.UserCase', 'unittest', false, []],
      ['tests.test_users.TestUsers.TestNested.test_deep', 'tests.test_users.TestUsers.TestNested', 'pytest', false, []],
    ])
    expect(classes.map(({ name, style }) => [name, style])).toEqual([
      ['tests.test_users.TestUsers', 'pytest'],
      ['tests.test_users.Base', 'unittest'],
      ['tests.test_users.UserCase', 'unittest'],
      ['tests.test_users.TestUsers.TestNested', 'pytest'],
    ])
  })

  test('a module without tests', () => {
    expect(projectOf('').testModule('tests/none.py')).toEqual({ path: 'tests/none.py', tests: [], classes: [], fixtures: [], marks: [] })
  })
})

describe('marks', () => {
  test.each<[what: string, text: string, expected: readonly string[]]>([
    ['plain', '@pytest.mark.slow\ndef test_x(): ...', ['slow function']],
    ['called', '@pytest.mark.skip(reason="x")\ndef test_x(): ...', ['skip() function']],
    ['imported', '@mark.slow\ndef test_x(): ...', ['slow function']],
    ['by a name', 'slow = pytest.mark.slow\n@slow\ndef test_x(): ...', ['slow function']],
    ['by a name for a call', 'needs_db = pytest.mark.skipif(True, reason="x")\n@needs_db\ndef test_x(): ...', ['skipif() function']],
    ['of another module', 'from tests.marks import slow\n@slow\ndef test_x(): ...', ['slow function']],
    ['of the module', 'pytestmark = pytest.mark.slow\ndef test_x(): ...', ['slow module']],
    ['several of the module', 'pytestmark = [pytest.mark.slow, pytest.mark.anyio()]\ndef test_x(): ...', ['slow module', 'anyio() module']],
    ['of the class', '@pytest.mark.slow\nclass TestX:\n    pytestmark = [mark.db]\n    @mark.one\n    def test_x(self): ...', ['one function', 'slow class', 'db class']],
    ['none', '@other.mark.slow\n@patch("x")\ndef test_x(): ...', []],
  ])('%s', (_, text, expected) => {
    const { tests } = moduleOf(text, { 'tests/marks.py': 'import pytest\nslow = pytest.mark.slow\n', 'tests/__init__.py': '' })
    expect(tests[0]!.marks.map(({ name, call, level }) => `${name}${call ? '()' : ''} ${level}`)).toEqual(expected)
  })
})

describe('parametrize', () => {
  test.each<[what: string, text: string, expected: object]>([
    ['one name', '@pytest.mark.parametrize("a", [1, 2])\ndef test_x(a): ...', { names: ['a'], cases: [{ values: [{ value: 1 }] }, { values: [{ value: 2 }] }], open: false, indirect: [] }],
    ['two names', '@mark.parametrize("a, b", [(1, 2), [3, 4]])\ndef test_x(a, b): ...', { names: ['a', 'b'], cases: [{ values: [{ value: 1 }, { value: 2 }] }, { values: [{ value: 3 }, { value: 4 }] }] }],
    ['names in a list', '@mark.parametrize(["a", "b"], [(1, 2)])\ndef test_x(a, b): ...', { names: ['a', 'b'] }],
    ['one tuple', '@mark.parametrize("a", [(1, 2)])\ndef test_x(a): ...', { cases: [{ values: [{ kind: 'tuple' }] }] }],
    ['with param', '@mark.parametrize("a", [param(1, id="one", marks=pytest.mark.slow)])\ndef test_x(a): ...', { cases: [{ values: [{ value: 1 }], id: 'one', marks: [{ name: 'slow' }] }] }],
    ['by keywords', '@mark.parametrize(argnames="a", argvalues=[1], indirect=True)\ndef test_x(a): ...', { names: ['a'], indirect: ['a'] }],
    ['partly indirect', '@mark.parametrize("a, b", [(1, 2)], indirect=["b"])\ndef test_x(a, b): ...', { indirect: ['b'] }],
    ['by a name', 'CASES = [1, 2, 3]\n@mark.parametrize("a", CASES)\ndef test_x(a): ...', { cases: { length: 3 }, open: false }],
    ['by another name', 'cases = mark.parametrize("a", [1])\n@cases\ndef test_x(a): ...', { names: ['a'], cases: { length: 1 } }],
    ['not known', '@mark.parametrize("a", find())\ndef test_x(a): ...', { names: ['a'], cases: [], open: true }],
    ['partly known', '@mark.parametrize("a", [1, *find()])\ndef test_x(a): ...', { cases: { length: 1 }, open: true }],
    ['names not known', '@mark.parametrize(NAMES, [1])\ndef test_x(a): ...', { names: null }],
  ])('%s', (_, text, expected) => {
    expect(moduleOf(text).tests[0]!.parametrizations[0]).toMatchObject(expected)
  })
})

describe('fixtures', () => {
  test.each<[what: string, text: string, expected: object]>([
    ['plain', '@pytest.fixture\ndef db(engine): ...', { name: 'db', function: 'tests.test_users.db', path: PATH, kind: 'fixture', scope: 'function', autouse: false, params: null, parameters: ['engine'] }],
    ['imported', '@fixture(scope="session", autouse=True)\ndef db(): ...', { scope: 'session', autouse: true }],
    ['with the scope in the first place', '@fixture("module")\ndef db(): ...', { scope: 'module' }],
    ['asynchronous', '@pytest_asyncio.fixture(scope="module")\nasync def db():\n    yield 1', { scope: 'module', isAsync: true, isGenerator: true }],
    ['with another name', '@fixture(name="database")\ndef make_database(): ...', { name: 'database', function: 'tests.test_users.make_database' }],
    ['with parameters', '@fixture(params=[1, 2])\ndef db(request): ...', { params: [{ value: 1 }, { value: 2 }], parameters: ['request'] }],
    ['with a scope that is not known', '@fixture(scope=find())\ndef db(): ...', { scope: null }],
    ['with options that are not known', '@fixture(**options)\ndef db(): ...', { scope: null, autouse: null }],
    ['by another decorator', 'session_fixture = pytest.fixture(scope="session")\n@session_fixture\ndef db(): ...', { scope: 'session' }],
    ['by a partial decorator', 'from functools import partial\nsession_fixture = partial(pytest.fixture, scope="session")\n@session_fixture(autouse=True)\ndef db(): ...', { scope: 'session', autouse: true }],
    ['made of a function', 'def make(): ...\ndb = pytest.fixture(make)', { name: 'db', function: 'tests.test_users.make' }],
    ['made of a function with options', 'def make(): ...\ndb = pytest.fixture(scope="class")(make)', { name: 'db', scope: 'class' }],
    ['in a class', 'class TestX:\n    @fixture\n    def db(self, engine): ...', { name: 'db', className: 'tests.test_users.TestX', parameters: ['engine'] }],
    ['of xunit', 'class TestX:\n    def setup_method(self, method): ...', { name: 'setup_method', kind: 'xunit', scope: 'function', autouse: true, parameters: [] }],
    ['of unittest', 'class TestX(unittest.TestCase):\n    @classmethod\n    def setUpClass(cls): ...', { kind: 'xunit', scope: 'class' }],
  ])('%s', (_, text, expected) => {
    expect(fixtureOf(text)).toMatchObject(expected)
  })

  test('what is none', () => {
    expect(moduleOf('@other.fixture\ndef a(): ...\ndef b(): ...\nc = make()\n').fixtures).toEqual([])
  })

  test.each([
    ['def db() -> Session: ...', 'app.Session'],
    ['def db():\n    yield Session()', 'app.Session'],
    ['def db() -> Iterator[Session]:\n    yield make()', 'app.Session'],
    ['async def db():\n    return Session()', 'app.Session'],
    ['async def db() -> AsyncGenerator[Session, None]:\n    yield make()', 'app.Session'],
    ['def db():\n    return Mock(spec=Session)', 'unittest.mock.Mock'],
    ['def db(other):\n    return other', 'unknown'],
  ])('%j gives %s', (text, type) => {
    const found = fixtureOf(`from collections.abc import AsyncGenerator, Iterator\nfrom unittest.mock import Mock\nfrom app import Session\n@fixture\n${text}\n`)
    expect(showType(found.type)).toBe(type)
  })
})

describe('which fixture a name means', () => {
  const CONFTESTS: Files = {
    'conftest.py': 'import pytest\n@pytest.fixture\ndef db(): ...\n@pytest.fixture\ndef root(db): ...\n',
    'tests/conftest.py': 'import pytest\n@pytest.fixture\ndef db(db, engine): ...\n@pytest.fixture\ndef engine(tmp_path): ...\n@pytest.fixture(autouse=True)\ndef clean(): ...\ndef setup_module(): ...\n',
    'other/conftest.py': 'import pytest\n@pytest.fixture\ndef hidden(): ...\n',
  }

  test.each<[what: string, text: string, expected: readonly string[]]>([
    ['the nearest conftest', 'def test_x(db): ...', ['clean from tests/conftest.py', 'db from tests/conftest.py', 'db from conftest.py', 'engine from tests/conftest.py']],
    ['its own file', '@fixture\ndef engine(): ...\ndef test_x(engine): ...', ['clean from tests/conftest.py', `engine from ${PATH}`]],
    ['a fixture of a fixture sees the file of the test', '@fixture\ndef engine(): ...\ndef test_x(db): ...', ['clean from tests/conftest.py', 'db from tests/conftest.py', 'db from conftest.py', `engine from ${PATH}`]],
    ['by usefixtures', '@mark.usefixtures("root")\ndef test_x(): ...', ['clean from tests/conftest.py', 'root from conftest.py', 'db from tests/conftest.py', 'db from conftest.py', 'engine from tests/conftest.py']],
    ['by usefixtures of the module', 'pytestmark = mark.usefixtures("engine")\ndef test_x(): ...', ['clean from tests/conftest.py', 'engine from tests/conftest.py']],
    ['not what parametrize fills', '@mark.parametrize("engine", [1])\ndef test_x(engine): ...', ['clean from tests/conftest.py']],
    ['but what it fills indirectly', '@mark.parametrize("engine", [1], indirect=True)\ndef test_x(engine): ...', ['clean from tests/conftest.py', 'engine from tests/conftest.py']],
    ['not those of other folders', 'def test_x(hidden): ...', ['clean from tests/conftest.py']],
    ['one that takes the place of an automatic one', '@fixture\ndef clean(): ...\ndef test_x(): ...', []],
  ])('%s', (_, text, expected) => {
    expect(usedBy('test_x', text, CONFTESTS)).toEqual(expected)
  })

  test('the class first, with its bases', () => {
    const text = 'class Base:\n    @fixture(autouse=True)\n    def auto(self): ...\n    @fixture\n    def db(self): ...\nclass TestX(Base):\n    def setup_method(self): ...\n    def test_x(self, db): ...\ndef test_y(db): ...\n'
    expect(usedBy('TestX.test_x', text, CONFTESTS)).toEqual([`setup_method from ${PATH}`, `auto from ${PATH}`, 'clean from tests/conftest.py', `db from ${PATH}`])
    const project = projectOf(text, CONFTESTS)
    expect(project.fixture('db', 'tests.test_users.TestX')?.path).toBe(PATH)
    expect(project.fixture('db')?.path).toBe('tests/conftest.py')
    expect(project.fixture('tmp_path')).toBeNull()
  })

  test('a TestCase is given nothing, but what runs by itself', () => {
    const text = 'class TestX(unittest.TestCase):\n    def setUp(self): ...\n    @patch("x")\n    def test_x(self, db): ...\n'
    expect(usedBy('TestX.test_x', text, CONFTESTS)).toEqual([`setUp from ${PATH}`, 'clean from tests/conftest.py'])
  })

  test('imports, star imports and plugins', () => {
    const files: Files = {
      'tests/__init__.py': '',
      'tests/conftest.py': 'from tests.fixtures.db import *\nfrom tests.fixtures.users import user as member\npytest_plugins = ["tests.plugin"]\n',
      'tests/fixtures/__init__.py': '',
      'tests/fixtures/db.py': 'import pytest\nfrom tests.fixtures.engine import *\n@pytest.fixture\ndef db(engine): ...\n',
      'tests/fixtures/engine.py': 'import pytest\n@pytest.fixture\ndef engine(): ...\n',
      'tests/fixtures/users.py': 'import pytest\n@pytest.fixture\ndef user(): ...\n',
      'tests/plugin.py': 'import pytest\n@pytest.fixture\ndef plugged(): ...\n',
    }
    const { fixtures, others } = projectOf('def test_x(db, member, plugged, user, mocker): ...\n', files).usedFixtures('tests.test_users.test_x')
    expect(fixtures.map(({ name, path }) => [name, path])).toEqual([
      ['db', 'tests/fixtures/db.py'],
      ['member', 'tests/fixtures/users.py'],
      ['plugged', 'tests/plugin.py'],
      ['engine', 'tests/fixtures/engine.py'],
    ])
    expect(others).toEqual(['user', 'mocker'])
  })

  test('modules that import each other', () => {
    const files: Files = { 'tests/__init__.py': '', 'tests/a.py': 'from tests.b import *\n', 'tests/b.py': 'from tests.a import *\n' }
    expect(projectOf('from tests.a import *\ndef test_x(db): ...\n', files).usedFixtures('tests.test_users.test_x')).toEqual({ fixtures: [], others: ['db'] })
  })
})
