import type { PythonNode, PythonServices } from '@krait/python'
import { argument } from '@krait/python'
import { constraintName, createdConstraints, tableOf } from './created-constraints.ts'
import type { CreatedConstraint } from './created-constraints.ts'
import { defaultConstraintName } from './postgres-names.ts'
import { functionsCalledBy, opCallsIn } from './migration.ts'

/** The name of a constraint that is dropped without one. */
export interface DroppedName {
  readonly name: string
  /** `upgrade()` says it; otherwise it is the name that PostgreSQL chooses. */
  readonly isGiven: boolean
  /** The `None` in `upgrade()` that stands for it. */
  readonly unnamed: PythonNode | null
}

interface Drop {
  /** `undefined` if it is not known. */
  readonly table: string | undefined
  /** `null` if the operation does not say it. */
  readonly type: string | null
  readonly name: string | null | undefined
  readonly node: PythonNode | null
}

interface NamedConstraint extends CreatedConstraint {
  /** `null` if it is not known. */
  readonly effectiveName: string | null
}

/** Finds out which constraints of `upgrade()` the unnamed drops of a migration mean. */
export class DroppedNames {
  readonly #upgrade: readonly PythonNode[]
  readonly #created: readonly NamedConstraint[]
  readonly #drops: readonly Drop[]

  /** @param usesPostgres whether a constraint without a name has PostgreSQL's default name */
  constructor(services: PythonServices, usesPostgres: boolean) {
    this.#upgrade = functionsCalledBy(services.scopes, 'upgrade')
    this.#created = this.#upgrade
      .flatMap((body) => opCallsIn(services, body))
      .flatMap((op) => createdConstraints(services, op))
      .map((constraint) => ({ ...constraint, effectiveName: effectiveName(constraint, usesPostgres) }))
    this.#drops = opCallsIn(services, services.scopes.module.node)
      .filter(({ name, call }) => name === 'drop_constraint' && !this.isInUpgrade(call))
      .map((op) => {
        const node = argument(op.call, 'constraint_name', 0)
        const type = argument(op.call, 'type_', op.batch ? 1 : 2)
        const typeName = type ? services.constantOf(type) : null
        return { table: tableOf(services, op), type: typeof typeName === 'string' ? typeName : null, name: constraintName(services, node), node }
      })
  }

  /** Whether the node is run by `upgrade()`: it stands there, or in a function of the module that is called from there. */
  isInUpgrade(node: PythonNode): boolean {
    return this.#upgrade.some((body) => body.contains(node))
  }

  /**
   * The name of what a drop with this `None` drops; `null` if it is not known. Where several constraints of a table are dropped without a name, they are
   * the created ones in reverse order, which is how Alembic writes them, if there are as many.
   */
  of(none: PythonNode): DroppedName | null {
    const drop = this.#drops.find(({ node }) => node === none)
    if (drop?.table === undefined) return null
    const unnamed = this.#drops.filter(({ table, name, type }) => table === drop.table && name === null && (!type || !drop.type || type === drop.type))
    if (unnamed.some(({ type }) => type !== drop.type)) return null
    const candidates = this.#candidates(drop)
    const own = candidates.filter(({ ofColumn }) => !ofColumn)
    const matching = own.length === unnamed.length ? own : candidates
    const names = new Set(matching.map(({ effectiveName: name }) => name))
    if (matching.length !== unnamed.length || names.size !== matching.length || names.has(null)) return null
    const match = matching[matching.length - 1 - unnamed.indexOf(drop)]!
    return { name: match.effectiveName!, isGiven: match.name !== null, unnamed: match.none }
  }

  /** The created constraints that no other drop names. */
  #candidates({ table, type }: Drop): readonly NamedConstraint[] {
    const named = new Set(this.#drops.map(({ name }) => name))
    return this.#created.filter(
      (constraint) =>
        constraint.table === table &&
        (type === null || constraint.type === type) &&
        (constraint.effectiveName === null || !named.has(constraint.effectiveName)),
    )
  }
}

function effectiveName({ type, table, name, columns }: CreatedConstraint, usesPostgres: boolean): string | null {
  if (name !== null) return name ?? null
  const label = type === 'foreignkey' ? 'fkey' : type === 'unique' ? 'key' : null
  return usesPostgres && label && columns && columns.length > 0 ? defaultConstraintName(table, columns, label) : null
}
