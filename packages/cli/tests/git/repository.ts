import { execFileSync } from 'node:child_process'
import { devNull } from 'node:os'
import { join } from 'node:path'
import { kraitJson, makeFolder, writeFiles } from '../support/cli.ts'

// Neither the configuration of who runs the tests nor the hook that may run them has a say.
for (const name of Object.keys(process.env)) if (name.startsWith('GIT_')) delete process.env[name]
Object.assign(process.env, {
  GIT_CONFIG_GLOBAL: devNull,
  GIT_CONFIG_NOSYSTEM: '1',
  GIT_AUTHOR_NAME: 'Ada', GIT_AUTHOR_EMAIL: 'ada@example.org',
  GIT_COMMITTER_NAME: 'Ada', GIT_COMMITTER_EMAIL: 'ada@example.org',
})

type Files = Readonly<Record<string, string | Uint8Array>>

/** A git work tree in a temporary folder. */
export class Repository {
  constructor(readonly folder: string) {}

  /** Runs git and gives what it writes. */
  readonly git = (...args: readonly string[]): string => runGit(this.folder, args)

  write(files: Files): this {
    writeFiles(this.folder, files)
    return this
  }

  /** Commits all that is on disk, after writing these files; gives the commit's id. */
  commit(files: Files = {}): string {
    this.write(files)
    this.git('add', '--all')
    this.git('commit', '--quiet', '--message', 'Change', '--allow-empty')
    return this.git('rev-parse', 'HEAD').trim()
  }

  /** What is reported, as lines by path. */
  report(...args: readonly string[]): ReturnType<typeof reportedLines> {
    return reportedLines(this.folder, args)
  }
}

export function runGit(folder: string, args: readonly string[]): string {
  const settings = ['init.defaultBranch=main', 'protocol.file.allow=always', 'commit.gpgSign=false'].flatMap((setting) => ['-c', setting])
  return execFileSync('git', [...settings, ...args], { cwd: folder, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] })
}

/** A new repository whose first commit holds the toy pack, its config and these files. */
export function makeRepository(files: Files = {}): Repository {
  const repository = emptyRepository()
  repository.commit({ ...gitToyFiles, ...files })
  return repository
}

/** A new repository without commits. */
export function emptyRepository(files: Files = {}): Repository {
  const repository = new Repository(makeFolder(files))
  repository.git('init', '--quiet')
  return repository
}

/** The lines of findings by path relative to the folder; a file that is listed without findings has none. */
export async function reportedLines(folder: string, args: readonly string[]): Promise<Readonly<Record<string, readonly number[]>>> {
  const { files, stderr, exitCode } = await kraitJson(folder, args)
  if (exitCode === 2) throw new Error(`krait failed: ${stderr}`)
  return Object.fromEntries(Object.entries(files).map(([path, messages]) => [path, messages.map(({ line }) => line)]))
}

export function path(repository: Repository, name: string): string {
  return join(repository.folder, name)
}

/** Lines of Python, `bad` where the number is among those given: `pythonLines(3, 2)` is `x`, `bad`, `x`. */
export function pythonLines(count: number, ...bad: readonly number[]): string {
  return Array.from({ length: count }, (_, i) => `${bad.includes(i + 1) ? 'bad' : 'x'}  # ${i + 1}\n`).join('')
}

const meta = `{
  type: 'problem', schema: [], messages: { found: '{{text}}' }, fixable: 'code',
  docs: { description: 'Report a word', preset: 'recommended', severity: 'error', since: '1.0.0' },
}`

/** A pack whose rules report what is asked for by name. */
export const gitToyFiles: Files = {
  'lint/toy-pack.mjs': `
import { definePack } from '@krait/core'
import { defineRule } from '@krait/python'

const onIdentifier = (name, pattern, report) => defineRule({
  name, meta: ${meta}, defaultOptions: [],
  create: (context) => ({
    identifier(node) {
      const match = pattern.exec(node.text)
      if (match) context.report({ node, messageId: 'found', ...report(match, context, node) })
    },
  }),
})

export default definePack({
  name: 'toy', version: '1.0.0',
  rules: [
    onIdentifier('no-bad', /^bad$/, (_, context, node) => ({ fix: (fixer) => fixer.replaceText(node, 'good') })),
    // see__b__3 is related to line 3 of b.py.
    onIdentifier('sees', /^see__(\\w+)__(\\d+)$/, ([, file, line]) => ({ related: [{ path: file + '.py', line: Number(line), column: 1, message: 'here' }] })),
    // The whole statement.
    onIdentifier('spans', /^long$/, (match, context, node) => ({ node: node.parent })),
    // The very end of the file.
    onIdentifier('ends', /^ends$/, (match, { sourceCode: { text } }) => ({ node: undefined, range: [text.length, text.length] })),
    // members__b tells what b.py defines.
    onIdentifier('members', /^members__(\\w+)$/, ([, file], { project }) => ({ data: { text: Object.keys(project.module(file + '.py')?.members ?? { missing: 0 }).join(' ') } })),
    onIdentifier('files', /^all_files$/, (match, { project }) => ({ data: { text: project.files().join(' ') } })),
    // All that a rule can learn of a change.
    onIdentifier('changes', /^show_changes$/, (match, { project }) => {
      const changes = project.changes()
      const files = changes?.files.map((file) => ({ ...file, baseText: changes.baseText(file.path) }))
      return { data: { text: JSON.stringify(changes && { base: changes.base, files, other: [changes.file('nowhere.py'), changes.baseText('nowhere.py')] }) } }
    }),
    onIdentifier('throws', /^explode$/, () => { throw new Error('boom') }),
  ],
})
`,
  'krait.config.json': JSON.stringify({ root: true, extends: ['toy/recommended'], packs: ['./lint/toy-pack.mjs'] }),
}
