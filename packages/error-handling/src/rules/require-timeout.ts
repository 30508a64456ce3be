import type { FixFunction, SuggestionDescriptor } from '@krait/core'
import {
  addArgument,
  argument,
  argumentOf,
  calledFunction,
  callLabel,
  defineRule,
  hasSplat,
  httpRequest,
  importedText,
  isCallOf,
  isScriptFile,
  isTestFile,
  lastNameOf,
  lastPart,
  matchesEntry,
  setsOwnTimeout,
  timeoutFact,
  withoutParentheses,
} from '@krait/python'
import type { CallNode, PythonNode, PythonRuleContext } from '@krait/python'
import { CLIENTS_WITH_DEFAULT, TIMED_CALLS, TIMED_NAMES } from '../data/timed-calls.ts'

export interface RequireTimeoutOptions {
  /** Further functions and methods that wait, with the keyword argument that bounds it. */
  readonly calls: readonly TimedCall[]
}

interface TimedCall {
  /** A qualified name, or the last part of one. */
  readonly name: string
  readonly argument: string
}

/** A call that may wait for ever. */
interface Waiting {
  readonly library: string
  readonly argument: string
  /** The `None` that says so; `null` where the argument is missing. */
  readonly none: PythonNode | null
}

type MessageId = 'missing' | 'add' | 'set'
type Context = PythonRuleContext<MessageId, readonly [RequireTimeoutOptions]>

const defaultOptions: readonly [RequireTimeoutOptions] = [{ calls: [] }]

export const requireTimeout = defineRule({
  name: 'require-timeout',
  meta: {
    type: 'problem',
    docs: {
      description: 'Require a timeout for calls that wait for the network',
      preset: 'recommended',
      severity: 'warn',
      since: '0.1.0',
    },
    messages: {
      missing: '`{{call}}` has no timeout: `{{library}}` waits for ever. Pass `{{argument}}=` ({{units}}).',
      add: 'Add `{{argument}}=10`',
      set: 'Set `{{argument}}={{value}}`',
    },
    schema: [
      {
        type: 'object',
        properties: {
          calls: {
            type: 'array',
            items: {
              type: 'object',
              properties: { name: { type: 'string' }, argument: { type: 'string' } },
              required: ['name', 'argument'],
              additionalProperties: false,
            },
          },
        },
        additionalProperties: false,
      },
    ],
    hasSuggestions: true,
  },
  defaultOptions,
  create(context, [{ calls }]) {
    if (isTestFile(context) || isScriptFile(context)) return {}
    const ownNames = new Map(calls.map((entry) => [lastPart(entry.name), entry]))
    return {
      call(node) {
        const waiting = ofHttpLibrary(context, node) ?? ofKnownFunction(context, node) ?? (ownNames.size > 0 ? ofOption(node) : null)
        if (waiting) report(node, waiting)
      },
    }

    function ofOption(call: CallNode): Waiting | null {
      const entry = ownNames.get(lastNameOf(call.function) ?? '')
      if (!entry) return null
      const name = calledFunction(context, call) ?? withoutParentheses(call.function).text
      return matchesEntry(name, entry.name) ? unbounded(call, lastPart(entry.name), entry.argument) : null
    }

    function report(node: CallNode, waiting: Waiting): void {
      const units = waiting.library === 'requests' ? 'seconds, or a (connect, read) tuple' : 'seconds'
      context.report({
        node,
        messageId: 'missing',
        data: { call: callLabel(node), library: waiting.library, argument: waiting.argument, units },
        suggest: [suggestion(context, node, waiting)],
      })
    }
  },
})

function ofHttpLibrary(context: Context, call: CallNode): Waiting | null {
  const request = httpRequest(context, call)
  if (!request) return null
  const { library, method, client } = request
  if (library !== 'requests') return switchedOff(context, call, library)
  const waiting = unbounded(call, library, 'timeout', client && method === 'request' ? 8 : undefined)
  if (!waiting || !client) return waiting
  return setsOwnTimeout(context, client.node, client.class, method) ? null : waiting
}

