import type { AttributeNode, ForInClauseNode, ForStatementNode, IdentifierNode, Model, ModelRelationship, PythonNode, PythonRuleContext } from '@krait/python'
import { defineRule, enclosingDefinition, excerpt, isTestFile, lastPart, positionalArguments } from '@krait/python'
import { addLoader, attributeReads, firstUnloaded, hasLoadedBefore, isAssigned, isLoaded, lineOfStatement, loaderFor, nameOfReached } from '../shared/lazy-loads.ts'
import type { Reached } from '../shared/lazy-loads.ts'
import { columnIn, rowsIn } from '../shared/loaded-rows.ts'
import type { LoadedRows } from '../shared/loaded-rows.ts'
import type { Loop } from '../shared/loops.ts'

type MessageId = 'lazy' | 'lazyIn' | 'add'
type Context = PythonRuleContext<MessageId, readonly []>

/** Values of `lazy=` with which reading the relationship is no query per object, or is forbidden. */
const NOT_LAZY: ReadonlySet<string> = new Set('joined selectin subquery immediate raise raise_on_sql dynamic write_only noload False'.split(' '))

export const noLazyLoadInLoop = defineRule({
  name: 'no-lazy-load-in-loop',
  meta: {
    type: 'problem',
    docs: { description: 'Require that relationships which a loop reads are loaded with the query', preset: 'recommended', severity: 'warn', since: '0.1.0' },
    messages: {
      lazy: '`{{read}}` loads lazily once per `{{item}}`. Add `.options({{loader}}({{relationship}}))` to the query in line {{line}}.',
      lazyIn: '`{{read}}` loads lazily once per `{{item}}`. Add `.options({{loader}}({{relationship}}))` to the query of `{{function}}`.',
      add: 'Load `{{relationship}}` with the query',
    },
    schema: [],
    hasSuggestions: true,
  },
  defaultOptions: [],
  create(context) {
    if (isTestFile(context)) return {}
    return {
      for_statement(node) {
        checkLoop(context, { node, target: node.left, iterable: node.right, region: node.body })
      },
      for_in_clause(node) {
        const loop = loopOfClause(node)
        if (loop) checkLoop(context, loop)
      },
    }
  },
})

function loopOfClause(clause: ForInClauseNode): Loop | null {
  const iterable = clause.namedChildren.find(({ fieldName }) => fieldName === 'right')
  return iterable && clause.parent ? { node: clause, target: clause.left, iterable, region: clause.parent } : null
}

function checkLoop(context: Context, loop: Loop): void {
  const { target, iterable } = withoutEnumerate(loop)
  if (target.kind === 'identifier') checkVariable(context, loop, target, () => rowsIn(context, iterable))
  if (target.kind !== 'pattern_list' && target.kind !== 'tuple_pattern') return
  for (const [column, part] of target.namedChildren.entries()) {
    if (part.kind === 'identifier') checkVariable(context, loop, part, () => columnIn(context, iterable, column))
  }
}

/** @param find what the variable holds; asked for only if the loop reads attributes of it */
function checkVariable(context: Context, loop: Loop, target: IdentifierNode, find: () => LoadedRows | null): void {
  const binding = context.scopes.bindingOf(target)
  const reads = binding ? attributeReads(context, binding, loop.region).filter((read) => isInRounds(read, loop)) : []
  if (reads.length === 0) return
  const rows = find()
  if (!rows || rows.session === 'async' || rows.statement.paths.some(({ limit }) => limit === 1)) return
  const reported = new Set<string>()
  const pending: Start[] = reads.map((read) => ({ model: rows.source.model, path: '', read }))
  for (const start of pending) {
    const reached = firstLazy(context, rows, start)
    if (!reached) {
      const next = nameOfReached(context, start.model, start.read, start.path)
      if (next) pending.push(...attributeReads(context, next.binding, loop.region).map((read) => ({ model: next.model, path: next.path, read })))
      continue
    }
    if (reported.has(reached.path)) continue
    reported.add(reached.path)
    if (!isExcused(context, loop, reached)) report(context, rows, target, reached)
  }
}

/** Before the body of a comprehension only the clauses behind this one belong to its rounds. */
function isInRounds(read: AttributeNode, { node, iterable }: Loop): boolean {
  return node.kind === 'for_statement' || read.start > iterable.end || read.end < node.start
}

/** `row` and `rows` of `for i, row in enumerate(rows)`. */
function withoutEnumerate({ target, iterable }: Loop): { readonly target: PythonNode; readonly iterable: PythonNode } {
  if (iterable.kind !== 'call' || iterable.function.text !== 'enumerate') return { target, iterable }
  const [, item, ...others] = target.namedChildren
  const [rows] = positionalArguments(iterable)
  return item && rows && others.length === 0 ? { target: item, iterable: rows } : { target, iterable }
}

/** An attribute that is read of an object, and the relationships that have led to the object. */
interface Start {
  readonly model: Model
  readonly path: string
  readonly read: AttributeNode
}

function firstLazy(context: Context, { options, assigned }: LoadedRows, { model, path: before, read }: Start): Reached | null {
  const isThere = ({ lazy, attribute }: ModelRelationship, path: string): boolean => assigned.has(attribute) || (lazy !== null && NOT_LAZY.has(lazy)) || options.every((ofPath) => isLoaded(ofPath, path))
  return firstUnloaded(context.project, model, read, isThere, before)
}

function isExcused(context: Context, loop: Loop, reached: Reached): boolean {
  const { node, relationship, path } = reached
  if (!path.includes('.') && isAssigned(loop.region, relationship.attribute)) return true
  const home = enclosingDefinition(loop.node)
  if (home?.kind === 'function_definition' && hasLoadedBefore(context, home.body, reached, loop.node)) return true
  return loop.node.kind === 'for_statement' && !isRepeated(context, loop.node, node)
}

/** Whether another round can follow: not in `return post.author`. */
function isRepeated(context: Context, statement: ForStatementNode, node: PythonNode): boolean {
  const flow = context.flow(statement)
  const flowLoop = flow.loopOf(statement)
  return flowLoop === null || enclosingDefinition(node) !== enclosingDefinition(statement) || flow.canReachNextRound(node, flowLoop)
}

function report(context: Context, rows: LoadedRows, item: IdentifierNode, reached: Reached): void {
  const { relationship, owner, node } = reached
  const line = lineOfStatement(context, rows)
  const data = {
    read: excerpt(node),
    item: item.text,
    loader: loaderFor(relationship),
    relationship: `${lastPart(owner.name)}.${relationship.attribute}`,
    line: String(line ?? ''),
    function: rows.function ?? '',
  }
  const fix = addLoader(context, rows, reached)
  context.report({
    node: node.attribute,
    messageId: line === null ? 'lazyIn' : 'lazy',
    data,
    suggest: [fix && { messageId: 'add', data, fix }],
  })
}
