import { spawnSync } from 'node:child_process'
import { accessSync, constants } from 'node:fs'
import { delimiter, join } from 'node:path'

/**
 * Runs a command to its end and gives its times in seconds: `wall`, and `cpu` of all its threads and children as the shell counts them.
 * @throws Error if the command can not be run or ends with a code that means a failure of the tool itself (2 and above)
 */
export function timeCommand(command, cwd) {
  const started = performance.now()
  const script = 'TIMEFORMAT="%U %S"; { time "$@" 2>&3; } 3>&2 2>&4'
  const child = spawnSync('bash', ['-c', script, 'bash', ...command], { cwd, encoding: 'utf8', stdio: ['ignore', 'ignore', 'pipe', 'ignore', 'pipe'], maxBuffer: 1 << 30 })
  const wall = (performance.now() - started) / 1000
  if (child.error) throw child.error
  if (child.status === null || child.status >= 2) throw new Error(`'${command.join(' ')}' ended with ${child.status ?? child.signal}: ${child.stderr.slice(-500)}`)
  const [user, system] = child.output[4].trim().split(/\s+/).slice(-2).map(Number)
  return { wall, cpu: user + system, stderr: child.stderr }
}

/** The path of a program, or `null` if it is not installed. */
export function findProgram(name) {
  for (const folder of (process.env.PATH ?? '').split(delimiter)) {
    const path = join(folder, name)
    try {
      accessSync(path, constants.X_OK)
      return path
    } catch {
      continue
    }
  }
  return null
}
