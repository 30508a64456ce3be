import type { PythonProject } from '../../project/python-project.ts'
import { isCallOf } from '../../values/value.ts'
import type { Value } from '../../values/value.ts'
import { withSqlalchemyNames } from './library-names.ts'

/** The column types that a declarative base gives to Python types: its `type_annotation_map`, or that of its `registry(...)`. */
export class AnnotationMap {
  readonly #types: ReadonlyMap<string, Value>

  private constructor(types: ReadonlyMap<string, Value>) {
    this.#types = types
  }

  /** The map that holds for a class. @param ancestors its name and those of the classes that it inherits from */
  static of(project: PythonProject, ancestors: readonly string[]): AnnotationMap {
    const types = new Map<string, Value>()
    for (const owner of ancestors) {
      const value = mapOf(project, owner)
      if (value?.kind !== 'dict') continue
      for (const [key, type] of value.entries) if (!types.has(keyOf(key))) types.set(keyOf(key), type)
    }
    return new AnnotationMap(types)
  }

  /** The type for an annotation as it is written; `undefined` if the map does not have it. */
  typeFor(annotation: Value): Value | undefined {
    return this.#types.size === 0 ? undefined : this.#types.get(keyOf(annotation))
  }
}

function mapOf(project: PythonProject, owner: string): Value | undefined {
  const definition = project.definition(owner)
  // `Base = declarative_base(type_annotation_map={...})`
  if (definition?.kind === 'variable') {
    const made = project.valueOf(owner)
    const given = isCallOf(made, 'sqlalchemy.orm.declarative_base') ? made.keywords['type_annotation_map'] : undefined
    return given && followed(project, given)
  }
  if (definition?.kind !== 'class') return undefined
  const { members } = definition.fact
  const direct = Object.hasOwn(members, 'type_annotation_map') ? members['type_annotation_map'] : undefined
  if (direct?.kind === 'variable' && direct.value) return followed(project, project.value(direct.value, definition.path))
  const registry = Object.hasOwn(members, 'registry') ? members['registry'] : undefined
  if (registry?.kind !== 'variable' && registry?.kind !== 'alias') return undefined
  const { path } = definition
  const made = registry.kind === 'variable' ? registry.value && project.value(registry.value, path) : valueBehind(project, registry.target, path)
  const given = isCallOf(made, 'sqlalchemy.orm.registry') ? made.keywords['type_annotation_map'] : undefined
  return given && followed(project, given)
}

function valueBehind(project: PythonProject, target: string, path: string): Value | undefined {
  const name = project.resolveName(target, path)
  return name === null ? undefined : (project.valueOf(name) ?? undefined)
}

function followed(project: PythonProject, value: Value): Value {
  const bound = value.kind === 'name' ? project.valueOf(value.name) : null
  return withSqlalchemyNames(project, bound ?? value)
}

function keyOf(value: Value): string {
  return JSON.stringify(value)
}
