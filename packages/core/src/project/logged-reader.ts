import type { Settings } from '../config/config.ts'
import type { AnyFact, FactDefinition } from './fact.ts'
import type { AnyIndex, IndexDefinition } from './index-definition.ts'
import type { ProjectAnswers } from './project-answers.ts'
import type { ProjectChanges } from './project-changes.ts'
import type { ProjectReader } from './project-reader.ts'
import type { ReadLog, ReadRecorder } from './read-recorder.ts'

/** A reader that logs each read, before it answers: also one that finds nothing, or ends in an error that a rule may catch. */
export class LoggedReader implements ProjectReader {
  readonly #answers: ProjectAnswers
  readonly #recorder: ReadRecorder
  readonly #log: ReadLog

  constructor(answers: ProjectAnswers, recorder: ReadRecorder, log: ReadLog) {
    this.#answers = answers
    this.#recorder = recorder
    this.#log = log
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

  facts<Value>(fact: FactDefinition<Value, never>): Iterable<readonly [path: string, value: Value]> {
    this.#log.add(this.#recorder.allFacts(fact as AnyFact))
    return this.#answers.allFacts(fact as AnyFact) as Iterable<readonly [path: string, value: Value]>
  }

  ask<Built, Key extends string, Answer>(index: IndexDefinition<Built, Key, Answer>, key: Key): Answer {
    this.#log.add(this.#recorder.answer(index as AnyIndex, key))
    return this.#answers.indexes.ask(index as AnyIndex, key) as Answer
  }
}
