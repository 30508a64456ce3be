import type { FileSemantics } from '../file-semantics.ts'
import type { CallNode, IdentifierNode } from '../generated/nodes.ts'
import type { PythonProject } from '../project/python-project.ts'
import { Definition } from '../scopes/scopes.ts'
import { lastPart } from '../shared/dotted-name.ts'
import { ownCode } from '../shared/own-code.ts'
import { withoutParentheses } from '../shared/parentheses.ts'
import { hasSplat, keywordArguments, positionalArguments } from '../shared/calls.ts'
import type { PythonNode } from '../syntax/node.ts'
import type { ExpressionTypes } from '../types/expression-types.ts'
import { Guard } from '../types/guard.ts'
import { isNoneType, membersOf } from '../types/type.ts'
import type { Type } from '../types/type.ts'
import type { Constant } from '../values/constant.ts'
import type { Values } from '../values/values.ts'
import { kindOfCall } from './calls.ts'
import { kindOfType } from './declared.ts'
import { filledArgument, madeInstance } from './filled-fields.ts'
import { NONE_KIND, UNKNOWN_KIND, isDatetime, joinKinds } from './kind.ts'
import type { Kind } from './kind.ts'
import { LIBRARY_ATTRIBUTES, assignedAttributes, isCallName, testedNames } from './name-filters.ts'
import { SAME_ELEMENTS } from './library-calls.ts'
import { refined } from './narrowing.ts'
import { binaryKind, unaryKind } from './operators.ts'
import { PathFlow, pathKey } from './path-flow.ts'
import type { Origin } from './path-flow.ts'
import type { ProjectKinds } from './project-kinds.ts'
import type { Arguments, Reading } from './reading.ts'
import { templateText } from './template-texts.ts'
import { changedText } from './texts.ts'
import { partOf, rightmost } from './unpacking.ts'

/** What `FileKinds` knows of the file and the project. */
export interface KindSources {
  readonly file: FileSemantics
  readonly view: PythonProject
  readonly types: ExpressionTypes
  readonly values: Values
  readonly project: ProjectKinds
}

/** The kinds of the expressions of one file, as control flow has them at their place. */
export class FileKinds implements Reading<PythonNode> {
  readonly project: ProjectKinds
  readonly #file: FileSemantics
  readonly #view: PythonProject
  readonly #types: ExpressionTypes
  readonly #values: Values
  readonly #paths: PathFlow
  #assignedAttributes: ReadonlySet<string> | undefined
  #tested: ReadonlySet<string> | undefined
  readonly #guard = new Guard<number, Kind>(false, NONE_KIND, UNKNOWN_KIND)

  constructor({ file, view, types, values, project }: KindSources) {
    this.project = project
    this.#file = file
    this.#view = view
    this.#types = types
    this.#values = values
    this.#paths = new PathFlow(file)
  }

  /** What an expression is as a point or span of time; see `Kind`. */
  kindOf(node: PythonNode): Kind {
    return this.#guard.run(node.index, () => this.#compute(node, false))
  }

  /** Whether an expression can have a kind, by the names in it: asked before the kinds of two operands that only tell something together. */
  mayBeKnown(expression: PythonNode): boolean {
    const node = withoutParentheses(expression)
    if (node.kind === 'attribute') return this.#isOfTime(node.attribute.text)
    return node.kind !== 'call' || this.#mayGiveTime(node)
  }

  /** What a name is bound to by one of its definitions. */
  kindOfDefinition(definition: Definition): Kind {
    // Another question than that of the identifier: the `x` of `x += d` is read, too.
    return this.#guard.run(~definition.name.index, () => this.#ofDefinition(definition))
  }

  /** What a value gives that is called later: a function that is passed uncalled, a lambda, a `partial`. */
  kindOfCallable(node: PythonNode): Kind {
    if (node.kind === 'lambda') return this.kindOf(node.body)
    if (node.kind === 'call' && this.#qualifiedName(node.function) === 'functools.partial') {
      const [target, ...positional] = positionalArguments(node)
      return target ? this.#calledLater(target, { ...this.#argumentsOf(node), positional }) : UNKNOWN_KIND
    }
    return node.kind === 'identifier' || node.kind === 'attribute' ? this.#calledLater(node, NO_ARGUMENTS) : UNKNOWN_KIND
  }

