import type { FixFunction, SuggestionDescriptor } from '@krait/core'
import {
  argument,
  caughtTypes,
  defineRule,
  excerpt,
  httpRequest,
  insertBehindLine,
  isBroadType,
  isScriptFile,
  isTestFile,
  stringText,
} from '@krait/python'
import type { CallNode, Definition, HttpRequest, PythonNode, PythonRuleContext } from '@krait/python'
import { raisesByItself } from '../shared/raising-clients.ts'
import { attributeOf, isBodyAttribute, isTested, STATUS_ATTRIBUTES, usesOf } from '../shared/response-uses.ts'

type MessageId = 'unchecked' | 'raiseForStatus'
type Context = PythonRuleContext<MessageId, readonly []>

export const checkHttpStatus = defineRule({
  name: 'check-http-status',
  meta: {
    type: 'problem',
    docs: {
      description: 'Require a look at the status before the body of an HTTP response is used',
      preset: 'strict',
      severity: 'warn',
      since: '0.1.0',
    },
    messages: {
      unchecked:
        'The body of `{{call}}` is {{used}} on line {{line}} without a look at the status: a 500 page would be taken for data. Call `raise_for_status()` first.',
      raiseForStatus: 'Call `raise_for_status()` behind the request',
    },
    schema: [],
    hasSuggestions: true,
  },
  defaultOptions: [],
  create(context) {
    if (isTestFile(context) || isScriptFile(context)) return {}
    return {
      call(node) {
        const request = httpRequest(context, node)
        if (!request || isHead(node, request) || raisesByItself(context, node, request)) return
        const use = uncheckedUse(context, node, request)
        if (!use) return
        context.report({
          node,
          messageId: 'unchecked',
          data: { call: excerpt(node), used: attributeOf(use) === 'json' ? 'parsed' : 'read', line: use.loc.start.line },
          suggest: [suggestion(context, node, request)],
        })
      },
    }
  },
})

/** It has no body. */
function isHead(call: CallNode, { method }: HttpRequest): boolean {
  return method === 'head' || ((method === 'request' || method === 'stream') && stringText(argument(call, 'method', 0))?.toUpperCase() === 'HEAD')
}

/** Where the body is used although nothing has looked at the status; `null` if there is no such place. */
function uncheckedUse(context: Context, call: CallNode, { library }: HttpRequest): PythonNode | null {
  const response = responseOf(call)
  const attribute = attributeOf(response)
  if (attribute !== null) return isBodyAttribute(attribute) ? response : null
  const definition = definitionOf(context, response)
  if (!definition) return null
  const { bodies, examinations } = usesOf(context, definition, library)
  if (bodies.length === 0 || looksAtOnce(response, library)) return null
  const flow = context.flow(call)
  const others = context.scopes.bindingOf(definition.name)?.definitions.filter((other) => other !== definition && other.scope === definition.scope) ?? []
  const avoiding = [...examinations, ...others.map(({ name }) => name)]
  const unchecked = bodies.find((body) => {
    if (body.start < call.start && !isInSameLoop(body, call)) return false
    if (!flow.canReach(call, body, { avoiding, exceptions: 'none', consistent: true })) return false
    return !isExaminedByHandler(context, body, examinations)
  })
  return unchecked ?? null
}

/** The call, awaited and in parentheses, as far as it stays the response. */
function responseOf(call: CallNode): PythonNode {
  let node: PythonNode = call
  while (node.parent?.kind === 'await' || node.parent?.kind === 'parenthesized_expression') node = node.parent
  return node
}

/** The name that the response is bound to: `resp = ...`, `with ... as resp`, `(resp := ...)`. */
function definitionOf(context: Context, response: PythonNode): Definition | null {
  const { parent } = response
  const target =
    parent?.kind === 'assignment' && parent.right === response
      ? parent.left
      : parent?.kind === 'named_expression'
        ? parent.name
        : parent?.kind === 'as_pattern' && parent.parent?.kind === 'with_item'
          ? parent.alias?.namedChildren[0]
          : undefined
  if (target?.kind !== 'identifier') return null
  return context.scopes.bindingOf(target)?.definitions.find(({ name }) => name === target) ?? null
}

/** `(resp := requests.get(url)).ok`, `if resp := requests.get(url):` */
function looksAtOnce({ parent }: PythonNode, library: HttpRequest['library']): boolean {
  if (parent?.kind !== 'named_expression') return false
  const attribute = attributeOf(parent)
  return attribute !== null ? STATUS_ATTRIBUTES.has(attribute) : library === 'requests' && isTested(parent)
}

function isInSameLoop(body: PythonNode, call: CallNode): boolean {
  return body.closest('for_statement', 'while_statement')?.contains(call) === true
}

/** A `try` around the use whose handler catches what is no JSON, and then looks at the status. */
function isExaminedByHandler(context: Context, body: PythonNode, examinations: readonly PythonNode[]): boolean {
  for (let node = body.closest('try_statement'); node; node = node.parent?.closest('try_statement') ?? null) {
    if (!node.body.contains(body)) continue
    for (const clause of node.namedChildren) {
      if (clause.kind !== 'except_clause' || !examinations.some((examination) => clause.contains(examination))) continue
      if (caughtTypes(context, clause).some((type) => type !== null && (isBroadType(type) || isJsonError(context, type)))) return true
    }
  }
  return false
}

function isJsonError({ project }: Context, type: string): boolean {
  return type === 'builtins.ValueError' || /JSONDecodeError$|ContentTypeError$/.test(type) || project.isSubclassOf(type, ['builtins.ValueError']) === true
}

function suggestion(context: Context, call: CallNode, { library }: HttpRequest): SuggestionDescriptor<MessageId> | null {
  const response = responseOf(call)
  const fix = attributeOf(response) === null ? raiseBehind(context, response) : library === 'httpx' ? raiseBetween(response) : null
  return fix && { messageId: 'raiseForStatus', fix }
}

/** The method of `httpx` gives the response. */
function raiseBetween(response: PythonNode): FixFunction {
  return (fixer) => fixer.insertTextAfter(response, '.raise_for_status()')
}

function raiseBehind(context: Context, response: PythonNode): FixFunction | null {
  const definition = definitionOf(context, response)
  if (!definition) return null
  const text = `${definition.name.text}.raise_for_status()`
  const { lineBreak } = context.sourceCode
  if (definition.kind === 'with') {
    const statement = response.closest('with_statement')
    const first = statement?.body.namedChildren[0]
    if (!statement || !first || first.loc.start.line === statement.loc.start.line) return null
    return (fixer) => fixer.insertTextBefore(first, `${text}${lineBreak}${' '.repeat(first.loc.start.column - 1)}`)
  }
  const statement = response.parent?.parent
  if (statement?.kind !== 'expression_statement') return null
  return (fixer) => insertBehindLine(context.sourceCode, fixer, statement, `${lineBreak}${' '.repeat(statement.loc.start.column - 1)}${text}`)
}
