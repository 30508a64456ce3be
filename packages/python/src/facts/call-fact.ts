import { childByField, defineFact } from '@krait/core'
import type { FileSemantics } from '../file-semantics.ts'
import type { RelativeName } from '../names/relative-name.ts'
import * as K from '../scopes/kind-codes.ts'
import * as S from '../scopes/scope-tables.ts'
import type { Value } from '../values/value.ts'
import { useOfCall } from './call-use.ts'
import type { CallUse } from './call-use.ts'
import { functionKey, functionKeyAt } from './function-keys.ts'
import { forEachCall } from './numbering.ts'
import { outline } from './outline.ts'

/** One call. Where it stands in the list is its number: other calls of the same function refer to it by that. */
export interface CallFact {
  /** What is called, relative to the file; left out if that has no qualified name. A function inside a function is `:outer.<locals>.inner`. */
  readonly callee?: RelativeName
  /** `receiver.method()` without a qualified name: the name of the method. */
  readonly method?: string
  /** The receiver of `method`, if it is no call itself. */
  readonly receiver?: Value
  /** The receiver of `method` (or, without `method`, what is called) is the result of this call: `select(User).where()`. */
  readonly on?: number
  /** Not the result of `on` itself, but what `with` gives for it, or an element of it: `with session() as s: s.get()`, `for row in rows(): row.save()`. */
  readonly via?: 'enter' | 'async-enter' | 'item' | 'async-item'
  /** What is passed first: the call that makes it (also by a local name bound once), or a short constant string such as `"POST"`. */
  readonly first?: number | string
  readonly awaited?: true
  /** What is done with its result, if that is something else than awaiting it directly. */
  readonly use?: CallUse
  /** The innermost construct of the function that stops exceptions of the call, see `FunctionRaises.guards`. */
  readonly guard?: number
  /** It makes a context manager of the `with` that is this guard. */
  readonly enters?: number
}

/**
 * The calls of each function in the order in which they are evaluated (arguments before the call), by Python's qualified name of the function inside
 * the module: `load`, `Repository.save`, `outer.<locals>.inner`, `load.<locals>.<lambda>`; a property's setter is `Order.total.setter`. The module
 * itself has the empty name. A class body belongs to the code around it, and so do decorators and default values. Functions without calls are
 * left out.
 */
export type CallsByFunction = Readonly<Record<string, readonly CallFact[]>>

/** Longer strings are not kept. */
const MAX_TEXT = 40

/** What every function calls: the ground of the call graph. */
export const callFact = defineFact<CallsByFunction, FileSemantics>({
  name: 'python/calls',
  version: 2,
  collect: ({ services: file }) => Object.fromEntries(new CallCollector(file).collect()),
})

class CallCollector {
  readonly #file: FileSemantics
  readonly #calls = new Map<string, CallFact[]>()
  /** The number of a call in its function, by node. */
  readonly #numbers = new Map<number, number>()

  constructor(file: FileSemantics) {
    this.#file = file
  }

  collect(): ReadonlyMap<string, readonly CallFact[]> {
    forEachCall(this.#file, (call, key, number) => {
      const calls = this.#calls.get(key) ?? []
      if (number === 0) this.#calls.set(key, calls)
      this.#numbers.set(call, number)
      calls.push(this.#factOf(call))
    })
    return this.#calls
  }

  #factOf(call: number): CallFact {
    const { tree, tables } = this.#file
    const called = this.#skipParentheses(childByField(tree, call, tables.kinds.fields.function))
    const first = this.#firstArgument(call)
    const isAwaited = this.#isAwaited(call)
    const use = isAwaited ? null : useOfCall(this.#file, call)
    const guard = this.#file.guards.around(call)
    const enters = use === 'entered' ? this.#file.guards.enteredWith(call) : undefined
    return {
      ...this.#calleeOf(called),
      ...(first !== undefined && { first }),
      ...(isAwaited && { awaited: true as const }),
      ...(use && { use }),
      ...(guard !== undefined && { guard }),
      ...(enters !== undefined && { enters }),
    }
  }

