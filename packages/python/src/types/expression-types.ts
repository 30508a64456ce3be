import type { CallNode, AsPatternNode } from '../generated/nodes.ts'
import type { FileSemantics } from '../file-semantics.ts'
import type { FunctionFact } from '../facts/module-fact-types.ts'
import { functionFact } from '../facts/function-fact.ts'
import { isBytes } from '../shared/strings.ts'
import type { PythonProject } from '../project/python-project.ts'
import type { Binding, Definition, Scope } from '../scopes/scopes.ts'
import type { PythonNode } from '../syntax/node.ts'
import type { Value } from '../values/value.ts'
import { classVariables } from './generics.ts'
import { literalType } from './annotations.ts'
import { awaitedOf, itemAt, itemOf, subscriptOf } from './containers.ts'
import { TypeEvaluator, withoutLiteral } from './evaluator.ts'
import type { CallArguments } from './evaluator.ts'
import { Guard } from './guard.ts'
import type { NameFlow } from './name-flow.ts'
import { binaryType } from './operators.ts'
import { UNKNOWN_TYPE, classType, instanceOf, knownOrUnknown, mapMembers, unionOf, withoutNone } from './type.ts'
import type { Type } from './type.ts'

/** The types of the expressions of one file. */
export class ExpressionTypes {
  readonly #file: FileSemantics
  readonly #project: PythonProject
  readonly #evaluator: TypeEvaluator
  readonly #flow: NameFlow
  readonly #guard = Guard.ofTypes<number>(false)
  readonly #functions = new Map<number, FunctionFact>()

  constructor(file: FileSemantics, project: PythonProject, evaluator: TypeEvaluator, flow: NameFlow) {
    this.#file = file
    this.#project = project
    this.#evaluator = evaluator
    this.#flow = flow
  }

