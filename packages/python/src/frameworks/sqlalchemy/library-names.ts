import type { PythonProject } from '../../project/python-project.ts'
import { mapNames } from '../../values/value.ts'
import type { Value } from '../../values/value.ts'

const FLASK_CLASS = 'flask_sqlalchemy.SQLAlchemy'

/** What Flask-SQLAlchemy's object passes on from `sqlalchemy.orm`; the rest is from `sqlalchemy`. */
const ORM_NAMES: ReadonlySet<string> = new Set(
  `aliased backref column_property composite contains_eager defaultload defer deferred dynamic_loader immediateload joinedload lazyload load_only
  mapped_column noload query_expression raiseload relationship selectinload subqueryload synonym undefer with_polymorphic`.split(/\s+/),
)

/** What the object has for itself. */
const OWN_NAMES: ReadonlySet<string> = new Set('Model Query Table app engine engines get_engine metadata metadatas session'.split(' '))

/**
 * A qualified name in which SQLAlchemy's names stand also for what Flask-SQLAlchemy's object passes on: `sqlalchemy.and_` for `app.db.db.and_`. The
 * object's own `Table` becomes `flask_sqlalchemy.Table`.
 */
export function sqlalchemyName(project: PythonProject, name: string): string {
  if (/^(sqlalchemy|sqlmodel|builtins|typing)\./.test(name)) return name
  return project.answerOnce('sqlalchemy name', name, name, () => throughFlaskObject(project, name))
}

function throughFlaskObject(project: PythonProject, name: string): string {
  // `db.Column` and `db.func.lower`, but not more.
  let dot = name.lastIndexOf('.')
  for (let step = 0; step < 2 && dot > 0; step++, dot = name.lastIndexOf('.', dot - 1)) {
    if (!isFlaskObject(project, name.slice(0, dot))) continue
    const rest = name.slice(dot + 1)
    const [first] = rest.split('.')
    if (OWN_NAMES.has(first!)) return first === 'Table' ? `flask_sqlalchemy.${rest}` : name
    return `${ORM_NAMES.has(first!) ? 'sqlalchemy.orm' : 'sqlalchemy'}.${rest}`
  }
  return name
}

/** The same for all names of a value. */
export function withSqlalchemyNames(project: PythonProject, value: Value): Value {
  return mapNames(value, (name) => sqlalchemyName(project, name))
}

/** Whether a qualified name is a variable bound to `SQLAlchemy()`. */
export function isFlaskObject(project: PythonProject, name: string): boolean {
  return project.answerOnce('flask object', name, false, () => {
    const definition = project.definition(name)
    const made = definition?.kind === 'variable' && definition.fact.value ? project.value(definition.fact.value, definition.path) : null
    return made?.kind === 'call' && made.callee !== null && project.isSubclassOf(made.callee, [FLASK_CLASS]) === true
  })
}
