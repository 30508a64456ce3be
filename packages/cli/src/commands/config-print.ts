import { resolve } from 'node:path'
import { ConfigLoader, type ConfigOptions } from '../config/config-loader.ts'
import { shownPath } from '../config/config-error.ts'
import { severityNames } from '../config/known-rules.ts'
import { relativePath } from '../discover/relative-path.ts'
import type { Io } from '../io.ts'
import { withConfigErrors } from './with-config-errors.ts'

export interface ConfigPrintArguments {
  /** A file, relative to the current folder; it need not exist. */
  readonly file: string
  readonly config?: Omit<ConfigOptions, 'cwd'>
}

/**
 * `krait config print FILE`: the config of that file as JSON, with presets, `extends` and overrides worked in.
 *
 * @returns the exit code
 */
export function configPrintCommand(args: ConfigPrintArguments, io: Io): Promise<number> {
  return withConfigErrors(io, async () => {
    const path = resolve(io.cwd, args.file)
    const { root, file, resolver } = await new ConfigLoader({ ...args.config, cwd: io.cwd }).forFile(path)
    const local = relativePath(root, path)
    const config = resolver.resolve(local)
    const rules = config.rules.map(({ id, severity, options }) => [id, [severityNames[severity], ...options]] as const)
    const printed = {
      configFile: file === null ? null : shownPath(file, io.cwd),
      root,
      ignored: resolver.isIgnored(local),
      rules: Object.fromEntries([...rules, ['krait/unused-ignore', [severityNames[config.unusedIgnores ?? 0]]]]),
      settings: config.settings,
      suppressions: { requireReason: config.requireReason },
    }
    io.stdout.write(`${JSON.stringify(printed, null, 2)}\n`)
    return 0
  })
}
