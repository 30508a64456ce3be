import { remember } from '@krait/core'
import type { KeptReader, Tracked } from '@krait/core'
import type { PythonProject, Value } from '@krait/python'
import { ANY_MODEL, commonMembersIndex, lastPart, modelHoldersIndex } from '@krait/python'

/** The models of which an expression may be an instance, an alias or the class; `any` if that is open. */
export type PossibleModels = ReadonlySet<string> | 'any'

export const NO_MODELS: ReadonlySet<string> = new Set()

/** Longer chains of type aliases may lead to anything. */
const MAX_ALIASES = 4

/** Calls that give rows, or one of several values that they are given. */
export const ROWS: ReadonlySet<string> = new Set(
  `all exec execute fetchall fetchmany fetchone first first_or_404 get get_one get_or_404 merge one one_or_404 one_or_none partitions scalar scalar_one
  scalar_one_or_none scalars stream stream_scalars unique`.split(/\s+/),
)

/** Tells which models names of the project may have to do with: kept for all files. */
export class ModelNames {
  readonly #project: PythonProject
  readonly #reader: KeptReader
  /** `null` if the project has no models at all. */
  readonly #common: ReadonlySet<string> | null
  readonly #ofName = new Map<string, Tracked<PossibleModels>>()

  private constructor(project: PythonProject, reader: KeptReader) {
    this.#project = project
    this.#reader = reader
    const common = project.ask(commonMembersIndex, 'all')
    this.#common = common ? new Set(common) : null
  }

  /** The names as a file sees them. */
  static in(project: PythonProject): ModelNames {
    return project.kept('sqlalchemy/model-names', (kept, reader) => new ModelNames(kept, reader))
  }

  /** Whether the project has models at all. */
  get hasModels(): boolean {
    return this.#common !== null
  }

  #isModel(name: string): boolean {
    return this.#project.ask(modelHoldersIndex, lastPart(name))?.classes?.includes(name) ?? false
  }

  /** Whether it is worth asking what an expression is, since it may be a model that lacks the attribute. */
  mayLack(possible: PossibleModels, attribute: string, has: (model: string, attribute: string) => boolean): boolean {
    if (possible === 'any') return !this.#common?.has(attribute)
    for (const model of possible) if (!has(model, attribute)) return true
    return false
  }

  /** The models behind an absolute name. */
  named(name: string): PossibleModels {
    return remember(this.#reader, this.#ofName, name, () => this.#resolved(name))
  }

  #resolved(name: string): PossibleModels {
    const project = this.#project
    if (this.#isModel(name)) return new Set([name])
    const definition = project.definition(name)
    if (definition?.kind !== 'variable') return NO_MODELS
    const { annotation, value } = definition.fact
    if (annotation) return this.annotated(project.value(annotation, definition.path), 0)
    if (value?.kind !== 'call') return value?.kind === 'await' || value?.kind === 'subscript' ? 'any' : NO_MODELS
    const called = project.value(value, definition.path)
    if (called.kind !== 'call') return NO_MODELS
    // What is bound to what it is made by would lead in circles.
    if (called.callee !== null) return project.definition(called.callee)?.kind === 'variable' ? 'any' : this.resultOf(called.callee)
    return called.function?.kind === 'attribute' && ROWS.has(called.function.attribute) ? 'any' : NO_MODELS
  }

  /** What a call of a function or class gives. */
  resultOf(name: string): PossibleModels {
    const model = this.named(name)
    if (model === 'any' || model.size > 0) return model
    const definition = this.#project.definition(name)
    if (definition?.kind !== 'function') return NO_MODELS
    const { returnAnnotation } = definition.fact
    return returnAnnotation ? this.annotated(this.#project.value(returnAnnotation, definition.path), 0) : possibleModels(this.#project.ask(modelHoldersIndex, lastPart(name))?.results)
  }

  /** The models that an annotation with absolute names speaks of. */
  annotated(annotation: Value, depth = 0): PossibleModels {
    if (depth > MAX_ALIASES) return 'any'
    const found: PossibleModels[] = []
    const pending = [annotation]
    for (let value = pending.pop(); value; value = pending.pop()) {
      if (value.kind === 'local') return 'any'
      if (value.kind === 'name') found.push(this.#typeNamed(value.name, depth))
      else if (value.kind === 'subscript') pending.push(value.object, ...value.index)
      else if (value.kind === 'binary') pending.push(value.left, value.right)
    }
    return union(found)
  }

  /** A class, an alias of a type, or a type variable. */
  #typeNamed(name: string, depth: number): PossibleModels {
    if (lastPart(name) === 'Self') return 'any'
    const project = this.#project
    if (this.#isModel(name)) return new Set([name])
    const definition = project.definition(name)
    if (definition?.kind !== 'variable' || !definition.fact.value) return NO_MODELS
    const { value } = definition.fact
    return value.kind === 'call' ? 'any' : this.annotated(project.value(value, definition.path), depth + 1)
  }
}

/** As a set, the same for the same list. */
export function possibleModels(models: readonly string[] | undefined): PossibleModels {
  if (!models) return NO_MODELS
  let possible = byList.get(models)
  if (!possible) byList.set(models, (possible = models.includes(ANY_MODEL) ? 'any' : new Set(models)))
  return possible
}

const byList = new WeakMap<readonly string[], PossibleModels>()

/** All of these. */
export function union(possible: readonly PossibleModels[]): PossibleModels {
  const some = possible.filter((models) => models === 'any' || models.size > 0)
  if (some.length < 2) return some[0] ?? NO_MODELS
  const found = new Set<string>()
  for (const models of some) {
    if (models === 'any') return 'any'
    for (const model of models) found.add(model)
  }
  return found
}
