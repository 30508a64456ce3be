import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { relativePath } from '../discover/relative-path.ts'
import { sha256 } from '../read/digest.ts'
import { describeSystemError } from '../read/read-source.ts'
import { FORMAT, formatFolder, type CachePlace } from './cache-place.ts'
import { readChecked, writeChecked } from './checked-text.ts'
import { replaceFile, temporaryName } from './replace-file.ts'
import { formatSegment, openSegment, type Segment } from './segment-file.ts'

const STATE = 'state'
const STATE_KIND = `krait cache ${FORMAT}`
export const DAMAGED = 'is damaged or not of krait'
/** A file that no state names may belong to a process that is about to write its state. */
const HOUR = 60 * 60 * 1000

/** A cache that can not be used, or not be written: half a sentence that follows "The cache in <folder>". */
export class CacheError extends Error {
  override readonly name = 'CacheError'
}

/**
 * The files that hold the cache of one project. `state` is replaced as a whole. Segments are named by their content and never changed, so that
 * a state and the segments it names belong together, whoever else writes at the same time.
 */
export class ProjectFolder {
  /** Of the whole cache, which several projects may share. */
  readonly place: CachePlace
  /** Absolute. */
  readonly path: string

  /** @param root the project's, absolute: projects are told apart by where they stand as seen from the cache, so that both can be moved */
  constructor(place: CachePlace, root: string) {
    this.place = place
    this.path = join(formatFolder(place), sha256(relativePath(place.folder, root), 'hex').slice(0, 16))
  }

  /**
   * The text of the state; `undefined` if there is none.
   * @throws {CacheError} if it is damaged, or something else
   */
  readState(): string | undefined {
    const bytes = this.#attemptReading(() => readFileSync(join(this.path, STATE)))
    if (!bytes) return undefined
    const body = readChecked(STATE_KIND, bytes)
    if (body === undefined) throw new CacheError(DAMAGED)
    return body
  }

  /**
   * Opens a segment; `undefined` if it is gone: another process found it superseded.
   * @throws {CacheError} if it is damaged
   */
  openSegment<Header>(name: string): Segment<Header> | undefined {
    return this.#attemptReading(() => {
      const segment = openSegment<Header>(join(this.path, name), name)
      if (!segment) throw new CacheError(DAMAGED)
      return segment
    })
  }

  /** @param present segments that are there @returns the segment's name @throws {CacheError} */
  writeSegment(parts: Readonly<Parameters<typeof formatSegment>>, present: readonly string[] = []): string {
    const { name, pieces } = formatSegment(...parts)
    if (!present.includes(name)) this.#write(name, pieces)
    return name
  }

  /** @throws {CacheError} */
  writeState(text: string): void {
    this.#write(STATE, writeChecked(STATE_KIND, text))
  }

  /** Whether a segment is still there. */
  hasSegment(name: string): boolean {
    return existsSync(join(this.path, name))
  }

  /** Removes what no state names any more. @param superseded segments that the last state named @throws {CacheError} */
  removeAllBut(segments: readonly string[], superseded: readonly string[]): void {
    this.#attempt(() => {
      for (const name of readdirSync(this.path)) {
        if (name === STATE || segments.includes(name)) continue
        const path = join(this.path, name)
        const { mtimeMs = Infinity } = statSync(path, { throwIfNoEntry: false }) ?? {}
        if (superseded.includes(name) || Date.now() - mtimeMs > HOUR) rmSync(path, { force: true })
      }
    })
  }

  /** Now, in milliseconds since 1970, by the clock of the file system. @throws {CacheError} */
  now(): number {
    return this.#attempt(() => {
      this.#make()
      const path = temporaryName(join(this.path, 'clock'))
      writeFileSync(path, '')
      const { mtimeMs } = statSync(path)
      rmSync(path)
      return mtimeMs
    })
  }

  #attemptReading<T>(read: () => T): T | undefined {
    try {
      return read()
    } catch (error) {
      if (error instanceof CacheError) throw error
      const { code } = error as NodeJS.ErrnoException
      if (code === 'ENOENT' || code === 'ENOTDIR') return undefined
      throw new CacheError(`can not be read: ${describeSystemError(error)}`)
    }
  }

  #write(name: string, pieces: readonly Uint8Array[]): void {
    this.#attempt(() => {
      this.#make()
      replaceFile(join(this.path, name), pieces)
    })
  }

  #make(): void {
    const { folder, isOwn } = this.place
    const isNew = mkdirSync(folder, { recursive: true }) !== undefined
    mkdirSync(this.path, { recursive: true })
    if (!isNew && !isOwn) return
    try {
      // The cache ignores itself: nobody has to think of it.
      writeFileSync(join(folder, '.gitignore'), '*\n', { flag: 'wx' })
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error
    }
  }

  #attempt<T>(work: () => T): T {
    try {
      return work()
    } catch (error) {
      throw new CacheError(`can not be written: ${describeSystemError(error)}`)
    }
  }
}
