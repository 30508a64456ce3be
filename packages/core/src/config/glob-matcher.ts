/** Tells whether a path, relative to the globs' folder and with `/`, is meant by a list of globs. */
export type PathMatcher = (path: string) => boolean

/**
 * Compiles micromatch globs once. `**` also stands for no folder at all; a plain folder name (`tests`, `dir/`) means all that is below;
 * names that begin with a dot are matched too. A glob that begins with `!` takes back what an earlier one matched.
 * micromatch is loaded on the first call.
 */
export async function compileGlobs(globs: readonly string[]): Promise<PathMatcher> {
  if (globs.length === 0) return () => false
  const { default: micromatch } = await import('micromatch')
  const steps = globs.map((glob) => {
    const negated = glob.startsWith('!')
    const matchers = spellings(negated ? glob.slice(1) : glob).map((pattern) => micromatch.matcher(pattern, { dot: true }))
    return { negated, matches: (path: string) => matchers.some((matches) => matches(path)) }
  })
  return (path) => {
    let matched = false
    for (const step of steps) {
      if (matched === step.negated && step.matches(path)) matched = !step.negated
    }
    return matched
  }
}

function spellings(glob: string): string[] {
  const pattern = glob.replace(/^(\.?\/)+/, '')
  if (pattern.endsWith('/')) return [`${pattern}**`]
  const lastSegment = pattern.slice(pattern.lastIndexOf('/') + 1)
  const isPlainName = !/[*?[\]{}()!+@|]/.test(lastSegment)
  return isPlainName ? [pattern, `${pattern}/**`] : [pattern]
}
