/**
 * Reads a table of classes with their bases, by qualified name:
 *
 * ```
 * @ requests
 * RequestException < builtins.OSError
 * ConnectionError Timeout < RequestException
 * ConnectTimeout < ConnectionError, Timeout
 * ```
 *
 * A line with `@` names the module of the classes below it. A base without a dot is of that module. The names before a `<` may take several lines.
 */
export function readClassTable(text: string): Readonly<Record<string, readonly string[]>> {
  const table: Record<string, readonly string[]> = {}
  let module = ''
  let names: string[] = []
  for (const line of text.split('\n')) {
    const [left = '', right] = line.split('<', 2)
    if (left.includes('@')) {
      module = wordsOf(left).join('')
      continue
    }
    names.push(...wordsOf(left))
    if (right === undefined) continue
    const bases = wordsOf(right).map((base) => (base.includes('.') ? base : `${module}.${base}`))
    for (const name of names) table[`${module}.${name}`] = bases
    names = []
  }
  return table
}

function wordsOf(text: string): string[] {
  return text.match(/[\w.]+/g) ?? []
}
