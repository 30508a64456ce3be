import type { Grammar } from '../syntax/grammar.ts'
import type { SyntaxNode } from '../syntax/node.ts'
import { type CompiledSelector, compileSelector } from './selectors.ts'

export type Listener = (node: SyntaxNode) => void

/** One listener of one rule. `owner` numbers the rule, so that a rule that throws can be dropped. */
export interface TableEntry {
  readonly owner: number
  readonly listener: Listener
  readonly matches: ((node: SyntaxNode) => boolean) | undefined
}

/**
 * All rules' listeners by kind id: one walk over the tree serves every rule. The table is filled for a file and emptied after it; selectors
 * are compiled once per grammar.
 */
export class ListenerTable {
  readonly enter: (TableEntry[] | undefined)[] = []
  readonly exit: (TableEntry[] | undefined)[] = []
  readonly #selectors = new Map<string, CompiledSelector>()
  readonly #filled: TableEntry[][] = []

  constructor(readonly grammar: Grammar) {}

  /** Adds what a rule's `create` returned. @throws Error if a key is no selector of this grammar. */
  add(owner: number, listeners: Readonly<Record<string, unknown>>): void {
    for (const key of Object.keys(listeners)) {
      const listener = listeners[key]
      if (typeof listener !== 'function') continue
      const { exit, kinds, matches } = this.#compile(key)
      const side = exit ? this.exit : this.enter
      const entry: TableEntry = { owner, listener: listener as Listener, matches }
      for (let i = 0; i < kinds.length; i++) {
        const entries = (side[kinds[i]!] ??= [])
        if (entries.length === 0) this.#filled.push(entries)
        entries.push(entry)
      }
    }
  }

  clear(): void {
    for (const entries of this.#filled) entries.length = 0
    this.#filled.length = 0
  }

  #compile(key: string): CompiledSelector {
    let selector = this.#selectors.get(key)
    if (!selector) this.#selectors.set(key, (selector = compileSelector(key, this.grammar)))
    return selector
  }
}
