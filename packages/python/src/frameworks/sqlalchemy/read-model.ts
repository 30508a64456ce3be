import type { FunctionFact, MemberFact } from '../../facts/module-fact-types.ts'
import type { PythonProject } from '../../project/python-project.ts'
import { lastPart } from '../../shared/dotted-name.ts'
import { isCallOf } from '../../values/value.ts'
import type { Value } from '../../values/value.ts'
import type { Model, ModelAttribute, ModelColumn } from './model.ts'
import { modelClassKind } from './model-classes.ts'
import { readColumn, stringOf } from './read-column.ts'
import type { WrittenAttribute } from './read-column.ts'
import { readKeys, tableArgumentsIn } from './read-keys.ts'
import { readRelationship } from './read-relationship.ts'
import type { FindModel, WrittenRelationship } from './read-relationship.ts'

/** A model with what its relationships make on others. */
export interface WrittenModel extends Model {
  readonly relationships: readonly WrittenRelationship[]
}

const SQLMODEL = 'sqlmodel.SQLModel'

/** Reads a mapped class with all it inherits; `null` if the name is no model. */
export function readModel(project: PythonProject, className: string, findModel: FindModel): WrittenModel | null {
  const definition = project.definition(className)
  if (definition?.kind !== 'class' || modelClassKind(project, definition.name) !== 'model') return null
  const { names, complete } = project.ancestors(definition.name)
  const isSqlModel = names.includes(SQLMODEL)
  const columns: ModelColumn[] = []
  const relationships: WrittenRelationship[] = []
  const attributes: ModelAttribute[] = []
  const seen = new Set<string>()
  let hasOpenMember = false
  let tableArguments: readonly Value[] = []
  for (const owner of names) {
    const ownerDefinition = project.definition(owner)
    if (ownerDefinition?.kind !== 'class') continue
    for (const [attribute, fact] of Object.entries(ownerDefinition.fact.members)) {
      if (seen.has(attribute)) continue
      seen.add(attribute)
      if (attribute === '__table_args__') tableArguments = tableArgumentsIn(valueOf(project, fact, ownerDefinition.path))
      if (attribute === '__getattr__' || attribute === '__getattribute__') hasOpenMember = true
      if (attribute === '__table__') columns.push(...coreColumns(project, valueOf(project, fact, ownerDefinition.path), owner))
      if (attribute.startsWith('__')) continue
      const written: WrittenAttribute = { attribute, owner, isSqlModel, value: valueOf(project, fact, ownerDefinition.path), annotation: annotationOf(project, fact, ownerDefinition.path) }
      const relationship = readRelationship(project, written, findModel)
      const column = relationship ? null : readColumn(project, written)
      if (relationship) relationships.push(relationship)
      else if (column) columns.push(column)
      else attributes.push({ attribute, kind: kindOf(project, fact, ownerDefinition.path), owner })
    }
  }
  return {
    name: definition.name,
    path: definition.path,
    table: tableName(project, definition.name, names, isSqlModel),
    columns,
    relationships,
    attributes,
    ...readKeys(columns, tableArguments),
    closed: complete && !hasOpenMember,
  }
}

/** The columns of `Table("users", metadata, Column(...), ...)`. */
export function coreColumns(project: PythonProject, table: Value | undefined, owner: string): ModelColumn[] {
  if (!isCallOf(table, 'sqlalchemy.Table')) return []
  return table.arguments.slice(2).flatMap((argument) => {
    const name = argument.kind === 'call' ? stringOf(argument.arguments[0]) : null
    const column = name === null ? null : readColumn(project, { attribute: name, owner, isSqlModel: false, value: argument, annotation: undefined })
    return column ? [column] : []
  })
}

/** What an attribute is bound to; of a `declared_attr` function what it returns. */
function valueOf(project: PythonProject, fact: MemberFact, path: string): Value | undefined {
  if (fact.kind === 'variable') return fact.value && project.value(fact.value, path)
  if (fact.kind === 'alias') {
    const target = project.resolveName(fact.target, path)
    return target === null ? undefined : (project.valueOf(target) ?? undefined)
  }
  if (fact.kind === 'function' && isDeclaredAttribute(project, fact, path) && fact.returns.length === 1) return project.value(fact.returns[0]!, path)
  return undefined
}

