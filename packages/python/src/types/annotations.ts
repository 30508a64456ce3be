import type { PythonProject } from '../project/python-project.ts'
import type { Value } from '../values/value.ts'
import { argumentOf, isCallOf } from '../values/value.ts'
import { ELLIPSIS_CLASS } from './containers.ts'
import { NONE_TYPE, UNKNOWN_TYPE, classType, instanceOf, unionOf } from './type.ts'
import type { Type } from './type.ts'

/** What type variables stand for, by qualified name, or by their own name for `class Box[T]`; `Self` is under `typing.Self`. */
export type TypeVariables = ReadonlyMap<string, Type>

export const NO_VARIABLES: TypeVariables = new Map()

/** Deeper nesting of annotations and of aliases is unknown. */
const MAX_DEPTH = 12

/** The type that an annotation with absolute names speaks of. */
export function typeOfAnnotation(annotation: Value, project: PythonProject, variables: TypeVariables = NO_VARIABLES, depth = 0): Type {
  if (depth > MAX_DEPTH) return UNKNOWN_TYPE
  const inner = (value: Value | undefined): Type => (value ? typeOfAnnotation(value, project, variables, depth + 1) : UNKNOWN_TYPE)
  switch (annotation.kind) {
    case 'literal':
      return annotation.type === 'none' ? NONE_TYPE : UNKNOWN_TYPE
    case 'local':
      return variables.get(annotation.name) ?? UNKNOWN_TYPE
    case 'name':
      return ofName(annotation.name, project, variables, depth)
    case 'binary':
      return annotation.operator === '|' ? unionOf([inner(annotation.left), inner(annotation.right)]) : UNKNOWN_TYPE
    case 'subscript':
      return annotation.object.kind === 'name' ? ofSubscript(annotation.object.name, annotation.index, project, variables, depth) : UNKNOWN_TYPE
    default:
      return UNKNOWN_TYPE
  }
}

function ofName(name: string, project: PythonProject, variables: TypeVariables, depth: number): Type {
  const variable = variables.get(name)
  if (variable) return variable
  if (name === 'builtins.None') return NONE_TYPE
  if (UNKNOWN_NAMES.has(name)) return UNKNOWN_TYPE
  const definition = project.definition(name)
  if (definition?.kind === 'class') return instanceOf(definition.name)
  if (definition?.kind === 'variable') {
    const alias = definition.fact.value && project.value(definition.fact.value, definition.path)
    if (!alias) return UNKNOWN_TYPE
    if (isCallOf(alias, 'typing.TypeVar') && alias.arguments.length > 1) {
      return unionOf(alias.arguments.slice(1).map((constraint) => typeOfAnnotation(constraint, project, variables, depth + 1)))
    }
    const target = isCallOf(alias, 'typing.NewType', 'typing.TypeVar') ? (argumentOf(alias, 'bound') ?? argumentOf(alias, 'tp', 1)) : alias
    return target ? typeOfAnnotation(target, project, variables, depth + 1) : UNKNOWN_TYPE
  }
  return definition ? UNKNOWN_TYPE : instanceOf(canonicalClass(name))
}

function ofSubscript(name: string, index: readonly Value[], project: PythonProject, variables: TypeVariables, depth: number): Type {
  const inner = (value: Value | undefined): Type => (value ? typeOfAnnotation(value, project, variables, depth + 1) : UNKNOWN_TYPE)
  switch (name) {
    case 'typing.Optional':
      return unionOf([inner(index[0]), NONE_TYPE])
    case 'typing.Union':
      return unionOf(index.map(inner))
    case 'typing.Annotated':
    case 'typing.Final':
    case 'typing.ClassVar':
    case 'typing.Required':
    case 'typing.NotRequired':
    case 'typing.ReadOnly':
    case 'dataclasses.InitVar':
    case 'typing.Unpack':
      return inner(index[0])
    case 'typing.Literal':
      return unionOf(index.map(literalType))
    case 'typing.Type':
    case 'builtins.type':
      return classOfInstance(inner(index[0]))
    case 'typing.Coroutine':
    case 'collections.abc.Coroutine':
      return instanceOf('typing.Coroutine', [inner(index[2])])
    case 'typing.Awaitable':
    case 'collections.abc.Awaitable':
      return instanceOf('typing.Coroutine', [inner(index[0])])
    case 'typing.Callable':
    case 'collections.abc.Callable':
    case 'typing.TypeGuard':
    case 'typing.TypeIs':
      return UNKNOWN_TYPE
    case 'typing.Tuple':
    case 'builtins.tuple':
      return instanceOf('builtins.tuple', index.map((item) => (isEllipsis(item) ? instanceOf(ELLIPSIS_CLASS) : inner(item))))
  }
  const definition = project.definition(name)
  if (definition?.kind === 'variable') return ofName(name, project, variables, depth)
  return instanceOf(definition?.kind === 'class' ? definition.name : canonicalClass(name), index.map(inner))
}

/** The class object behind an instance: `type[User]` for `User`. */
export function classOfInstance(type: Type): Type {
  if (type.kind === 'union') return unionOf(type.members.map(classOfInstance))
  return type.kind === 'instance' ? classType(type.class, type.args) : UNKNOWN_TYPE
}

/** The type of a literal, with its value. */
export function literalType(value: Value): Type {
  if (value.kind !== 'literal') return UNKNOWN_TYPE
  const className = LITERAL_CLASSES[value.type]
  if (value.type === 'none') return NONE_TYPE
  return className === undefined ? UNKNOWN_TYPE : { ...instanceOf(className), literal: value.value }
}

/** `typing.List` is `list`; what `typing` takes over from `collections.abc` has its name there. */
function canonicalClass(name: string): string {
  if (!name.startsWith('typing.')) return name
  const own = name.slice('typing.'.length)
  return BUILTIN_GENERICS[own] ?? (ABSTRACT_GENERICS.has(own) ? `collections.abc.${own}` : name)
}

function isEllipsis(value: Value): boolean {
  return value.kind === 'literal' && value.type === 'ellipsis'
}

const UNKNOWN_NAMES: ReadonlySet<string> = new Set(['typing.Any', 'builtins.object', 'typing.Self', 'typing.NoReturn', 'typing.Never', 'typing.LiteralString'])

const LITERAL_CLASSES: Readonly<Record<string, string>> = {
  string: 'builtins.str',
  bytes: 'builtins.bytes',
  integer: 'builtins.int',
  float: 'builtins.float',
  complex: 'builtins.complex',
  boolean: 'builtins.bool',
}

const BUILTIN_GENERICS: Readonly<Record<string, string>> = {
  List: 'builtins.list',
  Dict: 'builtins.dict',
  Set: 'builtins.set',
  FrozenSet: 'builtins.frozenset',
  Tuple: 'builtins.tuple',
  Type: 'builtins.type',
  Text: 'builtins.str',
  DefaultDict: 'collections.defaultdict',
  OrderedDict: 'collections.OrderedDict',
  Counter: 'collections.Counter',
  Deque: 'collections.deque',
  Pattern: 're.Pattern',
  Match: 're.Match',
}

const ABSTRACT_GENERICS: ReadonlySet<string> = new Set(
  `Sequence MutableSequence Iterable Iterator Generator AsyncIterable AsyncIterator AsyncGenerator Collection Container Mapping MutableMapping
  AbstractSet MutableSet KeysView ValuesView ItemsView Reversible Hashable Sized`.split(/\s+/),
)
