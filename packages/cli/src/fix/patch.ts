import { structuredPatch } from 'diff'
import { relativePath } from '../discover/relative-path.ts'
import type { FixedText } from './apply-fixes.ts'

/**
 * A unified patch that `git apply` takes in the folder `root` (git-apply(1): without a `diff --git` line, paths are relative to the current
 * folder). Line breaks are kept as they are; a missing one at the end is marked.
 */
export function createPatch(texts: readonly FixedText[], root: string): string {
  return texts.map((text) => patchOf(text, relativePath(root, text.path))).join('')
}

function patchOf({ before, after }: FixedText, path: string): string {
  const { hunks } = structuredPatch(path, path, before, after, undefined, undefined, { context: 3 })
  const lines = [`--- ${header('a/', path)}`, `+++ ${header('b/', path)}`]
  for (const { oldStart, oldLines, newStart, newLines, lines: body } of hunks) {
    lines.push(`@@ -${span(oldStart, oldLines)} +${span(newStart, newLines)} @@`, ...body)
  }
  return lines.join('\n') + '\n'
}

/** An empty side starts at the line before it. */
function span(start: number, count: number): string {
  return count === 0 ? `${start - 1},0` : `${start},${count}`
}

/** A name with a character that would end it early is quoted like a C string; one with a space ends in a tab, as git writes it. */
function header(side: string, path: string): string {
  const name = side + path
  if (/["\\\p{Cc}]/u.test(name)) return `"${name.replace(/["\\\p{Cc}]/gu, escape)}"`
  return name.includes(' ') ? `${name}\t` : name
}

function escape(character: string): string {
  if (character === '"' || character === '\\') return `\\${character}`
  return [...new TextEncoder().encode(character)].map((byte) => `\\${byte.toString(8).padStart(3, '0')}`).join('')
}
