import { builtText, defineRule, excerpt, isModuleConstant, isTestFile, loggingCall, positionalArguments } from '@krait/python'
import type { BuiltText, CallNode, IdentifierNode, LoggingCall, PythonNode, PythonRuleContext } from '@krait/python'
import { MESSAGE_NAMES, messageOf, structured } from '../shared/structured-message.ts'

export interface StructuredLogOptions {
  /** Methods of loggers whose messages may be built. */
  readonly ignoreLevels: readonly string[]
}

type MessageId = 'interpolated' | 'interpolatedWithExample' | 'passValues'
type Context = PythonRuleContext<MessageId, readonly [StructuredLogOptions]>

const defaultOptions: readonly [StructuredLogOptions] = [{ ignoreLevels: [] }]

export const structuredLogMessage = defineRule({
  name: 'structured-log-message',
  meta: {
    type: 'suggestion',
    docs: {
      description: 'Require constant log messages, with values as arguments or fields',
      preset: 'strict',
      severity: 'warn',
      since: '0.1.0',
    },
    messages: {
      interpolated:
        'The message of `{{call}}()` interpolates `{{value}}`: each call logs a different text. Keep the message constant and pass the value as an argument or field.',
      interpolatedWithExample:
        'The message of `{{call}}()` interpolates `{{value}}`: each call logs a different text. Keep the message constant and pass the value as an argument or field: `{{example}}`.',
      passValues: 'Keep the message constant: `{{example}}`',
    },
    schema: [
      {
        type: 'object',
        properties: { ignoreLevels: { type: 'array', items: { type: 'string' }, uniqueItems: true } },
        additionalProperties: false,
      },
    ],
    hasSuggestions: true,
  },
  defaultOptions,
  create(context, [{ ignoreLevels }]) {
    if (isTestFile(context)) return {}
    return {
      call(node) {
        const written = node.arguments?.namedChildren[0]
        if (!written || !mayBeBuilt(written, node.arguments.namedChildren[1])) return
        const logging = loggingCall(context, node)
        const message = logging && !ignoreLevels.includes(logging.method) ? messageOf(node, logging) : null
        if (!logging || !message) return
        const built = message.kind === 'identifier' ? builtBefore(message) : builtText(context, message)
        if (built && isInterpolated(built)) report(node, logging, message, built)
      },
    }

    /** The text that a local name stands for, if it is there for logging alone. */
    function builtBefore(name: IdentifierNode): BuiltText | null {
      const binding = context.scopes.bindingOf(name)
      if (!binding || binding.scope.function === null || binding.scope.function !== context.scopes.scopeOf(name).function) return null
      const { definitions, unbound, elsewhere } = context.flow(name).definitionsOf(name)
      const value = definitions.length === 1 && !unbound && !elsewhere ? definitions[0]!.value : null
      const built = value && builtText(context, value)
      return built && binding.references.every((reference) => isMessage(context, reference)) ? built : null
    }

    /** An f-string with constants of a module alone says the same each time. */
    function isInterpolated({ kind, parts }: BuiltText): boolean {
      return kind !== 'f-string' || parts.some((part) => typeof part !== 'string' && !isModuleConstant(context, part))
    }

    function report(call: CallNode, logging: LoggingCall, message: PythonNode, built: BuiltText): void {
      const value = built.parts.find((part) => typeof part !== 'string' && !isModuleConstant(context, part)) ?? built.parts.find((part) => typeof part !== 'string')
      const isWritten = message.kind !== 'identifier' && context.sourceCode.commentsIn(message.range).length === 0
      const better = isWritten ? structured(context, call, logging, message, built) : null
      const data = { call: call.function.text, value: value ? excerpt(value as PythonNode) : '…' }
      if (!better) return context.report({ node: call, messageId: 'interpolated', data })
      const before = positionalArguments(call).slice(0, -1).map(({ text }) => `${text}, `)
      const example = `${call.function.text}(${before.join('')}${better.text})`
      context.report({
        node: call,
        messageId: 'interpolatedWithExample',
        data: { ...data, example },
        suggest: [{ messageId: 'passValues', data: { example }, fix: (fixer) => fixer.replaceText(message, better.text) }],
      })
    }
  },
})

/** Looks at the form of the arguments before anything is resolved. */
function mayBeBuilt(first: PythonNode, second: PythonNode | undefined): boolean {
  return isBuiltForm(first) || (second !== undefined && isBuiltForm(second))
}

function isBuiltForm(node: PythonNode): boolean {
  switch (node.kind) {
    case 'keyword_argument':
      return MESSAGE_NAMES.has(node.name.text) && isBuiltForm(node.value)
    case 'string':
      return node.descendants('interpolation').next().done !== true
    case 'concatenated_string':
    case 'binary_operator':
    case 'call':
    case 'identifier':
    case 'parenthesized_expression':
      return true
    default:
      return false
  }
}

/** Whether a name is read as the message of a logging call. */
function isMessage(context: Context, reference: IdentifierNode): boolean {
  const call = reference.parent?.kind === 'argument_list' ? reference.parent.parent : null
  const logging = call?.kind === 'call' ? loggingCall(context, call) : null
  return logging !== null && call?.kind === 'call' && messageOf(call, logging) === reference
}
