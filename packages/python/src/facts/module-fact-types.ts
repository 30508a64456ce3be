import type { RelativeName } from '../names/relative-name.ts'
import type { Value } from '../values/value.ts'

/**
 * What other files can know of a module. It holds no path and no line, so that it changes only when its meaning changes; all names are relative
 * to the file (see `RelativeName`).
 */
export interface ModuleFact {
  /** The names of the module's scope, in order of their first definition. */
  readonly members: Readonly<Record<string, MemberFact>>
  /** Modules of `from m import *`, in order. */
  readonly stars: readonly RelativeName[]
  /** `__all__`; `null` if there is none. Incomplete if `allOpen`. */
  readonly all: readonly string[] | null
  /** `__all__` is built in a way that was not understood. */
  readonly allOpen?: true
}

export type MemberFact = AliasFact | VariableFact | FunctionFact | ClassFact

/** A name that is another one: an import, or `a = b.c`. */
export interface AliasFact {
  readonly kind: 'alias'
  readonly target: RelativeName
  readonly isImport?: true
}

/** A variable of a module or class. */
export interface VariableFact {
  readonly kind: 'variable'
  /** What it is bound to; left out if it is bound several times or by something else than a plain assignment. */
  readonly value?: Value
  readonly annotation?: Value
  /** It is bound more than once. */
  readonly rebound?: true
  /** Some of its definitions are other things (an import, another name), so that it has no qualified name. */
  readonly ambiguous?: true
}

export interface FunctionFact {
  readonly kind: 'function'
  readonly parameters: readonly ParameterFact[]
  readonly decorators: readonly Value[]
  readonly async?: true
  /** It contains `yield`, so that a call of it makes a generator. */
  readonly generator?: true
  /** What its `return` statements return, without duplicates; a bare `return` is `None`. */
  readonly returns: readonly Value[]
  /** There are more `return` statements than `returns` holds. */
  readonly returnsOpen?: true
  /** What it yields. */
  readonly yields?: readonly Value[]
  /** The end of its body can be reached, so that it returns `None` there. */
  readonly fallsOff: boolean
  readonly returnAnnotation?: Value
  /** How it is called, for a function in a class body. */
  readonly method?: MethodKind
  /** It is defined more than once: overloads, property setters, branches. The fact is that of the last definition without `@overload`. */
  readonly rebound?: true
}

export type MethodKind = 'instance' | 'class' | 'static' | 'property'

export interface ParameterFact {
  readonly name: string
  readonly kind: 'positional-only' | 'positional-or-keyword' | 'var-positional' | 'keyword-only' | 'var-keyword'
  readonly annotation?: Value
  readonly default?: Value
}

export interface ClassFact {
  readonly kind: 'class'
  readonly bases: readonly Value[]
  /** `metaclass=M`, `table=True`. */
  readonly keywords: Readonly<Record<string, Value>>
  readonly decorators: readonly Value[]
  /** Attributes, methods and nested classes of the body, in order. */
  readonly members: Readonly<Record<string, MemberFact>>
  /** It has type parameters of its own (`class Box[T]`). */
  readonly typeParameters?: readonly string[]
  readonly rebound?: true
}
