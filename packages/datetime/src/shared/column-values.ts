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

const NO_VALUES: readonly ColumnValue[] = []

/** The values that a call gives to columns: a constructor of a model, `.values(...)` of an `insert` or `update`, `.update({...})` of a query. */
export function columnValues(context: PythonRuleContext, call: CallNode): readonly ColumnValue[] {
  const model = modelOfMethod(context, call)
  if (model !== null) {
    const found = keywordValues(context, call, model)
    for (const argument of positionalArguments(call)) {
      const rows = argument.kind === 'list' || argument.kind === 'tuple' ? argument.namedChildren : [argument]
      for (const row of rows) addPairs(context, row, model, found)
    }
    return found
  }
  if (!namesColumn(context, call)) return NO_VALUES
  const type = context.typeOf(call.function)
  return type.kind === 'class' ? keywordValues(context, call, type.class) : NO_VALUES
}

/** The model to whose columns `.values(...)` and `.update(...)` give something; `null` for other calls. */
function modelOfMethod(context: PythonRuleContext, { function: called }: CallNode): string | null {
  if (called.kind !== 'attribute') return null
  const method = called.attribute.text
  if (method === 'values') return statementModel(context, called.object)
  return method === 'update' ? queriedModel(context, called.object) : null
}

/** Whether an argument has the name of a column; most calls have no keywords. */
function namesColumn({ kinds: { project } }: PythonRuleContext, { arguments: given }: CallNode): boolean {
  if (given.kind !== 'argument_list') return false
  for (const argument of given.namedChildren) {
    if (argument.kind === 'dictionary_splat' || (argument.kind === 'keyword_argument' && project.isColumnName(argument.name.text))) return true
  }
  return false
}

function keywordValues(context: PythonRuleContext, call: CallNode, model: string): ColumnValue[] {
  const found: ColumnValue[] = []
  if (call.arguments.kind !== 'argument_list') return found
  for (const node of call.arguments.namedChildren) {
    if (node.kind === 'keyword_argument') addValue(context, { model, attribute: node.name.text }, node.value, node, found)
    else if (node.kind === 'dictionary_splat') addPairs(context, node.namedChildren[0], model, found)
  }
  return found
}

function addPairs(context: PythonRuleContext, row: PythonNode | undefined, model: string, found: ColumnValue[]): void {
  if (row?.kind !== 'dictionary') return
  for (const pair of row.namedChildren) {
    if (pair.kind !== 'pair') continue
    const column = classColumn(context, pair.key)
    const attribute = column?.attribute ?? stringText(pair.key)
    if (attribute !== null) addValue(context, { model: column?.model ?? model, attribute }, pair.value, pair, found)
  }
}

function addValue(context: PythonRuleContext, named: Pick<ColumnUse, 'model' | 'attribute'>, value: PythonNode, node: PythonNode, found: ColumnValue[]): void {
  const { project } = context.kinds
  const column = project.isColumnName(named.attribute) ? project.column(named.model, named.attribute) : null
  if (column) found.push({ column: { ...named, kind: column.kind, type: column.type }, value, node })
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
