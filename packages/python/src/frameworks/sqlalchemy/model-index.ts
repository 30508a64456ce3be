import { defineIndex } from '@krait/core'
import type { ProjectReader } from '@krait/core'
import { classHeadsFact } from '../../facts/class-facts.ts'
import { PythonProject } from '../../project/python-project.ts'
import { lastPart, withoutLastPart } from '../../shared/dotted-name.ts'
import { migrationFact } from '../alembic/operations-fact.ts'
import { migrationKeysIndex, migrationTablesIndex } from '../alembic/unique-keys.ts'
import { backrefOf, linkRelationship } from './links.ts'
import { sqlalchemyName, withSqlalchemyNames } from './library-names.ts'
import { AnnotationMap } from './annotation-map.ts'
import { mappingFact } from './mapping-fact.ts'
import type { MappingStatements } from './mapping-fact.ts'
import type { Model, ModelOpening, ModelRelationship, UniqueKey } from './model.ts'
import { modelClassKind } from './model-classes.ts'
import { attributeOf, readKey, readKeys, withPrimaryKey } from './read-keys.ts'
import { COMPUTED_COLUMNS, readModel } from './read-model.ts'
import type { AddedMember, WrittenModel } from './read-model.ts'
import { readTable } from './read-table.ts'
import type { WrittenRelationship } from './read-relationship.ts'
import { isTableOf } from './table-names.ts'
import { tablesFact } from './tables-fact.ts'
import type { TablesFact } from './tables-fact.ts'
import type { Value } from '../../values/value.ts'

interface Place {
  readonly name: string
  readonly path: string
}

/** The models and Core tables of the project, by `modelId(path, name)`. */
class ModelIndexBuilder {
  readonly #reader: ProjectReader
  readonly #projects = new Map<string, PythonProject>()
  /** Model classes and tables, with the files that hold them. */
  readonly #classes: Place[] = []
  readonly #byLastPart = new Map<string, string[]>()
  readonly #pathOf = new Map<string, string>()
  readonly #written = new Map<string, WrittenModel | null>()
  readonly #added = new Map<string, AddedMember[]>()
  readonly #keys = new Map<string, Value[]>()
  readonly #opened = new Set<string>()
  #backrefs: ReadonlyMap<string, readonly ModelRelationship[]> | undefined

  constructor(reader: ProjectReader) {
    this.#reader = reader
    const tables = new Map(reader.facts(tablesFact))
    for (const [path, heads] of reader.facts(classHeadsFact)) this.#addModule(path, Object.keys(heads), tables.get(path)?.calls ?? {})
    for (const [path, statements] of reader.facts(mappingFact)) this.#addStatements(path, statements)
  }

  get ids(): readonly string[] {
    return this.#classes.map(({ name, path }) => modelId(path, name)).sort()
  }

