import { alternativesOf, at, followed, withoutAwait } from './frames.ts'
import type { Frame, Located } from './frames.ts'
import { CONTAINERS, RESULT_PASSES, SESSION_METHODS } from './names.ts'
import type { Resolver } from './resolver.ts'
import type { KnownStatement } from './statement.ts'
import type { AttributeTerm, CallTerm } from './term.ts'

/** What gets rows of a statement. */
export interface Execution {
  /** The last part of what is called: `scalar_one_or_none`; where a function of the project does it, what that function calls. */
  readonly method: string
  /** What executes the statement: `execute`, `scalars`, `query` for a legacy query. */
  readonly by: string
  /** The statement as the call at hand gives it: an argument of `execute`, or the legacy query itself. */
  readonly given: Located
  /** `null` if it is not known. */
  readonly statement: KnownStatement | null
  /** Whether the result was made `unique()`. */
  readonly isUnique: boolean
  /** Whether `scalars()` made the rows their first columns. */
  readonly isScalars: boolean
  /** A function of the project does it with a statement that it is given. */
  readonly isThroughFunction: boolean
}

/** A statement that is executed, and what is done with the result. */
interface Executed {
  readonly statement: Located
  readonly by: string
  readonly isUnique: boolean
  readonly isScalars: boolean
}

/** Reads of the results of statements. */
interface StatementReader {
  read(located: Located): KnownStatement | null
}

/** Functions that execute statements for functions are followed so far. */
const MAX_DEPTH = 6
/** A chain of more calls on a result is not followed. */
const MAX_STEPS = 30

/** Finds the statements behind results. */
export class Executions {
  readonly #resolver: Resolver
  readonly #statements: StatementReader

  constructor(resolver: Resolver, statements: StatementReader) {
    this.#resolver = resolver
    this.#statements = statements
  }

  executionOf(located: Located, methods: ReadonlySet<string>): Execution | null {
    return this.#executionOf(located, methods, 0)
  }

  /** As `executionOf`, also for a call of a project function that executes a statement of its own. */
  executionBehind(located: Located, methods: ReadonlySet<string>): Execution | null {
    let current = withoutAwait(located)
    for (let depth = 0; depth < MAX_DEPTH; depth++) {
      const call = withoutAwait(current)
      if (call.term.kind !== 'call') return null
      const terminal = terminalOf(call.term, methods)
      const result = terminal ? null : this.#resolver.resultOf(call as Located<CallTerm>)
      const execution = terminal ? this.#terminal(terminal.attribute, at(terminal.object, call)) : this.#throughResult(result, methods, depth)
      if (execution) return depth === 0 ? execution : { ...execution, isThroughFunction: true }
      if (call !== current) return null
      const behind = terminal ? this.#resolver.resultOf(call as Located<CallTerm>) : result
      const alternatives = behind && alternativesOf(behind)
      if (alternatives?.length !== 1) return null
      current = withoutContainer(withoutAwait(alternatives[0]!))
    }
    return null
  }

