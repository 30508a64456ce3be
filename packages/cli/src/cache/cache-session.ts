import type { Finding, Project } from '@krait/core'
import type { LintJob, RunOutcome, TargetOutcome } from '../run/job.ts'
import { emptyStatistics, runJob, type RunOptions } from '../run/run-job.ts'
import { factEntries, inMemory, type FactEntry, type FactSegment } from '../run/shared-facts.ts'
import { cachePlace } from './cache-place.ts'
import { codeDigest } from './code-digest.ts'
import type { PackOutlines } from './pack-outlines.ts'
import { ProjectCache } from './project-cache.ts'
import { CacheError, ProjectFolder } from './project-folder.ts'
import { isWorthSaving, saveProject } from './save-project.ts'
import type { StoredResult } from './stored-state.ts'

export interface CacheOptions {
  /** The folder of the cache, absolute; `undefined` is one in each project's root. */
  readonly location: string | undefined
  readonly outlines: PackOutlines
}

/** Lints a job that logs reads, except for what an earlier run has found and what still stands; keeps what is found. */
export async function runWithCache(options: RunOptions, { location, outlines }: CacheOptions): Promise<RunOutcome> {
  const session = new CacheSession(options, location)
  try {
    const run = await session.run()
    // Segments are closed when the run is saved.
    const facts = options.job.measure ? session.allFacts(run) : run.facts
    session.save(run)
    await outlines.save()
    return { ...run, facts }
  } finally {
    session.close()
  }
}

/** One project of the job. */
interface CachedProject {
  readonly cache: ProjectCache
  /** The number of its first file in the job. */
  readonly firstFile: number
  /** Places of the targets that are to be linted or checked, by their number in the job that is run. */
  readonly open: ReadonlyMap<number, number>
  /** Stored results that stand, by place among the targets. */
  standing: ReadonlyMap<number, StoredResult>
  /** Whether what is found may be kept: it is about the files on disk, as they are. */
  readonly isKept: boolean
}

class CacheSession {
  readonly #options: RunOptions
  readonly #projects: CachedProject[] = []
  /** The job without the targets that are certain. */
  readonly #openJob: LintJob
  readonly #started = new Map<ProjectFolder, number>()
  #hasWarned = false
  #canWrite = true

  constructor(options: RunOptions, location: string | undefined) {
    this.#options = options
    const { job, registries } = options
    let firstFile = 0
    let openTargets = 0
    for (const [index, project] of job.projects.entries()) {
      const folder = new ProjectFolder(cachePlace(location, project.root), project.root)
      const isKept = job.fix === 'none' && Object.keys(project.overlay).length === 0 && Object.keys(project.refused).length === 0
      const cache = new ProjectCache({
        folder,
        job: project,
        code: codeDigest(registries[index]!, project.packs, project.root),
        isUsable: (result) => job.fix === 'none' || !result.findings.some(canBeFixed),
        beforeReading: () => isKept && this.#noteStart(folder),
        onDamage: (error) => this.#warn(folder, `${error.message}: it is not used, and written anew`),
      })
      const places = [...project.targets.keys()].filter((place) => !cache.certain.has(place))
      this.#projects.push({ cache, firstFile, open: new Map(places.map((place) => [openTargets++, place])), standing: cache.certain, isKept })
      firstFile += project.files.length
    }
    const projects = job.projects.map((project, index) => {
      const { certain } = this.#projects[index]!.cache
      return { ...project, targets: project.targets.filter((_, place) => !certain.has(place)) }
    })
    this.#openJob = { ...job, projects }
  }

