import type { FunctionDefinitionNode, PythonServices, Route, Value } from '@krait/python'
import { flaskViewIndex, functionKey, returnedCallsFact, semanticsOf } from '@krait/python'

/** A way in which a GET request gets what a function returns. */
export interface ListEndpoint {
  /** `GET /orders` */
  readonly label: string
  /** The handler says that it returns a list or the like. */
  readonly isDeclared: boolean
}

/** A handler of GET requests. */
interface Handler extends ListEndpoint {
  readonly function: string
  readonly path: string
}

const COLLECTIONS: ReadonlySet<string> = new Set(
  ['builtins.list', 'builtins.set', 'builtins.frozenset', 'collections.abc.Sequence', 'collections.abc.Set'].concat(
    ['FrozenSet', 'List', 'Sequence', 'Set'].map((name) => `typing.${name}`),
  ),
)

/** The GET handler that a function is, or the one that calls it and returns the result; `null` if there is none. */
export function listEndpointOf(context: PythonServices, definition: FunctionDefinitionNode): ListEndpoint | null {
  const { project, scopes } = context
  const file = semanticsOf(scopes.tables.tree)
  const key = functionKey(file, file.scopeMadeBy(definition.index))
  const name = project.nameInModule(key, project.path)
  const own = handlersIn(context, project.path).find((handler) => handler.function === name)
  if (own) return own
  for (const caller of project.callers(name)) {
    const handler = handlersIn(context, caller.path).find((candidate) => candidate.function === caller.function)
    if (!handler) continue
    const callingModule = project.moduleName(caller.path)
    const callingKey = callingModule === '' ? caller.function : caller.function.slice(callingModule.length + 1)
    if (project.part(returnedCallsFact, caller.path, callingKey)?.includes(caller.call)) return handler
  }
  return null
}

/** The handlers of GET requests that a file defines and registers. */
function handlersIn({ project }: PythonServices, path: string): readonly Handler[] {
  const found: Handler[] = []
  for (const route of project.routes(path)) {
    const { name, path: of, isGenerator } = route.handler
    if (route.protocol !== 'http' || name === null || of !== path || isGenerator || route.methods?.includes('GET') !== true || isStreamed(route)) continue
    const pattern = route.publications.find(({ fullPath }) => fullPath !== null)?.fullPath ?? route.pattern
    const declared = route.responseModel ?? route.handler.returnAnnotation
    found.push({ function: name, path, label: labelOf(pattern, name), isDeclared: declared !== null && isCollection(declared) })
  }
  for (const view of project.ask(flaskViewIndex, 'all')) {
    if (view.path !== path || !view.methods.includes('GET')) continue
    const definition = project.definition(view.function)
    const annotation = definition?.kind === 'function' ? definition.fact.returnAnnotation : undefined
    const isDeclared = annotation !== undefined && isCollection(project.value(annotation, path))
    found.push({ function: view.function, path, label: labelOf(view.pattern, view.function), isDeclared })
  }
  return found
}

function isStreamed({ options }: Route): boolean {
  const responseClass = options['response_class']
  return responseClass?.kind === 'name' && /(?:Streaming|EventSource)Response$/.test(responseClass.name)
}

function labelOf(pattern: string | null, name: string): string {
  return pattern === null ? `${name.slice(name.lastIndexOf('.') + 1)}()` : `GET ${pattern}`
}

/** `list[Order]`, `Sequence[Order]`, also in `Annotated` and beside `None`. */
function isCollection(annotation: Value): boolean {
  switch (annotation.kind) {
    case 'name':
      return COLLECTIONS.has(annotation.name)
    case 'subscript': {
      if (annotation.object.kind !== 'name') return false
      const { name } = annotation.object
      if (COLLECTIONS.has(name)) return true
      const isWrapper = name === 'typing.Annotated' || name === 'typing.Optional' || name === 'collections.abc.Awaitable'
      return isWrapper && annotation.index[0] !== undefined && isCollection(annotation.index[0])
    }
    case 'binary':
      return annotation.operator === '|' && (isCollection(annotation.left) || isCollection(annotation.right))
    default:
      return false
  }
}
