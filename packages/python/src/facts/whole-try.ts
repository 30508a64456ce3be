import { defineFact } from '@krait/core'
import type { FileSemantics } from '../file-semantics.ts'
import type { ExceptClauseNode, FunctionDefinitionNode, TryStatementNode } from '../generated/nodes.ts'
import { ownCode } from '../shared/own-code.ts'
import type { PythonNode } from '../syntax/node.ts'
import type { Value } from '../values/value.ts'
import { functionKeyAt } from './function-keys.ts'
import { forEachCall } from './numbering.ts'

/** An `except` clause of a `try` that is all that a function does. */
export interface WholeTryHandler {
  /** What it catches; empty for a bare `except:`. Names are relative to the file. */
  readonly types: readonly Value[]
  /** The numbers of its calls, see `CallFact`. */
  readonly calls?: readonly number[]
}

/** A function whose whole body, a docstring aside, is one `try` statement. */
export interface WholeTry {
  readonly handlers: readonly WholeTryHandler[]
  /** Some `raise` stands behind the `try` block: in a handler, in the `else` or the `finally`. */
  readonly raises?: true
}

/** By the key of the function, see `CallsByFunction`. */
export const wholeTryFact = defineFact<Readonly<Record<string, WholeTry>>, FileSemantics>({
  name: 'python/whole-try',
  version: 1,
  onDemand: 'file',
  collect: ({ services: file }) => {
    const found = new Map<string, WholeTry>()
    let numbers: ReadonlyMap<number, number> | undefined
    for (const [key, node] of file.functions) {
      const tryStatement = node.kind === 'function_definition' ? wholeTry(node) : null
      if (tryStatement) found.set(key, describe(file, tryStatement, key, (numbers ??= callNumbers(file))))
    }
    return Object.fromEntries(found)
  },
})

function wholeTry({ body }: FunctionDefinitionNode): TryStatementNode | null {
  const [first, ...others] = body?.namedChildren.filter((statement, i) => i > 0 || !isDocstring(statement)) ?? []
  return first?.kind === 'try_statement' && others.length === 0 ? first : null
}

function isDocstring(statement: PythonNode): boolean {
  return statement.kind === 'expression_statement' && statement.namedChildren[0]?.kind === 'string'
}

function describe(file: FileSemantics, tryStatement: TryStatementNode, key: string, numbers: ReadonlyMap<number, number>): WholeTry {
  const handlers: WholeTryHandler[] = []
  let raises = false
  for (const clause of tryStatement.namedChildren) {
    if (clause === tryStatement.body) continue
    const calls: number[] = []
    for (const node of ownCode(clause)) {
      raises ||= node.kind === 'raise_statement'
      const number = node.kind === 'call' && functionKeyAt(file, node.index) === key ? numbers.get(node.index) : undefined
      if (number !== undefined) calls.push(number)
    }
    if (clause.kind === 'except_clause') handlers.push({ types: typesOf(file, clause), ...(calls.length > 0 && { calls }) })
  }
  return { handlers, ...(raises && { raises }) }
}

function typesOf(file: FileSemantics, clause: ExceptClauseNode): readonly Value[] {
  return clause.value.map((value) => file.values.summarise((value.kind === 'as_pattern' ? (value.namedChildren[0] ?? value) : value).index))
}

function callNumbers(file: FileSemantics): ReadonlyMap<number, number> {
  const numbers = new Map<number, number>()
  forEachCall(file, (call, _key, number) => numbers.set(call, number))
  return numbers
}
