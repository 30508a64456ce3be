import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test, vi } from 'vitest'
import { krait, kraitJson, makeFolder, toyFiles } from './support/cli.ts'

vi.mock('../src/official-packs.ts', () => import('./support/no-packs.ts'))

describe('exit codes', () => {
  test.each([
    ['nothing found', { 'a.py': 'fine\n' }, [], 0],
    ['warnings only', { 'a.py': 'meh\n' }, [], 0],
    ['an error', { 'a.py': 'bad\n' }, [], 1],
    ['as many warnings as allowed', { 'a.py': 'meh\nmeh\n' }, ['--max-warnings', '2'], 0],
    ['more warnings than allowed', { 'a.py': 'meh\nmeh\n' }, ['--max-warnings', '1'], 1],
    ['hidden warnings count too', { 'a.py': 'meh\n' }, ['--quiet', '--max-warnings', '0'], 1],
    ['an internal error', { 'a.py': 'explode\n' }, [], 2],
    ['an error that the command line turns off', { 'a.py': 'bad\n' }, ['--rule', 'toy/no-bad: off'], 0],
    ['a warning that the command line makes an error', { 'a.py': 'meh\n' }, ['--rule', 'toy/no-meh: error'], 1],
    ['no files', {}, [], 0],
  ] as [string, Record<string, string>, string[], number][])('%s', async (_, files, args, exitCode) => {
    expect((await krait(makeFolder({ ...toyFiles, ...files }), args)).exitCode).toBe(exitCode)
  })

  test('warnings over the limit are counted on standard error', async () => {
    const { stderr } = await krait(makeFolder({ ...toyFiles, 'a.py': 'meh\nmeh\n' }), ['--max-warnings', '1'])
    expect(stderr).toBe('krait: 2 warnings, and --max-warnings allows 1.\n')
  })
})

describe('wrong usage exits with 2, says why, and how to get help', () => {
  test.each([
    [['--fxi'], 'krait: Unknown option \'--fxi\'\n(Did you mean --fix?)\nRun \'krait lint --help\' for help.\n'],
    [['lint', '--outputfile', 'x'], 'krait: Unknown option \'--outputfile\'\n(Did you mean --output-file?)\nRun \'krait lint --help\' for help.\n'],
    [['--max-warnings', 'few'], 'krait: --max-warnings takes a whole number from 0, not \'few\'.\nRun \'krait --help\' for help.\n'],
    [['--concurrency', '0'], 'krait: --concurrency takes a number of threads or \'auto\', not \'0\'.\nRun \'krait --help\' for help.\n'],
    [['--report-unused-ignores', 'loudly'], 'krait: Option \'--report-unused-ignores <severity>\' argument \'loudly\' is invalid. Allowed choices are error, warn, off.\nRun \'krait lint --help\' for help.\n'],
    [['--stdin'], 'krait: --stdin needs --stdin-filename FILE: the config and the project follow from where the text belongs.\nRun \'krait --help\' for help.\n'],
    [['--stdin', '--stdin-filename', 'x.py', 'y.py'], 'krait: --stdin reads standard input: give no paths with it.\nRun \'krait --help\' for help.\n'],
    [['--stdin-filename', 'x.py'], 'krait: --stdin-filename needs --stdin.\nRun \'krait --help\' for help.\n'],
    [['--stdin', '--stdin-filename', 'x.txt'], 'krait: --stdin-filename must end in .py or .pyi: \'x.txt\' does not.\nRun \'krait --help\' for help.\n'],
    [['nowhere.py'], 'krait: The path \'nowhere.py\' does not exist.\nRun \'krait --help\' for help.\n'],
    [['explain'], 'krait: Missing required argument \'rule\'\nRun \'krait explain --help\' for help.\n'],
  ])('%j', async (args, stderr) => {
    expect(await krait(makeFolder({ ...toyFiles, 'a.py': 'bad\n' }), args)).toEqual({ exitCode: 2, stdout: '', stderr })
  })

  test('an unknown format names those that there are', async () => {
    const { exitCode, stdout, stderr } = await krait(makeFolder({ ...toyFiles, 'a.py': 'bad\n' }), ['-f', 'jsn'])
    expect([exitCode, stdout]).toEqual([2, ''])
    expect(stderr).toContain('Unknown format \'jsn\'')
    expect(stderr).toContain('json')
  })

  test.each(['--update-baseline', '--shard', '--watch'])('%s is not offered', async (option) => {
    const { exitCode, stderr } = await krait(makeFolder(toyFiles), [option])
    expect(exitCode).toBe(2)
    expect(stderr).toContain(`krait: Unknown option '${option}'`)
  })
})

describe('help and version', () => {
  test.each([[['--help']], [['lint', '--help']], [['rules', '--help']], [['explain', '--help']], [['config', 'print', '--help']], [['config', 'why', '--help']]])('%j shows examples', async (args) => {
    const { exitCode, stdout, stderr } = await krait(makeFolder(), args)
    expect([exitCode, stderr]).toEqual([0, ''])
    expect(stdout).toMatch(/Examples?:\n {2}krait /)
  })

  test.each(['--version', '-v'])('%s', async (option) => {
    const { version } = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8')) as { version: string }
    expect(await krait(makeFolder(), [option])).toEqual({ exitCode: 0, stdout: `${version}\n`, stderr: '' })
  })
})

