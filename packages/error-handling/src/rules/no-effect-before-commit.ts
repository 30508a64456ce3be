import {
  DJANGO_SESSION,
  callLabel,
  calledFunction,
  defineRule,
  effectsOfCall,
  enclosingFunctionName,
  externalEffectPath,
  hasWords,
  isDeferring,
  isScriptFile,
  isTestFile,
  lastNameOf,
  matchesName,
  relatedPlaces,
} from '@krait/python'
import type { CallNode, Flow, FlowPoint, PythonNode, PythonRuleContext, WithItemNode } from '@krait/python'
import { DATABASE_WORDS } from '../shared/database-words.ts'
import { lineOf, shareSession, transactionsOf } from '../shared/transaction-steps.ts'
import type { DatabaseStep, Transactions } from '../shared/transaction-steps.ts'
import { codeOf } from '../shared/unit.ts'
import type { Unit } from '../shared/unit.ts'
import { unusedResult } from '../shared/unused-result.ts'

export interface EffectBeforeCommitOptions {
  /** Qualified names of functions and methods that have an effect outside, or globs of such names. */
  readonly effects: readonly string[]
  /** The same of those that may run before the commit. */
  readonly ignore: readonly string[]
}

type MessageId = 'queued' | 'effect'
type Context = PythonRuleContext<MessageId, readonly [EffectBeforeCommitOptions]>

const defaultOptions: readonly [EffectBeforeCommitOptions] = [{ effects: [], ignore: [] }]

export const noEffectBeforeCommit = defineRule({
  name: 'no-effect-before-commit',
  meta: {
    type: 'problem',
    docs: {
      description: 'Disallow requests, messages and jobs that leave while the transaction is still open',
      preset: 'recommended',
      severity: 'warn',
      since: '0.1.0',
    },
    messages: {
      queued:
        '`{{effect}}` runs before {{commit}}: the worker may not see the row, and a failed commit cannot take it back. ' +
        'Move it after the commit (or use `on_commit`).',
      effect: '`{{effect}}` runs before {{commit}}: a failed commit cannot take it back. Move it after the commit (or use `on_commit`).',
    },
    schema: [
      {
        type: 'object',
        properties: {
          effects: { type: 'array', items: { type: 'string' }, uniqueItems: true },
          ignore: { type: 'array', items: { type: 'string' }, uniqueItems: true },
        },
        additionalProperties: false,
      },
    ],
  },
  defaultOptions,
  create(context, [options]) {
    if (isTestFile(context)) return {}
    return isScriptFile(context) ? { function_definition: check } : { function_definition: check, module: check }

    function check(unit: Unit): void {
      const { calls, isNamed, mayCommit } = callsOfTransaction(unit)
      // What names do not tell takes at least a call that writes and one that has an effect.
      if (!isNamed && (calls.length < 2 || !mayCommit)) return
      const candidates = calls.filter((call) => unusedResult(call) !== null)
      if (candidates.length === 0 || !(isNamed || isKnown(unit))) return
      const effects = candidates.filter(isEffect)
      if (effects.length === 0) return
      const transactions = transactionsOf(context, unit)
      const writes = transactions.steps.filter(({ write, commit }) => write && !commit)
      if (writes.length === 0) return
      const flow = context.flow(unit)
      for (const call of effects) {
        const end = flow.isReachable(call) ? commitBehind(flow, transactions, writes, call) : null
        if (end) report(call, end, unit)
      }
    }

    /** Whether the functions that it calls write, commit and have an effect, whatever they are called. */
    function isKnown(unit: Unit): boolean {
      const effects = unit.kind === 'function_definition' ? context.project.summary(enclosingFunctionName(context, unit.body))?.effects : null
      return Boolean(effects?.write && effects.commit && effects['external-effect'])
    }

    function isEffect(call: CallNode): boolean {
      const { function: own } = effectsOfCall(context, call)
      const label = callLabel(call).replace(/\(\)$/, '')
      const name = own ?? calledFunction(context, call) ?? label
      if (options.ignore.some((entry) => matchesName(name, entry)) || hasWords(label, OUTBOX)) return false
      if (!isDeferring(context, call) && options.effects.some((entry) => matchesName(name, entry))) return true
      return externalEffectPath(context, call) !== null && !effectsOfCall(context, call).paths.has('commit')
    }

    /** The commit of a write that is pending when the effect happens. */
    function commitBehind(flow: Flow, transactions: Transactions, writes: readonly DatabaseStep[], effect: CallNode): FlowPoint | null {
      const places = unusedResult(effect)!
      for (const write of writes) {
        if (write.call === effect || !flow.isReachable(write.call)) continue
        const { commits, rollbacks } = endsOf(flow, transactions, write)
        if (commits.length === 0) continue
        const ends = [...commits, ...rollbacks]
        if (!flow.canReach(write.call, effect, { exceptions: 'none', avoiding: ends })) continue
        const path = flow.findPath(effect, commits, { exceptions: 'none', avoiding: rollbacks, consistent: true })
        if (!path || !flow.canReach(write.call, effect, { exceptions: 'none', avoiding: ends, consistent: true })) continue
        if (places.target && isRead(context, flow, places.target, commits)) continue
        return path.end
      }
      return null
    }

    function report(call: CallNode, { node, role }: FlowPoint, unit: Unit): void {
      const { paths } = effectsOfCall(context, call)
      const path = paths.get('external-effect') ?? []
      const isQueued = paths.has('enqueue')
      const commit =
        role === 'with-exit'
          ? `the commit at the end of the \`with\` block on line ${lineOf(node)}`
          : role === 'normal-exit' && unit.kind === 'function_definition'
            ? `the commit at the end of \`${unit.name.text}()\``
            : `the commit on line ${lineOf(node)}`
      context.report({
        node: call,
        messageId: isQueued ? 'queued' : 'effect',
        data: { effect: callLabel(call), commit },
        related: relatedPlaces(context.project, path, isQueued ? 'hands work to a queue' : 'has an effect outside'),
      })
    }
  },
})

