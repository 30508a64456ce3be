import type { KnownStatement, PythonNode, Statement } from '@krait/python'
import { defineRule, enclosingFunctionName, isTestFile, lastPart, positionalArguments, statementsOf, withoutParentheses } from '@krait/python'
import { listHandlersOf } from '../shared/list-handlers.ts'
import type { ListHandler } from '../shared/list-handlers.ts'

export interface NoUnboundedListOptions {
  /** Models with few rows. */
  readonly allowModels: readonly string[]
}

const defaultOptions: readonly [NoUnboundedListOptions] = [{ allowModels: [] }]

const ALL: ReadonlySet<string> = new Set(['all', 'fetchall'])
const PASSES: ReadonlySet<string> = new Set(['mappings', 'scalars', 'tuples', 'unique'])
const EXECUTING: ReadonlySet<string> = new Set(['exec', 'execute', 'scalars'])
const BOUNDING: ReadonlySet<string> = new Set(['fetch', 'from_statement', 'limit', 'slice', 'yield_per'])

export const noUnboundedList = defineRule({
  name: 'no-unbounded-list',
  meta: {
    type: 'suggestion',
    docs: {
      description: 'Require list endpoints to limit what they return',
      preset: 'strict',
      severity: 'warn',
      since: '0.1.0',
    },
    messages: {
      unbounded: '`{{route}}` returns every `{{model}}`. Add `limit`/`offset` (or cursor) parameters.',
    },
    schema: [
      {
        type: 'object',
        properties: { allowModels: { type: 'array', items: { type: 'string' } } },
        additionalProperties: false,
      },
    ],
  },
  defaultOptions,
  create(context, [{ allowModels }]) {
    if (isTestFile(context)) return {}

    return {
      call(node) {
        const { function: called } = node
        if (called.kind === 'attribute' && ALL.has(called.attribute.text) && node.arguments.namedChildren.length === 0) {
          check(called.attribute, node, statementsOf(context).executionOf(node, ALL)?.statement ?? null)
        } else if (called.kind === 'identifier' && called.text === 'list') {
          const [rows] = positionalArguments(node)
          const statement = rows ? statementOfResult(rows) : null
          if (statement && context.resolve(called) === 'builtins.list') check(called, node, statement)
        }
      },
      'for_in_clause, for_statement'(node: PythonNode) {
        const rows = node.field('right') as PythonNode | null
        const statement = rows ? iterated(rows) : null
        if (rows && statement) check(rows, node.kind === 'for_in_clause' ? (node.parent ?? node) : rows, statement)
      },
    }

    /** The statement behind `session.scalars(stmt)` and its kin. */
    function statementOfResult(rows: PythonNode): KnownStatement | null {
      let node = withoutAwait(rows)
      while (node.kind === 'call' && node.function.kind === 'attribute') {
        const [given] = positionalArguments(node)
        if (given && EXECUTING.has(node.function.attribute.text)) return statementsOf(context).statementOf(given)
        if (given || !PASSES.has(node.function.attribute.text)) return null
        node = withoutAwait(node.function.object)
      }
      return null
    }

    /** Rows are also what a legacy query gives in a loop. */
    function iterated(rows: PythonNode): KnownStatement | null {
      const statement = statementOfResult(rows)
      if (statement || rows.kind !== 'call' || !/\bquery\b/.test(rows.text)) return statement
      const query = statementsOf(context).statementOf(rows)
      return query?.paths.every(({ isQuery }) => isQuery) ? query : null
    }

    function check(place: PythonNode, rows: PythonNode, statement: KnownStatement | null): void {
      const model = statement && unboundedModel(statement)
      if (!model || allowModels.includes(lastPart(model))) return
      const name = enclosingFunctionName(context, rows)
      const isReturned = flowsToReturn(rows)
      const direct = listHandlersOf(context, name, context.path)
      const handler = direct.find((one) => isList(one, isReturned)) ?? (direct.length === 0 && isReturned ? callingHandler(name) : undefined)
      if (handler) context.report({ node: place, messageId: 'unbounded', data: { route: handler.label, model: lastPart(model) } })
    }

    function isList({ declaresCollection, declaresOther, fact }: ListHandler, isReturned: boolean): boolean {
      return !fact.generator && (declaresCollection || (isReturned && !declaresOther))
    }

    /** A handler that calls the function directly and returns what it gives. */
    function callingHandler(name: string): ListHandler | undefined {
      for (const caller of context.project.callers(name)) {
        const handler = listHandlersOf(context, caller.function, caller.path).find((one) => isList(one, true))
        if (handler?.fact.returns.some((value) => isCallOrLocal(value, lastPart(name)))) return handler
      }
      return undefined
    }

    function unboundedModel({ paths }: KnownStatement): string | null {
      const [path] = paths
      const selected = path?.selected[0]
      const model = selected && 'source' in selected ? selected.source.model : null
      return model && paths.some(isUnbounded) ? model.name : null
    }

    /** Whether the rows go to a `return`, as they are or by a comprehension over them. */
    function flowsToReturn(start: PythonNode): boolean {
      let node = start
      for (;;) {
        const { parent } = node
        switch (parent?.kind) {
          case 'return_statement':
            return true
          case 'await':
          case 'parenthesized_expression':
          case 'list_comprehension':
          case 'set_comprehension':
          case 'generator_expression':
            node = parent
            break
          case 'for_in_clause':
            if (node.fieldName !== 'right' || !parent.parent) return false
            node = parent.parent
            break
          case 'argument_list':
            if (parent.parent?.kind !== 'call' || !/^(?:list|set|sorted|tuple|jsonify)$/.test(lastPart(parent.parent.function.text))) return false
            node = parent.parent
            break
          case 'assignment': {
            const binding = parent.left.kind === 'identifier' ? context.scopes.bindingOf(parent.left) : null
            return binding?.references.some((reference) => isReturnedName(reference)) ?? false
          }
          default:
            return false
        }
      }
    }

    function isReturnedName(reference: PythonNode): boolean {
      const { parent } = reference
      if (parent?.kind === 'return_statement') return true
      if (parent?.kind === 'for_in_clause' && reference.fieldName === 'right') return parent.parent?.parent?.kind === 'return_statement'
      if (parent?.kind !== 'argument_list' || parent.parent?.kind !== 'call') return false
      return /^(?:list|set|sorted|tuple|jsonify)$/.test(lastPart(parent.parent.function.text)) && parent.parent.parent?.kind === 'return_statement'
    }
  },
})

