import type { CallNode, PythonRuleContext } from '@krait/python'
import { defineRule, excerpt, isClockCall, isScriptFile, isTestFile, optionPattern, runsAtImport } from '@krait/python'
import { callableDefault } from '../shared/callable-default.ts'
import { clockConstant, moduleThatUses } from '../shared/clock-constants.ts'
import { computedInBody } from '../shared/computed-in-body.ts'
import { importTimePlace, serverDefaultAround } from '../shared/import-time-place.ts'
import type { ConstantPlace, FieldPlace, ParameterPlace, ServerDefaultPlace } from '../shared/import-time-place.ts'

export interface ImportTimeNowOptions {
  /** A regular expression for the names of constants that are meant to hold the moment at which the process started. */
  readonly startNamePattern: string
}

type MessageIds = 'parameter' | 'default' | 'declaration' | 'serverDefault' | 'constant' | 'useCallable' | 'computeInBody'

const defaultOptions: readonly [ImportTimeNowOptions] = [{ startNamePattern: '(?i)(start|boot|launch|load|build|import|init)' }]

export const noImportTimeNow = defineRule({
  name: 'no-import-time-now',
  meta: {
    type: 'problem',
    docs: {
      description: 'Disallow reading the clock when a module is imported, where the current time is meant',
      preset: 'recommended',
      severity: 'error',
      since: '0.1.0',
    },
    messages: {
      parameter:
        "`{{clock}}` runs once, when `{{module}}` is imported: every call of {{function}} without `{{parameter}}` gets the process's start time. " +
        'Let `{{parameter}}` default to None and read the clock in the body.',
      default: "`{{clock}}` runs once, when `{{module}}` is imported: every {{owner}} gets the process's start time. Pass a callable: {{remedy}}.",
      declaration:
        "`{{clock}}` runs once, when `{{module}}` is imported: every {{owner}} is declared with the process's start time. " +
        'Read the clock where the value is used: a bound belongs into a validator, which runs for each value.',
      serverDefault:
        '`{{clock}}` runs once, and `{{keyword}}=` writes the moment into the schema: the database gives it to every later row, for ever. ' +
        'Let the database read its own clock: {{keyword}}=func.now().',
      constant:
        "`{{clock}}` runs once, when `{{module}}` is imported: {{user}} compares or computes with `{{constant}}` and gets the process's start time. " +
        'Read the clock where it is needed, or name the constant for what it is (`STARTED_AT`).',
      useCallable: 'Pass a callable: `{{remedy}}`',
      computeInBody: 'Let `{{parameter}}` default to None and read the clock in the body',
    },
    schema: [
      {
        type: 'object',
        properties: { startNamePattern: { type: 'string' } },
        additionalProperties: false,
      },
    ],
    hasSuggestions: true,
  },
  defaultOptions,
  create(context, [{ startNamePattern }]) {
    if (isTestFile(context)) return {}
    const startName = optionPattern(startNamePattern)
    const hasServerDefault = context.sourceCode.text.includes('server_default') || context.sourceCode.text.includes('server_onupdate')

    return {
      call(node) {
        if (runsAtImport(context, node)) checkImportTime(node)
        else if (hasServerDefault) checkServerDefault(node)
      },
    }

    function checkServerDefault(call: CallNode): void {
      const place = serverDefaultAround(call)
      if (place && isClockCall(context, call)) reportServerDefault(context, call, place)
    }

    function checkImportTime(call: CallNode): void {
      if (!isClockCall(context, call)) return
      const serverDefault = serverDefaultAround(call)
      if (serverDefault) return reportServerDefault(context, call, serverDefault)
      const place = importTimePlace(context, call)
      if (place?.kind === 'parameter') reportParameter(context, call, place)
      else if (place?.kind === 'field') reportField(context, call, place)
      else if (place?.kind === 'constant') checkConstant(call, place)
    }

    function checkConstant(call: CallNode, { assignment }: ConstantPlace): void {
      // The run of a script begins when its file is loaded.
      const constant = isScriptFile(context) ? null : clockConstant(context, assignment)
      if (!constant || startName.test(constant.name)) return
      const user = moduleThatUses(context, constant)
      if (user === null) return
      const data = { ...clockData(context, call), constant: constant.name, user: user === context.moduleName ? 'a function' : `\`${user}\`` }
      context.report({ node: call, messageId: 'constant', data })
    }
  },
})

type Context = PythonRuleContext<MessageIds>

function reportParameter(context: Context, clock: CallNode, place: ParameterPlace): void {
  const parameter = place.parameter.name.text
  const owner = place.function.kind === 'function_definition' ? `\`${place.function.name.text}\`` : 'the lambda'
  const fix = computedInBody(context, place, clock)
  context.report({
    node: clock,
    messageId: 'parameter',
    data: { ...clockData(context, clock), function: owner, parameter },
    suggest: [fix && { messageId: 'computeInBody', data: { parameter }, fix }],
  })
}

function reportField(context: Context, clock: CallNode, place: FieldPlace): void {
  const callable = callableDefault(context, place, clock)
  if (!callable) {
    context.report({ node: clock, messageId: 'declaration', data: { ...clockData(context, clock), owner: place.class?.name.text ?? 'value' } })
    return
  }
  const { remedy, fix } = callable
  context.report({
    node: clock,
    messageId: 'default',
    data: { ...clockData(context, clock), owner: place.class?.name.text ?? 'row', remedy },
    suggest: [fix && { messageId: 'useCallable', data: { remedy }, fix }],
  })
}

function reportServerDefault(context: Context, clock: CallNode, { keyword }: ServerDefaultPlace): void {
  context.report({ node: clock, messageId: 'serverDefault', data: { ...clockData(context, clock), keyword } })
}

function clockData(context: Context, clock: CallNode): { clock: string; module: string } {
  return { clock: excerpt(clock), module: context.moduleName }
}
