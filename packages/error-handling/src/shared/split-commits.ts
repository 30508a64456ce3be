import {
  DJANGO_SESSION,
  calledFunction,
  calledProjectFunction,
  effectsOfCall,
  externalPath,
  isSession,
  keywordArguments,
  loggingCall,
  mayRunProjectCode,
  withoutParentheses,
} from '@krait/python'
import type { CallNode, EffectContext, Flow, FlowPoint, PythonNode, WithItemNode } from '@krait/python'
import { shareSession } from './transaction-steps.ts'
import type { CommitBlock, DatabaseStep, Transactions } from './transaction-steps.ts'

/** A transaction that ends in a function: what it writes, and where it is committed. */
export interface CommittedWrite {
  readonly write: CallNode
  /** The call of `commit()`, the item of a `with`, or the call that writes and commits in one. */
  readonly commit: CallNode | WithItemNode
  readonly sessions: ReadonlySet<string>
}

type Place = PythonNode | FlowPoint

const DIRECTLY = { exceptions: 'none', nextRounds: false } as const

/** The writes of a function with their commits, each outside of loops. */
export function committedWrites(context: EffectContext, flow: Flow, { steps, blocks, isAtomic }: Transactions): readonly CommittedWrite[] {
  const outer = blocks.filter((block) => !(isAtomic && block.sessions.has(DJANGO_SESSION)) && !blocks.some((other) => isNested(block, other)))
  const found: CommittedWrite[] = []
  for (const step of steps) {
    if (!step.write || !flow.isReachable(step.call) || (isAtomic && step.sessions.has(DJANGO_SESSION))) continue
    const block = outer.find((candidate) => shareSession(candidate, step) && bodyOf(candidate)?.contains(step.call))
    if (block) {
      if (!isInLoop(flow, block.item)) found.push({ write: step.call, commit: block.item, sessions: step.sessions })
    } else if (step.commit && doesCommit(context, step.call)) {
      // Django's models commit at once wherever no block says otherwise.
      const sessions = new Set([...step.sessions].filter((session) => session !== DJANGO_SESSION))
      if (!isInLoop(flow, step.call)) found.push({ write: step.call, commit: step.call, sessions })
    } else found.push(...commitsOf(flow, steps, step))
  }
  return found
}

/** The commits that end the transaction of a write. */
function commitsOf(flow: Flow, steps: readonly DatabaseStep[], write: DatabaseStep): readonly CommittedWrite[] {
  const ends = steps.filter((step) => step !== write && (step.commit ?? step.isRollback) && shareSession(step, write))
  const found: CommittedWrite[] = []
  for (const { call, commit, write: alsoWrites, sessions } of ends) {
    if (!commit || alsoWrites || isInLoop(flow, call)) continue
    const others = ends.flatMap((end) => (end.call === call ? [] : [end.call]))
    if (!flow.canReach(write.call, call, { exceptions: 'none', avoiding: others })) continue
    found.push({ write: write.call, commit: call, sessions: new Set([...write.sessions].filter((session) => sessions.has(session))) })
  }
  return found
}

/** Whether a second transaction follows a first one, with nothing in between that is a reason to commit. @param obstacles calls that are such a reason */
export function follows(flow: Flow, first: CommittedWrite, second: CommittedWrite, obstacles: readonly CallNode[]): boolean {
  if (first.commit === second.commit || first.write === second.write || !shareSession(first, second)) return false
  const { places, isInside } = endOf(flow, first)
  if (isInside(second.write)) return false
  if (contradict(flow, first.commit, second.write)) return false
  const avoiding = obstacles.filter((call) => call !== second.write && call !== first.write)
  return places.some((place) => flow.canReach(place, second.write, { ...DIRECTLY, avoiding }) && flow.canReach(place, second.write, { ...DIRECTLY, avoiding, consistent: true }))
}

