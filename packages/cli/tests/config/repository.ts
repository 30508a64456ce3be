import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { onTestFinished } from 'vitest'
import type { AnyRule, Pack, RuleDocs } from '@krait/core'
import { ConfigError, formatConfigError } from '../../src/config/config-error.ts'
import { ConfigLoader, type ConfigOptions } from '../../src/config/config-loader.ts'

/** Writes files (by path; objects as JSON) into a temporary git repository, which is gone after the test; gives its folder. */
export function repository(files: Readonly<Record<string, string | object>>): string {
  return temporaryFolder({ '.git/HEAD': 'ref: refs/heads/main\n', ...files })
}

/** The same without git. */
export function temporaryFolder(files: Readonly<Record<string, string | object>>): string {
  const root = realpathSync(mkdtempSync(join(tmpdir(), 'krait-config-')))
  onTestFinished(() => rmSync(root, { recursive: true, force: true }))
  for (const [path, content] of Object.entries(files)) {
    mkdirSync(dirname(join(root, path)), { recursive: true })
    writeFileSync(join(root, path), typeof content === 'string' ? content : JSON.stringify(content))
  }
  return root
}

/** A loader that knows two packs, `datetime` and `errors`, whatever packs krait comes with. */
export function loaderIn(cwd: string, options: Partial<ConfigOptions> = {}): ConfigLoader {
  return new ConfigLoader({ cwd, officialPacks, ...options })
}

/** The rules that are on for a file, as `id: severity`. */
export async function rulesFor(root: string, path: string, options: Partial<ConfigOptions> = {}): Promise<Record<string, number>> {
  const loaded = await loaderIn(root, options).forFile(join(root, path))
  const local = join(root, path).slice(loaded.root.length + 1)
  return Object.fromEntries(loaded.resolver.resolve(local).rules.map((rule) => [rule.id, rule.severity]))
}

/** What the user reads when the config of a file is broken. */
export async function errorFor(root: string, path: string, options: Partial<ConfigOptions> = {}): Promise<string> {
  try {
    await loaderIn(root, options).forFile(join(root, path))
  } catch (error) {
    if (error instanceof ConfigError) return formatConfigError(error, root)
    throw error
  }
  throw new Error('expected a ConfigError, but the config was loaded')
}

export function fakeRule(name: string, preset: RuleDocs['preset'], severity: RuleDocs['severity'], more: Partial<AnyRule> = {}): AnyRule {
  return {
    name,
    meta: { type: 'problem', docs: { description: `Disallow ${name}`, preset, severity, since: '0.1.0' }, messages: { bad: 'Bad.' }, schema: [] },
    defaultOptions: [],
    create: () => ({}),
    ...more,
  }
}

const silentExcept = fakeRule('no-silent-except', 'recommended', 'error', { defaultOptions: [{ allow: [] }] })

export const officialPacks: readonly Pack[] = [
  { name: 'datetime', version: '1.0.0', rules: [fakeRule('no-utcnow', 'recommended', 'error'), fakeRule('no-naive-now', 'strict', 'warn')] },
  {
    name: 'errors',
    version: '1.0.0',
    rules: [{
      ...silentExcept,
      meta: {
        ...silentExcept.meta,
        fixable: 'code',
        schema: [{ type: 'object', properties: { allow: { type: 'array', items: { type: 'string' } } }, additionalProperties: false }],
      },
    }],
  },
]

/** An in-house pack with one rule, as TypeScript source. */
export function packSource(name: string, rule: string): string {
  return `import { definePack, defineRule, type Pack } from '@krait/core'

const rule = defineRule({
  name: '${rule}',
  meta: {
    type: 'problem',
    docs: { description: 'Disallow ${rule}', preset: 'recommended', severity: 'warn', since: '1.0.0' },
    messages: { bad: 'Bad.' },
    schema: [],
  },
  defaultOptions: [],
  create: () => ({}),
})

const pack: Pack = definePack({ name: '${name}', version: '1.0.0', url: import.meta.url, rules: [rule] })
export default pack
`
}
