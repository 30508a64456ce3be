import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterEach } from 'vitest'
import type { Io } from '../../src/io.ts'
import { runProgram } from '../../src/program.ts'

const folders: string[] = []

afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true })
})

/** A new folder with these files; removed after the test. */
export function makeFolder(files: Readonly<Record<string, string | Uint8Array>> = {}): string {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'krait-')))
  folders.push(folder)
  writeFiles(folder, files)
  return folder
}

export function writeFiles(folder: string, files: Readonly<Record<string, string | Uint8Array>>): void {
  for (const [path, content] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true })
    writeFileSync(join(folder, path), content)
  }
}

export interface ProgramResult {
  readonly exitCode: number
  readonly stdout: string
  readonly stderr: string
}

export interface ProgramOptions {
  readonly stdin?: string | Uint8Array
  readonly isTerminal?: boolean
}

/** Runs the program in this process, as if in the folder. Workers run from the sources. */
export async function krait(cwd: string, args: readonly string[], { stdin = '', isTerminal = false }: ProgramOptions = {}): Promise<ProgramResult> {
  const stdout: Uint8Array[] = []
  const stderr: Uint8Array[] = []
  const io: Io = {
    cwd,
    stdout: { write: (text) => stdout.push(Buffer.from(text)) },
    stderr: { write: (text) => stderr.push(Buffer.from(text)), isTTY: isTerminal },
    color: false,
    readStdin: () => Promise.resolve(Buffer.from(stdin)),
  }
  const exitCode = await runProgram(args, io, { workerUrl: new URL('./worker.mjs', import.meta.url) })
  return { exitCode, stdout: Buffer.concat(stdout).toString(), stderr: Buffer.concat(stderr).toString() }
}

export interface JsonMessage {
  readonly ruleId: string
  readonly severity: number
  readonly message: string
  readonly line: number
  readonly column: number
  readonly endColumn: number
}

/** Lints with the JSON format; results by path relative to the folder. */
export async function kraitJson(cwd: string, args: readonly string[] = [], options: ProgramOptions = {}): Promise<{
  readonly exitCode: number
  readonly stderr: string
  readonly files: Readonly<Record<string, readonly JsonMessage[]>>
}> {
  const { exitCode, stdout, stderr } = await krait(cwd, ['--format', 'json', ...args], options)
  const results = stdout === '' ? [] : (JSON.parse(stdout) as { filePath: string; messages: JsonMessage[] }[])
  const files = Object.fromEntries(results.map(({ filePath, messages }) => [filePath.startsWith(`${cwd}/`) ? filePath.slice(cwd.length + 1) : filePath, messages]))
  return { exitCode, stderr, files }
}

/** A pack with rules small enough to reason about, and a config that turns them all on and no other. */
export const toyFiles: Readonly<Record<string, string>> = {
  'lint/toy-pack.mjs': `
import { definePack, defineRule } from '@krait/core'

const meta = (description, severity, extra = {}) => ({
  type: 'problem', schema: [], messages: { found: "'{{name}}' is not wanted" },
  docs: { description, preset: 'recommended', severity, since: '1.0.0' }, ...extra,
})

/** Reports an identifier; with a replacement, fixes it. */
const banned = (name, word, severity, replacement) => defineRule({
  name, meta: meta('Disallow ' + word, severity, replacement === undefined ? {} : { fixable: 'code' }), defaultOptions: [],
  create: (context) => ({
    identifier(node) {
      if (node.text !== word) return
      context.report({ node, messageId: 'found', data: { name: word }, fix: replacement === undefined ? null : (fixer) => fixer.replaceText(node, replacement) })
    },
  }),
})

const throws = defineRule({
  name: 'throws', meta: meta('Throw at the word explode', 'error'), defaultOptions: [],
  create: () => ({ identifier(node) { if (node.text === 'explode') throw new Error('boom') } }),
})

const exits = defineRule({
  name: 'exits', meta: meta('End the thread at the word die', 'error'), defaultOptions: [],
  create: () => ({ identifier(node) { if (node.text === 'die') process.exit(7) } }),
})

const prints = defineRule({
  name: 'prints', meta: meta('Print at the word talk', 'error'), defaultOptions: [],
  create: () => ({ identifier(node) { if (node.text === 'talk') console.log('talking') } }),
})

export default definePack({
  name: 'toy', version: '1.0.0',
  rules: [banned('no-bad', 'bad', 'error', 'good'), banned('no-meh', 'meh', 'warn'), banned('no-cafe', 'cafe', 'warn', 'café'), throws, exits, prints],
})
`,
  'krait.config.json': JSON.stringify({ root: true, extends: ['toy/recommended'], packs: ['./lint/toy-pack.mjs'] }),
}