describe('output', () => {
  test('a report is the same with and without the word lint', async () => {
    const folder = makeFolder({ ...toyFiles, 'a.py': 'bad\n' })
    expect(await krait(folder, ['lint', 'a.py'])).toEqual(await krait(folder, ['a.py']))
  })

  test('--output-file takes the report and makes its folder', async () => {
    const folder = makeFolder({ ...toyFiles, 'a.py': 'bad\n' })
    const { stdout } = await krait(folder, ['-f', 'json'])
    expect(await krait(folder, ['-f', 'json', '-o', 'reports/new/krait.json'])).toEqual({ exitCode: 1, stdout: '', stderr: '' })
    expect(readFileSync(join(folder, 'reports/new/krait.json'), 'utf8')).toBe(stdout)
  })

  test('an output file that can not be written is told, with exit code 2', async () => {
    const { exitCode, stderr } = await krait(makeFolder({ ...toyFiles, 'a.py': 'bad\n' }), ['-o', 'a.py/report'])
    expect(exitCode).toBe(2)
    expect(stderr).toContain('The report can not be written to \'a.py/report\'')
  })

  test('--quiet leaves warnings out', async () => {
    const { files } = await kraitJson(makeFolder({ ...toyFiles, 'a.py': 'bad\nmeh\n' }), ['--quiet'])
    expect(files).toEqual({ 'a.py': [expect.objectContaining({ ruleId: 'toy/no-bad' })] })
  })

  test('--color and --no-color', async () => {
    const folder = makeFolder({ ...toyFiles, 'a.py': 'bad\n' })
    expect((await krait(folder, ['--color'])).stdout).toContain('\u001B[')
    expect((await krait(folder, ['--no-color'])).stdout).not.toContain('\u001B[')
    expect((await krait(folder, [])).stdout).not.toContain('\u001B[')
  })

  test('--stats tells on standard error what took how long, and changes nothing else', async () => {
    const folder = makeFolder({ ...toyFiles, 'a.py': 'bad\n', 'b.py': 'x\ny\n' })
    const { stdout, stderr } = await krait(folder, ['--stats'])
    expect(stdout).toBe((await krait(folder, [])).stdout)
    expect(stderr).toMatch(/^Files linted: 2 \(3 lines\) {3}threads: 1 {3}memory at the peak: \d+ MB\n/)
    expect(stderr).toMatch(/\n +\d[\d.]* ms {2}toy\/no-bad \(\d+ calls\)\n/)
  })

  test('--stats tells what can not be known of models', async () => {
    const models = 'from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column\nfrom elsewhere import Mixin\n\n\nclass Base(DeclarativeBase):\n    pass\n\n\nclass User(Mixin, Base):\n    __tablename__ = "users"\n    id: Mapped[int] = mapped_column(primary_key=True)\n'
    const folder = makeFolder({ ...toyFiles, 'models.py': models })
    const { stderr } = await krait(folder, ['--stats'])
    expect(stderr).toContain('Not known of models and migrations:\n  attributes of models and tables: 1 of 1 (1 by a base that is not known)\n  table names: 0 of 1\n')
    const inWorkers = await krait(folder, ['--stats', '--no-cache', '--concurrency', '2'])
    expect(unknownsIn(inWorkers.stderr)).toBe(unknownsIn(stderr))
    expect((await krait(folder, [])).stderr).toBe('')

    function unknownsIn(text: string): string {
      return text.slice(text.indexOf('Not known of models'))
    }
  })

  test('a file of another kind is passed over with a note', async () => {
    const folder = makeFolder({ ...toyFiles, 'notes.md': '' })
    expect(await krait(folder, ['notes.md', '-f', 'json'])).toEqual({ exitCode: 0, stdout: '[]\n', stderr: `krait: ${folder}/notes.md is not linted: its name does not end in .py or .pyi.\n` })
  })

  test('a folder without Python files is told', async () => {
    expect((await krait(makeFolder(toyFiles), [])).stderr).toBe('krait: No Python files in the current folder.\n')
  })
})

describe('standard input', () => {
  test('is linted as the named file, with its config and its project', async () => {
    const folder = makeFolder({ ...toyFiles, 'app/a.py': 'fine\n' })
    const { exitCode, files } = await kraitJson(folder, ['--stdin', '--stdin-filename', 'app/a.py'], { stdin: 'x\nbad\n' })
    expect(files).toEqual({ 'app/a.py': [expect.objectContaining({ ruleId: 'toy/no-bad', line: 2 })] })
    expect(exitCode).toBe(1)
  })

  test('the file need not exist', async () => {
    const { files } = await kraitJson(makeFolder(toyFiles), ['--stdin', '--stdin-filename', 'new/a.py'], { stdin: 'bad' })
    expect(files).toEqual({ 'new/a.py': [expect.objectContaining({ ruleId: 'toy/no-bad' })] })
  })

  test('the code frame shows the text of standard input', async () => {
    const { stdout } = await krait(makeFolder({ ...toyFiles, 'a.py': 'on disk\n' }), ['--stdin', '--stdin-filename', 'a.py'], { stdin: 'from_stdin = bad\n' })
    expect(stdout).toContain('from_stdin = bad')
    expect(stdout).not.toContain('on disk')
  })
})
