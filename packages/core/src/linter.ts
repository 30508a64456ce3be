import { checkFile, type InternalError } from './check/check-file.ts'
import { syntaxErrorFinding } from './check/syntax-error.ts'
import type { WorkTimings } from './timing/work-timings.ts'
import type { Registry } from './config/registry.ts'
import type { ResolvedConfig } from './config/resolved-config.ts'
import { applySuppressions } from './filter/suppress.ts'
import { fixFile, type FixOptions, type FixOutcome } from './fix/fix-file.ts'
import type { Project } from './project/project.ts'
import type { FileResult } from './results/finding.ts'
import { sortFindings } from './results/sort-findings.ts'
import { ListenerTable } from './rules/listener-table.ts'
import type { SourceCode } from './source/source-code.ts'
import type { Grammar } from './syntax/grammar.ts'

export interface LinterOptions {
  readonly registry: Registry
  /** Takes how long each rule worked. */
  readonly timings?: WorkTimings | undefined
}

/** What linting one file gives, with the reasons of rules that failed. */
export interface LintResult extends FileResult {
  readonly internalErrors: readonly InternalError[]
  /** What the rules read of other files, as numbers of `Project.readTable`; only if the project logs reads. */
  readonly reads?: readonly number[]
}

/** Runs rules on the files of a project. Holds no state that one file could leave to the next, so files can come in any order. */
export class Linter {
  readonly #registry: Registry
  readonly #knownRules: ReadonlySet<string>
  readonly #timings: WorkTimings | undefined
  readonly #tables = new Map<Grammar, ListenerTable>()

  constructor(options: LinterOptions) {
    this.#registry = options.registry
    this.#knownRules = new Set(options.registry.rules.keys())
    this.#timings = options.timings
  }

  /**
   * Lints one file of the project. Never throws for what a file holds or a rule does.
   * @throws Error if the project can not read the file, or no language of it knows the file: ask before.
   */
  lint(project: Project, path: string, config: ResolvedConfig): LintResult {
    return project.withTree(path, (source) => this.#lintSource(project, path, source, config))
  }

  #lintSource(project: Project, path: string, source: SourceCode | undefined, config: ResolvedConfig): LintResult {
    const language = project.languageOf(path)
    if (!source || !language) throw new Error(`'${path}' can not be linted: it can not be read or has no language`)
    const log = project.openLog()
    const { findings, internalErrors } = checkFile({
      source,
      language,
      project,
      config,
      rule: (id) => this.#registry.rules.get(id)?.rule,
      table: this.#table(source.tree.grammar),
      timings: this.#timings,
      log,
    })
    const syntaxError = syntaxErrorFinding(source, language)
    if (syntaxError) findings.push(syntaxError)
    const filtered = applySuppressions({ source, language, config, findings, knownRules: this.#knownRules })
    return {
      path,
      findings: sortFindings(filtered.findings),
      suppressed: sortFindings(filtered.suppressed),
      internalErrors,
      ...(log && { reads: project.numbersOf(log) }),
    }
  }

  /**
   * Fixes one file: several passes, each re-parsed. The project itself is not changed: all files are fixed against what the project was, so
   * the outcome does not depend on their order.
   */
  fix(project: Project, path: string, config: ResolvedConfig, options: FixOptions): FixOutcome {
    return fixFile((view) => this.lint(view, path, config), project, path, options)
  }

  #table(grammar: Grammar): ListenerTable {
    let table = this.#tables.get(grammar)
    if (!table) this.#tables.set(grammar, (table = new ListenerTable(grammar)))
    return table
  }
}
