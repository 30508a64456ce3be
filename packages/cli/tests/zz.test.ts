import { test } from 'vitest'
import * as core from '@krait/core'
import { ConfigLoader } from '../src/config/config-loader.ts'
test('x', async () => {
  for (let i = 0; i < 3; i++) {
  const t = performance.now()
  const loader = new ConfigLoader({ cwd: '/tmp/kt/repo', officialPacks: [] })
  const c = await loader.forFile('/tmp/kt/repo/app/x.py')
  console.log(performance.now() - t, c.root, c.file, c.inputs, JSON.stringify(c.plan), c.resolver.resolve('app/x.py'), c.registry.packs)
  console.log((globalThis as any).seenCore === core.definePack)
  }
})
