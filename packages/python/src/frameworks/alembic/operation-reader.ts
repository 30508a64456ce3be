import type { PythonProject } from '../../project/python-project.ts'
import { lastPart, withoutLastPart } from '../../shared/dotted-name.ts'
import { argumentOf, isCallOf, isNoneValue } from '../../values/value.ts'
import type { CallValue, DictValue, SequenceValue, Value } from '../../values/value.ts'
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
  for (let depth = 0; depth < (operation.loops?.length ?? 0); depth++) {
    const next: MigrationOperation[] = []
    for (const round of rounds) {
      const { names, over } = round.loops![depth]!
      const items = itemsOf(project, path, over)
      if (!items || next.length + items.length > MAX_ROUNDS) return { rounds: [operation], isKnown: false }
      next.push(...items.map((item) => withVariables(round, variablesOf(names, item))))
    }
    rounds = next
  }
  return { rounds, isKnown: true }
}

function itemsOf(project: PythonProject, path: string, over: Value): readonly Value[] | null {
  let current = project.value(over, path)
  let isReversed = false
  for (let steps = 0; steps < MAX_STEPS; steps++) {
    if (current.kind === 'call' && current.callee !== null && COPIES.has(current.callee) && current.arguments.length === 1) {
      isReversed = isReversed !== (current.callee === 'builtins.reversed')
      current = current.arguments[0]!
    } else if (current.kind === 'name') {
      const bound = project.valueOf(current.name)
      if (!bound) return null
      current = bound
    } else break
  }
  const items = current.kind === 'call' || current.kind === 'dict' ? itemsOfDict(project, current) : current
  if (!items || (items.kind !== 'tuple' && items.kind !== 'list' && items.kind !== 'set') || items.open) return null
  return isReversed ? [...items.items].reverse() : items.items
}

/** The keys of a dict, or what its `items()`, `keys()` or `values()` gives. */
function itemsOfDict(project: PythonProject, value: CallValue | DictValue): SequenceValue | null {
  const [dict, method] = value.kind === 'dict' ? [value, 'keys'] : dictMethod(project, value)
  if (dict?.kind !== 'dict') return null
  const items = dict.entries.map(([key, item]): Value => {
    if (method === 'items') return { kind: 'tuple', items: [key, item], open: false }
    return method === 'keys' ? key : item
  })
  return /^(items|keys|values)$/.test(method) ? { kind: 'list', items, open: dict.open } : null
}

function dictMethod(project: PythonProject, { callee, function: called, arguments: given }: CallValue): readonly [Value | null, string] {
  if (given.length > 0) return [null, '']
  if (called?.kind === 'attribute') return [called.object, called.attribute]
  return callee === null ? [null, ''] : [project.valueOf(withoutLastPart(callee)), lastPart(callee)]
}

/** Calls that give the same items, perhaps in another order. */
const COPIES: ReadonlySet<string> = new Set(['list', 'reversed', 'set', 'sorted', 'tuple'].map((name) => `builtins.${name}`))
const MAX_STEPS = 5

function variablesOf(names: readonly string[], item: Value): ReadonlyMap<string, Value> {
  if (names.length === 1) return new Map([[names[0]!, item]])
  if (item.kind !== 'tuple' && item.kind !== 'list') return new Map()
  return new Map(names.flatMap((name, i) => (item.items[i] ? [[name, item.items[i]] as const] : [])))
}

function withVariables(operation: MigrationOperation, variables: ReadonlyMap<string, Value>): MigrationOperation {
  const replaced = (call: CallValue): CallValue => replaceParameters(call, variables) as CallValue
  const loops = operation.loops?.map((loop) => ({ ...loop, over: replaceParameters(loop.over, variables) }))
  return { ...operation, call: replaced(operation.call), ...(operation.batch && { batch: replaced(operation.batch) }), ...(loops && { loops }) }
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
