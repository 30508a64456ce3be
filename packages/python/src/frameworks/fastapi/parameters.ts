import type { ParameterFact } from '../../facts/module-fact-types.ts'
import type { PythonProject } from '../../project/python-project.ts'
import { mapParameter } from '../../shared/returned-locals.ts'
import { argumentOf, isNoneValue } from '../../values/value.ts'
import type { CallValue, Value } from '../../values/value.ts'

/** How FastAPI fills a parameter, as far as it is said. */
export type Marker = 'depends' | 'security' | 'query' | 'path' | 'header' | 'cookie' | 'body' | 'form' | 'file'

/** A parameter of a handler or a dependency. */
export interface Parameter {
  readonly name: string
  readonly kind: ParameterFact['kind']
  /** Aliases of `Annotated` are expanded, and its metadata taken off. `null` if there is none. */
  readonly annotation: Value | null
  readonly marker: Marker | null
  /** The call of the marker, such as `Query(ge=1)`. */
  readonly markerCall: CallValue | null
  /** The name in the request, if the marker gives another one. */
  readonly alias: string | null
  /** It has no default, neither behind `=` nor in its marker. */
  readonly isRequired: boolean
  /** The default; `null` if there is none, or a factory makes it. */
  readonly default: Value | null
  /** What `Depends` or `Security` names; the annotated class, if it names nothing. */
  readonly dependency: Value | null
}

const MARKERS: Readonly<Record<string, Marker>> = {
  'fastapi.Depends': 'depends',
  'fastapi.Security': 'security',
  'fastapi.Query': 'query',
  'fastapi.Path': 'path',
  'fastapi.Header': 'header',
  'fastapi.Cookie': 'cookie',
  'fastapi.Body': 'body',
  'fastapi.Form': 'form',
  'fastapi.File': 'file',
}

/** Longer chains of aliases are not followed. */
const MAX_STEPS = 10

/**
 * Reads the parameters of a function that FastAPI calls.
 * @param path the file to which the names in the facts are relative
 * @param substitute for a function in a function: puts what the variables of that hold in the place of their names
 */
export function readParameters(
  project: PythonProject,
  facts: readonly ParameterFact[],
  path: string,
  substitute = (value: Value): Value => value,
): Parameter[] {
  return facts.map((fact) => parameterOf(project, mapParameter(fact, (value) => substitute(project.value(value, path)))))
}

/** A parameter, or an attribute that is filled like one, whose annotation and default have absolute names. */
export function parameterOf(project: PythonProject, { name, kind, annotation: written, default: byDefault }: ParameterFact): Parameter {
  const annotated = written ? expandAnnotated(project, written) : null
  const inDefault = byDefault ? markerOf(project, byDefault) : null
  const inMetadata = annotated?.metadata.map((item) => markerOf(project, item)).findLast((found) => found !== null) ?? null
  const marked = inDefault ?? inMetadata
  const annotation = annotated?.type ?? null
  const isInjected = marked?.marker === 'depends' || marked?.marker === 'security'
  const plainDefault = inDefault ? defaultIn(inDefault.call) : (withoutEllipsis(byDefault) ?? (inMetadata && !isInjected ? defaultIn(inMetadata.call) : null))
  const hasFactory = marked !== null && 'default_factory' in marked.call.keywords
  const named = isInjected ? argumentOf(marked.call, 'dependency', 0) : null
  return {
    name,
    kind,
    annotation,
    marker: marked?.marker ?? null,
    markerCall: marked?.call ?? null,
    alias: marked && !isInjected ? aliasOf(marked.call) : null,
    isRequired: !isInjected && plainDefault === null && !hasFactory,
    default: isInjected ? null : plainDefault,
    dependency: isInjected ? (named && !isNoneValue(named) ? named : annotation) : null,
  }
}

/** The marker that a value is, itself or by a name: `FindItem = Depends(find_item)`. */
export function markerOf(project: PythonProject, value: Value): { readonly marker: Marker; readonly call: CallValue } | null {
  let current: Value | null = value
  for (let step = 0; step < MAX_STEPS && current?.kind === 'name'; step++) current = project.valueOf(current.name)
  if (current?.kind !== 'call' || current.callee === null || !Object.hasOwn(MARKERS, current.callee)) return null
  return { marker: MARKERS[current.callee]!, call: current }
}

/** Follows aliases to `Annotated[...]` and takes it apart; metadata of inner ones comes first, as Python flattens it. */
function expandAnnotated(project: PythonProject, written: Value): { readonly type: Value; readonly metadata: readonly Value[] } {
  let type = written
  const metadata: Value[] = []
  for (let step = 0; step < MAX_STEPS; step++) {
    if (type.kind === 'subscript' && type.object.kind === 'name' && type.object.name === 'typing.Annotated' && type.index[0]) {
      metadata.unshift(...type.index.slice(1))
      type = type.index[0]
      continue
    }
    const alias = type.kind === 'name' ? aliasedAnnotation(project, type.name) : null
    if (!alias) break
    type = alias
  }
  return { type, metadata }
}

/** What an alias of an annotation stands for; only one that leads to `Annotated` is looked into. */
function aliasedAnnotation(project: PythonProject, name: string): Value | null {
  let current: Value | null = project.valueOf(name)
  for (let step = 0; step < MAX_STEPS && current?.kind === 'name'; step++) current = project.valueOf(current.name)
  const isAnnotated = current?.kind === 'subscript' && current.object.kind === 'name' && current.object.name === 'typing.Annotated'
  return isAnnotated ? current : null
}

/** The default in a marker; `...` says that there is none. */
function defaultIn(call: CallValue): Value | null {
  return withoutEllipsis(argumentOf(call, 'default', 0) ?? undefined)
}

function withoutEllipsis(value: Value | undefined): Value | null {
  return value === undefined || (value.kind === 'literal' && value.type === 'ellipsis') ? null : value
}

function aliasOf({ keywords }: CallValue): string | null {
  const given = keywords['validation_alias'] ?? keywords['alias']
  return given?.kind === 'literal' && given.type === 'string' ? String(given.value) : null
}