  #calledLater(node: PythonNode, given: Arguments<PythonNode>): Kind {
    const method = node.kind === 'attribute' ? node : null
    const only = node.kind === 'identifier' ? this.#onlyValueOf(node) : null
    if (only?.kind === 'lambda') return this.kindOf(only.body)
    return kindOfCall(this, { name: this.#qualifiedName(node), receiver: method?.object ?? null, method: method?.attribute.text ?? null }, given, false)
  }

  /** The places where a name or attribute may have got its value; `null` if they are not known. */
  originsOf(node: PythonNode): readonly Origin[] | null {
    return this.#paths.originsOf(node)
  }

  elementOf(node: PythonNode, depth = 0): Kind {
    const collection = this.#collectionBehind(node)
    switch (collection.kind) {
      case 'list':
      case 'tuple':
      case 'set': {
        const items = collection.namedChildren.filter(({ kind }) => kind !== 'comment')
        return items.some(({ kind }) => kind === 'list_splat') ? UNKNOWN_KIND : joinKinds(items.map((item) => this.kindOf(item)))
      }
      case 'list_comprehension':
      case 'set_comprehension':
      case 'generator_expression':
        return this.kindOf(collection.body)
      case 'call': {
        const [items] = positionalArguments(collection)
        if (items && depth < MAX_STEPS && SAME_ELEMENTS.has(this.#qualifiedName(collection.function) ?? '')) return this.elementOf(items, depth + 1)
      }
    }
    const type = this.typeOf(node)
    return type.kind === 'instance' && type.args.length === 1 ? kindOfType(type.args[0]!) : UNKNOWN_KIND
  }

  /** The expression that makes a collection, where a local has no other value. */
  #collectionBehind(node: PythonNode): PythonNode {
    let current = withoutParentheses(node)
    for (let step = 0; step < MAX_STEPS && current.kind === 'identifier'; step++) {
      const value = this.#onlyValueOf(current)
      if (!value) break
      current = withoutParentheses(value)
    }
    return current
  }

  constantOf(node: PythonNode): Constant | undefined {
    return this.#values.constantOf(node)
  }

  typeOf(node: PythonNode): Type {
    return this.#types.typeOf(node)
  }

  mayBeNone(node: PythonNode): boolean {
    if (node.kind === 'none') return true
    if (node.kind !== 'identifier' && node.kind !== 'attribute') return false
    if (node.kind === 'attribute' && node.attribute.text === 'tzinfo' && this.kindOf(node).kind === 'zone') return false
    if (this.#hasNoneForDefault(node)) return true
    return membersOf(this.typeOf(node)).some(isNoneType)
  }

  written(node: PythonNode): string {
    const constant = this.constantOf(node)
    return constant === undefined ? node.text : JSON.stringify(constant)
  }

  #compute(node: PythonNode, isAwaited: boolean): Kind {
    switch (node.kind) {
      case 'identifier':
        return this.#identifier(node)
      case 'attribute':
        return this.#attribute(node)
      case 'call':
        return this.#mayGiveTime(node) ? this.#orByType(node, this.#call(node, isAwaited)) : UNKNOWN_KIND
      case 'await':
        return this.#first(node, (inner) => {
          if (inner.kind !== 'call') return kindOfType(this.typeOf(node))
          return this.#mayGiveTime(inner) ? this.#orByType(node, this.#call(inner, true)) : UNKNOWN_KIND
        })
      case 'parenthesized_expression':
        return this.#first(node, (inner) => this.kindOf(inner))
      case 'named_expression':
        return this.kindOf(node.value)
      case 'conditional_expression': {
        const [then, , otherwise] = node.namedChildren
        return then && otherwise ? joinKinds([this.kindOf(then), this.kindOf(otherwise)]) : UNKNOWN_KIND
      }
      case 'boolean_operator':
        return node.operator.kind === 'or' ? joinKinds([this.kindOf(node.left), this.kindOf(node.right)]) : this.kindOf(node.right)
      case 'binary_operator':
        if (node.operator.kind === '%' && isString(node.left)) return templateText(this, node)
        return binaryKind(this, node.operator.kind, node.left, node.right)
      case 'unary_operator':
        return unaryKind(operatorOf(node), this.kindOf(node.argument))
      case 'string':
      case 'concatenated_string':
        return templateText(this, node)
      case 'tuple':
      case 'expression_list': {
        const items = node.namedChildren.filter(({ kind }) => kind !== 'comment')
        return items.some(({ kind }) => kind === 'list_splat') ? UNKNOWN_KIND : { kind: 'tuple', items: items.map((item) => this.kindOf(item)) }
      }
      case 'subscript':
        return this.#orByType(node, this.#subscript(node))
      case 'none':
        return NONE_KIND
      default:
        return UNKNOWN_KIND
    }
  }

