import { defineIndex, readsIn, ReadTableBuilder, type AnyIndex, type IndexDefinition, type Project, type ProjectOptions, type ProjectReader } from '@krait/core'
import { describe, expect, it, test } from 'vitest'
import { holds, namesFact, openProject, packed, ownersIndex, trace, type Texts, type Trace } from './toy-project.ts'

const files: Texts = { 'a.py': 'def one(): ...\n', 'b.py': 'def two(): ...\n', 'c.py': 'def three(): ...\n' }

const asksForTwo = (reader: ProjectReader) => reader.ask(ownersIndex, 'two')

/** An index that answers with the number of its builds and asks. */
function countingIndex() {
  const counts = { builds: 0, asks: 0 }
  const index = defineIndex<readonly string[], string, string>({
    name: 'toy/counting',
    version: 1,
    build(reader) {
      counts.builds++
      return reader.files()
    },
    ask(built, key) {
      counts.asks++
      return `${key} of ${built.length}`
    },
  })
  return { index, counts }
}

describe('asking', () => {
  it('gives answers, also none', () => {
    const reader = openProject(files).reader()
    expect(reader.ask(ownersIndex, 'two')).toBe('b.py')
    expect(reader.ask(ownersIndex, 'four')).toBeUndefined()
  })

  it.each([true, false])('builds once and answers each question once (logged: %s)', (logsReads) => {
    const { index, counts } = countingIndex()
    const project = openProject(files, { logsReads }, [index])
    for (let i = 0; i < 3; i++) {
      const reader = project.reader(project.openLog())
      expect([reader.ask(index, 'x'), reader.ask(index, 'y')]).toEqual(['x of 3', 'y of 3'])
    }
    expect(counts).toEqual({ builds: 1, asks: 2 })
  })

  it('is not done before somebody asks', () => {
    const { index, counts } = countingIndex()
    const project = openProject(files, {}, [index])
    project.reader().files()
    expect(counts.builds).toBe(0)
  })

  it('fails for everyone in the same way', () => {
    let builds = 0
    const index = defineIndex<never, string, string>({
      name: 'toy/failing',
      version: 1,
      build() {
        builds++
        throw new Error('can not be linked')
      },
      ask: () => 'never',
    })
    const project = openProject(files, {}, [index])
    const check = (reader: ProjectReader) => {
      for (const key of ['x', 'y', 'x']) expect(() => reader.ask(index, key)).toThrow('can not be linked')
    }
    const failed = trace(project, check)
    expect(builds).toBe(1)
    expect(holds(failed, openProject(files, {}, [index]))).toBe(false)
  })
})

describe('what counts for who asks', () => {
  it('is the answer, not what the index read', () => {
    const before = trace(openProject(files), asksForTwo)
    expect(before.places).toHaveLength(1)
    expect(holds(before, openProject({ ...files, 'c.py': 'def four(): ...\n', 'd.py': '' }))).toBe(true)
    expect(holds(before, openProject({ ...files, 'a.py': 'def one(): ...\ndef two(): ...\n' }))).toBe(false)
  })

  it('is also that there was no answer', () => {
    const before = trace(openProject(files), (reader) => reader.ask(ownersIndex, 'four'))
    expect(holds(before, openProject({ ...files, 'a.py': '' }))).toBe(true)
    expect(holds(before, openProject({ ...files, 'd.py': 'def four(): ...\n' }))).toBe(false)
  })

  it('is not asked again while the index would read the same', () => {
    const { index, counts } = countingIndex()
    const before = trace(openProject(files, {}, [index]), (reader) => reader.ask(index, 'x'))
    expect(holds(before, openProject({ ...files, 'a.py': 'other' }, {}, [index]))).toBe(true)
    expect(counts).toEqual({ builds: 1, asks: 1 })
    expect(holds(before, openProject({ ...files, 'd.py': '' }, {}, [index]))).toBe(false)
    expect(counts).toEqual({ builds: 2, asks: 2 })
  })

  it('includes what an index reads while it answers', () => {
    const lazy = defineIndex<ProjectReader, string, number>({
      name: 'toy/lazy',
      version: 1,
      build: (reader) => reader,
      ask: (reader, path) => reader.fact(namesFact, path)?.length ?? -1,
    })
    const before = trace(openProject(files, {}, [lazy]), (reader) => reader.ask(lazy, 'b.py'))
    expect(before.places).toHaveLength(1)
    expect(holds(before, openProject({ ...files, 'b.py': 'def other(): ...\n' }, {}, [lazy]))).toBe(true)
    expect(holds(before, openProject({ ...files, 'b.py': '' }, {}, [lazy]))).toBe(false)
  })

  it('an index that nobody lists, or of another version, does not hold', () => {
    const before = trace(openProject(files), asksForTwo)
    expect(holds(before, openProject(files, {}, []))).toBe(false)
    expect(holds(before, openProject(files, {}, [{ ...ownersIndex, version: 2 }]))).toBe(false)
    expect(holds(before, openProject(files, { indexes: [ownersIndex] }, []))).toBe(true)
  })
})

