import { Worker } from 'node:worker_threads'
import type { FileResult } from '@krait/core'
import { compileLanguages, type CompiledLanguages } from '../languages.ts'
import { addTimings } from './add-timings.ts'
import { internalErrorResult } from './internal-error-result.ts'
import { numberFiles, numberTargets, type RunOutcome, type RunStatistics, type TargetOutcome, type ThreadTrace } from './job.ts'
import { emptyStatistics, MAIN_THREAD, type Groundwork, type RunOptions } from './run-job.ts'
import { FactReader, inMemory, type FactSegment } from './shared-facts.ts'
import { KEPT_BYTES, ThreadLinter } from './thread-linter.ts'
import { createBoard, type NumberedOutcome, type SharedBoard, type WorkerInput, type WorkerReply } from './worker-messages.ts'

/** A file that is at work in so many dying workers is given up. */
const DEATHS_PER_FILE = 2
/** Workers that die while they work on no file, most likely at their start: after so many, workers do not run here. */
const DEATHS_OUTSIDE_FILES = 3
const PROGRESS_INTERVAL = 100

/**
 * Lints a job in worker threads: first all facts are collected, then all targets are checked. What a dead worker had in hand is done again
 * by a new one.
 * @param groundwork what this thread has done already
 * @returns `undefined` if workers can not be started
 */
export async function runInWorkers(options: RunOptions, groundwork?: Groundwork): Promise<RunOutcome | undefined> {
  const run = new WorkerRun(options, await compileLanguages(), groundwork)
  const progress = setInterval(() => options.onProgress(run.done), PROGRESS_INTERVAL)
  try {
    return (await run.finish()) ? run.outcome() : undefined
  } finally {
    clearInterval(progress)
  }
}

/** A worker with what it has told so far. */
interface RunningWorker {
  readonly worker: Worker
  readonly thread: number
  hasCollected: boolean
  hasFinished: boolean
  lastError: string | undefined
}

class WorkerRun {
  readonly #options: RunOptions
  readonly #wasm: CompiledLanguages
  readonly #files: ReturnType<typeof numberFiles>
  readonly #targets: ReturnType<typeof numberTargets>
  readonly #board: SharedBoard
  readonly #workers: RunningWorker[] = []
  readonly #threads: number
  readonly #groundwork: Groundwork | undefined
  /** Facts that need not be collected, and those that were. */
  readonly #knownFacts: readonly FactSegment[]
  readonly #facts: FactSegment[] = []
  readonly #traces = new Map<number, ThreadTrace>()
  readonly #outcomes: (TargetOutcome | undefined)[]
  readonly #statistics: RunStatistics
  readonly #deathsByFile = new Map<number, number>()
  readonly #ended = withResolvers<boolean>()
  /** Slots whose facts are in `#facts`: should their worker die now, its facts stay. */
  readonly #collectedSlots = new Set<number>()
  #startedThreads = MAIN_THREAD
  #deathsOutsideFiles = 0
  #hasMetDamage = false
  #isRecalling = false
  #isChecking = false

  constructor(options: RunOptions, wasm: CompiledLanguages, groundwork: Groundwork | undefined) {
    this.#options = options
    this.#groundwork = groundwork
    this.#knownFacts = [...inMemory(options.recall?.facts ?? []), ...(groundwork ? [groundwork.linter.collectedFacts()] : [])]
    this.#wasm = wasm
    this.#files = numberFiles(options.job)
    this.#targets = numberTargets(options.job)
    const standing = groundwork?.recalled.size ?? options.recall?.doubtful ?? 0
    this.#threads = options.threads(this.#targets.length - standing)
    this.#board = createBoard(this.#files.length, this.#targets.length, this.#threads)
    this.#outcomes = this.#targets.map(() => undefined)
    this.#statistics = emptyStatistics(this.#threads)
    if (groundwork) this.#take(groundwork.recalled)
  }

