import type { FunctionFact } from '../facts/module-fact-types.ts'
import type { CallNode } from '../generated/nodes.ts'
import type { PythonProject } from '../project/python-project.ts'
import type { PythonServices } from '../services.ts'
import { isCallOf } from '../values/value.ts'
import type { CallValue, Value } from '../values/value.ts'
import { calledFunction } from './called-function.ts'
import { classBehind } from './class-behind.ts'
import { lastPart, withoutLastPart } from './dotted-name.ts'

/** Functions that read the clock of the machine. */
export const CLOCK_FUNCTIONS: ReadonlySet<string> = new Set([
  'datetime.datetime.now',
  'datetime.datetime.utcnow',
  'datetime.datetime.today',
  'datetime.date.today',
  'time.time',
  'django.utils.timezone.now',
  'pendulum.now',
  'arrow.now',
  'arrow.utcnow',
])

/** Whether a call reads the clock: a function of a library that does, or a project function that returns nothing but clock readings. */
export function isClockCall(context: PythonServices, call: CallNode): boolean {
  const name = context.resolve(call.function) ?? calledFunction(context, call)
  return name !== null && isClockFunction(context.project, name)
}

/**
 * Whether a qualified name is that of a function that returns nothing but clock readings. A class is none, whatever its name: `utcnow()` may be a
 * construct of SQL. Nor is a coroutine function, whose result must be awaited first.
 */
export function isClockFunction(project: PythonProject, qualifiedName: string): boolean {
  if (CLOCK_FUNCTIONS.has(qualifiedName)) return true
  // One that only calls itself reads nothing.
  return project.answerOnce('clock function', qualifiedName, false, () => returnsReadings(project, qualifiedName))
}

/**
 * Whether a value is a reading of the clock, or made of one: by arithmetic, by its methods and attributes (`.replace()`, `.date()`, `.year`), by
 * conversions (`int()`, `str()`, `datetime.combine()`), in an f-string. Of a choice, all branches must be.
 */
export function isClockReading(project: PythonProject, value: Value): boolean {
  const inner = (part: Value) => isClockReading(project, part)
  switch (value.kind) {
    case 'call':
      return isReadingCall(project, value)
    case 'attribute':
    case 'subscript':
      return inner(value.object)
    case 'binary':
      return inner(value.left) || inner(value.right)
    case 'boolean':
      return inner(value.left) && inner(value.right)
    case 'conditional':
      return inner(value.then) && inner(value.else)
    case 'format':
      return value.parts.some(inner)
    case 'unary':
      return value.operator !== 'not' && inner(value.operand)
    default:
      return false
  }
}

const CONVERSIONS: ReadonlySet<string> = new Set(['int', 'float', 'round', 'abs', 'str', 'min', 'max', 'repr', 'format'].map((name) => `builtins.${name}`))
const ZONE_METHODS: ReadonlySet<string> = new Set(['localize', 'make_aware', 'make_naive', 'normalize', 'fromutc'])

function isReadingCall(project: PythonProject, { callee, function: called, arguments: given, keywords }: CallValue): boolean {
  if (callee === null) return called?.kind === 'attribute' && isClockReading(project, called.object)
  if (isClockFunction(project, callee)) return true
  if (!CONVERSIONS.has(callee) && !ZONE_METHODS.has(lastPart(callee)) && !callee.startsWith('datetime.')) return false
  return [...given, ...Object.values(keywords)].some((value) => isClockReading(project, value))
}

function returnsReadings(project: PythonProject, name: string): boolean {
  const found = functionUnder(project, name)
  if (found) return isReader(project, found.fact, found.path)
  const value = project.valueOf(name)
  if (value?.kind === 'lambda') return isClockReading(project, value.body)
  const [target] = isCallOf(value, 'functools.partial') ? value.arguments : []
  return target?.kind === 'name' && isClockFunction(project, target.name)
}

interface FoundFunction {
  readonly fact: FunctionFact
  readonly path: string
}

/** A function, or the method of a class or of an object that a variable holds: `clock.now` with `clock = Clock()`. */
function functionUnder(project: PythonProject, name: string): FoundFunction | null {
  const callable = project.callable(name)
  if (callable) return callable.kind === 'function' && callable.function ? { fact: callable.function, path: callable.path } : null
  const owner = classBehind(project, withoutLastPart(name))
  const member = owner === null ? null : project.member(owner, lastPart(name))
  return member?.fact.kind === 'function' ? { fact: member.fact, path: member.path } : null
}

function isReader(project: PythonProject, fact: FunctionFact, path: string): boolean {
  if (fact.returns.length === 0 || fact.returnsOpen || fact.fallsOff || fact.generator || fact.async || fact.method === 'property') return false
  if (!fact.decorators.every((decorator) => isTransparent(project.value(decorator, path)))) return false
  return fact.returns.every((value) => isClockReading(project, project.value(value, path)))
}

/** Decorators after which a call of the function still gives what it returns. */
const TRANSPARENT: ReadonlySet<string> = new Set([
  'builtins.staticmethod',
  'builtins.classmethod',
  'functools.cache',
  'functools.lru_cache',
  'typing.final',
  'typing.override',
])

function isTransparent(decorator: Value): boolean {
  const name = decorator.kind === 'name' ? decorator.name : decorator.kind === 'call' ? decorator.callee : null
  return name !== null && TRANSPARENT.has(name)
}
