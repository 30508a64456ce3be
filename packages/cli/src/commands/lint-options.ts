import { resolve } from 'node:path'
import { UsageError } from '../io.ts'

/** The options of `krait lint`, as commander gives them. */
export interface LintOptions {
  readonly config?: string
  /** `false` is `--no-config-lookup`. */
  readonly configLookup: boolean
  readonly rule: readonly string[]
  readonly pack: readonly string[]
  readonly preset: readonly string[]
  readonly format: string
  readonly outputFile?: string
  readonly fix?: boolean
  readonly fixUnsafe?: boolean
  readonly fixDryRun?: boolean
  readonly diff?: boolean
  readonly quiet?: boolean
  readonly maxWarnings?: string
  readonly stdin?: boolean
  readonly stdinFilename?: string
  /** `false` is `--no-cache`. */
  readonly cache: boolean
  readonly cacheLocation?: string
  readonly since?: string
  readonly staged?: boolean
  readonly concurrency: string
  readonly reportUnusedIgnores?: 'off' | 'warn' | 'error'
  /** `false` is `--no-code`. */
  readonly code: boolean
  readonly stats?: boolean
  readonly progress: boolean
  readonly color?: boolean
}

/** What happens with fixes. */
export interface FixMode {
  readonly level: 'none' | 'safe' | 'unsafe'
  /** Show a patch; write nothing. */
  readonly asPatch: boolean
}

export function fixMode({ fix, fixUnsafe, fixDryRun, diff }: LintOptions): FixMode {
  const asPatch = fixDryRun === true || diff === true
  if (fixUnsafe) return { level: 'unsafe', asPatch }
  return { level: fix || asPatch ? 'safe' : 'none', asPatch }
}

/** @throws {UsageError} */
export function parseConcurrency(value: string): number | 'auto' {
  if (value === 'auto') return 'auto'
  if (!/^[1-9]\d{0,2}$/.test(value)) throw new UsageError(`--concurrency takes a number of threads or 'auto', not '${value}'.`)
  return Number(value)
}

/** The number of warnings that may be, `Infinity` if nothing was said. @throws {UsageError} */
export function parseMaxWarnings(value: string | undefined): number {
  if (value === undefined) return Infinity
  if (!/^\d+$/.test(value)) throw new UsageError(`--max-warnings takes a whole number from 0, not '${value}'.`)
  return Number(value)
}

/** The absolute folder of the cache, if one was named. */
export function cacheLocation({ cacheLocation: location }: LintOptions, cwd: string): string | undefined {
  return location === undefined ? undefined : resolve(cwd, location)
}

/** @throws {UsageError} for options that do not go together */
export function checkCombinations(paths: readonly string[], options: LintOptions): void {
  if (options.stdin && paths.length > 0) throw new UsageError('--stdin reads standard input: give no paths with it.')
  if (options.stdin && options.stdinFilename === undefined) {
    throw new UsageError('--stdin needs --stdin-filename FILE: the config and the project follow from where the text belongs.')
  }
  if (options.stdin && (options.since !== undefined || options.staged)) {
    throw new UsageError('--stdin takes a text that git does not know: give neither --since nor --staged with it.')
  }
  if (!options.stdin && options.stdinFilename !== undefined) throw new UsageError('--stdin-filename needs --stdin.')
}
