import type { PythonNode, PythonProject, PythonServices } from '@krait/python'
import { isFlaskObject, withoutLastPart } from '@krait/python'

/** As `context.resolve`, with SQLAlchemy's names also for what Flask-SQLAlchemy's object passes on: `sqlalchemy.and_` for `db.and_`. */
export function libraryName(services: PythonServices, node: PythonNode): string | null {
  const name = services.resolve(node)
  return name === null ? null : canonicalName(services.project, name)
}

/** The same for a qualified name at hand. */
export function canonicalName(project: PythonProject, name: string): string {
  if (name.startsWith('sqlalchemy.') || name.startsWith('sqlmodel.') || name.startsWith('builtins.')) return name
  // `db.and_` and `db.func.lower`, but not more.
  const owner = withoutLastPart(name)
  for (const object of [owner, withoutLastPart(owner)]) {
    if (object !== '' && isFlaskObject(project, object)) return `sqlalchemy${name.slice(object.length)}`
  }
  return name
}
