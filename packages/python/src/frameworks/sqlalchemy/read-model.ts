import type { FunctionFact, MemberFact } from '../../facts/module-fact-types.ts'
import type { PythonProject } from '../../project/python-project.ts'
import { lastPart } from '../../shared/dotted-name.ts'
import { isCallOf, isNoneValue } from '../../values/value.ts'
import type { Value } from '../../values/value.ts'
import { AnnotationMap } from './annotation-map.ts'
import { withSqlalchemyNames } from './library-names.ts'
import type { Model, ModelAttribute, ModelColumn, ModelOpening } from './model.ts'
import { modelClassKind } from './model-classes.ts'
import { readColumn, stringOf } from './read-column.ts'
import type { MappingContext, WrittenAttribute } from './read-column.ts'
import { NO_ARGUMENTS, readKeys, withPrimaryKey } from './read-keys.ts'
import type { TableArguments, TableKeys } from './read-keys.ts'
import { readRelationship } from './read-relationship.ts'
import type { FindModel, WrittenRelationship } from './read-relationship.ts'
import { readTable, schemaIn, tableArgumentsIn, withSchema } from './read-table.ts'
import type { WrittenTable } from './read-table.ts'
import { tableName } from './table-name.ts'

/** A model with its relationships as they are written. */
export interface WrittenModel extends Omit<Model, 'relationships'> {
  readonly relationships: readonly WrittenRelationship[]
}

/** An attribute that is given to a class outside of its body. The value has absolute names. */
export interface AddedMember {
  readonly attribute: string
  readonly value: Value
}

/** What a class has of its own table, or of the table of a mapped class that it inherits from. */
interface Segment {
  readonly model: string
  readonly columns: ModelColumn[]
  /** `__table_args__`, once it is found. */
  arguments: TableArguments | null
  schema: string | null
  table: WrittenTable | null
}

const SQLMODEL = 'sqlmodel.SQLModel'
export const COMPUTED_COLUMNS = 'columns that are read from the database or computed'

/** Gives what is added to a class from outside, by its name. */
export type FindAdded = (name: string) => readonly AddedMember[]

/** Reads a mapped class with all it inherits; `null` if the name is no model. */
export function readModel(project: PythonProject, className: string, findModel: FindModel, added: FindAdded): WrittenModel | null {
  const definition = project.definition(className)
  if (definition?.kind !== 'class' || modelClassKind(project, definition.name) !== 'model') return null
  return new ModelReader(project, definition.name, findModel, added).read(definition.path)
}

class ModelReader {
  readonly #project: PythonProject
  readonly #name: string
  readonly #findModel: FindModel
  readonly #added: FindAdded
  readonly #ancestors: readonly string[]
  readonly #isComplete: boolean
  readonly #isSqlModel: boolean
  readonly #context: MappingContext
  readonly #relationships: WrittenRelationship[] = []
  readonly #attributes: ModelAttribute[] = []
  /** Constraints and indexes that are attributes of the class. */
  readonly #keys: Value[] = []
  readonly #openings = new Set<ModelOpening>()

  constructor(project: PythonProject, name: string, findModel: FindModel, added: FindAdded) {
    this.#project = project
    this.#name = name
    this.#findModel = findModel
    this.#added = added
    const { names, complete } = project.ancestors(name)
    this.#ancestors = names
    this.#isComplete = complete
    if (!complete) this.#openings.add('a base that is not known')
    this.#isSqlModel = names.includes(SQLMODEL)
    this.#context = { project, types: AnnotationMap.of(project, names), isModel: (other) => modelClassKind(project, other) === 'model' }
  }

