import type { HeldModels, PythonProject } from '@krait/python'
import { modelHoldersIndex } from '@krait/python'
import { possibleModels, ROWS } from './model-names.ts'
import type { PossibleModels } from './model-names.ts'

/** What models the names in one file may stand for. Each name is asked for once. */
export class HeldNames {
  readonly #project: PythonProject
  readonly #known = new Map<string, HeldModels>()

  constructor(project: PythonProject) {
    this.#project = project
  }

  /** Whether a name may be that of a model. */
  isModelName(name: string): boolean {
    return this.#of(name).classes !== undefined
  }

  /** Whether an attribute of this name, of whatever object, may be a model. */
  mayHold(attribute: string): boolean {
    const { attributes, classes } = this.#of(attribute)
    return attributes !== undefined || classes !== undefined
  }

  /** The models that an attribute of this name may hold, whatever it belongs to. */
  ofAttribute(name: string): PossibleModels {
    return possibleModels(this.#of(name).attributes)
  }

  /** The models that a function of this name may give. */
  ofFunction(name: string): PossibleModels {
    return possibleModels(this.#of(name).results)
  }

  /** Whether a call of this name may give a model. */
  mayGive(name: string): boolean {
    if (ROWS.has(name)) return true
    const { results, classes } = this.#of(name)
    return results !== undefined || classes !== undefined
  }

  /** Whether some model has an attribute of this name. */
  isMember(name: string): boolean {
    return this.#of(name).isMember === true
  }

  /** Whether some model has an attribute of this name that may read rows. */
  mayRead(name: string): boolean {
    return this.#of(name).mayRead === true
  }

  #of(name: string): HeldModels {
    let known = this.#known.get(name)
    if (!known) this.#known.set(name, (known = this.#project.ask(modelHoldersIndex, name) ?? NOTHING))
    return known
  }
}

const NOTHING: HeldModels = {}
