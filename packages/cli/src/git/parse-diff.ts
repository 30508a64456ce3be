import { allLines, type ChangedFile, type LineRange } from '@krait/core'

/** A file that differs between the two sides of a diff. Paths are relative to the top of the work tree, with `/`. */
export interface DiffEntry extends ChangedFile {
  /** The id of the content on the old side; `null` if the file is new. */
  readonly oldId: string | null
}

/**
 * Every option that a user's configuration could set to something else is given, and so is every option of which git's versions have
 * another default. Submodules belong to other repositories. With `autoRefreshIndex`, git would lock and write the index.
 */
export const diffArguments: readonly string[] = [
  '-c', 'diff.relative=false', '-c', 'diff.autoRefreshIndex=false',
  'diff', '--raw', '--patch', '-z', '--no-abbrev',
  '--unified=0', '--inter-hunk-context=0', '--diff-algorithm=histogram', '--indent-heuristic',
  '--find-renames=50%', '-l1000', '--ignore-submodules=all',
  '--src-prefix=a/', '--dst-prefix=b/', '--no-color', '--no-ext-diff', '--no-textconv',
]

/** Reads what `git diff` writes for `diffArguments`: records that end in NUL bytes, an empty one, then patches. */
export function parseDiff(output: Buffer): DiffEntry[] {
  const { records, end } = readRecords(output)
  const contents = readPatches(output.subarray(end + 1))
  return records.filter((record) => isChanged(record, contents)).map((record) => toEntry(record, contents.get(record.path)))
}

/** One line of the raw format (git-diff(1), "Raw output format"). */
interface RawRecord {
  readonly status: string
  readonly path: string
  readonly oldPath: string | undefined
  readonly oldMode: string
  readonly newMode: string
  readonly oldId: string
}

/** What a patch says of a file's new side. */
interface ContentChange {
  readonly lines: LineRange[]
  readonly deletions: number[]
  isBinary: boolean
}

const COLON = 58
const LINE_FEED = 10
const BACKSLASH = 92
const NO_FILE = '000000'
const SYMBOLIC_LINK = '120000'
const STATUSES: Readonly<Record<string, ChangedFile['status']>> = { A: 'added', M: 'modified', T: 'modified', D: 'deleted', R: 'renamed' }

function readRecords(output: Buffer): { records: RawRecord[]; end: number } {
  const records: RawRecord[] = []
  let end = 0
  while (output[end] === COLON) {
    const [oldMode = '', newMode = '', oldId = '', , change = ''] = next().slice(1).split(' ')
    const status = change[0]!
    const first = next()
    const second = status === 'R' ? next() : undefined
    // An unmerged file has a record of its own kind beside the usual one.
    if (STATUSES[status]) records.push({ status, path: second ?? first, oldPath: second === undefined ? undefined : first, oldMode, newMode, oldId })
  }
  return { records, end }

  function next(): string {
    const start = end
    end = output.indexOf(0, start) + 1
    return output.toString('utf8', start, end - 1)
  }
}

/** Without a fresh index, git also lists files that were written anew with the content they had. */
function isChanged({ status, path, oldMode, newMode }: RawRecord, contents: ReadonlyMap<string, ContentChange>): boolean {
  return status !== 'M' || oldMode !== newMode || contents.has(path)
}

function toEntry({ status, path, oldPath, oldMode, newMode, oldId }: RawRecord, content: ContentChange | undefined): DiffEntry {
  const entry = {
    path,
    status: STATUSES[status]!,
    ...(oldPath !== undefined && { oldPath }),
    oldId: oldMode === NO_FILE ? null : oldId,
    deletions: content?.deletions ?? [],
  }
  if (status === 'D') return { ...entry, lines: [], deletions: [] }
  // A patch shows the path in a link, not the lines that are read through it; and no lines at all of what git takes for binary.
  const isNewThroughout = status === 'A' || status === 'T' || content?.isBinary || (content && newMode === SYMBOLIC_LINK)
  return isNewThroughout ? { ...entry, lines: allLines, deletions: [] } : { ...entry, lines: content?.lines ?? [] }
}

function readPatches(patches: Buffer): Map<string, ContentChange> {
  const contents = new Map<string, ContentChange>()
  let position = 0
  let path: string | null = null
  while (position < patches.length) {
    const line = nextLine()
    if (line.startsWith('diff --git ')) path = pathOfHeader(line)
    else if (line.startsWith('rename to ')) path = readName(line.slice('rename to '.length))
    else if (line.startsWith('+++ ')) path = pathOfSide(line.slice('+++ '.length))
    else if (line.startsWith('Binary files ')) contentOf(path).isBinary = true
    else if (line.startsWith('@@ ')) addHunk(line)
  }
  return contents

  function addHunk(line: string): void {
    const [, removed = '1', start, added = '1'] = /^@@ -\d+(?:,(\d+))? \+(\d+)(?:,(\d+))? @@/.exec(line)!
    const { lines, deletions } = contentOf(path)
    if (added === '0') deletions.push(Math.max(1, Number(start)))
    else lines.push([Number(start), Number(start) + Number(added) - 1])
    skipBody(Number(removed) + Number(added))
  }

  /** The lines of a hunk are passed over by their number: their text could look like anything. */
  function skipBody(lines: number): void {
    for (let left = lines; left > 0; ) {
      // "\ No newline at end of file" is none of them.
      if (patches[position] !== BACKSLASH) left--
      position = endOfLine() + 1
    }
  }

  function nextLine(): string {
    const start = position
    position = endOfLine() + 1
    return patches.toString('latin1', start, position - 1)
  }

  function endOfLine(): number {
    const end = patches.indexOf(LINE_FEED, position)
    return end === -1 ? patches.length : end
  }

  function contentOf(name: string | null): ContentChange {
    const key = name ?? ''
    const known = contents.get(key)
    if (known) return known
    const content: ContentChange = { lines: [], deletions: [], isBinary: false }
    contents.set(key, content)
    return content
  }
}

/** The path in `diff --git a/PATH b/PATH`: where the two differ, a line with the new one follows. */
function pathOfHeader(line: string): string | null {
  const names = line.slice('diff --git '.length)
  return pathOfSide(names.slice((names.length + 1) / 2))
}

/** The path in `b/PATH`; `null` where the file is gone. Git puts a tab behind a path with spaces. */
function pathOfSide(side: string): string | null {
  const name = readName(side.replace(/\t$/, ''))
  return name === '/dev/null' ? null : name.slice('b/'.length)
}

const ESCAPES: Readonly<Record<string, string>> = { a: '\x07', b: '\b', t: '\t', n: '\n', v: '\v', f: '\f', r: '\r' }

/** Takes away the quotes and escapes that git puts around odd names, byte by byte (quote_c_style in git's quote.c). */
function readName(name: string): string {
  const bytes = name.startsWith('"')
    ? name.slice(1, -1).replace(/\\(?:([0-7]{3})|(.))/gs, (_, octal: string | undefined, letter: string) =>
        octal === undefined ? (ESCAPES[letter] ?? letter) : String.fromCharCode(parseInt(octal, 8)))
    : name
  return Buffer.from(bytes, 'latin1').toString('utf8')
}
