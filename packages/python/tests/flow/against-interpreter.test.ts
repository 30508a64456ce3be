import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { Definition, FlowOptions } from '@krait/python'
import { FlowCase } from './support/flow-of.ts'
import { NO_VALUE, observe } from './support/interpreter.ts'
import { programs, render } from './support/program.ts'
import { words } from './support/words.ts'

const MAX_EVENTS = 6

const OPTIONS: FlowOptions = {
  cannotRaise: (node) => !(node.kind === 'call' && /^f\d+$/.test(node.function.text)),
  neverReturns: (call) => call.function.text === 'leave',
  swallows: (item) => (item.text.includes('suppressing') ? 'maybe' : 'never'),
}

describe('of generated programs', () => {
  test('the paths are the executions', () => {
    const property = fc.property(programs(3), (program) => {
      const text = render(program)
      const executed = observe(program, MAX_EVENTS)
      const paths = words(new FlowCase(text, OPTIONS).flow, MAX_EVENTS)
      if (paths.complete) expect(without(executed.traces, paths.words), text).toEqual([])
      if (executed.complete) expect(without(paths.words, executed.traces), text).toEqual([])
    })
    fc.assert(property, { numRuns: 150 })
  })

  test('the definitions that reach a reading are those that executions show', () => {
    const property = fc.property(programs(3), (program) => {
      const text = render(program)
      const executed = observe(program, MAX_EVENTS)
      const code = new FlowCase(text, OPTIONS)
      const sawAll = executed.complete && executed.exhaustive && !canBeInterrupted(code)
      for (const [site, reached] of reachingByReading(code)) {
        const seen = executed.values.get(site) ?? new Set<string>()
        expect(without(seen, reached), `${text}${site}`).toEqual([])
        if (sawAll) expect(without(reached, seen), `${text}${site}`).toEqual([])
      }
    })
    fc.assert(property, { numRuns: 150 })
  })
})

/** For each reading `f0(x)` the places that may have given `x` its value. */
function reachingByReading(code: FlowCase): ReadonlyMap<string, ReadonlySet<string>> {
  const found = new Map<string, ReadonlySet<string>>()
  for (const call of code.all('call')) {
    const name = call.arguments.namedChildren[0]
    if (name?.kind !== 'identifier' || name.text === 'suppressing') continue
    const { definitions, unbound, elsewhere } = code.flow.definitionsOf(name)
    // What the function nowhere assigns is a global.
    if (elsewhere) continue
    found.set(call.function.text, new Set([...definitions.map(siteOf), ...(unbound ? [NO_VALUE] : [])]))
  }
  return found
}

/** A `try` whose body raises nothing can still be interrupted, which the interpreter never is. */
function canBeInterrupted({ flow }: FlowCase): boolean {
  return flow.points.some(({ node, edges }) => node.kind === 'try_statement' && edges.some(({ kind }) => kind === 'exception'))
}

/** The name that the program gives to the place of a definition. */
function siteOf({ name }: Definition): string {
  const construct = name.closest('assignment', 'for_statement', 'as_pattern', 'case_clause')
  return /f\d+/.exec(construct!.text)![0]
}

function without(items: ReadonlySet<string>, others: ReadonlySet<string>): readonly string[] {
  return [...items].filter((item) => !others.has(item))
}
