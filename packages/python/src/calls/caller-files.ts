import { defineIndex } from '@krait/core'
import type { FactDefinition, ProjectReader } from '@krait/core'
import { calledNamesFact } from '../facts/called-names.ts'
import { importsFact } from '../facts/imports-fact.ts'
import { lastPart } from '../shared/dotted-name.ts'
import { isTestFile } from '../shared/paths.ts'

type FilesByName = ReadonlyMap<string, readonly string[]>

/** The files that call something by a name, test code aside; sorted. */
export const callingFilesIndex = defineIndex<FilesByName, string, readonly string[]>({
  name: 'python/calling-files',
  version: 1,
  build: (reader) => filesByName(reader, calledNamesFact, (names) => names),
  ask: filesWith,
})

/** The files that import a name, or a module by its last part, test code aside; `*` for those that import all names of some module. Sorted. */
export const importingFilesIndex = defineIndex<FilesByName, string, readonly string[]>({
  name: 'python/importing-files',
  version: 1,
  build: (reader) => filesByName(reader, importsFact, (imports) => imports.map((fact) => fact.name ?? lastPart(fact.module))),
  ask: filesWith,
})

function filesByName<Value>(reader: ProjectReader, fact: FactDefinition<Value, never>, namesIn: (value: Value) => readonly string[]): FilesByName {
  const settings = reader.settings()
  const files = new Map<string, string[]>()
  for (const [path, value] of reader.facts(fact)) {
    if (isTestFile({ path, settings })) continue
    for (const name of new Set(namesIn(value))) {
      const known = files.get(name)
      if (known) known.push(path)
      else files.set(name, [path])
    }
  }
  return files
}

function filesWith(files: FilesByName, name: string): readonly string[] {
  return files.get(name) ?? []
}
