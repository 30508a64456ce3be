import { LIBRARY_TYPES } from '../data/library-types.ts'
import { parseTypeExpression } from './type-expression.ts'
import type { TypeExpression } from './type-expression.ts'

/** What a library's class or module has under a name. */
export interface LibraryMember {
  readonly isCallable: boolean
  readonly type: TypeExpression
}

/** The type that a call of a library function gives; `undefined` if the tables do not know it. */
export function libraryFunction(name: string): TypeExpression | undefined {
  return tables().functions.get(name)
}

/** A member of a library class, not looking at its bases. */
export function libraryMember(className: string, member: string): LibraryMember | undefined {
  return tables().classes.get(className)?.get(member)
}

interface Tables {
  readonly functions: Map<string, TypeExpression>
  readonly classes: Map<string, Map<string, LibraryMember>>
}

let parsed: Tables | undefined

/** Read when the first type is asked for: most runs that are served from a cache never do. */
function tables(): Tables {
  return (parsed ??= readTables(LIBRARY_TYPES))
}

function readTables(text: string): Tables {
  const functions = new Map<string, TypeExpression>()
  const classes = new Map<string, Map<string, LibraryMember>>()
  let current = new Map<string, LibraryMember>()
  for (const line of text.split('\n')) {
    if (line.trim() === '') continue
    const [left = '', right = ''] = line.split('->')
    const [first = '', ...others] = left.trim().split(/\s+/)
    if (first === 'class') {
      classes.set(others[0]!, (current = new Map()))
      continue
    }
    const type = parseTypeExpression(right.trim())
    if (first === 'def') {
      for (const name of others) functions.set(name, type)
      continue
    }
    for (const name of [first, ...others]) {
      const isCallable = name.endsWith('()')
      current.set(isCallable ? name.slice(0, -2) : name, { isCallable, type })
    }
  }
  return { functions, classes }
}
