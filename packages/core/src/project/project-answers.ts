import type { Settings } from '../config/config.ts'
import type { DigestText } from './digest.ts'
import type { AnyFact } from './fact.ts'
import { FAILED, type FactStore } from './fact-store.ts'
import type { FileList } from './file-list.ts'
import type { AnyIndex } from './index-definition.ts'
import type { IndexStore, LoggedAnswer } from './index-store.ts'
import { isJson } from './is-json.ts'
import type { ProjectChanges } from './project-changes.ts'

/** What a project is told from outside, beside its files. */
export interface ProjectContext {
  /** The settings outside of overrides; none if left out. */
  readonly settings?: Settings | undefined
  /** What was changed, if the run is about a change. */
  readonly changes?: ProjectChanges | null | undefined
}

/** All that a reader can answer, and the digests of the answers. Each digest is made once. */
export class ProjectAnswers {
  readonly settings: Settings
  readonly changes: ProjectChanges | null
  readonly files: FileList
  readonly facts: FactStore
  readonly #openIndexes: () => IndexStore
  readonly #digest: DigestText
  #indexes: IndexStore | undefined
  readonly #factDigests = new Map<AnyFact, string>()
  #settingsDigest: string | undefined
  #changesDigest: string | undefined
  #filesDigest: string | undefined

  /** @param openIndexes called with the first question to an index */
  constructor({ settings, changes }: ProjectContext, files: FileList, facts: FactStore, openIndexes: () => IndexStore, digest: DigestText) {
    this.#digest = digest
    this.settings = settings ?? {}
    this.changes = changes ?? null
    this.files = files
    this.facts = facts
    this.#openIndexes = openIndexes
  }

  get indexes(): IndexStore {
    return (this.#indexes ??= this.#openIndexes())
  }

  fact(fact: AnyFact, path: string): unknown {
    return this.files.has(path) ? this.facts.value(fact, path) : undefined
  }

  /** @param keys of properties, the outermost first */
  part(fact: AnyFact, path: string, keys: readonly string[]): unknown {
    let value = this.fact(fact, path)
    for (const key of keys) value = propertyOf(value, key)
    return value
  }

  *allFacts(fact: AnyFact): Generator<readonly [path: string, value: unknown]> {
    for (const path of this.files.paths) {
      const value = this.facts.value(fact, path)
      if (value !== undefined) yield [path, value]
    }
  }

  settingsDigest(): string {
    return (this.#settingsDigest ??= this.#digest(JSON.stringify(this.settings)))
  }

  /** The base's texts follow from its id. */
  changesDigest(): string | null {
    if (!this.changes) return null
    const { base, files } = this.changes
    return (this.#changesDigest ??= this.#digest(JSON.stringify([base, files])))
  }

  filesDigest(): string {
    return (this.#filesDigest ??= this.#digest(JSON.stringify(this.files.paths)))
  }

  factDigest(fact: AnyFact, path: string): string | null {
    return this.files.has(path) ? this.facts.digest(fact, path) : null
  }

  /** The digest of a part of a fact; `null` if there is none, `FAILED` if the collector throws. */
  partDigest(fact: AnyFact, path: string, keys: readonly string[]): string | null {
    try {
      const part = this.part(fact, path, keys)
      return part === undefined ? null : this.#digest(JSON.stringify(part))
    } catch {
      return FAILED
    }
  }

  /** Does not throw for a file whose fact can not be collected: a rule may stop before it comes to that file. */
  allFactsDigest(fact: AnyFact): string {
    let digest = this.#factDigests.get(fact)
    if (digest === undefined) this.#factDigests.set(fact, (digest = this.facts.digestOfAll(fact)))
    return digest
  }

  /** The answer of an index as it is logged. */
  loggedAnswer(index: AnyIndex, key: string): LoggedAnswer {
    try {
      const answer = this.indexes.ask(index, key)
      const recalled = this.indexes.recalled(index, key)
      if (recalled) return recalled
      if (answer === undefined) return { digest: null }
      if (!isJson(answer)) return { digest: undefined }
      const json = JSON.stringify(answer)
      return { digest: this.#digest(json), json }
    } catch {
      return { digest: FAILED }
    }
  }
}

function propertyOf(value: unknown, key: string): unknown {
  return typeof value === 'object' && value !== null && Object.hasOwn(value, key) ? (value as Readonly<Record<string, unknown>>)[key] : undefined
}
