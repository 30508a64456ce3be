import type { PythonProject } from '../../project/python-project.ts'
import { argumentOf, isCallOf, isNoneValue } from '../../values/value.ts'
import type { CallValue, Value } from '../../values/value.ts'
import { constantIn } from './migration-order.ts'
import type { Migration } from './migration-order.ts'
import type { MigrationOperation } from './operations-fact.ts'
import { replaceParameters } from './replace-parameters.ts'

/** A loop in a migration with more rounds than these is not unrolled. */
const MAX_ROUNDS = 100

export interface Rounds {
  readonly rounds: readonly MigrationOperation[]
  /** Every loop goes over known items. */
  readonly isKnown: boolean
}

/** An operation once for each round of the loops around it. */
export function roundsOf(operation: MigrationOperation, { project, path }: Migration): Rounds {
  let rounds: readonly MigrationOperation[] = [operation]
  for (const { names, over } of operation.loops ?? []) {
    const next: MigrationOperation[] = []
    for (const round of rounds) {
      const items = itemsOf(project, path, over)
      if (!items || next.length + items.length > MAX_ROUNDS) return { rounds: [operation], isKnown: false }
      next.push(...items.map((item) => withVariables(round, variablesOf(names, item))))
    }
    rounds = next
  }
  return { rounds, isKnown: true }
}

function itemsOf(project: PythonProject, path: string, over: Value): readonly Value[] | null {
  const absolute = project.value(over, path)
  const items = absolute.kind === 'name' ? project.valueOf(absolute.name) : absolute
  return (items?.kind === 'tuple' || items?.kind === 'list' || items?.kind === 'set') && !items.open ? items.items : null
}

function variablesOf(names: readonly string[], item: Value): ReadonlyMap<string, Value> {
  if (names.length === 1) return new Map([[names[0]!, item]])
  if (item.kind !== 'tuple' && item.kind !== 'list') return new Map()
  return new Map(names.flatMap((name, i) => (item.items[i] ? [[name, item.items[i]] as const] : [])))
}

function withVariables(operation: MigrationOperation, variables: ReadonlyMap<string, Value>): MigrationOperation {
  const replaced = (call: CallValue): CallValue => replaceParameters(call, variables) as CallValue
  return { ...operation, call: replaced(operation.call), ...(operation.batch && { batch: replaced(operation.batch) }) }
}

/** The arguments of one operation of a migration, with absolute names. */
export class OperationReader {
  readonly name: string
  readonly isBatch: boolean
  readonly call: CallValue
  readonly #batch: CallValue | undefined
  readonly #migration: Migration

  constructor({ name, call, batch }: MigrationOperation, migration: Migration) {
    this.name = name
    this.isBatch = batch !== undefined
    this.call = migration.project.value(call, migration.path) as CallValue
    this.#batch = batch && (migration.project.value(batch, migration.path) as CallValue)
    this.#migration = migration
  }

  /**
   * The table that the operation is about, with its schema; `null` if it is not known.
   * @param position of its parameter, for an operation outside of a batch
   */
  table(position: number, ...parameters: readonly string[]): string | null {
    const call = this.#batch ?? this.call
    const value = this.#batch ? argumentOf(call, 'table_name', 0) : firstArgument(call, position, parameters)
    return this.withSchema(value, call.keywords['schema'] ?? call.keywords['source_schema'])
  }

  withSchema(name: Value | null, schema: Value | undefined): string | null {
    const text = name && this.text(name)
    if (text === null) return null
    if (!schema || isNoneValue(schema)) return text
    const prefix = this.text(schema)
    return prefix === null ? null : `${prefix}.${text}`
  }

  /** An argument by name, or by its position outside of a batch; in a batch the table is not given again. */
  argument(parameter: string, position?: number, isBehindTable = true): Value | null {
    const shift = this.isBatch && isBehindTable ? 1 : 0
    return argumentOf(this.call, parameter, position === undefined ? undefined : position - shift)
  }

  /** The positional arguments from one on, and a keyword argument. @param from counted outside of a batch */
  items(from: number, keyword: string): readonly Value[] {
    const named = this.call.keywords[keyword]
    return [...this.call.arguments.slice(this.isBatch ? from - 1 : from), ...(named ? [named] : [])]
  }

  textOf(parameter: string, position?: number, isBehindTable = true): string | null {
    const value = this.argument(parameter, position, isBehindTable)
    return value && this.text(value)
  }

  /** `"uq_users_email"`, `op.f("uq_users_email")`, or `batch_op.f("uq_users_email")`. */
  nameOf(parameter: string, position = 0): string | null {
    const value = argumentOf(this.call, parameter, position)
    return value && this.constraintName(value)
  }

  constraintName(value: Value): string | null {
    return this.text(isFinalName(value) && value.arguments[0] ? value.arguments[0] : value)
  }

  text(value: Value): string | null {
    const constant = constantIn(this.#migration.project, this.#migration.path, value)
    return typeof constant === 'string' ? constant : null
  }

  texts(value: Value | null): readonly string[] | null {
    const constant = value && constantIn(this.#migration.project, this.#migration.path, value)
    return Array.isArray(constant) && constant.every((item) => typeof item === 'string') ? constant : null
  }

  boolean(value: Value | null | undefined): boolean | null {
    const constant = value ? constantIn(this.#migration.project, this.#migration.path, value) : undefined
    return typeof constant === 'boolean' ? constant : null
  }

  /** A variable that is bound once stands for its value. */
  follow(value: Value): Value {
    return value.kind === 'name' ? (this.#migration.project.valueOf(value.name) ?? value) : value
  }
}

function firstArgument(call: CallValue, position: number, parameters: readonly string[]): Value | null {
  for (const parameter of parameters) {
    const found = argumentOf(call, parameter)
    if (found) return found
  }
  return call.arguments[position] ?? null
}

/** `op.f(...)`, or `batch_op.f(...)`. */
export function isFinalName(value: Value): value is CallValue {
  if (isCallOf(value, 'alembic.op.f')) return true
  return value.kind === 'call' && value.callee === null && value.function?.kind === 'attribute' && value.function.attribute === 'f'
}
