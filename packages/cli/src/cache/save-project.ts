import { isInternalError } from '../reporters/totals.ts'
import { changeTimeOf, type FileStamp, type FileVersion } from '../read/file-version.ts'
import type { ProjectTrace, TargetOutcome } from '../run/job.ts'
import type { FactEntry } from '../run/shared-facts.ts'
import { isReplaced } from './known-files.ts'
import type { ProjectCache } from './project-cache.ts'
import { saveFacts } from './save-facts.ts'
import { saveReads } from './save-reads.ts'
import { formatState, type StoredFile, type StoredResult } from './stored-state.ts'

/** What a run has done with one project. */
export interface ProjectRun {
  /** By place among the targets. */
  readonly outcomes: readonly TargetOutcome[]
  /** The stored results that stand, by place among the targets: their outcomes come from the cache. */
  readonly standing: ReadonlyMap<number, StoredResult>
  /** By thread. */
  readonly traces: ReadonlyMap<number, ProjectTrace>
  /** Facts that were collected; owners are files by their place in the project. */
  readonly facts: readonly FactEntry[]
  /** When the run began, by the clock of the file system, in milliseconds since 1970. */
  readonly startedAt: number
}

/** A result to be kept, whose reads still stand where they were found. */
export interface KeptResult {
  readonly result: Omit<StoredResult, 'reads'>
  /** A log of this run, a stored result whose reads are kept, or no reads. */
  readonly reads: TargetOutcome['reads'] | StoredResult
}

/** Some file systems tell the time of a change to two seconds only. */
const COARSEST_CLOCK = 2000
/** So many files are read again and again rather than writing their stamps. */
const READ_AGAIN_LIMIT = 50

/** Whether a run has learned anything that is worth writing. */
export function isWorthSaving(cache: ProjectCache, { outcomes, standing }: Pick<ProjectRun, 'outcomes' | 'standing'>): boolean {
  return standing.size < outcomes.length || !cache.isSame || cache.doubtful.size > 0 || cache.files.readAgain > READ_AGAIN_LIMIT
}

/** Writes what a run has learned over what the cache held before. @throws {CacheError} */
export function saveProject(cache: ProjectCache, run: ProjectRun): void {
  const { folder, job, state } = cache
  const versions = new CurrentVersions(cache, run.traces.values())
  const configs = new Map<string, number>()
  const kept = [...resultsOfTargets(), ...resultsOfOthers()].sort((a, b) => (a.result.path < b.result.path ? -1 : 1))

  const facts = saveFacts(cache, run.facts, versions.byPath)
  const { results, segments: reads, renewals } = saveReads(cache, kept, run.traces)
  const stamps = new Map(state?.files.map(([path, version]) => [path, version?.stamp]))
  const files = job.files.map((path): StoredFile => [path, withSafeStamp(versions.byPath.get(path), stamps.get(path), run.startedAt)])
  const { code, context } = cache
  folder.writeState(formatState({ code, context, files, configs: [...configs.keys()], results, facts, reads, renewals }))
  cache.close()
  folder.removeAllBut([...facts, ...reads], [...(state?.facts ?? []), ...(state?.reads ?? [])])

  function* resultsOfTargets(): Generator<KeptResult> {
    for (const [number, { path, config }] of job.targets.entries()) {
      const { result, internalErrors, reads } = run.outcomes[number]!
      const stored = run.standing.get(number)
      // A result with an internal error is not kept: the next run tries again.
      if (!versions.byPath.has(path) || internalErrors.length > 0 || result.findings.some(isInternalError)) continue
      if (!stored && (!reads || !run.traces.has(reads.thread))) continue
      const { findings, suppressed } = result
      const place = configPlace(cache.configs[config]!)
      yield { result: { path, config: place, isCurrent: versions.areSettled, findings, suppressed, text: stored?.text }, reads: stored ?? reads }
    }
  }

  /** Results for files that this run was not about. */
  function* resultsOfOthers(): Generator<KeptResult> {
    const targets = new Set(job.targets.map(({ path }) => path))
    for (const stored of state?.results ?? []) {
      const { path, config, findings, suppressed, text } = stored
      if (targets.has(path) || !cache.files.isSame(path) || !versions.byPath.has(path)) continue
      const isCurrent = stored.isCurrent && cache.isSame && versions.areSettled
      yield { result: { path, config: configPlace(state!.configs[config]!), isCurrent, findings, suppressed, text }, reads: stored }
    }
  }

  function configPlace(digest: string): number {
    const place = configs.get(digest) ?? configs.size
    configs.set(digest, place)
    return place
  }
}

/** The versions of files that all parts of a run agree on. */
class CurrentVersions {
  readonly byPath: ReadonlyMap<string, FileVersion>
  /** Whether no file was changed while the run went on. */
  readonly areSettled: boolean

  constructor({ files, job }: ProjectCache, traces: Iterable<ProjectTrace>) {
    const versions = new Map<string, FileVersion | null>(files.versions)
    for (const trace of traces) {
      for (const [path, version] of trace.versions) {
        const other = versions.get(path)
        versions.set(path, other === undefined || other?.identity === version?.identity ? version : null)
      }
    }
    const agreed = [...versions].filter((entry): entry is [string, FileVersion] => entry[1] !== null && !isReplaced(job, entry[0]))
    this.byPath = new Map(agreed)
    this.areSettled = agreed.length === versions.size
  }
}

/**
 * Leaves the stamp out if the file could be changed once more without another stamp (git calls that "racily clean"): when it was changed about
 * the time when it was read.
 */
function withSafeStamp(version: FileVersion | undefined, storedStamp: FileStamp | null | undefined, startedAt: number): FileVersion | undefined {
  if (!version?.stamp || version.stamp === storedStamp) return version
  return changeTimeOf(version.stamp) < startedAt - COARSEST_CLOCK ? version : { ...version, stamp: null }
}
