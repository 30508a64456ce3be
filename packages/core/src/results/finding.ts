import type { Range } from '../syntax/node.ts'

/** `1` is a warning, `2` an error. */
export type Severity = 1 | 2

/** Replaces the text in `range` by `text`. Offsets are UTF-16 code units, without a byte order mark. */
export interface TextEdit {
  readonly range: Range
  readonly text: string
}

/** A change that a person may choose: it can alter what the program does. */
export interface Suggestion {
  readonly messageId?: string
  readonly desc: string
  readonly fix: TextEdit
}

/** Another place that belongs to a finding, such as the callee that raises. */
export interface RelatedPlace {
  /** Relative to the project root, with `/`. */
  readonly path: string
  readonly line: number
  readonly column: number
  readonly message: string
}

/** What a rule reports. Lines and columns start at 1; columns count UTF-16 code units. */
export interface Finding {
  readonly ruleId: string
  readonly severity: Severity
  readonly message: string
  readonly messageId?: string
  readonly line: number
  readonly column: number
  readonly endLine: number
  readonly endColumn: number
  /** The reported text. */
  readonly range: Range
  /** A safe fix: it changes neither behaviour nor comments. */
  readonly fix?: TextEdit
  readonly suggestions?: readonly Suggestion[]
  readonly related?: readonly RelatedPlace[]
}

/** Why a finding stays silent. */
export interface Suppression {
  readonly kind: 'directive' | 'baseline'
  readonly justification: string
}

export interface SuppressedFinding extends Finding {
  readonly suppressions: readonly Suppression[]
}

/** All that came out of linting one file. */
export interface FileResult {
  /** Relative to the project root, with `/`. */
  readonly path: string
  /** Sorted by position, then rule id, then message. */
  readonly findings: readonly Finding[]
  readonly suppressed: readonly SuppressedFinding[]
}
