/**
 * The words of an identifier in lower case, split at underscores, digits' edges and changes of case: `parseHTTPBody_2` gives `parse`, `http`, `body`,
 * `2`.
 */
export function splitWords(identifier: string): string[] {
  return (identifier.match(/\p{Lu}+(?!\p{Ll})|\p{Lu}?\p{Ll}+|\p{N}+|\p{Lo}+/gu) ?? []).map((word) => word.toLowerCase())
}

/** Whether some run of words of the identifier reads like one of the phrases (`api key`, `token`); phrases in lower case, words apart by a blank. */
export function hasWords(identifier: string, phrases: Iterable<string>): boolean {
  const text = ` ${splitWords(identifier).join(' ')} `
  for (const phrase of phrases) if (text.includes(` ${phrase} `)) return true
  return false
}
