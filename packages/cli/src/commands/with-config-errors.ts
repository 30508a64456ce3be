import { ConfigError, formatConfigError } from '../config/config-error.ts'
import type { Io } from '../io.ts'

/** Runs a command; a broken config is told on standard error and gives exit code 2. */
export async function withConfigErrors(io: Io, command: () => Promise<number>): Promise<number> {
  try {
    return await command()
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error
    io.stderr.write(formatConfigError(error, io.cwd))
    return 2
  }
}
