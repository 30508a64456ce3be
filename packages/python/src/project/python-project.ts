import type { KeptReader } from '@krait/core'
import { exceptionHandlerIndex } from '../frameworks/exception-handlers.ts'
import type { ExceptionHandler } from '../frameworks/exception-handlers.ts'
import type { MigratedTable, MigrationGroup } from '../frameworks/alembic/migrated-schema.ts'
import { dataHistoryIndex, historyKey, migratedTableIndex, migratedTableKey, migrationGroupIndex, migrationGroupOfIndex, migrationGroupsIndex, tableHistoryIndex } from '../frameworks/alembic/schema-index.ts'
import { dependencyIndex, dependencyUsageIndex } from '../frameworks/fastapi/dependency-index.ts'
import type { DependencyUsage } from '../frameworks/fastapi/dependency-index.ts'
import type { DependencyGraph } from '../frameworks/fastapi/dependency.ts'
import { fileWiringIndex, routeFilesIndex, routeIndex, routerIndex, servedIndex, wiringOverviewIndex } from '../frameworks/fastapi/route-index.ts'
import type { Served } from '../frameworks/fastapi/route-table.ts'
import type { Route, Router, WiringOverview } from '../frameworks/fastapi/route.ts'
import { pydanticIndex } from '../frameworks/pydantic/model-index.ts'
import type { PydanticModel } from '../frameworks/pydantic/model.ts'
import type { Fixture, TestModule, UsedFixtures } from '../frameworks/pytest/model.ts'
import { fixtureIndex, fixtureKey, testModuleIndex, usedFixturesIndex } from '../frameworks/pytest/test-index.ts'
import { modelId, modelIndex, modelListIndex } from '../frameworks/sqlalchemy/model-index.ts'
import type { Model } from '../frameworks/sqlalchemy/model.ts'
import { knownTablesIndex } from '../frameworks/sqlalchemy/known-tables-index.ts'
import type { KnownTables } from '../frameworks/sqlalchemy/known-tables-index.ts'
import { modelNamesIndex } from '../frameworks/sqlalchemy/model-names-index.ts'
import { tableModelsIndex } from '../frameworks/sqlalchemy/table-models-index.ts'
import { functionId } from '../calls/call-graph.ts'
import { callIndex, callersQuestion, caughtQuestion, expectedQuestion, leftAloneQuestion, summaryQuestion } from '../calls/call-index.ts'
import type { Caller } from '../calls/callers.ts'
import { exceptionKinIndex, kinId } from '../calls/exception-kin.ts'
import type { ExceptionKin } from '../calls/exception-kin.ts'
import type { FunctionSummary } from '../calls/summary.ts'
import { functionNamed } from '../shared/function-calls.ts'
import { subclassIndex } from './subclass-index.ts'
import type { Subclass } from './subclass-index.ts'
import { ProjectNames } from './project-names.ts'

/**
 * The Python project around one file. Every look into another file goes through the reader, so that it is logged; nothing is read before it is asked for,
 * and one question reads only the modules that its answer leads through.
 */
export class PythonProject extends ProjectNames {
  /** The project as seen from a file or folder, for an index. What it rests on is read at once: who keeps it for several answers tracks that. */
  static open(reader: KeptReader, path: string): PythonProject {
    const project = new PythonProject(reader, reader.settings(), path, undefined, reader)
    project.readView()
    return project
  }

  /**
   * An object that works out the same for all files which see the project as this one does: kept for them.
   * @param what names the object
   * @param make is given the project without any file of its own, and the reader that the object has to track its reads with
   */
  kept<Kept>(what: string, make: (project: PythonProject, reader: KeptReader) => Kept): Kept {
    return this.keep(what, (reader, settings, view) => make(new PythonProject(reader, settings, null, view, reader), reader))
  }

  /**
   * What a call of a function, method or constructor does, directly and through all that it calls: exceptions that it lets out, effects, each with the
   * path of calls that proves it. `null` for what is no function of the project.
   */
  summary(qualifiedName: string): FunctionSummary | null {
    const found = functionNamed(this, qualifiedName)
    return found && (this.ask(callIndex, summaryQuestion(functionId(found.path, found.name))).summary ?? null)
  }

