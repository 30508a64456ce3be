/**
 * One read as plain JSON: the question, and what tells whether the answer is still the same. Answers other than yes or no stand as their digest:
 * `null` where there is nothing, `FAILED` where there was an error, which never holds.
 */
export type Read =
  | readonly [kind: 'settings', digest: string]
  | readonly [kind: 'changes', digest: string | null]
  | readonly [kind: 'files', digest: string]
  | readonly [kind: 'file', path: string, found: boolean]
  | readonly [kind: 'folder', path: string, found: boolean]
  | readonly [kind: 'fact', name: string, version: number, path: string, digest: string | null]
  /** `fact` is the place of the read of the whole fact: while that holds, so do its parts. The keys of properties are joined by `KEY_SEPARATOR`. */
  | readonly [kind: 'part', fact: number, keys: string, digest: string | null]
  | readonly [kind: 'facts', name: string, version: number, digest: string]
  /** `build` is a place in `ReadTable.builds`. */
  | readonly [kind: 'answer', build: number, key: string, digest: string | null]
  /** An answer that is no JSON: it counts with all that its index has read. */
  | readonly [kind: 'index', build: number]
  /** All that a build in the table of an earlier run has read: its answer was taken over. What the number of the table means is up to who keeps them. */
  | readonly [kind: 'earlier', table: number, build: number]

/** No name in Python holds it. */
export const KEY_SEPARATOR = '\n'

/** What an index read in order to give its answers, or one of them. */
export interface IndexBuild {
  readonly name: string
  readonly version: number
  /** Numbers as in a log. */
  readonly reads: readonly number[]
}

/**
 * Different reads in any order. A log of reads is a list of numbers: each is the place of a read, or `~place` for all that a log of the table holds.
 * Logs come after those that they hold. Plain JSON.
 */
export interface ReadTable {
  readonly reads: readonly Read[]
  readonly builds: readonly IndexBuild[]
  readonly logs: readonly (readonly number[])[]
}

/** Where reads, builds and logs are looked up by their places. */
export interface ReadSource {
  read(place: number): Read | undefined
  build(place: number): IndexBuild | undefined
  log(place: number): readonly number[] | undefined
}

export function readsIn({ reads, builds, logs }: ReadTable): ReadSource {
  return { read: (place) => reads[place], build: (place) => builds[place], log: (place) => logs[place] }
}

/** Puts the reads of several tables into one, each once. */
export class ReadTableBuilder {
  readonly #reads: Read[] = []
  readonly #builds: IndexBuild[] = []
  readonly #logs: (readonly number[])[] = []
  readonly #readPlaces = new Map<string, number>()
  readonly #buildPlaces = new Map<string, number>()
  readonly #logPlaces = new Map<string, number>()

  /**
   * Opens a way for the logs of one table: gives the number that each of their numbers becomes in the new table.
   * @param replace gives what stands in for a read, if anything does: a number for logs of the new table, or several
   * @param onImport told where a read of the table has come to stand in the new one
   */
  importer(
    source: ReadSource,
    replace: (read: Read, place: number) => number | readonly number[] | undefined = () => undefined,
    onImport: (read: Read, place: number, imported: number) => void = () => undefined,
  ): (number: number) => number {
    const reads = new Map<number, number>()
    const builds = new Map<number, number>()
    const logs = new Map<number, number>()
    const importNumber = (number: number): number => (number < 0 ? ~once(logs, ~number, importLog) : once(reads, number, importRead))
    const importRead = (place: number): number => {
      const read = source.read(place)!
      const other = replace(read, place) ?? this.#addRead(withPlaces(read, (build) => once(builds, build, importBuild), importNumber))
      const imported = typeof other === 'number' ? other : ~this.#addLog(sorted(other))
      onImport(read, place, imported)
      return imported
    }
    const importBuild = (place: number): number => {
      const { name, version, reads: log } = source.build(place)!
      return this.#addBuild({ name, version, reads: sorted(log.map(importNumber)) })
    }
    const importLog = (place: number): number => this.#addLog(sorted(source.log(place)!.map(importNumber)))
    return importNumber
  }

  table(): ReadTable {
    return { reads: this.#reads, builds: this.#builds, logs: this.#logs }
  }

  #addRead(read: Read): number {
    return add(this.#reads, this.#readPlaces, read.join('\n'), read)
  }

  #addBuild(build: IndexBuild): number {
    return add(this.#builds, this.#buildPlaces, `${build.name}\n${build.version}\n${build.reads.join()}`, build)
  }

  #addLog(log: readonly number[]): number {
    return add(this.#logs, this.#logPlaces, log.join(), log)
  }
}

function once<Key>(known: Map<Key, number>, key: Key, work: (key: Key) => number): number {
  let found = known.get(key)
  if (found === undefined) known.set(key, (found = work(key)))
  return found
}

/** The place of an item, which is added if it is not there. */
function add<Item>(items: Item[], places: Map<string, number>, key: string, item: Item): number {
  return once(places, key, () => items.push(item) - 1)
}

/** In order, so that logs that hold the same are the same. */
function sorted(numbers: readonly number[]): readonly number[] {
  return [...Int32Array.from(numbers).sort()]
}

function withPlaces(read: Read, importBuild: (build: number) => number, importRead: (read: number) => number): Read {
  switch (read[0]) {
    case 'part':
      return ['part', importRead(read[1]), read[2], read[3]]
    case 'answer':
      return ['answer', importBuild(read[1]), read[2], read[3]]
    case 'index':
      return ['index', importBuild(read[1])]
    default:
      return read
  }
}