describe('an answer that is no JSON', () => {
  const linkedIndex = defineIndex<ReadonlyMap<string, string>, string, ReadonlyMap<string, string>>({
    name: 'toy/linked',
    version: 1,
    build: (reader) => new Map([...reader.facts(namesFact)].map(([path, names]) => [path, names.join()])),
    ask: (built) => built,
  })
  const sharingIndex = defineIndex<ReadonlyMap<string, string>, string, string | undefined>({
    name: 'toy/sharing',
    version: 1,
    build: (reader) => reader.ask(linkedIndex, 'all'),
    ask: (built, path) => built.get(path),
  })
  const indexes: readonly AnyIndex[] = [linkedIndex, sharingIndex]

  it('counts with all that its index has read', () => {
    const before = trace(openProject(files, {}, indexes), (reader) => reader.ask(linkedIndex, 'all').size)
    expect(holds(before, openProject({ ...files, 'a.py': '# new\ndef one(): ...\n' }, {}, indexes))).toBe(true)
    expect(holds(before, openProject({ ...files, 'a.py': 'def two(): ...\n' }, {}, indexes))).toBe(false)
  })

  it('can be shared with another index, whose answers count alone', () => {
    const before = trace(openProject(files, {}, indexes), (reader) => reader.ask(sharingIndex, 'b.py'))
    expect(holds(before, openProject({ ...files, 'a.py': 'def other(): ...\n' }, {}, indexes))).toBe(true)
    expect(holds(before, openProject({ ...files, 'b.py': 'def other(): ...\n' }, {}, indexes))).toBe(false)
  })

  it.each([
    ['an instance', new Date(0)],
    ['a map inside', { a: [new Map([[1, 2]])] }],
    ['a function', () => 1],
    ['a number that is none', [Number.NaN]],
  ])('is told from one that is: %s', (_, answer) => {
    const index = defineIndex<unknown, string, unknown>({ name: 'toy/other', version: 1, build: (reader) => reader.files(), ask: () => answer })
    const before = trace(openProject(files, {}, [index]), (reader) => reader.ask(index, 'x'))
    expect(before.table.reads.map(([kind]) => kind)).toContain('index')
    expect(holds(before, openProject({ ...files, 'd.py': '' }, {}, [index]))).toBe(false)
  })

  it('is none of these', () => {
    const shared = [1, 'two', null, true]
    const answer = { shared, again: shared, nothing: undefined, deep: { bare: Object.create(null) as object } }
    const index = defineIndex<unknown, string, unknown>({ name: 'toy/other', version: 1, build: (reader) => reader.files(), ask: () => answer })
    const before = trace(openProject(files, {}, [index]), (reader) => reader.ask(index, 'x'))
    expect(before.table.reads.map(([kind]) => kind)).not.toContain('index')
    expect(holds(before, openProject({ ...files, 'd.py': '' }, {}, [index]))).toBe(true)
  })
})

