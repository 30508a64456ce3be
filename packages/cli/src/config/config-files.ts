import { extname } from 'node:path'

/** Config files that are krait's own, the strongest first. An empty one is an empty config. */
export const ownConfigFiles: readonly string[] = [
  'krait.config.ts',
  'krait.config.mts',
  'krait.config.js',
  'krait.config.mjs',
  'krait.config.cjs',
  'krait.config.json',
  'krait.config.yaml',
  'krait.config.yml',
  '.kraitrc',
  '.kraitrc.json',
  '.kraitrc.yaml',
  '.kraitrc.yml',
]

/** Files of other tools that may hold krait's config in a section. Without the section they are no config. */
export const sharedConfigFiles: readonly string[] = ['pyproject.toml', 'package.json']

const codeExtensions: ReadonlySet<string> = new Set(['.ts', '.mts', '.cts', '.js', '.mjs', '.cjs'])

/** Whether loading the file runs code. */
export function isCodeFile(path: string): boolean {
  return codeExtensions.has(extname(path))
}
