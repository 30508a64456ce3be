import { spawnSync } from 'node:child_process'
import { chmodSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test, vi } from 'vitest'
import { SourceTree } from '../src/discover/source-tree.ts'
import { readSource } from '../src/read/read-source.ts'
import { krait, kraitJson, makeFolder, toyFiles, writeFiles } from './support/cli.ts'

vi.mock('../src/official-packs.ts', () => import('./support/no-packs.ts'))

const found = { 'fine.py': [expect.objectContaining({ ruleId: 'toy/no-bad' })] }

describe('a file that can not be read is a warning, and the next one goes on', () => {
  test.each([
    ['not UTF-8', Buffer.from([0x78, 0xe9, 0x0a]), 'it is not valid UTF-8 and declares no other encoding; save it as UTF-8'],
    ['binary', Buffer.from([0x7f, 0x45, 0x4c, 0x46, 0, 1]), 'it holds a NUL byte at offset 4, so it is binary or not UTF-8'],
    ['UTF-16', Buffer.from('\uFEFFx = 1', 'utf16le'), 'it is UTF-16; save it as UTF-8'],
    ['an encoding nobody knows', '# coding: nonsense\n', 'it declares the encoding \'nonsense\', which is not known'],
    ['larger than 2 MB', '#'.repeat(2.5 * 1024 * 1024), 'it is 2.5 MB large, and the limit is 2 MB'],
  ])('%s', async (_, content, reason) => {
    const folder = makeFolder({ ...toyFiles, 'broken.py': content, 'fine.py': 'bad' })
    const { exitCode, files } = await kraitJson(folder)
    const message = `This file was not linted: ${reason}.`
    expect(files).toEqual({ ...found, 'broken.py': [expect.objectContaining({ ruleId: 'krait/unreadable-file', severity: 1, message })] })
    expect(exitCode).toBe(1)
    expect((await kraitJson(folder, ['broken.py'])).exitCode).toBe(0)
  })

  test('a pipe that is named', async () => {
    const folder = makeFolder({ ...toyFiles, 'fine.py': 'bad' })
    spawnSync('mkfifo', [join(folder, 'pipe.py')])
    const { files } = await kraitJson(folder, ['.', 'pipe.py'])
    expect(files).toEqual({ ...found, 'pipe.py': [expect.objectContaining({ ruleId: 'krait/unreadable-file', message: 'This file was not linted: it is not a regular file.' })] })
  })

  test('a folder or file without the right to read it', () => {
    const folder = makeFolder({ 'locked/x.py': '', 'locked.py': '', 'fine.py': '' })
    chmodSync(folder, 0o755)
    chmodSync(join(folder, 'locked.py'), 0)
    chmodSync(join(folder, 'locked'), 0)
    const tree = new SourceTree(['.py'])
    withoutPrivileges(() => {
      expect(tree.filesBelow(folder)).toEqual([join(folder, 'fine.py'), join(folder, 'locked.py')])
      expect(readSource(join(folder, 'locked.py'))).toEqual({ reason: 'permission denied (EACCES)' })
    })
    expect(tree.unreadable).toEqual([{ path: join(folder, 'locked'), reason: 'the folder can not be read (EACCES)' }])
  })

  test('a name that is not UTF-8', async () => {
    const folder = makeFolder({ ...toyFiles, 'fine.py': 'bad' })
    writeFileSync(Buffer.concat([Buffer.from(`${folder}/caf`), Buffer.from([0xe9]), Buffer.from('.py')]), '')
    const { files } = await kraitJson(folder)
    const message = 'This file was not linted: its name is not valid UTF-8: rename it.'
    expect(files).toEqual({ ...found, 'caf\uFFFD.py': [expect.objectContaining({ ruleId: 'krait/unreadable-file', message })] })
  })
})

