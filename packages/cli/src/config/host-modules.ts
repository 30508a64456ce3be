/**
 * krait's own modules, for code that stands where no `node_modules` has them. The import specifiers must be literal: bundlers and test
 * runners follow them, so that configs and packs get the very instances that the host runs.
 */
const hostModules: Readonly<Record<string, () => Promise<object>>> = {
  'krait': () => import('../index.ts'),
  '@krait/core': () => import('@krait/core'),
  '@krait/python': () => import('@krait/python'),
  '@krait/rule-tester': () => import('@krait/rule-tester'),
}

const loaded = new Map<string, object>()
const wanted = new Set<string>()

/**
 * The host's modules by import specifier, for jiti's `virtualModules`. jiti asks for them synchronously: one that is not loaded yet throws,
 * and is loaded by `loadWantedHostModules`, after which the caller imports again.
 */
export const virtualHostModules: Record<string, unknown> = Object.create(null) as Record<string, unknown>

for (const name of Object.keys(hostModules)) {
  Object.defineProperty(virtualHostModules, name, { enumerable: true, get: () => hostModule(name) })
}

/** Loads what was asked for in vain. Gives whether there was anything: importing again is worth it. */
export async function loadWantedHostModules(): Promise<boolean> {
  const names = [...wanted]
  wanted.clear()
  for (const name of names) loaded.set(name, await hostModules[name]!())
  return names.length > 0
}

function hostModule(name: string): object {
  const module = loaded.get(name)
  if (module !== undefined) return module
  wanted.add(name)
  throw new Error(`'${name}' is not loaded yet`)
}
