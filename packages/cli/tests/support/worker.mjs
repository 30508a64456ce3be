// A worker that runs from the sources, so that tests need no build.
import { fileURLToPath } from 'node:url'
import { createJiti } from 'jiti'

const packages = fileURLToPath(new URL('../../../', import.meta.url))
const names = ['core', 'python', 'rule-tester', 'datetime', 'error-handling', 'fastapi-architecture', 'security', 'sqlalchemy']
const alias = {
  '../official-packs.ts': fileURLToPath(new URL('./no-packs.ts', import.meta.url)),
  '@krait/python/node': `${packages}python/src/node.ts`,
  ...Object.fromEntries(names.map((name) => [`@krait/${name}`, `${packages}${name}/src/index.ts`])),
}

await createJiti(import.meta.url, { alias }).import('../../src/worker.ts')