  /** The type of an expression; unknown for what is none. */
  typeOf(node: PythonNode): Type {
    return knownOrUnknown(this.#typeOf(node))
  }

  readonly #typeOf = (node: PythonNode): Type => this.#guard.run(node.index, () => this.#compute(node))

  /** What a definition binds its name to. */
  typeOfDefinition(definition: Definition): Type {
    return knownOrUnknown(this.#typeOfDefinition(definition))
  }

  #typeOfDefinition(definition: Definition): Type {
    // Another question than that of the identifier: the `x` of `x += 1` is read, too.
    return this.#guard.run(~definition.name.index, () => this.#computeDefinition(definition))
  }

  #computeDefinition(definition: Definition): Type {
    const { annotation, node, value } = definition
    if (annotation && definition.kind !== 'parameter') {
      const declared = this.#annotated(annotation)
      if (declared.kind !== 'unknown') return declared
    }
    switch (definition.kind) {
      case 'parameter':
        return this.#parameter(definition)
      case 'assignment':
        return value ? withoutLiteral(this.#typeOf(value)) : this.#unpacked(node, 'right', definition.name)
      case 'walrus':
        return value ? this.#typeOf(value) : UNKNOWN_TYPE
      case 'for':
        return this.#iterated(node, definition.name)
      case 'with':
        return this.#entered(node as AsPatternNode, definition.name)
      case 'except':
        return this.#caught(node as AsPatternNode)
      case 'augmented': {
        const operator = node.field('operator')?.text.replace(/=$/, '') ?? ''
        const right = node.field('right') as PythonNode | null
        const left = node.field('left') as PythonNode | null
        return left && right ? binaryType(operator, this.#typeOf(left), this.#typeOf(right)) : UNKNOWN_TYPE
      }
      default:
        return UNKNOWN_TYPE
    }
  }

  #compute(node: PythonNode): Type {
    switch (node.kind) {
      case 'identifier':
        return this.#identifier(node)
      case 'attribute':
        return this.#attribute(node)
      case 'call':
        return this.#call(node)
      case 'await':
        return awaitedOf(this.#first(node))
      case 'subscript':
        return this.#subscript(node)
      case 'parenthesized_expression':
        return this.#first(node)
      case 'named_expression':
        return this.#typeOf(node.value)
      case 'conditional_expression': {
        const [then, , otherwise] = node.namedChildren
        return then && otherwise ? unionOf([this.#typeOf(then), this.#typeOf(otherwise)]) : UNKNOWN_TYPE
      }
      case 'boolean_operator': {
        const left = this.#typeOf(node.left)
        return unionOf([node.operator.kind === 'or' ? withoutNone(left) : left, this.#typeOf(node.right)])
      }
      case 'not_operator':
        return instanceOf('builtins.bool')
      case 'comparison_operator':
        return this.#comparison(node)
      case 'binary_operator':
        return binaryType(node.operator.kind, this.#typeOf(node.left), this.#typeOf(node.right))
      case 'unary_operator':
        return withoutLiteral(this.#typeOf(node.argument))
      case 'string':
      case 'concatenated_string':
      case 'integer':
      case 'float':
      case 'true':
      case 'false':
      case 'none':
        return this.#literal(node)
      case 'list':
      case 'set':
        return this.#display(node, node.kind)
      case 'tuple':
      case 'expression_list':
      case 'pattern_list':
        return this.#tuple(node)
      case 'dictionary':
        return this.#dictionary(node)
      case 'list_comprehension':
        return instanceOf('builtins.list', [this.#typeOf(node.body)])
      case 'set_comprehension':
        return instanceOf('builtins.set', [this.#typeOf(node.body)])
      case 'generator_expression':
        return instanceOf('collections.abc.Iterator', [this.#typeOf(node.body)])
      case 'dictionary_comprehension': {
        const pair = node.body
        return instanceOf('builtins.dict', pair.kind === 'pair' ? [this.#typeOf(pair.key), this.#typeOf(pair.value)] : [])
      }
      default:
        return UNKNOWN_TYPE
    }
  }

  #identifier(node: PythonNode): Type {
    const binding = this.#file.scopes.bindingOf(node)
    const name = this.#file.names.nameOf(node.index)
    if (name !== null && (!binding || binding.scope.kind === 'module' || binding.scope.kind === 'class' || isMeaning(binding))) {
      const absolute = this.#project.resolveName(name)
      return absolute === null ? UNKNOWN_TYPE : this.#flow.narrow(node, this.#evaluator.ofName(absolute), this.#typeOf)
    }
    if (!binding) return UNKNOWN_TYPE
    const reaching = (binding.definitions.length > 1 ? this.#flow.reachingDefinitions(node) : null) ?? binding.definitions
    const definitions = reaching.filter(({ kind }) => kind !== 'delete')
    const declared = binding.definitions.find(({ kind, annotation }) => kind === 'annotation' && annotation)?.annotation
    const valued = definitions.filter(({ kind }) => kind !== 'annotation')
    const type = unionOf(valued.map((definition) => this.#typeOfDefinition(definition)))
    const known = type.kind === 'unknown' && declared ? this.#annotated(declared) : type
    return this.#flow.narrow(node, known, this.#typeOf)
  }

  #attribute(node: PythonNode & { kind: 'attribute' }): Type {
    const name = this.#file.names.nameOf(node.index)
    if (name !== null) {
      const absolute = this.#project.resolveName(name)
      if (absolute !== null) return this.#evaluator.ofName(absolute)
    }
    return this.#evaluator.attribute(this.#typeOf(node.object), node.attribute.text)
  }

  #call(node: CallNode): Type {
    const callee = this.#nameOf(node.function)
    if (callee === 'typing.cast') {
      const [target] = positional(node)
      return target ? this.#annotated(target) : UNKNOWN_TYPE
    }
    if (callee === 'builtins.super') return this.#superType(node)
    if (callee === 'builtins.type' && positional(node).length === 1) return mapMembers(this.#typeOf(positional(node)[0]!), (type) => (type.kind === 'instance' ? classType(type.class, type.args) : UNKNOWN_TYPE))
    return this.#evaluator.call(this.#typeOf(node.function), this.#argumentsOf(node))
  }

  #argumentsOf(call: CallNode): CallArguments {
    const given = positional(call)
    return {
      count: given.length,
      positional: (position) => (given[position] ? this.#typeOf(given[position]) : UNKNOWN_TYPE),
      keyword: (name) => {
        if (call.arguments.kind !== 'argument_list') return undefined
        for (const child of call.arguments.namedChildren) if (child.kind === 'keyword_argument' && child.name.text === name) return this.#typeOf(child.value)
        return undefined
      },
    }
  }

  /** `super()` has the members of the first base: the class itself is left out. */
  #superType(node: PythonNode): Type {
    const enclosing = this.#file.scopes.scopeOf(node).enclosingClass
    const name = enclosing && this.#nameOf(enclosing.node)
    const base = name ? this.#project.ancestors(name).names[1] : undefined
    return base === undefined ? UNKNOWN_TYPE : instanceOf(base)
  }

  #subscript(node: PythonNode & { kind: 'subscript' }): Type {
    const [index] = node.subscript
    const container = this.#typeOf(node.value)
    if (index?.kind === 'slice') return container
    const position = index ? this.#typeOf(index) : UNKNOWN_TYPE
    return subscriptOf(container, position.kind === 'instance' && typeof position.literal === 'number' ? position.literal : null)
  }

  #comparison(node: PythonNode): Type {
    const first = node.namedChildren[0]
    const type = first ? this.#typeOf(first) : UNKNOWN_TYPE
    if (type.kind !== 'instance') return UNKNOWN_TYPE
    return type.class.startsWith('sqlalchemy.') ? instanceOf('sqlalchemy.ColumnElement', [instanceOf('builtins.bool')]) : instanceOf('builtins.bool')
  }

  #literal(node: PythonNode): Type {
    const value = this.#file.values.summarise(node.index)
    // What is interpolated may be unknown, or the text too long to keep.
    return value.kind === 'literal' || !isString(node) ? literalType(value) : instanceOf(isBytes(node) ? 'builtins.bytes' : 'builtins.str')
  }

  #display(node: PythonNode, kind: 'list' | 'set'): Type {
    const items = node.namedChildren.filter((child) => child.kind !== 'comment')
    return instanceOf(`builtins.${kind}`, items.length === 0 || items.length > MAX_ITEMS ? [] : [unionOf(items.map((item) => this.#item(item)))])
  }

  #item(item: PythonNode): Type {
    return item.kind === 'list_splat' ? itemOf(this.#first(item)) : withoutLiteral(this.#typeOf(item))
  }

  #tuple(node: PythonNode): Type {
    const items = node.namedChildren.filter((child) => child.kind !== 'comment')
    if (items.some((item) => item.kind === 'list_splat') || items.length > MAX_ITEMS) return instanceOf('builtins.tuple')
    return instanceOf('builtins.tuple', items.map((item) => this.#typeOf(item)))
  }

  #dictionary(node: PythonNode): Type {
    const pairs = node.namedChildren.filter((child) => child.kind === 'pair')
    if (pairs.length === 0 || pairs.length > MAX_ITEMS || pairs.length < node.namedChildren.filter((child) => child.kind !== 'comment').length) return instanceOf('builtins.dict')
    return instanceOf('builtins.dict', [
      unionOf(pairs.map((pair) => withoutLiteral(this.#typeOf(pair.key)))),
      unionOf(pairs.map((pair) => withoutLiteral(this.#typeOf(pair.value)))),
    ])
  }

  #parameter(definition: Definition): Type {
    const scope = definition.scope
    if (scope.kind === 'lambda') return this.#lambdaParameter(definition)
    if (scope.kind !== 'function') return UNKNOWN_TYPE
    const receiver = this.#receiverOf(scope)
    const variables = receiver && receiver.kind === 'instance' ? classVariables(this.#project, receiver, receiver.class) : undefined
    return this.#evaluator.parameter(this.#functionFactOf(scope), this.#project.path, definition.name.text, receiver, variables)
  }

  /** The parameter of `key=lambda row: ...` is an element of what is sorted. */
  #lambdaParameter({ scope, name }: Definition): Type {
    const argument = scope.node.parent
    const call = argument?.kind === 'keyword_argument' && argument.name.text === 'key' ? argument.parent?.parent : null
    if (call?.kind !== 'call' || scope.node.field('parameters')?.text !== name.text) return UNKNOWN_TYPE
    const called = call.function
    if (called.kind === 'attribute' && called.attribute.text === 'sort') return itemOf(this.#typeOf(called.object))
    const [items] = positional(call)
    return items && ORDERING_FUNCTIONS.has(this.#nameOf(called) ?? '') ? itemOf(this.#typeOf(items)) : UNKNOWN_TYPE
  }

  /** What `self` or `cls` is in a method. */
  #receiverOf(scope: Scope): Type | null {
    const outer = scope.parent
    if (outer?.kind !== 'class') return null
    const name = this.#nameOf(outer.node)
    if (name === null) return null
    return this.#functionFactOf(scope).method === 'class' ? classType(name) : instanceOf(name)
  }

  #functionFactOf(scope: Scope): FunctionFact {
    const { index } = scope.node
    let fact = this.#functions.get(index)
    if (!fact) this.#functions.set(index, (fact = functionFact(this.#file, index, scope.parent?.kind === 'class')))
    return fact
  }

  /** The type of one name among the targets of `a, (b, *c) = value`. */
  #unpacked(statement: PythonNode, field: string, target: PythonNode): Type {
    const value = statement.field(field) as PythonNode | null
    const left = statement.field('left') as PythonNode | null
    if (!value || !left) return UNKNOWN_TYPE
    return partOf(this.#typeOf(rightmost(value)), left, target)
  }

  #iterated(node: PythonNode, target: PythonNode): Type {
    const value = node.field('right') as PythonNode | null
    const left = node.field('left') as PythonNode | null
    return value && left ? partOf(itemOf(this.#typeOf(value)), left, target) : UNKNOWN_TYPE
  }

  #entered(pattern: AsPatternNode, target: PythonNode): Type {
    const [context, alias] = pattern.namedChildren
    if (!context || alias?.namedChildren[0]?.index !== target.index) return UNKNOWN_TYPE
    const statement = pattern.closest('with_statement')
    return this.#evaluator.entered(this.#typeOf(context), statement?.children[0]?.kind === 'async')
  }

  #caught(pattern: AsPatternNode): Type {
    const [types] = pattern.namedChildren
    if (!types) return UNKNOWN_TYPE
    const caught = types.kind === 'tuple' ? types.namedChildren.map((type) => this.#typeOf(type)) : [this.#typeOf(types)]
    return unionOf(caught.map((type) => (type.kind === 'class' ? instanceOf(type.class) : UNKNOWN_TYPE)))
  }

  #annotated(annotation: PythonNode): Type {
    const value: Value = this.#project.value(this.#file.values.annotation(annotation.index))
    return this.#evaluator.ofAnnotation(value)
  }

  #nameOf(node: PythonNode): string | null {
    const name = this.#file.names.nameOf(node.index)
    return name === null ? null : this.#project.resolveName(name)
  }

  #first(node: PythonNode): Type {
    const inner = node.namedChildren.find((child) => child.kind !== 'comment')
    return inner ? this.#typeOf(inner) : UNKNOWN_TYPE
  }
}

const ORDERING_FUNCTIONS: ReadonlySet<string> = new Set(['builtins.sorted', 'builtins.min', 'builtins.max', 'itertools.groupby'])

/** Larger displays are not looked into. */
const MAX_ITEMS = 50

/** Whether a local name stands for something with a qualified name: an import, a function, a class. */
function isMeaning(binding: Binding): boolean {
  return binding.definitions.every(({ kind }) => kind === 'import' || kind === 'function' || kind === 'class')
}

function isString({ kind }: PythonNode): boolean {
  return kind === 'string' || kind === 'concatenated_string'
}

/** The arguments before the first splat. */
function positional(call: CallNode): readonly PythonNode[] {
  if (call.arguments.kind !== 'argument_list') return [call.arguments]
  const found: PythonNode[] = []
  for (const child of call.arguments.namedChildren) {
    if (child.kind === 'list_splat') break
    if (child.kind !== 'keyword_argument' && child.kind !== 'dictionary_splat' && child.kind !== 'comment') found.push(child)
  }
  return found
}

function rightmost(value: PythonNode): PythonNode {
  let node = value
  while (node.kind === 'assignment' && node.right) node = node.right
  return node
}

/** The part of an unpacked value that a target gets. */
function partOf(type: Type, pattern: PythonNode, target: PythonNode): Type {
  let current = type
  let node = pattern
  while (node.index !== target.index) {
    if (node.kind !== 'pattern_list' && node.kind !== 'tuple_pattern' && node.kind !== 'list_pattern' && node.kind !== 'tuple' && node.kind !== 'list') return UNKNOWN_TYPE
    const parts = node.namedChildren
    const position = parts.findIndex((part) => part.start <= target.start && target.end <= part.end)
    const part = parts[position]
    if (!part) return UNKNOWN_TYPE
    const splat = parts.findIndex(({ kind }) => kind === 'list_splat_pattern')
    if (splat >= 0 && position >= splat) return UNKNOWN_TYPE
    current = itemAt(current, position)
    node = part
  }
  return current
}

