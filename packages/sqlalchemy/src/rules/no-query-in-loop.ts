import type { CallNode, PythonNode, PythonRuleContext } from '@krait/python'
import { defineRule, endOfPath, excerpt, isMigrationFile, isTestFile, lastPart, matchesGlobs, ormSessionOf, ownCode, positionalArguments, relatedPlaces, statementsOf } from '@krait/python'
import { isCached, readingFunction } from '../shared/called-effects.ts'
import { changesRows } from '../shared/changed-rows.ts'
import { databaseRead, isLegacyQuery, readAtEnd, READS } from '../shared/database-reads.ts'
import { isFlagCall } from '../shared/flag-names.ts'
import { dependenceOf } from '../shared/loop-dependence.ts'
import { isOfEachSource } from '../shared/loop-sources.ts'
import { isChunked, isOverLiteral, isOverRange, loopsAround, methodOf } from '../shared/loops.ts'
import type { Loop } from '../shared/loops.ts'

export interface NoQueryInLoopOptions {
  /** How many functions deep a read is looked for. */
  readonly maxDepth: number
  /** Functions that remember their results. */
  readonly cachedFunctions: readonly string[]
  /** Files that are not looked at. */
  readonly ignorePaths: readonly string[]
}

type MessageId = 'read' | 'readBy' | 'invariant'
type Context = PythonRuleContext<MessageId, readonly [NoQueryInLoopOptions]>

const defaultOptions: readonly [NoQueryInLoopOptions] = [
  { maxDepth: 3, cachedFunctions: [], ignorePaths: ['**/scripts/**', '**/bin/**', '**/management/commands/**'] },
]

export const noQueryInLoop = defineRule({
  name: 'no-query-in-loop',
  meta: {
    type: 'problem',
    docs: { description: 'Disallow reads of the database that are made once per iteration', preset: 'recommended', severity: 'warn', since: '0.1.0' },
    messages: {
      read: '`{{read}}` runs a query for every `{{item}}` in `{{items}}`. Load them once with `{{batch}}` or `selectinload`.',
      readBy: '`{{called}}` runs a query for every `{{item}}` in `{{items}}` (it reaches `{{read}}` in `{{file}}`). Load them once with `{{batch}}` or `selectinload`.',
      invariant: 'This query does not depend on the loop; run it once before.',
    },
    schema: [
      {
        type: 'object',
        properties: {
          maxDepth: { type: 'integer', minimum: 1 },
          cachedFunctions: { type: 'array', items: { type: 'string' } },
          ignorePaths: { type: 'array', items: { type: 'string' } },
        },
        additionalProperties: false,
      },
    ],
  },
  defaultOptions,
  create(context, [{ maxDepth, cachedFunctions, ignorePaths }]) {
    if (isTestFile(context) || isMigrationFile(context) || matchesGlobs(context.path, ignorePaths)) return {}
    return {
      call(node) {
        const [innermost] = loopsAround(node)
        const name = innermost ? methodOf(node) : null
        if (!name || !innermost) return
        if (READS.has(name.text)) {
          const read = databaseRead(context, node)
          if (read) {
            if (!isFlagCall(context, node)) checkRead(node, name, node, innermost)
            return
          }
        }
        checkCall(node, name)
      },
      for_statement(node) {
        checkIterated(node.right)
      },
      for_in_clause(node) {
        const iterable = node.namedChildren.find(({ fieldName }) => fieldName === 'right')
        if (iterable) checkIterated(iterable)
      },
    }

    /** A legacy query runs when it is looped over. */
    function checkIterated(iterable: PythonNode): void {
      const name = iterable.kind === 'call' ? methodOf(iterable) : null
      const [innermost] = name ? loopsAround(iterable) : []
      if (name && innermost && isLegacyQuery(context, iterable)) checkRead(iterable as CallNode, name, iterable as CallNode, innermost)
    }

    function checkRead(call: CallNode, name: PythonNode, expression: PythonNode, innermost: Loop): void {
      if (name.text === 'refresh' && isAddedInLoop(call, innermost)) return
      const found = drivingLoop(context, call, expression)
      if (!found) return
      if (found.dependence === 'invariant') {
        context.report({ node: name, messageId: 'invariant' })
        return
      }
      context.report({
        node: name,
        messageId: 'read',
        data: { read: readLabel(context, call), ...loopData(found.loop), batch: batchOf(context, call) },
      })
    }

    function checkCall(call: CallNode, name: PythonNode): void {
      const called = readingFunction(context, call, maxDepth)
      if (!called || isFlagCall(context, call) || isCached(context, called, cachedFunctions)) return
      const read = readAtEnd(context, called.path)
      const found = read && drivingLoop(context, call, call)
      if (!found || !read) return
      const related = relatedPlaces(context.project, called.path, 'reads from the database')
      if (found.dependence === 'invariant') {
        // It is called for what it does, not for what it gives.
        if (isDiscarded(call)) return
        context.report({ node: name, messageId: 'invariant', related })
        return
      }
      const file = endOfPath(context.project, called.path)?.replace(/:\d+$/, '') ?? read.path
      context.report({
        node: name,
        messageId: 'readBy',
        data: { called: name.text, ...loopData(found.loop), read: read.label, file, batch: '.in_(…)' },
        related,
      })
    }
  },
})

