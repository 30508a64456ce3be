import type { Language } from 'web-tree-sitter'
import type { Grammar, GrammarShape } from './grammar.ts'

/** The names of a grammar that web-tree-sitter has loaded, with what the shape says about its fields. */
export class LoadedGrammar implements Grammar {
  readonly name: string
  readonly kindNames: readonly string[]
  readonly isNamed: Uint8Array
  readonly errorKind: number
  readonly fieldNames: readonly string[]
  readonly #kindIds = new Map<string, readonly number[]>()
  readonly #tokenIds = new Map<string, readonly number[]>()
  readonly #fieldIds = new Map<string, number>()
  readonly #repeated: Uint8Array

  constructor(language: Language, shape: GrammarShape) {
    const kindCount = language.nodeTypeCount
    const kindNames = Array.from({ length: kindCount }, (_, id) => language.nodeTypeForId(id) ?? '')
    this.name = shape.name
    this.errorKind = kindCount
    this.kindNames = [...kindNames, 'ERROR']
    this.isNamed = new Uint8Array(kindCount + 1)
    this.isNamed[kindCount] = 1
    for (let id = 0; id < kindCount; id++) if (language.nodeTypeIsNamed(id)) this.isNamed[id] = 1
    for (let id = 0; id <= kindCount; id++) {
      const isVisible = id === kindCount || language.nodeTypeIsVisible(id)
      if (isVisible) append(this.isNamed[id] ? this.#kindIds : this.#tokenIds, this.kindNames[id]!, id)
    }
    this.fieldNames = Array.from({ length: language.fieldCount + 1 }, (_, id) => (id === 0 ? '' : (language.fieldNameForId(id) ?? '')))
    this.fieldNames.forEach((name, id) => id > 0 && this.#fieldIds.set(name, id))
    this.#repeated = this.#repeatedTable(shape)
  }

  kindIds(name: string): readonly number[] {
    return this.#kindIds.get(name) ?? []
  }

  tokenIds(name: string): readonly number[] {
    return this.#tokenIds.get(name) ?? []
  }

  fieldId(name: string): number {
    return this.#fieldIds.get(name) ?? 0
  }

  isRepeated(kindId: number, fieldId: number): boolean {
    return this.#repeated[kindId * this.fieldNames.length + fieldId] === 1
  }

  #repeatedTable(shape: GrammarShape): Uint8Array {
    const table = new Uint8Array(this.kindNames.length * this.fieldNames.length)
    for (const [kind, fields] of Object.entries(shape.repeatedFields)) {
      for (const kindId of this.kindIds(kind)) {
        for (const field of fields) table[kindId * this.fieldNames.length + this.fieldId(field)] = 1
      }
    }
    return table
  }
}

function append(map: Map<string, readonly number[]>, name: string, id: number): void {
  map.set(name, [...(map.get(name) ?? []), id])
}
