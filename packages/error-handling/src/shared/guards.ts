import type { BlockNode, PythonNode, PythonServices } from '@krait/python'
import type { SharedPlace } from './shared-places.ts'
import { sharedPlace } from './shared-places.ts'

/** Where something shared decides what happens, or is part of what a function returns. */
export interface Guard {
  readonly node: PythonNode
  /** The function is left there while the state is set. */
  readonly refuses: boolean
}

/**
 * A place of the module at which a shared variable is tested or returned; for an attribute of the object, of its class. The first one that refuses, or
 * else the first one; `null` if there is none.
 * @param ignored reads that do not count, such as those of the statements that change it
 */
export function guardOf(context: PythonServices, place: SharedPlace, root: PythonNode, ignored: (read: PythonNode) => boolean): Guard | null {
  let first: Guard | null = null
  for (const read of readsOf(context, place, root)) {
    if (ignored(read) || isOtherElement(place, read)) continue
    const guard = guardAround(read)
    if (guard?.refuses) return guard
    first ??= guard
  }
  return first
}

function* readsOf(context: PythonServices, { variable }: SharedPlace, root: PythonNode): Generator<PythonNode> {
  if (variable.binding) {
    yield* variable.binding.references
    return
  }
  for (const attribute of root.descendants('attribute')) {
    if (attribute.attribute.text === variable.name && isSame(sharedPlace(context, attribute)?.variable, variable)) yield attribute
  }
}

/** An attribute of a class can be read by `self`, too. */
function isSame(a: SharedPlace['variable'] | undefined, b: SharedPlace['variable']): boolean {
  return a !== undefined && (a.key === b.key || (a.owner !== null && a.owner === b.owner))
}

/** `_state["other"]` says nothing of `_state["busy"]`. */
function isOtherElement({ element }: SharedPlace, read: PythonNode): boolean {
  const subscript = read.parent
  if (element?.kind !== 'string' || subscript?.kind !== 'subscript' || subscript.value !== read) return false
  const [other] = subscript.subscript
  return other?.kind === 'string' && other.text !== element.text
}

function guardAround(read: PythonNode): Guard | null {
  let child = read
  for (let node = read.parent; node; child = node, node = node.parent) {
    switch (node.kind) {
      case 'if_statement':
      case 'elif_clause':
        return child === node.condition ? { node: read, refuses: leaves(node.consequence) && !asksForNothing(read, child) } : null
      case 'while_statement':
        return child === node.condition ? { node: read, refuses: false } : null
      case 'assert_statement':
        return { node: read, refuses: asksForNothing(read, child) }
      case 'if_clause':
      case 'return_statement':
        return { node: read, refuses: false }
      case 'conditional_expression':
        if (child === node.namedChildren[1]) return { node: read, refuses: false }
        break
      case 'block':
      case 'module':
      case 'function_definition':
      case 'lambda':
        return null
    }
  }
  return null
}

function leaves({ namedChildren }: BlockNode): boolean {
  const kind = namedChildren.at(-1)?.kind
  return kind === 'return_statement' || kind === 'raise_statement' || kind === 'continue_statement'
}

/** `not x`, `x is None`, `k not in x` */
function asksForNothing(read: PythonNode, condition: PythonNode): boolean {
  let isNegated = false
  for (let node: PythonNode | null = read; node && node !== condition.parent; node = node.parent) {
    if (node.kind === 'not_operator') isNegated = !isNegated
    else if (node.kind === 'comparison_operator') {
      const isNone = node.namedChildren.some(({ kind }) => kind === 'none')
      const [operator] = node.operators
      if (operator?.kind === 'not in' || (operator?.kind === (isNone ? 'is' : 'is not'))) isNegated = !isNegated
    }
  }
  return isNegated
}