  /** The calls of a function, method or constructor in the project, test code aside, as far as it is known what they call; sorted by file. */
  callers(qualifiedName: string): readonly Caller[] {
    const found = functionNamed(this, qualifiedName)
    return found ? (this.ask(callIndex, callersQuestion(functionId(found.path, found.name))).callers ?? []) : []
  }

  /**
   * The exception classes of the project that belong to one of the classes that `except` of this class catches: that derive from the same class of the
   * project, or stand in the same module. Where that class or module has most of a project's exceptions, they are distant kin.
   */
  exceptionKin(qualifiedClass: string): ExceptionKin {
    const definition = this.definition(qualifiedClass)
    return this.ask(exceptionKinIndex, kinId(definition?.path ?? '', definition?.name ?? qualifiedClass))
  }

  /**
   * Whether someone counts on an exception that leaves a function of a file: a handler around a call of it, or further up, or in a decorator, that names
   * the exception's class or a base of it. `Exception` and `BaseException` name nothing.
   * @param functionName the qualified name of a function, also of one inside a function; for code of the module that of the module
   */
  isExpected(exception: string, functionName: string, path: string = this.path): boolean {
    return this.ask(callIndex, expectedQuestion(functionId(path, functionName), exception)).expected === true
  }

  /** Whether many callers of a function handle others of its exceptions and none handles this one, so that it must be meant to go through. */
  isLeftAlone(exception: string, functionName: string, path: string): boolean {
    return this.ask(callIndex, leftAloneQuestion(functionId(path, functionName), exception)).leftAlone === true
  }

  /**
   * Whether something around a place in a function of this file may catch an exception: a handler of a `try`, one that raises it again too, or a
   * context manager.
   * @param guard the innermost guard of the place, see `FunctionRaises`
   */
  isCaught(exception: string, functionName: string, guard: number): boolean {
    return this.ask(callIndex, caughtQuestion(functionId(this.path, functionName), exception, guard)).caught === true
  }

  /** The handlers of exceptions that web applications of the project have, sorted by file. */
  exceptionHandlers(): readonly ExceptionHandler[] {
    return this.ask(exceptionHandlerIndex, 'all')
  }

  /** The classes of the project that derive from a class, at any depth. */
  subclasses(qualifiedClass: string): readonly Subclass[] {
    const name = this.resolveName(qualifiedClass)
    return name === null ? [] : this.ask(subclassIndex, name)
  }

  /** What is known of a class that SQLAlchemy maps, or of a Core table; `null` for all else. */
  model(qualifiedName: string): Model | null {
    const definition = this.definition(qualifiedName)
    if (!definition) return null
    return this.ask(modelIndex, modelId(definition.path, definition.name)) ?? null
  }

  /** What is known of a Pydantic model or settings class; `null` for all else. */
  pydanticModel(qualifiedName: string): PydanticModel | null {
    const definition = this.definition(qualifiedName)
    if (definition?.kind !== 'class') return null
    return this.ask(pydanticIndex, `${definition.path}:${definition.name}`) ?? null
  }

  /** All models and Core tables of the project, sorted by file and name. */
  models(): readonly Model[] {
    return this.ask(modelListIndex, 'all').flatMap((id) => this.ask(modelIndex, id) ?? [])
  }

  /** The models and Core tables that have columns in a table, by its name; without the copies of models in migrations. */
  modelsOfTable(table: string): readonly Model[] {
    return this.ask(tableModelsIndex, table).flatMap((id) => this.ask(modelIndex, id) ?? [])
  }

  /** The tables of all models and Core tables. */
  knownTables(): KnownTables {
    return this.ask(knownTablesIndex, 'all')
  }

  /** The models and Core tables whose names end in this part. */
  modelsNamed(lastPart: string): readonly Model[] {
    return this.ask(modelNamesIndex, lastPart).flatMap((id) => this.ask(modelIndex, id) ?? [])
  }

