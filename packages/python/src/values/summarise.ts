import { childByField } from '@krait/core'
import type { FlatTree } from '@krait/core'
import type { LocalNames } from '../names/local-names.ts'
import { appendName } from '../names/relative-name.ts'
import { BUILTIN_NAMES } from '../data/builtins.ts'
import * as K from '../scopes/kind-codes.ts'
import * as S from '../scopes/scope-tables.ts'
import type { ScopeTables } from '../scopes/scope-tables.ts'
import { parseAnnotation } from './annotation-text.ts'
import { stringValue, tokenLiteral } from './literals.ts'
import { UNKNOWN } from './value.ts'
import type { CallValue, ComprehensionValue, DictValue, NameValue, SequenceValue, Value } from './value.ts'

/** How much of an expression a summary keeps. */
const MAX_DEPTH = 8
const MAX_ITEMS = 100
const MAX_OPERANDS = 64
const MAX_NODES = 2000
/** Longer strings are `unknown`: a fact should not carry whole templates. */
const MAX_STRING = 4000

/**
 * Turns expressions into values, with names relative to the file. Local variables bound once to an expression are replaced by its value.
 */
export class Summariser {
  readonly #tables: ScopeTables
  readonly #names: LocalNames
  readonly #tree: FlatTree
  readonly #codes: Uint8Array
  readonly #fields: K.FieldIds
  #budget = 0
  #keepsLocals = false
  #maxString = MAX_STRING

  constructor(tables: ScopeTables, names: LocalNames) {
    this.#tables = tables
    this.#names = names
    this.#tree = tables.tree
    this.#codes = tables.kinds.codes
    this.#fields = tables.kinds.fields
  }

  /** The value of an expression node. */
  summarise(index: number): Value {
    this.#budget = MAX_NODES
    return this.#value(index, 0)
  }

  /** As `summarise`, but local variables stay names: what they are bound to is not put in their place. */
  written(index: number): Value {
    this.#keepsLocals = true
    const value = this.summarise(index)
    this.#keepsLocals = false
    return value
  }

  /** As `summarise`, with strings of any length. */
  withLongStrings(index: number): Value {
    this.#maxString = Infinity
    const value = this.summarise(index)
    this.#maxString = MAX_STRING
    return value
  }

  /** The value of an annotation: as `summarise`, but strings are read as annotations. */
  annotation(index: number): Value {
    this.#budget = MAX_NODES
    return this.#annotationOf(this.#value(index, 0), this.#tables.scopeAt(index), 0)
  }

  /** The value of the expression that a binding is bound to by its only definition, or `undefined`. */
  boundValue(binding: number): number | undefined {
    const { bindingDefinitions, definitionKinds, definitionValues } = this.#tables
    let value: number | undefined
    for (const definition of bindingDefinitions[binding]!) {
      const kind = definitionKinds[definition]!
      if (kind === S.DELETE || kind === S.ANNOTATION) continue
      if (value !== undefined || definitionValues[definition]! < 0) return undefined
      value = definitionValues[definition]!
    }
    return value
  }

