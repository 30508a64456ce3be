import type { PythonNode, PythonProject, PythonServices } from '@krait/python'
import { withoutLastPart } from '@krait/python'

const FLASK_CLASS = 'flask_sqlalchemy.SQLAlchemy'

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

function isFlaskObject(project: PythonProject, name: string): boolean {
  const definition = project.definition(name)
  if (definition?.kind !== 'variable' || !definition.fact.value) return false
  const made = project.value(definition.fact.value, definition.path)
  return made.kind === 'call' && made.callee !== null && project.isSubclassOf(made.callee, [FLASK_CLASS]) === true
}
