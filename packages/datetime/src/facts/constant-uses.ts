import { defineFact } from '@krait/core'
import type { FlatTree } from '@krait/core'
import type {
  AttributeNode, AugmentedAssignmentNode, BinaryOperatorNode, ComparisonOperatorNode, FileSemantics, PythonNode, RelativeName, Scope, Value,
} from '@krait/python'
import { appendName } from '@krait/python'

/** What the functions of a file compare or compute with. Names are relative to the file, as in its module fact. */
export interface ConstantUses {
  readonly compared: UsesByName
  readonly computed: UsesByName
}

/** For each variable of a module or class the ways in which it is used: the functions that the other side of the operator calls. */
export type UsesByName = Readonly<Record<RelativeName, readonly (readonly RelativeName[])[]>>

/**
 * Which variables of modules and classes the functions of a file compare or do arithmetic with. `NOW.year` stands for a use of `NOW`. A name that
 * the file assigns as an attribute is left out: it holds a state, and is no constant.
 */
export const constantUsesFact = defineFact<ConstantUses, FileSemantics>({
  name: 'datetime/constant-uses',
  version: 1,
  onDemand: 'project',
  collect: ({ services }) => new UseCollector(services).collect(),
})

type Operation = ComparisonOperatorNode | BinaryOperatorNode | AugmentedAssignmentNode
type Uses = Map<RelativeName, RelativeName[][]>

/** More parts of an operand than this are not looked at. */
const MAX_PARTS = 50
/** More ways to use one name are left out. */
const MAX_WAYS = 20
const CONVERSIONS: ReadonlySet<string> = new Set(['int', 'float', 'round', 'abs', 'str'])
const OPERATIONS: ReadonlySet<string> = new Set(['comparison_operator', 'binary_operator', 'augmented_assignment'])
const WRAPPERS: ReadonlySet<string> = new Set(['parenthesized_expression', 'unary_operator', 'tuple', 'list', 'set', 'conditional_expression', 'pattern_list'])

/** Goes from each name that is read outwards, in the columns of the tree: most names stand in no operation, and every file has many of them. */
class UseCollector {
  readonly #file: FileSemantics
  readonly #tree: FlatTree
  readonly #compared: Uses = new Map()
  readonly #computed: Uses = new Map()
  readonly #assigned = new Set<RelativeName>()

  constructor(file: FileSemantics) {
    this.#file = file
    this.#tree = file.tree
  }

