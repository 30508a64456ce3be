import { childByField, defineFact } from '@krait/core'
import { functionKey } from '../../../facts/function-keys.ts'
import { LOGGER_NAMES, LOGGING_METHODS } from '../../../data/loggers.ts'
import type { FileSemantics } from '../../../file-semantics.ts'
import type { CallNode, FunctionDefinitionNode } from '../../../generated/nodes.ts'
import * as S from '../../../scopes/scope-tables.ts'
import type { PythonNode } from '../../../syntax/node.ts'
import { GENERATIVE_METHODS } from './names.ts'

/** By the key of a function, see `functionKey`: the parameter that it gives back changed by methods of statements, and does nothing else. */
export type ChangedParameters = Readonly<Record<string, string>>

const MAY_HAVE_SOME = /\breturn\b[^\n]*\b\w+/

/** A function with more than this many values behind its result is not looked at. */
const MAX_VALUES = 60

/** Functions such as `def only_open(stmt): return stmt.where(...)`. */
export const changedParametersFact = defineFact<ChangedParameters, FileSemantics>({
  name: 'python/sqlalchemy-changed-parameters',
  version: 2,
  onDemand: 'file',
  collect: ({ services: file }) => {
    if (!MAY_HAVE_SOME.test(file.tree.text)) return {}
    const { scopeKinds, scopeNodes } = file.tables
    const found: [string, string][] = []
    for (let scope = 0; scope < scopeKinds.length; scope++) {
      if (scopeKinds[scope] !== S.FUNCTION_SCOPE) continue
      const parameter = changedParameter(file, scopeNodes[scope]!)
      if (parameter !== null) found.push([functionKey(file, scope), parameter])
    }
    return Object.fromEntries(found)
  },
})

function changedParameter(file: FileSemantics, index: number): string | null {
  const { tree, tables } = file
  const body = childByField(tree, index, tables.kinds.fields.body)
  if (body < 0) return null
  const node = tree.node(index) as FunctionDefinitionNode
  const returns = [...node.body.descendants('return_statement')].filter((statement) => isOwn(file, statement, node))
  if (returns.length === 0 || doesMore(file, node)) return null
  const roots = returns.map((statement) => rootOf(file, statement.namedChildren[0], node))
  const [first] = roots
  return first && roots.every((root) => root?.name === first.name) && roots.some((root) => root?.isChanged) ? first.name : null
}

interface Root {
  readonly name: string
  /** Some method was called on it. */
  readonly isChanged: boolean
}

/** The parameter at the beginning of all chains of methods that give a value. */
function rootOf({ scopes }: FileSemantics, value: PythonNode | undefined, around: FunctionDefinitionNode): Root | null {
  if (!value) return null
  const seen = new Set<number>()
  const pending = [value]
  let name: string | null = null
  let isChanged = false
  for (let node = pending.pop(); node; node = pending.pop()) {
    if (seen.has(node.index)) continue
    seen.add(node.index)
    if (seen.size > MAX_VALUES) return null
    if (node.kind === 'parenthesized_expression' && node.namedChildren[0]) pending.push(node.namedChildren[0])
    else if (node.kind === 'conditional_expression') pending.push(...[node.namedChildren[0], node.namedChildren[2]].filter((part) => part !== undefined))
    else if (node.kind === 'call' && node.function.kind === 'attribute' && GENERATIVE_METHODS.has(node.function.attribute.text)) {
      isChanged = true
      pending.push(node.function.object)
    } else if (node.kind === 'identifier') {
      const binding = scopes.bindingOf(node)
      if (binding?.scope.node !== around) return null
      for (const { kind, value: assigned } of binding.definitions) {
        if (kind === 'parameter' && (name ??= node.text) === node.text) continue
        if (kind !== 'assignment' || !assigned) return null
        pending.push(assigned)
      }
    } else return null
  }
  return name === null ? null : { name, isChanged }
}

/** Whether the function does something that lasts: it calls something for its own sake, assigns an attribute or element, waits, or binds outer names. */
function doesMore(file: FileSemantics, node: FunctionDefinitionNode): boolean {
  for (const part of node.body.descendants('expression_statement', 'assignment', 'augmented_assignment', 'await', 'yield', 'global_statement', 'nonlocal_statement', 'delete_statement')) {
    if (!isOwn(file, part, node)) continue
    if (part.kind === 'expression_statement') {
      const [only] = part.namedChildren
      if (!only || QUIET.has(only.kind) || (only.kind === 'call' && (isLogging(only) || fillsOwnCollection(file, only, node)))) continue
      return true
    } else if (part.kind === 'assignment' || part.kind === 'augmented_assignment') {
      if (part.left.kind !== 'identifier' && part.left.kind !== 'pattern_list') return true
    } else return true
  }
  return false
}

/** Expressions whose values go nowhere: docstrings, `...`; assignments are looked at as such. */
const QUIET: ReadonlySet<string> = new Set(['assignment', 'augmented_assignment', 'ellipsis', 'string'])

/** `logger.debug(...)`, by name. */
function isLogging({ function: called }: CallNode): boolean {
  if (called.kind !== 'attribute' || !LOGGING_METHODS.has(called.attribute.text)) return false
  const { object } = called
  const logger = object.kind === 'attribute' ? object.attribute : object
  return logger.kind === 'identifier' && (LOGGER_NAMES.has(logger.text) || logger.text === 'logging')
}

const FILLING: ReadonlySet<string> = new Set('add append extend insert setdefault update'.split(' '))
const COLLECTIONS: ReadonlySet<string> = new Set(['dictionary', 'list', 'list_comprehension', 'set'])

/** `conditions.append(...)` of a list that the function made itself. */
function fillsOwnCollection({ scopes }: FileSemantics, { function: called }: CallNode, around: FunctionDefinitionNode): boolean {
  if (called.kind !== 'attribute' || called.object.kind !== 'identifier' || !FILLING.has(called.attribute.text)) return false
  const binding = scopes.bindingOf(called.object)
  return binding?.scope.node === around && binding.definitions.every(({ kind, value }) => kind === 'assignment' && value !== null && COLLECTIONS.has(value.kind))
}

function isOwn(file: FileSemantics, node: PythonNode, around: FunctionDefinitionNode): boolean {
  return file.scopes.scopeOf(node).function?.node === around
}
