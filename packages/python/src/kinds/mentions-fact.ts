import { defineFact } from '@krait/core'
import type { FunctionFact, MemberFact } from '../facts/module-fact-types.ts'
import type { FileSemantics } from '../file-semantics.ts'
import type { RelativeName } from '../names/relative-name.ts'
import { partsOf } from '../values/parts.ts'
import type { Value } from '../values/value.ts'

/** Parts of qualified names that dates and times come from. */
export const TEMPORAL_PARTS: ReadonlySet<string> = new Set(
  `datetime date timedelta timezone zoneinfo ZoneInfo pytz dateutil relativedelta tzlocal tzinfo utc UTC utcnow timestamp DateTime DATETIME TIMESTAMP Date DATE
  Interval INTERVAL AwareDatetime NaiveDatetime PastDatetime FutureDatetime PastDate FutureDate strptime fromisoformat fromtimestamp`.split(/\s+/),
)
/** Methods whose result is a date or time, or text made from one, whatever they are called on. */
const TEMPORAL_METHODS: ReadonlySet<string> = new Set(['astimezone', 'isoformat', 'strftime', 'localize', 'date', 'time', 'timestamp'])

/**
 * What the definitions of a file speak of, by their names: the parts of other names (`User`) and attributes (`.user`); `true` for something of a library
 * that makes dates and times. Those that speak of nothing, or of builtins alone, are left out.
 */
export type Mentions = Readonly<Record<string, true | readonly string[]>>

/** Of what a module and its classes define, and of what is assigned to `self`. */
export const mentionsFact = defineFact<Mentions, FileSemantics>({
  name: 'python/mentions',
  version: 1,
  collect({ services: file }) {
    const collector = new MentionCollector()
    collector.addMembers(file.members)
    collector.addInstanceAttributes(file)
    return collector.mentions
  },
})

/** What the definitions of one name speak of. */
interface Mentioned {
  isTemporal: boolean
  readonly parts: Set<string>
}

export class MentionCollector {
  readonly #found = new Map<string, Mentioned>()

  get mentions(): Mentions {
    const found: [string, true | readonly string[]][] = []
    for (const [name, { isTemporal, parts }] of this.#found) if (isTemporal || parts.size > 0) found.push([name, isTemporal || [...parts]])
    return Object.fromEntries(found)
  }

  addMembers(members: Readonly<Record<string, MemberFact>>): void {
    for (const [name, member] of Object.entries(members)) {
      if (member.kind === 'class') this.addMembers(member.members)
      else if (member.kind === 'alias') addName(this.#of(name), member.target)
      else if (member.kind === 'function') this.#addFunction(name, member)
      else {
        if (member.annotation) this.add(name, member.annotation)
        if (member.value) this.add(name, member.value)
      }
    }
  }

  #addFunction(name: string, { returnAnnotation, returns, parameters }: FunctionFact): void {
    if (returnAnnotation) this.add(name, returnAnnotation)
    for (const value of returns) if (this.add(name, value)) this.#addParameters(name, parameters)
  }

  #addParameters(name: string, parameters: FunctionFact['parameters']): void {
    for (const { annotation, default: byDefault } of parameters) {
      if (annotation) this.add(name, annotation)
      if (byDefault) this.add(name, byDefault)
    }
  }

  /** What is assigned to `self`. */
  addInstanceAttributes({ instanceAttributes }: FileSemantics): void {
    for (const attributes of Object.values(instanceAttributes)) {
      for (const [name, assignments] of Object.entries(attributes)) {
        for (const { value, annotation } of assignments) {
          if (annotation) this.add(name, annotation)
          // A parameter may be anything of the class's own kind of names: `self.at = at`.
          if (value && this.add(name, value)) this.#of(name).isTemporal = true
        }
      }
    }
  }

  /** Notes what a value speaks of; says whether it has locals or parameters in it. */
  add(name: string, value: Value): boolean {
    if (value.kind === 'literal' || value.kind === 'unknown') return false
    const mentioned = this.#of(name)
    let hasLocals = false
    const waiting: Value[] = [value]
    for (let part = waiting.pop(); part; part = waiting.pop()) {
      switch (part.kind) {
        case 'literal':
          break
        case 'name':
          addName(mentioned, part.name)
          break
        case 'local':
          hasLocals = true
          break
        case 'attribute':
          mentioned.parts.add(`.${part.attribute}`)
          if (TEMPORAL_METHODS.has(part.attribute)) mentioned.isTemporal = true
          waiting.push(part.object)
          break
        case 'call':
          if (part.callee !== null) addName(mentioned, part.callee)
          if (Object.hasOwn(part.keywords, 'tzinfo')) mentioned.isTemporal = true
          for (const inner of partsOf(part)) waiting.push(inner)
          break
        default:
          for (const inner of partsOf(part)) waiting.push(inner)
      }
    }
    return hasLocals
  }

  #of(name: string): Mentioned {
    let mentioned = this.#found.get(name)
    if (!mentioned) this.#found.set(name, (mentioned = { isTemporal: false, parts: new Set() }))
    return mentioned
  }
}

function addName(mentioned: Mentioned, name: RelativeName): void {
  if (name.startsWith('builtins.')) return
  const parts = name.split(/[.:]+/).filter((part) => part !== '')
  if (name === 'time.time' || parts.some((part) => TEMPORAL_PARTS.has(part)) || TEMPORAL_METHODS.has(parts.at(-1) ?? '')) mentioned.isTemporal = true
  else for (const part of parts) mentioned.parts.add(part)
}
