import { childByField, defineFact } from '@krait/core'
import type { FileSemantics } from '../file-semantics.ts'
import type { CallNode, ForStatementNode } from '../generated/nodes.ts'
import * as K from '../scopes/kind-codes.ts'
import { positionalArguments } from '../shared/calls.ts'
import type { PythonNode } from '../syntax/node.ts'
import type { Value } from '../values/value.ts'
import { functionKeyAt } from './function-keys.ts'

/** Where the items of a parameter, which holds a dict, are written to. */
export interface ItemSetter {
  readonly parameter: string
  /** The name of the object whose attributes they become: `setattr(order, key, value)`. Left out where that is no parameter. */
  readonly object?: string
  /** What `update(...)` or `query(...)` names in `update(Order).values(**fields)`. */
  readonly model?: Value
}

/** By the key of the function, see `functionKey`. Functions that write no such items are left out. */
export type ItemSettersByFunction = Readonly<Record<string, readonly ItemSetter[]>>

/** Functions that write the items of a dict to the attributes of an object, or to the columns of a table. */
export const itemSettersFact = defineFact<ItemSettersByFunction, FileSemantics>({
  name: 'python/item-setters',
  version: 1,
  onDemand: 'file',
  collect: ({ services: file }) => {
    const { tree, tables } = file
    const { fields } = tables.kinds
    const found = new Map<string, ItemSetter[]>()
    for (const index of file.nodesOf(K.CALL)) {
      const called = childByField(tree, index, fields.function)
      const name = called < 0 ? '' : tree.text.slice(tree.start[called], tree.end[called])
      if (!/(^setattr|\.(values|update|sqlmodel_update))$/.test(name)) continue
      const setter = setterOf(file, tree.node(index) as CallNode)
      if (!setter) continue
      const key = functionKeyAt(file, index)
      found.set(key, [...(found.get(key) ?? []), setter])
    }
    return Object.fromEntries(found)
  },
})

function setterOf(file: FileSemantics, call: CallNode): ItemSetter | null {
  const called = call.function
  if (called.kind !== 'attribute') return setterByLoop(file, call)
  const written = writtenBy(call)
  const parameter = written && parameterOf(file, written)
  if (!parameter) return null
  if (called.attribute.text === 'sqlmodel_update') return { parameter, ...objectOf(file, called.object) }
  const model = statementModel(called.object, called.attribute.text === 'values' ? 'update' : 'query')
  return model && { parameter, model: file.values.summarise(model.index) }
}

/** `for key, value in fields.items(): setattr(order, key, value)` */
function setterByLoop(file: FileSemantics, call: CallNode): ItemSetter | null {
  const [object, key] = positionalArguments(call)
  const loop = object && key ? loopOver(call, key) : null
  const parameter = loop && parameterOf(file, itemsOf(loop))
  return parameter && object ? { parameter, ...objectOf(file, object) } : null
}

function objectOf(file: FileSemantics, object: PythonNode): { readonly object?: string } {
  return object.kind === 'identifier' && parameterOf(file, object) === object.text ? { object: object.text } : {}
}

/** The loop around a node that binds a name. */
function loopOver(node: PythonNode, name: PythonNode): ForStatementNode | null {
  for (let { parent } = node; parent && parent.kind !== 'function_definition'; { parent } = parent) {
    if (parent.kind !== 'for_statement') continue
    const targets = parent.left.kind === 'identifier' ? [parent.left] : parent.left.namedChildren
    if (targets.some(({ text }) => text === name.text)) return parent
  }
  return null
}

/** `fields` of `fields.items()`. */
function itemsOf({ right }: ForStatementNode): PythonNode {
  const called = right.kind === 'call' ? right.function : null
  return called?.kind === 'attribute' && (called.attribute.text === 'items' || called.attribute.text === 'keys') ? called.object : right
}

/** The dict in `.values(**fields)` and `.update(fields)`. */
function writtenBy(call: CallNode): PythonNode | null {
  const splat = call.arguments.namedChildren.find(({ kind }) => kind === 'dictionary_splat')
  return splat?.namedChildren[0] ?? positionalArguments(call)[0] ?? null
}

/** What the call that a chain such as `update(Order).where(...)` begins with is given. */
function statementModel(chain: PythonNode, name: string): PythonNode | null {
  let node = chain
  while (node.kind === 'call') {
    const called: PythonNode = node.function
    const last = called.kind === 'attribute' ? called.attribute.text : called.text
    if (last === name) return positionalArguments(node)[0] ?? null
    if (called.kind !== 'attribute') return null
    node = called.object
  }
  return null
}

/** The parameter that a name is, also by a local name that it is given to. */
function parameterOf({ scopes }: FileSemantics, node: PythonNode): string | null {
  const definitions = node.kind === 'identifier' ? (scopes.bindingOf(node)?.definitions ?? []) : []
  for (const { kind, value } of definitions) {
    if (kind === 'parameter') return node.text
    const given = value?.kind === 'identifier' ? scopes.bindingOf(value)?.onlyDefinition : null
    if (given?.kind === 'parameter') return value!.text
  }
  return null
}
