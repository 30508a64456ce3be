import type { SuggestionDescriptor } from '@krait/core'
import type { CallNode, PythonNode } from '@krait/python'
import { defineRule, importedText, lastNameOf, mayCallAny, positionalArguments, withoutParentheses } from '@krait/python'
import { columnBehind, columnLabel } from '../shared/columns.ts'
import { naiveReading } from '../shared/readings.ts'
import { receiverText, replacing, utcText } from '../shared/utc-text.ts'
import { onlyValueOf, valueBehind } from '../shared/values.ts'

type MessageIds = 'asLocal' | 'attach' | 'useTime'

/** Functions and methods that take a naive value for local time. */
const CONVERSIONS: ReadonlySet<string> = new Set(['timestamp', 'astimezone', 'mktime'])

export const noNaiveUtcAsLocal = defineRule({
  name: 'no-naive-utc-as-local',
  meta: {
    type: 'problem',
    docs: {
      description: 'Disallow handing naive UTC to what reads naive values as local time',
      preset: 'recommended',
      severity: 'error',
      since: '0.1.0',
    },
    messages: {
      asLocal:
        '`{{method}}` treats the naive UTC value{{source}} as local time, so {{result}} is wrong on any server not set to UTC. Use {{remedy}} or attach tzinfo first.',
      attach: 'Attach UTC: `{{text}}`',
      useTime: 'Use `time.time()`',
    },
    schema: [],
    hasSuggestions: true,
  },
  defaultOptions: [],
  create(context) {
    if (!mayCallAny(context, CONVERSIONS)) return {}

    return {
      call(node) {
        const called = node.function
        if (called.kind === 'attribute' && (called.attribute.text === 'timestamp' || called.attribute.text === 'astimezone')) {
          check(node, called.object, `.${called.attribute.text}()`, called.attribute.text === 'timestamp' ? 'the epoch' : 'the converted time')
        } else if (lastNameOf(called) === 'mktime' && context.resolve(called) === 'time.mktime') {
          const [tuple] = positionalArguments(node)
          const made = tuple && withoutParentheses(onlyValueOf(context, withoutParentheses(tuple)) ?? tuple)
          if (made?.kind === 'call' && made.function.kind === 'attribute' && made.function.attribute.text === 'timetuple') check(node, made.function.object, 'mktime()', 'the epoch')
        }
      },
    }

    function check(node: CallNode, value: PythonNode, method: string, result: string): void {
      const kind = context.kindOf(value)
      if (kind.kind !== 'naive' || kind.holds !== 'utc') return
      const remedy = method === '.timestamp()' ? 'datetime.now(timezone.utc).timestamp()' : method === 'mktime()' ? 'calendar.timegm()' : 'an aware value'
      context.report({ node, messageId: 'asLocal', data: { method, source: sourceOf(value), result, remedy }, suggest: [method === 'mktime()' ? asTimestamp(node, value) : attach(value), useTime(node, value, method)] })
    }

    /** Where the value comes from, for the message. */
    function sourceOf(value: PythonNode): string {
      for (const part of valueBehind(context, value)) {
        const reading = part.kind === 'call' ? naiveReading(context, part) : null
        if (reading !== null) return ` from ${reading}()`
      }
      const column = columnBehind(context, value)
      return column ? ` of \`${columnLabel(column)}\`` : ''
    }

    function attach(value: PythonNode): SuggestionDescriptor<MessageIds> | null {
      const utc = utcText(context, value)
      const text = utc && `${receiverText(value)}.replace(tzinfo=${utc.text})`
      return text ? { messageId: 'attach', data: { text }, fix: replacing(value, text, [utc]) } : null
    }

    /** `mktime()` takes even the tuple of an aware value for local time. */
    function asTimestamp(node: CallNode, value: PythonNode): SuggestionDescriptor<MessageIds> | null {
      const utc = utcText(context, value)
      const text = utc && `${receiverText(value)}.replace(tzinfo=${utc.text}).timestamp()`
      return text && node.contains(value) ? { messageId: 'attach', data: { text }, fix: replacing(node, text, [utc]) } : null
    }

    /** `utcnow().timestamp()` is meant to be the current epoch. */
    function useTime(node: CallNode, value: PythonNode, method: string): SuggestionDescriptor<MessageIds> | null {
      const isNow = value.kind === 'call' && naiveReading(context, value) === 'utcnow'
      const time = isNow && method === '.timestamp()' ? importedText(context, node, 'time.time') : null
      return time && { messageId: 'useTime', fix: replacing(node, `${time.text}()`, [time]) }
    }
  },
})
