import type { SourceCode } from '../source/source-code.ts'

/** Anything that survives `JSON.parse(JSON.stringify(x))`. */
export type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json | undefined }

/** What a fact collector sees: one file, and the language's services that need no other file. */
export interface FactInput<Services = unknown> {
  readonly sourceCode: SourceCode
  readonly services: Services
}

/**
 * A JSON value collected from one file. Collecting is pure: the same text gives the same value on any machine, and the value holds no path.
 */
export interface FactDefinition<Value = unknown, Services = unknown> {
  /** Unique: `<language or pack>/<name>`. */
  readonly name: string
  /** Raise it when the value's shape or meaning changes. */
  readonly version: number
  /**
   * Few rules ask for it: it is collected from a file when somebody does, not from every file beforehand. `file`: for some files; `project`: who asks,
   * asks for that of all files, so that a run with many rules collects it beforehand after all.
   */
  readonly onDemand?: 'file' | 'project'
  collect(input: FactInput<Services>): Value
}

// eslint-disable-next-line @typescript-eslint/no-explicit-any -- services stand in parameter position: nothing else takes every fact
export type AnyFact = FactDefinition<any, any>

export function defineFact<Value, Services = unknown>(fact: FactDefinition<Value, Services>): FactDefinition<Value, Services> {
  return fact
}
