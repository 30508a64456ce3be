import { defineIndex } from '@krait/core'
import { modelIndex, modelListIndex } from '../frameworks/sqlalchemy/model-index.ts'
import type { TypeFamily } from '../frameworks/sqlalchemy/model.ts'

/** Whether some model has a column under a name that may hold dates and times, by the family of its type. */
export const temporalColumnsIndex = defineIndex<ReadonlySet<string>, string, boolean>({
  name: 'python/temporal-columns',
  version: 1,
  build(reader) {
    const names = new Set<string>()
    for (const id of reader.ask(modelListIndex, 'all')) {
      for (const { attribute, family } of reader.ask(modelIndex, id)?.columns ?? []) if (family === null || TEMPORAL.has(family)) names.add(attribute)
    }
    return names
  },
  ask: (names, name) => names.has(name),
})

const TEMPORAL: ReadonlySet<TypeFamily> = new Set(['datetime', 'date', 'interval', 'time', 'other'])
