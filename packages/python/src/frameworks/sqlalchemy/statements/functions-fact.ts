import { childByField, defineFact } from '@krait/core'
import { functionKey } from '../../../facts/function-keys.ts'
import type { FileSemantics } from '../../../file-semantics.ts'
import * as K from '../../../scopes/kind-codes.ts'
import * as S from '../../../scopes/scope-tables.ts'
import type { PythonNode } from '../../../syntax/node.ts'
import { CONTAINERS, GENERATIVE_METHODS, RESULT_METHODS, SESSION_METHODS, STATEMENT_FUNCTIONS } from './names.ts'
import { TermReader } from './term-reader.ts'
import type { CallTerm, Term } from './term.ts'

/** A function with a single `return`, as far as its result may be a statement of SQLAlchemy, or the result of executing one. */
export interface StatementFunction {
  readonly returns: Term
  /** What the local variables in it are bound to, by the numbers in `LocalTerm`: here from 0 for each function, so that an edit of another function changes none. */
  readonly definitions: Readonly<Record<number, Term>>
}

/** By the function's key, see `functionKey`: `Repository.base_query`. */
export type StatementFunctions = Readonly<Record<string, StatementFunction>>

/** Functions whose result hangs on more definitions than these are left out. */
const MAX_DEFINITIONS = 60

