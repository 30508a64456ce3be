// `pnpm bench [FOLDER]`: how long krait takes, beside parsing alone and beside the peers that are installed, on the same files in one run.
// `pnpm bench --scale`: time and memory on generated projects of 100,000, 300,000 and 1,000,000 lines.
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { availableParallelism, cpus, tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { generateProject } from './generate-project.mjs'
import { findProgram, timeCommand } from './time-command.mjs'

const root = resolve(import.meta.dirname, '..')
const krait = join(root, 'packages/cli/bin/krait.js')
const { values: options, positionals } = parseArgs({
  allowPositionals: true,
  options: { scale: { type: 'boolean' }, runs: { type: 'string', default: '3' }, lines: { type: 'string', default: '200000' } },
})
const runs = Number(options.runs)
const scratch = mkdtempSync(join(tmpdir(), 'krait-bench-'))
const KRAIT_OPTIONS = ['--no-config-lookup', '--no-progress', '-f', 'json', '-o', join(scratch, 'krait.json')]

try {
  if (!existsSync(join(root, 'packages/cli/dist/main.js'))) throw new Error('krait is not built: run `npm run build` first.')
  console.log(`Machine: ${cpus()[0]?.model ?? 'unknown processor'}, ${availableParallelism()} processors, Node ${process.version}. Best of ${runs} runs each.`)
  if (options.scale) benchScale()
  else benchProject(prepareProject(positionals[0]))
} finally {
  rmSync(scratch, { recursive: true, force: true })
}

/** A copy without caches of the given project, or a generated one; the copy is what all tools read. */
function prepareProject(folder) {
  const project = join(scratch, 'project')
  if (folder === undefined) {
    generateProject(project, Number(options.lines))
  } else {
    const source = resolve(process.env.INIT_CWD ?? process.cwd(), folder)
    cpSync(source, project, { recursive: true, filter: (path) => !/[\\/](\.git|\.venv|node_modules|\.krait_cache)$/.test(path) })
  }
  const { files, lines } = countLines(project)
  console.log(`Project: ${folder ?? 'generated'}, ${files} Python files, ${lines} lines.\n`)
  return project
}

function benchProject(project) {
  const parse = best('parsing alone, 1 thread', [process.execPath, join(root, 'bench/parse-only.mjs'), project])
  const recommended = best('krait, recommended, 1 thread', lint(project, 1))
  const strict = best('krait, strict, 1 thread', lint(project, 1, '--preset', 'strict'))
  const workers = best('krait, recommended, 2 threads', lint(project, 2))
  const small = smallestFileAbove(project, 1000)
  const one = best('krait, one small file, cold', [process.execPath, krait, small, ...KRAIT_OPTIONS, '--no-cache'], project)
  const warm = benchCache(project)
  const peers = benchPeers(project)

  console.log('\nRatios')
  ratio('CPU, recommended / parsing alone', recommended.cpu / parse.cpu, '<= 1.5')
  ratio('CPU, strict / parsing alone', strict.cpu / parse.cpu, '<= 2')
  ratio('wall, flake8 / krait with 2 threads', peers.flake8 && peers.flake8.wall / workers.wall, '>= 8')
  ratio('wall, Bandit / krait with 2 threads', peers.bandit && peers.bandit.wall / workers.wall, '>= 10')
  ratio('wall, krait with 2 threads / ast-grep', peers['ast-grep'] && workers.wall / peers['ast-grep'].wall, '<= 1.5')
  console.log(`\nSeconds: warm ${seconds(warm.unchanged.wall)} (<= 0.4 at 3,000 files), one file changed ${seconds(warm.edited.wall)} (<= 0.6), one small file cold ${seconds(one.wall)} (<= 0.35)`)
}

function benchCache(project) {
  const command = lint(project, 1).filter((argument) => argument !== '--no-cache')
  timeCommand(command)
  const unchanged = best('krait, warm, nothing changed', command)
  const file = smallestFileAbove(project, 1000)
  const text = readFileSync(file, 'utf8')
  let edits = 0
  const edited = best('krait, warm, one file changed', command, undefined, () => writeFileSync(file, `${text}\nBENCH_EDIT = ${edits++}\n`))
  writeFileSync(file, text)
  return { unchanged, edited }
}

function benchPeers(project) {
  const rules = join(scratch, 'ast-grep')
  const config = writeAstGrepRules(rules)
  const peers = {
    flake8: ['flake8', '--jobs', '2', '--exit-zero', '-q', project],
    bandit: ['bandit', '-r', '-q', '--exit-zero', '-f', 'json', '-o', join(scratch, 'bandit.json'), project],
    ruff: ['ruff', 'check', '--no-cache', '--exit-zero', '-q', project],
    'ast-grep': ['ast-grep', 'scan', '-c', config, '--threads', '2', project],
    pylint: ['pylint', '-j', '2', '--exit-zero', '--disable=all', '--enable=W', '--recursive=y', project],
    semgrep: ['semgrep', 'scan', '--metrics=off', '--disable-version-check', '-q', '-j', '2', '-e', 'eval(...)', '-l', 'python', project],
  }
  const results = {}
  for (const [name, command] of Object.entries(peers)) {
    if (findProgram(command[0]) === null) {
      console.log(`${name.padEnd(34)} not installed`)
      continue
    }
    results[name] = best(name, command, undefined, undefined, name === 'pylint' || name === 'semgrep' ? 1 : runs)
  }
  return results
}

/** Three trivial rules: the least that a rule engine can be asked to do. */
function writeAstGrepRules(folder) {
  mkdirSync(join(folder, 'rules'), { recursive: true })
  const patterns = { 'no-eval': 'eval($X)', 'no-print': 'print($$$)', 'no-assert': 'assert $X' }
  for (const [id, pattern] of Object.entries(patterns)) {
    writeFileSync(join(folder, 'rules', `${id}.yml`), `id: ${id}\nlanguage: python\nseverity: warning\nmessage: ${id}\nrule:\n  pattern: ${pattern}\n`)
  }
  const config = join(folder, 'sgconfig.yml')
  writeFileSync(config, 'ruleDirs: [rules]\n')
  return config
}

function benchScale() {
  const results = []
  for (const lines of [100_000, 300_000, 1_000_000]) {
    const project = join(scratch, `scale-${lines}`)
    generateProject(project, lines)
    const counted = countLines(project)
    const result = best(`${counted.files} files, ${counted.lines} lines, 2 threads`, [...lint(project, 2), '--stats'])
    const memory = Number(/memory at the peak: (\d+) MB/.exec(result.stderr)?.[1])
    results.push({ lines: counted.lines, wall: result.wall, cpu: result.cpu, memory })
    rmSync(project, { recursive: true, force: true })
  }
  console.log('\nPer 100,000 lines')
  for (const { lines, wall, cpu, memory } of results) {
    const share = lines / 100_000
    console.log(`${String(lines).padStart(9)} lines: ${seconds(wall / share)} wall, ${seconds(cpu / share)} CPU; ${memory} MB in all`)
  }
}

function lint(project, threads, ...more) {
  return [process.execPath, krait, project, ...KRAIT_OPTIONS, '--no-cache', '--concurrency', String(threads), ...more]
}

/** The fastest of several runs; prints it. */
function best(title, command, cwd, before, times = runs) {
  let fastest = null
  for (let run = 0; run < times; run++) {
    before?.()
    const result = timeCommand(command, cwd)
    if (fastest === null || result.wall < fastest.wall) fastest = result
  }
  console.log(`${title.padEnd(34)} ${seconds(fastest.wall).padStart(9)} wall ${seconds(fastest.cpu).padStart(9)} CPU`)
  return fastest
}

function ratio(title, value, wanted) {
  console.log(`${title.padEnd(40)} ${value === undefined ? 'not measured' : value.toFixed(2)}   (wanted: ${wanted})`)
}

function seconds(value) {
  return `${value.toFixed(2)} s`
}

function countLines(folder) {
  let files = 0
  let lines = 0
  for (const path of pythonFiles(folder)) {
    files++
    lines += readFileSync(path, 'latin1').split('\n').length - 1
  }
  return { files, lines }
}

function smallestFileAbove(folder, bytes) {
  const sized = pythonFiles(folder).map((path) => ({ path, size: statSync(path).size })).filter(({ size }) => size > bytes)
  return sized.sort((a, b) => a.size - b.size || (a.path < b.path ? -1 : 1))[0].path
}

function pythonFiles(folder) {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith('.py'))
    .map((entry) => join(entry.parentPath, entry.name))
}
