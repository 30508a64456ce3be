import type { PythonProject } from '../project/python-project.ts'
import type { Value } from './value.ts'

/** The class of an object, given its value with absolute names; `null` if it is not the call of a class. */
export function classOfValue(value: Value, project: PythonProject): string | null {
  if (value.kind === 'await') return null
  if (value.kind !== 'call' || value.callee === null) return null
  const definition = project.definition(value.callee)
  if (definition) return definition.kind === 'class' ? definition.name : null
  return looksLikeClass(value.callee) ? value.callee : null
}

/** A class of a library cannot be looked up; by convention its name begins with a capital. */
export function looksLikeClass(name: string): boolean {
  return /(^|\.)_*\p{Lu}[^.]*$/u.test(name) && !NOT_CLASSES.has(name)
}

/** Functions with names of classes. */
const NOT_CLASSES: ReadonlySet<string> = new Set([
  'fastapi.Depends',
  'fastapi.Security',
  'fastapi.Query',
  'fastapi.Path',
  'fastapi.Body',
  'fastapi.Header',
  'fastapi.Cookie',
  'fastapi.Form',
  'fastapi.File',
  'pydantic.Field',
  'sqlmodel.Field',
  'typing.NewType',
  'typing.TypeVar',
  'typing.NamedTuple',
  'typing.TypedDict',
])

/** Deeper nesting of `Annotated[Optional[...], ...]` and of aliases is not followed. */
const MAX_DEPTH = 10

/** The class that an annotation with absolute names speaks of; `None` among the parts of a union is left out. */
export function classOfAnnotation(annotation: Value, project: PythonProject, depth = 0): string | null {
  if (depth > MAX_DEPTH) return null
  if (annotation.kind === 'name') return classOfName(annotation.name, project, depth)
  if (annotation.kind === 'binary' && annotation.operator === '|') return onlyClass([annotation.left, annotation.right], project, depth)
  if (annotation.kind !== 'subscript' || annotation.object.kind !== 'name') return null
  const first = annotation.index[0]
  switch (annotation.object.name) {
    case 'typing.Optional':
    case 'typing.Annotated':
    case 'typing.Final':
    case 'typing.ClassVar':
    case 'typing.Required':
    case 'typing.NotRequired':
    case 'typing.ReadOnly':
      return first ? classOfAnnotation(first, project, depth + 1) : null
    case 'typing.Union':
      return onlyClass(annotation.index, project, depth)
    case 'typing.Type':
    case 'builtins.type':
    case 'typing.Callable':
    case 'collections.abc.Callable':
    case 'typing.Literal':
      return null
    default:
      return classOfName(annotation.object.name, project, depth)
  }
}

function classOfName(name: string, project: PythonProject, depth: number): string | null {
  const definition = project.definition(name)
  if (definition?.kind === 'class') return definition.name
  if (definition?.kind === 'variable') {
    const alias = definition.fact.value
    return alias ? classOfAnnotation(project.value(alias, definition.path), project, depth + 1) : null
  }
  if (definition || name === 'typing.Any' || name === 'builtins.None') return null
  return name
}

function onlyClass(parts: readonly Value[], project: PythonProject, depth: number): string | null {
  const classes = parts.filter((part) => !isNone(part))
  return classes.length === 1 ? classOfAnnotation(classes[0]!, project, depth + 1) : null
}

function isNone(value: Value): boolean {
  return (value.kind === 'literal' && value.type === 'none') || (value.kind === 'name' && value.name === 'types.NoneType')
}
