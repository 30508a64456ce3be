import type { FunctionFact, MemberFact } from '../../facts/module-fact-types.ts'
import type { FunctionDefinition } from '../../project/definition.ts'
import type { PythonProject } from '../../project/python-project.ts'
import type { TypeEvaluator } from '../../types/evaluator.ts'
import { isCallOf } from '../../values/value.ts'
import type { CallValue, Value } from '../../values/value.ts'
import type { Fixture } from './model.ts'

const DECORATORS = [
  'pytest.fixture',
  'pytest.yield_fixture',
  '_pytest.fixtures.fixture',
  'pytest_asyncio.fixture',
  'pytest_asyncio.plugin.fixture',
] as const
const SCOPES: ReadonlySet<string> = new Set(['function', 'class', 'module', 'package', 'session'])

/** Methods and functions that run around tests without being asked for, with how often they run. */
const XUNIT: Readonly<Record<string, NonNullable<Fixture['scope']>>> = {
  setUp: 'function',
  tearDown: 'function',
  asyncSetUp: 'function',
  asyncTearDown: 'function',
  setUpClass: 'class',
  tearDownClass: 'class',
  setUpModule: 'module',
  tearDownModule: 'module',
  setup_method: 'function',
  teardown_method: 'function',
  setup_function: 'function',
  teardown_function: 'function',
  setup_class: 'class',
  teardown_class: 'class',
  setup_module: 'module',
  teardown_module: 'module',
}

/** Where a member stands. */
export interface Home {
  readonly project: PythonProject
  readonly types: TypeEvaluator
  readonly path: string
  /** The qualified name of the module or class. */
  readonly owner: string
  readonly className: string | null
}

/** Reads a member of a module or class as a fixture; `null` if it is none. */
export function readFixture(home: Home, name: string, member: MemberFact): Fixture | null {
  const { project, path, owner } = home
  const qualified = owner === '' ? name : `${owner}.${name}`
  if (member.kind === 'function') {
    const options = member.decorators.map((decorator) => fixtureOptions(project, project.value(decorator, path))).find((found) => found !== null)
    if (options) return fixtureOf(home, name, { kind: 'function', name: qualified, path, fact: member }, options)
    return Object.hasOwn(XUNIT, name) ? xunitFixture(home, name, qualified, member) : null
  }
  if (member.kind !== 'variable' || !member.value) return null
  const made = madeFixture(project, project.value(member.value, path))
  return made && fixtureOf(home, name, made.definition, made.options)
}

/** `@pytest.fixture`, `@pytest.fixture(scope="session")`, and both by another name. */
function fixtureOptions(project: PythonProject, decorator: Value): CallValue | 'plain' | null {
  if (decorator.kind === 'name') {
    if ((DECORATORS as readonly string[]).includes(decorator.name)) return 'plain'
    const bound = project.valueOf(decorator.name)
    return bound?.kind === 'call' ? fixtureOptions(project, bound) : null
  }
  if (isCallOf(decorator, ...DECORATORS)) return decorator
  if (isCallOf(decorator, 'functools.partial')) return decorator.arguments[0] && fixtureOptions(project, decorator.arguments[0]) ? decorator : null
  const bound = decorator.kind === 'call' && decorator.callee !== null ? project.valueOf(decorator.callee) : null
  if (decorator.kind !== 'call' || !isCallOf(bound, 'functools.partial')) return null
  return fixtureOptions(project, bound) && { ...decorator, keywords: { ...bound.keywords, ...decorator.keywords } }
}

/** `db = pytest.fixture(make_db)`, `db = pytest.fixture(scope="session")(make_db)` */
function madeFixture(project: PythonProject, value: Value): { readonly definition: FunctionDefinition; readonly options: CallValue | 'plain' } | null {
  if (value.kind !== 'call') return null
  const options = value.callee === null ? value.function && fixtureOptions(project, value.function) : isCallOf(value, ...DECORATORS) ? value : null
  const [given] = value.arguments
  const definition = options && given?.kind === 'name' ? project.definition(given.name) : null
  return options && definition?.kind === 'function' ? { definition, options } : null
}

function fixtureOf(home: Home, name: string, { name: qualified, path, fact }: FunctionDefinition, options: CallValue | 'plain'): Fixture {
  const keywords = options === 'plain' ? {} : options.keywords
  const isOpen = options !== 'plain' && options.open
  const given = textOf(keywords['name'])
  const params = keywords['params']
  return {
    name: given ?? name,
    function: qualified,
    path,
    className: home.className,
    kind: 'fixture',
    scope: scopeOf(options === 'plain' ? undefined : (keywords['scope'] ?? (isScope(options.arguments[0]) ? options.arguments[0] : undefined)), isOpen),
    autouse: keywords['autouse'] ? booleanOf(keywords['autouse']) : isOpen ? null : false,
    params: params?.kind === 'list' || params?.kind === 'tuple' ? params.items : params ? [params] : null,
    isAsync: fact.async === true,
    isGenerator: fact.generator === true,
    parameters: parameterNames(fact),
    type: home.types.dependency(qualified),
  }
}

function xunitFixture(home: Home, name: string, qualified: string, fact: FunctionFact): Fixture {
  return {
    name,
    function: qualified,
    path: home.path,
    className: home.className,
    kind: 'xunit',
    scope: XUNIT[name]!,
    autouse: true,
    params: null,
    isAsync: fact.async === true,
    isGenerator: false,
    parameters: [],
    type: { kind: 'instance', class: 'types.NoneType', args: [] },
  }
}

/** The names of what a test or fixture is given, without `self`; a parameter with a default is given nothing. */
export function parameterNames({ parameters, method }: FunctionFact): readonly string[] {
  const own = method !== undefined && method !== 'static' ? parameters.slice(1) : parameters
  return own.filter(({ kind, default: byDefault }) => !kind.startsWith('var-') && !byDefault).map(({ name }) => name)
}

function scopeOf(given: Value | undefined, isOpen: boolean): Fixture['scope'] {
  if (!given) return isOpen ? null : 'function'
  const text = textOf(given)
  return text !== null && SCOPES.has(text) ? (text as Fixture['scope']) : null
}

function isScope(value: Value | undefined): boolean {
  return SCOPES.has(textOf(value) ?? '')
}

function textOf(value: Value | undefined): string | null {
  return value?.kind === 'literal' && value.type === 'string' ? String(value.value) : null
}

function booleanOf(value: Value): boolean | null {
  return value.kind === 'literal' && typeof value.value === 'boolean' ? value.value : null
}
