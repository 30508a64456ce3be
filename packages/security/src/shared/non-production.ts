import {
  lastNameOf, lastPart, stringText, terminates, withoutLastPart, withoutParentheses,
  type BlockNode, type CaseClauseNode, type ComparisonOperatorNode, type IfStatementNode, type PythonNode, type PythonRuleContext,
} from '@krait/python'
import { configNames } from './config-value.ts'
import { securityNames } from './security-settings.ts'

/** Conditions nested deeper than this, and longer chains of names for conditions, are not read. */
const MAX_DEPTH = 20

/** The name of a configuration value that says where the code runs. */
const ENVIRONMENT_NAME = /env|stage/i

const FALSE_TEXTS: ReadonlySet<string> = new Set(['', '0', 'f', 'false', 'n', 'no', 'none', 'off'])

/**
 * Whether a node runs only where a test shows that this is not production: under `if settings.debug`, `if not is_production`,
 * `if settings.environment == "local"`, in the other branch of a test for production, or behind an `if` that leaves in production.
 */
export function isNonProduction(context: PythonRuleContext, node: PythonNode): boolean {
  for (let child = node, parent = node.parent; parent; child = parent, parent = parent.parent) {
    if (isUnderTest(context, child, parent)) return true
  }
  return false
}

function isUnderTest(context: PythonRuleContext, child: PythonNode, parent: PythonNode): boolean {
  switch (parent.kind) {
    case 'if_statement':
      return isInBranch(context, child, parent)
    case 'elif_clause':
    case 'while_statement':
      return child.fieldName !== 'condition' && child.fieldName !== 'alternative' && excludesProduction(context, parent.condition, true)
    case 'conditional_expression': {
      const [then, test] = parent.namedChildren
      return test !== undefined && child !== test && excludesProduction(context, test, child === then)
    }
    case 'boolean_operator':
      return child === parent.right && excludesProduction(context, parent.left, parent.operator.kind === 'and')
    case 'case_clause':
      return child === parent.consequence && caseExcludes(context, parent)
    case 'block':
    case 'module':
      return isBehindExit(context, child)
    default:
      return false
  }
}

/** An `elif` or `else` runs when the tests before it have failed. */
function isInBranch(context: PythonRuleContext, child: PythonNode, { condition, alternative }: IfStatementNode): boolean {
  if (child === condition) return false
  if (child.kind !== 'elif_clause' && child.kind !== 'else_clause') return excludesProduction(context, condition, true)
  if (excludesProduction(context, condition, false)) return true
  for (const clause of alternative) {
    if (clause === child) break
    if (clause.kind === 'elif_clause' && excludesProduction(context, clause.condition, false)) return true
  }
  return false
}

/** Behind `if settings.is_production: return`. */
function isBehindExit(context: PythonRuleContext, statement: PythonNode): boolean {
  for (let before = statement.previousNamedSibling; before; before = before.previousNamedSibling) {
    if (before.kind !== 'if_statement' || before.alternative.length > 0 || !leaves(context, before.consequence)) continue
    if (excludesProduction(context, before.condition, false)) return true
  }
  return false
}

function leaves(context: PythonRuleContext, block: BlockNode): boolean {
  const last = block.namedChildren.at(-1)
  switch (last?.kind) {
    case 'return_statement':
    case 'raise_statement':
    case 'continue_statement':
    case 'break_statement':
      return true
    case 'expression_statement': {
      const [call] = last.namedChildren
      return call?.kind === 'call' && terminates(context, call)
    }
    default:
      return false
  }
}

/** Whether a condition that came out as `outcome` shows that this is not production. */
function excludesProduction(context: PythonRuleContext, condition: PythonNode, outcome: boolean, depth = 0): boolean {
  let test = withoutParentheses(condition)
  let value = outcome
  for (; test.kind === 'not_operator'; value = !value) test = withoutParentheses(test.argument)
  if (depth > MAX_DEPTH) return false
  if (test.kind === 'boolean_operator') {
    const parts = operandsOf(test, test.operator.kind)
    const shows = (part: PythonNode) => excludesProduction(context, part, value, depth + 1)
    // All parts of a true `and` are true, all parts of a false `or` are false; else one of them decided, and any may have been it.
    return (test.operator.kind === 'and') === value ? parts.some(shows) : parts.every(shows)
  }
  if (test.kind === 'comparison_operator') return comparisonExcludes(context, test, value)
  return flagExcludes(context, test, value) || boundTestExcludes(context, test, value, depth)
}

/** The operands of `a and b and c`, which leans to the left. */
function operandsOf(operator: PythonNode, kind: 'and' | 'or'): readonly PythonNode[] {
  const operands: PythonNode[] = []
  let left = operator
  for (; left.kind === 'boolean_operator' && left.operator.kind === kind; left = withoutParentheses(left.left)) operands.push(left.right)
  operands.push(left)
  return operands
}

