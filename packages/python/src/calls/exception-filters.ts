import { remember, rememberOnce } from '@krait/core'
import type { KeptReader, Tracked } from '@krait/core'
import { callFact } from '../facts/call-fact.ts'
import type { CallFact } from '../facts/call-fact.ts'
import type { GuardFact } from '../facts/guards.ts'
import { raiseFact } from '../facts/raise-fact.ts'
import type { PythonProject } from '../project/python-project.ts'
import { membersOf, withoutNone } from '../types/type.ts'
import type { CallValue, Value } from '../values/value.ts'
import type { CallTargets } from './call-targets.ts'
import { catchingBy, namedClasses, surer } from './catching.ts'
import type { Catching } from './catching.ts'
import { findFunction, readFunction } from './project-functions.ts'
import type { ProjectFunction } from './project-functions.ts'

/** Something that an exception meets on its way out: the handlers of a `try`, the context managers of a `with`, a decorator. */
export interface ExceptionFilter {
  /** Whether and how it catches the exception, also if it raises it again. */
  catches(exception: string): Catching
  /** Whether the exception may end here. */
  stops(exception: string): boolean
}

/** Finds what exceptions meet on their way out of functions of the project. */
export class ExceptionFilters {
  readonly #project: PythonProject
  readonly #targets: CallTargets
  readonly #reader: KeptReader
  readonly #byFunction = new Map<string, Tracked<readonly ExceptionFilter[]>>()
  readonly #ofDecorators = new Map<string, Tracked<readonly ExceptionFilter[]>>()

  constructor(project: PythonProject, targets: CallTargets, reader: KeptReader) {
    this.#project = project
    this.#reader = reader
    this.#targets = targets
  }

  /** What stands around a place in a function, from the inside out. @param guard the innermost guard of the place */
  around(fn: ProjectFunction, guard: number | undefined): readonly ExceptionFilter[] {
    if (guard === undefined) return []
    const guards = this.#guardsOf(fn)
    const found: ExceptionFilter[] = []
    for (let number: number | undefined = guard; number !== undefined && found.length <= guards.length; number = fn.guards[number]?.outer) {
      found.push(guards[number] ?? LETS_ALL_THROUGH)
    }
    return found
  }

