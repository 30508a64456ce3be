import type { PythonProject } from '../../project/python-project.ts'
import { withoutLastPart } from '../../shared/dotted-name.ts'
import { isCallOf, isNoneValue, isTrueValue } from '../../values/value.ts'
import type { CallValue, Value } from '../../values/value.ts'
import type { AnnotationMap } from './annotation-map.ts'
import { withSqlalchemyNames } from './library-names.ts'
import type { ForeignKeyTarget, ModelColumn, TypeFamily } from './model.ts'
import { familyOf } from './type-families.ts'

/** An attribute of a mapped class as it is written, with absolute names. */
export interface WrittenAttribute {
  readonly attribute: string
  readonly owner: string
  readonly value: Value | undefined
  readonly annotation: Value | undefined
  /** The class is a SQLModel: plain annotations are columns. */
  readonly isSqlModel: boolean
}

/** What reading the attributes of a class needs to know beside them. */
export interface MappingContext {
  readonly project: PythonProject
  readonly types: AnnotationMap
  isModel(name: string): boolean
}

/** Functions that make a column. */
const COLUMN_FUNCTIONS: readonly string[] = ['sqlalchemy.Column', 'sqlalchemy.orm.mapped_column']
const WRAPPERS: readonly string[] = ['sqlalchemy.orm.deferred', 'sqlalchemy.orm.column_property']
/** What makes the database give a value. */
const GENERATED: readonly string[] = ['sqlalchemy.Identity', 'sqlalchemy.Computed', 'sqlalchemy.Sequence']
const MAPPED: Readonly<Record<string, string | null>> = {
  'sqlalchemy.orm.Mapped': null,
  'sqlalchemy.orm.WriteOnlyMapped': 'write_only',
  'sqlalchemy.orm.DynamicMapped': 'dynamic',
}

/** Reads a column; `null` if the attribute is none. */
export function readColumn(context: MappingContext, written: WrittenAttribute): ModelColumn | null {
  const mapped = mappedType(written.annotation)
  const annotation = mapped ?? (written.isSqlModel ? written.annotation : undefined)
  const inMetadata = annotation && columnInMetadata(context.project, annotation)
  const call = columnCall(written.value)
  if (call) return fromCall(context, written, inMetadata ? [call, inMetadata] : [call], annotation)
  if (mapped) {
    if (written.value !== undefined || isRelated(context, mapped)) return null
    return inMetadata ? fromCall(context, written, [inMetadata], mapped) : fromAnnotation(context, written, mapped)
  }
  if (!written.isSqlModel || !written.annotation || isClassVariable(written.annotation) || written.attribute.startsWith('_')) return null
  return fromSqlModelField(context, written)
}

/** What decides over the values of a column. */
export interface ColumnSource {
  /** A column type, or the Python type that decides it; `null` if there is none. */
  readonly type: Value | null
  /** The keywords of `Column`, `mapped_column` and `Field` together. */
  readonly keywords: Readonly<Record<string, Value>>
}

/** The type and the keywords of a column as they are written; `null` if the attribute is none. */
export function columnSource(context: MappingContext, written: WrittenAttribute): ColumnSource | null {
  const mapped = mappedType(written.annotation)
  const annotation = mapped ?? (written.isSqlModel ? written.annotation : undefined)
  const inMetadata = annotation && columnInMetadata(context.project, annotation)
  const call = columnCall(written.value)
  if (!call && !readColumn(context, written)) return null
  const calls = [call, inMetadata].filter((found) => found !== null && found !== undefined)
  const field = isCallOf(written.value, 'sqlmodel.Field', 'pydantic.Field') ? written.value.keywords : {}
  const keywords = { ...field, ...mergedKeywords(calls) }
  return { type: keywords['sa_type'] ?? typeValueOf(context, calls, annotation) ?? null, keywords }
}

