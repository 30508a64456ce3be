import { edgeLabel, lineOf, snippet, title } from './describe.ts'
import type { Flow } from './flow.ts'
import * as G from './graph.ts'

/**
 * The graph as a Mermaid flowchart (https://mermaid.js.org/syntax/flowchart.html). Tests are diamonds, exceptions are dotted, and points that can not
 * be reached are dashed.
 */
export function flowToMermaid({ graph, reachable }: Flow): string {
  const lines = ['flowchart TD', `  %% ${title(graph)}`]
  const dead: number[] = []
  for (let point = 0; point < graph.pointCount; point++) {
    const [open, close] = shapeOf(graph.pointRoles[point]!)
    lines.push(`  p${point}${open}"${escape(labelOf(graph, point))}"${close}`)
    if (reachable[point] === 0 && point > G.RAISE_EXIT) dead.push(point)
  }
  for (let edge = 0; edge < graph.edgeCount; edge++) {
    const arrow = graph.edgeReasons[edge] === 0 ? '-->' : '-.->'
    const label = edgeLabel(graph, edge)
    lines.push(`  p${graph.edgeSources[edge]} ${arrow}${label === '' ? '' : `|"${escape(label)}"|`} p${graph.edgeTargets[edge]}`)
  }
  if (dead.length > 0) lines.push('  classDef dead stroke-dasharray: 4', `  class ${dead.map((point) => `p${point}`).join(',')} dead`)
  return lines.join('\n')
}

function labelOf(graph: Flow['graph'], point: number): string {
  const role = G.POINT_ROLES[graph.pointRoles[point]!]!
  if (point <= G.RAISE_EXIT) return role
  const node = graph.pointNodes[point]!
  const text = `${lineOf(graph, node)}: ${snippet(graph, node)}`
  return IMPLIED.has(graph.pointRoles[point]!) ? text : `${role} ${text}`
}

/** Roles that the code itself tells. */
const IMPLIED: ReadonlySet<number> = new Set([G.STATEMENT, G.EXPRESSION, G.TEST])

function shapeOf(role: number): readonly [open: string, close: string] {
  if (role === G.ENTRY_ROLE || role === G.NORMAL_EXIT_ROLE || role === G.RAISE_EXIT_ROLE) return ['([', '])']
  return role === G.TEST || role === G.LOOP || role === G.EXCEPT_TEST || role === G.CASE_TEST ? ['{', '}'] : ['[', ']']
}

/** Mermaid reads entities in quoted labels. */
function escape(text: string): string {
  return text.replace(/["<>#&]/g, (character) => `#${character.charCodeAt(0)};`)
}
