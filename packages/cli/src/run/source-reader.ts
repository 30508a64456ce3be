import { join } from 'node:path'
import { readSource } from '../read/read-source.ts'

/** Reads the files of one project for one thread, and remembers which of them can not be read. */
export class SourceReader {
  readonly #root: string
  readonly #overlay: Readonly<Record<string, string>>
  readonly #reasons = new Map<string, string>()
  /** Readable files with the number of their lines, or 0 where lines are not counted. */
  readonly #readable = new Map<string, number>()
  /** The text that `failure` had to read: most likely the next one asked for. */
  #latest: { readonly path: string; readonly text: string } | undefined

  /** @param countsLines costs a scan of each text */
  constructor(root: string, overlay: Readonly<Record<string, string>>, private readonly countsLines: boolean) {
    this.#root = root
    this.#overlay = overlay
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
    const result = readSource(join(this.#root, path))
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

  #accept(path: string, text: string): string {
    if (!this.#readable.has(path)) this.#readable.set(path, this.countsLines ? countLines(text) : 0)
    return text
  }
}

function countLines(text: string): number {
  let count = 0
  for (let i = text.indexOf('\n'); i !== -1; i = text.indexOf('\n', i + 1)) count++
  return text === '' || text.endsWith('\n') ? count : count + 1
}