function endOf(flow: Flow, { commit }: CommittedWrite): { readonly places: readonly Place[]; readonly isInside: (node: PythonNode) => boolean } {
  if (commit.kind !== 'with_item') return { places: [commit], isInside: (node) => commit.contains(node) }
  const statement = commit.closest('with_statement')
  return { places: flow.pointsInRole('with-exit', commit), isInside: (node) => statement?.contains(node) === true }
}

/** Whether one place is only reached if a test holds, and the other one only if the same test does not, or if the same is equal to something else. */
function contradict(flow: Flow, first: PythonNode, second: PythonNode): boolean {
  const known = new Map<string, boolean>()
  const equals = new Map<string, string>()
  for (const { test, outcome } of flow.testsBefore(first)) {
    known.set(test.text, outcome)
    const equality = outcome ? equalityOf(test) : null
    if (equality) equals.set(...equality)
  }
  return [...flow.testsBefore(second)].some(({ test, outcome }) => {
    if (known.has(test.text) && known.get(test.text) !== outcome) return true
    const [subject, value] = (outcome ? equalityOf(test) : null) ?? ['', '']
    return equals.has(subject) && equals.get(subject) !== value
  })
}

/** `order.kind == Kind.SALE`, as what is compared and with what. */
function equalityOf(test: PythonNode): readonly [subject: string, value: string] | null {
  if (test.kind !== 'comparison_operator' || test.operators.length !== 1 || test.operators[0]?.kind !== '==') return null
  const [left, right] = test.namedChildren
  return left && right && CONSTANT.has(right.kind) ? [left.text, right.text] : null
}

/** Members of enums and literals: two that are written differently are different. */
const CONSTANT: ReadonlySet<string> = new Set(['attribute', 'integer', 'string'])

/** Whether a call is a reason to commit before it: it leaves the process, waits, or may do so as far as is known. */
export function isReasonToCommit(context: EffectContext, call: CallNode): boolean {
  const { paths } = effectsOfCall(context, call)
  if (externalPath(context, call) !== null || paths.has('sleep') || paths.has('enqueue')) return true
  if (calledProjectFunction(context, call) !== null || loggingCall(context, call)) return false
  const called = withoutParentheses(call.function)
  if (isOfDatabase(context, called)) return false
  const name = calledFunction(context, call) ?? called.text
  return !/(^|\.)_*\p{Lu}[^.]*$/u.test(name) && mayRunProjectCode(context, call)
}

/** Whether a chain of calls begins with a session or with a manager of Django's. */
function isOfDatabase(context: EffectContext, called: PythonNode): boolean {
  let node = called
  for (;;) {
    if (node.kind === 'call') node = withoutParentheses(node.function)
    else if (node.kind !== 'attribute') return false
    else if (node.attribute.text === 'objects' || isSession(context, node.object)) return true
    else node = withoutParentheses(node.object)
  }
}

/** Not so where a function is told to leave the commit to its caller, or does so unless it is told. */
function doesCommit(context: EffectContext, call: CallNode): boolean {
  const { project } = context
  const given = keywordArguments(call)
  for (const name of COMMIT_PARAMETERS) if (given.has(name)) return given.get(name)!.kind !== 'false'
  const name = calledProjectFunction(context, call)
  const definition = name === null ? null : project.definition(name)
  if (definition?.kind !== 'function') return true
  const parameter = definition.fact.parameters.find((candidate) => COMMIT_PARAMETERS.includes(candidate.name))
  return !(parameter?.default?.kind === 'literal' && parameter.default.value === false)
}

const COMMIT_PARAMETERS: readonly string[] = ['auto_commit', 'autocommit', 'commit', 'do_commit', 'should_commit', 'with_commit']

function isInLoop(flow: Flow, node: PythonNode): boolean {
  return flow.loopsAround(node).length > 0
}

function bodyOf({ item }: CommitBlock): PythonNode | null {
  return item.closest('with_statement')?.body ?? null
}

function isNested(block: CommitBlock, other: CommitBlock): boolean {
  return block !== other && shareSession(block, other) && bodyOf(other)?.contains(block.item) === true
}
