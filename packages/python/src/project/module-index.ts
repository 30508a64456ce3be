import { defineIndex } from '@krait/core'
import { Modules } from './modules.ts'

/** The files that have a module name, wherever in the project they lie; sorted. */
export const modulePathsIndex = defineIndex<ReadonlyMap<string, readonly string[]>, string, readonly string[]>({
  name: 'python/module-paths',
  version: 1,
  build(reader) {
    const modules = Modules.of(reader, reader.settings())
    const paths = new Map<string, string[]>()
    for (const path of reader.files()) {
      if (!/\.pyi?$/.test(path)) continue
      const name = modules.nameOf(path)
      const known = paths.get(name)
      if (known) known.push(path)
      else paths.set(name, [path])
    }
    return paths
  },
  ask: (paths, name) => paths.get(name) ?? [],
})

/** Whether the name of some module of the project begins with this part. */
export const moduleTopIndex = defineIndex<ReadonlySet<string>, string, boolean>({
  name: 'python/module-tops',
  version: 1,
  build(reader) {
    const modules = Modules.of(reader, reader.settings())
    return new Set(reader.files().filter((path) => /\.pyi?$/.test(path)).map((path) => modules.nameOf(path).split('.')[0]!))
  },
  ask: (tops, first) => tops.has(first),
})
