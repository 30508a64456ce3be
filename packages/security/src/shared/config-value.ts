import {
  argument, classOfExpression, lastNameOf, lastPart, withoutLastPart, withoutParentheses,
  type CallNode, type PythonNode, type PythonRuleContext, type Value,
} from '@krait/python'
import { securityNames } from './security-settings.ts'

const SETTINGS_CLASSES = ['pydantic_settings.BaseSettings']

/** Longer chains of names, conversions and defaults are not followed. */
const MAX_STEPS = 20

const STRING_METHODS: ReadonlySet<string> = new Set(['casefold', 'lower', 'strip', 'upper'])
const CONVERSIONS: ReadonlySet<string> = new Set(['builtins.bool', 'builtins.int', 'builtins.str'])

/**
 * The names under which an expression reads configuration: `environment` for `settings.environment`, `APP_ENV` for `os.environ["APP_ENV"]`, both
 * `mode` and `APP_ENV` for `mode` after `mode = os.getenv("APP_ENV")`. Empty if it reads none. Defaults (`or`), conversions and string methods are
 * looked through.
 */
export function configNames(context: PythonRuleContext, node: PythonNode): readonly string[] {
  const names: string[] = []
  let read: PythonNode | null = node
  for (let step = 0; read && step < MAX_STEPS; step++) {
    read = withoutParentheses(read)
    const key = readKey(context, read)
    if (key !== null) return [...names, key]
    if (read.kind === 'identifier') names.push(read.text)
    const inside = insideOf(context, read)
    if (!inside && (read.kind === 'identifier' || read.kind === 'attribute')) {
      const imported = importedKey(context, read)
      return imported === null ? [] : [...names, imported]
    }
    read = inside
  }
  return []
}

/** The key or attribute, if the node itself is the place that reads it. */
function readKey(context: PythonRuleContext, read: PythonNode): string | null {
  switch (read.kind) {
    case 'attribute':
      return isConfigObject(context, read.object) ? read.attribute.text : null
    case 'subscript':
      return read.subscript.length === 1 && isConfigObject(context, read.value) ? constantText(context, read.subscript[0]!) : null
    case 'call': {
      const key = argument(read, null, 0)
      return key && isGetter(context, read.function) ? constantText(context, key) : null
    }
    default:
      return null
  }
}

/** What a name is bound to, what is converted, what has a default. */
function insideOf(context: PythonRuleContext, read: PythonNode): PythonNode | null {
  switch (read.kind) {
    case 'identifier':
      return context.scopes.bindingOf(read)?.onlyDefinition?.value ?? null
    case 'named_expression':
      return read.value
    case 'boolean_operator':
      return read.operator.kind === 'or' ? read.left : null
    case 'call':
      return convertedBy(context, read)
    default:
      return null
  }
}

function convertedBy(context: PythonRuleContext, call: CallNode): PythonNode | null {
  const called = call.function
  if (called.kind === 'attribute' && STRING_METHODS.has(called.attribute.text)) return called.object
  const name = context.resolve(called) ?? lastNameOf(called)
  return name !== null && isConversion(name) && call.arguments.namedChildren.length === 1 ? argument(call, null, 0) : null
}

/** A builtin type, or by its name a class, such as an enum. */
function isConversion(name: string): boolean {
  return CONVERSIONS.has(name) || /^_*\p{Lu}/u.test(lastPart(name))
}

/** `os.getenv`, and `get` of `os.environ` or of a config object. */
function isGetter(context: PythonRuleContext, called: PythonNode): boolean {
  if (called.kind === 'attribute' && called.attribute.text === 'get') return isConfigObject(context, called.object)
  return lastNameOf(called) !== null && context.resolve(called) === 'os.getenv'
}

/** `os.environ`, `settings` and other names of the list, also as attributes (`self.config`), what lies below them, `get_settings()`, `Settings()`. */
function isConfigObject(context: PythonRuleContext, node: PythonNode): boolean {
  const listed = securityNames(context.settings, 'configObjects')
  for (let object = withoutParentheses(node); ; ) {
    const name = lastNameOf(object)
    if (name !== null && (listed.includes(name) || (object.kind === 'call' && name === 'get_settings'))) return true
    if (isEnvironmentOrSettings(context, object)) return true
    if (object.kind === 'attribute') object = withoutParentheses(object.object)
    else return false
  }
}

function isEnvironmentOrSettings(context: PythonRuleContext, object: PythonNode): boolean {
  if (object.kind !== 'identifier' && object.kind !== 'attribute' && object.kind !== 'call') return false
  const resolved = context.resolve(object)
  if (resolved === 'os.environ' || resolved === 'django.conf.settings') return true
  const className = classOfExpression(context, object)
  return className !== null && isSettingsClass(context, className)
}

function isSettingsClass({ project }: PythonRuleContext, className: string): boolean {
  return project.isSubclassOf(className, SETTINGS_CLASSES) === true
}

function constantText(context: PythonRuleContext, node: PythonNode): string | null {
  const text = context.constantOf(node)
  return typeof text === 'string' ? text : null
}

/** The key of a name of another module that is bound to a configuration value there. */
function importedKey(context: PythonRuleContext, node: PythonNode): string | null {
  const name = context.resolve(node)
  let value: Value | null = name === null ? null : { kind: 'name', name }
  for (let step = 0; value && step < MAX_STEPS; step++) {
    value = context.values.follow(value)
    const key = keyOfValue(context, value)
    if (key !== null) return key
    value = insideOfValue(value)
  }
  return null
}

function keyOfValue(context: PythonRuleContext, value: Value): string | null {
  const constant = (key: Value | undefined) => {
    const text = key && context.values.constant(key)
    return typeof text === 'string' ? text : null
  }
  switch (value.kind) {
    case 'name':
      return isConfigName(context, withoutLastPart(value.name)) ? lastPart(value.name) : null
    case 'subscript':
      return value.object.kind === 'name' && isConfigName(context, value.object.name) ? constant(value.index[0]) : null
    case 'call': {
      const { callee } = value
      const isRead = callee === 'os.getenv' || (callee !== null && lastPart(callee) === 'get' && isConfigName(context, withoutLastPart(callee)))
      return isRead ? constant(value.arguments[0]) : null
    }
    default:
      return null
  }
}

function isConfigName(context: PythonRuleContext, name: string): boolean {
  if (name === 'os.environ' || securityNames(context.settings, 'configObjects').includes(lastPart(name))) return true
  const value = context.project.valueOf(name)
  return value?.kind === 'call' && value.callee !== null && (lastPart(value.callee) === 'get_settings' || isSettingsClass(context, value.callee))
}

function insideOfValue(value: Value): Value | null {
  if (value.kind === 'boolean') return value.operator === 'or' ? value.left : null
  if (value.kind !== 'call') return null
  const { callee, function: called } = value
  if (callee === null) return called?.kind === 'attribute' && STRING_METHODS.has(called.attribute) ? called.object : null
  if (STRING_METHODS.has(lastPart(callee))) return { kind: 'name', name: withoutLastPart(callee) }
  return isConversion(callee) ? (value.arguments[0] ?? null) : null
}