/** `local = settings.environment == "local"`, tested later by its name. */
function boundTestExcludes(context: PythonRuleContext, test: PythonNode, outcome: boolean, depth: number): boolean {
  const definition = test.kind === 'identifier' ? context.scopes.bindingOf(test)?.onlyDefinition : null
  return definition?.value ? excludesProduction(context, definition.value, outcome, depth + 1) : false
}

function flagExcludes(context: PythonRuleContext, test: PythonNode, outcome: boolean): boolean {
  return outcome ? isFlag(context, test, 'developmentFlags') : isFlag(context, test, 'productionFlags')
}

/** A name, attribute, key or call of the list; an environment variable may have a prefix (`SHOP_DEBUG`). */
function isFlag(context: PythonRuleContext, test: PythonNode, list: 'developmentFlags' | 'productionFlags'): boolean {
  const flags = securityNames(context.settings, list)
  const name = lastNameOf(test)
  if (name !== null && flags.includes(name)) return true
  return configNames(context, test).some((key) => flags.some((flag) => key === flag || key.endsWith(`_${flag.toUpperCase()}`)))
}

/** A comparison of the environment with literals, or of a flag with `True` or the like. */
function comparisonExcludes(context: PythonRuleContext, { namedChildren, operators }: ComparisonOperatorNode, outcome: boolean): boolean {
  const [left, right, third] = namedChildren
  const operator = operators[0]?.text.replace(/\s+/g, ' ')
  if (!left || !right || third || operators.length !== 1) return false
  const isPositive = operator === '==' || operator === 'in' || operator === 'is'
  if (!isPositive && operator !== '!=' && operator !== 'not in' && operator !== 'is not') return false
  const isOneOf = isPositive === outcome
  const literals = literalsOf(context, right)
  if (literals) return sideExcludes(context, left, literals, isOneOf)
  const reversed = literalsOf(context, left)
  return reversed ? sideExcludes(context, right, reversed, isOneOf) : false
}

/** `case "local" | "staging":` of a `match` over the environment. */
function caseExcludes(context: PythonRuleContext, { namedChildren, parent }: CaseClauseNode): boolean {
  const subject = parent?.parent?.kind === 'match_statement' ? parent.parent.subject[0] : undefined
  const patterns = namedChildren.filter(({ kind }) => kind === 'case_pattern')
  const pattern = patterns.length === 1 ? patterns[0]!.namedChildren[0] : undefined
  if (!subject || !pattern) return false
  const literals: string[] = []
  for (const part of pattern.kind === 'union_pattern' ? pattern.namedChildren : [pattern]) {
    const literal = stringText(part) ?? enumMember(context, part)
    if (literal === null) return false
    literals.push(literal)
  }
  return sideExcludes(context, subject, literals, true)
}

function sideExcludes(context: PythonRuleContext, tested: PythonNode, literals: readonly string[], isOneOf: boolean): boolean {
  if (configNames(context, tested).some((name) => ENVIRONMENT_NAME.test(name))) {
    return isOneOf ? !literals.some(isProductionName) : literals.some(isProductionName)
  }
  const truths = new Set(literals.map((literal) => !FALSE_TEXTS.has(literal.toLowerCase())))
  return truths.size === 1 && flagExcludes(context, tested, truths.has(true) === isOneOf)
}

function isProductionName(literal: string): boolean {
  return literal.toLowerCase().startsWith('prod')
}

/** The texts of a literal, enum member or known name, or of a collection of them; `null` if one is not known. */
function literalsOf(context: PythonRuleContext, node: PythonNode): readonly string[] | null {
  const literal = withoutParentheses(node)
  const items = literal.kind === 'tuple' || literal.kind === 'list' || literal.kind === 'set' ? literal.namedChildren : null
  if (!items) return constantTexts(context, literal)
  const texts: string[] = []
  for (const item of items) {
    const known = constantTexts(context, item)
    if (!known) return null
    texts.push(...known)
  }
  return texts.length > 0 ? texts : null
}

function constantTexts(context: PythonRuleContext, node: PythonNode): readonly string[] | null {
  const member = enumMember(context, node)
  if (member !== null) return [member]
  const constant = context.constantOf(node)
  if (Array.isArray(constant)) return constant.length > 0 ? constant.map(String) : null
  return constant === undefined || constant === null || typeof constant === 'object' ? null : [String(constant)]
}

/** The value of a member of an enum, as far as it is a string, or else its name. */
function enumMember(context: PythonRuleContext, node: PythonNode): string | null {
  const name = node.kind === 'attribute' || node.kind === 'dotted_name' ? context.resolve(node) : null
  if (name === null || context.project.isSubclassOf(withoutLastPart(name), ['enum.Enum']) !== true) return null
  const value = context.values.constant({ kind: 'name', name: `${name}.value` })
  return typeof value === 'string' ? value : lastPart(name)
}
