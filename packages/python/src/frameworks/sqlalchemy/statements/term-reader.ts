import type { SyntaxNode } from '@krait/core'
import type { FileSemantics } from '../../../file-semantics.ts'
import type { Flow } from '../../../flow/flow.ts'
import type { CallNode, IdentifierNode } from '../../../generated/nodes.ts'
import type { Binding, Definition } from '../../../scopes/scopes.ts'
import { stringText } from '../../../shared/strings.ts'
import type { PythonNode } from '../../../syntax/node.ts'
import { OPAQUE } from './term.ts'
import type { CallTerm, ItemsTerm, LiteralTerm, LocalTerm, Term } from './term.ts'

/** What stands deeper in an expression is opaque. */
const MAX_DEPTH = 150

/** Reads the expressions of one file. */
export class TermReader {
  readonly #file: FileSemantics
  readonly #flowOf: (node: SyntaxNode) => Flow
  readonly #keepsNodes: boolean
  readonly #terms = new Map<number, Term>()
  readonly #definitions = new Map<number, Term>()
  /** Whether something was left out since the read began. */
  #isCut = false

  /** @param keepsNodes whether terms know their nodes: without, they are JSON */
  constructor(file: FileSemantics, flowOf: (node: SyntaxNode) => Flow, keepsNodes: boolean) {
    this.#file = file
    this.#flowOf = flowOf
    this.#keepsNodes = keepsNodes
  }

  read(node: PythonNode): Term {
    return this.#read(node, 0)
  }

  /** What a definition binds its name to. */
  definition(index: number): Term {
    let term = this.#definitions.get(index)
    if (!term) {
      term = this.#defined(this.#file.scopes.definitionAt(index))
      this.#definitions.set(index, term)
    }
    return term
  }

  #read(node: PythonNode, depth: number): Term {
    const known = this.#terms.get(node.index)
    if (known) return known
    if (depth > MAX_DEPTH) {
      this.#isCut = true
      return OPAQUE
    }
    const wasCut = this.#isCut
    this.#isCut = false
    const term = this.#make(node, depth)
    const withNode = this.#keepsNodes && !term.node ? { ...term, node } : term
    if (!this.#isCut) this.#terms.set(node.index, withNode)
    this.#isCut ||= wasCut
    return withNode
  }

  #make(node: PythonNode, depth: number): Term {
    const inner = (part: PythonNode | null | undefined): Term => (part ? this.#read(part, depth + 1) : OPAQUE)
    switch (node.kind) {
      case 'parenthesized_expression':
        return inner(node.namedChildren[0])
      case 'named_expression':
        return inner(node.value)
      case 'identifier':
        return this.#identifier(node)
      case 'attribute':
        return { kind: 'attribute', object: inner(node.object), attribute: partOf(node, 'attribute')?.text ?? '' }
      case 'call':
        return this.#call(node, depth)
      case 'await':
        return { kind: 'await', operand: inner(node.namedChildren[0]) }
      case 'subscript':
        return { kind: 'subscript', object: inner(node.value), index: this.#index(node.subscript, depth) }
      case 'conditional_expression':
        return { kind: 'choice', options: [inner(node.namedChildren[0]), inner(node.namedChildren[2])] }
      case 'comparison_operator': {
        const operands = node.namedChildren.filter(({ fieldName }) => fieldName !== 'operators').map(inner)
        return { kind: 'operator', operator: node.operators.length === 1 ? node.operators[0]!.kind : 'chain', operands }
      }
      case 'binary_operator':
      case 'boolean_operator':
        return { kind: 'operator', operator: kindOf(node.operator), operands: [inner(node.left), inner(node.right)] }
      case 'unary_operator':
        return this.#unary(kindOf(node.operator), inner(node.argument))
      case 'not_operator':
        return { kind: 'operator', operator: 'not', operands: [inner(node.argument)] }
      case 'tuple':
      case 'expression_list':
        return this.#items('tuple', node, depth)
      case 'list':
      case 'set':
        return this.#items(node.kind, node, depth)
      default:
        return this.#literal(node) ?? OPAQUE
    }
  }

  #literal(node: PythonNode): LiteralTerm | null {
    switch (node.kind) {
      case 'true':
      case 'false':
        return { kind: 'literal', value: node.kind === 'true' }
      case 'none':
        return { kind: 'literal', value: null }
      case 'integer':
      case 'float': {
        const value = Number(node.text.replaceAll('_', ''))
        return Number.isNaN(value) ? null : { kind: 'literal', value }
      }
      case 'string':
      case 'concatenated_string': {
        const value = stringText(node)
        return value === null ? null : { kind: 'literal', value }
      }
      default:
        return null
    }
  }

