import type { Settings } from '../config/config.ts'
import type { AnyFact } from '../project/fact.ts'
import type { AnyIndex } from '../project/index-definition.ts'
import type { ProjectReader } from '../project/project-reader.ts'
import type { SourceCode } from '../source/source-code.ts'
import type { Range } from '../syntax/node.ts'
import type { FlatTree } from '../syntax/tree.ts'

/** What a language's services are made from. */
export interface ServicesInput {
  readonly sourceCode: SourceCode
  readonly reader: ProjectReader
  readonly settings: Settings
  /** Set if times are measured: does work that rules share, so that its time is not that of the rule which happens to ask first. */
  readonly share?: (<Result>(what: string, work: () => Result) => Result) | undefined
}

/** A language that krait can lint. It is loaded before the first file (see the language's own loader). */
export interface Language {
  /** Such as `python`. */
  readonly name: string
  /** As people write it: `Python`. */
  readonly displayName: string
  /** Lower case, with the dot. */
  readonly extensions: readonly string[]
  /** Parses a text without byte order mark. Never throws on bad input: errors become ERROR and MISSING nodes. */
  parse(text: string): FlatTree
  /** The facts that the language itself collects from each file. */
  readonly facts: readonly AnyFact[]
  /** The indexes that the language's services ask, so that a cache can ask them again. Findings that rest on one left out here are never reused. */
  readonly indexes?: readonly AnyIndex[]
  /**
   * What the language adds to a rule's context (scopes, name resolution, the project). The properties of the returned object appear on the
   * context; make costly ones lazy getters on a class.
   */
  createServices(input: ServicesInput): object
  /** What a fact collector gets: services that look at no other file. */
  createFactServices(sourceCode: SourceCode): object
  /** Whether the file imports one of the modules or a submodule of one. */
  imports(sourceCode: SourceCode, modules: readonly string[]): boolean
  /**
   * The range of the statement, or of the header of the compound statement or clause, in which the offset stands: the part whose lines a
   * suppression comment speaks for.
   */
  statementRange(sourceCode: SourceCode, offset: number): Range
  /** The first place that is not valid in the language, or `null`. Known gaps of the grammar are no problem of the file. */
  findSyntaxProblem(tree: FlatTree): SyntaxProblem | null
}

/** A broken place. */
export interface SyntaxProblem {
  readonly range: Range
  /** What is wrong, in a few words without a full stop: "expected ')'". */
  readonly message: string
}
