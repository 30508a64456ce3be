import type { PythonNode } from '@krait/python'
import { stringText } from '@krait/python'

/** The parts of a migration that a database has run, or that say where it belongs. */
export type PartName = 'revision' | 'down_revision' | 'upgrade' | 'downgrade'

export const PART_NAMES: readonly PartName[] = ['revision', 'down_revision', 'upgrade', 'downgrade']

/** One part: what it says, and the name that is defined. */
export interface MigrationPart {
  readonly code: PythonNode
  readonly name: PythonNode
}

/** The parts of a module by name: values of variables, and functions at its top level. */
export function migrationParts(module: PythonNode): ReadonlyMap<PartName, MigrationPart> {
  const parts = new Map<PartName, MigrationPart>()
  const isPart = (name: string): name is PartName => (PART_NAMES as readonly string[]).includes(name)
  for (const statement of module.namedChildren) {
    const inner = statement.kind === 'expression_statement' ? statement.namedChildren[0] : statement
    const definition = inner?.kind === 'decorated_definition' ? inner.definition : inner
    if (definition?.kind === 'assignment' && definition.left.kind === 'identifier' && definition.right && isPart(definition.left.text)) {
      parts.set(definition.left.text, { code: definition.right, name: definition.left })
    } else if (definition?.kind === 'function_definition' && isPart(definition.name.text)) {
      parts.set(definition.name.text, { code: definition, name: definition.name })
    }
  }
  return parts
}

/** Whether these are the parts of a migration. */
export function isMigration(parts: ReadonlyMap<PartName, MigrationPart>): boolean {
  return parts.has('revision') && parts.has('down_revision') && parts.has('upgrade')
}

/** The id of a migration; `null` if it is computed. */
export function revisionOf(parts: ReadonlyMap<PartName, MigrationPart>): string | null {
  return stringText(parts.get('revision')?.code)
}