  #unary(operator: string, operand: Term): Term {
    if (operator === '-' && operand.kind === 'literal' && typeof operand.value === 'number') return { kind: 'literal', value: -operand.value }
    return { kind: 'operator', operator, operands: [operand] }
  }

  #index(subscript: readonly PythonNode[], depth: number): Term | null {
    const [only] = subscript
    return subscript.length !== 1 || !only || only.kind === 'slice' ? null : this.#read(only, depth + 1)
  }

  #items(type: ItemsTerm['type'], node: PythonNode, depth: number): ItemsTerm {
    const items: Term[] = []
    const open = !this.#addItems(items, node.namedChildren, depth)
    return { kind: 'items', type, items, ...(open && { open: true as const }) }
  }

  /** Adds items or arguments, also those of a literal behind a star; says whether all could be read. */
  #addItems(items: Term[], nodes: readonly PythonNode[], depth: number): boolean {
    let isComplete = true
    for (const node of nodes) {
      if (node.kind !== 'list_splat') {
        items.push(this.#read(node, depth + 1))
        continue
      }
      const held = node.namedChildren[0] ? this.#read(node.namedChildren[0], depth + 1) : OPAQUE
      if (held.kind === 'items') items.push(...held.items)
      isComplete &&= held.kind === 'items' && held.open !== true
    }
    return isComplete
  }

  #call(node: CallNode, depth: number): CallTerm {
    const given: Term[] = []
    const keywords: (readonly [string, Term])[] = []
    let open = false
    const list = partOf(node, 'arguments')
    if (list?.kind === 'generator_expression') given.push(this.#read(list, depth + 1))
    else {
      for (const argument of list?.namedChildren ?? []) {
        if (argument.kind === 'keyword_argument') {
          const value = partOf(argument, 'value')
          keywords.push([partOf(argument, 'name')?.text ?? '', value ? this.#read(value, depth + 1) : OPAQUE])
        } else if (argument.kind === 'dictionary_splat') open = !this.#addKeywords(keywords, argument.namedChildren[0], depth) || open
        else open = !this.#addItems(given, [argument], depth) || open
      }
    }
    const called = partOf(node, 'function')
    return { kind: 'call', function: called ? this.#read(called, depth + 1) : OPAQUE, arguments: given, keywords, ...(open && { open: true as const }) }
  }

  /** `**{"name": value}`. */
  #addKeywords(keywords: (readonly [string, Term])[], dictionary: PythonNode | undefined, depth: number): boolean {
    if (dictionary?.kind !== 'dictionary') return false
    let isComplete = true
    for (const pair of dictionary.namedChildren) {
      const name = pair.kind === 'pair' ? stringText(pair.key) : null
      if (pair.kind === 'pair' && name !== null) keywords.push([name, this.#read(pair.value, depth + 1)])
      else isComplete = false
    }
    return isComplete
  }

  #identifier(node: IdentifierNode): Term {
    const { scopes, names } = this.#file
    const binding = scopes.bindingOf(node)
    const name = names.nameOf(node.index)
    if (!binding || (name !== null && !this.#isVariableHere(binding, node))) return name === null ? OPAQUE : { kind: 'name', name }
    const [first, ...others] = this.#definitionsOf(binding, node)
    if (!first) return OPAQUE
    if (others.length === 0 && first.kind === 'parameter') return { kind: 'parameter', name: node.text }
    return { kind: 'local', definitions: [first, ...others].map(({ index }) => index) } satisfies LocalTerm
  }

  /** Whether a name of the module is a variable that the module's own code reads: there it is as good as a local one. */
  #isVariableHere(binding: Binding, node: IdentifierNode): boolean {
    if (binding.scope.kind !== 'module' || this.#file.scopes.scopeOf(node).function) return false
    return binding.definitions.every(({ kind }) => kind === 'assignment' || kind === 'augmented' || kind === 'walrus' || kind === 'annotation')
  }

  /** The definitions that reach a use; none if something unknown does. */
  #definitionsOf(binding: Binding, node: IdentifierNode): readonly Definition[] {
    const valued = binding.definitions.filter(({ kind }) => kind !== 'delete' && kind !== 'annotation')
    if (valued.length === 1) return valued
    const { definitions, elsewhere } = this.#flowOf(node).definitionsOf(node)
    return elsewhere ? [] : definitions
  }

  #defined(definition: Definition): Term {
    const { kind, node, name, value } = definition
    if (kind === 'parameter') return { kind: 'parameter', name: name.text, ...(this.#keepsNodes && { node: name }) }
    if (kind === 'augmented' && node.kind === 'augmented_assignment') {
      return { kind: 'operator', operator: kindOf(node.operator).slice(0, -1), operands: [this.read(name), this.read(node.right)] }
    }
    if (value) return this.read(value)
    const unpacked = kind === 'assignment' ? unpackedValue(definition) : null
    if (unpacked) return this.read(unpacked)
    return this.#keepsNodes ? { ...OPAQUE, node: name } : OPAQUE
  }
}

/** A part that broken code may not have. */
function partOf(node: PythonNode, field: string): PythonNode | null {
  return node.field(field) as PythonNode | null
}

function kindOf(operator: { readonly kind: string } | null): string {
  return operator?.kind ?? ''
}

/** `aliased(User)` for `b` of `a, b = User, aliased(User)`. */
function unpackedValue({ name, node }: Definition): PythonNode | null {
  if (node.kind !== 'assignment' || node.left.kind !== 'pattern_list') return null
  const { right } = node
  if (right?.kind !== 'expression_list' && right?.kind !== 'tuple') return null
  const targets = node.left.namedChildren
  const items = right.namedChildren
  if (targets.length !== items.length || [...targets, ...items].some(({ kind }) => kind === 'list_splat' || kind === 'list_splat_pattern')) return null
  return items[targets.findIndex((target) => target === name)] ?? null
}
