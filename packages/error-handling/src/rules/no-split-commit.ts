import {
  callLabel,
  defineRule,
  effectsOfCall,
  enclosingFunctionName,
  isMigrationFile,
  isScriptFile,
  isTestFile,
  lastNameOf,
  matchesName,
  relatedPlaces,
} from '@krait/python'
import type { CallNode, PythonNode, PythonRuleContext, WithItemNode } from '@krait/python'
import { committedWrites, follows, isReasonToCommit } from '../shared/split-commits.ts'
import type { CommittedWrite } from '../shared/split-commits.ts'
import { lineOf, transactionsOf } from '../shared/transaction-steps.ts'
import { codeOf } from '../shared/unit.ts'
import type { Unit } from '../shared/unit.ts'

export interface SplitCommitOptions {
  /** Globs of the names of functions that may commit in steps. */
  readonly ignoreFunctions: readonly string[]
}

type MessageId = 'split'
type Context = PythonRuleContext<MessageId, readonly [SplitCommitOptions]>

const defaultOptions: readonly [SplitCommitOptions] = [{ ignoreFunctions: [] }]

export const noSplitCommit = defineRule({
  name: 'no-split-commit',
  meta: {
    type: 'problem',
    docs: {
      description: 'Disallow a commit in the middle of one operation',
      preset: 'strict',
      severity: 'warn',
      since: '0.1.0',
    },
    messages: {
      split:
        'This commit makes {{first}} durable before `{{second}}` (line {{line}}) is written and committed on its own: a failure in between leaves half ' +
        'the operation. Commit once, at the end.',
    },
    schema: [
      {
        type: 'object',
        properties: { ignoreFunctions: { type: 'array', items: { type: 'string' }, uniqueItems: true } },
        additionalProperties: false,
      },
    ],
  },
  defaultOptions,
  create(context, [options]) {
    if (isTestFile(context) || isScriptFile(context) || isMigrationFile(context)) return {}
    return { function_definition: check, module: check }

    function check(unit: Unit): void {
      if (unit.kind === 'function_definition' && mayCommitInSteps(unit.name.text)) return
      const { calls, writing } = countCalls(unit)
      if (writing < 2 && (calls < 2 || !doesCommit(unit))) return
      const transactions = transactionsOf(context, unit)
      if (transactions.steps.length < 2) return
      const flow = context.flow(unit)
      const found = committedWrites(context, flow, transactions).filter(({ write }) => !IN_STEPS.test(lastNameOf(write.function) ?? ''))
      if (new Set(found.map(({ commit }) => commit)).size < 2) return
      const obstacles = [...codeOf(unit, 'call')].filter((node) => isReasonToCommit(context, node))
      const committed = found.filter(({ write }) => !obstacles.includes(write))
      const reported = new Set<PythonNode>()
      for (const first of committed) {
        if (reported.has(first.commit)) continue
        const second = committed.find((other) => !isRecordOfFailure(other, unit) && follows(flow, first, other, obstacles))
        if (!second) continue
        reported.add(first.commit)
        report(first, second)
      }
    }

    function mayCommitInSteps(name: string): boolean {
      return IN_STEPS.test(name) || options.ignoreFunctions.some((glob) => matchesName(name, glob))
    }

    /** Whether its functions write and commit, whatever they are called. */
    function doesCommit(unit: Unit): boolean {
      const effects = unit.kind === 'function_definition' ? context.project.summary(enclosingFunctionName(context, unit.body))?.effects : null
      return effects?.write !== undefined && effects.commit !== undefined
    }

    function report(first: CommittedWrite, second: CommittedWrite): void {
      const isOwn = first.commit === first.write
      const label = `\`${callLabel(first.write)}\``
      context.report({
        range: rangeOf(first.commit),
        messageId: 'split',
        data: { first: isOwn ? `what ${label} writes` : label, second: callLabel(second.write), line: lineOf(second.write) },
        related: [...committingPath(context, first), ...committingPath(context, second)],
      })
    }
  },
})

/** Functions that prepare data step by step, and can be run again. */
const IN_STEPS = /^_*(seed|bootstrap|init|backfill|migrate|setup)/

/** What functions are called that write; looked at before anything is resolved. */
const WRITING = /(^|_)(add|append|apply|approve|assign|attach|bulk|cancel|close|commit|create|delete|exec|execute|flush|import|insert|link|mark|merge|open|persist|place|process|record|register|remove|rename|replace|save|scalars?|set|store|submit|sync|transfer|update|upsert|write)/

/** The calls of a function or module, up to the second one that may write by its name. */
function countCalls(unit: Unit) {
  let calls = 0
  let writing = 0
  for (const node of codeOf(unit, 'call')) {
    calls++
    if (WRITING.test(lastNameOf(node.function) ?? '') && ++writing > 1) break
  }
  return { calls, writing }
}

/** Whether a transaction stands in a handler or `finally`, where the failure of the first one is written down. */
function isRecordOfFailure({ commit, write }: CommittedWrite, unit: Unit): boolean {
  return [commit, write].some((place) => {
    for (let node = place.parent; node && node !== unit; node = node.parent) if (node.kind === 'except_clause' || node.kind === 'finally_clause') return true
    return false
  })
}

function rangeOf(commit: CallNode | WithItemNode): readonly [number, number] {
  const statement = commit.kind === 'with_item' ? commit.closest('with_statement') : null
  return [statement?.start ?? commit.start, commit.end]
}

function committingPath(context: Context, { commit }: CommittedWrite) {
  const path = commit.kind === 'call' ? effectsOfCall(context, commit).paths.get('commit') : undefined
  return path ? relatedPlaces(context.project, path, 'commits') : []
}