function ofKnownFunction(context: Context, call: CallNode): Waiting | null {
  const called = withoutParentheses(call.function)
  if (called.kind === 'attribute' && !TIMED_NAMES.has(called.attribute.text)) return null
  const name = context.resolve(called)
  if (name === null) return null
  if (CLIENTS_WITH_DEFAULT.has(name)) return switchedOff(context, call, name.slice(0, name.indexOf('.')))
  const position = TIMED_CALLS.get(name)
  if (position === undefined) return null
  const waiting = unbounded(call, name.slice(0, name.indexOf('.')), 'timeout', position)
  return waiting && !connectsLater(context, call, name) && !hasGlobalDefault(context) ? waiting : null
}

/** A call without its timeout, or with `None` for it. */
function unbounded(call: CallNode, library: string, name: string, position?: number): Waiting | null {
  if (position === undefined ? hasKeywordSplat(call) : hasSplat(call)) return null
  const given = argument(call, name, position)
  if (given && withoutParentheses(given).kind !== 'none') return null
  return { library, argument: name, none: given }
}

/** What can only be given by keyword is not among `*args`. */
function hasKeywordSplat(call: CallNode): boolean {
  return hasSplat(call) && call.arguments.namedChildren.some(({ kind }) => kind === 'dictionary_splat')
}

/** A call of a library that has a timeout of its own, which the call takes away. */
function switchedOff(context: Context, call: CallNode, library: string): Waiting | null {
  const given = argument(call, 'timeout')
  if (!given) return null
  const timeout = withoutParentheses(given)
  if (timeout.kind === 'none') return { library, argument: 'timeout', none: given }
  if (library !== 'aiohttp') return null
  const value = context.values.of(timeout)
  if (!isCallOf(value, 'aiohttp.ClientTimeout') || value.open) return null
  const bounds = [...value.arguments, ...Object.values(value.keywords)]
  if (!argumentOf(value, 'total', 0) || bounds.some((bound) => context.values.constant(bound) !== null)) return null
  return { library, argument: 'timeout', none: given }
}

/** `ftp = FTP()` connects by `ftp.connect(host, timeout=10)`. */
function connectsLater({ scopes }: Context, call: CallNode, name: string): boolean {
  const isFtp = name.startsWith('ftplib.') && call.arguments.namedChildren.length === 0
  const target = isFtp && call.parent?.kind === 'assignment' ? call.parent.left : null
  const binding = target?.kind === 'identifier' ? scopes.bindingOf(target) : null
  return binding?.references.some(({ parent }) => parent?.kind === 'attribute' && parent.attribute.text === 'connect' && hasTimeout(parent.parent)) === true
}

function hasTimeout(call: PythonNode | null): boolean {
  return call?.kind === 'call' && (argument(call, 'timeout', 2) ?? null) !== null
}

/** Whether some file of the project calls `socket.setdefaulttimeout()`. */
function hasGlobalDefault({ project }: Context): boolean {
  return project.files().some((path) => {
    const isCandidate = project.imports(path).some(({ module }) => module === 'socket')
    return isCandidate && project.fact(timeoutFact, path)?.setsDefault === true
  })
}

function suggestion(context: Context, call: CallNode, { library, argument: name, none }: Waiting): SuggestionDescriptor<MessageId> | null {
  if (!none) {
    const fix = addArgument(call, `${name}=10`)
    return fix && { messageId: 'add', data: { argument: name }, fix }
  }
  const [value, fix] = library === 'aiohttp' ? clientTimeout(context, none) : tenSeconds(none)
  return { messageId: 'set', data: { argument: name, value }, fix }
}

function tenSeconds(none: PythonNode): readonly [text: string, fix: FixFunction] {
  return ['10', (fixer) => fixer.replaceText(none, '10')]
}

function clientTimeout(context: Context, none: PythonNode): readonly [text: string, fix: FixFunction] {
  const written = importedText(context, none, 'aiohttp.ClientTimeout')
  const value = `${written?.text ?? 'aiohttp.ClientTimeout'}(total=10)`
  return [value, (fixer) => [...(written?.addImport ? [written.addImport(fixer)] : []), fixer.replaceText(none, value)]]
}
