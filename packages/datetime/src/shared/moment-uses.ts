import type { CallNode, PythonNode, PythonRuleContext } from '@krait/python'
import { lastNameOf, positionalArguments, templateOf, withoutParentheses } from '@krait/python'
import { columnDefinitionAround, columnKeyword } from './column-definitions.ts'
import { columnValues } from './column-values.ts'
import type { ColumnUse } from './columns.ts'
import { classColumn, columnBehind, instanceColumn, shiftedColumn } from './columns.ts'

/**
 * What happens to a naive datetime at one place.
 *
 * `escapes`: it is returned, stored or passed on. `text`: it is made into text as it is. `normalised`: it gets a zone. `formatted`: only a part of it, or formatted text, is taken.
 * `met`: it is compared with or subtracted from `other`. `column`: it goes into a column, or is compared with one. `nothing`: nobody sees it.
 */
export type MomentUse =
  | { readonly kind: 'escapes' | 'text' | 'normalised' | 'formatted' | 'nothing'; readonly node: PythonNode }
  | { readonly kind: 'timestamp'; readonly node: PythonNode }
  | { readonly kind: 'met'; readonly node: PythonNode; readonly other: PythonNode }
  | { readonly kind: 'column'; readonly node: PythonNode; readonly column: Pick<ColumnUse, 'kind'> }

/** Locals that lead to more uses than these are taken to escape. */
const MAX_USES = 60

/** All that happens to the value of an expression, through locals of the same code. */
export function usesOfMoment(context: PythonRuleContext, expression: PythonNode): readonly MomentUse[] {
  const found: MomentUse[] = []
  const seen = new Set<PythonNode>()
  const waiting = [expression]
  for (let node = waiting.pop(); node; node = waiting.pop()) {
    if (seen.has(node)) continue
    seen.add(node)
    if (seen.size > MAX_USES) return [{ kind: 'escapes', node: expression }]
    const step = stepOf(context, node)
    if ('reads' in step) waiting.push(...step.reads)
    else found.push(step)
  }
  return found
}

/** The next places of the same value, or its use. */
type Step = MomentUse | { readonly reads: readonly PythonNode[] }

function stepOf(context: PythonRuleContext, node: PythonNode): Step {
  const { parent } = node
  if (node.kind === 'identifier' && context.kindOf(node).kind === 'aware') return { kind: 'normalised', node }
  if (!parent) return { kind: 'nothing', node }
  switch (parent.kind) {
    case 'parenthesized_expression':
    case 'await':
      return { reads: [parent] }
    case 'conditional_expression':
      return parent.namedChildren[1] === node ? { kind: 'nothing', node } : { reads: [parent] }
    case 'boolean_operator':
      return isOnlyTested(parent) ? { kind: 'nothing', node } : { reads: [parent] }
    case 'not_operator':
    case 'if_statement':
    case 'elif_clause':
    case 'while_statement':
    case 'assert_statement':
    case 'expression_statement':
      return { kind: 'nothing', node }
    case 'attribute':
      return ofAttribute(context, parent)
    case 'binary_operator':
      return ofArithmetic(context, parent, node)
    case 'comparison_operator':
      return ofComparison(context, parent, node)
    case 'named_expression':
      return withReads(context, parent.name, [parent])
    case 'assignment':
      return ofAssignment(context, parent, node)
    case 'interpolation':
      return { kind: parent.namedChildren.some(({ kind }) => kind === 'format_specifier') ? 'formatted' : 'text', node: parent }
    case 'argument_list':
    case 'keyword_argument':
    case 'pair':
    case 'lambda':
      return ofArgument(context, node)
    default:
      return { kind: 'escapes', node }
  }
}

/** Whether the truth of `a and b` is all that counts. */
function isOnlyTested(node: PythonNode): boolean {
  let { parent } = node
  for (let step = 0; step < MAX_USES && (parent?.kind === 'boolean_operator' || parent?.kind === 'parenthesized_expression'); step++) parent = parent.parent
  return parent !== null && TESTS.has(parent.kind)
}

const TESTS: ReadonlySet<string> = new Set(['if_statement', 'elif_clause', 'while_statement', 'not_operator', 'assert_statement'])

function ofAttribute(context: PythonRuleContext, attribute: PythonNode & { kind: 'attribute' }): Step {
  const name = attribute.attribute.text
  const call = attribute.parent?.kind === 'call' && attribute.parent.function === attribute ? attribute.parent : null
  if (!call) return { kind: name === 'tzinfo' ? 'nothing' : 'formatted', node: attribute }
  switch (name) {
    case 'astimezone':
      return { kind: 'normalised', node: call }
    case 'replace':
      return context.kindOf(call).kind === 'aware' ? { kind: 'normalised', node: call } : { reads: [call] }
    case 'isoformat':
      return { kind: 'text', node: call }
    case 'timestamp':
      return { kind: 'timestamp', node: call }
    case 'utcoffset':
    case 'tzname':
      return { kind: 'nothing', node: call }
    default:
      return { kind: 'formatted', node: call }
  }
}

