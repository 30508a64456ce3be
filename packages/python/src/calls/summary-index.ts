import { defineIndex } from '@krait/core'
import { Summaries } from './summaries.ts'
import type { FunctionSummary } from './summary.ts'

/** What functions do, by `functionId(path, name)`; `undefined` for what is no function of the project. */
export const summaryIndex = defineIndex<Summaries, string, FunctionSummary | undefined>({
  name: 'python/summaries',
  version: 1,
  build: (reader) => new Summaries(reader),
  ask: (summaries, id) => summaries.summaryOf(id),
})
