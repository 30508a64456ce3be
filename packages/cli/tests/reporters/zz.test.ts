import { test } from 'vitest'
test('x', async () => { process.argv.length = 2; await import('./zz-try.ts') })
