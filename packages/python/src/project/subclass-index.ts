import { defineIndex } from '@krait/core'
import { classHeadsFact } from '../facts/class-facts.ts'
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
    for (const [path, heads] of reader.facts(classHeadsFact)) {
      const project = new PythonProject(reader, reader.settings(), path)
      for (const [key, { bases }] of Object.entries(heads)) {
        const name = project.nameInModule(key, path)
        for (const base of bases) {
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

function nameOf(base: Value): string | null {
  const value = base.kind === 'subscript' ? base.object : base
  return value.kind === 'name' ? value.name : null
}