describe('kept answers', () => {
  /** The answers of a run as a cache keeps them. */
  function kept(project: Project, check: (reader: ProjectReader) => void): Trace & { readonly texts: ReadonlyMap<number, string> } {
    return { ...trace(project, check), texts: new Map(project.answerTexts()) }
  }

  it('spare building their index while it would read the same', () => {
    const { index, counts } = countingIndex()
    const { table, texts } = kept(openProject(files, {}, [index]), (reader) => reader.ask(index, 'x'))
    const after = openProject({ ...files, 'a.py': '# new\n' }, {}, [index])
    after.checker(packed(table), { textOf: (place) => texts.get(place) })
    const again = trace(after, (reader) => expect(reader.ask(index, 'x')).toBe('x of 3'))
    expect(counts).toEqual({ builds: 1, asks: 1 })
    // Who was told so rests on the same as who asked the index itself.
    expect(holds(again, openProject(files, {}, [index]), table)).toBe(true)
    expect(holds(again, openProject({ ...files, 'd.py': '' }, {}, [index]), table)).toBe(false)

    expect(after.reader().ask(index, 'y')).toBe('y of 3')
    expect(counts).toEqual({ builds: 3, asks: 3 })
  })

  it('are not used once it would not', () => {
    const { table, texts } = kept(openProject(files), asksForTwo)
    const after = openProject({ ...files, 'a.py': 'def two(): ...\n' })
    after.checker(packed(table), { textOf: (place) => texts.get(place) })
    expect(after.reader().ask(ownersIndex, 'two')).toBe('a.py')
  })

  it('can be none, and can be lost', () => {
    const { index, counts } = countingIndex()
    const silent = { ...index, ask: () => undefined }
    const check = (reader: ProjectReader) => reader.ask(silent, 'x')
    const { table } = kept(openProject(files, {}, [silent]), check)
    const after = openProject(files, {}, [silent])
    after.checker(packed(table))
    trace(after, (reader) => expect(check(reader)).toBeUndefined())
    expect(counts.builds).toBe(1)

    const { table: other } = kept(openProject(files, {}, [index]), (reader) => reader.ask(index, 'x'))
    const without = openProject(files, {}, [index])
    without.checker(packed(other))
    expect(without.reader().ask(index, 'x')).toBe('x of 3')
    expect(counts.builds).toBe(3)
  })

  const plural = defineIndex<ReadonlyMap<string, string>, 'all', ReadonlyMap<string, string>>({
    name: 'toy/plural',
    version: 1,
    build: (reader) => new Map([...reader.facts(namesFact)].map(([path, names]) => [path, names.join()])),
    ask: (built) => built,
  })
  const reads: readonly (readonly [name: string, read: (reader: ProjectReader) => unknown, after: Texts, options?: Partial<ProjectOptions>])[] = [
    ['settings', (reader) => reader.settings(), files, { settings: { word: 'x' } }],
    ['changes', (reader) => reader.changes()?.base ?? null, files, { changes: { base: 'abc', files: [], file: () => undefined, baseText: () => undefined } }],
    ['files', (reader) => reader.files(), { ...files, 'd.py': '' }],
    ['a file', (reader) => reader.hasFile('d.py'), { ...files, 'd.py': '' }],
    ['a folder', (reader) => reader.hasFolder('lib'), { ...files, 'lib/d.py': '' }],
    ['a fact', (reader) => reader.fact(namesFact, 'c.py'), { ...files, 'c.py': '' }],
    ['all facts', (reader) => [...reader.facts(namesFact)], { ...files, 'c.py': '' }],
    ['an answer', (reader) => reader.ask(ownersIndex, 'three'), { ...files, 'c.py': '' }],
    ['an answer that is no JSON', (reader) => reader.ask(plural, 'all').get('c.py'), { ...files, 'c.py': '' }],
  ]
  for (const [name, read, after, options] of reads) {
    it(`rest on what their index has read: ${name}`, () => {
      const lazy = defineIndex<ProjectReader, string, unknown>({ name: 'toy/lazy', version: 1, build: (reader) => reader, ask: (reader) => read(reader) })
      const indexes: readonly AnyIndex[] = [ownersIndex, plural, lazy]
      const check = (reader: ProjectReader) => reader.ask(lazy, '')
      const { table, texts } = kept(openProject(files, {}, indexes), check)
      const middle = openProject(files, {}, indexes)
      middle.checker(packed(table), { textOf: (place) => texts.get(place) })
      const again = trace(middle, check)
      expect(again.table.reads.map(([kind]) => kind)).toEqual(['earlier', 'answer'])
      expect(holds(again, openProject(files, {}, indexes), table)).toBe(true)
      expect(holds(again, openProject(after, options, indexes), table)).toBe(false)
    })
  }
})