describe('positions are right with', () => {
  test.each([
    ['CRLF', 'x = 1\r\ny = bad\r\n', 2, 5],
    ['tabs', 'if x:\n\t\tbad\n', 2, 3],
    ['form feeds', 'x = 1\n\f\nbad\n', 3, 1],
    ['a byte order mark', '\uFEFFbad\n', 1, 1],
    ['characters outside the basic plane', 'x = "🐍"; bad\n', 1, 11],
    ['a declared encoding', Buffer.from('# coding: latin-1\nx = "é"; bad\n', 'latin1'), 2, 10],
    ['1 MB on one line', `x = [${'1, '.repeat(350_000)}bad]\n`, 1, 1_050_006],
    ['10,000-deep nesting', `x = ${'('.repeat(10_000)}bad${')'.repeat(10_000)}\n`, 1, 10_005],
  ])('%s', async (_, content, line, column) => {
    const folder = makeFolder({ ...toyFiles, 'x.py': content })
    const { files } = await kraitJson(folder)
    expect(files).toEqual({ 'x.py': [expect.objectContaining({ ruleId: 'toy/no-bad', line, column, endColumn: column + 3 })] })
  })
})

test('invalid Python is an error at the broken place, and the rules run on what was understood', async () => {
  const folder = makeFolder({ ...toyFiles, 'x.py': 'bad\nx = = 2\nbad\n' })
  const { exitCode, files } = await kraitJson(folder)
  expect(files['x.py']!.map(({ ruleId, line }) => `${line} ${ruleId}`)).toEqual(['1 toy/no-bad', '2 krait/syntax-error', '3 toy/no-bad'])
  expect(exitCode).toBe(1)
})

test('a symlink loop ends', async () => {
  const folder = makeFolder({ ...toyFiles, 'fine.py': 'bad' })
  mkdirSync(join(folder, 'a'))
  symlinkSync('..', join(folder, 'a/up'))
  expect((await kraitJson(folder)).files).toEqual(found)
})

test('odd file names are linted and printed', async () => {
  const names = ['a b.py', 'line\nbreak.py', 'naïve.py', '🐍.py', '-f.py']
  const folder = makeFolder({ ...toyFiles, ...Object.fromEntries(names.map((name) => [name, 'bad'])) })
  expect(Object.keys((await kraitJson(folder)).files).sort()).toEqual(names.sort())
})

describe('a rule that throws', () => {
  test('is an internal error with its name; other findings are reported; exit code 2', async () => {
    const folder = makeFolder({ ...toyFiles, 'x.py': 'bad\nexplode\n', 'fine.py': 'bad' })
    const { exitCode, files, stderr } = await kraitJson(folder)
    expect(files['x.py']).toEqual([
      expect.objectContaining({ ruleId: 'toy/no-bad', line: 1 }),
      expect.objectContaining({ ruleId: 'krait/internal-error', severity: 2, line: 2, message: expect.stringContaining('toy/throws') as string }),
    ])
    expect(files['fine.py']).toHaveLength(1)
    expect(stderr).toContain('krait: The rule toy/throws failed on x.py:\nError: boom')
    expect(exitCode).toBe(2)
  })

  test('has its stack shown once, however many files it fails on', async () => {
    const folder = makeFolder({ ...toyFiles, 'x.py': 'explode\n', 'y.py': 'explode\n', 'z.py': 'explode\n' })
    const { stderr } = await kraitJson(folder)
    expect(stderr.match(/Error: boom/g)).toHaveLength(1)
    expect(stderr).toContain('The rule toy/throws failed on x.py and 2 other files:')
  })
})

describe('a broken config ends the run before any file is linted', () => {
  test('a pack that throws', async () => {
    const folder = makeFolder({ ...toyFiles, 'fine.py': 'bad' })
    writeFiles(folder, { 'lint/toy-pack.mjs': 'throw new Error(\'no luck\')' })
    const { exitCode, stdout, stderr } = await krait(folder, [])
    expect([exitCode, stdout]).toEqual([2, ''])
    expect(stderr).toContain('krait.config.json: packs[0]')
    expect(stderr).toContain('no luck')
  })

  test('an unknown rule', async () => {
    const folder = makeFolder({ ...toyFiles, 'fine.py': 'bad' })
    const { exitCode, stdout, stderr } = await krait(folder, ['--rule', 'toy/no-bat: error'])
    expect([exitCode, stdout]).toEqual([2, ''])
    expect(stderr).toContain('Did you mean \'toy/no-bad\'?')
  })
})

/** The administrator may read everything: where tests run as one, they step down meanwhile. */
function withoutPrivileges(work: () => void): void {
  const NOBODY = 65534
  const isAdministrator = process.getuid!() === 0
  if (isAdministrator) process.seteuid!(NOBODY)
  try {
    work()
  } finally {
    if (isAdministrator) process.seteuid!(0)
  }
}
