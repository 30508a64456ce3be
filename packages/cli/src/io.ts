/** Somewhere to write: a terminal, a pipe, or a test's memory. */
export interface Output {
  write(text: string | Uint8Array): unknown
  readonly isTTY?: boolean | undefined
  /** The width of the terminal. */
  readonly columns?: number | undefined
}

/** What a command touches beside files: a test passes its own. */
export interface Io {
  /** The absolute current folder. */
  readonly cwd: string
  /** Takes the report and nothing else. */
  readonly stdout: Output
  readonly stderr: Output
  /** Whether standard output takes terminal escape codes. */
  readonly color: boolean
  /** All bytes of standard input. */
  readStdin(): Promise<Uint8Array>
}

/** The user asked for something that can not be done: one line on standard error, exit code 2. */
export class UsageError extends Error {
  override readonly name = 'UsageError'
}
