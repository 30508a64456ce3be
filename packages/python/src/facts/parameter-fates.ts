import { childByField, defineFact } from '@krait/core'
import type { FileSemantics } from '../file-semantics.ts'
import type { RelativeName } from '../names/relative-name.ts'
import * as K from '../scopes/kind-codes.ts'
import * as S from '../scopes/scope-tables.ts'
import { functionKey, functionKeyAt } from './function-keys.ts'

/** What becomes of the object that a parameter holds, as far as it is more than reading attributes, calling methods and testing it. */
export interface ParameterFate {
  /** It is closed, entered by a `with`, returned, yielded, stored, or used in a way that is not understood. */
  readonly kept?: true
  /** What it is passed to, each with the number or the name of the argument. */
  readonly passed?: readonly (readonly [callee: RelativeName, argument: number | string])[]
}

/** By the key of the function (see `functionKey`), then by parameter. Parameters with which nothing of this is done are left out. */
export type ParameterFates = Readonly<Record<string, Readonly<Record<string, ParameterFate>>>>

type Fate = 'read' | 'kept' | readonly [RelativeName, number | string]

/** Methods that give up what the object holds. */
const CLOSING: ReadonlySet<string> = new Set(['aclose', 'close', 'invalidate', 'remove', '__aexit__', '__exit__'])

export const parameterFatesFact = defineFact<ParameterFates, FileSemantics>({
  name: 'python/parameter-fates',
  version: 1,
  onDemand: 'file',
  collect: ({ services: file }) => {
    const { tree, tables } = file
    const found = new Map<string, Map<string, { kept?: true; passed?: (readonly [RelativeName, number | string])[] }>>()
    for (const index of tables.referenceNodes) {
      const owner = functionOfParameter(file, index)
      const fate = owner === null ? 'read' : functionKeyAt(file, index) === owner ? fateAt(file, index) : 'kept'
      if (owner === null || fate === 'read') continue
      const fates = found.get(owner) ?? new Map<string, { kept?: true; passed?: (readonly [RelativeName, number | string])[] }>()
      found.set(owner, fates)
      const name = tree.text.slice(tree.start[index], tree.end[index])
      const known = fates.get(name) ?? {}
      fates.set(name, known)
      if (fate === 'kept') known.kept = true
      else (known.passed ??= []).push(fate)
    }
    return Object.fromEntries([...found].map(([key, fates]) => [key, Object.fromEntries(fates)]))
  },
})

/** The key of the function whose parameter an identifier reads. */
function functionOfParameter(file: FileSemantics, identifier: number): string | null {
  const { bindingOfNode, bindingDefinitions, bindingScopes, definitionKinds } = file.tables
  const binding = bindingOfNode[identifier]! - 1
  if (binding < 0 || !bindingDefinitions[binding]!.some((definition) => definitionKinds[definition] === S.PARAMETER)) return null
  return functionKey(file, bindingScopes[binding]!)
}

function fateAt(file: FileSemantics, identifier: number): Fate {
  const { tree, tables } = file
  const { codes, fields } = tables.kinds
  let node = identifier
  for (;;) {
    const parent = tree.parent[node]!
    if (parent < 0) return 'kept'
    switch (codes[tree.kind[parent]!]) {
      case K.PARENTHESIZED_EXPRESSION:
        node = parent
        continue
      case K.ATTRIBUTE: {
        const attribute = childByField(tree, parent, fields.attribute)
        return CLOSING.has(tree.text.slice(tree.start[attribute], tree.end[attribute])) ? 'kept' : 'read'
      }
      case K.COMPARISON_OPERATOR:
      case K.NOT_OPERATOR:
      case K.IF_STATEMENT:
      case K.ELIF_CLAUSE:
      case K.EXPRESSION_STATEMENT:
      case K.INTERPOLATION:
        return 'read'
      case K.KEYWORD_ARGUMENT: {
        const name = childByField(tree, parent, fields.name)
        return passedTo(file, tree.parent[parent]!, tree.text.slice(tree.start[name], tree.end[name]))
      }
      case K.ARGUMENT_LIST:
        return passedTo(file, parent, positionIn(file, parent, node))
      default:
        return 'kept'
    }
  }
}

/** Builtins that do nothing with an object but look at it. */
const LOOKING: ReadonlySet<string> = new Set(['id', 'isinstance', 'print', 'repr', 'str', 'type'].map((name) => `builtins.${name}`))

function passedTo(file: FileSemantics, list: number, argument: number | string): Fate {
  const { tree, tables, names } = file
  const call = tree.parent[list]!
  if (argument === -1 || tables.kinds.codes[tree.kind[call]!] !== K.CALL) return 'kept'
  const callee = names.nameOf(childByField(tree, call, tables.kinds.fields.function))
  if (callee === null) return 'kept'
  return LOOKING.has(callee) ? 'read' : [callee, argument]
}

/** The number of a positional argument; -1 behind a splat. */
function positionIn({ tree, tables }: FileSemantics, list: number, argument: number): number {
  let position = 0
  for (let child = list + 1; child < argument; child = tree.next[child]!) {
    const code = tables.kinds.codes[tree.kind[child]!]
    if (code === K.LIST_SPLAT) return -1
    if (tree.grammar.isNamed[tree.kind[child]!] && code !== K.COMMENT) position++
  }
  return position
}
