import { defineFact, readsIn, ReadTableBuilder, wordsOfDigest, type AnyFact, type FactDefinition, type FactSource, type ProjectChanges, type ProjectReader } from '@krait/core'
import { describe, expect, it } from 'vitest'
import { holds, namesFact, openProject, packed, staysSame, trace, type Texts } from './toy-project.ts'

const files: Texts = { 'a.py': 'def one(): ...\n', 'lib/b.py': 'def two(): ...\n', 'lib/c.py': '' }

describe('a read holds while its answer is the same', () => {
  const reads: readonly (readonly [name: string, read: (reader: ProjectReader) => unknown])[] = [
    ['files', (reader) => reader.files()],
    ['hasFile', (reader) => reader.hasFile('lib/b.py')],
    ['hasFile of none', (reader) => reader.hasFile('lib/d.py')],
    ['hasFolder', (reader) => reader.hasFolder('lib')],
    ['hasFolder of none', (reader) => reader.hasFolder('other')],
    ['fact', (reader) => reader.fact(namesFact, 'lib/b.py')],
    ['fact of none', (reader) => reader.fact(namesFact, 'lib/d.py')],
    ['facts', (reader) => [...reader.facts(namesFact)]],
  ]
  const changes: readonly (readonly [name: string, after: Texts, broken: readonly string[]])[] = [
    ['nothing changes', files, []],
    ['a text changes and its facts do not', { ...files, 'lib/b.py': '# new\ndef two(): ...\n' }, []],
    ['facts change', { ...files, 'lib/b.py': 'def other(): ...\n' }, ['fact', 'facts']],
    ['the facts of another file change', { ...files, 'a.py': 'def other(): ...\n' }, ['facts']],
    ['a file starts to exist', { ...files, 'lib/d.py': '' }, ['files', 'hasFile of none', 'fact of none', 'facts']],
    ['a folder starts to exist', { ...files, 'other/e.py': '' }, ['files', 'hasFolder of none', 'facts']],
    ['a file is gone', { 'a.py': files['a.py']!, 'lib/c.py': '' }, ['files', 'hasFile', 'fact', 'facts']],
    ['a folder is gone', { 'a.py': files['a.py']! }, ['files', 'hasFile', 'hasFolder', 'fact', 'facts']],
  ]
  for (const [name, after, broken] of changes) {
    it(name, () => {
      const found = reads.filter(([, read]) => !staysSame(files, after, read)).map(([read]) => read)
      expect(found).toEqual(broken)
    })
  }
})

describe('a read of a part of a fact holds while that part is the same', () => {
  /** By function: its parameters by name. */
  const parametersFact = defineFact<Readonly<Record<string, Readonly<Record<string, number>>>>>({
    name: 'toy/parameters',
    version: 1,
    collect({ sourceCode }) {
      if (sourceCode.text.includes('broken')) throw new Error('can not collect')
      const functions = [...sourceCode.text.matchAll(/^def (\w+)\((.*)\)/gm)]
      return Object.fromEntries(functions.map((match) => [match[1]!, Object.fromEntries(match[2]!.split(',').map((name, i) => [name.trim(), i]))]))
    },
  })
  const texts: Texts = { 'a.py': 'def one(x, y): ...\ndef two(x): ...\n' }
  const open = (after: Texts) => openProject(after, { facts: [parametersFact] })
  const reads: readonly (readonly [name: string, read: (reader: ProjectReader) => unknown])[] = [
    ['one', (reader) => expect(reader.part(parametersFact, 'a.py', 'one')).toEqual({ x: 0, y: 1 })],
    ['y of one', (reader) => expect(reader.part(parametersFact, 'a.py', 'one', 'y')).toBe(1)],
    ['two', (reader) => expect(reader.part(parametersFact, 'a.py', 'two')).toEqual({ x: 0 })],
    ['none', (reader) => expect(reader.part(parametersFact, 'a.py', 'three')).toBeUndefined()],
    ['of none', (reader) => expect(reader.part(parametersFact, 'a.py', 'three', 'x')).toBeUndefined()],
    ['a property of all objects', (reader) => expect(reader.part(parametersFact, 'a.py', 'toString')).toBeUndefined()],
    ['of a file that is not there', (reader) => expect(reader.part(parametersFact, 'b.py', 'one')).toBeUndefined()],
  ]
  it.each<readonly [change: string, after: Texts, broken: readonly string[]]>([
    ['nothing changes', texts, []],
    ['the fact stays', { 'a.py': `# new\n${texts['a.py']!}` }, []],
    ['another part changes', { 'a.py': 'def one(x, y): ...\ndef two(): ...\ndef four(x): ...\n' }, ['two']],
    ['the part changes', { 'a.py': 'def one(z, y): ...\ndef two(x): ...\n' }, ['one']],
    ['what is in the part changes', { 'a.py': 'def one(y): ...\ndef two(x): ...\n' }, ['one', 'y of one']],
    ['the part starts to exist', { 'a.py': `${texts['a.py']!}def three(x): ...\n` }, ['none', 'of none']],
    ['the part is gone', { 'a.py': 'def two(x): ...\n' }, ['one', 'y of one']],
    ['the file is gone', {}, ['one', 'y of one', 'two']],
    ['the file starts to exist', { ...texts, 'b.py': 'def one(x): ...\n' }, ['of a file that is not there']],
    ['the fact can not be collected', { 'a.py': `${texts['a.py']!}broken` }, reads.map(([name]) => name).filter((name) => name !== 'of a file that is not there')],
  ])('%s', (_, after, broken) => {
    const found = reads.filter(([, read]) => !holds(trace(open(texts), read), open(after))).map(([name]) => name)
    expect(found).toEqual(broken)
  })

  it('also in a table that was put together from others', () => {
    const builder = new ReadTableBuilder()
    const tables = reads.map(([, read]) => trace(open(texts), read))
    const places = tables.map(({ places, table }) => places.map(builder.importer(readsIn(table))))
    const broken = places.map((log) => !holds({ places: log, table: builder.table() }, open({ 'a.py': 'def one(z, y): ...\ndef two(x): ...\n' })))
    expect(reads.filter((_, i) => broken[i]).map(([name]) => name)).toEqual(['one'])
  })
})

