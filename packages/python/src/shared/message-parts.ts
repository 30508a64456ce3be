import type { CallNode } from '../generated/nodes.ts'
import type { PythonServices } from '../services.ts'
import type { PythonNode } from '../syntax/node.ts'
import { withoutParentheses } from './parentheses.ts'
import { stringParts, stringText } from './strings.ts'

/** A part of a text that is built: constant text, or a value that is put in. */
export type MessagePart = string | PythonNode

/** A text that is put together from constant text and values. */
export interface BuiltText {
  readonly kind: 'f-string' | 'percent' | 'format' | 'concatenation'
  /** In order. Of `%` and `.format()` the values alone, where the text between them is not understood. */
  readonly parts: readonly MessagePart[]
  /** Whether `parts` is the whole text, and each value is put in by `str()`. */
  readonly isPlain: boolean
}

/** Longer sums are not taken apart. */
const MAX_OPERANDS = 200
/** Sums in the parentheses of sums are taken apart down to here. */
const MAX_DEPTH = 10

/** Takes apart an expression that builds a text around values: an f-string, `"..." % x`, `"...".format(x)`, `"..." + x`. `null` for all else, also constants. */
export function builtText(context: PythonServices, expression: PythonNode): BuiltText | null {
  return builtAt(context, expression, 0)
}

function builtAt(context: PythonServices, expression: PythonNode, depth: number): BuiltText | null {
  const node = withoutParentheses(expression)
  switch (node.kind) {
    case 'string':
    case 'concatenated_string':
      return ofFormatString(node)
    case 'call':
      return ofFormatCall(context, node)
    case 'binary_operator':
      if (node.operator.kind === '%') return isText(context, node.left) ? ofPercent(node.left, node.right) : null
      return node.operator.kind === '+' && depth < MAX_DEPTH ? ofSum(context, node, depth) : null
    default:
      return null
  }
}

/** Whether a value in a text is a constant of a module by its name: `VERSION`, `app.VERSION`. */
export function isModuleConstant(context: PythonServices, node: PythonNode): boolean {
  const name = node.kind === 'attribute' ? node.attribute : node
  if (name.kind !== 'identifier' || !/^_*[A-Z][A-Z0-9_]*$/.test(name.text)) return false
  if (node.kind === 'attribute') return context.resolve(node) !== null
  const binding = context.scopes.bindingOf(node)
  return binding === null || binding.scope.kind === 'module'
}

function ofFormatString(node: PythonNode): BuiltText | null {
  const fields = [...node.descendants('interpolation')].filter((field) => field.closest('interpolation') === null || !node.contains(field.closest('interpolation')!))
  if (fields.length === 0) return null
  const texts = stringParts(node)
  const isWhole = texts !== null && texts.filter((text) => text === null).length === fields.length
  let next = 0
  const parts: readonly MessagePart[] = isWhole ? texts.map((text) => text ?? fields[next++]!.expression) : fields.map(({ expression }) => expression)
  const isPlain = isWhole && fields.every((field) => !field.type_conversion && !field.format_specifier && field.children.every(({ kind }) => kind !== '='))
  return { kind: 'f-string', parts, isPlain }
}

/** `"{} of {}".format(a, b)` */
function ofFormatCall(context: PythonServices, { function: called, arguments: list }: CallNode): BuiltText | null {
  if (called?.kind !== 'attribute' || called.attribute.text !== 'format' || !isText(context, called.object)) return null
  const values = list.namedChildren.map((child) => (child.kind === 'keyword_argument' ? child.value : child))
  const texts = stringText(withoutParentheses(called.object))?.split('{}') ?? []
  const isPlain =
    texts.length === values.length + 1 &&
    !texts.some((text) => /[{}]/.test(text)) &&
    list.namedChildren.every(({ kind }) => kind !== 'keyword_argument' && kind !== 'list_splat' && kind !== 'dictionary_splat')
  return { kind: 'format', parts: isPlain ? interleave(texts, values) : values, isPlain }
}

/** `"%s of %s" % (a, b)` */
function ofPercent(format: PythonNode, right: PythonNode): BuiltText {
  const given = withoutParentheses(right)
  const values = given.kind === 'tuple' ? given.namedChildren : [given]
  const text = stringText(withoutParentheses(format)) ?? ''
  const texts = text.split('%s')
  const isPlain = texts.length === values.length + 1 && !texts.some((part) => part.includes('%')) && values.every(({ kind }) => kind !== 'list_splat' && kind !== 'dictionary')
  return { kind: 'percent', parts: isPlain ? interleave(texts, values) : values, isPlain }
}

function ofSum(context: PythonServices, sum: PythonNode, depth: number): BuiltText | null {
  const operands: PythonNode[] = []
  let node = sum
  while (node.kind === 'binary_operator' && node.operator.kind === '+' && operands.length < MAX_OPERANDS) {
    operands.unshift(node.right)
    node = withoutParentheses(node.left)
  }
  operands.unshift(node)
  const parts: MessagePart[] = []
  let hasText = false
  let isPlain = true
  for (const operand of operands.map(withoutParentheses)) {
    const built = builtAt(context, operand, depth + 1)
    const text = built ? null : (stringText(operand) ?? constantText(context, operand))
    hasText ||= built !== null || text !== null
    isPlain &&= built?.isPlain ?? true
    if (built) parts.push(...built.parts)
    else if (operand.kind === 'call' && context.resolvesTo(operand.function, ['builtins.str']) && operand.arguments.namedChildren.length === 1) parts.push(operand.arguments.namedChildren[0]!)
    else parts.push(text ?? operand)
  }
  return hasText && parts.some((part) => typeof part !== 'string') ? { kind: 'concatenation', parts, isPlain } : null
}

function constantText(context: PythonServices, node: PythonNode): string | null {
  const value = context.constantOf(node)
  return typeof value === 'string' ? value : null
}

function isText(context: PythonServices, expression: PythonNode): boolean {
  const node = withoutParentheses(expression)
  return node.kind === 'string' || node.kind === 'concatenated_string' || constantText(context, node) !== null
}

function interleave(texts: readonly string[], values: readonly PythonNode[]): MessagePart[] {
  return texts.flatMap((text, i) => [text, ...values.slice(i, i + 1)]).filter((part) => part !== '')
}
