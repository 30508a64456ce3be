import type { Config } from './config.ts'

/**
 * One step of the chain that makes a config: a preset, an extended config, the config file itself, or the command line. Plain JSON.
 * Later layers win over earlier ones.
 */
export interface ConfigLayer extends Pick<Config, 'rules' | 'settings' | 'overrides' | 'ignores' | 'suppressions'> {
  /** For people: `preset 'recommended'`, `krait.config.json`, `--rule`. */
  readonly source: string
  /** The folder that this layer's globs are relative to: absolute, with `/`. The project root when left out. */
  readonly folder?: string
}

/** A path relative to the project root as a path relative to a layer's folder; `null` when it does not lie below that folder. */
export function pathInLayer(projectRoot: string, layer: ConfigLayer, path: string): string | null {
  const root = withSlash(projectRoot)
  const folder = withSlash(layer.folder ?? projectRoot)
  if (root === folder) return path
  const absolutePath = root + path
  return absolutePath.startsWith(folder) ? absolutePath.slice(folder.length) : null
}

function withSlash(folder: string): string {
  return folder.endsWith('/') ? folder : `${folder}/`
}
