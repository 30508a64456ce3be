import type { Fix, RuleFixer } from '@krait/core'
import type { CallNode, ColumnUse, Located, PythonNode, SqlExpression, Statement, Statements } from '@krait/python'
import { defineRule, lastPart, mayCallAny, projectDialect, statementsOf } from '@krait/python'
import { finalStatements } from '../shared/final-statements.ts'
import { expressionKey, expressionsOf, hasOpenSelection, withoutOrder } from '../shared/statement-parts.ts'

/** Calls that may finish a grouped statement, or begin one. */
const TRIGGERS: ReadonlySet<string> = new Set('group_by query select with_entities with_only_columns add_columns'.split(' '))
/** Functions of GROUP BY that group by each of their columns. */
const GROUPINGS: ReadonlySet<string> = new Set(['cube', 'grouping_sets', 'rollup', 'tuple_'])
const FUNCTION = /\bfunc\b|\bcount\s*\(/

export const groupByComplete = defineRule({
  name: 'group-by-complete',
  meta: {
    type: 'problem',
    docs: {
      description: 'Require selected columns to be grouped or aggregated',
      preset: 'recommended',
      severity: 'error',
      since: '0.1.0',
    },
    messages: {
      column:
        '`{{expression}}` is selected next to an aggregate but is neither grouped nor aggregated; {{database}} rejects this. Add it to `.group_by()` (or group by `{{model}}`\'s primary key).',
      ungrouped:
        '`{{expression}}` is selected but is neither grouped nor aggregated; {{database}} rejects this. Add it to `.group_by()` (or group by `{{model}}`\'s primary key).',
      order: '`ORDER BY {{expression}}` is neither grouped nor aggregated; {{database}} rejects this. Add it to `.group_by()` (or group by `{{model}}`\'s primary key).',
      group: 'Group by `{{expression}}`, too',
    },
    schema: [],
    hasSuggestions: true,
  },
  defaultOptions: [],
  create(context) {
    if (!mayCallAny(context, TRIGGERS)) return {}
    const reported = new Set<PythonNode>()

    return {
      call(node) {
        const { function: called } = node
        const identifier = called.kind === 'attribute' ? called.attribute : called
        if (identifier.kind !== 'identifier' || !TRIGGERS.has(originalName(identifier, called))) return
        // An aggregate has to be named somewhere.
        if (identifier.text !== 'group_by' && !FUNCTION.test(node.text)) return
        if (projectDialect(context) !== 'sqlite') for (const { paths } of finalStatements(context, node)) paths.forEach(checkPath)
      },
    }

    function originalName(identifier: PythonNode, called: PythonNode): string {
      const definition = called === identifier ? context.scopes.bindingOf(identifier)?.onlyDefinition : null
      return definition?.node.kind === 'aliased_import' ? lastPart(definition.node.name.text) : identifier.text
    }

    function checkPath(path: Statement): void {
      const grouping = expressionsOf(path, 'group_by')
      if (path.kind !== 'select' || !grouping || hasOpenSelection(path) || path.steps.some(({ name }) => name === 'from_statement')) return
      const hasAggregate = path.selected.some((expression) => expression.kind === 'composed' && expression.isAggregate)
      if (!hasAggregate && grouping.length === 0) return
      const groups = Groups.of(statementsOf(context), grouping)
      if (!groups) return
      for (const expression of path.selected) {
        if (expression.node && !groups.hold(expression)) report(expression.node, hasAggregate ? 'column' : 'ungrouped', expression, path)
      }
      for (const argument of expressionsOf(path, 'order_by') ?? []) {
        const expression = statementsOf(context).sqlOf(withoutOrder(statementsOf(context), argument))
        if (argument.frame.isHere && argument.term.node && expression.kind === 'column' && !groups.hold(expression)) {
          report(argument.term.node, 'order', expression, path)
        }
      }
    }

    function report(node: PythonNode, messageId: 'column' | 'order' | 'ungrouped', expression: SqlExpression, path: Statement): void {
      if (reported.has(node) || !('source' in expression)) return
      reported.add(node)
      const { model } = expression.source
      const text = messageId === 'order' ? (expression.node?.text ?? node.text) : node.text
      const data = { expression: text.replace(/\s+/g, ' '), model: model ? lastPart(model.name) : '', database: DATABASES[projectDialect(context)] ?? 'the database' }
      const place = placeOf(path)
      context.report({
        node,
        messageId,
        data,
        suggest: [place && expression.kind === 'column' && { messageId: 'group', data, fix: (fixer) => addGroup(fixer, place, withoutLabel(node, expression)) }],
      })
    }
  },
})

const DATABASES: Readonly<Record<string, string>> = { mssql: 'SQL Server', mysql: 'MySQL', oracle: 'Oracle', postgresql: 'Postgres' }

/** What a statement is grouped by. */
class Groups {
  readonly #columns = new Set<string>()
  readonly #sources = new Set<string>()
  readonly #keys = new Set<string>()

  /** `null` if something in the GROUP BY is not known. */
  static of(statements: Statements, grouping: readonly Located[]): Groups | null {
    const groups = new Groups()
    return grouping.every((located) => groups.#add(statements, located)) ? groups : null
  }

  #add(statements: Statements, located: Located): boolean {
    const expression = statements.sqlOf(withoutOrder(statements, located))
    switch (expression.kind) {
      case 'column':
        this.#columns.add(keyOf(expression))
        return true
      case 'entity':
        this.#sources.add(expression.source.key)
        return true
      case 'composed':
        if (GROUPINGS.has(expression.name) || expression.name === '()') for (const use of expression.columns) this.#columns.add(keyOf(use))
        this.#keys.add(expressionKey(statements, located))
        return true
      default:
        return false
    }
  }

  /** Whether a selected expression has one value in each group, as far as it is known. */
  hold(expression: SqlExpression): boolean {
    if (expression.kind === 'column') {
      return this.#columns.has(keyOf(expression)) || this.#sources.has(expression.source.key) || this.#isKeyGrouped(expression.source)
    }
    if (expression.kind !== 'entity' || !expression.source.model) return true
    const { source } = expression
    return this.#sources.has(source.key) || this.#isKeyGrouped(source) || source.model!.columns.every(({ attribute }) => this.#columns.has(`${source.key} ${attribute}`))
  }

  /** The columns of a row follow from its primary key. */
  #isKeyGrouped({ key, model }: { readonly key: string; readonly model: ColumnUse['source']['model'] | null }): boolean {
    const primary = model?.uniqueKeys.find(({ from }) => from === 'primary-key')
    return !primary || primary.columns.every((attribute) => this.#columns.has(`${key} ${attribute}`))
  }
}

function keyOf({ source, column }: ColumnUse): string {
  return `${source.key} ${column.attribute}`
}

/** Where a column can be added: the last `group_by(...)`, or the call that begins the statement. */
function placeOf({ steps }: Statement): { readonly call: CallNode; readonly isGroupBy: boolean } | null {
  const step = steps.findLast(({ name }) => name === 'group_by') ?? steps[0]
  const node = step?.call.frame.isHere ? step.call.term.node : undefined
  return node?.kind === 'call' ? { call: node, isGroupBy: step!.name === 'group_by' } : null
}

function addGroup(fixer: RuleFixer, { call, isGroupBy }: { readonly call: CallNode; readonly isGroupBy: boolean }, column: string): Fix {
  const last = call.arguments.namedChildren.at(-1)
  if (!isGroupBy) return fixer.insertTextAfter(call, `.group_by(${column})`)
  return last ? fixer.insertTextAfter(last, `, ${column}`) : fixer.insertTextAfter(call.arguments.children[0]!, column)
}

/** The column of `M.c.label("name")`, `M.c.desc()`. */
function withoutLabel(node: PythonNode, { source, column }: ColumnUse): string {
  let inner = node
  while (inner.kind === 'call' && inner.function.kind === 'attribute') inner = inner.function.object
  if (inner.kind === 'attribute' || inner.kind === 'subscript') return inner.text
  return `${source.text ?? lastPart(source.model.name)}.${column.attribute}`
}
