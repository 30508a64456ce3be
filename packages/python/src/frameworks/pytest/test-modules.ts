import type { KeptReader } from '@krait/core'
import type { ClassFact, FunctionFact, MemberFact, ModuleFact } from '../../facts/module-fact-types.ts'
import { Projects } from '../../project/projects.ts'
import type { PythonProject } from '../../project/python-project.ts'
import { folderOf, join } from '../../project/source-roots.ts'
import { TypeEvaluator } from '../../types/evaluator.ts'
import type { Value } from '../../values/value.ts'
import { marksIn, parametrizationsIn, splitNames } from './marks.ts'
import type { Fixture, Mark, TestClass, TestFunction, TestModule, UsedFixtures } from './model.ts'
import { parameterNames, readFixture } from './read-fixture.ts'
import type { Home } from './read-fixture.ts'

const TEST_CASES: ReadonlySet<string> = new Set([
  'unittest.TestCase',
  'unittest.IsolatedAsyncioTestCase',
  'unittest.case.TestCase',
  'unittest.async_case.IsolatedAsyncioTestCase',
  'django.test.TestCase',
])

/** More fixtures of one test are left out. */
const MAX_FIXTURES = 500
/** Imports of fixtures from module to module are not followed further. */
const MAX_IMPORTS = 10

/** Reads tests and fixtures, each file when it is first asked for. */
export class TestModules {
  readonly #projects: Projects
  readonly #modules = new Map<string, TestModule>()
  readonly #visible = new Map<string, readonly Fixture[]>()
  readonly #types = new Map<PythonProject, TypeEvaluator>()

  constructor(reader: KeptReader) {
    this.#projects = new Projects(reader)
  }

  module(path: string): TestModule {
    let found = this.#modules.get(path)
    if (!found) this.#modules.set(path, (found = this.#read(path)))
    return found
  }

  /** The fixtures that a name means in a file or in one of its classes, the nearest first: the others are what it stands for in a fixture of its own name. */
  fixtures(path: string, className: string | null, name: string): readonly Fixture[] {
    return this.#visibleIn(path, className).filter((fixture) => fixture.name === name && fixture.kind === 'fixture')
  }

  used(test: string, path: string): UsedFixtures {
    const found = this.module(path).tests.find(({ name }) => name === test)
    if (!found) return { fixtures: [], others: [] }
    const visible = this.#visibleIn(path, found.className)
    const fixtures = new Set<Fixture>()
    const others = new Set<string>()
    const waiting: (readonly [name: string, from: Fixture | null])[] = []
    for (const fixture of visible) if (fixture.autouse && this.#isNearest(fixture, visible)) this.#use(fixture, fixtures, waiting)
    for (const name of this.#askedFor(found)) waiting.push([name, null])
    for (const [name, from] of waiting) {
      if (fixtures.size >= MAX_FIXTURES) break
      const named = visible.filter((fixture) => fixture.name === name && fixture.kind === 'fixture')
      // A fixture that asks for its own name is given the one that it takes the place of.
      const fixture = from?.name === name ? named[named.indexOf(from) + 1] : named[0]
      if (fixture) this.#use(fixture, fixtures, waiting)
      else others.add(name)
    }
    return { fixtures: [...fixtures], others: [...others] }
  }

  #use(fixture: Fixture, fixtures: Set<Fixture>, waiting: (readonly [string, Fixture | null])[]): void {
    if (fixtures.has(fixture)) return
    fixtures.add(fixture)
    for (const name of fixture.parameters) waiting.push([name, fixture])
  }

  #isNearest(fixture: Fixture, visible: readonly Fixture[]): boolean {
    return fixture.kind === 'xunit' || visible.find(({ name, kind }) => name === fixture.name && kind === 'fixture') === fixture
  }