  collect(): ConstantUses {
    const { referenceNodes, referenceScopes } = this.#file.tables
    for (let r = 0; r < referenceNodes.length; r++) this.#visit(referenceNodes[r]!, referenceScopes[r]!)
    return { compared: this.#constants(this.#compared), computed: this.#constants(this.#computed) }
  }

  #visit(identifier: number, scope: number): void {
    const chain = this.#chainFrom(identifier)
    const operand = this.#operandAround(chain)
    const operation = this.#tree.parent[operand]!
    if (operation < 0) return
    if (operand === operation + 1 && this.#kind(operation).endsWith('assignment')) {
      const name = chain === identifier ? null : this.#nameOf(identifier, chain)
      if (name !== null) this.#assigned.add(name)
    } else if (OPERATIONS.has(this.#kind(operation)) && this.#isInFunction(scope)) {
      const name = this.#nameOf(identifier, chain)
      if (name !== null) this.#addUse(name, this.#tree.node(operation) as Operation, this.#tree.node(operand) as PythonNode)
    }
  }

  /** The whole of `a.b.c`, from its `a`. */
  #chainFrom(identifier: number): number {
    const { parent } = this.#tree
    let chain = identifier
    while (parent[chain]! >= 0 && this.#kind(parent[chain]!) === 'attribute') chain = parent[chain]!
    return chain
  }

  /** The operand that is made of a name alone: `int(NOW.timestamp())`, `(NOW, 0)`. */
  #operandAround(chain: number): number {
    const { parent } = this.#tree
    let operand = chain
    for (let up = parent[operand]!; up >= 0; up = parent[operand]!) {
      const kind = this.#kind(up)
      const isFirst = operand === up + 1
      const goesOn = WRAPPERS.has(kind) || (isFirst && (kind === 'attribute' || kind === 'subscript' || (kind === 'call' && this.#isMethod(operand))))
      if (goesOn) operand = up
      else if (kind === 'argument_list' && this.#isConversion(up)) operand = parent[up]!
      else break
    }
    return operand
  }

  #isMethod(called: number): boolean {
    return this.#kind(called) === 'attribute'
  }

  #isConversion(argumentList: number): boolean {
    const called = this.#tree.parent[argumentList]! + 1
    return this.#kind(called) === 'identifier' && CONVERSIONS.has(this.#text(called)) && this.#file.tables.bindingOfNode[called] === -1
  }

  #addUse(name: RelativeName, operation: Operation, operand: PythonNode): void {
    const uses = operation.kind === 'comparison_operator' ? this.#compared : this.#computed
    if (!isOfValues(operation) || isSettled(uses.get(name))) return
    const sides = operation.kind === 'comparison_operator' ? operation.namedChildren : [operation.left, operation.right]
    const position = sides.findIndex((side) => side === operand)
    const calls = [sides[position - 1], sides[position + 1]].flatMap((other) => (other ? this.#callsIn(other) : []))
    addUse(uses, name, [...new Set(calls)].sort())
  }

  #callsIn(side: PythonNode): RelativeName[] {
    return calledFunctions(this.#file.values.summarise(side.index))
  }

  #nameOf(identifier: number, chain: number): RelativeName | null {
    return this.#file.names.nameOf(chain) ?? this.#nameOfOwnAttribute(identifier)
  }

  /** `Clock.NOW` for `self.NOW` or `cls.NOW` in a method of `Clock`. */
  #nameOfOwnAttribute(identifier: number): RelativeName | null {
    const { scopes, names } = this.#file
    const object = this.#tree.node(identifier) as PythonNode
    const binding = object.parent?.kind === 'attribute' ? scopes.bindingOf(object) : null
    const method = binding?.scope
    if (binding?.onlyDefinition?.kind !== 'parameter' || method?.kind !== 'function' || method.parent?.kind !== 'class') return null
    const [first] = method.bindings.keys()
    const path = first === binding.name ? names.pathOfScope(method.parent.index) : null
    return path === null ? null : appendName(`:${path}`, (object.parent as AttributeNode).attribute.text)
  }

  #constants(uses: Uses): UsesByName {
    return Object.fromEntries([...uses].filter(([name]) => !this.#assigned.has(name)))
  }

  #isInFunction(innermost: number): boolean {
    for (let scope: Scope | null = this.#file.scopes.at(innermost); scope; scope = scope.parent) {
      if (scope.kind === 'function' || scope.kind === 'lambda') return true
    }
    return false
  }

  #kind(node: number): string {
    return this.#tree.grammar.kindNames[this.#tree.kind[node]!]!
  }

  #text(node: number): string {
    return this.#tree.text.slice(this.#tree.start[node], this.#tree.end[node])
  }
}

/** `is` compares objects, `|` and `&` combine sets and conditions, and with a string an operator makes another string. */
function isOfValues(node: Operation): boolean {
  if (node.kind === 'comparison_operator') return node.operators.some(({ kind }) => !kind.startsWith('is'))
  const operator = node.operator.kind.replace('=', '')
  return !'|&^@<<>>'.includes(operator) && !isString(node.left) && !isString(node.right)
}

function isString({ kind }: PythonNode): boolean {
  return kind === 'string' || kind === 'concatenated_string'
}

function calledFunctions(value: Value): RelativeName[] {
  const found: RelativeName[] = []
  const stack: Value[] = [value]
  for (let part = stack.pop(), steps = 0; part && steps < MAX_PARTS; part = stack.pop(), steps++) {
    if (part.kind === 'call') {
      if (part.callee !== null) found.push(part.callee)
      stack.push(...part.arguments, ...(part.function ? [part.function] : []))
    } else if (part.kind === 'attribute' || part.kind === 'subscript') stack.push(part.object)
    else if (part.kind === 'binary' || part.kind === 'boolean') stack.push(part.left, part.right)
    else if (part.kind === 'unary' || part.kind === 'await') stack.push(part.operand)
  }
  return found.filter((name) => !name.startsWith('builtins.'))
}

/** A use beside no call at all says it all. */
function isSettled(ways: readonly (readonly RelativeName[])[] | undefined): boolean {
  return ways !== undefined && (ways.length >= MAX_WAYS || ways.some((way) => way.length === 0))
}

function addUse(uses: Uses, name: RelativeName, calls: RelativeName[]): void {
  const ways = uses.get(name)
  if (!ways) uses.set(name, [calls])
  else if (!ways.some((way) => way.join() === calls.join())) ways.push(calls)
}
