import type { FunctionFact, PythonServices, Route, Value } from '@krait/python'
import { flaskViewIndex, lastPart } from '@krait/python'

/** A handler of GET requests. */
export interface ListHandler {
  /** `GET /orders`. */
  readonly label: string
  readonly fact: FunctionFact
  /** `response_model=` or the annotation of the result say that it is a collection. */
  readonly declaresCollection: boolean
  /** Something else is declared. */
  readonly declaresOther: boolean
}

const COLLECTIONS: ReadonlySet<string> = new Set('Collection FrozenSet Iterable List Sequence Set frozenset list set'.split(' '))

/** The GET handlers that a function is; several if it is registered several times. */
export function listHandlersOf(services: PythonServices, functionName: string, path: string): readonly ListHandler[] {
  const { project } = services
  const definition = project.definition(functionName)
  if (definition?.kind !== 'function') return []
  const { fact } = definition
  const routes = project.routes(path).filter(({ handler }) => handler.name === definition.name)
  const found = routes.flatMap((route) => handlerOf(route, fact) ?? [])
  if (routes.length > 0) return found
  const views = project.ask(flaskViewIndex, 'all').filter((view) => view.function === definition.name && view.path === path && view.methods.includes('GET'))
  const annotation = fact.returnAnnotation ? project.value(fact.returnAnnotation, path) : null
  return views.map(({ pattern }) => ({ label: `GET ${pattern ?? definition.name}`, fact, declaresCollection: isCollection(annotation), declaresOther: false }))
}

function handlerOf(route: Route, fact: FunctionFact): ListHandler | null {
  const { methods, pattern, publications, responseModel, handler } = route
  if (route.protocol !== 'http' || !methods?.includes('GET')) return null
  const declared = responseModel ?? handler.returnAnnotation
  return {
    label: `GET ${publications[0]?.fullPath ?? pattern ?? ''}`.trim(),
    fact,
    declaresCollection: isCollection(declared),
    declaresOther: responseModel !== null && !isCollection(responseModel),
  }
}

/** `list[Order]`, `Sequence[Order] | None`, `Annotated[list[Order], ...]`. */
function isCollection(declared: Value | null): boolean {
  if (declared?.kind === 'binary') return isCollection(declared.left) || isCollection(declared.right)
  if (declared?.kind !== 'subscript' || declared.object.kind !== 'name') return declared?.kind === 'name' && /^builtins\.(list|set)$/.test(declared.name)
  const name = lastPart(declared.object.name)
  if (name === 'Optional' || name === 'Annotated') return isCollection(declared.index[0] ?? null)
  return COLLECTIONS.has(name)
}
