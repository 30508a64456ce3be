import type { RuleContext } from '@krait/core'
import { LOGGER_CLASSES, LOGGER_DERIVING_METHODS, LOGGER_FACTORIES, LOGGER_NAMES, LOGGERS, LOGGING_METHODS } from '../data/loggers.ts'
import type { FunctionFact } from '../facts/module-fact-types.ts'
import type { CallNode } from '../generated/nodes.ts'
import type { PythonServices } from '../services.ts'
import type { PythonNode } from '../syntax/node.ts'
import { membersOf, withoutNone } from '../types/type.ts'
import { classOfAnnotation } from '../values/instance-class.ts'
import type { CallValue, NameValue, Value } from '../values/value.ts'
import { classOfExpression } from './called-function.ts'
import { lastPart, matchesEntry, withoutLastPart } from './dotted-name.ts'
import { withoutParentheses } from './parentheses.ts'
import { listSetting } from './settings.ts'

/** What is asked of a rule's context here. */
export type LoggerContext = PythonServices & Pick<RuleContext, 'settings'>

/** Longer chains of functions that return loggers are not followed. */
const MAX_DEPTH = 8

/** A call that writes to a log. */
export interface LoggingCall {
  /** `exception`, `info` ... */
  readonly method: string
  /** The expression before the dot; `null` for a function such as `from logging import info`. */
  readonly logger: PythonNode | null
}

/** Takes a call apart if it is a logging call; `null` for all others. */
export function loggingCall(context: LoggerContext, call: CallNode): LoggingCall | null {
  const called = withoutParentheses(call.function)
  if (called.kind === 'attribute') {
    const method = called.attribute.text
    return LOGGING_METHODS.has(method) && (isLogger(context, called.object) || isReexported(context, called)) ? { method, logger: called.object } : null
  }
  const name = called.kind === 'identifier' && mayBeLoggingFunction(context, called) ? context.resolve(called) : null
  return name !== null && isLoggingFunction(context, name) ? { method: lastPart(name), logger: null } : null
}

/** Most functions that are called by a plain name are certainly none: asking how the name is bound spares resolving it. */
function mayBeLoggingFunction({ scopes }: LoggerContext, called: PythonNode): boolean {
  if (LOGGING_METHODS.has(called.text)) return true
  const definition = scopes.bindingOf(called)?.onlyDefinition
  return definition?.node.kind === 'aliased_import' || definition?.value?.kind === 'attribute'
}

/** `log.error` where the project's module `log` has it `from logging import error`. */
function isReexported(context: LoggerContext, called: PythonNode): boolean {
  const name = context.resolve(called)
  return name !== null && isLoggingFunction(context, name)
}

/** Whether the call of a qualified name logs: `logging.info`, `app.log.logger.error`. */
export function isLoggingFunction(context: LoggerContext, name: string): boolean {
  return LOGGING_METHODS.has(lastPart(name)) && isLoggerValue(context, { kind: 'name', name: withoutLastPart(name) })
}

/** Whether a method of a receiver (with absolute names) logs. */
export function isLoggingMethod(context: LoggerContext, receiver: Value, method: string): boolean {
  return LOGGING_METHODS.has(method) && isLoggerValue(context, receiver)
}

/** Whether an expression is a logger: as far as it can be resolved, by what it is; else by its name. */
export function isLogger(context: LoggerContext, node: PythonNode): boolean {
  const binding = node.kind === 'identifier' ? context.scopes.bindingOf(node) : null
  if (!binding || binding.scope !== context.scopes.module) return decide(context, node)
  let known = loggersOfModules.get(context.scopes)
  if (!known) loggersOfModules.set(context.scopes, (known = new Map()))
  let answer = known.get(binding.index)
  if (answer === undefined) known.set(binding.index, (answer = decide(context, node)))
  return answer
}

/** Whether names of a module are loggers, by binding: a file logs to the same one again and again. */
const loggersOfModules = new WeakMap<PythonServices['scopes'], Map<number, boolean>>()

function decide(context: LoggerContext, node: PythonNode): boolean {
  const value = context.values.summary(node)
  if (isNamedBySetting(context, value, node.text)) return true
  const state = loggerState(context, value, 0) ?? stateOfType(context, node) ?? stateOfMember(context, withoutParentheses(node))
  return state ?? isLoggerName(lastPart(node.text))
}

/** As `isLogger`, for a value with absolute names. */
export function isLoggerValue(context: LoggerContext, value: Value): boolean {
  const name = nameOf(value)
  if (isNamedBySetting(context, value, name)) return true
  return loggerState(context, value, 0) ?? isLoggerName(lastPart(name))
}

function isLoggerName(name: string): boolean {
  return LOGGER_NAMES.has(name)
}

function isNamedBySetting({ settings }: LoggerContext, value: Value, written: string): boolean {
  const entries = listSetting(settings, 'logging', 'loggerNames')
  if (entries.length === 0) return false
  const name = value.kind === 'name' ? value.name : written
  return entries.some((entry) => matchesEntry(name, entry) || matchesEntry(written, entry))
}

