import type { KeptReader, Reads, Tracked } from '@krait/core'
import { NEVER_TYPE, UNKNOWN_TYPE } from './type.ts'
import type { Type } from './type.ts'

/** Deeper questions within one question are unknown. */
const MAX_DEPTH = 240
/** How many steps one question may take before the rest of it is unknown. */
const MAX_COST = 3000

interface Answer<Known> {
  readonly type: Known
  /** What was read of the project for it. */
  readonly reads: Reads | undefined
  /** How many steps it took, and how deep they went. */
  readonly cost: number
  readonly height: number
}

/**
 * Answers questions that lead to each other in circles, and remembers the answers. A question that leads back to itself adds nothing to its answer:
 * in a loop, `x = x.next()` has the type that comes from before the loop.
 *
 * What a circle or a limit cut off is remembered for the outermost question only.
 */
export class Guard<Question extends string | number, Known = Type> {
  readonly #answers = new Map<Question, Answer<Known>>()
  /** Answers to questions that nothing else had led to. */
  readonly #outermost = new Map<Question, Tracked<Known>>()
  readonly #open = new Set<Question>()
  #depth = 0
  #deepest = 0
  #cost = 0
  /** Whether something was cut off since the question that is being answered began. */
  #isCut = false

  /**
   * @param isStrict a remembered answer costs as many steps as it took, so that an answer depends on nothing but its question. Needed where the order
   * of the questions can differ between runs; answers that are built from many others are cut off earlier.
   * @param never what a question adds that leads back to itself
   * @param unknown the answer to a question that leads too far
   * @param reader tracks the reads where answers are remembered for more than one file
   */
  constructor(
    private readonly isStrict: boolean,
    private readonly never: Known,
    private readonly unknown: Known,
    private readonly reader?: KeptReader,
  ) {}

  /** A guard of questions for types. */
  static ofTypes<Question extends string | number>(isStrict: boolean, reader?: KeptReader): Guard<Question> {
    return new Guard<Question>(isStrict, NEVER_TYPE, UNKNOWN_TYPE, reader)
  }

  run(question: Question, answer: () => Known): Known {
    const known = this.#answers.get(question)
    if (known) return this.#recall(known)
    const isOutermost = this.#depth === 0
    const knownOutermost = isOutermost ? this.#outermost.get(question) : undefined
    if (knownOutermost) {
      this.reader?.include(knownOutermost.reads)
      return knownOutermost.value
    }
    if (this.#open.has(question)) return this.#cut(this.never)
    const wasCut = this.#isCut
    const deepestBefore = this.#deepest
    const costBefore = this.#cost
    this.#isCut = false
    this.#deepest = this.#depth
    this.#open.add(question)
    try {
      const { value: type, reads } = this.#track(() => this.deepen(answer))
      if (!this.#isCut) this.#answers.set(question, { type, reads, cost: this.#cost - costBefore, height: this.#deepest - this.#depth })
      else if (isOutermost) this.#outermost.set(question, { value: type, reads })
      return type
    } finally {
      this.#open.delete(question)
      this.#isCut ||= wasCut
      this.#deepest = Math.max(this.#deepest, deepestBefore)
      this.#settle()
    }
  }

  /** One step further into a question. */
  deepen(answer: () => Known): Known {
    if (this.#depth >= MAX_DEPTH || this.#cost >= MAX_COST) return this.#cut(this.unknown)
    this.#depth++
    this.#deepest = Math.max(this.#deepest, this.#depth)
    this.#cost++
    try {
      return answer()
    } finally {
      this.#depth--
      if (this.#open.size === 0) this.#settle()
    }
  }

  #track(work: () => Known): Tracked<Known> {
    return this.reader ? this.reader.track(work) : { value: work(), reads: undefined }
  }

  #recall({ type, reads, cost, height }: Answer<Known>): Known {
    this.reader?.include(reads)
    if (!this.isStrict) return type
    if (this.#depth + height > MAX_DEPTH || this.#cost + cost > MAX_COST) return this.#cut(this.unknown)
    this.#deepest = Math.max(this.#deepest, this.#depth + height)
    this.#cost += cost
    this.#settle()
    return type
  }

  /** Starts afresh once no question is open. */
  #settle(): void {
    if (this.#depth > 0 || this.#open.size > 0) return
    this.#cost = 0
    this.#deepest = 0
    this.#isCut = false
  }

  #cut(type: Known): Known {
    this.#isCut = true
    return type
  }
}