  #executionOf(located: Located, methods: ReadonlySet<string>, depth: number): Execution | null {
    const call = withoutAwait(located)
    if (call.term.kind !== 'call' || depth > MAX_DEPTH) return null
    const terminal = terminalOf(call.term, methods)
    if (terminal) return this.#terminal(terminal.attribute, at(terminal.object, call))
    return this.#throughResult(this.#resolver.resultOf(call as Located<CallTerm>), methods, depth)
  }

  #terminal(method: string, receiver: Located): Execution | null {
    const executed = this.#executed(receiver, 0)
    if (!executed) return null
    const { statement, by, isUnique, isScalars } = executed
    return { method, by, given: statement, statement: this.#statements.read(statement), isUnique, isScalars, isThroughFunction: false }
  }

  /** A function of the project that executes the statement in one of its parameters and returns rows of it. */
  #throughResult(result: Located | null, methods: ReadonlySet<string>, depth: number): Execution | null {
    if (!result) return null
    const alternatives = alternativesOf(result)
    const inner = alternatives?.length === 1 ? this.#executionOf(alternatives[0]!, methods, depth + 1) : null
    const given = inner && givenTo(inner.given, result.frame)
    return given && { ...inner, given, statement: this.#statements.read(given), isThroughFunction: true }
  }

  /** The statement whose result an expression is. */
  #executed(start: Located, depth: number): Executed | null {
    let isUnique = false
    let isScalars = false
    let current = start
    for (let step = 0; step < MAX_STEPS; step++) {
      const alternatives = alternativesOf(current)
      if (!alternatives) return null
      if (alternatives.length > 1) return this.#agreed(current, alternatives, { isUnique, isScalars }, depth)
      const { term } = (current = withoutAwait(alternatives[0]!))
      if (term.kind === 'local' || term.kind === 'choice') continue
      if (term.kind !== 'call') return this.#legacy(current, { isUnique, isScalars })
      const { function: called } = term
      const name = called.kind === 'attribute' ? called.attribute : ''
      const statement = SESSION_METHODS.has(name) ? this.#executedBy(current as Located<CallTerm & { function: AttributeTerm }>) : null
      if (statement) return { statement, by: name, isUnique, isScalars }
      const object: Located | null = called.kind === 'attribute' ? at(called.object, current) : null
      if (!object || !RESULT_PASSES.has(name) || this.#isStatement(current)) {
        return this.#legacy(current, { isUnique, isScalars }) ?? this.#ofFunction(current as Located<CallTerm>, { isUnique, isScalars }, depth)
      }
      isUnique ||= name === 'unique'
      isScalars ||= name === 'scalars'
      current = object
    }
    return null
  }

  /** Several ways that execute one and the same expression. */
  #agreed(whole: Located, alternatives: readonly Located[], passed: Passed, depth: number): Executed | null {
    if (this.#isStatement(whole)) return this.#legacy(whole, passed)
    const executed = depth > MAX_DEPTH ? [] : alternatives.map((alternative) => this.#executed(alternative, depth + 1))
    const [first] = executed
    if (!first || executed.some((other) => !other || !isSame(other.statement, first.statement) || other.isUnique !== first.isUnique)) return null
    return passedBy(first, passed)
  }

  #legacy(located: Located, passed: Passed): Executed | null {
    const statement = this.#statements.read(located)
    return statement?.paths.every((path) => path.isQuery) ? { statement: located, by: 'query', ...passed } : null
  }

  #isStatement(located: Located): boolean {
    return this.#statements.read(located) !== null
  }

  /** `session.execute(statement)`: the receiver is a session, or nothing else that is known. */
  #executedBy(call: Located<CallTerm & { function: AttributeTerm }>): Located | null {
    const { term } = call
    const given = term.arguments[0] ?? term.keywords.find(([keyword]) => keyword === 'statement')?.[1]
    if (!given || this.#resolver.isProjectFunction(at(term.function, call))) return null
    const statement = at(given, call)
    // `result.scalars(0)` takes a column.
    return followed(statement).term.kind === 'literal' ? null : statement
  }

  /** A function of the project that gives the result of executing a statement. */
  #ofFunction(call: Located<CallTerm>, passed: Passed, depth: number): Executed | null {
    const result = depth > MAX_DEPTH ? null : this.#resolver.resultOf(call)
    const executed = result && this.#executed(result, depth + 1)
    const given = executed && givenTo(executed.statement, result.frame)
    return given && passedBy({ ...executed, statement: given }, passed)
  }
}

/** What calls on the result have made of it so far. */
type Passed = Pick<Executed, 'isUnique' | 'isScalars'>

function passedBy(executed: Executed, { isUnique, isScalars }: Passed): Executed {
  return { ...executed, isUnique: executed.isUnique || isUnique, isScalars: executed.isScalars || isScalars }
}

/** What `list(...)` makes a list of. */
function withoutContainer(located: Located): Located {
  const { term } = located
  const [given] = term.kind === 'call' && term.function.kind === 'name' && CONTAINERS.has(term.function.name) ? term.arguments : []
  return given ? withoutAwait(followed(at(given, located))) : located
}

/** Whether two terms are one variable with one value. */
function isSame(one: Located, other: Located): boolean {
  if (one.frame !== other.frame) return false
  if (one.term.kind === 'parameter') return other.term.kind === 'parameter' && one.term.name === other.term.name
  if (one.term.kind !== 'local' || other.term.kind !== 'local') return one.term === other.term
  const { definitions } = other.term
  return one.term.definitions.length === definitions.length && one.term.definitions.every((index) => definitions.includes(index))
}

/** What a call gives for the parameter that a term of the called function is, unchanged; `null` if it is something else. */
function givenTo(located: Located, frame: Frame): Located | null {
  let current = located
  for (let step = 0; step < MAX_STEPS; step++) {
    const { term } = current
    if (current.frame !== frame) return current
    if (term.kind === 'parameter') return frame.parameters.get(term.name) ?? null
    const definition = term.kind === 'local' && term.definitions.length === 1 ? frame.definition(term.definitions[0]!) : undefined
    if (!definition) return null
    current = at(definition, current)
  }
  return null
}

/** What is called, if it is one of the methods without arguments. */
function terminalOf({ function: called, arguments: given }: CallTerm, methods: ReadonlySet<string>): AttributeTerm | null {
  return called.kind === 'attribute' && given.length === 0 && methods.has(called.attribute) ? called : null
}
