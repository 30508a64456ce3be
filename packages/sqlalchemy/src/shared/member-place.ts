import type { PythonProject } from '@krait/python'
import { memberPlaceFact } from '@krait/python'

/** Where something is defined, for the `related` of a finding and for messages. */
export interface MemberPlace {
  readonly path: string
  readonly line: number
  readonly column: number
}

/**
 * The place of a class or variable, or of an attribute in its body; of an attribute that stands elsewhere (a mixin, a table) that of the class. Reads
 * places, so ask for it only when the finding is certain.
 * @param name a qualified name
 */
export function placeOfMember(project: PythonProject, name: string, attribute?: string): MemberPlace | null {
  const definition = project.definition(name)
  if (!definition || definition.kind === 'module') return null
  const key = project.pathInModule(definition.name, definition.path)
  const places = project.fact(memberPlaceFact, definition.path)
  const place = (attribute === undefined ? undefined : places?.[`${key}.${attribute}`]) ?? places?.[key]
  return place ? { path: definition.path, line: place[0], column: place[1] } : null
}
