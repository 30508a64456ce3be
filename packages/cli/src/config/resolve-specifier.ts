import { existsSync } from 'node:fs'
import { dirname, isAbsolute, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { resolveModule } from './load-code.ts'

/** Whether `extends` or `packs` name a file, not a package or a preset. */
export function isPath(specifier: string): boolean {
  return isAbsolute(specifier) || /^\.{1,2}(?:[\\/]|$)/.test(specifier)
}

/**
 * The file that a config means by a path or by a package's name. Packages are looked up from the folder first, then from krait's own
 * installation.
 *
 * @param folder absolute: where the config stands
 * @returns an absolute path, or `null` when there is no such file or package
 */
export async function resolveSpecifier(specifier: string, folder: string): Promise<string | null> {
  if (isPath(specifier)) {
    const file = resolve(folder, specifier)
    return existsSync(file) ? file : null
  }
  return await resolveModule(specifier, folder) ?? await resolveModule(specifier, dirname(fileURLToPath(import.meta.url)))
}
