import type { Constant, PythonNode, PythonServices } from '@krait/python'
import { argument, positionalArguments, stringText } from '@krait/python'
import { libraryName } from './library-name.ts'
import type { OpCall } from './migration.ts'

/** As `drop_constraint(type_=...)` has it. */
export type ConstraintType = 'foreignkey' | 'unique' | 'check' | 'primary'

/** A constraint that an operation creates. */
export interface CreatedConstraint {
  readonly type: ConstraintType
  readonly table: string
  /** The name that the operation gives; `null` if it leaves it to the database, `undefined` if it is not known. */
  readonly name: string | null | undefined
  /** `null` if they are not known. */
  readonly columns: readonly string[] | null
  /** The `None` in the place of the name. */
  readonly none: PythonNode | null
  /** It comes with its column: `sa.Column("id", sa.ForeignKey(...))`. */
  readonly ofColumn: boolean
}

/** The constraints that an operation adds to a table that exists. */
export function createdConstraints(services: PythonServices, op: OpCall): readonly CreatedConstraint[] {
  switch (op.name) {
    case 'create_foreign_key':
      return created(services, op, 'foreignkey', { table: 'source_table', columns: ['local_cols', op.batch ? 2 : 3] })
    case 'create_unique_constraint':
      return created(services, op, 'unique', { table: 'table_name', columns: ['columns', op.batch ? 1 : 2] })
    case 'create_check_constraint':
      return created(services, op, 'check', { table: 'table_name' })
    case 'create_primary_key':
      return created(services, op, 'primary', { table: 'table_name' })
    case 'add_column':
      return ofColumn(services, op)
    default:
      return []
  }
}

/** The table that an operation is about; `undefined` if it is not known. @param keyword the table's parameter of the operation without a batch */
export function tableOf(services: PythonServices, { call, batch }: OpCall, keyword = 'table_name', position = 1): string | undefined {
  const node = batch ? argument(batch, 'table_name', 0) : argument(call, keyword, position)
  const table = node && services.constantOf(node)
  return typeof table === 'string' ? table : undefined
}

/** The name of a constraint as an operation has it: `"fk_a"`, `op.f("fk_a")`, `None`; `undefined` if it is not known. */
export function constraintName(services: PythonServices, node: PythonNode | null): string | null | undefined {
  const inner = node?.kind === 'call' && services.resolve(node.function) === 'alembic.op.f' ? (positionalArguments(node)[0] ?? null) : node
  const name = inner ? services.constantOf(inner) : undefined
  return typeof name === 'string' || name === null ? name : undefined
}

interface Parameters {
  /** The second one, if the operation belongs to no batch. */
  readonly table: string
  /** Left out where the columns do not matter for the name. */
  readonly columns?: readonly [name: string, position: number]
}

function created(services: PythonServices, op: OpCall, type: ConstraintType, parameters: Parameters): readonly CreatedConstraint[] {
  const table = tableOf(services, op, parameters.table)
  if (table === undefined) return []
  const given = argument(op.call, 'constraint_name', 0)
  const columns = parameters.columns && argument(op.call, ...parameters.columns)
  return [
    {
      type,
      table,
      name: constraintName(services, given),
      columns: columns ? strings(services.constantOf(columns)) : null,
      none: given?.kind === 'none' ? given : null,
      ofColumn: false,
    },
  ]
}

function strings(value: Constant | undefined): readonly string[] | null {
  return Array.isArray(value) && value.every((item) => typeof item === 'string') ? (value as readonly string[]) : null
}

function ofColumn(services: PythonServices, op: OpCall): readonly CreatedConstraint[] {
  const table = tableOf(services, op, 'table_name', 0)
  const column = argument(op.call, 'column', op.batch ? 0 : 1)
  if (table === undefined || column?.kind !== 'call' || libraryName(services, column.function) !== 'sqlalchemy.Column') return []
  const [first, ...rest] = positionalArguments(column)
  const columnName = stringText(first)
  const columns = columnName === null ? null : [columnName]
  const found: CreatedConstraint[] = []
  for (const part of rest) {
    if (part.kind !== 'call' || libraryName(services, part.function) !== 'sqlalchemy.ForeignKey') continue
    const given = argument(part, 'name')
    found.push({ type: 'foreignkey', table, name: given ? constraintName(services, given) : null, columns, none: null, ofColumn: true })
  }
  if (argument(column, 'unique')?.kind === 'true') found.push({ type: 'unique', table, name: null, columns, none: null, ofColumn: true })
  return found
}
