import { mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { debugKindsCommand } from '../../src/commands/debug-kinds.ts'
import { fakeIo } from './fake-io.ts'

const folder = mkdtempSync(join(tmpdir(), 'krait-debug-'))
writeFileSync(join(folder, 'clock.py'), 'from datetime import UTC, datetime\n\ndef now():\n    return datetime.now(UTC)\n')
writeFileSync(join(folder, 'orders.py'), 'from datetime import datetime\nfrom clock import now\n\ndef age():\n    made = datetime.utcnow()\n    return now() - made\n')

describe('debug kinds', () => {
  it('prints the expressions that are dates and times, with what other files say of them', async () => {
    const { io, out } = fakeIo(folder)
    expect(await debugKindsCommand('orders.py', io)).toBe(0)
    expect(out().trim().split('\n')).toEqual([
      '5:12 datetime.utcnow(): naive (utc)',
      '6:12 now() - made: delta',
      '6:12 now(): aware (utc)',
      '6:20 made: naive (utc)',
    ])
  })

  it('names the file that can not be read', async () => {
    const { io } = fakeIo(folder)
    await expect(debugKindsCommand('none.py', io)).rejects.toThrow('none.py: ')
  })
})
