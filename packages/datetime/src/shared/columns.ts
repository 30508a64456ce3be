import type { RelatedPlace } from '@krait/core'
import type { AttributeNode, Kind, PythonNode, PythonRuleContext } from '@krait/python'
import { lastPart, membersOf, withoutNone, withoutParentheses } from '@krait/python'
import { attributePlacesFact } from '../facts/attribute-places.ts'
import { valueBehind } from './values.ts'

/** A column of a model as an expression speaks of it. */
export interface ColumnUse {
  readonly node: AttributeNode
  /** The canonical name of the model. */
  readonly model: string
  readonly attribute: string
  /** What an instance has in it. */
  readonly kind: Kind
  /** The canonical name of its type, `datetime.datetime` where only the annotation tells. */
  readonly type: string | null
}

/** The column that an attribute of an instance is: `order.created_at`; `null` if it is none. */
export function instanceColumn(context: PythonRuleContext, node: PythonNode): ColumnUse | null {
  return columnAt(context, node, 'instance')
}

/** The column that an attribute of a model class is, as in expressions of SQL: `Order.created_at`; `null` if it is none. */
export function classColumn(context: PythonRuleContext, node: PythonNode): ColumnUse | null {
  return columnAt(context, node, 'class')
}

/** The column of an expression of SQL, also after some length of time was added to it: `Task.due_at + timedelta(days=1)`; `null` if it is none. */
export function shiftedColumn(context: PythonRuleContext, expression: PythonNode): ColumnUse | null {
  let node = withoutParentheses(expression)
  for (let step = 0; step < MAX_SHIFTS && node.kind === 'binary_operator' && /^[+-]$/.test(node.operator.kind); step++) {
    const left = withoutParentheses(node.left)
    node = node.operator.kind === '+' && left.kind !== 'attribute' && left.kind !== 'binary_operator' ? withoutParentheses(node.right) : left
  }
  return classColumn(context, node)
}

/** Longer sums are not looked at. */
const MAX_SHIFTS = 5

/** The column from which a value was read, directly or through locals, sums with a `timedelta` and methods that keep it naive or aware. */
export function columnBehind(context: PythonRuleContext, node: PythonNode): ColumnUse | null {
  for (const part of valueBehind(context, node)) {
    const column = instanceColumn(context, part)
    if (column) return column
  }
  return null
}

/** `Order.created_at`. */
export function columnLabel({ model, attribute }: Pick<ColumnUse, 'model' | 'attribute'>): string {
  return `${lastPart(model)}.${attribute}`
}

/** Where a column is defined; `null` if it is not known. Ask for it only for what is reported. */
export function columnPlace(context: PythonRuleContext, { model, attribute }: Pick<ColumnUse, 'model' | 'attribute'>): Omit<RelatedPlace, 'message'> | null {
  const { project } = context
  for (const owner of project.ancestors(model).names) {
    const definition = project.definition(owner)
    if (definition?.kind !== 'class' || !Object.hasOwn(definition.fact.members, attribute)) continue
    const path = project.pathInModule(owner, definition.path)
    const place = project.part(attributePlacesFact, definition.path, `${path}.${attribute}`)
    return place ? { path: definition.path, line: place[0], column: place[1] } : null
  }
  return null
}

/** `Order.created_at` is a DateTime column without timezone (models.py:14). */
export function describeColumn(context: PythonRuleContext, column: ColumnUse): string {
  const place = columnPlace(context, column)
  return `\`${columnLabel(column)}\` is ${columnType(column)}${place ? ` (${place.path}:${place.line})` : ''}`
}

/** The place of a column, for the `related` of a finding. */
export function relatedColumn(context: PythonRuleContext, column: ColumnUse): readonly RelatedPlace[] {
  const place = columnPlace(context, column)
  return place ? [{ ...place, message: `\`${columnLabel(column)}\` is ${columnType(column)}` }] : []
}

function columnType({ kind }: ColumnUse): string {
  if (kind.kind === 'date') return 'a Date column'
  return kind.kind === 'aware' ? 'a DateTime column with timezone' : 'a DateTime column without timezone'
}

function columnAt(context: PythonRuleContext, expression: PythonNode, kind: 'instance' | 'class'): ColumnUse | null {
  const node = withoutParentheses(expression)
  if (node.kind !== 'attribute') return null
  const attribute = node.attribute.text
  if (!context.kinds.project.isColumnName(attribute)) return null
  const model = kind === 'class' && node.object.kind === 'attribute' && COLLECTIONS.test(node.object.attribute.text) ? modelOfTable(context, node.object.object) : null
  if (model !== null) {
    const column = context.kinds.project.column(model, attribute)
    return column && { node, model, attribute, kind: column.kind, type: column.type }
  }
  for (const member of membersOf(withoutNone(context.typeOf(node.object)))) {
    const column = member.kind === kind ? context.kinds.project.column(member.class, attribute) : null
    if (column && member.kind === kind) return { node, model: member.class, attribute, kind: column.kind, type: column.type }
  }
  return null
}

/** `Order` of `Order.__table__`; `null` for all else. */
export function modelOfTable(context: PythonRuleContext, node: PythonNode): string | null {
  if (node.kind !== 'attribute' || node.attribute.text !== '__table__') return null
  const type = context.typeOf(node.object)
  return type.kind === 'class' ? type.class : null
}

const COLLECTIONS = /^(c|columns)$/
