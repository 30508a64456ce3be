import type { RelatedPlace } from '@krait/core'
import { callFact } from '../facts/call-fact.ts'
import { placeFact } from '../facts/place-fact.ts'
import type { PythonProject } from '../project/python-project.ts'
import { lastPart } from '../shared/dotted-name.ts'
import { shortName } from './call-graph.ts'
import type { CallPath, PathStep } from './summary.ts'

/**
 * The places of a call path, for the `related` of a finding: each call on the way, and the end. Reads places, so ask for it only when the finding
 * is certain.
 * @param end what happens at the end, such as "raises `Timeout`"
 */
export function relatedPlaces(project: PythonProject, path: CallPath, end: string): readonly RelatedPlace[] {
  return path.flatMap((step, i) => {
    const place = placeOf(project, step)
    if (!place) return []
    const next = path[i + 1]
    const does = next ? `calls \`${describe(next)}\`` : step.call === undefined ? end : `calls \`${calledName(project, step)}()\`: ${end}`
    return [{ ...place, message: `\`${describe(step)}\` ${does}` }]
  })
}

/** `payments/client.py:48`: where a call path ends. `null` if the place is not known. */
export function endOfPath(project: PythonProject, path: CallPath): string | null {
  const last = path.at(-1)
  const place = last && placeOf(project, last)
  return place ? `${place.path}:${place.line}` : null
}

function placeOf(project: PythonProject, step: PathStep): Omit<RelatedPlace, 'message'> | null {
  const places = project.part(placeFact, step.path, project.pathInModule(step.function, step.path))
  if (step.call === undefined && step.raise === undefined) return null
  const numbers = step.call === undefined ? places?.raises : places?.calls
  const number = step.call ?? step.raise ?? 0
  const line = numbers?.[2 * number]
  const column = numbers?.[2 * number + 1]
  return line === undefined || column === undefined ? null : { path: step.path, line, column }
}

/** `Client.charge()`; a constructor goes by the name of its class. */
function describe(step: PathStep): string {
  const name = step.function.replace(/\.__(?:post_)?init__$/, '')
  return `${shortName(name.replace(/^.*<locals>\./, ''))}()`
}

function calledName(project: PythonProject, step: PathStep): string {
  const call = project.part(callFact, step.path, project.pathInModule(step.function, step.path))?.[step.call!]
  return call?.method ?? (call?.callee === undefined ? '…' : lastPart(call.callee).replace(/^:/, ''))
}
