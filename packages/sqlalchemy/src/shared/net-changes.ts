import type { ScriptOperation } from '@krait/python'
import { schemaChanges } from './schema-objects.ts'
import type { SchemaChange } from './schema-objects.ts'

/** What an operation changes for good. */
export interface NetChange {
  readonly operation: ScriptOperation
  readonly change: SchemaChange
}

/**
 * What operations leave behind: a column that is added under one name and then gets another one is added under the other, and what is made and taken away
 * again is nothing.
 */
export function netChanges(operations: readonly ScriptOperation[]): readonly NetChange[] {
  let net: NetChange[] = []
  for (const operation of operations) {
    for (const change of schemaChanges(operation)) {
      const made = net.find((earlier) => isMaking(earlier.change, change))
      if (!made || operation.isConditional) net.push({ operation, change })
      else if (change.does === 'drop') net = net.filter((earlier) => earlier !== made && !isOf(earlier.change, change))
      else if (change.does === 'rename') net = net.map((earlier) => (earlier === made ? { operation: made.operation, change: renamed(made.change, change.to) } : earlier))
    }
  }
  return net
}

/** Whether an earlier change makes the object that a later one is about. */
function isMaking(earlier: SchemaChange, { does, table, name, ...later }: SchemaChange): boolean {
  if (earlier.does !== 'add' || does === 'add') return false
  const kind = 'kind' in later ? later.kind : 'column'
  const isSame = earlier.kind === kind && earlier.name === name && (kind === 'table' || kind === 'index' || earlier.table === table)
  // An alteration of a table's own column belongs to the table.
  return isSame && name !== null && !(does === 'alter' && kind === 'table')
}

/** Whether a change is about a table or column, or something that goes with it. */
function isOf(change: SchemaChange, { kind, table, name }: SchemaChange & { readonly does: 'add' | 'drop' }): boolean {
  if (kind === 'table') return change.table === name
  if (kind !== 'column' || change.table !== table || change.does === 'rename') return false
  return change.does === 'alter' ? change.name === name : change.columns.includes(name ?? '')
}

function renamed(change: SchemaChange, to: string): SchemaChange {
  if (change.does !== 'add') return change
  return change.kind === 'table' ? { ...change, table: to, name: to } : { ...change, name: to, columns: [to] }
}
