import type { CallNode, ModelColumn, PythonNode, SqlExpression } from '@krait/python'
import { defineRule, isMigrationFile, isTestFile, lastPart, positionalArguments, statementsOf } from '@krait/python'
import { columnKeysOf } from '../shared/column-keys.ts'
import { finalPlaces } from '../shared/final-statements.ts'
import { HeldNames } from '../shared/held-names.ts'
import { libraryName } from '../shared/library-name.ts'
import { ValueFlow } from '../shared/value-flow.ts'

export interface PreferNormalizedColumnOptions {
  /** What the name of the normalised column ends in. */
  readonly suffixes: readonly string[]
  readonly prefixes: readonly string[]
  /** Pairs of columns with other names. */
  readonly columns: readonly { readonly model: string; readonly raw: string; readonly normalized: string }[]
}

const defaultOptions: readonly [PreferNormalizedColumnOptions] = [
  { suffixes: ['_normalized', '_canonical', '_e164', '_lower'], prefixes: ['normalized_', 'canonical_'], columns: [] },
]

const METHODS: ReadonlySet<string> = new Set(['in_', 'like', 'ilike'])
const CONDITION_METHODS: ReadonlySet<string> = new Set('any filter has having join outerjoin where'.split(' '))
const CONNECTIVES: ReadonlySet<string> = new Set(['and_', 'not_', 'or_'])

const STRINGS = { type: 'array', items: { type: 'string' } } as const

