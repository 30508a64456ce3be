import type { FunctionFact } from '../facts/module-fact-types.ts'
import type { PythonProject } from '../project/python-project.ts'
import type { TypeEvaluator } from '../types/evaluator.ts'
import { NONE_TYPE, instanceOf, isNoneType, membersOf } from '../types/type.ts'
import type { Type } from '../types/type.ts'
import { withoutLocals } from '../values/parts.ts'
import { constantOf } from '../values/constant.ts'
import type { Constant } from '../values/constant.ts'
import type { CallValue, Value } from '../values/value.ts'
import { kindOfCall } from './calls.ts'
import type { Called } from './calls.ts'
import { NONE_KIND, UNKNOWN_KIND, joinKinds } from './kind.ts'
import type { Kind } from './kind.ts'
import { SAME_ELEMENTS } from './library-calls.ts'
import { refined } from './narrowing.ts'
import type { Awareness } from './narrowing.ts'
import { binaryKind, unaryKind } from './operators.ts'
import type { Arguments, KindProject, Reading } from './reading.ts'
import { templateKind } from './template-texts.ts'
import { awarenessTest } from './value-tests.ts'

/** Where a value of a fact stands. */
export interface Place {
  readonly path: string
  /** The function whose parameters the value can mention. */
  readonly function: FunctionFact | null
  /** The class whose `self` it can mention. */
  readonly owner: string | null
  /** What conditions around say of parts, by their JSON. */
  readonly narrowed: ReadonlyMap<string, Awareness>
}

const FIRST: Value = { kind: 'literal', type: 'integer', value: 0 }

export const NOTHING_NARROWED: ReadonlyMap<string, Awareness> = new Map()

/** The kinds of the values of one place. Their names are absolute. */
export class ValueReading implements Reading<Value> {
  readonly project: KindProject
  readonly #view: PythonProject
  readonly #types: TypeEvaluator
  readonly #place: Place
  readonly #attributeOfType: (type: Type, attribute: string) => Kind
  readonly #annotated: (annotation: Value) => Kind

  constructor(
    project: KindProject,
    view: PythonProject,
    types: TypeEvaluator,
    place: Place,
    attributeOfType: (type: Type, attribute: string) => Kind,
    annotated: (annotation: Value) => Kind,
  ) {
    this.project = project
    this.#view = view
    this.#types = types
    this.#place = place
    this.#attributeOfType = attributeOfType
    this.#annotated = annotated
  }

  kindOf(value: Value): Kind {
    const kind = this.#compute(value, false)
    const awareness = this.#place.narrowed.size > 0 ? this.#place.narrowed.get(JSON.stringify(value)) : undefined
    return awareness ? refined(kind, { awareness, instanceTests: [] }, true) : kind
  }

  elementOf(value: Value): Kind {
    if (value.kind === 'list' || value.kind === 'tuple' || value.kind === 'set') return value.open ? UNKNOWN_KIND : joinKinds(value.items.map((item) => this.kindOf(item)))
    if (value.kind === 'call' && value.callee !== null && SAME_ELEMENTS.has(value.callee) && value.arguments[0]) return this.elementOf(value.arguments[0])
    if (value.kind !== 'comprehension' || value.type === 'dict') return UNKNOWN_KIND
    const { element, loop } = value
    // Each element is what the first one is.
    return this.kindOf(loop ? withoutLocals(element, (name) => (name === loop.name ? { kind: 'subscript', object: loop.over, index: [FIRST] } : null)) : element)
  }

