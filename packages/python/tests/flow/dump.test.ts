import { expect, test } from 'vitest'
import { dumpFlow } from '../../src/flow/dump.ts'
import { flowToMermaid } from '../../src/flow/mermaid.ts'
import { FlowCase } from './support/flow-of.ts'

const TEXT = `
  def f(x):
      try:
          y = g(x.z)
      except E:
          return None
      finally:
          h()
      if y: pass
      return y
      i()
`

test('a flow as text', () => {
  expect(dumpFlow(new FlowCase(TEXT).flow)).toBe(
    [
      'function f',
      '  0 entry -> 3',
      '  3 statement 2: try: … -> 4',
      '  4 expression 3: g(x.z) -> 5, exception(call, attribute) 6',
      '  5 expression 3: y = g(x.z) -> 9',
      '  6 except-test 4: except E: … -> match 7, no-match(unmatched) 12',
      '  7 except 4: except E: … -> 8',
      '  8 statement 5: return None -> return 15',
      '  9 finally 6: finally: … -> 10',
      '  10 expression 7: h() -> 11, exception(call) raise',
      '  11 finally-end 6: finally: … -> 18',
      '  12 finally 6: finally: … -> 13',
      '  13 expression 7: h() -> 14, exception(call) raise',
      '  14 finally-end 6: finally: … -> unwind(unmatched) raise',
      '  15 finally 6: finally: … -> 16',
      '  16 expression 7: h() -> 17, exception(call) raise',
      '  17 finally-end 6: finally: … -> return exit',
      '  18 statement 8: if y: pass -> 19',
      '  19 test 8: y -> true 20, false 21',
      '  20 statement 8: pass -> 21',
      '  21 statement 9: return y -> return exit',
      '- 22 expression 10: i() -> exit, exception(call) raise',
    ].join('\n'),
  )
})

test('the flows of a module, a class and a lambda have their names', () => {
  const code = new FlowCase('class A: x = lambda: 1')
  const title = (node: Parameters<FlowCase['flowOf']>[0]) => dumpFlow(code.flowOf(node)).split('\n')[0]
  expect([title(code.module), title(code.first('class_definition')), title(code.first('lambda'))]).toEqual(['module', 'class A', 'lambda'])
})

test('a flow as a Mermaid flowchart', () => {
  expect(flowToMermaid(new FlowCase('while a["b"]:\n    c()\n    break\n    d').flow)).toBe(
    [
      'flowchart TD',
      '  %% module',
      '  p0(["entry"])',
      '  p1(["normal-exit"])',
      '  p2(["raise-exit"])',
      '  p3["1: while a[#34;b#34;]: …"]',
      '  p4{"loop 1: while a[#34;b#34;]: …"}',
      '  p5{"1: a[#34;b#34;]"}',
      '  p6["2: c()"]',
      '  p7["3: break"]',
      '  p8["4: d"]',
      '  p0 --> p3',
      '  p3 --> p4',
      '  p4 --> p5',
      '  p5 -->|"true"| p6',
      '  p5 -.->|"exception(subscript)"| p2',
      '  p5 -->|"false"| p1',
      '  p6 --> p7',
      '  p6 -.->|"exception(call)"| p2',
      '  p7 -->|"break"| p1',
      '  p8 --> p4',
      '  classDef dead stroke-dasharray: 4',
      '  class p8 dead',
    ].join('\n'),
  )
})
