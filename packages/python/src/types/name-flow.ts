import type { FileSemantics } from '../file-semantics.ts'
import type { IdentifierNode } from '../generated/nodes.ts'
import type { PythonProject } from '../project/python-project.ts'
import * as K from '../scopes/kind-codes.ts'
import type { Binding, Definition } from '../scopes/scopes.ts'
import type { PythonNode } from '../syntax/node.ts'
import { UNKNOWN_TYPE, instanceOf, isNoneType, membersOf, unionOf, withoutNone, NONE_TYPE } from './type.ts'
import type { Type } from './type.ts'

/** Larger codes are not looked at for which definition reaches which use: all of them count there. */
const MAX_POINTS = 50_000

/** Which definitions of a name count at a use, and what the tests on the way say of its type. */
export class NameFlow {
  readonly #file: FileSemantics
  readonly #project: PythonProject
  /** By binding: whether a test may be about the name. */
  readonly #tested = new Map<number, boolean>()

  constructor(file: FileSemantics, project: PythonProject) {
    this.#file = file
    this.#project = project
  }

  /** The definitions that can reach a use; `null` if other code gives the name its value, so that all may count. */
  reachingDefinitions(use: PythonNode): readonly Definition[] | null {
    const flow = this.#file.flow(use)
    if (flow.graph.pointCount > MAX_POINTS) return null
    const { definitions, elsewhere } = flow.definitionsOf(use as IdentifierNode)
    return elsewhere || definitions.length === 0 ? null : definitions
  }

  /** Narrows the type of a name by the tests that lead to the use: `is None`, `isinstance`, and the name itself. */
  narrow(use: PythonNode, type: Type, typeOf: (node: PythonNode) => Type): Type {
    if (type.kind !== 'union' && type.kind !== 'unknown') return type
    const binding = this.#file.scopes.bindingOf(use)
    if (!binding || !this.#mayBeTested(binding)) return type
    const flow = this.#file.flow(use)
    if (flow.graph.pointCount > MAX_POINTS) return type
    let narrowed: Type = type
    for (const { test, outcome } of flow.testsBefore(use)) {
      const subject = subjectOf(test)
      if (subject?.text !== use.text || subject === use || !this.#hasSameValue(subject, use)) continue
      narrowed = this.#apply(test, outcome, narrowed, typeOf)
    }
    return narrowed
  }

  /** Most names are read in places alone that are no tests: no flow need be made for them. */
  #mayBeTested(binding: Binding): boolean {
    let isTested = this.#tested.get(binding.index)
    if (isTested === undefined) {
      const reads = this.#file.scopes.referencesOf(binding.index)
      isTested = reads.some((read) => !this.#isNoTest(read)) || binding.definitions.some(({ kind }) => kind === 'walrus')
      this.#tested.set(binding.index, isTested)
    }
    return isTested
  }

  /** Whether a name stands where no test is about it. */
  #isNoTest(read: number): boolean {
    const { tree, tables } = this.#file
    const parent = tree.parent[read]!
    const code = parent < 0 ? K.OTHER : tables.kinds.codes[tree.kind[parent]!]!
    if (code !== K.ARGUMENT_LIST) return NO_TESTS.has(code)
    const call = tree.node(tree.parent[parent]!) as PythonNode
    return call.kind === 'call' && call.function.text !== 'isinstance'
  }

  /** Whether no definition comes between the test and the use. */
  #hasSameValue(tested: PythonNode, use: PythonNode): boolean {
    const { scopes } = this.#file
    const binding = scopes.bindingOf(use)
    if (!binding || scopes.bindingOf(tested)?.index !== binding.index) return false
    const flow = this.#file.flow(use)
    const atUse = flow.definitionsOf(use as IdentifierNode)
    if (tested.parent?.kind === 'named_expression' && tested.parent.name === tested) {
      return atUse.definitions.length === 1 && atUse.definitions[0]!.name === tested
    }
    const atTest = flow.definitionsOf(tested as IdentifierNode)
    if (atTest.elsewhere !== atUse.elsewhere || atTest.definitions.length !== atUse.definitions.length) return false
    return atTest.definitions.every(({ index }, i) => atUse.definitions[i]!.index === index)
  }

  #apply(test: PythonNode, outcome: boolean, type: Type, typeOf: (node: PythonNode) => Type): Type {
    if (test.kind === 'identifier' || test.kind === 'named_expression') return outcome ? knownWithoutNone(type) : type
    if (test.kind === 'comparison_operator') {
      const isNone = comparesWithNone(test)
      if (isNone === null) return type
      return isNone === outcome ? (type.kind === 'unknown' ? NONE_TYPE : unionOf(membersOf(type).filter(isNoneType))) : knownWithoutNone(type)
    }
    return test.kind === 'call' ? this.#byIsInstance(test, outcome, type, typeOf) : type
  }

  #byIsInstance(test: PythonNode & { kind: 'call' }, outcome: boolean, type: Type, typeOf: (node: PythonNode) => Type): Type {
    const classes = test.arguments.namedChildren[1]
    if (!classes) return type
    const named = classes.kind === 'tuple' ? classes.namedChildren : [classes]
    const types = named.map((node) => typeOf(node))
    const names = types.flatMap((candidate) => (candidate.kind === 'class' ? [candidate.class] : []))
    if (names.length < named.length) return outcome ? UNKNOWN_TYPE : type
    const known = membersOf(type)
    if (type.kind === 'unknown') return outcome ? unionOf(names.map((name) => instanceOf(name))) : type
    const matching = known.filter((member) => member.kind === 'instance' && this.#project.isSubclassOf(member.class, names) === true)
    if (!outcome) return unionOf(known.filter((member) => !matching.includes(member)))
    return matching.length > 0 ? unionOf(matching) : unionOf(names.map((name) => instanceOf(name)))
  }
}

/** What is about more than the name itself, or is not decided on. */
const NO_TESTS: ReadonlySet<number> = new Set([
  K.ATTRIBUTE,
  K.CALL,
  K.SUBSCRIPT,
  K.KEYWORD_ARGUMENT,
  K.ASSIGNMENT,
  K.RETURN_STATEMENT,
  K.AWAIT,
  K.INTERPOLATION,
  K.PAIR,
  K.LIST,
  K.TUPLE,
  K.DICTIONARY,
  K.BINARY_OPERATOR,
])

/** The name that a test is about: `x`, `x is None`, `isinstance(x, T)`, `(x := f())`. */
function subjectOf(test: PythonNode): PythonNode | null {
  switch (test.kind) {
    case 'identifier':
      return test
    case 'named_expression':
      return test.name
    case 'comparison_operator': {
      const [first] = test.namedChildren
      if (first?.kind === 'parenthesized_expression' && first.namedChildren[0]?.kind === 'named_expression') return first.namedChildren[0].name
      return first?.kind === 'identifier' ? first : null
    }
    case 'call': {
      const [first] = test.arguments.namedChildren
      return test.function.text === 'isinstance' && first?.kind === 'identifier' ? first : null
    }
    default:
      return null
  }
}

/** Whether `x is None` (true) or `x is not None` (false); `null` for other comparisons. */
function comparesWithNone(test: PythonNode): boolean | null {
  const [, second, ...others] = test.namedChildren
  if (second?.kind !== 'none' || others.length > 0) return null
  const operator = test.fieldAll('operators')[0]?.text.replace(/\s+/g, ' ')
  if (operator === 'is' || operator === '==') return true
  return operator === 'is not' || operator === '!=' ? false : null
}

function knownWithoutNone(type: Type): Type {
  return type.kind === 'unknown' ? type : withoutNone(type)
}
