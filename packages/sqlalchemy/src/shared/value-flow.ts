import type { Binding, CallNode, LambdaNode, PythonNode, PythonServices } from '@krait/python'
import { unpackedFrom } from './unpacked-value.ts'

/** Says whether an argument of a call is what is looked for. A keyword argument is given as a whole. */
export type ArgumentTest = (call: CallNode, argument: PythonNode) => boolean

/** Says whether to stop where the value of a node is used by its parent. */
export type EndTest = (node: PythonNode) => boolean

const GROWING_METHODS: ReadonlySet<string> = new Set(['add', 'append', 'extend', 'insert'])

/**
 * Follows the values of expressions outward: through operators, parentheses, branches of conditional expressions, displays, comprehensions and lambdas
 * without parameters, and through the variables and lists of the same function, up to the arguments of calls.
 */
export class ValueFlow {
  readonly #services: Pick<PythonServices, 'scopes'>
  readonly #accepts: ArgumentTest
  readonly #ends: EndTest
  readonly #reaches = new Map<PythonNode, boolean>()

  constructor(services: Pick<PythonServices, 'scopes'>, accepts: ArgumentTest, ends: EndTest = () => false) {
    this.#services = services
    this.#accepts = accepts
    this.#ends = ends
  }

  /** Whether the value of an expression gets into an argument that the test accepts. */
  reachesArgument(expression: PythonNode): boolean {
    const cameFrom = new Map<PythonNode, PythonNode | null>([[expression, null]])
    const pending = [expression]
    for (let node = pending.pop(); node; node = pending.pop()) {
      const known = this.#reaches.get(node)
      if (known ?? this.#isAccepted(node)) {
        for (let from: PythonNode | null = node; from; from = cameFrom.get(from) ?? null) this.#reaches.set(from, true)
        return true
      }
      if (known === false || this.#ends(node)) continue
      for (const next of this.#next(node)) {
        if (cameFrom.has(next)) continue
        cameFrom.set(next, node)
        pending.push(next)
      }
    }
    for (const node of cameFrom.keys()) this.#reaches.set(node, false)
    return false
  }

  #isAccepted(node: PythonNode): boolean {
    const call = node.parent?.kind === 'argument_list' ? node.parent.parent : node.parent
    if (call?.kind !== 'call' || call.function === node) return false
    return this.#accepts(call, node)
  }

  /** Where the value of the node goes in one step. */
  #next(node: PythonNode): readonly PythonNode[] {
    const { parent } = node
    switch (parent?.kind) {
      case 'parenthesized_expression':
      case 'binary_operator':
      case 'unary_operator':
      case 'boolean_operator':
      case 'not_operator':
      case 'comparison_operator':
      case 'list':
      case 'set':
      case 'pair':
      case 'dictionary':
      case 'list_splat':
      case 'parenthesized_list_splat':
      case 'keyword_argument':
        return [parent]
      case 'tuple':
      case 'expression_list':
        return this.#fromItems(node, parent)
      case 'conditional_expression':
        return parent.namedChildren[1] === node ? [] : [parent]
      case 'named_expression':
        return [parent, ...this.#uses(parent.name)]
      case 'list_comprehension':
      case 'set_comprehension':
      case 'generator_expression':
        return parent.body === node ? [parent] : []
      case 'for_in_clause':
        return node.fieldName === 'right' && !isFiltered(parent) ? this.#uses(parent.left) : []
      case 'for_statement':
        return parent.right === node ? this.#uses(parent.left) : []
      case 'lambda':
        return isThunk(parent) ? [parent] : []
      case 'assignment':
        return this.#fromAssignment(parent)
      case 'augmented_assignment':
        return this.#uses(parent.left)
      case 'argument_list':
        return this.#intoList(parent.parent)
      case 'attribute':
        return node.kind === 'parenthesized_expression' && parent.parent?.kind === 'call' && parent.parent.function === parent ? [parent.parent] : []
      default:
        return []
    }
  }

  /** `a, b = x, y`: each item goes to its own name. */
  #fromItems(item: PythonNode, items: PythonNode): readonly PythonNode[] {
    const target = items.parent?.kind === 'assignment' ? unpackedFrom(items.parent, item) : null
    return target ? this.#uses(target) : [items]
  }

  /** Of `a = b = value`, both. */
  #fromAssignment(assignment: PythonNode): readonly PythonNode[] {
    const found: PythonNode[] = []
    for (let node: PythonNode | null = assignment; node?.kind === 'assignment'; node = node.parent) found.push(...this.#uses(node.left))
    return found
  }

  /** `conditions.append(value)` puts it where `conditions` goes. */
  #intoList(call: PythonNode | null): readonly PythonNode[] {
    if (call?.kind !== 'call' || call.function.kind !== 'attribute' || !GROWING_METHODS.has(call.function.attribute.text)) return []
    return this.#uses(call.function.object)
  }

  /** The reads of a variable in the function that binds it. */
  #uses(target: PythonNode): readonly PythonNode[] {
    const binding = target.kind === 'identifier' ? this.#services.scopes.bindingOf(target) : null
    return binding ? binding.references.filter((reference) => this.#isInSameFunction(reference, binding)) : []
  }

  #isInSameFunction(reference: PythonNode, binding: Binding): boolean {
    return this.#services.scopes.scopeOf(reference).function === binding.scope.function
  }
}

/** A comprehension with an `if` may leave out what is not meant to go on. */
function isFiltered({ parent }: PythonNode): boolean {
  return parent?.namedChildren.some(({ kind }) => kind === 'if_clause') ?? false
}

/** A lambda with parameters is called with something, say by a filter over objects. */
function isThunk({ parameters }: LambdaNode): boolean {
  return parameters === null
}