it('no read at all holds always', () => {
  expect(staysSame(files, {}, () => undefined)).toBe(true)
})

it('one read that fails is enough', () => {
  const check = (reader: ProjectReader) => [reader.hasFile('a.py'), reader.fact(namesFact, 'lib/b.py'), reader.hasFile('lib/c.py')]
  expect(staysSame(files, { ...files, 'lib/b.py': '' }, check)).toBe(false)
})

it('logs belong to one check each', () => {
  const project = openProject(files)
  const ofA = trace(project, (reader) => reader.fact(namesFact, 'a.py'))
  const ofB = trace(project, (reader) => reader.fact(namesFact, 'lib/b.py'))
  const after = openProject({ ...files, 'a.py': '' })
  expect([holds(ofA, after), holds(ofB, after)]).toEqual([false, true])
})

it('a read that is made again and again is logged once', () => {
  const { places } = trace(openProject(files), (reader) => {
    for (let i = 0; i < 5; i++) reader.fact(namesFact, i % 2 === 0 ? 'a.py' : 'lib/b.py')
  })
  expect(places).toHaveLength(2)
})

it('settings are read like all else', () => {
  const settings = { paths: { sourceRoots: ['src'] } }
  const before = trace(openProject(files, { settings }), (reader) => expect(reader.settings()).toBe(settings))
  expect(holds(before, openProject(files, { settings: { paths: { sourceRoots: ['src'] } } }))).toBe(true)
  expect(holds(before, openProject(files))).toBe(false)
})

it('so is the change that a run looks at', () => {
  const change = (base: string): ProjectChanges => ({ base, files: [], file: () => undefined, baseText: () => undefined })
  const changes = change('0123')
  const before = trace(openProject(files, { changes }), (reader) => expect(reader.changes()).toBe(changes))
  expect(holds(before, openProject(files, { changes: change('0123') }))).toBe(true)
  expect(holds(before, openProject(files, { changes: change('4567') }))).toBe(false)
  expect(holds(before, openProject(files))).toBe(false)
  const without = trace(openProject(files), (reader) => expect(reader.changes()).toBeNull())
  expect(holds(without, openProject(files))).toBe(true)
})

it('a file that can not be read has no fact, until it can', () => {
  const unreadable = openProject(files, { read: (path) => (path === 'a.py' ? undefined : files[path]) })
  const before = trace(unreadable, (reader) => expect(reader.fact(namesFact, 'a.py')).toBeUndefined())
  expect(holds(before, openProject(files))).toBe(false)
})

