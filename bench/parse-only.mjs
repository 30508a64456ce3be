// Parses every Python file below a folder into krait's flat tree, in one thread, and does nothing else: the floor of what linting can cost.
import { readFileSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { loadPython } from '../packages/python/dist/node.js'

const parser = await loadPython()
let nodes = 0
for (const entry of readdirSync(process.argv[2], { recursive: true, withFileTypes: true })) {
  if (!entry.isFile() || !entry.name.endsWith('.py')) continue
  nodes += parser.parse(readFileSync(join(entry.parentPath, entry.name), 'utf8')).size
}
console.log(nodes)
