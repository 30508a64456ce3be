import type { AssignmentNode, CallNode, KeywordArgumentNode, PairNode, PythonNode, PythonRuleContext } from '@krait/python'
import { keywordArguments, positionalArguments, stringText } from '@krait/python'
import type { ColumnUse } from './columns.ts'

/** A column where it is defined. */
export interface ColumnDefinition extends Pick<ColumnUse, 'model' | 'attribute' | 'kind' | 'type'> {
  /** The call of `Column`, `mapped_column` or `Field`, the outermost one; `null` for an annotation alone. */
  readonly call: CallNode | null
  /** The statement of the class body: an assignment, or the function of a `declared_attr`. */
  readonly node: PythonNode
}

/** The name and the value of a keyword of a column; of SQLModel's `Field` also as `sa_column_kwargs={"onupdate": ...}`. `null` for other pairs. */
export function columnKeyword(node: KeywordArgumentNode | PairNode): { readonly name: string; readonly value: PythonNode } | null {
  if (node.kind === 'keyword_argument') return { name: node.name.text, value: node.value }
  const keywords = node.parent?.parent
  const name = keywords?.kind === 'keyword_argument' && keywords.name.text === 'sa_column_kwargs' ? stringText(node.key) : null
  return name === null ? null : { name, value: node.value }
}

/** The column whose definition holds a node, in the body of a class or in a `declared_attr`; `null` for all else. */
export function columnDefinitionAround(context: PythonRuleContext, node: PythonNode): ColumnDefinition | null {
  const statement = node.closest('assignment', 'function_definition', 'class_definition', 'lambda')
  if (statement?.kind === 'assignment' && context.scopes.scopeOf(statement).kind === 'module') return aliasedColumn(context, statement, node)
  const assignment = statement?.kind === 'lambda' ? statement.closest('assignment', 'function_definition', 'class_definition') : statement
  const owner = assignment?.closest('class_definition')
  if (!assignment || !owner || context.scopes.scopeOf(assignment).node !== owner) return null
  if (assignment.kind === 'assignment') return assignment.left.kind === 'identifier' ? columnDefinition(context, owner, assignment.left.text, assignment) : null
  return assignment.kind === 'function_definition' ? columnDefinition(context, owner, assignment.name.text, assignment) : null
}

/** `created = Annotated[datetime, mapped_column(...)]` outside of classes: the first column that has it for annotation. */
function aliasedColumn(context: PythonRuleContext, { left, right }: AssignmentNode, node: PythonNode): ColumnDefinition | null {
  const call = node.parent?.parent
  if (left.kind !== 'identifier' || right?.kind !== 'subscript' || call?.kind !== 'call' || !call.function.text.endsWith('mapped_column')) return null
  const alias = context.resolve(left)
  const user = alias === null ? null : context.kinds.project.aliasUser(alias)
  const column = user && context.kinds.project.column(user.owner, user.attribute)
  return user && column && { model: user.owner, attribute: user.attribute, kind: column.kind, type: column.type, call, node: right }
}

/** The column that a statement of a class body defines under a name; `null` if it is none. */
export function columnDefinition(context: PythonRuleContext, owner: PythonNode, attribute: string, node: PythonNode): ColumnDefinition | null {
  const model = context.resolve(owner)
  const column = model === null ? null : context.kinds.project.column(model, attribute)
  if (!column || model === null) return null
  return { model, attribute, kind: column.kind, type: column.type, call: callOf(node), node }
}

function callOf(node: PythonNode): CallNode | null {
  if (node.kind === 'assignment') return node.right?.kind === 'call' ? node.right : null
  for (const statement of node.descendants('return_statement')) if (statement.namedChildren[0]?.kind === 'call') return statement.namedChildren[0]
  return null
}

/** The node that is the column's type without time zone: `DateTime` or `DateTime()`; `null` if it is not written so that a fix could change it. */
export function zonelessType(context: PythonRuleContext, call: CallNode | null): PythonNode | null {
  if (!call) return null
  const keywords = keywordArguments(call)
  const column = keywords.get('sa_column')
  if (column?.kind === 'call') return zonelessType(context, column)
  for (const candidate of [keywords.get('type_'), keywords.get('sa_type'), ...positionalArguments(call)]) {
    if (!candidate) continue
    const name = candidate.kind === 'call' ? candidate.function : candidate
    const isTime = (name.kind === 'identifier' || name.kind === 'attribute') && TIME_TYPES.test(name.text)
    const isBare = candidate.kind !== 'call' || candidate.arguments.namedChildren.length === 0
    if (isTime && isBare) return candidate
  }
  return null
}

const TIME_TYPES = /(^|\.)(DateTime|TIMESTAMP|DATETIME)$/

/** `DateTime(timezone=True)` in place of a type without time zone. */
export function zonedType(type: PythonNode): string {
  return `${type.kind === 'call' ? type.function.text : type.text}(timezone=True)`
}
