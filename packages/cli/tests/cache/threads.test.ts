import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { afterEach, describe, expect, test, vi } from 'vitest'
import { krait, makeFolder, writeFiles } from '../support/cli.ts'
import { cachedRun, crossConfig, crossFiles, freshRun, projectFolder } from './cross-project.ts'

vi.mock('../../src/official-packs.ts', () => import('../support/no-packs.ts'))

const children: ChildProcess[] = []

afterEach(() => {
  for (const child of children.splice(0)) child.kill('SIGKILL')
})

function manyFiles(): Record<string, string | Uint8Array> {
  const files: Record<string, string | Uint8Array> = { ...crossFiles }
  for (let i = 0; i < 40; i++) {
    files[`app/m${i}.py`] = `import app.m${(i * 7) % 50}\ndef f${i % 25}(): ...\nf${(i * 3) % 30}()\n${i % 9 === 0 ? 'total\n' : ''}${i % 5 === 0 ? 'bad\n' : ''}`
  }
  return { ...files, 'app/binary.py': Uint8Array.of(1, 0, 2), 'app/broken.py': 'x = = 2\n' }
}
const count = 42

async function sameInAll(folder: string, threads: string): Promise<{ readonly recalled: number; readonly stats: string }> {
  const args = ['--format', 'json', '--stats', '--concurrency', threads]
  const { stdout, stderr } = await krait(folder, args)
  expect(stdout === (await freshRun(folder, ['--concurrency', '1'])).stdout).toBe(true)
  return { recalled: Number(/^Files from the cache: (\d+)/m.exec(stderr)![1]), stats: stderr }
}

describe('any number of threads', () => {
  test('fills a cache that any number can use', { timeout: 300_000 }, async () => {
    const folder = makeFolder(manyFiles())
    expect((await sameInAll(folder, '2')).recalled).toBe(0)
    expect((await sameInAll(folder, '1')).recalled).toBe(count)

    writeFiles(folder, { 'app/m3.py': 'def f3(): ...\n# new\n', 'app/m4.py': 'def f29(): ...\n' })
    const { recalled, stats } = await sameInAll(folder, '4')
    expect(recalled).toBeGreaterThan(0)
    expect(recalled).toBeLessThan(count - 4)
    expect(stats).toMatch(/threads: [234]/)
    expect((await sameInAll(folder, '1')).recalled).toBe(count)
  })

  test('takes facts from the cache and collects none', { timeout: 300_000 }, async () => {
    const { 'app/binary.py': _, ...readable } = manyFiles()
    const folder = makeFolder(readable)
    await cachedRun(folder, ['--concurrency', '2'])
    writeFiles(folder, { 'krait.config.json': JSON.stringify({ ...crossConfig, settings: { other: true } }) })
    const { recalled, stats } = await sameInAll(folder, '2')
    expect(recalled).toBe(0)
    expect(stats).toContain('threads: 2')
    expect(stats).toMatch(/Work of all threads: load [\d.]+ m?s, check/)
  })

  test('may die without a trace in the cache', { timeout: 300_000 }, async () => {
    const folder = makeFolder({ ...manyFiles(), 'app/deadly.py': 'die\n' })
    const { stdout, exitCode } = await krait(folder, ['--format', 'json', '--concurrency', '2'])
    expect(exitCode).toBe(2)
    expect(stdout).toContain('A worker died twice')
    writeFiles(folder, { 'app/deadly.py': 'fine\n' })
    const { stdout: after } = await cachedRun(folder)
    expect(after).toBe((await freshRun(folder)).stdout)
  })
})

test('files in any order, one by one, are as all at once', async () => {
  const folder = makeFolder(manyFiles())
  for (const i of [30, 2, 17, 39, 0, 9, 18, 5]) await cachedRun(folder, [`app/m${i}.py`, `app/m${(i + 11) % 40}.py`])
  const { stdout, recalled } = await cachedRun(folder)
  expect(recalled).toBeGreaterThan(10)
  expect(stdout === (await freshRun(folder)).stdout).toBe(true)
})

describe('two at once', () => {
  test('krait twice in one project', async () => {
    const folder = makeFolder(manyFiles())
    const runs = await Promise.all([cachedRun(folder), cachedRun(folder, ['--rule', 'toy/no-bad: off']), cachedRun(folder, ['app/m1.py'])])
    expect(runs[0].stdout === (await freshRun(folder)).stdout).toBe(true)
    for (const { stderr } of runs) expect(stderr).toBe('')
    expect((await cachedRun(folder)).stdout === runs[0].stdout).toBe(true)
  })

  test('writers never leave a mixture', async () => {
    const folder = makeFolder()
    const script = fileURLToPath(new URL('../support/write-states.mjs', import.meta.url))
    for (const name of ['a', 'b', 'c']) {
      const writer = spawn(process.execPath, [script, folder, name], { stdio: ['ignore', 'pipe', 'inherit'] })
      children.push(writer)
      writer.on('exit', (code, signal) => signal ?? expect.unreachable(`the writer ${name} gave up with code ${code}`))
      await once(writer.stdout, 'data')
    }
    const store = projectFolder(folder)
    const seen = new Set<string>()
    const until = Date.now() + 2000
    while (Date.now() < until || seen.size < 2) {
      const { writer, segment } = JSON.parse(store.readState()!) as { writer: string; segment: string }
      seen.add(writer)
      // A segment may be gone by now; if it is there, it is whole.
      const opened = store.openSegment<{ readonly writer: string }>(segment)
      if (!opened) continue
      expect(opened.header.writer).toBe(writer)
      expect(Buffer.from(opened.body.readAll()!).toString('latin1')).toBe(writer.repeat(opened.body.size))
      opened.body.close()
    }
  })
})
