import { defineIndex, remember, readsIn, ReadTableBuilder, type AnyIndex, type KeptReader, type Project, type ProjectReader, type Tracked } from '@krait/core'
import { describe, expect, it } from 'vitest'
import { holds, namesFact, openProject, packed, trace, type Texts } from './toy-project.ts'

const files: Texts = { 'a.py': 'def one(): ...\n', 'b.py': 'def two(): ...\n', 'c.py': 'def three(): ...\n' }

/** Adds up the functions of files; what it knows of a file, and of the files up to one, is remembered. */
class Counter {
  readonly #reader: KeptReader
  readonly #counts = new Map<string, Tracked<number>>()
  readonly #sums = new Map<string, Tracked<number>>()
  asked: string[] = []

  constructor(reader: KeptReader) {
    this.#reader = reader
  }

  answer(paths: string): number {
    this.asked.push(paths)
    return paths.split(' ').reduce((sum, path) => sum + this.count(path), 0)
  }

  count(path: string): number {
    return remember(this.#reader, this.#counts, path, () => this.#reader.fact(namesFact, path)?.length ?? 0)
  }

  /** From the first file of the project on, each sum resting on the one before. */
  upTo(paths: readonly string[]): number {
    let sum = 0
    for (const [i, path] of paths.entries()) {
      const before = sum
      sum = remember(this.#reader, this.#sums, path, () => {
        if (i > 0) this.#reader.include(this.#sums.get(paths[i - 1]!)!.reads)
        return before + this.count(path)
      })
    }
    return sum
  }
}

function countingIndex() {
  const built: Counter[] = []
  const index = defineIndex<Counter, string, number>({
    name: 'toy/counts',
    version: 1,
    logsAnswers: true,
    build(reader) {
      reader.hasFolder('settings')
      built.push(new Counter(reader))
      return built.at(-1)!
    },
    ask: (counter, paths) => (paths === 'all' ? counter.upTo(counter.answer('a.py') === 1 ? Object.keys(files) : []) : counter.answer(paths)),
  })
  return { index, built }
}

const asks = (index: AnyIndex, ...keys: readonly string[]) => (reader: ProjectReader) => keys.map((key) => reader.ask(index, key) as number)

/** Another run: which answers it works out again where the reads of an earlier run are checked. */
function askedAgain(built: readonly Counter[], before: ReturnType<typeof trace>, project: Project): readonly string[] {
  const runs = built.length
  holds(before, project)
  return built.slice(runs).flatMap(({ asked }) => asked)
}

describe('an index whose answers have logs of their own', () => {
  it('works out again only what rests on something that has changed', () => {
    const { index, built } = countingIndex()
    const before = trace(openProject(files, {}, [index]), asks(index, 'a.py', 'b.py', 'b.py c.py'))
    const changed = openProject({ ...files, 'c.py': 'def other(): ...\n' }, {}, [index])
    expect(askedAgain(built, before, changed)).toEqual(['b.py c.py'])
    expect(holds(before, changed)).toBe(true)
    expect(holds(before, openProject({ ...files, 'c.py': '' }, {}, [index]))).toBe(false)
  })

  it('keeps the reads behind what it remembers, whoever asked first', () => {
    const { index } = countingIndex()
    const project = openProject(files, {}, [index])
    trace(project, asks(index, 'a.py b.py'))
    const second = trace(project, asks(index, 'b.py c.py'))
    const broken = Object.keys(files).filter((path) => !holds(second, openProject({ ...files, [path]: '' }, {}, [index])))
    expect(broken).toEqual(['b.py', 'c.py'])
  })

  it('counts with what it was built from', () => {
    const { index, built } = countingIndex()
    const before = trace(openProject(files, {}, [index]), asks(index, 'a.py', 'b.py'))
    expect(askedAgain(built, before, openProject({ ...files, 'settings/x.py': '' }, {}, [index]))).toEqual(['a.py', 'b.py'])
  })

  it('has answers that are recalled without being worked out, and then rest on the same', () => {
    const { index, built } = countingIndex()
    const project = openProject(files, {}, [index])
    const before = trace(project, asks(index, 'a.py', 'all'))
    const texts = project.answerTexts()
    const later = openProject({ ...files, 'd.py': 'def four(): ...\n' }, {}, [index])
    later.checker(packed(before.table), { textOf: (place) => texts.get(place) })
    const again = trace(later, asks(index, 'd.py', 'all', 'a.py'))
    expect(built.at(-1)!.asked).toEqual(['d.py'])
    expect(holds(again, openProject({ ...files, 'd.py': 'def four(): ...\n' }, {}, [index]), before.table)).toBe(true)
    for (const path of Object.keys(files)) {
      const other = { ...files, 'd.py': 'def four(): ...\n', [path]: '' }
      expect(holds(again, openProject(other, {}, [index]), before.table)).toBe(false)
    }
  })

  it('can rest on a chain of any length', () => {
    const many = Object.fromEntries(Array.from({ length: 5000 }, (_, i) => [`m${i}.py`, `def f${i}(): ...\n`]))
    const paths = Object.keys(many)
    const index = defineIndex<Counter, string, number>({
      name: 'toy/chain',
      version: 1,
      logsAnswers: true,
      build: (reader) => new Counter(reader),
      ask: (counter, length) => counter.upTo(paths.slice(0, Number(length))),
    })
    const project = openProject(many, {}, [index])
    const { places, table } = trace(project, asks(index, '4999', '5000'))
    const builder = new ReadTableBuilder()
    const merged = { places: places.map(builder.importer(readsIn(table))), table: builder.table() }
    expect(holds(merged, openProject(many, {}, [index]))).toBe(true)
    expect(holds(merged, openProject({ ...many, 'm0.py': '' }, {}, [index]))).toBe(false)
    expect(holds({ ...merged, places: merged.places.slice(0, 1) }, openProject({ ...many, 'm4999.py': '' }, {}, [index]))).toBe(true)
  })
})
