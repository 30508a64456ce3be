import { placeInside, showValue, type ConfigProblem } from './config-problem.ts'
import { isPlainObject } from './merge-settings.ts'
import { didYouMean } from './nearest-name.ts'

const severityNames = ['off', 'warn', 'error']

type Check = (value: unknown, place: string, problems: ConfigProblem[]) => void

/**
 * Checks that a value has the shape of a config: known keys, right types, known severities, JSON all through.
 * Names of rules, presets and packs are not looked at (see `validateRules`): packs need not be loaded.
 *
 * @returns what is wrong, in the order of the config; nothing when the value is a `Config`.
 */
export function validateShape(value: unknown): ConfigProblem[] {
  const problems: ConfigProblem[] = []
  if (!isPlainObject(value)) {
    problems.push({ place: '', message: `A config must be an object, not ${showValue(value)}.` })
    return problems
  }
  checkKeys(value, '', configKeys, problems)
  return problems
}

const overrideKeys: Readonly<Record<string, Check>> = {
  files: checkOverrideFiles,
  ignores: checkStrings,
  rules: checkRules,
  settings: checkSettings,
}

const configKeys: Readonly<Record<string, Check>> = {
  $schema: checkString,
  root: checkBoolean,
  extends: checkStrings,
  packs: checkStrings,
  rules: checkRules,
  settings: checkSettings,
  overrides: checkOverrides,
  ignores: checkStrings,
  suppressions: (value, place, problems) => {
    if (checkObject(value, place, problems)) checkKeys(value, place, { requireReason: checkBoolean }, problems)
  },
}

function checkKeys(value: Record<string, unknown>, place: string, checks: Readonly<Record<string, Check>>, problems: ConfigProblem[]): void {
  for (const [key, child] of Object.entries(value)) {
    if (child === undefined) continue
    const check = Object.hasOwn(checks, key) ? checks[key] : undefined
    if (check !== undefined) {
      check(child, placeInside(place, key), problems)
      continue
    }
    const known = Object.keys(checks)
    const hint = didYouMean(key, known) || ` Known keys: ${known.join(', ')}.`
    problems.push({ place: placeInside(place, key), message: `Unknown key '${key}'.${hint}` })
  }
}

function checkOverrides(value: unknown, place: string, problems: ConfigProblem[]): void {
  if (!checkArray(value, place, problems)) return
  for (const [index, override] of value.entries()) {
    const overridePlace = placeInside(place, index)
    if (!checkObject(override, overridePlace, problems)) continue
    if (override['files'] === undefined) {
      problems.push({ place: overridePlace, message: 'An override needs `files`: the globs of the files it is for.' })
    }
    checkKeys(override, overridePlace, overrideKeys, problems)
  }
}

function checkOverrideFiles(value: unknown, place: string, problems: ConfigProblem[]): void {
  const before = problems.length
  checkStrings(value, place, problems)
  if (problems.length > before) return
  const globs = value as readonly string[]
  if (globs.length === 0) problems.push({ place, message: 'Must name at least one glob.' })
  if (globs[0]?.startsWith('!') === true) {
    problems.push({ place: placeInside(place, 0), message: `'${globs[0]}' takes back what no earlier glob matched. Put such globs under 'ignores'.` })
  }
}

function checkRules(value: unknown, place: string, problems: ConfigProblem[]): void {
  if (!checkObject(value, place, problems)) return
  for (const [id, setting] of Object.entries(value)) {
    const settingPlace = placeInside(place, id)
    if (!Array.isArray(setting)) {
      checkSeverity(setting, settingPlace, problems)
      continue
    }
    if (setting.length === 0) {
      problems.push({ place: settingPlace, message: 'Must begin with a severity: "off", "warn" or "error".' })
      continue
    }
    checkSeverity(setting[0], placeInside(settingPlace, 0), problems)
    for (const [index, option] of setting.entries()) {
      if (index > 0) checkJson(option, placeInside(settingPlace, index), problems)
    }
  }
}

