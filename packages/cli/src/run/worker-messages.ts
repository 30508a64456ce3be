import type { CompiledLanguages } from '../languages.ts'
import type { LintJob, RunStatistics, TargetOutcome } from './job.ts'
import type { FactSegment } from './shared-facts.ts'

/** What a worker starts with. */
export interface WorkerInput {
  readonly job: LintJob
  readonly wasm: CompiledLanguages
  /** The worker's place among the others. One that replaces a dead worker takes its place. */
  readonly slot: number
  /** No two workers have the same, also if one replaces the other. */
  readonly thread: number
  /** Facts that need not be collected. */
  readonly facts: readonly FactSegment[]
  readonly keepBytes: number
  readonly board: SharedBoard
}

/**
 * Numbers that all threads see. Files and targets are numbered as in `numberFiles` and `numberTargets`. A claim is 0 while nobody has
 * the file, and then the slot of its worker plus 1.
 */
export interface SharedBoard {
  readonly fileClaims: Int32Array
  readonly targetClaims: Int32Array
  /** By slot: the number of the file at work plus 1, or 0. */
  readonly atWork: Int32Array
  /** 1 for files that killed two workers: nobody reads them. */
  readonly refused: Uint8Array
  /** One number: how many targets are done. */
  readonly done: Int32Array
}

/** `facts` are those that workers collected. */
export type WorkerRequest = { readonly type: 'check'; readonly facts: readonly FactSegment[] }

export type WorkerReply =
  | { readonly type: 'collected'; readonly facts: FactSegment }
  /** `outcomes` is the JSON text of `[target number, outcome][]`. */
  | { readonly type: 'outcomes'; readonly outcomes: string }
  | FinishedReply

export interface FinishedReply {
  readonly type: 'finished'
  readonly statistics: RunStatistics
  /** The JSON text of a `ThreadTrace`, if the job logs reads. */
  readonly trace: string | undefined
  /** Whether a fact from an earlier run was not what it should be. */
  readonly hasMetDamage: boolean
}

export type NumberedOutcome = readonly [number: number, outcome: TargetOutcome]

export function createBoard(files: number, targets: number, slots: number): SharedBoard {
  return {
    fileClaims: sharedNumbers(files),
    targetClaims: sharedNumbers(targets),
    atWork: sharedNumbers(slots),
    refused: new Uint8Array(new SharedArrayBuffer(files)),
    done: sharedNumbers(1),
  }
}

function sharedNumbers(length: number): Int32Array {
  return new Int32Array(new SharedArrayBuffer(length * Int32Array.BYTES_PER_ELEMENT))
}
