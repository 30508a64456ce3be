import { hasWords, stringText } from '@krait/python'
import type { PythonNode } from '@krait/python'

/** What statements do that let an error pass without a trace. */
export interface InertStatements {
  /** The values, other than `True` and `False`, that they return or assign in place of a result. */
  readonly fallbacks: readonly PythonNode[]
  /** They return `True` or `False`, by which a caller can tell what happened. */
  readonly returnsFlag: boolean
  /** Nothing stands there but `pass`, `...`, `continue`, `break` and a bare `return`. */
  readonly isBare: boolean
}

type Writable<Type> = { -readonly [Key in keyof Type]: Type[Key] }
type Effects = Writable<InertStatements> & { fallbacks: PythonNode[] }

/**
 * Takes the statements of a handler apart if nothing happens in them: `pass`, bare constants, `continue`, `break`, `del` of names, a `return` or an
 * assignment to local names of a constant, an empty display, a plain name or attribute, and an `if` around these. `null` if anything happens: a call,
 * an `await`, a `raise`, or a record of the failure (a boolean, an attribute, a subscript, `+=`, a value that says "failed").
 */
export function inertStatements(statements: readonly PythonNode[]): InertStatements | null {
  const effects: Effects = { fallbacks: [], returnsFlag: false, isBare: true }
  const pending = [...statements]
  for (let statement = pending.pop(); statement; statement = pending.pop()) {
    if (statement.kind === 'block' || statement.kind === 'else_clause') pending.push(...statement.namedChildren)
    else if (statement.kind === 'if_statement' || statement.kind === 'elif_clause') {
      if (!isPure(statement.condition)) return null
      effects.isBare = false
      pending.push(...statement.namedChildren.filter((child) => child !== statement.condition))
    } else if (!addEffects(effects, statement)) return null
  }
  return effects
}

/** Adds what a simple statement does; `false` if it is not inert. */
function addEffects(effects: Effects, statement: PythonNode): boolean {
  switch (statement.kind) {
    case 'pass_statement':
    case 'continue_statement':
    case 'break_statement':
      return true
    case 'return_statement':
      return addResult(effects, statement.namedChildren[0])
    case 'global_statement':
    case 'nonlocal_statement':
      effects.isBare = false
      return true
    case 'delete_statement':
      effects.isBare = false
      return statement.namedChildren.every(isLocalTarget)
    case 'expression_statement':
      return addExpression(effects, statement.namedChildren)
    default:
      return false
  }
}

function addExpression(effects: Effects, [expression]: readonly PythonNode[]): boolean {
  if (expression?.kind === 'assignment') return addAssignment(effects, expression)
  if (expression?.kind !== 'ellipsis') effects.isBare = false
  return expression !== undefined && isConstant(expression)
}

function addResult(effects: Effects, value: PythonNode | undefined): boolean {
  if (!value) return true
  effects.isBare = false
  if (isBoolean(value)) effects.returnsFlag = true
  else effects.fallbacks.push(value)
  return isPlain(value) && !saysFailure(value)
}

/** `a = b = None` and `a, b = None, []`, too. */
function addAssignment(effects: Effects, assignment: PythonNode): boolean {
  effects.isBare = false
  let current = assignment
  while (current.kind === 'assignment') {
    if (!isLocalTarget(current.left)) return false
    // A bare `x: int` assigns nothing.
    if (!current.right) return true
    current = current.right
  }
  effects.fallbacks.push(current)
  return !isBoolean(current) && isPlain(current) && !saysFailure(current)
}

function isLocalTarget(target: PythonNode): boolean {
  if (target.kind === 'identifier') return true
  const isList = target.kind === 'pattern_list' || target.kind === 'tuple_pattern' || target.kind === 'expression_list'
  return isList && target.namedChildren.every(({ kind }) => kind === 'identifier')
}

/** What a value is called that tells of a failure: `Status.FAILED`, `"unavailable"`. */
export const FAILURE_WORDS: readonly string[] = [
  'crashed',
  'degraded',
  'disconnected',
  'down',
  'error',
  'errors',
  'fail',
  'failed',
  'failure',
  'invalid',
  'offline',
  'timed out',
  'timeout',
  'unavailable',
  'unhealthy',
  'unreachable',
]

function saysFailure(value: PythonNode): boolean {
  const words = value.kind === 'attribute' ? value.attribute.text : value.kind === 'identifier' ? value.text : (stringText(value) ?? '')
  return words !== '' && hasWords(words, FAILURE_WORDS)
}

/** A value that takes no work to get: a constant, an empty display, a name, an attribute of names, or a tuple of those other than booleans. */
function isPlain(value: PythonNode): boolean {
  if (isConstant(value) || isEmptyDisplay(value)) return true
  if (value.kind === 'parenthesized_expression') return value.namedChildren.every((inner) => isConstant(inner) || isName(inner))
  if (value.kind === 'expression_list' || value.kind === 'tuple') return value.namedChildren.every(isEmptyValue)
  return isName(value)
}

/** `None`, `0`, `""` and empty displays: what says "nothing" in a tuple, where other constants could be a status. */
function isEmptyValue(value: PythonNode): boolean {
  return value.kind === 'none' || isEmptyDisplay(value) || /^(0(\.0*)?|""|'')$/.test(value.text)
}

function isName(value: PythonNode): boolean {
  let node = value
  while (node.kind === 'attribute') node = node.object
  return node.kind === 'identifier'
}

function isConstant(value: PythonNode): boolean {
  switch (value.kind) {
    case 'none':
    case 'true':
    case 'false':
    case 'ellipsis':
    case 'integer':
    case 'float':
      return true
    case 'string':
    case 'concatenated_string':
      return value.descendants('interpolation').next().done === true
    case 'unary_operator':
      return value.argument.kind === 'integer' || value.argument.kind === 'float'
    default:
      return false
  }
}

export function isEmptyDisplay(value: PythonNode): boolean {
  return (value.kind === 'list' || value.kind === 'tuple' || value.kind === 'dictionary') && value.namedChildren.length === 0
}

function isBoolean(value: PythonNode): boolean {
  return value.kind === 'true' || value.kind === 'false'
}

/** Whether testing a condition does nothing but read. */
function isPure(condition: PythonNode): boolean {
  return condition.kind !== 'call' && condition.descendants('call', 'await', 'yield', 'named_expression').next().done === true
}
