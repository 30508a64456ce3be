import { instanceAttributesFact } from '../facts/instance-attributes.ts'
import type { AttributeAssignment } from '../facts/instance-attributes.ts'
import type { FunctionFact, MemberFact } from '../facts/module-fact-types.ts'
import { modelClassKind } from '../frameworks/sqlalchemy/model-classes.ts'
import type { PythonProject } from '../project/python-project.ts'
import { lastPart, matchesEntry, withoutLastPart } from '../shared/dotted-name.ts'
import { TypeEvaluator } from '../types/evaluator.ts'
import { Guard } from '../types/guard.ts'
import { membersOf, withoutNone } from '../types/type.ts'
import type { Type } from '../types/type.ts'
import { isCallOf } from '../values/value.ts'
import type { Value } from '../values/value.ts'
import { readTemporalColumn } from './columns.ts'
import type { TemporalColumn } from './columns.ts'
import { kindOfType } from './declared.ts'
import { filledArgument, generatedFields, madeInstance } from './filled-fields.ts'
import { guardedReturnsFact } from './guarded-returns.ts'
import type { GuardedValue } from './guarded-returns.ts'
import { NONE_KIND, UNKNOWN_KIND, isDecided, joinKinds } from './kind.ts'
import type { Kind } from './kind.ts'
import { libraryValue } from './library-calls.ts'
import { refined } from './narrowing.ts'
import type { InstanceTest } from './narrowing.ts'
import type { FunctionResult, KindProject } from './reading.ts'
import type { KindSettings } from './settings.ts'
import { NOTHING_NARROWED, ValueReading } from './value-reading.ts'
import type { Place } from './value-reading.ts'
import { NAMED_ZONES } from './zones.ts'

/** More models that a mixin goes into are not looked at. */
const MAX_MODELS = 50

/** The kinds of names, attributes and results across the project, by what definitions say. */
export class KindEvaluator implements KindProject {
  readonly #project: PythonProject
  readonly #settings: KindSettings
  readonly #types: TypeEvaluator
  readonly #guard: Guard<string, Kind>

  constructor(
    project: PythonProject,
    settings: KindSettings,
    readonly findDjangoNow: () => Kind,
  ) {
    this.#project = project
    this.#settings = settings
    this.#types = new TypeEvaluator(project)
    this.#guard = new Guard(true, NONE_KIND, UNKNOWN_KIND, project.tracker)
  }

  /** The project as the evaluator sees it. */
  get project(): PythonProject {
    return this.#project
  }

  get djangoNow(): Kind {
    return this.findDjangoNow()
  }

  isNormalizer(name: string): boolean {
    return this.#settings.normalizers.some((entry) => matchesEntry(name, entry))
  }

  typeOfName(name: string): Type {
    return this.#types.ofName(name)
  }

  methodOf(className: string, method: string): string | null {
    const member = this.#project.member(className, method)
    return member?.fact.kind === 'function' ? `${member.owner}.${method}` : null
  }

  valueOf(name: string): Kind {
    const known = libraryValue(name)
    if (known) return known
    const zone = Object.hasOwn(NAMED_ZONES, name) ? NAMED_ZONES[name] : undefined
    if (zone) return { kind: 'zone', zone }
    return this.#guard.run(name, () => this.#valueOf(name))
  }

  #valueOf(name: string): Kind {
    const definition = this.#project.definition(name)
    const owner = withoutLastPart(name)
    if (definition?.kind === 'variable') {
      const outer = this.#project.definition(owner)
      if (outer?.kind === 'class') return this.classAttribute(outer.name, lastPart(name))
      const { value, annotation, rebound } = definition.fact
      const place: Place = { path: definition.path, function: null, owner: null, narrowed: NOTHING_NARROWED }
      const kind = value && !rebound ? this.#of(value, place) : UNKNOWN_KIND
      return kind.kind === 'unknown' && annotation ? this.#annotated(annotation, definition.path) : kind
    }
    if (definition || owner === '' || !this.#isObject(owner)) return UNKNOWN_KIND
    if (lastPart(name) === 'tzinfo') {
      const of = this.valueOf(owner)
      if (of.kind === 'aware') return { kind: 'zone', zone: of.zone }
    }
    return this.#attributeOfType(this.#types.ofName(owner), lastPart(name))
  }