function checkSeverity(value: unknown, place: string, problems: ConfigProblem[]): void {
  if (value === 0 || value === 1 || value === 2) return
  if (typeof value === 'string' && severityNames.includes(value)) return
  const hint = typeof value === 'string' ? didYouMean(value, severityNames) : ''
  problems.push({ place, message: `Must be "off", "warn" or "error" (or 0, 1, 2), not ${showValue(value)}.${hint}` })
}

function checkSettings(value: unknown, place: string, problems: ConfigProblem[]): void {
  if (checkObject(value, place, problems)) checkJson(value, place, problems)
}

/** Settings and options travel to worker threads and into the cache's keys: functions, class instances and cycles would get lost there. */
function checkJson(value: unknown, place: string, problems: ConfigProblem[]): void {
  const pending: ({ value: unknown; place: string } | { leaving: object })[] = [{ value, place }]
  const ancestors = new Set<object>()
  const done = new Set<object>()
  for (let step = pending.pop(); step !== undefined; step = pending.pop()) {
    if ('leaving' in step) {
      ancestors.delete(step.leaving)
      done.add(step.leaving)
      continue
    }
    const current = step.value
    if (isJsonScalar(current)) continue
    if (typeof current !== 'object' || current === null || !isJsonObject(current)) {
      problems.push({ place: step.place, message: `Must be plain JSON, not ${describeForeign(current)}.` })
      continue
    }
    if (ancestors.has(current)) problems.push({ place: step.place, message: 'Must be plain JSON: this value contains itself.' })
    if (ancestors.has(current) || done.has(current)) continue
    ancestors.add(current)
    pending.push({ leaving: current })
    const children = Array.isArray(current) ? [...current.entries()] : Object.entries(current)
    for (const [key, child] of children.reverse()) pending.push({ value: child, place: placeInside(step.place, key) })
  }
}

function isJsonScalar(value: unknown): boolean {
  if (typeof value === 'number') return Number.isFinite(value)
  return value === null || value === undefined || typeof value === 'string' || typeof value === 'boolean'
}

function isJsonObject(value: object): boolean {
  if (Array.isArray(value)) return true
  const prototype: unknown = Object.getPrototypeOf(value)
  // An object that a config's own module made may come from another realm: its prototype has no prototype either.
  return prototype === null || Object.getPrototypeOf(prototype) === null
}

function describeForeign(value: unknown): string {
  if (typeof value === 'object' && value !== null) return `an instance of ${(value.constructor as { name?: string } | undefined)?.name ?? 'a class'}`
  return typeof value === 'number' ? String(value) : `a ${typeof value}`
}

function checkStrings(value: unknown, place: string, problems: ConfigProblem[]): void {
  if (!checkArray(value, place, problems)) return
  for (const [index, item] of value.entries()) {
    if (typeof item === 'string' && item !== '') continue
    problems.push({ place: placeInside(place, index), message: `Must be a non-empty string, not ${showValue(item)}.` })
  }
}

function checkString(value: unknown, place: string, problems: ConfigProblem[]): void {
  if (typeof value !== 'string') problems.push({ place, message: `Must be a string, not ${showValue(value)}.` })
}

function checkBoolean(value: unknown, place: string, problems: ConfigProblem[]): void {
  if (typeof value !== 'boolean') problems.push({ place, message: `Must be true or false, not ${showValue(value)}.` })
}

function checkArray(value: unknown, place: string, problems: ConfigProblem[]): value is unknown[] {
  if (Array.isArray(value)) return true
  const hint = typeof value === 'string' ? ` Write [${showValue(value)}].` : ''
  problems.push({ place, message: `Must be an array, not ${showValue(value)}.${hint}` })
  return false
}

function checkObject(value: unknown, place: string, problems: ConfigProblem[]): value is Record<string, unknown> {
  if (isPlainObject(value)) return true
  problems.push({ place, message: `Must be an object, not ${showValue(value)}.` })
  return false
}
