import type { CallNode, ComparisonOperatorNode, PythonNode, PythonRuleContext, TextKind } from '@krait/python'
import { defineRule, excerpt, hasTimeOfDay, isSortable, mayCallAny, optionPattern, positionalArguments, withoutParentheses } from '@krait/python'
import { jsonKey } from '../shared/json-values.ts'
import { ORDERING, comparisons, mayBeTime } from '../shared/operations.ts'
import type { Operation } from '../shared/operations.ts'
import { orderedBy } from '../shared/orderings.ts'
import { datetimeText } from '../shared/utc-text.ts'
import { onlyValueOf } from '../shared/values.ts'

export interface StringDatetimeCompareOptions {
  /** Also values that are read from JSON by a key that speaks of a time. */
  readonly checkJsonFields: boolean
  /** A regular expression for such keys. */
  readonly timestampNamePattern: string
}

type MessageIds = 'text' | 'json' | 'parse'
type Context = PythonRuleContext<MessageIds>

/** An operand that is text made from a datetime. */
interface TextOperand {
  readonly node: PythonNode
  readonly kind: TextKind
}

const defaultOptions: readonly [StringDatetimeCompareOptions] = [
  { checkJsonFields: false, timestampNamePattern: '(_at|_on|_time|_date|timestamp|expires|deadline)$' },
]
const COMPARING: ReadonlySet<string> = new Set(['between', 'min', 'max'])
const EXTREMES: ReadonlySet<string> = new Set(['builtins.min', 'builtins.max'])

export const noStringDatetimeCompare = defineRule({
  name: 'no-string-datetime-compare',
  meta: {
    type: 'problem',
    docs: {
      description: 'Disallow ordering timestamps as text',
      preset: 'recommended',
      severity: 'error',
      since: '0.1.0',
      strictOptions: [{ checkJsonFields: true }],
    },
    messages: {
      text: '`{{code}}` orders timestamps as text: {{operand}}. Compare datetimes: parse the other side with datetime.fromisoformat() and drop {{method}}.',
      json: '`{{code}}` orders timestamps as text: both are strings from JSON, with whatever offset and precision the sender wrote. Parse both sides with datetime.fromisoformat().',
      parse: 'Parse the other side, and compare datetimes',
    },
    schema: [
      {
        type: 'object',
        properties: { checkJsonFields: { type: 'boolean' }, timestampNamePattern: { type: 'string' } },
        additionalProperties: false,
      },
    ],
    hasSuggestions: true,
  },
  defaultOptions,
  create(context, [{ checkJsonFields, timestampNamePattern }]) {
    const timestampName = optionPattern(timestampNamePattern)

    return {
      comparison_operator(node) {
        for (const operation of comparisons(node)) if (ORDERING.has(operation.operator)) checkComparison(operation)
      },
      ...(mayCallAny(context, COMPARING) && { call: checkCall }),
    }

    function checkCall(node: CallNode): void {
      const called = node.function
      if (called.kind === 'attribute' && called.attribute.text === 'between') checkBetween(node, called.object)
      else if (called.kind === 'identifier' && (called.text === 'min' || called.text === 'max')) checkExtreme(node)
    }

    function checkComparison({ node, left, right }: Operation): void {
      const a = textOperand(context, left)
      const b = textOperand(context, right)
      const found = a ?? b
      if (found && !(a && b && isSameMaking(a.kind, b.kind))) report(node, found, node.kind === 'comparison_operator' ? parsedOther(context, node, found) : null)
      else if (!found && checkJsonFields && isTimestamp(left) && isTimestamp(right)) context.report({ node, messageId: 'json', data: { code: excerpt(node) } })
    }

    function isTimestamp(node: PythonNode): boolean {
      const key = jsonKey(context, node)
      return key !== null && timestampName.test(key)
    }

    function checkBetween(node: CallNode, column: PythonNode): void {
      const found = positionalArguments(node).map((argument) => textOperand(context, argument)).find((operand) => operand !== null)
      if (found && isSqlExpression(context, column)) report(node, found, null)
    }

    function checkExtreme(node: CallNode): void {
      const ordered = orderedBy(context, node, EXTREMES)
      const parts = ordered && !node.arguments.text.includes('key=') ? [...ordered.items, ...ordered.keys] : []
      const operands = parts.map((part) => textOperand(context, part))
      const found = operands.find((operand) => operand !== null)
      if (!found) return
      const isSame = operands.every((operand) => operand && isSameMaking(operand.kind, found.kind))
      if (!isSame) report(node, found, null)
    }

    function report(node: PythonNode, found: TextOperand, fix: ReturnType<typeof parsedOther>): void {
      context.report({
        node,
        messageId: 'text',
        data: { code: excerpt(node), operand: describe(context, found), method: makerOf(found.kind) },
        suggest: fix ? [{ messageId: 'parse', fix }] : [],
      })
    }
  },
})

