import type { DataEffect } from './data-effect.ts'
import type { Migration } from './migration-order.ts'
import { dataUseOf } from './operation-data.ts'
import { OperationReader, roundsOf } from './operation-reader.ts'

/** What the migrations of a group do with rows, in order. */
export class DataHistory {
  readonly #history: readonly Migration[]
  readonly #positions: ReadonlyMap<string, number>
  readonly #effects = new Map<number, readonly DataEffect[]>()

  constructor(history: readonly Migration[]) {
    this.#history = history
    this.#positions = new Map(history.map(({ path }, i) => [path, i]))
  }

  /** The first migration that follows one and reads a table (`column` is `null`) or a column before it gets new values; `undefined` if none does. */
  readLater(path: string, table: string, column: string | null): string | undefined {
    const position = this.#positions.get(path)
    if (position === undefined) return undefined
    const behind = new Set([this.#history[position]!.revision])
    for (let i = position + 1; i < this.#history.length; i++) {
      const { revision, downRevisions } = this.#history[i]!
      if (!downRevisions.some((down) => behind.has(down))) continue
      behind.add(revision)
      for (const effect of this.#effectsAt(i)) {
        if (effect.table !== table || (column !== null && effect.column !== null && effect.column !== column)) continue
        if (effect.kind === 'make' || effect.kind === 'set') return undefined
        if (effect.kind === 'read' && effect.column === column) return this.#history[i]!.path
      }
    }
    return undefined
  }

  /** Whether an earlier migration gives a column values. */
  isSetBefore(path: string, table: string, column: string): boolean {
    const position = this.#positions.get(path) ?? 0
    for (let i = 0; i < position; i++) {
      if (this.#effectsAt(i).some((effect) => effect.kind === 'set' && effect.table === table && effect.column === column)) return true
    }
    return false
  }

  #effectsAt(i: number): readonly DataEffect[] {
    let effects = this.#effects.get(i)
    if (!effects) {
      const migration = this.#history[i]!
      const rounds = migration.fact.upgrade.flatMap((operation) => roundsOf(operation, migration).rounds)
      effects = rounds.flatMap((round) => dataUseOf(new OperationReader(round, migration), migration).effects)
      this.#effects.set(i, effects)
    }
    return effects
  }
}
