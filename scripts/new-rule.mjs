// Starts a rule: node scripts/new-rule.mjs PACK/NAME writes the rule, its page and its test, and puts it into its pack.
import { existsSync, mkdirSync, writeFileSync } from 'node:fs'
import { dirname, join, relative } from 'node:path'
import { writeFiles } from './lib/generated-files.mjs'
import { packIndexes } from './lib/pack-index.mjs'
import { packReadmes } from './lib/rule-table.mjs'
import { ruleFiles } from './lib/rule-template.mjs'
import { say } from './lib/run.mjs'
import { isRulePack, root, workspacePackages } from './lib/workspace.mjs'

try {
  await newRule(process.argv[2] ?? '')
} catch (error) {
  say(error.message)
  process.exitCode = 2
}

async function newRule(id) {
  const packs = workspacePackages().filter(isRulePack)
  const match = /^([a-z][a-z0-9-]*)\/([a-z][a-z0-9]*(?:-[a-z0-9]+)*)$/.exec(id)
  if (!match) throw new Error(`'${id}' is not a rule id. Write the pack and a name in kebab case: node scripts/new-rule.mjs datetime/no-naive-now`)
  const [, packName, rule] = match
  const pack = packs.find(({ folder }) => folder === packName)
  if (!pack) throw new Error(`There is no pack '${packName}'. The packs are: ${packs.map(({ folder }) => folder).join(', ')}.`)

  const files = ruleFiles({ pack: packName, rule, version: pack.manifest.version }).map(({ path, content }) => ({ path: join(pack.path, path), content }))
  const taken = files.find(({ path }) => existsSync(path))
  if (taken) throw new Error(`${relative(root, taken.path)} is there already. Choose another name, or remove the file.`)
  for (const { path, content } of files) {
    mkdirSync(dirname(path), { recursive: true })
    writeFileSync(path, content)
  }
  writeFiles(packIndexes([pack]))
  writeFiles(await packReadmes([pack]))
  say(`Wrote\n${files.map(({ path }) => `  ${relative(root, path)}`).join('\n')}
It works, and its tests pass, but it reports a function that stands for what you want to report. Next:
  1. Write what must be reported, and what must not, in the test and on the page.
  2. Change the rule until they pass: npx vitest run --config vitest.workspace.ts --project ${packName} ${rule} docs
  3. When its description, preset or fixes have changed: node scripts/generate.mjs`)
}
