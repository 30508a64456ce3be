import type { Fix, FixFunction, RuleFixer } from '@krait/core'
import type { AssignmentNode, AttributeNode, CallNode, ForStatementNode, KnownStatement, PythonNode, PythonRuleContext } from '@krait/python'
import { withoutAwait } from '@krait/python'
import {
  defineRule,
  excerpt,
  isMigrationFile,
  isTestFile,
  keywordArguments,
  lastPart,
  nameFromModule,
  ormSessionOfCall,
  positionalArguments,
  statementsOf,
  withoutParentheses,
} from '@krait/python'
import { deletesMore } from '../shared/deletion-cascades.ts'
import { rowsIn } from '../shared/loaded-rows.ts'
import type { LoadedRows } from '../shared/loaded-rows.ts'
import { dependenceOf } from '../shared/loop-dependence.ts'
import { isChunked, loopsAround } from '../shared/loops.ts'
import type { Loop } from '../shared/loops.ts'

type MessageId = 'deleted' | 'changed' | 'executed' | 'single'
type Context = PythonRuleContext<MessageId, readonly []>

const WRITES: ReadonlySet<string> = new Set(['insert', 'update', 'delete'])
/** Steps of a query that a statement for all its rows can have as well. */
const CONDITIONS: ReadonlySet<string> = new Set(['filter', 'filter_by', 'query', 'select', 'where'])

export const preferBulkOperation = defineRule({
  name: 'prefer-bulk-operation',
  meta: {
    type: 'suggestion',
    docs: { description: 'Require one statement instead of a write per row', preset: 'strict', severity: 'warn', since: '0.1.0' },
    messages: {
      deleted: '`{{model}}` rows are loaded and deleted one by one; run `delete({{model}}).where(…)` once.',
      changed: '`{{model}}` rows are loaded and changed one by one; run `update({{model}}).where(…).values(…)` once.',
      executed: '`execute({{statement}}(…))` runs per `{{item}}`; pass a list of parameter sets to one `execute`.',
      single: 'Use a single statement',
    },
    schema: [],
    hasSuggestions: true,
  },
  defaultOptions: [],
  create(context) {
    if (isTestFile(context) || isMigrationFile(context)) return {}
    return {
      for_statement: checkLoop,
      call(node) {
        if (node.function.kind === 'attribute' && node.function.attribute.text === 'execute') checkExecution(node)
      },
    }

    /** A loop over rows that only deletes or changes them. */
    function checkLoop(node: ForStatementNode): void {
      if (node.left.kind !== 'identifier' || node.alternative) return
      const statements = node.body.namedChildren.filter(({ kind }) => kind !== 'comment')
      const deleted = statements.length === 1 ? deletionIn(statements[0]!, node.left.text) : null
      const changed = deleted ? null : changesIn(statements, node.left.text)
      const rows = deleted || changed ? plainRows(context, node) : null
      if (!rows) return
      const { model } = rows.source
      const name = lastPart(model.name)
      if (deleted) {
        if (!ormSessionOfCall(context, deleted) || deletesMore(context, model)) return
        const single = atOnce(context, node, rows, 'delete', [])
        context.report({ node: node.children[0]!, messageId: 'deleted', data: { model: name }, suggest: [single && { messageId: 'single', fix: single }] })
      } else if (changed?.every((assignment) => isConstantChange(context, node, rows, assignment))) {
        const single = atOnce(context, node, rows, 'update', changed)
        context.report({ node: node.children[0]!, messageId: 'changed', data: { model: name }, suggest: [single && { messageId: 'single', fix: single }] })
      }
    }

    function checkExecution(node: CallNode): void {
      const [given, ...others] = positionalArguments(node)
      const statementNode = isUnused(node) && given && others.length === 0 ? given : null
      const loops = statementNode ? loopsAround(node).filter((loop) => loop.node.kind === 'for_statement') : []
      if (!statementNode || loops.length === 0 || !ormSessionOfCall(context, node)) return
      const statement = statementsOf(context).statementOf(statementNode)
      const kind = statement && writeOf(statement)
      const loop = kind ? loops.find((candidate) => dependenceOf(context, statementNode, candidate) === 'loop') : undefined
      if (!statement || !kind || !loop || isChunked(context, loop) || changesTable(context, statement, loop)) return
      const single = insertingAll(context, node, loop)
      context.report({
        node: (node.function as PythonNode & { kind: 'attribute' }).attribute,
        messageId: 'executed',
        data: { statement: kind, item: excerpt(loop.target) },
        suggest: [single && { messageId: 'single', fix: single }],
      })
    }
  },
})

/** `session.delete(row)`, awaited or not. */
function deletionIn(statement: PythonNode, row: string): CallNode | null {
  const inner = statement.kind === 'expression_statement' ? withoutAwait(statement.namedChildren[0]!) : statement
  if (inner.kind !== 'call' || inner.function.kind !== 'attribute' || inner.function.attribute.text !== 'delete') return null
  const [given, ...others] = positionalArguments(inner)
  return given?.text === row && others.length === 0 ? inner : null
}

/** The assignments, if there is nothing else than `row.column = value`. */
function changesIn(statements: readonly PythonNode[], row: string): readonly AssignmentNode[] | null {
  const found: AssignmentNode[] = []
  for (const statement of statements) {
    const inner = statement.kind === 'expression_statement' ? statement.namedChildren[0] : undefined
    if (inner?.kind !== 'assignment' || inner.left.kind !== 'attribute' || inner.left.object.text !== row || !inner.right) return null
    found.push(inner)
  }
  return found.length > 0 ? found : null
}

