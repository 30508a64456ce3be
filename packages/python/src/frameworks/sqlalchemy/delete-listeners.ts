import { childByField, defineFact, defineIndex } from '@krait/core'
import type { FileSemantics } from '../../file-semantics.ts'
import { PythonProject } from '../../project/python-project.ts'
import * as K from '../../scopes/kind-codes.ts'
import type { Value } from '../../values/value.ts'

const LISTENING = /\b(?:listen|listens_for)\s*\([^)]*\b(?:before|after)_delete\b/
const LISTENER = /(?:^|\.)listens?(?:_for)?$/

/** What the event listeners of a file that hear of deleted objects are given as their target. */
export const deleteListenersFact = defineFact<readonly Value[], FileSemantics>({
  name: 'python/sqlalchemy-delete-listeners',
  version: 1,
  onDemand: 'project',
  collect: ({ services: file }) => {
    if (!LISTENING.test(file.tree.text)) return []
    const { tree, tables, values } = file
    const found: Value[] = []
    for (const index of file.nodesOf(K.CALL)) {
      const called = childByField(tree, index, tables.kinds.fields.function)
      if (called < 0 || !LISTENER.test(tree.text.slice(tree.start[called], tree.end[called]))) continue
      const made = values.summarise(index)
      if (made.kind !== 'call') continue
      const event = made.arguments[1] ?? made.keywords['identifier']
      if (event?.kind === 'literal' && (event.value === 'before_delete' || event.value === 'after_delete')) {
        found.push(made.arguments[0] ?? made.keywords['target'] ?? { kind: 'unknown' })
      }
    }
    return found
  },
})

/** Whether a listener hears of deleted objects of a class, by its canonical name. One whose target is not known may hear of all. */
export const deleteListenersIndex = defineIndex<ReadonlySet<string>, string, boolean>({
  name: 'python/sqlalchemy-delete-listeners',
  version: 1,
  build(reader) {
    const found = new Set<string>()
    for (const [path, targets] of reader.facts(deleteListenersFact)) {
      const project = new PythonProject(reader, reader.settings(), path)
      for (const target of targets) {
        const value = project.value(target, path)
        const name = value.kind === 'name' ? (project.definition(value.name)?.name ?? null) : null
        found.add(name ?? '*')
        for (const subclass of name === null ? [] : project.subclasses(name)) found.add(subclass.name)
      }
    }
    return found
  },
  ask: (targets, name) => targets.has('*') || targets.has(name),
})
