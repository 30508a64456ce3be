import { semanticsOf } from '../../file-semantics.ts'
import type { PythonServices } from '../../services.ts'
import type { PythonNode } from '../../syntax/node.ts'
import { wiringNode } from './wiring-fact.ts'

/**
 * The node that a route, an include or the making of a router was read from, in the file that is looked at: a decorator, a call, or the value of an
 * assignment. `null` if it is one of another file.
 * @param id of a route or include, or the site of a router
 */
export function routeNode(context: PythonServices, id: string): PythonNode | null {
  const { path } = context.project
  if (!id.startsWith(`${path}:`)) return null
  const { tree } = context.scopes.tables
  const index = wiringNode(semanticsOf(tree), id.slice(path.length + 1))
  return index === null ? null : (tree.node(index) as PythonNode)
}
