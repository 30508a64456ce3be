import { defineIndex } from '@krait/core'
import type { KeptReader } from '@krait/core'
import { classNamesFact } from '../facts/class-facts.ts'
import type { FunctionFact, MemberFact } from '../facts/module-fact-types.ts'
import { Projects } from '../project/projects.ts'
import type { PythonProject } from '../project/python-project.ts'
import { subclassIndex } from '../project/subclass-index.ts'
import type { Subclass } from '../project/subclass-index.ts'

/** Whether a class is a protocol: it names `Protocol` among its own bases. A class that derives from a protocol is an ordinary class. */
export function isProtocol(project: PythonProject, className: string): boolean {
  const definition = project.definition(className)
  if (definition?.kind !== 'class') return false
  return definition.fact.bases.some((base) => {
    const value = project.value(base, definition.path)
    const name = value.kind === 'subscript' ? value.object : value
    return name.kind === 'name' && name.name === 'typing.Protocol'
  })
}

export function isAbstractMethod(project: PythonProject, { decorators }: FunctionFact, path: string): boolean {
  return decorators.some((decorator) => decorator.kind === 'name' && ABSTRACT.has(project.resolveName(decorator.name, path) ?? ''))
}

const ABSTRACT: ReadonlySet<string> = new Set(['abc.abstractmethod', 'abc.abstractproperty', 'abc.abstractclassmethod', 'abc.abstractstaticmethod'])

/** The classes of the project that have all methods of a protocol, whether or not they derive from it, by `protocolId`; sorted by name. */
export const protocolIndex = defineIndex<ProtocolClasses, string, readonly Subclass[]>({
  name: 'python/protocol-classes',
  version: 1,
  build: (reader) => new ProtocolClasses(reader),
  ask(classes, id) {
    const colon = id.indexOf(':')
    return classes.of(id.slice(0, colon), id.slice(colon + 1))
  },
})

/** What names a protocol in the index: its file and its canonical name. */
export function protocolId(path: string, name: string): string {
  return `${path}:${name}`
}

/** A property is no implementation of a method, nor the other way round. */
function isSameKind(declared: MemberFact | undefined, given: MemberFact | undefined): boolean {
  if (declared?.kind !== 'function' || given?.kind !== 'function') return given?.kind === 'function'
  return (declared.method === 'property') === (given.method === 'property')
}

class ProtocolClasses {
  readonly #reader: KeptReader
  readonly #projects: Projects
  /** The classes that define a method themselves. */
  readonly #byMethod = new Map<string, Subclass[]>()

  constructor(reader: KeptReader) {
    this.#reader = reader
    this.#projects = new Projects(reader)
    for (const [path, classes] of reader.facts(classNamesFact)) {
      const project = this.#projects.of(path)
      for (const [key, { functions }] of Object.entries(classes)) this.#addClass({ name: project.nameInModule(key, path), path }, functions)
    }
  }

  of(path: string, protocol: string): readonly Subclass[] {
    const own = this.#projects.of(path)
    const methods = this.#methodsOf(own, protocol)
    if (methods.length === 0) return []
    const rarest = methods.reduce((best, method) => (this.#with(method).length < this.#with(best).length ? method : best))
    const found = new Map<string, Subclass>()
    for (const defining of this.#with(rarest)) {
      for (const candidate of [defining, ...this.#reader.ask(subclassIndex, defining.name)]) {
        const project = this.#projects.of(candidate.path)
        if (found.has(candidate.name) || isProtocol(project, candidate.name)) continue
        const fits = (method: string) => isSameKind(own.member(protocol, method)?.fact, project.member(candidate.name, method)?.fact)
        if (methods.every(fits)) found.set(candidate.name, candidate)
      }
    }
    return [...found.values()].sort((a, b) => (a.name < b.name ? -1 : 1))
  }

  #with(method: string): readonly Subclass[] {
    return this.#byMethod.get(method) ?? []
  }

  /** Its own methods, and those of the protocols that it derives from. */
  #methodsOf(project: PythonProject, protocol: string): readonly string[] {
    const methods = new Set<string>()
    for (const owner of project.ancestors(protocol).names) {
      const definition = project.definition(owner)
      if (definition?.kind !== 'class') continue
      for (const [name, { kind }] of Object.entries(definition.fact.members)) if (kind === 'function') methods.add(name)
    }
    return [...methods]
  }

  #addClass(owner: Subclass, methods: readonly string[]): void {
    for (const method of methods) {
      const classes = this.#byMethod.get(method)
      if (classes) classes.push(owner)
      else this.#byMethod.set(method, [owner])
    }
  }
}
