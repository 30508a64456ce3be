/**
 * A qualified name as one file alone can know it: without its own path, so that it can stand in a fact. The project makes it absolute.
 *
 * | form | meaning |
 * |---|---|
 * | `sqlalchemy.text` | absolute, as imported; re-exports not yet followed |
 * | `builtins.len` | a builtin that nothing in the file shadows |
 * | `:User.id` | a name of this very module |
 * | `.models.User`, `..core` | relative to this file's package, as in Python's `from .. import` |
 * | `*.text.x` | a name that nothing in the file binds, while it has star imports: one of those, or a builtin |
 */
export type RelativeName = string

/** Appends an attribute to a name; also to the bare `:` and to dots alone. */
export function appendName(name: RelativeName, attribute: string): RelativeName {
  const last = name.charCodeAt(name.length - 1)
  return last === DOT || last === COLON ? name + attribute : `${name}.${attribute}`
}

const DOT = 46
const COLON = 58
const STAR = 42

/** Whether a name means something only together with the file that it stands in. */
export function isRelative(name: RelativeName): boolean {
  const first = name.charCodeAt(0)
  return first === DOT || first === COLON || first === STAR
}

/** The number of leading dots of a relative name, and what follows them. */
export function splitRelative(name: RelativeName): { readonly level: number; readonly rest: string } {
  let level = 0
  while (name.charCodeAt(level) === DOT) level++
  return { level, rest: name.slice(level) }
}