  /** The routes of FastAPI and Starlette apps that a file registers, in order. */
  routes(path: string = this.path): readonly Route[] {
    return this.ask(fileWiringIndex, path).routes.flatMap((id) => this.route(id) ?? [])
  }

  /** A route by its id. */
  route(id: string): Route | null {
    return this.ask(routeIndex, id) ?? null
  }

  /** The files that register routes, sorted. */
  routeFiles(): readonly string[] {
    return this.ask(routeFilesIndex, 'all')
  }

  /** The apps and routers of FastAPI and Starlette that a file makes. */
  routers(path: string = this.path): readonly Router[] {
    return this.ask(fileWiringIndex, path).routers.flatMap((id) => this.router(id) ?? [])
  }

  /** An app or router by its id. */
  router(id: string): Router | null {
    return this.ask(routerIndex, id) ?? null
  }

  /** What an app serves, in the order of registration, by the id of the app. */
  served(app: string): readonly Served[] {
    return this.ask(servedIndex, app)
  }

  /** All that requests for a route depend on, by the id of the route. */
  dependencies(route: string): DependencyGraph | null {
    return this.ask(dependencyIndex, route) ?? null
  }

  /** How FastAPI calls a function or class for the dependencies of routes; `null` if it does not. */
  dependencyUsage(qualifiedName: string): DependencyUsage | null {
    const definition = this.definition(qualifiedName)
    return definition && (this.ask(dependencyUsageIndex, `${definition.path}:${definition.name}`) ?? null)
  }

  /** The apps of the project, and whether all includes are understood. */
  wiring(): WiringOverview {
    return this.ask(wiringOverviewIndex, 'overview')
  }

  /** The tests and fixtures that stand in a file. */
  testModule(path: string = this.path): TestModule {
    return this.ask(testModuleIndex, path)
  }

  /** The fixture that a name means to a test or fixture of a file, by pytest's rules; `null` if the project has none. @param className the class around it */
  fixture(name: string, className: string | null = null, path: string = this.path): Fixture | null {
    return this.ask(fixtureIndex, fixtureKey(path, className, name))[0] ?? null
  }

  /** All fixtures of a test of a file: asked for, by other fixtures, by marks, and those that are used by themselves. @param test its qualified name */
  usedFixtures(test: string, path: string = this.path): UsedFixtures {
    return this.ask(usedFixturesIndex, `${path}:${test}`)
  }

  /** The histories of Alembic migrations, each with the tables that it leaves behind. */
  migrationGroups(): readonly MigrationGroup[] {
    return this.ask(migrationGroupsIndex, 'all').flatMap((id) => this.ask(migrationGroupIndex, id) ?? [])
  }

  /** The history of a migration; `null` if the file is none. */
  migrationGroup(path: string = this.path): MigrationGroup | null {
    const id = this.ask(migrationGroupOfIndex, path)
    return (id === undefined ? undefined : this.ask(migrationGroupIndex, id)) ?? null
  }

  /** A table as the migrations of a group leave it; `null` if there is none at the heads. */
  migratedTable(group: string, table: string): MigratedTable | null {
    return this.ask(migratedTableIndex, migratedTableKey(group, table)) ?? null
  }

  /** A table as it was before or after the upgrade of a migration; `null` if there was none. */
  tableAround(moment: 'before' | 'after', table: string, migration: string = this.path): MigratedTable | null {
    return this.ask(tableHistoryIndex, historyKey(moment, migration, table)) ?? null
  }

  /** The first migration behind this one that reads a table, or one of its columns, before it gets new values; `null` if none does. */
  readByLaterMigration(table: string, column: string | null, migration: string = this.path): string | null {
    const reading = this.ask(dataHistoryIndex, historyKey('read-later', migration, table, column ?? ''))
    return typeof reading === 'string' ? reading : null
  }

  /** Whether a migration before this one gives a column values. */
  isSetByEarlierMigration(table: string, column: string, migration: string = this.path): boolean {
    return this.ask(dataHistoryIndex, historyKey('set-before', migration, table, column)) === true
  }
}
