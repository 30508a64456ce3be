import { defineIndex } from '@krait/core'
import { RouteTable } from './route-table.ts'
import type { Served } from './route-table.ts'
import type { Route, Router, WiringOverview } from './route.ts'

/** The table itself. Only the indexes below look into it: its answer is no JSON. */
export const routeTableIndex = defineIndex<RouteTable, 'table', RouteTable>({
  name: 'python/fastapi-route-table',
  version: 1,
  build: (reader) => new RouteTable(reader),
  ask: (table) => table,
})

/** One route, by its id. */
export const routeIndex = defineIndex<RouteTable, string, Route | undefined>({
  name: 'python/fastapi-routes',
  version: 1,
  build: (reader) => reader.ask(routeTableIndex, 'table'),
  ask: (table, id) => table.route(id),
})

/** One app or router, by its id. */
export const routerIndex = defineIndex<RouteTable, string, Router | undefined>({
  name: 'python/fastapi-routers',
  version: 1,
  build: (reader) => reader.ask(routeTableIndex, 'table'),
  ask: (table, id) => table.router(id),
})

/** The ids of the routes that a file registers and of the apps and routers that it makes, by its path. */
export const fileWiringIndex = defineIndex<RouteTable, string, FileWiring>({
  name: 'python/fastapi-files',
  version: 1,
  build: (reader) => reader.ask(routeTableIndex, 'table'),
  ask: (table, path) => ({ routes: table.routesIn(path), routers: table.routersIn(path) }),
})

export interface FileWiring {
  readonly routes: readonly string[]
  readonly routers: readonly string[]
}

/** What an app serves, by the id of the app. */
export const servedIndex = defineIndex<RouteTable, string, readonly Served[]>({
  name: 'python/fastapi-served',
  version: 1,
  build: (reader) => reader.ask(routeTableIndex, 'table'),
  ask: (table, app) => table.served(app),
})

/** What is known of the whole project; the keys are `overview` and `files`. */
export const wiringOverviewIndex = defineIndex<RouteTable, 'overview', WiringOverview>({
  name: 'python/fastapi-overview',
  version: 1,
  build: (reader) => reader.ask(routeTableIndex, 'table'),
  ask: (table) => table.overview,
})

/** The files that register routes, sorted; the only key is `all`. */
export const routeFilesIndex = defineIndex<RouteTable, 'all', readonly string[]>({
  name: 'python/fastapi-route-files',
  version: 1,
  build: (reader) => reader.ask(routeTableIndex, 'table'),
  ask: (table) => table.files,
})