  constantOf(value: Value): Constant | undefined {
    return constantOf(value, (name) => (name.kind === 'name' ? (this.#view.valueOf(name.name) ?? name) : name), this.#view)
  }

  mayBeNone(value: Value): boolean {
    if (value.kind !== 'local' || !value.isParameter) return false
    const parameter = this.#place.function?.parameters.find(({ name }) => name === value.name)
    if (parameter?.default?.kind === 'literal' && parameter.default.type === 'none') return true
    return membersOf(this.typeOf(value)).some(isNoneType)
  }

  typeOf(value: Value): Type {
    const { owner, function: fact, path } = this.#place
    const receiver = owner === null ? null : fact?.method === 'class' ? ({ kind: 'class', class: owner, args: [] } as const) : instanceOf(owner)
    return value.kind === 'literal' && value.type === 'none' ? NONE_TYPE : this.#types.ofLocalValue(value, { function: fact, path, receiver })
  }

  written(value: Value): string {
    return JSON.stringify(value)
  }

  argumentsOf(call: CallValue): Arguments<Value> {
    return { positional: call.arguments, keyword: (name) => (Object.hasOwn(call.keywords, name) ? call.keywords[name] : undefined), isOpen: call.open }
  }

  #compute(value: Value, isAwaited: boolean): Kind {
    switch (value.kind) {
      case 'literal':
        return value.type === 'none' ? NONE_KIND : UNKNOWN_KIND
      case 'name':
        return this.project.valueOf(value.name)
      case 'local':
        return this.#parameter(value.name, value.isParameter)
      case 'attribute':
        return this.#attribute(value.object, value.attribute)
      case 'call':
        return kindOfCall(this, this.#calledBy(value), this.argumentsOf(value), isAwaited)
      case 'await':
        return this.#compute(value.operand, true)
      case 'binary':
        return binaryKind(this, value.operator, value.left, value.right)
      case 'unary':
        return unaryKind(value.operator, this.kindOf(value.operand))
      case 'boolean':
        return value.operator === 'or' ? joinKinds([this.kindOf(value.left), this.kindOf(value.right)]) : this.kindOf(value.right)
      case 'conditional':
        return this.#conditional(value.test, value.then, value.else)
      case 'tuple':
        return value.open ? UNKNOWN_KIND : { kind: 'tuple', items: value.items.map((item) => this.kindOf(item)) }
      case 'subscript':
        return this.#subscript(value.object, value.index)
      case 'format':
        return this.#template(value.parts)
      default:
        return UNKNOWN_KIND
    }
  }

  /** An f-string that begins with its only value. */
  #template([value, rest, ...others]: readonly Value[]): Kind {
    if (!value || value.kind === 'literal' || others.length > 0 || (rest && rest.kind !== 'literal')) return UNKNOWN_KIND
    return templateKind(this.kindOf(value), '', typeof rest?.value === 'string' ? rest.value : '')
  }

  #conditional(test: Value, then: Value, otherwise: Value): Kind {
    const found = awarenessTest(test)
    if (!found) return joinKinds([this.kindOf(then), this.kindOf(otherwise)])
    return joinKinds([this.#narrowed(found.subject, found.ifTrue).kindOf(then), this.#narrowed(found.subject, found.ifTrue === 'aware' ? 'naive' : 'aware').kindOf(otherwise)])
  }

  #narrowed(subject: Value, awareness: Awareness): ValueReading {
    const narrowed = new Map([...this.#place.narrowed, [JSON.stringify(subject), awareness] as const])
    return new ValueReading(this.project, this.#view, this.#types, { ...this.#place, narrowed }, this.#attributeOfType, this.#annotated)
  }

  #parameter(name: string, isParameter: boolean): Kind {
    const parameter = isParameter ? this.#place.function?.parameters.find((candidate) => candidate.name === name) : undefined
    if (!parameter || parameter.kind.startsWith('var-')) return UNKNOWN_KIND
    const annotated = parameter.annotation ? this.#annotated(parameter.annotation) : UNKNOWN_KIND
    if (annotated.kind !== 'unknown' || !parameter.default) return annotated
    const byDefault = this.kindOf(this.#view.value(parameter.default, this.#place.path))
    return byDefault.kind === 'zone' ? byDefault : UNKNOWN_KIND
  }

  #attribute(object: Value, attribute: string): Kind {
    const owner = this.kindOf(object)
    if (attribute === 'tzinfo' && owner.kind === 'aware') return { kind: 'zone', zone: owner.zone }
    return owner.kind === 'unknown' ? this.#attributeOfType(this.typeOf(object), attribute) : UNKNOWN_KIND
  }

  #calledBy({ callee, function: called }: CallValue): Called<Value> {
    if (callee !== null) return { name: callee, receiver: null, method: null }
    return called?.kind === 'attribute' ? { name: null, receiver: called.object, method: called.attribute } : { name: null, receiver: null, method: null }
  }

  #subscript(object: Value, index: readonly Value[]): Kind {
    const kind = this.kindOf(object)
    const position = index.length === 1 ? this.constantOf(index[0]!) : undefined
    if (kind.kind === 'unknown' && typeof position === 'number' && (object.kind === 'call' || object.kind === 'comprehension' || object.kind === 'list')) return this.elementOf(object)
    return kind.kind === 'tuple' && typeof position === 'number' ? (kind.items.at(position) ?? UNKNOWN_KIND) : UNKNOWN_KIND
  }
}
