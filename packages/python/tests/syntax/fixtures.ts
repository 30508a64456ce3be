import { readFileSync } from 'node:fs'

const names = ['statements.py', 'expressions.py', 'definitions.py', 'matching.py', 'odd.py', 'broken.py'] as const

/** Python files that together use the whole grammar, by name; `broken.py` has syntax errors. */
export const fixtures: readonly (readonly [name: string, text: string])[] = names.map((name) => [name, fixture(name)])

export function fixture(name: (typeof names)[number]): string {
  return readFileSync(new URL(`../fixtures/${name}`, import.meta.url), 'utf8')
}
