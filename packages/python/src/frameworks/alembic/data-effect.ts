/** What a step of a migration does with the rows of a table, or with one of its columns: `column` is `null` for the rows as a whole. */
export interface DataEffect {
  /**
   * `read`: their values are used. `set`: they get values. `lose`: they are gone. `make`: the table or column is created or gets its name, so that it has
   * nothing to do with what had this name before.
   */
  readonly kind: 'read' | 'set' | 'lose' | 'make'
  readonly table: string
  readonly column: string | null
  /** How they are lost: with the table or column itself, or it stays without them. */
  readonly by?: 'drop' | 'empty'
}

/** The effects of a step, in order, as far as they are certain. */
export interface DataUse {
  readonly effects: readonly DataEffect[]
  /** All names in it that may be those of columns. */
  readonly names: readonly string[]
  /** It may do more than that. */
  readonly isOpen: boolean
}
