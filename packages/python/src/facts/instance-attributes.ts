import { childByField, defineFact } from '@krait/core'
import type { FileSemantics } from '../file-semantics.ts'
import * as K from '../scopes/kind-codes.ts'
import * as S from '../scopes/scope-tables.ts'
import type { Value } from '../values/value.ts'

/** One assignment to `self.<name>` in a method. Names are relative to the file. */
export interface AttributeAssignment {
  /** The method in which it stands; parameters in `value` are those of this method. */
  readonly method: string
  /** Left out where the assignment has no value (`self.x: int`) or unpacks one. */
  readonly value?: Value
  readonly annotation?: Value
}

/** By the path of the class in its module (`Outer.Inner`), then by attribute. */
export type InstanceAttributes = Readonly<Record<string, Readonly<Record<string, readonly AttributeAssignment[]>>>>

/** More assignments of one attribute than these are left out. */
const MAX_ASSIGNMENTS = 20

/** The attributes that methods give to their instances. */
export const instanceAttributesFact = defineFact<InstanceAttributes, FileSemantics>({
  name: 'python/instance-attributes',
  version: 1,
  collect: ({ services: file }) => file.instanceAttributes,
})

export function instanceAttributesOf(file: FileSemantics): InstanceAttributes {
  const found = new Map<string, Map<string, AttributeAssignment[]>>()
  const { tree, tables } = file
  const { codes, fields } = tables.kinds
  for (const index of file.nodesOf(K.ATTRIBUTE)) {
    if (tree.text.charCodeAt(tree.start[index]!) !== SMALL_S) continue
    const object = childByField(tree, index, fields.object)
    if (object < 0 || codes[tree.kind[object]!] !== K.IDENTIFIER || !isTarget(file, index)) continue
    const method = methodOfSelf(file, object)
    if (method) add(found, method, nameOf(file, index), assignmentOf(file, index, method.name))
  }
  return Object.fromEntries([...found].map(([path, attributes]) => [path, Object.fromEntries(attributes)]))
}

interface Method {
  readonly classPath: string
  readonly name: string
}

function add(found: Map<string, Map<string, AttributeAssignment[]>>, { classPath }: Method, name: string, assignment: AttributeAssignment): void {
  let attributes = found.get(classPath)
  if (!attributes) found.set(classPath, (attributes = new Map()))
  const assignments = attributes.get(name) ?? []
  if (assignments.length < MAX_ASSIGNMENTS) assignments.push(assignment)
  attributes.set(name, assignments)
}

/** Whether the attribute is assigned to: alone, in a chain, or among the targets of an unpacking or a loop. */
export function isTarget({ tree, tables }: FileSemantics, attribute: number): boolean {
  const { codes, fields } = tables.kinds
  for (let child = attribute, node = tree.parent[attribute]!; node >= 0; child = node, node = tree.parent[node]!) {
    switch (codes[tree.kind[node]!]) {
      case K.ASSIGNMENT:
      case K.AUGMENTED_ASSIGNMENT:
      case K.FOR_STATEMENT:
        return tree.field[child] === fields.left
      case K.PATTERN_LIST:
      case K.TUPLE_PATTERN:
      case K.LIST_PATTERN:
      case K.LIST_SPLAT_PATTERN:
        break
      case K.AS_PATTERN_TARGET:
        return true
      default:
        return false
    }
  }
  return false
}

/** The method whose first parameter the identifier is. */
function methodOfSelf(file: FileSemantics, identifier: number): Method | null {
  const { tables, tree } = file
  const { bindingOfNode, bindingDefinitions, bindingScopes, definitionKinds, scopeKinds, scopeNodes, kinds } = tables
  const binding = bindingOfNode[identifier]! - 1
  if (binding < 0) return null
  const scope = bindingScopes[binding]!
  if (scopeKinds[scope] !== S.FUNCTION_SCOPE) return null
  if (bindingDefinitions[binding]!.some((d) => definitionKinds[d] !== S.PARAMETER)) return null
  const functionNode = scopeNodes[scope]!
  const classScope = tables.scopeAt(functionNode)
  const classPath = scopeKinds[classScope] === S.CLASS_SCOPE ? file.names.pathOfScope(classScope) : null
  if (classPath === null) return null
  const parameters = childByField(tree, functionNode, kinds.fields.parameters)
  const first = parameters < 0 ? -1 : firstNamed(file, parameters)
  if (first < 0 || tree.text.slice(tree.start[first], tree.end[first]) !== tree.text.slice(tree.start[identifier], tree.end[identifier])) return null
  return { classPath, name: textAt(file, childByField(tree, functionNode, kinds.fields.name)) }
}

function assignmentOf(file: FileSemantics, attribute: number, method: string): AttributeAssignment {
  const { tree, tables } = file
  const { codes, fields } = tables.kinds
  const statement = tree.parent[attribute]!
  if (codes[tree.kind[statement]!] !== K.ASSIGNMENT) return { method }
  const type = childByField(tree, statement, fields.type)
  let value = childByField(tree, statement, fields.right)
  while (value >= 0 && codes[tree.kind[value]!] === K.ASSIGNMENT) value = childByField(tree, value, fields.right)
  return {
    method,
    ...(value >= 0 && { value: file.values.summarise(value) }),
    ...(type >= 0 && { annotation: file.values.annotation(type) }),
  }
}

function nameOf({ tree, tables }: FileSemantics, attribute: number): string {
  const name = childByField(tree, attribute, tables.kinds.fields.attribute)
  return tree.text.slice(tree.start[name], tree.end[name])
}

function firstNamed({ tree }: FileSemantics, node: number): number {
  for (let child = node + 1; child < tree.next[node]!; child = tree.next[child]!) if (tree.grammar.isNamed[tree.kind[child]!]) return child
  return -1
}

function textAt({ tree }: FileSemantics, node: number): string {
  return node < 0 ? '' : tree.text.slice(tree.start[node], tree.end[node])
}

/** Every first parameter of a method that the field knows begins with an s; asking more would cost a look at every attribute. */
const SMALL_S = 115