  /** Parameters that no `parametrize` fills, and what `usefixtures` names. */
  #askedFor({ style, parameters, marks, parametrizations }: TestFunction): readonly string[] {
    const filled = new Set(parametrizations.flatMap(({ names, indirect }) => (names ?? []).filter((name) => !indirect.includes(name))))
    const named = marks.filter(({ name }) => name === 'usefixtures').flatMap(({ call }) => (call?.arguments ?? []).flatMap(stringsIn))
    return [...(style === 'unittest' ? [] : parameters.filter((name) => !filled.has(name))), ...named]
  }

  #visibleIn(path: string, className: string | null): readonly Fixture[] {
    const key = `${path}:${className ?? ''}`
    let found = this.#visible.get(key)
    if (!found) this.#visible.set(key, (found = this.#findVisible(path, className)))
    return found
  }

  #findVisible(path: string, className: string | null): readonly Fixture[] {
    const found: Fixture[] = className === null ? [] : [...this.#ofClass(path, className)]
    const plugins: string[] = []
    const add = (file: string, isOwn: boolean): void => {
      const module = this.#projects.of(path).module(file)
      if (!module) return
      found.push(...this.#ofModule(file, module, isOwn))
      plugins.push(...this.#pluginsOf(file, module))
    }
    add(path, true)
    for (const conftest of conftestsAbove(path)) if (conftest !== path) add(conftest, false)
    for (const plugin of plugins) {
      const module = this.#projects.of(plugin).module(plugin)
      if (module) found.push(...this.#ofModule(plugin, module, false))
    }
    return [...new Set(found)]
  }

  #ofClass(path: string, className: string): readonly Fixture[] {
    return this.#projects.of(path).ancestors(className).names.flatMap((name) => {
      const definition = this.#projects.of(path).definition(name)
      return definition?.kind === 'class' ? this.#fixturesIn(this.#home(definition.path, definition.name), definition.fact.members) : []
    })
  }

  /** The fixtures of a module with those that it imports. `setup_module` and the like are for its own tests alone. */
  #ofModule(path: string, module: ModuleFact, isOwn: boolean, depth = 0): readonly Fixture[] {
    const found = this.module(path).fixtures.filter(({ className, kind }) => className === null && (isOwn || kind === 'fixture'))
    return [...found, ...this.#imported(path, module, depth)]
  }

  #imported(path: string, module: ModuleFact, depth: number): readonly Fixture[] {
    if (depth > MAX_IMPORTS) return []
    const project = this.#projects.of(path)
    const named = Object.entries(module.members).flatMap(([name, member]) => {
      const target = member.kind === 'alias' ? project.resolveName(member.target, path) : null
      const definition = target === null ? null : project.definition(target)
      if (definition?.kind !== 'function') return []
      const owner = definition.name.slice(0, Math.max(0, definition.name.lastIndexOf('.')))
      const fixture = this.#fixtureAt(definition.path, owner, definition.name, definition.fact)
      // `name=` of the fixture counts, else the name that it is imported as.
      return fixture?.kind === 'fixture' ? [fixture.name === definition.name.slice(owner.length + 1) ? { ...fixture, name } : fixture] : []
    })
    const stars = module.stars.flatMap((star) => {
      const file = project.resolveImport(star, path)
      const fact = file === null ? undefined : project.module(file)
      return file !== null && fact ? this.#ofModule(file, fact, false, depth + 1) : []
    })
    return [...named, ...stars]
  }

  #fixtureAt(path: string, owner: string, name: string, fact: FunctionFact): Fixture | null {
    const known = this.module(path).fixtures.find((fixture) => fixture.function === name)
    return known ?? readFixture(this.#home(path, null, owner), name.slice(owner.length + 1), fact)
  }

  /** The files of the modules that `pytest_plugins` names. */
  #pluginsOf(path: string, module: ModuleFact): readonly string[] {
    const member = Object.hasOwn(module.members, 'pytest_plugins') ? module.members['pytest_plugins'] : undefined
    const names = member?.kind === 'variable' && member.value ? stringsIn(member.value) : []
    return names.flatMap((name) => this.#projects.of(path).modulePath(name) ?? [])
  }

  #read(path: string): TestModule {
    const project = this.#projects.of(path)
    const module = project.module(path)
    if (!module) return { path, tests: [], classes: [], fixtures: [], marks: [] }
    const home = this.#home(path, null)
    const marks = this.#pytestmark(home, module.members, 'module')
    const tests: TestFunction[] = []
    const classes: TestClass[] = []
    const fixtures = [...this.#fixturesIn(home, module.members)]
    const waiting = Object.entries(module.members).map(([name, member]) => [qualify(home.owner, name), member] as const)
    for (const [name, member] of waiting) {
      if (member.kind === 'function' && isTestName(name)) tests.push(this.#test(home, name, null, member, marks))
      if (member.kind !== 'class') continue
      const inner = this.#home(path, name)
      fixtures.push(...this.#fixturesIn(inner, member.members))
      for (const [nested, fact] of Object.entries(member.members)) if (fact.kind === 'class') waiting.push([`${name}.${nested}`, fact])
      const found = this.#testClass(inner, name, member)
      if (!found) continue
      classes.push(found)
      for (const [method, fact] of Object.entries(member.members)) {
        if (fact.kind !== 'function' || fact.method === 'property' || !isTestName(method)) continue
        tests.push(this.#test(inner, `${name}.${method}`, found, fact, [...found.marks, ...marks]))
      }
    }
    return { path, tests, classes, fixtures, marks }
  }

  #testClass(home: Home, name: string, fact: ClassFact): TestClass | null {
    const isUnittest = home.project.ancestors(name).names.some((ancestor) => TEST_CASES.has(ancestor))
    const member = Object.hasOwn(fact.members, '__test__') ? fact.members['__test__'] : undefined
    const isTurnedOff = member?.kind === 'variable' && member.value?.kind === 'literal' && member.value.value === false
    if (isTurnedOff || (!isUnittest && !name.slice(name.lastIndexOf('.') + 1).startsWith('Test'))) return null
    const decorators = fact.decorators.map((decorator) => home.project.value(decorator, home.path))
    const marks = [...marksIn(home.project, decorators, 'class'), ...this.#pytestmark(home, fact.members, 'class')]
    return { name, style: isUnittest ? 'unittest' : 'pytest', marks }
  }

  #test({ project, path }: Home, name: string, testClass: TestClass | null, fact: FunctionFact, around: readonly Mark[]): TestFunction {
    const own = marksIn(project, fact.decorators.map((decorator) => project.value(decorator, path)), 'function')
    const marks = [...own, ...around]
    return {
      name,
      className: testClass?.name ?? null,
      style: testClass?.style ?? 'pytest',
      isAsync: fact.async === true,
      parameters: parameterNames(fact),
      marks,
      parametrizations: parametrizationsIn(project, marks),
    }
  }

  #pytestmark({ project, path }: Home, members: Readonly<Record<string, MemberFact>>, level: Mark['level']): Mark[] {
    const member = Object.hasOwn(members, 'pytestmark') ? members['pytestmark'] : undefined
    if (member?.kind === 'alias') return marksIn(project, [{ kind: 'name', name: project.resolveName(member.target, path) ?? '' }], level)
    return member?.kind === 'variable' && member.value ? marksIn(project, [project.value(member.value, path)], level) : []
  }

  #fixturesIn(home: Home, members: Readonly<Record<string, MemberFact>>): readonly Fixture[] {
    return Object.entries(members).flatMap(([name, member]) => readFixture(home, name, member) ?? [])
  }

  #home(path: string, className: string | null, owner?: string): Home {
    const project = this.#projects.of(path)
    let types = this.#types.get(project)
    if (!types) this.#types.set(project, (types = new TypeEvaluator(project)))
    return { project, types, path, owner: owner ?? className ?? project.moduleName(path), className }
  }
}

/** The `conftest.py` of the folder of a file and of all folders above, nearest first. */
function conftestsAbove(path: string): string[] {
  const found: string[] = []
  for (let folder = folderOf(path); ; folder = folderOf(folder)) {
    found.push(join(folder, 'conftest.py'))
    if (folder === '') return found
  }
}

function isTestName(name: string): boolean {
  return name.slice(name.lastIndexOf('.') + 1).startsWith('test')
}

function qualify(owner: string, name: string): string {
  return owner === '' ? name : `${owner}.${name}`
}

/** The strings that a value is or lists. */
function stringsIn(value: Value): readonly string[] {
  if (value.kind === 'literal') return typeof value.value === 'string' ? splitNames(value.value) : []
  return value.kind === 'list' || value.kind === 'tuple' ? value.items.flatMap(stringsIn) : []
}
