import { defineIndex } from '@krait/core'
import type { ClassFact, MemberFact, ModuleFact } from '../facts/module-fact-types.ts'
import { moduleFact } from '../facts/module-fact.ts'
import type { Value } from '../values/value.ts'
import { PythonProject } from './python-project.ts'

export interface Subclass {
  readonly name: string
  readonly path: string
}

/** The classes of the project that derive from a class, at any depth, by its canonical name (also a library's); sorted by name, then path. */
export const subclassIndex = defineIndex<ReadonlyMap<string, readonly Subclass[]>, string, readonly Subclass[]>({
  name: 'python/subclasses',
  version: 1,
  build(reader) {
    const children = new Map<string, Map<string, Subclass>>()
    for (const [path, module] of reader.facts(moduleFact)) {
      const project = new PythonProject(reader, reader.settings(), path)
      for (const [name, fact] of classesOf(module, project.moduleName(path))) {
        for (const base of fact.bases) {
          const baseClass = nameOf(project.value(base, path))
          if (baseClass === null) continue
          const known = children.get(baseClass) ?? new Map<string, Subclass>()
          known.set(`${name}\n${path}`, { name, path })
          children.set(baseClass, known)
        }
      }
    }
    return new Map([...children].map(([name, classes]) => [name, [...classes.values()]]))
  },
  ask(children, name) {
    const found = new Map<string, Subclass>()
    const waiting = [name]
    while (waiting.length > 0) {
      for (const child of children.get(waiting.pop()!) ?? []) {
        const key = `${child.name}\n${child.path}`
        if (found.has(key)) continue
        found.set(key, child)
        waiting.push(child.name)
      }
    }
    return [...found].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, subclass]) => subclass)
  },
})

function* classesOf(module: ModuleFact, moduleName: string): Generator<readonly [name: string, fact: ClassFact]> {
  const stack: (readonly [string, MemberFact])[] = Object.entries(module.members).map(([name, fact]) => [moduleName === '' ? name : `${moduleName}.${name}`, fact])
  while (stack.length > 0) {
    const [name, fact] = stack.pop()!
    if (fact.kind !== 'class') continue
    yield [name, fact]
    for (const [inner, member] of Object.entries(fact.members)) if (member.kind === 'class') stack.push([`${name}.${inner}`, member])
  }
}

function nameOf(base: Value): string | null {
  const value = base.kind === 'subscript' ? base.object : base
  return value.kind === 'name' ? value.name : null
}