  /** Whether the name, or a beginning of it, is a variable or class of the project. */
  #isObject(name: string): boolean {
    for (let end = name.length; end > 0; end = name.lastIndexOf('.', end - 1)) {
      const kind = this.#project.definition(name.slice(0, end))?.kind
      if (kind !== undefined) return kind === 'variable' || kind === 'class'
    }
    return false
  }

  resultOf(name: string): FunctionResult | null {
    const definition = this.#project.definition(name)
    if (definition?.kind === 'variable') return this.#lambdaResult(name)
    if (definition?.kind !== 'function') return null
    const { fact, path } = definition
    if (fact.generator) return { kind: UNKNOWN_KIND, isAsync: fact.async === true }
    const kind = this.#guard.run(`result ${definition.name}`, () => this.#resultOf(definition.name, fact, path))
    return { kind, isAsync: fact.async === true }
  }

  /** `now = lambda: datetime.now(UTC)`, `now = partial(datetime.now, UTC)`. */
  #lambdaResult(name: string): FunctionResult | null {
    const value = this.#project.valueOf(name)
    if (value?.kind !== 'lambda' && !isCallOf(value, 'functools.partial')) return null
    return { kind: this.#guard.run(`result ${name}`, () => this.#called(value, this.#project.path)), isAsync: false }
  }

  #resultOf(name: string, fact: FunctionFact, path: string): Kind {
    const body = this.#returned(name, fact, path)
    if (isDecided(body) || (body.kind !== 'unknown' && body.kind !== 'none')) return body
    return fact.returnAnnotation ? this.#annotated(fact.returnAnnotation, path) : body
  }

  #returned(name: string, fact: FunctionFact, path: string): Kind {
    if (fact.returnsOpen || fact.returns.length === 0) return UNKNOWN_KIND
    const outer = this.#project.definition(withoutLastPart(name))
    const place: Place = { path, function: fact, owner: outer?.kind === 'class' ? outer.name : null, narrowed: NOTHING_NARROWED }
    const guarded = this.#project.part(guardedReturnsFact, path, this.#project.pathInModule(name, path))
    if (guarded) return joinKinds(guarded.map((value) => this.#guarded(value, place)))
    return joinKinds(fact.returns.map((value) => this.#of(value, place)))
  }

  #guarded({ value, awareness, instanceTests, isGiven }: GuardedValue, place: Place): Kind {
    const tests: InstanceTest[] = instanceTests.map(({ classes, holds }) => ({ classes: this.#classNames(classes, place.path), holds }))
    return refined(this.#of(value, place), { awareness, instanceTests: tests }, isGiven)
  }

  #classNames(value: Value, path: string): readonly string[] {
    const classes = this.#project.value(value, path)
    const items = classes.kind === 'tuple' ? classes.items : [classes]
    const names = items.flatMap((item) => (item.kind === 'name' ? [item.name] : []))
    return names.length < items.length ? [] : names
  }

  /** The column that an attribute of a class is; `null` if it is none. */
  column(className: string, attribute: string): TemporalColumn | null {
    const member = this.#memberOf(className, attribute)
    if (!member) return null
    const kind = modelClassKind(this.#project, className)
    // A protocol says that there is a column, not which.
    if (kind === null && this.#project.ancestors(className).names.includes('typing.Protocol')) return null
    const written = { attribute, ...member }
    const columnOf = (model: string) => readTemporalColumn(this.#project, this.#settings, model, written, (value) => this.#called(value, member.path))
    const column = columnOf(className)
    return column?.type === 'datetime.datetime' && kind === null ? this.#mixedIn(className, column, columnOf) : column
  }

  /** A column of a mixin without a type of its own has that of the bases of the models. */
  #mixedIn(mixin: string, column: TemporalColumn, columnOf: (model: string) => TemporalColumn | null): TemporalColumn {
    const models = this.#project.subclasses(mixin).filter(({ name }) => modelClassKind(this.#project, name) === 'model').slice(0, MAX_MODELS)
    const columns = models.map(({ name }) => columnOf(name) ?? column)
    if (columns.length === 0) return column
    const types = new Set(columns.map(({ type }) => type))
    return { kind: joinKinds(columns.map(({ kind }) => kind)), type: types.size === 1 ? columns[0]!.type : null }
  }

  /** A member, also of a class whose bases are not all known: a mixin behind a library's base. */
  #memberOf(className: string, attribute: string): { readonly owner: string; readonly path: string; readonly fact: MemberFact } | null {
    const member = this.#project.member(className, attribute)
    if (member) return member
    for (const owner of this.#project.ancestors(className).names) {
      const definition = this.#project.definition(owner)
      const fact = definition?.kind === 'class' && Object.hasOwn(definition.fact.members, attribute) ? definition.fact.members[attribute] : undefined
      if (fact) return { owner, path: definition!.path, fact }
    }
    return null
  }

  /** What a callable gives that is passed uncalled: a default of a column or field. */
  #called(value: Value, path: string): Kind {
    const absolute = this.#project.value(value, path)
    const place: Place = { path, function: null, owner: null, narrowed: NOTHING_NARROWED }
    if (absolute.kind === 'lambda') return this.#of(absolute.body, place)
    if (isCallOf(absolute, 'functools.partial')) {
      const [target, ...rest] = absolute.arguments
      return target?.kind === 'name' ? this.#of({ ...absolute, callee: target.name, arguments: rest }, place) : UNKNOWN_KIND
    }
    if (absolute.kind !== 'name') return this.#of(absolute, place)
    return this.#of({ kind: 'call', callee: absolute.name, function: null, arguments: [], keywords: {}, open: false }, place)
  }

  /**
   * The kind of a value of a fact, and the type of the object to which it is given, both as they are in a function.
   * @param key see `functionKey`
   */
  write(value: Value, target: Value, path: string, key: string): { readonly kind: Kind; readonly target: Type } {
    const name = this.#project.nameInModule(key, path)
    const definition = key === '' || key.includes('<locals>') ? null : this.#project.definition(name)
    const outer = definition && this.#project.definition(withoutLastPart(name))
    const place: Place = { path, function: definition?.kind === 'function' ? definition.fact : null, owner: outer?.kind === 'class' ? outer.name : null, narrowed: NOTHING_NARROWED }
    return { kind: this.#of(value, place), target: this.#readingAt(place).typeOf(this.#project.value(target, path)) }
  }

  /** What a value gives as the default of a column or field; callables are called. Names are absolute. */
  defaultKind(value: Value): Kind {
    return this.#called(value, this.#project.path)
  }

  /** The kind of an attribute of instances of a class. */
  attribute(className: string, attribute: string): Kind {
    return this.#guard.run(`attribute ${className} ${attribute}`, () => this.#attribute(className, attribute))
  }

  #attribute(className: string, attribute: string): Kind {
    const member = this.#memberOf(className, attribute)
    if (member) {
      const column = this.column(className, attribute)
      if (column) return column.kind
      const { fact } = member
      if (fact.kind === 'function') return fact.method === 'property' ? this.#property(member.owner, attribute) : UNKNOWN_KIND
    }
    const assigned = this.#assigned(className, attribute)
    const declared = member ? this.#declaredMember(member.fact, member.path) : NONE_KIND
    if (assigned === null) return member ? declared : UNKNOWN_KIND
    if (declared.kind === 'datetime' && generatedFields(this.#project, className) === null) return assigned.kind === 'unknown' ? declared : assigned
    return joinKinds([declared, assigned])
  }

  #property(owner: string, attribute: string): Kind {
    const result = this.resultOf(`${owner}.${attribute}`)
    return result && !result.isAsync ? result.kind : UNKNOWN_KIND
  }

  #declaredMember(fact: MemberFact, path: string): Kind {
    if (fact.kind === 'alias') {
      const target = this.#project.resolveName(fact.target, path)
      return target === null ? UNKNOWN_KIND : this.valueOf(target)
    }
    if (fact.kind !== 'variable') return UNKNOWN_KIND
    const annotated = fact.annotation ? this.#annotated(fact.annotation, path) : null
    if (annotated) return annotated
    if (fact.rebound || !fact.value) return UNKNOWN_KIND
    return this.#of(fact.value, { path, function: null, owner: null, narrowed: NOTHING_NARROWED })
  }

  /** The join of what methods assign to `self.<attribute>`; `null` if none does. */
  #assigned(className: string, attribute: string): Kind | null {
    for (const owner of this.#project.ancestors(className).names) {
      const definition = this.#project.definition(owner)
      if (definition?.kind !== 'class') continue
      const ofClass = this.#project.part(instanceAttributesFact, definition.path, this.#project.pathInModule(owner, definition.path))
      const assignments = ofClass && Object.hasOwn(ofClass, attribute) ? ofClass[attribute] : undefined
      if (assignments) return joinKinds(assignments.map((assignment) => this.#ofAssignment(assignment, owner, definition.path)))
    }
    return null
  }

  #ofAssignment({ method, value, annotation }: AttributeAssignment, owner: string, path: string): Kind {
    const member = this.#project.member(owner, method)
    const place: Place = { path, function: member?.fact.kind === 'function' ? member.fact : null, owner, narrowed: NOTHING_NARROWED }
    const kind = value ? this.#of(value, place) : annotation ? NONE_KIND : UNKNOWN_KIND
    return annotation && (kind.kind === 'unknown' || (kind.kind === 'none' && !value)) ? this.#annotated(annotation, path) : kind
  }

  /** The kind of an attribute of the class itself: a constant. What SQLAlchemy maps is an expression of SQL there. */
  classAttribute(className: string, attribute: string): Kind {
    const member = this.#memberOf(className, attribute)
    if (!member || member.fact.kind === 'function' || this.column(className, attribute)) return UNKNOWN_KIND
    return this.#declaredMember(member.fact, member.path)
  }

  /** The kind with which an attribute of the object was filled that a function returns. */
  filledResult(name: string, attribute: string): Kind {
    const definition = this.#project.definition(name)
    if (definition?.kind !== 'function' || definition.fact.returnsOpen) return UNKNOWN_KIND
    const { fact, path } = definition
    const outer = this.#project.definition(withoutLastPart(definition.name))
    const place: Place = { path, function: fact, owner: outer?.kind === 'class' ? outer.name : null, narrowed: NOTHING_NARROWED }
    return this.#guard.run(`filled ${definition.name} ${attribute}`, () => joinKinds(fact.returns.map((value) => this.#filled(value, attribute, place))))
  }

  /** The kind that an attribute has of a new object: what it was made with. */
  #filled(written: Value, attribute: string, place: Place): Kind {
    const value = this.#project.value(written, place.path)
    if (value.kind === 'literal' && value.type === 'none') return NONE_KIND
    if (value.kind === 'await') return this.#filled(value.operand, attribute, place)
    if (value.kind !== 'call') return UNKNOWN_KIND
    const made = madeInstance(this.#project, value.callee)
    if (!made) return value.callee === null ? UNKNOWN_KIND : this.filledResult(value.callee, attribute)
    const reading = this.#readingAt(place)
    const filled = filledArgument(this.#project, made, attribute, reading.argumentsOf(value))
    if (!filled) return UNKNOWN_KIND
    return filled.from === null ? reading.kindOf(filled.argument) : this.#attributeOfType(reading.typeOf(filled.argument), filled.from)
  }

  #attributeOfType(type: Type, attribute: string): Kind {
    const members = membersOf(withoutNone(type))
    return joinKinds(members.map((member) => {
      if (member.kind === 'instance') return this.attribute(member.class, attribute)
      return member.kind === 'class' ? this.classAttribute(member.class, attribute) : UNKNOWN_KIND
    }))
  }

  #annotated(annotation: Value, path: string): Kind {
    return kindOfType(this.#types.ofAnnotation(this.#project.value(annotation, path)))
  }

  #of(value: Value, place: Place): Kind {
    return this.#readingAt(place).kindOf(this.#project.value(value, place.path))
  }

  #readingAt(place: Place): ValueReading {
    return new ValueReading(this, this.#project, this.#types, place, (type, attribute) => this.#attributeOfType(type, attribute), (annotation) => this.#annotated(annotation, place.path))
  }
}
