import { spawn } from 'node:child_process'
import { environmentFor, type GitPlace } from './git-place.ts'

/** Git can not be started, or ended with an error. */
export class GitError extends Error {
  override readonly name = 'GitError'

  constructor(
    /** The system's code if git did not start: `ENOENT` where there is none. */
    readonly startError: string | undefined,
    /** What git wrote before it failed. */
    readonly stdout: string,
    readonly stderr: string,
  ) {
    super(startError === undefined ? stderr.trim() : `git can not be started (${startError})`)
  }
}

/** Runs git and gives what it writes. @throws {GitError} */
export function runGit(place: GitPlace, args: readonly string[], input = ''): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const child = spawn('git', args, { cwd: place.folder, env: environmentFor(place), windowsHide: true })
    const stdout: Buffer[] = []
    const stderr: Buffer[] = []
    child.stdout.on('data', (chunk: Buffer) => stdout.push(chunk))
    child.stderr.on('data', (chunk: Buffer) => stderr.push(chunk))
    child.on('error', (error: NodeJS.ErrnoException) => reject(new GitError(error.code ?? error.message, '', '')))
    child.on('close', (code) => {
      if (code === 0) resolve(Buffer.concat(stdout))
      else reject(new GitError(undefined, String(Buffer.concat(stdout)), String(Buffer.concat(stderr))))
    })
    // Git may fail before it reads: that it failed is told by its exit code.
    child.stdin.on('error', () => undefined)
    child.stdin.end(input)
  })
}
