import type { Rule, RuleContext } from '@krait/core'
import type { PythonNodeMap } from './generated/nodes.ts'
import type { PythonServices } from './services.ts'
import type { PythonKind, PythonNode } from './syntax/node.ts'

/** What a Python rule gets: core's context and Python's services. */
export type PythonRuleContext<MessageIds extends string = string, Options extends readonly unknown[] = readonly unknown[]> = RuleContext<
  MessageIds,
  Options
> &
  PythonServices

type KindListeners = { readonly [Kind in PythonKind as Kind | `${Kind}:exit`]?: (node: PythonNodeMap[Kind]) => void }

/** A method, so that a listener may name the kind of node that its selector is sure to give. */
interface SelectorListener {
  listen(node: PythonNode): void
}

/**
 * Listeners by node kind (`call`, `'call:exit'`), each with the right type of node; any other key is a list of kinds (`'list, set'`) or an esquery
 * selector, and its listener gets a `PythonNode` or the type it asks for.
 */
export interface PythonListeners extends KindListeners {
  readonly [selector: string]: SelectorListener['listen'] | undefined
}

/** A rule for Python. */
export type PythonRule<MessageIds extends string = string, Options extends readonly unknown[] = readonly unknown[]> = Rule<
  MessageIds,
  Options,
  PythonRuleContext<MessageIds, Options>,
  PythonListeners
>

/**
 * Declares a rule for Python. Message ids are inferred from `meta.messages`, options from `defaultOptions`; widen a default where users may give more
 * (`[] as string[]`, `'typed' as 'typed' | 'all'`). The rule runs on Python files only.
 */
export function defineRule<MessageIds extends string, const Options extends readonly unknown[]>(
  rule: PythonRule<MessageIds, Options>,
): PythonRule<MessageIds, Options> {
  return { ...rule, meta: { languages: ['python'], ...rule.meta } }
}
