import type { Binding, CallNode, FlowEdge, FlowPoint, IdentifierNode, PythonNode, PythonRuleContext } from '@krait/python'
import { keepsArgument } from './kept-arguments.ts'

/** How a session that a name holds is not closed. */
export type Leak =
  | { readonly kind: 'never' }
  /** There is a `close()`, but `at` raises before it, or leaves the function. */
  | { readonly kind: 'raises' | 'leaves'; readonly at: PythonNode }

const CLOSING: ReadonlySet<string> = new Set(['aclose', 'close', 'invalidate', '__aexit__', '__exit__'])

/** Ways to raise that count; attributes, operators and names seldom do. */
const RAISING: ReadonlySet<string> = new Set(['assert', 'await', 'call', 'import', 'iteration', 'raise', 'subscript', 'with-enter', 'with-exit', 'yield'])

/**
 * How the object that an assignment gives to a local name is left open; `null` if it is closed on every path, or if somebody else may close it.
 * @param assignment the assignment or `:=`
 */
export function leakOf(context: PythonRuleContext, assignment: PythonNode, name: IdentifierNode): Leak | null {
  const binding = context.scopes.bindingOf(name)
  if (binding?.scope.kind !== 'function' || context.scopes.scopeOf(name).function !== binding.scope) return null
  const closings = closingsOf(context, binding)
  if (!closings) return null
  const flow = context.flow(assignment)
  const finals = new Set(closings.map((closing) => finallyAround(closing)).filter((clause) => clause !== null))
  const isClosed = (point: FlowPoint): boolean => closings.includes(point.node) || (point.role === 'finally' && finals.has(point.node))
  const path = flow.findPath(assignment, 'exit', { avoiding: isClosed, exceptions: (edge) => mayRaise(context, edge), consistent: true })
  if (!path) return null
  if (closings.length === 0) return { kind: 'never' }
  const raising = path.raisedBy
  if (raising) return { kind: 'raises', at: raising }
  const last = path.nodes.at(-1)
  return last ? { kind: 'leaves', at: last } : { kind: 'never' }
}

/** Builtins that raise nothing in code that makes sense. */
const HARMLESS: ReadonlySet<string> = new Set('bool dict enumerate frozenset list print range repr set str tuple zip'.split(' ').map((name) => `builtins.${name}`))

function mayRaise(context: PythonRuleContext, { reasons, source: { node } }: FlowEdge): boolean {
  if (!reasons.some((reason) => RAISING.has(reason))) return false
  if (node.kind !== 'call') return true
  const called = node.function
  // Methods of a text that is written out: `", ".join(names)`.
  if (called.kind === 'attribute') return called.object.kind !== 'string'
  return !context.resolvesTo(called, HARMLESS)
}

/** The calls that close the object of a name; `null` if it goes where somebody else may close it. */
function closingsOf(context: PythonRuleContext, binding: Binding): readonly PythonNode[] | null {
  const closings: PythonNode[] = []
  let mayBeKept = false
  for (const reference of binding.references) {
    const use = context.scopes.scopeOf(reference).function === binding.scope ? useOf(context, reference) : 'kept'
    if (use === 'kept') return null
    if (use === 'maybe-kept') mayBeKept = true
    else if (use !== 'used') closings.push(use)
  }
  return mayBeKept && closings.length === 0 ? null : closings
}

/** What is done with the object; a node for the call that closes it. */
function useOf(context: PythonRuleContext, reference: IdentifierNode): 'used' | 'kept' | 'maybe-kept' | PythonNode {
  let node: PythonNode = reference
  for (;;) {
    const parent: PythonNode | null = node.parent
    switch (parent?.kind) {
      case 'parenthesized_expression':
      case 'await':
        node = parent
        continue
      case 'boolean_operator':
      case 'conditional_expression':
        if (isTest(parent)) return 'used'
        node = parent
        continue
      case 'attribute':
        if (parent.object !== node || !CLOSING.has(parent.attribute.text)) return 'used'
        return parent.parent?.kind === 'call' && parent.parent.function === parent ? parent.parent : 'kept'
      case 'argument_list':
      case 'keyword_argument':
        return useAsArgument(context, parent, node)
      case 'yield':
        return isInTryFinally(parent) ? 'kept' : 'used'
      case 'comparison_operator':
      case 'not_operator':
      case 'if_statement':
      case 'elif_clause':
      case 'while_statement':
      case 'assert_statement':
      case 'expression_statement':
      case 'interpolation':
      case 'subscript':
      case 'delete_statement':
        return 'used'
      default:
        return 'kept'
    }
  }
}

function useAsArgument(context: PythonRuleContext, parent: PythonNode, node: PythonNode): 'used' | 'kept' | 'maybe-kept' | PythonNode {
  const call = (parent.kind === 'keyword_argument' ? parent.parent : parent)?.parent
  if (call?.kind !== 'call') return 'kept'
  const keeping = keepsArgument(context, call, parent.kind === 'keyword_argument' ? parent : node)
  if (keeping !== 'no' && finallyAround(call)) return call
  return keeping === 'no' ? 'used' : keeping === 'yes' ? 'kept' : 'maybe-kept'
}

/** Whether an operator is a condition, so that its value goes nowhere. */
function isTest(operator: PythonNode): boolean {
  let node = operator
  while (node.parent?.kind === 'boolean_operator' || node.parent?.kind === 'not_operator' || node.parent?.kind === 'parenthesized_expression') node = node.parent
  const { parent } = node
  return (parent?.kind === 'if_statement' || parent?.kind === 'elif_clause' || parent?.kind === 'while_statement') && parent.condition === node
}

function finallyAround(node: PythonNode): PythonNode | null {
  const around = node.closest('finally_clause', 'function_definition', 'lambda', 'class_definition')
  return around?.kind === 'finally_clause' ? around : null
}

function isInTryFinally(node: PythonNode): boolean {
  for (let child = node, { parent } = node; parent; child = parent, { parent } = parent) {
    if (parent.kind === 'function_definition' || parent.kind === 'lambda') return false
    if (parent.kind === 'try_statement' && child === parent.body && parent.namedChildren.some(({ kind }) => kind === 'finally_clause')) return true
  }
  return false
}

/** The local name to which alone the value of a call is given, with the assignment. */
export function assignedName(call: CallNode): { readonly assignment: PythonNode; readonly name: IdentifierNode } | null {
  const node = awaited(call)
  const { parent } = node
  if (parent?.kind === 'named_expression' && parent.value === node) return parent.name.kind === 'identifier' ? { assignment: parent, name: parent.name } : null
  if (parent?.kind !== 'assignment' || parent.right !== node || parent.left.kind !== 'identifier') return null
  return parent.parent?.kind === 'expression_statement' ? { assignment: parent, name: parent.left } : null
}

/** The call with the `await` and the parentheses around it. */
export function awaited(call: CallNode): PythonNode {
  let node: PythonNode = call
  while (node.parent?.kind === 'parenthesized_expression' || node.parent?.kind === 'await') node = node.parent
  return node
}
