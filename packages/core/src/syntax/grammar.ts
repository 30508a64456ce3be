/** What a grammar's `node-types.json` says, in the compact form that the build step writes. */
export interface GrammarShape {
  /** The grammar's name, such as `python`. */
  readonly name: string
  /** Field names by node kind that can hold several nodes; such a field is an array, every other one a node or `null`. */
  readonly repeatedFields: Readonly<Record<string, readonly string[]>>
}

/**
 * The names behind the numbers of a loaded grammar. A kind name can stand for two kind ids: a node (`lambda`) and the keyword token
 * inside it; `isNamed` tells them apart.
 */
export interface Grammar {
  readonly name: string
  /** Kind name by kind id. `ERROR` has the id 65535 in tree-sitter; here it is `errorKind`, the last id of the table. */
  readonly kindNames: readonly string[]
  /** 1 where the kind id is a named node, 0 where it is a token. */
  readonly isNamed: Uint8Array
  readonly errorKind: number
  /** Field name by field id; index 0 is the empty string (no field). */
  readonly fieldNames: readonly string[]
  /** The ids of the named kind of this name, in ascending order; empty if there is none. Most names have one id, aliases can add more. */
  kindIds(name: string): readonly number[]
  /** The ids of the token of this text, such as `(` or `def`; empty if there is none. */
  tokenIds(name: string): readonly number[]
  /** The id of a field, or 0. */
  fieldId(name: string): number
  /** Whether the field of this kind can hold several nodes. */
  isRepeated(kindId: number, fieldId: number): boolean
}
