import type { ProjectReader } from '@krait/core'
import { subclassIndex } from '../project/subclass-index.ts'
import type { Subclass } from '../project/subclass-index.ts'
import type { Projects } from '../project/projects.ts'
import { lastPart } from '../shared/dotted-name.ts'
import { isTestFile } from '../shared/paths.ts'
import { isAbstractMethod, isProtocol, protocolId, protocolIndex } from './protocols.ts'
import type { ProjectFunction } from './project-functions.ts'

export interface Implementation {
  readonly path: string
  readonly name: string
}

/** More implementations are not followed. */
const MAX_IMPLEMENTATIONS = 20

/**
 * The methods that stand behind an abstract one in the classes of the project that derive from its class or, for a protocol, have all its methods; test
 * doubles aside. `null` for a method that is not abstract.
 */
export function implementationsOf(reader: ProjectReader, projects: Projects, method: ProjectFunction): readonly Implementation[] | null {
  if (method.owner === null || method.fact?.method === undefined) return null
  const own = projects.of(method.path)
  const isOfProtocol = isProtocol(own, method.owner)
  if (!isOfProtocol && !isAbstractMethod(own, method.fact, method.path)) return null
  const found = new Map<string, Implementation>()
  for (const candidate of candidates(reader, method, isOfProtocol)) {
    const project = projects.of(candidate.path)
    const member = project.member(candidate.name, lastPart(method.name))
    if (member?.fact.kind !== 'function' || member.owner === method.owner) continue
    if (isProtocol(project, member.owner) || isAbstractMethod(project, member.fact, member.path)) continue
    const name = `${member.owner}.${lastPart(method.name)}`
    found.set(name, { path: member.path, name })
    if (found.size >= MAX_IMPLEMENTATIONS) break
  }
  return [...found.values()]
}

function candidates(reader: ProjectReader, { owner, path }: ProjectFunction, isOfProtocol: boolean): readonly Subclass[] {
  const settings = reader.settings()
  const classes = [...reader.ask(subclassIndex, owner!), ...(isOfProtocol ? reader.ask(protocolIndex, protocolId(path, owner!)) : [])]
  return classes.filter((candidate) => !isTestFile({ path: candidate.path, settings }))
}
