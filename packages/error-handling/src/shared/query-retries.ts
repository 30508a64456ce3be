import { leadsToNextAttempt, lastPart, retryLoopOf } from '@krait/python'
import type { CallNode, FunctionDefinitionNode, PythonNode, PythonRuleContext } from '@krait/python'
import { catchesLostConnection, handlerOfLostConnection } from './connection-errors.ts'

/** Whether a decorator retries a function when the connection is lost. One that names no exceptions retries them all. */
export function hasRetryDecorator(context: PythonRuleContext, { parent }: FunctionDefinitionNode): boolean {
  if (parent?.kind !== 'decorated_definition') return false
  return parent.namedChildren.some((decorator) => {
    const expression = decorator.kind === 'decorator' ? decorator.namedChildren[0] : undefined
    if (!expression || !/retry|backoff|stamina/i.test(nameOf(context, expression))) return false
    const named = exceptionsIn(context, expression)
    return named.length === 0 || named.some((type) => catchesLostConnection(context, type))
  })
}

function nameOf(context: PythonRuleContext, decorator: PythonNode): string {
  const called = decorator.kind === 'call' ? decorator.function : decorator
  return context.resolve(called) ?? called.text
}

function exceptionsIn(context: PythonRuleContext, decorator: PythonNode): readonly string[] {
  return [...decorator.descendants('identifier', 'attribute')].flatMap((node) => {
    const name = context.resolve(node)
    return name !== null && context.project.isSubclassOf(name, ['builtins.BaseException']) === true ? [name] : []
  })
}

/** Whether a call is repeated when the connection is lost: by a retry loop of so many attempts, or once in the handler. */
export function isRetried(context: PythonRuleContext, call: CallNode, queries: readonly CallNode[], maxAttempts: number): boolean {
  for (let child: PythonNode = call, node = call.parent; node && node.kind !== 'function_definition'; child = node, node = node.parent) {
    if (node.kind === 'except_clause' && queries.some((other) => node.parent?.contains(other) && !node.contains(other))) return true
    if (node.kind !== 'try_statement' || child !== node.body) continue
    const handler = handlerOfLostConnection(context, node)
    if (!handler) continue
    if (queries.some((other) => handler.contains(other))) return true
    const loop = leadsToNextAttempt(context, handler) ? retryLoopOf(context, node)?.loop : undefined
    if (loop && attemptsOf(context, loop) <= maxAttempts) return true
  }
  return false
}

/** How often a loop over `range()` or some delays runs; what is not known is taken to be little. */
function attemptsOf(context: PythonRuleContext, loop: PythonNode): number {
  if (loop.kind !== 'for_statement') return 0
  const over = context.values.of(loop.right)
  if (over.kind === 'tuple' || over.kind === 'list') return over.items.length
  if (over.kind !== 'call' || over.callee === null || lastPart(over.callee) !== 'range') return 0
  const bounds = over.arguments.map((argument) => context.values.constant(argument))
  const [first, second] = bounds
  if (typeof first !== 'number') return 0
  return typeof second === 'number' ? second - first : first
}
