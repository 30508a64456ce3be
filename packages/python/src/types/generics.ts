import type { FunctionFact } from '../facts/module-fact-types.ts'
import type { PythonProject } from '../project/python-project.ts'
import type { Value } from '../values/value.ts'
import { NO_VARIABLES, typeOfAnnotation } from './annotations.ts'
import type { TypeVariables } from './annotations.ts'
import type { CallArguments } from './evaluator.ts'
import { UNKNOWN_TYPE, instanceOf, withoutNone } from './type.ts'
import type { Type } from './type.ts'

/** More classes on the way from a class to its generic base are not followed. */
const MAX_CLASSES = 50

/**
 * What the type variables of a class stand for, seen from an instance: with `class Repo(Generic[M])` and `class Users(Repo[User])`, the `M` of
 * `Repo` is `User` in an instance of `Users`.
 * @param owner the class whose variables are asked for: the class of `type` or one above it
 */
export function classVariables(project: PythonProject, type: Type & { kind: 'instance' | 'class' }, owner: string): TypeVariables {
  const start = variablesOf(parametersOf(project, type.class), type.args)
  const queue: { readonly className: string; readonly variables: TypeVariables }[] = [{ className: type.class, variables: start }]
  for (let i = 0; i < queue.length && i < MAX_CLASSES; i++) {
    const { className, variables } = queue[i]!
    if (className === owner) return withoutUnknown(variables)
    const definition = project.definition(className)
    if (definition?.kind !== 'class') continue
    for (const base of definition.fact.bases) {
      const value = project.value(base, definition.path)
      const name = value.kind === 'subscript' ? nameOf(value.object) : nameOf(value)
      if (name === null) continue
      const given = value.kind === 'subscript' ? value.index.map((part) => typeOfAnnotation(part, project, variables)) : []
      queue.push({ className: name, variables: variablesOf(parametersOf(project, name), given) })
    }
  }
  return NO_VARIABLES
}

function variablesOf(parameters: readonly string[], given: readonly Type[]): TypeVariables {
  return parameters.length === 0 ? NO_VARIABLES : new Map(parameters.map((name, i) => [name, given[i] ?? UNKNOWN_TYPE]))
}

/** What the type variables of a function stand for in one call, by its arguments: `def load(model: type[T], ...) -> T`. */
export function functionVariables(
  project: PythonProject,
  fact: FunctionFact,
  path: string,
  receiver: Type | null,
  callArguments: CallArguments,
): TypeVariables {
  if (!fact.returnAnnotation) return NO_VARIABLES
  const wanted = variablesIn(project, project.value(fact.returnAnnotation, path))
  if (wanted.size === 0) return NO_VARIABLES
  const found = new Map<string, Type>()
  const isBound = receiver !== null && fact.method !== undefined && fact.method !== 'static'
  for (const [position, parameter] of (isBound ? fact.parameters.slice(1) : fact.parameters).entries()) {
    const annotation = parameter.annotation && project.value(parameter.annotation, path)
    if (!annotation || variablesIn(project, annotation).size === 0) continue
    const keyword = callArguments.keyword(parameter.name) ?? UNKNOWN_TYPE
    const given = keyword.kind === 'unknown' && parameter.kind !== 'keyword-only' ? callArguments.positional(position) : keyword
    match(project, annotation, given, found)
  }
  return found
}

/** Compares an annotation with the type of an argument, and notes what its variables stand for. */
function match(project: PythonProject, annotation: Value, given: Type, found: Map<string, Type>, depth = 0): void {
  if (given.kind === 'unknown' || depth > 5) return
  const variable = variableOf(project, annotation)
  if (variable !== null) {
    found.set(variable, given.kind === 'instance' && given.literal !== undefined ? instanceOf(given.class, given.args) : given)
    return
  }
  if (annotation.kind === 'binary') {
    for (const side of [annotation.left, annotation.right]) match(project, side, withoutNone(given), found, depth + 1)
    return
  }
  if (annotation.kind !== 'subscript') return
  const name = nameOf(annotation.object)
  const first = annotation.index[0]
  if (first && (name === 'builtins.type' || name === 'typing.Type') && given.kind === 'class') {
    match(project, first, instanceOf(given.class, given.args), found, depth + 1)
  } else if (first && (name === 'typing.Optional' || name === 'typing.Annotated')) match(project, first, withoutNone(given), found, depth + 1)
  else if (given.kind === 'instance') for (const [i, part] of annotation.index.entries()) match(project, part, given.args[i] ?? UNKNOWN_TYPE, found, depth + 1)
}

/** The type parameters of a class, in order. */
function parametersOf(project: PythonProject, className: string): readonly string[] {
  return project.answerOnce('type parameters', className, [], () => findParameters(project, className))
}

function findParameters(project: PythonProject, className: string): readonly string[] {
  const definition = project.definition(className)
  if (definition?.kind !== 'class') return []
  if (definition.fact.typeParameters) return definition.fact.typeParameters
  const bases = definition.fact.bases.map((base) => project.value(base, definition.path)).filter((base) => base.kind === 'subscript')
  const declared = bases.find((base) => /^typing\.(Generic|Protocol)$/.test(nameOf(base.object) ?? ''))
  const names = new Set<string>()
  for (const base of declared ? [declared] : bases) for (const part of base.index) for (const name of variablesIn(project, part)) names.add(name)
  return [...names]
}

/** The type variables that an annotation mentions. */
function variablesIn(project: PythonProject, annotation: Value): ReadonlySet<string> {
  if (annotation.kind === 'name' && variableOf(project, annotation) === null) return NO_NAMES
  const found = new Set<string>()
  const stack: Value[] = [annotation]
  while (stack.length > 0) {
    const value = stack.pop()!
    const variable = variableOf(project, value)
    if (variable !== null) found.add(variable)
    else if (value.kind === 'subscript') stack.push(...[...value.index].reverse())
    else if (value.kind === 'binary') stack.push(value.right, value.left)
    else if (value.kind === 'list') stack.push(...value.items)
  }
  return found
}

const NO_NAMES: ReadonlySet<string> = new Set()

/** The name of a type variable: qualified, or the plain name of `class Box[T]`. */
function variableOf(project: PythonProject, value: Value): string | null {
  if (value.kind === 'local' && !value.isParameter) return value.name
  if (value.kind !== 'name') return null
  const definition = project.definition(value.name)
  if (definition?.kind !== 'variable' || definition.fact.value?.kind !== 'call') return null
  const callee = definition.fact.value.callee && project.resolveName(definition.fact.value.callee, definition.path)
  return callee === 'typing.TypeVar' ? definition.name : null
}

function nameOf(value: Value): string | null {
  return value.kind === 'name' ? value.name : null
}

/** A variable of which nothing is known falls back to its bound. */
function withoutUnknown(variables: TypeVariables): TypeVariables {
  return variables.size === 0 ? NO_VARIABLES : new Map([...variables].filter(([, type]) => type.kind !== 'unknown'))
}
