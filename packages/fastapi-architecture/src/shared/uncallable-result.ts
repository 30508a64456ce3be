import { NONE_VALUE, sessionOfValue, withoutLastPart, type CallValue, type FunctionCallee, type PythonProject, type Value } from '@krait/python'
import { lacksCall } from './classes-without-call.ts'
import { keepsFunction } from './decorators.ts'

/** One question looks at no more functions than these. */
const MAX_FUNCTIONS = 50

/** Builtins whose results can not be called. */
const DATA_BUILTINS: ReadonlySet<string> = new Set(
  `abs all any ascii bin bool bytearray bytes chr complex dict divmod enumerate filter float format frozenset hash hex id int isinstance issubclass
  len list map oct ord range repr reversed round set sorted str tuple zip`
    .split(/\s+/)
    .map((name) => `builtins.${name}`),
)

/** `|`, `&` and the others are how libraries put checks together. */
const ARITHMETIC: ReadonlySet<string> = new Set(['+', '-', '*', '/', '//', '%', '**'])

/** What a call of a project function gives, in words, if that certainly can not be called; `null` if it might be. */
export function uncallableResult(project: PythonProject, callee: FunctionCallee): string | null {
  /** `null` while a function is looked at: one that gives its own result gives nothing that is known. */
  const known = new Map<string, string | null>()
  return resultOf(callee)

  function resultOf(called: FunctionCallee): string | null {
    const { name } = called
    if (!known.has(name) && known.size < MAX_FUNCTIONS) {
      known.set(name, null)
      known.set(name, describeResults(called))
    }
    return known.get(name) ?? null
  }

  function describeResults({ fact, path }: FunctionCallee): string | null {
    const absolute = (value: Value): Value => project.value(value, path)
    if (!isAsWritten({ fact, path }, absolute)) return null
    if (fact.generator || fact.async) return fact.async ? (fact.generator ? 'an async generator' : 'a coroutine') : 'a generator'
    if (fact.returnsOpen) return null
    const results = [...fact.returns.map(absolute), ...(fact.fallsOff ? [NONE_VALUE] : [])].map(describe)
    return results.includes(null) ? null : (results[0] ?? null)
  }

  function describe(value: Value): string | null {
    switch (value.kind) {
      case 'literal':
        return value.type === 'none' ? 'None' : 'a constant'
      case 'format':
        return 'a string'
      case 'tuple':
      case 'list':
      case 'set':
      case 'dict':
        return `a ${value.kind}`
      case 'comprehension':
        return `a ${value.type}`
      case 'unary':
        return isOwnObject(value.operand) ? null : 'a plain value'
      case 'binary':
        return ARITHMETIC.has(value.operator) && !isOwnObject(value.left) && !isOwnObject(value.right) ? 'a plain value' : null
      case 'compare':
        return value.operands.some(isOwnObject) ? null : 'a truth value'
      case 'conditional':
        return describe(value.then) && describe(value.else)
      case 'boolean':
        return describe(value.left) && describe(value.right)
      case 'name': {
        const bound = boundTo(value.name)
        return bound && describe(bound)
      }
      case 'call':
        return describeCall(value)
      default:
        return null
    }
  }

  function describeCall(call: CallValue): string | null {
    const definition = call.callee === null ? null : project.definition(call.callee)
    if (definition?.kind === 'function') return resultOf(definition)
    const session = sessionOfValue(project, call)
    if (session) return session.isRegistry ? null : 'a session'
    if (definition?.kind === 'class') return lacksCall(project, definition.name) ? `an instance of '${definition.name}'` : null
    return call.callee !== null && DATA_BUILTINS.has(call.callee) ? 'a plain value' : null
  }

  /** An object of a class of the project: its operators may give anything. */
  function isOwnObject(value: Value): boolean {
    const made = value.kind === 'name' ? boundTo(value.name) : value
    return made?.kind === 'call' && made.callee !== null && project.definition(made.callee) !== null
  }

  /** What a variable of a module is bound to; not those of classes, whose objects may have others, or be members of an enum. */
  function boundTo(name: string): Value | null {
    const value = project.definition(withoutLastPart(name))?.kind === 'module' ? project.valueOf(name) : null
    return value?.kind === 'name' ? null : value
  }
}

/** Whether a call runs this very definition: it is the only one, in a source file, and no decorator makes something else of it. */
export function isAsWritten({ fact, path }: Pick<FunctionCallee, 'fact' | 'path'>, absolute: (value: Value) => Value): boolean {
  return !fact.rebound && !path.endsWith('.pyi') && keepsFunction(fact, absolute)
}