describe('indexes that ask indexes', () => {
  const initials = defineIndex<ProjectReader, string, string>({
    name: 'toy/initials',
    version: 1,
    build: (reader) => reader,
    ask: (reader, name) => (reader.ask(ownersIndex, name) ?? '?')[0]!,
  })
  const indexes: readonly AnyIndex[] = [ownersIndex, initials]
  const check = (reader: ProjectReader) => reader.ask(initials, 'two')

  it('stop the spread where their answer is the same', () => {
    const before = trace(openProject(files, {}, indexes), check)
    const moved = { 'a.py': files['a.py']!, 'b2.py': files['b.py']! }
    expect(openProject(moved, {}, indexes).reader().ask(ownersIndex, 'two')).toBe('b2.py')
    expect(holds(before, openProject(moved, {}, indexes))).toBe(true)
    expect(holds(before, openProject({ 'x.py': files['b.py']! }, {}, indexes))).toBe(false)
  })
})

describe('a circle', () => {
  function asking(name: string, other: () => IndexDefinition<unknown, string, string>, catches = false): IndexDefinition<unknown, string, string> {
    const ask = (reader: ProjectReader) => reader.ask(other(), 'x')
    return defineIndex<unknown, string, string>({
      name,
      version: 1,
      build(reader) {
        if (!catches) return ask(reader)
        try {
          return ask(reader)
        } catch {
          return 'caught'
        }
      },
      ask: (built) => String(built),
    })
  }

  /** One error, wherever the question comes in. */
  const message = 'These indexes ask each other in a circle: toy/a -> toy/b -> toy/c -> toy/a. Let one of them read the facts itself.'

  it.each([false, true])('is named, and the same for all its members (one of them catches the error: %s)', (catches) => {
    for (let first = 0; first < 3; first++) {
      const circle: IndexDefinition<unknown, string, string>[] = []
      circle.push(asking('toy/a', () => circle[1]!), asking('toy/b', () => circle[2]!, catches), asking('toy/c', () => circle[0]!))
      for (const logsReads of [true, false]) {
        const project = openProject(files, { logsReads }, circle)
        for (let i = 0; i < 3; i++) {
          expect(() => project.reader(project.openLog()).ask(circle[(first + i) % 3]!, 'x')).toThrow(message)
        }
      }
    }
  })

  it('can be one index that asks itself', () => {
    const self: IndexDefinition<unknown, string, string> = asking('toy/self', () => self)
    expect(() => openProject(files).reader().ask(self, 'x')).toThrow('toy/self -> toy/self')
  })

  it('can be two answers that wait for each other', () => {
    const index: IndexDefinition<ProjectReader, string, string> = defineIndex({
      name: 'toy/answers',
      version: 1,
      build: (reader: ProjectReader) => reader,
      ask: (reader: ProjectReader, key: string): string => (key === 'end' ? 'end' : reader.ask(index, key === 'x' ? 'y' : key === 'y' ? 'x' : 'end')),
    })
    const reader = openProject(files).reader()
    expect(reader.ask(index, 'z')).toBe('end')
    expect(() => reader.ask(index, 'x')).toThrow('toy/answers -> toy/answers')
  })
})

