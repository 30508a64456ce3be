import type { CallNode, KeywordArgumentNode, PythonNode, PythonRuleContext } from '@krait/python'
import { defineRule, excerpt, isCalledBy, isTestFile, keywordArguments, mayCallAny, positionalArguments } from '@krait/python'
import type { FixFunction } from '@krait/core'
import { columnDefinitionAround } from '../shared/column-definitions.ts'
import { usesOfMoment } from '../shared/moment-uses.ts'
import type { MomentUse } from '../shared/moment-uses.ts'
import { isNaiveReading, naiveReading } from '../shared/readings.ts'
import { replacing, utcText } from '../shared/utc-text.ts'

export interface NaiveNowOptions {
  /** A reading of which only a part or formatted text is taken is fine. */
  readonly allowFormatting: boolean
  /** A reading that gets a zone at once is fine. */
  readonly allowNormalized: boolean
}

const defaultOptions: readonly [NaiveNowOptions] = [{ allowFormatting: true, allowNormalized: true }]
const FACTORIES: ReadonlySet<string> = new Set(['pydantic.Field', 'dataclasses.field', 'sqlmodel.Field'])
const REFERENCES: ReadonlySet<string> = new Set(['datetime.datetime.now', 'datetime.datetime.utcnow'])
const READINGS: ReadonlySet<string> = new Set(['now', 'utcnow', 'today', 'fromtimestamp', 'utcfromtimestamp'])

export const noNaiveNow = defineRule({
  name: 'no-naive-now',
  meta: {
    type: 'problem',
    docs: {
      description: 'Disallow readings of the current time without a time zone that leave the expression',
      preset: 'recommended',
      severity: 'warn',
      since: '0.1.0',
      strictOptions: [{ allowFormatting: false, allowNormalized: false }],
    },
    messages: {
      naive: '`{{code}}` is naive: consumers treat it as local time, and comparing it with an aware value raises. Use {{remedy}}.',
      deprecated: '`{{code}}` is deprecated since Python 3.12, and naive until the zone is attached. Use {{remedy}}.',
      useAware: 'Use `{{remedy}}`',
    },
    schema: [
      {
        type: 'object',
        properties: { allowFormatting: { type: 'boolean' }, allowNormalized: { type: 'boolean' } },
        additionalProperties: false,
      },
    ],
    fixable: 'code',
    hasSuggestions: true,
  },
  defaultOptions,
  create(context, [{ allowFormatting, allowNormalized }]) {
    if (isTestFile(context)) return {}

    return {
      ...(mayCallAny(context, READINGS) && { call: checkCall }),
      keyword_argument(node) {
        if (node.name.text === 'default_factory') checkFactory(node)
      },
    }

    function checkCall(node: CallNode): void {
      if (!isCalledBy(node, READINGS)) return
      const reading = naiveReading(context, node)
      if (reading === null) return
      const isUtc = reading.startsWith('utc')
      const uses = usesOfMoment(context, node)
      if (uses.some((use) => isWrong(use, isUtc))) report(node, node, `${remedyOf(node, reading)}`)
      else if (!allowNormalized && isUtc && uses.some(({ kind }) => kind === 'normalised')) reportNormalised(node, reading)
    }

    function isWrong(use: MomentUse, isUtc: boolean): boolean {
      switch (use.kind) {
        case 'escapes':
      case 'text':
          return true
        case 'formatted':
        case 'timestamp':
          return !allowFormatting
        case 'met':
          return !isNaiveReading(context, use.other)
        case 'column':
          return !isUtc || use.column.kind.kind !== 'naive'
        default:
          return false
      }
    }

    function checkFactory({ value, parent }: KeywordArgumentNode): void {
      if (!REFERENCES.has(context.resolve(value) ?? '')) return
      const call = parent?.parent
      if (call?.kind !== 'call' || !FACTORIES.has(context.resolve(call.function) ?? '')) return
      const isUtc = value.text.endsWith('utcnow')
      if (isUtc && columnDefinitionAround(context, value)?.kind.kind === 'naive') return
      report(value, value, `${ownerText(value)}.now`, true)
    }

    function report(node: PythonNode, target: PythonNode, remedy: string, isReference = false): void {
      const aware = awareText(node, remedy, isReference)
      context.report({
        node,
        messageId: 'naive',
        data: { code: excerpt(node), remedy: remedy.includes('fromtimestamp') ? `${remedy}timezone.utc)` : 'datetime.now(timezone.utc)' },
        suggest: aware ? [{ messageId: 'useAware', data: { remedy: aware.text }, fix: aware.fix(target) }] : [],
      })
    }

    /** What to write instead. @param remedy `datetime.now(`, up to the zone */
    function awareText(node: PythonNode, remedy: string, isReference: boolean): { readonly text: string; readonly fix: (target: PythonNode) => FixFunction } | null {
      const utc = utcText(context, node)
      if (!utc) return null
      const text = isReference ? `lambda: ${remedy}(${utc.text})` : `${remedy}${utc.text})`
      return { text, fix: (target) => replacing(target, text, [utc]) }
    }

    function remedyOf(call: CallNode, reading: string): string {
      const owner = ownerText(call.function)
      if (!reading.endsWith('fromtimestamp')) return `${owner}.now(`
      const [stamp] = positionalArguments(call)
      return `${owner}.fromtimestamp(${stamp?.text ?? keywordArguments(call).get('timestamp')?.text ?? 'timestamp'}, `
    }

    /** `utcnow().replace(tzinfo=timezone.utc)` is the same as `now(timezone.utc)`. */
    function reportNormalised(call: CallNode, reading: string): void {
      const replace = call.parent?.parent
      const zone = replace?.kind === 'call' && replace.function === call.parent && replace.function.text.endsWith('.replace') ? onlyZone(context, replace) : null
      const aware = awareText(call, remedyOf(call, reading), false)
      const text = zone && reading === 'utcnow' ? `${ownerText(call.function)}.now(${zone.text})` : null
      const remedy = text ?? aware?.text ?? 'datetime.now(timezone.utc)'
      const fix: FixFunction | null = text !== null && replace ? (fixer) => fixer.replaceText(replace, text) : null
      context.report({ node: call, messageId: 'deprecated', data: { code: excerpt(call), remedy }, ...(fix && { fix }) })
    }
  },
})

/** `datetime` of `datetime.utcnow`, as it is written. */
function ownerText(reference: PythonNode): string {
  return reference.kind === 'attribute' ? reference.object.text : 'datetime'
}

/** The zone of `.replace(tzinfo=zone)`, if it is UTC and the only argument. */
function onlyZone(context: PythonRuleContext, replace: CallNode): PythonNode | null {
  const keywords = keywordArguments(replace)
  const zone = keywords.get('tzinfo')
  if (!zone || keywords.size > 1 || positionalArguments(replace).length > 0) return null
  const kind = context.kindOf(zone)
  return kind.kind === 'zone' && kind.zone.base === 'utc' && !kind.zone.isPytz ? zone : null
}
