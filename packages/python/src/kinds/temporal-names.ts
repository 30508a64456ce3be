import { defineIndex } from '@krait/core'
import type { ProjectReader } from '@krait/core'
import { instanceAttributesFact } from '../facts/instance-attributes.ts'
import { moduleFact } from '../facts/module-fact.ts'
import type { FunctionFact, MemberFact } from '../facts/module-fact-types.ts'
import { lastPart } from '../shared/dotted-name.ts'
import { partsOf } from '../values/parts.ts'
import type { Value } from '../values/value.ts'
import { guardedReturnsFact } from './guarded-returns.ts'
import { kindSettings } from './settings.ts'

/** What the definitions of one name speak of. */
interface Definitions {
  /** Something of a library that makes dates and times. */
  isSeed: boolean
  /** Other names. */
  readonly mentions: Set<string>
}

/** Parts of qualified names that dates and times come from. */
const SEEDS: ReadonlySet<string> = new Set(
  `datetime date timedelta timezone zoneinfo ZoneInfo pytz dateutil relativedelta tzlocal tzinfo utc UTC utcnow timestamp DateTime DATETIME TIMESTAMP Date DATE
  Interval INTERVAL AwareDatetime NaiveDatetime PastDatetime FutureDatetime PastDate FutureDate strptime fromisoformat fromtimestamp`.split(/\s+/),
)
/** Methods whose result is a date or time, or text made from one, whatever they are called on. */
const SEED_METHODS: ReadonlySet<string> = new Set(['astimezone', 'isoformat', 'strftime', 'localize', 'date', 'time', 'timestamp'])

/** The names under which the project defines what may be a point or span of time, text made from one, or a zone. More names than need be. */
class TemporalNames {
  readonly #definitions = new Map<string, Definitions>()
  readonly #names: ReadonlySet<string>
  readonly #seeds: ReadonlySet<string>
  readonly #parts = new Map<string, readonly string[] | null>()

  constructor(reader: ProjectReader) {
    const { awareColumnTypes, naiveColumnTypes, normalizers } = kindSettings(reader.settings())
    this.#seeds = new Set([...SEEDS, ...[...awareColumnTypes, ...naiveColumnTypes, ...normalizers].map(lastPart)])
    for (const [path, module] of reader.facts(moduleFact)) {
      this.#addMembers(module.members)
      this.#addInstanceAttributes(reader, path)
      for (const [key, values] of Object.entries(reader.fact(guardedReturnsFact, path) ?? {})) for (const { value } of values) this.#mention(lastPart(key), value)
    }
    this.#names = this.#reached()
  }

  has(name: string): boolean {
    return this.#names.has(name) || this.#seeds.has(name)
  }

  #addMembers(members: Readonly<Record<string, MemberFact>>): void {
    const stack = [members]
    for (let current = stack.pop(); current; current = stack.pop()) {
      for (const [name, member] of Object.entries(current)) {
        if (member.kind === 'class') stack.push(member.members)
        else if (member.kind === 'alias') this.#mentionName(this.#of(name), member.target)
        else if (member.kind === 'function') this.#addFunction(name, member)
        else {
          if (member.annotation) this.#mention(name, member.annotation)
          if (member.value) this.#mention(name, member.value)
        }
      }
    }
  }

  #addFunction(name: string, { returnAnnotation, returns, parameters }: FunctionFact): void {
    if (returnAnnotation) this.#mention(name, returnAnnotation)
    for (const value of returns) if (this.#mention(name, value)) this.#mentionParameters(name, parameters)
  }

  /** What is assigned to `self`; a parameter stands for its annotation. */
  #addInstanceAttributes(reader: ProjectReader, path: string): void {
    for (const attributes of Object.values(reader.fact(instanceAttributesFact, path) ?? {})) {
      for (const [name, assignments] of Object.entries(attributes)) {
        for (const { value, annotation } of assignments) {
          if (annotation) this.#mention(name, annotation)
          // A parameter may be anything of the class's own kind of names: `self.at = at`.
          if (value && this.#mention(name, value)) this.#of(name).isSeed = true
        }
      }
    }
  }

  #mentionParameters(name: string, parameters: FunctionFact['parameters']): void {
    for (const { annotation, default: byDefault } of parameters) {
      if (annotation) this.#mention(name, annotation)
      if (byDefault) this.#mention(name, byDefault)
    }
  }

  /** Notes what a value speaks of; says whether it has locals or parameters in it. */
  #mention(name: string, value: Value): boolean {
    if (value.kind === 'literal' || value.kind === 'unknown') return false
    const definitions = this.#of(name)
    let hasLocals = false
    const waiting: Value[] = [value]
    for (let part = waiting.pop(); part; part = waiting.pop()) {
      switch (part.kind) {
        case 'literal':
          break
        case 'name':
          this.#mentionName(definitions, part.name)
          break
        case 'local':
          hasLocals = true
          break
        case 'attribute':
          definitions.mentions.add(part.attribute)
          if (SEED_METHODS.has(part.attribute)) definitions.isSeed = true
          waiting.push(part.object)
          break
        case 'call':
          if (part.callee !== null) this.#mentionName(definitions, part.callee)
          if (Object.hasOwn(part.keywords, 'tzinfo')) definitions.isSeed = true
          for (const inner of partsOf(part)) waiting.push(inner)
          break
        default:
          for (const inner of partsOf(part)) waiting.push(inner)
      }
    }
    return hasLocals
  }

  #mentionName(definitions: Definitions, name: string): void {
    let parts = this.#parts.get(name)
    if (parts === undefined) this.#parts.set(name, (parts = this.#read(name)))
    if (parts === null) definitions.isSeed = true
    else for (const part of parts) definitions.mentions.add(part)
  }

  /** The parts of a qualified name; `null` if it is that of a seed. */
  #read(name: string): readonly string[] | null {
    const parts = name.split(/[.:]+/).filter((part) => part !== '')
    const isSeed = name === 'time.time' || parts.some((part) => this.#seeds.has(part)) || SEED_METHODS.has(parts.at(-1) ?? '')
    return isSeed ? null : parts
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

/** Whether the project defines something under a name that may be a date or time: asked before anything that costs more. */
export const temporalNamesIndex = defineIndex<TemporalNames, string, boolean>({
  name: 'python/temporal-names',
  version: 1,
  build: (reader) => new TemporalNames(reader),
  ask: (names, name) => names.has(name),
})
