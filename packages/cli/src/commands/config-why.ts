import { resolve } from 'node:path'
import { unknownRuleMessage, unusedIgnoreId, type RuleExplanation } from '@krait/core'
import { ConfigLoader, type ConfigOptions } from '../config/config-loader.ts'
import { shownPath } from '../config/config-error.ts'
import { severityNames } from '../config/known-rules.ts'
import { relativePath } from '../discover/relative-path.ts'
import type { Io } from '../io.ts'
import { withConfigErrors } from './with-config-errors.ts'

export interface ConfigWhyArguments {
  /** A file, relative to the current folder; it need not exist. */
  readonly file: string
  /** Only this rule, with every step; without it all rules that something sets. */
  readonly rule?: string | undefined
  readonly config?: Omit<ConfigOptions, 'cwd'>
}

/**
 * `krait config why FILE [RULE]`: which config rules the file, and where each rule's severity and options come from, step by step.
 *
 * @returns the exit code: 2 when there is no such rule
 */
export function configWhyCommand(args: ConfigWhyArguments, io: Io): Promise<number> {
  return withConfigErrors(io, async () => {
    const path = resolve(io.cwd, args.file)
    const { root, file, plan, registry, resolver } = await new ConfigLoader({ ...args.config, cwd: io.cwd }).forFile(path)
    const local = relativePath(root, path)
    if (args.rule !== undefined && resolver.explainRule(local, args.rule) === null) {
      io.stderr.write(`krait: ${unknownRuleMessage(args.rule, registry)}\n`)
      return 2
    }
    const ids = args.rule === undefined ? [...registry.rules.keys(), unusedIgnoreId].sort() : [args.rule]
    const explanations = ids.map((id) => resolver.explainRule(local, id)!).filter((found) => found.steps.length > 0 || args.rule !== undefined)
    const ruler = file === null ? `no config file, but by ${plan.layers.map((layer) => layer.source).join(', ')}` : shownPath(file, io.cwd)
    const lines = [`${args.file} is ruled by ${ruler}.`, `Project folder: ${root}`]
    if (resolver.isIgnored(local)) lines.push('It is never linted: `ignores` name it.')
    for (const explanation of explanations) lines.push('', ...describe(explanation))
    io.stdout.write(`${lines.join('\n')}\n`)
    return 0
  })
}

function describe({ id, severity, options, steps }: RuleExplanation): string[] {
  const head = `${id}: ${severityNames[severity]}${options.length === 0 ? '' : ` ${JSON.stringify(options)}`}`
  if (steps.length === 0) return [head, id === unusedIgnoreId ? '  by default' : '  nothing sets it, so it is off']
  return [head, ...steps.map((step) => `  ${step.source}, ${step.place}: ${JSON.stringify(step.setting)}`)]
}
