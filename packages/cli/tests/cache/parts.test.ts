import { readFileSync, utimesSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { KnownFiles } from '../../src/cache/known-files.ts'
import { formatOutlines, PackOutlines, parseOutlines } from '../../src/cache/pack-outlines.ts'
import { replaceFile } from '../../src/cache/replace-file.ts'
import { formatSegment, openSegment } from '../../src/cache/segment-file.ts'
import type { StoredState } from '../../src/cache/stored-state.ts'
import { officialPacks } from '../../src/official-packs.ts'
import { readVersionOf, type FileVersion } from '../../src/read/file-version.ts'
import type { ProjectJob } from '../../src/run/job.ts'
import { makeFolder, writeFiles } from '../support/cli.ts'

describe('known files', () => {
  const job = (root: string, files: readonly string[], more: Partial<ProjectJob> = {}): ProjectJob => (
    { root, files, targets: [], configs: [], packs: [], settings: {}, overlay: {}, refused: {}, changes: null, ...more }
  )
  const state = (files: StoredState['files']): StoredState => ({ code: '', context: '', files, configs: [], results: [], facts: [], reads: [], renewals: [] })
  const neverRead = () => expect.unreachable('no file has to be read')

  /** A version by which nobody could take a file that is read for unchanged. */
  function madeUp(path: string): FileVersion {
    return { ...readVersionOf(path), identity: 'made up' }
  }

  test('with the stamp that they had are not read', () => {
    const root = makeFolder({ 'a.py': 'x' })
    const known = new KnownFiles(job(root, ['a.py']), state([['a.py', madeUp(join(root, 'a.py'))]]), neverRead)
    expect([known.isSame('a.py'), known.areSame, known.readAgain]).toEqual([true, true, 0])
  })

  const changes: readonly (readonly [name: string, change: (path: string) => void])[] = [
    ['another size', (path) => writeFileSync(path, 'xy')],
    ['another time', (path) => utimesSync(path, 1, 1)],
    ['another inode', (path) => replaceFile(path, [Buffer.from('x')])],
  ]
  test.each(changes)('with %s are read', (_, change) => {
    const root = makeFolder({ 'a.py': 'x' })
    const version = madeUp(join(root, 'a.py'))
    change(join(root, 'a.py'))
    let reads = 0
    const known = new KnownFiles(job(root, ['a.py']), state([['a.py', version]]), () => reads++)
    expect([known.isSame('a.py'), known.areSame, known.readAgain, reads]).toEqual([false, false, 1, 1])
  })

  test('without a stamp are read', () => {
    const root = makeFolder({ 'a.py': 'x', 'b.py': 'y' })
    const stored = state(['a.py', 'b.py'].map((path) => [path, { ...readVersionOf(join(root, path)), stamp: null }]))
    writeFiles(root, { 'b.py': 'z' })
    const known = new KnownFiles(job(root, ['a.py', 'b.py']), stored, () => undefined)
    expect([known.isSame('a.py'), known.isSame('b.py'), known.areSame, known.readAgain]).toEqual([true, false, false, 2])
  })

  test('that nobody has read may have any content, but not come and go', () => {
    const root = makeFolder({ 'a.py': 'x' })
    expect(new KnownFiles(job(root, ['a.py']), state([['a.py']]), neverRead).areSame).toBe(true)
    expect(new KnownFiles(job(root, ['a.py', 'b.py']), state([['a.py']]), neverRead).areSame).toBe(false)
    expect(new KnownFiles(job(root, []), state([['a.py']]), neverRead).areSame).toBe(false)
    expect(new KnownFiles(job(root, []), undefined, neverRead).areSame).toBe(false)
  })

  test('that something stands in place of are not the same', () => {
    const root = makeFolder({ 'a.py': 'x' })
    const stored = state([['a.py', readVersionOf(join(root, 'a.py'))]])
    expect(new KnownFiles(job(root, ['a.py'], { overlay: { 'a.py': 'x' } }), stored, neverRead).areSame).toBe(false)
    expect(new KnownFiles(job(root, ['a.py'], { refused: { 'a.py': 'no' } }), stored, neverRead).areSame).toBe(false)
  })
})

describe('segments', () => {
  test('give back what was put in', () => {
    const folder = makeFolder()
    const body = [Buffer.alloc(1_500_000, 'a'), Buffer.from('bc'), Buffer.alloc(0), Buffer.alloc(2_000_000, 'd')]
    const { name, pieces } = formatSegment({ any: ['thing', 'ä'] }, Int32Array.of(1, -1, 2 ** 31 - 1), body)
    replaceFile(join(folder, name), pieces)
    const segment = openSegment(join(folder, name), name)!
    expect(segment.header).toEqual({ any: ['thing', 'ä'] })
    expect([...segment.numbers]).toEqual([1, -1, 2 ** 31 - 1])
    expect(segment.body.read(1_499_999, 4)!.toString()).toBe('abcd')
    expect(Buffer.from(segment.body.readAll()!).equals(Buffer.concat(body))).toBe(true)
    expect(segment.body.read(3_500_000, 10)).toBeUndefined()
    segment.body.close()
    expect(segment.body.read(0, 1)).toBeUndefined()
  })

  test('are no other than their name says', () => {
    const folder = makeFolder()
    const one = formatSegment({ one: 1 }, new Int32Array(0), [])
    const other = formatSegment({ one: 2 }, new Int32Array(0), [])
    replaceFile(join(folder, one.name), other.pieces)
    expect(openSegment(join(folder, one.name), one.name)).toBeUndefined()
  })
})

describe('outlines of packs', () => {
  test('say all that the packs say, except how their rules run', () => {
    const text = formatOutlines(officialPacks)
    expect(text).toBeDefined()
    const outlines = parseOutlines(text!)
    for (const [i, { name, version, rules }] of officialPacks.entries()) {
      expect(outlines[i]).toMatchObject({ name, version })
      expect(outlines[i]!.rules.map(({ meta, defaultOptions }) => [meta, defaultOptions])).toEqual(rules.map(({ meta, defaultOptions }) => [meta, defaultOptions]))
    }
    expect(() => outlines.flatMap(({ rules }) => rules)[0]!.create({}, [])).toThrow('outline')
  })

  test('are not made of what JSON can not say', () => {
    const [pack] = officialPacks.filter(({ rules }) => rules.length > 0)
    const rule = { ...pack!.rules[0]!, defaultOptions: [/a/] }
    expect(formatOutlines([{ ...pack!, rules: [rule] }])).toBeUndefined()
  })

  test('take the place of the packs once they are kept', async () => {
    const root = makeFolder({ 'cache/v4/other': '' })
    const first = new PackOutlines(join(root, 'cache'))
    expect(await first.packsFor(root)).toBe(officialPacks)
    await first.save()
    const kept = await new PackOutlines(join(root, 'cache')).packsFor(root)
    expect(kept).not.toBe(officialPacks)
    expect(kept.map(({ name }) => name)).toEqual(officialPacks.map(({ name }) => name))

    const path = join(root, 'cache/v4/packs')
    writeFileSync(path, readFileSync(path, 'utf8').replace('"name"', '"game"'))
    expect(await new PackOutlines(join(root, 'cache')).packsFor(root)).toBe(officialPacks)
  })

  test('are kept only beside a cache', async () => {
    const root = makeFolder()
    const outlines = new PackOutlines(join(root, 'cache'))
    await outlines.packsFor(root)
    await outlines.save()
    expect(await new PackOutlines(join(root, 'cache')).packsFor(root)).toBe(officialPacks)
  })
})