function annotationOf(project: PythonProject, fact: MemberFact, path: string): Value | undefined {
  if (fact.kind === 'variable') return fact.annotation && project.value(fact.annotation, path)
  if (fact.kind === 'function' && isDeclaredAttribute(project, fact, path)) return fact.returnAnnotation && project.value(fact.returnAnnotation, path)
  return undefined
}

function isDeclaredAttribute(project: PythonProject, { decorators }: FunctionFact, path: string): boolean {
  return decorators.some((decorator) => {
    const name = decorator.kind === 'name' ? project.resolveName(decorator.name, path) : null
    return name !== null && /^sqlalchemy\.(orm|ext\.declarative)\.declared_attr(\.\w+)?$/.test(name)
  })
}

function kindOf(project: PythonProject, fact: MemberFact, path: string): ModelAttribute['kind'] {
  if (fact.kind === 'function') {
    const names = fact.decorators.map((decorator) => nameOf(project.value(decorator, path)))
    if (names.some((name) => name !== null && HYBRIDS.has(name))) return 'hybrid'
    if (names.some((name) => name === 'sqlalchemy.ext.associationproxy.association_proxy')) return 'association-proxy'
    if (isDeclaredAttribute(project, fact, path)) return 'unknown'
    return fact.method === 'property' ? 'property' : 'method'
  }
  if (fact.kind === 'variable' && fact.value) {
    const value = project.value(fact.value, path)
    const kind = value.kind === 'call' && value.callee !== null ? ATTRIBUTE_FUNCTIONS[lastPart(value.callee)] : undefined
    if (kind) return kind
  }
  return 'class-attribute'
}

function nameOf(value: Value): string | null {
  return value.kind === 'name' ? value.name : value.kind === 'call' ? value.callee : null
}

/** `__tablename__`, or the name that SQLModel or Flask-SQLAlchemy gives. */
function tableName(project: PythonProject, className: string, ancestors: readonly string[], isSqlModel: boolean): string | null {
  const member = project.member(className, '__tablename__')
  if (member) {
    const value = valueOf(project, member.fact, member.path)
    return value ? (stringOf(value) ?? computedName(value, lastPart(className))) : null
  }
  const single = ancestors.slice(1).find((ancestor) => modelClassKind(project, ancestor) === 'model')
  if (single !== undefined) return tableName(project, single, project.ancestors(single).names, isSqlModel)
  if (isSqlModel) return lastPart(className).toLowerCase()
  return ancestors.some((ancestor) => ancestor.endsWith('().Model') || ancestor === 'flask_sqlalchemy.model.Model') ? snakeCase(lastPart(className)) : null
}

/** `cls.__name__.lower()` and the same with an ending. */
function computedName(value: Value, className: string): string | null {
  if (value.kind === 'binary' && value.operator === '+') {
    const left = stringOf(value.left) ?? computedName(value.left, className)
    const right = stringOf(value.right) ?? computedName(value.right, className)
    return left === null || right === null ? null : left + right
  }
  if (value.kind === 'format') {
    const parts = value.parts.map((part) => stringOf(part) ?? computedName(part, className))
    return parts.includes(null) ? null : parts.join('')
  }
  const called = value.kind === 'call' ? value.function : null
  const object = called?.kind === 'attribute' && called.attribute === 'lower' ? called.object : value
  if (object.kind !== 'attribute' || object.attribute !== '__name__' || object.object.kind !== 'local') return null
  return object === value ? className : className.toLowerCase()
}

/** As Flask-SQLAlchemy does: `HTTPLog` is `http_log`. */
function snakeCase(name: string): string {
  return name.replace(/(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])/g, '_').toLowerCase()
}

const HYBRIDS: ReadonlySet<string> = new Set([
  'sqlalchemy.ext.hybrid.hybrid_property',
  'sqlalchemy.ext.hybrid.hybrid_method',
  'sqlalchemy_utils.hybrid_property',
])

const ATTRIBUTE_FUNCTIONS: Readonly<Record<string, ModelAttribute['kind']>> = {
  association_proxy: 'association-proxy',
  synonym: 'synonym',
  column_property: 'column-property',
  query_expression: 'column-property',
  composite: 'composite',
  hybrid_property: 'hybrid',
}
