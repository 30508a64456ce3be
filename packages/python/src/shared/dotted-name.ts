/** The part behind the last dot: `text` of `sqlalchemy.text`. */
export function lastPart(name: string): string {
  return name.slice(name.lastIndexOf('.') + 1)
}

/** All but the last part, empty if there is only one. */
export function withoutLastPart(name: string): string {
  const dot = name.lastIndexOf('.')
  return dot < 0 ? '' : name.slice(0, dot)
}

/** Whether a name is this name or lies below it: `app.models.User` is inside `app.models`. */
export function isInside(name: string, outer: string): boolean {
  return name === outer || name.startsWith(`${outer}.`)
}

/** Whether a name matches an entry of a setting: a dotted name matches itself, a bare name the last part. */
export function matchesEntry(name: string, entry: string): boolean {
  return name === entry || (!entry.includes('.') && lastPart(name) === entry)
}
