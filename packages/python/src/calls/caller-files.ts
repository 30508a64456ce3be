import { defineIndex } from '@krait/core'
import { calledNamesFact } from '../facts/called-names.ts'
import { moduleFact } from '../facts/module-fact.ts'
import { lastPart } from '../shared/dotted-name.ts'
import { isTestFile } from '../shared/paths.ts'

type FilesByName = ReadonlyMap<string, readonly string[]>

/** The files that call something by a name, test code aside; sorted. */
export const callingFilesIndex = defineIndex<FilesByName, string, readonly string[]>({
  name: 'python/calling-files',
  version: 1,
  build(reader) {
    const settings = reader.settings()
    const found = new Map<string, string[]>()
    for (const [path, names] of reader.facts(calledNamesFact)) {
      if (!isTestFile({ path, settings })) for (const name of names) add(found, name, path)
    }
    return found
  },
  ask: (files, name) => files.get(name) ?? [],
})

/** The files that import a name, or a module by its last part, test code aside; `*` for those that import all names of some module. Sorted. */
export const importingFilesIndex = defineIndex<FilesByName, string, readonly string[]>({
  name: 'python/importing-files',
  version: 1,
  build(reader) {
    const settings = reader.settings()
    const found = new Map<string, string[]>()
    for (const [path, { imports }] of reader.facts(moduleFact)) {
      if (isTestFile({ path, settings })) continue
      for (const name of new Set(imports.map((fact) => fact.name ?? lastPart(fact.module)))) add(found, name, path)
    }
    return found
  },
  ask: (files, name) => files.get(name) ?? [],
})

function add(files: Map<string, string[]>, name: string, path: string): void {
  const list = files.get(name)
  if (list) list.push(path)
  else files.set(name, [path])
}
