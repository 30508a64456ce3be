import type { PythonProject } from '../project/python-project.ts'
import type { CallValue, ComprehensionValue, Value } from './value.ts'

/** What a name stands for while a function is evaluated: a text, a list of texts, a class by its name, or a match of a pattern. */
export type TextValue = string | boolean | null | readonly string[] | { readonly className: string } | { readonly match: readonly string[] }

type Names = ReadonlyMap<string, TextValue>

/** More steps are not taken. */
const MAX_STEPS = 2000
const MAX_DEPTH = 30
/** Longer texts are not handed to patterns, which could need very long for them. */
const MAX_TEXT = 200
/** Nor are patterns with more repetitions. */
const MAX_REPETITIONS = 3

/**
 * Evaluates an expression that makes a text of other texts, with absolute names: string methods, `re`, and functions of the project that consist of
 * such expressions.
 * @returns `undefined` if a part is not known
 */
export function evaluateText(project: PythonProject, value: Value, names: Names): string | undefined {
  const result = new TextEvaluator(project).evaluate(value, names, 0)
  return typeof result === 'string' ? result : undefined
}

class TextEvaluator {
  readonly #project: PythonProject
  #steps = 0

  constructor(project: PythonProject) {
    this.#project = project
  }

  evaluate(value: Value, names: Names, depth: number): TextValue | undefined {
    if (depth > MAX_DEPTH || ++this.#steps > MAX_STEPS) return undefined
    const inner = (part: Value) => this.evaluate(part, names, depth + 1)
    switch (value.kind) {
      case 'literal':
        return value.type === 'string' || value.type === 'boolean' || value.type === 'none' ? (value.value as TextValue) : undefined
      case 'local':
        // A parameter that is bound anew is none.
        return names.get(value.isParameter ? value.name : loopVariable(value.name))
      case 'name': {
        const bound = this.#project.valueOf(value.name)
        return bound ? this.evaluate(bound, NO_NAMES, depth + 1) : undefined
      }
      case 'attribute': {
        const object = value.attribute === '__name__' ? inner(value.object) : undefined
        return isClass(object) ? object.className : undefined
      }
      case 'binary': {
        const [left, right] = value.operator === '+' ? [inner(value.left), inner(value.right)] : []
        return typeof left === 'string' && typeof right === 'string' ? left + right : undefined
      }
      case 'format': {
        const parts = value.parts.map(inner)
        return parts.every((part) => typeof part === 'string') ? parts.join('') : undefined
      }
      case 'conditional': {
        const test = inner(value.test)
        return test === undefined ? undefined : inner(isTruthy(test) ? value.then : value.else)
      }
      case 'unary': {
        const operand = value.operator === 'not' ? inner(value.operand) : undefined
        return operand === undefined ? undefined : !isTruthy(operand)
      }
      case 'boolean': {
        const left = inner(value.left)
        if (left === undefined) return undefined
        return isTruthy(left) === (value.operator === 'or') ? left : inner(value.right)
      }
      case 'tuple':
      case 'list': {
        const items = value.open ? [undefined] : value.items.map(inner)
        return items.every((item) => typeof item === 'string') ? items : undefined
      }
      case 'comprehension':
        return this.#comprehension(value, names, depth)
      case 'call':
        return value.open ? undefined : this.#call(value, names, depth)
      default:
        return undefined
    }
  }

  #comprehension({ element, loop, type }: ComprehensionValue, names: Names, depth: number): readonly string[] | undefined {
    if (!loop || (type !== 'list' && type !== 'generator')) return undefined
    const over = this.evaluate(loop.over, names, depth + 1)
    const items = typeof over === 'string' ? [...over] : Array.isArray(over) ? (over as readonly string[]) : null
    if (!items) return undefined
    const made: string[] = []
    for (const item of items) {
      const round = new Map([...names, [loopVariable(loop.name), item]])
      const tests = loop.tests.map((test) => this.evaluate(test, round, depth + 1))
      if (tests.includes(undefined)) return undefined
      if (!tests.every((test) => isTruthy(test!))) continue
      const text = this.evaluate(element, round, depth + 1)
      if (typeof text !== 'string') return undefined
      made.push(text)
    }
    return made
  }

