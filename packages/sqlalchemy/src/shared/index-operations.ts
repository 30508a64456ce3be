import type { PythonNode, PythonServices, ScriptOperation } from '@krait/python'

/** An index that an operation builds or drops. */
export interface IndexOperation {
  readonly does: 'build' | 'drop'
  /** `null` if it is computed. */
  readonly name: string | null
  readonly table: string | null
  readonly isConcurrent: boolean
  /** It is written in SQL text. */
  readonly isSql: boolean
}

const STATEMENT = /^\s*(create\s+(?:unique\s+)?|drop\s+)index\s+(concurrently\s+)?(?:if\s+(?:not\s+)?exists\s+)?("?[\w.]+"?)?(?:\s+on\s+(?:only\s+)?("?[\w.]+"?(?:\."?\w+"?)?))?/i

/** The indexes that an operation builds or drops. @param withUnique also unique constraints, which build one */
export function indexOperations({ reader, table, sql }: ScriptOperation, withUnique: boolean): readonly IndexOperation[] {
  if (sql !== null) return sql.split(';').flatMap((statement) => inSql(statement) ?? [])
  const isConcurrent = reader.boolean(reader.call.keywords['postgresql_concurrently']) === true
  switch (reader.name) {
    case 'create_index':
      return [{ does: 'build', name: reader.nameOf('index_name'), table, isConcurrent, isSql: false }]
    case 'drop_index':
      return [{ does: 'drop', name: reader.nameOf('index_name'), table: reader.table(1, 'table_name'), isConcurrent, isSql: false }]
    case 'create_unique_constraint':
      return withUnique ? [{ does: 'build', name: reader.nameOf('constraint_name'), table, isConcurrent: false, isSql: false }] : []
    default:
      return []
  }
}

function inSql(statement: string): IndexOperation | null {
  const match = STATEMENT.exec(statement)
  if (!match) return null
  const [, verb, concurrently, name, table] = match
  const plain = (text: string | undefined): string | null => text?.replaceAll('"', '').replace(/^public\./, '') ?? null
  return { does: /^drop/i.test(verb!) ? 'drop' : 'build', name: plain(name), table: plain(table), isConcurrent: concurrently !== undefined, isSql: true }
}

/** Whether a call stands in `with op.get_context().autocommit_block():`, or in a function of the module that is called there only. */
export function isOutsideTransaction(services: PythonServices, call: PythonNode): boolean {
  if (isInAutocommitBlock(call)) return true
  const around = call.closest('function_definition')
  const name = around?.name.text
  if (!around || name === 'upgrade') return false
  const calls = [...services.scopes.module.node.descendants('call')].filter(({ function: called }) => called.kind === 'identifier' && called.text === name)
  return calls.length > 0 && calls.every(isInAutocommitBlock)
}

function isInAutocommitBlock(node: PythonNode): boolean {
  for (let block = node.closest('with_statement'); block; block = block.parent?.closest('with_statement') ?? null) {
    const [clause] = block.namedChildren
    const managers = clause ? [...clause.descendants('call')] : []
    if (managers.some(({ function: called }) => called.kind === 'attribute' && called.attribute.text === 'autocommit_block')) return true
  }
  return false
}

/** Whether an operation ends the transaction: `op.execute("COMMIT")`. */
export function isCommit({ sql }: ScriptOperation): boolean {
  return sql !== null && /^\s*commit\s*;?\s*$/i.test(sql)
}