/** Of several classes, one that is no logger decides nothing. */
function stateOfType(context: LoggerContext, node: PythonNode): boolean | undefined {
  const className = classOfExpression(context, node)
  if (className !== null) return isLoggerClass(context, className)
  const members = membersOf(withoutNone(context.typeOf(node)))
  return members.every((member) => member.kind === 'instance' && isLoggerClass(context, member.class) === true) || undefined
}

/** `self.audit` and `self.audit()`, where the class has such a property, variable or method. */
function stateOfMember(context: LoggerContext, node: PythonNode): boolean | undefined {
  const isCall = node.kind === 'call'
  const attribute = isCall ? withoutParentheses(node.function) : node
  if (attribute.kind !== 'attribute') return undefined
  const className = classOfExpression(context, attribute.object)
  const member = className === null ? null : context.project.member(className, attribute.attribute.text)
  if (member?.fact.kind === 'function' && isCall !== (member.fact.method === 'property')) return stateOfResult(context, member.fact, member.path, 0)
  if (isCall || member?.fact.kind !== 'variable' || !member.fact.value) return undefined
  return loggerState(context, context.project.value(member.fact.value, member.path), 0)
}

/** `true` and `false` where it is known; `undefined` where the name must decide. */
function loggerState(context: LoggerContext, value: Value, depth: number): boolean | undefined {
  if (depth > MAX_DEPTH) return undefined
  switch (value.kind) {
    case 'name':
      return stateOfName(context, value, depth)
    case 'call':
      return stateOfCall(context, value, depth)
    case 'boolean':
      return eitherIs(loggerState(context, value.left, depth + 1), loggerState(context, value.right, depth + 1))
    case 'conditional':
      return eitherIs(loggerState(context, value.then, depth + 1), loggerState(context, value.else, depth + 1))
    case 'literal':
      return value.type === 'none' ? undefined : false
    case 'tuple':
    case 'list':
    case 'set':
    case 'dict':
    case 'lambda':
    case 'format':
    case 'comprehension':
      return false
    default:
      return undefined
  }
}

function eitherIs(first: boolean | undefined, second: boolean | undefined): boolean | undefined {
  return first === true || second === true ? true : first === false && second === false ? false : undefined
}

function stateOfName(context: LoggerContext, value: NameValue, depth: number): boolean | undefined {
  if (LOGGERS.has(value.name)) return true
  const followed = context.values.follow(value)
  if (followed.kind !== 'name') return loggerState(context, followed, depth + 1)
  if (LOGGERS.has(followed.name)) return true
  const definition = context.project.definition(followed.name)
  if (definition?.kind === 'module' || definition?.kind === 'class') return false
  if (definition?.kind === 'function') {
    return definition.fact.method === 'property' ? stateOfResult(context, definition.fact, definition.path, depth) : false
  }
  if (definition?.kind !== 'variable' || !definition.fact.annotation) return undefined
  const className = classOfAnnotation(context.project.value(definition.fact.annotation, definition.path), context.project)
  return className === null ? undefined : isLoggerClass(context, className)
}

function stateOfCall(context: LoggerContext, { callee, function: called }: CallValue, depth: number): boolean | undefined {
  if (callee === null) {
    if (called?.kind !== 'attribute') return undefined
    return LOGGER_DERIVING_METHODS.has(called.attribute) ? stateOrName(context, called.object, depth + 1) : undefined
  }
  if (LOGGER_FACTORIES.has(callee) || LOGGER_CLASSES.has(callee)) return true
  const callable = context.project.callable(callee)
  if (callable?.kind === 'class') return isLoggerClass(context, callable.name)
  if (callable?.function) return stateOfResult(context, callable.function, callable.path, depth)
  return LOGGER_DERIVING_METHODS.has(lastPart(callee)) ? stateOrName(context, { kind: 'name', name: withoutLastPart(callee) }, depth + 1) : undefined
}

/** What a logger that goes by its name alone gives is a logger, too: `self.log.bind()`. */
function stateOrName(context: LoggerContext, value: Value, depth: number): boolean | undefined {
  return loggerState(context, value, depth) ?? (isLoggerName(lastPart(nameOf(value))) ? true : undefined)
}

/** What a function of the project gives: by its annotation, or else by all of its returns. */
function stateOfResult(context: LoggerContext, fact: FunctionFact, path: string, depth: number): boolean | undefined {
  const { project } = context
  if (fact.returnAnnotation) {
    const className = classOfAnnotation(project.value(fact.returnAnnotation, path), project)
    if (className !== null) return isLoggerClass(context, className)
  }
  if (fact.returnsOpen || fact.fallsOff || fact.returns.length === 0 || fact.async || fact.generator) return undefined
  const states = fact.returns.map((returned) => loggerState(context, project.value(returned, path), depth + 1))
  return states.every((state) => state === true) ? true : states.every((state) => state === false) ? false : undefined
}

function isLoggerClass({ project }: LoggerContext, className: string): boolean | undefined {
  return project.isSubclassOf(className, LOGGER_CLASSES)
}

/** The last name by which a value goes. */
function nameOf(value: Value): string {
  if (value.kind === 'name' || value.kind === 'local') return value.name
  return value.kind === 'attribute' ? value.attribute : ''
}
