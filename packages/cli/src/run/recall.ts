import type { Project } from '@krait/core'
import type { TargetOutcome } from './job.ts'
import type { FactSegment } from './shared-facts.ts'

/** What an earlier run left for this one. */
export interface Recall {
  /** Facts of files whose content is the same, under the file numbers of the job. */
  readonly facts: readonly FactSegment[]
  /** Told if a stored fact is not what it should be. */
  onDamagedFacts(): void
  /** How many targets have an outcome that may still stand. */
  readonly doubtful: number
  /**
   * Checks the doubtful outcomes.
   * @param projects of the job, opened in this thread, with all facts that are at hand
   * @returns those that still stand, by target number
   */
  recall(projects: readonly Project[]): ReadonlyMap<number, TargetOutcome>
}
