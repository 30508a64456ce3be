import { isCallOf, lastPart, withoutLastPart } from '@krait/python'
import type { PythonNode, PythonRuleContext, Value } from '@krait/python'

type Context = Pick<PythonRuleContext, 'project' | 'values'>

/** The levels below an error, by the names that logging libraries and log tables use. */
const LOWER_LEVELS: readonly string[] = ['trace', 'debug', 'verbose', 'info', 'information', 'notice', 'success', 'warn', 'warning']

/** Names of log levels, in lower case, with how code writes them. */
export class LevelNames {
  readonly #context: Context
  readonly #errors: ReadonlySet<string>
  readonly #known: ReadonlySet<string>

  constructor(context: Context, errorLevels: readonly string[]) {
    this.#context = context
    this.#errors = new Set(errorLevels.map((level) => level.toLowerCase()))
    this.#known = new Set([...LOWER_LEVELS, ...this.#errors])
  }

  isError(level: string): boolean {
    return this.#errors.has(level)
  }

  /** The level that an expression names: a string, a member of an enum by its name or value, or a name bound once to one; `null` if it is none. */
  of(node: PythonNode): string | null {
    return this.#levelOf(this.#context.values.summary(node))
  }

  /** The levels of a collection; `null` unless all that it holds is known, and is a level. */
  ofCollection(node: PythonNode): readonly string[] | null {
    let value = this.#context.values.of(node)
    if (isCallOf(value, ...COLLECTORS) && value.arguments.length === 1) value = this.#context.values.follow(value.arguments[0]!)
    if ((value.kind !== 'list' && value.kind !== 'tuple' && value.kind !== 'set') || value.open) return null
    const levels = value.items.map((item) => this.#levelOf(item))
    return levels.includes(null) ? null : (levels as readonly string[])
  }

  /** Whether all members of an enum are levels. @param className a class that is no enum says nothing */
  isLevelEnum(className: string): boolean {
    const definition = this.#context.project.definition(className)
    if (definition?.kind !== 'class' || !this.#isEnum(className)) return true
    return Object.keys(definition.fact.members).every((name) => definition.fact.members[name]?.kind !== 'variable' || name.startsWith('_') || this.#memberLevel(className, name) !== null)
  }

  #levelOf(given: Value): string | null {
    if (given.kind === 'name') {
      const member = /\.(value|name)$/.test(given.name) ? withoutLastPart(given.name) : given.name
      const owner = withoutLastPart(member)
      if (owner !== '' && this.#isEnum(owner)) return this.isLevelEnum(owner) ? this.#memberLevel(owner, lastPart(member)) : null
    }
    const value = this.#context.values.follow(given)
    if (value !== given && value.kind === 'name') return this.#levelOf(value)
    return value.kind === 'literal' && typeof value.value === 'string' ? this.#named(value.value) : null
  }

  #memberLevel(className: string, name: string): string | null {
    const value = this.#context.project.valueOf(`${className}.${name}`)
    const byValue = value?.kind === 'literal' && typeof value.value === 'string' ? this.#named(value.value) : null
    return byValue ?? this.#named(name)
  }

  #isEnum(className: string): boolean {
    return this.#context.project.isSubclassOf(className, ['enum.Enum']) === true
  }

  #named(text: string): string | null {
    const level = text.toLowerCase()
    return this.#known.has(level) ? level : null
  }
}

const COLLECTORS = ['builtins.list', 'builtins.set', 'builtins.tuple', 'builtins.frozenset']

const NUMBERS: Readonly<Record<string, number>> = { CRITICAL: 50, FATAL: 50, ERROR: 40, WARNING: 30, WARN: 30, INFO: 20, DEBUG: 10, NOTSET: 0 }

/** The number of a level of `logging`: `logging.ERROR`, `"ERROR"`, `40`, `logging.CRITICAL + 1`. `null` if it is not known. */
export function levelNumber(context: Context, node: PythonNode): number | null {
  return numberOf(context, context.values.summary(node))
}

function numberOf(context: Context, given: Value): number | null {
  const value = context.values.follow(given)
  if (value.kind === 'name') return value.name.startsWith('logging.') ? (NUMBERS[lastPart(value.name)] ?? null) : null
  if (value.kind === 'literal') {
    if (typeof value.value === 'number') return value.value
    return typeof value.value === 'string' ? (NUMBERS[value.value.toUpperCase()] ?? null) : null
  }
  if (value.kind !== 'binary' || (value.operator !== '+' && value.operator !== '-' && value.operator !== '*')) return null
  const left = numberOf(context, value.left)
  const right = numberOf(context, value.right)
  if (left === null || right === null) return null
  return value.operator === '+' ? left + right : value.operator === '-' ? left - right : left * right
}
