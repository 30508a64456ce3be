import { childByField } from '@krait/core'
import type { FileSemantics } from '../file-semantics.ts'
import * as K from '../scopes/kind-codes.ts'

/**
 * What is done at once with what a call gives: it is awaited, iterated over, or entered as a context manager, directly or by what it is passed to
 * (`await wait_for(f(), 5)`, `list(rows())`, `stack.enter_context(opened())`). The bodies of coroutines and generators run only then.
 */
export type CallUse = 'awaited' | 'iterated' | 'entered'

/** Longer ways up are not followed. */
const MAX_STEPS = 50

/** @param call the node of the call; `null` if nothing of the kind is done with its result, or elsewhere */
export function useOfCall(file: FileSemantics, call: number): CallUse | null {
  return new UseFinder(file).find(call)
}

class UseFinder {
  readonly #file: FileSemantics
  /** The call's result was passed on, so that it comes out of what is looked at only when that is awaited. */
  #isPassed = false
  /** What is looked at is a container that has the call's result in it. */
  #isItem = false

  constructor(file: FileSemantics) {
    this.#file = file
  }

  find(call: number): CallUse | null {
    const { tree } = this.#file
    let node = call
    for (let step = 0; step < MAX_STEPS; step++) {
      const parent = tree.parent[node]!
      const next = parent < 0 ? null : this.#step(node, parent)
      if (typeof next !== 'number') return next
      node = next
    }
    return null
  }

  /** What the parent does with the node: a use, the node that has the result now, or nothing. */
  #step(node: number, parent: number): CallUse | number | null {
    const { tree, tables } = this.#file
    const { codes, fields } = tables.kinds
    const field = tree.field[node]
    switch (codes[tree.kind[parent]!]) {
      case K.PARENTHESIZED_EXPRESSION:
      case K.NAMED_EXPRESSION:
      case K.CONDITIONAL_EXPRESSION:
      case K.BOOLEAN_OPERATOR:
        return parent
      case K.AS_PATTERN:
        return field === fields.alias ? null : parent
      case K.AWAIT:
        return this.#isItem ? null : 'awaited'
      case K.YIELD:
        return this.#isWhole && tree.text.slice(tree.start[parent], tree.start[node]).includes('from') ? 'iterated' : null
      case K.FOR_STATEMENT:
        return this.#isWhole && field === fields.right ? 'iterated' : null
      case K.FOR_IN_CLAUSE:
        return this.#isWhole && field === fields.right ? this.#inComprehension(tree.parent[parent]!) : null
      case K.WITH_ITEM:
        return this.#isWhole ? 'entered' : null
      case K.LIST:
      case K.TUPLE:
      case K.SET:
        return this.#asItem(parent)
      case K.LIST_COMPREHENSION:
      case K.SET_COMPREHENSION:
      case K.GENERATOR_EXPRESSION:
        return field === fields.body ? this.#asItem(parent) : null
      case K.LIST_SPLAT:
        if (this.#isWhole) return 'iterated'
        return codes[tree.kind[tree.parent[parent]!]!] === K.ARGUMENT_LIST ? this.#asArgument(parent, tree.parent[parent]!) : null
      case K.ARGUMENT_LIST:
        return this.#isItem ? null : this.#asArgument(node, parent)
      case K.CALL:
        // `f(x for x in y)` has the comprehension where the list of arguments would be.
        return field === fields.arguments && !this.#isItem ? this.#passedTo(parent, true) : null
      default:
        return null
    }
  }

  /** What is looked at is the call's own result. */
  get #isWhole(): boolean {
    return !this.#isPassed && !this.#isItem
  }

  #asItem(container: number): number | null {
    if (this.#isPassed || this.#isItem) return null
    this.#isItem = true
    return container
  }

  /** A comprehension iterates at once, a generator expression when it is iterated itself. */
  #inComprehension(comprehension: number): CallUse | number {
    return this.#file.tables.kinds.codes[this.#file.tree.kind[comprehension]!] === K.GENERATOR_EXPRESSION ? comprehension : 'iterated'
  }

  #asArgument(argument: number, list: number): CallUse | number | null {
    const { tree, tables } = this.#file
    const { codes } = tables.kinds
    let isFirst = true
    for (let child = list + 1; child < argument; child = tree.next[child]!) {
      const code = codes[tree.kind[child]!]
      if (tree.grammar.isNamed[tree.kind[child]!] && code !== K.COMMENT && code !== K.LINE_CONTINUATION) isFirst = false
    }
    return this.#passedTo(tree.parent[list]!, isFirst)
  }

  #passedTo(call: number, isFirst: boolean): CallUse | number | null {
    const { tree, tables, names } = this.#file
    const { codes, fields } = tables.kinds
    const called = childByField(tree, call, fields.function)
    if (called < 0) return null
    const name = names.nameOf(called) ?? ''
    const method = codes[tree.kind[called]!] === K.ATTRIBUTE ? this.#text(childByField(tree, called, fields.attribute)) : ''
    if (this.#isItem) return GATHERING.has(name) && this.#waitsForAll(call) ? this.#awaitedWith(call) : null
    if (ITERATING.has(name) || (method === 'join' && isFirst)) return this.#isPassed ? null : 'iterated'
    if (LAZY.has(name)) return this.#isPassed ? null : call
    if (GATHERING.has(name)) return this.#waitsForAll(call) ? this.#awaitedWith(call) : null
    if (!isFirst) return null
    if (ENTERING.has(method)) return this.#isPassed ? null : 'entered'
    if (RUNNERS.has(name) || method === 'run_until_complete') return 'awaited'
    return this.#awaitedWith(call)
  }

  #awaitedWith(call: number): number {
    this.#isPassed = true
    this.#isItem = false
    return call
  }

  /** `gather` gives exceptions back as results where it is told to. */
  #waitsForAll(call: number): boolean {
    const { tree, tables } = this.#file
    const { codes, fields } = tables.kinds
    const list = childByField(tree, call, fields.arguments)
    for (let child = list + 1; list >= 0 && child < tree.next[list]!; child = tree.next[child]!) {
      if (codes[tree.kind[child]!] === K.DICTIONARY_SPLAT) return false
      if (codes[tree.kind[child]!] !== K.KEYWORD_ARGUMENT) continue
      const value = childByField(tree, child, fields.value)
      if (this.#text(childByField(tree, child, fields.name)) === 'return_exceptions' && this.#text(value) !== 'False') return false
    }
    return true
  }

  #text(node: number): string {
    const { tree } = this.#file
    return node < 0 ? '' : tree.text.slice(tree.start[node], tree.end[node])
  }
}

/** Functions that run a coroutine to its end. */
const RUNNERS: ReadonlySet<string> = new Set(['asyncio.run', 'anyio.run', 'trio.run', 'asgiref.sync.async_to_sync'])

/** Functions whose result is awaited for that of all their arguments. */
const GATHERING: ReadonlySet<string> = new Set(['asyncio.gather'])

/** Builtins that iterate over what they are given, at once. */
const ITERATING: ReadonlySet<string> = new Set(
  'all any bytes dict frozenset list max min next set sorted sum tuple'.split(' ').map((name) => `builtins.${name}`),
)

/** Functions that iterate over what they are given when their result is iterated over. */
const LAZY: ReadonlySet<string> = new Set([
  ...'enumerate filter iter map zip'.split(' ').map((name) => `builtins.${name}`),
  'itertools.chain',
  'itertools.chain.from_iterable',
  'itertools.islice',
])

/** Methods of exit stacks. */
const ENTERING: ReadonlySet<string> = new Set(['enter_context', 'enter_async_context'])
