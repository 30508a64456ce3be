import type { Settings } from '@krait/core'
import { globToRegExp } from './glob.ts'

/** The groups of files that rules treat apart; each can be set as `settings.paths.<group>`. */
export type PathGroup = 'tests' | 'scripts' | 'migrations'

/** Globs relative to the root of the project. A leading "any folders" part also matches no folder at all. */
export const DEFAULT_PATHS: Readonly<Record<PathGroup, readonly string[]>> = {
  tests: ['**/{tests,test}/**', '**/test_*.py', '**/*_test.py', '**/conftest.py', '**/factories.py'],
  scripts: [
    '**/scripts/**',
    '**/cli.py',
    '**/cli/**',
    '**/management/commands/**',
    '**/__main__.py',
    '**/manage.py',
  ],
  migrations: ['**/alembic/**', '**/migrations/**', '**/versions/*.py'],
}

/** What `isInPathGroup` needs; a rule's context has it. */
export interface PathContext {
  readonly path: string
  readonly settings: Settings
}

/** Whether the file is test code. */
export function isTestFile(context: PathContext): boolean {
  return isInPathGroup(context, 'tests')
}

/** Whether the file is a script or a command: code that talks to a person, not to clients. */
export function isScriptFile(context: PathContext): boolean {
  return isInPathGroup(context, 'scripts')
}

/** Whether the file is a database migration. */
export function isMigrationFile(context: PathContext): boolean {
  return isInPathGroup(context, 'migrations')
}

/** Whether the file belongs to a group, by `settings.paths.<group>` or else the default globs. */
export function isInPathGroup({ path, settings }: PathContext, group: PathGroup): boolean {
  return isMatch(globsOf(settings, group), path)
}

/** Whether a path matches one of the globs. */
export function matchesGlobs(path: string, globs: readonly string[]): boolean {
  return isMatch(globs, path)
}

function globsOf(settings: Settings, group: PathGroup): readonly string[] {
  const given = (settings['paths'] as Readonly<Record<string, unknown>> | undefined)?.[group]
  return Array.isArray(given) ? (given as readonly string[]) : DEFAULT_PATHS[group]
}

/** Keeps the answer for the latest path: all rules ask about the same file in turn. */
interface Matcher {
  readonly patterns: readonly RegExp[]
  path: string | null
  matches: boolean
}

const matchers = new WeakMap<readonly string[], Matcher>()

function isMatch(globs: readonly string[], path: string): boolean {
  let matcher = matchers.get(globs)
  if (!matcher) matchers.set(globs, (matcher = { patterns: globs.map(globToRegExp), path: null, matches: false }))
  if (matcher.path !== path) {
    matcher.path = path
    matcher.matches = matcher.patterns.some((pattern) => pattern.test(path))
  }
  return matcher.matches
}
