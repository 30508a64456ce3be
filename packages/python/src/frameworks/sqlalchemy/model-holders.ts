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
 * What may be behind one name: the qualified names of models, or `*` for any. More than is true, so that a name of which nothing is known needs no look at
 * its type.
 */
export interface HeldModels {
  /** The models that have this as the last part of their names. */
  readonly classes?: readonly string[]
  /** What may be in the result of a function or method of this name. */
  readonly results?: readonly string[]
  /** What an attribute or property of this name may hold. */
  readonly attributes?: readonly string[]
  /** Whether some model has an attribute of this name. */
  readonly isMember?: true
  /** Whether it is one that may read rows: a relationship, property, method or hybrid; also of models in migrations. */
  readonly mayRead?: true
}

export const ANY_MODEL = '*'

/** All that is held. Only the two indexes below look into it: its answer is no JSON. */
export const modelHolderListIndex = defineIndex<ModelHolders, 'all', ModelHolders>({
  name: 'python/sqlalchemy-model-holder-list',
  version: 1,
  build: (reader) => new Collector(reader).collect(),
  ask: (holders) => holders,
})

/** By any name: so that a change of one model counts for those alone that use its names. */
export const modelHoldersIndex = defineIndex<ModelHolders, string, HeldModels | undefined>({
  name: 'python/sqlalchemy-model-holders',
  version: 2,
  build: (reader) => reader.ask(modelHolderListIndex, 'all'),
  ask: ({ held }, name) => held.get(name),
})

/** The attributes that all mapped classes have; `undefined` if there is no model. The only key is `all`. */
export const commonMembersIndex = defineIndex<ModelHolders, 'all', readonly string[] | undefined>({
  name: 'python/sqlalchemy-common-members',
  version: 1,
  build: (reader) => reader.ask(modelHolderListIndex, 'all'),
  ask: ({ common }) => common,
})

interface ModelHolders {
  readonly held: ReadonlyMap<string, HeldModels>
  readonly common: readonly string[] | undefined
}

/** Kinds of attributes that may read rows. */
const READING: ReadonlySet<string> = new Set(['property', 'method', 'hybrid'])

type Names = Map<string, Set<string>>

/** What may be in a value: models by name, and what the functions (`function load`) and attributes (`attribute user`) of a name hold. */
type Held = readonly string[]

class Collector {
  readonly #reader: ProjectReader
  readonly #classes: Names = new Map()
  readonly #members = new Set<string>()
  readonly #reading = new Set<string>()
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
      for (const { attribute } of [...model.relationships, ...model.attributes.filter(({ kind }) => READING.has(kind))]) this.#reading.add(attribute)
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
    return { held: this.#byName(), common: this.#classes.size > 0 ? [...(this.#common ?? [])].sort() : undefined }
  }

  #byName(): ReadonlyMap<string, HeldModels> {
    const found = new Map<string, HeldModels>()
    const add = (name: string, held: HeldModels): unknown => found.set(name, { ...found.get(name), ...held })
    for (const [name, models] of this.#classes) add(name, { classes: listed(models) })
    for (const [name, models] of this.#held) {
      const [kind, of] = name.split(' ') as ['function' | 'attribute', string]
      const known = listed(new Set([...models].filter((model) => !model.includes(' '))))
      add(of, kind === 'function' ? { results: known } : { attributes: known })
    }
    for (const name of this.#members) add(name, { isMember: true })
    for (const name of this.#reading) add(name, { mayRead: true })
    return found
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

/** What may be any model needs no list. */
function listed(models: ReadonlySet<string>): readonly string[] {
  return models.has(ANY_MODEL) ? [ANY_MODEL] : [...models].sort()
}
