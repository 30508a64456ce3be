import { mkdirSync, readFileSync, readdirSync, writeFileSync } from 'node:fs'
import { dirname, join, relative, resolve } from 'node:path'

const example = resolve(import.meta.dirname, '../examples/fastapi-shop')

/**
 * Writes a project of about so many lines: copies of the example's packages under changed names, each a package of its own that imports from
 * the one before, so that questions across files have work to do. The same number gives the same files.
 */
export function generateProject(folder, lines) {
  const sources = readdirSync(join(example, 'app'), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith('.py'))
    .map((entry) => join(entry.parentPath, entry.name))
    .sort()
    .map((path) => ({ path: relative(join(example, 'app'), path), text: readFileSync(path, 'utf8') }))
  let written = 0
  for (let copy = 0; written < lines; copy++) {
    const name = `shop${copy}`
    for (const { path, text } of sources) {
      const previous = copy > 0 && path.endsWith('models/__init__.py') ? `from shop${copy - 1}.models import *  # noqa: F403\n` : ''
      const renamed = previous + text.replaceAll(/\bapp\b(?=[.\s])/g, name)
      write(join(folder, name, path), renamed)
      written += renamed.split('\n').length - 1
    }
  }
}

function write(path, text) {
  mkdirSync(dirname(path), { recursive: true })
  writeFileSync(path, text)
}
