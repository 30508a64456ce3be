import type { FixFunction, SuggestionDescriptor } from '@krait/core'
import type { CallNode, Kind, PythonNode, Template, TextKind } from '@krait/python'
import { defineRule, excerpt, isDatetime, keywordArguments, mayCallAny, positionalArguments, stringText, templateOf, withoutParentheses } from '@krait/python'
import { naiveReading } from '../shared/readings.ts'
import { receiverText, replacing, utcText } from '../shared/utc-text.ts'
import { valueBehind } from '../shared/values.ts'

type MessageIds = 'aware' | 'local' | 'otherZone' | 'useReplace' | 'readUtc'

/** What claims UTC behind a time. */
const CLAIMS = /^(Z|\+00:00| UTC)/

/** Methods that make text of a time. */
const FORMATTING: ReadonlySet<string> = new Set(['strftime', 'format'])

/** A time as text, with what is written behind it. */
interface Labeled {
  readonly node: PythonNode
  /** The text, or the datetime that becomes text. */
  readonly value: PythonNode
  readonly label: string
}

export const noMislabeledUtc = defineRule({
  name: 'no-mislabeled-utc',
  meta: {
    type: 'problem',
    docs: {
      description: 'Disallow labelling times as UTC that are not, or that have an offset already',
      preset: 'recommended',
      severity: 'error',
      since: '0.1.0',
    },
    messages: {
      aware:
        '`{{code}}`: {{value}} is aware, so the text already ends in {{offset}} and `{{offset}}{{label}}` is not a valid timestamp. ' +
        'Drop the {{shown}}, or use .isoformat().replace("+00:00", "Z").',
      local: '`{{code}}`: {{value}} is local time without a zone, and the {{shown}} claims that it is UTC. Read the clock in UTC: datetime.now(timezone.utc).',
      otherZone: '`{{code}}`: {{value}} is in another zone, and the {{shown}} claims that it is UTC. Convert it first: .astimezone(timezone.utc).',
      useReplace: 'Use `{{text}}`',
      readUtc: 'Read the clock in UTC: `{{text}}`',
    },
    schema: [],
    fixable: 'code',
    hasSuggestions: true,
  },
  defaultOptions: [],
  create(context) {
    return {
      binary_operator(node) {
        if (node.operator.kind === '+') {
          const label = node.right.kind === 'string' ? (stringText(node.right) ?? firstText(node.right)) : null
          const left = withoutParentheses(node.left)
          const value = left.kind === 'binary_operator' && left.operator.kind === '+' ? left.right : left
          if (label !== null) check({ node, value, label })
        } else if (node.operator.kind === '%') checkTemplate(node)
      },
      augmented_assignment(node) {
        const label = node.operator.kind === '+=' && node.right.kind === 'string' ? (stringText(node.right) ?? firstText(node.right)) : null
        if (label !== null) check({ node, value: node.left, label })
      },
      interpolation: checkInterpolation,
      ...(mayCallAny(context, FORMATTING) && { call: checkCall }),
    }

    function checkTemplate(node: PythonNode): void {
      for (const { value, format, rest } of placeholders(node)) {
        if (format === '') check({ node, value, label: rest })
        else checkFormat(node, value, `${format}${rest}`)
      }
    }

    /** In an f-string, a value with the text behind it. */
    function checkInterpolation(part: PythonNode): void {
      const { parent: node } = part
      if (node?.kind !== 'string') return
      const next = part.nextNamedSibling
      const rest = next?.kind === 'string_content' ? next.text : ''
      const value = part.namedChildren.find(({ kind }) => kind !== 'type_conversion' && kind !== 'format_specifier' && kind !== 'comment')
      const format = part.namedChildren.find(({ kind }) => kind === 'format_specifier')
      if (!value) return
      if (format) checkFormat(node, value, `${format.text.replace(/^:/, '')}${rest}`)
      else check({ node, value, label: rest })
    }

    function checkCall(node: CallNode): void {
      const called = node.function
      if (called.kind !== 'attribute') return
      if (called.attribute.text === 'strftime') checkStrftime(node, called.object)
      else if (called.attribute.text === 'format') checkTemplate(node)
    }

    function checkStrftime(node: CallNode, value: PythonNode): void {
      const [argument] = positionalArguments(node)
      const format = argument && context.constantOf(argument)
      if (typeof format === 'string') checkFormat(node, value, format)
    }

    function checkFormat(node: PythonNode, value: PythonNode, format: string): void {
      if (!/(^|[^%])(%%)*Z$/.test(format)) return
      const kind = context.kindOf(value)
      if (kind.kind === 'naive' && kind.holds === 'local') report('local', { node, value, label: 'Z' }, kind)
      else if (kind.kind === 'aware' && (kind.zone.base === 'region' || kind.zone.base === 'fixed')) report('otherZone', { node, value, label: 'Z' }, kind)
    }

    function check(labeled: Labeled): void {
      if (!CLAIMS.test(labeled.label)) return
      const kind = context.kindOf(labeled.value)
      if (kind.kind === 'text') checkText(labeled, kind)
      else if (isDatetime(kind)) checkMoment(labeled, kind)
    }

    function checkText(labeled: Labeled, text: TextKind): void {
      if ((text.method === 'isoformat' || text.method === 'str') && isWhole(text)) checkMoment(labeled, text.of)
      else if (text.method === 'strftime' && text.format !== null && isWhole(text) && labeled.label.startsWith('Z')) checkFormatted(labeled, text)
    }

    /** `now.strftime("%Y-%m-%dT%H:%M:%S") + "Z"` is the same as a format that ends in Z. */
    function checkFormatted(labeled: Labeled, { of, format }: TextKind): void {
      if (of.kind === 'naive' && of.holds === 'local' && !/%z/i.test(format!)) report('local', labeled, of)
    }

    function checkMoment(labeled: Labeled, kind: Kind): void {
      if (kind.kind === 'aware') report('aware', labeled, kind)
      else if (kind.kind === 'naive' && kind.holds === 'local') report('local', labeled, kind)
    }

    function report(messageId: 'aware' | 'local' | 'otherZone', labeled: Labeled, kind: Kind): void {
      const { node, value, label } = labeled
      const claim = CLAIMS.exec(label)?.[0] ?? 'Z'
      const moment = momentOf(value)
      const isUtc = kind.kind === 'aware' && kind.zone.base === 'utc'
      const fix = messageId === 'aware' && isUtc && label === 'Z' ? withReplace(labeled) : null
      context.report({
        node,
        messageId,
        data: { code: excerpt(node), value: `\`${excerpt(moment)}\``, offset: isUtc ? '+00:00' : '+HH:MM', label: claim, shown: claim.trim() },
        ...(fix && { fix }),
        suggest: messageId === 'local' ? [readUtc(labeled, moment)] : [],
      })
    }

    /** `x.isoformat().replace("+00:00", "Z")`, where the text is all that stands there. */
    function withReplace({ node, value }: Labeled): FixFunction | null {
      const kind = context.kindOf(value)
      if (kind.kind !== 'text' || kind.method !== 'isoformat') return null
      const isAll = node.kind === 'binary_operator' ? (node.operator.kind === '%' ? true : withoutParentheses(node.left) === value) : templateOf(node)?.value === value
      const quote = isAll ? freeQuote(node) : null
      if (quote === null || node.parent?.kind === 'concatenated_string') return null
      const text = `${receiverText(value)}.replace(${quote}+00:00${quote}, ${quote}Z${quote})`
      return (fixer) => fixer.replaceText(node, text)
    }

    /** Only for `strftime`, whose format has no offset of its own. */
    function readUtc({ node, value }: Labeled, moment: PythonNode): SuggestionDescriptor<MessageIds> | null {
      const isFormatted = node.kind === 'call' || context.kindOf(value).kind !== 'text'
      if (!isFormatted) return null
      for (const part of valueBehind(context, moment)) {
        const reading = part.kind === 'call' ? naiveReading(context, part) : null
        const utc = reading === 'now' ? utcText(context, part) : null
        if (part.kind !== 'call' || !utc) continue
        const text = `${part.function.text}(${utc.text})`
        return { messageId: 'readUtc', data: { text }, fix: replacing(part, text, [utc]) }
      }
      return null
    }

    /** `now` of `now.isoformat()`. */
    function momentOf(value: PythonNode): PythonNode {
      const node = withoutParentheses(value)
      if (node.kind !== 'call') return node
      if (node.function.kind === 'attribute' && (node.function.attribute.text === 'isoformat' || node.function.attribute.text === 'strftime')) return node.function.object
      return node.function.text === 'str' ? (positionalArguments(node)[0] ?? node) : node
    }
  },
})

