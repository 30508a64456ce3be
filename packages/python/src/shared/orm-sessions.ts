import { statementsOf } from '../frameworks/sqlalchemy/statements/statements.ts'
import { isModelClass } from '../frameworks/sqlalchemy/model-classes.ts'
import type { CallNode, FunctionDefinitionNode } from '../generated/nodes.ts'
import type { PythonProject } from '../project/python-project.ts'
import type { Definition } from '../scopes/scopes.ts'
import type { PythonNode } from '../syntax/node.ts'
import { TypeEvaluator } from '../types/evaluator.ts'
import { classOf, instanceOf } from '../types/type.ts'
import type { Type } from '../types/type.ts'
import type { Value } from '../values/value.ts'
import { classOfExpression } from './called-function.ts'
import { argument, positionalArguments } from './calls.ts'
import type { DatabaseContext } from './database-calls.ts'
import { lastPart, withoutLastPart } from './dotted-name.ts'
import { calleeName, callsOf } from './function-calls.ts'
import { importsOneOf } from './library-use.ts'
import { typeAtUse } from './names-at-use.ts'
import { ownCode } from './own-code.ts'
import { withoutParentheses } from './parentheses.ts'
import { sessionClassOf, sessionOf, sessionOfType } from './sessions.ts'
import type { SessionObject } from './sessions.ts'
import { listSetting } from './settings.ts'

/** A session of SQLAlchemy as the rules about it see one. */
export interface OrmSession {
  /** `unknown` where only the name or the use tells that it is a session. */
  readonly kind: 'sync' | 'async' | 'unknown'
  readonly isRegistry: boolean
  readonly isConnection: boolean
}

/** Names of parameters and attributes that hold a session in a module that imports SQLAlchemy. */
export const SESSION_ATTRIBUTES: ReadonlySet<string> = new Set(['session', 'db_session', 'async_session'])

const OF_UNKNOWN_KIND: OrmSession = { kind: 'unknown', isRegistry: false, isConnection: false }

/** Longer chains of names are not followed. */
const MAX_STEPS = 5

/**
 * What an expression is as a session or connection: by its type; by `settings.sqlalchemy.sessionExpressions`; by its name, in a module that imports
 * SQLAlchemy; or by what the function around it does with it. `null` for all else.
 */
export function ormSessionOf(context: DatabaseContext, expression: PythonNode): OrmSession | null {
  let node = withoutParentheses(expression)
  for (let step = 0; step < MAX_STEPS; step++) {
    const session = sessionOf(context, node)
    if (session) return session
    if (listSetting(context.settings, 'sqlalchemy', 'sessionExpressions').includes(node.text)) return OF_UNKNOWN_KIND
    const value = node.kind === 'identifier' ? context.scopes.bindingOf(node)?.onlyDefinition?.value : null
    if (value?.kind !== 'identifier' && value?.kind !== 'attribute') break
    node = value
  }
  return mayHold(context, node) && (isNamed(context, node) || isUsedAsSession(context, node)) ? OF_UNKNOWN_KIND : null
}

/** The session on which a call calls a method; `null` for all other calls. Ask for the method first, that is cheaper. */
export function ormSessionOfCall(context: DatabaseContext, call: CallNode): OrmSession | null {
  const called = withoutParentheses(call.function)
  return called.kind === 'attribute' ? ormSessionOf(context, called.object) : null
}

/** An unannotated parameter, an attribute of `self` or `request.db`, of which nothing else is known. */
function mayHold(context: DatabaseContext, node: PythonNode): boolean {
  if (node.kind === 'attribute') {
    if (node.object.kind !== 'identifier' || !(node.object.text === 'request' ? node.attribute.text === 'db' : isSelf(context, node.object))) return false
  } else if (node.kind !== 'identifier' || !isUnannotated(context.scopes.bindingOf(node)?.onlyDefinition ?? null)) return false
  return typeAtUse(context, node).kind === 'unknown' && classOfExpression(context, node) === null && context.resolve(node) === null
}

function isUnannotated(definition: Definition | null): boolean {
  return definition?.kind === 'parameter' && definition.node.kind !== 'typed_parameter' && definition.node.kind !== 'typed_default_parameter'
}

function isSelf({ scopes }: DatabaseContext, node: PythonNode): boolean {
  return node.text === 'self' && scopes.bindingOf(node)?.onlyDefinition?.kind === 'parameter'
}

function isNamed({ project }: DatabaseContext, node: PythonNode): boolean {
  const name = node.kind === 'attribute' ? node.attribute.text : node.text
  if (!SESSION_ATTRIBUTES.has(name) || (node.kind === 'attribute' && node.object.text !== 'self')) return false
  return importsOneOf(project.imports(), 'sqlalchemy', 'sqlmodel')
}

/** Methods by which a function shows that what it calls them on is a session. */
const TELLING_METHODS: ReadonlySet<string> = new Set(['query', 'execute', 'scalars', 'scalar', 'add'])
const UNIT_OF_WORK: ReadonlySet<string> = new Set(['commit', 'flush', 'rollback'])

const usesByFunction = new WeakMap<object, Map<number, ReadonlyMap<string, readonly CallNode[]>>>()

