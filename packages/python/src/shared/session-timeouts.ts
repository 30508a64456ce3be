import { functionKeyAt } from '../facts/function-keys.ts'
import { instanceAttributesFact } from '../facts/instance-attributes.ts'
import { timeoutFact } from '../facts/timeout-fact.ts'
import type { SessionChange } from '../facts/timeout-fact.ts'
import { semanticsOf } from '../file-semantics.ts'
import type { PythonProject } from '../project/python-project.ts'
import type { PythonServices } from '../services.ts'
import type { PythonNode } from '../syntax/node.ts'
import type { Value } from '../values/value.ts'
import { classOfExpression } from './called-function.ts'
import { lastPart, withoutLastPart } from './dotted-name.ts'
import { lastNameOf } from './last-name.ts'
import { withoutParentheses } from './parentheses.ts'

const HTTP_ADAPTER = 'requests.adapters.HTTPAdapter'

/**
 * Whether the requests of a `requests` session have a timeout that they need not pass: its class, the adapter mounted on it, or what its `request` has been
 * replaced by sets one. Also where that can not be told.
 * @param className the class of the session
 * @param method the method that sends the request
 */
export function setsOwnTimeout(context: PythonServices, session: PythonNode, className: string, method: string): boolean {
  const { project } = context
  const ancestors = project.ancestors(className)
  if (!ancestors.complete && project.definition(className)) return true
  if (ancestors.names.some((name) => speaksOfTimeout(project, name, [method, 'request', 'send']) || isMountedByClass(project, name))) return true
  return originsOf(context, session).some((origin) => changesAt(project, origin).some((change) => mayBring(project, change, origin.path)))
}

/** Where a session comes from: a file, and there the name it goes by, or the function that makes it. */
interface Origin {
  readonly path: string
  readonly name: string | null
  /** Only what is done in this function counts. */
  readonly function: string | null
}

function changesAt(project: PythonProject, { path, name, function: key }: Origin): readonly SessionChange[] {
  const changes = project.fact(timeoutFact, path)?.changes ?? []
  return changes.filter((change) => (name === null || change.session === name) && (key === null || key === change.function || key.startsWith(`${change.function}.`)))
}

function originsOf(context: PythonServices, session: PythonNode): readonly Origin[] {
  const node = withoutParentheses(session)
  const origins: Origin[] = [...factoriesOf(context.project, context.values.of(node))]
  const name = lastNameOf(node)
  if (name === null) return origins
  origins.push({ path: context.project.path, name, function: isLocal(context, node) ? functionKeyAt(semanticsOf(node.tree), node.index) : null })
  const resolved = context.resolve(node)
  const definition = resolved === null ? null : context.project.definition(resolved)
  if (definition) origins.push({ path: definition.path, name: lastPart(definition.name), function: null })
  if (node.kind === 'attribute') origins.push(...originsOfAttribute(context, node.object, name))
  return origins
}

function isLocal({ scopes }: PythonServices, node: PythonNode): boolean {
  return node.kind === 'identifier' && scopes.bindingOf(node)?.scope.kind === 'function'
}

/** The files of the classes that have the attribute, and the functions that make its value. */
function originsOfAttribute(context: PythonServices, object: PythonNode, attribute: string): readonly Origin[] {
  const { project } = context
  const className = classOfExpression(context, object)
  if (className === null) return []
  return project.ancestors(className).names.flatMap((name) => {
    const definition = project.definition(name)
    if (definition?.kind !== 'class') return []
    const { path } = definition
    const assigned = project.part(instanceAttributesFact, path, project.pathInModule(definition.name, path))?.[attribute] ?? []
    const factories = assigned.flatMap(({ value }) => (value ? factoriesOf(project, project.value(value, path)) : []))
    return [{ path, name: attribute, function: null }, ...factories]
  })
}

function factoriesOf(project: PythonProject, value: Value): readonly Origin[] {
  const call = value.kind === 'await' ? value.operand : value
  const callable = call.kind === 'call' && call.callee !== null ? project.callable(call.callee) : null
  if (callable?.kind !== 'function') return []
  return [{ path: callable.path, name: null, function: project.pathInModule(callable.name, callable.path) }]
}

/** Whether a change may give a timeout to requests: all do but mounting an adapter that certainly has none. */
function mayBring(project: PythonProject, { adapter }: SessionChange, path: string): boolean {
  if (!adapter) return true
  const given = project.value(adapter, path)
  const value = given.kind === 'name' ? (project.valueOf(given.name) ?? given) : given
  if (value.kind !== 'call' || value.callee === null) return true
  if (value.callee === HTTP_ADAPTER) return false
  const { names, complete } = project.ancestors(value.callee)
  return !complete || !names.includes(HTTP_ADAPTER) || names.some((name) => speaksOfTimeout(project, name, ['send', '__init__']))
}

/** A session class of the project that mounts an adapter on itself. */
function isMountedByClass(project: PythonProject, className: string): boolean {
  const definition = project.definition(className)
  if (definition?.kind !== 'class') return false
  const { path, name } = definition
  const changes = project.fact(timeoutFact, path)?.changes ?? []
  const key = project.pathInModule(name, path)
  return changes.some((change) => change.session === 'self' && withoutLastPart(change.function) === key && mayBring(project, change, path))
}

function speaksOfTimeout(project: PythonProject, className: string, methods: readonly string[]): boolean {
  const definition = project.definition(className)
  if (definition?.kind !== 'class') return false
  const key = project.pathInModule(definition.name, definition.path)
  const own = methods.filter((method) => Object.hasOwn(definition.fact.members, method)).map((method) => `${key}.${method}`)
  return own.length > 0 && own.some((method) => project.fact(timeoutFact, definition.path)?.mentions.includes(method))
}
