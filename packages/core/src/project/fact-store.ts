import type { DigestText } from './digest.ts'
import type { AnyFact } from './fact.ts'

/** A fact from another thread or an earlier run. */
export interface StoredFact {
  /** Of the JSON text, as the project makes it. */
  readonly digest: string
  /** Gives the JSON text; `undefined` if it is lost after all, so that the fact has to be collected. */
  json(): string | undefined
}

/** Where facts come from before they are collected here. */
export type FactSource = (fact: AnyFact, path: string) => StoredFact | undefined

/** A fact of one file as JSON text. */
export interface CollectedFact {
  readonly fact: AnyFact
  readonly json: string
  readonly digest: string
}

/** What stands for the digest of an answer where there is an error instead. */
export const FAILED = '!'

/** The fact of one file as far as it is known. */
interface FactCell {
  value: unknown
  /** Set until the value is asked for. */
  unparsed: StoredFact | undefined
  isStored: boolean
  json: string | undefined
  digest: string | null | undefined
}

/** The facts of the files of a project: each is collected once, when it is first asked for. */
export class FactStore {
  /** All facts that are known by declaration. */
  readonly facts: readonly AnyFact[]
  readonly #collect: (fact: AnyFact, path: string) => unknown
  readonly #digest: DigestText
  readonly #isEager: boolean
  readonly #cells = new Map<string, Map<string, FactCell>>()
  #source: FactSource = () => undefined

  /**
   * @param collect gives the value for a file of the project, `undefined` if the file can not be read
   * @param isEager collects beforehand what is asked for all files
   */
  constructor(facts: readonly AnyFact[], collect: (fact: AnyFact, path: string) => unknown, digest: DigestText, isEager: boolean) {
    this.#digest = digest
    this.facts = facts
    this.#collect = collect
    this.#isEager = isEager
  }

  /** Whether a fact is collected from every file beforehand. */
  isCollectedAhead(fact: AnyFact): boolean {
    return fact.onDemand === undefined || (this.#isEager && fact.onDemand === 'project')
  }

  seed(source: FactSource): void {
    this.#source = source
  }

  /** @throws Error what the collector threw, each time */
  value(fact: AnyFact, path: string): unknown {
    const cell = this.#cell(fact, path)
    if (cell.unparsed) {
      const json = cell.unparsed.json()
      cell.isStored = json !== undefined
      cell.value = json === undefined ? this.#collect(fact, path) : JSON.parse(json)
      cell.unparsed = undefined
    }
    return cell.value
  }

  /** The digest of the fact as JSON text; `null` if there is none, `FAILED` if the collector throws. */
  digest(fact: AnyFact, path: string): string | null {
    try {
      const cell = this.#cell(fact, path)
      if (cell.digest === undefined) {
        cell.json = textOf(cell.value)
        cell.digest = cell.json === undefined ? null : this.#digest(cell.json)
      }
      return cell.digest
    } catch {
      return FAILED
    }
  }

  /**
   * The facts of one file as text, of those that are collected beforehand. One whose collector throws is left out: it is collected again, and the error told, for who asks for it.
   * @param withDigests else all digests are empty
   */
  collectAll(path: string, withDigests: boolean): CollectedFact[] {
    const collected: CollectedFact[] = []
    for (const fact of this.facts) {
      if (!this.isCollectedAhead(fact)) continue
      const json = this.#tryText(fact, path)
      if (json !== undefined) collected.push({ fact, json, digest: withDigests ? this.#digest(json) : '' })
    }
    return collected
  }

  /**
   * Collects what is not at hand of the facts of one file that are collected beforehand. One whose collector throws is left out, as in `collectAll`.
   * @param except is being collected already
   */
  fill(path: string, except?: AnyFact): void {
    for (const fact of this.facts) {
      if (fact === except || !this.isCollectedAhead(fact)) continue
      try {
        this.#cell(fact, path)
      } catch {
        continue
      }
    }
  }

  /** The facts of one file that were collected here, not stored elsewhere. */
  collected(path: string): CollectedFact[] {
    const cells = this.#cells.get(path)
    if (!cells) return []
    return this.facts.flatMap((fact) => {
      const cell = cells.get(fact.name)
      const json = cell && !cell.isStored ? (cell.json ?? textOf(cell.value)) : undefined
      return json === undefined ? [] : [{ fact, json, digest: cell!.digest ?? this.#digest(json) }]
    })
  }

  #tryText(fact: AnyFact, path: string): string | undefined {
    try {
      return textOf(this.value(fact, path))
    } catch {
      return undefined
    }
  }

  #cell(fact: AnyFact, path: string): FactCell {
    let cells = this.#cells.get(path)
    if (!cells) this.#cells.set(path, (cells = new Map()))
    let cell = cells.get(fact.name)
    if (!cell) cells.set(fact.name, (cell = this.#newCell(fact, path)))
    return cell
  }

  #newCell(fact: AnyFact, path: string): FactCell {
    const stored = this.#source(fact, path)
    if (stored) return { value: undefined, unparsed: stored, isStored: true, json: undefined, digest: stored.digest }
    return { value: this.#collect(fact, path), unparsed: undefined, isStored: false, json: undefined, digest: undefined }
  }
}

/** Typed as TypeScript should have it: nothing becomes of `undefined`. */
function textOf(value: unknown): string | undefined {
  return JSON.stringify(value)
}
