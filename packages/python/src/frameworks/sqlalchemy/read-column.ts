import type { PythonProject } from '../../project/python-project.ts'
import { isCallOf } from '../../values/value.ts'
import type { CallValue, Value } from '../../values/value.ts'
import type { ForeignKeyTarget, ModelColumn } from './model.ts'
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

/** Functions that make a column. */
const COLUMN_FUNCTIONS: readonly string[] = ['sqlalchemy.Column', 'sqlalchemy.orm.mapped_column']
const WRAPPERS: readonly string[] = ['sqlalchemy.orm.deferred', 'sqlalchemy.orm.column_property']
const MAPPED: ReadonlySet<string> = new Set(['sqlalchemy.orm.Mapped', 'sqlalchemy.orm.WriteOnlyMapped', 'sqlalchemy.orm.DynamicMapped'])

/** Reads a column; `null` if the attribute is none. */
export function readColumn(project: PythonProject, written: WrittenAttribute): ModelColumn | null {
  const mapped = mappedType(written.annotation)
  const annotated = columnInMetadata(mapped ?? written.annotation)
  const call = columnCall(project, written.value) ?? annotated
  if (call) return fromCall(project, written, call, mapped ?? (written.isSqlModel ? written.annotation : undefined))
  if (mapped) return written.value === undefined ? fromAnnotation(project, written, mapped) : null
  if (written.isSqlModel && written.annotation && !isClassVariable(written.annotation)) return fromSqlModelField(project, written)
  return null
}

/** `T` of `Mapped[T]`. */
export function mappedType(annotation: Value | undefined): Value | undefined {
  if (annotation?.kind !== 'subscript' || annotation.object.kind !== 'name' || !MAPPED.has(annotation.object.name)) return undefined
  return annotation.index[0]
}

/** Takes `Optional`, unions with `None` and `Annotated` off an annotation. */
export function withoutOptional(annotation: Value): { readonly type: Value; readonly isOptional: boolean } {
  let type = annotation
  let isOptional = false
  for (let step = 0; step < MAX_STEPS; step++) {
    if (type.kind === 'subscript' && type.object.kind === 'name') {
      const { name } = type.object
      if (name !== 'typing.Optional' && name !== 'typing.Annotated' && !(name === 'typing.Union' && type.index.length === 2)) break
      isOptional ||= name === 'typing.Optional' || (name === 'typing.Union' && type.index.some(isNone))
      const next = type.index.find((part) => !isNone(part))
      if (!next) break
      type = next
    } else if (type.kind === 'binary' && type.operator === '|' && (isNone(type.left) || isNone(type.right))) {
      isOptional = true
      type = isNone(type.left) ? type.right : type.left
    } else break
  }
  return { type, isOptional }
}

/** `Column(...)` itself, also inside `deferred(...)`, and in `Field(sa_column=...)`. */
function columnCall(project: PythonProject, value: Value | undefined): CallValue | null {
  if (!value || value.kind !== 'call') return null
  if (isColumnCall(project, value)) return value
  const inner = isCallOf(value, 'sqlmodel.Field') ? value.keywords['sa_column'] : isCallOf(value, ...WRAPPERS) ? value.arguments[0] : undefined
  return inner?.kind === 'call' && isColumnCall(project, inner) ? inner : null
}

function isColumnCall(project: PythonProject, call: CallValue): boolean {
  return isCallOf(call, ...COLUMN_FUNCTIONS) || isFlaskColumn(project, call)
}

/** `db.Column(...)` with `db = SQLAlchemy()`. */
function isFlaskColumn(project: PythonProject, value: CallValue): boolean {
  if (value.callee === null || !/\.(Column|mapped_column)$/.test(value.callee)) return false
  const made = project.valueOf(value.callee.slice(0, value.callee.lastIndexOf('.')))
  return isCallOf(made, 'flask_sqlalchemy.SQLAlchemy') || (made?.kind === 'call' && made.callee !== null && project.isSubclassOf(made.callee, ['flask_sqlalchemy.SQLAlchemy']) === true)
}

/** `Annotated[int, mapped_column(primary_key=True)]`, also by an alias. */
function columnInMetadata(annotation: Value | undefined): CallValue | null {
  if (annotation?.kind !== 'subscript' || annotation.object.kind !== 'name' || annotation.object.name !== 'typing.Annotated') return null
  return (annotation.index.find((part) => isCallOf(part, ...COLUMN_FUNCTIONS)) as CallValue | undefined) ?? null
}

