import { defineFact } from '@krait/core'
import type { FileSemantics } from '../file-semantics.ts'
import type { AssignmentNode, AttributeNode } from '../generated/nodes.ts'
import * as K from '../scopes/kind-codes.ts'
import { assignedValues } from '../shared/assigned-values.ts'
import type { PythonNode } from '../syntax/node.ts'
import type { Value } from '../values/value.ts'
import { functionKeyAt } from './function-keys.ts'

/** One assignment `object.attribute = value` in a function. */
export interface ObjectAssignment {
  /** The object as written: `order`, `self.order`. */
  readonly object: string
  /** What it stands for, relative to the file. */
  readonly of: Value
  readonly attribute: string
  /** It is given `None`, `""` or `False`. */
  readonly isEmpty?: true
  /** What it is given, if that is a name of a module or a text. */
  readonly value?: Value
  /** The branches that it stands in, from the outside in: a number for each statement that branches in the function, and one for the branch. */
  readonly branches?: readonly (readonly [statement: number, branch: number])[]
}

export type AssignmentsByFunction = Readonly<Record<string, readonly ObjectAssignment[]>>

/** More assignments of one function are left out. */
const MAX_ASSIGNMENTS = 100

/** What the functions of a file assign to attributes of objects that have a name, or are attributes of such; by `functionKey`. */
export const attributeAssignmentsFact = defineFact<AssignmentsByFunction, FileSemantics>({
  name: 'python/attribute-assignments',
  version: 2,
  onDemand: 'project',
  collect: ({ services: file }) => {
    const found = new Map<string, ObjectAssignment[]>()
    const { tree, tables } = file
    const { codes } = tables.kinds
    const numbers = new Map<number, number>()
    for (const index of file.nodesOf(K.ASSIGNMENT)) {
      if (!ASSIGNED.has(codes[tree.kind[index + 1]!]!)) continue
      const assignment = tree.node(index) as AssignmentNode
      for (const { target, value } of assignedValues(assignment)) {
        if (target.kind !== 'attribute' || !isNamed(target.object)) continue
        const key = functionKeyAt(file, index)
        const known = found.get(key) ?? []
        if (key === '' || known.length >= MAX_ASSIGNMENTS) continue
        known.push(assignmentOf(file, assignment, target, value, numbers))
        found.set(key, known)
      }
    }
    return Object.fromEntries(found)
  },
})

/** What the left side of an assignment begins with, if it may be an attribute or several. */
const ASSIGNED: ReadonlySet<number> = new Set([K.ATTRIBUTE, K.PATTERN_LIST, K.TUPLE_PATTERN])

function isNamed(object: PythonNode): boolean {
  let node = object
  while (node.kind === 'attribute') node = node.object
  return node.kind === 'identifier'
}

function assignmentOf(file: FileSemantics, assignment: AssignmentNode, { object, attribute }: AttributeNode, given: PythonNode, numbers: Map<number, number>): ObjectAssignment {
  const isEmpty = given.kind === 'none' || given.kind === 'false' || (given.kind === 'string' && given.text.length === 2)
  const said = isEmpty ? null : file.values.summarise(given.index)
  const isKept = said?.kind === 'name' || said?.kind === 'attribute' || (said?.kind === 'literal' && said.type === 'string')
  const branches = branchesAround(assignment, numbers)
  return {
    object: object.text,
    of: file.values.summarise(object.index),
    attribute: attribute.text,
    ...(isEmpty && { isEmpty }),
    ...(isKept && { value: said }),
    ...(branches.length > 0 && { branches }),
  }
}

function branchesAround(assignment: PythonNode, numbers: Map<number, number>): readonly (readonly [number, number])[] {
  const found: (readonly [number, number])[] = []
  for (let child = assignment, node = assignment.parent; node && node.kind !== 'function_definition'; child = node, node = node.parent) {
    const isBranching = node.kind === 'if_statement' || (node.kind === 'block' && node.parent?.kind === 'match_statement')
    if (!isBranching) continue
    let number = numbers.get(node.index)
    if (number === undefined) numbers.set(node.index, (number = numbers.size))
    found.push([number, node.namedChildren.indexOf(child)])
  }
  return found.reverse()
}
