import {
  callLabel,
  catchingBy,
  caughtTypes,
  defineRule,
  endOfPath,
  exceptionFamily,
  isBroadType,
  isProjectException,
  isTestFile,
  isUmbrella,
  kinshipOf,
  lastPart,
  matchesGlobs,
  ownCode,
  relatedPlaces,
  summaryOfCall,
} from '@krait/python'
import type { SuggestionDescriptor } from '@krait/core'
import type { CallNode, EscapingException, ExceptClauseNode, PythonRuleContext, TryStatementNode } from '@krait/python'
import { commonBase, isAnsweredByFramework, saysBug, uncaughtKin } from '../shared/exception-family.ts'
import { isExpectedElsewhere } from '../shared/expected-elsewhere.ts'
import { catchInstead, catchToo } from '../shared/widen-handler.ts'

export interface CatchCalleeExceptionsOptions {
  /** Qualified names of exception classes, or globs of them, that need not be handled; with what derives from them. */
  readonly ignore: readonly string[]
}

type MessageId = 'missing' | 'missingWithBase' | 'catchToo' | 'catchBase'
type Context = PythonRuleContext<MessageId, readonly [CatchCalleeExceptionsOptions]>

/** A handler that is not broad, all of whose types are known. */
interface Handler {
  readonly clause: ExceptClauseNode
  readonly types: readonly string[]
}

/** A call some of whose exceptions are handled and others are not. */
interface HalfHandled {
  readonly call: CallNode
  readonly missing: readonly EscapingException[]
  /** The exceptions of the call that are handled. */
  readonly handled: readonly string[]
  /** The types that handlers name for them. */
  readonly named: readonly string[]
  /** The handlers that name them. */
  readonly handlers: readonly Handler[]
}

/** A message names no more exceptions than these. */
const MAX_NAMED = 3

const defaultOptions: readonly [CatchCalleeExceptionsOptions] = [{ ignore: [] }]

export const catchCalleeExceptions = defineRule({
  name: 'catch-callee-exceptions',
  meta: {
    type: 'problem',
    docs: {
      description: 'Require a try that handles some exceptions of a project function to handle their kin, too',
      preset: 'strict',
      severity: 'warn',
      since: '0.1.0',
    },
    messages: {
      missing: '`{{call}}` can also raise {{exceptions}}, but this `try` handles only {{handled}}. Handle {{them}} too.',
      missingWithBase:
        '`{{call}}` can also raise {{exceptions}}, but this `try` handles only {{handled}}. Handle {{them}} too, or catch `{{base}}`.',
      catchToo: 'Catch {{exceptions}} in the same handler',
      catchBase: 'Catch `{{base}}`',
    },
    schema: [
      {
        type: 'object',
        properties: { ignore: { type: 'array', items: { type: 'string' }, uniqueItems: true } },
        additionalProperties: false,
      },
    ],
    hasSuggestions: true,
  },
  defaultOptions,
  create(context, [{ ignore }]) {
    if (isTestFile(context)) return {}
    const reported = new Set<CallNode>()
    const forgotten = new Map<string, ReadonlySet<string>>()
    // On the way out, so that of two `try`s around a call the inner one is asked first.
    return { 'try_statement:exit': check }

    function check(statement: TryStatementNode): void {
      const handlers = handlersOf(context, statement)
      const candidates = handlers ? forgottenBy(typesOf(handlers)) : null
      if (!handlers || !candidates?.size) return
      for (const node of ownCode(statement.body)) {
        const found = node.kind === 'call' && !reported.has(node) ? halfHandled(node, handlers, candidates) : null
        if (!found) continue
        reported.add(found.call)
        report(found)
      }
    }

    function forgottenBy(types: readonly string[]): ReadonlySet<string> {
      const key = types.join(' ')
      let found = forgotten.get(key)
      if (!found) forgotten.set(key, (found = uncaughtKin(context.project, types)))
      return found
    }

    function halfHandled(call: CallNode, handlers: readonly Handler[], candidates: ReadonlySet<string>): HalfHandled | null {
      const raises = summaryOfCall(context, call)?.raises ?? []
      const open = raises.filter(({ exception }) => candidates.has(exception) && !isIgnored(exception))
      if (open.length === 0) return null
      const types = typesOf(handlers)
      const handled = raises.map(({ exception }) => exception).filter((exception) => isProjectException(context.project, exception) && isCaughtBy(types, exception))
      const named = types.filter((type) => handled.some((exception) => isCaughtBy([type], exception)))
      const missing = open.filter((escaping) => belongsTo(escaping, handled, named) && !isExpectedElsewhere(context, call, escaping.exception) && !isLeftAlone(escaping))
      if (missing.length === 0) return null
      return { call, missing, handled, named, handlers: handlers.filter((handler) => handler.types.some((type) => named.includes(type))) }
    }

    function isCaughtBy(types: readonly string[], exception: string): boolean {
      return catchingBy(context.project, types, exception) === 'by-name'
    }

    /**
     * Whether an exception belongs to one that is handled. Distant kin does only if the callee raises it itself, and if the handler names a class of the
     * project: what comes from further down, or is caught as a `ValueError`, is a matter of its own.
     */
    function belongsTo({ exception, path }: EscapingException, handled: readonly string[], named: readonly string[]): boolean {
      const kinships = [...handled, ...named.filter((type) => isProjectException(context.project, type))].map((other) => kinshipOf(context.project, exception, other))
      if (kinships.includes('close')) return true
      if (path.length > 1 || isUmbrella(context.project, exception)) return false
      return kinships.includes('distant') && named.some((type) => isProjectException(context.project, type))
    }

    /** By all who call the function, or the one further down that raises it. */
    function isLeftAlone({ exception, path }: EscapingException): boolean {
      return [path[0], path.at(-1)].some((step) => step && context.project.isLeftAlone(exception, step.function, step.path))
    }

    function isIgnored(exception: string): boolean {
      if (saysBug(context.project, exception) || isAnsweredByFramework(context.project, exception)) return true
      return ignore.length > 0 && exceptionFamily(context.project, exception).some((name) => matchesGlobs(name, ignore))
    }

    function report(found: HalfHandled): void {
      const { call, missing, handled, named } = found
      const base = commonBase(context.project, [...missing.map(({ exception }) => exception), ...handled])
      const data = {
        call: callLabel(call),
        exceptions: listed(missing.map((escaping) => withPlace(context, escaping))),
        handled: listed(named.map(shown)),
        them: missing.length === 1 ? 'it' : 'them',
      }
      context.report({
        node: call,
        ...(base === null ? { messageId: 'missing', data } : { messageId: 'missingWithBase', data: { ...data, base: lastPart(base) } }),
        related: missing.slice(0, MAX_NAMED).flatMap(({ exception, path }) => relatedPlaces(context.project, path, `raises ${shown(exception)}`)),
        suggest: [suggestCatchToo(context, found), base !== null && suggestCatchBase(context, found, base)],
      })
    }
  },
})

