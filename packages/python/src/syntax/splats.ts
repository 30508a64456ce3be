import type { FlatTree } from '@krait/core'

/** A star as the first part of a list, set or row of values, where the grammar goes wrong. */
const MAY_HAVE_ONE = /(?:[[{=]|\breturn|\byield|\bin)\s*\*\s*\w/

/** What binds closer than the star. */
const OPERANDS = ['attribute', 'binary_operator', 'call', 'subscript']

/**
 * Moves the star of `[*a.b]` to where it belongs: in lists, sets and rows of values the grammar takes `*a` for the object of the attribute. Both readings have
 * the same number of nodes, so that the tree can be changed in place.
 */
export function raiseSplats(tree: FlatTree): void {
  if (!MAY_HAVE_ONE.test(tree.text)) return
  const { kind, parent, grammar, size } = tree
  const splats = new Set(grammar.kindIds('list_splat'))
  const operands = new Set(OPERANDS.flatMap((name) => grammar.kindIds(name)))
  for (let index = 1; index < size; index++) {
    if (!splats.has(kind[index]!)) continue
    let top = index
    while (parent[top] === top - 1 && operands.has(kind[top - 1]!)) top--
    if (top < index) raise(tree, top, index)
  }
}

/** Turns the nodes `top` up to `splat`, each the first child of the one before, from `(a (splat * x))` into `(splat * (a x))`. */
function raise({ kind, field, flags, start, end, next, parent }: FlatTree, top: number, splat: number): void {
  const star = splat + 1
  const operand = splat + 2
  const behind = next[top]!
  const columns = [kind, field, flags, start, end, next]
  const [splatColumns, starColumns] = [splat, star].map((index) => columns.map((column) => column[index]!))
  const outer = { field: field[top]!, end: end[top]!, parent: parent[top]! }

  field[operand] = splatColumns![1]!
  for (let index = operand; index < behind; index++) {
    if (parent[index] === splat) parent[index] = splat + 1
    else if (parent[index]! >= top && parent[index]! < splat) parent[index]! += 2
  }
  for (let index = splat - 1; index >= top; index--) {
    for (const column of columns) column[index + 2] = column[index]!
    start[index + 2] = start[operand]!
    parent[index + 2] = index + 1
  }
  for (const [i, column] of columns.entries()) {
    column[top] = splatColumns![i]!
    column[top + 1] = starColumns![i]!
  }
  field[top] = outer.field
  end[top] = outer.end
  next[top] = behind
  parent[top] = outer.parent
  next[top + 1] = top + 2
  parent[top + 1] = top
  field[top + 2] = 0
  parent[top + 2] = top
}
