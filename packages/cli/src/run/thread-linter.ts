import {
  indexesOf,
  keepChanged,
  Linter,
  Project,
  unreadableFile,
  WorkTimings,
  type CollectedFact,
  type ProjectChanges,
  type Registry,
  type ResolvedConfig,
} from '@krait/core'
import { loadRegistry } from '../config/load-packs.ts'
import { GitChanges } from '../git/project-changes.ts'
import { loadLanguages, type LoadedLanguages } from '../languages.ts'
import { digestText } from '../read/digest.ts'
import { numberFiles, type FixedTarget, type LintJob, type ProjectJob, type RunStatistics, type Target, type TargetOutcome, type ThreadTrace } from './job.ts'
import { internalErrorResult } from './internal-error-result.ts'
import { addTimings } from './add-timings.ts'
import { factsOfJob, FactWriter, type FactReader, type FactSegment } from './shared-facts.ts'
import { SourceReader } from './source-reader.ts'

/** How many bytes of trees all threads together may keep. */
export const KEPT_BYTES = 160 * 1024 * 1024

/** One project, opened in this thread. */
interface OpenProject {
  readonly job: ProjectJob
  readonly project: Project
  readonly linter: Linter
  readonly reader: SourceReader
  readonly changes: ProjectChanges | null
}

export interface ThreadLinterOptions {
  readonly job: LintJob
  /** The registries of the projects, if this thread has them already. */
  readonly registries?: readonly Registry[]
  readonly wasm?: Parameters<typeof loadLanguages>[0]
  /** What this thread is called in `TargetOutcome.reads`. */
  readonly thread: number
  /** How many bytes of trees this thread may keep. */
  readonly keepBytes: number
}

/** Lints the files of a job in one thread, in any order. */
export class ThreadLinter {
  readonly #job: LintJob
  readonly #thread: number
  readonly #projects: readonly OpenProject[]
  readonly #decoding: string
  readonly #stages = new Map<string, number>()
  readonly #timings: WorkTimings | undefined
  #seeds: FactReader | undefined
  #files = 0
  #lines = 0

  private constructor({ job, thread }: ThreadLinterOptions, projects: readonly OpenProject[], decoding: string, timings: WorkTimings | undefined) {
    this.#job = job
    this.#thread = thread
    this.#projects = projects
    this.#decoding = decoding
    this.#timings = timings
  }

  /** Loads the languages and the packs of each project. */
  static async open(options: ThreadLinterOptions): Promise<ThreadLinter> {
    const started = performance.now()
    const { job, keepBytes } = options
    const loaded = await loadLanguages(options.wasm)
    const projects: OpenProject[] = []
    const timings = job.measure ? new WorkTimings() : undefined
    for (const [index, project] of job.projects.entries()) {
      const registry = options.registries?.[index] ?? (await loadRegistry(project.packs))
      projects.push(openProject({ job: project, registry, loaded, keepBytes, run: job, timings }))
    }
    const linter = new ThreadLinter(options, projects, loaded.decoding, timings)
    linter.#addTime('load', performance.now() - started)
    return linter
  }

  /** Whether a fact from an earlier run was not what it should be. */
  get hasMetDamage(): boolean {
    return this.#seeds?.hasMetDamage ?? false
  }

  get projects(): readonly Project[] {
    return this.#projects.map(({ project }) => project)
  }

