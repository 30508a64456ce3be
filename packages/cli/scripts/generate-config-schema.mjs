// Writes schema/krait.schema.json, the JSON Schema of a config, from the metadata of the official packs' rules. With --check it writes
// nothing and exits with 1 when the file is not current. Runs from the sources: nothing need be built.
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { createJiti } from 'jiti'
import { staleFiles, writeFiles } from '../../../scripts/lib/generated-files.mjs'
import { root, workspacePackages } from '../../../scripts/lib/workspace.mjs'

const cli = join(root, 'packages', 'cli')
const alias = Object.fromEntries(workspacePackages().map(({ name, path }) => [name, join(path, 'src', 'index.ts')]))
const jiti = createJiti(import.meta.url, { alias, fsCache: join(root, 'node_modules', '.cache', 'krait', 'jiti') })

const { createRegistry } = await jiti.import('@krait/core')
const { officialPacks } = await jiti.import(join(cli, 'src', 'official-packs.ts'))
const { configSchema } = await jiti.import(join(cli, 'src', 'config', 'config-schema.ts'))

const content = `${JSON.stringify(configSchema(createRegistry(officialPacks)), null, 2)}\n`
const files = [{ path: join(cli, 'schema', 'krait.schema.json'), content }]
if (process.argv.includes('--check')) {
  const stale = staleFiles(files)
  for (const path of stale) console.error(`Not current: ${path}`)
  if (stale.length > 0) process.exitCode = 1
} else {
  mkdirSync(join(cli, 'schema'), { recursive: true })
  writeFiles(files)
}
