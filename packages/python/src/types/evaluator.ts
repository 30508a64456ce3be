import type { FunctionFact, MemberFact, ParameterFact } from '../facts/module-fact-types.ts'
import { instanceAttributesFact } from '../facts/instance-attributes.ts'
import type { AttributeAssignment } from '../facts/instance-attributes.ts'
import { LIBRARY_CLASS_BASES } from '../data/library-classes.ts'
import { isModelClass } from '../frameworks/sqlalchemy/model-classes.ts'
import type { PythonProject } from '../project/python-project.ts'
import { looksLikeClass } from '../values/instance-class.ts'
import { isCallOf } from '../values/value.ts'
import type { CallValue, Value } from '../values/value.ts'
import { NO_VARIABLES, literalType, typeOfAnnotation } from './annotations.ts'
import type { TypeVariables } from './annotations.ts'
import { awaitedOf, itemOf, subscriptOf, yieldedBy } from './containers.ts'
import { columnType } from './columns.ts'
import { Guard } from './guard.ts'
import { classVariables, functionVariables } from './generics.ts'
import { libraryFunction, libraryMember } from './library-members.ts'
import { binaryType } from './operators.ts'
import { evaluateType } from './type-expression.ts'
import type { CallTypes } from './type-expression.ts'
import { NONE_TYPE, UNKNOWN_TYPE, classType, functionType, instanceOf, isNoneType, knownOrUnknown, mapMembers, membersOf, unionOf, withoutNone } from './type.ts'
import type { Type } from './type.ts'

/** The arguments of a call, typed when a result depends on them. */
export interface CallArguments {
  readonly count: number
  positional(position: number): Type
  /** `undefined` if it is not given. */
  keyword(name: string): Type | undefined
}

/** Where a value of a fact stands: what its parameters mean. */
export interface ValueContext {
  /** The function whose locals the value can mention. */
  readonly function: FunctionFact | null
  readonly path: string
  /** What `self` or `cls` is. */
  readonly receiver: Type | null
  readonly variables: TypeVariables
}

/**
 * The types of names, attributes and calls across the project, by what definitions say: annotations, constructors, assignments to `self`, `return`
 * statements, and the tables of libraries. Unknown stays unknown.
 */
export class TypeEvaluator {
  readonly #project: PythonProject
  readonly #guard: Guard<string>

  constructor(project: PythonProject) {
    this.#project = project
    this.#guard = Guard.ofTypes(true, project.tracker)
  }

  /** The evaluator of all checks of files that see the project as this one does. Indexes have their own: a question of theirs can come up within one of a check. */
  static kept(project: PythonProject): TypeEvaluator {
    return project.kept('python/types', (kept) => new TypeEvaluator(kept))
  }

