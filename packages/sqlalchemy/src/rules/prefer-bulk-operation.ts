import type { FixFunction } from '@krait/core'
import type { CallNode, ForStatementNode, Model, PythonNode, PythonRuleContext, Statement } from '@krait/python'
import {
  callFact,
  defineRule,
  excerpt,
  isMigrationFile,
  isTestFile,
  lastPart,
  nameFromModule,
  ormSessionOf,
  ownCode,
  positionalArguments,
  statementsOf,
  withoutParentheses,
} from '@krait/python'
import { rowsIn } from '../shared/loaded-rows.ts'
import type { LoadedRows } from '../shared/loaded-rows.ts'
import { dependenceOf } from '../shared/loop-dependence.ts'
import { isChunked, loopsAround, methodOf, targetsOf } from '../shared/loops.ts'
import type { Loop } from '../shared/loops.ts'

type MessageId = 'deleted' | 'assigned' | 'executed' | 'replace'
type Context = PythonRuleContext<MessageId, readonly []>

const EXECUTING: ReadonlySet<string> = new Set(['execute', 'exec'])

export const preferBulkOperation = defineRule({
  name: 'prefer-bulk-operation',
  meta: {
    type: 'suggestion',
    docs: { description: 'Prefer one statement to a write per row', preset: 'strict', severity: 'warn', since: '0.1.0' },
    messages: {
      deleted: '`{{model}}` rows are loaded and deleted one by one; run `delete({{model}}).where(…)` once.',
      assigned: '`{{model}}` rows are loaded and changed one by one; run `update({{model}}).where(…).values(…)` once.',
      executed: '`{{method}}({{statement}}(…))` runs per `{{item}}`; pass a list of parameter sets to one `{{method}}`.',
      replace: 'Run one statement',
    },
    schema: [],
    hasSuggestions: true,
  },
  defaultOptions: [],
  create(context) {
    if (isTestFile(context) || isMigrationFile(context)) return {}
    return {
      for_statement(node) {
        if (node.left.kind !== 'identifier' || node.alternative) return
        const statements = node.body.namedChildren.filter(({ kind }) => kind !== 'comment')
        if (statements.length === 0) return
        if (statements.length === 1 && isDelete(context, statements[0]!, node.left.text)) checkDeletes(context, node)
        else if (statements.every((statement) => isAssignment(context, statement, node))) checkAssignments(context, node)
      },
      call(node) {
        const name = methodOf(node)
        if (name && EXECUTING.has(name.text) && node.parent?.kind !== 'attribute') checkExecution(context, node, name)
      },
    }
  },
})

/** `session.delete(x)`, awaited or not. */
function isDelete(context: Context, statement: PythonNode, name: string): boolean {
  const call = callOf(statement)
  if (call?.function.kind !== 'attribute' || call.function.attribute.text !== 'delete') return false
  const [given, ...others] = positionalArguments(call)
  return given?.text === name && others.length === 0 && ormSessionOf(context, call.function.object) !== null
}

function callOf(statement: PythonNode): CallNode | null {
  let node: PythonNode | undefined = statement.kind === 'expression_statement' ? statement.namedChildren[0] : undefined
  if (node?.kind === 'await') node = node.namedChildren[0]
  return node?.kind === 'call' ? node : null
}

function checkDeletes(context: Context, loop: ForStatementNode): void {
  const rows = rowsIn(context, loop.right)
  if (!rows || isCascading(context, rows.source.model)) return
  report(context, loop, 'deleted', rows, replaceLoop(context, loop, rows, 'delete', ''))
}

/** The ORM's delete does more than the statement: it cascades, calls listeners, and deletes rows of several tables. */
function isCascading(context: Context, { name, path, relationships, inherits }: Model): boolean {
  if (inherits?.kind === 'joined' || hasListeners(context, path) || hasListeners(context, context.path)) return true
  return relationships.some(({ attribute }) => {
    const member = context.project.member(name, attribute)
    const value = member?.fact.kind === 'variable' ? member.fact.value : undefined
    const cascade = value?.kind === 'call' ? value.keywords['cascade'] : undefined
    if (!cascade) return false
    return cascade.kind !== 'literal' || /\b(all|delete)\b/.test(String(cascade.value))
  })
}

function hasListeners({ project }: Context, path: string): boolean {
  const calls = project.fact(callFact, path)?.[''] ?? []
  return calls.some(({ callee }) => callee !== undefined && LISTENING.has(project.resolveName(callee, path) ?? ''))
}

const LISTENING: ReadonlySet<string> = new Set(['sqlalchemy.event.listen', 'sqlalchemy.event.listens_for'])

/** `x.column = value`, where the value has nothing to do with the row. */
function isAssignment(context: Context, statement: PythonNode, loop: ForStatementNode): boolean {
  const assignment = statement.kind === 'expression_statement' ? statement.namedChildren[0] : undefined
  if (assignment?.kind !== 'assignment' || assignment.left.kind !== 'attribute' || assignment.left.object.text !== loop.left.text || !assignment.right) return false
  const target = context.scopes.bindingOf(loop.left)
  for (const node of ownCode(assignment.right as PythonNode)) {
    if (node.kind === 'call' || node.kind === 'await') return false
    if (node.kind === 'identifier' && context.scopes.bindingOf(node) === target) return false
  }
  return true
}

