import { describe, expect, test } from 'vitest'
import { semanticsOf } from '../../src/file-semantics.ts'
import { FlowCase } from './support/flow-of.ts'

/** Code of great size or depth, as a function of a number. */
const SHAPES: Readonly<Record<string, (count: number) => string>> = {
  statements: (count) => lines(count, (i) => `x${i} = f(x${i - 1})`),
  'assignments of one name': (count) => lines(count, () => 'x = f(x)'),
  branches: (count) => lines(count, (i) => `if a: x${i} = 1\n f(x${i}, y)`),
  'branches by the same conditions': (count) => `${lines(count, (i) => `if a${i}: f()`)}\n${lines(count, (i) => `if a${i}: f()`)}`,
  'branches in a loop': (count) => ` while b:\n${lines(count, (i) => ` if a: x${i} = 1\n  f(x${i}, y)`)}`,
  elif: (count) => ` if a: x = 0\n${lines(count, (i) => `elif a: x = ${i}`)}\n f(x)`,
  'a try body': (count) => ` try:\n${lines(count, (i) => ` x${i} = f(x${i - 1})`)}\n except E as e: f(x1)\n finally: f(x2)\n f(x3)`,
  'tries in a row': (count) => lines(count, (i) => `try: x${i} = f()\n except E as e: x${i} = 1\n finally: f(x${i})`),
  handlers: (count) => ` try: f()\n${lines(count, (i) => `except E${i} as e: x = ${i}`)}\n f(x)`,
  'jumps through a finally': (count) =>
    ` for z in y:\n  try:\n${lines(count, (i) => `  if a: return ${i}\n   if b: break\n   if c: continue\n   f()`)}\n  finally:\n${lines(count, (i) => `  x${i} = f()`)}`,
  'items of a with': (count) => ` with ${list(count, (i) => `f() as x${i}`)}:\n  return x1`,
  cases: (count) => ` match a:\n${lines(count, (i) => ` case [${i}, x]: y = x`)}\n f(y)`,
  'operands of and': (count) => ` x = ${list(count, (i) => `f(a${i})`, ' and ')}`,
  'operands of or in a test': (count) => ` if ${list(count, (i) => `f(a${i})`, ' or ')}: x = 1\n f(x)`,
  'terms of a sum': (count) => ` x = ${list(count, (i) => `f(a${i})`, ' + ')}`,
  comparisons: (count) => ` x = ${list(count, (i) => `f(${i})`, ' < ')}`,
  'chained calls': (count) => ` x = a${'.b()'.repeat(count)}`,
  'nested calls': (count) => ` x = ${'f('.repeat(count)}${')'.repeat(count)}`,
  'nested targets': (count) => ` ${'('.repeat(count)}x${',)'.repeat(count)} = y`,
  'nested conditional expressions': (count) => ` x = ${'a if b else ('.repeat(count)}c${')'.repeat(count)}`,
  'clauses of a comprehension': (count) => ` x = [a ${list(count, (i) => `for a${i} in b if c`, ' ')}]`,
  'chained assignments': (count) => ` ${list(count, (i) => `x${i} = `, '')}f()`,
}

describe('the graph of very large code is in proportion', () => {
  test.each(Object.entries(SHAPES))('%s', (_name, shape) => {
    const small = sizeOf(shape(500))
    const large = sizeOf(shape(2500))
    // Memory follows the numbers of points and edges.
    expect(large.points / small.points).toBeLessThan(5.5)
    expect(large.edges / small.edges).toBeLessThan(5.5)
  })

  test('nested ifs', () => {
    // Deeper nesting than this is more than the parser takes for code: indentation alone grows with the square.
    const nested = (depth: number) => Array.from({ length: depth }, (_, i) => `${' '.repeat(i + 1)}if a:`).concat(`${' '.repeat(depth + 1)}x = 1`).join('\n')
    const [small, large] = [sizeOf(nested(100)), sizeOf(nested(400))]
    expect(large.points / small.points).toBeLessThan(4.5)
  })
})

/** Builds the graph and asks everything that is computed for a whole graph. */
function sizeOf(body: string): { readonly points: number; readonly edges: number } {
  const code = new FlowCase(`def main():\n${body}\n`)
  const { flow } = code
  const { scopes } = semanticsOf(code.module.tree)
  expect(flow.dominates(flow.entry, flow.normalExit)).toBe(true)
  expect(flow.exits.fallsOff.length + flow.exits.returns.length).toBeGreaterThan(0)
  expect(flow.canReach('entry', 'exit', { consistent: true })).toBe(true)
  expect(flow.loops.length).toBeGreaterThanOrEqual(0)
  for (const binding of scopes.scopeMadeBy(code.first('function_definition'))!.bindings.values()) {
    for (const definition of binding.definitions) expect(flow.readsOf(definition).elsewhere).toBe(false)
    for (const reference of binding.references) flow.definitionsOf(reference)
  }
  return { points: flow.graph.pointCount, edges: flow.graph.edgeCount }
}

function lines(count: number, line: (i: number) => string): string {
  return Array.from({ length: count }, (_, i) => ` ${line(i)}`).join('\n')
}

function list(count: number, item: (i: number) => string, separator = ', '): string {
  return Array.from({ length: count }, (_, i) => item(i)).join(separator)
}
