import type { ClassFact, FunctionFact, Value } from '@krait/python'

/** Decorators that give back a function with the same signature and the same results. */
const FUNCTION_DECORATORS: ReadonlySet<string> = new Set([
  'builtins.classmethod',
  'builtins.staticmethod',
  'functools.cache',
  'functools.lru_cache',
  'typing.deprecated',
  'typing.final',
  'typing.no_type_check',
  'typing.override',
  'warnings.deprecated',
])

/** Decorators that give back the class itself, or one of the same kind. */
const CLASS_DECORATORS: ReadonlySet<string> = new Set([
  'attr.attrs',
  'attr.define',
  'attr.frozen',
  'attr.s',
  'attrs.define',
  'attrs.frozen',
  'attrs.mutable',
  'dataclasses.dataclass',
  'functools.total_ordering',
  'pydantic.dataclasses.dataclass',
  'typing.dataclass_transform',
  'typing.deprecated',
  'typing.final',
  'typing.runtime_checkable',
  'warnings.deprecated',
])

/** Whether a call of the decorated name runs the function as it is written. @param rename makes the names of the fact absolute */
export function keepsFunction({ decorators }: FunctionFact, rename: (value: Value) => Value): boolean {
  return decorators.every((decorator) => isOneOf(rename(decorator), FUNCTION_DECORATORS))
}

/** Whether the decorated name is the class as it is written. */
export function keepsClass({ decorators }: ClassFact, rename: (value: Value) => Value): boolean {
  return decorators.every((decorator) => isOneOf(rename(decorator), CLASS_DECORATORS))
}

/** The class makes a dataclass or the like: its fields are the parameters of its constructor. */
export function isOneOf(decorator: Value, names: ReadonlySet<string>): boolean {
  const name = decorator.kind === 'name' ? decorator.name : decorator.kind === 'call' ? decorator.callee : null
  return name !== null && names.has(name)
}