function fromCall(project: PythonProject, written: WrittenAttribute, call: CallValue, annotation: Value | undefined): ModelColumn {
  const { keywords } = call
  const [first] = call.arguments
  const explicitName = stringOf(keywords['name']) ?? stringOf(first)
  const parts = explicitName !== null && stringOf(first) !== null ? call.arguments.slice(1) : call.arguments
  const primaryKey = isTrue(keywords['primary_key'])
  const optional = annotation && withoutOptional(annotation)
  const typeValue = keywords['type_'] ?? parts.find((part) => isTypeValue(project, part))
  const type = typeValue ? typeName(project, typeValue) : optional ? typeName(project, optional.type) : null
  const nullable = booleanOf(keywords['nullable'])
  return {
    attribute: written.attribute,
    name: explicitName ?? written.attribute,
    type,
    family: familyOf(implOf(project, type)),
    nullable: nullable ?? (keywords['nullable'] ? null : primaryKey ? false : optional ? optional.isOptional : true),
    primaryKey,
    unique: isTrue(keywords['unique']),
    index: isTrue(keywords['index']),
    hasDefault: 'default' in keywords || 'default_factory' in keywords || 'insert_default' in keywords,
    hasServerDefault: 'server_default' in keywords || parts.some((part) => isCallOf(part, 'sqlalchemy.Identity', 'sqlalchemy.Computed', 'sqlalchemy.Sequence')),
    foreignKeys: parts.filter((part) => isCallOf(part, 'sqlalchemy.ForeignKey')).map((key) => foreignKey(key as CallValue)),
    owner: written.owner,
  }
}

/** `x: Mapped[int]` alone: a column, unless it leads to a model or a collection, which is a relationship without a call and no valid mapping. */
function fromAnnotation(project: PythonProject, written: WrittenAttribute, mapped: Value): ModelColumn {
  const { type, isOptional } = withoutOptional(mapped)
  const name = typeName(project, type)
  return {
    ...plainColumn(written),
    type: name,
    family: familyOf(implOf(project, name)) ?? (isEnum(project, name) ? 'enum' : null),
    nullable: isOptional,
  }
}

function fromSqlModelField(project: PythonProject, written: WrittenAttribute): ModelColumn | null {
  const { type, isOptional } = withoutOptional(written.annotation!)
  const call = isCallOf(written.value, 'sqlmodel.Field', 'pydantic.Field') ? written.value : null
  const keywords = call?.keywords ?? {}
  const explicit = keywords['sa_type']
  const name = typeName(project, explicit ?? type)
  const target = stringOf(keywords['foreign_key'])
  return {
    ...plainColumn(written),
    type: name,
    family: familyOf(implOf(project, name)) ?? (isEnum(project, name) ? 'enum' : null),
    nullable: booleanOf(keywords['nullable']) ?? (isTrue(keywords['primary_key']) ? false : isOptional),
    primaryKey: isTrue(keywords['primary_key']),
    unique: isTrue(keywords['unique']),
    index: isTrue(keywords['index']),
    hasDefault: call ? call.arguments.length > 0 || 'default' in keywords || 'default_factory' in keywords : written.value !== undefined,
    foreignKeys: keywords['foreign_key'] ? [{ target, onDelete: stringOf(keywords['ondelete']) }] : [],
  }
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

/** The name of a type as written; of `String().with_variant(...)` that of the plain type. */
export function typeName(project: PythonProject, value: Value): string | null {
  let current = value
  for (let step = 0; step < MAX_STEPS; step++) {
    if (current.kind === 'name') {
      const bound = project.valueOf(current.name)
      if (bound?.kind === 'call' && bound.callee !== null && bound.callee !== 'typing.NewType') return bound.callee
      return current.name
    }
    if (current.kind === 'subscript') current = current.object
    else if (current.kind === 'call' && current.callee !== null) return current.callee
    else if (current.kind === 'call' && current.function?.kind === 'attribute') current = current.function.object
    else return null
  }
  return null
}

/** The type below a project's `TypeDecorator`; else the type itself. */
function implOf(project: PythonProject, name: string | null): string | null {
  if (name === null || project.definition(name)?.kind !== 'class') return name
  const member = project.member(name, 'impl')
  if (member?.fact.kind === 'alias') return project.resolveName(member.fact.target, member.path)
  if (member?.fact.kind === 'variable' && member.fact.value) return typeName(project, project.value(member.fact.value, member.path))
  return project.ancestors(name).names.find((ancestor) => familyOf(ancestor) !== null) ?? name
}

function isEnum(project: PythonProject, name: string | null): boolean {
  return name !== null && project.isSubclassOf(name, ['enum.Enum']) === true
}

function isClassVariable(annotation: Value): boolean {
  return annotation.kind === 'subscript' && annotation.object.kind === 'name' && annotation.object.name === 'typing.ClassVar'
}

function isNone(value: Value): boolean {
  return value.kind === 'literal' && value.type === 'none'
}

function isTrue(value: Value | undefined): boolean {
  return value?.kind === 'literal' && value.value === true
}

function booleanOf(value: Value | undefined): boolean | null {
  return value?.kind === 'literal' && typeof value.value === 'boolean' ? value.value : null
}

export function stringOf(value: Value | undefined): string | null {
  return value?.kind === 'literal' && value.type === 'string' ? String(value.value) : null
}

/** Longer chains of aliases and wrappers are not followed. */
const MAX_STEPS = 8