describe('a view with another text', () => {
  it('has the same indexes while the facts are the same', () => {
    const { index, counts } = countingIndex()
    const project = openProject(files, {}, [index])
    project.reader().ask(index, 'x')
    expect(project.withText('a.py', '# new\ndef one(): ...\n').reader().ask(index, 'x')).toBe('x of 3')
    expect(counts.builds).toBe(1)
  })

  it('has its own where they are not', () => {
    const project = openProject(files)
    expect(project.withText('a.py', 'def two(): ...\n').reader().ask(ownersIndex, 'two')).toBe('a.py')
    expect(project.withText('0.py', 'def two(): ...\n').reader().ask(ownersIndex, 'two')).toBe('0.py')
    expect(project.reader().ask(ownersIndex, 'two')).toBe('b.py')
  })
})

describe('tables of several runs in one', () => {
  function merge(traces: readonly Trace[]): Trace {
    const builder = new ReadTableBuilder()
    const places = traces.map(({ places, table }) => places.map(builder.importer(readsIn(table))))
    return { places: places.flat(), table: builder.table() }
  }

  test('each read is there once, and means the same', () => {
    const first = trace(openProject(files), (reader) => [reader.hasFile('x\ntrue'), reader.fact(namesFact, 'a.py'), reader.ask(ownersIndex, 'two')])
    const second = trace(openProject(files), (reader) => [reader.ask(ownersIndex, 'two'), reader.hasFile('x'), reader.fact(namesFact, 'a.py')])
    const merged = merge([first, second])
    expect(new Set(merged.places).size).toBe(4)
    expect(merged.table.builds).toHaveLength(1)
    expect(holds(merged, openProject(files))).toBe(true)
    expect(holds(merged, openProject({ ...files, 'x\ntrue': '' }))).toBe(false)
  })

  test('what nobody imports is left behind', () => {
    const { table } = trace(openProject(files), (reader) => [reader.hasFile('x'), reader.ask(ownersIndex, 'two')])
    const builder = new ReadTableBuilder()
    const place = table.reads.findIndex(([kind]) => kind === 'file')
    builder.importer(readsIn(table))(place)
    expect(builder.table()).toEqual({ reads: [['file', 'x', false]], builds: [], logs: [] })
  })

  test('an answer that was asked for again rests on the new build', () => {
    const before = trace(openProject(files), asksForTwo)
    const after = openProject({ ...files, 'c.py': '' })
    const checker = after.checker(packed(before.table))
    expect(checker.allHold(before.places)).toBe(true)
    const [renewed] = [...checker.renewed.values()]
    const now: Trace = { places: [renewed!], table: after.readTable() }
    const { index, counts } = countingIndex()
    const unasked = { ...index, name: ownersIndex.name }
    expect(holds(now, openProject({ ...files, 'c.py': '' }, {}, [unasked]))).toBe(true)
    expect(counts.builds).toBe(0)
  })

  test('what rests on the old build of a renewed answer holds with it, and the index is not asked', () => {
    const before = trace(openProject(files), asksForTwo)
    const { index, counts } = countingIndex()
    const unasked = { ...index, name: ownersIndex.name }
    const check = (isRenewed: (place: number) => boolean) => openProject({ ...files, 'c.py': '' }, {}, [unasked]).checker(packed(before.table), { isRenewed }).allHold(before.places)
    expect(check(() => true)).toBe(true)
    expect(counts.builds).toBe(0)
    expect(check(() => false)).toBe(false)
    expect(counts.builds).toBe(1)
  })
})
