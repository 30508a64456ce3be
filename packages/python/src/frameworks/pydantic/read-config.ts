import type { ClassFact, MemberFact } from '../../facts/module-fact-types.ts'
import type { PythonProject } from '../../project/python-project.ts'
import { constantWithDefaults } from '../../shared/setting-constant.ts'
import { isCallOf } from '../../values/value.ts'
import type { Value } from '../../values/value.ts'
import type { PydanticConfig } from './model.ts'

/** A class of the project with its file. */
export interface WrittenClass {
  readonly name: string
  readonly path: string
  readonly fact: ClassFact
}

/** Reads the configuration of a class. @param classes the class and its bases, nearest first */
export function readConfig(project: PythonProject, classes: readonly WrittenClass[]): PydanticConfig {
  const options: Record<string, Value> = {}
  let isOpen = false
  for (const written of [...classes].reverse()) {
    const found = configOf(project, written)
    Object.assign(options, found.options)
    isOpen ||= found.isOpen
  }
  const read = <T>(names: readonly string[], isKnown: (value: unknown) => value is T, byDefault: T): T | null => {
    const given = names.map((name) => options[name]).find((value) => value !== undefined)
    if (!given) return isOpen ? null : byDefault
    const constant = constantWithDefaults(project, given)
    return isKnown(constant) ? constant : null
  }
  return {
    fromAttributes: read(['from_attributes', 'orm_mode'], isBoolean, false),
    extra: read(['extra'], isExtra, 'ignore') ?? extraByMember(options['extra']),
    envPrefix: read(['env_prefix'], isString, ''),
    frozen: read(['frozen'], isBoolean, false),
    options,
  }
}

interface WrittenConfig {
  readonly options: Readonly<Record<string, Value>>
  /** There may be more. */
  readonly isOpen: boolean
}

/** What the class itself says; keywords win over the body. */
function configOf(project: PythonProject, { path, fact }: WrittenClass): WrittenConfig {
  const absolute = (record: Readonly<Record<string, Value>>): Record<string, Value> =>
    Object.fromEntries(Object.entries(record).map(([name, value]) => [name, project.value(value, path)]))
  const { metaclass: _, table: __, ...keywords } = fact.keywords
  const inner = Object.hasOwn(fact.members, 'Config') ? fact.members['Config'] : undefined
  const written = Object.hasOwn(fact.members, 'model_config') ? fact.members['model_config'] : undefined
  const ofBody = written ? fromMember(project, written, path) : NO_CONFIG
  const ofClass = inner?.kind === 'class' ? classConfig(project, { name: '', path, fact: inner }) : NO_CONFIG
  return { options: { ...ofClass.options, ...ofBody.options, ...absolute(keywords) }, isOpen: ofBody.isOpen || ofClass.isOpen }
}

const NO_CONFIG: WrittenConfig = { options: {}, isOpen: false }
const UNKNOWN_CONFIG: WrittenConfig = { options: {}, isOpen: true }
const CONFIG_CLASSES = ['pydantic.ConfigDict', 'pydantic_settings.SettingsConfigDict', 'builtins.dict'] as const

function fromMember(project: PythonProject, member: MemberFact, path: string): WrittenConfig {
  if (member.kind === 'variable') return fromValue(member.value && project.value(member.value, path), project)
  const target = member.kind === 'alias' ? project.resolveName(member.target, path) : null
  return target === null ? UNKNOWN_CONFIG : fromValue({ kind: 'name', name: target }, project)
}

/** `ConfigDict(...)`, `SettingsConfigDict(...)`, a dict, also one merged from others. */
function fromValue(value: Value | undefined, project: PythonProject, depth = 0): WrittenConfig {
  if (!value || depth > MAX_DEPTH) return UNKNOWN_CONFIG
  if (value.kind === 'name') {
    const bound = project.valueOf(value.name)
    return bound ? fromValue(bound, project, depth + 1) : UNKNOWN_CONFIG
  }
  if (isCallOf(value, ...CONFIG_CLASSES)) {
    const given = value.arguments.map((argument) => fromValue(argument, project, depth + 1))
    const options = Object.assign({}, ...given.map((config) => config.options), value.keywords) as Record<string, Value>
    return { options, isOpen: value.open || given.some((config) => config.isOpen) }
  }
  if (value.kind === 'binary' && value.operator === '|') {
    const left = fromValue(value.left, project, depth + 1)
    const right = fromValue(value.right, project, depth + 1)
    return { options: { ...left.options, ...right.options }, isOpen: left.isOpen || right.isOpen }
  }
  if (value.kind !== 'dict') return UNKNOWN_CONFIG
  const entries = value.entries.flatMap(([key, item]) => (key.kind === 'literal' && typeof key.value === 'string' ? [[key.value, item] as const] : []))
  return { options: Object.fromEntries(entries), isOpen: value.open || entries.length < value.entries.length }
}

/** `class Config:`, with what it inherits from the `Config` of another class. */
function classConfig(project: PythonProject, { path, fact }: WrittenClass): WrittenConfig {
  const options: Record<string, Value> = {}
  let isOpen = false
  for (const base of fact.bases) {
    const value = project.value(base, path)
    const definition = value.kind === 'name' ? project.definition(value.name) : null
    if (definition?.kind === 'class') Object.assign(options, variablesOf(project, definition.path, definition.fact))
    else isOpen = true
  }
  return { options: { ...options, ...variablesOf(project, path, fact) }, isOpen }
}

function variablesOf(project: PythonProject, path: string, { members }: ClassFact): Record<string, Value> {
  const found: [string, Value][] = []
  for (const [name, member] of Object.entries(members)) {
    if (member.kind === 'variable' && member.value) found.push([name, project.value(member.value, path)])
    const target = member.kind === 'alias' ? project.resolveName(member.target, path) : null
    if (target !== null) found.push([name, { kind: 'name', name: target }])
  }
  return Object.fromEntries(found)
}

/** `Extra.forbid` of Pydantic 1. */
function extraByMember(value: Value | undefined): PydanticConfig['extra'] {
  const member = value?.kind === 'name' ? /^pydantic\.(?:\w+\.)*Extra\.(\w+)$/.exec(value.name)?.[1] : undefined
  return isExtra(member) ? member : null
}

function isBoolean(value: unknown): value is boolean {
  return typeof value === 'boolean'
}

function isString(value: unknown): value is string {
  return typeof value === 'string'
}

function isExtra(value: unknown): value is NonNullable<PydanticConfig['extra']> {
  return value === 'allow' || value === 'ignore' || value === 'forbid'
}

const MAX_DEPTH = 5
