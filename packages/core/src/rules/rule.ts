import type { AnyIndex } from '../project/index-definition.ts'
import type { RelatedPlace } from '../results/finding.ts'
import type { SourceCode } from '../source/source-code.ts'
import type { Location, Range, SyntaxNode } from '../syntax/node.ts'
import type { RuleFixer } from './fixer.ts'

/** A JSON Schema (draft-07) as an object; rules describe their options with it. */
export type JsonSchema = Readonly<Record<string, unknown>>

/** Values for the `{{placeholders}}` of a message. */
export type MessageData = Readonly<Record<string, string | number>>

export interface RuleDocs {
  /** One sentence in the imperative: "Disallow except clauses that hide the error". */
  readonly description: string
  /** The smallest preset that has the rule; `strict` includes `recommended`. `needs-config` rules are off until configured. */
  readonly preset: 'recommended' | 'strict' | 'needs-config'
  /** The severity that presets give the rule. */
  readonly severity: 'error' | 'warn'
  /** The version of the pack that brought the rule. */
  readonly since: string
  /** Options that `strict` and `all` give the rule, where they ask for more than its default options. */
  readonly strictOptions?: readonly unknown[]
}

export interface RuleMeta<MessageIds extends string> {
  readonly type: 'problem' | 'suggestion' | 'layout'
  readonly docs: RuleDocs
  /** State the fact with the code's own names, then the consequence, then the remedy. `{{name}}` takes a value from `data`. */
  readonly messages: Readonly<Record<MessageIds, string>>
  /** One JSON Schema per option, in order. */
  readonly schema: readonly JsonSchema[]
  readonly fixable?: 'code'
  readonly hasSuggestions?: boolean
  /** The languages the rule speaks; all languages when left out. */
  readonly languages?: readonly string[]
}

/** What a file must have for a rule to be worth running on it. */
export interface RuleRequirements {
  /** Runs only on files that import one of these modules (or a submodule) by its own name. A rule that follows re-exports must not use it. */
  readonly imports?: readonly string[]
}

/** The edits of one fix; several are merged into one edit from the first to the last. */
export type FixResult = Fix | Iterable<Fix> | null
export interface Fix {
  readonly range: Range
  readonly text: string
}
export type FixFunction = (fixer: RuleFixer) => FixResult

export interface SuggestionDescriptor<MessageIds extends string> {
  readonly messageId: MessageIds
  readonly data?: MessageData
  readonly fix: FixFunction
}

export interface ReportDescriptor<MessageIds extends string> {
  /** The reported node; its place is used unless `loc` or `range` narrows it. */
  readonly node?: SyntaxNode
  readonly range?: Range
  readonly loc?: Location
  readonly messageId: MessageIds
  readonly data?: MessageData
  /** A safe fix: it changes neither behaviour nor comments. One that would drop a comment is offered as a suggestion instead. */
  readonly fix?: FixFunction | null
  readonly suggest?: readonly (SuggestionDescriptor<MessageIds> | null | undefined | false)[] | null
  readonly related?: readonly RelatedPlace[]
}

/** What every rule gets, whatever the language. A language adds its own services (see `Language.createServices`). */
export interface RuleContext<MessageIds extends string = string, Options extends readonly unknown[] = readonly unknown[]> {
  /** `<pack>/<name>`. */
  readonly id: string
  readonly options: Options
  /** The `settings` of the config for this file. */
  readonly settings: Readonly<Record<string, unknown>>
  /** The file's path relative to the project root, with `/`. */
  readonly path: string
  /** Same as `path`; the name ESLint uses. */
  readonly filename: string
  readonly sourceCode: SourceCode
  report(descriptor: ReportDescriptor<MessageIds>): void
}

/**
 * Functions by what they listen to: a node kind (`call`), a kind on the way out (`call:exit`), several (`call, await`), or an esquery
 * selector (`function_definition > block`).
 */
export type Listeners = Record<string, ((node: never) => void) | undefined>

export interface Rule<MessageIds extends string = string, Options extends readonly unknown[] = readonly unknown[], Context = RuleContext<MessageIds, Options>, Listening = Listeners> {
  /** The name without the pack: `no-silent-except`. */
  readonly name: string
  readonly meta: RuleMeta<MessageIds>
  readonly requires?: RuleRequirements
  /** The indexes that the rule brings with itself. @param id `<pack>/<name>` */
  indexes?(id: string): readonly AnyIndex[]
  /** Used where the config gives no option; objects are merged, one level deep. */
  readonly defaultOptions: Options
  create(context: Context, options: Options): Listening
}

/** A rule of any language and any options. */
// eslint-disable-next-line @typescript-eslint/no-explicit-any -- contexts stand in parameter position: nothing else takes every rule
export type AnyRule = Rule<any, any, any, any>