/** `T` of `Mapped[T]`. */
export function mappedType(annotation: Value | undefined): Value | undefined {
  if (annotation?.kind !== 'subscript' || annotation.object.kind !== 'name' || !Object.hasOwn(MAPPED, annotation.object.name)) return undefined
  return annotation.index[0]
}

/** How a relationship with this annotation loads: `dynamic` for `DynamicMapped[...]`. */
export function lazyOfAnnotation(annotation: Value | undefined): string | null {
  return annotation?.kind === 'subscript' && annotation.object.kind === 'name' ? (MAPPED[annotation.object.name] ?? null) : null
}

/** Takes `Optional`, unions with `None` and (unless they matter) `Annotated` off an annotation. */
export function withoutOptional(annotation: Value, takesAnnotated = true): { readonly type: Value; readonly isOptional: boolean } {
  let type = annotation
  let isOptional = false
  for (let step = 0; step < MAX_STEPS; step++) {
    if (type.kind === 'subscript' && type.object.kind === 'name') {
      const { name } = type.object
      if (name === 'typing.Annotated' ? !takesAnnotated : name !== 'typing.Optional' && !(name === 'typing.Union' && type.index.length === 2)) break
      isOptional ||= name === 'typing.Optional' || (name === 'typing.Union' && type.index.some(isNoneValue))
      const next = type.index.find((part) => !isNoneValue(part))
      if (!next) break
      type = next
    } else if (type.kind === 'binary' && type.operator === '|' && (isNoneValue(type.left) || isNoneValue(type.right))) {
      isOptional = true
      type = isNoneValue(type.left) ? type.right : type.left
    } else break
  }
  return { type, isOptional }
}

/** `Column(...)` itself, also inside `deferred(...)`, and in `Field(sa_column=...)`. */
function columnCall(value: Value | undefined): CallValue | null {
  if (!value || value.kind !== 'call') return null
  if (isCallOf(value, ...COLUMN_FUNCTIONS)) return value
  const inner = isCallOf(value, 'sqlmodel.Field') ? value.keywords['sa_column'] : isCallOf(value, ...WRAPPERS) ? value.arguments[0] : undefined
  return isCallOf(inner, ...COLUMN_FUNCTIONS) ? inner : null
}

/** `Annotated[int, mapped_column(primary_key=True)]`, also by an alias, and in `Optional[...]`. */
function columnInMetadata(project: PythonProject, annotation: Value): CallValue | null {
  let current = annotation
  for (let step = 0; step < MAX_STEPS; step++) {
    if (current.kind === 'name') {
      const alias = project.valueOf(current.name)
      if (!alias) return null
      current = withSqlalchemyNames(project, alias)
    } else if (current.kind === 'subscript' && current.object.kind === 'name' && current.object.name === 'typing.Annotated') {
      const found = current.index.find((part) => isCallOf(part, ...COLUMN_FUNCTIONS))
      if (found?.kind === 'call') return found
      if (!current.index[0]) return null
      current = current.index[0]
    } else {
      const { type } = withoutOptional(current, false)
      if (type === current) return null
      current = type
    }
  }
  return null
}