/** The values that a `format` call or `%` puts into a template, each with what stands behind it. */
function* placeholders(node: PythonNode): Generator<Template> {
  const isPercent = node.kind === 'binary_operator'
  const called = node.kind === 'call' && node.function.kind === 'attribute' ? node.function.object : null
  const text = stringText(isPercent ? node.left : called)
  if (text === null) return
  const values = node.kind === 'call' ? positionalArguments(node) : isPercent ? (node.right.kind === 'tuple' ? node.right.namedChildren : [node.right]) : []
  const keywords = node.kind === 'call' ? keywordArguments(node) : null
  let position = 0
  for (const { 0: whole, index, groups } of text.matchAll(isPercent ? PERCENT : BRACES)) {
    const name = groups?.['name'] ?? ''
    const value = name === '' ? values[position++] : /^\d+$/.test(name) ? values[Number(name)] : keywords?.get(name)
    const rest = text.slice(index + whole.length)
    if (value) yield { value, format: groups?.['format'] ?? '', rest: /^[^{%]*/.exec(rest)![0] }
  }
}

const PERCENT = /%[sdr]/g
const BRACES = /\{(?<name>\w*)(?::(?<format>[^{}]*))?\}/g

/** A quote that does not end a string around a node; `null` if there is none. */
function freeQuote(node: PythonNode): '"' | "'" | null {
  let around = ''
  for (let string = node.parent?.closest('string'); string; string = string.parent?.closest('string')) around += string.text.replace(/^[a-z]*/i, '')[0]
  return !around.includes('"') ? '"' : around.includes("'") ? null : "'"
}

/** Whether nothing was done to the text since it was made. */
function isWhole({ made, method }: TextKind): boolean {
  return method === 'strftime' ? !/\.\w+\(|\[:/.test(made) : !/\.\w+\(|\[|\+/.test(made)
}

/** The text with which an f-string begins. */
function firstText(node: PythonNode): string | null {
  const [first] = node.namedChildren.filter(({ kind }) => kind === 'string_content' || kind === 'interpolation')
  return first?.kind === 'string_content' ? first.text : null
}
