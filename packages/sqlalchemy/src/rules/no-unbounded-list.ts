import type { CallNode, FunctionDefinitionNode, KnownStatement, Located, PythonNode, Statement } from '@krait/python'
import { at, defineRule, isMigrationFile, isReturned, isTestFile, lastPart, ownCode, positionalArguments, statementsOf, withoutParentheses } from '@krait/python'
import { calleeName } from '../shared/callee.ts'
import { hasTerm } from '../shared/condition-terms.ts'
import { executedStatement } from '../shared/executed-statement.ts'
import { listEndpointOf } from '../shared/list-endpoints.ts'
import { looseSourceOf } from '../shared/loose-sources.ts'

export interface NoUnboundedListOptions {
  /** Models that have few rows. */
  readonly allowModels: readonly string[]
}

const defaultOptions: readonly [NoUnboundedListOptions] = [{ allowModels: [] }]

const ALL: ReadonlySet<string> = new Set(['all', 'fetchall'])
/** Steps that say how many rows there may be, or hand the statement to something else. */
const LIMITING: ReadonlySet<string> = new Set(['fetch', 'limit', 'paginate', 'slice', 'yield_per'])
const FILTERS: ReadonlySet<string> = new Set(['filter', 'having', 'join', 'outerjoin', 'where'])
const QUERYING = /query|scalars|\bexec\b/i
const STREAMING = /Streaming|EventSource|^stream_with_context$|^stream_template$/

export const noUnboundedList = defineRule({
  name: 'no-unbounded-list',
  meta: {
    type: 'suggestion',
    docs: {
      description: 'Require list endpoints to limit the rows that they load',
      preset: 'strict',
      severity: 'warn',
      since: '0.1.0',
    },
    messages: {
      every: '`{{endpoint}}` returns every `{{model}}`. Add `limit`/`offset` (or cursor) parameters.',
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
    if (isTestFile(context) || isMigrationFile(context)) return {}
    const allowed = new Set(allowModels)

    return {
      call(node) {
        const { function: called } = node
        if (called.kind === 'attribute') {
          if (ALL.has(called.attribute.text) && node.arguments.namedChildren.length === 0) checkAll(node)
        } else if (called.kind === 'identifier' && called.text === 'list') checkList(node)
      },
      for_statement: ({ right }) => checkIterated(right),
      for_in_clause: (node) => checkIterated(node.field('right') as PythonNode | null),
    }

    function checkAll(call: CallNode): void {
      const around = functionAround(call)
      const execution = around && statementsOf(context).executionOf(call, ALL)
      if (execution && !execution.isThroughFunction && !hasYieldPer(call)) check(calleeName(call), call, execution.statement, around)
    }

    function checkList(call: CallNode): void {
      const [inner] = positionalArguments(call)
      const around = inner && inner.kind !== 'list_comprehension' ? functionAround(call) : null
      const executed = inner && around ? executedStatement(context, inner) : null
      if (executed && context.resolve(call.function) === 'builtins.list') check(call.function, call, executed.statement, around!)
    }

    function checkIterated(expression: PythonNode | null): void {
      const inner = expression && withoutParentheses(expression)
      if (!inner || !mayBeRows(inner)) return
      const around = functionAround(inner)
      const executed = around ? executedStatement(context, inner) : null
      if (executed && executed.by !== 'execute') check(inner, inner, executed.statement, around!)
    }

    /** A look at the text spares most loops the search for statements. */
    function mayBeRows(node: PythonNode): boolean {
      if (node.kind !== 'identifier') return (node.kind === 'call' || node.kind === 'attribute' || node.kind === 'await') && QUERYING.test(node.text)
      const value = context.scopes.bindingOf(node)?.definitions[0]?.value
      return value !== undefined && value !== null && QUERYING.test(value.text)
    }

    function check(node: PythonNode, rows: PythonNode, statement: KnownStatement | null, around: FunctionDefinitionNode): void {
      const model = statement && unboundedModel(statement)
      if (!model || allowed.has(model) || allowed.has(lastPart(model)) || streams(around)) return
      const endpoint = listEndpointOf(context, around)
      if (!endpoint || (!endpoint.isDeclared && !isReturned(context.scopes, rows))) return
      context.report({ node, messageId: 'every', data: { endpoint: endpoint.label, model: lastPart(model) } })
    }

    /** The model of which a statement can select all rows. */
    function unboundedModel({ paths }: KnownStatement): string | null {
      for (const path of paths) {
        if (path.kind !== 'select' || path.isOpen || path.limit !== null || path.isGrouped || path.steps.some(isLimiting)) continue
        const entity = path.selected.find((expression) => expression.kind === 'entity' && expression.source.model)
        if (entity?.kind !== 'entity' || !entity.source.model || isNarrowed(path)) continue
        return entity.source.model.name
      }
      return null
    }

    /** It binds a unique key, asks for a list of values, or has conditions that are not known. */
    function isNarrowed(path: Statement): boolean {
      if (path.conditions.length === 0 && path.joins.length === 0) return false
      if (path.conditions.some(({ kind }) => kind === 'unknown') || path.joins.some(({ conditions }) => conditions.some(({ kind }) => kind === 'unknown'))) return true
      return path.steps.some((step) => FILTERS.has(step.name) && step.call.term.arguments.some((argument) => hasIn(at(argument, step.call)))) || looseSourceOf(path, false) === null
    }

    function streams(definition: FunctionDefinitionNode): boolean {
      for (const node of ownCode(definition.body)) {
        if (node.kind === 'yield' || (node.kind === 'call' && STREAMING.test(lastPart(node.function.text)))) return true
      }
      return false
    }
  },
})

function functionAround(node: PythonNode): FunctionDefinitionNode | null {
  return node.closest('function_definition') as FunctionDefinitionNode | null
}

function isLimiting({ name, call }: Statement['steps'][number]): boolean {
  return LIMITING.has(name) || call.term.keywords.some(([keyword]) => keyword === 'yield_per')
}

/** `.yield_per(...)` or `.partitions()` of the result. */
function hasYieldPer(call: CallNode): boolean {
  let node: PythonNode = call
  for (;;) {
    if (node.kind === 'call') node = node.function
    else if (node.kind === 'attribute') {
      if (node.attribute.text === 'yield_per' || node.attribute.text === 'partitions') return true
      node = node.object
    } else if ((node.kind === 'await' || node.kind === 'parenthesized_expression') && node.namedChildren[0]) node = node.namedChildren[0]
    else return false
  }
}

/** `Order.id.in_(ids)` somewhere in a condition. */
function hasIn(condition: Located): boolean {
  return hasTerm(condition, ({ term }) => term.kind === 'attribute' && term.attribute === 'in_')
}
