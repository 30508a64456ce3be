import { childByField, defineFact } from '@krait/core'
import type { FileSemantics } from '../file-semantics.ts'
import * as K from '../scopes/kind-codes.ts'
import { constantTextsOf } from '../values/parts.ts'

/** The SQL texts that a file passes to what executes them, each as its names in lower case. */
export type SqlTexts = readonly (readonly string[])[]

const EXECUTIONS = /^(?:text|execute|executemany|exec_driver_sql|fetch|fetchrow|fetchval|fetch_all|fetch_one|scalar|scalars|raw|read_sql|read_sql_query)$/
const STATEMENT = /^\s*(?:with|select|insert|update|delete|merge|copy)\b/i

/** The names in texts such as `session.execute(text("SELECT name FROM users"))`. */
export const sqlTextFact = defineFact<SqlTexts, FileSemantics>({
  name: 'python/sql-texts',
  version: 1,
  onDemand: 'project',
  collect: ({ services: file }) => {
    const { tree, tables } = file
    const { codes, fields } = tables.kinds
    const texts: string[][] = []
    for (const node of file.nodesOf(K.CALL)) {
      const called = childByField(tree, node, fields.function)
      const attribute = called >= 0 && codes[tree.kind[called]!] === K.ATTRIBUTE ? childByField(tree, called, fields.attribute) : called
      if (attribute < 0 || !EXECUTIONS.test(tree.text.slice(tree.start[attribute], tree.end[attribute]))) continue
      const value = file.values.summarise(node)
      const first = value.kind === 'call' ? value.arguments[0] : undefined
      const text = first ? constantTextsOf(first).join(' ') : ''
      if (STATEMENT.test(text)) texts.push([...new Set(text.toLowerCase().match(/\w+/g) ?? [])])
    }
    return texts
  },
})