  #value(index: number, depth: number): Value {
    if (index < 0 || depth > MAX_DEPTH || this.#budget-- <= 0) return UNKNOWN
    const code = this.#code(index)
    switch (code) {
      case K.IDENTIFIER:
        return this.#identifier(index, depth)
      case K.ATTRIBUTE:
      case K.MEMBER_TYPE:
      case K.DOTTED_NAME:
        return this.#attribute(index, depth)
      case K.TYPE:
      case K.PARENTHESIZED_EXPRESSION:
        return this.#value(this.#skipWrappers(index), depth)
      case K.TRUE:
      case K.FALSE:
      case K.NONE:
      case K.ELLIPSIS:
      case K.INTEGER:
      case K.FLOAT:
        return tokenLiteral(this.#tree, code, index)
      case K.STRING:
      case K.CONCATENATED_STRING:
        if (this.#tree.end[index]! - this.#tree.start[index]! > this.#maxString) return UNKNOWN
        return stringValue(this.#tree, this.#tables.kinds, index, (expression) => this.#value(expression, depth + 1))
      case K.CALL:
        return this.#call(index, depth)
      case K.SUBSCRIPT:
        return this.#subscript(index, depth)
      case K.GENERIC_TYPE:
        return this.#genericType(index, depth)
      case K.TUPLE:
      case K.EXPRESSION_LIST:
      case K.PATTERN_LIST:
        return this.#sequence('tuple', index, depth)
      case K.LIST:
        return this.#sequence('list', index, depth)
      case K.SET:
        return this.#sequence('set', index, depth)
      case K.DICTIONARY:
        return this.#dictionary(index, depth)
      case K.BINARY_OPERATOR:
      case K.BOOLEAN_OPERATOR:
      case K.UNION_TYPE:
        return this.#binary(index, depth)
      case K.UNARY_OPERATOR:
      case K.NOT_OPERATOR:
        return this.#unary(index, code, depth)
      case K.COMPARISON_OPERATOR:
        return this.#comparison(index, depth)
      case K.CONDITIONAL_EXPRESSION:
        return this.#conditional(index, depth)
      case K.AWAIT:
        return { kind: 'await', operand: this.#value(this.#firstNamed(index), depth + 1) }
      case K.YIELD: {
        const operand = this.#firstNamed(index)
        return { kind: 'yield', operand: operand < 0 ? null : this.#value(operand, depth + 1) }
      }
      case K.LIST_SPLAT:
      case K.DICTIONARY_SPLAT:
      case K.SPLAT_TYPE:
        return { kind: 'splat', operand: this.#value(this.#firstNamed(index), depth + 1) }
      case K.NAMED_EXPRESSION:
        return this.#value(this.#child(index, this.#fields.value), depth + 1)
      case K.LAMBDA:
        return this.#lambda(index, depth)
      case K.LIST_COMPREHENSION:
        return this.#comprehension(index, 'list', depth)
      case K.SET_COMPREHENSION:
        return this.#comprehension(index, 'set', depth)
      case K.DICTIONARY_COMPREHENSION:
        return this.#comprehension(index, 'dict', depth)
      case K.GENERATOR_EXPRESSION:
        return this.#comprehension(index, 'generator', depth)
      case K.SLICE:
        return { kind: 'slice' }
      default:
        return UNKNOWN
    }
  }

  #identifier(index: number, depth: number): Value {
    const name = this.#names.nameOf(index)
    if (name !== null) return { kind: 'name', name }
    const binding = this.#tables.bindingOfNode[index]! - 1
    if (binding < 0) return UNKNOWN
    const value = this.boundValue(binding)
    if (value !== undefined && !this.#keepsLocals && !this.#isInside(index, value)) return this.#value(value, depth + 1)
    const { bindingDefinitions, definitionKinds } = this.#tables
    const isParameter = bindingDefinitions[binding]!.every((d) => definitionKinds[d] === S.PARAMETER)
    return { kind: 'local', name: this.#text(index), isParameter }
  }

  /** `x = x.y` must not be followed into itself. */
  #isInside(index: number, value: number): boolean {
    return index >= value && index < this.#tree.next[value]!
  }

  #attribute(index: number, depth: number): Value {
    const name = this.#names.nameOf(index)
    if (name !== null) return { kind: 'name', name }
    if (this.#code(index) !== K.ATTRIBUTE) return UNKNOWN
    const object = this.#value(this.#child(index, this.#fields.object), depth + 1)
    const attribute = this.#text(this.#child(index, this.#fields.attribute))
    return object.kind === 'name' ? { kind: 'name', name: appendName(object.name, attribute) } : { kind: 'attribute', object, attribute }
  }

  #call(index: number, depth: number): CallValue {
    const called = this.#value(this.#child(index, this.#fields.function), depth + 1)
    const argumentList = this.#child(index, this.#fields.arguments)
    const positional: Value[] = []
    const keywords: [string, Value][] = []
    const splats: NameValue[] = []
    let open = false
    for (const argument of argumentList < 0 ? [] : this.#argumentsOf(argumentList)) {
      if (positional.length + keywords.length >= MAX_ITEMS) {
        open = true
        break
      }
      const code = this.#code(argument)
      if (code === K.KEYWORD_ARGUMENT) {
        const name = this.#text(this.#child(argument, this.#fields.name))
        keywords.push([name, this.#value(this.#child(argument, this.#fields.value), depth + 1)])
      } else if (code === K.DICTIONARY_SPLAT) {
        const splat = this.#value(this.#firstNamed(argument), depth + 1)
        if (splat.kind === 'name') splats.push(splat)
        else open = !addLiteralKeywords(keywords, splat) || open
      } else {
        positional.push(this.#value(argument, depth + 1))
        open ||= code === K.LIST_SPLAT
      }
    }
    const callee = called.kind === 'name' ? called.name : null
    return {
      kind: 'call',
      callee,
      function: callee === null ? called : null,
      arguments: positional,
      keywords: Object.fromEntries(keywords),
      open: open || splats.length > 0,
      ...(!open && splats.length > 0 && { splats }),
    }
  }

  /** `f(x for x in y)` has the comprehension where the list of arguments would be. */
  #argumentsOf(argumentList: number): number[] {
    return this.#code(argumentList) === K.ARGUMENT_LIST ? this.#namedChildren(argumentList) : [argumentList]
  }

  #subscript(index: number, depth: number): Value {
    const { next, field } = this.#tree
    const found: Value[] = []
    for (let child = index + 1; child < next[index]!; child = next[child]!) {
      if (field[child] === this.#fields.subscript) found.push(this.#value(child, depth + 1))
    }
    return { kind: 'subscript', object: this.#value(this.#child(index, this.#fields.value), depth + 1), index: found }
  }

  #genericType(index: number, depth: number): Value {
    const [object, parameters] = this.#namedChildren(index)
    if (object === undefined || parameters === undefined) return UNKNOWN
    const items = this.#namedChildren(parameters).map((item) => this.#value(item, depth + 1))
    return { kind: 'subscript', object: this.#value(object, depth + 1), index: items }
  }

  #sequence(kind: SequenceValue['kind'], index: number, depth: number): Value {
    const children = this.#namedChildren(index)
    const items = children.slice(0, MAX_ITEMS).map((child) => this.#value(child, depth + 1))
    return { kind, items, open: children.length > MAX_ITEMS || items.some((item) => item.kind === 'splat') }
  }

  #dictionary(index: number, depth: number): DictValue {
    const children = this.#namedChildren(index)
    const entries: (readonly [Value, Value])[] = []
    let open = children.length > MAX_ITEMS
    for (const child of children.slice(0, MAX_ITEMS)) {
      if (this.#code(child) === K.PAIR) {
        const key = this.#value(this.#child(child, this.#fields.key), depth + 1)
        entries.push([key, this.#value(this.#child(child, this.#fields.value), depth + 1)])
        continue
      }
      const splat = this.#value(this.#firstNamed(child), depth + 1)
      if (splat.kind === 'dict') entries.push(...splat.entries)
      open ||= splat.kind !== 'dict' || splat.open
    }
    return { kind: 'dict', entries, open }
  }

  /** `a + b + c` leans to the left: that side is walked in a loop, so that a long sum is not cut by the depth limit. */
  #binary(index: number, depth: number): Value {
    const spine: number[] = []
    let first = index
    while (this.#isBinary(first) && spine.length < MAX_OPERANDS) {
      spine.push(first)
      first = this.#leftOf(first)
    }
    let value = this.#value(first, depth + 1)
    for (const node of spine.reverse()) {
      const right = this.#value(this.#rightOf(node), depth + 1)
      const operator = this.#operatorOf(node)
      value =
        operator === 'and' || operator === 'or'
          ? { kind: 'boolean', operator, left: value, right }
          : { kind: 'binary', operator, left: value, right }
    }
    return value
  }

  #isBinary(index: number): boolean {
    if (index < 0) return false
    const code = this.#code(index)
    return code === K.BINARY_OPERATOR || code === K.BOOLEAN_OPERATOR || code === K.UNION_TYPE
  }

  #leftOf(index: number): number {
    const left = this.#code(index) === K.UNION_TYPE ? (this.#namedChildren(index)[0] ?? -1) : this.#child(index, this.#fields.left)
    return left < 0 ? left : this.#skipWrappers(left)
  }

  #rightOf(index: number): number {
    return this.#code(index) === K.UNION_TYPE ? (this.#namedChildren(index)[1] ?? -1) : this.#child(index, this.#fields.right)
  }

  #operatorOf(index: number): string {
    return this.#code(index) === K.UNION_TYPE ? '|' : this.#text(this.#child(index, this.#fields.operator))
  }

  #unary(index: number, code: number, depth: number): Value {
    const operand = this.#value(this.#child(index, this.#fields.argument), depth + 1)
    if (code === K.NOT_OPERATOR) return { kind: 'unary', operator: 'not', operand }
    const operator = this.#text(this.#child(index, this.#fields.operator)) as '+' | '-' | '~'
    if (operator === '-' && operand.kind === 'literal' && typeof operand.value === 'number') return { ...operand, value: 0 - operand.value }
    return { kind: 'unary', operator, operand }
  }

  #comparison(index: number, depth: number): Value {
    const { next, field } = this.#tree
    const operators: string[] = []
    for (let child = index + 1; child < next[index]!; child = next[child]!) {
      if (field[child] === this.#fields.operators) operators.push(this.#text(child).replace(/\s+/g, ' '))
    }
    const operands = this.#namedChildren(index)
      .filter((child) => field[child] !== this.#fields.operators)
      .map((child) => this.#value(child, depth + 1))
    return { kind: 'compare', operands, operators }
  }

  #conditional(index: number, depth: number): Value {
    const [then, test, otherwise] = this.#namedChildren(index)
    if (then === undefined || test === undefined || otherwise === undefined) return UNKNOWN
    return {
      kind: 'conditional',
      test: this.#value(test, depth + 1),
      then: this.#value(then, depth + 1),
      else: this.#value(otherwise, depth + 1),
    }
  }

  #lambda(index: number, depth: number): Value {
    const { bindingOfNode, bindingScopes, scopeNodes } = this.#tables
    const parameters: string[] = []
    const list = this.#child(index, this.#fields.parameters)
    for (let i = list; list >= 0 && i < this.#tree.next[list]!; i++) {
      const binding = bindingOfNode[i]! - 1
      if (binding >= 0 && scopeNodes[bindingScopes[binding]!] === index) parameters.push(this.#text(i))
    }
    return { kind: 'lambda', parameters, body: this.#value(this.#child(index, this.#fields.body), depth + 1) }
  }

  #comprehension(index: number, type: ComprehensionValue['type'], depth: number): Value {
    const [first, ...tests] = this.#namedChildren(index).slice(1)
    const target = first === undefined ? -1 : this.#child(first, this.#fields.left)
    const isPlain = target >= 0 && this.#code(target) === K.IDENTIFIER && tests.every((test) => this.#code(test) === K.IF_CLAUSE)
    const element = this.#element(index, depth)
    if (!isPlain) return { kind: 'comprehension', type, element }
    const over = this.#value(this.#child(first!, this.#fields.right), depth + 1)
    const loop = { name: this.#text(target), over, tests: tests.map((test) => this.#value(this.#firstNamed(test), depth + 1)) }
    return { kind: 'comprehension', type, element, loop }
  }

  #element(index: number, depth: number): Value {
    const body = this.#child(index, this.#fields.body)
    if (body < 0 || this.#code(body) !== K.PAIR) return this.#value(body, depth + 1)
    return this.#value(this.#child(body, this.#fields.value), depth + 1)
  }

  /** Reads the strings of an annotation as annotations, but not those of `Literal[...]` and of the metadata in `Annotated[X, ...]`. */
  #annotationOf(value: Value, scope: number, depth: number): Value {
    if (depth > MAX_DEPTH) return value
    const inner = (part: Value) => this.#annotationOf(part, scope, depth + 1)
    if (value.kind === 'literal' && typeof value.value === 'string' && value.type === 'string') {
      return inner(parseAnnotation(value.value, (name) => this.#dottedName(name, scope)))
    }
    if (value.kind === 'binary' && value.operator === '|') return { ...value, left: inner(value.left), right: inner(value.right) }
    if (value.kind === 'list') return { ...value, items: value.items.map(inner) }
    if (value.kind !== 'subscript') return value
    const object = value.object.kind === 'name' ? value.object.name : ''
    if (/(^|\.)Literal$/.test(object)) return value
    if (/(^|\.)Annotated$/.test(object)) return { ...value, index: value.index.map((part, i) => (i === 0 ? inner(part) : part)) }
    return { ...value, index: value.index.map(inner) }
  }

  /** The value of a dotted name that stands in a string. */
  #dottedName(dotted: string, scope: number): Value {
    const [root, ...attributes] = dotted.split('.')
    const { names, starImports } = this.#tables
    const id = names.find(root!)
    const binding = id < 0 ? -1 : this.#tables.lookup(scope, id, Infinity)
    let name: string | null = null
    if (binding >= 0) name = this.#names.nameOfBinding(binding)
    else if (starImports.length > 0) name = `*.${root}`
    else if (BUILTIN_NAMES.has(root!)) name = `builtins.${root}`
    return name === null ? UNKNOWN : { kind: 'name', name: attributes.reduce(appendName, name) }
  }

  #skipWrappers(index: number): number {
    let i = index
    while (i >= 0 && (this.#code(i) === K.PARENTHESIZED_EXPRESSION || this.#code(i) === K.TYPE)) i = this.#firstNamed(i)
    return i
  }

  #namedChildren(index: number): number[] {
    const { next, kind, grammar } = this.#tree
    const found: number[] = []
    for (let child = index + 1; child < next[index]!; child = next[child]!) {
      const code = this.#codes[kind[child]!]
      if (grammar.isNamed[kind[child]!] && code !== K.COMMENT && code !== K.LINE_CONTINUATION) found.push(child)
    }
    return found
  }

  #firstNamed(index: number): number {
    const { next, kind, grammar } = this.#tree
    for (let child = index + 1; child < next[index]!; child = next[child]!) {
      const code = this.#codes[kind[child]!]
      if (grammar.isNamed[kind[child]!] && code !== K.COMMENT && code !== K.LINE_CONTINUATION) return child
    }
    return -1
  }

  #child(index: number, field: number): number {
    return childByField(this.#tree, index, field)
  }

  #code(index: number): number {
    return this.#codes[this.#tree.kind[index]!]!
  }

  #text(index: number): string {
    return index < 0 ? '' : this.#tree.text.slice(this.#tree.start[index], this.#tree.end[index])
  }
}

/** Adds the entries of a `**{...}` as keywords; says whether they were all there to see. */
function addLiteralKeywords(keywords: [string, Value][], splat: Value): boolean {
  if (splat.kind !== 'dict') return false
  let complete = !splat.open
  for (const [key, value] of splat.entries) {
    if (key.kind === 'literal' && typeof key.value === 'string') keywords.push([key.value, value])
    else complete = false
  }
  return complete
}
