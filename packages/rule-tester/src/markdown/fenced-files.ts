import { validateShape, type Config } from '@krait/core'
import { RuleTestFailure } from '../failure.ts'
import type { Fence } from './sections.ts'

/** A file of a project that stands in a Markdown page. */
export interface FencedFile {
  readonly path: string
  readonly text: string
  /** The line of the page on which the file begins. */
  readonly line: number
}

export interface FencedProject {
  readonly files: readonly FencedFile[]
  /** From a fence named `krait.config.json`; `null` if there is none. */
  readonly config: Config | null
}

/** The path of a Python code block without one. */
export const UNNAMED_FILE = 'example.py'
const CONFIG_FILE = 'krait.config.json'
/** The tester brings the rules itself: a config may only set them. */
const CONFIG_KEYS = ['rules', 'settings', 'overrides', 'suppressions']

/**
 * The project that a list of code blocks makes up: those with a path, and one Python block without. Other blocks are illustrations.
 * @throws {RuleTestFailure} for two files with one path, or a config that is none.
 */
export function projectFromFences(fences: readonly Fence[]): FencedProject {
  const files = new Map<string, FencedFile>()
  let config: Config | null = null
  for (const fence of fences) {
    const path = fence.path ?? (isPython(fence) ? UNNAMED_FILE : null)
    if (path === null) continue
    if (path === CONFIG_FILE) {
      config = readConfig(fence)
      continue
    }
    if (files.has(path)) throw new RuleTestFailure(`Line ${fence.line}: two code blocks stand for '${path}'. Name each file before its code block: \`app/models.py\`:`)
    files.set(path, { path, text: fence.text, line: fence.line })
  }
  return { files: [...files.values()], config }
}

export function isPython({ language }: Fence): boolean {
  return language === 'python' || language === 'py'
}

function readConfig({ text, line }: Fence): Config {
  const value = parseJson(text, line)
  const problems = validateShape(value)
  if (problems.length > 0) {
    throw new RuleTestFailure(`Line ${line}: this is no config:\n${problems.map(({ place, message }) => `  ${place}: ${message}`).join('\n')}`)
  }
  const foreign = Object.keys(value as object).filter((key) => !CONFIG_KEYS.includes(key))
  if (foreign.length > 0) {
    throw new RuleTestFailure(`Line ${line}: '${foreign[0]}' has no meaning here, where the rules are given by the test. Known: ${CONFIG_KEYS.join(', ')}.`)
  }
  return value as Config
}

function parseJson(text: string, line: number): unknown {
  try {
    return JSON.parse(text)
  } catch (error) {
    throw new RuleTestFailure(`Line ${line}: this ${CONFIG_FILE} is not valid JSON: ${(error as Error).message}`)
  }
}
