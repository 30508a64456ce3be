import { childByField } from '@krait/core'
import type { FileSemantics } from '../file-semantics.ts'
import * as K from '../scopes/kind-codes.ts'
import type { Value } from '../values/value.ts'
import { functionKeyAt } from './function-keys.ts'

/** What one `except` clause, or `suppress(...)`, does with an exception. */
export interface HandlerFact {
  /** The types it names, relative to the file; `null` for a bare `except:`. */
  readonly types: readonly Value[] | null
  /** It has a bare `raise`, or raises what it has bound, on some path. */
  readonly rethrows?: true
}

/** A `try` with handlers, or a `with` over calls, in one function. Calls say by `CallFact.enters` that they make a context manager of a `with`. */
export interface GuardFact {
  /** The guard around it in the same function. */
  readonly outer?: number
  /** In the order in which they are asked; those of a `with` are what `suppress` names. */
  readonly handlers: readonly HandlerFact[]
}

/**
 * The constructs of a file that can stop exceptions, numbered within their function in source order. Code in a handler, in `else` and in `finally` is
 * guarded by what stands around the `try` only.
 */
export class Guards {
  readonly #file: FileSemantics
  /** By the key of the function. */
  readonly #byKey = new Map<string, GuardFact[]>()
  /** The number of a guard in its function, by the node of its `try` or `with`. */
  readonly #numbers = new Map<number, number>()

  constructor(file: FileSemantics) {
    this.#file = file
    const { tree, tables } = file
    const { codes } = tables.kinds
    for (const index of file.nodesOf(K.TRY_STATEMENT, K.WITH_STATEMENT)) {
      this.#add(index, codes[tree.kind[index]!] === K.TRY_STATEMENT ? this.#handlersOf(index) : this.#entered(index))
    }
  }

  /** The keys of the functions that have guards, in source order. */
  get keys(): Iterable<string> {
    return this.#byKey.keys()
  }

  /** The guards of the function with this key, see `functionKey`. */
  of(key: string): readonly GuardFact[] {
    return this.#byKey.get(key) ?? []
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

  /** The number of the `with` whose context manager a call makes; `undefined` if it makes none. */
  enteredWith(call: number): number | undefined {
    const { tree, tables } = this.#file
    let node = call
    while (node >= 0 && ITEM_PARTS.has(tables.kinds.codes[tree.kind[node]!]!)) node = tree.parent[node]!
    return this.#numbers.get(node)
  }

  /** Whether a handler raises again what it caught. A bare `raise` in a handler inside it speaks of what that one caught. */
  rethrows(clause: number): boolean {
    const { tree, tables } = this.#file
    const { codes } = tables.kinds
    const bound = boundName(this.#file, clause)
    let innerEnd = 0
    for (let i = clause + 1; i < tree.next[clause]!; ) {
      const code = codes[tree.kind[i]!]
      if (code === K.FUNCTION_DEFINITION || code === K.LAMBDA || code === K.CLASS_DEFINITION) {
        i = tree.next[i]!
        continue
      }
      if (code === K.EXCEPT_CLAUSE) innerEnd = Math.max(innerEnd, tree.next[i]!)
      if (code === K.RAISE_STATEMENT) {
        const raised = raisedExpression(this.#file, i)
        if (raised < 0 ? i >= innerEnd : bound !== null && codes[tree.kind[raised]!] === K.IDENTIFIER && textAt(this.#file, raised) === bound) return true
      }
      i++
    }
    return false
  }

  #add(index: number, handlers: readonly HandlerFact[] | null): void {
    if (!handlers) return
    const outer = this.around(index)
    const key = functionKeyAt(this.#file, index)
    const guards = this.#byKey.get(key) ?? []
    if (guards.length === 0) this.#byKey.set(key, guards)
    this.#numbers.set(index, guards.push({ ...(outer !== undefined && { outer }), handlers }) - 1)
  }

  #handlersOf(tryStatement: number): HandlerFact[] | null {
    const { tree, tables } = this.#file
    const found: HandlerFact[] = []
    for (let child = tryStatement + 1; child < tree.next[tryStatement]!; child = tree.next[child]!) {
      if (tables.kinds.codes[tree.kind[child]!] === K.EXCEPT_CLAUSE) found.push(this.#handler(child))
    }
    return found.length > 0 ? found : null
  }

  #handler(clause: number): HandlerFact {
    const types = typesOfHandler(this.#file, clause)
    return { types, ...(this.rethrows(clause) && { rethrows: true as const }) }
  }

  /** What `with contextlib.suppress(A, B)` stops; nothing for a `with` over other calls, `null` for one without any. */
  #entered(withStatement: number): HandlerFact[] | null {
    const { tree, tables, values, names } = this.#file
    const { codes, fields } = tables.kinds
    let hasCall = false
    for (let i = withStatement + 1; i < tree.next[withStatement]!; i++) {
      if (tree.field[i] === fields.body && tree.parent[i] === withStatement) break
      if (codes[tree.kind[i]!] !== K.CALL) continue
      hasCall = true
      const callee = childByField(tree, i, fields.function)
      if (callee < 0 || names.nameOf(callee) !== 'contextlib.suppress') continue
      const call = values.summarise(i)
      if (call.kind === 'call') return [{ types: call.arguments }]
    }
    return hasCall ? [] : null
  }
}

/** The types that an `except` clause names, relative to the file; `null` for a bare `except:`. */
export function typesOfHandler(file: FileSemantics, clause: number): Value[] | null {
  const { tree, tables, values } = file
  const { codes, fields } = tables.kinds
  const types: Value[] = []
  let isBare = true
  for (let child = clause + 1; child < tree.next[clause]!; child = tree.next[child]!) {
    if (tree.field[child] !== fields.value) continue
    isBare = false
    const value = values.summarise(codes[tree.kind[child]!] === K.AS_PATTERN ? child + 1 : child)
    types.push(...(value.kind === 'tuple' && !value.open ? value.items : [value]))
  }
  return isBare ? null : types
}

/** The expression behind `raise`, -1 for a bare one. */
export function raisedExpression({ tree, tables }: FileSemantics, statement: number): number {
  for (let child = statement + 1; child < tree.next[statement]!; child = tree.next[child]!) {
    if (tree.grammar.isNamed[tree.kind[child]!] && tables.kinds.codes[tree.kind[child]!] !== K.COMMENT) return child
  }
  return -1
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

function textAt({ tree }: FileSemantics, node: number): string {
  return tree.text.slice(tree.start[node], tree.end[node])
}

/** What stands between the call in an item of a `with` and the statement. */
const ITEM_PARTS: ReadonlySet<number> = new Set([K.CALL, K.AWAIT, K.AS_PATTERN, K.PARENTHESIZED_EXPRESSION, K.TUPLE, K.WITH_ITEM, K.WITH_CLAUSE])
