import { execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { chmodSync, lstatSync, readdirSync, readFileSync, readlinkSync, statSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import fc from 'fast-check'
import { describe, expect, test, vi } from 'vitest'
import { writeFixedText } from '../../src/fix/apply-fixes.ts'
import { createPatch } from '../../src/fix/patch.ts'
import { replaceFile } from '../../src/fix/write-file.ts'
import { krait, kraitJson, makeFolder, toyFiles, writeFiles } from '../support/cli.ts'

vi.mock('../../src/official-packs.ts', () => import('../support/no-packs.ts'))

const REWRITER = fileURLToPath(new URL('../support/rewrite-for-ever.mjs', import.meta.url))

function read(folder: string, path: string): string {
  return readFileSync(join(folder, path), 'utf8')
}

describe('--fix', () => {
  test('writes the fixed texts and reports what is left', async () => {
    const folder = makeFolder({ ...toyFiles, 'a.py': 'bad = bad\nmeh\n', 'b.py': 'bad\n', 'c.py': 'fine\n' })
    const { exitCode, files } = await kraitJson(folder, ['--fix'])
    expect([read(folder, 'a.py'), read(folder, 'b.py'), read(folder, 'c.py')]).toEqual(['good = good\nmeh\n', 'good\n', 'fine\n'])
    expect(files).toEqual({ 'a.py': [expect.objectContaining({ ruleId: 'toy/no-meh' })], 'b.py': [], 'c.py': [] })
    expect(exitCode).toBe(0)
  })

  test('keeps line breaks, byte order mark and encoding', async () => {
    const latin = Buffer.from('# coding: latin-1\r\nx = "é"; bad\r\n', 'latin1')
    const folder = makeFolder({ ...toyFiles, 'a.py': latin, 'b.py': '\uFEFFbad\r\nbad', 'c.py': 'bad\rbad' })
    await krait(folder, ['--fix'])
    expect(readFileSync(join(folder, 'a.py'))).toEqual(Buffer.from('# coding: latin-1\r\nx = "é"; good\r\n', 'latin1'))
    expect(read(folder, 'b.py')).toBe('\uFEFFgood\r\ngood')
    expect(read(folder, 'c.py')).toBe('good\rgood')
  })

  test('leaves a file as it is, with its findings, if its encoding has no place for a fix', async () => {
    const folder = makeFolder({ ...toyFiles, 'a.py': '# coding: ascii\ncafe\n', 'b.py': 'cafe\n' })
    const { exitCode, files, stderr } = await kraitJson(folder, ['--fix'])
    expect([read(folder, 'a.py'), read(folder, 'b.py')]).toEqual(['# coding: ascii\ncafe\n', 'café\n'])
    expect(files).toEqual({ 'a.py': [expect.objectContaining({ ruleId: 'toy/no-cafe', line: 2 })], 'b.py': [] })
    expect(stderr).toBe(`krait: ${folder}/a.py is not fixed: a fix needs the character 'é', which ascii can not write.\n`)
    expect(exitCode).toBe(2)
  })

  test('writes the target of a link and keeps the link', async () => {
    const outside = makeFolder({ 'target.py': 'bad\n' })
    const folder = makeFolder(toyFiles)
    symlinkSync(join(outside, 'target.py'), join(folder, 'link.py'))
    await krait(folder, ['--fix'])
    expect(read(outside, 'target.py')).toBe('good\n')
    expect(readlinkSync(join(folder, 'link.py'))).toBe(join(outside, 'target.py'))
  })
})

describe('replacing a file', () => {
  test('keeps its mode, also bits that the umask would take', () => {
    const folder = makeFolder({ 'x.py': 'old' })
    chmodSync(join(folder, 'x.py'), 0o777)
    replaceFile(join(folder, 'x.py'), Buffer.from('new'))
    expect([read(folder, 'x.py'), statSync(join(folder, 'x.py')).mode & 0o777]).toEqual(['new', 0o777])
  })

  test('takes a new file of that name: no reader ever sees half of it', () => {
    const folder = makeFolder({ 'x.py': 'old' })
    const before = statSync(join(folder, 'x.py')).ino
    replaceFile(join(folder, 'x.py'), Buffer.from('new'))
    expect(statSync(join(folder, 'x.py')).ino).not.toBe(before)
    expect(readdirSync(folder)).toEqual(['x.py'])
  })

  test('leaves nothing behind when it fails', () => {
    const folder = makeFolder({ 'full/x.py': '' })
    // A folder can not be replaced by a file.
    expect(() => replaceFile(join(folder, 'full'), Buffer.from('new'))).toThrow()
    expect(readdirSync(folder)).toEqual(['full'])
    expect(lstatSync(join(folder, 'full')).isDirectory()).toBe(true)
  })

  test('a process that is killed at any moment leaves the file old or new', async () => {
    const folder = makeFolder({ 'x.py': 'a'.repeat(3_000_000) })
    for (const milliseconds of [0, 3, 7, 12]) {
      const child = spawn(process.execPath, [REWRITER, join(folder, 'x.py')], { stdio: ['ignore', 'pipe', 'inherit'] })
      await once(child.stdout, 'data')
      await setTimeout(milliseconds)
      child.kill('SIGKILL')
      await once(child, 'exit')
      expect(read(folder, 'x.py')).toMatch(/^(?:a{3000000}|b{3000000})$/)
    }
  })

  test('a text that changed meanwhile is not overwritten', () => {
    const folder = makeFolder({ 'x.py': 'edited' })
    expect(writeFixedText({ path: join(folder, 'x.py'), before: 'old', after: 'new' })).toBe('it was changed while krait ran; run krait again')
    expect(read(folder, 'x.py')).toBe('edited')
  })
})

describe('--diff', () => {
  test('prints a patch, writes nothing, and has the exit code of --fix', async () => {
    const folder = makeFolder({ ...toyFiles, 'a.py': 'x = 1\nbad\nx = 2\n', 'b.py': 'fine\n' })
    const { exitCode, stdout, stderr } = await krait(folder, ['--diff'])
    expect(stdout).toBe('--- a/a.py\n+++ b/a.py\n@@ -1,3 +1,3 @@\n x = 1\n-bad\n+good\n x = 2\n')
    expect(stderr).toBe('1 file would change. Then: No problems in 2 files.\n')
    expect(read(folder, 'a.py')).toBe('x = 1\nbad\nx = 2\n')
    expect(exitCode).toBe(0)
    expect(await krait(folder, ['--fix-dry-run'])).toEqual({ exitCode, stdout, stderr })
  })

  const texts = {
    'plain.py': 'bad\n', 'no end.py': 'x\nbad', 'crlf.py': 'x\r\nbad\r\ny\r\n', 'mixed.py': 'bad\r\nbad\nbad', 'bom.py': '\uFEFFbad\n',
    'deep/naïve.py': 'bad\n', 'tab\there.py': 'bad\n', 'quote".py': 'bad\n', 'back\\slash.py': 'bad\n', 'line\nbreak.py': 'bad\n', '🐍.py': 'bad\n',
    'form\ffeed.py': 'a\fb\nbad\n', 'latin.py': 'bad # \x85 \u2028 line breaks of other tools\n', 'far.py': `bad\n${'x\n'.repeat(30)}bad\n`,
  }

  test.each([['a git repository', true], ['a plain folder', false]])('the patch applies in %s with git apply, and gives what --fix gives', async (_, isRepository) => {
    const folder = makeFolder({ ...toyFiles, ...texts })
    const twin = makeFolder({ ...toyFiles, ...texts })
    if (isRepository) execFileSync('git', ['init', '--quiet'], { cwd: folder })
    const { stdout } = await krait(folder, ['--diff'])
    execFileSync('git', ['apply', '--whitespace=nowarn'], { cwd: folder, input: stdout })
    await krait(twin, ['--fix'])
    for (const path of Object.keys(texts)) {
      expect(read(folder, path)).toBe(read(twin, path))
      expect(read(folder, path)).not.toContain('bad')
    }
  })

  test('the patch applies in the folder of a repository where krait ran', async () => {
    const folder = makeFolder({ ...toyFiles, 'sub/x.py': 'bad\n' })
    execFileSync('git', ['init', '--quiet'], { cwd: folder })
    const { stdout } = await krait(join(folder, 'sub'), ['--diff'])
    execFileSync('git', ['apply'], { cwd: join(folder, 'sub'), input: stdout })
    expect(read(folder, 'sub/x.py')).toBe('good\n')
  })

  test('a patch of any two texts applies', () => {
    const line = fc.tuple(fc.constantFrom('a', 'b', 'c', '', '\\ No newline', '-', '+x', ' '), fc.constantFrom('\n', '\n', '\r\n')).map((parts) => parts.join(''))
    const text = fc.tuple(fc.array(line, { maxLength: 12 }), fc.constantFrom('', 'end')).map(([lines, end]) => lines.join('') + end)
    fc.assert(fc.property(text, text, (before, after) => {
      fc.pre(before !== after && before !== '' && after !== '')
      const folder = makeFolder({ 'x.py': before })
      execFileSync('git', ['apply', '--whitespace=nowarn'], { cwd: folder, input: createPatch([{ path: join(folder, 'x.py'), before, after }], folder) })
      expect(read(folder, 'x.py')).toBe(after)
    }), { numRuns: 60, seed: 3 })
  })
})

describe('standard input', () => {
  test('with --fix: the fixed text on standard output, the report on standard error, nothing written', async () => {
    const folder = makeFolder({ ...toyFiles, 'a.py': 'old\n' })
    const { exitCode, stdout, stderr } = await krait(folder, ['--stdin', '--stdin-filename', 'a.py', '--fix'], { stdin: 'bad\r\nmeh' })
    expect(stdout).toBe('good\r\nmeh')
    expect(stderr).toContain('toy/no-meh')
    expect(read(folder, 'a.py')).toBe('old\n')
    expect(exitCode).toBe(0)
  })

  test('with --fix and nothing to fix: the same text', async () => {
    const folder = makeFolder(toyFiles)
    expect((await krait(folder, ['--stdin', '--stdin-filename', 'a.py', '--fix'], { stdin: '\uFEFFfine' })).stdout).toBe('\uFEFFfine')
  })

  test('with --fix and a file that the config ignores: the same text', async () => {
    const folder = makeFolder(toyFiles)
    writeFiles(folder, { 'krait.config.json': JSON.stringify({ ...(JSON.parse(toyFiles['krait.config.json']!) as object), ignores: ['a.py'] }) })
    expect((await krait(folder, ['--stdin', '--stdin-filename', 'a.py', '--fix'], { stdin: 'bad' })).stdout).toBe('bad')
  })

  test('with --diff: a patch for the file', async () => {
    const folder = makeFolder(toyFiles)
    const { stdout } = await krait(folder, ['--stdin', '--stdin-filename', 'a.py', '--diff'], { stdin: 'bad\n' })
    writeFileSync(join(folder, 'a.py'), 'bad\n')
    execFileSync('git', ['apply'], { cwd: folder, input: stdout })
    expect(read(folder, 'a.py')).toBe('good\n')
  })

  test('that can not be read is never replaced by something else', async () => {
    const folder = makeFolder(toyFiles)
    const { exitCode, stdout, stderr } = await krait(folder, ['--stdin', '--stdin-filename', 'a.py', '--fix'], { stdin: Buffer.from([0xe9]) })
    expect([exitCode, stdout]).toEqual([2, ''])
    expect(stderr).toContain('Standard input can not be linted: it is not valid UTF-8')
  })
})
