import type { AssignmentNode, CallNode, FunctionDefinitionNode, IdentifierNode, PythonNode, PythonRuleContext } from '@krait/python'
import { defineRule, enclosingDefinition, enclosingFunctionName, excerpt, isTestFile, ownCode, SESSION_OPERATIONS } from '@krait/python'
import { opensSession } from '../shared/opened-sessions.ts'
import { fateOfSession, leavesOpen } from '../shared/session-fate.ts'

type MessageId = 'never' | 'onError' | 'unnamed' | 'returned'
type Context = PythonRuleContext<MessageId, readonly []>

/** Decorators that make commands of functions: the process ends with them. */
const COMMANDS: ReadonlySet<string> = new Set(['command', 'callback', 'group'])

export const noSessionLeak = defineRule({
  name: 'no-session-leak',
  meta: {
    type: 'problem',
    docs: { description: 'Require that sessions are closed on every path', preset: 'recommended', severity: 'error', since: '0.1.0' },
    messages: {
      never: '`{{session}}` is opened here and never closed, so its connection does not go back to the pool. Use `with {{opener}} as {{session}}:`.',
      onError: '`{{session}}` is opened here and not closed if line {{line}} raises. Use `with {{opener}} as {{session}}:`.',
      unnamed: '`{{opener}}` opens a session that nothing closes, so its connection does not go back to the pool. Open it in a `with`.',
      returned: '`{{function}}` returns a session that nothing closes. Yield it inside `with`.',
    },
    schema: [],
  },
  defaultOptions: [],
  create(context) {
    if (isTestFile(context)) return {}
    return {
      call(node) {
        const home = enclosingDefinition(node)
        if (home?.kind !== 'function_definition' || !opensSession(context, node) || isCommand(home)) return
        const value = node.parent?.kind === 'await' ? node.parent : node
        const target = targetOf(value)
        if (target) checkName(context, node, target, home)
        else if (value.parent?.kind === 'return_statement') checkReturned(context, value.parent, home)
        else if (isUsedAtOnce(value) || isGivenAway(context, value)) context.report({ node, messageId: 'unnamed', data: { opener: excerpt(node) } })
      },
    }
  },
})

function targetOf(value: PythonNode): IdentifierNode | null {
  const assignment = value.parent as AssignmentNode | null
  if (assignment?.kind !== 'assignment' || assignment.right !== value || assignment.parent?.kind !== 'expression_statement') return null
  return assignment.left.kind === 'identifier' ? assignment.left : null
}

function checkName(context: Context, call: CallNode, target: IdentifierNode, home: FunctionDefinitionNode): void {
  const binding = context.scopes.bindingOf(target)
  const definition = binding?.definitions.find(({ name }) => name === target)
  if (!binding || !definition || binding.scope.node !== home) return
  const returned = binding.references.find(({ parent }) => parent?.kind === 'return_statement')
  if (returned) {
    checkReturned(context, returned.parent!, home)
    return
  }
  const fate = fateOfSession(context, binding.references, home)
  if (fate.escapes || fate.isClosedFinally) return
  const data = { session: target.text, opener: excerpt(call) }
  if (fate.closes.length === 0) {
    context.report({ node: call, messageId: 'never', data: { ...data } })
    return
  }
  const flow = context.flow(call)
  const statement = call.closest('expression_statement') ?? call
  const failing = flow.findPath(statement, 'raise-exit', { avoiding: fate.closes, exceptions: 'errors' })
  if (failing) {
    const { line } = context.sourceCode.locationOf((failing.raisedBy ?? call).range).start
    context.report({ node: call, messageId: 'onError', data: { ...data, line: String(line) } })
  } else if (flow.canReach(statement, 'normal-exit', { avoiding: fate.closes, exceptions: 'errors' })) {
    context.report({ node: call, messageId: 'never', data })
  }
}

/** A dependency of FastAPI that returns the session: nobody has it to close it. */
function checkReturned(context: Context, statement: PythonNode, home: FunctionDefinitionNode): void {
  const usage = context.project.dependencyUsage(enclosingFunctionName(context, statement))
  if (!usage && !isDependency(context, home)) return
  context.report({ node: statement, messageId: 'returned', data: { function: home.name.text } })
}

/** `Depends(get_db)` in the same file, where no route of an application leads to it. */
function isDependency(context: Context, home: FunctionDefinitionNode): boolean {
  const binding = context.scopes.bindingOf(home.name)
  return (
    binding?.references.some((reference) => {
      const call = reference.parent?.kind === 'argument_list' ? reference.parent.parent : null
      return call?.kind === 'call' && context.resolvesTo(call.function, ['fastapi.Depends', 'fastapi.Security'])
    }) ?? false
  )
}

/** `SessionLocal().execute(...)`, also awaited. */
function isUsedAtOnce(value: PythonNode): boolean {
  let node = value
  while (node.parent?.kind === 'parenthesized_expression') node = node.parent
  const attribute = node.parent
  if (attribute?.kind !== 'attribute' || attribute.object !== node || attribute.parent?.kind !== 'call') return false
  const method = attribute.attribute.text
  return SESSION_OPERATIONS.has(method) && method !== 'begin' && method !== 'begin_nested'
}

/** `create(db_session=SessionLocal())`. */
function isGivenAway(context: Context, value: PythonNode): boolean {
  const list = value.parent?.kind === 'keyword_argument' ? value.parent.parent : value.parent
  const call = list?.kind === 'argument_list' ? list.parent : null
  return call?.kind === 'call' && leavesOpen(context, call, value)
}

function isCommand(home: FunctionDefinitionNode): boolean {
  if (home.name.text === 'main') return true
  if (home.parent?.kind !== 'decorated_definition') return false
  return home.parent.namedChildren.some((decorator) => {
    if (decorator.kind !== 'decorator') return false
    for (const node of ownCode(decorator)) {
      const name = node.kind === 'attribute' ? node.attribute.text : node.kind === 'identifier' ? node.text : ''
      if (COMMANDS.has(name)) return true
    }
    return false
  })
}