function ofArithmetic(context: PythonRuleContext, operation: PythonNode & { kind: 'binary_operator' }, node: PythonNode): Step {
  const operator = operation.operator.kind
  if (operator === '%') return templateOf(operation) ? { kind: 'text', node: operation } : { kind: 'escapes', node }
  const other = operation.left === node ? operation.right : operation.left
  if (operator === '+') return { reads: [operation] }
  const column = columnOf(context, other)
  if (column) return { kind: 'column', node: operation, column }
  const kind = context.kindOf(other).kind
  if (operator !== '-') return { kind: 'escapes', node }
  return kind === 'delta' || kind === 'calendar-delta' ? { reads: [operation] } : { kind: 'met', node: operation, other }
}

function ofComparison(context: PythonRuleContext, comparison: PythonNode & { kind: 'comparison_operator' }, node: PythonNode): Step {
  const operands = comparison.namedChildren.filter(({ kind }) => kind !== 'comment')
  const at = operands.indexOf(node)
  const others = [operands[at - 1], operands[at + 1]].filter((other) => other !== undefined)
  const other = others.find((candidate) => candidate.kind !== 'none')
  if (!other) return { kind: 'nothing', node: comparison }
  const column = others.map((candidate) => columnOf(context, candidate)).find((found) => found !== null)
  return column ? { kind: 'column', node: comparison, column } : { kind: 'met', node: comparison, other }
}

function columnOf(context: PythonRuleContext, expression: PythonNode): ColumnUse | null {
  const node = withoutParentheses(expression)
  if (node.kind === 'attribute') return instanceColumn(context, node) ?? classColumn(context, node)
  return node.kind === 'binary_operator' ? (columnBehind(context, node) ?? shiftedColumn(context, node)) : node.kind === 'identifier' || node.kind === 'named_expression' ? columnBehind(context, node) : null
}

function ofAssignment(context: PythonRuleContext, assignment: PythonNode & { kind: 'assignment' }, node: PythonNode): Step {
  const { left } = assignment
  if (left.kind === 'identifier') return withReads(context, left, assignment.parent?.kind === 'assignment' ? [assignment] : [])
  if (left.kind !== 'attribute') return { kind: 'escapes', node }
  const column = instanceColumn(context, left)
  return column ? { kind: 'column', node: assignment, column } : { kind: 'escapes', node: assignment }
}

/** The reads of a local; a name that other code sees is stored. */
function withReads(context: PythonRuleContext, name: PythonNode, others: readonly PythonNode[]): Step {
  const definition = context.scopes.bindingOf(name)?.definitions.find((candidate) => candidate.name === name)
  if (!definition) return { kind: 'escapes', node: name }
  const { reads, elsewhere } = context.flow(name).readsOf(definition)
  return elsewhere ? { kind: 'escapes', node: name } : { reads: [...reads, ...others] }
}

/** What a call does with an argument; of a lambda, what becomes of its result. */
function ofArgument(context: PythonRuleContext, node: PythonNode): Step {
  const keyword = node.closest('keyword_argument', 'pair', 'argument_list', 'call', 'block')
  if ((keyword?.kind === 'keyword_argument' || keyword?.kind === 'pair') && COLUMN_KEYWORDS.has(columnKeyword(keyword)?.name ?? '')) {
    const column = columnDefinitionAround(context, keyword)
    if (column) return { kind: 'column', node: keyword, column }
  }
  if (node.parent?.kind === 'lambda') return { kind: 'escapes', node: node.parent }
  for (let call: CallNode | null = node.closest('call') as CallNode | null, step = 0; call && step < 3; call = call.parent?.closest('call') as CallNode | null, step++) {
    for (const { column, value } of columnValues(context, call)) if (value === node) return { kind: 'column', node, column }
    if (node.parent?.kind !== 'pair') break
  }
  const call = node.parent?.kind === 'argument_list' || node.parent?.kind === 'keyword_argument' ? (node.closest('call') as CallNode | null) : null
  return call ? ofCall(context, call, node) : { kind: 'escapes', node }
}

function ofCall(context: PythonRuleContext, call: CallNode, node: PythonNode): Step {
  const name = context.resolve(call.function)
  const method = call.function.kind === 'attribute' ? call.function.attribute.text : null
  // Of several naive values the first or last is one of them.
  if ((name === 'builtins.min' || name === 'builtins.max') && positionalArguments(call).every((other) => context.kindOf(other).kind === 'naive')) return { reads: [call] }
  if (lastNameOf(call.function) === 'make_aware' || context.kindOf(call).kind === 'aware') return { kind: 'normalised', node: call }
  if (method === 'localize' || (name !== null && context.kinds.project.isNormalizer(name))) return { kind: 'normalised', node: call }
  if (name === 'builtins.str' || name === 'builtins.repr') return { kind: 'text', node: call }
  if (name === 'builtins.format' && positionalArguments(call).length === 2) return { kind: 'formatted', node: call }
  const template = templateOf(call)
  if (template?.value === node && template.format !== '') return { kind: 'formatted', node: call }
  if (method === 'between' && call.function.kind === 'attribute') {
    const column = classColumn(context, call.function.object)
    if (column) return { kind: 'column', node: call, column }
  }
  if (name === 'builtins.isinstance' || name === 'builtins.bool') return { kind: 'nothing', node: call }
  return { kind: 'escapes', node: call }
}

const COLUMN_KEYWORDS: ReadonlySet<string> = new Set(['default', 'insert_default', 'onupdate', 'default_factory'])