it('a fact of another version, or one that nobody declares, does not hold', () => {
  const other = defineFact<unknown>({ name: 'toy/other', version: 1, collect: () => 1 })
  for (const fact of [{ ...namesFact, version: 2 } as FactDefinition, other]) {
    const before = trace(openProject(files), (reader) => reader.fact(fact, 'a.py'))
    expect(holds(before, openProject(files))).toBe(false)
  }
})

it('an error of a collector never holds, also where a rule catches it', () => {
  const broken = { ...files, 'a.py': 'broken\n' }
  const check = (reader: ProjectReader) => {
    expect(() => reader.fact(namesFact, 'a.py')).toThrow('can not collect')
  }
  expect(staysSame(broken, broken, check)).toBe(false)
})

it('a rule that stops before the broken file does not fail', () => {
  const broken = { ...files, 'lib/b.py': 'broken\n' }
  const check = (reader: ProjectReader) => {
    for (const [path] of reader.facts(namesFact)) {
      expect(path).toBe('a.py')
      break
    }
  }
  expect(staysSame(broken, broken, check)).toBe(false)
})

it('a log that names what its table has not does not hold', () => {
  const project = openProject(files)
  expect(project.checker(packed({ reads: [], builds: [], logs: [] })).allHold([0])).toBe(false)
  expect(project.checker(packed({ reads: [], builds: [], logs: [] })).allHold([~0])).toBe(false)
  expect(project.checker(packed({ reads: [['answer', 7, 'x', null]], builds: [], logs: [] })).allHold([0])).toBe(false)
  expect(project.checker(packed({ reads: [['earlier', 0, 0]], builds: [], logs: [] })).allHold([0])).toBe(false)
})

it('digests are made as the platform wants it', () => {
  const digests: string[] = []
  const digest = (text: string) => `${digests.push(text)}`.padStart(32, '0')
  const { table } = trace(openProject(files, { digest }), (reader) => reader.fact(namesFact, 'a.py'))
  expect(digests).toEqual(['["one"]'])
  expect(table.reads).toEqual([['fact', 'toy/names', 1, 'a.py', '1'.padStart(32, '0')]])
})

it('a project that logs nothing has no log, and checks nothing', () => {
  const project = openProject(files, { logsReads: false })
  expect(project.openLog()).toBeUndefined()
  expect(project.reader(project.openLog()).fact(namesFact, 'a.py')).toEqual(['one'])
  expect(project.readTable()).toEqual({ reads: [], builds: [], logs: [] })
  expect(() => project.checker(packed({ reads: [], builds: [], logs: [] }))).toThrow('logsReads')
})

describe('facts from elsewhere', () => {
  const before = openProject(files)
  const collected = new Map(before.files.map((path) => [path, before.collect(path)]))
  const find = (fact: AnyFact, path: string) => collected.get(path)!.find((one) => one.fact === fact)
  const stored = (json: (text: string) => string | undefined): FactSource => ({
    fact(fact, path) {
      const found = find(fact, path)
      return found && { digest: found.digest, json: () => json(found.json) }
    },
    digests: (fact, paths) => Int32Array.from(paths.flatMap((path) => [...wordsOfDigest(find(fact, path)?.digest ?? '')])),
  })
  const check = (reader: ProjectReader) => [reader.fact(namesFact, 'a.py'), reader.facts(namesFact)]

  it('are not collected again, and have the digest of those collected here', () => {
    const after = openProject(files, { read: () => expect.unreachable('nothing has to be read') })
    after.seed(stored((json) => json))
    expect(after.reader().fact(namesFact, 'lib/b.py')).toEqual(['two'])
    expect(holds(trace(before, check), after)).toBe(true)
    expect(holds(trace(after, check), openProject(files))).toBe(true)
    expect(after.collected('a.py')).toEqual([])
    expect(before.collected('a.py')).toEqual(before.collect('a.py'))
  })

  it('take the place of those that were collected here', () => {
    const after = openProject(files)
    const own = after.reader().fact(namesFact, 'a.py')
    after.seed(stored((json) => json))
    expect(after.collected('a.py')).toEqual([])
    expect(after.reader().fact(namesFact, 'a.py')).not.toBe(own)
    expect(after.reader().fact(namesFact, 'a.py')).toEqual(own)
  })

  it('are collected after all if their text is lost', () => {
    const after = openProject(files)
    after.seed(stored(() => undefined))
    expect(after.reader().fact(namesFact, 'lib/b.py')).toEqual(['two'])
    expect(holds(trace(before, check), after)).toBe(true)
    expect(after.collected('lib/b.py')).toEqual(before.collect('lib/b.py'))
  })
})
