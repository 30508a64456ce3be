import type { SuggestionDescriptor } from '@krait/core'
import type { CallNode, PythonNode, Zone } from '@krait/python'
import { argument, defineRule, excerpt, keywordArguments, nameFromModule, positionalArguments } from '@krait/python'
import { replacing } from '../shared/utc-text.ts'

type MessageIds = 'meanTime' | 'localize' | 'zoneInfo'

/** Where `tzinfo` stands among the positional arguments of what makes a datetime or time. */
const POSITIONS: Readonly<Record<string, number>> = {
  'datetime.datetime': 7,
  'datetime.time': 4,
  'datetime.datetime.combine': 2,
}
/** That many arguments may give it by position. */
const FEWEST_BY_POSITION = 3

/** What pytz gives for some zones when it is used as a plain `tzinfo`: their first entry in the tz database. */
const MEAN_TIMES: Readonly<Record<string, string>> = {
  'America/Chicago': '-05:51',
  'America/Los_Angeles': '-07:53',
  'America/New_York': '-04:56',
  'America/Sao_Paulo': '-03:06',
  'America/Toronto': '-05:18',
  'Asia/Kolkata': '+05:53',
  'Asia/Shanghai': '+08:06',
  'Asia/Singapore': '+06:55',
  'Asia/Tokyo': '+09:19',
  'Australia/Sydney': '+10:05',
  'Europe/Berlin': '+00:53',
  'Europe/London': '-00:01',
  'Europe/Madrid': '-00:15',
  'Europe/Moscow': '+02:30',
  'Europe/Paris': '+00:09',
  'Europe/Rome': '+00:50',
}

/** Of what `localize()` can be called with. */
const MAY_BE_NAIVE: ReadonlySet<string> = new Set(['naive', 'datetime', 'choice', 'unknown'])
/** In `replace(year, month, day, hour, minute, second, microsecond, tzinfo)`. */
const REPLACE_POSITION = 7

export const noPytzTzinfo = defineRule({
  name: 'no-pytz-tzinfo',
  meta: {
    type: 'problem',
    docs: {
      description: 'Disallow pytz zones as plain tzinfo',
      preset: 'recommended',
      severity: 'error',
      since: '0.1.0',
    },
    messages: {
      meanTime:
        "pytz zone `{{zone}}` used as tzinfo gives Local Mean Time{{offset}}, not the zone's real offset. Use {{zone}}.localize(value), or zoneinfo.ZoneInfo({{name}}).",
      localize: 'Use `{{text}}`',
      zoneInfo: 'Use `{{text}}`',
    },
    schema: [],
    hasSuggestions: true,
  },
  defaultOptions: [],
  create(context) {
    const isNamed = context.sourceCode.text.includes('tzinfo')

    return {
      call(node) {
        const tzinfo = tzinfoOf(node)
        if (!tzinfo) return
        const kind = context.kindOf(tzinfo)
        if (kind.kind !== 'zone' || !kind.zone.isPytz || kind.zone.base !== 'region') return
        const { name } = kind.zone
        const meanTime = name === null ? undefined : MEAN_TIMES[name]
        context.report({
          node,
          messageId: 'meanTime',
          data: { zone: excerpt(tzinfo), offset: meanTime ? ` (${meanTime})` : '', name: name === null ? 'name' : `"${name}"` },
          suggest: [localized(node, tzinfo), zoneInfo(tzinfo, kind.zone)],
        })
      },
    }

    /** The zone that a call attaches; `null` if it attaches none. */
    function tzinfoOf(node: CallNode): PythonNode | null {
      if (node.arguments.namedChildren.length < (isNamed ? 1 : FEWEST_BY_POSITION)) return null
      const called = node.function
      const isReplace = called.kind === 'attribute' && called.attribute.text === 'replace'
      if (isReplace) return argument(node, 'tzinfo', REPLACE_POSITION)
      if (!mayGive(node)) return null
      const name = context.resolve(called)
      const position = name !== null && Object.hasOwn(POSITIONS, name) ? POSITIONS[name] : undefined
      return position === undefined ? null : argument(node, 'tzinfo', position)
    }

    /** Whether as many arguments stand there as it takes, or one of this name. */
    function mayGive(node: CallNode): boolean {
      if (positionalArguments(node).length >= FEWEST_BY_POSITION) return true
      return isNamed && keywordArguments(node).has('tzinfo')
    }

    /** `tz.localize(value)` for `value.replace(tzinfo=tz)`. */
    function localized(node: CallNode, zone: PythonNode): SuggestionDescriptor<MessageIds> | null {
      const called = node.function
      if (called.kind !== 'attribute' || called.attribute.text !== 'replace') return null
      if (node.arguments.namedChildren.length !== 1 || !MAY_BE_NAIVE.has(context.kindOf(called.object).kind)) return null
      const text = `${zone.text}.localize(${called.object.text})`
      return { messageId: 'localize', data: { text }, fix: (fixer) => fixer.replaceText(node, text) }
    }

    function zoneInfo(zone: PythonNode, { name }: Zone): SuggestionDescriptor<MessageIds> | null {
      const made = name === null ? null : nameFromModule(context, zone, 'zoneinfo', 'ZoneInfo')
      const text = made && `${made.text}("${name}")`
      return text ? { messageId: 'zoneInfo', data: { text }, fix: replacing(zone, text, [made]) } : null
    }
  },
})