  /** What decorators put around a function, from the inside out. */
  ofDecorators(fn: ProjectFunction): readonly ExceptionFilter[] {
    if (fn.decorators.length === 0) return []
    return remember(this.#reader, this.#ofDecorators, `${fn.path}:${fn.name}`, () => fn.decorators.map((decorator) => this.#decorator(decorator)).reverse())
  }

  #guardsOf(fn: ProjectFunction): readonly ExceptionFilter[] {
    return remember(this.#reader, this.#byFunction, `${fn.path}:${fn.name}`, () => fn.guards.map((guard, number) => this.#guard(fn, guard, number)))
  }

  #guard(fn: ProjectFunction, guard: GuardFact, number: number): ExceptionFilter {
    const handlers = new Handlers(this.#project, this.#reader, guard, fn.path)
    const managers = fn.calls.filter(({ enters }) => enters === number)
    if (managers.length === 0) return handlers
    return new Once(this.#reader, () => allOf([handlers, ...managers.flatMap((call) => this.#manager(fn, call))]))
  }

  /** A context manager of a `with`: a function that `contextlib` makes one of, or an object with an `__exit__` of the project. */
  #manager(fn: ProjectFunction, call: CallFact): readonly ExceptionFilter[] {
    const found: ExceptionFilter[] = []
    for (const name of this.#targets.targetsOf(fn, call)) {
      const target = findFunction(this.#project, name)
      if (target?.kind === 'context-manager') found.push(this.#throughYields(target))
    }
    if (found.length > 0) return found
    for (const type of membersOf(withoutNone(this.#targets.resultOf(fn, call)))) {
      if (type.kind === 'instance' && this.#mayEndInExit(type.class)) found.push(ENDS_ALL)
    }
    return found
  }

  /** What is raised in the body of the `with` comes up at the `yield`. */
  #throughYields(manager: ProjectFunction): ExceptionFilter {
    return oneOf((manager.yields ?? []).map((guard) => allOf(this.around(manager, guard))))
  }

  /** An `__exit__` that may return something true. */
  #mayEndInExit(className: string): boolean {
    return ['__exit__', '__aexit__'].some((method) => {
      const fact = this.#project.member(className, method)?.fact
      if (fact?.kind !== 'function') return false
      return fact.returnsOpen === true || fact.returns.some((value) => value.kind !== 'literal' || value.value === true)
    })
  }

  #decorator(decorator: Value): ExceptionFilter {
    const name = decorator.kind === 'name' ? decorator.name : decorator.kind === 'call' ? (decorator.callee ?? this.#methodOfMade(decorator)) : null
    if (name === null) return UNKNOWN_FILTER
    if (RETRYING.has(name)) return raisesAnother(decorator) ? ENDS_ALL : LETS_ALL_THROUGH
    const definition = this.#project.definition(name)
    if (definition?.kind === 'class') return new Once(this.#reader, () => this.#anywhereIn(definition.path, this.#project.pathInModule(definition.name, definition.path)))
    const fn = findFunction(this.#project, name)
    if (!fn) return LETS_ALL_THROUGH
    if (fn.kind === 'context-manager') return new Once(this.#reader, () => this.#throughYields(fn))
    return new Once(this.#reader, () => this.#anywhereIn(fn.path, this.#project.pathInModule(fn.name, fn.path)))
  }

  /** `flask.Flask.get` for `@app.get("/")` where `app = Flask(__name__)` is a local variable. */
  #methodOfMade({ function: called }: CallValue): string | null {
    const made = called?.kind === 'attribute' && called.object.kind === 'call' ? called.object.callee : null
    if (called?.kind !== 'attribute' || made === null || this.#project.definition(made)?.kind === 'function') return null
    return `${made}.${called.attribute}`
  }

  /**
   * What a decorator does with exceptions of the function that it is given: that is what its inner functions call by a name that stands for no
   * function of its own. Where none does, whatever is caught anywhere in the decorator is caught.
   */
  #anywhereIn(path: string, key: string): ExceptionFilter {
    const keys = new Set([raiseFact, callFact].flatMap((fact) => Object.keys(this.#project.fact<object>(fact, path) ?? {})))
    const inner = [...keys].filter((name) => name === key || name.startsWith(`${key}.`))
    const functions = inner.map((name) => readFunction(this.#project, path, name))
    const calls = functions.flatMap((fn) => fn.calls.filter(callsWhatItIsGiven).map(({ guard }) => allOf(this.around(fn, guard))))
    return calls.length > 0 ? oneOf(calls) : allOf(functions.flatMap((fn) => this.#guardsOf(fn)))
  }
}

function callsWhatItIsGiven({ callee, method, on }: CallFact): boolean {
  return callee === undefined && method === undefined && on === undefined
}

/** The handlers of a `try`, or what a `with` suppresses. */
class Handlers implements ExceptionFilter {
  readonly #project: PythonProject
  readonly #guard: GuardFact
  readonly #path: string
  readonly #reader: KeptReader
  readonly #answers = new Map<string, Tracked<{ readonly catching: Catching; readonly stops: boolean }>>()
  /** The classes that each handler names. */
  readonly #named: () => readonly (readonly (string | null)[])[]

  constructor(project: PythonProject, reader: KeptReader, guard: GuardFact, path: string) {
    this.#project = project
    this.#reader = reader
    this.#guard = guard
    this.#path = path
    this.#named = rememberOnce(reader, () => this.#findNamed())
  }

  catches(exception: string): Catching {
    return this.#answer(exception).catching
  }

  stops(exception: string): boolean {
    return this.#answer(exception).stops
  }

  #answer(exception: string) {
    return remember(this.#reader, this.#answers, exception, () => {
      const each = this.#named().map((classes) => catchingBy(this.#project, classes, exception))
      return { catching: each.reduce<Catching>(surer, 'not'), stops: this.#stops(each) }
    })
  }

  /** The first handler that catches it decides. */
  #stops(each: readonly Catching[]): boolean {
    for (const [i, catching] of each.entries()) {
      if (catching === 'not') continue
      if (!this.#guard.handlers[i]!.rethrows) return true
      if (catching !== 'perhaps') return false
    }
    return false
  }

  #findNamed(): readonly (readonly (string | null)[])[] {
    return this.#guard.handlers.map(({ types }) =>
      types === null ? ['builtins.BaseException'] : namedClasses(this.#project, types.map((type) => this.#project.value(type, this.#path))),
    )
  }
}

/** A filter that is made when it is first asked. One that is asked while it answers stands inside itself, and adds nothing. */
class Once implements ExceptionFilter {
  readonly #filter: () => ExceptionFilter
  #isAsked = false

  constructor(reader: KeptReader, make: () => ExceptionFilter) {
    this.#filter = rememberOnce(reader, make)
  }

  catches(exception: string): Catching {
    return this.#ask((filter) => filter.catches(exception), 'not')
  }

  stops(exception: string): boolean {
    return this.#ask((filter) => filter.stops(exception), false)
  }

  #ask<Answer>(question: (filter: ExceptionFilter) => Answer, inside: Answer): Answer {
    if (this.#isAsked) return inside
    this.#isAsked = true
    try {
      return question(this.#filter())
    } finally {
      this.#isAsked = false
    }
  }
}

/** One behind the other. */
function allOf(filters: readonly ExceptionFilter[]): ExceptionFilter {
  if (filters.length === 1) return filters[0]!
  return {
    catches: (exception) => filters.map((filter) => filter.catches(exception)).reduce<Catching>(surer, 'not'),
    stops: (exception) => filters.some((filter) => filter.stops(exception)),
  }
}

/** Several ways out, one of which is enough; no ways mean that nothing is in the way. */
function oneOf(ways: readonly ExceptionFilter[]): ExceptionFilter {
  if (ways.length === 0) return LETS_ALL_THROUGH
  return {
    catches: (exception) => ways.map((way) => way.catches(exception)).reduce<Catching>(surer, 'not'),
    stops: (exception) => ways.every((way) => way.stops(exception)),
  }
}

/** `tenacity` raises an error of its own at the end, unless it is told to raise the last one again. */
function raisesAnother(decorator: Value): boolean {
  const reraise = decorator.kind === 'call' ? decorator.keywords['reraise'] : undefined
  return !(reraise?.kind === 'literal' && reraise.value === true)
}

const RETRYING: ReadonlySet<string> = new Set(['tenacity.retry'])

const LETS_ALL_THROUGH: ExceptionFilter = { catches: () => 'not', stops: () => false }
const ENDS_ALL: ExceptionFilter = { catches: () => 'broadly', stops: () => true }
const UNKNOWN_FILTER: ExceptionFilter = { catches: () => 'perhaps', stops: () => true }
