import type { ProjectReader } from '@krait/core'
import { subclassIndex } from '../project/subclass-index.ts'
import type { PythonProject } from '../project/python-project.ts'
import { lastPart } from '../shared/dotted-name.ts'
import type { ProjectFunction } from './project-functions.ts'

export interface Implementation {
  readonly path: string
  readonly name: string
}

/** More implementations are not followed. */
const MAX_IMPLEMENTATIONS = 20

/**
 * The methods that stand behind an abstract one in the classes of the project that derive from its class; `null` for a method that is not abstract.
 */
export function implementationsOf(reader: ProjectReader, project: PythonProject, method: ProjectFunction): readonly Implementation[] | null {
  if (method.owner === null || !isAbstract(project, method)) return null
  const found = new Map<string, Implementation>()
  for (const subclass of reader.ask(subclassIndex, method.owner)) {
    project.moduleName(subclass.path)
    const member = project.member(subclass.name, lastPart(method.name))
    if (member?.fact.kind !== 'function' || member.owner === method.owner) continue
    const name = `${member.owner}.${lastPart(method.name)}`
    found.set(name, { path: member.path, name })
    if (found.size >= MAX_IMPLEMENTATIONS) break
  }
  return [...found.values()]
}

function isAbstract(project: PythonProject, { fact, path, owner }: ProjectFunction): boolean {
  if (fact?.decorators.some((decorator) => decorator.kind === 'name' && ABSTRACT.has(project.resolveName(decorator.name, path) ?? ''))) return true
  return owner !== null && project.definition(owner)?.kind === 'class' && isProtocol(project, owner)
}

/** Protocols name `Protocol` among their own bases; a class that derives from one is an ordinary class. */
function isProtocol(project: PythonProject, className: string): boolean {
  const definition = project.definition(className)
  if (definition?.kind !== 'class') return false
  return definition.fact.bases.some((base) => {
    const value = project.value(base, definition.path)
    const name = value.kind === 'subscript' ? value.object : value
    return name.kind === 'name' && name.name === 'typing.Protocol'
  })
}

const ABSTRACT: ReadonlySet<string> = new Set(['abc.abstractmethod', 'abc.abstractproperty', 'abc.abstractclassmethod', 'abc.abstractstaticmethod'])
