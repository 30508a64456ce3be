import { defineFact, defineIndex, PackedReads, packReads, Project, type AnyIndex, type ProjectOptions, type ProjectReader, type ReadTable } from '@krait/core'
import { toyLanguage } from '../host/toy.ts'

/** The functions of a file, and whether it says `broken`: then the collector throws. */
export const namesFact = defineFact<readonly string[]>({
  name: 'toy/names',
  version: 1,
  collect({ sourceCode }) {
    if (sourceCode.text.includes('broken')) throw new Error('can not collect')
    return [...sourceCode.text.matchAll(/^def (\w+)/gm)].map((match) => match[1]!)
  },
})

/** The file that defines a function, by the function's name; the first one if there are several. */
export const ownersIndex = defineIndex<ReadonlyMap<string, string>, string, string | undefined>({
  name: 'toy/owners',
  version: 1,
  build(reader) {
    const owners = new Map<string, string>()
    for (const [path, names] of reader.facts(namesFact)) for (const name of names) if (!owners.has(name)) owners.set(name, path)
    return owners
  },
  ask: (owners, name) => owners.get(name),
})

export type Texts = Readonly<Record<string, string>>

export function openProject(texts: Texts, options: Partial<ProjectOptions> = {}, indexes: readonly AnyIndex[] = [ownersIndex]): Project {
  const language = { ...toyLanguage, facts: [namesFact], indexes }
  return new Project({ files: Object.keys(texts), languages: [language], read: (path) => texts[path], logsReads: true, ...options })
}

/** What a check has left: its log, and what the numbers in it mean. */
export interface Trace {
  readonly places: readonly number[]
  readonly table: ReadTable
}

/** Runs a check, and keeps what it read as a cache does. */
export function trace(project: Project, check: (reader: ProjectReader) => void): Trace {
  const log = project.openLog()!
  check(project.reader(log))
  return JSON.parse(JSON.stringify({ places: project.numbersOf(log), table: project.readTable() })) as Trace
}

export function packed(table: ReadTable): PackedReads {
  return new PackedReads(packReads(table))
}

/** @param earlier the table of the run before, from which answers were taken over */
export function holds({ places, table }: Trace, project: Project, earlier?: ReadTable): boolean {
  const before = earlier && project.checker(packed(earlier))
  return project.checker(packed(table), before && { buildHolds: (number, build) => number === 0 && before.buildHolds(build) }).allHold(places)
}

/** Whether what a check reads in one project would be the same in another. */
export function staysSame(before: Texts, after: Texts, check: (reader: ProjectReader) => void): boolean {
  return holds(trace(openProject(before), check), openProject(after))
}
