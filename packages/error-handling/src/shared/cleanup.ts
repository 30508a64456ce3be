import { withoutParentheses } from '@krait/python'
import type { BlockNode, CallNode, PythonNode, PythonServices } from '@krait/python'

/** What is called to let go of something; that it fails is of no interest any more. */
export const CLEANUP_METHODS: readonly string[] = [
  'aclose',
  'cancel',
  'cleanup',
  'close',
  'disconnect',
  'dispose',
  'kill',
  'logout',
  'quit',
  'release',
  'rmdir',
  'rollback',
  'shutdown',
  'stop',
  'terminate',
  'unlink',
  'wait_closed',
]

const CLEANUP_FUNCTIONS: ReadonlySet<string> = new Set(['os.remove', 'os.unlink', 'shutil.rmtree'])

/**
 * Whether a block does nothing but clean up: each statement calls one of the methods or functions, perhaps awaited or under an `if`.
 * @param methods the last names of what may be called
 */
export function isCleanupOnly(context: PythonServices, block: BlockNode, methods: ReadonlySet<string>): boolean {
  return areCleanup(context, block.namedChildren, methods)
}

/** As `isCleanupOnly`, for some statements. */
export function areCleanup(context: PythonServices, statements: readonly PythonNode[], methods: ReadonlySet<string>): boolean {
  const pending: PythonNode[] = [...statements]
  let calls = 0
  for (let statement = pending.pop(); statement; statement = pending.pop()) {
    switch (statement.kind) {
      case 'block':
      case 'else_clause':
        pending.push(...statement.namedChildren)
        break
      case 'if_statement':
      case 'elif_clause': {
        const { condition } = statement
        pending.push(...statement.namedChildren.filter((child) => child !== condition))
        break
      }
      case 'pass_statement':
        break
      case 'expression_statement': {
        const call = callIn(statement)
        if (!call || !isCleanupCall(context, call, methods)) return false
        calls++
        break
      }
      default:
        return false
    }
  }
  return calls > 0
}

/** `x.close()`, `await x.close()` */
function callIn(statement: PythonNode): CallNode | null {
  let expression = statement.namedChildren[0] && withoutParentheses(statement.namedChildren[0])
  if (expression?.kind === 'await' && expression.namedChildren[0]) expression = withoutParentheses(expression.namedChildren[0])
  return expression?.kind === 'call' ? expression : null
}

function isCleanupCall(context: PythonServices, call: CallNode, methods: ReadonlySet<string>): boolean {
  const called = withoutParentheses(call.function)
  const name = called.kind === 'attribute' ? called.attribute.text : called.kind === 'identifier' ? called.text : ''
  return methods.has(name) || context.resolvesTo(called, CLEANUP_FUNCTIONS)
}
