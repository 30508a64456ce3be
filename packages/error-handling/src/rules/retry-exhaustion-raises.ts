import type { FixFunction, SuggestionDescriptor } from '@krait/core'
import {
  attemptsOf,
  boundException,
  defineRule,
  enclosingDefinition,
  insertBehindLine,
  isReporterCall,
  isTestFile,
  loggingCall,
  loopHeaderEnd,
  ownCode,
  retryLoopOf,
} from '@krait/python'
import type {
  CallNode,
  ElifClauseNode,
  ExceptClauseNode,
  FlowEdge,
  FlowPath,
  FunctionDefinitionNode,
  IfStatementNode,
  LoopNode,
  PythonNode,
  PythonRuleContext,
  RetryLoop,
  WhileStatementNode,
} from '@krait/python'
import { isBounded, leavesOnLastAttempt, namesAssigned, namesIn, readsAny } from '../shared/attempts.ts'
import { isOnLastAttempt } from '../shared/last-attempt.ts'

type MessageId = 'fallsOff' | 'goesOn' | 'raiseOnLast' | 'raiseLast'
type Context = PythonRuleContext<MessageId, readonly []>

export const retryExhaustionRaises = defineRule({
  name: 'retry-exhaustion-raises',
  meta: {
    type: 'problem',
    docs: {
      description: 'Require a retry loop to fail when all attempts have failed',
      preset: 'recommended',
      severity: 'warn',
      since: '0.1.0',
    },
    messages: {
      fallsOff: 'When all attempts of this loop fail, `{{function}}()` falls off the end and returns `None`. Re-raise the last exception after the loop.',
      goesOn: 'When all attempts of this loop fail, `{{function}}()` goes on as if one had succeeded. Re-raise the last exception after the loop.',
      raiseOnLast: 'Re-raise on the last attempt',
      raiseLast: 'Raise `{{name}}` after the loop',
    },
    schema: [],
    hasSuggestions: true,
  },
  defaultOptions: [],
  create(context) {
    if (isTestFile(context)) return {}
    const reported = new Set<LoopNode>()
    return {
      try_statement(statement) {
        const retry = retryLoopOf(context, statement)
        if (!retry || reported.has(retry.loop)) return
        const { loop } = retry
        const around = enclosingDefinition(loop)
        if (around?.kind !== 'function_definition' || statesNone(around, loop)) return
        if (!isBounded(context, loop) || retry.handlers.every((handler) => leavesOnLastAttempt(retry, handler) || speaksOnLastAttempt(context, retry, handler))) return
        const path = silentPath(context, retry, around)
        if (!path) return
        reported.add(loop)
        context.report({
          range: [loop.start, loopHeaderEnd(loop)],
          messageId: !retry.exits.some(givesResult) && path.nodes.some((node) => doesMore(node, loop)) ? 'goesOn' : 'fallsOff',
          data: { function: around.name.text },
          suggest: [suggestion(context, retry)],
        })
      },
    }
  },
})

/** `-> None`, and the loop says in its `else` what happens when it is over. */
function statesNone({ return_type: annotation }: FunctionDefinitionNode, { alternative }: LoopNode): boolean {
  return alternative !== null && annotation?.namedChildren[0]?.kind === 'none'
}

/** `return answer`, but not `return` and `return None`. */
function givesResult(exit: PythonNode): boolean {
  const value = exit.kind === 'return_statement' ? exit.namedChildren[0] : undefined
  return value !== undefined && value.kind !== 'none'
}

/** What comes behind the loop, other than a bare `return`. */
function doesMore(node: PythonNode, loop: LoopNode): boolean {
  return (node.start >= loop.body.end || node.end <= loop.start) && node.kind !== 'return_statement'
}

/** How the function comes to its end when the attempts are used up, without a word of the failure. */
function silentPath(context: Context, retry: RetryLoop, around: FunctionDefinitionNode): FlowPath | null {
  const { loop } = retry
  const flow = context.flow(around)
  const flowLoop = flow.loopOf(loop)
  if (!flowLoop) return null
  const heads = flow.pointsInRole('loop', loop)
  const isOver = ({ source, target, kind }: FlowEdge): boolean => {
    if (!flowLoop.contains(source)) return true
    return loop.kind === 'for_statement' ? kind === 'exhausted' : !flowLoop.contains(target) || loop.condition.contains(target.node)
  }
  return flow.findPath(heads, 'normal-exit', { avoiding: wordsOf(context, retry, around), exceptions: 'none', edges: isOver })
}

/** A log on the last attempt, in the handler or behind the `try`. */
function speaksOnLastAttempt(context: Context, { loop, rest }: RetryLoop, handler: ExceptClauseNode): boolean {
  return [handler, ...rest].some((part) => [...ownCode(part)].some((node) => node.kind === 'call' && saysSo(context, node) && isOnLastAttempt(context, loop, node)))
}

