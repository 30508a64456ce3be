import type { PythonNode } from '@krait/python'
import { loadPython } from '@krait/python/node'
import { describe, expect, test } from 'vitest'

const python = await loadPython()

function shape(node: PythonNode): string {
  const children = node.namedChildren.map(shape)
  return children.length === 0 ? node.text : `(${node.kind} ${children.join(' ')})`
}

function shapeOf(expression: string): string {
  const statement = python.parse(`x = ${expression}\n`).node(0).namedChildren[0]!
  return shape(statement.namedChildren[0]!.namedChildren[1] as PythonNode)
}

describe('a star before an expression', () => {
  test.each([
    ['[*a.b, c]', '(list (list_splat (attribute a b)) c)'],
    ['{*a.b}', '(set (list_splat (attribute a b)))'],
    ['*a.b, c', '(expression_list (list_splat (attribute a b)) c)'],
    ['[*a(1)]', '(list (list_splat (call a (argument_list 1))))'],
    ['[*a[0]]', '(list (list_splat (subscript a 0)))'],
    ['[*a + b]', '(list (list_splat (binary_operator a b)))'],
    ['[\n    *a.b(c).d[0], *e.f]', '(list (list_splat (subscript (attribute (call (attribute a b) (argument_list c)) d) 0)) (list_splat (attribute e f)))'],
    ['[c, *a.b]', '(list c (list_splat (attribute a b)))'],
    ['(*a.b, c)', '(tuple (list_splat (attribute a b)) c)'],
    ['f(*a.b)', '(call f (argument_list (list_splat (attribute a b))))'],
  ])('%s', (expression, expected) => {
    expect(shapeOf(expression)).toBe(expected)
  })

  test('leaves a tree that holds together', () => {
    const { tree } = python.parse('x = [*a.b(c).d, *e]\n').node(0)
    for (let index = 0; index < tree.size; index++) {
      const node = tree.node(index)
      node.children.forEach((child) => expect(child.parent).toBe(node))
      expect(node.children.every((child) => node.start <= child.start && child.end <= node.end)).toBe(true)
    }
    const splat = [...tree.node(0).descendants('list_splat')][0]!
    expect(splat.text).toBe('*a.b(c).d')
    expect(splat.fieldName).toBeNull()
    expect(splat.namedChildren[0]?.text).toBe('a.b(c).d')
    expect(splat.namedChildren[0]?.namedChildren[0]?.fieldName).toBe('object')
  })
})
