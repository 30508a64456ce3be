import type { SyntaxNode } from '@krait/core'
import type { AnyPythonNode, CallNode, FunctionDefinitionNode, PythonNode } from '@krait/python'
import { loadPython } from '@krait/python/node'
import { describe, expect, expectTypeOf, test } from 'vitest'
import { fixtures } from './fixtures.ts'

const python = await loadPython()

describe('a node', () => {
  const root = python.parse('@deco\ndef f(a, *b):  # note\n    return g(a, k=1) if a else None\n').node(0)
  const definition = [...root.descendants('function_definition')][0]!

  test('is one object, whatever way leads to it', () => {
    const { tree } = root
    for (let index = 0; index < tree.size; index++) {
      const node = tree.node(index)
      expect(tree.node(index)).toBe(node)
      node.children.forEach((child, i) => {
        expect(child.parent).toBe(node)
        expect(child.nextSibling).toBe(node.children[i + 1] ?? null)
        expect(child.previousSibling).toBe(node.children[i - 1] ?? null)
      })
      expect(node.children).toBe(node.children)
    }
  })

  test('says what and where it is', () => {
    expect(definition.kind).toBe('function_definition')
    expect(definition.text).toBe('def f(a, *b):  # note\n    return g(a, k=1) if a else None')
    expect(definition.range).toEqual([6, 63])
    expect(definition.loc).toEqual({ start: { line: 2, column: 1 }, end: { line: 3, column: 36 } })
    expect(definition.isNamed).toBe(true)
    expect(definition.fieldName).toBe('definition')
    expect(String(definition.name)).toBe('identifier [10, 11]')
  })

  test('has the fields of its kind', () => {
    expect(definition.name.text).toBe('f')
    expect(definition.return_type).toBeNull()
    expect(definition.field('body')).toBe(definition.body)
    expect(definition.fieldAll('name')).toEqual([definition.name])
  })

  test('gives an array for a field that can repeat, and the node for the same field of another kind', () => {
    const module = python.parse('from a import b, c\nimport d\nx = {}[1, 2]\nfor q in r: pass\n').node(0)
    const [fromImport, plainImport, assignment, loop] = module.namedChildren
    expect(fromImport?.kind === 'import_from_statement' && fromImport.name.map((name) => name.text)).toEqual(['b', 'c'])
    expect(plainImport?.kind === 'import_statement' && plainImport.name.map((name) => name.text)).toEqual(['d'])
    const [subscript] = assignment!.descendants('subscript')
    expect(subscript?.subscript.map((part) => part.text)).toEqual(['1', '2'])
    expect(loop?.kind === 'for_statement' && loop.right.text).toBe('r')
  })

  test('leaves tokens and comments out of the named children and siblings', () => {
    const [call] = definition.descendants('call')
    expect(call!.arguments.children.map((child) => child.kind)).toEqual(['(', 'identifier', ',', 'keyword_argument', ')'])
    expect(call!.arguments.namedChildren.map((child) => child.kind)).toEqual(['identifier', 'keyword_argument'])
    expect(call!.arguments.namedChildren[0]!.nextNamedSibling?.text).toBe('k=1')
    expect(call!.arguments.namedChildren[0]!.previousNamedSibling).toBeNull()
    expect(definition.children.find((child) => child.isExtra)?.text).toBe('# note')
    expect(definition.parameters.nextNamedSibling).toBe(definition.body)
    expect(definition.body.previousNamedSibling).toBe(definition.parameters)
  })

  test('finds its descendants in source order and its nearest ancestor', () => {
    expect([...definition.descendants('identifier')].map((name) => name.text)).toEqual(['f', 'a', 'b', 'g', 'a', 'k', 'a'])
    expect([...definition.descendants('return_statement', 'call')].map((node) => node.kind)).toEqual(['return_statement', 'call'])
    expect([...definition.descendants()].length).toBe(definition.tree.next[definition.index]! - definition.index - 1)
    const [call] = definition.descendants('call')
    expect(call!.closest('function_definition')).toBe(definition)
    expect(call!.closest('class_definition')).toBeNull()
    expect(definition.closest('function_definition')).toBeNull()
    expect(call!.closest('class_definition', 'decorated_definition')?.kind).toBe('decorated_definition')
  })

  test('knows what lies below it', () => {
    const [call] = definition.descendants('call')
    expect(definition.contains(call!)).toBe(true)
    expect(definition.contains(definition)).toBe(true)
    expect(call!.contains(definition)).toBe(false)
    expect(definition.name.contains(call!)).toBe(false)
    expect(python.parse('f()\n').node(0).contains(call!)).toBe(false)
  })

  test('tells the keyword from the expression of the same name', () => {
    const module = python.parse('f = lambda: 1\n').node(0)
    const [lambda, ...others] = module.descendants('lambda')
    expect(others).toEqual([])
    expect(lambda!.children[0]).toMatchObject({ kind: 'lambda', isNamed: false })
  })

  test('refuses a kind or a field that the grammar does not have', () => {
    const untyped: SyntaxNode = definition
    expect(() => untyped.closest('fuction_definition')).toThrow("no node kind 'fuction_definition'")
    expect(() => [...untyped.descendants('expression')]).toThrow("no node kind 'expression'")
    expect(() => untyped.field('nam')).toThrow("no field 'nam'")
  })

  test('refuses an index outside the tree', () => {
    expect(() => root.tree.node(root.tree.size)).toThrow(RangeError)
    expect(() => root.tree.node(-1)).toThrow(RangeError)
  })
})

