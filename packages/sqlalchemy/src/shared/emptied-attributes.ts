import type { AttributeNode, IdentifierNode, LoggerContext, PythonNode, PythonServices } from '@krait/python'
import { isLoggingOrReporterCall, isModelClass, withoutParentheses } from '@krait/python'

/** What the functions here need; a rule's context has it. */
export type AttributeContext = PythonServices & LoggerContext

/** The attribute that a statement takes the value from: `x.a = None`, `del x.a`, `x.a.clear()`; `null` for all else. */
export function emptiedAttribute(node: PythonNode): AttributeNode | null {
  switch (node.kind) {
    case 'assignment': {
      if (node.left.kind !== 'attribute' || !node.right) return null
      let value: PythonNode = node.right
      while (value.kind === 'assignment' && value.right) value = value.right
      return value.kind === 'none' ? node.left : null
    }
    case 'delete_statement': {
      const target = node.namedChildren[0]
      return target?.kind === 'attribute' ? target : null
    }
    case 'call': {
      const called = node.function
      const isClear = called.kind === 'attribute' && called.attribute.text === 'clear' && node.parent?.kind === 'expression_statement'
      return isClear && called.object.kind === 'attribute' && node.arguments.namedChildren.length === 0 ? called.object : null
    }
    default:
      return null
  }
}

/**
 * The use of the value of `x.a` that comes to nothing since a statement has emptied it before; `null` if there is none. A value that was used before is
 * taken for copied, and so is one that may be given anew before the use.
 */
export function useOfEmptied(context: AttributeContext, attribute: AttributeNode, statement: PythonNode): AttributeNode | null {
  const root = rootOf(attribute)
  const body = codeAround(context, attribute)
  if (!root || (body.kind !== 'function_definition' && body.kind !== 'module')) return null
  const same = [...body.descendants('attribute')].filter((other) => other !== attribute && other.text === attribute.text)
  const uses = same.filter((other) => isUsed(context, other))
  if (uses.length === 0 || !mayBeStored(context, attribute, root)) return null
  const binding = context.scopes.bindingOf(root)
  const own = uses.filter((use) => context.scopes.bindingOf(rootOf(use)!) === binding && codeAround(context, use) === body)
  if (own.length === 0) return null
  const flow = context.flow(body)
  const rebound = (binding?.definitions ?? []).filter(({ scope, kind }) => scope.node === body && kind !== 'parameter').map(({ node }) => node)
  if (own.some((use) => flow.canReach(use, statement, { avoiding: rebound }))) return null
  const given = [...same.filter((other) => isGiven(other)), ...touchesOf(body, root)]
  const isGivenBetween = (use: PythonNode): boolean => given.some((place) => flow.canReach(statement, place) && flow.canReach(place, use))
  return own.find((use) => flow.canReach(statement, use, { avoiding: rebound, exceptions: 'errors' }) && !isGivenBetween(use)) ?? null
}

/** The function that executes a node, or the module. */
function codeAround({ scopes }: AttributeContext, node: PythonNode): PythonNode {
  return scopes.scopeOf(node).function?.node ?? scopes.module.node
}

function rootOf({ object }: AttributeNode): IdentifierNode | null {
  let current: PythonNode = object
  while (current.kind === 'attribute') current = current.object
  return current.kind === 'identifier' ? current : null
}

/** Whether the object may be a row that was there before: an instance of a model, or of an unknown class that is not made here. */
function mayBeStored(context: AttributeContext, { object }: AttributeNode, root: IdentifierNode): boolean {
  const made = context.scopes.bindingOf(root)?.definitions.some(({ value }) => value?.kind === 'call' && context.typeOf(value.function).kind === 'class')
  if (made) return false
  const type = context.typeOf(object)
  if (type.kind === 'instance') return isModelClass(context.project, type.class)
  return type.kind === 'unknown' || type.kind === 'union'
}

/** Whether the value is assigned or passed, as it is or as a part of something. What is logged does not count. */
function isUsed(context: AttributeContext, use: AttributeNode): boolean {
  for (let child: PythonNode = use, node = use.parent; node; child = node, node = node.parent) {
    switch (node.kind) {
      case 'assignment':
      case 'augmented_assignment':
        return node.right === child
      case 'named_expression':
        return node.value === child
      case 'argument_list':
        return node.parent?.kind === 'call' && !isLoggingOrReporterCall(context, node.parent) && !isTest(node.parent)
      case 'conditional_expression':
        if (node.namedChildren[1] === child) return false
        break
      case 'attribute':
      case 'call':
      case 'keyword_argument':
      case 'parenthesized_expression':
      case 'binary_operator':
      case 'boolean_operator':
      case 'list':
      case 'tuple':
      case 'set':
      case 'dictionary':
      case 'pair':
      case 'expression_list':
      case 'string':
      case 'interpolation':
      case 'subscript':
      case 'await':
      case 'list_splat':
      case 'dictionary_splat':
        break
      default:
        return false
    }
  }
  return false
}

/** `isinstance(x.a, ...)`, `len(x.a)` look at the value only. */
function isTest({ function: called }: PythonNode & { readonly kind: 'call' }): boolean {
  return called.kind === 'identifier' && TESTS.has(called.text)
}

const TESTS: ReadonlySet<string> = new Set(['bool', 'callable', 'getattr', 'hasattr', 'id', 'isinstance', 'len', 'print', 'type'])

/** Whether `x.a` gets a value here: it is a target, or a method may fill it. */
function isGiven(attribute: AttributeNode): boolean {
  const { parent } = attribute
  if (!parent) return false
  if ((parent.kind === 'assignment' || parent.kind === 'augmented_assignment') && parent.left === attribute) return true
  if (parent.kind === 'pattern_list' || parent.kind === 'tuple_pattern' || parent.kind === 'as_pattern_target') return true
  if (parent.kind === 'subscript') return parent.parent?.kind === 'assignment' && parent.parent.left === parent
  return parent.kind === 'attribute' && parent.parent?.kind === 'call' && parent.parent.function === parent && parent.attribute.text !== 'clear'
}

/** Calls that may give attributes of the object values: methods of it, and functions that get it. Adding it to a session does not. */
function touchesOf(body: PythonNode, root: IdentifierNode): readonly PythonNode[] {
  return [...body.descendants('identifier')].flatMap((identifier): PythonNode[] => {
    if (identifier.text !== root.text) return []
    const { parent } = identifier
    if (parent?.kind === 'attribute' && parent.object === identifier) return parent.parent?.kind === 'call' && parent.parent.function === parent ? [parent.parent] : []
    const list = parent?.kind === 'keyword_argument' ? parent.parent : parent
    const call = list?.kind === 'argument_list' ? list.parent : null
    if (call?.kind !== 'call') return []
    const called = withoutParentheses(call.function)
    return called.kind === 'attribute' && KEEPING.has(called.attribute.text) ? [] : [call]
  })
}

const KEEPING: ReadonlySet<string> = new Set(['add', 'add_all', 'append', 'delete', 'expunge'])