/** Spares most files and functions the walk. */
const MAY_HAVE_SOME =
  /\b(?:select|insert|update|delete|query|execute|exec|scalars?|stream|where|filter|filter_by)\b|_one\b|one_or_none|statement|stmt|\.get\(\s*(?:[A-Z]|self\.|cls\.)/

/** What functions give, where it has to do with statements. */
export const statementFunctionsFact = defineFact<StatementFunctions, FileSemantics>({
  name: 'python/sqlalchemy-statement-functions',
  version: 3,
  onDemand: 'project',
  collect: ({ services: file }) => {
    if (!MAY_HAVE_SOME.test(file.tree.text)) return {}
    const { scopeKinds, scopeNodes } = file.tables
    const found: [string, StatementFunction][] = []
    let reader: TermReader | undefined
    for (let scope = 0; scope < scopeKinds.length; scope++) {
      if (scopeKinds[scope] !== S.FUNCTION_SCOPE) continue
      const node = scopeNodes[scope]!
      const value = onlyReturn(file, node)
      if (!value || !mayConcernStatements(file, value)) continue
      reader ??= new TermReader(file, (inner) => file.flow(inner), false)
      const read = readFunction(reader, value)
      if (read) found.push([functionKey(file, scope), read])
    }
    return Object.fromEntries(found)
  },
})

/** A look at the text of what is returned, also of the values of a local variable: spares most functions the reading. */
function mayConcernStatements({ scopes }: FileSemantics, value: PythonNode): boolean {
  let node = value
  while ((node.kind === 'await' || node.kind === 'parenthesized_expression') && node.namedChildren[0]) node = node.namedChildren[0]
  if (node.kind !== 'identifier') return MAY_HAVE_SOME.test(node.text)
  return scopes.bindingOf(node)?.definitions.some((definition) => definition.value && MAY_HAVE_SOME.test(definition.value.text)) ?? false
}

/** What the only `return` of a function returns; `null` if there are several, or if the function is a generator. */
function onlyReturn(file: FileSemantics, definition: number): PythonNode | null {
  const { tree, tables } = file
  const { codes, fields } = tables.kinds
  const body = childByField(tree, definition, fields.body)
  let found = -1
  for (let node = body; body >= 0 && node < tree.next[body]!; ) {
    const code = codes[tree.kind[node]!]
    if (code === K.FUNCTION_DEFINITION || code === K.CLASS_DEFINITION || code === K.LAMBDA) {
      node = tree.next[node]!
      continue
    }
    if (code === K.YIELD && tree.grammar.isNamed[tree.kind[node]!]) return null
    if (code === K.RETURN_STATEMENT) {
      if (found >= 0) return null
      found = node
    }
    node++
  }
  return found < 0 ? null : ((tree.node(found).namedChildren[0] as PythonNode | undefined) ?? null)
}

function readFunction(reader: TermReader, value: PythonNode): StatementFunction | null {
  const returns = reader.read(value)
  const definitions = new Map<number, Term>()
  const pending = [...localsIn(returns)]
  for (let index = pending.pop(); index !== undefined; index = pending.pop()) {
    if (definitions.has(index)) continue
    if (definitions.size >= MAX_DEFINITIONS) return null
    const term = reader.definition(index)
    definitions.set(index, term)
    pending.push(...localsIn(term))
  }
  return concernsStatements(returns, definitions) ? renumbered(returns, definitions) : null
}

function renumbered(returns: Term, definitions: ReadonlyMap<number, Term>): StatementFunction {
  const numbers = new Map([...definitions.keys()].map((index, number) => [index, number]))
  const renumber = (term: Term): Term => (term.kind === 'local' ? { kind: 'local', definitions: term.definitions.map((index) => numbers.get(index)!) } : withParts(term, renumber))
  return { returns: renumber(returns), definitions: Object.fromEntries([...definitions].map(([index, term]) => [numbers.get(index)!, renumber(term)])) }
}

/** A term with each of its parts replaced. */
function withParts(term: Term, replace: (part: Term) => Term): Term {
  switch (term.kind) {
    case 'choice':
      return { ...term, options: term.options.map(replace) }
    case 'call': {
      const keywords = term.keywords.map(([name, value]) => [name, replace(value)] as const)
      return { ...term, function: replace(term.function), arguments: term.arguments.map(replace), keywords }
    }
    case 'attribute':
      return { ...term, object: replace(term.object) }
    case 'subscript':
      return { ...term, object: replace(term.object), index: term.index && replace(term.index) }
    case 'operator':
      return { ...term, operands: term.operands.map(replace) }
    case 'items':
      return { ...term, items: term.items.map(replace) }
    case 'await':
      return { ...term, operand: replace(term.operand) }
    default:
      return term
  }
}

function* localsIn(term: Term): Generator<number> {
  const pending: Term[] = [term]
  for (let part = pending.pop(); part; part = pending.pop()) {
    if (part.kind === 'local') yield* part.definitions
    else pending.push(...partsOf(part))
  }
}

function partsOf(term: Term): readonly Term[] {
  switch (term.kind) {
    case 'choice':
      return term.options
    case 'call':
      return [term.function, ...term.arguments, ...term.keywords.map(([, value]) => value)]
    case 'attribute':
      return [term.object]
    case 'subscript':
      return term.index ? [term.object, term.index] : [term.object]
    case 'operator':
      return term.operands
    case 'items':
      return term.items
    case 'await':
      return [term.operand]
    default:
      return []
  }
}

/** Whether the result is made by what makes statements, changes or executes them, or by a function that is given a parameter and may do so. */
function concernsStatements(returns: Term, definitions: ReadonlyMap<number, Term>): boolean {
  const seen = new Set<Term>()
  const pending: Term[] = [returns]
  for (let term = pending.pop(); term; term = pending.pop()) {
    if (seen.has(term)) continue
    seen.add(term)
    if (term.kind === 'local') pending.push(...term.definitions.flatMap((index) => definitions.get(index) ?? []))
    else if (term.kind === 'choice') pending.push(...term.options)
    else if (term.kind === 'await') pending.push(term.operand)
    else if (term.kind === 'attribute' && term.attribute === 'query') return true
    else if (term.kind === 'call') {
      const name = lastNameOf(term.function)
      if (STATEMENT_FUNCTIONS.has(name) || GENERATIVE_METHODS.has(name) || RESULT_METHODS.has(name) || SESSION_METHODS.has(name)) return true
      if (WRAPPER.test(name) || isGetOfObject(term)) return true
      if (term.function.kind === 'name' && CONTAINERS.has(term.function.name)) pending.push(...term.arguments.slice(0, 1))
    }
  }
  return false
}

/** `session.get(User, key)`, `session.get(self.model, key)`. */
function isGetOfObject({ function: called, arguments: given }: CallTerm): boolean {
  return called.kind === 'attribute' && (called.attribute === 'get' || called.attribute === 'get_one') && given.length > 1 && (given[0]!.kind === 'name' || given[0]!.kind === 'attribute')
}

/** What functions of a project that give or take statements are called: `get_one_or_none`, `base_query`. */
const WRAPPER = /(?:^|_)(?:one|first|scalars?|exec(?:ute)?|statements?|query|stmt|select)(?:_|$)/

export function lastNameOf(called: Term): string {
  if (called.kind === 'attribute') return called.attribute
  return called.kind === 'name' ? called.name.slice(Math.max(called.name.lastIndexOf('.'), called.name.lastIndexOf(':')) + 1) : ''
}
