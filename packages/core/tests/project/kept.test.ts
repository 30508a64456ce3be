import { defineIndex, remember, type KeptReader, type ProjectReader, type Tracked } from '@krait/core'
import { describe, expect, it } from 'vitest'
import { holds, namesFact, openProject, trace, type Texts } from './toy-project.ts'

const files: Texts = { 'a.py': 'def one(): ...\n', 'b.py': 'def two(): ...\n', 'c.py': 'def three(): ...\n' }

/** Counts the functions of files, and of all files whose names are given. */
class Counter {
  readonly #reader: KeptReader
  readonly #counts = new Map<string, Tracked<number>>()
  readonly #sums = new Map<string, Tracked<number>>()
  asked = 0

  constructor(reader: KeptReader) {
    this.#reader = reader
  }

  static in(reader: ProjectReader): Counter {
    return reader.kept('toy/counter', (kept) => new Counter(kept))
  }

  count(path: string): number {
    return remember(this.#reader, this.#counts, path, () => {
      this.asked++
      return this.#reader.fact(namesFact, path)?.length ?? 0
    })
  }

  sum(paths: string): number {
    return remember(this.#reader, this.#sums, paths, () => paths.split(' ').reduce((sum, path) => sum + this.count(path), 0))
  }
}

it('is one object for all checks and indexes, which works once', () => {
  const project = openProject(files)
  const index = defineIndex({ name: 'toy/kept', version: 1, build: (reader) => reader, ask: (reader, path: string) => Counter.in(reader).count(path) })
  trace(project, (reader) => Counter.in(reader).count('a.py'))
  trace(project, (reader) => {
    const counter = Counter.in(reader)
    expect([counter.count('a.py'), counter.count('b.py'), reader.ask(index, 'b.py')]).toEqual([1, 1, 1])
    expect(counter.asked).toBe(2)
  })
})

describe('each who asks has read what the answer rests on', () => {
  const checks: readonly (readonly [name: string, check: (reader: ProjectReader) => unknown, rests: string])[] = [
    ['the first one', (reader) => Counter.in(reader).count('a.py'), 'a.py'],
    ['a later one', (reader) => Counter.in(reader).count('a.py'), 'a.py'],
    ['one who asks for what leads to it', (reader) => Counter.in(reader).sum('a.py b.py'), 'a.py b.py'],
    ['one who asks so once more', (reader) => [Counter.in(reader).sum('a.py b.py'), Counter.in(reader).count('c.py')], 'a.py b.py c.py'],
    ['one who does not ask', (reader) => Counter.in(reader).asked, ''],
  ]
  const project = openProject(files)
  const traces = checks.map(([, check]) => trace(project, check))
  for (const [i, [name, , rests]] of checks.entries()) {
    it(name, () => {
      const broken = Object.keys(files).filter((path) => !holds(traces[i]!, openProject({ ...files, [path]: '' })))
      expect(broken.join(' ')).toBe(rests)
    })
  }
})

it('what an index reads through a kept object is the index\'s own', () => {
  const index = defineIndex({ name: 'toy/any', version: 1, build: (reader) => reader, ask: (reader, path: string) => Counter.in(reader).count(path) > 0 })
  const project = openProject(files, {}, [index])
  const check = (reader: ProjectReader) => [Counter.in(reader).count('b.py'), reader.ask(index, 'a.py'), Counter.in(reader).count('c.py')]
  const traced = trace(project, check)
  // Two functions or one make no difference to the answer.
  expect(holds(traced, openProject({ ...files, 'a.py': 'def one(): ...\ndef other(): ...\n' }, {}, [index]))).toBe(true)
  for (const path of ['a.py', 'b.py', 'c.py']) expect(holds(traced, openProject({ ...files, [path]: '' }, {}, [index]))).toBe(false)
})

it('what ends in an error is worked out again, and counts as read', () => {
  const project = openProject({ ...files, 'b.py': 'broken' })
  const check = (reader: ProjectReader) => {
    expect(() => Counter.in(reader).sum('a.py b.py')).toThrow('can not collect')
  }
  for (let i = 0; i < 2; i++) {
    const { table, places } = trace(project, check)
    expect(places.map((place) => table.reads[place]!).map(([kind, , , path]) => [kind, path]).sort()).toEqual([['fact', 'a.py'], ['fact', 'b.py']])
  }
})

it('serves a project without logs', () => {
  const project = openProject(files, { logsReads: false })
  expect([Counter.in(project.reader()).sum('a.py b.py'), Counter.in(project.reader()).asked]).toEqual([2, 2])
})
