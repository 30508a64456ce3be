import { readFileSync } from 'node:fs'
import { basename } from 'node:path'
import { fileURLToPath } from 'node:url'
import { RuleTestFailure } from '../failure.ts'

/** A Markdown page given as its text (anything with a line break), a file URL, or a path from the current folder. */
export function readMarkdown(markdown: string | URL): { title: string; text: string } {
  if (typeof markdown === 'string' && markdown.includes('\n')) {
    return { title: /^# +(.+?)\s*$/m.exec(markdown)?.[1] ?? 'Markdown project', text: markdown }
  }
  const path = typeof markdown === 'string' ? markdown : fileURLToPath(markdown)
  try {
    return { title: basename(path), text: readFileSync(path, 'utf8') }
  } catch (error) {
    throw new RuleTestFailure(`The Markdown page '${path}' can not be read: ${(error as Error).message}`)
  }
}
