import type { Settings } from '../config/config.ts'
import type { AnyFact, FactDefinition } from './fact.ts'
import type { AnyIndex, IndexDefinition } from './index-definition.ts'
import type { KeptObjects, KeptReader, Tracked } from './kept-reader.ts'
import type { ProjectAnswers } from './project-answers.ts'
import type { ProjectChanges } from './project-changes.ts'
import type { ProjectReader } from './project-reader.ts'
import { ReadLog } from './read-recorder.ts'
import type { CurrentLog, ReadRecorder, Reads } from './read-recorder.ts'

/** A reader that logs each read, before it answers: also one that finds nothing, or ends in an error that a rule may catch. */
export class LoggedReader implements ProjectReader {
  readonly #answers: ProjectAnswers
  readonly #recorder: ReadRecorder
  readonly #log: ReadLog | CurrentLog
  readonly #kept: KeptObjects

  constructor(answers: ProjectAnswers, recorder: ReadRecorder, log: ReadLog | CurrentLog, kept: KeptObjects) {
    this.#answers = answers
    this.#recorder = recorder
    this.#log = log
    this.#kept = kept
  }

  settings(): Settings {
    this.#log.add(this.#recorder.settings())
    return this.#answers.settings
  }

  changes(): ProjectChanges | null {
    this.#log.add(this.#recorder.changes())
    return this.#answers.changes
  }

  files(): readonly string[] {
    this.#log.add(this.#recorder.files())
    return this.#answers.files.paths
  }

  hasFile(path: string): boolean {
    this.#log.add(this.#recorder.file(path))
    return this.#answers.files.has(path)
  }

  hasFolder(path: string): boolean {
    this.#log.add(this.#recorder.folder(path))
    return this.#answers.files.hasFolder(path)
  }

  fact<Value>(fact: FactDefinition<Value, never>, path: string): Value | undefined {
    this.#log.add(this.#recorder.fact(fact as AnyFact, path))
    return this.#answers.fact(fact as AnyFact, path) as Value | undefined
  }

  part<Value>(fact: FactDefinition<Value, never>, path: string, ...keys: readonly string[]): never {
    this.#log.add(this.#recorder.part(fact as AnyFact, path, keys))
    return this.#answers.part(fact as AnyFact, path, keys) as never
  }

  facts<Value>(fact: FactDefinition<Value, never>): Iterable<readonly [path: string, value: Value]> {
    this.#log.add(this.#recorder.allFacts(fact as AnyFact))
    return this.#answers.allFacts(fact as AnyFact) as Iterable<readonly [path: string, value: Value]>
  }

  ask<Built, Key extends string, Answer>(index: IndexDefinition<Built, Key, Answer>, key: Key): Answer {
    this.#log.add(this.#recorder.answer(index as AnyIndex, key))
    return this.#answers.indexes.ask(index as AnyIndex, key) as Answer
  }

  kept<Kept>(key: string, make: (reader: KeptReader) => Kept): Kept {
    return this.#kept.get(key, make)
  }
}

/** The reader of what is kept: it logs for the check or index that is at work. */
export class TrackingReader extends LoggedReader implements KeptReader {
  readonly #current: CurrentLog

  constructor(answers: ProjectAnswers, recorder: ReadRecorder, current: CurrentLog, kept: KeptObjects) {
    super(answers, recorder, current, kept)
    this.#current = current
  }

  track<Value>(work: () => Value): Tracked<Value> {
    const log = new ReadLog()
    let value: Value
    try {
      value = this.#current.within(log, work)
    } catch (error) {
      this.include(log.reads())
      throw error
    }
    const reads = log.reads()
    this.include(reads)
    return { value, reads }
  }

  include(reads: Reads | undefined): void {
    if (reads) this.#current.include(reads)
  }
}
