import type { FunctionDefinitionNode, PythonNode } from '@krait/python'
import { lastNameOf, stringText } from '@krait/python'

/** Keywords that say nothing of the value: what is declared with it has the name. */
const TRANSPARENT_KEYWORDS: ReadonlySet<string> = new Set(['default', 'default_factory', 'factory', 'initial'])

/**
 * The names that say what the value of an expression is, from the inside out: its keyword, parameter or dict key, or else the target that it is assigned
 * to; then the function around it. An argument by position and an operand are taken to make up the value of the whole; the result of a comparison
 * is another thing. The name of a test says what the test is about, and is left out.
 */
export function namesAround(expression: PythonNode): string[] {
  const { names, end } = namesOfValue(expression)
  const around = functionAround(end)
  return around && !around.name.text.startsWith('test') ? [...names, around.name.text] : names
}

/** The place where an expression is assigned; `null` if it is not. */
export function assignedName(expression: PythonNode): PythonNode | null {
  for (let child = expression, node = child.parent; node && !isStatement(node); child = node, node = node.parent) {
    if (node.kind === 'keyword_argument' || node.kind === 'pair') return null
    if (node.kind === 'assignment' || node.kind === 'augmented_assignment') return node.left
    if (node.kind === 'named_expression') return node.name
  }
  return null
}

function namesOfValue(expression: PythonNode): { readonly names: string[]; readonly end: PythonNode } {
  const names: string[] = []
  let child = expression
  for (let node = child.parent; node && !isStatement(node); child = node, node = node.parent) {
    switch (node.kind) {
      case 'comparison_operator':
        return { names, end: node }
      case 'subscript':
        if (node.value !== child) return { names, end: node }
        break
      case 'keyword_argument':
        if (TRANSPARENT_KEYWORDS.has(node.name.text)) break
        return { names: [...names, node.name.text], end: node }
      case 'default_parameter':
      case 'typed_default_parameter':
        // A default value belongs to the code around the function.
        return { names: [...names, node.name.text], end: node.closest('function_definition', 'lambda') ?? node }
      case 'pair':
        if (node.value === child) return { names: [...names, ...nameOfKey(node.key)], end: node }
        return { names, end: node }
      case 'named_expression':
        names.push(node.name.text)
        break
      case 'assignment':
      case 'augmented_assignment':
        if (node.right === child) names.push(...nameOfTarget(targetOf(node.left, child, expression)))
        break
    }
  }
  return { names, end: child }
}

function functionAround(node: PythonNode): FunctionDefinitionNode | null {
  return node.closest('function_definition')
}

/** The target that gets the expression: of `a, b = x, y` the one at its position. */
function targetOf(left: PythonNode, right: PythonNode, expression: PythonNode): PythonNode {
  if (left.kind !== 'pattern_list' || right.kind !== 'expression_list') return left
  return left.namedChildren[right.namedChildren.findIndex((item) => item.contains(expression))] ?? left
}

function nameOfTarget(target: PythonNode): string[] {
  if (target.kind === 'subscript' && target.subscript.length === 1) return nameOfKey(target.subscript[0]!)
  const name = lastNameOf(target)
  return name === null ? [] : [name]
}

function nameOfKey(key: PythonNode): string[] {
  const name = stringText(key) ?? lastNameOf(withoutValue(key))
  return name === null ? [] : [name]
}

/** `Interval.MONTH` of `Interval.MONTH.value`. */
export function withoutValue(node: PythonNode): PythonNode {
  return node.kind === 'attribute' && (node.attribute.text === 'value' || node.attribute.text === 'name') ? node.object : node
}

function isStatement({ kind }: PythonNode): boolean {
  return kind === 'block' || kind === 'module' || kind === 'function_definition' || kind === 'class_definition'
}
