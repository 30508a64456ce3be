import { readFileSync } from 'node:fs'
import { homedir } from 'node:os'
import { join } from 'node:path'
import type { Jiti } from 'jiti'
import { configError } from './config-error.ts'
import { loadWantedHostModules, virtualHostModules } from './host-modules.ts'

let jiti: Promise<Jiti> | undefined

/**
 * Runs a TypeScript or JavaScript module (ESM or CommonJS) and gives its first export among the given names, or, where it has none of
 * them, all its exports. A promise is awaited. The module is read and run anew at each call; `krait` and its packages come from the host.
 *
 * @param file absolute
 * @throws {ConfigError} naming the file, and line and column of a syntax error, when the module cannot be loaded
 */
export async function loadCode(file: string, exportNames: readonly string[]): Promise<unknown> {
  const runner = await codeRunner()
  const exported = await run(runner, file)
  if (typeof exported !== 'object' || exported === null) return exported
  // jiti answers `default` for every module: only `in` tells whether the module has one.
  const name = exportNames.find((candidate) => candidate in exported)
  return await (name === undefined ? exported : (exported as Record<string, unknown>)[name])
}

/** The file that an import specifier means, seen from a folder; `null` when there is none. */
export async function resolveModule(specifier: string, folder: string): Promise<string | null> {
  const runner = await codeRunner()
  const resolved = runner.esmResolve(specifier, { parentURL: join(folder, 'krait.config.js'), try: true })
  if (resolved === undefined) return null
  return resolved.startsWith('file:') ? (await import('node:url')).fileURLToPath(resolved) : resolved
}

async function run(runner: Jiti, file: string): Promise<unknown> {
  for (;;) {
    try {
      const source = readFileSync(file, 'utf8')
      // Node's own loader would not know the host's modules, so that even plain ESM goes through jiti.
      const exported: unknown = await runner.evalModule(source, { filename: file, async: true, forceTranspile: true })
      if (!await loadWantedHostModules()) return exported
    } catch (error) {
      if (!await loadWantedHostModules()) throw describeFailure(file, error)
    }
  }
}

function codeRunner(): Promise<Jiti> {
  jiti ??= import('jiti').then(({ createJiti }) => createJiti(import.meta.url, {
    fsCache: cacheFolder(),
    moduleCache: false,
    virtualModules: virtualHostModules,
  }))
  return jiti
}

/** jiti's default is a folder that all users of the machine share: another user could put code there. */
function cacheFolder(): string {
  const base = process.env['XDG_CACHE_HOME'] ?? process.env['LOCALAPPDATA'] ?? join(homedir(), '.cache')
  return join(base, 'krait', 'code')
}

function describeFailure(file: string, error: unknown): Error {
  if (!(error instanceof Error)) return configError(file, '', `Throws when loaded: ${String(error)}`, error)
  // jiti: "ParseError: <message> \n <file>:<line>:<column>"
  const parsed = /^(?:\w*Error: )?([\s\S]*?)\s*\n\s*(.+):(\d+):(\d+)$/.exec(error.message)
  if (parsed !== null) {
    const [, message, brokenFile, line, column] = parsed
    const reason = message!.split('\n')[0]!.replace(/ \(\d+:\d+\)$/, '').replace(/^.*?: (?=\S)/, (prefix) => (prefix.includes('/') ? '' : prefix))
    const place = `${line}:${Number(column) + 1}`
    return configError(file, brokenFile === file ? place : `${brokenFile}:${place}`, `Syntax error: ${reason}`, error)
  }
  return configError(file, '', `Throws when loaded: ${error.message.split('\n')[0]}`, error)
}
