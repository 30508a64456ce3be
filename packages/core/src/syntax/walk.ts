import type { FlatTree } from './tree.ts'

/** What a listener of `walk` returns to skip the nodes below. */
export const SkipChildren = Symbol('skip children')

/** The first child's index, or -1. */
export function firstChild(tree: FlatTree, index: number): number {
  const child = index + 1
  return child < tree.next[index]! ? child : -1
}

/** The next sibling's index, or -1. */
export function nextSibling(tree: FlatTree, index: number): number {
  const up = tree.parent[index]!
  if (up < 0) return -1
  const sibling = tree.next[index]!
  return sibling < tree.next[up]! ? sibling : -1
}

/** The previous sibling's index, or -1. */
export function previousSibling(tree: FlatTree, index: number): number {
  const up = tree.parent[index]!
  let sibling = index - 1
  if (up < 0 || sibling === up) return -1
  // The node just before is the last one below the sibling.
  while (tree.parent[sibling] !== up) sibling = tree.parent[sibling]!
  return sibling
}

/** The last child's index, or -1. */
export function lastChild(tree: FlatTree, index: number): number {
  let child = tree.next[index]! - 1
  if (child === index) return -1
  while (tree.parent[child] !== index) child = tree.parent[child]!
  return child
}

/** The index of the first child in a field, or -1. */
export function childByField(tree: FlatTree, index: number, fieldId: number): number {
  const { next, field } = tree
  const end = next[index]!
  for (let child = index + 1; child < end; child = next[child]!) if (field[child] === fieldId) return child
  return -1
}

/** The index of the nearest ancestor (itself excluded) of this kind, or -1. */
export function closestOfKind(tree: FlatTree, index: number, kindId: number): number {
  const { parent, kind } = tree
  let up = parent[index]!
  while (up >= 0 && kind[up] !== kindId) up = parent[up]!
  return up
}

/**
 * Visits `root` and all nodes below it in source order, each once on the way down and once on the way up.
 * @param enter Called with the index; may return `SkipChildren`, then nothing below is visited (`leave` is still called for the node itself).
 * @param leave Called with the index after the node's last descendant.
 */
export function walk(
  tree: FlatTree,
  root: number,
  enter: (index: number) => typeof SkipChildren | void,
  leave?: (index: number) => void,
): void {
  const { next, parent } = tree
  const end = next[root]!
  let index = root
  while (index < end) {
    const following = enter(index) === SkipChildren ? next[index]! : index + 1
    if (leave) leaveUpTo(index, following)
    index = following
  }

  function leaveUpTo(from: number, following: number): void {
    let open = from
    while (open >= root && next[open] === following) {
      leave!(open)
      if (open === root) return
      open = parent[open]!
    }
  }
}