test.each(fixtures)('children, siblings and fields agree with the columns: %s', (_, text) => {
  const tree = python.parse(text)
  for (let index = 0; index < tree.size; index++) {
    const node = tree.node(index)
    const children: number[] = []
    for (let other = 0; other < tree.size; other++) if (tree.parent[other] === index) children.push(other)
    expect(node.children.map((child) => child.index)).toEqual(children)
    for (const child of node.children) {
      expect(node.contains(child)).toBe(true)
      if (child.fieldName) expect(node.fieldAll(child.fieldName)).toContain(child)
    }
  }
})

test('lines end as Python has them, whatever the parser counts', () => {
  const tree = python.parse('a = 1\r\nb = "𝄞"; c = 2\rd = 3\n')
  const names = [...tree.node(0).descendants('identifier')]
  expect(names.map((name) => name.loc.start)).toEqual([
    { line: 1, column: 1 },
    { line: 2, column: 1 },
    { line: 2, column: 11 },
    { line: 3, column: 1 },
  ])
})

test('all walks survive 10,000 levels', () => {
  const tree = python.parse(`x = ${'f('.repeat(10_000)}1${')'.repeat(10_000)}\n`)
  const [number] = tree.node(0).descendants('integer')
  expect(number!.closest('module')).toBe(tree.node(0))
  expect([...tree.node(0).descendants('call')]).toHaveLength(10_000)
})

test('types narrow by kind', () => {
  const node: AnyPythonNode = python.parse('f(1)\n').node(2)
  expect(node.kind).toBe('call')
  if (node.kind === 'call') {
    expectTypeOf(node).toEqualTypeOf<CallNode>()
    expectTypeOf(node.arguments.kind).toEqualTypeOf<'argument_list' | 'generator_expression'>()
    expectTypeOf(node.closest('function_definition')).toEqualTypeOf<FunctionDefinitionNode | null>()
    expectTypeOf(node.parent).toEqualTypeOf<PythonNode | null>()
    expectTypeOf(node.descendants('call')).toEqualTypeOf<Generator<CallNode>>()
    // @ts-expect-error -- a call has no field of this name
    expect(node.superclasses).toBeNull()
  }
  // @ts-expect-error -- no such kind
  expect(() => node.closest('fuction_definition')).toThrow()
  expectTypeOf(node).toExtend<SyntaxNode>()
})
