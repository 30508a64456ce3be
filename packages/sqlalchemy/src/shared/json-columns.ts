import type { ColumnUse, Located, ModelColumn, ModelRelationship, PythonProject, Statement, Statements } from '@krait/python'
import { at, followed } from '@krait/python'
import { argumentsOf } from './statement-parts.ts'

const JSON_TYPES: ReadonlySet<string> = new Set(['sqlalchemy.JSON', 'sqlalchemy.dialects.postgresql.JSON', 'sqlalchemy.types.JSON', 'sqlmodel.JSON'])

/** Whether PostgreSQL has the column as `json`, which knows no equality. */
export function isJson({ type, impl, variants }: ModelColumn): boolean {
  const name = impl ?? type
  return name !== null && JSON_TYPES.has(name) && !(variants?.includes('postgresql') ?? false)
}

/** How the option of a relationship loads it, by the last part of its name. */
interface Loading {
  readonly method: string
  readonly relationship: ModelRelationship
}

/** The first JSON column that a SELECT has in its list, also by what it loads with a join. */
export function selectedJson(project: PythonProject, statements: Statements, statement: Statement): ColumnUse | null {
  const options = optionsOf(statements, statement)
  if (options.isNarrowed) return null
  for (const expression of statement.selected) {
    if (expression.kind === 'column' && isJson(expression.column)) return expression
    const model = expression.kind === 'entity' ? expression.source.model : null
    if (expression.kind !== 'entity' || !model) continue
    const source = { ...expression.source, model }
    const column = model.columns.find((candidate) => isJson(candidate) && candidate.deferred !== true && !options.deferred.has(`${model.name}.${candidate.attribute}`))
    if (column) return { source, column }
    for (const relationship of model.relationships) {
      if (relationship.lazy !== 'joined' || relationship.target === null || options.loadings.some((one) => isSame(one.relationship, relationship) && one.method !== 'joinedload')) continue
      const found = jsonOf(project, relationship.target, options.deferred)
      if (found) return found
    }
  }
  for (const { method, relationship } of options.loadings) {
    const found = method === 'joinedload' && relationship.target !== null ? jsonOf(project, relationship.target, options.deferred) : null
    if (found) return found
  }
  return null
}

function isSame(one: ModelRelationship, other: ModelRelationship): boolean {
  return one.attribute === other.attribute && one.owner === other.owner
}

function jsonOf(project: PythonProject, name: string, deferred: ReadonlySet<string>): ColumnUse | null {
  const model = project.model(name)
  const column = model?.columns.find((candidate) => isJson(candidate) && candidate.deferred !== true && !deferred.has(`${name}.${candidate.attribute}`))
  return model && column ? { source: { key: name, model, isAlias: false, text: null }, column } : null
}

interface Options {
  readonly loadings: readonly Loading[]
  /** Columns that are left out, as `app.models.User.data`. */
  readonly deferred: ReadonlySet<string>
  /** Which columns are loaded is said in a way that is not looked into. */
  readonly isNarrowed: boolean
}

const LOADERS: ReadonlySet<string> = new Set('contains_eager defaultload immediateload joinedload lazyload noload raiseload selectinload subqueryload'.split(' '))

function optionsOf(statements: Statements, { steps }: Statement): Options {
  const loadings: Loading[] = []
  const deferred = new Set<string>()
  let isNarrowed = false
  for (const step of steps) {
    if (step.name !== 'options') continue
    isNarrowed ||= step.call.term.open === true
    for (const option of argumentsOf(step)) isNarrowed = readOption(statements, option, loadings, deferred) || isNarrowed
  }
  return { loadings, deferred, isNarrowed }
}

/** Reads `joinedload(A.b).defer(...)`; says whether it narrows what is loaded, or cannot be read. */
function readOption(statements: Statements, option: Located, loadings: Loading[], deferred: Set<string>): boolean {
  let located = followed(option)
  while (located.term.kind === 'call') {
    const { term } = located
    const { function: called } = term
    const method = called.kind === 'attribute' ? called.attribute : called.kind === 'name' ? called.name.slice(called.name.lastIndexOf('.') + 1) : ''
    if (method === 'load_only' || method === 'defer_group') return true
    for (const argument of term.arguments) {
      const on = statements.sqlOf(at(argument, located))
      if (method === 'defer' && on.kind === 'column') deferred.add(`${on.source.model.name}.${on.column.attribute}`)
      else if (LOADERS.has(method) && on.kind === 'relationship') loadings.push({ method, relationship: on.relationship })
      else if (LOADERS.has(method) || method === 'defer') return true
    }
    if (called.kind !== 'attribute') return false
    located = followed(at(called.object, located))
  }
  return located.term.kind !== 'name'
}
