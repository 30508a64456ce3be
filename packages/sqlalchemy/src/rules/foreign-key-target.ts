import { nearestName } from '@krait/core'
import type { CallNode, Model, PythonNode } from '@krait/python'
import { argument, defineRule, lastPart, matchesGlobs, MigrationScript, mayCallAny, withoutLastPart, withoutParentheses } from '@krait/python'
import { mayCall } from '../shared/callee.ts'
import { libraryName } from '../shared/library-name.ts'

export interface ForeignKeyTargetOptions {
  /** Tables that exist elsewhere, as globs. */
  readonly externalTables: readonly string[]
}

const defaultOptions: readonly [ForeignKeyTargetOptions] = [{ externalTables: [] }]

const NAMES: ReadonlySet<string> = new Set(['ForeignKey', 'ForeignKeyConstraint', 'Field'])

export const foreignKeyTarget = defineRule({
  name: 'foreign-key-target',
  meta: {
    type: 'problem',
    docs: {
      description: 'Require foreign keys to name tables and columns that exist',
      preset: 'recommended',
      severity: 'error',
      since: '0.1.0',
    },
    messages: {
      table: '`{{written}}`: there is no table `{{table}}`{{hint}}',
      column: '`{{written}}`: the table `{{table}}` has no column `{{column}}`{{hint}}',
      lengths: '`ForeignKeyConstraint` has {{own}} own and {{remote}} referenced columns. Name as many on both sides.',
      replace: 'Refer to `{{target}}`',
    },
    schema: [
      {
        type: 'object',
        properties: { externalTables: { type: 'array', items: { type: 'string' } } },
        additionalProperties: false,
      },
    ],
    hasSuggestions: true,
  },
  defaultOptions,
  create(context, [{ externalTables }]) {
    if (MigrationScript.of(context)) return {}
    if (!mayCallAny(context, NAMES)) return {}
    const { project } = context

    return {
      call(node) {
        const library = mayCall(context, node, NAMES) ? libraryName(context, node.function) : null
        if (library === 'sqlalchemy.ForeignKey') check(node, argument(node, 'column', 0), 'ForeignKey')
        else if (library === 'sqlmodel.Field') check(node, argument(node, 'foreign_key'), 'foreign_key')
        else if (library === 'sqlalchemy.ForeignKeyConstraint') checkConstraint(node)
      },
    }

    function checkConstraint(call: CallNode): void {
      const own = itemsOf(argument(call, 'columns', 0))
      const remote = itemsOf(argument(call, 'refcolumns', 1))
      if (own && remote && own.length !== remote.length) {
        context.report({ node: call, messageId: 'lengths', data: { own: own.length, remote: remote.length } })
      }
      for (const item of remote ?? []) check(call, item, 'ForeignKeyConstraint')
    }

    function check(call: CallNode, given: PythonNode | null, by: string): void {
      const node = given && withoutParentheses(given)
      const target = node ? context.constantOf(node) : undefined
      // What has no dot names a table whose column has the same name.
      if (!node || typeof target !== 'string' || !/^[^.\s]+(\.[^.\s]+){1,2}$/.test(target)) return
      const table = withoutLastPart(target)
      if (matchesGlobs(table, externalTables)) return
      const models = project.modelsOfTable(table)
      const written = by === 'foreign_key' ? `foreign_key="${target}"` : `${by}("${target}")`
      if (models.length === 0) reportTable(call, node, written, table, lastPart(target))
      else reportColumn(call, node, written, table, lastPart(target), models)
    }

    function reportTable(call: CallNode, node: PythonNode, written: string, table: string, column: string): void {
      const { names, isOpen } = project.knownTables()
      const named = project.modelsNamed(lastPart(table)).flatMap((model) => model.table ?? [])
      if (isOpen && named.length === 0) return
      if (project.migrationGroups().some(({ tables }) => tables.some((known) => known === table || lastPart(known) === table))) return
      const likely = named[0] ?? nearestName(table, names)
      report(call, node, 'table', { written, table, hint: likely === null ? '.' : `; did you mean \`${likely}\`?` }, likely === null ? null : `${likely}.${column}`)
    }

    function reportColumn(call: CallNode, node: PythonNode, written: string, table: string, column: string, models: readonly Model[]): void {
      const columns = models.flatMap((model) => model.columns)
      if (columns.some(({ name }) => name === column) || !models.every(({ closed }) => closed)) return
      const likely = columns.find(({ attribute }) => attribute === column)?.name ?? nearestName(column, columns.map(({ name }) => name))
      const hint = likely === null ? '.' : `; did you mean \`${likely}\`?`
      report(call, node, 'column', { written, table, column, hint }, likely === null ? null : `${table}.${likely}`)
    }

    function report(call: CallNode, node: PythonNode, messageId: 'table' | 'column', data: Readonly<Record<string, string>>, target: string | null): void {
      const isLiteral = node.kind === 'string'
      const quote = node.text.at(-1)!
      context.report({
        node: isLiteral ? node : call,
        messageId,
        data,
        suggest: [target !== null && isLiteral && { messageId: 'replace', data: { target }, fix: (fixer) => fixer.replaceText(node, quote + target + quote) }],
      })
    }
  },
})

/** The items of a list or tuple; `null` if there may be others. */
function itemsOf(node: PythonNode | null): readonly PythonNode[] | null {
  if (node?.kind !== 'list' && node?.kind !== 'tuple') return null
  const items = node.namedChildren.filter(({ kind }) => kind !== 'comment')
  return items.some(({ kind }) => kind === 'list_splat') ? null : items
}
