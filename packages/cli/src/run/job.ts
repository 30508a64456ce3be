import type { FileResult, LintResult, ResolvedConfig } from '@krait/core'
import type { PackReference } from '../config/load-packs.ts'

/** What to lint. Plain JSON: it travels to workers. */
export interface LintJob {
  readonly projects: readonly ProjectJob[]
  readonly fix: 'none' | 'safe' | 'unsafe'
  /** Whether to measure each rule and count lines. */
  readonly measure: boolean
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
  /** Texts that stand in place of what is on disk, by path. */
  readonly overlay: Readonly<Record<string, string>>
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
  /** Milliseconds of work by stage, summed over threads. */
  readonly stages: Map<string, number>
  /** Milliseconds and calls by rule. */
  readonly rules: Map<string, { ms: number; calls: number }>
  /** How trees left the parser, by thread. */
  readonly decodings: string[]
}

/** The outcomes of a job, by project and target. */
export interface RunOutcome {
  readonly outcomes: readonly (readonly TargetOutcome[])[]
  readonly statistics: RunStatistics
}

/** All files of a job in one row, so that a number names a file. */
export function numberFiles(job: LintJob): { project: number; path: string }[] {
  return job.projects.flatMap(({ files }, project) => files.map((path) => ({ project, path })))
}

/** All targets of a job in one row. */
export function numberTargets(job: LintJob): { project: number; target: Target }[] {
  return job.projects.flatMap(({ targets }, project) => targets.map((target) => ({ project, target })))
}
