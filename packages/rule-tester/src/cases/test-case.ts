/** Code on which the rule must stay silent; a string stands for `{ code }`. */
export interface ValidCase {
  /** The test's title; the code when left out. */
  readonly name?: string
  readonly code: string
  /** Relative to the project root, with `/`; `example.py` when left out. */
  readonly path?: string
  /** The rule's options, as a config gives them behind the severity. */
  readonly options?: readonly unknown[]
  /** The `settings` of the config. */
  readonly settings?: Readonly<Record<string, unknown>>
  /** The other files of the project by path. The rule is not run on them. */
  readonly files?: Readonly<Record<string, string>>
  /** Run only this case. */
  readonly only?: boolean
  /** The code, or another file, is meant to have syntax errors. */
  readonly syntaxErrors?: boolean
}

/** Code on which the rule must report. */
export interface InvalidCase<MessageIds extends string = string> extends ValidCase {
  /** The findings in order of their position: how many, their message ids, or what is known of each. */
  readonly errors: number | readonly (MessageIds | ExpectedFinding<MessageIds>)[]
  /** The code after all passes of fixing; `null` or left out if nothing may be fixed. */
  readonly output?: string | null
}

/** Only what is given is compared, except for suggestions: a finding that has some must have them listed, or counted. */
export interface ExpectedFinding<MessageIds extends string = string> {
  readonly messageId?: MessageIds
  /** The values in the message; needs `messageId`. */
  readonly data?: Readonly<Record<string, string | number>>
  readonly message?: string | RegExp
  readonly line?: number
  readonly column?: number
  readonly endLine?: number
  readonly endColumn?: number
  readonly suggestions?: number | readonly ExpectedSuggestion<MessageIds>[] | null
  readonly related?: readonly ExpectedRelatedPlace[]
}

export interface ExpectedSuggestion<MessageIds extends string = string> {
  readonly messageId?: MessageIds
  /** The values in the description; needs `messageId`. */
  readonly data?: Readonly<Record<string, string | number>>
  readonly desc?: string
  /** The code after this suggestion alone. */
  readonly output: string
}

export interface ExpectedRelatedPlace {
  readonly path: string
  readonly line: number
  readonly column?: number
  readonly message?: string
}

export interface TestCases<MessageIds extends string = string> {
  readonly valid: readonly (string | ValidCase)[]
  readonly invalid: readonly InvalidCase<MessageIds>[]
}
