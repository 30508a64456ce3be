import type { PythonNode, PythonProject } from '@krait/python'

/** The first line of a node of this file that a change modified, or behind which it took lines away; `null` if there is none. */
export function changedLineIn(project: PythonProject, { loc }: PythonNode): number | null {
  const file = project.changes()?.file(project.path)
  const [first, last] = [loc.start.line, loc.end.line]
  const changed = (file?.lines ?? []).flatMap(([from, to]) => (from <= last && to >= first ? [Math.max(from, first)] : []))
  const taken = (file?.deletions ?? []).filter((line) => line >= first - 1 && line <= last)
  return [...changed, ...taken].sort((a, b) => a - b)[0] ?? null
}
