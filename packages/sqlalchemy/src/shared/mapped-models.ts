import type { AssignmentNode, CallNode, ClassDefinitionNode, Model, ModelColumn, PythonNode, PythonProject, PythonServices } from '@krait/python'
import { stringText } from '@krait/python'
import { mayCall } from './callee.ts'

/** A model or Core table with the code that defines it. */
export interface MappedModel {
  readonly model: Model
  readonly node: ClassDefinitionNode | CallNode
}

/** The model that a class definition makes; `null` for other classes. */
export function modelOfClass(services: PythonServices, node: ClassDefinitionNode): MappedModel | null {
  const mayBeModel = (node.superclasses?.namedChildren.length ?? 0) > 0 || node.parent?.kind === 'decorated_definition'
  const name = mayBeModel ? services.resolve(node) : null
  const model = name === null ? null : services.project.model(name)
  return model?.path === services.project.path ? { model, node } : null
}

const TABLES: ReadonlySet<string> = new Set(['Table'])

/** The Core table of `users = Table("users", ...)`; `null` for all else. */
export function modelOfAssignment(services: PythonServices, { left, right }: AssignmentNode): MappedModel | null {
  if (left.kind !== 'identifier' || right?.kind !== 'call') return null
  if (!mayCall(services, right, TABLES)) return null
  const name = services.resolve(left)
  const model = name === null ? null : services.project.model(name)
  return model?.kind === 'table' && model.path === services.project.path ? { model, node: right } : null
}

/** What a finding about a whole model points at: the name of the class, or the call of `Table`. */
export function headOf({ node }: MappedModel): PythonNode {
  return node.kind === 'class_definition' ? node.name : node.function
}

/** The statement in the body of a class that defines an attribute: an assignment, or the function of a `declared_attr`. */
export function attributeStatement(node: ClassDefinitionNode, attribute: string): PythonNode | null {
  for (const statement of node.body.namedChildren) {
    const inner = statement.kind === 'expression_statement' ? statement.namedChildren[0] : statement
    if (inner?.kind === 'assignment' && inner.left.kind === 'identifier' && inner.left.text === attribute) return inner
    const definition = inner?.kind === 'decorated_definition' ? inner.definition : inner
    if (definition?.kind === 'function_definition' && definition.name.text === attribute) return definition.name
  }
  return null
}

/** The place of a column: its statement in the class, its `Column(...)` in the table; the class or table itself where it stands elsewhere. */
export function columnNode(mapped: MappedModel, attribute: string, name: string): PythonNode {
  const { node } = mapped
  if (node.kind === 'class_definition') return attributeStatement(node, attribute) ?? headOf(mapped)
  const items = node.arguments.namedChildren
  return items.find((item) => item.kind === 'call' && stringText(item.arguments.namedChildren[0]) === name) ?? headOf(mapped)
}

/** The columns that stand in a model's own table: without those of a model above that has a table of its own. */
export function columnsOfOwnTable(project: PythonProject, { columns, inherits }: Model): readonly ModelColumn[] {
  const above = inherits?.kind === 'joined' ? (project.model(inherits.model)?.columns ?? []) : []
  return columns.filter((column) => !above.some(({ attribute, owner }) => attribute === column.attribute && owner === column.owner))
}
