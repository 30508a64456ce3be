import type { ConfigLoader } from '../config/config-loader.ts'
import type { DiscoveredProject } from '../discover/group-into-projects.ts'
import type { TargetOutcome } from '../run/job.ts'
import type { Overlay } from '../run/overlay.ts'
import { readChangeSet, type ChangeRequest, type ChangeSet } from './change-set.ts'
import { narrowToChanges } from './changed-projects.ts'
import { findPlace } from './find-place.ts'
import { keepChangedOutcomes, type ProjectChangesData } from './project-changes.ts'
import { stagedTargets } from './staged-targets.ts'

export interface ChangedRunOptions extends Omit<ChangeRequest, 'place'> {
  /** Files, folders and globs, as given. */
  readonly paths: readonly string[]
  /** The folders among them: absolute, real. */
  readonly folders: readonly string[]
  readonly cwd: string
}

/** What is left of a run when only a change is looked at. */
export interface NarrowedRun {
  readonly projects: readonly DiscoveredProject[]
  /** What is staged, where it is not what is on disk. */
  readonly overlay: Overlay
  /** Whether the change touches a file. @param path absolute */
  isChanged(path: string): boolean
}

/** A run that looks at a change. Git is asked from the start, while files are found and configs are loaded. */
export class ChangedRun {
  readonly #options: ChangedRunOptions
  readonly #changeSet: Promise<ChangeSet>

  /** @throws {UsageError} if the paths lie in several repositories */
  constructor(options: ChangedRunOptions) {
    this.#options = options
    this.#changeSet = readChangeSet({ ...options, place: findPlace(options.paths, options.cwd) })
    // Nobody waits for it yet, and if something else fails before, nobody ever will.
    this.#changeSet.catch(() => undefined)
  }

  /**
   * The files to lint.
   * @param found absolute: those that were found on disk
   * @throws {UsageError} if git can not tell
   */
  async chooseTargets(found: readonly string[]): Promise<readonly string[]> {
    if (!this.#options.isStaged) return found
    const { index } = await this.#changeSet
    return index ? stagedTargets(found, index, this.#options.folders) : found
  }

  /** @param links absolute: symbolic links among the targets @throws {UsageError} if git can not tell */
  async narrow(projects: readonly DiscoveredProject[], links: readonly string[], loader: ConfigLoader): Promise<NarrowedRun> {
    const changeSet = await this.#changeSet
    return {
      projects: await narrowToChanges(projects, changeSet, links, loader),
      overlay: changeSet.index?.texts ?? new Map(),
      isChanged: (path) => changeSet.files.has(path),
    }
  }

  /** What the report shows of a project's outcomes. */
  chooseOutcomes(outcomes: readonly TargetOutcome[], changes: ProjectChangesData): readonly TargetOutcome[] {
    return keepChangedOutcomes(outcomes, changes)
  }
}
