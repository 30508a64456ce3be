import { defineRule, enclosingDefinition, excerpt, isTestFile, loggingCall, optionPattern, ownCode, positionalArguments } from '@krait/python'
import type { CallNode, LoggingCall, PythonNode, PythonRuleContext } from '@krait/python'
import { identifyingValue } from '../shared/identifying-values.ts'
import type { IdentifyingValue } from '../shared/identifying-values.ts'
import { hasBoundContext } from '../shared/logger-context.ts'
import { libraryOfCall } from '../shared/structured-message.ts'

export interface LogErrorContextOptions {
  /** What the names of values look like that say what a function is about. */
  readonly identifierPattern: string
}

type Context = PythonRuleContext<'bare', readonly [LogErrorContextOptions]>

const defaultOptions: readonly [LogErrorContextOptions] = [{ identifierPattern: '(^|_)(id|ids|uuid|pk|slug|sku|ref|reference|number|filename)$' }]

const ERRORS: ReadonlySet<string> = new Set(['critical', 'error', 'exception', 'fatal'])
const WARNINGS: ReadonlySet<string> = new Set(['warn', 'warning'])

/** Keywords of logging calls that do not say what the line is about. */
const TECHNICAL: ReadonlySet<string> = new Set(['exc_info', 'stack_info', 'stacklevel'])

export const logErrorContext = defineRule({
  name: 'log-error-context',
  meta: {
    type: 'suggestion',
    docs: {
      description: 'Require logged errors to say which object they concern',
      preset: 'strict',
      severity: 'warn',
      since: '0.1.0',
    },
    messages: {
      bare: '`{{call}}` says nothing about which one, though `{{value}}` is at hand. Add it: `{{example}}`.',
    },
    schema: [
      {
        type: 'object',
        properties: { identifierPattern: { type: 'string', minLength: 1 } },
        additionalProperties: false,
      },
    ],
  },
  defaultOptions,
  create(context, [{ identifierPattern }]) {
    if (isTestFile(context)) return {}
    const pattern = optionPattern(identifierPattern)

    return {
      call(node) {
        const logging = mayBeError(node) ? loggingCall(context, node) : null
        if (!logging || !isError(node, logging) || !isBare(context, node)) return
        const value = identifyingValue(context, node, pattern)
        if (!value || hasBoundContext(context, node, logging.logger) || isExplainedBeside(node)) return
        context.report({
          node,
          messageId: 'bare',
          data: { call: excerpt(node), value: value.text, example: exampleOf(context, node, logging, value) },
        })
      },
    }

    function isError(call: CallNode, { method }: LoggingCall): boolean {
      return ERRORS.has(method) || (WARNINGS.has(method) && handlerAround(call) !== null)
    }

    /** Whether another logging call of the same handler has values. */
    function isExplainedBeside(call: CallNode): boolean {
      const handler = handlerAround(call)
      if (!handler) return false
      for (const node of ownCode(handler)) {
        if (node.kind === 'call' && node !== call && loggingCall(context, node) && !isBare(context, node)) return true
      }
      return false
    }
  },
})

/** Looks at the name before anything is resolved; a function may have been imported under another one. */
function mayBeError({ function: called }: CallNode): boolean {
  if (called?.kind === 'identifier') return true
  return called?.kind === 'attribute' && (ERRORS.has(called.attribute.text) || WARNINGS.has(called.attribute.text))
}

/** Whether a logging call has a constant message, and nothing else that says something. */
function isBare(context: Context, call: CallNode): boolean {
  if (call.arguments?.kind !== 'argument_list') return false
  const [message, ...others] = positionalArguments(call)
  if (!message || others.length > 0 || !isConstant(context, message)) return false
  return call.arguments.namedChildren.every((child) => child === message || (child.kind === 'keyword_argument' && TECHNICAL.has(child.name.text)))
}

function isConstant(context: Context, message: PythonNode): boolean {
  if (message.kind === 'string' || message.kind === 'concatenated_string') return message.descendants('interpolation').next().done === true
  return (message.kind === 'identifier' || message.kind === 'attribute' || message.kind === 'binary_operator') && typeof context.constantOf(message) === 'string'
}

function handlerAround(call: CallNode): PythonNode | null {
  const handler = call.closest('except_clause')
  const around = enclosingDefinition(call)
  return handler && (around === null || around.contains(handler)) ? handler : null
}

function exampleOf(context: Context, call: CallNode, logging: LoggingCall, { name, text }: IdentifyingValue): string {
  const given = call.arguments.namedChildren.map((child) => excerpt(child)).join(', ')
  const added = libraryOfCall(context, call, logging) === 'logging' ? `extra={"${name}": ${text}}` : `${name}=${text}`
  return `${call.function.text}(${given}, ${added})`
}
