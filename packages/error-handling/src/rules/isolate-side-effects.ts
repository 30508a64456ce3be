import {
  callLabel,
  effectsOfCall,
  enclosingDefinition,
  defineRule,
  isAuxiliaryEffect,
  isScriptFile,
  isTestFile,
  optionPattern,
  ownCode,
} from '@krait/python'
import type { CallNode, FunctionDefinitionNode, ModuleNode, PythonNode, PythonRuleContext } from '@krait/python'
import type { SuggestionDescriptor } from '@krait/core'
import { protectionOf } from '../shared/effect-protection.ts'
import type { Protection } from '../shared/effect-protection.ts'
import { moduleLogger } from '../shared/log-suggestion.ts'
import { transactionsOf } from '../shared/transaction-steps.ts'
import { wrapInTry } from '../shared/wrap-in-try.ts'

export interface IsolateSideEffectsOptions {
  /** Qualified names, or globs of such names, of more functions that only accompany an operation. */
  readonly auxiliary: readonly string[]
  /** The same of those that do not. */
  readonly notAuxiliary: readonly string[]
  /** What the names of functions and classes are like whose own purpose is the message. */
  readonly messagePurpose: string
}

type MessageId = 'saved' | 'unprotected' | 'shared' | 'wrap'
type Context = PythonRuleContext<MessageId, readonly [IsolateSideEffectsOptions]>

const defaultOptions: readonly [IsolateSideEffectsOptions] = [
  {
    auxiliary: [],
    notAuxiliary: [],
    messagePurpose: '(?i)(send|notif|mail|sms|invite|alert|broadcast|remind|verif|otp|magic_?link|reset|resend|webhook|publish)',
  },
]

export const isolateSideEffects = defineRule({
  name: 'isolate-side-effects',
  meta: {
    type: 'problem',
    docs: {
      description: 'Require that the failure of a notification or metric does not fail what it accompanies',
      preset: 'strict',
      severity: 'warn',
      since: '0.1.0',
    },
    messages: {
      saved:
        'If `{{effect}}` fails, `{{function}}()` fails too although the data is already saved. Give it its own `try/except` (log and go on), ' +
        'or hand it to a background task.',
      unprotected:
        'If `{{effect}}` fails, `{{function}}()` fails too although it saves data that does not depend on it. Give it its own `try/except` (log and go on), ' +
        'or hand it to a background task.',
      shared: 'If `{{first}}` fails, `{{effect}}` is skipped: they share one `{{by}}`. Wrap each on its own.',
      wrap: 'Give it a `try` of its own, and log the exception',
    },
    schema: [
      {
        type: 'object',
        properties: {
          auxiliary: { type: 'array', items: { type: 'string' }, uniqueItems: true },
          notAuxiliary: { type: 'array', items: { type: 'string' }, uniqueItems: true },
          messagePurpose: { type: 'string' },
        },
        additionalProperties: false,
      },
    ],
    hasSuggestions: true,
  },
  defaultOptions,
  create(context, [options]) {
    if (isTestFile(context) || isScriptFile(context)) return {}
    const purpose = optionPattern(options.messagePurpose)
    const writes = new Map<number, readonly PythonNode[]>()
    return { call: check }

    function check(call: CallNode): void {
      if (!isAuxiliary(call)) return
      const definition = enclosingDefinition(call)
      if (definition?.kind === 'lambda') return
      const fn = definition?.kind === 'function_definition' ? definition : null
      if (fn && isForMessages(fn)) return
      const root = fn ?? call.closest('module')!
      const flow = context.flow(root)
      if (!flow.isReachable(call)) return
      const protection = protectionOf(context, flow, call, isCore)
      if (protection) reportShared(call, protection, root)
      else if (fn) reportUnprotected(call, fn)
    }

    function isAuxiliary(call: CallNode): boolean {
      if (!isAuxiliaryEffect(context, call, options)) return false
      // A coroutine that is only made is run by somebody else.
      const { summary } = effectsOfCall(context, call)
      return summary !== null || !isProjectCoroutine(call)
    }

    function isProjectCoroutine(call: CallNode): boolean {
      const type = context.typeOf(call.function)
      return type.kind === 'function' && context.project.summary(type.name) !== null
    }

    function isCore(call: CallNode): boolean {
      const { paths } = effectsOfCall(context, call)
      return (paths.has('write') || paths.has('commit')) && !isAuxiliaryEffect(context, call, options)
    }

    function isForMessages(fn: FunctionDefinitionNode): boolean {
      const owner = fn.parent?.kind === 'decorated_definition' ? fn.parent.parent?.parent : fn.parent?.parent
      return purpose.test(fn.name.text) || (owner?.kind === 'class_definition' && purpose.test(owner.name.text))
    }

    function reportUnprotected(call: CallNode, fn: FunctionDefinitionNode): void {
      const flow = context.flow(fn)
      const core = coreOf(fn).filter((write) => flow.isReachable(write))
      const before = core.filter((write) => flow.canReach(write, call, { exceptions: 'none' }))
      if (before.length === 0 && !core.some((write) => flow.canReach(call, write, { exceptions: 'none' }))) return
      const isSaved = before.some((write) => write.kind !== 'call' || effectsOfCall(context, write).paths.has('commit'))
      report(call, isSaved ? 'saved' : 'unprotected', { effect: callLabel(call), function: fn.name.text })
    }

    /** The calls that write or commit, and the `with` items whose end commits, but for the effects themselves. */
    function coreOf(fn: FunctionDefinitionNode): readonly PythonNode[] {
      let core = writes.get(fn.index)
      if (!core) {
        const { steps, blocks } = transactionsOf(context, fn)
        const changes = steps.filter(({ call, write, commit }) => (write ?? commit) && !isAuxiliaryEffect(context, call, options))
        // A function that commits without a write may only have read in a block that always commits.
        const calls = changes.some(({ call, write }) => write ?? effectsOfCall(context, call).function === null) ? changes : []
        // The end of a block in which nothing is written commits nothing.
        const ends = blocks.filter(({ item }) => calls.some(({ call }) => item.closest('with_statement')?.contains(call) === true))
        writes.set(fn.index, (core = [...calls.map(({ call }) => call), ...ends.map(({ item }) => item)]))
      }
      return core
    }

    /** The effect stands behind another one that the same construct protects. */
    function reportShared(call: CallNode, protection: Protection, root: FunctionDefinitionNode | ModuleNode): void {
      if (protection.by === 'gather') return
      const flow = context.flow(root)
      for (const other of ownCode(protection.body)) {
        if (other.start >= call.start) break
        if (other.kind !== 'call' || other.contains(call) || !isAuxiliary(other)) continue
        if (protectionOf(context, flow, other, isCore)?.node !== protection.node) continue
        if (!flow.canReach(other, call, { exceptions: 'none' })) continue
        report(call, 'shared', { effect: callLabel(call), first: callLabel(other), by: protection.by })
        return
      }
    }

    function report(call: CallNode, messageId: Exclude<MessageId, 'wrap'>, data: Readonly<Record<string, string>>): void {
      context.report({ node: call, messageId, data, suggest: [suggestWrapping(context, call)] })
    }
  },
})

function suggestWrapping(context: Context, call: CallNode): SuggestionDescriptor<MessageId> | null {
  const statement = call.parent?.kind === 'await' ? call.parent.parent : call.parent
  const logger = moduleLogger(context, call)
  if (statement?.kind !== 'expression_statement' || logger === null) return null
  const fix = wrapInTry(context.sourceCode, statement, logger, `${callLabel(call)} failed`)
  return fix && { messageId: 'wrap', fix }
}
