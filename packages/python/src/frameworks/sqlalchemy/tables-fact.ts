import { defineFact } from '@krait/core'
import type { MemberFact } from '../../facts/module-fact-types.ts'
import type { FileSemantics } from '../../file-semantics.ts'
import type { RelativeName } from '../../names/relative-name.ts'

/** What a module may have of tables. */
export interface TablesFact {
  /** What is called for the variables of the module that are bound to calls: some may be Core tables. */
  readonly calls: Readonly<Record<string, RelativeName>>
  /** Classes of the module with bases and a `__tablename__` of their own. */
  readonly named: readonly string[]
  /** `Table("users", metadata, autoload_with=engine)` */
  readonly reflects?: true
}

/** Which variables and classes of a module may be tables, for who asks for those of the whole project. */
export const tablesFact = defineFact<TablesFact, FileSemantics>({
  name: 'python/sqlalchemy-tables',
  version: 1,
  collect({ services: file }) {
    const calls: [string, RelativeName][] = []
    const named: string[] = []
    let reflects = false
    for (const [name, fact] of Object.entries(file.members)) {
      if (fact.kind === 'class' && fact.bases.length > 0 && Object.hasOwn(fact.members, '__tablename__')) named.push(name)
      const callee = calleeOf(fact)
      if (callee !== null && !callee.startsWith('builtins.')) calls.push([name, callee])
      reflects ||= isReflected(fact)
    }
    return { calls: Object.fromEntries(calls), named, ...(reflects && { reflects }) }
  },
})

function calleeOf(fact: MemberFact): RelativeName | null {
  return fact.kind === 'variable' && fact.value?.kind === 'call' ? fact.value.callee : null
}

function isReflected(fact: MemberFact): boolean {
  if (fact.kind !== 'variable' || fact.value?.kind !== 'call' || !fact.value.callee?.endsWith('Table')) return false
  return 'autoload' in fact.value.keywords || 'autoload_with' in fact.value.keywords
}
