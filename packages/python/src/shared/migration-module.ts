import type { PythonServices } from '../services.ts'

/** What `isMigrationModule` needs; a rule's context has it. */
interface MigrationContext extends Pick<PythonServices, 'scopes'> {
  readonly sourceCode: { readonly text: string }
}

/** Whether the file is a migration of Alembic: it assigns `revision` and `down_revision` and defines `upgrade` at its top level. */
export function isMigrationModule(context: MigrationContext): boolean {
  // Spares most files the search for scopes.
  if (!context.sourceCode.text.includes('down_revision')) return false
  const { module } = context.scopes
  const isBoundBy = (name: string, kind: 'assignment' | 'function'): boolean =>
    module.lookup(name)?.definitions.some((definition) => definition.kind === kind) ?? false
  return isBoundBy('down_revision', 'assignment') && isBoundBy('revision', 'assignment') && isBoundBy('upgrade', 'function')
}