/** What is only written down for later is called so. */
const OUTBOX: readonly string[] = ['outbox']

/** The calls of a function or module, and whether the names in it say that it may write to the database and commit. */
function callsOfTransaction(unit: Unit) {
  const calls: CallNode[] = []
  let commits = isDecoratedAtomic(unit)
  let writes = false
  let isInWith = false
  let stages = false
  let count = 0
  for (const node of codeOf(unit, 'call', 'with_item')) {
    if (node.kind === 'with_item') {
      isInWith = true
      commits ||= BEGINNING.has(lastNameOf(node.value.kind === 'as_pattern' ? (node.value.namedChildren[0] ?? node.value) : node.value) ?? '')
      continue
    }
    count++
    const name = lastNameOf(node) ?? ''
    if (name.includes('commit')) commits = true
    else if (DATABASE_WORDS.test(name)) writes = true
    if (STAGING.has(name)) stages ||= isOnSession(node)
    if (!UNSUSPICIOUS.has(name)) calls.push(node)
  }
  // What commits is a third call, the end of a block, or a decorator.
  const mayCommit = count > 2 || isInWith || unit.parent?.kind === 'decorated_definition'
  return { calls, isNamed: commits || (isInWith && writes) || stages, mayCommit }
}

/** What stages a write of a session, so that a commit must follow, if only by a function of the project. */
const STAGING: ReadonlySet<string> = new Set(['add', 'add_all', 'delete', 'flush', 'merge'])

function isOnSession({ function: called }: CallNode): boolean {
  return called.kind === 'attribute' && /session|db|conn|uow/i.test(lastNameOf(called.object) ?? '')
}

const BEGINNING: ReadonlySet<string> = new Set(['atomic', 'begin'])

/** What has no effect outside whatever it is called on; most calls are these. */
const UNSUSPICIOUS: ReadonlySet<string> = new Set(
  'add add_all append close commit debug error exception execute extend flush info print refresh rollback warning'.split(' '),
)

function isDecoratedAtomic({ parent }: Unit): boolean {
  if (parent?.kind !== 'decorated_definition') return false
  return parent.namedChildren.some((child) => child.kind === 'decorator' && lastNameOf(child.namedChildren[0] ?? child) === 'atomic')
}

/** Where the transaction of a write ends. */
function endsOf(flow: Flow, { steps, blocks, isAtomic }: Transactions, write: DatabaseStep) {
  const commits: (PythonNode | FlowPoint)[] = []
  const rollbacks: PythonNode[] = []
  for (const step of steps) {
    if (step === write || !shareSession(step, write)) continue
    if (step.commit) commits.push(step.call)
    else if (step.isRollback) rollbacks.push(step.call)
  }
  const isInAtomic = isAtomic && write.sessions.has(DJANGO_SESSION)
  const around = blocks.filter((block) => shareSession(block, write) && bodyOf(block.item)?.contains(write.call))
  // Inside another one, a block is a savepoint.
  if (isInAtomic) commits.push(flow.normalExit)
  else if (around[0]) commits.push(...flow.pointsInRole('with-exit', around[0].item))
  return { commits, rollbacks }
}

function bodyOf(item: WithItemNode): PythonNode | null {
  return item.closest('with_statement')?.body ?? null
}

function isRead(context: Context, flow: Flow, target: PythonNode, commits: readonly (PythonNode | FlowPoint)[]): boolean {
  const definition = context.scopes.bindingOf(target)?.definitions.find(({ name }) => name.index === target.index)
  if (!definition) return true
  const { reads, elsewhere } = flow.readsOf(definition)
  return elsewhere || reads.some((read) => flow.canReach(target, read, { avoiding: commits }))
}
