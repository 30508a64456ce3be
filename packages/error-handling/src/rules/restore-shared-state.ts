import type { SuggestionDescriptor } from '@krait/core'
import { defineRule, excerpt, isTestFile, mayCallAny, ownCode } from '@krait/python'
import type { CallNode, FunctionDefinitionNode, FunctionNode, PythonNode } from '@krait/python'
import { moveIntoFinally } from '../shared/finally-edit.ts'
import { guardOf } from '../shared/guards.ts'
import type { Guard } from '../shared/guards.ts'
import { isRestingValue } from '../shared/resting-value.ts'
import { isSameChange, isUndoneBy, stateChange, UNDOING_METHODS } from '../shared/state-changes.ts'
import type { StateChange } from '../shared/state-changes.ts'
import { undoingCalls } from '../shared/undoing-calls.ts'
import { describeWaysOut, waysOut } from '../shared/ways-out.ts'
import type { WaysOut } from '../shared/ways-out.ts'

export interface RestoreSharedStateOptions {
  /** Only state counts that is tested or returned somewhere. */
  readonly requireGuard: boolean
}

type MessageId = 'refused' | 'told' | 'left' | 'locked' | 'reset' | 'moveIntoFinally'

/** A change that is undone on some ways out of its function, but not on all. */
interface Leak extends WaysOut {
  readonly change: StateChange
  /** What undoes it. */
  readonly undoing: StateChange
  /** It may be undone twice when all of it is put into a `finally`. */
  readonly isUndoneOftener: boolean
}

const defaultOptions: readonly [RestoreSharedStateOptions] = [{ requireGuard: true }]

export const restoreSharedState = defineRule({
  name: 'restore-shared-state',
  meta: {
    type: 'problem',
    docs: {
      description: 'Require state that outlives a function to be restored on every way out of it',
      preset: 'recommended',
      severity: 'warn',
      since: '0.1.0',
    },
    messages: {
      refused: '`{{state}}` is set here and cleared on line {{line}}, but {{leak}} leaves it set, and `{{guard}}` then refuses to run. Clear it in a `finally`.',
      told: '`{{state}}` is set here and cleared on line {{line}}, but {{leak}} leaves it set, and `{{guard}}` still goes by it. Clear it in a `finally`.',
      left: '`{{state}}` is set here and cleared on line {{line}}, but {{leak}} leaves it set for ever. Clear it in a `finally`.',
      locked: '`{{state}}` is acquired here and released on line {{line}}, but {{leak}} leaves it locked, and the next one waits for ever. Use `with`, or release it in a `finally`.',
      reset: '`{{state}}` is set here and reset on line {{line}}, but {{leak}} leaves the value for what runs next in this context. Reset it in a `finally`.',
      moveIntoFinally: 'Move `{{undoing}}` into a `finally`',
    },
    schema: [
      {
        type: 'object',
        properties: { requireGuard: { type: 'boolean' } },
        additionalProperties: false,
      },
    ],
    hasSuggestions: true,
  },
  defaultOptions,
  create(context, [{ requireGuard }]) {
    if (isTestFile(context)) return {}
    /** What each function undoes; functions that undo nothing are never looked at. */
    const undoings = new Map<FunctionNode, StateChange[]>()

    return {
      assignment(node) {
        const given = node.right?.kind
        if (given === 'none' || given === 'true' || given === 'false' || given === 'assignment') collect(node)
      },
      augmented_assignment: collect,
      delete_statement: collect,
      ...(mayCallAny(context, UNDOING_METHODS) && { call: collectCall }),
      'module:exit'() {
        for (const code of undoings.keys()) if (code.kind === 'function_definition') checkFunction(code)
      },
    }

    function collectCall(node: CallNode): void {
      if (node.function?.kind === 'attribute' && UNDOING_METHODS.has(node.function.attribute.text)) collect(node)
    }

    function collect(node: PythonNode): void {
      const change = stateChange(context, node)
      const code = change && change.undoes.length > 0 ? context.scopes.scopeOf(node).function?.node : null
      if (!change || (code?.kind !== 'function_definition' && code?.kind !== 'lambda')) return
      const known = undoings.get(code)
      if (known) known.push(change)
      else undoings.set(code, [change])
    }

    function checkFunction(code: FunctionDefinitionNode): void {
      const changes: StateChange[] = []
      for (const node of ownCode(code.body)) {
        const change = stateChange(context, node)
        if (change) changes.push(change)
      }
      for (const change of changes) {
        const undone = change.sets.length > 0 && changes.some((other) => other !== change && isUndoneBy(change, other))
        if (!undone || isConstruction(code, change) || isRestingValue(context, change)) continue
        const leak = findLeak(code, change, changes)
        if (leak) report(leak)
      }
    }

    function findLeak(code: FunctionNode, change: StateChange, changes: readonly StateChange[]): Leak | null {
      const flow = context.flow(code)
      if (!flow.isReachable(change.node)) return null
      const undoing = changes.filter((other) => other !== change && isUndoneBy(change, other) && flow.dominates(change.node, other.node))
      const regular = undoing.filter(({ node }) => !isInHandler(node, change.node))
      const last = regular.at(-1) ?? undoing.at(-1)
      if (!last || (regular.length === 0 && keepsWhatItHolds(change))) return null
      const ends = changes.filter((other) => isUndoneBy(change, other) || isSameChange(other, change) || replaces(other, change)).map(({ node }) => node)
      const ways = waysOut(context, flow, change, [...ends, ...undoingCalls(context, code, change, undoings)])
      const isHandedOver = ways?.byJump?.end === flow.normalExit && !regular.some(({ node }) => isOnSameLine(change.node, node)) && isUndoneElsewhere(code, change)
      return isHandedOver ? null : ways && { change, undoing: last, isUndoneOftener: undoing.length > 1, ...ways }
    }

    /** Whether another function undoes the change: then it may outlive this one, as in `start()` and `stop()`. */
    function isUndoneElsewhere(code: FunctionNode, change: StateChange): boolean {
      for (const [other, undone] of undoings) if (other !== code && !isConstructor(other) && undone.some((each) => isUndoneBy(change, each))) return true
      return false
    }

    function report(leak: Leak): void {
      const { change, undoing } = leak
      const guard = change.place && guardOf(context, change.place, rootOf(change.place), (read) => change.node.contains(read) || undoing.node.contains(read))
      if (change.kind === 'state' && requireGuard && !guard) return
      const guarding = guard?.node.closest('function_definition')
      const data = {
        state: change.text,
        line: undoing.node.loc.start.line,
        leak: describeWaysOut(leak),
        guard: guarding ? `${guarding.name.text}()` : '',
      }
      context.report({ node: change.node, messageId: messageOf(change, guarding ? guard : null), data, suggest: [suggestFinally(leak)] })
    }

    function rootOf({ variable }: NonNullable<StateChange['place']>): PythonNode {
      return variable.kind === 'object' && variable.owner ? variable.owner : (context.sourceCode.ast as PythonNode)
    }

    function suggestFinally({ change, undoing, isUndoneOftener }: Leak): SuggestionDescriptor<MessageId> | null {
      // An assignment can be repeated, `del` and `release()` can not.
      if (isUndoneOftener && undoing.node.kind !== 'assignment') return null
      const first = statementOf(change)
      const last = statementOf(undoing)
      const fix = first && last ? moveIntoFinally(context.sourceCode, first, last) : null
      return fix && { messageId: 'moveIntoFinally', data: { undoing: excerpt(undoing.node) }, fix }
    }
  },
})

