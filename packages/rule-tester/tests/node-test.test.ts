import { spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'

describe('under node:test', () => {
  it('registers the cases there', () => {
    const { VITEST: _, ...env } = process.env
    const suite = fileURLToPath(new URL('./node-test/suite.mjs', import.meta.url))
    const { stdout, status } = spawnSync(process.execPath, ['--test', '--test-reporter=tap', suite], { env, encoding: 'utf8' })
    expect(stdout).toMatch(/^ *ok 1 - allowed\(\)$/m)
    expect(stdout).toMatch(/^ *not ok 2 - wrong on purpose$/m)
    expect(stdout).toContain('Expected no finding, got 1.')
    expect(stdout).toMatch(/^ *ok 1 - reported$/m)
    expect(stdout).toMatch(/^# pass 2$/m)
    expect(stdout).toMatch(/^# fail 1$/m)
    expect(status).toBe(1)
  })
})
