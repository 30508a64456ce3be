import type { ClassFact, PythonProject, Value } from '@krait/python'
import { keepsClass } from './decorators.ts'

/** Library classes whose instances can not be called, nor those of a subclass that does not say how. */
const LIBRARY_CLASSES: ReadonlySet<string> = new Set([
  'abc.ABC',
  ...'bool bytes dict float frozenset int list object set str tuple'.split(' ').map((name) => `builtins.${name}`),
  'collections.OrderedDict',
  'collections.UserDict',
  'collections.defaultdict',
  ...'Enum Flag IntEnum IntFlag StrEnum'.split(' ').map((name) => `enum.${name}`),
  'pydantic.BaseModel',
  'pydantic.RootModel',
  'pydantic_settings.BaseSettings',
  'sqlmodel.SQLModel',
  'sqlalchemy.orm.DeclarativeBase',
  'sqlalchemy.orm.DeclarativeBaseNoMeta',
  'sqlalchemy.orm.MappedAsDataclass',
  'sqlalchemy.orm.declarative_base()',
  ...'Generic NamedTuple Protocol TypedDict'.split(' ').map((name) => `typing.${name}`),
])

/** Metaclasses that make instances in the usual way. */
const METACLASSES: ReadonlySet<string> = new Set(['abc.ABCMeta', 'enum.EnumMeta', 'enum.EnumType'])

/**
 * Whether the instances of a project class certainly can not be called: every class that it inherits from is known, and none has a `__call__`.
 * @param className its qualified name
 */
export function lacksCall(project: PythonProject, className: string): boolean {
  const ancestors = project.ancestors(className)
  return ancestors.complete && ancestors.names.length > 0 && ancestors.names.every((name) => hasNoCall(project, name))
}

function hasNoCall(project: PythonProject, name: string): boolean {
  const definition = project.definition(name)
  if (!definition) return LIBRARY_CLASSES.has(name)
  // The variable behind `Base = declarative_base()`: what made it comes after it.
  if (definition.kind === 'variable') return true
  if (definition.kind !== 'class') return false
  const { fact, path } = definition
  const absolute = (value: Value): Value => project.value(value, path)
  return !fact.rebound && !Object.hasOwn(fact.members, '__call__') && makesOwnInstances(fact, absolute) && keepsClass(fact, absolute)
}

/** A `__new__` or a metaclass of the project may give something else. */
function makesOwnInstances({ members, keywords }: ClassFact, absolute: (value: Value) => Value): boolean {
  if (Object.hasOwn(members, '__new__')) return false
  const metaclass = keywords['metaclass'] && absolute(keywords['metaclass'])
  return !metaclass || (metaclass.kind === 'name' && METACLASSES.has(metaclass.name))
}
