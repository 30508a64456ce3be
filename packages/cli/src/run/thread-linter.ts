import { Linter, Project, unreadableFile, type Registry, type ResolvedConfig } from '@krait/core'
import { loadRegistry } from '../config/load-packs.ts'
import { loadLanguages, type LoadedLanguages } from '../languages.ts'
import type { FixedTarget, LintJob, ProjectJob, RunStatistics, Target, TargetOutcome } from './job.ts'
import { internalErrorResult } from './internal-error-result.ts'
import { SourceReader } from './source-reader.ts'

/** How many bytes of trees all threads together may keep. */
export const KEPT_BYTES = 160 * 1024 * 1024

/** One project, opened in this thread. */
interface OpenProject {
  readonly job: ProjectJob
  readonly project: Project
  readonly linter: Linter
  readonly reader: SourceReader
}

export interface ThreadLinterOptions {
  readonly job: LintJob
  /** The registries of the projects, if this thread has them already. */
  readonly registries?: readonly Registry[]
  readonly wasm?: Parameters<typeof loadLanguages>[0]
  /** How many bytes of trees this thread may keep. */
  readonly keepBytes: number
}

/** Lints the files of a job in one thread, in any order. */
export class ThreadLinter {
  readonly #fix: LintJob['fix']
  readonly #projects: readonly OpenProject[]
  readonly #decoding: string
  readonly #stages = new Map<string, number>()
  #files = 0
  #lines = 0

  private constructor(job: LintJob, projects: readonly OpenProject[], decoding: string) {
    this.#fix = job.fix
    this.#projects = projects
    this.#decoding = decoding
  }

  /** Loads the languages and the packs of each project. */
  static async open(options: ThreadLinterOptions): Promise<ThreadLinter> {
    const started = performance.now()
    const { job, keepBytes } = options
    const loaded = await loadLanguages(options.wasm)
    const projects: OpenProject[] = []
    for (const [index, project] of job.projects.entries()) {
      const registry = options.registries?.[index] ?? (await loadRegistry(project.packs))
      projects.push(openProject(project, registry, loaded, keepBytes, job.measure))
    }
    const linter = new ThreadLinter(job, projects, loaded.decoding)
    linter.#addTime('load', performance.now() - started)
    return linter
  }

  /** The facts of a file as JSON text; `undefined` if it can not be read, or if collecting fails: who asks for a fact will be told. */
  collect(project: number, path: string): string | undefined {
    return this.#timed('collect', () => {
      try {
        return this.#projects[project]!.project.collect(path)
      } catch {
        return undefined
      }
    })
  }

  /** Says where facts that were collected elsewhere are. */
  seed(lookup: (project: number, path: string) => string | undefined): void {
    for (const [index, { project }] of this.#projects.entries()) project.seed((path) => lookup(index, path))
  }

  /** Treats a file as one that can not be read. */
  refuse(project: number, path: string, reason: string): void {
    this.#projects[project]!.reader.refuse(path, reason)
  }

  /** Lints one target, and fixes it if the job says so. Writes nothing. */
  lint(projectIndex: number, target: Target): TargetOutcome {
    const { job, project, linter, reader } = this.#projects[projectIndex]!
    const reason = reader.failure(target.path)
    if (reason !== undefined) return { result: unreadableFile(target.path, reason), internalErrors: [] }
    this.#files++
    this.#lines += reader.linesOf(target.path)
    const config = job.configs[target.config]!
    return this.#timed('check', () => {
      try {
        if (this.#fix === 'none') return lintOnly(linter, project, target.path, config)
        return this.#lintAndFix(linter, project, target.path, config, reader)
      } catch (error) {
        return failedOutcome(target.path, error)
      } finally {
        project.release(target.path)
      }
    })
  }

  /** Adds what this thread did. */
  addTo(statistics: RunStatistics): void {
    for (const [stage, ms] of this.#stages) statistics.stages.set(stage, (statistics.stages.get(stage) ?? 0) + ms)
    statistics.decodings.push(this.#decoding)
    statistics.files += this.#files
    statistics.lines += this.#lines
    for (const { linter } of this.#projects) {
      for (const [ruleId, { ms, calls }] of linter.timings) {
        const sum = statistics.rules.get(ruleId) ?? { ms: 0, calls: 0 }
        statistics.rules.set(ruleId, { ms: sum.ms + ms, calls: sum.calls + calls })
      }
    }
  }

  #lintAndFix(linter: Linter, project: Project, path: string, config: ResolvedConfig, reader: SourceReader): TargetOutcome {
    const { text, changed, result, problems } = linter.fix(project, path, config, { unsafe: this.#fix === 'unsafe' })
    const { internalErrors, ...findings } = result
    if (!changed && problems.length === 0) return { result: findings, internalErrors }
    const before = reader.read(path)!
    const fixed: FixedTarget = { before, after: text, unfixed: lintOnly(linter, project, path, config).result, problems }
    return { result: findings, internalErrors, fixed }
  }

  #timed<T>(stage: string, work: () => T): T {
    const started = performance.now()
    const result = work()
    this.#addTime(stage, performance.now() - started)
    return result
  }

  #addTime(stage: string, ms: number): void {
    this.#stages.set(stage, (this.#stages.get(stage) ?? 0) + ms)
  }
}

function openProject(job: ProjectJob, registry: Registry, { languages }: LoadedLanguages, keepBytes: number, measure: boolean): OpenProject {
  const reader = new SourceReader(job.root, job.overlay, measure)
  const facts = registry.packs.flatMap((pack) => pack.facts ?? [])
  const project = new Project({ files: job.files, languages, facts, read: reader.read, keepBytes })
  return { job, project, linter: new Linter({ registry, timing: measure }), reader }
}

function lintOnly(linter: Linter, project: Project, path: string, config: ResolvedConfig): TargetOutcome {
  const { internalErrors, ...result } = linter.lint(project, path, config)
  return { result, internalErrors }
}

/** What the engine itself, or a language, failed on; rules that throw are caught before. */
function failedOutcome(path: string, error: unknown): TargetOutcome {
  const { message, stack = message } = error instanceof Error ? error : new Error(String(error))
  const ruleId = 'krait/internal-error'
  const text = `krait failed on this file: ${message}. Please report this with the file.`
  return { result: internalErrorResult(path, 'hostFailed', text), internalErrors: [{ ruleId, path, stack }] }
}
