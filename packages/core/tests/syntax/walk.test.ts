import { childByField, closestOfKind, firstChild, lastChild, nextSibling, previousSibling, SkipChildren, walk } from '@krait/core'
import { expect, test } from 'vitest'
import { loadParser } from './grammars.ts'

const toml = await loadParser('toml')
const tree = toml.parse('a = [1, [2, 3], []]\nb = "x"\n[c]\n')
const array = tree.grammar.kindIds('array')[0]!

test('steps over indices agree with the columns', () => {
  for (let index = 0; index < tree.size; index++) {
    const children = Array.from(tree.parent.keys()).filter((other) => tree.parent[other] === index)
    expect(firstChild(tree, index)).toBe(children[0] ?? -1)
    expect(lastChild(tree, index)).toBe(children.at(-1) ?? -1)
    children.forEach((child, i) => {
      expect(nextSibling(tree, child)).toBe(children[i + 1] ?? -1)
      expect(previousSibling(tree, child)).toBe(children[i - 1] ?? -1)
    })
  }
  expect(nextSibling(tree, 0)).toBe(-1)
  expect(previousSibling(tree, 0)).toBe(-1)
})

test('the nearest ancestor of a kind', () => {
  const inner = tree.kind.indexOf(array, tree.kind.indexOf(array) + 1)
  expect(closestOfKind(tree, inner, array)).toBe(tree.kind.indexOf(array))
  expect(closestOfKind(tree, tree.kind.indexOf(array), array)).toBe(-1)
})

test('a grammar without fields has no child in any field', () => {
  expect(childByField(tree, 0, 1)).toBe(-1)
})

test('a walk enters and leaves every node in nesting order', () => {
  const open: number[] = []
  const entered: number[] = []
  walk(
    tree,
    0,
    (index) => {
      expect(open.at(-1) ?? -1).toBe(tree.parent[index])
      open.push(index)
      entered.push(index)
    },
    (index) => {
      expect(open.pop()).toBe(index)
    },
  )
  expect(open).toEqual([])
  expect(entered).toEqual(Array.from({ length: tree.size }, (_, index) => index))
})

test('a walk stays below its root and passes by what is skipped', () => {
  const outer = tree.kind.indexOf(array)
  const steps: string[] = []
  walk(
    tree,
    outer,
    (index) => {
      steps.push(`+${tree.node(index).text}`)
      return index !== outer && tree.kind[index] === array ? SkipChildren : undefined
    },
    (index) => {
      steps.push(`-${tree.node(index).text}`)
    },
  )
  expect(steps).toEqual([
    '+[1, [2, 3], []]', '+[', '-[', '+1', '-1', '+,', '-,', '+[2, 3]', '-[2, 3]', '+,', '-,', '+[]', '-[]', '+]', '-]', '-[1, [2, 3], []]',
  ])
})
