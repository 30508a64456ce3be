import { styleText } from 'node:util'
import { unknownRuleMessage } from '@krait/core'
import { ConfigLoader, type ConfigOptions } from '../config/config-loader.ts'
import { knownRules, type KnownRule } from '../config/known-rules.ts'
import { readRulePage } from '../config/rule-page.ts'
import type { Io } from '../io.ts'
import { withConfigErrors } from './with-config-errors.ts'

export interface ExplainArguments {
  /** A full id, `datetime/no-utcnow`. */
  readonly rule: string
  readonly config?: Omit<ConfigOptions, 'cwd'>
}

/**
 * `krait explain RULE`: prints the rule's page, under a line with its preset, its severity in the config of the current folder, and its repairs.
 *
 * @returns the exit code: 2 when there is no such rule
 */
export function explainCommand(args: ExplainArguments, io: Io): Promise<number> {
  return withConfigErrors(io, async () => {
    const loaded = await new ConfigLoader({ ...args.config, cwd: io.cwd }).forFolder(io.cwd)
    const rule = knownRules(loaded.registry, loaded.resolver.resolve('')).find((candidate) => candidate.id === args.rule)
    if (rule === undefined) {
      io.stderr.write(`krait: ${unknownRuleMessage(args.rule, loaded.registry)}\n`)
      return 2
    }
    const page = readRulePage(rule) ?? pageFromMetadata(rule)
    io.stdout.write(`${header(rule, io.color)}\n\n${page.trimEnd()}\n`)
    return 0
  })
}

function header(rule: KnownRule, color: boolean): string {
  const repairs = rule.fixable ? 'fixable with --fix' : rule.suggestions ? 'has suggestions' : 'no automatic fix'
  const preset = rule.preset === 'always' ? 'part of krait itself' : `preset ${rule.preset}`
  const id = color ? styleText('bold', rule.id, { validateStream: false }) : rule.id
  return `${id} · ${preset} · severity here: ${rule.severity} · ${repairs} · since ${rule.since}`
}

/** For an in-house rule that has no page: what it says of itself. */
function pageFromMetadata(rule: KnownRule): string {
  const messages = Object.values(rule.registered?.rule.meta.messages ?? {}) as readonly string[]
  const title = `# ${rule.id}\n\n${rule.description}\n\nThis rule has no page.`
  return messages.length === 0 ? title : `${title} It reports:\n\n${messages.map((message) => `- ${message}`).join('\n')}`
}