/** @param calls where its parts are said: the first one that says something counts */
function fromCall(context: MappingContext, written: WrittenAttribute, calls: readonly CallValue[], annotation: Value | undefined): ModelColumn {
  const { project } = context
  const keywords = mergedKeywords(calls)
  const firstName = stringOf(calls[0]!.arguments[0])
  const explicitName = stringOf(keywords['name']) ?? firstName
  const parts = calls.flatMap((call, i) => (i === 0 && firstName !== null ? call.arguments.slice(1) : call.arguments))
  const primaryKey = isTrueValue(keywords['primary_key'])
  const optional = annotation && withoutOptional(annotation)
  const typeValue = typeValueOf(context, calls, annotation)
  const type = typeValue ? typeName(project, typeValue) : null
  const nullable = booleanOf(keywords['nullable'])
  // `Column` does not look at the annotation.
  const byAnnotation = optional && calls.some(({ callee }) => callee === 'sqlalchemy.orm.mapped_column') ? optional.isOptional : true
  return {
    attribute: written.attribute,
    name: explicitName ?? written.attribute,
    type,
    family: columnFamily(project, type),
    ...typeTraits(project, typeValue, type),
    ...((isTrueValue(keywords['deferred']) || isCallOf(written.value, 'sqlalchemy.orm.deferred')) && { deferred: true as const }),
    nullable: nullable ?? (keywords['nullable'] ? null : primaryKey ? false : byAnnotation),
    primaryKey,
    unique: isTrueValue(keywords['unique']),
    index: isTrueValue(keywords['index']),
    hasDefault: 'default' in keywords || 'default_factory' in keywords || 'insert_default' in keywords,
    hasServerDefault: 'server_default' in keywords || parts.some((part) => isCallOf(part, ...GENERATED)),
    foreignKeys: parts.filter((part) => isCallOf(part, 'sqlalchemy.ForeignKey')).map((key) => foreignKey(key as CallValue)),
    owner: written.owner,
  }
}

function mergedKeywords(calls: readonly CallValue[]): Readonly<Record<string, Value>> {
  return Object.assign({}, ...[...calls].reverse().map((call) => call.keywords)) as Readonly<Record<string, Value>>
}

/** The column type that is written, or else what decides it. */
function typeValueOf(context: MappingContext, calls: readonly CallValue[], annotation: Value | undefined): Value | undefined {
  const written = mergedKeywords(calls)['type_'] ?? calls.flatMap((call) => call.arguments).find((part) => isTypeValue(context.project, part))
  return written ?? (annotation && mappedTypeValue(context, annotation))
}

/** What decides the type where no column type is written: an entry of the base's `type_annotation_map`, or the Python type itself. */
function mappedTypeValue({ project, types }: MappingContext, annotation: Value): Value {
  let current = annotation
  for (let step = 0; step < MAX_STEPS; step++) {
    const mapped = types.typeFor(current)
    if (mapped) return mapped
    const { type } = withoutOptional(current, false)
    const inner = type === current ? annotatedType(project, current) : type
    if (!inner) break
    current = inner
  }
  return current
}

/** `T` of `Annotated[T, ...]` or of an alias; `null` for all else. */
function annotatedType(project: PythonProject, annotation: Value): Value | null {
  const outer = annotation.kind === 'subscript' && annotation.object.kind === 'name' ? annotation.object.name : null
  if (annotation.kind === 'subscript' && outer === 'typing.Annotated') return annotation.index[0] ?? null
  const alias = annotation.kind === 'name' ? project.valueOf(annotation.name) : null
  return alias && (alias.kind === 'name' || alias.kind === 'subscript' || alias.kind === 'binary') ? alias : null
}

/** `x: Mapped[Order]` and `x: Mapped[list[Order]]` lead to another model. */
function isRelated({ isModel }: MappingContext, mapped: Value): boolean {
  const { type } = withoutOptional(mapped)
  const held = type.kind === 'subscript' ? type.index.at(-1) : type
  return held?.kind === 'name' && isModel(held.name)
}

/** `x: Mapped[int]` alone. */
function fromAnnotation(context: MappingContext, written: WrittenAttribute, mapped: Value): ModelColumn {
  const value = mappedTypeValue(context, mapped)
  const name = typeName(context.project, value)
  const traits = typeTraits(context.project, value, name)
  return { ...plainColumn(written), type: name, family: columnFamily(context.project, name), ...traits, nullable: withoutOptional(mapped).isOptional }
}

