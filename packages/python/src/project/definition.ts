import type { ClassFact, FunctionFact, VariableFact } from '../facts/module-fact-types.ts'

interface DefinitionBase {
  /** The canonical qualified name. */
  readonly name: string
  /** The file that holds the definition. */
  readonly path: string
}

/** What the module holds is a question of its own: see `PythonProject.module`. */
export interface ModuleDefinition extends DefinitionBase {
  readonly kind: 'module'
  readonly fact: null
}

export interface ClassDefinition extends DefinitionBase {
  readonly kind: 'class'
  readonly fact: ClassFact
}

export interface FunctionDefinition extends DefinitionBase {
  readonly kind: 'function'
  readonly fact: FunctionFact
}

export interface VariableDefinition extends DefinitionBase {
  readonly kind: 'variable'
  readonly fact: VariableFact
}

/** What a qualified name of the project means. The names inside `fact` are relative to `path`: put them through `project.value(v, path)`. */
export type ProjectDefinition = ModuleDefinition | ClassDefinition | FunctionDefinition | VariableDefinition

/** A class with all it inherits from. */
export interface Ancestors {
  /** Canonical names, the class itself first, in (nearly) Python's method resolution order. */
  readonly names: readonly string[]
  /** Every base is known: a class or member that is not found here does not exist. */
  readonly complete: boolean
}

/** A member of a class with the class that has it. */
export interface ClassMember {
  /** The canonical name of the class in whose body it stands. */
  readonly owner: string
  readonly path: string
  readonly fact: ClassFact['members'][string]
}

/** Something callable of the project. */
export interface Callable {
  readonly kind: 'function' | 'class'
  readonly name: string
  readonly path: string
  /** The function; for a class its `__init__` (or `__new__`), `null` if it has none of its own or inherited in the project. */
  readonly function: FunctionFact | null
  readonly class: ClassFact | null
}
