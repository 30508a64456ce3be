import type { PythonServices, ScriptOperation } from '@krait/python'
import { lastPart, positionalArguments } from '@krait/python'
import { functionsCalledBy, opCall } from './migration.ts'

/** Modules whose functions do nothing to a database. */
const HARMLESS = /^(?:alembic|builtins|datetime|decimal|enum|json|logging|os|re|secrets|sqlalchemy|string|time|uuid)\./

const ROW_METHODS: ReadonlySet<string> = new Set(
  'add add_all bulk_insert_mappings bulk_save_objects bulk_update_mappings exec exec_driver_sql execute executemany get merge query run_sync scalar scalars stream'.split(' '),
)

/** Whether `upgrade()` or `downgrade()` has calls that may do something to the database and are no operations of the script. */
export function hasUnreadCalls(services: PythonServices, name: 'upgrade' | 'downgrade', operations: readonly ScriptOperation[]): boolean {
  const { scopes, project } = services
  const known = new Set(operations.map(({ call }) => call))
  return functionsCalledBy(scopes, name).some((body) =>
    [...body.descendants('call')].some((call) => {
      if (known.has(call) || opCall(services, call)) return false
      const called = call.function
      const resolved = services.resolve(called)
      if (resolved !== null) return !HARMLESS.test(resolved) && !/^\p{Lu}/u.test(lastPart(resolved)) && project.definition(resolved)?.path !== project.path
      if (called.kind !== 'attribute') return called.kind === 'identifier'
      return ROW_METHODS.has(called.attribute.text) && positionalArguments(call).length > 0
    }),
  )
}