function fromSqlModelField({ project }: MappingContext, written: WrittenAttribute): ModelColumn {
  const { type, isOptional } = withoutOptional(written.annotation!)
  const call = isCallOf(written.value, 'sqlmodel.Field', 'pydantic.Field') ? written.value : null
  const keywords = { ...columnKeywords(call?.keywords['sa_column_kwargs']), ...call?.keywords }
  const explicit = keywords['sa_type']
  const name = typeName(project, explicit ?? type)
  const target = stringOf(keywords['foreign_key'])
  return {
    ...plainColumn(written),
    type: name,
    family: columnFamily(project, name),
    ...typeTraits(project, explicit, name),
    ...('max_length' in keywords && !explicit && { length: numberOf(keywords['max_length']) }),
    nullable: booleanOf(keywords['nullable']) ?? (isTrueValue(keywords['primary_key']) ? false : isOptional),
    primaryKey: isTrueValue(keywords['primary_key']),
    unique: isTrueValue(keywords['unique']),
    index: isTrueValue(keywords['index']),
    hasDefault: call ? call.arguments.length > 0 || 'default' in keywords || 'default_factory' in keywords : written.value !== undefined,
    hasServerDefault: 'server_default' in keywords,
    foreignKeys: keywords['foreign_key'] ? [{ target, onDelete: stringOf(keywords['ondelete']) }] : [],
  }
}

/** `sa_column_kwargs={"unique": True}`. */
function columnKeywords(value: Value | undefined): Readonly<Record<string, Value>> {
  if (value?.kind !== 'dict') return {}
  return Object.fromEntries(value.entries.flatMap(([key, item]) => (stringOf(key) === null ? [] : [[stringOf(key)!, item]])))
}

function columnFamily(project: PythonProject, type: string | null): TypeFamily | null {
  return familyOf(implOf(project, type)) ?? (isEnum(project, type) ? 'enum' : null)
}

function plainColumn({ attribute, owner }: WrittenAttribute): ModelColumn {
  return {
    attribute,
    name: attribute,
    type: null,
    family: null,
    nullable: null,
    primaryKey: false,
    unique: false,
    index: false,
    hasDefault: false,
    hasServerDefault: false,
    foreignKeys: [],
    owner,
  }
}

function foreignKey({ arguments: [target], keywords }: CallValue): ForeignKeyTarget {
  const onDelete = stringOf(keywords['ondelete'])
  if (target?.kind === 'name') return { target: target.name, onDelete }
  return { target: stringOf(target), onDelete }
}

/** Whether a positional argument of `Column` is its type. */
function isTypeValue(project: PythonProject, value: Value): boolean {
  if (value.kind === 'call' && value.callee === null) return value.function?.kind === 'attribute' && value.function.attribute === 'with_variant'
  const name = value.kind === 'name' ? value.name : value.kind === 'call' ? value.callee : null
  if (name === null || NO_TYPES.has(name)) return false
  return familyOf(name) !== null || name.startsWith('sqlalchemy.') || project.definition(name)?.kind === 'class' || /(^|\.)\p{Lu}[^.]*$/u.test(name)
}

const NO_TYPES: ReadonlySet<string> = new Set(
  ['ForeignKey', 'Identity', 'Computed', 'Sequence', 'CheckConstraint', 'FetchedValue', 'DefaultClause'].map((name) => `sqlalchemy.${name}`),
)

/** The name of a type as written; of `String().with_variant(...)` and `MutableDict.as_mutable(JSON)` that of the plain type. */
export function typeName(project: PythonProject, value: Value): string | null {
  let current = value
  for (let step = 0; step < MAX_STEPS; step++) {
    if (current.kind === 'name') {
      const bound = project.valueOf(current.name)
      if (bound?.kind === 'call' && bound.callee !== null && bound.callee !== 'typing.NewType') return bound.callee
      return current.name
    }
    if (current.kind === 'subscript') current = current.object
    else if (current.kind === 'call' && current.callee?.endsWith('.as_mutable') && current.arguments[0]) current = current.arguments[0]
    else if (current.kind === 'call' && current.callee !== null) return current.callee
    else if (current.kind === 'call' && current.function?.kind === 'attribute') current = current.function.object
    else return null
  }
  return null
}

