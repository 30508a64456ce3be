import type { Finding, SuppressedFinding } from '@krait/core'
import type { FileVersion } from '../read/file-version.ts'

/** What is kept of a project. Its findings are at hand at once; facts and reads stand in segments, which are read when something has changed. */
export interface StoredState {
  /** Digest of all code that had a part in this: see `code-digest.ts`. Nothing here counts for other code. */
  readonly code: string
  /** Digest of what rules can read beside files: settings, changes. */
  readonly context: string
  /** All files of the project, sorted by path. */
  readonly files: readonly StoredFile[]
  /** Digests of resolved configs. */
  readonly configs: readonly string[]
  readonly results: readonly StoredResult[]
  /** Names of segments. Of two facts for one content, that of the later segment counts. */
  readonly facts: readonly string[]
  readonly reads: readonly string[]
  readonly renewals: readonly Renewal[]
}

/**
 * An answer that an index has given again after a change, although it had read something else by then. Whoever rests on the old read may as well rest on
 * the new one, which stands in a later segment: so nothing that was stored before has to be written again.
 */
export type Renewal = readonly [...old: ReadPlace, ...by: ReadPlace]

/** The segment by its place in `StoredState.reads`, the read by its place in the table of the segment. */
export type ReadPlace = readonly [segment: number, read: number]

/** Without a version if nobody has read the file; without a stamp if it was too new to be known again by it. */
export type StoredFile = readonly [path: string, version?: FileVersion | undefined]

/** What linting a file gave. */
export interface StoredResult {
  readonly path: string
  /** Place in `configs`. */
  readonly config: number
  /** Whether its reads hold in the project as `files` and `context` say it is. */
  readonly isCurrent: boolean
  /** Where its reads stand; `null` if it read nothing. */
  readonly reads: ReadsPlace | null
  readonly findings: readonly Finding[]
  readonly suppressed: readonly SuppressedFinding[]
  /** These two as they stand in the state that they come from, if they do: most results go from one state to the next as they are. */
  readonly text?: string | undefined
}

export interface ReadsPlace {
  /** Place in `StoredState.reads`. */
  readonly segment: number
  readonly offset: number
  readonly count: number
}

/**
 * A state is a line of JSON, in rows (with several thousand files, names of properties would be most of it), and then a line for each result with what
 * was found; an empty one if that is nothing.
 */
interface StateHead extends Pick<StoredState, 'code' | 'context' | 'configs' | 'facts' | 'reads' | 'renewals'> {
  readonly files: readonly FileRow[]
  readonly results: readonly ResultRow[]
}

type FileRow = readonly [path: string, identity?: string, size?: number, modified?: number, changed?: number, inode?: number]

type ResultRow = readonly [file: number, config: number, isCurrent: 0 | 1, segment: number, offset: number, count: number]

type FoundRow = readonly [findings: readonly Finding[], suppressed?: readonly SuppressedFinding[]]

const NOWHERE = -1

export function formatState(state: StoredState): string {
  const { code, context, configs, facts, reads, renewals } = state
  const numbers = new Map(state.files.map(([path], number) => [path, number]))
  const head: StateHead = {
    code,
    context,
    configs,
    facts,
    reads,
    renewals,
    files: state.files.map(([path, version]): FileRow => (version ? [path, version.identity, ...(version.stamp ?? [])] : [path])),
    results: state.results.map((result) => rowOf(result, numbers.get(result.path)!)),
  }
  return [JSON.stringify(head), ...state.results.map((result) => result.text ?? textOf(result))].join('\n')
}

export function parseState(text: string): StoredState {
  const [head, ...found] = text.split('\n')
  const { files, results, ...rest } = JSON.parse(head!) as StateHead
  return {
    ...rest,
    files: files.map(fileFrom),
    results: results.map(([file, config, isCurrent, segment, offset, count], i) => {
      const text = found[i]!
      const [findings, suppressed = []] = text === '' ? NOTHING : (JSON.parse(text) as FoundRow)
      return {
        path: files[file]![0],
        config,
        isCurrent: isCurrent === 1,
        reads: segment === NOWHERE ? null : { segment, offset, count },
        findings,
        suppressed,
        text,
      }
    }),
  }
}

const NOTHING: FoundRow = [[]]

function fileFrom(row: FileRow): StoredFile {
  const [path, identity, size, modified, changed, inode] = row
  if (identity === undefined) return [path]
  return [path, { identity, stamp: size === undefined ? null : [size, modified!, changed!, inode!] }]
}

function rowOf({ config, isCurrent, reads }: StoredResult, file: number): ResultRow {
  const { segment, offset, count } = reads ?? { segment: NOWHERE, offset: 0, count: 0 }
  return [file, config, isCurrent ? 1 : 0, segment, offset, count]
}

function textOf({ findings, suppressed }: StoredResult): string {
  const row: FoundRow = suppressed.length > 0 ? [findings, suppressed] : [findings]
  return findings.length + suppressed.length > 0 ? JSON.stringify(row) : ''
}
