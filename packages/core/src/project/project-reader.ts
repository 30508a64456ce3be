import type { FactDefinition } from './fact.ts'

/**
 * The only way from one file to another. Every read goes through here, also one that finds nothing, so that a cache can later tell
 * whether a finding still stands. One reader belongs to one check (a file, or a project rule).
 */
export interface ProjectReader {
  /** All files of the project, sorted, relative to the project root, with `/`. */
  files(): readonly string[]
  /** Whether the file belongs to the project. */
  hasFile(path: string): boolean
  /** Whether some file of the project lies under this folder (no trailing `/`; `''` is the root). */
  hasFolder(path: string): boolean
  /** The fact of one file; `undefined` if the file is not part of the project or can not be read. */
  fact<Value>(fact: FactDefinition<Value, never>, path: string): Value | undefined
  /** The fact of every file, sorted by path. Costs a parse of the whole project where facts are not at hand yet. */
  facts<Value>(fact: FactDefinition<Value, never>): Iterable<readonly [path: string, value: Value]>
  /**
   * A value computed once per project from facts. `compute` gets a reader of its own, whose reads count for everyone who asks for the value.
   * @param key unique for what is computed
   */
  derived<Value>(key: string, compute: (reader: ProjectReader) => Value): Value
}
