import { defineIndex } from '@krait/core'
import type { KeptReader } from '@krait/core'
import { CallGraph, partsOfId } from './call-graph.ts'
import { Callers } from './callers.ts'
import type { Caller } from './callers.ts'
import { Expectations } from './expectations.ts'
import { Summaries } from './summaries.ts'
import type { FunctionSummary } from './summary.ts'

/** What can be asked about the calls of a project; all questions share one graph. */
export interface CallAnswers {
  /** What a function does. */
  readonly summary?: FunctionSummary
  readonly callers?: readonly Caller[]
  readonly expected?: boolean
  readonly caught?: boolean
  readonly leftAlone?: boolean
}

/** A question as text, see `summaryQuestion` and the like. */
export type CallQuestion = string

class CallIndex {
  readonly #graph: CallGraph
  readonly #summaries: Summaries
  readonly #callers: Callers
  readonly #expectations: Expectations

  constructor(reader: KeptReader) {
    this.#graph = new CallGraph(reader)
    this.#summaries = new Summaries(reader, this.#graph)
    this.#callers = new Callers(reader, this.#graph)
    this.#expectations = new Expectations(this.#graph, this.#callers, this.#summaries)
  }

  answer(question: CallQuestion): CallAnswers {
    const [topic, id, exception, guard] = question.split('\n') as [string, string, string, string]
    if (topic === 'summary') return { summary: this.#summaries.summaryOf(id) }
    if (topic === 'callers') return { callers: this.#callers.of(id) }
    if (topic === 'expected') return { expected: this.#expectations.isExpected(id, exception) }
    if (topic === 'left-alone') return { leftAlone: this.#expectations.isLeftAlone(id, exception) }
    const { filters } = this.#graph.viewFrom(partsOfId(id).path)
    const around = filters.around(this.#graph.node(id).function, Number(guard))
    return { caught: around.some((filter) => filter.catches(exception) !== 'not') }
  }
}

/** What functions do and who calls them. */
export const callIndex = defineIndex<CallIndex, CallQuestion, CallAnswers>({
  name: 'python/call-graph',
  version: 3,
  logsAnswers: true,
  build: (reader) => new CallIndex(reader),
  ask: (index, question) => index.answer(question),
})

/** @param id see `functionId` */
export function summaryQuestion(id: string): CallQuestion {
  return `summary\n${id}`
}

export function callersQuestion(id: string): CallQuestion {
  return `callers\n${id}`
}

/** Whether someone further up handles an exception that leaves the function. */
export function expectedQuestion(id: string, exception: string): CallQuestion {
  return `expected\n${id}\n${exception}`
}

/** Whether the callers of a function leave an exception of it alone by convention. */
export function leftAloneQuestion(id: string, exception: string): CallQuestion {
  return `left-alone\n${id}\n${exception}`
}

/** Whether something around a place in a function catches an exception. @param guard the innermost guard of the place, see `FunctionRaises` */
export function caughtQuestion(id: string, exception: string, guard: number): CallQuestion {
  return `caught\n${id}\n${exception}\n${guard}`
}
