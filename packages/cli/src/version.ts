import { readFileSync } from 'node:fs'

/** The version in this package's manifest. The manifest is one folder up from here, in the sources as well as when built. */
export function readVersion(): string {
  return (JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8')) as { version: string }).version
}
