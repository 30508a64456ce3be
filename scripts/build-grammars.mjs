// Writes the grammars that the packages ship, from the npm packages that bring them, and records their SHA-256 in grammars.lock.json.
// With --check nothing is written: exits 1 if a shipped grammar, its source or the lock file do not belong together.
import { createHash } from 'node:crypto'
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { upgradeDylink } from './lib/dylink.mjs'
import { readJson, root } from './lib/workspace.mjs'

const grammars = [
  {
    output: 'packages/python/grammar/python.wasm',
    from: { package: 'tree-sitter-python', file: 'tree-sitter-python.wasm' },
    licence: 'packages/python/grammar/LICENSE-tree-sitter-python',
  },
  {
    output: 'packages/core/grammars/html.wasm',
    from: { package: 'tree-sitter-wasms', file: 'out/tree-sitter-html.wasm' },
    licence: 'packages/core/grammars/LICENSE-tree-sitter-html',
  },
  {
    output: 'packages/core/grammars/toml.wasm',
    from: { package: 'tree-sitter-wasms', file: 'out/tree-sitter-toml.wasm' },
    licence: 'packages/core/grammars/LICENSE-tree-sitter-toml',
  },
]

const lockFile = join(root, 'grammars.lock.json')
const require = createRequire(join(root, 'package.json'))

const built = grammars.map(build)
const lock = {
  about: 'Written by scripts/build-grammars.mjs: where each shipped grammar comes from. Hashes are SHA-256.',
  grammars: Object.fromEntries(built.map(({ output, entry }) => [output, entry])),
}

if (process.argv.includes('--check')) check()
else write()

function build({ output, from, licence }) {
  const manifestFile = require.resolve(`${from.package}/package.json`)
  const input = readFileSync(join(dirname(manifestFile), from.file))
  const bytes = upgradeDylink(input)
  const { version } = readJson(manifestFile)
  return { output, bytes, entry: { package: from.package, version, file: from.file, input: sha256(input), output: sha256(bytes), licence } }
}

function write() {
  for (const { output, bytes } of built) {
    mkdirSync(dirname(join(root, output)), { recursive: true })
    writeFileSync(join(root, output), bytes)
  }
  writeFileSync(lockFile, `${JSON.stringify(lock, null, 2)}\n`)
}

function check() {
  const problems = []
  const locked = readJson(lockFile).grammars
  for (const { output, entry } of built) {
    if (JSON.stringify(locked[output]) !== JSON.stringify(entry)) problems.push(`${output}: grammars.lock.json names another source or hash.`)
    if (hashOf(output) !== entry.output) problems.push(`${output}: missing, or not what its source gives.`)
    if (hashOf(entry.licence) === null) problems.push(`${entry.licence}: the licence notice is missing.`)
  }
  for (const output of Object.keys(locked)) if (!(output in lock.grammars)) problems.push(`${output}: locked, but no longer built.`)
  if (problems.length === 0) return
  console.error([...problems, 'Run: node scripts/build-grammars.mjs'].join('\n'))
  process.exitCode = 1
}

function hashOf(file) {
  try {
    return sha256(readFileSync(join(root, file)))
  } catch (error) {
    if (error.code === 'ENOENT') return null
    throw error
  }
}

function sha256(bytes) {
  return createHash('sha256').update(bytes).digest('hex')
}