interface DrivingLoop {
  readonly loop: Loop
  readonly dependence: 'loop' | 'invariant'
}

/** The innermost loop that counts, if it drives the read or has nothing to do with it. */
function drivingLoop(context: Context, call: CallNode, expression: PythonNode): DrivingLoop | null {
  for (const loop of loopsAround(call)) {
    if (isOverLiteral(context, loop)) continue
    if (isChunked(context, loop)) return null
    if (isOfEachSource(context, expression, loop)) return null
    const dependence = dependenceOf(context, expression, loop)
    if (dependence === 'own-session') return null
    if (dependence !== 'loop' && isOverRange(loop)) continue
    if (dependence === 'varies' || !isRepeated(context, call, loop)) return null
    return dependence === 'invariant' && changesRows(context, loop, call) ? null : { loop, dependence }
  }
  return null
}

function isDiscarded({ parent }: CallNode): boolean {
  return (parent?.kind === 'await' ? parent.parent : parent)?.kind === 'expression_statement'
}

/** Whether another round can follow: not behind `return session.get(...)`. */
function isRepeated(context: Context, call: CallNode, loop: Loop): boolean {
  const flow = context.flow(loop.node)
  const flowLoop = flow.loopOf(loop.node)
  return flowLoop === null || flow.canReachNextRound(call, flowLoop)
}

/** `session.add(row)` before `session.refresh(row)`. */
function isAddedInLoop(call: CallNode, { region }: Loop): boolean {
  const refreshed = positionalArguments(call)[0]?.text
  for (const node of ownCode(region)) {
    if (node.kind !== 'call' || node === call) continue
    const method = methodOf(node)?.text
    if ((method === 'add' || method === 'merge' || method === 'add_all') && positionalArguments(node).some(({ text }) => text === refreshed)) return true
  }
  return false
}

function loopData({ target, iterable }: Loop): { item: string; items: string } {
  return { item: excerpt(target), items: excerpt(iterable) }
}

/** `session.get`, or the beginning of a legacy query: `session.query(…).first`. */
function readLabel(context: Context, call: CallNode): string {
  const called = call.function
  if (called.kind !== 'attribute') return excerpt(called)
  const isPlain = ormSessionOf(context, called.object) !== null || called.object.kind !== 'call'
  return isPlain ? excerpt(called) : `${methodOf(called.object as CallNode)?.text ?? ''}(…).${called.attribute.text}`
}

/** `User.id.in_(…)`, by the column that the statement compares, or else by the primary key. */
function batchOf(context: Context, call: CallNode): string {
  const method = methodOf(call)?.text
  const [first] = positionalArguments(call)
  const statement = first && method !== 'get' ? statementsOf(context).statementOf(first) : null
  const called = call.function
  const query = statement ?? (called.kind === 'attribute' && called.object.kind === 'call' ? statementsOf(context).statementOf(called.object) : null)
  for (const condition of query?.paths[0]?.conditions ?? []) {
    if (condition.kind === 'bound') return `${lastPart(condition.column.source.model.name)}.${condition.column.column.attribute}.in_(…)`
  }
  const name = first && (method === 'get' || method === 'get_one') ? context.resolve(first) : null
  const model = name === null ? null : context.project.model(name)
  const key = model?.uniqueKeys.find(({ from }) => from === 'primary-key')
  return model && key?.columns.length === 1 ? `${lastPart(model.name)}.${key.columns[0]!}.in_(…)` : '.in_(…)'
}
