import type { Binding, CallNode, OpenedSession, PythonNode, PythonRuleContext, ReturnStatementNode } from '@krait/python'
import { withoutAwait } from '@krait/python'
import {
  callLabel,
  CommandLine,
  calledProjectFunction,
  defineRule,
  enclosingFunctionName,
  isTestFile,
  lastPart,
  openedSession,
  SESSION_OPERATIONS,
} from '@krait/python'
import { keepsArgument } from '../shared/kept-arguments.ts'
import { assignedName, awaited, leakOf } from '../shared/session-leaks.ts'

type MessageId = 'raises' | 'leaves' | 'never' | 'unnamed' | 'passed' | 'returned'
type Context = PythonRuleContext<MessageId, readonly []>

/** Methods that work with the database when they are called on a new session; the block of a `begin()` gives the connection back. */
const USES: ReadonlySet<string> = new Set([...SESSION_OPERATIONS, 'connection', 'exec_driver_sql', 'run_sync'].filter((method) => !method.startsWith('begin')))

export const noSessionLeak = defineRule({
  name: 'no-session-leak',
  meta: {
    type: 'problem',
    docs: { description: 'Require sessions and connections to be closed on every path', preset: 'recommended', severity: 'error', since: '0.1.0' },
    messages: {
      raises: '`{{name}}` is opened here and not closed if line {{line}} raises. Use `{{with}} {{call}} as {{name}}:`.',
      leaves: '`{{name}}` is opened here and not closed if line {{line}} ends the function. Use `{{with}} {{call}} as {{name}}:`.',
      never: '`{{name}}` is opened here and never closed. Use `{{with}} {{call}} as {{name}}:`.',
      unnamed: '`{{call}}` opens a {{thing}} that nothing closes. Use `{{with}} {{call}} as {{name}}:`.',
      passed: '`{{call}}` opens a {{thing}} that nothing closes: `{{callee}}` neither closes nor keeps it. Use `{{with}} {{call}} as {{name}}:`.',
      returned: '`{{function}}` returns a session that nothing closes. Yield it inside `{{with}}`.',
    },
    schema: [],
  },
  defaultOptions: [],
  create(context) {
    if (isTestFile(context)) return {}
    let commandLine: CommandLine | undefined

    return {
      call(node) {
        const outer = awaited(node)
        const { parent } = outer
        switch (parent?.kind) {
          case 'assignment':
          case 'named_expression':
            return checkAssigned(node)
          case 'attribute':
            return checkUsed(node, outer, parent.attribute.text)
          case 'argument_list':
          case 'keyword_argument':
            return checkPassed(node, outer, parent)
          default:
        }
      },
      return_statement: checkReturned,
    }

    function checkAssigned(node: CallNode): void {
      const assigned = assignedName(node)
      if (!assigned || !isInFunction(node)) return
      if (!mayOpen(node) && !isUsedLikeSession(context.scopes.bindingOf(assigned.name))) return
      const opened = openedSession(context, node)
      const leak = opened && leakOf(context, assigned.assignment, assigned.name)
      if (!leak || isExempt(node)) return
      const data = { name: assigned.name.text, with: withOf(opened), call: openingOf(node) }
      if (leak.kind === 'never') context.report({ node, messageId: 'never', data })
      else context.report({ node, messageId: leak.kind, data: { ...data, line: leak.at.loc.start.line } })
    }

    /** `SessionLocal().execute(...)` */
    function checkUsed(node: CallNode, outer: PythonNode, method: string): void {
      if (!USES.has(method) || outer.parent?.parent?.kind !== 'call' || outer.fieldName !== 'object' || !isInFunction(node)) return
      const opened = openedSession(context, node)
      if (opened && !isExempt(node)) context.report({ node, messageId: 'unnamed', data: dataOf(node, opened) })
    }

    /** `load(SessionLocal())` */
    function checkPassed(node: CallNode, outer: PythonNode, parent: PythonNode): void {
      const call = (parent.kind === 'keyword_argument' ? parent.parent : parent)?.parent
      if (call?.kind !== 'call' || !mayOpen(node) || !isInFunction(node)) return
      const opened = openedSession(context, node)
      const callee = opened && calledProjectFunction(context, call)
      if (!callee || keepsArgument(context, call, parent.kind === 'keyword_argument' ? parent : outer) !== 'no' || isExempt(node)) return
      context.report({ node, messageId: 'passed', data: { ...dataOf(node, opened), callee: lastPart(callee) } })
    }

    function checkReturned(node: ReturnStatementNode): void {
      const [value] = node.namedChildren
      const call = value && returnedCall(context, value)
      const opened = call && mayOpen(call) ? openedSession(context, call) : null
      if (!opened || opened.isConnection || !isInFunction(node)) return
      const name = enclosingFunctionName(context, node)
      if (context.project.dependencyUsage(name) === null || isExempt(node)) return
      context.report({ node, messageId: 'returned', data: { function: lastPart(name), with: withOf(opened) } })
    }

    function isInFunction(node: PythonNode): boolean {
      return context.scopes.scopeOf(node).function !== null
    }

    function isExempt(node: PythonNode): boolean {
      for (let around = node.closest('function_definition'); around; around = around.closest('function_definition')) if (around.name.text === 'main') return true
      return (commandLine ??= new CommandLine(context)).isInCommand(node)
    }
  },
})

/** What sessions, and what makes them, is called. Spares most calls the look at their types. */
const HINT = /conn|db|engine|factory|local|maker|sess|unit|uow/i

function mayOpen({ function: called }: CallNode): boolean {
  return HINT.test(called.kind === 'attribute' ? `${called.object.text}.${called.attribute.text}` : called.text)
}

/** Whether a method is called on a name that sessions have. */
function isUsedLikeSession(binding: Binding | null): boolean {
  if (binding === null || HINT.test(binding.name)) return true
  return binding.references.some(({ parent }) => parent?.kind === 'attribute' && (USES.has(parent.attribute.text) || parent.attribute.text === 'close'))
}

/** The call whose result a function returns, also by a name that is used for nothing else than working with it. */
function returnedCall(context: Context, value: PythonNode): CallNode | null {
  const returned = withoutAwait(value)
  if (returned.kind === 'call') return returned
  const binding = returned.kind === 'identifier' ? context.scopes.bindingOf(returned) : null
  const bound = binding?.scope.kind === 'function' ? binding.onlyDefinition?.value : null
  const made = bound ? withoutAwait(bound) : null
  if (made?.kind !== 'call') return null
  const isClosed = binding!.references.some(({ parent }) => parent?.kind === 'attribute' && parent.attribute.text === 'close')
  return isClosed ? null : made
}

function dataOf(node: CallNode, opened: OpenedSession): Record<string, string> {
  const thing = opened.isConnection ? 'connection' : 'session'
  return { thing, name: thing, with: withOf(opened), call: openingOf(node) }
}

function withOf({ kind }: OpenedSession): string {
  return kind === 'async' ? 'async with' : 'with'
}

/** The call as a message shows it, with dots for its arguments. */
function openingOf(node: CallNode): string {
  const label = callLabel(node)
  return node.arguments.namedChildren.length === 0 ? label : `${label.slice(0, -1)}…)`
}
