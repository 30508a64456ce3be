import { relative } from 'node:path'
import type { ConfigProblem } from '@krait/core'

/** A config that cannot be used: nothing is linted, the exit code is 2. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError'
  /** The absolute path of the config file; `null` when the command line is wrong. */
  readonly file: string | null
  readonly problems: readonly ConfigProblem[]

  constructor(file: string | null, problems: readonly ConfigProblem[], options?: ErrorOptions) {
    super(problems.map((problem) => describeProblem(file, problem)).join('\n'), options)
    this.file = file
    this.problems = problems
  }
}

/** A ConfigError with one problem. */
export function configError(file: string | null, place: string, message: string, cause?: unknown): ConfigError {
  return new ConfigError(file, [{ place, message }], cause === undefined ? {} : { cause })
}

/** One line per problem, `krait: <file>: <place>: <message>`, each with its line end; paths relative to the current folder where that is shorter. */
export function formatConfigError(error: ConfigError, cwd: string): string {
  const file = error.file === null ? null : shownPath(error.file, cwd)
  return error.problems.map((problem) => `krait: ${describeProblem(file, problem)}\n`).join('')
}

/** A path as messages show it: relative to the current folder when it lies below it. */
export function shownPath(path: string, cwd: string): string {
  const short = relative(cwd, path)
  return short === '' || short.startsWith('..') ? path : short
}

function describeProblem(file: string | null, problem: ConfigProblem): string {
  return [file, problem.place, problem.message].filter((part) => part !== null && part !== '').join(': ')
}
