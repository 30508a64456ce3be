import type { Listeners, Rule, RuleContext } from './rule.ts'

/**
 * Declares a rule; message ids and options are inferred. A rule for one language is better declared with that language's own
 * `defineRule` (such as that of `@krait/python`), which knows its node kinds and services.
 */
export function defineRule<MessageIds extends string, const Options extends readonly unknown[]>(
  rule: Rule<MessageIds, Options, RuleContext<MessageIds, Options>, Listeners>,
): Rule<MessageIds, Options, RuleContext<MessageIds, Options>, Listeners> {
  return rule
}
