import { defineIndex } from '@krait/core'
import type { ProjectReader } from '@krait/core'
import type { MemberFact, ParameterFact } from '../../facts/module-fact-types.ts'
import { moduleFact } from '../../facts/module-fact.ts'
import type { PythonProject } from '../../project/python-project.ts'
import { webFunctionsFact } from '../web-functions-fact.ts'
import { Dependencies, attributeParameter } from './dependencies.ts'
import type { DependencyGraph, DependencyNode } from './dependency.ts'
import { readParameters } from './parameters.ts'
import { routeTableIndex } from './route-index.ts'
import type { RouteTable } from './route-table.ts'

/** How a function or class is used as a dependency. */
export interface DependencyUsage {
  /** The ids of the routes that lead to it, sorted; none if only code that no route leads to names it. */
  readonly routes: readonly string[]
}

class DependencyTable {
  readonly #reader: ProjectReader
  readonly #table: RouteTable
  readonly #dependencies: Dependencies
  #usages: ReadonlyMap<string, ReadonlySet<string>> | undefined

  constructor(reader: ProjectReader) {
    this.#reader = reader
    this.#table = reader.ask(routeTableIndex, 'table')
    this.#dependencies = new Dependencies(this.#table)
  }

  graph(id: string): DependencyGraph | undefined {
    const route = this.#table.route(id)
    return route && this.#dependencies.graphOf(route)
  }

  usage(id: string): DependencyUsage | undefined {
    const routes = (this.#usages ??= this.#collectUsages()).get(id)
    return routes && { routes: [...routes].sort() }
  }

  #collectUsages(): ReadonlyMap<string, ReadonlySet<string>> {
    const usages = new Map<string, Set<string>>()
    const add = ({ name, path }: DependencyNode, route: string | null): void => {
      if (name === null || path === null) return
      const id = `${path}:${name}`
      const routes = usages.get(id) ?? new Set<string>()
      usages.set(id, routes)
      if (route !== null) routes.add(route)
    }
    for (const id of this.#table.routes) for (const node of Object.values(this.graph(id)!.nodes)) add(node, id)
    for (const [path, { importsFastapi }] of this.#reader.facts(webFunctionsFact)) {
      if (!importsFastapi) continue
      const members = this.#reader.fact(moduleFact, path)?.members ?? {}
      for (const node of this.#declaredIn(this.#table.projectOf(path), path, members)) add(node, null)
    }
    return usages
  }

  /** Dependencies that functions and aliases of a module name, whether a route leads to them or not. */
  *#declaredIn(project: PythonProject, path: string, members: Readonly<Record<string, MemberFact>>): Generator<DependencyNode> {
    const waiting = Object.values(members)
    for (let member = waiting.pop(); member; member = waiting.pop()) {
      if (member.kind === 'class') waiting.push(...Object.values(member.members))
      else if (member.kind === 'function') yield* this.#namedBy(project, path, member.parameters)
      else if (member.kind === 'variable') {
        // `CurrentUser = Annotated[User, Depends(get_user)]`, or an attribute or `FindItem = Depends(find_item)`.
        const { annotation, value } = member
        const asAlias = value && !annotation ? [attributeParameter('', { annotation: value })] : []
        yield* this.#namedBy(project, path, [...asAlias, attributeParameter('', member)])
      }
    }
  }

  *#namedBy(project: PythonProject, path: string, parameters: readonly ParameterFact[]): Generator<DependencyNode> {
    for (const { dependency } of readParameters(project, parameters, path)) if (dependency) yield* this.#dependencies.reachedFrom(project, dependency)
  }
}

/** The table itself. Only the indexes below look into it: its answer is no JSON. */
export const dependencyTableIndex = defineIndex<DependencyTable, 'table', DependencyTable>({
  name: 'python/fastapi-dependency-table',
  version: 1,
  build: (reader) => new DependencyTable(reader),
  ask: (table) => table,
})

/** All that requests for a route depend on, by the id of the route. */
export const dependencyIndex = defineIndex<DependencyTable, string, DependencyGraph | undefined>({
  name: 'python/fastapi-dependencies',
  version: 1,
  build: (reader) => reader.ask(dependencyTableIndex, 'table'),
  ask: (table, id) => table.graph(id),
})

/** How a function or class is used as a dependency, by the file that holds it and its qualified name, with a colon between. */
export const dependencyUsageIndex = defineIndex<DependencyTable, string, DependencyUsage | undefined>({
  name: 'python/fastapi-dependency-usages',
  version: 1,
  build: (reader) => reader.ask(dependencyTableIndex, 'table'),
  ask: (table, id) => table.usage(id),
})