  /** The facts of a file as JSON texts; none if it can not be read, or if collecting fails: who asks for a fact will be told. */
  collect(project: number, path: string): readonly CollectedFact[] {
    return this.#timed('collect', () => {
      try {
        return this.#projects[project]!.project.collect(path)
      } catch {
        return []
      }
    })
  }

  /** Collects the facts of a file before rules ask for them. */
  prepare(project: number, path: string): void {
    this.#timed('collect', () => this.#projects[project]!.project.prepare(path))
  }

  /** Says where facts that were collected elsewhere are. */
  seed(reader: FactReader): void {
    this.#seeds = reader
    for (const [index, source] of factsOfJob(this.#job, reader).entries()) this.#projects[index]!.project.seed(source)
  }

  /** The facts that were collected here, not elsewhere. */
  collectedFacts(): FactSegment {
    const writer = new FactWriter()
    for (const [number, { project, path }] of numberFiles(this.#job).entries()) {
      for (const fact of this.#projects[project]!.project.collected(path)) writer.add(number, fact)
    }
    return writer.finish()
  }

  /** What was read here. Ask for it when all is linted. */
  trace(): ThreadTrace {
    return this.#projects.map(({ project, reader }) => ({ table: project.readTable(), answers: [...project.answerTexts()], versions: [...reader.versions] }))
  }

  /** Treats a file as one that can not be read. */
  refuse(project: number, path: string, reason: string): void {
    this.#projects[project]!.reader.refuse(path, reason)
  }

  /** Lints one target, and fixes it if the job says so. Writes nothing. */
  lint(projectIndex: number, target: Target): TargetOutcome {
    const open = this.#projects[projectIndex]!
    const { job, project, reader } = open
    const reason = reader.failure(target.path)
    if (reason !== undefined) return this.#withReads({ result: unreadableFile(target.path, reason), internalErrors: [] }, [])
    this.#files++
    this.#lines += reader.linesOf(target.path)
    const config = job.configs[target.config]!
    return this.#timed('check', () => {
      try {
        if (this.#job.fix === 'none') return this.#lint(open, target.path, config)
        return this.#lintAndFix(open, target.path, config)
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
    if (!this.#timings) return
    addTimings(statistics.rules, this.#timings.rules)
    addTimings(statistics.shared, this.#timings.shared)
  }

  #lint({ project, linter }: OpenProject, path: string, config: ResolvedConfig): TargetOutcome {
    const { internalErrors, reads, ...result } = linter.lint(project, path, config)
    return this.#withReads({ result, internalErrors }, reads)
  }

  #withReads(outcome: TargetOutcome, places: readonly number[] | undefined): TargetOutcome {
    return places && this.#job.logsReads ? { ...outcome, reads: { thread: this.#thread, places } } : outcome
  }

  #lintAndFix(open: OpenProject, path: string, config: ResolvedConfig): TargetOutcome {
    const { project, linter, reader, changes } = open
    const options = { unsafe: this.#job.fix === 'unsafe', changes: changes ?? undefined }
    const { text, changed, result, problems } = linter.fix(project, path, config, options)
    const { internalErrors, reads: _, ...findings } = result
    if (!changed && problems.length === 0) return { result: findings, internalErrors }
    const before = reader.read(path)!
    const unfixed = this.#lint(open, path, config).result
    const fixed: FixedTarget = { before, after: text, unfixed: changes ? keepChanged(unfixed, changes) : unfixed, problems }
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

interface Opening {
  readonly job: ProjectJob
  readonly registry: Registry
  readonly loaded: LoadedLanguages
  readonly keepBytes: number
  readonly run: LintJob
  readonly timings: WorkTimings | undefined
}

function openProject({ job, registry, loaded, keepBytes, run, timings }: Opening): OpenProject {
  const { measure, logsReads } = run
  const { languages } = loaded
  const reader = new SourceReader(job.root, job.overlay, { countsLines: measure, notesVersions: logsReads })
  for (const [path, reason] of Object.entries(job.refused)) reader.refuse(path, reason)
  const facts = registry.packs.flatMap((pack) => pack.facts ?? [])
  const indexes = registry.packs.flatMap(indexesOf)
  const changes = job.changes && new GitChanges(job.changes)
  const { files, settings } = job
  const isEager = job.configs.some(({ rules }) => rules.length >= EAGER_RULES)
  const project = new Project({ files, languages, facts, indexes, settings, changes, read: reader.read, keepBytes, isEager, logsReads, digest: digestText, timings })
  return { job, project, linter: new Linter({ registry, timings }), reader, changes }
}

/** So many rules ask for most of the facts that there are. */
const EAGER_RULES = 20

/** What the engine itself, or a language, failed on; rules that throw are caught before. */
function failedOutcome(path: string, error: unknown): TargetOutcome {
  const { message, stack = message } = error instanceof Error ? error : new Error(String(error))
  const ruleId = 'krait/internal-error'
  const text = `krait failed on this file: ${message}. Please report this with the file.`
  return { result: internalErrorResult(path, 'hostFailed', text), internalErrors: [{ ruleId, path, stack }] }
}
