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
  | readonly [kind: 'facts', name: string, version: number, digest: string]
  /** `build` is a place in `ReadTable.builds`. */
  | readonly [kind: 'answer', build: number, key: string, digest: string | null]
  /** An answer that is no JSON: it counts with all that its index has read. */
  | readonly [kind: 'index', build: number]

/** What an index read in order to give its answers. */
export interface IndexBuild {
  readonly name: string
  readonly version: number
  /** Places in `ReadTable.reads`. */
  readonly reads: readonly number[]
}

/** Different reads in any order: a log of reads names them by their place. Plain JSON. */
export interface ReadTable {
  readonly reads: readonly Read[]
  readonly builds: readonly IndexBuild[]
}

/** Puts the reads of several tables into one, each once. */
export class ReadTableBuilder {
  readonly #reads: Read[] = []
  readonly #builds: IndexBuild[] = []
  readonly #readPlaces = new Map<string, number>()
  readonly #buildPlaces = new Map<string, number>()

  /**
   * Opens a way for the reads of one table: gives the place that each read has in the new table.
   * @param replace gives the place in the new table of what stands in for a read, if anything does
   * @param onImport told where a read of the table has come to stand in the new one
   */
  importer(
    table: ReadTable,
    replace: (read: number) => number | undefined = () => undefined,
    onImport: (read: number, imported: number) => void = () => undefined,
  ): (read: number) => number {
    const reads = new Map<number, number>()
    const builds = new Map<number, number>()
    const importRead = (place: number): number => {
      let imported = reads.get(place)
      if (imported === undefined) {
        imported = replace(place) ?? this.#addRead(withBuild(table.reads[place]!, importBuild))
        reads.set(place, imported)
        onImport(place, imported)
      }
      return imported
    }
    const importBuild = (place: number): number => {
      let imported = builds.get(place)
      if (imported === undefined) builds.set(place, (imported = this.#addBuild(table.builds[place]!, importRead)))
      return imported
    }
    return importRead
  }

  table(): ReadTable {
    return { reads: this.#reads, builds: this.#builds }
  }

  #addRead(read: Read): number {
    const key = read.join('\n')
    let place = this.#readPlaces.get(key)
    if (place === undefined) this.#readPlaces.set(key, (place = this.#reads.push(read) - 1))
    return place
  }

  #addBuild({ name, version, reads }: IndexBuild, importRead: (read: number) => number): number {
    const build = { name, version, reads: reads.map(importRead).sort((a, b) => a - b) }
    const key = `${name}\n${version}\n${build.reads.join()}`
    let place = this.#buildPlaces.get(key)
    if (place === undefined) this.#buildPlaces.set(key, (place = this.#builds.push(build) - 1))
    return place
  }
}

function withBuild(read: Read, importBuild: (build: number) => number): Read {
  switch (read[0]) {
    case 'answer':
      return ['answer', importBuild(read[1]), read[2], read[3]]
    case 'index':
      return ['index', importBuild(read[1])]
    default:
      return read
  }
}
