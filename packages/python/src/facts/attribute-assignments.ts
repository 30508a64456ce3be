import { childByField, defineFact } from '@krait/core'
import type { FileSemantics } from '../file-semantics.ts'
import * as K from '../scopes/kind-codes.ts'
import type { PythonNode } from '../syntax/node.ts'
import type { Value } from '../values/value.ts'
import { functionKeyAt } from './function-keys.ts'

/** One assignment `object.attribute = value` in a function. */
export interface ObjectAssignment {
  /** The name of the object as written. */
  readonly object: string
  /** What the name stands for, relative to the file. */
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

/** What the functions of a file assign to attributes of objects that have a plain name; by `functionKey`. */
export const attributeAssignmentsFact = defineFact<AssignmentsByFunction, FileSemantics>({
  name: 'python/attribute-assignments',
  version: 1,
  onDemand: 'project',
  collect: ({ services: file }) => {
    const found = new Map<string, ObjectAssignment[]>()
    const { tree, tables } = file
    const { codes, fields } = tables.kinds
    const numbers = new Map<number, number>()
    for (let index = 0; index < tree.size; index++) {
      if (codes[tree.kind[index]!] !== K.ASSIGNMENT) continue
      const target = childByField(tree, index, fields.left)
      const object = target >= 0 && codes[tree.kind[target]!] === K.ATTRIBUTE ? childByField(tree, target, fields.object) : -1
      const value = childByField(tree, index, fields.right)
      if (object < 0 || value < 0 || codes[tree.kind[object]!] !== K.IDENTIFIER) continue
      const key = functionKeyAt(file, index)
      const known = found.get(key) ?? []
      if (key === '' || known.length >= MAX_ASSIGNMENTS) continue
      known.push(assignmentOf(file, index, target, object, value, numbers))
      found.set(key, known)
    }
    return Object.fromEntries(found)
  },
})

function assignmentOf(file: FileSemantics, assignment: number, target: number, object: number, value: number, numbers: Map<number, number>): ObjectAssignment {
  const { tree, tables } = file
  const attribute = childByField(tree, target, tables.kinds.fields.attribute)
  const given = tree.node(value) as PythonNode
  const isEmpty = given.kind === 'none' || given.kind === 'false' || (given.kind === 'string' && given.text.length === 2)
  const said = isEmpty ? null : file.values.summarise(value)
  const isKept = said?.kind === 'name' || said?.kind === 'attribute' || (said?.kind === 'literal' && said.type === 'string')
  const branches = branchesAround(tree.node(assignment) as PythonNode, numbers)
  return {
    object: tree.text.slice(tree.start[object], tree.end[object]),
    of: file.values.summarise(object),
    attribute: tree.text.slice(tree.start[attribute], tree.end[attribute]),
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
