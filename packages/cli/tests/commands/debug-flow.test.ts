import { mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { debugFlowCommand } from '../../src/commands/debug-flow.ts'
import { fakeIo } from './fake-io.ts'

const folder = mkdtempSync(join(tmpdir(), 'krait-debug-'))
writeFileSync(join(folder, 'orders.py'), 'class Order:\n    def cancel(self):\n        if self.paid:\n            raise ValueError\n        return 1\n')

async function run(name: string | undefined, mermaid = false): Promise<string> {
  const { io, out } = fakeIo(folder)
  expect(await debugFlowCommand({ file: 'orders.py', function: name, mermaid }, io)).toBe(0)
  return out()
}

describe('debug flow', () => {
  it('prints the points of a method with the ways between them', async () => {
    const text = await run('Order.cancel')
    expect(text).toContain('0 entry -> ')
    expect(text).toMatch(/\d+ statement 4: raise ValueError -> .*raise/)
    expect(text).toMatch(/\d+ statement 5: return 1 -> return exit/)
  })

  it('prints the module without a name, and a flowchart if asked', async () => {
    expect(await run(undefined)).toContain('statement 1: class Order')
    expect(await run('Order.cancel', true)).toMatch(/^flowchart TD\n/)
  })

  it('names the nearest function', async () => {
    await expect(run('Order.cancle')).rejects.toThrow("orders.py has no function 'Order.cancle'. Did you mean 'Order.cancel'?")
  })

  it('names the file that can not be read', async () => {
    const { io } = fakeIo(folder)
    await expect(debugFlowCommand({ file: 'none.py', function: undefined, mermaid: false }, io)).rejects.toThrow('none.py: ')
  })
})
