// `npm test`: installs, builds, checks types, style and packages, and runs every test. Ends with a line like `123 passed, 0 failed`.
import { mkdirSync, rmSync } from 'node:fs'
import { availableParallelism } from 'node:os'
import { join } from 'node:path'
import { ensureBuilt } from './lib/build-state.mjs'
import { ensureInstalled } from './lib/install.mjs'
import { captureNode, runNode, say, secondsSince } from './lib/run.mjs'
import { cacheFolder, readJson, root } from './lib/workspace.mjs'

const bin = (name, file) => join(root, 'node_modules', name, file)
const resultsFile = join(cacheFolder, 'test-results.json')

// The slowest first, so that the last one does not run alone for long.
const checks = [
  { title: 'Style (eslint)', fix: 'npx eslint --fix', args: [bin('eslint', 'bin/eslint.js'), '.', '--max-warnings=0'] },
  { title: 'Types (tsc)', args: [bin('typescript', 'bin/tsc'), '-p', 'tsconfig.json', '--incremental', '--tsBuildInfoFile', join(cacheFolder, 'types.tsbuildinfo')] },
  { title: 'Packages as published (publint, attw)', args: [join(root, 'scripts/check-packages.mjs')] },
  { title: 'Unused code (knip)', args: [bin('knip', 'bin/knip.js'), '--no-progress'] },
  { title: 'Generated files', fix: 'npm run generate', args: [join(root, 'scripts/generate.mjs'), '--check'] },
]

try {
  process.exitCode = await main()
} catch (error) {
  say(error.message)
  process.exitCode = 1
}

async function main() {
  ensureInstalled()
  ensureBuilt()
  mkdirSync(cacheFolder, { recursive: true })
  const failedChecks = await runChecks()
  const { code, passed, failed } = runTests()
  if (failedChecks.length > 0) console.log(`\nFailed checks: ${failedChecks.join(', ')}. Their messages stand above.`)
  if (code !== 0 && failed === 0) console.log('\nThe test run itself failed. Its message stands above.')
  console.log(`\n${passed} passed, ${failed} failed`)
  return failedChecks.length > 0 || code !== 0 ? 1 : 0
}

/** Runs the checks, as many at a time as there are processors, and gives the titles of those that failed. */
async function runChecks() {
  say('Checking types, style, unused code, generated files and packages ...')
  const waiting = [...checks]
  const failed = []
  const worker = async () => {
    for (let check = waiting.shift(); check !== undefined; check = waiting.shift()) {
      if (!(await runCheck(check))) failed.push(check.title)
    }
  }
  await Promise.all(Array.from({ length: Math.min(availableParallelism(), checks.length) }, worker))
  return failed
}

async function runCheck({ title, fix, args }) {
  const start = performance.now()
  const { code, output } = await captureNode(args)
  if (code === 0) {
    say(`  ok      ${title}, ${secondsSince(start)}`)
    return true
  }
  say(`  FAILED  ${title}, ${secondsSince(start)}${fix ? ` (may be mended by: ${fix})` : ''}\n${output}`)
  return false
}

/** Runs all tests; gives vitest's exit code and how many tests passed and failed. A test file that cannot be loaded counts as one failure. */
function runTests() {
  say('Running the tests ...')
  rmSync(resultsFile, { force: true })
  const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${resultsFile}`]
  const code = runNode([bin('vitest', 'vitest.mjs'), 'run', '--config', 'vitest.workspace.ts', ...reporters], { stdout: 'inherit' })
  const { numPassedTests, numFailedTests, testResults } = readJson(resultsFile)
  const brokenFiles = testResults.filter((file) => file.status === 'failed' && !file.assertionResults.some((test) => test.status === 'failed'))
  return { code, passed: numPassedTests, failed: numFailedTests + brokenFiles.length }
}
