import { edgeLabel, lineOf, snippet, title } from './describe.ts'
import type { Flow } from './flow.ts'
import * as G from './graph.ts'

/**
 * The graph as text, one line per point: its number, its role, its line and code, and where control goes from it. Points that can not be
 * reached are marked with `-`.
 *
 * ```
 * function f
 *   0 entry -> 3
 *   3 expression 2: g() -> exit, exception(call) raise
 * ```
 */
export function dumpFlow({ graph, reachable }: Flow): string {
  const { pointCount, pointNodes, pointRoles, edgeStarts, edgeTargets } = graph
  const lines = [title(graph)]
  for (let point = 0; point < pointCount; point++) {
    if (point === G.NORMAL_EXIT || point === G.RAISE_EXIT) continue
    const node = pointNodes[point]!
    const what = point === G.ENTRY ? '' : ` ${lineOf(graph, node)}: ${snippet(graph, node)}`
    const ways: string[] = []
    for (let edge = edgeStarts[point]!; edge < edgeStarts[point + 1]!; edge++) {
      ways.push(`${edgeLabel(graph, edge)} ${targetName(edgeTargets[edge]!)}`.trimStart())
    }
    const mark = reachable[point] === 1 ? ' ' : '-'
    lines.push(`${mark} ${point} ${G.POINT_ROLES[pointRoles[point]!]}${what} -> ${ways.join(', ') || 'nowhere'}`)
  }
  return lines.join('\n')
}

function targetName(point: number): string {
  if (point === G.NORMAL_EXIT) return 'exit'
  return point === G.RAISE_EXIT ? 'raise' : String(point)
}
