import { matchesEntry } from './dotted-name.ts'
import { globToRegExp } from './glob.ts'

const patterns = new Map<string, RegExp>()

/** Whether a qualified name is meant by an entry of an option or setting: a qualified name, a bare last name, or a glob over the qualified name. */
export function matchesName(name: string, entry: string): boolean {
  if (!/[*?[{]/.test(entry)) return matchesEntry(name, entry)
  let pattern = patterns.get(entry)
  if (!pattern) patterns.set(entry, (pattern = globToRegExp(entry)))
  return pattern.test(name)
}
