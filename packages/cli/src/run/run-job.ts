import type { Registry } from '@krait/core'
import type { LintJob, RunOutcome, RunStatistics, TargetOutcome } from './job.ts'
import { numberTargets } from './job.ts'
import { ThreadLinter, KEPT_BYTES } from './thread-linter.ts'

export interface RunOptions {
  readonly job: LintJob
  /** The registry of each project, as this thread loaded it. */
  readonly registries: readonly Registry[]
  readonly threads: number
  /** The compiled entry of a worker. */
  readonly workerUrl: URL
  /** Told how many targets are done, now and then. */
  onProgress(done: number): void
  /** Told of what went wrong in the machinery while the run goes on. */
  onWarning(message: string): void
}

/** Lints a job. The outcome is the same whatever the number of threads. */
export async function runJob(options: RunOptions): Promise<RunOutcome> {
  if (options.threads < 2) return runHere(options)
  const { runInWorkers } = await import('./run-in-workers.ts')
  const outcome = await runInWorkers(options)
  if (outcome) return outcome
  options.onWarning('Workers can not be started here: linting goes on in one thread.')
  return runHere(options)
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
  return { threads, files: 0, lines: 0, stages: new Map(), rules: new Map(), decodings: [] }
}

async function runHere({ job, registries, onProgress }: RunOptions): Promise<RunOutcome> {
  const linter = await ThreadLinter.open({ job, registries, keepBytes: KEPT_BYTES })
  const outcomes: TargetOutcome[][] = job.projects.map(() => [])
  let done = 0
  for (const { project, target } of numberTargets(job)) {
    outcomes[project]!.push(linter.lint(project, target))
    onProgress(++done)
  }
  const statistics = emptyStatistics(1)
  linter.addTo(statistics)
  return { outcomes, statistics }
}
