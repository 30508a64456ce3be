import type { CallNode, ColumnUse, Located, PythonNode, SqlExpression, Statement, Statements } from '@krait/python'
import { defineRule, mayCallAny, projectDialect, statementsOf } from '@krait/python'
import { finalStatements, mayCall } from '../shared/final-statements.ts'
import { argumentsOf, expressionKey, expressionsOf, hasOpenSelection, methodNode, withoutOrder } from '../shared/statement-parts.ts'
import { oneLine } from '../shared/one-line.ts'

/** What stands for a value of Python, and needs no column. */
const VALUES: ReadonlySet<string> = new Set(['bindparam', 'false', 'literal', 'true'])

const CALLS: ReadonlySet<string> = new Set(['distinct', 'order_by'])

export const distinctOrderBy = defineRule({
  name: 'distinct-order-by',
  meta: {
    type: 'problem',
    docs: {
      description: 'Require what SELECT DISTINCT is ordered by to be selected',
      preset: 'recommended',
      severity: 'error',
      since: '0.1.0',
    },
    messages: {
      notSelected: '`ORDER BY {{expression}}` is not in the `SELECT DISTINCT` list; {{database}} rejects this query. Select it too, or order in an outer query.',
      otherOrder: '`DISTINCT ON ({{columns}})` needs an `ORDER BY` that begins with these columns; Postgres rejects this query. Order by them first.',
    },
    schema: [],
  },
  defaultOptions: [],
  create(context) {
    if (!mayCallAny(context, CALLS)) return {}
    const reported = new Set<PythonNode>()

    return {
      call(node) {
        const { function: called } = node
        if (called.kind !== 'attribute' || (called.attribute.text !== 'distinct' && called.attribute.text !== 'order_by')) return
        if (!mayCall(context, node, called.attribute.text === 'distinct' ? 'order_by' : 'distinct') || projectDialect(context) === 'sqlite') return
        check(node)
      },
    }

    function check(node: CallNode): void {
      for (const { paths } of finalStatements(context, node)) for (const path of paths) if (path.kind === 'select' && path.isDistinct) checkPath(path)
    }

    function checkPath(path: Statement): void {
      const order = expressionsOf(path, 'order_by')
      if (!order || order.length === 0 || path.steps.some(({ name }) => name === 'from_statement')) return
      const on = path.steps.filter(({ name, call }) => name === 'distinct' && (call.term.arguments.length > 0 || call.term.open === true))
      const [only] = on
      if (only) {
        if (on.length === 1 && only.call.term.open !== true && projectDialect(context) === 'postgresql') checkDistinctOn(only, order)
      } else if (!hasOpenSelection(path)) checkDistinct(path, order)
    }

    function checkDistinct(path: Statement, order: readonly Located[]): void {
      const statements = statementsOf(context)
      if (path.selected.some(({ kind }) => kind === 'unknown' || kind === 'attribute')) return
      const selection = new Selection(statements, path)
      for (const argument of order) {
        const node = argument.frame.isHere ? argument.term.node : undefined
        if (!node || selection.has(argument)) continue
        const inner = withoutOrder(statements, argument).term.node ?? node
        report(node, 'notSelected', { expression: oneLine(inner, 60), database: DATABASES[projectDialect(context)] ?? 'the database' })
      }
    }

    function checkDistinctOn(step: Statement['steps'][number], order: readonly Located[]): void {
      const statements = statementsOf(context)
      const columns = argumentsOf(step)
      const first = order.slice(0, columns.length)
      if (![...columns, ...first].every((located) => isKnown(statements.sqlOf(withoutOrder(statements, located))))) return
      const keys = new Set(columns.map((column) => identityOf(statements, column)))
      const node = methodNode(step)
      if (!node || first.every((located) => keys.has(identityOf(statements, located)))) return
      report(node, 'otherOrder', { columns: columns.map(({ term }) => (term.node ? oneLine(term.node, 60) : '…')).join(', ') })
    }

    function report(node: PythonNode, messageId: 'notSelected' | 'otherOrder', data: Readonly<Record<string, string>>): void {
      if (reported.has(node)) return
      reported.add(node)
      context.report({ node, messageId, data })
    }
  },
})

const DATABASES: Readonly<Record<string, string>> = { mssql: 'SQL Server', mysql: 'MySQL', oracle: 'Oracle', postgresql: 'Postgres' }

/** What a statement selects, as far as ORDER BY may name it. */
class Selection {
  readonly #statements: Statements
  readonly #keys = new Set<string>()
  readonly #sources = new Set<string>()

  constructor(statements: Statements, { selected, steps }: Statement) {
    this.#statements = statements
    for (const expression of selected) {
      if (expression.kind === 'entity') this.#sources.add(expression.source.key)
      else if (expression.kind === 'column') this.#keys.add(columnKey(expression))
    }
    for (const step of steps) if (SELECTING.has(step.name)) for (const argument of argumentsOf(step)) this.#addKey(argument)
  }

  #addKey(argument: Located): void {
    this.#keys.add(expressionKey(this.#statements, argument))
  }

  /** Whether the expression is selected, or is nothing that has to be. */
  has(argument: Located): boolean {
    const plain = withoutOrder(this.#statements, argument)
    const expression = this.#statements.sqlOf(plain)
    if (expression.kind === 'column') return this.#sources.has(expression.source.key) || this.#keys.has(columnKey(expression))
    if (expression.kind !== 'composed' || VALUES.has(expression.name)) return true
    return this.#keys.has(expressionKey(this.#statements, plain))
  }
}

const SELECTING: ReadonlySet<string> = new Set('add_columns add_entity column query select with_entities with_only_columns'.split(' '))

function columnKey({ source, column }: ColumnUse): string {
  return `column ${source.key} ${column.attribute}`
}

function identityOf(statements: Statements, located: Located): string {
  const expression = statements.sqlOf(withoutOrder(statements, located))
  return expression.kind === 'column' ? columnKey(expression) : expressionKey(statements, located)
}

function isKnown({ kind }: SqlExpression): boolean {
  return kind === 'column' || kind === 'composed'
}