/** The handlers of a `try`; `null` if there are none, if one is broad, or if it is not known what one catches. */
function handlersOf(context: Context, statement: TryStatementNode): readonly Handler[] | null {
  const handlers: Handler[] = []
  for (const clause of statement.namedChildren) {
    if (clause.kind !== 'except_clause') continue
    const types = caughtTypes(context, clause)
    if (types.some((type) => type === null || isBroadType(type))) return null
    handlers.push({ clause, types: types as readonly string[] })
  }
  return handlers.length > 0 ? handlers : null
}

function typesOf(handlers: readonly Handler[]): readonly string[] {
  return [...new Set(handlers.flatMap(({ types }) => types))]
}

/** Adds the exceptions to the handler of their kin. */
function suggestCatchToo(context: Context, { missing, handlers }: HalfHandled): SuggestionDescriptor<MessageId> | null {
  const exceptions = missing.map(({ exception }) => exception)
  const isKin = (type: string) => exceptions.some((exception) => kinshipOf(context.project, exception, type) !== null)
  const handler = handlers.find(({ types }) => types.some(isKin)) ?? handlers[0]
  const fix = handler ? catchToo(context, handler.clause, exceptions) : null
  return fix && { messageId: 'catchToo', data: { exceptions: listed(exceptions.map(shown)) }, fix }
}

/** Catches the base in the last of the handlers: those behind a handler of the base would never be asked. */
function suggestCatchBase(context: Context, { handlers }: HalfHandled, base: string): SuggestionDescriptor<MessageId> | null {
  const last = handlers.at(-1)
  const fix = last ? catchInstead(context, last.clause, base) : null
  return fix && { messageId: 'catchBase', data: { base: lastPart(base) }, fix }
}

/** `` `GatewayTimeout` (payments/client.py:48) ``. */
function withPlace({ project }: Context, { exception, path }: EscapingException): string {
  const place = endOfPath(project, path)
  return place === null ? shown(exception) : `${shown(exception)} (${place})`
}

function shown(exception: string): string {
  return `\`${lastPart(exception)}\``
}

/** `a`, `b`, `c` and 2 more. */
function listed(items: readonly string[]): string {
  const rest = items.length - MAX_NAMED
  if (rest > 0) return `${items.slice(0, MAX_NAMED).join(', ')} and ${rest} more`
  return items.length < 2 ? items.join('') : `${items.slice(0, -1).join(', ')} and ${items.at(-1)!}`
}
