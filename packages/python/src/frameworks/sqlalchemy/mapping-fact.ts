import { childByField, defineFact } from '@krait/core'
import type { FileSemantics } from '../../file-semantics.ts'
import type { RelativeName } from '../../names/relative-name.ts'
import * as K from '../../scopes/kind-codes.ts'
import type { Value } from '../../values/value.ts'

/** What a file says of mapped classes and tables outside of their own definitions. Names are relative to the file. */
export interface MappingStatements {
  /** `Index(...)` and `UniqueConstraint(...)` at module level. */
  readonly keys: readonly WrittenKey[]
  /** `User.orders = relationship(...)` at module level. */
  readonly attributes: readonly AddedAttribute[]
  /** Classes to which `setattr` gives an attribute whose name is computed, anywhere in the file. */
  readonly opened: readonly RelativeName[]
}

export interface WrittenKey {
  /** `User` of `User.__table__.append_constraint(...)`; columns tell it otherwise. */
  readonly owner?: RelativeName
  readonly key: Value
}

export interface AddedAttribute {
  readonly owner: RelativeName
  readonly attribute: string
  readonly value: Value
}

/** Spares most files the walk. */
const MAY_HAVE_SOME = /\b(?:Index|UniqueConstraint|setattr)\s*\(|^[A-Za-z_]\w*(?:\.\w+)+\s*=[^=]/m

const KEY = /(?:^|\.)(?:Index|UniqueConstraint)$/

export const mappingFact = defineFact<MappingStatements, FileSemantics>({
  name: 'python/sqlalchemy-mapping',
  version: 1,
  onDemand: 'project',
  collect: ({ services: file }) => (MAY_HAVE_SOME.test(file.tree.text) ? new Collector(file).collect() : { keys: [], attributes: [], opened: [] }),
})

class Collector {
  readonly #file: FileSemantics
  readonly #keys: WrittenKey[] = []
  readonly #attributes: AddedAttribute[] = []
  readonly #opened = new Set<RelativeName>()

  constructor(file: FileSemantics) {
    this.#file = file
  }

  collect(): MappingStatements {
    const { tree, tables } = this.#file
    const { codes } = tables.kinds
    // Where the function or class ends that the node stands in.
    let innerEnd = 0
    for (const node of this.#file.nodesOf(K.FUNCTION_DEFINITION, K.CLASS_DEFINITION, K.CALL, K.ASSIGNMENT)) {
      const code = codes[tree.kind[node]!]
      if (code === K.FUNCTION_DEFINITION || code === K.CLASS_DEFINITION) innerEnd = Math.max(innerEnd, tree.next[node]!)
      else if (code === K.CALL) this.#addCall(node, node >= innerEnd)
      else if (node >= innerEnd) this.#addAttribute(node)
    }
    return { keys: this.#keys, attributes: this.#attributes, opened: [...this.#opened] }
  }

  #addCall(call: number, isAtModuleLevel: boolean): void {
    const { tree, tables, names, values } = this.#file
    const name = names.nameOf(childByField(tree, call, tables.kinds.fields.function))
    if (name === null) return
    if (name === 'builtins.setattr') this.#addSetattr(call)
    else if (isAtModuleLevel && KEY.test(name) && !this.#isTableArgument(call)) {
      const owner = this.#appendedTo(call)
      this.#keys.push({ ...(owner !== null && { owner }), key: values.summarise(call) })
    }
  }

  /** Inside `Table(...)`, which has it among its own arguments. */
  #isTableArgument(call: number): boolean {
    const around = this.#callAround(call)
    return around >= 0 && /(^|\.)Table$/.test(this.#file.names.nameOf(this.#calledBy(around)) ?? '')
  }

  #appendedTo(call: number): RelativeName | null {
    const around = this.#callAround(call)
    const name = around < 0 ? null : this.#file.names.nameOf(this.#calledBy(around))
    return name?.endsWith('.append_constraint') ? name.slice(0, -'.append_constraint'.length).replace(/\.__table__$/, '') : null
  }

  #callAround(call: number): number {
    const { tree, tables } = this.#file
    const list = tree.parent[call]!
    if (list < 0 || tables.kinds.codes[tree.kind[list]!] !== K.ARGUMENT_LIST) return -1
    return tree.parent[list]!
  }

  #calledBy(call: number): number {
    return childByField(this.#file.tree, call, this.#file.tables.kinds.fields.function)
  }

  #addSetattr(call: number): void {
    const value = this.#file.values.summarise(call)
    if (value.kind !== 'call') return
    const [target, attribute] = value.arguments
    if (target?.kind === 'name' && (attribute?.kind !== 'literal' || typeof attribute.value !== 'string')) this.#opened.add(target.name)
  }

  #addAttribute(assignment: number): void {
    const { tree, tables, names, values } = this.#file
    const { codes, fields } = tables.kinds
    const left = childByField(tree, assignment, fields.left)
    const right = childByField(tree, assignment, fields.right)
    if (left < 0 || right < 0 || codes[tree.kind[left]!] !== K.ATTRIBUTE) return
    const name = names.nameOf(left)
    if (name === null) return
    const dot = name.lastIndexOf('.')
    this.#attributes.push({ owner: name.slice(0, dot), attribute: name.slice(dot + 1), value: values.summarise(right) })
  }
}
