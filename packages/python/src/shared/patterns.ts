/**
 * The regular expression of an option, with the `u` flag. Leading flags in Python's form are understood: `(?i)` for any case.
 * @throws Error that names the pattern, if it is none
 */
export function optionPattern(pattern: string): RegExp {
  const inline = /^\(\?([ims]+)\)/.exec(pattern)
  const source = inline ? pattern.slice(inline[0].length) : pattern
  const flags = inline ? [...new Set(inline[1])].join('') : ''
  try {
    return new RegExp(source, `u${flags}`)
  } catch (error) {
    throw new Error(`The option '${pattern}' is no regular expression: ${(error as Error).message}`, { cause: error })
  }
}
