import { defineFact } from '@krait/core'
import { functionKey } from '../facts/function-keys.ts'
import type { FileSemantics } from '../file-semantics.ts'
import * as K from '../scopes/kind-codes.ts'
import * as S from '../scopes/scope-tables.ts'
import { Definition } from '../scopes/scopes.ts'
import type { PythonNode } from '../syntax/node.ts'
import { UNKNOWN } from '../values/value.ts'
import type { Value } from '../values/value.ts'
import type { Awareness } from './narrowing.ts'
import { PathFlow } from './path-flow.ts'
import type { Origin } from './path-flow.ts'

/** One value that a function may return, with the tests that it has passed. Names are relative to the file. */
export interface GuardedValue {
  readonly value: Value
  readonly awareness: Awareness | null
  readonly instanceTests: readonly { readonly classes: Value; readonly holds: boolean }[]
  /** It was given to the function: a parameter, or an attribute of one. */
  readonly isGiven: boolean
}

/** By the key of the function, see `functionKey`. */
export type GuardedReturns = Readonly<Record<string, readonly GuardedValue[]>>

/** More values of one function are left out with it. */
const MAX_VALUES = 20
/** What a function has to do with dates and times. */
const ABOUT_TIME = /\b(tzinfo|utcoffset|is_naive|is_aware|datetime|utcnow|now|timedelta)\b/
const TESTS = /\b(tzinfo|utcoffset|is_naive|is_aware)\b|isinstance\([\w.]+, *[\w.(, ]*\bdate(time)?\b/

/**
 * What functions return that give one name several values, or test whether a datetime has a zone before they return it:
 * `if at.tzinfo is None: at = at.replace(tzinfo=UTC)`. Other functions are told well enough by their `return` expressions alone.
 */
export const guardedReturnsFact = defineFact<GuardedReturns, FileSemantics>({
  name: 'python/guarded-returns',
  version: 1,
  collect({ services: file }) {
    if (!ABOUT_TIME.test(file.tree.text)) return {}
    const paths = new PathFlow(file)
    const found: [string, readonly GuardedValue[]][] = []
    for (const [scope, statements] of returnsByFunction(file)) {
      const { text } = file.tree.node(file.tables.scopeNodes[scope]!)
      if (!ABOUT_TIME.test(text)) continue
      const isTested = TESTS.test(text)
      const values = statements.map((statement) => valuesOf(file, paths, statement, isTested))
      if (values.every((ofStatement) => ofStatement === null)) continue
      const all = values.flatMap((ofStatement, i) => ofStatement ?? [plain(file, statements[i]!.namedChildren[0])])
      if (all.length <= MAX_VALUES) found.push([functionKey(file, scope), all])
    }
    return Object.fromEntries(found)
  },
})

function returnsByFunction(file: FileSemantics): ReadonlyMap<number, PythonNode[]> {
  const { tree, tables } = file
  const found = new Map<number, PythonNode[]>()
  for (const index of file.nodesOf(K.RETURN_STATEMENT)) {
    const scope = tables.scopeAt(index)
    if (tables.scopeKinds[scope] !== S.FUNCTION_SCOPE) continue
    const statements = found.get(scope) ?? []
    statements.push(tree.node(index) as PythonNode)
    found.set(scope, statements)
  }
  return found
}

/** The values that a `return` may return; `null` if its expression tells as much by itself. */
function valuesOf(file: FileSemantics, paths: PathFlow, statement: PythonNode, isTested: boolean): readonly GuardedValue[] | null {
  const [expression] = statement.namedChildren
  if ((expression?.kind !== 'identifier' && expression?.kind !== 'attribute') || !mayDiffer(file, expression, isTested)) return null
  const origins = paths.originsOf(expression)
  const isPlain = origins?.length === 1 && origins[0]!.awareness === null && origins[0]!.instanceTests.length === 0
  if (!origins || isPlain) return null
  return origins.map((origin) => guardedValue(file, expression, origin))
}

/** Whether control flow can tell more than the expression: it is tested, or a name with several values of which one is about time. */
function mayDiffer(file: FileSemantics, expression: PythonNode, isTested: boolean): boolean {
  if (isTested) return true
  const definitions = expression.kind === 'identifier' ? (file.scopes.bindingOf(expression)?.definitions ?? []) : []
  return definitions.length > 1 && definitions.some(({ value, annotation }) => ABOUT_TIME.test(value?.text ?? '') || ABOUT_TIME.test(annotation?.text ?? ''))
}

function guardedValue(file: FileSemantics, expression: PythonNode, { from, awareness, instanceTests }: Origin): GuardedValue {
  const value = valueOf(file, expression, from)
  const tests = instanceTests.map(({ classes, holds }) => ({ classes: file.values.summarise(classes.index), holds }))
  return { value, awareness, instanceTests: tests, isGiven: from === null || (from instanceof Definition && from.kind === 'parameter') }
}

function valueOf(file: FileSemantics, expression: PythonNode, from: Origin['from']): Value {
  if (from === null) return file.values.summarise(expression.index)
  if (!(from instanceof Definition)) return from.kind === 'assignment' && from.right && from.left.kind === 'attribute' ? file.values.summarise(from.right.index) : UNKNOWN
  if (from.kind === 'parameter') return { kind: 'local', name: from.name.text, isParameter: true }
  return from.value ? file.values.summarise(from.value.index) : UNKNOWN
}

function plain(file: FileSemantics, expression: PythonNode | undefined): GuardedValue {
  const value: Value = expression ? file.values.summarise(expression.index) : { kind: 'literal', type: 'none', value: null }
  return { value, awareness: null, instanceTests: [], isGiven: false }
}
