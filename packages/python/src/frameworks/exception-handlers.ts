import { defineIndex } from '@krait/core'
import { PythonProject } from '../project/python-project.ts'
import { isTestFile } from '../shared/paths.ts'
import { lastPart } from '../shared/dotted-name.ts'
import type { Value } from '../values/value.ts'
import { exceptionHandlerFact } from './exception-handler-fact.ts'
import type { ExceptionHandlerFact } from './exception-handler-fact.ts'
import { methodOf, webFunctionsFact } from './web-functions-fact.ts'

/** A handler of exceptions of a web application; see `ExceptionHandlerFact`. */
export interface ExceptionHandler {
  readonly by: ExceptionHandlerFact['by']
  readonly path: string
  /** The key of the function that registers it (empty: the module), or that answers. */
  readonly function: string
  /** The number of the registering call, see `CallFact`. */
  readonly call?: number
  /** The canonical names of the classes that it handles, in order. */
  readonly classes: readonly string[]
  /** The status codes that it handles, as far as they are known. */
  readonly statuses: readonly number[]
  /** It handles something that could not be resolved. */
  readonly isOpen?: true
  /** The qualified name of the application, router or blueprint on which it is registered; `null` if it has none. */
  readonly on: string | null
  /** See `ExceptionHandlerFact`. */
  readonly application?: number
  /** Some of what it handles is said by a library. */
  readonly isOfLibrary?: true
}

/** The exception handlers of the project's web applications, test code aside, sorted by file; the only key is `all`. */
export const exceptionHandlerIndex = defineIndex<readonly ExceptionHandler[], 'all', readonly ExceptionHandler[]>({
  name: 'python/exception-handlers',
  version: 2,
  build(reader) {
    const settings = reader.settings()
    const found: ExceptionHandler[] = []
    for (const [path, { mayRegister }] of reader.facts(webFunctionsFact)) {
      if (!mayRegister || isTestFile({ path, settings })) continue
      const handlers = reader.fact(exceptionHandlerFact, path) ?? []
      if (handlers.length === 0) continue
      const project = new PythonProject(reader, settings, path)
      found.push(...handlers.map((handler) => resolved(project, path, handler)))
    }
    return found
  },
  ask: (handlers) => handlers,
})


function resolved(project: PythonProject, path: string, fact: ExceptionHandlerFact): ExceptionHandler {
  const on = fact.on && project.value(fact.on, path)
  const { classes, statuses, isOpen, isOfLibrary } = new Handled(project).read(project.value(fact.exceptions, path), fact.each)
  return {
    by: fact.by,
    path,
    function: fact.function,
    ...(fact.call !== undefined && { call: fact.call }),
    classes,
    statuses,
    ...(isOpen && { isOpen: true as const }),
    ...(isOfLibrary && { isOfLibrary: true as const }),
    ...(fact.application !== undefined && { application: fact.application }),
    on: on?.kind === 'name' ? on.name : null,
  }
}

/** More parts of one registration are not looked at. */
const MAX_PARTS = 500

/** Finds the classes and status codes that values name. */
class Handled {
  readonly #project: PythonProject
  readonly classes: string[] = []
  readonly statuses: number[] = []
  isOpen = false
  isOfLibrary = false

  constructor(project: PythonProject) {
    this.#project = project
  }

  read(value: Value, each: ExceptionHandlerFact['each']): this {
    const pending: Value[] = each ? this.#itemsOf(value, each.position) : [value]
    for (let part = 0; pending.length > 0; part++) {
      const next = pending.shift()!
      if (part > MAX_PARTS) this.isOpen = true
      if (this.isOpen) break
      if (next.kind === 'name') pending.unshift(...this.#named(next.name))
      else if (next.kind === 'literal' && typeof next.value === 'number') this.statuses.push(next.value)
      else if (isDisplay(next) || next.kind === 'call') pending.unshift(...this.#itemsOf(next, undefined))
      else this.isOpen = true
    }
    return this
  }

  /** Takes a class for what it is, and gives what else a name stands for. */
  #named(name: string): readonly Value[] {
    const definition = this.#project.definition(name)
    if (definition?.kind === 'class') this.classes.push(definition.name)
    else if (!definition) {
      const constant = lastPart(name)
      const [, status] = /^HTTP_(\d{3})_/.exec(constant) ?? []
      if (!/^[A-Z0-9_]+$/.test(constant)) this.classes.push(name)
      else if (status !== undefined) this.statuses.push(Number(status))
      else if (name !== `http.HTTPStatus.${constant}`) this.isOfLibrary = true
      else if (constant === 'INTERNAL_SERVER_ERROR') this.statuses.push(500)
    } else {
      const bound = this.#project.valueOf(name)
      if (bound) return [bound]
      this.isOpen = true
    }
    return []
  }

  /** The items of what can be iterated over, or their parts at a position. */
  #itemsOf(value: Value, position: number | undefined): Value[] {
    const items = this.#iterate(value)
    if (!items) this.isOpen = true
    return (items ?? []).map((item) => {
      if (position === undefined) return item
      const part = isDisplay(item) && item.kind !== 'dict' ? item.items[position] : undefined
      return part ?? { kind: 'unknown' }
    })
  }

  #iterate(given: Value): readonly Value[] | null {
    let value = given
    for (let step = 0; step < MAX_PARTS && value.kind === 'name'; step++) {
      // What a library holds is nothing of the project.
      if (!this.#project.definition(value.name)) {
        this.isOfLibrary = true
        return []
      }
      const bound = this.#project.valueOf(value.name)
      if (!bound) return null
      value = bound
    }
    if (value.kind === 'dict') return value.open ? null : value.entries.map(([key]) => key)
    if (isDisplay(value)) return value.open ? null : value.items
    if (value.kind !== 'call') return null
    const [argument] = value.arguments
    if (value.callee !== null && COPYING.has(value.callee)) return argument ? this.#iterate(argument) : null
    const called = methodOf(value)
    if (!called) return null
    const { object, method } = called
    if (method === '__subclasses__' && object.kind === 'name') return this.#project.subclasses(object.name).map(({ name }) => ({ kind: 'name', name }))
    const dict = object.kind === 'name' ? this.#project.valueOf(object.name) : object
    if (dict?.kind !== 'dict' || dict.open) return null
    if (method === 'items') return dict.entries.map((entry) => ({ kind: 'tuple', items: entry, open: false }))
    if (method === 'keys') return dict.entries.map(([key]) => key)
    return method === 'values' ? dict.entries.map(([, item]) => item) : null
  }
}

function isDisplay(value: Value): value is Value & { readonly kind: 'tuple' | 'list' | 'set' | 'dict' } {
  return value.kind === 'tuple' || value.kind === 'list' || value.kind === 'set' || value.kind === 'dict'
}

const COPYING: ReadonlySet<string> = new Set(['builtins.dict', 'builtins.list', 'builtins.set', 'builtins.sorted', 'builtins.tuple'])
