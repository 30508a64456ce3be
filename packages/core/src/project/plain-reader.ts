import type { Settings } from '../config/config.ts'
import type { AnyFact, FactDefinition } from './fact.ts'
import type { AnyIndex, IndexDefinition } from './index-definition.ts'
import type { KeptObjects, KeptReader, Tracked } from './kept-reader.ts'
import type { ProjectAnswers } from './project-answers.ts'
import type { ProjectChanges } from './project-changes.ts'

/** A reader that keeps no log. */
export class PlainReader implements KeptReader {
  readonly #answers: ProjectAnswers
  readonly #kept: KeptObjects

  constructor(answers: ProjectAnswers, kept: KeptObjects) {
    this.#answers = answers
    this.#kept = kept
  }

  settings(): Settings {
    return this.#answers.settings
  }

  changes(): ProjectChanges | null {
    return this.#answers.changes
  }

  files(): readonly string[] {
    return this.#answers.files.paths
  }

  hasFile(path: string): boolean {
    return this.#answers.files.has(path)
  }

  hasFolder(path: string): boolean {
    return this.#answers.files.hasFolder(path)
  }

  fact<Value>(fact: FactDefinition<Value, never>, path: string): Value | undefined {
    return this.#answers.fact(fact as AnyFact, path) as Value | undefined
  }

  part<Value>(fact: FactDefinition<Value, never>, path: string, ...keys: readonly string[]): never {
    return this.#answers.part(fact as AnyFact, path, keys) as never
  }

  facts<Value>(fact: FactDefinition<Value, never>): Iterable<readonly [path: string, value: Value]> {
    return this.#answers.allFacts(fact as AnyFact) as Iterable<readonly [path: string, value: Value]>
  }

  ask<Built, Key extends string, Answer>(index: IndexDefinition<Built, Key, Answer>, key: Key): Answer {
    return this.#answers.indexes.ask(index as AnyIndex, key) as Answer
  }

  kept<Kept>(key: string, make: (reader: KeptReader) => Kept): Kept {
    return this.#kept.get(key, make)
  }

  track<Value>(work: () => Value): Tracked<Value> {
    return { value: work(), reads: undefined }
  }

  include(): void {
    // Nothing is logged.
  }
}
