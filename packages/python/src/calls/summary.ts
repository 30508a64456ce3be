import type { Effect } from '../data/effects.ts'

/** One step of a call path: the place in a function where the path goes on. */
export interface PathStep {
  /** The file that holds the function. */
  readonly path: string
  /** The qualified name of the function in which the step is. */
  readonly function: string
  /** The number of its call, or of its `raise`, see `CallFact` and `RaiseFact`. */
  readonly call?: number
  readonly raise?: number
}

/** From a function to the place that proves what is said of it: its own call or `raise`, or a call of a function that leads there. */
export type CallPath = readonly PathStep[]

/** An exception that a function may let out. */
export interface EscapingException {
  /** The canonical name of the class. */
  readonly exception: string
  readonly path: CallPath
}

/**
 * What happens when a function is called: its body runs at once, when the result is awaited, when it is iterated over, or when it is entered by `with`.
 */
export type FunctionKind = 'plain' | 'coroutine' | 'generator' | 'context-manager'

/** What a call of a function does, directly or through what it calls. */
export interface FunctionSummary {
  readonly kind: FunctionKind
  /**
   * Exceptions of explicit `raise` statements that nothing on the way may stop, by name: no handler, context manager or decorator. What libraries
   * raise is not among them, nor what is raised behind a call that may lead to several functions.
   */
  readonly raises: readonly EscapingException[]
  /** With the shortest path that was found; absent effects were not found, which is no proof as long as there are unknown calls. */
  readonly effects: Readonly<Partial<Record<Effect, CallPath>>>
  /**
   * Whether it may let out a failure that no `raise` tells of: that of a call that leaves the process or, if there is none of these, that of a call of which
   * nothing is known. With the path there; `null` if all such calls are protected by what catches every error and ends it.
   */
  readonly mayFail: { readonly by: 'external' | 'unknown'; readonly path: CallPath } | null
  /** Whether it may let out the error of a lost database connection, with the path to the call that raises it; `null` if all such calls are protected. */
  readonly databaseFailure: CallPath | null
  /** It is a coroutine function or asynchronous generator. */
  readonly isAsync: boolean
  /** How many calls, here and in what is called, lead to something unknown. */
  readonly unknownCalls: number
}
