import type { CallNode, PythonNode, Statement } from '@krait/python'
import { argument, defineRule, isMigrationFile, isMigrationModule, isTestFile, keywordArguments, lastPart, positionalArguments, sourcesOf, statementsOf } from '@krait/python'
import { calleeName } from '../shared/callee.ts'
import { isInFunctionNamed } from '../shared/enclosing-functions.ts'
import { EXECUTING } from '../shared/execution-calls.ts'

export interface NoUnfilteredBulkWriteOptions {
  /** Functions that are meant to change every row. */
  readonly allowFunctions: readonly string[]
}

const defaultOptions: readonly [NoUnfilteredBulkWriteOptions] = [
  { allowFunctions: ['*truncate*', '*purge*', '*reset*', '*wipe*', '*clear_all*', '*delete_all*', '*seed*'] },
]

const FILTERS: ReadonlySet<string> = new Set(['where', 'filter', 'filter_by'])

export const noUnfilteredBulkWrite = defineRule({
  name: 'no-unfiltered-bulk-write',
  meta: {
    type: 'problem',
    docs: {
      description: 'Require a WHERE for UPDATE and DELETE',
      preset: 'strict',
      severity: 'error',
      since: '0.1.0',
    },
    messages: {
      unfiltered: 'This `{{kind}}` has no `WHERE` and affects every `{{model}}` row. Add a condition.',
    },
    schema: [
      {
        type: 'object',
        properties: { allowFunctions: { type: 'array', items: { type: 'string' } } },
        additionalProperties: false,
      },
    ],
  },
  defaultOptions,
  create(context, [{ allowFunctions }]) {
    if (isTestFile(context) || isMigrationFile(context) || isMigrationModule(context)) return {}
    const reported = new Set<number>()

    return {
      call(node) {
        const { function: called } = node
        if (called.kind !== 'attribute') return
        const method = called.attribute.text
        if (EXECUTING.has(method)) checkExecution(node)
        else if (method === 'delete' || method === 'update') checkQuery(node, called.object, method)
      },
    }

    function checkExecution(call: CallNode): void {
      const given = argument(call, 'statement', 0)
      if (!given) return
      const paths = statementsOf(context).statementOf(given)?.paths ?? []
      const path = unfilteredOf(paths, ({ kind }) => kind === 'delete' || (kind === 'update' && !isByPrimaryKey(call)))
      if (!path?.target?.model) return
      const begun = path.steps[0]?.call
      const start = begun?.frame.isHere ? begun.term.node : undefined
      if (start?.kind === 'call' && hasOldCondition(start, path)) return
      report(start ?? given, start?.kind === 'call' ? calleeName(start) : given, path.kind, path.target.model.name)
    }

    /** `session.query(Job).update({...})`. */
    function checkQuery(call: CallNode, query: PythonNode, method: string): void {
      if (query.kind === 'identifier' && !context.scopes.bindingOf(query)) return
      const paths = statementsOf(context).statementOf(query)?.paths ?? []
      const path = unfilteredOf(paths, ({ isQuery, kind }) => isQuery && kind === 'select')
      const model = path && sourcesOf(path.selected)[0]?.model
      if (model) report(call, calleeName(call), method, model.name)
    }

    function report(written: PythonNode, node: PythonNode, kind: string, model: string): void {
      if (reported.has(node.index) || isInFunctionNamed(context, written, allowFunctions)) return
      reported.add(node.index)
      context.report({ node, messageId: 'unfiltered', data: { kind: kind.toUpperCase(), model: lastPart(model) } })
    }
  },
})

/** The path on which a statement has no condition; none if the others get theirs in a loop, over conditions that are not known. */
function unfilteredOf(paths: readonly Statement[], isMeant: (path: Statement) => boolean): Statement | null {
  const found = paths.find((path) => isMeant(path) && isUnfiltered(path))
  return found && !paths.some(isFilteredInLoop) ? found : null
}

function isUnfiltered({ conditions, joins, limit, steps, isOpen }: Statement): boolean {
  return conditions.length === 0 && joins.length === 0 && limit === null && !isOpen && !steps.some(isFilter)
}

function isFilter({ name, call: { term } }: Statement['steps'][number]): boolean {
  return FILTERS.has(name) && (term.open === true || term.arguments.length > 0 || term.keywords.length > 0)
}

function isFilteredInLoop({ steps }: Statement): boolean {
  const begun = steps[0]?.call.term.node
  return steps.some((step) => {
    const { node } = step.call.term
    const loop = isFilter(step) && node ? (node.closest('for_statement') ?? node.closest('while_statement')) : null
    return loop !== null && !(begun && loop.contains(begun))
  })
}

/** `execute(update(M), rows)`: each of the rows says by its key what it changes. */
function isByPrimaryKey(call: CallNode): boolean {
  const rows = keywordArguments(call).get('params') ?? positionalArguments(call)[1]
  return rows !== undefined && rows.kind !== 'dictionary'
}

/** SQLAlchemy 1.3 took the condition as an argument: `delete(M, M.id == 1)`, `users.delete(users.c.id == 1)`. */
function hasOldCondition(call: CallNode, { steps }: Statement): boolean {
  const isOnTable = steps[0]?.call.term.function.kind === 'attribute' && steps[0].call.term.arguments.length === 0
  return positionalArguments(call).length > (isOnTable ? 0 : 1) || keywordArguments(call).has('whereclause')
}