  async run(): Promise<RunOutcome> {
    const certain = this.#projects.reduce((sum, { cache }) => sum + cache.certain.size, 0)
    const run = await this.#runOpen(certain)
    const outcomes = this.#projects.map(({ cache, open }, index) => {
      const all = cache.job.targets.map((_, place) => outcomeOf(cache.certain.get(place)))
      for (const [i, place] of [...open.values()].entries()) all[place] = run.outcomes[index]![i]
      return all as readonly TargetOutcome[]
    })
    return { ...run, outcomes, statistics: { ...run.statistics, recalled: run.statistics.recalled + certain } }
  }

  /** Keeps what the run found. */
  save(run: RunOutcome): void {
    for (const [index, { cache, firstFile, standing, isKept }] of this.#projects.entries()) {
      const outcomes = run.outcomes[index]!
      if (!isKept || !this.#canWrite || !isWorthSaving(cache, { outcomes, standing })) continue
      const traces = new Map([...run.traces].map(([thread, trace]) => [thread, trace[index]!]))
      const facts = factsOfProject(run, firstFile, cache.job.files.length)
      try {
        saveProject(cache, { outcomes, standing, traces, facts, startedAt: this.#noteStart(cache.folder) })
      } catch (error) {
        this.#giveUpWriting(cache.folder, error)
      }
    }
  }

  /** The facts that a run has collected, and those of earlier runs. */
  allFacts({ facts }: RunOutcome): readonly FactSegment[] {
    return [...inMemory(this.#storedFacts()), ...facts]
  }

  close(): void {
    for (const { cache } of this.#projects) cache.close()
  }

  async #runOpen(certain: number): Promise<RunOutcome> {
    const { onProgress } = this.#options
    const isOpen = this.#openJob.projects.some(({ targets }) => targets.length > 0)
    if (!isOpen) return { outcomes: this.#projects.map(() => []), statistics: emptyStatistics(1), traces: new Map(), facts: [] }
    for (const { cache, isKept } of this.#projects) if (isKept) this.#noteStart(cache.folder)
    const recall = {
      facts: this.#storedFacts(),
      onDamagedFacts: () => this.#projects.forEach(({ cache }) => cache.dropFacts()),
      doubtful: this.#projects.reduce((sum, { cache }) => sum + cache.doubtful.size, 0),
      recall: (projects: readonly Project[]) => this.#recall(projects),
    }
    return runJob({ ...this.#options, job: this.#openJob, recall, onProgress: (done) => onProgress(certain + done) })
  }

  /** The stored facts of all projects under the file numbers of the job. */
  #storedFacts(): FactSegment[] {
    const contents = this.#projects.map(({ cache }) => cache.contents())
    return this.#projects.flatMap(({ cache }, index) => {
      const ofJob = contents.flatMap((ofProject, other) => (other === index ? ofProject : ofProject.map(() => undefined)))
      return cache.facts().map((segment) => segment.forFiles(ofJob))
    })
  }

  #recall(projects: readonly Project[]): Map<number, TargetOutcome> {
    const outcomes = new Map<number, TargetOutcome>()
    for (const [index, project] of this.#projects.entries()) {
      const standing = project.cache.recall(projects[index]!)
      project.standing = new Map([...project.cache.certain, ...standing])
      for (const [number, place] of project.open) {
        const outcome = outcomeOf(standing.get(place))
        if (outcome) outcomes.set(number, outcome)
      }
    }
    return outcomes
  }

  /** The time before any file of the project was read. */
  #noteStart(folder: ProjectFolder): number {
    let time = this.#started.get(folder)
    if (time === undefined) this.#started.set(folder, (time = this.#readClock(folder)))
    return time
  }

  #readClock(folder: ProjectFolder): number {
    try {
      return folder.now()
    } catch (error) {
      this.#giveUpWriting(folder, error)
      return 0
    }
  }

  #giveUpWriting(folder: ProjectFolder, error: unknown): void {
    if (!(error instanceof CacheError)) throw error
    this.#canWrite = false
    this.#warn(folder, `${error.message}: what this run found is not kept; --no-cache goes without a cache`)
  }

  /** Says it once: one broken folder has many consequences. */
  #warn(folder: ProjectFolder, problem: string): void {
    if (!this.#hasWarned) this.#options.onWarning(`The cache in ${folder.place.folder} ${problem}.`)
    this.#hasWarned = true
  }
}

function outcomeOf(stored: StoredResult | undefined): TargetOutcome | undefined {
  if (!stored) return undefined
  const { path, findings, suppressed } = stored
  return { result: { path, findings, suppressed }, internalErrors: [] }
}

function canBeFixed({ fix, suggestions }: Finding): boolean {
  return fix !== undefined || suggestions !== undefined
}

/** The facts that were collected in one project; owners are places of its files. */
function factsOfProject({ facts }: RunOutcome, firstFile: number, files: number): FactEntry[] {
  return facts
    .flatMap((segment) => [...factEntries(segment)])
    .filter(({ owner }) => owner >= firstFile && owner < firstFile + files)
    .map((entry) => ({ ...entry, owner: entry.owner - firstFile }))
}
