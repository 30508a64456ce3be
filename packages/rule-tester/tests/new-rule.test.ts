import { spawnSync } from 'node:child_process'
import { cpSync, mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'

const repository = fileURLToPath(new URL('../../..', import.meta.url))
let scratch: string

/** A copy of the workspace with one pack, which has no rule yet. */
beforeAll(() => {
  scratch = realpathSync(mkdtempSync(join(tmpdir(), 'krait-new-rule-')))
  for (const path of ['scripts', 'package.json', 'vitest.workspace.ts', 'packages/datetime/package.json', 'packages/cli/package.json']) {
    cpSync(join(repository, path), join(scratch, path), { recursive: true })
  }
  for (const path of ['node_modules', 'packages/core', 'packages/python', 'packages/rule-tester', 'packages/datetime/node_modules']) {
    symlinkSync(join(repository, path), join(scratch, path), 'junction')
  }
  for (const folder of ['src/rules', 'docs', 'tests']) mkdirSync(join(scratch, 'packages/datetime', folder), { recursive: true })
  writeFileSync(
    join(scratch, 'packages/datetime/tests/docs.test.ts'),
    `import { checkRuleDocs } from '@krait/rule-tester'\nimport pack from '../src/index.ts'\n\ncheckRuleDocs(pack)\n`,
  )
  writeFileSync(join(scratch, 'packages/datetime/README.md'), '# datetime\n\n| rule | by hand |\n|---|---|\n| x | y |\n\nMore.\n')
})

afterAll(() => rmSync(scratch, { recursive: true, force: true }))

function node(...args: string[]): { status: number | null; output: string } {
  const { VITEST: _, VITEST_MODE: __, ...env } = process.env
  const { status, stdout, stderr } = spawnSync(process.execPath, args, { cwd: scratch, env: { ...env, NO_COLOR: '1' }, encoding: 'utf8' })
  return { status, output: stdout + stderr }
}

function read(path: string): string {
  return readFileSync(join(scratch, 'packages/datetime', path), 'utf8')
}

describe('new-rule', () => {
  it('refuses names that make no rule', () => {
    for (const [id, reason] of [['no-naive-now', 'is not a rule id'], ['datetime/noNow', 'is not a rule id'], ['time/no-now', `There is no pack 'time'`]] as const) {
      const { status, output } = node('scripts/new-rule.mjs', id)
      expect(output).toContain(reason)
      expect(status).toBe(2)
    }
  })

  it('starts a rule whose tests pass, and puts it into its pack', () => {
    const { status, output } = node('scripts/new-rule.mjs', 'datetime/no-naive-now')
    expect(output).toContain('packages/datetime/src/rules/no-naive-now.ts')
    expect(status).toBe(0)
    expect(read('src/index.ts')).toContain(`rules: [\n    noNaiveNow,\n  ],`)
    expect(read('README.md')).toBe(`# datetime

<!-- rules -->
| rule | what it does | preset | severity | fixes |
| --- | --- | --- | --- | --- |
| [\`no-naive-now\`](docs/no-naive-now.md) | Disallow calls of os.abort | strict | warn |  |
<!-- /rules -->

More.
`)
    const tests = node('node_modules/vitest/vitest.mjs', 'run', '--config', 'vitest.workspace.ts', '--project', 'datetime')
    expect(tests.output).toMatch(/Tests +5 passed/)
    expect(tests.status).toBe(0)
  })

  it('leaves a rule alone that is there already', () => {
    const rule = read('src/rules/no-naive-now.ts')
    const { status, output } = node('scripts/new-rule.mjs', 'datetime/no-naive-now')
    expect(output).toContain('is there already')
    expect(status).toBe(2)
    expect(read('src/rules/no-naive-now.ts')).toBe(rule)
  })
})

describe('generate --check', () => {
  it('names an index and a table that are not current', () => {
    const index = read('src/index.ts')
    writeFileSync(join(scratch, 'packages/datetime/src/index.ts'), index.replace(`version: '`, `version: '9.`))
    writeFileSync(join(scratch, 'packages/datetime/README.md'), read('README.md').replace('os.abort', 'os.exit'))
    const { status, output } = node('scripts/generate.mjs', '--check')
    expect(output).toContain(join('packages', 'datetime', 'src', 'index.ts'))
    expect(output).toContain(join('packages', 'datetime', 'README.md'))
    expect(status).toBe(1)
  })
})