  /** Whether a call can give a date or time, by the name of what is called: most calls can not, and to look at them costs much. */
  #mayGiveTime({ function: called }: CallNode): boolean {
    if (called.kind === 'attribute') return isCallName(called.attribute.text) || this.#mayBeTemporal(called.attribute.text)
    if (called.kind !== 'identifier') return true
    const name = this.#file.names.nameOf(called.index)
    if (name === null) return this.#file.scopes.bindingOf(called) !== null
    const last = lastPart(name).replace(/^:/, '')
    return isCallName(last) || this.#mayBeTemporal(last)
  }

  #isOfTime(attribute: string): boolean {
    return LIBRARY_ATTRIBUTES.has(attribute) || this.#mayBeTemporal(attribute)
  }

  /** Whether something is defined under a name, here or elsewhere, that may be a date or time. */
  #mayBeTemporal(name: string): boolean {
    this.#assignedAttributes ??= assignedAttributes(this.#file)
    return this.#assignedAttributes.has(name) || this.project.isTemporalName(name)
  }

  /** Where the values do not tell, the type may. */
  #orByType(node: PythonNode, kind: Kind): Kind {
    return kind.kind === 'unknown' ? kindOfType(this.typeOf(node)) : kind
  }

  #identifier(node: IdentifierNode): Kind {
    const binding = this.#file.scopes.bindingOf(node)
    const relative = this.#file.names.nameOf(node.index)
    // In a function, a name of the module may have any of its values.
    const isForeign = !binding || (binding.scope.kind !== 'function' && binding.scope.kind !== 'lambda' && binding.scope.kind !== 'comprehension')
    if (relative !== null && isForeign && !this.#isOfThisCode(node)) {
      const last = lastPart(relative).replace(/^:/, '')
      const name = LIBRARY_ATTRIBUTES.has(last) || this.project.isTemporalName(last) ? this.#view.resolveName(relative) : null
      return name === null ? UNKNOWN_KIND : this.project.valueOf(name)
    }
    if (!binding) return UNKNOWN_KIND
    // A name with one value that no test is about needs no control flow.
    const only = binding.onlyDefinition
    if (only && !this.#testedNames.has(node.text)) return this.kindOfDefinition(only)
    const origins = this.#paths.originsOf(node)
    if (!origins) return joinKinds(binding.definitions.map((definition) => this.kindOfDefinition(definition)))
    return joinKinds(origins.map((origin) => this.#ofOrigin(origin, () => this.#elsewhere(binding.definitions, relative))))
  }

  get #testedNames(): ReadonlySet<string> {
    return (this.#tested ??= testedNames(this.#file))
  }

  /** Whether a name is bound by assignments of the very code that reads it, so that their order tells its value. */
  #isOfThisCode(node: IdentifierNode): boolean {
    const binding = this.#file.scopes.bindingOf(node)
    if (binding?.scope.index !== this.#file.scopes.scopeOf(node).index) return false
    return binding.definitions.some(({ kind }) => kind === 'assignment' || kind === 'augmented' || kind === 'walrus')
  }

  /** A name of the code around has the join of what is assigned to it there. */
  #elsewhere(definitions: readonly Definition[], relative: string | null): Kind {
    const valued = definitions.filter(({ kind }) => kind !== 'annotation' && kind !== 'delete')
    const joined = joinKinds(valued.map((definition) => this.kindOfDefinition(definition)))
    const name = joined.kind === 'unknown' && relative !== null ? this.#view.resolveName(relative) : null
    return name === null ? joined : this.project.valueOf(name)
  }

  #ofOrigin({ from, awareness, instanceTests }: Origin, declared: () => Kind): Kind {
    const isDeclared = from === null || (from instanceof Definition && from.kind === 'parameter')
    const kind = from === null ? declared() : from instanceof Definition ? this.kindOfDefinition(from) : this.#assigned(from)
    if (awareness === null && instanceTests.length === 0) return kind
    const tests = instanceTests.map(({ classes, holds }) => ({ classes: this.#classNames(classes), holds }))
    return refined(kind, { awareness, instanceTests: tests }, isDeclared)
  }

  #classNames(classes: PythonNode): readonly string[] {
    const items = classes.kind === 'tuple' ? classes.namedChildren : [classes]
    const names = items.map((item) => this.#qualifiedName(item))
    return names.some((name) => name === null) ? [] : (names as string[])
  }

  /** What an assignment gives to an attribute. */
  #assigned(node: PythonNode): Kind {
    if (node.kind === 'augmented_assignment') return binaryKind(this, operatorOf(node), node.left, node.right)
    return node.kind === 'assignment' && node.right && node.left.kind === 'attribute' ? this.kindOf(node.right) : UNKNOWN_KIND
  }

  #ofDefinition(definition: Definition): Kind {
    const { kind, node, value, annotation } = definition
    switch (kind) {
      case 'parameter':
        return this.#parameter(definition)
      case 'assignment':
      case 'walrus': {
        const assigned = value ? this.kindOf(value) : this.#unpacked(node, definition.name)
        return assigned.kind === 'unknown' && annotation ? kindOfType(this.#types.typeOfDefinition(definition)) : assigned
      }
      case 'augmented':
        return node.kind === 'augmented_assignment' ? binaryKind(this, operatorOf(node), node.left, node.right) : UNKNOWN_KIND
      case 'for':
        return this.#iterated(node, definition)
      case 'with':
      case 'annotation':
        return kindOfType(this.#types.typeOfDefinition(definition))
      default:
        return UNKNOWN_KIND
    }
  }

  #parameter(definition: Definition): Kind {
    const isBare = definition.annotation === null && definition.scope.kind === 'function'
    const declared = isBare ? UNKNOWN_KIND : kindOfType(this.#types.typeOfDefinition(definition))
    const byDefault = declared.kind === 'unknown' ? defaultOf(definition.node) : null
    const kind = byDefault ? this.kindOf(byDefault) : UNKNOWN_KIND
    return kind.kind === 'zone' ? kind : declared
  }

  #hasNoneForDefault(node: PythonNode): boolean {
    const definition = node.kind === 'identifier' ? this.#file.scopes.bindingOf(node)?.onlyDefinition : null
    return definition?.kind === 'parameter' && defaultOf(definition.node)?.kind === 'none'
  }

  #unpacked(statement: PythonNode, target: PythonNode): Kind {
    if (statement.kind !== 'assignment' || !statement.right) return UNKNOWN_KIND
    return partOf(this.kindOf(rightmost(statement.right)), statement.left, target)
  }

  #iterated(node: PythonNode, definition: Definition): Kind {
    const left = node.field('left') as PythonNode | null
    const right = node.field('right') as PythonNode | null
    const element = left && right ? partOf(this.elementOf(right), left, definition.name) : UNKNOWN_KIND
    return element.kind === 'unknown' ? kindOfType(this.#types.typeOfDefinition(definition)) : element
  }

  #attribute(node: PythonNode & { kind: 'attribute' }): Kind {
    const attribute = node.attribute.text
    if (!this.#isOfTime(attribute)) return UNKNOWN_KIND
    const name = this.#qualifiedName(node)
    if (name !== null) return this.project.valueOf(name)
    const origins = pathKey(this.#file, node) === null ? null : this.#paths.originsOf(node)
    if (!origins) return this.#declaredAttribute(node)
    return joinKinds(origins.map((origin) => this.#ofOrigin(origin, () => this.#declaredAttribute(node))))
  }

  #declaredAttribute(node: PythonNode & { kind: 'attribute' }): Kind {
    const attribute = node.attribute.text
    if (attribute === 'tzinfo') {
      const owner = this.kindOf(node.object)
      if (isDatetime(owner)) return owner.kind === 'aware' ? { kind: 'zone', zone: owner.zone } : owner.kind === 'naive' ? NONE_KIND : UNKNOWN_KIND
    }
    const kind = this.project.attributeOf(this.typeOf(node.object), attribute)
    if (kind.kind === 'datetime') {
      const filled = this.#filled(node.object, attribute)
      if (filled.kind !== 'unknown' && filled.kind !== 'none') return filled
    }
    return this.#orByType(node, kind)
  }

  /** The kind with which the attribute of a new object was filled. */
  #filled(object: PythonNode, attribute: string): Kind {
    const made = this.#madeBy(object)
    if (!made) return UNKNOWN_KIND
    const callee = this.#calleeOf(made)
    const instance = madeInstance(this.#view, callee)
    if (!instance) return callee === null ? UNKNOWN_KIND : this.project.filledResult(callee, attribute)
    const filled = filledArgument(this.#view, instance, attribute, this.#argumentsOf(made))
    if (!filled) return UNKNOWN_KIND
    return filled.from === null ? this.kindOf(filled.argument) : this.project.attributeOf(this.typeOf(filled.argument), filled.from)
  }

  /** The call that makes an object, directly or through a local that has no other value. */
  #madeBy(object: PythonNode): CallNode | null {
    let node: PythonNode | null = object
    for (let step = 0; step < MAX_STEPS && node; step++) {
      if (node.kind === 'call') return node
      if (node.kind === 'identifier') node = this.#onlyValueOf(node)
      else if (node.kind === 'await' || node.kind === 'parenthesized_expression') node = node.namedChildren[0] ?? null
      else return null
    }
    return null
  }

  /** The expression whose value a local has, if it can have no other. */
  #onlyValueOf(node: IdentifierNode): PythonNode | null {
    const origins = this.#paths.originsOf(node)
    const from = origins?.length === 1 ? origins[0]!.from : null
    return from instanceof Definition ? from.value : null
  }

  #calleeOf(call: CallNode): string | null {
    const name = this.#qualifiedName(call.function)
    if (name !== null) return name
    const type = this.typeOf(call.function)
    return type.kind === 'function' ? type.name : type.kind === 'class' ? type.class : null
  }

  #call(node: CallNode, isAwaited: boolean): Kind {
    const template = templateText(this, node)
    if (template.kind === 'text') return template
    const called = node.function
    const name = this.#qualifiedName(called)
    const local = name === null && called.kind === 'identifier' ? this.#localResult(called, isAwaited) : null
    if (local) return local
    const method = called.kind === 'attribute' ? called : null
    return kindOfCall(this, { name, receiver: method?.object ?? null, method: method?.attribute.text ?? null }, this.#argumentsOf(node), isAwaited)
  }

  /** What a function gives that is defined in a function; `null` if the name is none of one. */
  #localResult(called: IdentifierNode, isAwaited: boolean): Kind | null {
    const definition = this.#file.scopes.bindingOf(called)?.onlyDefinition
    if (definition?.value?.kind === 'lambda') return this.kindOf(definition.value.body)
    if (definition?.kind !== 'function' || definition.node.kind !== 'function_definition') return null
    const { node } = definition
    if ((node.children[0]?.kind === 'async') !== isAwaited) return UNKNOWN_KIND
    const returned: Kind[] = []
    for (const part of ownCode(node.body)) {
      if (part.kind === 'yield') return UNKNOWN_KIND
      if (part.kind === 'return_statement') returned.push(part.namedChildren[0] ? this.kindOf(part.namedChildren[0]) : NONE_KIND)
    }
    return joinKinds(returned)
  }

  #argumentsOf(call: CallNode): Arguments<PythonNode> {
    const keywords = keywordArguments(call)
    return { positional: positionalArguments(call), keyword: (name) => keywords.get(name), isOpen: hasSplat(call) }
  }

  #subscript(node: PythonNode & { kind: 'subscript' }): Kind {
    const [index] = node.subscript
    if (!index || node.subscript.length !== 1) return UNKNOWN_KIND
    const kind = this.kindOf(node.value)
    if (kind.kind === 'tuple') {
      const position = this.constantOf(index)
      return typeof position === 'number' ? (kind.items.at(position) ?? UNKNOWN_KIND) : UNKNOWN_KIND
    }
    if (kind.kind === 'unknown' && index.kind !== 'slice' && typeof this.constantOf(index) === 'number') return this.#item(node.value)
    if (kind.kind !== 'text' || index.kind !== 'slice') return UNKNOWN_KIND
    const length = /^\s*:\s*(\d+)\s*$/.exec(index.text)?.[1]
    if (length === undefined) return UNKNOWN_KIND
    const isDay = kind.method === 'isoformat' || kind.method === 'str'
    return changedText(kind, `[${index.text}]`, kind.isSortableDate || (isDay && Number(length) <= 10))
  }

  /** What is in a collection that is written out there, or sorted. */
  #item(node: PythonNode): Kind {
    const { kind } = this.#collectionBehind(node)
    return kind === 'list' || kind === 'list_comprehension' || kind === 'call' ? this.elementOf(node) : UNKNOWN_KIND
  }

  #qualifiedName(node: PythonNode): string | null {
    const name = this.#file.names.nameOf(node.index)
    return name === null ? null : this.#view.resolveName(name)
  }

  #first(node: PythonNode, kindOf: (inner: PythonNode) => Kind): Kind {
    const inner = node.namedChildren.find(({ kind }) => kind !== 'comment')
    return inner ? kindOf(inner) : UNKNOWN_KIND
  }
}

const NO_ARGUMENTS: Arguments<PythonNode> = { positional: [], keyword: () => undefined, isOpen: false }

/** Longer chains of locals are not followed. */
const MAX_STEPS = 10

function isString({ kind }: PythonNode): boolean {
  return kind === 'string' || kind === 'concatenated_string'
}

function operatorOf(node: PythonNode): string {
  return node.field('operator')?.text.replace(/=$/, '') ?? ''
}

function defaultOf(parameter: PythonNode): PythonNode | null {
  return parameter.kind === 'default_parameter' || parameter.kind === 'typed_default_parameter' ? parameter.value : null
}
