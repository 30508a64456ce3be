import type { Callee, ClassFact, FunctionFact, MemberFact, PythonProject, Value } from '@krait/python'
import { isOneOf } from './decorators.ts'

const DATACLASS_DECORATORS: ReadonlySet<string> = new Set([
  'attr.attrs',
  'attr.define',
  'attr.frozen',
  'attr.s',
  'attrs.define',
  'attrs.frozen',
  'attrs.mutable',
  'dataclasses.dataclass',
  'pydantic.dataclasses.dataclass',
])

/** Classes whose subclasses take their annotated attributes as arguments. */
const FIELD_CLASSES: readonly string[] = ['pydantic.BaseModel', 'typing.NamedTuple', 'typing.TypedDict']

/** What declares a field; without a default its argument is required. */
const FIELD_FUNCTIONS: ReadonlySet<string> = new Set([
  'attr.attrib',
  'attr.field',
  'attr.ib',
  'attrs.field',
  'dataclasses.field',
  'pydantic.Field',
  'sqlmodel.Field',
])

/** Whether a function or class can be called without arguments, as far as its signature tells. */
export function takesNoRequiredArgument(callee: Callee, project: PythonProject): boolean {
  if (callee.kind === 'function') return !hasRequiredParameter(callee.fact, callee.fact.method === 'instance' || callee.fact.method === 'class')
  const init = project.member(callee.name, '__init__')
  if (init) return init.fact.kind === 'function' && !hasRequiredParameter(init.fact, true)
  return !hasRequiredField(callee.name, project)
}

function hasRequiredParameter({ parameters }: FunctionFact, isBound: boolean): boolean {
  const given = isBound ? parameters.slice(1) : parameters
  return given.some(({ kind, default: value }) => !value && kind !== 'var-positional' && kind !== 'var-keyword')
}

function hasRequiredField(className: string, project: PythonProject): boolean {
  const isModel = project.isSubclassOf(className, FIELD_CLASSES) === true
  return project.ancestors(className).names.some((name) => {
    const definition = project.definition(name)
    if (definition?.kind !== 'class') return false
    const absolute = (value: Value): Value => project.value(value, definition.path)
    if (!isModel && !isDataclass(definition.fact, absolute)) return false
    return Object.values(definition.fact.members).some((member) => isRequiredField(member, absolute))
  })
}

function isDataclass({ decorators }: ClassFact, absolute: (value: Value) => Value): boolean {
  return decorators.some((decorator) => isOneOf(absolute(decorator), DATACLASS_DECORATORS))
}

function isRequiredField(member: MemberFact, absolute: (value: Value) => Value): boolean {
  if (member.kind !== 'variable' || !member.annotation || isClassVariable(absolute(member.annotation))) return false
  if (!member.value) return !member.rebound
  const value = absolute(member.value)
  if (value.kind !== 'call' || value.callee === null || !FIELD_FUNCTIONS.has(value.callee)) return false
  const [first] = value.arguments
  if (first) return first.kind === 'literal' && first.type === 'ellipsis'
  return !['default', 'default_factory', 'factory'].some((name) => Object.hasOwn(value.keywords, name))
}

function isClassVariable(annotation: Value): boolean {
  const name = annotation.kind === 'subscript' ? annotation.object : annotation
  return name.kind === 'name' && name.name === 'typing.ClassVar'
}
