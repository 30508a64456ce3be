import type { CallNode, Model, ModelColumn, PythonNode, PythonServices } from '@krait/python'
import { argument, stringText } from '@krait/python'
import { modelOfAssignment, modelOfClass } from './mapped-models.ts'

/** The columns that a foreign key stands on. */
export interface ForeignKeyOwner {
  readonly model: Model
  readonly columns: readonly ModelColumn[]
}

/** The model and columns of a `ForeignKey(...)`, a `ForeignKeyConstraint(...)` or a `Field(foreign_key=...)`; `null` if it stands somewhere else. */
export function ownerOfForeignKey(services: PythonServices, call: CallNode): ForeignKeyOwner | null {
  const mapped = mappedAround(services, call)
  if (!mapped) return null
  const names = constraintColumns(call)
  if (names) return { model: mapped, columns: mapped.columns.filter(({ name, attribute }) => names.includes(name) || names.includes(attribute)) }
  const column = columnAround(mapped, call)
  return { model: mapped, columns: column ? [column] : [] }
}

/** The model in whose class body or `Table(...)` a node stands. */
function mappedAround(services: PythonServices, node: PythonNode): Model | null {
  const definition = node.closest('class_definition')
  const ofClass = definition ? modelOfClass(services, definition) : null
  if (ofClass) return ofClass.model
  for (let assignment = node.closest('assignment'); assignment; assignment = assignment.parent?.closest('assignment') ?? null) {
    const table = modelOfAssignment(services, assignment)
    if (table) return table.model
  }
  return null
}

function constraintColumns(call: CallNode): readonly string[] | null {
  const given = argument(call, 'columns', 0)
  if (given?.kind !== 'list' && given?.kind !== 'tuple') return null
  return given.namedChildren.flatMap((item) => stringText(item) ?? (item.kind === 'identifier' ? item.text : []))
}

/** The column in whose definition a call stands. */
function columnAround(model: Model, call: CallNode): ModelColumn | null {
  for (let node: PythonNode | null = call; node; node = node.parent) {
    if (node.kind === 'assignment' && node.left.kind === 'identifier' && model.kind === 'class') {
      const attribute = node.left.text
      return model.columns.find((column) => column.attribute === attribute) ?? null
    }
    if (node.kind === 'function_definition' && model.kind === 'class') {
      const attribute = node.name.text
      return model.columns.find((column) => column.attribute === attribute) ?? null
    }
    if (node.kind === 'call' && node !== call) {
      const name = stringText(argument(node, 'name', 0))
      const column = name === null ? undefined : model.columns.find((other) => other.name === name)
      if (column && model.kind === 'table') return column
    }
    if (node.kind === 'class_definition') return null
  }
  return null
}