  #call(call: CallValue, names: Names, depth: number): TextValue | undefined {
    if (call.function?.kind === 'attribute') return this.#method(call, call.function.object, call.function.attribute, names, depth)
    if (call.callee === null) return undefined
    const pattern = /^re\.(sub|split|findall)$/.exec(call.callee)
    if (pattern) return this.#match(pattern[1]!, call.arguments[0], call.arguments.slice(1), call, names, depth)
    const dot = call.callee.lastIndexOf('.')
    const compiled = dot > 0 ? this.#project.valueOf(call.callee.slice(0, dot)) : null
    if (compiled?.kind === 'call' && compiled.callee === 're.compile') {
      const isPlain = compiled.arguments.length === 1 && Object.keys(compiled.keywords).length === 0
      return isPlain ? this.#match(call.callee.slice(dot + 1), compiled.arguments[0], call.arguments, call, names, depth) : undefined
    }
    return this.#function(call, names, depth)
  }

  /** A function of the project that does nothing but return one expression. */
  #function(call: CallValue, names: Names, depth: number): TextValue | undefined {
    const called = this.#project.callable(call.callee!)
    const fact = called?.kind === 'function' ? called.function : null
    if (!called || !fact || fact.decorators.length > 0 || fact.async || fact.generator || fact.rebound) return undefined
    if (fact.returns.length !== 1 || fact.returnsOpen || fact.fallsOff || fact.method !== undefined) return undefined
    const given = new Map<string, TextValue>()
    for (const [position, { name, kind, default: fallback }] of fact.parameters.entries()) {
      if (kind === 'var-positional' || kind === 'var-keyword') return undefined
      const argument = kind === 'keyword-only' ? undefined : call.arguments[position]
      const written = argument ?? (Object.hasOwn(call.keywords, name) ? call.keywords[name] : undefined)
      const value = written ? this.evaluate(written, names, depth + 1) : fallback && this.evaluate(this.#project.value(fallback, called.path), NO_NAMES, depth + 1)
      if (value !== undefined) given.set(name, value)
    }
    return this.evaluate(this.#project.value(fact.returns[0]!, called.path), given, depth + 1)
  }

  #method(call: CallValue, receiver: Value, method: string, names: Names, depth: number): TextValue | undefined {
    if (Object.keys(call.keywords).length > 0) return undefined
    if (receiver.kind === 'call' && receiver.callee === 're.compile') {
      const isPlain = receiver.arguments.length === 1 && Object.keys(receiver.keywords).length === 0
      return isPlain ? this.#match(method, receiver.arguments[0], call.arguments, call, names, depth) : undefined
    }
    const object = this.evaluate(receiver, names, depth + 1)
    if (isMatch(object)) {
      const [group] = call.arguments
      if (method !== 'group' || call.arguments.length > 1) return undefined
      const number = group === undefined ? 0 : group.kind === 'literal' && typeof group.value === 'number' ? group.value : -1
      return object.match[number]
    }
    if (typeof object !== 'string') return undefined
    const given = call.arguments.map((argument) => this.evaluate(argument, names, depth + 1))
    if (method === 'join') return given.length === 1 && Array.isArray(given[0]) ? given[0].join(object) : undefined
    return given.every((argument) => typeof argument === 'string') ? methodOfText(object, method, given) : undefined
  }

  /** @param given the arguments after the pattern */
  #match(name: string, pattern: Value | undefined, given: readonly Value[], { keywords }: CallValue, names: Names, depth: number): TextValue | undefined {
    const source = pattern && this.evaluate(pattern, names, depth + 1)
    const expression = typeof source === 'string' ? patternOf(source) : null
    const text = given.at(name === 'sub' ? 1 : 0)
    const subject = text && this.evaluate(text, names, depth + 1)
    if (!expression || typeof subject !== 'string' || subject.length > MAX_TEXT || Object.keys(keywords).length > 0) return undefined
    if (name === 'findall') return given.length === 1 ? found(subject, expression) : undefined
    if (name === 'split') return given.length === 1 ? split(subject, expression) : undefined
    if (name !== 'sub' || given.length !== 2) return undefined
    let isKnown = true
    const replaced = subject.replace(expression, (...parts) => {
      const groups = parts.slice(0, parts.findIndex((part) => typeof part === 'number')).map((part) => (part as string | undefined) ?? '')
      const replacement = this.#replacement(given[0]!, groups, names, depth)
      isKnown &&= replacement !== undefined
      return replacement ?? ''
    })
    return isKnown ? replaced : undefined
  }

  /** `r"\1_\2"`, or a lambda. */
  #replacement(replacement: Value, groups: readonly string[], names: Names, depth: number): string | undefined {
    if (replacement.kind === 'lambda') {
      const made = this.evaluate(replacement.body, new Map([...names, [replacement.parameters[0] ?? '', { match: groups }]]), depth + 1)
      return typeof made === 'string' ? made : undefined
    }
    const template = this.evaluate(replacement, names, depth + 1)
    if (typeof template !== 'string' || /\\(?![1-9](?!\d))/.test(template)) return undefined
    return template.replace(/\\(\d)/g, (_, group: string) => groups[Number(group)] ?? '')
  }
}