  /** The type of an annotation with absolute names. */
  ofAnnotation(annotation: Value, variables: TypeVariables = NO_VARIABLES): Type {
    return typeOfAnnotation(annotation, this.#project, variables)
  }

  /** The type behind an absolute qualified name, attributes of variables included. */
  ofName(name: string): Type {
    return this.#guard.run(name, () => this.#ofName(name))
  }

  /** The type of an attribute. */
  attribute(type: Type, name: string): Type {
    return mapMembers(withoutNone(type), (member) => this.#attributeOf(member, name))
  }

  /** What a call gives. */
  call(type: Type, callArguments: CallArguments): Type {
    return mapMembers(type, (member) => this.#callOf(member, callArguments))
  }

  /** What `with x as y` binds to `y`. */
  entered(type: Type, isAsync: boolean): Type {
    return mapMembers(type, (member) => this.#enteredOf(member, isAsync))
  }

  /** The type of a parameter as its function declares it: annotation, `self`, `Depends(...)`. */
  parameter(fact: FunctionFact, path: string, name: string, receiver: Type | null, variables: TypeVariables = NO_VARIABLES): Type {
    const parameter = fact.parameters.find((candidate) => candidate.name === name)
    if (!parameter) return UNKNOWN_TYPE
    if (receiver && parameter === fact.parameters[0] && !parameter.annotation && fact.method !== undefined && fact.method !== 'static') return receiver
    return this.#declared(parameter, path, variables)
  }

  /** The type of what a function gives to FastAPI's `Depends`: generators give what they yield, coroutines what `await` gives. */
  dependency(name: string): Type {
    const type = this.ofName(name)
    const given = this.call(type, NO_ARGUMENTS)
    const awaited = mapMembers(given, (member) => (member.kind === 'instance' && member.class === 'typing.Coroutine' ? awaitedOf(member) : member))
    return mapMembers(awaited, (member) => (member.kind === 'instance' && GENERATORS.has(member.class) ? yieldedBy(member) : member))
  }

  /** The type of a value with absolute names that stands in a function. */
  ofLocalValue(value: Value, context: Omit<ValueContext, 'variables'>): Type {
    const { receiver } = context
    const variables = receiver?.kind === 'instance' || receiver?.kind === 'class' ? classVariables(this.#project, receiver, receiver.class) : NO_VARIABLES
    return knownOrUnknown(this.#ofValue(value, { ...context, variables }))
  }

  #ofName(name: string): Type {
    const definition = this.#project.definition(name)
    switch (definition?.kind) {
      case 'module':
        return { kind: 'module', name: definition.name }
      case 'class':
        return classType(definition.name)
      case 'function':
        return functionType(definition.name)
      case 'variable': {
        const { annotation, value, rebound } = definition.fact
        const { path } = definition
        const dot = definition.name.lastIndexOf('.')
        const owner = dot < 0 ? null : this.#project.definition(definition.name.slice(0, dot))
        if (owner?.kind === 'class') return this.#attributeOf(classType(owner.name), definition.name.slice(dot + 1))
        if (annotation) {
          const declared = this.ofAnnotation(this.#project.value(annotation, path))
          if (declared.kind !== 'unknown') return declared
        }
        return value && !rebound ? this.#ofValue(this.#project.value(value, path), { ...MODULE_CONTEXT, path }) : UNKNOWN_TYPE
      }
    }
    const dot = name.lastIndexOf('.')
    if (dot > 0 && this.#isObject(name.slice(0, dot))) return this.attribute(this.ofName(name.slice(0, dot)), name.slice(dot + 1))
    return this.#ofLibraryName(name)
  }

  /** Whether some beginning of the name is defined in the project, so that the rest are attributes. */
  #isObject(name: string): boolean {
    for (let end = name.length; end > 0; end = name.lastIndexOf('.', end - 1)) {
      const definition = this.#project.definition(name.slice(0, end))
      if (definition) return definition.kind !== 'module' || end === name.length
    }
    return false
  }

  #ofLibraryName(name: string): Type {
    if (libraryFunction(name) !== undefined) return functionType(name)
    if (Object.hasOwn(LIBRARY_CLASS_BASES, name) || looksLikeClass(name)) return classType(name)
    const dot = name.lastIndexOf('.')
    const owner = name.slice(0, Math.max(0, dot))
    if (libraryMember(owner, name.slice(dot + 1))) return this.attribute(classType(owner), name.slice(dot + 1))
    return functionType(name)
  }

  #attributeOf(type: Type, name: string): Type {
    if (type.kind === 'module') return this.ofName(`${type.name}.${name}`)
    if (type.kind !== 'instance' && type.kind !== 'class') return UNKNOWN_TYPE
    const member = this.#project.member(type.class, name)
    if (member) {
      if (type.kind === 'instance' && isDeclared(member.fact)) {
        const related = this.#related(type.class, name)
        if (related.kind !== 'unknown') return related
      }
      const known = this.#memberType(type, member.owner, name, member.fact, member.path)
      const mayRelate = known.kind === 'unknown' && member.fact.kind === 'variable' && member.fact.value?.kind === 'call'
      return mayRelate && type.kind === 'instance' ? this.#related(type.class, name) : known
    }
    const fromSelf = type.kind === 'instance' ? this.#instanceAttribute(type, name) : UNKNOWN_TYPE
    const known = fromSelf.kind === 'unknown' ? this.#libraryAttribute(type, name) : fromSelf
    return known.kind === 'unknown' && type.kind === 'instance' ? this.#related(type.class, name) : known
  }

  /** What a relationship of a model leads to that has no annotation, or is the `backref` of another one. */
  #related(className: string, name: string): Type {
    if (!isModelClass(this.#project, className)) return UNKNOWN_TYPE
    const relationship = this.#project.model(className)?.relationships.find(({ attribute }) => attribute === name)
    if (!relationship?.target || relationship.lazy === 'write_only') return UNKNOWN_TYPE
    const { target, uselist, direction, lazy } = relationship
    if (lazy === 'dynamic') return instanceOf('sqlalchemy.orm.Query', [instanceOf(target)])
    const isMany = uselist ?? (direction === null ? null : direction !== 'many-to-one')
    if (isMany === null) return UNKNOWN_TYPE
    return isMany ? instanceOf('builtins.list', [instanceOf(target)]) : instanceOf(target)
  }

  #memberType(type: Type & { kind: 'instance' | 'class' }, owner: string, name: string, fact: MemberFact, path: string): Type {
    const isInstance = type.kind === 'instance'
    switch (fact.kind) {
      case 'class':
        return classType(`${owner}.${name}`)
      case 'alias': {
        const target = this.#project.resolveName(fact.target, path)
        return target === null ? UNKNOWN_TYPE : this.ofName(target)
      }
      case 'function':
        if (fact.method === 'property') return isInstance ? this.#returned(`${owner}.${name}`, type, NO_ARGUMENTS) : UNKNOWN_TYPE
        return functionType(`${owner}.${name}`, type)
      case 'variable': {
        if (!isInstance && !name.startsWith('_') && this.#project.isSubclassOf(type.class, ENUMS) === true) return instanceOf(type.class)
        const value = fact.value && this.#project.value(fact.value, path)
        const annotation = fact.annotation && this.#project.value(fact.annotation, path)
        const column = columnType({ annotation, value, isInstance, annotated: (inner) => this.ofAnnotation(inner, classVariables(this.#project, type, owner)) })
        if (column) return column
        if (annotation) {
          const declared = this.ofAnnotation(annotation, classVariables(this.#project, type, owner))
          if (declared.kind !== 'unknown') return declared
        }
        return value && !fact.rebound ? this.#ofValue(value, { ...MODULE_CONTEXT, path }) : UNKNOWN_TYPE
      }
    }
  }

  /** An attribute that methods give to `self`: the annotation if there is one, else all assignments together. */
  #instanceAttribute(type: Type & { kind: 'instance' }, name: string): Type {
    for (const owner of this.#project.ancestors(type.class).names) {
      const definition = this.#project.definition(owner)
      if (definition?.kind !== 'class') continue
      const ofClass = this.#project.part(instanceAttributesFact, definition.path, this.#project.pathInModule(owner, definition.path))
      const assignments = ofClass && Object.hasOwn(ofClass, name) ? ofClass[name] : undefined
      if (assignments) {
        const variables = classVariables(this.#project, type, owner)
        return this.#guard.run(`self ${owner}.${name}${keyOf(variables)}`, () => this.#assigned(assignments, owner, definition.path, variables))
      }
    }
    return UNKNOWN_TYPE
  }

  #assigned(assignments: readonly AttributeAssignment[], owner: string, path: string, variables: TypeVariables): Type {
    const annotation = assignments.find((assignment) => assignment.annotation)?.annotation
    if (annotation) {
      const declared = this.ofAnnotation(this.#project.value(annotation, path), variables)
      if (declared.kind !== 'unknown') return declared
    }
    return unionOf(
      assignments.map(({ method, value }) => {
        if (!value) return UNKNOWN_TYPE
        const member = this.#project.member(owner, method)
        const fact = member?.fact.kind === 'function' ? member.fact : null
        return withoutLiteral(this.#ofValue(this.#project.value(value, path), { function: fact, path, receiver: instanceOf(owner), variables }))
      }),
    )
  }

  #libraryAttribute(type: Type & { kind: 'instance' | 'class' }, name: string): Type {
    for (const owner of this.#project.ancestors(type.class).names) {
      const member = libraryMember(owner, name)
      if (!member) continue
      if (member.isCallable) return functionType(`${owner}.${name}`, type)
      return evaluateType(member.type, this.#callTypes(type, NO_ARGUMENTS))
    }
    if (name === 'query' && type.kind === 'class' && this.#isFlaskModel(type.class)) return instanceOf('sqlalchemy.orm.Query', [instanceOf(type.class)])
    return UNKNOWN_TYPE
  }

  #isFlaskModel(className: string): boolean {
    return this.#project.isSubclassOf(className, ['flask_sqlalchemy.SQLAlchemy().Model']) === true
  }

  #callOf(type: Type, callArguments: CallArguments): Type {
    if (type.kind === 'class') return this.#constructed(type, callArguments)
    if (type.kind === 'function') return this.#returned(type.name, type.receiver, callArguments)
    if (type.kind !== 'instance') return UNKNOWN_TYPE
    const method = this.#attributeOf(type, '__call__')
    return method.kind === 'function' ? this.#callOf(method, callArguments) : UNKNOWN_TYPE
  }

  #constructed(type: Type & { kind: 'class' }, callArguments: CallArguments): Type {
    const known = libraryFunction(type.class)
    if (known) return evaluateType(known, this.#callTypes(UNKNOWN_TYPE, callArguments))
    if (type.class === 'builtins.list' || type.class === 'builtins.set' || type.class === 'builtins.frozenset') {
      return instanceOf(type.class, callArguments.count === 0 ? [] : [itemOf(callArguments.positional(0))])
    }
    return instanceOf(type.class, type.args)
  }

  #returned(name: string, receiver: Type | null, callArguments: CallArguments): Type {
    const dot = name.lastIndexOf('.')
    const known = libraryFunction(name) ?? libraryMember(name.slice(0, dot), name.slice(dot + 1))?.type
    if (known) return evaluateType(known, this.#callTypes(receiver ?? UNKNOWN_TYPE, callArguments))
    const definition = this.#project.definition(name)
    if (definition?.kind !== 'function') return UNKNOWN_TYPE
    const { fact, path } = definition
    const owner = name.slice(0, dot)
    const variables = new Map([
      ...(receiver && (receiver.kind === 'instance' || receiver.kind === 'class') ? classVariables(this.#project, receiver, owner) : NO_VARIABLES),
      ...functionVariables(this.#project, fact, path, receiver, callArguments),
    ])
    if (receiver && receiver.kind !== 'unknown') variables.set('typing.Self', receiver.kind === 'class' ? instanceOf(receiver.class, receiver.args) : receiver)
    return this.#result(fact, path, name, receiver, variables)
  }

  #result(fact: FunctionFact, path: string, name: string, receiver: Type | null, variables: TypeVariables): Type {
    const body = this.#bodyResult(fact, path, name, receiver, variables)
    for (const decorator of fact.decorators) {
      const made = this.#project.value(decorator, path)
      if (made.kind !== 'name') continue
      if (made.name === 'contextlib.contextmanager') return instanceOf(CONTEXT_MANAGER, [yieldedBy(body)])
      if (made.name === 'contextlib.asynccontextmanager') return instanceOf(ASYNC_CONTEXT_MANAGER, [yieldedBy(body)])
    }
    return fact.async && !fact.generator ? instanceOf('typing.Coroutine', [body]) : body
  }

  /** What the body gives: as annotated, or what it returns and yields. */
  #bodyResult(fact: FunctionFact, path: string, name: string, receiver: Type | null, variables: TypeVariables): Type {
    if (fact.returnAnnotation) return this.ofAnnotation(this.#project.value(fact.returnAnnotation, path), variables)
    const context: ValueContext = { function: fact, path, receiver, variables }
    const evaluate = (values: readonly Value[]) => values.map((value) => withoutLiteral(this.#ofValue(this.#project.value(value, path), context)))
    return this.#guard.run(`result ${name} of ${receiver?.kind === 'instance' ? receiver.class : ''}${keyOf(variables)}`, () => {
      if (fact.generator) return instanceOf(fact.async ? 'collections.abc.AsyncGenerator' : 'collections.abc.Generator', [unionOf(evaluate(fact.yields ?? []))])
      if (fact.returnsOpen) return UNKNOWN_TYPE
      return unionOf([...evaluate(fact.returns), ...(fact.fallsOff ? [NONE_TYPE] : [])])
    })
  }

  #enteredOf(type: Type, isAsync: boolean): Type {
    if (type.kind !== 'instance') return UNKNOWN_TYPE
    if (type.class === CONTEXT_MANAGER || type.class === ASYNC_CONTEXT_MANAGER) return type.args[0] ?? UNKNOWN_TYPE
    const method = this.#attributeOf(type, isAsync ? '__aenter__' : '__enter__')
    if (method.kind === 'function') {
      const given = this.#callOf(method, NO_ARGUMENTS)
      const entered = isAsync ? awaitedOf(given) : given
      return entered.kind === 'unknown' ? UNKNOWN_TYPE : entered
    }
    if (this.#project.definition(type.class)) return this.#project.ancestors(type.class).complete ? UNKNOWN_TYPE : type
    return ENTERS_ITSELF_NOT.has(type.class) ? UNKNOWN_TYPE : type
  }

  #declared(parameter: ParameterFact, path: string, variables: TypeVariables): Type {
    const annotation = parameter.annotation && this.#project.value(parameter.annotation, path)
    const declared = annotation ? this.ofAnnotation(annotation, variables) : UNKNOWN_TYPE
    if (declared.kind !== 'unknown') {
      if (parameter.kind === 'var-positional') return instanceOf('builtins.list', [declared])
      if (parameter.kind === 'var-keyword') return instanceOf('builtins.dict', [instanceOf('builtins.str'), declared])
      return declared
    }
    const marker = (annotation && dependsIn(annotation)) ?? (parameter.default && dependsCall(this.#project.value(parameter.default, path)))
    const target = marker?.arguments[0] ?? marker?.keywords['dependency']
    return target?.kind === 'name' ? this.dependency(target.name) : UNKNOWN_TYPE
  }

  #ofValue(value: Value, context: ValueContext): Type {
    return this.#guard.deepen(() => this.#evaluate(value, context))
  }

  #evaluate(value: Value, context: ValueContext): Type {
    const inner = (part: Value): Type => this.#ofValue(part, context)
    switch (value.kind) {
      case 'literal':
        return literalType(value)
      case 'name':
        return this.ofName(value.name)
      case 'local':
        return value.isParameter && context.function
          ? this.parameter(context.function, context.path, value.name, context.receiver, context.variables)
          : UNKNOWN_TYPE
      case 'attribute':
        return this.attribute(inner(value.object), value.attribute)
      case 'call':
        return this.#callValue(value, context)
      case 'subscript':
        return subscriptOf(inner(value.object), positionOf(value.index))
      case 'await':
        return awaitedOf(inner(value.operand))
      case 'tuple':
        return value.open ? instanceOf('builtins.tuple') : instanceOf('builtins.tuple', value.items.map(inner))
      case 'list':
      case 'set':
        return instanceOf(`builtins.${value.kind}`, value.open || value.items.length === 0 ? [] : [unionOf(value.items.map((item) => withoutLiteral(inner(item))))])
      case 'dict':
        return instanceOf('builtins.dict', value.open || value.entries.length === 0 ? [] : [
          unionOf(value.entries.map(([key]) => withoutLiteral(inner(key)))),
          unionOf(value.entries.map(([, item]) => withoutLiteral(inner(item)))),
        ])
      case 'comprehension':
        return value.type === 'generator' ? instanceOf('collections.abc.Iterator') : instanceOf(`builtins.${value.type}`)
      case 'conditional':
        return unionOf([inner(value.then), inner(value.else)])
      case 'boolean':
        return value.operator === 'or' ? unionOf([withoutNone(inner(value.left)), inner(value.right)]) : unionOf([inner(value.left), inner(value.right)])
      case 'compare':
        return membersOf(inner(value.operands[0]!)).some((member) => member.kind === 'unknown') ? UNKNOWN_TYPE : instanceOf('builtins.bool')
      case 'binary':
        return binaryType(value.operator, inner(value.left), inner(value.right))
      case 'unary':
        return value.operator === 'not' ? instanceOf('builtins.bool') : withoutLiteral(inner(value.operand))
      case 'format':
        return instanceOf('builtins.str')
      default:
        return UNKNOWN_TYPE
    }
  }

  #callValue(value: CallValue, context: ValueContext): Type {
    if (value.callee === 'typing.cast' && value.arguments[0]) return this.ofAnnotation(value.arguments[0], context.variables)
    if (value.callee === 'builtins.super' && context.receiver?.kind === 'instance') return UNKNOWN_TYPE
    const callee = value.callee === null ? (value.function ? this.#ofValue(value.function, context) : UNKNOWN_TYPE) : this.ofName(value.callee)
    const typed = (argument: Value | undefined): Type => (argument ? this.#ofValue(argument, context) : UNKNOWN_TYPE)
    return this.call(callee, {
      count: value.open ? 0 : value.arguments.length,
      positional: (position) => (value.open ? UNKNOWN_TYPE : typed(value.arguments[position])),
      keyword: (name) => (Object.hasOwn(value.keywords, name) ? typed(value.keywords[name]) : undefined),
    })
  }

  #callTypes(receiver: Type, callArguments: CallArguments): CallTypes {
    return {
      receiver,
      argumentCount: callArguments.count,
      argument: (position) => callArguments.positional(position),
      keyword: (name) => callArguments.keyword(name),
      itemOf,
      awaitedOf,
    }
  }
}

/** A call without arguments that matter. */
export const NO_ARGUMENTS: CallArguments = { count: 0, positional: () => UNKNOWN_TYPE, keyword: () => undefined }

const MODULE_CONTEXT: ValueContext = { function: null, path: '', receiver: null, variables: NO_VARIABLES }

/** What type variables stand for, as part of a question. */
function keyOf(variables: TypeVariables): string {
  return variables.size === 0 ? '' : JSON.stringify([...variables])
}

/** `Annotated[X, Depends(f)]`: the call of `Depends`. */
function dependsIn(annotation: Value): CallValue | undefined {
  if (annotation.kind !== 'subscript' || annotation.object.kind !== 'name' || annotation.object.name !== 'typing.Annotated') return undefined
  for (const part of annotation.index) {
    const call = dependsCall(part)
    if (call) return call
  }
  return undefined
}

function dependsCall(value: Value): CallValue | undefined {
  return isCallOf(value, 'fastapi.Depends', 'fastapi.Security') ? value : undefined
}

function positionOf(index: readonly Value[]): number | null {
  const [only] = index
  return index.length === 1 && only?.kind === 'literal' && typeof only.value === 'number' ? only.value : null
}

/** A variable that was once bound to a literal need not keep its value. */
export function withoutLiteral(type: Type): Type {
  if (type.kind === 'union') return unionOf(type.members.map(withoutLiteral))
  return type.kind === 'instance' && type.literal !== undefined && !isNoneType(type) ? instanceOf(type.class, type.args) : type
}

const CONTEXT_MANAGER = 'contextlib.AbstractContextManager'
const ASYNC_CONTEXT_MANAGER = 'contextlib.AbstractAsyncContextManager'
const GENERATORS: ReadonlySet<string> = new Set(
  ['Generator', 'Iterator', 'AsyncGenerator', 'AsyncIterator'].map((name) => `collections.abc.${name}`),
)
const ENUMS = ['enum.Enum'] as const
/** Library classes whose `with` gives something else than themselves. */
const ENTERS_ITSELF_NOT: ReadonlySet<string> = new Set(['sqlalchemy.orm.SessionTransaction', 'threading.Lock', 'asyncio.Lock', 'decimal.Context', 'tempfile.TemporaryDirectory', 'tempfile.NamedTemporaryFile'])

/** A relationship or column that a mixin makes: `@declared_attr`. */
function isDeclared(fact: MemberFact): boolean {
  return fact.kind === 'function' && fact.decorators.some((decorator) => decorator.kind === 'name' && decorator.name.includes('declared_attr'))
}
