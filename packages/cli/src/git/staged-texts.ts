import { decodeSource } from '../read/decode.ts'
import { tooLarge } from '../read/read-source.ts'
import type { OverlayText } from '../run/overlay.ts'
import type { GitPlace } from './git-place.ts'
import { runGit } from './run-git.ts'

/** Reads contents by their ids, with one process. */
export async function readStagedTexts(place: GitPlace, ids: readonly string[]): Promise<OverlayText[]> {
  if (ids.length === 0) return []
  const output = await runGit(place, ['cat-file', '--batch'], ids.map((id) => `${id}\n`).join(''))
  let position = 0
  return ids.map(() => {
    const headerEnd = output.indexOf('\n', position)
    const [, type, size] = output.toString('latin1', position, headerEnd).split(' ')
    position = headerEnd + 1
    if (type !== 'blob') return { reason: 'its staged content is missing in the git repository' }
    const bytes = output.subarray(position, position + Number(size))
    position += bytes.length + 1
    return decodeStaged(bytes)
  })
}

function decodeStaged(bytes: Buffer): OverlayText {
  const reason = tooLarge(bytes.length)
  if (reason !== undefined) return { reason }
  const decoded = decodeSource(bytes)
  return 'reason' in decoded ? decoded : { text: decoded.text }
}
