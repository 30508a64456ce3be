import { readdirSync, readFileSync, statSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, extname, join, relative, sep } from 'node:path'
import { fileURLToPath } from 'node:url'
import { indexesOf, type Registry } from '@krait/core'
import { codeFiles } from '../config/code-files.ts'
import type { PackReference } from '../config/load-packs.ts'
import { relativePath } from '../discover/relative-path.ts'
import { sha256 } from '../read/digest.ts'

/** What of a package decides findings, beside its manifest: its code, and grammars. */
const CODE_ENDINGS: ReadonlySet<string> = new Set(['.js', '.ts', '.wasm'])
const GRAMMAR_FOLDERS = ['grammar', 'grammars']

let installation: string | undefined

/**
 * A digest of all code that decides facts and findings: krait with its packs as installed, and the sources of in-house packs with what they import
 * by relative paths.
 *
 * @param root the project's: sources are named relative to it
 */
export function codeDigest(registry: Registry, packs: readonly PackReference[], root: string): string {
  const sources = codeFiles(packs.map(({ file }) => file)).map((file) => [relativePath(root, file), readFileSync(file, 'latin1')])
  const contents = registry.packs.map((pack) => [pack.name, pack.version, versions(pack.facts ?? []), versions(indexesOf(pack))])
  return sha256(JSON.stringify([installationDigest(), sources, contents, [...registry.rules.keys()]]), 'base64url')
}

/** A digest of krait and the packs that come with it. */
export function installationDigest(): string {
  return (installation ??= digestInstallation())
}

function versions(definitions: readonly { readonly name: string; readonly version: number }[]): unknown {
  return definitions.map(({ name, version }) => [name, version])
}

function digestInstallation(): string {
  const file = fileURLToPath(import.meta.url)
  const ownFolder = packageFolder(file)
  // `dist`, or `src` where krait runs from its sources: then the other packages do, too.
  const [codeFolder] = relative(ownFolder, file).split(sep)
  const { dependencies } = JSON.parse(readFileSync(join(ownFolder, 'package.json'), 'utf8')) as { readonly dependencies: Readonly<Record<string, string>> }
  const require = createRequire(file)
  const others = Object.keys(dependencies).filter((name) => name.startsWith('@krait/'))
  const folders = [ownFolder, ...others.map((name) => dirname(require.resolve(`${name}/package.json`)))]
  return sha256(JSON.stringify(folders.map((folder) => describePackage(folder, [codeFolder!, ...GRAMMAR_FOLDERS]))), 'base64url')
}

function packageFolder(file: string): string {
  for (let folder = dirname(file); ; folder = dirname(folder)) if (readdirSync(folder).includes('package.json')) return folder
}

/**
 * A published package is told by its manifest and the sizes of its files, which are the same on all machines; one that is being worked on also by
 * the times of its files, since its version stays while its code changes. Reading all code would take longer than the rest of a warm run.
 */
function describePackage(folder: string, codeFolders: readonly string[]): unknown {
  const isPublished = folder.split(sep).includes('node_modules')
  const files = codeFolders.flatMap((name) => codeBelow(join(folder, name))).map((file) => {
    const { size, mtimeMs } = statSync(file)
    return isPublished ? [relativePath(folder, file), size] : [relativePath(folder, file), size, mtimeMs]
  })
  return [readFileSync(join(folder, 'package.json'), 'utf8'), files]
}

function codeBelow(folder: string): string[] {
  let entries
  try {
    entries = readdirSync(folder, { withFileTypes: true, recursive: true })
  } catch {
    // Most packages have no grammar.
    return []
  }
  return entries
    .filter((entry) => entry.isFile() && CODE_ENDINGS.has(extname(entry.name)) && !entry.name.endsWith('.d.ts'))
    .map((entry) => join(entry.parentPath, entry.name))
    .sort()
}
