import type { CallNode } from '../generated/nodes.ts'
import { instanceAttributesFact } from '../facts/instance-attributes.ts'
import type { AttributeAssignment } from '../facts/instance-attributes.ts'
import type { FunctionFact } from '../facts/module-fact-types.ts'
import { SESSION_NAMES } from '../data/database-calls.ts'
import type { PythonNode } from '../syntax/node.ts'
import { TypeEvaluator } from '../types/evaluator.ts'
import { instanceOf } from '../types/type.ts'
import type { Value } from '../values/value.ts'
import { classOfExpression } from './called-function.ts'
import { isSession } from './database-calls.ts'
import { lastPart, matchesEntry } from './dotted-name.ts'
import { effectsOfCall } from './effects.ts'
import type { EffectContext } from './effects.ts'
import { withoutParentheses } from './parentheses.ts'
import { sessionOfType } from './sessions.ts'
import { listSetting } from './settings.ts'

/** Longer chains of names are not followed. */
const MAX_STEPS = 8

/** What identifies the connection that Django's models share. */
export const DJANGO_SESSION = 'django.db.connection'

/**
 * What identifies the sessions with which a call may work: the session whose method it is; for a function of the project, the sessions that it is given, or
 * with which the object was constructed whose method it is, or that object. Two calls with something in common work on one session; none where nothing is known.
 */
export function sessionsOfCall(context: EffectContext, call: CallNode): ReadonlySet<string> {
  const called = withoutParentheses(call.function)
  const object = called.kind === 'attribute' ? called.object : null
  if (effectsOfCall(context, call).function === null) return sessionsOfReceiver(context, object)
  const given = sessionArguments(context, call)
  return given.size > 0 || !object ? given : sessionsOfObject(context, object)
}

/** What identifies an object by the names that lead to it. */
export function identityOf(context: EffectContext, expression: PythonNode): string {
  let node = withoutParentheses(expression)
  for (let step = 0; step < MAX_STEPS && node.kind === 'identifier'; step++) {
    const value = context.scopes.bindingOf(node)?.onlyDefinition?.value
    if (value?.kind !== 'identifier' && value?.kind !== 'attribute') break
    node = value
  }
  if (node.kind === 'identifier') {
    const name = context.resolve(node)
    const binding = context.scopes.bindingOf(node)
    const made = binding && binding.definitions.length > 1 ? withAround(node) : null
    return name ?? `${node.text}@${made ?? (binding?.scope.kind === 'function' ? binding.scope.node.start : '')}`
  }
  if (node.kind !== 'attribute') return node.text
  if (!isSelf(context, node.object)) return `${identityOf(context, node.object)}.${node.attribute.text}`
  return attributeIdentity(context, classOfExpression(context, node.object), node.attribute.text)
}

/** Where the `with` around begins that binds a name: another one binds it to something else. */
function withAround(name: PythonNode): number | null {
  for (let node = name.parent; node && node.kind !== 'function_definition'; node = node.parent) {
    if (node.kind !== 'with_statement') continue
    const items = node.namedChildren.find(({ kind }) => kind === 'with_clause')?.namedChildren ?? []
    const isBound = items.some((item) => item.kind === 'with_item' && item.value.kind === 'as_pattern' && item.value.alias?.namedChildren[0]?.text === name.text)
    if (isBound) return node.start
  }
  return null
}

/** The session that a chain such as `session.query(User).filter()` begins with, and the objects that lead to it. */
function sessionsOfReceiver(context: EffectContext, receiver: PythonNode | null): ReadonlySet<string> {
  let node = receiver && withoutParentheses(receiver)
  for (let step = 0; node && step < MAX_STEPS; step++) {
    if (isSession(context, node)) return new Set([identityOf(context, node), ...objectsOf(context, node)])
    if (node.kind === 'call') node = withoutParentheses(node.function)
    else if (node.kind === 'attribute') node = withoutParentheses(node.object)
    else break
  }
  return new Set(receiver ? objectsOf(context, receiver) : [])
}

/** An object, and those that lead to it, but for `self` alone. */
function objectsOf(context: EffectContext, object: PythonNode): readonly string[] {
  const found: string[] = []
  let node = withoutParentheses(object)
  while ((node.kind === 'identifier' || node.kind === 'attribute') && !isSelf(context, node) && !isShared(context, node)) {
    found.push(identityOf(context, node))
    if (node.kind === 'identifier') break
    node = withoutParentheses(node.object)
  }
  return found
}

function sessionArguments(context: EffectContext, call: CallNode): ReadonlySet<string> {
  const found = new Set<string>()
  if (call.arguments?.kind !== 'argument_list') return found
  for (const child of call.arguments.namedChildren) {
    const value = child.kind === 'keyword_argument' ? child.value : child
    if ((value.kind === 'identifier' || value.kind === 'attribute') && isSession(context, value)) found.add(identityOf(context, value))
  }
  return found
}

