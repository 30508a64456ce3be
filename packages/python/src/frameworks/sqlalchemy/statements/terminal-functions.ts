import { defineIndex } from '@krait/core'
import { addToSet } from '../../../shared/sets-by-name.ts'
import { lastNameOf, statementFunctionsFact } from './functions-fact.ts'
import type { StatementFunction } from './functions-fact.ts'
import { RESULT_METHODS, SESSION_METHODS } from './names.ts'
import type { Term } from './term.ts'

/** A term of a function is not followed further than this. */
const MAX_STEPS = 200

/**
 * By the name of a function: the methods with which functions and methods of this name that are given a statement get the rows which they return, such as
 * `get_one_or_none`. The names alone, so that a rule can pass over most calls; `Statements.executionOf` tells which of them do.
 */
export const terminalFunctionsIndex = defineIndex<ReadonlyMap<string, readonly string[]>, string, readonly string[] | undefined>({
  name: 'python/sqlalchemy-terminal-functions',
  version: 2,
  build(reader) {
    const methods = new Map<string, Set<string>>()
    const callers = new Map<string, Set<string>>()
    for (const [, functions] of reader.facts(statementFunctionsFact)) {
      for (const [key, read] of Object.entries(functions)) {
        const name = key.slice(key.lastIndexOf('.') + 1)
        for (const { called, isDirect } of endsOf(read)) {
          const found = isDirect ? methods : callers
          const [from, to] = isDirect ? [name, called] : [called, name]
          addToSet(found, from, [to])
        }
      }
    }
    spread(methods, callers)
    return new Map([...methods].map(([name, found]) => [name, [...found].sort()]))
  },
  ask: (functions, name) => functions.get(name),
})

/** A function that returns what another one gives does what that one does. */
function spread(methods: Map<string, Set<string>>, callers: ReadonlyMap<string, ReadonlySet<string>>): void {
  const pending = [...methods.keys()]
  for (let name = pending.pop(); name !== undefined; name = pending.pop()) {
    for (const caller of callers.get(name) ?? []) {
      const known = methods.get(caller) ?? new Set<string>()
      const before = known.size
      for (const method of methods.get(name)!) known.add(method)
      methods.set(caller, known)
      if (known.size > before) pending.push(caller)
    }
  }
}

interface End {
  /** The method or function whose result is returned. */
  readonly called: string
  /** It is a method of the result of executing a parameter; else a function that is given a parameter. */
  readonly isDirect: boolean
}

function endsOf({ returns, definitions }: StatementFunction): readonly End[] {
  const ends: End[] = []
  for (const term of behind(returns, definitions)) {
    if (term.kind !== 'call') continue
    const called = lastNameOf(term.function)
    if (term.arguments.some(({ kind }) => kind === 'parameter')) ends.push({ called, isDirect: false })
    if (term.function.kind !== 'attribute' || !RESULT_METHODS.has(called)) continue
    if (executesParameter(term.function.object, definitions)) ends.push({ called, isDirect: true })
  }
  return ends
}

function executesParameter(receiver: Term, definitions: StatementFunction['definitions']): boolean {
  const seen = new Set<Term>()
  const pending = [receiver]
  for (let term = pending.pop(); term && seen.size < MAX_STEPS; term = pending.pop()) {
    for (const part of behind(term, definitions)) {
      if (seen.has(part) || part.kind !== 'call') continue
      seen.add(part)
      const given = [...part.arguments.slice(0, 1), ...part.keywords.map(([, value]) => value)]
      const isParameter = given.some((argument) => behind(argument, definitions).some(({ kind }) => kind === 'parameter'))
      if (isParameter && (SESSION_METHODS.has(lastNameOf(part.function)) || part.function.kind !== 'attribute')) return true
      if (part.function.kind === 'attribute') pending.push(part.function.object)
    }
  }
  return false
}

/** What a term stands for, `await` aside. */
function behind(start: Term, definitions: StatementFunction['definitions']): readonly Term[] {
  const found: Term[] = []
  const seen = new Set<Term>()
  const pending = [start]
  for (let term = pending.pop(); term && seen.size < MAX_STEPS; term = pending.pop()) {
    if (seen.has(term)) continue
    seen.add(term)
    if (term.kind === 'local') pending.push(...term.definitions.flatMap((index) => definitions[index] ?? []))
    else if (term.kind === 'choice') pending.push(...term.options)
    else if (term.kind === 'await') pending.push(term.operand)
    else found.push(term)
  }
  return found
}
