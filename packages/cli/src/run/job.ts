import type { FileResult, LintResult, ReadTable, ResolvedConfig, Settings, Timing } from '@krait/core'
import type { PackReference } from '../config/load-packs.ts'
import type { ProjectChangesData } from '../git/project-changes.ts'
import type { FileVersion } from '../read/file-version.ts'
import type { FactSegment } from './shared-facts.ts'

/** What to lint. Plain JSON: it travels to workers. */
export interface LintJob {
  readonly projects: readonly ProjectJob[]
  readonly fix: 'none' | 'safe' | 'unsafe'
  /** Whether to measure each rule and count lines. */
  readonly measure: boolean
  /** Whether to tell what outcomes rest on: see `ReadsOfTarget` and `ThreadTrace`. */
  readonly logsReads: boolean
}

/** The part of a job that lies under one config. Paths are relative to the root, with `/`, and sorted. */
export interface ProjectJob {
  /** Absolute. */
  readonly root: string
  /** All files of the project. */
  readonly files: readonly string[]
  readonly targets: readonly Target[]
  /** The configs that targets name by their index. */
  readonly configs: readonly ResolvedConfig[]
  readonly packs: readonly PackReference[]
  /** The settings outside of overrides. */
  readonly settings: Settings
  /** Texts that stand in place of what is on disk, by path. */
  readonly overlay: Readonly<Record<string, string>>
  /** Files to treat as unreadable, with the reason, by path. */
  readonly refused: Readonly<Record<string, string>>
  /** What was changed, if that is what the run looks at. */
  readonly changes: ProjectChangesData | null
}

/** One file to lint. */
export interface Target {
  readonly path: string
  /** Index into `ProjectJob.configs`. */
  readonly config: number
}

/** What came out of one target. */
export interface TargetOutcome {
  readonly result: FileResult
  readonly internalErrors: LintResult['internalErrors']
  readonly fixed?: FixedTarget
  /** What it rests on beside the file itself; only if the job logs reads. */
  readonly reads?: ReadsOfTarget
}

/** A log of reads. */
export interface ReadsOfTarget {
  /** Whose table says what the places mean; see `RunOutcome.traces`. */
  readonly thread: number
  readonly places: readonly number[]
}

/** What one thread has read, by project. */
export type ThreadTrace = readonly ProjectTrace[]

export interface ProjectTrace {
  readonly table: ReadTable
  /** The answers of indexes as JSON texts, by the place of their read. */
  readonly answers: readonly (readonly [place: number, json: string])[]
  /** The files read from disk; `null` for one that was changed between two reads. */
  readonly versions: readonly (readonly [path: string, version: FileVersion | null])[]
}

/** A text that fixes changed. Nothing is written yet. */
export interface FixedTarget {
  readonly before: string
  readonly after: string
  /** What stands in the report if the fixed text can not be written. */
  readonly unfixed: FileResult
  /** Fixes that were not applied, and why. */
  readonly problems: readonly { readonly ruleId: string; readonly message: string }[]
}

/** What a run took, for `--stats`. */
export interface RunStatistics {
  readonly threads: number
  /** Linted files, and their lines. */
  files: number
  lines: number
  /** Files whose findings an earlier run left. */
  recalled: number
  /** Milliseconds of work by stage, summed over threads. */
  readonly stages: Map<string, number>
  /** Of each rule, and of the work that all rules share: see `WorkTimings`. */
  readonly rules: Map<string, Timing>
  readonly shared: Map<string, Timing>
  /** How trees left the parser, by thread. */
  readonly decodings: string[]
}

/** The outcomes of a job, by project and target. */
export interface RunOutcome {
  readonly outcomes: readonly (readonly TargetOutcome[])[]
  readonly statistics: RunStatistics
  /** By thread; of a thread that died there is none. */
  readonly traces: ReadonlyMap<number, ThreadTrace>
  /** The facts that were collected, under the file numbers of the job; in one thread only if the job logs reads. With a cache also those of earlier runs, if the job is measured. */
  readonly facts: readonly FactSegment[]
}

/** All files of a job in one row, so that a number names a file. */
export function numberFiles(job: LintJob): { project: number; path: string }[] {
  return job.projects.flatMap(({ files }, project) => files.map((path) => ({ project, path })))
}

/** All targets of a job in one row. */
export function numberTargets(job: LintJob): { project: number; target: Target }[] {
  return job.projects.flatMap(({ targets }, project) => targets.map((target) => ({ project, target })))
}
