import type { Io } from '../../src/io.ts'

/** An Io that keeps what a command writes. */
export function fakeIo(cwd: string): { io: Io; out: () => string; err: () => string } {
  const written = { out: '', err: '' }
  const io: Io = {
    cwd,
    stdout: { write: (text) => { written.out += text } },
    stderr: { write: (text) => { written.err += text } },
    color: false,
    readStdin: () => Promise.resolve(new Uint8Array()),
  }
  return { io, out: () => written.out, err: () => written.err }
}
