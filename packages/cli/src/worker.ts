import { parentPort, workerData } from 'node:worker_threads'
import { numberFiles, numberTargets } from './run/job.ts'
import { emptyStatistics } from './run/run-job.ts'
import { FactReader, FactWriter } from './run/shared-facts.ts'
import { ThreadLinter } from './run/thread-linter.ts'
import { workOrder } from './run/work-order.ts'
import type { NumberedOutcome, WorkerInput, WorkerReply, WorkerRequest } from './run/worker-messages.ts'

/** Outcomes travel in parcels of this many: one by one they would cost more than they are worth. */
const PARCEL_SIZE = 32

await work(workerData as WorkerInput)

async function work({ job, wasm, slot, thread, facts: knownFacts, keepBytes, board }: WorkerInput): Promise<void> {
  const port = parentPort!
  const files = numberFiles(job)
  const fileNumbers = new Map(files.map(({ project, path }, number) => [`${project}/${path}`, number]))
  const linter = await ThreadLinter.open({ job, wasm, thread, keepBytes })
  refuseDeadly()

  const collected = new Set<number>()
  reply({ type: 'collected', facts: collectFacts() })
  port.once('message', ({ facts }: WorkerRequest) => {
    refuseDeadly()
    linter.seed(new FactReader([...knownFacts, ...facts]))
    lintTargets()
    const statistics = emptyStatistics(1)
    linter.addTo(statistics)
    const { hasMetDamage } = linter
    reply({ type: 'finished', statistics, trace: job.logsReads ? JSON.stringify(linter.trace()) : undefined, hasMetDamage })
  })

  function collectFacts(): ReturnType<FactWriter['finish']> {
    const writer = new FactWriter()
    const known = new FactReader(knownFacts)
    const ahead = linter.projects.map((project) => project.collectedAhead)
    for (const number of workOrder(files.length, slot, board.atWork.length)) {
      const { project, path } = files[number]!
      if (ahead[project]!.every((fact) => known.has(number, fact))) continue
      if (!claim(board.fileClaims, number)) continue
      begin(number)
      const facts = linter.collect(project, path)
      end()
      collected.add(number)
      for (const fact of facts) writer.add(number, fact)
    }
    return writer.finish()
  }

  /** First the targets whose trees this thread may still hold, then what others have not come to. */
  function lintTargets(): void {
    const targets = numberTargets(job)
    const parcel: NumberedOutcome[] = []
    const fileOf = ({ project, target }: (typeof targets)[number]) => fileNumbers.get(`${project}/${target.path}`)!
    const order = workOrder(targets.length, slot, board.atWork.length)
    const isOwn = (number: number) => collected.has(fileOf(targets[number]!))
    for (const number of [...order.filter(isOwn), ...order.filter((number) => !isOwn(number))]) {
      if (!claim(board.targetClaims, number)) continue
      const { project, target } = targets[number]!
      begin(fileOf(targets[number]!))
      parcel.push([number, linter.lint(project, target)])
      end()
      Atomics.add(board.done, 0, 1)
      if (parcel.length >= PARCEL_SIZE) sendParcel(parcel)
    }
    sendParcel(parcel)
  }

  function sendParcel(parcel: NumberedOutcome[]): void {
    reply({ type: 'outcomes', outcomes: JSON.stringify(parcel) })
    parcel.length = 0
  }

  function claim(claims: Int32Array, number: number): boolean {
    return Atomics.load(claims, number) === 0 && Atomics.compareExchange(claims, number, 0, slot + 1) === 0
  }

  function begin(fileNumber: number): void {
    Atomics.store(board.atWork, slot, fileNumber + 1)
  }

  function end(): void {
    Atomics.store(board.atWork, slot, 0)
  }

  function refuseDeadly(): void {
    for (const [number, { project, path }] of files.entries()) {
      if (board.refused[number]) linter.refuse(project, path, 'two workers died while they worked on it')
    }
  }

  function reply(message: WorkerReply): void {
    port.postMessage(message)
  }
}