/** A column that gets the same value in each row. */
function isConstantChange(context: Context, node: ForStatementNode, { source }: LoadedRows, { left, right }: AssignmentNode): boolean {
  const column = left.kind === 'attribute' ? left.attribute.text : ''
  if (!right || !source.model.columns.some(({ attribute }) => attribute === column)) return false
  return dependenceOf(context, right, { node, target: node.left, iterable: node.right as PythonNode, region: node.body }) === 'invariant'
}

/** The rows of a loop, if the query takes all that it finds. */
function plainRows(context: Context, node: ForStatementNode): LoadedRows | null {
  const rows = rowsIn(context, node.right as PythonNode)
  return rows?.statement.paths.every(({ limit }) => limit === null) ? rows : null
}

/** `execute(delete(M).where(...))` or `execute(update(M).where(...).values(...))` for the statement of the loop, where that stands in its head. */
function atOnce(context: Context, node: ForStatementNode, { statement, node: query }: LoadedRows, verb: 'delete' | 'update', changes: readonly AssignmentNode[]): FixFunction | null {
  const [path, ...others] = statement.paths
  const iterable = node.right as PythonNode
  if (!path || others.length > 0 || query === null || !iterable.contains(query) || !path.steps.every(({ name }) => CONDITIONS.has(name))) return null
  if (context.sourceCode.commentsIn([node.start, node.end]).length > 0) return null
  const first = path.steps[0]!
  const values = changes.map(({ left, right }) => [(left as AttributeNode).attribute.text, right!.text] as const)
  if (first.name === 'query') {
    const dictionary = values.length > 0 ? `{${values.map(([column, value]) => `"${column}": ${value}`).join(', ')}}` : ''
    return (fixer) => fixer.replaceText(node, `${query.text}.${verb}(${dictionary})`)
  }
  const select = first.call.frame.isHere ? first.call.term.node : undefined
  const execution = query.parent?.kind === 'argument_list' ? query.parent.parent : null
  if (select?.kind !== 'call' || execution?.kind !== 'call' || execution.function.kind !== 'attribute') return null
  const name = nameFromModule(context, node, 'sqlalchemy', verb)
  if (!name) return null
  const start = select.function.start - query.start
  const written = query.text.slice(0, start) + name.text + query.text.slice(start + select.function.text.length)
  const isAwaited = withoutAwait(execution.parent!) !== execution.parent
  const tail = values.length > 0 ? `.values(${values.map(([column, value]) => `${column}=${value}`).join(', ')})` : ''
  const text = `${isAwaited ? 'await ' : ''}${execution.function.object.text}.execute(${written}${tail})`
  return (fixer) => [...(name.addImport ? [name.addImport(fixer)] : []), fixer.replaceText(node, text)]
}

/** `execute(insert(M), [{...} for row in rows])` for a loop that does nothing else. */
function insertingAll({ sourceCode }: Context, execution: CallNode, { node, region }: Loop): FixFunction | null {
  const statement = withoutParentheses(positionalArguments(execution)[0]!)
  const own = region.namedChildren.filter(({ kind }) => kind !== 'comment')
  if (node.kind !== 'for_statement' || node.alternative || own.length !== 1 || withoutAwait(own[0]!.namedChildren[0]!) !== execution) return null
  if (node.children[0]?.kind === 'async' || sourceCode.commentsIn([node.start, node.end]).length > 0) return null
  if (statement.kind !== 'call' || statement.function.kind !== 'attribute' || statement.function.attribute.text !== 'values') return null
  const insert = withoutParentheses(statement.function.object)
  const values = [...keywordArguments(statement)].map(([name, value]) => `"${name}": ${value.text}`)
  if (insert.kind !== 'call' || values.length === 0 || values.length !== statement.arguments.namedChildren.length) return null
  if (insert.function.kind === 'attribute' ? insert.function.attribute.text !== 'insert' : insert.function.text !== 'insert') return null
  const call = own[0]!.namedChildren[0]!.text
  const head = call.slice(0, statement.start - own[0]!.start)
  const rows = `[{${values.join(', ')}} for ${node.left.text} in ${(node.right as PythonNode).text}]`
  return (fixer: RuleFixer): Fix => fixer.replaceText(node, `${head}${insert.text}, ${rows})`)
}

/** Whether each round writes to another table: `for model in MODELS: session.execute(delete(model))`. */
function changesTable(context: Context, { paths }: KnownStatement, loop: Loop): boolean {
  return paths.some(({ steps, target }) => {
    const first = steps[0]?.call.frame.isHere ? steps[0].call.term.node : undefined
    const table = first?.kind === 'call' ? (positionalArguments(first)[0] ?? first.function) : undefined
    return table ? dependenceOf(context, table, loop) === 'loop' : !target?.model
  })
}

/** The kind of a statement that writes and gives no rows back. */
function writeOf({ paths }: KnownStatement): string | null {
  const [first] = paths
  if (!first || !WRITES.has(first.kind)) return null
  return paths.every(({ kind, steps }) => kind === first.kind && steps.every(({ name }) => name !== 'returning')) ? first.kind : null
}

/** Whether nothing is done with what a call gives. */
function isUnused(call: CallNode): boolean {
  let node: PythonNode = call
  while (node.parent?.kind === 'await' || node.parent?.kind === 'parenthesized_expression') node = node.parent
  return node.parent?.kind === 'expression_statement'
}
