import type { Constant, PythonNode } from '@krait/python'
import { stringText, withoutParentheses } from '@krait/python'
import { withoutValue } from './names-around.ts'

/** What `selectingWords` needs; a rule's context has it. */
interface BranchContext {
  constantOf(node: PythonNode): Constant | undefined
  resolve(node: PythonNode): string | null
}

/** Conditions with more parts are not looked at further. */
const MAX_PARTS = 100

/**
 * The literals and enum members that select the code of a node, from the inside out: `month` in `if interval == "month":`, `YEAR` in
 * `case Interval.YEAR:`. The function around the node is the limit.
 */
export function* selectingWords(context: BranchContext, node: PythonNode): Generator<string> {
  for (let child = node, up = child.parent; up && up.kind !== 'function_definition' && up.kind !== 'class_definition'; child = up, up = up.parent) {
    const branch = branchAt(child, up)
    if (branch?.pattern) yield* wordsOfPattern(branch.pattern)
    if (branch?.condition) yield* wordsOfCondition(context, branch.condition, branch.holds)
  }
}

interface Branch {
  readonly condition?: PythonNode | undefined
  readonly pattern?: PythonNode
  /** The branch is taken if the condition holds; else if it does not. */
  readonly holds: boolean
}

/** What decides over the branch `child` of `node`. */
function branchAt(child: PythonNode, node: PythonNode): Branch | null {
  switch (node.kind) {
    case 'if_statement':
      if (child === node.consequence) return { condition: node.condition, holds: true }
      return child.kind === 'else_clause' && node.alternative.length === 1 ? { condition: node.condition, holds: false } : null
    case 'elif_clause':
      return child === node.consequence ? { condition: node.condition, holds: true } : null
    case 'conditional_expression': {
      const [then, condition] = node.namedChildren
      if (!condition || child === condition) return null
      return { condition, holds: child === then }
    }
    case 'case_clause':
      if (child !== node.consequence) return null
      return { pattern: node, condition: node.guard?.namedChildren[0], holds: true }
    default:
      return null
  }
}

function* wordsOfPattern(clause: PythonNode): Generator<string> {
  for (const pattern of clause.namedChildren) {
    if (pattern.kind !== 'case_pattern') continue
    for (const part of [...pattern.descendants('string', 'dotted_name')]) {
      if (part.closest('class_pattern', 'case_pattern')?.kind === 'class_pattern') continue
      const text = part.kind === 'string' ? stringText(part) : memberName(part.text)
      if (text !== null) yield text
    }
  }
}

/** `YEAR` of `Interval.YEAR`; a lone name in a pattern captures. */
function memberName(dotted: string): string | null {
  const parts = dotted.split('.').filter((part) => part !== 'value' && part !== 'name')
  return dotted.includes('.') ? parts.at(-1)! : null
}

/** What the subject is compared with in a condition that holds, or that does not. */
function* wordsOfCondition(context: BranchContext, condition: PythonNode, holds: boolean): Generator<string> {
  const stack: (readonly [PythonNode, boolean])[] = [[condition, holds]]
  for (let entry = stack.pop(), steps = 0; entry && steps < MAX_PARTS; entry = stack.pop(), steps++) {
    const [part, isTrue] = entry
    const node = withoutParentheses(part)
    if (node.kind === 'not_operator') stack.push([node.argument, !isTrue])
    else if (node.kind === 'named_expression') stack.push([node.value, isTrue])
    // Of `a or b` that does not hold, neither part does; of `a and b` that holds, both do.
    else if (node.kind === 'boolean_operator' && (isTrue || node.operator.kind === 'or')) stack.push([node.right, isTrue], [node.left, isTrue])
    else if (node.kind === 'comparison_operator' && node.operators.length === 1 && equates(node.operators[0]!.kind) === isTrue) {
      for (const operand of node.namedChildren) yield* wordsOfOperand(context, operand)
    }
  }
}

/** Whether the operator says that its operands are the same; `undefined` if it says something else. */
function equates(operator: string): boolean | undefined {
  if (operator === '==' || operator === 'in' || operator === 'is') return true
  return operator === '!=' || operator === 'not in' || operator === 'is not' ? false : undefined
}

function* wordsOfOperand(context: BranchContext, operand: PythonNode): Generator<string> {
  const node = withoutParentheses(operand)
  if (node.kind === 'tuple' || node.kind === 'list' || node.kind === 'set') {
    for (const item of node.namedChildren) yield* wordOfConstant(context, item)
  } else yield* wordOfConstant(context, node)
}

/** A literal, or the member that an enum (or another namespace of constants) has under its name. */
function* wordOfConstant(context: BranchContext, node: PythonNode): Generator<string> {
  const value = context.constantOf(node)
  if (typeof value === 'string') yield value
  const member = withoutValue(node)
  const isMember = member.kind === 'attribute' && (/^\p{Lu}[\p{Lu}\p{N}_]*$/u.test(member.attribute.text) || context.resolve(member) !== null)
  if (isMember) yield member.attribute.text
}
