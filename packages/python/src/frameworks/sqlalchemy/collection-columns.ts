import { childByField, defineFact, defineIndex } from '@krait/core'
import type { FileSemantics } from '../../file-semantics.ts'
import type { RelativeName } from '../../names/relative-name.ts'
import { PythonProject } from '../../project/python-project.ts'
import * as K from '../../scopes/kind-codes.ts'
import { lastPart } from '../../shared/dotted-name.ts'
import type { ModelColumn } from './model.ts'
import { modelIndex, modelListIndex } from './model-index.ts'

/** The types that a file gives to `MutableDict.associate_with(...)`. */
export const associatedTypesFact = defineFact<readonly RelativeName[], FileSemantics>({
  name: 'python/sqlalchemy-associated-types',
  version: 1,
  onDemand: 'project',
  collect: ({ services: file }) => {
    const { tree, tables, names, values } = file
    if (!tree.text.includes('.associate_with(')) return []
    const found: RelativeName[] = []
    for (const index of file.nodesOf(K.CALL)) {
      const name = names.nameOf(childByField(tree, index, tables.kinds.fields.function))
      const call = name?.endsWith('.associate_with') ? values.summarise(index) : null
      const [type] = call?.kind === 'call' ? call.arguments : []
      if (type?.kind === 'name') found.push(type.name)
    }
    return found
  },
})

const TYPES: ReadonlySet<string> = new Set(['ARRAY', 'HSTORE', 'JSON', 'JSONB', 'PickleType'])

/** Whether the values of a column are collections or objects that can be changed in place. */
export function holdsCollection({ type, impl }: ModelColumn): boolean {
  const name = impl ?? type
  return name !== null && /^(sqlalchemy|sqlmodel)\b/.test(name) && TYPES.has(lastPart(name))
}

/**
 * By the name of an attribute: the models in which a column of that name holds a collection that SQLAlchemy loads as a plain or mutable one. Columns whose
 * changes are seen because their type is associated with a mutable class are left out.
 */
export const collectionColumnsIndex = defineIndex<ReadonlyMap<string, readonly string[]>, string, readonly string[] | undefined>({
  name: 'python/sqlalchemy-collection-columns',
  version: 2,
  build(reader) {
    const found = new Map<string, string[]>()
    const columns = reader.ask(modelListIndex, 'all').flatMap((id) => {
      const model = reader.ask(modelIndex, id)
      return model?.kind === 'class' ? model.columns.filter(holdsCollection).map((column) => ({ column, model: model.name })) : []
    })
    const associated = new Set(
      (columns.length > 0 ? [...reader.facts(associatedTypesFact)] : []).flatMap(([path, types]) => {
        const project = types.length > 0 ? new PythonProject(reader, reader.settings(), path) : null
        return types.flatMap((type) => project?.resolveName(type, path) ?? [])
      }),
    )
    for (const { column, model } of columns) {
      if ([column.type, column.impl].some((name) => typeof name === 'string' && associated.has(name))) continue
      const models = found.get(column.attribute)
      if (models) models.push(model)
      else found.set(column.attribute, [model])
    }
    return found
  },
  ask: (columns, attribute) => columns.get(attribute),
})
