import { boundException, ownCode } from '@krait/python'
import type { ExceptClauseNode, Flow, FlowEdge, PythonNode } from '@krait/python'
import { namesIn, readsAny } from './attempts.ts'

/** The name of the exception in a handler, and names that the handler makes of it: `code = exc.response.status_code`. */
export function exceptionNames(handler: ExceptClauseNode): ReadonlySet<string> {
  const exception = boundException(handler)
  if (exception === null) return new Set()
  const names = new Set([exception])
  for (const node of ownCode(handler)) {
    if (node.kind === 'assignment' && node.right && readsAny(node.right, names)) for (const name of namesIn(node.left)) names.add(name)
  }
  return names
}

/** The decisions in some code that look at one of the names: tests, and cases of a `match` over it, with all ways that they lead to. */
export function testsOf(flow: Flow, parts: readonly PythonNode[], names: ReadonlySet<string>): ReadonlyMap<PythonNode, readonly FlowEdge[]> {
  const found = new Map<PythonNode, FlowEdge[]>()
  if (names.size === 0) return found
  for (const { edges } of flow.points) {
    for (const edge of edges) {
      const { decider, kind } = edge
      if (!decider || !DECIDED.has(kind) || decider.kind === 'except_clause' || !parts.some((part) => part.contains(decider))) continue
      if (!testedBy(decider).some((part) => readsAny(part, names))) continue
      found.set(decider, [...(found.get(decider) ?? []), edge])
    }
  }
  return found
}

/** What a decision looks at: the test itself, the subject of a `match`. */
export function testedBy(decider: PythonNode): readonly PythonNode[] {
  const match = decider.kind === 'case_clause' ? decider.closest('match_statement') : null
  return match ? match.subject : [decider]
}

const DECIDED: ReadonlySet<string> = new Set(['true', 'false', 'match', 'no-match'])