function isUsedAsSession(context: DatabaseContext, node: PythonNode): boolean {
  const calls = callsOn(context, node)
  if (!calls.some((call) => TELLING_METHODS.has(methodOf(call)))) return false
  const name = node.kind === 'attribute' ? node.attribute.text : node.text
  const mayAdd = name === 'db' || name === '_db' || name.toLowerCase().includes('session') || calls.some((call) => UNIT_OF_WORK.has(methodOf(call)))
  return calls.some((call) => tells(context, call, mayAdd))
}

function tells(context: DatabaseContext, call: CallNode, mayAdd: boolean): boolean {
  const [first] = positionalArguments(call)
  switch (methodOf(call)) {
    case 'query': {
      const expression = first && statementsOf(context).expressionOf(first)
      return expression !== undefined && 'source' in expression && expression.source.model !== null
    }
    case 'execute':
    case 'scalars':
    case 'scalar': {
      const given = first ?? argument(call, 'statement')
      const statement = given && statementsOf(context).statementOf(given)
      return statement?.paths.every(({ selected, target }) => isModelSource(target) || selected.some((item) => 'source' in item && isModelSource(item.source))) ?? false
    }
    case 'add': {
      const className = mayAdd && first ? classOf(context.typeOf(first)) : null
      return className !== null && isModelClass(context.project, className)
    }
    default:
      return false
  }
}

function isModelSource(source: { readonly model: unknown } | null): boolean {
  return source?.model !== null && source?.model !== undefined
}

function methodOf({ function: called }: CallNode): string {
  return called.kind === 'attribute' ? called.attribute.text : ''
}

/** The calls of methods in the same function that are made on the same name. */
function callsOn({ project }: DatabaseContext, node: PythonNode): readonly CallNode[] {
  const definition = node.closest('function_definition')
  if (!definition) return []
  let known = usesByFunction.get(project)
  if (!known) usesByFunction.set(project, (known = new Map()))
  let uses = known.get(definition.index)
  if (!uses) known.set(definition.index, (uses = methodCalls(definition)))
  return uses.get(node.text) ?? []
}

function methodCalls(definition: FunctionDefinitionNode): ReadonlyMap<string, readonly CallNode[]> {
  const found = new Map<string, CallNode[]>()
  for (const node of ownCode(definition.body)) {
    if (node.kind !== 'call' || node.function.kind !== 'attribute') continue
    const { object } = node.function
    if (object.kind !== 'identifier' && object.kind !== 'attribute') continue
    const calls = found.get(object.text)
    if (calls) calls.push(node)
    else found.set(object.text, [node])
  }
  return found
}

const FACTORIES: ReadonlySet<string> = new Set(['sqlalchemy.orm.sessionmaker', 'sqlalchemy.ext.asyncio.async_sessionmaker'])

/** Whether a call makes a new session itself: of a session class, or of a `sessionmaker`. A `scoped_session` gives one that exists. */
export function makesSession(context: DatabaseContext, call: CallNode): boolean {
  const called = withoutParentheses(call.function)
  if (!mayMakeSession(context, called)) return false
  const type = context.typeOf(called)
  if (type.kind === 'class') return isSessionClass(context.project, type.class)
  return type.kind === 'instance' && FACTORIES.has(type.class)
}

const MAKER_NAMES = /session|maker|factory|local|(^|_)db$/i

/** Whether the type of what is called is worth a look: types cost more than names. */
function mayMakeSession(context: DatabaseContext, called: PythonNode): boolean {
  const name = context.resolve(called)
  if (name !== null) {
    const kind = context.project.definition(name)?.kind
    return kind === undefined ? MAKER_NAMES.test(lastPart(name)) : kind === 'variable' || kind === 'class'
  }
  return called.kind === 'attribute' ? MAKER_NAMES.test(called.attribute.text) : called.kind !== 'identifier' || MAKER_NAMES.test(called.text)
}

/** Whether the body of a function of the project makes a session: by a session class, or by a `sessionmaker` that is a name of a module or an attribute of `self`. */
export function functionMakesSession({ project }: DatabaseContext, functionName: string): boolean {
  const found = callsOf(project, functionName)
  const evaluator = new TypeEvaluator(project)
  return (
    found?.calls.some((call) => {
      const name = calleeName(project, found, call)
      if (name === null) return call.method !== undefined && isSelfValue(call.receiver) && isFactory(evaluator.attribute(instanceOf(withoutLastPart(functionName)), call.method))
      if (isSessionClass(project, name)) return true
      const owner = withoutLastPart(name)
      if (project.definition(name)?.kind === 'variable') return isFactory(evaluator.ofName(name))
      return project.definition(owner)?.kind === 'class' && isFactory(evaluator.attribute(instanceOf(owner), lastPart(name)))
    }) ?? false
  )
}

function isSelfValue(value: Value | undefined): boolean {
  return value?.kind === 'local' && value.name === 'self'
}

function isFactory(type: Type): boolean {
  return type.kind === 'instance' && FACTORIES.has(type.class)
}

function isSessionClass(project: PythonProject, name: string): boolean {
  const session = sessionClassOf(project, name)
  return session !== null && !session.isRegistry && !session.isConnection
}

/** What the objects of a class hold in an attribute, if it certainly is a session. */
export function sessionAttributeOf({ project }: DatabaseContext, className: string, attribute: string): SessionObject | null {
  return sessionOfType(project, new TypeEvaluator(project).attribute(instanceOf(className), attribute))
}