/** The places outside of the loop that speak of the failure, and those that state a result. */
function wordsOf(context: Context, retry: RetryLoop, around: FunctionDefinitionNode): readonly PythonNode[] {
  const { loop } = retry
  const stored = namesOfStored(retry)
  const assigned = namesAssigned(loop)
  const found: PythonNode[] = []
  for (const node of ownCode(around.body)) {
    if (node.start >= loop.start && node.end <= loop.body.end) continue
    if (node.kind === 'call' ? saysSo(context, node) : speaks(node, stored, assigned)) found.push(hasCondition(node) ? node.condition : node)
  }
  return found
}

function hasCondition(node: PythonNode): node is IfStatementNode | ElifClauseNode | WhileStatementNode {
  return node.kind === 'if_statement' || node.kind === 'elif_clause' || node.kind === 'while_statement'
}

function speaks(node: PythonNode, stored: ReadonlySet<string>, assigned: ReadonlySet<string>): boolean {
  if (hasCondition(node)) return readsAny(node.condition, assigned)
  switch (node.kind) {
    case 'return_statement':
      return node.namedChildren.length > 0
    case 'identifier':
    case 'attribute':
      return stored.has(node.text) && !isTarget(node)
    case 'conditional_expression':
    case 'assert_statement':
      return readsAny(node, assigned)
    case 'match_statement':
      return node.subject.some((subject) => readsAny(subject, assigned))
    default:
      return false
  }
}

function isTarget({ parent, start }: PythonNode): boolean {
  return parent?.kind === 'assignment' && parent.left.start === start
}

const QUIET: ReadonlySet<string> = new Set(['debug', 'info', 'notice', 'success', 'trace'])

function saysSo(context: Context, call: CallNode): boolean {
  const logging = loggingCall(context, call)
  return logging ? !QUIET.has(logging.method) : isReporterCall(context, call)
}

/** The names in which a handler keeps the exception, or something made of it: `last = exc`, `errors.append(exc)`. */
function namesOfStored({ tryStatement }: RetryLoop): ReadonlySet<string> {
  const names = new Set<string>()
  for (const clause of tryStatement.namedChildren) {
    const exception = clause.kind === 'except_clause' ? boundException(clause) : null
    if (exception === null) continue
    const caught = new Set([exception])
    for (const node of ownCode(clause)) {
      if ((node.kind === 'assignment' || node.kind === 'augmented_assignment') && node.right && readsAny(node.right, caught)) {
        for (const name of namesIn(node.left)) names.add(name)
      } else if (node.kind === 'call' && node.function.kind === 'attribute' && readsAny(node.arguments, caught)) names.add(node.function.object.text)
    }
  }
  return names
}

function suggestion(context: Context, retry: RetryLoop): SuggestionDescriptor<MessageId> | null {
  const test = testOfLastAttempt(context, retry.loop)
  const onLast = test === null ? null : raiseOnLast(context, retry.handlers, test)
  if (onLast) return { messageId: 'raiseOnLast', fix: onLast }
  const name = retry.handlers.map(keptBy).find((kept) => kept !== null) ?? null
  const { loop } = retry
  if (name === null || loop.alternative) return null
  const indentation = ' '.repeat(loop.loc.start.column - 1)
  return { messageId: 'raiseLast', data: { name }, fix: (fixer) => insertBehindLine(context.sourceCode, fixer, loop, `${context.sourceCode.lineBreak}${indentation}raise ${name}`) }
}

/** `attempt == 2` for a loop over `range(3)`, `attempt == n - 1` for one over `range(n)`. */
function testOfLastAttempt(context: Context, loop: LoopNode): string | null {
  if (loop.kind !== 'for_statement' || loop.left.kind !== 'identifier' || loop.left.text.startsWith('_')) return null
  if (loop.right.kind !== 'call' || attemptsOf(context, loop)?.kind !== 'range') return null
  const bounds = loop.right.arguments.namedChildren
  const last = bounds.length === 1 ? bounds[0] : bounds.length === 2 ? bounds[1] : undefined
  if (last?.kind === 'integer') return `${loop.left.text} == ${Number(last.text) - 1}`
  return last?.kind === 'identifier' || last?.kind === 'attribute' ? `${loop.left.text} == ${last.text} - 1` : null
}

function raiseOnLast({ sourceCode }: Context, handlers: readonly ExceptClauseNode[], test: string): FixFunction | null {
  const firsts = handlers.map((handler) => handler.namedChildren.find(({ kind }) => kind === 'block')?.namedChildren[0])
  const insertions: (readonly [PythonNode, string])[] = []
  for (const [i, first] of firsts.entries()) {
    if (!first || first.loc.start.line === handlers[i]!.loc.start.line) return null
    const indentation = ' '.repeat(first.loc.start.column - 1)
    insertions.push([first, `if ${test}:${sourceCode.lineBreak}${indentation}    raise${sourceCode.lineBreak}${indentation}`])
  }
  return (fixer) => insertions.map(([first, text]) => fixer.insertTextBefore(first, text))
}

/** The name in which a handler keeps the exception itself. */
function keptBy(clause: ExceptClauseNode): string | null {
  const exception = boundException(clause)
  if (exception === null) return null
  for (const node of ownCode(clause)) if (node.kind === 'assignment' && node.right?.text === exception && node.left.kind === 'identifier') return node.left.text
  return null
}
