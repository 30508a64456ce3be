import { instanceAttributesFact } from '../facts/instance-attributes.ts'
import { localAttributeUsesFact } from '../facts/local-attribute-uses.ts'
import type { PythonProject } from '../project/python-project.ts'
import { TypeEvaluator } from '../types/evaluator.ts'
import { classOf, instanceOf } from '../types/type.ts'
import type { Type } from '../types/type.ts'
import { importsOneOf } from './library-use.ts'
import { SESSION_ATTRIBUTES } from './orm-sessions.ts'
import type { OrmSession } from './orm-sessions.ts'
import { sessionOfType } from './sessions.ts'

/** A session that an object has in an attribute, or in an attribute of an attribute. */
export interface HeldSession extends Pick<OrmSession, 'kind' | 'isRegistry'> {
  /** `session`, `repository.session`. */
  readonly attribute: string
}

/** More methods of one object than these are not followed. */
const MAX_METHODS = 40

/** The session of its object that a method works with, itself or through other methods; `null` if none is known. */
export function heldSessionOf(project: PythonProject, className: string, method: string): HeldSession | null {
  const seen = new Set([method])
  const pending = [method]
  for (let next = pending.pop(); next !== undefined && seen.size < MAX_METHODS; next = pending.pop()) {
    for (const attribute of attributesReadBy(project, className, next)) {
      if (project.member(className, attribute)?.fact.kind === 'function') {
        if (!seen.has(attribute)) pending.push(attribute)
        seen.add(attribute)
        continue
      }
      const held = sessionIn(project, className, attribute)
      if (held) return held
    }
  }
  return null
}

/** The attributes of its object that a method reads, its calls of other methods among them. */
function attributesReadBy(project: PythonProject, className: string, method: string): readonly string[] {
  const member = project.member(className, method)
  if (member?.fact.kind !== 'function' || member.fact.method !== 'instance') return []
  const self = member.fact.parameters[0]?.name
  const owner = project.pathInModule(member.owner, member.path)
  const reads = project.part(localAttributeUsesFact, member.path, `${owner}.${method}`)?.reads ?? []
  return self === undefined ? [] : reads.filter((read) => read.startsWith(`${self}.`)).map((read) => read.slice(self.length + 1))
}

function sessionIn(project: PythonProject, className: string, attribute: string): HeldSession | null {
  const evaluator = new TypeEvaluator(project)
  const type = evaluator.attribute(instanceOf(className), attribute)
  const own = sessionAs(project, className, attribute, type)
  if (own) return own
  const held = classOf(type)
  if (held === null || project.definition(held)?.kind !== 'class') return null
  for (const inner of attributesOf(project, held)) {
    const session = sessionAs(project, held, inner, evaluator.attribute(instanceOf(held), inner))
    if (session) return { ...session, attribute: `${attribute}.${session.attribute}` }
  }
  return null
}

function sessionAs(project: PythonProject, className: string, attribute: string, type: Type): HeldSession | null {
  if (type.kind === 'unknown') {
    const isNamed = SESSION_ATTRIBUTES.has(attribute) && usesSqlalchemy(project, className)
    return isNamed ? { attribute, kind: 'unknown', isRegistry: false } : null
  }
  const session = sessionOfType(project, type)
  return session && !session.isConnection ? { attribute, kind: session.kind, isRegistry: session.isRegistry } : null
}

/** The attributes that the methods of a class give to its objects. */
function attributesOf(project: PythonProject, className: string): readonly string[] {
  const found = new Set<string>()
  for (const owner of project.ancestors(className).names) {
    const definition = project.definition(owner)
    if (definition?.kind !== 'class') continue
    const place = project.pathInModule(definition.name, definition.path)
    for (const name of Object.keys(project.part(instanceAttributesFact, definition.path, place) ?? {})) found.add(name)
    for (const [name, { kind }] of Object.entries(definition.fact.members)) if (kind === 'variable') found.add(name)
  }
  return [...found]
}

function usesSqlalchemy(project: PythonProject, className: string): boolean {
  const path = project.definition(className)?.path
  return path !== undefined && importsOneOf(project.imports(path), 'sqlalchemy', 'sqlmodel')
}
