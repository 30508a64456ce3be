import { appendFileSync, mkdirSync, readdirSync, renameSync, rmSync, utimesSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { expect, test, vi } from 'vitest'
import { makeFolder, writeFiles } from '../support/cli.ts'
import { cachedRun, crossConfig, crossFiles, crossPack, freshRun } from './cross-project.ts'

vi.mock('../../src/official-packs.ts', () => import('../support/no-packs.ts'))

const EDITS = 120
const NAMES = ['alpha', 'beta', 'gamma', 'delta', 'bad', 'cafe']
const ODD_LINES = ['bad  # krait: ignore[toy/no-bad] -- known\n', 'x  # krait: ignore[toy/no-cafe]\n', 'x = = 1\n', 'explode\n']
const MODULES = ['one', 'two', 'pack.three', 'pack.four', 'pack.deep.five', 'pack', 'six']

test.each([1, 20260727])('after each of many edits, a cached run reports what a fresh one does (seed %i)', { timeout: 600_000 }, async (seed) => {
  const folder = makeFolder(crossFiles)
  const editor = new Editor(folder, seed)
  for (let i = 0; i < 8; i++) editor.add()
  let recalled = 0
  let linted = 0
  const history: string[] = []
  for (let i = 0; i < EDITS; i++) {
    history.push(editor.edit())
    // Now and then krait looks at a part only, and goes on from there.
    if (i % 7 === 3) await cachedRun(folder, [editor.anyFile()])
    const cached = await cachedRun(folder)
    const fresh = await freshRun(folder)
    expect(cached.stdout === fresh.stdout && cached.exitCode === fresh.exitCode, `different after: ${history.slice(-8).join(', ')}`).toBe(true)
    recalled += cached.recalled
    linted += cached.linted
  }
  // Both happen a lot, else nothing was tried.
  expect(recalled).toBeGreaterThan(EDITS)
  expect(linted).toBeGreaterThan(EDITS)
})

/** Changes a project at random, always in the same way for the same seed. */
class Editor {
  readonly #folder: string
  readonly #random: () => number
  readonly #texts = new Map<string, string[]>()
  #version = 1

  constructor(folder: string, seed: number) {
    this.#folder = folder
    this.#random = createRandom(seed)
  }

  /** @returns what was done */
  edit(): string {
    const edits: readonly (readonly [weight: number, edit: () => string])[] = [
      [5, () => this.#append(this.anyFile(), `# comment ${this.#pick(NAMES)}\n`)],
      [5, () => this.#append(this.anyFile(), `def ${this.#pick(NAMES)}(): ...\n`)],
      [4, () => this.#append(this.anyFile(), `${this.#pick(NAMES)}()\n`)],
      [3, () => this.#append(this.anyFile(), this.#pick(ODD_LINES))],
      [4, () => this.#rewrite(this.anyFile())],
      [4, () => this.add()],
      [3, () => this.#remove()],
      [3, () => this.#rename()],
      [2, () => this.#revert()],
      [2, () => this.#touch()],
      [1, () => this.#garble()],
      [2, () => this.#configure()],
      [2, () => this.#changePack()],
    ]
    let at = this.#random() * edits.reduce((sum, [weight]) => sum + weight, 0)
    for (const [weight, edit] of edits) if ((at -= weight) < 0) return edit()
    return this.add()
  }

  add(): string {
    const path = `${this.#pick(MODULES).replaceAll('.', '/')}${this.#random() < 0.2 ? '/__init__' : ''}.py`
    return `add ${this.#write(path, this.#text())}`
  }

  anyFile(): string {
    const files = readdirSync(this.#folder, { recursive: true, encoding: 'utf8' }).filter((path) => path.endsWith('.py')).sort()
    return files.length > 0 ? this.#pick(files) : this.#write('one.py', '')
  }

  #text(): string {
    const lines = Array.from({ length: 1 + Math.floor(this.#random() * 5) }, () => {
      const kinds = [`import ${this.#pick(MODULES)}`, `def ${this.#pick(NAMES)}(): ...`, `${this.#pick(NAMES)}()`, 'files', 'total', this.#pick(NAMES)]
      return this.#pick(kinds)
    })
    return `${lines.join('\n')}\n`
  }

  #write(path: string, text: string): string {
    // A module may not be a file and a folder's name at once on disk; here a folder gives way.
    mkdirSync(dirname(join(this.#folder, path)), { recursive: true })
    writeFiles(this.#folder, { [path]: text })
    this.#texts.set(path, [...(this.#texts.get(path) ?? []), text])
    return path
  }

  #append(path: string, text: string): string {
    appendFileSync(join(this.#folder, path), text)
    return `append ${JSON.stringify(text)} to ${path}`
  }

  #rewrite(path: string): string {
    return `rewrite ${this.#write(path, this.#text())}`
  }

  #remove(): string {
    const path = this.anyFile()
    rmSync(join(this.#folder, path))
    return `remove ${path}`
  }

  #rename(): string {
    const from = this.anyFile()
    const to = `${this.#pick(MODULES).replaceAll('.', '/')}.py`
    mkdirSync(dirname(join(this.#folder, to)), { recursive: true })
    renameSync(join(this.#folder, from), join(this.#folder, to))
    return `rename ${from} to ${to}`
  }

  #revert(): string {
    const path = this.anyFile()
    return `revert ${this.#write(path, this.#pick(this.#texts.get(path) ?? ['']))}`
  }

  #touch(): string {
    const path = this.anyFile()
    const time = Math.floor(this.#random() * 1e9)
    utimesSync(join(this.#folder, path), time, time)
    return `touch ${path}`
  }

  #garble(): string {
    const path = this.anyFile()
    writeFiles(this.#folder, { [path]: Uint8Array.of(0x78, 0, 0xff) })
    return `garble ${path}`
  }

  #configure(): string {
    const severity = () => this.#pick(['off', 'warn', 'error'])
    const config = {
      ...crossConfig,
      rules: { 'toy/no-bad': severity(), 'cross/owners': severity(), 'cross/totals': severity() },
      settings: this.#random() < 0.5 ? { paths: { sourceRoots: [this.#pick(['', 'pack'])] } } : {},
      overrides: this.#random() < 0.5 ? [{ files: [this.#pick(['pack/**', 'one.py'])], rules: { 'cross/modules': severity() } }] : [],
      ignores: this.#random() < 0.2 ? ['pack/deep/**'] : [],
    }
    writeFiles(this.#folder, { 'krait.config.json': JSON.stringify(config) })
    return 'configure'
  }

  #changePack(): string {
    writeFiles(this.#folder, crossPack(`1.0.${this.#version++ >> 1}`, this.#pick(['Seen:', 'Met:', 'Found:'])))
    return 'change the pack'
  }

  #pick<T>(choices: readonly T[]): T {
    return choices[Math.floor(this.#random() * choices.length)]!
  }
}

/** mulberry32: numbers from 0 to below 1. */
function createRandom(seed: number): () => number {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296
  }
}