const NO_NAMES: Names = new Map()

function loopVariable(name: string): string {
  return `for ${name}`
}

function isClass(value: TextValue | undefined): value is { readonly className: string } {
  return typeof value === 'object' && value !== null && 'className' in value
}

function isMatch(value: TextValue | undefined): value is { readonly match: readonly string[] } {
  return typeof value === 'object' && value !== null && 'match' in value
}

function isTruthy(value: TextValue): boolean {
  return Array.isArray(value) ? value.length > 0 : Boolean(value)
}

/** Texts beyond ASCII are left alone: Python and JavaScript do not agree on the case of all letters. */
function methodOfText(text: string, method: string, given: readonly string[]): TextValue | undefined {
  const [first, second] = given
  if (/[^\0-\x7f]/.test(text)) return undefined
  switch (`${method}/${given.length}`) {
    case 'lower/0':
    case 'casefold/0':
      return text.toLowerCase()
    case 'upper/0':
      return text.toUpperCase()
    case 'capitalize/0':
      return text.slice(0, 1).toUpperCase() + text.slice(1).toLowerCase()
    case 'isupper/0':
      return /[A-Z]/.test(text) && !/[a-z]/.test(text)
    case 'islower/0':
      return /[a-z]/.test(text) && !/[A-Z]/.test(text)
    case 'replace/2':
      return first === '' ? undefined : text.replaceAll(first!, () => second!)
    case 'removesuffix/1':
      return first !== '' && text.endsWith(first!) ? text.slice(0, -first!.length) : text
    case 'removeprefix/1':
      return text.startsWith(first!) ? text.slice(first!.length) : text
    case 'endswith/1':
      return text.endsWith(first!)
    case 'startswith/1':
      return text.startsWith(first!)
    case 'split/1':
      return first === '' ? undefined : text.split(first!)
    case 'strip/1':
    case 'lstrip/1':
    case 'rstrip/1':
      return stripped(text, first!, method)
    default:
      return undefined
  }
}

function stripped(text: string, characters: string, method: string): string {
  let [start, end] = [0, text.length]
  if (method !== 'rstrip') while (start < end && characters.includes(text[start]!)) start++
  if (method !== 'lstrip') while (end > start && characters.includes(text[end - 1]!)) end--
  return text.slice(start, end)
}

/** A pattern that means the same in Python and JavaScript, and that is soon done. */
function patternOf(source: string): RegExp | null {
  const repetitions = source.match(/[*+{]/g)?.length ?? 0
  const isForeign = /\(\?(?![:=!]|<[=!])|\\[AZzbBN0-9]|\)[*+{]|[*+?}]\+/.test(source)
  if (isForeign || repetitions > MAX_REPETITIONS || source.length > MAX_TEXT) return null
  try {
    return new RegExp(source, 'g')
  } catch {
    return null
  }
}

/** As Python does: what groups matched stands between the pieces. */
function split(text: string, pattern: RegExp): readonly string[] {
  const pieces: string[] = []
  let from = 0
  for (const match of text.matchAll(pattern)) {
    pieces.push(text.slice(from, match.index), ...match.slice(1).map((group) => (group as string | undefined) ?? ''))
    from = match.index + match[0].length
  }
  return [...pieces, text.slice(from)]
}

/** The only group, or the whole match; `undefined` for several groups, which give tuples. */
function found(text: string, pattern: RegExp): readonly string[] | undefined {
  const matches = [...text.matchAll(pattern)]
  if (matches.some((match) => match.length > 2)) return undefined
  return matches.map((match) => (match.length === 2 ? ((match[1]) ?? '') : match[0]))
}
