import type { Statement, Test } from './program.ts'

/**
 * What one execution did: the functions it called (`f`, or `f!` if it raised) and how it ended (`fall`, `return` or `raise`).
 */
export type Trace = readonly string[]

/** What executions have shown: the traces, and for each reading of a variable the places that gave it its value. */
export interface Observations {
  readonly traces: ReadonlySet<string>
  /** By site of the reading: sites of the assignments, `-` for no value. */
  readonly values: ReadonlyMap<string, ReadonlySet<string>>
  /** Whether all executions of up to `maxEvents` events were tried. */
  readonly complete: boolean
  /** Whether there are no longer ones. */
  readonly exhaustive: boolean
}

/** Stands for a variable that is not bound. */
export const NO_VALUE = '-'
const MAX_EXECUTIONS = 20_000
const MAX_STEPS = 300

/**
 * Executes a program in every possible way, as Python would: calls raise or not, conditions hold or not. Longer traces are left out.
 */
export function observe(program: readonly Statement[], maxEvents: number): Observations {
  const traces = new Set<string>()
  const values = new Map<string, Set<string>>()
  let choices: number[] = []
  let complete = true
  let exhaustive = true
  for (let count = 0; ; count++) {
    if (count === MAX_EXECUTIONS) {
      complete = false
      break
    }
    const execution = new Execution(choices, maxEvents)
    const trace = execution.run(program)
    if (trace) traces.add(trace.join(' '))
    else {
      exhaustive = false
      complete &&= !execution.ranTooLong
    }
    for (const [site, value] of execution.readings) {
      const seen = values.get(site)
      if (seen) seen.add(value)
      else values.set(site, new Set([value]))
    }
    choices = execution.nextChoices()
    if (choices.length === 0) break
  }
  return { traces, values, complete, exhaustive }
}

class TooLong extends Error {}

/** How a block was left. */
type Outcome = 'end' | 'raise' | 'return' | 'break' | 'continue'

class Execution {
  readonly readings: (readonly [site: string, value: string])[] = []
  ranTooLong = false
  readonly #events: string[] = []
  readonly #variables = new Map<string, string>()
  /** What was chosen, and among how many. */
  readonly #made: number[] = []
  readonly #limits: number[] = []
  readonly #given: readonly number[]
  readonly #maxEvents: number
  #steps = 0

  constructor(choices: readonly number[], maxEvents: number) {
    this.#given = choices
    this.#maxEvents = maxEvents
  }

