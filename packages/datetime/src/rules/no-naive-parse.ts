import type { SuggestionDescriptor } from '@krait/core'
import type { CallNode, PythonNode, PythonRuleContext } from '@krait/python'
import { argument, defineRule, excerpt, hasTimeOfDay, isCalledBy, isTestFile, mayCallAny, positionalArguments, stringText, withoutParentheses } from '@krait/python'
import { usesOfMoment } from '../shared/moment-uses.ts'
import type { MomentUse } from '../shared/moment-uses.ts'
import { replacing, utcText } from '../shared/utc-text.ts'
import { branchesOf, onlyValueOf, valueBehind } from '../shared/values.ts'

export interface NaiveParseOptions {
  /** Also results of `fromisoformat()` and dateutil that meet an aware value. */
  readonly checkFromIsoformat: boolean
}

type MessageIds = 'literalZ' | 'noZone' | 'cut' | 'meetsAware' | 'attach' | 'readZone'
type Context = PythonRuleContext<MessageIds>

const defaultOptions: readonly [NaiveParseOptions] = [{ checkFromIsoformat: false }]
const STRPTIME = 'datetime.datetime.strptime'
const FROM_ISO = 'datetime.datetime.fromisoformat'
const PARSERS: ReadonlySet<string> = new Set([FROM_ISO, 'dateutil.parser.parse', 'dateutil.parser.isoparse'])
const PARSING: ReadonlySet<string> = new Set(['strptime', 'fromisoformat', 'parse', 'isoparse'])

export const noNaiveParse = defineRule({
  name: 'no-naive-parse',
  meta: {
    type: 'problem',
    docs: {
      description: 'Disallow parsed timestamps that are used as instants without a time zone',
      preset: 'recommended',
      severity: 'warn',
      since: '0.1.0',
      strictOptions: [{ checkFromIsoformat: true }],
    },
    messages: {
      literalZ:
        'strptime format "{{format}}" matches the Z but discards it: the result is naive. Use %z in place of the literal Z, or add .replace(tzinfo=timezone.utc).',
      noZone: 'strptime format "{{format}}" reads no time zone: the result is naive, and consumers treat it as local time. Read it with %z, or add .replace(tzinfo=...).',
      cut: '`{{text}}` cuts off the time zone that the sender wrote: the result is naive. Parse the whole text, with .replace("Z", "+00:00") before Python 3.11.',
      meetsAware: '`{{code}}` is aware only if the text has an offset, and is compared with an aware value: without one that raises TypeError. Check tzinfo, or attach a zone.',
      attach: 'Attach UTC: `.replace(tzinfo={{zone}})`',
      readZone: 'Read the zone: %z in place of Z',
    },
    schema: [
      {
        type: 'object',
        properties: { checkFromIsoformat: { type: 'boolean' } },
        additionalProperties: false,
      },
    ],
    hasSuggestions: true,
  },
  defaultOptions,
  create(context, [{ checkFromIsoformat }]) {
    if (isTestFile(context) || !mayCallAny(context, PARSING)) return {}

    return {
      call(node) {
        if (!isCalledBy(node, PARSING)) return
        const name = context.resolve(node.function)
        if (name === STRPTIME) checkStrptime(node)
        else if (name !== null && PARSERS.has(name)) checkParser(node, name)
      },
    }

    function checkStrptime(node: CallNode): void {
      if (context.kindOf(node).kind !== 'naive') return
      const formatNode = argument(node, 'format', 1)
      const format = formatNode && context.constantOf(formatNode)
      if (typeof format !== 'string' || !DATE_DIRECTIVE.test(format)) return
      if (!usesOfMoment(context, node).some(isWrong)) return
      const isLiteralZ = /(^|[^%])(%%)*Z$/.test(format) && hasTimeOfDay(format)
      context.report({
        node,
        messageId: isLiteralZ ? 'literalZ' : 'noZone',
        data: { format },
        suggest: isLiteralZ ? [attach(node), readZone(formatNode, format)] : [],
      })
    }

    function checkParser(node: CallNode, name: string): void {
      const text = name === FROM_ISO ? argument(node, null, 0) : null
      const cut = text && zoneCut(context, text)
      const uses = cut || checkFromIsoformat ? usesOfMoment(context, node) : []
      if (cut && (uses.some(isWrong) || uses.every(({ kind }) => kind === 'nothing'))) {
        context.report({ node, messageId: 'cut', data: { text: excerpt(cut) }, suggest: cut.text.includes('Z') ? [attach(node)] : [] })
      } else if (checkFromIsoformat && context.kindOf(node).kind === 'datetime' && uses.some(meetsAware)) {
        context.report({ node, messageId: 'meetsAware', data: { code: excerpt(node) } })
      }
    }

    function isWrong(use: MomentUse): boolean {
      if (use.kind === 'met') return !isNaiveParse(context, use.other)
      return use.kind === 'escapes' || use.kind === 'timestamp' || (use.kind === 'column' && use.column.kind.kind === 'aware')
    }

    function meetsAware(use: MomentUse): boolean {
      if (use.kind === 'met') return context.kindOf(use.other).kind === 'aware'
      return use.kind === 'column' && use.column.kind.kind === 'aware' && use.node.kind !== 'assignment'
    }

    function attach(node: CallNode): SuggestionDescriptor<MessageIds> | null {
      const utc = utcText(context, node)
      return utc && { messageId: 'attach', data: { zone: utc.text }, fix: replacing(node, `${node.text}.replace(tzinfo=${utc.text})`, [utc]) }
    }

    function readZone(node: PythonNode | null, format: string): SuggestionDescriptor<MessageIds> | null {
      if (!node || stringText(node) !== format || !node.text.includes('Z')) return null
      const at = node.text.lastIndexOf('Z')
      return { messageId: 'readZone', fix: (fixer) => fixer.replaceText(node, `${node.text.slice(0, at)}%z${node.text.slice(at + 1)}`) }
    }
  },
})

