// The program from its sources, in a process of its own. Packs that come with krait are left out.
import { fileURLToPath } from 'node:url'
import { createJiti } from 'jiti'

const packages = fileURLToPath(new URL('../../../', import.meta.url))
const alias = {
  './official-packs.ts': fileURLToPath(new URL('./no-packs.ts', import.meta.url)),
  '../official-packs.ts': fileURLToPath(new URL('./no-packs.ts', import.meta.url)),
  '@krait/python/node': `${packages}python/src/node.ts`,
  '@krait/core': `${packages}core/src/index.ts`,
  '@krait/python': `${packages}python/src/index.ts`,
  '@krait/rule-tester': `${packages}rule-tester/src/index.ts`,
}

await createJiti(import.meta.url, { alias }).import('../../src/main.ts')
