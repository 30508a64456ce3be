import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { createJiti } from 'jiti'
import { cacheFolder, isRulePack, workspacePackages } from './workspace.mjs'

const BEGIN = '<!-- rules -->'
const END = '<!-- /rules -->'
const TABLE = /^\| *rule *\|.*\n(?:\|.*(?:\n|$))+/m

/**
 * The README.md of each rule pack with its table of rules, as `{ path, content }`. The table comes from the rules' metadata, so the packs' sources
 * are loaded, and their `src/index.ts` must be current. Throws when a pack can not be loaded.
 */
export async function packReadmes(packages) {
  const jiti = createJiti(import.meta.url, { alias: sourceAliases(), fsCache: join(cacheFolder, 'jiti') })
  const files = []
  for (const { path } of packages.filter(isRulePack)) {
    const readme = join(path, 'README.md')
    if (!existsSync(readme)) continue
    const pack = await load(jiti, join(path, 'src', 'index.ts'))
    files.push({ path: readme, content: withRuleTable(readFileSync(readme, 'utf8'), pack) })
  }
  return files
}

async function load(jiti, file) {
  try {
    return await jiti.import(file, { default: true })
  } catch (error) {
    throw new Error(`${file} can not be loaded for its table of rules: ${error.message}`, { cause: error })
  }
}

/** Puts the table between its markers; where there are none, in the place of a table of rules without them, or at the end. */
export function withRuleTable(readme, pack) {
  const block = `${BEGIN}\n${ruleTable(pack)}${END}\n`
  const begin = readme.indexOf(BEGIN)
  const end = readme.indexOf(END)
  if (begin !== -1 && end > begin) return readme.slice(0, begin) + block + readme.slice(end + END.length).replace(/^\n/, '')
  if (TABLE.test(readme)) return readme.replace(TABLE, () => block)
  return `${readme.trimEnd()}\n\n## Rules\n\n${block}`
}

function ruleTable({ rules }) {
  const rows = [...rules]
    .sort((a, b) => (a.name < b.name ? -1 : 1))
    .map(({ name, meta }) => [`[\`${name}\`](docs/${name}.md)`, meta.docs.description, meta.docs.preset, meta.docs.severity, fixesOf(meta)])
  return [['rule', 'what it does', 'preset', 'severity', 'fixes'], ['---', '---', '---', '---', '---'], ...rows]
    .map((cells) => `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |\n`)
    .join('')
}

function fixesOf({ fixable, hasSuggestions }) {
  return [...(fixable ? ['fix'] : []), ...(hasSuggestions ? ['suggestions'] : [])].join(', ')
}

/** What each package exports, as the source file it is written in: no build is needed. */
export function sourceAliases() {
  return Object.fromEntries(
    workspacePackages().flatMap(({ name, path, manifest }) =>
      Object.entries(manifest.exports ?? {}).flatMap(([subpath, target]) =>
        target['krait-source'] ? [[name + subpath.slice(1), join(path, target['krait-source'])]] : [],
      ),
    ),
  )
}
