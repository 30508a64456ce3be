import type { Effect } from '../data/effects.ts'

/** One step of a call path: the place in a function where the path goes on. */
export interface PathStep {
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

/** What a call of a function does, directly or through what it calls. */
export interface FunctionSummary {
  /** Exceptions of explicit `raise` statements that no handler on the way stops, by name. What libraries raise is not among them. */
  readonly raises: readonly EscapingException[]
  /** With the shortest path that was found; absent effects were not found, which is no proof as long as there are unknown calls. */
  readonly effects: Readonly<Partial<Record<Effect, CallPath>>>
  /** It is a coroutine function or asynchronous generator. */
  readonly isAsync: boolean
  /** How many calls, here and in what is called, lead to something unknown. */
  readonly unknownCalls: number
}