/** Whether a change puts something else into the place, so that nothing is left to undo. */
function replaces({ rebinds }: StateChange, { place }: StateChange): boolean {
  return rebinds !== null && place !== null && (rebinds === place.key || rebinds === place.variable.key)
}

/** Where an object is made, nobody else has it yet. */
function isConstruction(code: FunctionNode, { place }: StateChange): boolean {
  return place?.variable.kind === 'object' && isConstructor(code)
}

function isConstructor(code: FunctionNode): boolean {
  return code.kind === 'function_definition' && CONSTRUCTORS.has(code.name.text)
}

const CONSTRUCTORS: ReadonlySet<string> = new Set(['__attrs_post_init__', '__init__', '__new__', '__post_init__'])

/**
 * Whether a change may stay, unless something fails: what is put into a container, or a value. A flag or a count that is undone in handlers only is still
 * taken for a mistake.
 */
function keepsWhatItHolds({ kind, node }: StateChange): boolean {
  if (kind !== 'state') return false
  if (node.kind === 'assignment') return node.right?.kind !== 'true' && node.right?.kind !== 'false'
  return node.kind === 'call'
}

/** Whether a node stands in a handler, and `other` does not stand in the same one. */
function isInHandler(node: PythonNode, other: PythonNode): boolean {
  const around = node.closest('except_clause', 'function_definition', 'lambda')
  return around?.kind === 'except_clause' && !around.contains(other)
}

/** Whether a node stands in the block of another one, or in a block around that: the way to it only leads past it where something leaves early. */
function isOnSameLine(node: PythonNode, later: PythonNode): boolean {
  return later.closest('block')?.contains(node) === true
}

/** The statement that is nothing but the change. */
function statementOf({ node }: StateChange): PythonNode | null {
  const outer = node.parent?.kind === 'await' ? node.parent : node
  if (outer.kind === 'delete_statement') return outer
  return outer.parent?.kind === 'expression_statement' ? outer.parent : null
}

function messageOf({ kind }: StateChange, guard: Guard | null): MessageId {
  if (kind === 'lock') return 'locked'
  if (kind === 'context-variable') return 'reset'
  return guard ? (guard.refuses ? 'refused' : 'told') : 'left'
}
