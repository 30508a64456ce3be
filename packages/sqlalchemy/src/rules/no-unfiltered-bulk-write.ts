import type { CallNode, PythonNode, Statement } from '@krait/python'
import { defineRule, isMigrationFile, isTestFile, lastPart, matchesGlobs, positionalArguments, statementsOf } from '@krait/python'
import { mayBeQuery } from '../shared/column-keys.ts'
import { executionAround } from '../shared/execution-calls.ts'
import { finalPlaces } from '../shared/final-statements.ts'
import { libraryName } from '../shared/library-name.ts'
import { isMigrationModule } from '../shared/migration.ts'

export interface NoUnfilteredBulkWriteOptions {
  /** Globs of the names of functions that are meant to write all rows. */
  readonly allowFunctions: readonly string[]
}

const defaultOptions: readonly [NoUnfilteredBulkWriteOptions] = [
  { allowFunctions: ['*truncate*', '*purge*', '*reset*', '*wipe*', '*clear_all*', '*delete_all*', '*seed*'] },
]

const NAMES: ReadonlySet<string> = new Set(['delete', 'update'])
const FILTERS: ReadonlySet<string> = new Set(['filter', 'filter_by', 'from_statement', 'having', 'where'])

export const noUnfilteredBulkWrite = defineRule({
  name: 'no-unfiltered-bulk-write',
  meta: {
    type: 'problem',
    docs: {
      description: 'Disallow UPDATE and DELETE without a condition',
      preset: 'strict',
      severity: 'error',
      since: '0.1.0',
    },
    messages: {
      all: 'This `{{statement}}` has no `WHERE` and affects every `{{model}}` row. Add a condition.',
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

    return {
      call(node) {
        const { function: called } = node
        const identifier = called.kind === 'attribute' ? called.attribute : called
        if (identifier.kind !== 'identifier') return
        const name = originalName(identifier, called)
        if (!NAMES.has(name) || isAllowed(node)) return
        if (called.kind === 'attribute' && libraryName(context, called) !== `sqlalchemy.${name}`) checkMethod(node, called.object, identifier, name)
        else if (libraryName(context, called) === `sqlalchemy.${name}`) checkStatement(node, identifier, name)
      },
    }

    function originalName(identifier: PythonNode, called: PythonNode): string {
      const definition = called === identifier ? context.scopes.bindingOf(identifier)?.onlyDefinition : null
      return definition?.node.kind === 'aliased_import' ? lastPart(definition.node.name.text) : identifier.text
    }

    function isAllowed(node: PythonNode): boolean {
      for (let around = node.closest('function_definition'); around; around = around.parent?.closest('function_definition') ?? null) {
        if (matchesGlobs(around.name.text, allowFunctions)) return true
      }
      return false
    }

    /** `query.delete()` executes at once; `rooms.delete()` begins a statement. */
    function checkMethod(node: CallNode, object: PythonNode, identifier: PythonNode, name: string): void {
      const resolved = context.resolve(object)
      if (resolved !== null && context.project.model(resolved)?.kind === 'table') {
        checkStatement(node, identifier, name)
        return
      }
      const isQueryCall = name === 'delete' ? positionalArguments(node).length === 0 : positionalArguments(node).length > 0
      if (!isQueryCall || !(mayBeQuery(context, object) || (object.kind === 'attribute' && object.attribute.text === 'query'))) return
      const paths = statementsOf(context).statementOf(object)?.paths
      const path = paths?.find(({ isQuery }) => isQuery)
      if (path && paths!.every((one) => one.isQuery && isUnfiltered(one))) report(identifier, name, path)
    }

    function checkStatement(node: CallNode, identifier: PythonNode, name: string): void {
      for (const place of finalPlaces(context, node)) {
        const execution = executionAround(place)
        // With rows, it is an update of each by its primary key.
        if (!execution || (name === 'update' && hasRows(execution))) continue
        const path = statementsOf(context).statementOf(place)?.paths.find(({ kind, steps }) => kind === name && steps[0]?.call.term.node === node)
        if (!path || !isUnfiltered(path)) continue
        report(identifier, name, path)
        return
      }
    }

    function hasRows(execution: CallNode): boolean {
      const [, rows] = positionalArguments(execution)
      return rows !== undefined && rows.kind !== 'dictionary'
    }

    function report(node: PythonNode, name: string, path: Statement): void {
      const source = path.target ?? path.selected.flatMap((expression) => ('source' in expression ? [expression.source] : []))[0]
      context.report({ node, messageId: 'all', data: { statement: name.toUpperCase(), model: source?.model ? lastPart(source.model.name) : 'single' } })
    }
  },
})

function isUnfiltered({ conditions, joins, steps, limit, isOpen }: Statement): boolean {
  return !isOpen && conditions.length === 0 && joins.length === 0 && limit === null && !steps.some(({ name }) => FILTERS.has(name))
}