const DATE_DIRECTIVE = /%[-#]?[YymdbBjUWGuVaAcxDF]/

/** Whether a value is the result of parsing text without a zone. */
function isNaiveParse(context: Context, node: PythonNode): boolean {
  if (context.kindOf(node).kind !== 'naive') return false
  return branchesOf(context, node).every((branch) => isOneParse(context, branch))
}

function isOneParse(context: Context, node: PythonNode): boolean {
  for (const part of valueBehind(context, node)) {
    const name = part.kind === 'call' ? context.resolve(part.function) : null
    if (name !== null && (name === STRPTIME || PARSERS.has(name))) return true
  }
  return false
}

/** The expression that cuts the time zone off a text; `null` if none does. */
function zoneCut(context: Context, text: PythonNode): PythonNode | null {
  let node: PythonNode | null = withoutParentheses(onlyValueOf(context, text) ?? text)
  for (let step = 0; step < MAX_STEPS && node; step++) {
    if (node.kind === 'subscript') {
      if (cutsBySlice(node.subscript[0]) || (node.subscript[0]?.text === '0' && splitsAtZone(node.value))) return node
      node = node.value
    } else if (node.kind === 'call' && node.function.kind === 'attribute') {
      if (stripsZone(node, node.function.attribute.text)) return node
      node = node.function.object
    } else node = null
  }
  return null
}

const MAX_STEPS = 10

/** `s[:-1]` and `s[:19]`. */
function cutsBySlice(index: PythonNode | undefined): boolean {
  return index?.kind === 'slice' && /^\s*0?\s*:\s*(-1|-6|19|23|26)\s*$/.test(index.text)
}

function splitsAtZone(expression: PythonNode): boolean {
  const node = withoutParentheses(expression)
  if (node.kind !== 'call' || node.function.kind !== 'attribute' || !/^(r?split|partition)$/.test(node.function.attribute.text)) return false
  const separator = stringText(positionalArguments(node)[0])
  return separator === '+' || separator === 'Z'
}

function stripsZone(call: CallNode, method: string): boolean {
  const [first, second] = positionalArguments(call)
  if (stringText(first) !== 'Z' && !(method === 'replace' && /^[+-]00:?00$/.test(stringText(first) ?? ''))) return false
  return method === 'replace' ? stringText(second) === '' : method === 'rstrip' || method === 'strip' || method === 'removesuffix'
}
