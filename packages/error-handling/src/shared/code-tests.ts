import { withoutParentheses } from '@krait/python'
import type { CaseClauseNode, ComparisonOperatorNode, MatchStatementNode, PythonNode, PythonServices } from '@krait/python'
import { codeKey } from './code-types.ts'
import type { CodeType } from './code-types.ts'

/** A test whether an expression is one of some codes, or none of them. */
export interface CodeTest {
  readonly subject: PythonNode
  /** See `codeKey`. */
  readonly keys: readonly string[]
  readonly isOneOf: boolean
  /** How the first code is written. */
  readonly code: PythonNode
}

/** Longer tests are not taken apart. */
const MAX_OPERANDS = 200

/** `x == E.A`, `x is E.A`, `x in (E.A, E.B)`, the opposite of these, and an `or` of them over the same `x`. */
export function codeTest(context: PythonServices, condition: PythonNode): CodeTest | null {
  const found: CodeTest[] = []
  const pending = [condition]
  for (let node = pending.pop(); node; node = pending.pop()) {
    const inner = withoutParentheses(node)
    if (inner.kind === 'boolean_operator' && inner.operator.kind === 'or') pending.push(inner.right, inner.left)
    else {
      const test = inner.kind === 'comparison_operator' && found.length < MAX_OPERANDS ? comparison(context, inner) : null
      if (!test) return null
      found.push(test)
    }
  }
  const [first] = found
  if (!first || found.length === 1) return first ?? null
  const isSame = found.every(({ subject, isOneOf }) => isOneOf && subject.text === first.subject.text)
  return isSame ? { ...first, keys: found.flatMap(({ keys }) => keys) } : null
}

function comparison(context: PythonServices, { operators, namedChildren }: ComparisonOperatorNode): CodeTest | null {
  const [left, right, third] = namedChildren
  const operator = operators[0]?.kind
  if (!left || !right || third || operator === undefined) return null
  if (operator === 'in' || operator === 'not in') {
    const given = context.values.of(right)
    if ((given.kind !== 'tuple' && given.kind !== 'list' && given.kind !== 'set') || given.open) return null
    const keys = given.items.map((item) => codeKey(context.project, item))
    return keys.length > 0 && keys.every((key) => key !== null) ? { subject: left, keys, isOneOf: operator === 'in', code: right.namedChildren[0] ?? right } : null
  }
  if (!EQUALITY.has(operator)) return null
  const isOneOf = operator === '==' || operator === 'is'
  for (const [subject, code] of [[left, right] as const, [right, left] as const]) {
    const key = codeKey(context.project, context.values.summary(code))
    if (key !== null) return { subject, keys: [key], isOneOf, code }
  }
  return null
}

const EQUALITY: ReadonlySet<string> = new Set(['==', '!=', 'is', 'is not'])

/** What the cases of a `match` say. */
export interface CodeCases {
  /** The codes in patterns, also in those with a guard. */
  readonly keys: readonly string[]
  /** Those in patterns without a guard. */
  readonly covered: readonly string[]
  /** How the first code is written. */
  readonly code: PythonNode | null
}

/** The cases of a `match` over codes; `null` if one catches everything, or is something else. */
export function codeCases(context: PythonServices, cases: readonly CaseClauseNode[]): CodeCases | null {
  const keys: string[] = []
  const covered: string[] = []
  let code: PythonNode | null = null
  for (const clause of cases) {
    const patterns = clause.namedChildren.filter(({ kind }) => kind === 'case_pattern')
    const alternatives = patterns.length === 1 ? alternativesOf(patterns[0]!) : null
    if (!alternatives) return null
    for (const alternative of alternatives) {
      if (alternative.kind === 'none') continue
      if (isCapture(alternative)) {
        if (clause.guard) continue
        return null
      }
      const key = codeKey(context.project, context.values.summary(alternative))
      if (key === null) return null
      code ??= alternative
      keys.push(key)
      if (!clause.guard) covered.push(key)
    }
  }
  return { keys, covered, code }
}

export function casesOf({ body }: MatchStatementNode): readonly CaseClauseNode[] {
  return body.namedChildren.filter((child) => child.kind === 'case_clause')
}

/** The alternatives of a pattern, parentheses and `as` taken away; `null` for one that takes values apart. */
function alternativesOf(pattern: PythonNode): readonly PythonNode[] | null {
  const found: PythonNode[] = []
  const pending = [pattern]
  for (let node = pending.pop(); node; node = pending.pop()) {
    switch (node.kind) {
      case 'case_pattern':
        // `_` and `-1` have tokens of their own.
        if (node.namedChildren.length === 0 || node.children[0]?.kind !== node.namedChildren[0]?.kind) found.push(node)
        else pending.push(node.namedChildren[0]!)
        break
      case 'union_pattern':
        if (node.children.some(({ kind }) => kind === '_')) return null
        pending.push(...[...node.namedChildren].reverse())
        break
      case 'as_pattern':
        pending.push(node.namedChildren[0]!)
        break
      case 'tuple_pattern':
        if (node.namedChildren.length !== 1 || node.children.some(({ kind }) => kind === ',')) return null
        pending.push(node.namedChildren[0]!)
        break
      default:
        found.push(node)
    }
  }
  return found
}

/** `_` or a name. */
function isCapture(pattern: PythonNode): boolean {
  return pattern.kind === 'case_pattern' ? pattern.text === '_' : pattern.kind === 'dotted_name' && pattern.namedChildren.length === 1
}

/**
 * The codes that a subject can not be, or the only ones that it can be, by the tests that have decided before control comes to a place.
 */
export function openCodes(context: PythonServices, place: PythonNode, subject: PythonNode, type: CodeType): ReadonlyMap<string, string> {
  const open = new Map(type.members)
  const flow = context.flow(place)
  for (const { test, outcome } of flow.testsBefore(place)) {
    const decided = codeTest(context, test)
    if (decided?.subject.text !== subject.text) continue
    const keys = new Set(decided.keys.map((key) => memberKey(type, key)))
    const isOneOf = decided.isOneOf === outcome
    for (const key of open.keys()) if (keys.has(key) !== isOneOf) open.delete(key)
  }
  return open
}

/** The key of the member that a key means. */
export function memberKey({ otherKeys }: CodeType, key: string): string {
  return otherKeys.get(key) ?? key
}
