import { describe, expect, test } from 'vitest'
import { FlowCase } from './support/flow-of.ts'
import { calmTraces, traces } from './support/words.ts'

/** The paths of a function with this body. */
function paths(body: string, maxEvents = 6): readonly string[] {
  return traces(`def f():${body.replaceAll('\n', '\n  ')}`, maxEvents)
}

describe('finally', () => {
  test('runs behind the body and behind what it raises', () => {
    const body = `
      try:
          a()
      finally:
          b()
      c()
    `
    expect(paths(body)).toEqual(['a b c fall', 'a b c! raise', 'a b! raise', 'a! b raise', 'a! b! raise'])
  })

  test('runs behind a return, after its value', () => {
    const body = `
      try:
          return a()
      finally:
          b()
      c()
    `
    expect(paths(body)).toEqual(['a b return', 'a b! raise', 'a! b raise', 'a! b! raise'])
  })

  test('runs behind handlers and else', () => {
    const body = `
      try:
          a()
      except A:
          b()
      else:
          c()
      finally:
          d()
    `
    expect(paths(body).filter((word) => !word.includes('d!'))).toEqual([
      'a c d fall',
      'a c! d raise',
      'a! b d fall',
      'a! b! d raise',
      'a! d raise',
    ])
  })

  test('runs behind break and continue', () => {
    const body = `
      for x in y:
          try:
              if x: break
              if y: continue
              a()
          finally:
              b()
          c()
      d()
    `
    const calm = calmTraces(`def f():${body.replaceAll('\n', '\n  ')}`, 4)
    expect(calm).toEqual(['a b c d fall', 'b b b d fall', 'b b d fall', 'b d fall', 'd fall'])
  })

  test('a return in it overrides everything', () => {
    const body = `
      try:
          return a()
      finally:
          return b()
    `
    expect(paths(body)).toEqual(['a b return', 'a b! raise', 'a! b return', 'a! b! raise'])
    const code = new FlowCase(`def f():${body.replaceAll('\n', '\n  ')}`)
    expect(code.flow.exits.returns.map(({ text }) => text)).toEqual(['return b()'])
  })

  test('a break in it drops the exception', () => {
    const body = `
      while t():
          try:
              a()
          finally:
              break
      b()
    `
    expect(paths(body)).toEqual(['t a b fall', 't a b! raise', 't a! b fall', 't a! b! raise', 't b fall', 't b! raise', 't! raise'])
  })

  test('runs from the inside out', () => {
    const body = `
      try:
          try:
              return a()
          finally:
              b()
      finally:
          c()
    `
    expect(paths(body)).toEqual([
      'a b c return',
      'a b c! raise',
      'a b! c raise',
      'a b! c! raise',
      'a! b c raise',
      'a! b c! raise',
      'a! b! c raise',
      'a! b! c! raise',
    ])
  })

  test('takes a jump through several blocks to the loop that it means', () => {
    const body = `
      while t():
          try:
              try:
                  continue
              finally:
                  a()
          finally:
              b()
      c()
    `
    expect(calmTraces(`def f():${body.replaceAll('\n', '\n  ')}`, 5)).toEqual(['t a b t c fall', 't c fall'])
  })

  test('a loop inside it keeps its jumps to itself', () => {
    const body = `
      try:
          return a()
      finally:
          for x in y:
              if x: break
          b()
    `
    expect(paths(body).filter((word) => !word.includes('!'))).toEqual(['a b return'])
  })

  test('keeps the ways apart: a path comes out by the way it came in', () => {
    const code = new FlowCase(`
      def f():
          done = False
          try:
              a()
              done = True
          finally:
              b()
          return done
    `)
    const reached = code.flow.definitionsOf(code.name('done', 2)).definitions.map(({ value }) => value?.text)
    expect(reached).toEqual(['True'])
    expect(code.flow.everyPath({ from: 'entry', to: 'normal-exit', through: code.first('assignment', 1) })).toBe(true)
  })

  test('has a point for each way, all found by its node', () => {
    const code = new FlowCase('def f():\n    try:\n        return a()\n    finally:\n        b()')
    expect(code.flow.pointsOf(code.call('b')).length).toBe(2)
    expect(code.flow.pointsOf(code.first('finally_clause')).map(({ role }) => role)).toEqual(['finally', 'finally'])
    expect(code.flow.postDominates(code.call('b'), code.call('a'))).toBe(true)
  })

  test('is part of the graph even if nobody comes there', () => {
    const code = new FlowCase('try:\n    while True:\n        pass\nfinally:\n    a()')
    expect(code.flow.pointsOf(code.call('a')).length).toBe(1)
    expect(code.flow.isReachable(code.call('a'))).toBe(false)
  })

  test('in finally in finally keeps its ways apart, up to a limit', () => {
    const nested = (depth: number): string => {
      const lines: string[] = []
      for (let i = 0; i < depth; i++) lines.push('try:', '    a()', 'finally:')
      return [...lines.map((line, i) => '    '.repeat(Math.floor(i / 3)) + line), `${'    '.repeat(depth)}b()`].join('\n')
    }
    const sizes = [1, 2, 3, 4, 5, 10, 20, 40].map((depth) => new FlowCase(nested(depth)).flow.graph.pointCount)
    expect(traces(nested(2), 3)).toEqual(['a a b fall', 'a a b! raise', 'a a! b raise', 'a a! b! raise', 'a! a b raise', 'a! a b! raise', 'a! a! b raise', 'a! a! b! raise'])
    expect(sizes.at(-1)! / sizes.at(-2)!).toBeLessThan(3)
  })
})
