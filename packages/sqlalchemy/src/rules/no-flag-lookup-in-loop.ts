import type { CallNode, CallPath, PythonRuleContext } from '@krait/python'
import { defineRule, effectsOfCall, excerpt, isTestFile, lastPart, listSetting, matchesName, relatedPlaces, withoutParentheses } from '@krait/python'
import { isCached } from '../shared/called-effects.ts'
import { readAtEnd } from '../shared/database-reads.ts'
import { isFlagCall } from '../shared/flag-names.ts'
import { isOverLiteral, loopsAround, methodOf } from '../shared/loops.ts'

export interface NoFlagLookupInLoopOptions {
  /** Functions that look up a flag, as globs over dotted names. */
  readonly functions: readonly string[]
  /** How many functions deep the lookup is followed. */
  readonly maxDepth: number
}

type Context = PythonRuleContext<'lookup', readonly [NoFlagLookupInLoopOptions]>

const defaultOptions: readonly [NoFlagLookupInLoopOptions] = [{ functions: [], maxDepth: 3 }]

export const noFlagLookupInLoop = defineRule({
  name: 'no-flag-lookup-in-loop',
  meta: {
    type: 'problem',
    docs: { description: 'Disallow lookups of feature flags that are made once per iteration', preset: 'recommended', severity: 'warn', since: '0.1.0' },
    messages: { lookup: '`{{flag}}` is evaluated for every `{{item}}` and reaches {{target}} each time. Load the flags once before the loop.' },
    schema: [
      {
        type: 'object',
        properties: { functions: { type: 'array', items: { type: 'string' } }, maxDepth: { type: 'integer', minimum: 1 } },
        additionalProperties: false,
      },
    ],
  },
  defaultOptions,
  create(context, [{ functions, maxDepth }]) {
    if (isTestFile(context)) return {}
    const listed = [...functions, ...listSetting(context.settings, 'sqlalchemy', 'flagFunctions')]
    return {
      call(node) {
        const loops = loopsAround(node)
        const name = loops.length === 0 ? null : methodOf(node)
        if (!name) return
        const isListed = listed.length > 0 && isNamed(context, node, listed)
        if (!isListed && !isFlagCall(context, node)) return
        const loop = loops.find((around) => !isOverLiteral(context, around))
        if (!loop) return
        const lookup = isListed ? { target: 'the database', path: [] } : lookupOf(context, node, maxDepth)
        if (!lookup) return
        context.report({
          node: name,
          messageId: 'lookup',
          data: { flag: excerpt(withoutParentheses(node.function)), item: excerpt(loop.target), target: lookup.target },
          related: relatedPlaces(context.project, lookup.path, lookup.target === 'the database' ? 'reads from the database' : 'asks another service'),
        })
      },
    }
  },
})

function isNamed(context: Context, call: CallNode, entries: readonly string[]): boolean {
  const called = withoutParentheses(call.function)
  const names = [called.text, context.resolve(called), effectsOfCall(context, call).function].filter((name) => name !== null)
  return entries.some((entry) => names.some((name) => matchesName(name, entry) || lastPart(name) === entry))
}

/** Where a function of the project reads from the database, or asks another service. */
function lookupOf(context: Context, call: CallNode, maxDepth: number): { readonly target: string; readonly path: CallPath } | null {
  const { function: name, paths } = effectsOfCall(context, call)
  if (name === null) return null
  for (const [effect, target] of [['database', 'the database'], ['network', 'another service']] as const) {
    const path = paths.get(effect)
    if (!path || path.length > maxDepth || (effect === 'database' && !readAtEnd(context, path))) continue
    if (!isCached(context, { name, path }, [])) return { target, path }
  }
  return null
}
