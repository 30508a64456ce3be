import type { Settings } from '../config/config.ts'
import type { FactDefinition } from './fact.ts'
import type { IndexDefinition } from './index-definition.ts'
import type { KeptReader } from './kept-reader.ts'
import type { ProjectChanges } from './project-changes.ts'

/**
 * The only way from one file to another. Every read goes through here, also one that finds nothing, so that a cache can later tell
 * whether a finding still stands. One reader belongs to one check (a file, or a project rule), or to one index.
 */
export interface ProjectReader {
  /** The settings of the project as a whole: those that its config has outside of overrides. An index has no other settings. */
  settings(): Settings
  /** What was changed since a base, if the run is about a change (`--since`, `--staged`); else `null`. */
  changes(): ProjectChanges | null
  /** All files of the project, sorted, relative to the project root, with `/`. */
  files(): readonly string[]
  /** Whether the file belongs to the project. */
  hasFile(path: string): boolean
  /** Whether some file of the project lies under this folder (no trailing `/`; `''` is the root). */
  hasFolder(path: string): boolean
  /** The fact of one file; `undefined` if the file is not part of the project or can not be read. */
  fact<Value>(fact: FactDefinition<Value, never>, path: string): Value | undefined
  /**
   * A property of the fact of one file, or a property of that; `undefined` where there is none. Who asks for less than the whole fact depends on less: what
   * a rule finds by it stands when the rest of the fact has changed.
   */
  part<Value, First extends keyof Value & string>(fact: FactDefinition<Value, never>, path: string, first: First): Value[First] | undefined
  part<Value, First extends keyof Value & string, Second extends keyof Value[First] & string>(
    fact: FactDefinition<Value, never>,
    path: string,
    first: First,
    second: Second,
  ): Value[First][Second] | undefined
  /**
   * The fact of every file, sorted by path. Costs a parse of the whole project where facts are not at hand yet, and what a rule finds by it has to
   * be found anew when the fact of any file changes: an index that is asked for less is better.
   */
  facts<Value>(fact: FactDefinition<Value, never>): Iterable<readonly [path: string, value: Value]>
  /**
   * The answer of an index to one question. What the index itself read does not count for who asks: only the answer does.
   * @throws Error what the index threw; also where indexes ask each other in a circle
   */
  ask<Built, Key extends string, Answer>(index: IndexDefinition<Built, Key, Answer>, key: Key): Answer
  /**
   * An object that is kept for all checks and indexes of the project: what it works out for one file serves the others. It reads by the reader that it
   * is made with, and keeps the reads with what it remembers, see `KeptReader`; whatever it answers has to follow from the project and the question alone.
   * @param key all that the object depends on, beside the project
   */
  kept<Kept>(key: string, make: (reader: KeptReader) => Kept): Kept
}
