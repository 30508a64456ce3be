import { defineIndex } from '@krait/core'
import { lastPart } from '../../shared/dotted-name.ts'
import { modelListIndex } from './model-index.ts'

/** The ids of models and Core tables, by the last part of their names: what a string in `relationship("Order")` may mean. */
export const modelNamesIndex = defineIndex<ReadonlyMap<string, readonly string[]>, string, readonly string[]>({
  name: 'python/sqlalchemy-model-names',
  version: 1,
  build(reader) {
    const found = new Map<string, string[]>()
    for (const id of reader.ask(modelListIndex, 'all')) {
      const name = lastPart(id.slice(id.indexOf(':') + 1))
      found.set(name, [...(found.get(name) ?? []), id])
    }
    return found
  },
  ask: (models, name) => models.get(name) ?? [],
})
