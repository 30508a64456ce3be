import type { Flow, FlowOptions, FlowPoint } from '@krait/python'
import { FlowCase, ONLY_CALLS_RAISE } from './flow-of.ts'

const MAX_STATES = 60_000

/**
 * What the paths of a flow tell, in the form of the interpreter's traces: each call, with `!` if it is left by an exception, and how the path ends
 * (`return`, `fall` off the end, `raise`).
 * @param maxEvents longer paths are left out
 */
export function words(flow: Flow, maxEvents: number, isEvent = /^f\d+$/): { readonly words: ReadonlySet<string>; readonly complete: boolean } {
  const found = new Set<string>()
  const seen = new Set<string>()
  const stack: { readonly point: FlowPoint; readonly events: readonly string[] }[] = [{ point: flow.entry, events: [] }]
  while (stack.length > 0) {
    if (seen.size > MAX_STATES) return { words: found, complete: false }
    const { point, events } = stack.pop()!
    const name = eventOf(point, isEvent)
    for (const edge of point.edges) {
      // A `try` whose body raises nothing can still be interrupted, which the interpreter never is.
      if (edge.kind === 'exception' && point.node.kind === 'try_statement') continue
      const next = name === null ? events : [...events, edge.kind === 'exception' ? `${name}!` : name]
      if (next.length > maxEvents) continue
      if (edge.target === flow.raiseExit) found.add([...next, 'raise'].join(' '))
      else if (edge.target === flow.normalExit) found.add([...next, edge.kind === 'return' ? 'return' : 'fall'].join(' '))
      else {
        const key = `${edge.target.index} ${next.join(' ')}`
        if (!seen.has(key)) {
          seen.add(key)
          stack.push({ point: edge.target, events: next })
        }
      }
    }
  }
  return { words: found, complete: true }
}

/** The paths of a piece of code in which calls alone raise, sorted. */
export function traces(text: string, maxEvents = 6, options: FlowOptions = ONLY_CALLS_RAISE): readonly string[] {
  return [...words(new FlowCase(text, options).flow, maxEvents, /./).words].sort()
}

/** As `traces`, without those on which something raises. */
export function calmTraces(text: string, maxEvents = 6): readonly string[] {
  return traces(text, maxEvents, { cannotRaise: () => true })
}

function eventOf({ node, role }: FlowPoint, isEvent: RegExp): string | null {
  if (node.kind !== 'call' || role === 'loop') return null
  const name = node.function?.text ?? ''
  return isEvent.test(name) ? name : null
}