  get done(): number {
    return Atomics.load(this.#board.done, 0)
  }

  /** Runs all to the end; `false` if workers can not be started. */
  async finish(): Promise<boolean> {
    for (let slot = 0; slot < this.#threads; slot++) this.#start(slot)
    try {
      return await this.#ended.promise
    } finally {
      await Promise.all(this.#workers.map(({ worker }) => worker.terminate()))
    }
  }

  outcome(): RunOutcome {
    const outcomes: TargetOutcome[][] = this.#options.job.projects.map(() => [])
    for (const [number, { project }] of this.#targets.entries()) outcomes[project]!.push(this.#outcomes[number]!)
    const { job, recall } = this.#options
    if (this.#hasMetDamage || this.#groundwork?.linter.hasMetDamage) recall?.onDamagedFacts()
    if (!job.logsReads) return { outcomes, statistics: this.#statistics, traces: new Map(), facts: this.#facts }
    const known = this.#groundwork ? this.#knownFacts.slice(-1) : []
    if (this.#groundwork) this.#traces.set(MAIN_THREAD, this.#groundwork.linter.trace())
    return { outcomes, statistics: this.#statistics, traces: this.#traces, facts: [...known, ...this.#facts] }
  }

  #start(slot: number): void {
    const isReplacement = this.#workers[slot] !== undefined
    // A worker that ran out of memory is followed by one that keeps nothing.
    const keepBytes = isReplacement ? 0 : Math.floor(KEPT_BYTES / this.#threads)
    const thread = ++this.#startedThreads
    const facts = this.#knownFacts
    const input: WorkerInput = { job: this.#options.job, wasm: this.#wasm, slot, thread, facts, keepBytes, board: this.#board }
    const worker = new Worker(this.#options.workerUrl, { workerData: input, stdout: true })
    // What a rule prints must not get into the report.
    worker.stdout.pipe(process.stderr, { end: false })
    const running: RunningWorker = { worker, thread, hasCollected: false, hasFinished: false, lastError: undefined }
    this.#workers[slot] = running
    worker.on('message', (reply: WorkerReply) => this.#receive(slot, running, reply))
    worker.on('error', (error: Error) => (running.lastError = error.message))
    worker.on('exit', (code) => this.#noteExit(slot, running, code))
  }

  #receive(slot: number, running: RunningWorker, reply: WorkerReply): void {
    switch (reply.type) {
      case 'collected':
        running.hasCollected = true
        this.#facts.push(reply.facts)
        this.#collectedSlots.add(slot)
        if (this.#isChecking) this.#sendFacts(running)
        else if (this.#workers.every(({ hasCollected }) => hasCollected)) this.#check()
        return
      case 'outcomes':
        for (const [number, outcome] of JSON.parse(reply.outcomes) as NumberedOutcome[]) this.#outcomes[number] = outcome
        return
      case 'finished':
        running.hasFinished = true
        addStatistics(this.#statistics, reply.statistics)
        this.#hasMetDamage ||= reply.hasMetDamage
        if (reply.trace !== undefined) this.#traces.set(running.thread, JSON.parse(reply.trace) as ThreadTrace)
        if (this.#workers.every(({ hasFinished }) => hasFinished)) this.#ended.resolve(true)
    }
  }

  #check(): void {
    if (this.#isRecalling) return
    this.#isRecalling = true
    this.#recall().then(() => {
      this.#isChecking = true
      for (const running of this.#workers) if (running.hasCollected) this.#sendFacts(running)
    }, this.#ended.reject)
  }

  /** Now that all facts are there: which outcomes of the earlier run stand? */
  async #recall(): Promise<void> {
    const { job, loadRegistries, recall } = this.#options
    if (this.#groundwork || !recall || recall.doubtful === 0) return
    const linter = await ThreadLinter.open({ job, registries: await loadRegistries(), wasm: this.#wasm, thread: MAIN_THREAD, keepBytes: 0 })
    linter.seed(new FactReader([...this.#knownFacts, ...this.#facts]))
    this.#take(recall.recall(linter.projects))
    this.#traces.set(MAIN_THREAD, linter.trace())
    this.#hasMetDamage ||= linter.hasMetDamage
  }

  #take(recalled: ReadonlyMap<number, TargetOutcome>): void {
    for (const [number, outcome] of recalled) {
      this.#outcomes[number] = outcome
      Atomics.store(this.#board.targetClaims, number, CLOSED)
    }
    Atomics.add(this.#board.done, 0, recalled.size)
    this.#statistics.recalled += recalled.size
  }

  #sendFacts({ worker }: RunningWorker): void {
    worker.postMessage({ type: 'check', facts: this.#facts })
  }

  #noteExit(slot: number, running: RunningWorker, code: number): void {
    if (running.hasFinished) return
    const reason = running.lastError ?? `it exited with code ${code}`
    const fileNumber = Atomics.exchange(this.#board.atWork, slot, 0) - 1
    if (fileNumber === -1) this.#deathsOutsideFiles++
    if (this.#deathsOutsideFiles >= DEATHS_OUTSIDE_FILES) {
      this.#options.onWarning(`A worker died: ${reason}.`)
      this.#ended.resolve(false)
      return
    }
    this.#release(slot)
    if (fileNumber !== -1) this.#countDeath(fileNumber, reason)
    this.#start(slot)
  }

  /** Gives back what the dead worker had claimed and not delivered. */
  #release(slot: number): void {
    const { fileClaims, targetClaims, done } = this.#board
    if (!this.#collectedSlots.has(slot)) {
      for (const number of fileClaims.keys()) if (fileClaims[number] === slot + 1) Atomics.store(fileClaims, number, 0)
    }
    let lost = 0
    for (const number of targetClaims.keys()) {
      if (targetClaims[number] !== slot + 1 || this.#outcomes[number]) continue
      Atomics.store(targetClaims, number, 0)
      lost++
    }
    Atomics.sub(done, 0, Math.max(0, lost - 1))
  }

  #countDeath(fileNumber: number, reason: string): void {
    const { project, path } = this.#files[fileNumber]!
    const deaths = (this.#deathsByFile.get(fileNumber) ?? 0) + 1
    this.#deathsByFile.set(fileNumber, deaths)
    const where = `${this.#options.job.projects[project]!.root}/${path}`
    if (deaths < DEATHS_PER_FILE) {
      this.#options.onWarning(`A worker died while it worked on ${where} (${reason}); its files are linted again.`)
      return
    }
    this.#board.refused[fileNumber] = 1
    Atomics.store(this.#board.fileClaims, fileNumber, CLOSED)
    const number = this.#targets.findIndex(({ project: index, target }) => index === project && target.path === path)
    if (number === -1) return
    Atomics.store(this.#board.targetClaims, number, CLOSED)
    this.#outcomes[number] = { result: deadlyFile(path, reason), internalErrors: [] }
  }
}

/** A claim by nobody: there is nothing to do. */
const CLOSED = -1

function deadlyFile(path: string, reason: string): FileResult {
  const message = `A worker died twice while it linted this file (${reason}), so the file was given up. Please report this with the file.`
  return internalErrorResult(path, 'workerDied', message)
}

function addStatistics(sum: RunStatistics, { files, lines, stages, rules, shared, decodings }: RunStatistics): void {
  sum.files += files
  sum.lines += lines
  sum.decodings.push(...decodings)
  for (const [stage, ms] of stages) sum.stages.set(stage, (sum.stages.get(stage) ?? 0) + ms)
  addTimings(sum.rules, rules)
  addTimings(sum.shared, shared)
}

/** `Promise.withResolvers`, which Node has only from version 22. */
function withResolvers<T>(): { promise: Promise<T>; resolve: (value: T) => void; reject: (reason: unknown) => void } {
  let resolve!: (value: T) => void
  let reject!: (reason: unknown) => void
  const promise = new Promise<T>((...settle) => ([resolve, reject] = settle))
  return { promise, resolve, reject }
}
