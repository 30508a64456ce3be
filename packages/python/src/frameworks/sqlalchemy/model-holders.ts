import { defineIndex } from '@krait/core'
import type { ProjectReader } from '@krait/core'
import { instanceAttributesFact } from '../../facts/instance-attributes.ts'
import type { AttributeAssignment, InstanceAttributes } from '../../facts/instance-attributes.ts'
import { moduleFact } from '../../facts/module-fact.ts'
import type { ClassFact, FunctionFact, MemberFact, ModuleFact } from '../../facts/module-fact-types.ts'
import { lastPart } from '../../shared/dotted-name.ts'
import type { LocalValue, Value } from '../../values/value.ts'
import { migrationFact } from '../alembic/operations-fact.ts'
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
      add(this.#classes, lastPart(model.name), [model.name])
      // What migrations map is used in the migration alone.
      if (this.#reader.fact(migrationFact, model.path)) {
        this.#frozen.add(model.name)
        continue
      }
      const own = new Set([...model.columns, ...model.relationships, ...model.attributes].map(({ attribute }) => attribute))
      for (const attribute of own) this.#members.add(attribute)
      if (model.kind === 'class') this.#common = new Set([...(this.#common ?? own)].filter((attribute) => own.has(attribute)))
      for (const { attribute, target } of model.relationships) add(this.#held, `attribute ${attribute}`, [target ?? ANY_MODEL])
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
    for (const [, module] of this.#reader.facts(moduleFact)) this.#addAliases(module)
    for (const [path, module] of this.#reader.facts(moduleFact)) {
      this.#addMembers(module)
      const attributes = this.#reader.fact(instanceAttributesFact, path)
      if (attributes) this.#addInstanceAttributes(attributes, module)
    }
  }

  #addAliases({ members }: ModuleFact): void {
    for (const [name, fact] of Object.entries(members)) {
      if (fact.kind !== 'variable' || !fact.value) continue
      const { value } = fact
      if (value.kind === 'call' && value.callee !== null && lastPart(value.callee).endsWith('TypeVar')) add(this.#aliases, name, [ANY_MODEL])
      else if (value.kind === 'subscript' || value.kind === 'binary') add(this.#aliases, name, this.#modelsIn(value))
    }
  }

  #addMembers({ members }: ModuleFact): void {
    const stack: (readonly [string, MemberFact])[] = Object.entries(members)
    for (let member = stack.pop(); member; member = stack.pop()) {
      const [name, fact] = member
      if (fact.kind === 'class') stack.push(...Object.entries(fact.members))
      else if (fact.kind === 'function') this.#addFunction(name, fact)
      else if (fact.kind === 'variable' && fact.annotation) add(this.#held, `attribute ${name}`, this.#modelsIn(fact.annotation))
      else if (fact.kind === 'variable' && fact.value) add(this.#held, `attribute ${name}`, this.#modelsOf(fact.value, null))
    }
  }

  #addFunction(name: string, fact: FunctionFact): void {
    const { returnAnnotation, returns, returnsOpen, yields, method } = fact
    const given = [...returns, ...(yields ?? [])]
    const models = returnAnnotation ? this.#modelsIn(returnAnnotation) : returnsOpen ? [ANY_MODEL] : given.flatMap((value) => this.#modelsOf(value, fact))
    add(this.#held, `function ${name}`, models)
    if (method === 'property') add(this.#held, `attribute ${name}`, models)
  }

  #addInstanceAttributes(attributes: InstanceAttributes, module: ModuleFact): void {
    for (const [classPath, ofClass] of Object.entries(attributes)) {
      const found = classAt(module, classPath)
      for (const [name, assignments] of Object.entries(ofClass)) {
        add(this.#held, `attribute ${name}`, assignments.flatMap((assignment) => this.#modelsOfAssignment(assignment, found)))
      }
    }
  }

  #modelsOfAssignment({ method, value, annotation }: AttributeAssignment, owner: ClassFact | null): readonly string[] {
    if (annotation) return this.#modelsIn(annotation)
    const fact = owner && Object.hasOwn(owner.members, method) ? owner.members[method] : undefined
    return value ? this.#modelsOf(value, fact?.kind === 'function' ? fact : null) : []
  }

  /** Of a local variable nothing is known here. */
  #modelsOfLocal({ name, isParameter }: LocalValue, around: FunctionFact | null): Held {
    if (!isParameter) return [ANY_MODEL]
    const annotation = around?.parameters.find((parameter) => parameter.name === name)?.annotation
    return annotation ? this.#modelsIn(annotation) : []
  }

  /** The models that an annotation mentions. */
  #modelsIn(annotation: Value): readonly string[] {
    const found: string[] = []
    const pending = [annotation]
    for (let value = pending.pop(); value; value = pending.pop()) {
      if (value.kind === 'local') found.push(ANY_MODEL)
      else if (value.kind === 'name') found.push(...this.#modelsNamed(lastPart(value.name)))
      else if (value.kind === 'subscript') pending.push(value.object, ...value.index)
      else if (value.kind === 'binary') pending.push(value.left, value.right)
      else if (value.kind === 'list' || value.kind === 'tuple') pending.push(...value.items)
      else if (value.kind === 'literal' && typeof value.value === 'string') found.push(...this.#modelsNamed(lastPart(value.value)))
    }
    return found
  }

  #modelsNamed(name: string): readonly string[] {
    const plain = name.replace(/^:/, '')
    if (plain === 'Self') return [ANY_MODEL]
    const classes = [...(this.#classes.get(plain) ?? [])].filter((name) => !this.#frozen.has(name))
    return [...classes, ...(this.#aliases.get(plain) ?? [])]
  }

  /** The models that may be in a value. */
  #modelsOf(start: Value, around: FunctionFact | null): Held {
    const found: string[] = []
    const pending = [start]
    for (let value = pending.pop(); value; value = pending.pop()) {
      switch (value.kind) {
        case 'local':
          found.push(...this.#modelsOfLocal(value, around))
          break
        case 'attribute':
          found.push(`attribute ${value.attribute}`)
          break
        case 'call': {
          const name = value.callee === null ? (value.function?.kind === 'attribute' ? value.function.attribute : '') : lastPart(value.callee).replace(/^:/, '')
          const models = this.#modelsNamed(name)
          found.push(...(models.length > 0 ? models : RESULT_METHODS.has(name) ? [ANY_MODEL] : [`function ${name}`]))
          break
        }
        case 'await':
          pending.push(value.operand)
          break
        case 'conditional':
          pending.push(value.then, value.else)
          break
        case 'boolean':
          pending.push(value.left, value.right)
          break
        case 'subscript':
          pending.push(value.object)
          break
        case 'tuple':
        case 'list':
        case 'set':
          pending.push(...value.items)
          break
        case 'comprehension':
          pending.push(value.element)
          break
        case 'dict':
          pending.push(...value.entries.map(([, item]) => item))
      }
    }
    return found
  }
}

/** Gives each name what the names hold that it may get its value from. */
function spread(held: Names): void {
  const users: Names = new Map()
  for (const [name, from] of held) for (const other of from) if (other.includes(' ')) add(users, other, [name])
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
  for (const [name, models] of held) if (name.startsWith(prefix)) add(found, name.slice(prefix.length), [...models].filter((model) => !model.includes(' ')))
  return found
}

function classAt({ members }: ModuleFact, path: string): ClassFact | null {
  let within = members
  let found: ClassFact | null = null
  for (const part of path.split('.')) {
    const fact: MemberFact | undefined = Object.hasOwn(within, part) ? within[part] : undefined
    if (fact?.kind !== 'class') return null
    found = fact
    within = fact.members
  }
  return found
}

function add(names: Names, name: string, models: readonly string[]): void {
  if (models.length === 0) return
  const known = names.get(name)
  if (known) for (const model of models) known.add(model)
  else names.set(name, new Set(models))
}

/** What may be any model needs no list. */
function asRecord(names: Names): Readonly<Record<string, readonly string[]>> {
  const sorted = [...names].sort(([a], [b]) => (a < b ? -1 : 1))
  return Object.fromEntries(sorted.map(([name, models]) => [name, models.has(ANY_MODEL) ? [ANY_MODEL] : [...models].sort()]))
}
