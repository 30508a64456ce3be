import { spawn, spawnSync } from 'node:child_process'
import { root } from './workspace.mjs'

/** Tells the user what happens now. Standard output stays free for reports. */
export function say(text) {
  process.stderr.write(`${text}\n`)
}

/**
 * Runs a program to its end and gives its exit code. Its standard output goes to standard error unless `stdout` says otherwise.
 * `cwd` defaults to the repository.
 */
export function run(command, args, { cwd = root, stdout = 2, shell = false } = {}) {
  const result = spawnSync(command, args, { cwd, shell, stdio: ['inherit', stdout, 'inherit'] })
  if (result.error) throw new Error(`'${command}' could not be started: ${result.error.message}`, { cause: result.error })
  // A program ended by a signal has no exit code; shells report it as a failure too.
  return result.status ?? 1
}

/** Runs a Node script of this repository or of its dependencies; see `run`. */
export function runNode(args, options) {
  return run(process.execPath, args, options)
}

/** Runs a Node script and gives its exit code with everything it printed. */
export function captureNode(args) {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, args, { cwd: root, stdio: ['ignore', 'pipe', 'pipe'] })
    const chunks = []
    child.stdout.on('data', (chunk) => chunks.push(chunk))
    child.stderr.on('data', (chunk) => chunks.push(chunk))
    child.on('error', reject)
    child.on('close', (code) => resolve({ code: code ?? 1, output: Buffer.concat(chunks).toString() }))
  })
}

/** Seconds since `start` (of `performance.now()`), as text: `3.2 s`. */
export function secondsSince(start) {
  return `${((performance.now() - start) / 1000).toFixed(1)} s`
}
