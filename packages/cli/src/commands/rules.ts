import { styleText } from 'node:util'
import { ConfigLoader, type ConfigOptions } from '../config/config-loader.ts'
import { knownRules, type KnownRule } from '../config/known-rules.ts'
import type { Io } from '../io.ts'
import { withConfigErrors } from './with-config-errors.ts'

export const rulesFormats = ['stylish', 'json', 'markdown'] as const

export interface RulesArguments {
  readonly format?: (typeof rulesFormats)[number] | undefined
  readonly config?: Omit<ConfigOptions, 'cwd'>
}

/**
 * `krait rules`: lists every known rule, with its severity in the config of the current folder. As Markdown: a rulebook of the rules that
 * are on.
 *
 * @returns the exit code
 */
export function rulesCommand(args: RulesArguments, io: Io): Promise<number> {
  return withConfigErrors(io, async () => {
    const loaded = await new ConfigLoader({ ...args.config, cwd: io.cwd }).forFolder(io.cwd)
    const rules = knownRules(loaded.registry, loaded.resolver.resolve(''))
    const formats = { stylish: () => stylish(rules, io.color), json: () => json(rules), markdown: () => markdown(rules) }
    io.stdout.write(formats[args.format ?? 'stylish']())
    return 0
  })
}

function stylish(rules: readonly KnownRule[], color: boolean): string {
  const paint = (format: Parameters<typeof styleText>[0], text: string): string => (color ? styleText(format, text, { validateStream: false }) : text)
  const nameWidth = Math.max(0, ...rules.map((rule) => nameOf(rule).length))
  const lines: string[] = []
  for (const [pack, members] of byPack(rules)) {
    lines.push(paint('bold', pack))
    for (const rule of members) {
      const severity = rule.severity.padEnd(5)
      const painted = rule.severity === 'off' ? paint('dim', severity) : paint(rule.severity === 'error' ? 'red' : 'yellow', severity)
      const name = nameOf(rule).padEnd(nameWidth)
      lines.push(`  ${painted}  ${name}  ${rule.preset.padEnd('needs-config'.length)}  ${repair(rule).padEnd(7)}  ${rule.since}  ${rule.description}`)
    }
    lines.push('')
  }
  const on = rules.filter((rule) => rule.severity !== 'off').length
  lines.push(`${rules.length} rules, ${on} on. 'krait explain RULE' tells more of one.`)
  return `${lines.join('\n')}\n`
}

function json(rules: readonly KnownRule[]): string {
  const listed = rules.map(({ id, description, preset, severity, fixable, suggestions, since }) => (
    { id, description, preset, severity, fixable, suggestions, since }
  ))
  return `${JSON.stringify(listed, null, 2)}\n`
}

function markdown(rules: readonly KnownRule[]): string {
  const sections = ['# Rules for our Python code', 'krait checks these. An error fails the build.']
  for (const [pack, members] of byPack(rules.filter((rule) => rule.severity !== 'off' && rule.registered !== null))) {
    sections.push(`## ${pack}`)
    sections.push(members.map((rule) => `- ${rule.description.replace(/\.$/, '')}. (\`${rule.id}\`, ${rule.severity}${suffix(rule)})`).join('\n'))
  }
  return `${sections.join('\n\n')}\n`
}

function suffix(rule: KnownRule): string {
  return rule.fixable ? ', `--fix` repairs it' : ''
}

function repair(rule: KnownRule): string {
  return rule.fixable ? 'fix' : rule.suggestions ? 'suggest' : ''
}

function nameOf(rule: KnownRule): string {
  return rule.id.slice(rule.id.indexOf('/') + 1)
}

function byPack(rules: readonly KnownRule[]): Map<string, KnownRule[]> {
  const packs = new Map<string, KnownRule[]>()
  for (const rule of rules) {
    const pack = rule.id.slice(0, rule.id.indexOf('/'))
    packs.set(pack, [...packs.get(pack) ?? [], rule])
  }
  return packs
}
