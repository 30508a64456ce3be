import { readFileSync, statSync } from 'node:fs'
import { dirname, resolve } from 'node:path'
import { isCodeFile } from './config-files.ts'

const relativeSpecifier = /(['"`])(\.{1,2}\/[^'"`\n]*)\1/g
const endings = ['', '.ts', '.mts', '.js', '.mjs', '.cjs', '.json', '/index.ts', '/index.mts', '/index.js', '/index.mjs', '/index.cjs']

/**
 * The files that decide what some modules do: the modules themselves and all that they import by relative paths, at any depth. Found by
 * reading their text, without running it: a path put together at run time is not seen, and packages count with their entry file only.
 *
 * @param entries absolute paths
 * @returns absolute paths, sorted
 */
export function codeFiles(entries: readonly string[]): readonly string[] {
  const found = new Set<string>()
  const pending = [...entries]
  for (let file = pending.pop(); file !== undefined; file = pending.pop()) {
    if (found.has(file)) continue
    found.add(file)
    if (isCodeFile(file)) pending.push(...relativeImports(file))
  }
  return [...found].sort()
}

function relativeImports(file: string): string[] {
  const specifiers = [...readFileSync(file, 'utf8').matchAll(relativeSpecifier)].map((match) => match[2]!)
  return specifiers.flatMap((specifier) => existingFile(resolve(dirname(file), specifier)))
}

/** In TypeScript an import may name the file that the compiler would write: `./rule.js` for `rule.ts`. */
function existingFile(path: string): string[] {
  const candidates = [...endings.map((ending) => path + ending), path.replace(/\.([cm]?)js$/, '.$1ts')]
  const file = candidates.find(isFile)
  return file === undefined ? [] : [file]
}

function isFile(path: string): boolean {
  try {
    return statSync(path).isFile()
  } catch {
    // Most candidates do not exist, or go through a file as if it were a folder.
    return false
  }
}
