import type { Registry } from '@krait/core'
import type { LintJob, RunOutcome, RunStatistics, TargetOutcome } from './job.ts'
import { numberFiles, numberTargets } from './job.ts'
import type { Recall } from './recall.ts'
import { FactReader } from './shared-facts.ts'
import { ThreadLinter, KEPT_BYTES } from './thread-linter.ts'

export interface RunOptions {
  readonly job: LintJob
  /** The registry of each project; the rules need no code. */
  readonly registries: readonly Registry[]
  /** The same with rules that can run. */
  loadRegistries(): Promise<readonly Registry[]>
  /** What an earlier run left. Only for a job that logs reads. */
  readonly recall?: Recall | undefined
  /** The compiled entry of a worker. */
  readonly workerUrl: URL
  /** How many threads so many targets are worth. */
  threads(targets: number): number
  /** Told how many targets are done, now and then. */
  onProgress(done: number): void
  /** Told of what went wrong in the machinery while the run goes on. */
  onWarning(message: string): void
}

/** The thread that gives out the work, as reads and traces name it; workers count from 1. */
export const MAIN_THREAD = 0

/** Lints a job. The outcome is the same whatever the number of threads. */
export async function runJob(options: RunOptions): Promise<RunOutcome> {
  const { job, recall, threads } = options
  const targets = numberTargets(job).length
  if (threads(targets - (recall?.doubtful ?? 0)) > 1) return (await tryWorkers(options)) ?? runHere(await openHere(options), options)
  const linter = await openHere(options)
  const recalled = recall?.recall(linter.projects) ?? new Map<number, TargetOutcome>()
  // Many outcomes may have fallen with one change.
  const inWorkers = threads(targets - recalled.size) > 1 ? await tryWorkers(options, { linter, recalled }) : undefined
  return inWorkers ?? runHere(linter, options, recalled)
}

/** Below this many targets a second thread costs more than it brings. */
const TARGETS_PER_THREAD = 150

/**
 * How many threads to use.
 * @param concurrency from the command line
 * @param cores that this process may use
 */
export function threadCount(concurrency: number | 'auto', targets: number, cores: number): number {
  if (concurrency !== 'auto') return Math.min(concurrency, Math.max(1, targets))
  return Math.max(1, Math.min(cores, Math.ceil(targets / TARGETS_PER_THREAD)))
}

export function emptyStatistics(threads: number): RunStatistics {
  return { threads, files: 0, lines: 0, recalled: 0, stages: new Map(), rules: new Map(), shared: new Map(), decodings: [] }
}

/** What the main thread has done before it gives the rest to workers. */
export interface Groundwork {
  readonly linter: ThreadLinter
  /** Outcomes that stand, by target number. */
  readonly recalled: ReadonlyMap<number, TargetOutcome>
}

async function tryWorkers(options: RunOptions, groundwork?: Groundwork): Promise<RunOutcome | undefined> {
  const { runInWorkers } = await import('./run-in-workers.ts')
  const outcome = await runInWorkers(options, groundwork)
  if (!outcome) options.onWarning('Workers can not be started here: linting goes on in one thread.')
  return outcome
}

async function openHere({ job, loadRegistries, recall }: RunOptions): Promise<ThreadLinter> {
  const linter = await ThreadLinter.open({ job, registries: await loadRegistries(), thread: MAIN_THREAD, keepBytes: KEPT_BYTES })
  if (recall) linter.seed(new FactReader(recall.facts))
  return linter
}

function runHere(linter: ThreadLinter, { job, recall, onProgress }: RunOptions, recalled = recall?.recall(linter.projects)): RunOutcome {
  const outcomes: TargetOutcome[][] = job.projects.map(() => [])
  const targets = numberTargets(job)
  // Rules on so many files will ask for the facts of all files: while a tree is at hand they cost the least.
  if (targets.length - (recalled?.size ?? 0) > TARGETS_PER_THREAD) for (const { project, path } of numberFiles(job)) linter.prepare(project, path)
  for (const [number, { project, target }] of targets.entries()) {
    outcomes[project]!.push(recalled?.get(number) ?? linter.lint(project, target))
    onProgress(number + 1)
  }
  if (linter.hasMetDamage) recall?.onDamagedFacts()
  const statistics = { ...emptyStatistics(1), recalled: recalled?.size ?? 0 }
  linter.addTo(statistics)
  if (!job.logsReads) return { outcomes, statistics, traces: new Map(), facts: [] }
  return { outcomes, statistics, traces: new Map([[MAIN_THREAD, linter.trace()]]), facts: [linter.collectedFacts()] }
}
