import type { Finding, RuleMeta, SuppressedFinding } from '@krait/core'

/** Everything a reporter may say about a run. */
export interface Report {
  /** The absolute folder from which relative paths are written: the current one. */
  readonly root: string
  /** All linted files, clean ones too. */
  readonly files: readonly ReportedFile[]
  /** What is known of the rules, by full id. A finding may name a rule that is not in here. */
  readonly rules: ReadonlyMap<string, RuleMeta<string>>
  readonly toolVersion: string
}

/** One linted file. */
export interface ReportedFile {
  /** Absolute. */
  readonly filePath: string
  /** Relative to `Report.root`, with `/`. */
  readonly displayPath: string
  /** The absolute folder of the file's project; the paths of related places are relative to it. */
  readonly projectRoot: string
  /** The text without a byte order mark; left out when it could not be read. */
  readonly source?: string | undefined
  /** Sorted by position, then rule id, then message. */
  readonly findings: readonly Finding[]
  readonly suppressed: readonly SuppressedFinding[]
}

export interface ReporterOptions {
  /** Whether to write terminal escape codes. Only `stylish` ever does. */
  readonly color?: boolean
  /** The width of the terminal in columns, for formats that show code. */
  readonly width?: number
}

/** Turns a report into text that ends in a line break, or into no text at all. */
export type Reporter = (report: Report) => string

/** What a format's module gives. */
export type ReporterFactory = (options: ReporterOptions) => Reporter