  read(path: string): WrittenModel {
    const segments = this.#readMembers()
    const merged = segments.reduceRight<Segment[]>((tables, segment) => this.#withSegment(tables, segment), [])
    const columns = uniqueColumns(merged.flatMap((segment) => withPrimaryKey(segment.columns, argumentsOf(segment))))
    const tables = merged.flatMap((segment) => this.#tableOf(segment) ?? [])
    const inherited = segments.length > 1 ? segments[1]!.model : null
    const inheritance = this.#hasOwnTable(segments[0]!) ? 'joined' : 'single'
    return {
      kind: 'class',
      name: this.#name,
      path,
      table: this.#tableOf(merged[0]!),
      tables: [...new Set(tables)],
      inherits: inherited === null ? null : { model: inherited, kind: inheritance },
      columns,
      relationships: this.#relationships,
      attributes: this.#attributes,
      ...this.#withUnknownKeys(joined(merged.map((segment, i) => this.#keysOf(segment, columns, i === 0)))),
      closed: this.#openings.size === 0,
      openings: [...this.#openings].sort(),
    }
  }

  /** The members of the class and its ancestors, by the mapped class to whose table they belong. */
  #readMembers(): readonly Segment[] {
    const segments: Segment[] = []
    const seen = new Set<string>()
    let seenInSegment = new Set<string>()
    for (const owner of this.#ancestors) {
      const isMapped = owner === this.#name || modelClassKind(this.#project, owner) === 'model'
      if (isMapped) {
        segments.push({ model: owner, columns: [], arguments: null, schema: null, table: null })
        seenInSegment = new Set()
      }
      const definition = this.#project.definition(owner)
      if (definition?.kind !== 'class') continue
      const isDecorated = definition.fact.decorators.some((decorator) => !this.#isKnownDecorator(this.#project.value(decorator, definition.path)))
      if (isDecorated) this.#openings.add('a class decorator that is not known')
      const segment = segments.at(-1)!
      for (const [attribute, fact] of Object.entries(definition.fact.members)) {
        if (this.#readTableMember(segment, attribute, fact, definition.path, owner) || seenInSegment.has(attribute)) continue
        const isOverridden = seen.has(attribute)
        seen.add(attribute)
        seenInSegment.add(attribute)
        if (isOverridden) {
          // A column of a mapped class above is still a column of its table.
          const column = readColumn(this.#context, this.#written(attribute, owner, fact, definition.path))
          if (column) this.#addColumn(segment, column)
          continue
        }
        if (attribute === '__getattr__' || attribute === '__getattribute__') this.#openings.add('__getattr__')
        if (attribute.startsWith('__')) continue
        const written = this.#written(attribute, owner, fact, definition.path)
        this.#readAttribute(segment, written, () => kindOf(this.#project, fact, definition.path))
      }
      for (const { attribute, value } of this.#added(owner)) {
        if (seen.has(attribute)) continue
        seen.add(attribute)
        const written = { attribute, owner, isSqlModel: false, value: withSqlalchemyNames(this.#project, value), annotation: undefined }
        this.#readAttribute(segment, written, () => kindOfValue(written.value))
      }
    }
    return segments
  }

  /** `__table_args__` and `__table__` count for the table of their class only. */
  #readTableMember(segment: Segment, attribute: string, fact: MemberFact, path: string, owner: string): boolean {
    if (attribute === '__table_args__') {
      if (segment.arguments === null) {
        const value = valueOf(this.#project, fact, path)
        segment.arguments = tableArgumentsIn(this.#project, value)
        segment.schema = schemaIn(this.#project, value)
      }
      return true
    }
    if (attribute !== '__table__') return false
    const table = readTable(this.#context, valueOf(this.#project, fact, path), owner)
    if (table && !segment.table) {
      segment.table = table
      segment.columns.push(...table.columns)
      if (!table.closed) this.#openings.add(COMPUTED_COLUMNS)
    }
    return true
  }

  #written(attribute: string, owner: string, fact: MemberFact, path: string): WrittenAttribute {
    const value = valueOf(this.#project, fact, path)
    return { attribute, owner, isSqlModel: this.#isSqlModel, value, annotation: annotationOf(this.#project, fact, path) }
  }

  #readAttribute(segment: Segment, written: WrittenAttribute, kind: () => ModelAttribute['kind']): void {
    const relationship = readRelationship(written, this.#findModel)
    const column = relationship ? null : readColumn(this.#context, written)
    if (relationship) this.#relationships.push(relationship)
    else if (column) this.#addColumn(segment, column)
    else if (isCallOf(written.value, 'sqlalchemy.Index', 'sqlalchemy.UniqueConstraint')) this.#keys.push(written.value)
    else this.#attributes.push({ attribute: written.attribute, kind: kind(), owner: written.owner })
  }

  /** A column that the class's `__table__` has already is only annotated there. */
  #addColumn(segment: Segment, column: ModelColumn): void {
    if (!segment.table?.columns.some(({ attribute }) => attribute === column.attribute)) segment.columns.push(column)
  }

  #isKnownDecorator(decorator: Value): boolean {
    const name = decorator.kind === 'name' ? decorator.name : decorator.kind === 'call' ? decorator.callee : null
    if (name === null) return false
    return this.#project.definition(name) !== null || KNOWN_DECORATORS.test(name) || MAPPING_METHODS.has(lastPart(name))
  }

  /** From the oldest class down: a class without a table of its own adds to that of the class above. */
  #withSegment(tables: readonly Segment[], segment: Segment): Segment[] {
    const [above, ...others] = tables
    if (!above || this.#hasOwnTable(segment)) return [segment, ...tables]
    const given = [segment.arguments, above.arguments].filter((argument) => argument !== null)
    const merged = given.length === 0 ? null : { items: given.flatMap(({ items }) => items), open: given.some(({ open }) => open) }
    // What it declares anew is the same column.
    const own = segment.columns.filter(({ attribute }) => !above.columns.some((column) => column.attribute === attribute))
    return [{ ...above, columns: [...own, ...above.columns], arguments: merged }, ...others]
  }

  #hasOwnTable({ model, table }: Segment): boolean {
    if (table) return true
    const member = this.#project.member(model, '__tablename__')
    if (member?.owner === model) return !isNoneValue(valueOf(this.#project, member.fact, member.path))
    // A name that a mixin computes is computed anew for each class.
    if (member?.fact.kind === 'function') return true
    const definition = this.#project.definition(model)
    const keyword = definition?.kind === 'class' ? definition.fact.keywords['table'] : undefined
    return this.#isSqlModel && !this.#ancestorsOf(model).some((name) => modelClassKind(this.#project, name) === 'model') && keyword?.kind === 'literal'
  }

  #ancestorsOf(model: string): readonly string[] {
    return this.#project.ancestors(model).names.slice(1)
  }

  #tableOf({ model, table, schema }: Segment): string | null {
    if (table) return table.table
    const name = tableName(this.#project, model, this.#project.ancestors(model).names, this.#isSqlModel)
    return name === null ? null : withSchema(schema, name)
  }

  /** A base that is not known may bring keys of its own. */
  #withUnknownKeys(keys: TableKeys): TableKeys {
    return this.#isComplete ? keys : { ...keys, hasUnknownKeys: true }
  }

  #keysOf(segment: Segment, all: readonly ModelColumn[], isOwn: boolean): TableKeys {
    const { items, open } = argumentsOf(segment)
    return readKeys(segment.columns, { items: [...items, ...(isOwn ? this.#keys : [])], open }, all)
  }
}

/** What stands in `__table__` and in `__table_args__`. */
function argumentsOf({ arguments: given, table }: Segment): TableArguments {
  const both = [table?.arguments ?? NO_ARGUMENTS, given ?? NO_ARGUMENTS]
  return { items: both.flatMap(({ items }) => items), open: both.some(({ open }) => open) }
}

/** Each attribute once, as the class nearest to the model has it. */
function uniqueColumns(columns: readonly ModelColumn[]): readonly ModelColumn[] {
  const seen = new Set<string>()
  return columns.filter(({ attribute }) => !seen.has(attribute) && seen.add(attribute))
}

function joined(keys: readonly TableKeys[]): TableKeys {
  const seen = new Set<string>()
  return {
    uniqueKeys: keys.flatMap(({ uniqueKeys }) => uniqueKeys).filter((key) => !seen.has(JSON.stringify(key)) && seen.add(JSON.stringify(key))),
    indexes: keys.flatMap(({ indexes }) => indexes),
    foreignKeys: keys.flatMap(({ foreignKeys }) => foreignKeys),
    hasUnknownKeys: keys.some(({ hasUnknownKeys }) => hasUnknownKeys),
  }
}

/** What an attribute is bound to; of a `declared_attr` function what it returns. Names are absolute. */
export function valueOf(project: PythonProject, fact: MemberFact, path: string): Value | undefined {
  const value = writtenValue(project, fact, path)
  return value && withNamedSplats(project, withSqlalchemyNames(project, value))
}

/** `relationship(User, **OPTIONS)` with the entries of `OPTIONS` among its keywords, where that is a literal. */
function withNamedSplats(project: PythonProject, value: Value): Value {
  if (value.kind !== 'call' || !value.splats) return value
  const given: Record<string, Value> = {}
  for (const { name } of value.splats) {
    const bound = project.valueOf(name)
    if (bound?.kind !== 'dict' || bound.open) return value
    for (const [key, item] of bound.entries) {
      const keyword = stringOf(key)
      if (keyword === null) return value
      given[keyword] = withSqlalchemyNames(project, item)
    }
  }
  const { splats: _, ...call } = value
  return { ...call, keywords: { ...given, ...call.keywords }, open: false }
}

function writtenValue(project: PythonProject, fact: MemberFact, path: string): Value | undefined {
  if (fact.kind === 'variable') return fact.value && project.value(fact.value, path)
  if (fact.kind === 'alias') {
    const target = project.resolveName(fact.target, path)
    return target === null ? undefined : (project.valueOf(target) ?? undefined)
  }
  if (fact.kind === 'function' && isDeclaredAttribute(project, fact, path) && fact.returns.length === 1) return project.value(fact.returns[0]!, path)
  return undefined
}

/** The annotation of an attribute; of a `declared_attr` function that of what it returns. Names are absolute. */
export function annotationOf(project: PythonProject, fact: MemberFact, path: string): Value | undefined {
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
    if (isDeclaredAttribute(project, fact, path)) return kindOfValue(valueOf(project, fact, path), 'unknown')
    return fact.method === 'property' ? 'property' : 'method'
  }
  return kindOfValue(fact.kind === 'variable' ? valueOf(project, fact, path) : undefined)
}

function kindOfValue(value: Value | undefined, otherwise: ModelAttribute['kind'] = 'class-attribute'): ModelAttribute['kind'] {
  return (value?.kind === 'call' && value.callee !== null ? ATTRIBUTE_FUNCTIONS[lastPart(value.callee)] : undefined) ?? otherwise
}

function nameOf(value: Value): string | null {
  return value.kind === 'name' ? value.name : value.kind === 'call' ? value.callee : null
}

const KNOWN_DECORATORS = /^(dataclasses|functools|typing|sqlalchemy|builtins|attrs?|pydantic)\./
const MAPPING_METHODS: ReadonlySet<string> = new Set(['mapped', 'mapped_as_dataclass', 'as_declarative_base'])

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
