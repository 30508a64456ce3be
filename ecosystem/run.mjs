// `pnpm ecosystem [PROJECT...]`: lints pinned real projects with all rules and shows how the findings differ from those that are kept here.
// `--update` keeps the new findings; `--from FOLDER` takes FOLDER/<project> as it stands instead of fetching the pinned commit.
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join, relative, resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { ensureBuilt } from '../scripts/lib/build-state.mjs'
import { run, runNode, say, secondsSince } from '../scripts/lib/run.mjs'
import { cacheFolder, readJson, root } from '../scripts/lib/workspace.mjs'
import { figuresPage } from './figures.mjs'

const here = import.meta.dirname
const projects = readJson(join(here, 'projects.json'))
const { values: options, positionals } = parseArgs({ allowPositionals: true, options: { update: { type: 'boolean' }, from: { type: 'string' } } })

try {
  const unknown = positionals.filter((name) => !projects.some((project) => project.name === name))
  if (unknown.length > 0) throw new Error(`There is no project ${unknown.join(', ')}. The projects are: ${projects.map(({ name }) => name).join(', ')}.`)
  ensureBuilt()
  mkdirSync(cacheFolder, { recursive: true })
  const chosen = projects.filter(({ name }) => positionals.length === 0 || positionals.includes(name))
  const differing = chosen.filter((project) => !lintProject(project))
  if (options.update) writeFileSync(join(here, 'FIGURES.md'), figuresPage(projects.map(({ name }) => [name, keptFindings(name)]), readJson(join(here, 'judgements.json'))))
  else if (differing.length > 0) {
    say(`\nThe findings differ in ${differing.map(({ name }) => name).join(', ')}. If the new ones are right, keep them: pnpm ecosystem --update`)
    process.exitCode = 1
  }
} catch (error) {
  say(error.message)
  process.exitCode = 2
}

/** Lints one project, and tells what is new and what is gone. Gives whether nothing is. */
function lintProject(project) {
  const folder = options.from === undefined ? fetchProject(project) : resolve(process.env.INIT_CWD ?? process.cwd(), options.from, project.name)
  if (!existsSync(folder)) throw new Error(`${folder} does not exist. --from names a folder that holds one folder per project.`)
  const start = performance.now()
  const found = lint(project, folder)
  const kept = keptFindings(project.name)
  const added = found.filter((line) => !kept.includes(line))
  const gone = kept.filter((line) => !found.includes(line))
  console.log(`${project.name}: ${found.length} findings, ${added.length} new, ${gone.length} gone (${secondsSince(start)})`)
  if (options.update) {
    mkdirSync(join(here, 'findings'), { recursive: true })
    writeFileSync(findingsFile(project.name), found.map((line) => `${line}\n`).join(''))
  } else {
    for (const line of added) console.log(`  + ${line}`)
    for (const line of gone) console.log(`  - ${line}`)
  }
  return added.length === 0 && gone.length === 0
}

function fetchProject({ name, repository, commit }) {
  const folder = join(cacheFolder, 'ecosystem', name)
  const git = (...args) => {
    if (run('git', ['-C', folder, ...args]) !== 0) throw new Error(`${name} can not be fetched: git ${args.join(' ')} failed in ${relative(root, folder)}.`)
  }
  mkdirSync(folder, { recursive: true })
  if (!existsSync(join(folder, '.git'))) git('init', '--quiet')
  if (run('git', ['-C', folder, 'cat-file', '-e', `${commit}^{commit}`]) !== 0) git('fetch', '--quiet', '--depth', '1', repository, commit)
  git('checkout', '--quiet', '--force', commit)
  return folder
}

/** One line per finding: the place first, so that the lines of a file stand together. */
function lint({ name }, folder) {
  const report = join(cacheFolder, `ecosystem-${name}.json`)
  const args = [join(root, 'packages/cli/bin/krait.js'), '.', '--config', join(here, 'krait.config.json'), '--no-cache', '--no-progress', '-f', 'json', '-o', report]
  const code = runNode(args, { cwd: folder })
  if (code > 1) throw new Error(`krait failed on ${name} with exit code ${code}.`)
  return readJson(report).flatMap(({ filePath, messages }) => {
    const path = relative(folder, filePath).replaceAll('\\', '/')
    return messages.map(({ line, column, ruleId }) => `${path}:${line}:${column} ${ruleId}`)
  })
}

function keptFindings(name) {
  const file = findingsFile(name)
  return existsSync(file) ? readFileSync(file, 'utf8').split('\n').filter((line) => line !== '') : []
}

function findingsFile(name) {
  return join(here, 'findings', `${name}.txt`)
}
