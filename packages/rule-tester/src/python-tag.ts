/**
 * A template tag for Python code that is indented along with the test around it: takes away the indentation that all lines share, the first line
 * if it is empty, and the last one if it holds only white space. Escapes such as `\n` stay as written, as in Python source;
 * a backtick is written `` \` ``. Inserted values are put in unchanged.
 */
export function python(strings: TemplateStringsArray, ...values: readonly (string | number)[]): string {
  const parts = strings.raw.map((part) => part.replaceAll('\\`', '`').replaceAll('\\${', '${'))
  const indentation = sharedIndentation(parts)
  const shifted = parts.map((part, index) => {
    const dedented = indentation === 0 ? part : part.replace(new RegExp(`\\n[ \\t]{0,${indentation}}`, 'g'), '\n')
    return index === 0 ? dedented.replace(/^[ \t]*\n/, '') : dedented
  })
  const last = shifted.length - 1
  shifted[last] = shifted[last]!.replace(/(^|\n)[ \t]+$/, '$1')
  return shifted.map((part, index) => (index < values.length ? part + String(values[index]) : part)).join('')
}

function sharedIndentation(parts: readonly string[]): number {
  let shared = Infinity
  for (const [index, part] of parts.entries()) {
    for (const match of part.matchAll(/\n([ \t]*)(?=([^\s])|$)/g)) {
      const isLastLine = match[2] === undefined && index === parts.length - 1
      if (!isLastLine) shared = Math.min(shared, match[1]!.length)
    }
  }
  return shared === Infinity ? 0 : shared
}
