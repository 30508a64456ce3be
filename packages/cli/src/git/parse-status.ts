/** What `git status` tells of the index and the work tree. Paths are relative to the top of the work tree, with `/`. */
export interface WorkTreeStatus {
  /** The id of HEAD; `null` before the first commit. */
  readonly head: string | null
  /** Files on disk that are neither in the index nor ignored, and those of which the index holds the name only (`git add --intent-to-add`). */
  readonly untracked: readonly string[]
  /** Files whose content on disk is not the one in the index. */
  readonly unstaged: readonly UnstagedFile[]
}

export interface UnstagedFile {
  readonly path: string
  /** The id of the content in the index. */
  readonly id: string
  readonly isOnDisk: boolean
}

export const statusArguments: readonly string[] = [
  '-c', 'status.renames=false', '-c', 'diff.renames=false', '-c', 'status.aheadBehind=false',
  'status', '--porcelain=v2', '--branch', '-z', '--untracked-files=all', '--ignore-submodules=all',
]

/** Reads what `git status` writes for `statusArguments` (git-status(1), "Porcelain Format Version 2"). Folders that are repositories of their own are passed over. */
export function parseStatus(output: Buffer): WorkTreeStatus {
  let head: string | null = null
  const untracked: string[] = []
  const unstaged: UnstagedFile[] = []
  for (const record of output.toString('utf8').split('\0')) {
    if (record.startsWith('# branch.oid ')) head = readHead(record.slice('# branch.oid '.length))
    else if (record.startsWith('? ') && !record.endsWith('/')) untracked.push(record.slice(2))
    else if (record.startsWith('1 ')) addChanged(record)
  }
  return { head, untracked, unstaged }

  function addChanged(record: string): void {
    const [, states, , , indexMode, , , id, ...name] = record.split(' ')
    const path = name.join(' ')
    const state = states![1]!
    if (state === 'A') untracked.push(path)
    else if (state !== '.' && isRegularFile(indexMode!)) unstaged.push({ path, id: id!, isOnDisk: state !== 'D' })
  }
}

function readHead(text: string): string | null {
  return text === '(initial)' ? null : text
}

/** Of a link, the index holds the path it leads to: what is linted stands elsewhere. */
function isRegularFile(mode: string): boolean {
  return mode.startsWith('100')
}