function checkAssignments(context: Context, loop: ForStatementNode): void {
  const rows = rowsIn(context, loop.right)
  if (!rows) return
  const columns = assignedIn(loop)
  const { model } = rows.source
  if (!columns.every(([column]) => model.columns.some(({ attribute }) => attribute === column)) || hasListeners(context, model.path)) return
  const values = columns.map(([column, value]) => `${column}=${value}`).join(', ')
  report(context, loop, 'assigned', rows, replaceLoop(context, loop, rows, 'update', `.values(${values})`))
}

function assignedIn(loop: ForStatementNode): readonly (readonly [column: string, value: string])[] {
  return loop.body.namedChildren.flatMap((statement) => {
    const [assignment] = statement.namedChildren
    if (assignment?.kind !== 'assignment' || assignment.left.kind !== 'attribute' || !assignment.right) return []
    return [[assignment.left.attribute.text, (assignment.right as PythonNode).text] as const]
  })
}

function report(context: Context, loop: ForStatementNode, messageId: 'deleted' | 'assigned', { source }: LoadedRows, fix: FixFunction | null): void {
  const header = loop.children.findLast(({ kind, end }) => kind === ':' && end <= loop.body.start)
  context.report({
    range: [loop.start, header?.end ?? loop.left.end],
    messageId,
    data: { model: lastPart(source.model.name) },
    suggest: [fix && { messageId: 'replace', fix }],
  })
}

const CONDITIONS: ReadonlySet<string> = new Set(['select', 'where', 'filter', 'filter_by'])

/** The loop as one statement: for a `select(...)` that only has conditions, and stands in the loop's header. */
function replaceLoop(context: Context, loop: ForStatementNode, { node, statement, source }: LoadedRows, kind: 'delete' | 'update', end: string): FixFunction | null {
  const [path, ...others] = statement.paths
  if (!node || node.start < loop.right.start || node.end > loop.right.end || !path || others.length > 0 || path.isQuery || source.text === null) return null
  if (path.steps.some(({ name }) => !CONDITIONS.has(name)) || context.sourceCode.commentsIn(loop.range).length > 0) return null
  const beginning = path.steps[0]?.call.term.node
  const session = sessionIn(context, loop.right)
  const name = nameFromModule(context, loop, 'sqlalchemy', kind)
  if (!beginning || !session || !name) return null
  const isAwaited = loop.right.text.includes('await ') || ormSessionOf(context, session)?.kind === 'async'
  const rest = context.sourceCode.text.slice(beginning.end, node.end)
  const text = `${isAwaited ? 'await ' : ''}${session.text}.execute(${name.text}(${source.text})${rest}${end})`
  return (fixer) => [...(name.addImport ? [name.addImport(fixer)] : []), fixer.replaceText(loop, text)]
}

function sessionIn(context: Context, expression: PythonNode): PythonNode | null {
  for (const node of ownCode(expression)) if ((node.kind === 'identifier' || node.kind === 'attribute') && ormSessionOf(context, node)) return node
  return null
}

/** `session.execute(insert(Hit).values(url=row.url))`. */
function checkExecution(context: Context, call: CallNode, name: PythonNode): void {
  const loop = loopAround(call)
  const [given, ...others] = positionalArguments(call)
  const called = withoutParentheses(call.function)
  if (!loop || !given || others.length > 0 || called.kind !== 'attribute' || !isStatement(call) || isChunked(context, loop)) return
  const paths = statementsOf(context).statementOf(given)?.paths ?? []
  const kinds = paths.map(({ kind }) => kind)
  const [kind] = kinds
  if ((kind !== 'insert' && kind !== 'update' && kind !== 'delete') || kinds.some((other) => other !== kind)) return
  if (!ormSessionOf(context, called.object) || dependenceOf(context, call, loop) !== 'loop' || isOverModels(paths[0], loop)) return
  context.report({ node: name, messageId: 'executed', data: { method: name.text, statement: kind, item: excerpt(loop.target) } })
}

/** `for model in models: execute(delete(model))` is one statement for each table. */
function isOverModels(path: Statement | undefined, loop: Loop): boolean {
  const call = path?.steps[0]?.call.term.node
  const model = call?.kind === 'call' ? positionalArguments(call)[0] : undefined
  return targetsOf(loop).some(({ text }) => text === model?.text)
}

/** Nothing is done with the result. */
function isStatement(call: CallNode): boolean {
  let node: PythonNode = call
  while (node.parent?.kind === 'await' || node.parent?.kind === 'parenthesized_expression') node = node.parent
  return node.parent?.kind === 'expression_statement'
}

function loopAround(call: CallNode): Loop | null {
  for (const loop of loopsAround(call)) if (loop.node.kind === 'for_statement') return loop
  return null
}