  #calleeOf(called: number): Pick<CallFact, 'callee' | 'method' | 'receiver' | 'on' | 'via'> {
    const { tree, tables, names, values } = this.#file
    const { codes, fields } = tables.kinds
    if (called < 0) return {}
    const callee = names.nameOf(called)
    if (callee !== null) return { callee }
    const code = codes[tree.kind[called]!]
    if (code === K.IDENTIFIER) return this.#localFunction(called)
    if (code === K.CALL) return this.#on(called)
    if (code !== K.ATTRIBUTE) return {}
    const method = this.#text(childByField(tree, called, fields.attribute))
    const object = this.#skipParentheses(childByField(tree, called, fields.object))
    const on = this.#on(object)
    return on.on === undefined ? { method, receiver: outline(values.summarise(object)) } : { method, ...on }
  }

  #on(expression: number): Pick<CallFact, 'on' | 'via'> {
    const on = this.#numberBehind(expression)
    return on === undefined ? this.#boundBy(expression) : { on }
  }

  /** A local name that is bound once, by a `with` or a `for` over a call. */
  #boundBy(expression: number): Pick<CallFact, 'on' | 'via'> {
    const { tree, tables, names } = this.#file
    const { codes, fields } = tables.kinds
    const { bindingOfNode, bindingDefinitions, definitionKinds, definitionNodes, definitionIdentifiers } = tables
    if (expression < 0 || codes[tree.kind[expression]!] !== K.IDENTIFIER || names.nameOf(expression) !== null) return {}
    const binding = bindingOfNode[expression]! - 1
    const [definition, ...others] = binding < 0 ? [] : bindingDefinitions[binding]!
    if (definition === undefined || others.length > 0) return {}
    const node = definitionNodes[definition]!
    const isLoop = definitionKinds[definition] === S.FOR && codes[tree.kind[node]!] === K.FOR_STATEMENT
    if (!isLoop && definitionKinds[definition] !== S.WITH) return {}
    const target = definitionIdentifiers[definition]!
    const isWhole = isLoop ? tree.parent[target] === node : tree.parent[tree.parent[target]!] === node
    const on = isWhole ? this.#numberBehind(this.#skipParentheses(isLoop ? childByField(tree, node, fields.right) : node + 1)) : undefined
    if (on === undefined) return {}
    const isAsync = tree.text.startsWith('async', tree.start[isLoop ? node : this.#statementAround(node)])
    return { on, via: isLoop ? (isAsync ? 'async-item' : 'item') : isAsync ? 'async-enter' : 'enter' }
  }

  #statementAround(node: number): number {
    const { tree, tables } = this.#file
    let statement = node
    while (statement > 0 && tables.kinds.codes[tree.kind[statement]!] !== K.WITH_STATEMENT) statement = tree.parent[statement]!
    return statement
  }

  /** A function that is defined inside a function has no qualified name, but a place. */
  #localFunction(identifier: number): Pick<CallFact, 'callee'> {
    const { bindingOfNode, bindingDefinitions, definitionKinds, definitionNodes } = this.#file.tables
    const binding = bindingOfNode[identifier]! - 1
    const definitions = binding < 0 ? [] : bindingDefinitions[binding]!
    if (definitions.length !== 1 || definitionKinds[definitions[0]!] !== S.FUNCTION) return {}
    return { callee: `:${functionKey(this.#file, this.#file.scopeMadeBy(definitionNodes[definitions[0]!]!))}` }
  }

  #firstArgument(call: number): number | string | undefined {
    const { tree, tables, values } = this.#file
    const { codes, fields } = tables.kinds
    const list = childByField(tree, call, fields.arguments)
    const argument = list < 0 || codes[tree.kind[list]!] !== K.ARGUMENT_LIST ? -1 : this.#firstNamed(list)
    if (argument < 0) return undefined
    const code = codes[tree.kind[argument]!]
    if (code === K.STRING) {
      const value = tree.end[argument]! - tree.start[argument]! > MAX_TEXT ? null : values.summarise(argument)
      return value?.kind === 'literal' && typeof value.value === 'string' ? value.value : undefined
    }
    return this.#numberBehind(this.#skipParentheses(argument))
  }

  /** The number of the call that an expression is: itself, awaited, or by a local name of the same function that is bound once. */
  #numberBehind(expression: number): number | undefined {
    const { tree, tables, values, names } = this.#file
    const { codes } = tables.kinds
    let node = expression
    if (node >= 0 && codes[tree.kind[node]!] === K.IDENTIFIER && names.nameOf(node) === null) {
      const binding = tables.bindingOfNode[node]! - 1
      const value = binding < 0 ? undefined : values.boundValue(binding)
      if (value === undefined || this.#keyAt(value) !== this.#keyAt(node)) return undefined
      node = this.#skipParentheses(value)
    }
    if (node >= 0 && codes[tree.kind[node]!] === K.AWAIT) node = this.#skipParentheses(this.#firstNamed(node))
    return this.#numbers.get(node)
  }

  #isAwaited(call: number): boolean {
    const { tree, tables } = this.#file
    const { codes } = tables.kinds
    let parent = tree.parent[call]!
    while (parent >= 0 && codes[tree.kind[parent]!] === K.PARENTHESIZED_EXPRESSION) parent = tree.parent[parent]!
    return parent >= 0 && codes[tree.kind[parent]!] === K.AWAIT
  }

  #keyAt(node: number): string {
    return functionKeyAt(this.#file, node)
  }

  #skipParentheses(index: number): number {
    const { tree, tables } = this.#file
    let node = index
    while (node >= 0 && tables.kinds.codes[tree.kind[node]!] === K.PARENTHESIZED_EXPRESSION) node = this.#firstNamed(node)
    return node
  }

  #firstNamed(index: number): number {
    const { tree, tables } = this.#file
    for (let child = index + 1; child < tree.next[index]!; child = tree.next[child]!) {
      const code = tables.kinds.codes[tree.kind[child]!]
      if (tree.grammar.isNamed[tree.kind[child]!] && code !== K.COMMENT && code !== K.LINE_CONTINUATION) return child
    }
    return -1
  }

  #text(index: number): string {
    const { tree } = this.#file
    return index < 0 ? '' : tree.text.slice(tree.start[index], tree.end[index])
  }
}
