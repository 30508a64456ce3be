// Run by node-test.test.ts in a process of its own, from the sources.
import { fileURLToPath } from 'node:url'
import { createJiti } from 'jiti'

const source = (path) => fileURLToPath(new URL(`../../../${path}`, import.meta.url))
const jiti = createJiti(import.meta.url, {
  fsCache: false,
  alias: {
    '@krait/core': source('core/src/index.ts'),
    '@krait/python/node': source('python/src/node.ts'),
    '@krait/python': source('python/src/index.ts'),
  },
})
const { RuleTester } = await jiti.import(source('rule-tester/src/index.ts'))
const { noCall } = await jiti.import(source('rule-tester/tests/sample-rules.ts'))

new RuleTester().run('no-call', noCall, {
  valid: ['allowed()', { name: 'wrong on purpose', code: 'forbidden()' }],
  invalid: [{ name: 'reported', code: 'forbidden()', errors: ['call'] }],
})
