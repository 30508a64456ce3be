import type { CallNode, PythonNode, PythonRuleContext, Type } from '@krait/python'
import { positionalArguments, stringText } from '@krait/python'
import type { ColumnUse } from './columns.ts'
import { classColumn, modelOfTable } from './columns.ts'

/** A value that the code gives to a column. */
export interface ColumnValue {
  readonly column: Pick<ColumnUse, 'model' | 'attribute' | 'kind' | 'type'>
  readonly value: PythonNode
  /** The argument or pair that gives it. */
  readonly node: PythonNode
}

/** The values that a call gives to columns: a constructor of a model, `.values(...)` of an `insert` or `update`, `.update({...})` of a query. */
export function* columnValues(context: PythonRuleContext, call: CallNode): Generator<ColumnValue> {
  const called = call.function
  const method = called.kind === 'attribute' ? called.attribute.text : null
  const model = method === 'values' && called.kind === 'attribute' ? statementModel(context, called.object) : method === 'update' && called.kind === 'attribute' ? queriedModel(context, called.object) : null
  if (model !== null) {
    yield* keywordValues(context, call, model)
    for (const argument of positionalArguments(call)) {
      const rows = argument.kind === 'list' || argument.kind === 'tuple' ? argument.namedChildren : [argument]
      for (const row of rows) yield* pairValues(context, row, model)
    }
    return
  }
  if (!namesColumn(context, call)) return
  const type = context.typeOf(called)
  if (type.kind === 'class') yield* keywordValues(context, call, type.class)
}

/** Whether an argument has the name of a column; most calls have no keywords. */
function namesColumn(context: PythonRuleContext, { arguments: given }: CallNode): boolean {
  if (given.kind !== 'argument_list') return false
  return given.namedChildren.some((argument) => {
    if (argument.kind === 'keyword_argument') return context.kinds.project.isColumnName(argument.name.text)
    return argument.kind === 'dictionary_splat'
  })
}

function* keywordValues(context: PythonRuleContext, call: CallNode, model: string): Generator<ColumnValue> {
  if (call.arguments.kind !== 'argument_list') return
  for (const node of call.arguments.namedChildren) {
    if (node.kind === 'keyword_argument') yield* valueFor(context, model, node.name.text, node.value, node)
    else if (node.kind === 'dictionary_splat') yield* pairValues(context, node.namedChildren[0], model)
  }
}

function* pairValues(context: PythonRuleContext, row: PythonNode | undefined, model: string): Generator<ColumnValue> {
  if (row?.kind !== 'dictionary') return
  for (const pair of row.namedChildren) {
    if (pair.kind !== 'pair') continue
    const column = classColumn(context, pair.key)
    const name = column?.attribute ?? stringText(pair.key)
    if (name !== null) yield* valueFor(context, column?.model ?? model, name, pair.value, pair)
  }
}

function* valueFor(context: PythonRuleContext, model: string, attribute: string, value: PythonNode, node: PythonNode): Generator<ColumnValue> {
  const column = context.kinds.project.isColumnName(attribute) ? context.kinds.project.column(model, attribute) : null
  if (column) yield { column: { model, attribute, kind: column.kind, type: column.type }, value, node }
}

/** The model of `insert(M)` or `update(M)`, also behind `.where(...)` and the like. */
function statementModel(context: PythonRuleContext, expression: PythonNode): string | null {
  let node: PythonNode = expression
  for (let step = 0; step < MAX_STEPS; step++) {
    if (node.kind === 'call') {
      const name = context.resolve(node.function)
      const [model] = positionalArguments(node)
      if (name !== null && STATEMENTS.test(name)) return model ? modelOf(context, model) : null
      if (node.function.kind === 'attribute' && STATEMENT_METHODS.test(node.function.attribute.text)) return modelOfTable(context, node.function.object)
      node = node.function
    } else if (node.kind === 'attribute') node = node.object
    else {
      const type = context.typeOf(node)
      return type.kind === 'instance' && /^sqlalchemy\.(Insert|Update)$/.test(type.class) ? classOf(type.args[0]) : null
    }
  }
  return null
}

/** `Order` of `Order` and of `Order.__table__`. */
function modelOf(context: PythonRuleContext, expression: PythonNode): string | null {
  return modelOfTable(context, expression) ?? classOf(context.typeOf(expression))
}

/** The model of `session.query(M)`. */
function queriedModel(context: PythonRuleContext, expression: PythonNode): string | null {
  const type = context.typeOf(expression)
  return type.kind === 'instance' && type.class === 'sqlalchemy.orm.Query' ? classOf(type.args[0]) : null
}

function classOf(type: Type | undefined): string | null {
  return type?.kind === 'class' || type?.kind === 'instance' ? type.class : null
}

const STATEMENT_METHODS = /^(insert|update)$/
const STATEMENTS = /^sqlalchemy\.(dialects\.\w+\.)?(insert|update)$/
const MAX_STEPS = 20
