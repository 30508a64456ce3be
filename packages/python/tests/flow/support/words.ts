import type { Flow, FlowPoint } from '@krait/python'

const MAX_STATES = 60_000

/**
 * What the paths of a flow tell, in the form of the interpreter's traces: each call of a function named `f0`, `f1` ..., with `!` if it is left by an
 * exception, and how the path ends.
 */
export function words(flow: Flow, maxEvents: number): { readonly words: ReadonlySet<string>; readonly complete: boolean } {
  const found = new Set<string>()
  const seen = new Set<string>()
  const stack: { readonly point: FlowPoint; readonly events: readonly string[] }[] = [{ point: flow.entry, events: [] }]
  while (stack.length > 0) {
    if (seen.size > MAX_STATES) return { words: found, complete: false }
    const { point, events } = stack.pop()!
    const name = eventOf(point)
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

function eventOf({ node }: FlowPoint): string | null {
  if (node.kind !== 'call') return null
  const name = node.function?.text ?? ''
  return /^f\d+$/.test(name) ? name : null
}
