import type { AnyFact } from './fact.ts'
import type { AnyIndex } from './index-definition.ts'
import { FAILED } from './fact-store.ts'
import type { ProjectAnswers } from './project-answers.ts'
import type { ReadRecorder } from './read-recorder.ts'
import type { Read, ReadTable } from './read-table.ts'

const UNKNOWN = 0
const HOLDS = 1
const FAILS = 2

/** Tells whether reads of another run would have the same answers in the project as it is now. Each read is checked once. */
export class ReadChecker {
  readonly #answers: ProjectAnswers
  readonly #recorder: ReadRecorder
  readonly #table: ReadTable
  readonly #facts: ReadonlyMap<string, AnyFact>
  readonly #indexes: ReadonlyMap<string, AnyIndex>
  readonly #reads: Uint8Array
  readonly #builds: Uint8Array
  readonly #renewed = new Map<number, number>()

  constructor(answers: ProjectAnswers, recorder: ReadRecorder, indexes: readonly AnyIndex[], table: ReadTable) {
    this.#answers = answers
    this.#recorder = recorder
    this.#table = table
    this.#facts = byIdentity(answers.facts.facts)
    this.#indexes = byIdentity(indexes)
    this.#reads = new Uint8Array(table.reads.length)
    this.#builds = new Uint8Array(table.builds.length)
  }

  /**
   * Answers that hold although their index reads something else by now: by their place, the place that the same answer has in the project's
   * own table. Only with that can they be checked next time without asking the index.
   */
  get renewed(): ReadonlyMap<number, number> {
    return this.#renewed
  }

  /** Whether all these reads hold; places in the table. */
  allHold(places: Iterable<number>): boolean {
    for (const place of places) if (!this.#holds(place)) return false
    return true
  }

  #holds(place: number): boolean {
    if (this.#reads[place] === UNKNOWN) {
      const read = this.#table.reads[place]
      this.#reads[place] = read && this.#check(read, place) ? HOLDS : FAILS
    }
    return this.#reads[place] === HOLDS
  }

  #check(read: Read, place: number): boolean {
    // Of an error only its being there was kept.
    if (read.at(-1) === FAILED) return false
    const answers = this.#answers
    switch (read[0]) {
      case 'settings':
        return read[1] === answers.settingsDigest()
      case 'changes':
        return read[1] === answers.changesDigest()
      case 'files':
        return read[1] === answers.filesDigest()
      case 'file':
        return read[2] === answers.files.has(read[1])
      case 'folder':
        return read[2] === answers.files.hasFolder(read[1])
      case 'fact': {
        const fact = this.#facts.get(identity(read[1], read[2]))
        return fact !== undefined && read[4] === answers.factDigest(fact, read[3])
      }
      case 'facts': {
        const fact = this.#facts.get(identity(read[1], read[2]))
        return fact !== undefined && read[3] === answers.allFactsDigest(fact)
      }
      case 'answer':
        return this.#buildHolds(read[1]) || this.#asksTheSame(read, place)
    }
  }

  /** An index that would read the same would also answer the same. */
  #buildHolds(place: number): boolean {
    if (this.#builds[place] === UNKNOWN) {
      // No index rests on itself; a table that says so is not to be trusted.
      this.#builds[place] = FAILS
      if (this.#indexOf(place) && this.allHold(this.#table.builds[place]!.reads)) this.#builds[place] = HOLDS
    }
    return this.#builds[place] === HOLDS
  }

  #asksTheSame([, build, key, digest]: Read & { readonly 0: 'answer' }, place: number): boolean {
    const index = this.#indexOf(build)
    if (!index || digest !== this.#answers.answerDigest(index, key)) return false
    this.#renewed.set(place, this.#recorder.answer(index, key))
    return true
  }

  #indexOf(place: number): AnyIndex | undefined {
    const build = this.#table.builds[place]
    return build && this.#indexes.get(identity(build.name, build.version))
  }
}

function byIdentity<Definition extends { readonly name: string; readonly version: number }>(definitions: readonly Definition[]): Map<string, Definition> {
  return new Map(definitions.map((definition) => [identity(definition.name, definition.version), definition]))
}

function identity(name: string, version: number): string {
  return `${name}@${version}`
}