/** An operand whose order as text is not that of the times; `null` for all else. */
function textOperand(context: Context, node: PythonNode): TextOperand | null {
  const isTemplate = withoutParentheses(node).kind === 'string'
  if (!isTemplate && !mayBeTime(node)) return null
  const kind = context.kindOf(node)
  if (kind.kind !== 'text' || kind.isSortableDate) return null
  // Without a date, `08:30` sorts as it should.
  if (kind.method === 'strftime' && (kind.format === null || isTimeOfDay(kind.format))) return null
  return { node, kind }
}

function isTimeOfDay(format: string): boolean {
  return hasTimeOfDay(format) && isSortable(`%Y-%m-%d ${format}`)
}

/** Whether two texts were made in one way, so that they sort as the times do. */
function isSameMaking(a: TextKind, b: TextKind): boolean {
  if (a.method !== b.method || a.made !== b.made) return false
  if (a.method === 'strftime') return a.format !== null && isSortable(a.format)
  return a.method !== 'mixed' && isUtc(a) && isUtc(b)
}

function isUtc({ of }: TextKind): boolean {
  return of.kind === 'aware' && of.zone.base === 'utc'
}

/** `cutoff` is the isoformat() string from line 12. */
function describe(context: Context, { node, kind }: TextOperand): string {
  const value = onlyValueOf(context, node)
  const from = value ? ` from line ${value.loc.start.line}` : ''
  return `\`${excerpt(node)}\` is ${value ? 'the' : 'an'} ${makerOf(kind).replace(/^\./, '')} string${from}`.replace(/ an (str|f-|strf)/, ' a $1')
}

function makerOf({ method }: TextKind): string {
  if (method === 'mixed') return '.isoformat()'
  return method === 'str' ? 'str()' : `.${method}()`
}

/** Drops `.isoformat()` on one side and parses the other one, where that is all that must be done. */
function parsedOther(context: Context, node: ComparisonOperatorNode, { node: operand }: TextOperand) {
  const operands = node.namedChildren
  const other = operands.find((candidate) => candidate !== operand)
  if (!other || operands.length !== 2 || isSqlExpression(context, other)) return null
  const value = onlyValueOf(context, operand)
  if (value && context.scopes.bindingOf(operand)?.references.length !== 1) return null
  const text = withoutParentheses(value ?? operand)
  if (text.kind !== 'call' || text.function.kind !== 'attribute' || text.function.attribute.text !== 'isoformat') return null
  const moment = text.function.object
  const datetime = datetimeText(context, node)
  if (!datetime || text.arguments.namedChildren.length > 0) return null
  const otherKind = context.kindOf(other)
  return (fixer: Parameters<NonNullable<typeof datetime.addImport>>[0]) => [
    ...(datetime.addImport ? [datetime.addImport(fixer)] : []),
    fixer.replaceText(text, moment.text),
    fixer.replaceText(other, otherKind.kind === 'text' && other.text.endsWith('.isoformat()') ? other.text.slice(0, -'.isoformat()'.length) : `${datetime.text}.fromisoformat(${other.text})`),
  ]
}

/** Whether an expression is one of SQL: a column, a part of a JSON column, a cast. */
function isSqlExpression(context: Context, expression: PythonNode): boolean {
  let node: PythonNode | null = withoutParentheses(expression)
  for (let step = 0; step < MAX_STEPS && node; step++) {
    const type = context.typeOf(node)
    if (type.kind === 'instance' && type.class.startsWith('sqlalchemy.')) return true
    if (type.kind === 'class' && context.project.model(type.class)) return true
    if (node.kind === 'call') {
      if (context.resolve(node.function)?.startsWith('sqlalchemy.')) return true
      node = node.function
    } else if (node.kind === 'attribute') node = node.object
    else node = node.kind === 'subscript' ? node.value : null
  }
  return false
}

const MAX_STEPS = 12
