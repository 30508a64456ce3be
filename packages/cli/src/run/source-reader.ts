import { join } from 'node:path'
import { decodeSource } from '../read/decode.ts'
import { versionOf, type FileVersion } from '../read/file-version.ts'
import { readRaw } from '../read/read-source.ts'

export interface SourceReaderOptions {
  /** Costs a scan of each text. */
  readonly countsLines: boolean
  /** Costs a digest of each file. */
  readonly notesVersions: boolean
}

/** Reads the files of one project for one thread, and remembers which of them can not be read. */
export class SourceReader {
  readonly #root: string
  readonly #overlay: Readonly<Record<string, string>>
  readonly #reasons = new Map<string, string>()
  /** Readable files with the number of their lines, or 0 where lines are not counted. */
  readonly #readable = new Map<string, number>()
  readonly #versions = new Map<string, FileVersion | null>()
  readonly #options: SourceReaderOptions
  /** The text that `failure` had to read: most likely the next one asked for. */
  #latest: { readonly path: string; readonly text: string } | undefined

  constructor(root: string, overlay: Readonly<Record<string, string>>, options: SourceReaderOptions) {
    this.#root = root
    this.#overlay = overlay
    this.#options = options
  }

  /** The versions of the files that were read from disk, if they are noted; `null` for a file that was changed between two reads. */
  get versions(): ReadonlyMap<string, FileVersion | null> {
    return this.#versions
  }

  /** The number of lines of a file that was read. */
  linesOf(path: string): number {
    return this.#readable.get(path) ?? 0
  }

  /** The text, a byte order mark included, or `undefined` if it can not be read. */
  readonly read = (path: string): string | undefined => {
    if (this.#latest?.path === path) return this.#latest.text
    if (this.#reasons.has(path)) return undefined
    if (Object.hasOwn(this.#overlay, path)) return this.#accept(path, this.#overlay[path]!)
    const raw = readRaw(join(this.#root, path))
    if (this.#options.notesVersions) this.#noteVersion(path, versionOf(raw))
    const result = 'reason' in raw ? raw : decodeSource(raw.bytes)
    if ('text' in result) return this.#accept(path, result.text)
    this.#reasons.set(path, result.reason)
    return undefined
  }

  /** Why a file can not be read; `undefined` if it can. */
  failure(path: string): string | undefined {
    if (!this.#readable.has(path) && !this.#reasons.has(path)) {
      const text = this.read(path)
      if (text !== undefined) this.#latest = { path, text }
    }
    return this.#reasons.get(path)
  }

  /** Treats a file as one that can not be read. */
  refuse(path: string, reason: string): void {
    this.#reasons.set(path, reason)
  }

  #noteVersion(path: string, version: FileVersion): void {
    const earlier = this.#versions.get(path)
    this.#versions.set(path, earlier === undefined || earlier?.identity === version.identity ? version : null)
  }

  #accept(path: string, text: string): string {
    if (!this.#readable.has(path)) this.#readable.set(path, this.#options.countsLines ? countLines(text) : 0)
    return text
  }
}

function countLines(text: string): number {
  let count = 0
  for (let i = text.indexOf('\n'); i !== -1; i = text.indexOf('\n', i + 1)) count++
  return text === '' || text.endsWith('\n') ? count : count + 1
}
