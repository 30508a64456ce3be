import { describe, expect, test, vi } from 'vitest'
import { makeFolder, writeFiles } from '../support/cli.ts'
import { cachedRun, crossFiles, lintedAgain, storedState } from './cross-project.ts'

vi.mock('../../src/official-packs.ts', () => import('../support/no-packs.ts'))

const calls = 'one()\ntwo()\nnobody()\n'

describe('one of many files changes', () => {
  const others = Object.fromEntries(Array.from({ length: 60 }, (_, i) => [`app/other${i}.py`, Array.from({ length: 9 }, (_, j) => `g${i}_${j}()\n`).join('')]))

  async function largeFolder(): Promise<string> {
    const folder = makeFolder({ ...crossFiles, 'app/calls.py': calls, 'app/two.py': 'def two(): ...\n', ...others })
    await cachedRun(folder)
    return folder
  }

  test('and what was read is the same as before: nothing is added to what is stored', async () => {
    const folder = await largeFolder()
    const edit = async (i: number) => {
      writeFiles(folder, { 'app/calls.py': `${'# new\n'.repeat(i)}${calls}` })
      expect(await lintedAgain(folder)).toBe(1)
      return storedState(folder).reads
    }
    const reads = await edit(1)
    expect(reads).toHaveLength(2)
    for (let i = 2; i < 12; i++) expect(await edit(i)).toEqual(reads)
  })

  test('again and again: what these runs have added is put together, and what is much more stays as it is', { timeout: 60_000 }, async () => {
    const folder = await largeFolder()
    // The answers for all the others are renewed.
    writeFiles(folder, { 'app/two.py': 'def two(): ...\ndef more(): ...\n' })
    await cachedRun(folder)
    const large = storedState(folder).reads
    expect(large).toHaveLength(2)
    const segments: number[] = []
    for (let i = 0; i < 20; i++) {
      writeFiles(folder, { 'app/calls.py': `f${i}()\n${calls}` })
      expect(await lintedAgain(folder)).toBe(1)
      const { reads, renewals } = storedState(folder)
      expect(reads.slice(0, 2)).toEqual(large)
      expect(new Set(renewals.map(([segment, , by]) => `${segment} ${by}`))).toEqual(new Set(['0 1']))
      segments.push(reads.length)
    }
    expect(Math.max(...segments)).toBe(8)
    expect(segments.filter((length) => length === 3).length).toBeGreaterThan(1)
    writeFiles(folder, { 'app/two.py': 'def two(): ...\ndef g7_3(): ...\n' })
    expect(await lintedAgain(folder)).toBe(2)
  })
})
