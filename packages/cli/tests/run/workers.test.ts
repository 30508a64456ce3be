import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test, vi } from 'vitest'
import { threadCount } from '../../src/run/run-job.ts'
import { krait, kraitJson, makeFolder, toyFiles } from '../support/cli.ts'

vi.mock('../../src/official-packs.ts', () => import('../support/no-packs.ts'))

/** Two projects with a few hundred files, some of them odd. */
function manyFiles(): Record<string, string | Uint8Array> {
  const files: Record<string, string | Uint8Array> = { ...toyFiles, 'other/krait.config.json': JSON.stringify({ root: true, extends: ['toy/recommended'], packs: ['../lint/toy-pack.mjs'], rules: { 'toy/no-meh': 'error' } }) }
  for (let i = 0; i < 260; i++) {
    const folder = i % 4 === 0 ? 'other' : `app/p${i % 7}`
    files[`${folder}/m${i}.py`] = `${'x = 1\n'.repeat(i % 50)}${['bad', 'meh', 'fine', 'cafe', 'bad # krait: ignore[toy/no-bad] -- known'][i % 5]}\n`
  }
  return { ...files, 'app/binary.py': Uint8Array.of(1, 0, 2), 'app/throws.py': 'explode\n', 'app/broken.py': 'x = = 2\n', 'app/crlf.py': 'bad\r\nbad' }
}

test('any number of threads gives the same bytes', async () => {
  const folder = makeFolder(manyFiles())
  const one = await krait(folder, ['--no-cache', '--concurrency', '1', '--format', 'json'])
  expect((JSON.parse(one.stdout) as { messages: unknown[] }[]).filter(({ messages }) => messages.length > 0).length).toBeGreaterThan(150)
  for (const threads of ['2', '4']) {
    const { exitCode, stdout } = await krait(folder, ['--no-cache', '--concurrency', threads, '--format', 'json'])
    // Not `toBe`: it would print both.
    expect(stdout === one.stdout).toBe(true)
    expect(exitCode).toBe(one.exitCode)
  }
})

test('any number of threads fixes the same', async () => {
  const texts: string[][] = []
  for (const threads of ['1', '3']) {
    const files = manyFiles()
    const folder = makeFolder(files)
    await krait(folder, ['--concurrency', threads, '--fix'])
    texts.push(Object.keys(files).filter((path) => path.endsWith('.py')).map((path) => readFileSync(join(folder, path), 'latin1')))
  }
  expect(texts[0]!.filter((text) => text.includes('good')).length).toBeGreaterThan(50)
  expect(texts[1]).toEqual(texts[0])
})

test('a file that kills its worker twice is named; all others are linted', async () => {
  const files = Object.fromEntries(Array.from({ length: 30 }, (_, i) => [`m${i}.py`, 'bad\n']))
  const folder = makeFolder({ ...toyFiles, ...files, 'deadly.py': 'die\n' })
  const { exitCode, files: results, stderr } = await kraitJson(folder, ['--concurrency', '2'])
  const { 'deadly.py': deadly, ...others } = results
  expect(deadly).toEqual([
    expect.objectContaining({ ruleId: 'krait/internal-error', severity: 2, message: expect.stringContaining('A worker died twice while it linted this file (it exited with code 7)') as string }),
  ])
  expect(Object.keys(others)).toHaveLength(30)
  for (const messages of Object.values(others)) expect(messages).toEqual([expect.objectContaining({ ruleId: 'toy/no-bad' })])
  expect(stderr).toContain(`A worker died while it worked on ${folder}/deadly.py (it exited with code 7); its files are linted again.`)
  expect(exitCode).toBe(2)
})

test('what a rule prints stays out of the report', async () => {
  const folder = makeFolder({ ...toyFiles, 'a.py': 'talk\n', 'b.py': 'talk\n' })
  const { stdout } = await krait(folder, ['--concurrency', '2', '--format', 'json'])
  expect(JSON.parse(stdout)).toHaveLength(2)
})

test('the number of threads follows the number of targets and cores', () => {
  expect(threadCount('auto', 0, 8)).toBe(1)
  expect(threadCount('auto', 150, 8)).toBe(1)
  expect(threadCount('auto', 151, 8)).toBe(2)
  expect(threadCount('auto', 100_000, 8)).toBe(8)
  expect(threadCount(4, 100_000, 2)).toBe(4)
  expect(threadCount(4, 3, 8)).toBe(3)
  expect(threadCount(4, 0, 8)).toBe(1)
})