function isUnbounded({ kind, limit, isGrouped, selected, steps, conditions, isOpen }: Statement): boolean {
  if (kind !== 'select' || limit !== null || isGrouped || isOpen || steps.some(({ name }) => BOUNDING.has(name))) return false
  if (selected.some((expression) => expression.kind === 'composed' && expression.isAggregate) || conditions.some(isUnknown)) return false
  const bound = new Set(conditions.flatMap((condition) => (condition.kind === 'bound' ? [`${condition.column.source.key} ${condition.column.column.attribute}`] : [])))
  const isFixed = selected.some((expression) => {
    const source = 'source' in expression ? expression.source : null
    return source?.model?.uniqueKeys.some(({ columns }) => columns.every((attribute) => bound.has(`${source.key} ${attribute}`))) ?? false
  })
  return !isFixed && !conditions.some(({ node }) => node?.kind === 'call' && node.function.kind === 'attribute' && node.function.attribute.text === 'in_')
}

function isUnknown({ kind }: Statement['conditions'][number]): boolean {
  return kind === 'unknown'
}

function isCallOrLocal(value: ListHandler['fact']['returns'][number], name: string): boolean {
  switch (value.kind) {
    case 'local':
      return !value.isParameter
    case 'await':
      return isCallOrLocal(value.operand, name)
    case 'call': {
      const called = value.callee ?? (value.function?.kind === 'attribute' ? value.function.attribute : '')
      return lastPart(called).replace(/^:/, '') === name
    }
    case 'comprehension':
      return true
    default:
      return false
  }
}

function withoutAwait(node: PythonNode): PythonNode {
  let inner = withoutParentheses(node)
  while (inner.kind === 'await' && inner.namedChildren[0]) inner = withoutParentheses(inner.namedChildren[0])
  return inner
}
