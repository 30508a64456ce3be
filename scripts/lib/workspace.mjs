import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

/** The absolute path of the repository. */
export const root = dirname(dirname(dirname(fileURLToPath(import.meta.url))))

/** Where scripts keep stamps and scratch results. */
export const cacheFolder = join(root, 'node_modules', '.cache', 'krait')

/** Parses a JSON file; throws with its path when it is not JSON. */
export function readJson(path) {
  const text = readFileSync(path, 'utf8')
  try {
    return JSON.parse(text)
  } catch (error) {
    throw new Error(`${path} is not valid JSON: ${error.message}`, { cause: error })
  }
}

/** The packages of the workspace, sorted by folder name: `{ folder, name, path, manifest }`. */
export function workspacePackages() {
  return readdirSync(join(root, 'packages'))
    .sort()
    .map((folder) => ({ folder, path: join(root, 'packages', folder) }))
    .filter(({ path }) => existsSync(join(path, 'package.json')))
    .map(({ folder, path }) => {
      const manifest = readJson(join(path, 'package.json'))
      return { folder, path, manifest, name: manifest.name }
    })
}

/** Whether the package is a rule pack: it has rules and publishes a page for each. */
export function isRulePack({ path, manifest }) {
  return existsSync(join(path, 'src', 'rules')) && (manifest.files?.includes('docs') ?? false)
}
