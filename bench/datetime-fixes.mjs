// `node bench/datetime-fixes.mjs`: runs the examples of every autofix of the pack `datetime`, before and after it, and tells whether Python gives the same
// values (or, where a fix mends a value, the one that it shall be). The examples are those of the rules' tests; `python3` 3.11 or later has to be there.
import { spawnSync } from 'node:child_process'
import { readdirSync, writeFileSync, mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { createJiti } from 'jiti'
import { cacheFolder, root } from '../scripts/lib/workspace.mjs'
import { sourceAliases } from '../scripts/lib/rule-table.mjs'

const pack = join(root, 'packages/datetime')
const harness = join(import.meta.dirname, 'datetime-fixes.py')

/** What a fix makes of a value on purpose: `2026-01-05T09:00:00+00:00Z` is no time stamp. */
const MENDED = new Map([['no-mislabeled-utc', (text) => text.replaceAll('+00:00Z', 'Z')]])

const cases = await collectCases()
let failed = 0
for (const { rule, name, before, after } of cases) {
  const mend = MENDED.get(rule) ?? ((text) => text)
  const expected = mend(run(before))
  const given = run(after)
  const isSame = given === expected && !given.startsWith('nothing')
  console.log(`${isSame ? 'same value ' : 'DIFFERENT  '} ${rule}: ${name}`)
  if (isSame) continue
  failed++
  console.log(`  expected ${expected}\n  given    ${given}`)
}
const rules = new Set(cases.map(({ rule }) => rule))
for (const rule of await fixableRules()) {
  if (rules.has(rule)) continue
  failed++
  console.log(`NO EXAMPLE  ${rule}`)
}
console.log(`${cases.length} examples of ${rules.size} rules, ${failed} failed`)
process.exitCode = failed > 0 ? 1 : 0

/** The cases of the pack's tests that a fix changes, taken from the tests themselves with a tester that only notes them. */
async function collectCases() {
  const found = []
  globalThis.kraitCases = found
  const jiti = loader({ '@krait/rule-tester': writeTester() })
  for (const file of readdirSync(join(pack, 'tests'))) if (file.endsWith('.test.ts') && file !== 'docs.test.ts') await jiti.import(join(pack, 'tests', file))
  return found
}

function writeTester() {
  const folder = join(cacheFolder, 'datetime-fixes')
  mkdirSync(folder, { recursive: true })
  const path = join(folder, 'rule-tester.mjs')
  writeFileSync(
    path,
    `export class RuleTester {
  run(id, rule, { invalid }) {
    for (const { name, code, output } of invalid) {
      if (typeof output === 'string' && output !== code) globalThis.kraitCases.push({ rule: rule.name, name, before: code, after: output })
    }
  }
  runProject() {}
}
export function python(strings, ...values) {
  return String.raw({ raw: strings }, ...values)
}
`,
  )
  return path
}

async function fixableRules() {
  const { default: plugin } = await loader({}).import(join(pack, 'src/index.ts'))
  return Object.values(plugin.rules).filter(({ meta }) => meta.fixable).map(({ name }) => name)
}

function loader(aliases) {
  return createJiti(import.meta.url, { alias: { ...sourceAliases(), ...aliases }, fsCache: join(cacheFolder, 'jiti') })
}

/** What the code does, as text: what it calls with which values, what its functions and names give. */
function run(code) {
  const { status, stdout, stderr } = spawnSync('python3', [harness], { input: code, encoding: 'utf8', timeout: 10_000 })
  return status === 0 ? stdout : `nothing: ${stderr.trim().split('\n').at(-1)}`
}
