import {
  createConfigResolver,
  Linter,
  Project,
  validateRules,
  validateShape,
  type Config,
  type ConfigProblem,
  type Language,
  type LintResult,
  type Registry,
  type ResolvedConfig,
} from '@krait/core'
import { RuleTestFailure } from '../failure.ts'
import { splitBase } from './base-files.ts'

/** A project in memory with the rules under test. */
export interface SmallProject {
  readonly project: Project
  readonly linter: Linter
  configOf(path: string): ResolvedConfig
  /** Whether the file belongs to the project, in a language of the test. */
  isLinted(path: string): boolean
  lint(path: string): LintResult
}

export interface SmallProjectInput {
  readonly registry: Registry
  readonly languages: readonly Language[]
  /** Text by path; below `@base/` that of the base which the run compares with, see `splitBase`. */
  readonly files: ReadonlyMap<string, string>
  /** On top of all rules as errors with their default options. */
  readonly config: Config
}

/**
 * Opens a project as the real engine would see it: all rules of the registry are on, the config is validated, suppression comments count.
 * @throws {RuleTestFailure} if the config is wrong.
 */
export async function openSmallProject({ registry, languages, files, config }: SmallProjectInput): Promise<SmallProject> {
  refuse(validateShape(config))
  refuse(await validateRules(config, registry))
  const everyRule = Object.fromEntries([...registry.rules.keys()].map((id) => [id, 'error' as const]))
  const resolver = await createConfigResolver({
    root: '/project',
    layers: [{ source: 'all rules under test', rules: everyRule }, { source: 'the test', ...config }],
    registry,
  })
  const { files: own, changes } = splitBase(files)
  const project = new Project({
    files: [...own.keys()],
    languages,
    facts: registry.packs.flatMap((pack) => pack.facts ?? []),
    settings: resolver.resolve('').settings,
    changes,
    read: (path) => own.get(path),
  })
  const linter = new Linter({ registry })
  return {
    project,
    linter,
    configOf: (path) => resolver.resolve(path),
    isLinted: (path) => own.has(path) && project.languageOf(path) !== undefined,
    lint: (path) => linter.lint(project, path, resolver.resolve(path)),
  }
}

/** @throws {RuleTestFailure} with the stack of each rule that threw. */
export function refuseInternalErrors({ internalErrors }: LintResult): void {
  if (internalErrors.length === 0) return
  const failures = internalErrors.map(({ ruleId, path, stack }) => `The rule ${ruleId} failed on ${path}: ${stack}`)
  throw new RuleTestFailure(failures.join('\n\n'))
}

function refuse(problems: readonly ConfigProblem[]): void {
  if (problems.length === 0) return
  const list = problems.map(({ place, message }) => (place === '' ? `  ${message}` : `  ${place}: ${message}`))
  throw new RuleTestFailure(`The options or settings of this test are not valid:\n${list.join('\n')}`)
}
