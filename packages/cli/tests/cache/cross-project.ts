import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect } from 'vitest'
import { parseState, type StoredState } from '../../src/cache/stored-state.ts'
import { cachePlace } from '../../src/cache/cache-place.ts'
import { ProjectFolder } from '../../src/cache/project-folder.ts'
import { krait, toyFiles } from '../support/cli.ts'

/** A pack whose rules look at other files in every way there is. Its words come from a file of their own. */
export function crossPack(version: string, wording: string): Readonly<Record<string, string>> {
  return {
    'lint/wording.mjs': `export const wording = ${JSON.stringify(wording)}\n`,
    'lint/cross-pack.mjs': `
import { defineFact, defineIndex, definePack, defineRule } from '@krait/core'
import { defineProjectRule } from '@krait/python'
import { wording } from './wording.mjs'

const definitions = defineFact({
  name: 'cross/definitions', version: 1,
  collect: ({ sourceCode }) => [...sourceCode.text.matchAll(/^def (\\w+)/gm)].map((match) => match[1]),
})

const owners = defineIndex({
  name: 'cross/owners', version: 1,
  build(reader) {
    globalThis.ownersBuilt = (globalThis.ownersBuilt ?? 0) + 1
    const owners = new Map()
    for (const [path, names] of reader.facts(definitions)) for (const name of names) owners.set(name, [...(owners.get(name) ?? []), path])
    return owners
  },
  ask: (owners, name) => owners.get(name),
})

const arity = defineIndex({
  name: 'cross/arity', version: 1,
  build: (reader) => reader,
  ask: (reader, name) => (reader.ask(owners, name) ?? []).length,
})

const words = defineIndex({ name: 'cross/words', version: 1, build: (reader) => reader.settings().word, ask: (word) => word })

const rule = (name, listeners) => defineRule({
  name, defaultOptions: [],
  meta: {
    type: 'problem', schema: [], messages: { found: wording + ' {{text}}' },
    docs: { description: 'Look at other files', preset: 'recommended', severity: 'warn', since: '1.0.0' },
  },
  create: (context) => listeners(context, (node, text) => context.report({ node, messageId: 'found', data: { text } })),
})

const twice = defineProjectRule({
  name: 'twice', defaultOptions: [],
  meta: {
    type: 'problem', schema: [], messages: { again: '{{name}} is also in {{other}}' },
    docs: { description: 'Look at the project', preset: 'recommended', severity: 'warn', since: '1.0.0' },
  },
  check({ project, report }) {
    const seen = new Map()
    for (const path of project.files()) {
      for (const [name, { kind }] of Object.entries(project.module(path)?.members ?? {})) {
        if (kind !== 'function') continue
        if (seen.has(name)) report({ path, member: name, messageId: 'again', data: { name, other: seen.get(name) } })
        else seen.set(name, path)
      }
    }
  },
})

export default definePack({
  name: 'cross', version: ${JSON.stringify(version)}, facts: [definitions], indexes: [owners, arity, words],
  rules: [
    twice,
    rule('owners', ({ project }, report) => ({
      call: (node) => report(node, node.function.text + ' is of ' + (project.ask(owners, node.function.text)?.join(' and ') ?? 'nobody')),
    })),
    rule('arity', ({ project }, report) => ({
      'call:exit': (node) => { if (project.ask(arity, node.function.text) > 1) report(node, node.function.text + ' is ambiguous') },
    })),
    rule('modules', ({ project }, report) => ({
      import_statement: (node) => {
        const path = project.resolveImport(node.namedChildren[0].text)
        report(node, path === null ? 'not found' : path + ' has ' + project.fact(definitions, path)?.length)
      },
    })),
    rule('words', ({ project, settings }, report) => ({
      identifier: (node) => { if (node.text === 'word') report(node, project.ask(words, '') + ' and ' + settings.word) },
    })),
    rule('totals', ({ project }, report) => ({
      identifier: (node) => {
        if (node.text === 'files') report(node, project.files().length + ' files')
        if (node.text === 'total') report(node, [...project.facts(definitions)].flatMap(([, names]) => names).length + ' definitions')
      },
    })),
  ],
})
`,
  }
}

export const crossConfig = { root: true, extends: ['toy/recommended', 'cross/recommended'], packs: ['./lint/toy-pack.mjs', './lint/cross-pack.mjs'] }

export const crossFiles: Readonly<Record<string, string>> = {
  ...toyFiles,
  ...crossPack('1.0.0', 'Seen:'),
  'krait.config.json': JSON.stringify(crossConfig),
}

export interface CachedRun {
  readonly stdout: string
  readonly stderr: string
  readonly exitCode: number
  /** Files whose findings came from the cache, and all others. */
  readonly recalled: number
  readonly linted: number
}

/** Lints with the JSON format and the cache, and tells how many files came from it. */
export async function cachedRun(folder: string, args: readonly string[] = []): Promise<CachedRun> {
  const { stdout, stderr, exitCode } = await krait(folder, ['--format', 'json', '--stats', ...args])
  const recalled = Number(/^Files from the cache: (\d+)/m.exec(stderr)![1])
  const linted = (JSON.parse(stdout) as unknown[]).length - recalled
  const warnings = stderr.split('\n').filter((line) => line.startsWith('krait: ')).join('\n')
  return { stdout, stderr: warnings, exitCode, recalled, linted }
}

/** Lints as if for the first time. */
export async function freshRun(folder: string, args: readonly string[] = []): Promise<{ readonly stdout: string; readonly exitCode: number }> {
  const { stdout, exitCode } = await krait(folder, ['--format', 'json', '--no-cache', ...args])
  return { stdout, exitCode }
}

/** Runs with the cache, compares with a run without, and tells how many files were linted. */
export async function lintedAgain(folder: string, args: readonly string[] = []): Promise<number> {
  const { stdout, exitCode, linted, stderr } = await cachedRun(folder, args)
  expect({ stdout, exitCode }).toEqual(await freshRun(folder, args))
  expect(stderr).not.toContain('cache')
  return linted
}

/** The files of the cache of a project. */
export function projectFolder(root: string): ProjectFolder {
  return new ProjectFolder(cachePlace(undefined, root), root)
}

export function storedState(root: string): StoredState {
  return parseState(projectFolder(root).readState()!)
}

export function readText(folder: string, path: string): string {
  return readFileSync(join(folder, path), 'utf8')
}
