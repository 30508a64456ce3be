import { defineFact } from '@krait/core'
import type { FileSemantics } from '../file-semantics.ts'
import type { PythonNode } from '../syntax/node.ts'

/** Where a class, an attribute in the body of a class, or a variable of the module is defined first: line and column, from 1. */
export type MemberPlaces = Readonly<Record<string, readonly [line: number, column: number]>>

/**
 * The places of members by their path in the module: `User.name`. They change with every edit above them: ask for them only for a finding that is
 * reported in any case.
 */
export const memberPlaceFact = defineFact<MemberPlaces, FileSemantics>({
  name: 'python/member-places',
  version: 1,
  onDemand: 'file',
  collect: ({ services: { tree } }) => {
    const places = new Map<string, readonly [number, number]>()
    const stack: (readonly [prefix: string, block: PythonNode])[] = [['', tree.node(0) as PythonNode]]
    const add = (name: string, node: PythonNode): void => {
      const { line, column } = node.loc.start
      if (!places.has(name)) places.set(name, [line, column])
    }
    for (let next = stack.pop(); next; next = stack.pop()) {
      const [prefix, block] = next
      for (const statement of block.namedChildren) {
        const inner = statement.kind === 'expression_statement' ? statement.namedChildren[0] : statement
        const definition = inner?.kind === 'decorated_definition' ? inner.definition : inner
        if (definition?.kind === 'assignment' && definition.left.kind === 'identifier') add(prefix + definition.left.text, definition.left)
        if (definition?.kind !== 'class_definition' && definition?.kind !== 'function_definition') continue
        add(prefix + definition.name.text, definition.name)
        if (definition.kind === 'class_definition') stack.push([`${prefix}${definition.name.text}.`, definition.body])
      }
    }
    return Object.fromEntries(places)
  },
})
