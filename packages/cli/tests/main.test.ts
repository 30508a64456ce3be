import { spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { makeFolder, toyFiles } from './support/cli.ts'

const MAIN = fileURLToPath(new URL('./support/main.mjs', import.meta.url))

function run(folder: string, args: readonly string[], environment: Record<string, string> = {}, stdin = ''): { status: number | null; stdout: string; stderr: string } {
  const { NO_COLOR: _, FORCE_COLOR: __, ...inherited } = process.env
  return spawnSync(process.execPath, [MAIN, ...args], { cwd: folder, env: { ...inherited, ...environment }, input: stdin, encoding: 'utf8' })
}

test('the exit code of the process is that of the command', () => {
  const folder = makeFolder({ ...toyFiles, 'a.py': 'bad\n' })
  expect(run(folder, []).status).toBe(1)
  expect(run(folder, ['nowhere']).status).toBe(2)
  expect(run(folder, ['--version'])).toMatchObject({ status: 0, stdout: expect.stringMatching(/^\d+\.\d+\.\d+\n$/) as string, stderr: '' })
})

test('colors follow the environment, and an option overrules it', () => {
  const folder = makeFolder({ ...toyFiles, 'a.py': 'bad\n' })
  expect(run(folder, []).stdout).not.toContain('\u001B[')
  expect(run(folder, [], { FORCE_COLOR: '1' }).stdout).toContain('\u001B[')
  expect(run(folder, [], { FORCE_COLOR: '1', NO_COLOR: '1' }).stdout).not.toContain('\u001B[')
  expect(run(folder, ['--color'], { NO_COLOR: '1' }).stdout).toContain('\u001B[')
})

test('what a rule prints goes to standard error', () => {
  const { stdout, stderr } = run(makeFolder({ ...toyFiles, 'a.py': 'talk\n' }), ['-f', 'json'])
  expect(JSON.parse(stdout)).toHaveLength(1)
  expect(stderr).toBe('talking\n')
})

test('standard input is read to its end', () => {
  const { status, stdout } = run(makeFolder(toyFiles), ['--stdin', '--stdin-filename', 'a.py', '--fix'], {}, `${'x\n'.repeat(200_000)}bad\n`)
  expect(stdout).toBe(`${'x\n'.repeat(200_000)}good\n`)
  expect(status).toBe(0)
})

test('a reader that leaves early is no failure', () => {
  const folder = makeFolder({ ...toyFiles, 'a.py': 'bad\n'.repeat(20_000) })
  const { stdout, stderr } = spawnSync('sh', ['-c', '"$0" "$1" -f json | head -c 10', process.execPath, MAIN], { cwd: folder, encoding: 'utf8' })
  expect(stdout).toBe('[{"filePat')
  expect(stderr).toBe('')
})
