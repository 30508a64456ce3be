// Writes every generated file that is kept in the repository; with --check it writes nothing and names the files that are out of date.
// Other generators are `generate-*.mjs` in this folder or in the `scripts` folder of a package; each takes --check too.
import { existsSync, readdirSync } from 'node:fs'
import { join, relative } from 'node:path'
import { staleFiles, writeFiles } from './lib/generated-files.mjs'
import { packIndexes } from './lib/pack-index.mjs'
import { guidesWithVersion, preCommitHooks } from './lib/pre-commit-hooks.mjs'
import { packReadmes } from './lib/rule-table.mjs'
import { runNode, say } from './lib/run.mjs'
import { root, workspacePackages } from './lib/workspace.mjs'

const check = process.argv.includes('--check')
const failures = []

// The indexes come first: other generators load the packs through them.
writeOrCheck([...packIndexes(workspacePackages()), ...guidesWithVersion(), { path: join(root, '.pre-commit-hooks.yaml'), content: preCommitHooks() }])
for (const script of generators()) if (runNode([script, ...process.argv.slice(2)]) !== 0) failures.push(relative(root, script))
writeOrCheck(await packReadmes(workspacePackages()))

if (failures.length > 0) {
  say(`Out of date or failed:\n${failures.map((name) => `  ${name}`).join('\n')}${check ? '\nRun `npm run generate`.' : ''}`)
  process.exitCode = 1
}

function writeOrCheck(files) {
  if (check) failures.push(...staleFiles(files))
  else writeFiles(files)
}

function generators() {
  const folders = [join(root, 'scripts'), ...workspacePackages().map(({ path }) => join(path, 'scripts'))].filter((folder) => existsSync(folder))
  const own = folders.flatMap((folder) => readdirSync(folder).filter((name) => /^generate-.+\.mjs$/.test(name)).sort().map((name) => join(folder, name)))
  return [join(root, 'scripts', 'build-grammars.mjs'), ...own]
}
