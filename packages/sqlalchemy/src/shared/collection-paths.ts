import type { AttributeNode, IdentifierNode, ModelColumn, PythonNode, PythonServices } from '@krait/python'
import { classOf, collectionColumnsIndex, withoutParentheses } from '@krait/python'

/** A place inside the value of a column, or of a shallow copy of it. */
export interface CollectionPath {
  /** `case.timeline`. */
  readonly attribute: AttributeNode
  readonly column: ModelColumn
  /** How many keys lead from the value of the column to the place: 1 for `case.timeline[0]`. */
  readonly depth: number
  /** The outermost collection is a copy: `dict(case.timeline)`. */
  readonly isCopy: boolean
  /** The local variable that it goes by. */
  readonly variable: IdentifierNode | null
}

const ELEMENTS: ReadonlySet<string> = new Set(['get', 'setdefault'])
const COPYING: ReadonlySet<string> = new Set(['builtins.dict', 'builtins.list', 'builtins.set', 'copy.copy'])

/** Longer ways are not followed. */
const MAX_STEPS = 20

/** Finds the column of a model behind an expression. */
export class CollectionPaths {
  readonly #services: PythonServices

  constructor(services: PythonServices) {
    this.#services = services
  }

  of(start: PythonNode): CollectionPath | null {
    let node = withoutParentheses(start)
    let depth = 0
    let isCopy = false
    let variable: IdentifierNode | null = null
    for (let step = 0; step < MAX_STEPS; step++) {
      if (node.kind === 'subscript') {
        node = withoutParentheses(node.value)
        depth++
      } else if (node.kind === 'call' && node.function.kind === 'attribute' && ELEMENTS.has(node.function.attribute.text)) {
        node = withoutParentheses(node.function.object)
        depth++
      } else if (node.kind === 'identifier' && !variable) {
        const collection = this.#loopedOver(node)
        if (collection) {
          node = withoutParentheses(collection)
          depth++
          continue
        }
        variable = node
        const value = this.#valueOf(node)
        const copied = value && this.#copied(value)
        isCopy = copied !== null && copied !== undefined && depth >= 0
        const next = copied ?? value
        if (!next) return null
        node = withoutParentheses(next)
        // `job.meta or {}`.
        if (node.kind === 'boolean_operator' && node.operator.kind === 'or') node = withoutParentheses(node.left)
      } else if (node.kind === 'attribute') {
        const column = this.columnOf(node)
        return column && { attribute: node, column, depth, isCopy, variable }
      } else return null
    }
    return null
  }

  /** The column that `case.timeline` means. */
  columnOf(node: AttributeNode): ModelColumn | null {
    const { text } = node.attribute
    const models = this.#modelsWith(text)
    if (models.length === 0) return null
    const name = classOf(this.#services.typeOf(node.object))
    if (name === null || !models.includes(name)) return null
    return this.#services.project.model(name)?.columns.find(({ attribute }) => attribute === text) ?? null
  }

  /** The models in which an attribute is such a column. */
  #modelsWith(attribute: string): readonly string[] {
    return this.#services.project.ask(collectionColumnsIndex, attribute) ?? []
  }

  /** What a loop runs over whose variable it is. */
  #loopedOver(name: IdentifierNode): PythonNode | null {
    const all = this.#services.scopes.bindingOf(name)?.definitions ?? []
    if (!all.some(({ kind }) => kind === 'for')) return null
    const { definitions, elsewhere } = all.length === 1 ? { definitions: all, elsewhere: false } : this.#services.flow(name).definitionsOf(name)
    const [definition, ...others] = definitions
    if (elsewhere || others.length > 0 || definition?.kind !== 'for' || definition.node.field('left') !== definition.name) return null
    const collection = definition.node.field('right') as PythonNode | null
    if (collection?.kind !== 'call') return collection
    return collection.function.kind === 'attribute' && collection.function.attribute.text === 'values' ? collection.function.object : null
  }

  /** The value of a local variable, if only one reaches the use. */
  #valueOf(name: IdentifierNode): PythonNode | null {
    const binding = this.#services.scopes.bindingOf(name)
    if (!binding || !binding.definitions.some(({ value }) => value && this.#mentions(value))) return null
    const { definitions, elsewhere } = this.#services.flow(name).definitionsOf(name)
    const [only, ...others] = definitions
    return elsewhere || others.length > 0 ? null : (only?.value ?? null)
  }

  #mentions(value: PythonNode): boolean {
    for (const part of [value, ...value.descendants('attribute')]) if (part.kind === 'attribute' && this.#modelsWith(part.attribute.text).length > 0) return true
    return false
  }

  /** What a shallow copy is made of: `dict(x)`, `x.copy()`, `{**x}`, `[*x]`. */
  #copied(value: PythonNode): PythonNode | null {
    const inner = withoutParentheses(value)
    if (inner.kind === 'call') {
      if (inner.function.kind === 'attribute' && inner.function.attribute.text === 'copy' && inner.arguments.namedChildren.length === 0) return inner.function.object
      const [first] = inner.arguments.namedChildren
      return first && this.#services.resolvesTo(inner.function, COPYING) ? first : null
    }
    if (inner.kind !== 'dictionary' && inner.kind !== 'list') return null
    const [splat] = inner.namedChildren
    return splat?.kind === 'dictionary_splat' || splat?.kind === 'list_splat' ? (splat.namedChildren[0] ?? null) : null
  }
}