/** The sessions of an object, and the object itself with those that lead to it. */
function sessionsOfObject(context: EffectContext, object: PythonNode): ReadonlySet<string> {
  const found = new Set<string>()
  const node = withoutParentheses(object)
  if (isSelf(context, node) || isSuper(context, node)) {
    const owner = classOfExpression(context, node) ?? ''
    for (const identity of sessionAttributes(context, owner)) found.add(identity)
    return found
  }
  const made = node.kind === 'call' ? node : madeBy(context, node)
  if (made) for (const identity of sessionArguments(context, made)) found.add(identity)
  if (node.kind === 'attribute' && isSelf(context, node.object)) {
    const owner = classOfExpression(context, node.object)
    for (const identity of owner === null ? [] : constructedWith(context, owner, node.attribute.text)) found.add(identity)
  }
  for (const identity of objectsOf(context, node)) found.add(identity)
  return found
}

/** A module or class, whose functions need not work on one session. */
function isShared(context: EffectContext, node: PythonNode): boolean {
  const { project } = context
  const name = context.resolve(node)
  if (name === null) return false
  const kind = project.definition(name)?.kind
  return kind === 'module' || kind === 'class' || (kind === undefined && !name.includes('.'))
}

function madeBy({ scopes }: EffectContext, node: PythonNode): CallNode | null {
  const value = node.kind === 'identifier' ? (scopes.bindingOf(node)?.onlyDefinition?.value) : null
  return value?.kind === 'call' ? value : null
}

function isSelf({ scopes }: EffectContext, node: PythonNode): boolean {
  if (node.kind !== 'identifier' || (node.text !== 'self' && node.text !== 'cls')) return false
  return scopes.bindingOf(node)?.onlyDefinition?.kind === 'parameter'
}

function isSuper(context: EffectContext, node: PythonNode): boolean {
  return node.kind === 'call' && context.resolvesTo(node.function, ['builtins.super'])
}

interface Assigned extends AttributeAssignment {
  readonly owner: string
  readonly path: string
}

/** The assignments of an attribute in the methods of the class, or of the first base that has any. */
function assignmentsOf({ project }: EffectContext, className: string, attribute: string): readonly Assigned[] {
  for (const owner of project.ancestors(className).names) {
    const found = attributesOf(project, owner)?.attributes[attribute]
    if (found) return found.map((assignment) => ({ ...assignment, owner, path: project.definition(owner)?.path ?? '' }))
  }
  return []
}

function attributesOf(project: EffectContext['project'], className: string) {
  const definition = project.definition(className)
  if (definition?.kind !== 'class') return null
  const place = project.pathInModule(definition.name, definition.path)
  return { attributes: project.part(instanceAttributesFact, definition.path, place) ?? {} }
}

/** An attribute of `self`; what a method only keeps is that parameter: `self.session = session`. */
function attributeIdentity(context: EffectContext, className: string | null, attribute: string): string {
  const [only, ...others] = className === null ? [] : assignmentsOf(context, className, attribute)
  const isKept = only?.value?.kind === 'local' && only.value.isParameter && others.length === 0
  return isKept ? parameterIdentity(only, (only.value).name) : `self.${attribute}`
}

function parameterIdentity({ owner, method }: Assigned, name: string): string {
  return `${owner}.${method}(${name})`
}

/** The sessions that are given to what makes an attribute: `self.orders = OrderRepo(session)`. */
function constructedWith(context: EffectContext, className: string, attribute: string): readonly string[] {
  const [only, ...others] = assignmentsOf(context, className, attribute)
  if (!only || others.length > 0 || only.value?.kind !== 'call') return []
  const given = [...only.value.arguments, ...Object.values(only.value.keywords)]
  return given.flatMap((value) => {
    if (!isSessionValue(context, only, value)) return []
    if (value.kind === 'local') return [parameterIdentity(only, value.name)]
    return value.kind === 'attribute' ? [attributeIdentity(context, className, value.attribute)] : []
  })
}

/** The attributes of a class's objects that are sessions. */
function sessionAttributes(context: EffectContext, className: string): readonly string[] {
  const found = new Set<string>()
  for (const owner of context.project.ancestors(className).names) {
    for (const name of Object.keys(attributesOf(context.project, owner)?.attributes ?? {})) {
      const [first] = assignmentsOf(context, className, name)
      if (first && (isSessionName(context, name) || (first.value && isSessionValue(context, first, first.value)))) {
        found.add(attributeIdentity(context, className, name))
      }
    }
  }
  return [...found]
}

function isSessionValue(context: EffectContext, { owner, method, path }: Assigned, value: Value): boolean {
  const name = value.kind === 'local' ? value.name : value.kind === 'attribute' ? value.attribute : ''
  if (isSessionName(context, name)) return true
  const member = context.project.member(owner, method)?.fact
  const fact: FunctionFact | null = member?.kind === 'function' ? member : null
  const absolute = context.project.value(value, path)
  return sessionOfType(context.project, new TypeEvaluator(context.project).ofLocalValue(absolute, { function: fact, path, receiver: instanceOf(owner) })) !== null
}

function isSessionName({ settings }: EffectContext, name: string): boolean {
  return SESSION_NAMES.has(lastPart(name)) || listSetting(settings, 'database', 'sessionNames').some((entry) => matchesEntry(name, entry))
}
