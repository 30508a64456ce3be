import type { RelatedPlace } from '@krait/core'
import { definitionPlaceFact } from '../facts/definition-place-fact.ts'
import type { PythonProject } from '../project/python-project.ts'

/** Where a name of a module or class of the project is defined, for the `related` of a finding; none if that is not known. */
export function definitionPlaces(project: PythonProject, qualifiedName: string, message: string): readonly RelatedPlace[] {
  const definition = project.definition(qualifiedName)
  if (!definition) return []
  const key = project.pathInModule(definition.name, definition.path)
  const place = project.part(definitionPlaceFact, definition.path, key)
  return place ? [{ path: definition.path, line: place[0], column: place[1], message }] : []
}
