import { defineFact } from '@krait/core'
import type { FileSemantics } from '../file-semantics.ts'
import type { AttributeNode, CallNode } from '../generated/nodes.ts'
import { argument } from '../shared/calls.ts'
import { lastNameOf } from '../shared/last-name.ts'
import { withoutParentheses } from '../shared/parentheses.ts'
import * as K from '../scopes/kind-codes.ts'
import type { PythonNode } from '../syntax/node.ts'
import type { Value } from '../values/value.ts'
import { functionKeyAt } from './function-keys.ts'

/** What a file says of timeouts that calls get without passing them. Names in values are relative to the file. */
export interface TimeoutFact {
  /** The keys of the functions whose code speaks of a timeout; see `functionKey`. */
  readonly mentions: readonly string[]
  readonly changes: readonly SessionChange[]
  /** It calls `socket.setdefaulttimeout()` with more than `None`. */
  readonly setsDefault?: true
}

/** `session.mount(prefix, adapter)`, or `session.request = ...`. */
export interface SessionChange {
  /** The key of the function in which it stands. */
  readonly function: string
  /** The last part of the name of the session: `_http` of `self._http`. */
  readonly session: string
  /** What is mounted; left out where a method is replaced. */
  readonly adapter?: Value
}

/** The methods of a session through which its requests go. */
const REPLACED: ReadonlySet<string> = new Set(['get', 'post', 'put', 'patch', 'delete', 'head', 'options', 'request', 'send'])

export const timeoutFact = defineFact<TimeoutFact, FileSemantics>({
  name: 'python/timeouts',
  version: 1,
  onDemand: 'file',
  collect: ({ services: file }) => {
    const { tree, tables, names } = file
    const { codes } = tables.kinds
    const mentions = new Set<string>()
    const changes: SessionChange[] = []
    let setsDefault = false
    for (let index = 0; index < tree.size; index++) {
      const code = codes[tree.kind[index]!]
      if (code === K.IDENTIFIER || code === K.STRING) {
        if (/timeout/i.test(tree.text.slice(tree.start[index], tree.end[index]))) mentions.add(functionKeyAt(file, index))
      } else if (code === K.CALL) {
        const call = tree.node(index) as CallNode
        const called = withoutParentheses(call.function)
        setsDefault ||= names.nameOf(called.index) === 'socket.setdefaulttimeout' && argument(call, 'timeout', 0)?.kind !== 'none'
        const change = called.kind === 'attribute' && called.attribute.text === 'mount' ? mounted(file, call, called) : null
        if (change) changes.push(change)
      } else if (code === K.ASSIGNMENT) {
        const change = replaced(file, tree.node(index) as PythonNode)
        if (change) changes.push(change)
      }
    }
    return { mentions: [...mentions].sort(), changes, ...(setsDefault && { setsDefault }) }
  },
})

function mounted(file: FileSemantics, call: CallNode, { object }: AttributeNode): SessionChange | null {
  const adapter = argument(call, 'adapter', 1)
  const session = lastNameOf(object)
  if (!adapter || session === null) return null
  return { function: functionKeyAt(file, call.index), session, adapter: file.values.summarise(adapter.index) }
}

function replaced(file: FileSemantics, node: PythonNode): SessionChange | null {
  if (node.kind !== 'assignment' || node.left.kind !== 'attribute' || !REPLACED.has(node.left.attribute.text)) return null
  const session = lastNameOf(node.left.object)
  return session === null ? null : { function: functionKeyAt(file, node.index), session }
}