export const preferNormalizedColumn = defineRule({
  name: 'prefer-normalized-column',
  meta: {
    type: 'problem',
    docs: {
      description: 'Require lookups to use the normalised twin of a column',
      preset: 'recommended',
      severity: 'warn',
      since: '0.1.0',
    },
    messages: {
      raw: '`{{model}}.{{raw}}` holds raw input; compare the normalised `{{model}}.{{normalized}}` (with the value normalised the same way).',
      use: 'Compare `{{normalized}}`',
    },
    schema: [
      {
        type: 'object',
        properties: {
          suffixes: STRINGS,
          prefixes: STRINGS,
          columns: {
            type: 'array',
            items: {
              type: 'object',
              properties: { model: { type: 'string' }, raw: { type: 'string' }, normalized: { type: 'string' } },
              required: ['model', 'raw', 'normalized'],
              additionalProperties: false,
            },
          },
        },
        additionalProperties: false,
      },
    ],
    hasSuggestions: true,
  },
  defaultOptions,
  create(context, [options]) {
    if (isTestFile(context) || isMigrationFile(context)) return {}
    const held = new HeldNames(context.project)
    const flow = new ValueFlow(context, isCondition)

    return {
      comparison_operator(node) {
        const [left, right, ...others] = node.namedChildren.filter(({ fieldName }) => fieldName !== 'operators')
        if (!left || !right || others.length > 0 || node.operators[0]?.kind !== '==') return
        if (mayBeRaw(left)) checkComparison(node, left, right)
        else if (mayBeRaw(right)) checkComparison(node, right, left)
      },
      call(node) {
        const { function: called } = node
        if (called.kind !== 'attribute') return
        const [first] = positionalArguments(node)
        if (METHODS.has(called.attribute.text) && first && mayBeRaw(called.object)) checkComparison(node, called.object, first)
        else if (called.attribute.text === 'filter_by') checkKeywords(node)
      },
    }

    /** Whether an attribute of this name may have a normalised twin. */
    function isRaw(name: string): boolean {
      const { suffixes, prefixes, columns } = options
      if (columns.some((pair) => pair.raw === name)) return true
      return suffixes.some((suffix) => held.isMember(name + suffix)) || prefixes.some((prefix) => held.isMember(prefix + name))
    }

    function mayBeRaw(node: PythonNode): boolean {
      if (node.kind === 'attribute') return isRaw(node.attribute.text)
      return node.kind === 'call' && node.arguments.namedChildren.some((given) => given.kind === 'attribute' && isRaw(given.attribute.text))
    }

    function checkComparison(node: PythonNode, operand: PythonNode, value: PythonNode): void {
      const statements = statementsOf(context)
      const column = statements.expressionOf(operand)
      if (column.kind !== 'column' || !isValue(statements.expressionOf(value))) return
      const twin = twinOf(column.source.model, column.column)
      if (!twin || !flow.reachesArgument(node) || mentions(node, twin.attribute)) return
      const identifier = operand.kind === 'attribute' ? operand.attribute : null
      report(node, column.source.model, column.column, twin, identifier)
    }

    function checkKeywords(call: CallNode): void {
      if (call.arguments.kind !== 'argument_list') return
      for (const keyword of call.arguments.namedChildren) {
        if (keyword.kind !== 'keyword_argument' || !isRaw(keyword.name.text)) continue
        const models = new Set(columnKeysOf(context, call)?.models.flat() ?? [])
        const [name] = models
        const model = models.size === 1 ? context.project.model(name!) : null
        const column = model?.columns.find(({ attribute }) => attribute === keyword.name.text)
        const twin = model && column ? twinOf(model, column) : null
        if (!model || !column || !twin || !isValue(statementsOf(context).expressionOf(keyword.value)) || mentions(call, twin.attribute)) continue
        report(keyword, model, column, twin, keyword.name)
      }
    }

    function twinOf({ name, columns: known }: { readonly name: string; readonly columns: readonly ModelColumn[] }, { attribute }: ModelColumn): ModelColumn | null {
      const given = options.columns.find((pair) => pair.raw === attribute && (pair.model === name || pair.model === lastPart(name)))
      const names = [...(given ? [given.normalized] : []), ...options.suffixes.map((suffix) => attribute + suffix), ...options.prefixes.map((prefix) => prefix + attribute)]
      return known.find((column) => names.includes(column.attribute)) ?? null
    }

    function isCondition(call: CallNode): boolean {
      const name = lastPart(call.function.text)
      if (CONNECTIVES.has(name)) return libraryName(context, call.function) === `sqlalchemy.${name}`
      return call.function.kind === 'attribute' && CONDITION_METHODS.has(name)
    }

    /** Whether the statement also speaks of the twin; where the condition goes through variables, whether the function does. */
    function mentions(node: PythonNode, twin: string): boolean {
      const method = enclosingMethod(node)
      if (!method) return hasName(context.scopes.scopeOf(node).function?.node ?? node, twin)
      for (const place of finalPlaces(context, method)) {
        if (hasName(place, twin)) return true
        const paths = statementsOf(context).statementOf(place)?.paths ?? []
        if (paths.some(({ steps }) => steps.some(({ call }) => call.frame.isHere && call.term.node && hasName(call.term.node, twin)))) return true
      }
      return false
    }

    function enclosingMethod(node: PythonNode): CallNode | null {
      for (let around: PythonNode | null = node; around; around = around.parent) {
        if (around.kind === 'call' && around.function.kind === 'attribute' && (CONDITION_METHODS.has(around.function.attribute.text) || around.function.attribute.text === 'filter_by')) return around
        if (around.kind === 'assignment' || around.kind === 'expression_statement' || around.kind === 'return_statement') return null
      }
      return null
    }

    function report(node: PythonNode, model: { readonly name: string }, column: ModelColumn, twin: ModelColumn, identifier: PythonNode | null): void {
      const data = { model: lastPart(model.name), raw: column.attribute, normalized: twin.attribute }
      context.report({
        node,
        messageId: 'raw',
        data,
        suggest: [identifier && { messageId: 'use', data: { normalized: twin.attribute }, fix: (fixer) => fixer.replaceText(identifier, twin.attribute) }],
      })
    }
  },
})

/** A value of Python, or SQL without a column. */
function isValue(expression: SqlExpression): boolean {
  if (expression.kind === 'value') return !expression.isNull
  return expression.kind === 'composed' && expression.columns.length === 0
}

function hasName(node: PythonNode, name: string): boolean {
  for (const identifier of node.descendants('identifier')) if (identifier.text === name) return true
  return false
}
