import { defineFact } from '@krait/core'
import type { FileSemantics } from '../file-semantics.ts'
import { isReturned } from '../shared/returned-values.ts'
import type { PythonNode } from '../syntax/node.ts'
import { forEachCall } from './numbering.ts'

/** By the key of a function, see `functionKey`: the numbers of the calls whose results it returns, see `isReturned`. */
export type ReturnedCalls = Readonly<Record<string, readonly number[]>>

/** Which of its calls a function gives back. */
export const returnedCallsFact = defineFact<ReturnedCalls, FileSemantics>({
  name: 'python/returned-calls',
  version: 1,
  onDemand: 'file',
  collect: ({ services: file }) => {
    const { tree, scopes } = file
    const found = new Map<string, number[]>()
    forEachCall(file, (call, key, number) => {
      if (key === '' || !isReturned(scopes, tree.node(call) as PythonNode)) return
      const numbers = found.get(key)
      if (numbers) numbers.push(number)
      else found.set(key, [number])
    })
    return Object.fromEntries(found)
  },
})