  model(id: string): Model | undefined {
    const written = this.#read(id)
    if (!written) return undefined
    const own = written.relationships.map((relationship) => this.#link(written, relationship))
    const names = new Set(own.map(({ attribute }) => attribute))
    const foreign = (this.#backrefsOf(written.name) ?? []).filter(({ attribute }) => !names.has(attribute))
    const openings: readonly ModelOpening[] = this.#opened.has(written.name) ? [...written.openings, 'setattr with a computed name'] : written.openings
    return { ...this.#withOuterKeys(written), relationships: [...own, ...foreign], closed: openings.length === 0, openings }
  }

  #addModule(path: string, classes: readonly string[], calls: TablesFact['calls']): void {
    const project = this.#projectOf(path)
    for (const key of classes) {
      const name = project.nameInModule(key, path)
      if (modelClassKind(project, name) === 'model') this.#addModel(name, path)
    }
    for (const [variable, callee] of Object.entries(calls)) if (isTable(project, callee, path)) this.#addModel(project.nameInModule(variable, path), path)
  }

  #addModel(name: string, path: string): void {
    this.#classes.push({ name, path })
    const names = this.#byLastPart.get(lastPart(name)) ?? []
    names.push(name)
    this.#byLastPart.set(lastPart(name), names)
    if (!this.#pathOf.has(name)) this.#pathOf.set(name, path)
  }

  #addStatements(path: string, { keys, attributes, opened }: MappingStatements): void {
    const project = this.#projectOf(path)
    const add = <Item>(items: Map<string, Item[]>, name: string | null, item: Item): void => {
      if (name === null || !this.#pathOf.has(name)) return
      const known = items.get(name)
      if (known) known.push(item)
      else items.set(name, [item])
    }
    for (const { owner, attribute, value } of attributes) {
      add(this.#added, project.resolveName(owner, path), { attribute, value: project.value(value, path) })
    }
    for (const { owner, key } of keys) {
      const value = withSqlalchemyNames(project, project.value(key, path))
      add(this.#keys, owner === undefined ? this.#ownerOf(value) : project.resolveName(owner, path), value)
    }
    for (const name of opened) {
      const resolved = project.resolveName(name, path)
      if (resolved !== null) this.#opened.add(resolved)
    }
  }

  /** The model whose columns an index names: `Index("ix", User.email)`. */
  #ownerOf(key: Value): string | null {
    const stack = [key]
    for (let steps = 0; stack.length > 0 && steps < MAX_STEPS; steps++) {
      const part = stack.pop()!
      if (part.kind === 'name') {
        const owner = withoutLastPart(part.name).replace(/(\.__table__)?\.(c|columns)$/, '')
        if (this.#pathOf.has(owner)) return owner
      } else if (part.kind === 'call') stack.push(...part.arguments, ...(part.function ? [part.function] : []))
      else if (part.kind === 'attribute' || part.kind === 'subscript') stack.push(part.object)
    }
    return null
  }

  #read(id: string): WrittenModel | null {
    let model = this.#written.get(id)
    if (model !== undefined) return model
    const colon = id.indexOf(':')
    const path = id.slice(0, colon)
    const name = id.slice(colon + 1)
    const project = this.#projectOf(path)
    const find = (target: string): string | null => this.#find(target, name, path)
    model = readModel(project, name, find, (owner) => this.#added.get(owner) ?? []) ?? this.#readTable(project, path, name)
    this.#written.set(id, model)
    return model
  }

  #readByName(name: string | null): WrittenModel | null {
    const path = name === null ? undefined : this.#pathOf.get(name)
    return path === undefined ? null : this.#read(modelId(path, name!))
  }

  /** The model that a string in the mapping of a class names, if only one can be meant: it has the same declarative base. */
  #find(target: string, from: string, path: string): string | null {
    const candidates = (this.#byLastPart.get(lastPart(target)) ?? []).filter((name) => name === target || name.endsWith(`.${target}`))
    if (candidates.length < 2) return candidates[0] ?? null
    const base = this.#baseOf(from, path)
    const related = candidates.filter((name) => base === null || this.#baseOf(name, this.#pathOf.get(name)!) === base)
    return this.#onlyNear(related, path)
  }

  /** The only name that can be meant in a file: one of this file, or else the only one outside of migrations, which have copies of their own. */
  #onlyNear(names: readonly string[], path: string): string | null {
    const here = names.filter((name) => this.#pathOf.get(name) === path)
    const others = names.filter((name) => !this.#reader.fact(migrationFact, this.#pathOf.get(name)!))
    const near = here.length > 0 ? here : others
    return near.length === 1 ? near[0]! : null
  }

  /** The declarative base at the root of a model. */
  #baseOf(name: string, path: string): string | null {
    const project = this.#projectOf(path)
    return project.ancestors(name).names.findLast((ancestor) => modelClassKind(project, ancestor) === 'base') ?? null
  }

  /** A Core table, as a model without relationships whose columns are below `.c`. */
  #readTable(project: PythonProject, path: string, name: string): WrittenModel | null {
    const context = { project, types: AnnotationMap.of(project, []), isModel: () => false }
    const table = readTable(context, project.valueOf(name) ?? undefined, name)
    if (!table) return null
    return {
      kind: 'table',
      name,
      path,
      table: table.table,
      tables: table.table === null ? [] : [table.table],
      inherits: null,
      columns: withPrimaryKey(table.columns, table.arguments),
      relationships: [],
      attributes: [],
      ...readKeys(table.columns, table.arguments),
      closed: table.closed,
      openings: table.closed ? [] : [COMPUTED_COLUMNS],
    }
  }

  #link(from: WrittenModel, relationship: WrittenRelationship): ModelRelationship {
    return linkRelationship(relationship, from, this.#readByName(relationship.target), this.#secondaryOf(relationship, from.path))
  }

  /** The table or model that `secondary=` means by its variable or by its name in the database. */
  #secondaryOf({ through }: WrittenRelationship, path: string): string | null {
    if (through === null) return null
    if (this.#pathOf.has(through)) return through
    const isMeant = ({ name, path: of }: Place): boolean => {
      const tables = this.#read(modelId(of, name))?.tables ?? []
      return lastPart(name) === through || tables.some((table) => isTableOf(through, { name: '', table, tables: [table] }))
    }
    return this.#onlyNear(this.#classes.filter(isMeant).map(({ name }) => name), path)
  }

  #backrefsOf(name: string): readonly ModelRelationship[] | undefined {
    return (this.#backrefs ??= this.#collectBackrefs()).get(name)
  }

  #collectBackrefs(): ReadonlyMap<string, readonly ModelRelationship[]> {
    const found = new Map<string, ModelRelationship[]>()
    for (const { name, path } of this.#classes) {
      const model = this.#read(modelId(path, name))
      for (const relationship of model?.relationships ?? []) {
        const { backref, target } = relationship
        if (!model || !backref || target === null) continue
        const relationships = found.get(target) ?? []
        relationships.push(backrefOf(this.#link(model, relationship), name, target, backref))
        found.set(target, relationships)
      }
    }
    return found
  }

  /** Adds the keys that stand at module level and those that only migrations have. */
  #withOuterKeys(model: WrittenModel): WrittenModel {
    const read = (this.#keys.get(model.name) ?? []).flatMap((key) => readKey(key, model.columns) ?? [])
    const ofModule = read.flatMap(({ key }) => key ?? [])
    const ofMigrations = this.#migratedTables(model).flatMap((table) => this.#reader.ask(migrationKeysIndex, table))
    const known = new Set([...model.uniqueKeys, ...ofModule].map(keyText))
    const added = ofMigrations
      .map((key): UniqueKey => ({ ...key, columns: key.columns.map((column) => attributeOf(column, model.columns)), from: 'migration' }))
      .filter((key) => !known.has(keyText(key)))
    return {
      ...model,
      uniqueKeys: [...model.uniqueKeys, ...ofModule, ...added],
      indexes: [...model.indexes, ...read.flatMap(({ index }) => index ?? [])],
      hasUnknownKeys: model.hasUnknownKeys || read.some(({ isUnknown }) => isUnknown),
    }
  }

  #migratedTables(model: WrittenModel): readonly string[] {
    return this.#reader.ask(migrationTablesIndex, 'all').filter((table) => isTableOf(table, model))
  }

  #projectOf(path: string): PythonProject {
    const probe = this.#projects.get('') ?? new PythonProject(this.#reader, this.#reader.settings(), '')
    this.#projects.set('', probe)
    const root = probe.sourceRoot(path)
    let project = this.#projects.get(root)
    if (!project) this.#projects.set(root, (project = new PythonProject(this.#reader, this.#reader.settings(), path)))
    project.moduleName(path)
    return project
  }
}

function isTable(project: PythonProject, callee: string, path: string): boolean {
  const name = project.resolveName(callee, path)
  return name !== null && TABLES.has(sqlalchemyName(project, name))
}

const TABLES: ReadonlySet<string> = new Set(['sqlalchemy.Table', 'flask_sqlalchemy.Table'])

function keyText({ columns }: UniqueKey): string {
  return [...columns].sort().join()
}

const MAX_STEPS = 60

/** What names a model or Core table in the index: several parts of a project can have classes of one qualified name. */
export function modelId(path: string, name: string): string {
  return `${path}:${name}`
}

/** The models themselves. Only the two indexes below look into it: its answer is no JSON. */
export const modelBuilderIndex = defineIndex<ModelIndexBuilder, 'builder', ModelIndexBuilder>({
  name: 'python/sqlalchemy-model-builder',
  version: 2,
  build: (reader) => new ModelIndexBuilder(reader),
  ask: (builder) => builder,
})

/** One model or Core table, by `modelId`; see `PythonProject.model`. */
export const modelIndex = defineIndex<ModelIndexBuilder, string, Model | undefined>({
  name: 'python/sqlalchemy-models',
  version: 2,
  build: (reader) => reader.ask(modelBuilderIndex, 'builder'),
  ask: (builder, id) => builder.model(id),
})

/** The ids of all models and Core tables, sorted; the only key is `all`. */
export const modelListIndex = defineIndex<ModelIndexBuilder, 'all', readonly string[]>({
  name: 'python/sqlalchemy-model-list',
  version: 2,
  build: (reader) => reader.ask(modelBuilderIndex, 'builder'),
  ask: (builder) => builder.ids,
})
