import { defineIndex } from '@krait/core'
import type { ProjectReader } from '@krait/core'
import { moduleFact } from '../../facts/module-fact.ts'
import type { MemberFact, ModuleFact } from '../../facts/module-fact-types.ts'
import { PythonProject } from '../../project/python-project.ts'
import { lastPart } from '../../shared/dotted-name.ts'
import { isCallOf } from '../../values/value.ts'
import type { Model, ModelRelationship } from './model.ts'
import { modelClassKind } from './model-classes.ts'
import { readKeys } from './read-keys.ts'
import { coreColumns, readModel } from './read-model.ts'
import type { WrittenModel } from './read-model.ts'
import { stringOf } from './read-column.ts'

/** The models and Core tables of the project, by `modelId(path, name)`. */
class ModelIndexBuilder {
  readonly #reader: ProjectReader
  readonly #projects = new Map<string, PythonProject>()
  /** Model classes, with the files that hold them. */
  readonly #classes: { readonly name: string; readonly path: string }[] = []
  readonly #byLastPart = new Map<string, string[]>()
  readonly #models = new Map<string, WrittenModel | null>()
  #backrefs: ReadonlyMap<string, readonly ModelRelationship[]> | undefined

  constructor(reader: ProjectReader) {
    this.#reader = reader
    for (const [path, module] of reader.facts(moduleFact)) this.#addModule(path, module)
  }

  get ids(): readonly string[] {
    return this.#classes.map(({ name, path }) => modelId(path, name)).sort()
  }

  model(id: string): Model | undefined {
    const colon = id.indexOf(':')
    const path = id.slice(0, colon)
    const name = id.slice(colon + 1)
    const written = this.#read(path, name)
    if (!written) return this.#table(path, name)
    const { relationships, ...rest } = written
    const own = relationships.map(({ backref: _, ...relationship }) => relationship)
    const names = new Set(own.map(({ attribute }) => attribute))
    const foreign = (this.#backrefsOf(written.name) ?? []).filter(({ attribute }) => !names.has(attribute))
    return { ...rest, relationships: [...own, ...foreign] }
  }

  #addModule(path: string, module: ModuleFact): void {
    const project = this.#projectOf(path)
    const prefix = project.moduleName(path)
    const stack: (readonly [string, MemberFact])[] = Object.entries(module.members)
    while (stack.length > 0) {
      const [inner, fact] = stack.pop()!
      const name = prefix === '' ? inner : `${prefix}.${inner}`
      if (fact.kind === 'class') {
        for (const [member, memberFact] of Object.entries(fact.members)) if (memberFact.kind === 'class') stack.push([`${inner}.${member}`, memberFact])
        if (fact.bases.length === 0 && fact.decorators.length === 0) continue
        if (modelClassKind(project, name) === 'model') this.#addModel(name, path)
      } else if (fact.kind === 'variable' && isCallOf(fact.value && project.value(fact.value, path), 'sqlalchemy.Table')) this.#classes.push({ name, path })
    }
  }

  #addModel(name: string, path: string): void {
    this.#classes.push({ name, path })
    const names = this.#byLastPart.get(lastPart(name)) ?? []
    names.push(name)
    this.#byLastPart.set(lastPart(name), names)
  }

  #read(path: string, name: string): WrittenModel | null {
    const id = modelId(path, name)
    let model = this.#models.get(id)
    if (model === undefined) this.#models.set(id, (model = readModel(this.#projectOf(path), name, (target) => this.#find(target))))
    return model
  }

  /** The model that a string in a mapping names, if only one can be meant. */
  #find(target: string): string | null {
    const candidates = (this.#byLastPart.get(lastPart(target)) ?? []).filter((name) => name === target || name.endsWith(`.${target}`))
    return candidates.length === 1 ? candidates[0]! : null
  }

  /** A Core table, as a model without relationships whose columns are below `.c`. */
  #table(path: string, name: string): Model | undefined {
    const project = this.#projectOf(path)
    const table = project.valueOf(name)
    if (!isCallOf(table, 'sqlalchemy.Table')) return undefined
    const columns = coreColumns(project, table, name)
    return { name, path, table: stringOf(table.arguments[0]), columns, relationships: [], attributes: [], ...readKeys(columns, table.arguments.slice(2)), closed: !table.open }
  }

  #backrefsOf(name: string): readonly ModelRelationship[] | undefined {
    return (this.#backrefs ??= this.#collectBackrefs()).get(name)
  }

  #collectBackrefs(): ReadonlyMap<string, readonly ModelRelationship[]> {
    const found = new Map<string, ModelRelationship[]>()
    for (const { name, path } of this.#classes) {
      for (const { backref, target, attribute, uselist, hasSecondary } of this.#read(path, name)?.relationships ?? []) {
        if (!backref || target === null) continue
        const relationships = found.get(target) ?? []
        relationships.push({
          attribute: backref.name,
          target: name,
          // The other side of a collection is one, that of a single object usually many.
          uselist: backref.uselist ?? (hasSecondary ? true : uselist === null ? null : !uselist),
          backPopulates: attribute,
          lazy: null,
          hasSecondary,
          viewonly: false,
          owner: target,
          fromBackref: attribute,
        })
        found.set(target, relationships)
      }
    }
    return found
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

/** What names a model or Core table in the index: several parts of a project can have classes of one qualified name. */
export function modelId(path: string, name: string): string {
  return `${path}:${name}`
}

/** The models themselves. Only the two indexes below look into it: its answer is no JSON. */
const builderIndex = defineIndex<ModelIndexBuilder, 'builder', ModelIndexBuilder>({
  name: 'python/sqlalchemy-model-builder',
  version: 1,
  build: (reader) => new ModelIndexBuilder(reader),
  ask: (builder) => builder,
})

/** One model or Core table, by `modelId`; see `PythonProject.model`. */
export const modelIndex = defineIndex<ModelIndexBuilder, string, Model | undefined>({
  name: 'python/sqlalchemy-models',
  version: 1,
  build: (reader) => reader.ask(builderIndex, 'builder'),
  ask: (builder, id) => builder.model(id),
})

/** The ids of all models and Core tables, sorted; the only key is `all`. */
export const modelListIndex = defineIndex<ModelIndexBuilder, 'all', readonly string[]>({
  name: 'python/sqlalchemy-model-list',
  version: 1,
  build: (reader) => reader.ask(builderIndex, 'builder'),
  ask: (builder) => builder.ids,
})
