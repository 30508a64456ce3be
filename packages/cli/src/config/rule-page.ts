import { existsSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { KnownRule } from './known-rules.ts'

/**
 * The page of a rule, Markdown: `docs/<rule>.md` in the folder of the pack's entry file or in the nearest folder above that has it, up to
 * the pack's `package.json`. `null` when there is none.
 */
export function readRulePage(rule: KnownRule): string | null {
  const url = rule.registered === null ? import.meta.url : rule.registered.pack.url
  if (url === undefined || !url.startsWith('file:')) return null
  const name = `${rule.id.slice(rule.id.indexOf('/') + 1)}.md`
  for (let folder = dirname(fileURLToPath(url)); ; folder = dirname(folder)) {
    const page = join(folder, 'docs', name)
    if (existsSync(page)) return readFileSync(page, 'utf8')
    if (existsSync(join(folder, 'package.json')) || dirname(folder) === folder) return null
  }
}
