import { defineIndex } from '@krait/core'
import type { KeptReader } from '@krait/core'
import { Projects } from '../project/projects.ts'
import type { PythonProject } from '../project/python-project.ts'
import { subclassIndex } from '../project/subclass-index.ts'
import type { Subclass } from '../project/subclass-index.ts'

/** Exception classes of the project that belong together; see `PythonProject.exceptionKin`. */
export interface ExceptionKin {
  readonly close: readonly string[]
  readonly distant: readonly string[]
}

/** A class from which more exceptions derive than these, or a module with more, stands for the whole project. */
const MAX_CLOSE = 25

/** Whether an exception class stands for the failures of a whole project rather than for those of one kind. */
export function isUmbrella(project: PythonProject, exception: string): boolean {
  return project.subclasses(exception).length > MAX_CLOSE
}

/** The project classes that an exception class is and derives from, nearest first; library classes and mixins that are no exceptions are left out. */
export function exceptionFamily(project: PythonProject, exception: string): readonly string[] {
  return project.ancestors(exception).names.filter((name) => isProjectException(project, name))
}

/** Whether a name is a class of the project that is, as far as is known, an exception. */
export function isProjectException(project: PythonProject, name: string): boolean {
  return project.definition(name)?.kind === 'class' && project.isSubclassOf(name, ['builtins.BaseException']) !== false
}

/** How two exception classes of the project belong together; `null` if they do not. See `PythonProject.exceptionKin`. */
export function kinshipOf(project: PythonProject, some: string, other: string): keyof ExceptionKin | null {
  const path = project.definition(some)?.path
  const isOneModule = path !== undefined && project.definition(other)?.path === path
  if (isOneModule && exceptionsIn(project, path).length <= MAX_CLOSE) return 'close'
  const family = new Set(exceptionFamily(project, some))
  const shared = exceptionFamily(project, other).filter((name) => family.has(name))
  if (shared.some((name) => !isUmbrella(project, name))) return 'close'
  return isOneModule || shared.length > 0 ? 'distant' : null
}

/** The kin of an exception class of the project or a library, and of all that derive from it; by `kinId`. */
export const exceptionKinIndex = defineIndex<KinFinder, string, ExceptionKin>({
  name: 'python/exception-kin',
  version: 1,
  build: (reader) => new KinFinder(reader),
  ask(finder, id) {
    const colon = id.indexOf(':')
    return finder.kinOf(id.slice(0, colon), id.slice(colon + 1))
  },
})

/** What names an exception class in the index: its file, empty for a library's class, and its canonical name. */
export function kinId(path: string, name: string): string {
  return `${path}:${name}`
}

class KinFinder {
  readonly #reader: KeptReader
  readonly #projects: Projects
  readonly #modules = new Map<string, readonly string[]>()

  constructor(reader: KeptReader) {
    this.#reader = reader
    this.#projects = new Projects(reader)
  }

  kinOf(path: string, exception: string): ExceptionKin {
    const modules = new Set<readonly string[]>()
    const bases = new Set<string>()
    const own = path === '' ? [] : [{ name: exception, path }]
    for (const caught of [...own, ...this.#subclasses(exception)]) {
      const project = this.#projects.of(caught.path)
      if (!isProjectException(project, caught.name)) continue
      modules.add(this.#exceptionsIn(caught.path))
      for (const base of exceptionFamily(project, caught.name)) bases.add(base)
    }
    const families = [...bases].map((base) => [base, ...this.#subclasses(base).filter((subclass) => this.#isException(subclass)).map(({ name }) => name)])
    const close = new Set([...[...modules].filter((module) => module.length <= MAX_CLOSE), ...families.filter((family) => family.length <= MAX_CLOSE + 1)].flat())
    const distant = new Set([...modules, ...families].flat().filter((name) => !close.has(name)))
    return { close: [...close].sort(), distant: [...distant].sort() }
  }

  #subclasses(name: string): readonly Subclass[] {
    return this.#reader.ask(subclassIndex, name)
  }

  #isException({ name, path }: Subclass): boolean {
    return isProjectException(this.#projects.of(path), name)
  }

  #exceptionsIn(path: string): readonly string[] {
    let found = this.#modules.get(path)
    if (!found) this.#modules.set(path, (found = exceptionsIn(this.#projects.of(path), path)))
    return found
  }
}

/** The exception classes of a module, also those in other classes. */
function exceptionsIn(project: PythonProject, path: string): readonly string[] {
  const module = project.moduleName(path)
  const prefix = module === '' ? '' : `${module}.`
  const found: string[] = []
  const pending = Object.entries(project.module(path)?.members ?? {})
  while (pending.length > 0) {
    const [name, fact] = pending.pop()!
    if (fact.kind !== 'class') continue
    if (isProjectException(project, prefix + name)) found.push(prefix + name)
    for (const [inner, member] of Object.entries(fact.members)) if (member.kind === 'class') pending.push([`${name}.${inner}`, member])
  }
  return found
}
