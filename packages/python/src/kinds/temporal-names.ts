import { defineIndex } from '@krait/core'
import type { ProjectReader } from '@krait/core'
import { lastPart } from '../shared/dotted-name.ts'
import { guardedReturnsFact } from './guarded-returns.ts'
import type { GuardedReturns } from './guarded-returns.ts'
import { MentionCollector, TEMPORAL_PARTS, mentionsFact } from './mentions-fact.ts'
import type { Mentions } from './mentions-fact.ts'
import { kindSettings } from './settings.ts'

/** What the definitions of one name speak of. */
interface Definitions {
  /** Something that makes dates and times. */
  isSeed: boolean
  /** Other names. */
  readonly mentions: Set<string>
}

/** The names under which the project defines what may be a point or span of time, text made from one, or a zone. More names than need be. */
class TemporalNames {
  readonly #definitions = new Map<string, Definitions>()
  readonly #names: ReadonlySet<string>
  /** Parts of names that the settings add. */
  readonly #own: ReadonlySet<string>

  constructor(reader: ProjectReader) {
    const { awareColumnTypes, naiveColumnTypes, normalizers } = kindSettings(reader.settings())
    this.#own = new Set([...awareColumnTypes, ...naiveColumnTypes, ...normalizers].map(lastPart))
    for (const [, mentions] of reader.facts(mentionsFact)) this.#add(mentions)
    for (const [, returns] of reader.facts(guardedReturnsFact)) this.#add(mentionsOf(returns))
    this.#names = this.#reached()
  }

  has(name: string): boolean {
    return this.#names.has(name) || TEMPORAL_PARTS.has(name) || this.#own.has(name)
  }

  #add(mentions: Mentions): void {
    for (const [name, parts] of Object.entries(mentions)) {
      const definitions = this.#of(name)
      if (parts === true) definitions.isSeed = true
      else for (const part of parts) this.#mention(definitions, part)
    }
  }

  #mention(definitions: Definitions, part: string): void {
    if (part.startsWith('.')) definitions.mentions.add(part.slice(1))
    else if (this.#own.has(part)) definitions.isSeed = true
    else definitions.mentions.add(part)
  }

  #of(name: string): Definitions {
    let definitions = this.#definitions.get(name)
    if (!definitions) this.#definitions.set(name, (definitions = { isSeed: false, mentions: new Set() }))
    return definitions
  }

  /** The names from which a seed is reached. */
  #reached(): ReadonlySet<string> {
    const mentionedBy = new Map<string, string[]>()
    const waiting: string[] = []
    for (const [name, { isSeed, mentions }] of this.#definitions) {
      if (isSeed) waiting.push(name)
      for (const mention of mentions) {
        if (!this.#definitions.has(mention)) continue
        const known = mentionedBy.get(mention)
        if (known) known.push(name)
        else mentionedBy.set(mention, [name])
      }
    }
    const reached = new Set(waiting)
    for (let name = waiting.pop(); name !== undefined; name = waiting.pop()) {
      for (const other of mentionedBy.get(name) ?? []) if (!reached.has(other) && reached.add(other)) waiting.push(other)
    }
    return reached
  }
}

function mentionsOf(returns: GuardedReturns): Mentions {
  const collector = new MentionCollector()
  for (const [key, values] of Object.entries(returns)) for (const { value } of values) collector.add(lastPart(key), value)
  return collector.mentions
}

/** Whether the project defines something under a name that may be a date or time: asked before anything that costs more. */
export const temporalNamesIndex = defineIndex<TemporalNames, string, boolean>({
  name: 'python/temporal-names',
  version: 1,
  build: (reader) => new TemporalNames(reader),
  ask: (names, name) => names.has(name),
})
