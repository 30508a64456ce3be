import { AnnotationMap } from '../frameworks/sqlalchemy/annotation-map.ts'
import { modelClassKind } from '../frameworks/sqlalchemy/model-classes.ts'
import { columnSource } from '../frameworks/sqlalchemy/read-column.ts'
import { annotationOf, valueOf } from '../frameworks/sqlalchemy/read-model.ts'
import type { MemberFact } from '../facts/module-fact-types.ts'
import type { PythonProject } from '../project/python-project.ts'
import { lastPart, matchesEntry } from '../shared/dotted-name.ts'
import type { CallValue, Value } from '../values/value.ts'
import { DATETIME_KIND, DATE_KIND, DELTA_KIND, UNKNOWN_KIND, UNKNOWN_ZONE, aware } from './kind.ts'
import type { Kind, NaiveKind } from './kind.ts'
import type { KindSettings } from './settings.ts'

/** A column as far as dates and times matter. */
export interface TemporalColumn {
  /** What an instance has in it. */
  readonly kind: Kind
  /** The canonical name of the type, or of the Python type that decides it; `null` if it is computed. */
  readonly type: string | null
}

/** The Python-side defaults of a column, by which its naive values are known to be UTC. */
const DEFAULTS = ['default', 'insert_default', 'default_factory'] as const

/**
 * The column that an attribute of a class is; `null` if it is none.
 * @param className the class of which it is asked: its `type_annotation_map` counts
 * @param kindOfCallable what a callable default gives
 */
export function readTemporalColumn(
  project: PythonProject,
  settings: KindSettings,
  className: string,
  member: { readonly attribute: string; readonly owner: string; readonly fact: MemberFact; readonly path: string },
  kindOfCallable: (value: Value) => Kind,
): TemporalColumn | null {
  const { attribute, owner, fact, path } = member
  const { names } = project.ancestors(className)
  const written = { attribute, owner, value: valueOf(project, fact, path), annotation: annotationOf(project, fact, path), isSqlModel: isSqlTable(project, className, names) }
  const context = { project, types: AnnotationMap.of(project, names), isModel: (name: string) => modelClassKind(project, name) === 'model' }
  const source = columnSource(context, written)
  if (!source) return null
  const { name, call } = typeCall(project, source.type)
  const holds = (): NaiveKind['holds'] => {
    const defaults = DEFAULTS.flatMap((keyword) => (source.keywords[keyword] ? [kindOfCallable(source.keywords[keyword])] : []))
    return defaults.some((kind) => kind.kind === 'naive' && kind.holds === 'utc') ? 'utc' : settings.naiveColumnsHold
  }
  return { type: name, kind: name === null ? UNKNOWN_KIND : kindOfColumnType(project, settings, name, call, holds) }
}

function isSqlTable(project: PythonProject, className: string, ancestors: readonly string[]): boolean {
  return ancestors.includes('sqlmodel.SQLModel') && modelClassKind(project, className) === 'model'
}

/** The type as a name, with the call that makes it. */
function typeCall(project: PythonProject, value: Value | null): { readonly name: string | null; readonly call: CallValue | null } {
  let current = value
  for (let step = 0; step < MAX_STEPS && current; step++) {
    if (current.kind === 'name') {
      const bound = project.valueOf(current.name)
      if (bound?.kind !== 'call' && bound?.kind !== 'name') return { name: current.name, call: null }
      current = bound
    } else if (current.kind === 'call') {
      if (current.callee !== null) return { name: current.callee, call: current }
      current = current.function?.kind === 'attribute' && current.function.attribute === 'with_variant' ? current.function.object : null
    } else return { name: null, call: null }
  }
  return { name: null, call: null }
}

/** Longer chains of names and variants are not followed. */
const MAX_STEPS = 8

function kindOfColumnType(project: PythonProject, settings: KindSettings, name: string, call: CallValue | null, holds: () => NaiveKind['holds']): Kind {
  if (settings.awareColumnTypes.some((entry) => matchesEntry(name, entry))) return aware(UNKNOWN_ZONE)
  if (settings.naiveColumnTypes.some((entry) => matchesEntry(name, entry))) return { kind: 'naive', holds: holds() }
  if (project.definition(name)) return UNKNOWN_KIND
  switch (name) {
    case 'datetime.datetime':
    case 'pydantic.NaiveDatetime':
      return { kind: 'naive', holds: holds() }
    case 'datetime.date':
      return DATE_KIND
    case 'datetime.timedelta':
      return DELTA_KIND
  }
  if (!name.startsWith('sqlalchemy.')) return UNKNOWN_KIND
  switch (lastPart(name)) {
    case 'DateTime':
    case 'TIMESTAMP':
    case 'DATETIME': {
      const hasZone = timezoneOf(call)
      if (hasZone === null || (hasZone && settings.dialect === 'sqlite')) return DATETIME_KIND
      return hasZone ? aware(UNKNOWN_ZONE) : { kind: 'naive', holds: holds() }
    }
    case 'Date':
    case 'DATE':
      return DATE_KIND
    case 'Interval':
    case 'INTERVAL':
      return DELTA_KIND
    default:
      return UNKNOWN_KIND
  }
}

/** Whether `timezone=True` is given; `null` if it is computed. */
function timezoneOf(call: CallValue | null): boolean | null {
  const value = call?.keywords['timezone'] ?? call?.arguments[0]
  if (!value) return call?.open === true ? null : false
  return value.kind === 'literal' ? value.value === true : null
}
