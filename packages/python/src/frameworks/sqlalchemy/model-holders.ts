import { defineIndex } from '@krait/core'
import type { ProjectReader } from '@krait/core'
import { lastPart } from '../../shared/dotted-name.ts'
import { addToSet } from '../../shared/sets-by-name.ts'
import { migrationFact } from '../alembic/operations-fact.ts'
import { ANY_HOLDER, heldFact } from './held-fact.ts'
import type { Holder } from './held-fact.ts'
import { modelIndex, modelListIndex } from './model-index.ts'
import { RESULT_METHODS } from './statements/names.ts'

/**
 * Under which names models come into code: the qualified names of the models by the last part of a name, `*` for any. More than is true, so that what is
 * not among them needs no look at its type.
 */
export interface ModelHolders {
  /** The models by the last part of their names. */
  readonly classes: Readonly<Record<string, readonly string[]>>
  /** By the names of functions and methods: what may be in their results. */
  readonly functions: Readonly<Record<string, readonly string[]>>
  /** The names of all attributes that some model has. */
  readonly members: readonly string[]
  /** Of attributes that all mapped classes have. */
  readonly common: readonly string[]
  /** By the names of attributes and properties. */
  readonly attributes: Readonly<Record<string, readonly string[]>>
}

export const ANY_MODEL = '*'

/** The only key is `all`. */
export const modelHoldersIndex = defineIndex<ModelHolders, 'all', ModelHolders>({
  name: 'python/sqlalchemy-model-holders',
  version: 1,
  build: (reader) => new Collector(reader).collect(),
  ask: (holders) => holders,
})

type Names = Map<string, Set<string>>

/** What may be in a value: models by name, and what the functions (`function load`) and attributes (`attribute user`) of a name hold. */
type Held = readonly string[]

class Collector {
  readonly #reader: ProjectReader
  readonly #classes: Names = new Map()
  readonly #members = new Set<string>()
  readonly #frozen = new Set<string>()
  #common: ReadonlySet<string> | undefined
  /** By `function <name>` and `attribute <name>`. */
  readonly #held: Names = new Map()
  /** `UserList = list[User]`, type variables. */
  readonly #aliases: Names = new Map()

  constructor(reader: ProjectReader) {
    this.#reader = reader
  }

  collect(): ModelHolders {
    for (const id of this.#reader.ask(modelListIndex, 'all')) {
      const model = this.#reader.ask(modelIndex, id)
      if (!model) continue
      addToSet(this.#classes, lastPart(model.name), [model.name])
      // What migrations map is used in the migration alone.
      if (this.#reader.fact(migrationFact, model.path)) {
        this.#frozen.add(model.name)
        continue
      }
      const own = new Set([...model.columns, ...model.relationships, ...model.attributes].map(({ attribute }) => attribute))
      for (const attribute of own) this.#members.add(attribute)
      if (model.kind === 'class') this.#common = new Set([...(this.#common ?? own)].filter((attribute) => own.has(attribute)))
      for (const { attribute, target } of model.relationships) addToSet(this.#held, `attribute ${attribute}`, [target ?? ANY_MODEL])
    }
    if (this.#classes.size > 0) this.#collectHolders()
    spread(this.#held)
    return {
      classes: asRecord(this.#classes),
      members: [...this.#members].sort(),
      common: [...(this.#common ?? [])].sort(),
      functions: asRecord(withPrefix(this.#held, 'function ')),
      attributes: asRecord(withPrefix(this.#held, 'attribute ')),
    }
  }

  #collectHolders(): void {
    for (const [, { aliases }] of this.#reader.facts(heldFact)) {
      for (const [name, holders] of Object.entries(aliases)) addToSet(this.#aliases, name, holders.flatMap((holder) => this.#modelsOf(holder)))
    }
    for (const [, { held }] of this.#reader.facts(heldFact)) {
      for (const [name, holders] of Object.entries(held)) addToSet(this.#held, name, holders.flatMap((holder) => this.#modelsOf(holder)))
    }
  }

  #modelsOf(holder: Holder): Held {
    if (holder === ANY_HOLDER) return [ANY_MODEL]
    const name = holder.slice(holder.indexOf(' ') + 1)
    if (holder.startsWith('named ')) return this.#modelsNamed(name)
    if (holder.startsWith('attribute ')) return [holder]
    const models = this.#modelsNamed(name)
    return models.length > 0 ? models : RESULT_METHODS.has(name) ? [ANY_MODEL] : [`function ${name}`]
  }

  #modelsNamed(name: string): readonly string[] {
    const classes = [...(this.#classes.get(name) ?? [])].filter((model) => !this.#frozen.has(model))
    return [...classes, ...(this.#aliases.get(name) ?? [])]
  }
}

/** Gives each name what the names hold that it may get its value from. */
function spread(held: Names): void {
  const users: Names = new Map()
  for (const [name, from] of held) for (const other of from) if (other.includes(' ')) addToSet(users, other, [name])
  const pending = [...users.keys()]
  for (let name = pending.pop(); name !== undefined; name = pending.pop()) {
    const models = [...(held.get(name) ?? [])].filter((model) => !model.includes(' '))
    for (const user of users.get(name) ?? []) {
      const known = held.get(user)!
      const before = known.size
      for (const model of models) known.add(model)
      if (known.size > before && users.has(user)) pending.push(user)
    }
  }
}

function withPrefix(held: Names, prefix: string): Names {
  const found: Names = new Map()
  for (const [name, models] of held) if (name.startsWith(prefix)) addToSet(found, name.slice(prefix.length), [...models].filter((model) => !model.includes(' ')))
  return found
}

/** What may be any model needs no list. */
function asRecord(names: Names): Readonly<Record<string, readonly string[]>> {
  const sorted = [...names].sort(([a], [b]) => (a < b ? -1 : 1))
  return Object.fromEntries(sorted.map(([name, models]) => [name, models.has(ANY_MODEL) ? [ANY_MODEL] : [...models].sort()]))
}
