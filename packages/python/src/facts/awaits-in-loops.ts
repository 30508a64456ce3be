import { defineFact } from '@krait/core'
import type { FileSemantics } from '../file-semantics.ts'
import type { AwaitNode } from '../generated/nodes.ts'
import * as K from '../scopes/kind-codes.ts'
import { kindTableOf } from '../scopes/kind-codes.ts'
import { withoutParentheses } from '../shared/parentheses.ts'
import type { PythonNode } from '../syntax/node.ts'
import { canComplete } from './completion.ts'
import { forEachCall } from './numbering.ts'

/** A call that is awaited directly in a loop which can begin another round after it. */
export interface AwaitInLoop {
  /** The number of the call in its function, see `CallFact`. */
  readonly call: number
  /** For which results of the call the loop is left; `some` where that is not so simple. Left out if the result decides nothing. */
  readonly leavesOn?: 'truthy' | 'falsy' | 'some'
  /** The last parts of the names that the conditions of the loops around it read: `running` of `while self.running`. */
  readonly tested?: readonly string[]
}

/** By the key of the function, see `CallsByFunction`. */
export type AwaitsInLoops = Readonly<Record<string, readonly AwaitInLoop[]>>

/** Which calls of a function are awaited round after round: whoever ends normally there is called again. */
export const awaitsInLoopsFact = defineFact<AwaitsInLoops, FileSemantics>({
  name: 'python/awaits-in-loops',
  version: 1,
  onDemand: 'file',
  collect: ({ services: file }) => {
    const found = new Map<string, AwaitInLoop[]>()
    const awaits = awaitedCalls(file)
    if (awaits.size === 0) return {}
    forEachCall(file, (call, key, number) => {
      const node = awaits.get(call)
      const facts = node && describe(file, node)
      if (!facts) return
      const known = found.get(key)
      if (known) known.push({ call: number, ...facts })
      else found.set(key, [{ call: number, ...facts }])
    })
    return Object.fromEntries(found)
  },
})

/** The `await` of each call that is awaited directly, by the index of the call. */
function awaitedCalls(file: FileSemantics): ReadonlyMap<number, AwaitNode> {
  const { tree } = file
  const found = new Map<number, AwaitNode>()
  for (const index of file.nodesOf(K.AWAIT)) {
    if (!tree.grammar.isNamed[tree.kind[index]!]) continue
    const node = tree.node(index) as AwaitNode
    const operand = node.namedChildren[0] && withoutParentheses(node.namedChildren[0])
    if (operand?.kind === 'call') found.set(operand.index, node)
  }
  return found
}

function describe(file: FileSemantics, node: AwaitNode): Omit<AwaitInLoop, 'call'> | null {
  const around = loopsAround(node)
  if (around.length === 0) return null
  const flow = file.flow(node)
  const loops = around.filter((loop) => {
    const found = flow.loopOf(loop)
    return found !== null && flow.canReachNextRound(node, found, { exceptions: 'none' })
  })
  if (loops.length === 0) return null
  const leavesOn = decisionOf(node)
  const tested = [...new Set(loops.flatMap((loop) => (loop.kind === 'while_statement' ? lastNamesIn(loop.condition) : [])))]
  return { ...(leavesOn && { leavesOn }), ...(tested.length > 0 && { tested }) }
}

/** The loops in whose bodies or conditions a node stands. */
function loopsAround(node: PythonNode) {
  const loops = []
  for (let child = node, parent = node.parent; parent && !isDefinition(parent); child = parent, parent = parent.parent) {
    if (parent.kind === 'for_statement' && child === parent.body) loops.push(parent)
    else if (parent.kind === 'while_statement' && child !== parent.alternative) loops.push(parent)
  }
  return loops
}

function isDefinition({ kind }: PythonNode): boolean {
  return kind === 'function_definition' || kind === 'lambda' || kind === 'class_definition'
}

/** The names that an expression reads, by their last parts. */
export function lastNamesIn(expression: PythonNode): readonly string[] {
  const names: string[] = []
  for (const node of [expression, ...expression.descendants('identifier')]) {
    if (node.kind !== 'identifier') continue
    const isObject = node.parent?.kind === 'attribute' && node.parent.object === node
    if (!isObject || node.text !== 'self') names.push(node.text)
  }
  return names
}

/** What becomes of the result: `if not await step(): break`, `while await step():`, `more = await step()` and a test of `more`. */
function decisionOf(node: AwaitNode): AwaitInLoop['leavesOn'] {
  const direct = testedIn(node)
  if (direct) return direct
  const { parent } = node
  if (parent?.kind !== 'assignment' || parent.right !== node || parent.left.kind !== 'identifier') return undefined
  const name = parent.left.text
  const loop = loopsAround(node)[0]
  for (const identifier of loop?.descendants('identifier') ?? []) {
    const decision = identifier.text === name && identifier !== parent.left ? testedIn(identifier) : undefined
    if (decision) return decision
  }
  return undefined
}

/** For which values of an expression the loop is left by the test that it is, or is a part of. */
function testedIn(expression: PythonNode): AwaitInLoop['leavesOn'] {
  let isNegated = false
  let isWhole = true
  for (let child = expression, node = expression.parent; node; child = node, node = node.parent) {
    switch (node.kind) {
      case 'parenthesized_expression':
      case 'named_expression':
        break
      case 'not_operator':
        isNegated = !isNegated
        break
      case 'comparison_operator':
      case 'boolean_operator':
        isWhole = false
        break
      case 'if_statement':
      case 'elif_clause':
        if (child !== node.condition || completes(node.consequence)) return undefined
        return !isWhole ? 'some' : isNegated ? 'falsy' : 'truthy'
      case 'while_statement':
        if (child !== node.condition) return undefined
        return !isWhole ? 'some' : isNegated ? 'truthy' : 'falsy'
      default:
        return undefined
    }
  }
  return undefined
}

/** Whether control stays in the loop behind a block. */
function completes(block: PythonNode): boolean {
  const { tree, index } = block
  return canComplete(tree, kindTableOf(tree.grammar), index) || block.descendants('continue_statement').next().done !== true
}
