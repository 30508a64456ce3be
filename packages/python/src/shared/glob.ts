/**
 * Tells whether a path with `/` matches a glob: `**` any folders (also none), `*` and `?` inside one name, `[ab]`, `{a,b}`. Names that begin with a dot
 * are matched like others.
 *
 * Rules ask for path groups while they are made, so that this must not wait for, and not cost as much as, loading micromatch.
 */
export function globToRegExp(glob: string): RegExp {
  let source = ''
  let depth = 0
  for (let i = 0; i < glob.length; i++) {
    const char = glob[i]!
    if (char === '*') {
      const isDeep = glob[i + 1] === '*'
      if (isDeep && glob[i + 2] === '/') {
        source += '(?:[^/]+/)*'
        i += 2
      } else if (isDeep) {
        source += '.*'
        i++
      } else source += '[^/]*'
    } else if (char === '?') source += '[^/]'
    else if (char === '{') {
      depth++
      source += '(?:'
    } else if (char === '}' && depth > 0) {
      depth--
      source += ')'
    } else if (char === ',' && depth > 0) source += '|'
    else if (char === '[' && glob.indexOf(']', i + 1) > 0) {
      const end = glob.indexOf(']', i + 1)
      source += `[${glob.slice(i + 1, end).replace(/^!/, '^').replaceAll('\\', '\\\\')}]`
      i = end
    } else source += char.replace(/[\\^$.|+()[\]{}]/, '\\$&')
  }
  return new RegExp(`^${source}${')'.repeat(depth)}$`, 'u')
}
