import type { ProjectReader } from './project-reader.ts'
import type { Reads } from './read-recorder.ts'

/** A value, and what was read to find it; `undefined` if that is nothing, or if reads are not logged. */
export interface Tracked<Value> {
  readonly value: Value
  readonly reads: Reads | undefined
}

/**
 * The reader of objects that are kept for the whole project, see `ProjectReader.kept`. What they read is logged for the check or index that uses them
 * at that moment. What they remember was read by an earlier user: they have to keep the reads with it, and include them for each later one.
 */
export interface KeptReader extends ProjectReader {
  /** Does work, and gives what it read together with its result. */
  track<Value>(work: () => Value): Tracked<Value>
  /** Logs for the present user what was read before. */
  include(reads: Reads | undefined): void
}

/** Where answers are remembered: a `Map` or a `WeakMap`. */
export interface Memory<Key, Value> {
  get(key: Key): Tracked<Value> | undefined
  set(key: Key, value: Tracked<Value>): unknown
}

/**
 * Answers a question once, and logs for each who asks what was read for the answer. An error is not remembered.
 * @param work finds the answer; where a question is asked very often, a function that need not be made for each time
 */
export function remember<Key, Value>(reader: KeptReader, memory: Memory<Key, Value>, key: Key, work: (key: Key) => Value): Value {
  let known = memory.get(key)
  if (known === undefined) memory.set(key, (known = reader.track(() => work(key))))
  else reader.include(known.reads)
  return known.value
}

/** As `remember`, for one question: gives what answers it. */
export function rememberOnce<Value>(reader: KeptReader, work: () => Value): () => Value {
  let known: Tracked<Value> | undefined
  return () => {
    if (known) reader.include(known.reads)
    else known = reader.track(work)
    return known.value
  }
}

/** Objects that are kept for the whole project. */
export class KeptObjects {
  /** The reader of the objects, and of indexes: it logs for whoever is at work. */
  readonly reader: KeptReader
  readonly #objects = new Map<string, Tracked<unknown>>()

  /** @param open gives the reader of the kept objects, which may ask for each other */
  constructor(open: (kept: KeptObjects) => KeptReader) {
    this.reader = open(this)
  }

  get<Kept>(key: string, make: (reader: KeptReader) => Kept): Kept {
    return remember(this.reader, this.#objects, key, () => make(this.reader)) as Kept
  }
}
