import { createRegistry, definePack, type AnyRule, type Config, type Finding, type Language, type Pack, type Registry, type RuleSettings, type Settings } from '@krait/core'
import { pythonLanguage } from '../engine/python-language.ts'
import { openSmallProject, refuseInternalErrors } from '../engine/small-project.ts'
import { RuleTestFailure } from '../failure.ts'
import { compareExpectations, takeExpectations, type Expectation } from './expectations.ts'
import { projectFromFences, type FencedFile } from './fenced-files.ts'
import { readSections, type Section } from './sections.ts'

/** The files under one heading: one project, and one test. */
export interface MarkdownProject {
  /** The headings from the outermost in, joined by ` > `. */
  readonly name: string
  readonly files: readonly FencedFile[]
  /** The section's own config on top of those of the sections around it. */
  readonly configs: readonly Config[]
}

export interface MarkdownProjectOptions {
  /** The suite's title; the page's title or file name when left out. */
  readonly name?: string
  /** The pack under which rules given without a pack are known; `local` when left out. */
  readonly pack?: string
  /** Rule settings for all sections, by rule id; a section's own come on top. */
  readonly rules?: RuleSettings
  /** Settings for all sections; a section's own come on top. */
  readonly settings?: Settings
  readonly languages?: readonly Language[]
}

/**
 * The projects of a Markdown page, one per section that holds files.
 * @throws {RuleTestFailure} if the page can not be read as such, holds no file, or has two sections of one name.
 */
export function readMarkdownProjects(markdown: string): MarkdownProject[] {
  const projects: MarkdownProject[] = []
  const around: { section: Section; config: Config | null }[] = []
  for (const section of readSections(markdown)) {
    while (around.length > 0 && around.at(-1)!.section.level >= section.level) around.pop()
    const { files, config } = projectFromFences(section.fences)
    around.push({ section, config })
    if (files.length === 0) continue
    const name = around.map((outer) => outer.section.title).filter((title) => title !== '').join(' > ') || 'files without a heading'
    if (projects.some((project) => project.name === name)) throw new RuleTestFailure(`Line ${section.line}: there are two sections '${name}' with files. Rename one.`)
    projects.push({ name, files, configs: around.flatMap((outer) => outer.config ?? []) })
  }
  if (projects.length === 0) throw new RuleTestFailure('The page holds no file: put Python code blocks under its headings.')
  return projects
}

/**
 * Lints each file of a project: what is found must be what its `# expect:` comments say, no more and no less.
 * @param rules one rule, several, or a whole pack
 * @throws {RuleTestFailure} which lists what is missing and what is unexpected, by file and line.
 */
export async function checkMarkdownProject(
  rules: AnyRule | readonly AnyRule[] | Pack,
  { files, configs }: MarkdownProject,
  options: MarkdownProjectOptions = {},
): Promise<void> {
  const registry = registryOf(rules, options.pack)
  const languages = options.languages ?? [pythonLanguage]
  const taken = files.map((file) => takeFrom(file, languages, registry))
  const small = await openSmallProject({
    registry,
    languages,
    files: new Map(taken.map(({ file, text }) => [file.path, text])),
    config: mergeConfigs([{ rules: options.rules ?? {}, settings: options.settings ?? {} }, ...configs]),
  })
  const differences: string[] = []
  for (const { file, expectations } of taken) {
    if (!small.isLinted(file.path)) continue
    const result = small.lint(file.path)
    refuseInternalErrors(result)
    const { missing, unexpected } = compareExpectations(expectations, result.findings)
    differences.push(...describeDifferences(file, missing, unexpected))
  }
  if (differences.length === 0) return
  throw new RuleTestFailure(`The findings are not what the '# expect:' comments say:\n${differences.join('\n')}`)
}

/** The lines that differ, in order, each with its code and what is wrong with it. */
function describeDifferences(file: FencedFile, missing: readonly Expectation[], unexpected: readonly Finding[]): string[] {
  const code = file.text.split('\n')
  const lines = [...new Set([...missing, ...unexpected].map(({ line }) => line))].sort((a, b) => a - b)
  return lines.flatMap((line) => [
    `  ${file.path}:${line} (line ${file.line + line - 1} of the page): ${(code[line - 1] ?? '').trim()}`,
    ...missing.filter((one) => one.line === line).map(({ rule, message }) => `    missing     ${rule}${message === null ? '' : ` "${message}"`}`),
    ...unexpected.filter((one) => one.line === line).map(({ ruleId, message }) => `    unexpected  ${ruleId}: ${message}`),
  ])
}

interface TakenFile {
  readonly file: FencedFile
  readonly text: string
  readonly expectations: readonly Expectation[]
}

function takeFrom(file: FencedFile, languages: readonly Language[], registry: Registry): TakenFile {
  const language = languages.find(({ extensions }) => extensions.some((extension) => file.path.endsWith(extension)))
  if (!language) return { file, text: file.text, expectations: [] }
  const taken = takeExpectations(file.path, file.text, language)
  for (const { rule, line } of taken.expectations) {
    const known = rule.startsWith('krait/') || [...registry.rules.values()].some((entry) => entry.id === rule || entry.rule.name === rule)
    if (!known) throw new RuleTestFailure(`${file.path}:${line}: '# expect: ${rule}' names no rule under test. They are: ${[...registry.rules.keys()].join(', ')}.`)
  }
  return { file, ...taken }
}

function registryOf(rules: AnyRule | readonly AnyRule[] | Pack, pack = 'local'): Registry {
  if ('rules' in rules) return createRegistry([rules])
  return createRegistry([definePack({ name: pack, version: '0.0.0', rules: Array.isArray(rules) ? rules as readonly AnyRule[] : [rules as AnyRule] })])
}

/** Later configs win: rule by rule, and setting by setting at the top. */
function mergeConfigs(configs: readonly Config[]): Config {
  return {
    rules: Object.assign({}, ...configs.map((config) => config.rules)) as RuleSettings,
    settings: Object.assign({}, ...configs.map((config) => config.settings)) as Settings,
    overrides: configs.flatMap((config) => config.overrides ?? []),
    suppressions: Object.assign({}, ...configs.map((config) => config.suppressions)) as NonNullable<Config['suppressions']>,
  }
}