  run(program: readonly Statement[]): Trace | null {
    try {
      const outcome = this.#block(program)
      return [...this.#events, outcome === 'end' ? 'fall' : outcome]
    } catch (error) {
      if (!(error instanceof TooLong)) throw error
      return null
    }
  }

  /** The next choices to try, in order; empty when all have been tried. */
  nextChoices(): number[] {
    const next = [...this.#made]
    while (next.length > 0 && next.at(-1)! + 1 >= this.#limits[next.length - 1]!) next.pop()
    if (next.length > 0) next[next.length - 1]!++
    return next
  }

  #choose(count = 2): number {
    const choice = this.#given[this.#made.length] ?? 0
    this.#made.push(choice)
    this.#limits.push(count)
    return choice
  }

  #block(block: readonly Statement[]): Outcome {
    for (const statement of block) {
      if (++this.#steps > MAX_STEPS) {
        this.ranTooLong = true
        throw new TooLong()
      }
      const outcome = this.#statement(statement)
      if (outcome !== 'end') return outcome
    }
    return 'end'
  }

  /** Calls a function; says whether it returned. */
  #call(name: string): boolean {
    if (this.#events.length >= this.#maxEvents) throw new TooLong()
    const raises = this.#choose() === 1
    this.#events.push(raises ? `${name}!` : name)
    return !raises
  }

  #statement(statement: Statement): Outcome {
    switch (statement.kind) {
      case 'call':
        return this.#call(statement.name) ? 'end' : 'raise'
      case 'leave':
        this.#call(statement.name)
        return 'raise'
      case 'assign':
        if (!this.#call(statement.site)) return 'raise'
        this.#variables.set(statement.variable, statement.site)
        return 'end'
      case 'read':
        this.readings.push([statement.site, this.#variables.get(statement.variable) ?? NO_VALUE])
        return this.#call(statement.site) ? 'end' : 'raise'
      case 'delete':
        this.#variables.delete(statement.variable)
        return 'end'
      case 'if':
        for (const { test, body } of statement.branches) {
          const holds = this.#test(test)
          if (holds === null) return 'raise'
          if (holds) return this.#block(body)
        }
        return this.#block(statement.otherwise)
      case 'while':
        return this.#while(statement)
      case 'for':
        return this.#for(statement)
      case 'try':
        return this.#try(statement)
      case 'with':
        return this.#with(statement)
      case 'match':
        return this.#match(statement)
      case 'return':
        return statement.site === null || this.#call(statement.site) ? 'return' : 'raise'
      case 'raise':
        return 'raise'
      case 'assert':
        return this.#test(statement.test) ? 'end' : 'raise'
      default:
        return statement.kind
    }
  }

  #while({ test, body, otherwise }: Extract<Statement, { kind: 'while' }>): Outcome {
    for (;;) {
      const holds = test === null ? true : this.#test(test)
      if (holds === null) return 'raise'
      if (!holds) return this.#block(otherwise)
      const outcome = this.#block(body)
      if (outcome === 'break') return 'end'
      if (outcome === 'return' || outcome === 'raise') return outcome
    }
  }

  #for({ variable, site, once, body, otherwise }: Extract<Statement, { kind: 'for' }>): Outcome {
    if (!this.#call(site)) return 'raise'
    for (let round = 0; ; round++) {
      const isOver = once && round === 0 ? false : this.#choose() === 0
      if (isOver) return this.#block(otherwise)
      this.#variables.set(variable, site)
      const outcome = this.#block(body)
      if (outcome === 'break') return 'end'
      if (outcome === 'return' || outcome === 'raise') return outcome
      if (++this.#steps > MAX_STEPS) {
        this.ranTooLong = true
        throw new TooLong()
      }
    }
  }

  #try({ body, handlers, otherwise, cleanup }: Extract<Statement, { kind: 'try' }>): Outcome {
    let outcome = this.#block(body)
    if (outcome === 'raise') {
      for (const { catches, alias, site, body: handler } of handlers) {
        if (catches === 'some' && this.#choose() === 0) continue
        if (alias) this.#variables.set(alias, site)
        outcome = this.#block(handler)
        if (alias) this.#variables.delete(alias)
        break
      }
    } else if (outcome === 'end') {
      outcome = this.#block(otherwise)
    }
    if (cleanup === null) return outcome
    const last = this.#block(cleanup)
    return last === 'end' ? outcome : last
  }

  #with({ site, variable, swallows, body }: Extract<Statement, { kind: 'with' }>): Outcome {
    if (!this.#call(site)) return 'raise'
    if (variable) this.#variables.set(variable, site)
    const outcome = this.#block(body)
    return outcome === 'raise' && swallows && this.#choose() === 1 ? 'end' : outcome
  }

  #match({ site, cases, rest }: Extract<Statement, { kind: 'match' }>): Outcome {
    if (!this.#call(site)) return 'raise'
    for (const { variable, site: own, guard, body } of cases) {
      if (this.#choose() === 0) continue
      if (variable) this.#variables.set(variable, own)
      const holds = guard === null ? true : this.#test(guard)
      if (holds === null) return 'raise'
      if (holds) return this.#block(body)
    }
    return this.#block(rest)
  }

  /** Whether a condition holds; `null` if it raised. */
  #test(test: Test): boolean | null {
    switch (test.kind) {
      case 'leaf':
        return this.#call(test.name) ? this.#choose() === 1 : null
      case 'not': {
        const value = this.#test(test.operand)
        return value === null ? null : !value
      }
      default: {
        const left = this.#test(test.left)
        if (left === null || left === (test.kind === 'or')) return left
        return this.#test(test.right)
      }
    }
  }
}
