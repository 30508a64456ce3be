import { Console } from 'node:console'
import type { Io } from './io.ts'
import { tuneV8 } from './tune-v8.ts'
import { readVersion } from './version.ts'

// What a rule, a pack or a config prints must not get into the report.
globalThis.console = new Console(process.stderr)

tuneV8()

// The reader of a pipe may leave early, as `head` does: that is no failure.
for (const stream of [process.stdout, process.stderr]) {
  stream.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error
  })
}

const io: Io = {
  cwd: process.cwd(),
  stdout: process.stdout,
  stderr: process.stderr,
  color: wantsColor(process.env, process.stdout.isTTY),
  readStdin,
}
const runtime = { workerUrl: new URL('./worker.js', import.meta.url) }

process.exitCode = await main(process.argv.slice(2))

async function main(args: readonly string[]): Promise<number> {
  // Tools ask for the version again and again: that takes no command line parser.
  if (args.length === 1 && (args[0] === '--version' || args[0] === '-v')) {
    io.stdout.write(`${readVersion()}\n`)
    return 0
  }
  const { runProgram } = await import('./program.ts')
  return runProgram(args, io, runtime)
}

/** See no-color.org and force-color.org. */
function wantsColor({ NO_COLOR, FORCE_COLOR }: NodeJS.ProcessEnv, isTerminal: boolean): boolean {
  if (NO_COLOR !== undefined && NO_COLOR !== '') return false
  if (FORCE_COLOR !== undefined && FORCE_COLOR !== '') return FORCE_COLOR !== '0' && FORCE_COLOR !== 'false'
  return isTerminal
}

async function readStdin(): Promise<Uint8Array> {
  const chunks: Buffer[] = []
  for await (const chunk of process.stdin) chunks.push(chunk as Buffer)
  return Buffer.concat(chunks)
}
