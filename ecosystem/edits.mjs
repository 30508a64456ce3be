// `node ecosystem/edits.mjs FOLDER [--edits 100] [--seed 1]`: changes a copy of a real project at random, and after each edit compares, byte for byte, what a
// run with the cache reports with what a run without one does; now and then also with 2 and 4 threads, and with the files in another order.
import { spawnSync } from 'node:child_process'
import { cpSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { ensureBuilt } from '../scripts/lib/build-state.mjs'
import { say, secondsSince } from '../scripts/lib/run.mjs'
import { root } from '../scripts/lib/workspace.mjs'

const { values: options, positionals } = parseArgs({
  allowPositionals: true,
  options: { edits: { type: 'string', default: '100' }, seed: { type: 'string', default: '1' } },
})
/** Every so many edits other numbers of threads and another order are tried, too. */
const FULL_COMPARISON = 10
const scratch = mkdtempSync(join(tmpdir(), 'krait-edits-'))
const project = join(scratch, 'project')
const random = createRandom(Number(options.seed))

try {
  if (positionals.length !== 1) throw new Error('Name one folder with a Python project: node ecosystem/edits.mjs ../mealie')
  ensureBuilt()
  main(resolve(process.env.INIT_CWD ?? process.cwd(), positionals[0]))
} catch (error) {
  say(error.message)
  process.exitCode = 1
} finally {
  rmSync(scratch, { recursive: true, force: true })
}

function main(source) {
  cpSync(source, project, { recursive: true, filter: (path) => !/[\\/](\.git|\.venv|node_modules|\.krait_cache)$/.test(path) })
  const start = performance.now()
  const texts = new Map()
  let findings = 0
  let compared = 0
  krait()
  for (let number = 1; number <= Number(options.edits); number++) {
    const done = edit(texts)
    const cold = krait('--no-cache')
    const others = [['cache', krait()]]
    if (number % FULL_COMPARISON === 0) {
      for (const threads of ['1', '2', '4']) others.push([`${threads} threads`, krait('--no-cache', '--concurrency', threads)])
      others.push(['files in another order', krait('--no-cache', ...shuffled(pythonFiles()))])
    }
    for (const [how, output] of others) {
      compared++
      if (output !== cold) throw new Error(`Edit ${number} (${done}): the report differs with ${how}. Run again with --seed ${options.seed} --edits ${number} to see it.`)
    }
    findings += JSON.parse(cold).reduce((sum, { messages }) => sum + messages.length, 0)
  }
  console.log(`${options.edits} edits, ${compared} comparisons, all equal; ${Math.round(findings / Number(options.edits))} findings on average (${secondsSince(start)}).`)
}

function krait(...args) {
  const targets = args.some((arg) => arg.endsWith('.py')) ? [] : ['.']
  const command = [join(root, 'packages/cli/bin/krait.js'), ...targets, '--config', join(import.meta.dirname, 'krait.config.json'), '--no-progress', '-f', 'json', ...args]
  const { status, stdout, stderr } = spawnSync(process.execPath, command, { cwd: project, encoding: 'utf8', maxBuffer: 1 << 30 })
  if (status === null || status > 1) throw new Error(`krait ended with ${status}: ${stderr}`)
  return stdout
}

/** Changes one file. @returns what was done */
function edit(texts) {
  const path = pick(pythonFiles())
  const file = join(project, path)
  const text = readFileSync(file, 'utf8')
  const lines = text.split('\n')
  const at = Math.floor(random() * lines.length)
  const edits = [
    ['delete a line of', () => lines.toSpliced(at, 1).join('\n')],
    ['repeat a line of', () => lines.toSpliced(at, 0, lines[at]).join('\n')],
    ['swap two lines of', () => lines.toSpliced(at, 2, ...lines.slice(at, at + 2).reverse()).join('\n')],
    ['rename something in', () => renamed(text)],
    ['change a word of', () => reworded(text)],
    ['put back', () => texts.get(path) ?? text],
    ['empty', () => ''],
  ]
  if (random() < 0.05) {
    rmSync(file)
    return `remove ${path}`
  }
  if (random() < 0.05) {
    writeFileSync(file.replace(/\.py$/, '_copy.py'), text)
    return `copy ${path}`
  }
  const [what, change] = pick(edits)
  if (!texts.has(path)) texts.set(path, text)
  writeFileSync(file, change())
  return `${what} ${path}, line ${at + 1}`
}

/** Gives one identifier of the text the name of another one, everywhere. */
function renamed(text) {
  const names = [...new Set(text.match(/\b[A-Za-z_]\w+\b/g) ?? ['x'])]
  return text.replaceAll(new RegExp(`\\b${pick(names)}\\b`, 'g'), pick(names))
}

/** Changes a word on which rules depend, where it stands. */
function reworded(text) {
  const [from, to] = pick([['raise', 'return'], ['True', 'False'], ['async def', 'def'], ['await ', ''], ['Exception', 'ValueError'], ['return', 'yield'], ['from', 'import']])
  return text.replace(from, to)
}

function pythonFiles() {
  return readdirSync(project, { recursive: true, encoding: 'utf8' }).filter((path) => path.endsWith('.py')).sort()
}

function shuffled(items) {
  const left = [...items]
  return items.map(() => left.splice(Math.floor(random() * left.length), 1)[0])
}

function pick(items) {
  return items[Math.floor(random() * items.length)]
}

/** Mulberry32: the same numbers for the same seed. */
function createRandom(seed) {
  let state = seed >>> 0
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296
  }
}
