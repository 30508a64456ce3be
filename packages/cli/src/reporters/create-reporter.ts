import { didYouMean } from '@krait/core'
import type { Reporter, ReporterFactory, ReporterOptions } from './reporter.ts'

const loaders = {
  stylish: async () => (await import('./stylish.ts')).createStylishReporter,
  json: async () => (await import('./json.ts')).createJsonReporter,
  sarif: async () => (await import('./sarif.ts')).createSarifReporter,
  github: async () => (await import('./github.ts')).createGithubReporter,
  gitlab: async () => (await import('./gitlab.ts')).createGitlabReporter,
  junit: async () => (await import('./junit.ts')).createJunitReporter,
  agent: async () => (await import('./agent.ts')).createAgentReporter,
  markdown: async () => (await import('./markdown.ts')).createMarkdownReporter,
} satisfies Record<string, () => Promise<ReporterFactory>>

export type ReporterName = keyof typeof loaders

/** The names that `--format` takes; the first is the default. */
export const reporterNames = Object.keys(loaders) as readonly ReporterName[]

/**
 * Loads the reporter of a format. The reporter sorts the files by path, so that the order in which they were linted never shows.
 * @throws {UnknownFormatError} if there is no such format
 */
export async function createReporter(name: string, options: ReporterOptions = {}): Promise<Reporter> {
  if (!isReporterName(name)) throw new UnknownFormatError(name)
  const factory: ReporterFactory = await loaders[name]()
  const report = factory(options)
  return (unsorted) => report({ ...unsorted, files: unsorted.files.toSorted((a, b) => compareText(a.filePath, b.filePath)) })
}

/** `--format` names a format that krait does not have. */
export class UnknownFormatError extends Error {
  override readonly name = 'UnknownFormatError'

  constructor(format: string) {
    super(`Unknown format '${format}'.${didYouMean(format, reporterNames)} Known formats: ${reporterNames.join(', ')}.`)
  }
}

function isReporterName(name: string): name is ReporterName {
  return Object.hasOwn(loaders, name)
}

function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0
}
