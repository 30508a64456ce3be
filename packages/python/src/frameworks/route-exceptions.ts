import { defineIndex } from '@krait/core'
import type { KeptReader } from '@krait/core'
import type { CallPath } from '../calls/summary.ts'
import { Projects } from '../project/projects.ts'
import { isTestFile } from '../shared/paths.ts'
import { dependencyIndex } from './fastapi/dependency-index.ts'
import type { DependencyNode } from './fastapi/dependency.ts'
import { routeTableIndex } from './fastapi/route-index.ts'
import type { Route } from './fastapi/route.ts'
import { flaskClassViews } from './flask-class-views.ts'
import { flaskViewIndex } from './flask-views.ts'

/** A way by which an exception leaves a route of a web application. */
export interface RouteException {
  /** `POST /bookings`; the name of the handler where no path is known. */
  readonly route: string
  /** The file and the qualified name of the function that handles the route. */
  readonly path: string
  readonly handler: string
  /** From the handler, or a dependency of the route, to the `raise`. */
  readonly calls: CallPath
}

/**
 * By which route an exception of the project reaches the web framework, because neither its handler nor its dependencies nor what they call stops it; by the
 * canonical name of the class. Of several routes the one with the shortest way, and the first of those.
 */
export const routeExceptionIndex = defineIndex<ReadonlyMap<string, RouteException>, string, RouteException | undefined>({
  name: 'python/route-exceptions',
  version: 2,
  build: (reader) => escapingExceptions(reader),
  ask: (found, exception) => found.get(exception),
})

/** A function that a request calls. */
interface Entry {
  readonly function: string
  readonly path: string
  readonly route: string
  readonly handler: string
  readonly handlerPath: string
}

function escapingExceptions(reader: KeptReader): ReadonlyMap<string, RouteException> {
  const projects = new Projects(reader)
  const found = new Map<string, RouteException>()
  for (const entry of [...fastapiEntries(reader), ...flaskEntries(reader, projects)]) {
    for (const { exception, path: calls } of projects.of(entry.path).summary(entry.function)?.raises ?? []) {
      const known = found.get(exception)
      if (!known || calls.length < known.calls.length) found.set(exception, { route: entry.route, path: entry.handlerPath, handler: entry.handler, calls })
    }
  }
  return found
}

function* fastapiEntries(reader: KeptReader): Generator<Entry> {
  const table = reader.ask(routeTableIndex, 'table')
  const settings = reader.settings()
  for (const id of [...table.routes].sort()) {
    const route = table.route(id)
    if (route?.protocol !== 'http' || route.reach === 'unserved' || isTestFile({ path: route.path, settings })) continue
    const { name, path } = route.handler
    if (name === null || path === null) continue
    const entry = { route: labelOf(route, name), handler: name, handlerPath: path }
    yield { ...entry, function: name, path }
    for (const node of Object.values(reader.ask(dependencyIndex, id)?.nodes ?? {})) {
      const called = functionOf(node)
      if (called !== null && node.path !== null) yield { ...entry, function: called, path: node.path }
    }
  }
}

function labelOf({ methods, pattern, publications }: Route, handler: string): string {
  const path = publications.find(({ fullPath }) => fullPath !== null)?.fullPath ?? pattern
  if (path === null) return `${handler.slice(handler.lastIndexOf('.') + 1)}()`
  return methods?.length ? `${methods.join(', ')} ${path}` : path
}

/** What is called of a dependency; an object is called by its `__call__`. */
function functionOf({ kind, name }: DependencyNode): string | null {
  if (kind === 'function' || kind === 'class' || kind === 'partial') return name
  return kind === 'instance' && name !== null ? `${name}.__call__` : null
}

function* flaskEntries(reader: KeptReader, projects: Projects): Generator<Entry> {
  for (const { path, function: name, methods, pattern } of reader.ask(flaskViewIndex, 'all')) {
    const route = pattern === null ? `${name.slice(name.lastIndexOf('.') + 1)}()` : `${methods.join(', ')} ${pattern}`
    yield { function: name, path, route, handler: name, handlerPath: path }
  }
  for (const { path, method, label } of flaskClassViews(reader, projects)) yield { function: method, path, route: label, handler: method, handlerPath: path }
}
