import { childByField } from '@krait/core'
import type { FileSemantics } from '../file-semantics.ts'
import * as K from '../scopes/kind-codes.ts'
import * as S from '../scopes/scope-tables.ts'
import type { Value } from '../values/value.ts'

/** What one `except` clause, or `suppress(...)`, does with an exception. */
export interface HandlerFact {
  /** The types it names, relative to the file; `null` for a bare `except:`. */
  readonly types: readonly Value[] | null
  /** It has a bare `raise`, or raises what it has bound, on some path. */
  readonly rethrows?: true
}

/** A `try` with handlers, or a `with` that suppresses, in one function. */
export interface GuardFact {
  /** The guard around it in the same function. */
  readonly outer?: number
  readonly handlers: readonly HandlerFact[]
}

/**
 * The constructs of a file that stop exceptions, numbered within their function in source order. Code in a handler, in `else` and in `finally` is
 * guarded by what stands around the `try` only.
 */
export class Guards {
  readonly #file: FileSemantics
  /** By the scope of the function. */
  readonly #byScope = new Map<number, GuardFact[]>()
  /** The number of a guard in its function, by the node of its `try` or `with`. */
  readonly #numbers = new Map<number, number>()

  constructor(file: FileSemantics) {
    this.#file = file
    const { tree, tables } = file
    const { codes } = tables.kinds
    for (let index = 0; index < tree.size; index++) {
      const code = codes[tree.kind[index]!]
      if (code === K.TRY_STATEMENT || code === K.WITH_STATEMENT) this.#add(index, code)
    }
  }

  /** The guards of the function (or module) whose scope this is. */
  of(functionScope: number): readonly GuardFact[] {
    return this.#byScope.get(functionScope) ?? []
  }

  /** The number of the innermost guard around a node in its function; `undefined` if there is none. */
  around(node: number): number | undefined {
    if (this.#numbers.size === 0) return undefined
    const { tree, tables } = this.#file
    const { codes, fields } = tables.kinds
    for (let child = node, up = tree.parent[node]!; up >= 0; child = up, up = tree.parent[up]!) {
      const code = codes[tree.kind[up]!]
      if (code === K.FUNCTION_DEFINITION || code === K.LAMBDA) {
        if (tree.field[child] === fields.body) return undefined
      } else if ((code === K.TRY_STATEMENT || code === K.WITH_STATEMENT) && tree.field[child] === fields.body) {
        const number = this.#numbers.get(up)
        if (number !== undefined) return number
      }
    }
    return undefined
  }

  #add(index: number, code: number): void {
    const handlers = code === K.TRY_STATEMENT ? this.#handlersOf(index) : this.#suppressedBy(index)
    if (handlers.length === 0) return
    const outer = this.around(index)
    const scope = functionScopeOf(this.#file, index)
    let guards = this.#byScope.get(scope)
    if (!guards) this.#byScope.set(scope, (guards = []))
    this.#numbers.set(index, guards.push({ ...(outer !== undefined && { outer }), handlers }) - 1)
  }

  #handlersOf(tryStatement: number): HandlerFact[] {
    const { tree, tables } = this.#file
    const found: HandlerFact[] = []
    for (let child = tryStatement + 1; child < tree.next[tryStatement]!; child = tree.next[child]!) {
      if (tables.kinds.codes[tree.kind[child]!] === K.EXCEPT_CLAUSE) found.push(this.#handler(child))
    }
    return found
  }

  #handler(clause: number): HandlerFact {
    const { tree, tables, values } = this.#file
    const { codes, fields } = tables.kinds
    const types: Value[] = []
    let isBare = true
    for (let child = clause + 1; child < tree.next[clause]!; child = tree.next[child]!) {
      if (tree.field[child] !== fields.value) continue
      isBare = false
      const type = codes[tree.kind[child]!] === K.AS_PATTERN ? child + 1 : child
      const value = values.summarise(type)
      types.push(...(value.kind === 'tuple' ? value.items : [value]))
    }
    return { types: isBare ? null : types, ...(this.#rethrows(clause) && { rethrows: true as const }) }
  }

  /** Whether a handler raises again what it caught. */
  #rethrows(clause: number): boolean {
    const { tree, tables } = this.#file
    const { codes } = tables.kinds
    const bound = boundName(this.#file, clause)
    for (let i = clause + 1; i < tree.next[clause]!; ) {
      const code = codes[tree.kind[i]!]
      if (code === K.FUNCTION_DEFINITION || code === K.LAMBDA || code === K.CLASS_DEFINITION) {
        i = tree.next[i]!
        continue
      }
      if (code === K.RAISE_STATEMENT) {
        const raised = firstPart(this.#file, i)
        if (raised < 0 || (bound !== null && codes[tree.kind[raised]!] === K.IDENTIFIER && textAt(this.#file, raised) === bound)) return true
      }
      i++
    }
    return false
  }

  /** `with contextlib.suppress(A, B)`. */
  #suppressedBy(withStatement: number): HandlerFact[] {
    const { tree, tables, values, names } = this.#file
    const { codes, fields } = tables.kinds
    for (let i = withStatement + 1; i < tree.next[withStatement]!; i++) {
      if (tree.field[i] === fields.body && tree.parent[i] === withStatement) return []
      if (codes[tree.kind[i]!] !== K.CALL) continue
      const callee = childByField(tree, i, fields.function)
      if (callee < 0 || names.nameOf(callee) !== 'contextlib.suppress') continue
      const call = values.summarise(i)
      return call.kind === 'call' ? [{ types: call.arguments }] : []
    }
    return []
  }
}

/** The scope of the function or lambda in whose body a node stands; 0 for the module. What stands in a class body belongs to the code around it. */
export function functionScopeOf(file: FileSemantics, node: number): number {
  const { scopeKinds, scopeParents } = file.tables
  let scope = file.tables.scopeAt(node)
  while (scope > 0 && !FUNCTION_SCOPES.has(scopeKinds[scope]!)) scope = scopeParents[scope]!
  return scope
}

function boundName(file: FileSemantics, clause: number): string | null {
  const { tree, tables } = file
  const { codes, fields } = tables.kinds
  for (let child = clause + 1; child < tree.next[clause]!; child = tree.next[child]!) {
    if (tree.field[child] !== fields.value || codes[tree.kind[child]!] !== K.AS_PATTERN) continue
    const alias = childByField(tree, child, fields.alias)
    return alias < 0 ? null : textAt(file, alias)
  }
  return null
}

function firstPart({ tree, tables }: FileSemantics, node: number): number {
  for (let child = node + 1; child < tree.next[node]!; child = tree.next[child]!) {
    if (tree.grammar.isNamed[tree.kind[child]!] && tables.kinds.codes[tree.kind[child]!] !== K.COMMENT) return child
  }
  return -1
}

function textAt({ tree }: FileSemantics, node: number): string {
  return tree.text.slice(tree.start[node], tree.end[node])
}


const FUNCTION_SCOPES: ReadonlySet<number> = new Set([S.FUNCTION_SCOPE, S.LAMBDA_SCOPE])