/** What is said of a type beside its name. */
function typeTraits(project: PythonProject, value: Value | undefined, name: string | null): Pick<ModelColumn, 'impl' | 'length' | 'mutable' | 'variants'> {
  const variants: string[] = []
  let mutable: string | null = null
  let current = value
  for (let step = 0; step < MAX_STEPS && current; step++) {
    if (current.kind === 'name') current = project.valueOf(current.name) ?? undefined
    else if (current.kind !== 'call') break
    else if (current.callee?.endsWith('.as_mutable')) {
      mutable = withoutLastPart(current.callee)
      current = current.arguments[0]
    } else if (current.function?.kind === 'attribute' && current.function.attribute === 'with_variant') {
      variants.push(...current.arguments.slice(1).flatMap((dialect) => stringOf(dialect) ?? []))
      current = current.function.object
    } else break
  }
  const impl = implOf(project, name)
  const length = lengthOf(project, current)
  return {
    ...(impl !== null && impl !== name && { impl }),
    ...(length !== undefined && { length }),
    ...(mutable !== null && { mutable }),
    ...(variants.length > 0 && { variants }),
  }
}

/** `50` of `String(50)`; `null` if it is computed, `undefined` if there is none. */
function lengthOf(project: PythonProject, type: Value | undefined): number | null | undefined {
  if (type?.kind !== 'call' || familyOf(type.callee) !== 'string') return undefined
  const given = type.keywords['length'] ?? type.arguments[0]
  const value = given?.kind === 'name' ? project.valueOf(given.name) : given
  if (value === undefined || (value?.kind === 'literal' && value.type === 'none')) return undefined
  return value?.kind === 'literal' && typeof value.value === 'number' ? value.value : null
}

/** The type below a project's `TypeDecorator`; else the type itself. */
function implOf(project: PythonProject, name: string | null): string | null {
  if (name === null || project.definition(name)?.kind !== 'class') return name
  const loaded = loadedImpl(project, name)
  if (loaded !== null) return loaded
  const member = project.member(name, 'impl')
  if (member?.fact.kind === 'alias') return project.resolveName(member.fact.target, member.path)
  if (member?.fact.kind === 'variable' && member.fact.value) return typeName(project, project.value(member.fact.value, member.path))
  return project.ancestors(name).names.find((ancestor) => familyOf(ancestor) !== null) ?? name
}

/** The type that `load_dialect_impl` gives for all databases, if all its results are of one family. */
function loadedImpl(project: PythonProject, name: string): string | null {
  const member = project.member(name, 'load_dialect_impl')
  if (member?.fact.kind !== 'function' || member.fact.returnsOpen) return null
  const types = member.fact.returns.map((result) => {
    const value = project.value(result, member.path)
    // `dialect.type_descriptor(JSONB())`.
    const isDescribed = value.kind === 'call' && value.function?.kind === 'attribute' && value.function.attribute === 'type_descriptor'
    const described = isDescribed ? value.arguments[0] : value
    return described ? typeName(project, described) : null
  })
  const [first] = types
  const family = familyOf(first ?? null)
  if (!first || family === null || types.some((type) => familyOf(type) !== family)) return null
  // The one of a certain database says more than the one for all others.
  return types.find((type) => type?.includes('.dialects.')) ?? first
}

function isEnum(project: PythonProject, name: string | null): boolean {
  return name !== null && project.isSubclassOf(name, ['enum.Enum']) === true
}

function isClassVariable(annotation: Value): boolean {
  return annotation.kind === 'subscript' && annotation.object.kind === 'name' && annotation.object.name === 'typing.ClassVar'
}

function booleanOf(value: Value | undefined): boolean | null {
  return value?.kind === 'literal' && typeof value.value === 'boolean' ? value.value : null
}

function numberOf(value: Value | undefined): number | null {
  return value?.kind === 'literal' && typeof value.value === 'number' ? value.value : null
}

export function stringOf(value: Value | undefined): string | null {
  return value?.kind === 'literal' && value.type === 'string' ? String(value.value) : null
}

/** Longer chains of aliases and wrappers are not followed. */
const MAX_STEPS = 8
