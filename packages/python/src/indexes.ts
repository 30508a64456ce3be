import type { AnyIndex } from '@krait/core'
import { callIndex } from './calls/call-index.ts'
import { callingFilesIndex, importingFilesIndex } from './calls/caller-files.ts'
import { attributeOwnersIndex, attributeUsesIndex } from './facts/attribute-uses.ts'
import { exceptionKinIndex } from './calls/exception-kin.ts'
import { protocolIndex } from './calls/protocols.ts'
import { unseenVersionsIndex } from './frameworks/alembic/alembic-config.ts'
import {
  dataHistoryIndex,
  migratedSchemasIndex,
  migratedTableIndex,
  migrationGroupIndex,
  migrationGroupOfIndex,
  migrationGroupsIndex,
  tableHistoryIndex,
} from './frameworks/alembic/schema-index.ts'
import { migrationBuilderIndex, migrationKeysIndex, migrationTablesIndex } from './frameworks/alembic/unique-keys.ts'
import { exceptionHandlerIndex } from './frameworks/exception-handlers.ts'
import { dependencyIndex, dependencyTableIndex, dependencyUsageIndex } from './frameworks/fastapi/dependency-index.ts'
import {
  fileWiringIndex,
  routeFilesIndex,
  routeIndex,
  routerIndex,
  routeTableIndex,
  servedIndex,
  wiringOverviewIndex,
} from './frameworks/fastapi/route-index.ts'
import { pydanticIndex } from './frameworks/pydantic/model-index.ts'
import { fixtureIndex, testModuleIndex, testModulesIndex, usedFixturesIndex } from './frameworks/pytest/test-index.ts'
import { flaskViewIndex } from './frameworks/flask-views.ts'
import { routeExceptionIndex } from './frameworks/route-exceptions.ts'
import { collectionColumnsIndex } from './frameworks/sqlalchemy/collection-columns.ts'
import { deleteListenersIndex } from './frameworks/sqlalchemy/delete-listeners.ts'
import { dialectIndex } from './frameworks/sqlalchemy/dialect-index.ts'
import { commonMembersIndex, modelHolderListIndex, modelHoldersIndex } from './frameworks/sqlalchemy/model-holders.ts'
import { modelBuilderIndex, modelIndex, modelListIndex } from './frameworks/sqlalchemy/model-index.ts'
import { knownTablesIndex } from './frameworks/sqlalchemy/known-tables-index.ts'
import { modelNamesIndex } from './frameworks/sqlalchemy/model-names-index.ts'
import { asyncSessionsIndex } from './frameworks/sqlalchemy/session-factories.ts'
import { tableModelsIndex } from './frameworks/sqlalchemy/table-models-index.ts'
import { terminalFunctionsIndex } from './frameworks/sqlalchemy/statements/terminal-functions.ts'
import { modulePathsIndex, moduleTopIndex } from './project/module-index.ts'
import { aliasUserIndex } from './kinds/alias-users.ts'
import { kindIndex } from './kinds/kind-index.ts'
import { stateTriggerIndex } from './project/state-trigger-index.ts'
import { textWritesIndex } from './kinds/text-writes-index.ts'
import { temporalColumnsIndex } from './kinds/temporal-columns.ts'
import { temporalNamesIndex } from './kinds/temporal-names.ts'
import { subclassIndex } from './project/subclass-index.ts'

/** All indexes that Python's services ask, also those that only other indexes ask: findings that rest on another one are never reused. */
export const pythonIndexes: readonly AnyIndex[] = [
  aliasUserIndex,
  attributeOwnersIndex,
  attributeUsesIndex,
  asyncSessionsIndex,
  callIndex,
  callingFilesIndex,
  collectionColumnsIndex,
  dataHistoryIndex,
  dependencyIndex,
  dependencyTableIndex,
  dependencyUsageIndex,
  deleteListenersIndex,
  dialectIndex,
  unseenVersionsIndex,
  exceptionHandlerIndex,
  exceptionKinIndex,
  fileWiringIndex,
  fixtureIndex,
  importingFilesIndex,
  kindIndex,
  flaskViewIndex,
  knownTablesIndex,
  migrationBuilderIndex,
  migratedSchemasIndex,
  migrationGroupsIndex,
  migrationGroupIndex,
  migrationGroupOfIndex,
  migratedTableIndex,
  migrationKeysIndex,
  migrationTablesIndex,
  modelBuilderIndex,
  commonMembersIndex,
  modelHolderListIndex,
  modelHoldersIndex,
  modelIndex,
  modelListIndex,
  modelNamesIndex,
  modulePathsIndex,
  moduleTopIndex,
  protocolIndex,
  pydanticIndex,
  routeExceptionIndex,
  routeFilesIndex,
  routeIndex,
  routerIndex,
  routeTableIndex,
  servedIndex,
  stateTriggerIndex,
  subclassIndex,
  temporalColumnsIndex,
  temporalNamesIndex,
  textWritesIndex,
  tableHistoryIndex,
  tableModelsIndex,
  terminalFunctionsIndex,
  testModuleIndex,
  testModulesIndex,
  usedFixturesIndex,
  wiringOverviewIndex,
]
