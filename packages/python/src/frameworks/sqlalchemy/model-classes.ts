import type { ClassFact } from '../../facts/module-fact-types.ts'
import type { PythonProject } from '../../project/python-project.ts'
import { lastPart, withoutLastPart } from '../../shared/dotted-name.ts'
import { isCallOf, isTrueValue } from '../../values/value.ts'
import type { Value } from '../../values/value.ts'

/** A class that is mapped itself, or one that only mapped classes derive from: a declarative base, an abstract model, a SQLModel without a table. */
export type ModelClassKind = 'model' | 'base'

/** Whether a qualified name is that of a class which SQLAlchemy maps. */
export function isModelClass(project: PythonProject, qualifiedName: string): boolean {
  return modelClassKind(project, qualifiedName) === 'model'
}

/**
 * What a qualified name is to the declarative mapping of SQLAlchemy, SQLModel and Flask-SQLAlchemy; `null` for other classes, for mixins, for classes
 * mapped imperatively, and for names that are no class.
 */
export function modelClassKind(project: PythonProject, qualifiedName: string): ModelClassKind | null {
  // A class that is decorated by its own registry is nothing.
  return project.answerOnce('model class kind', qualifiedName, null, () => classify(project, qualifiedName))
}

/** Classes whose direct subclasses are declarative bases. */
const MAKERS_OF_BASES: ReadonlySet<string> = new Set([
  'sqlalchemy.orm.DeclarativeBase',
  'sqlalchemy.orm.DeclarativeBaseNoMeta',
  'sqlalchemy.orm.MappedAsDataclass',
])

/** Declarative bases that a function makes or a library brings: their direct subclasses are models. */
const READY_BASES: ReadonlySet<string> = new Set([
  'sqlalchemy.orm.declarative_base()',
  'sqlalchemy.orm.registry().generate_base()',
  'sqlalchemy.ext.automap.automap_base()',
  'flask_sqlalchemy.model.Model',
])

const SQLMODEL = 'sqlmodel.SQLModel'
const FLASK_MODEL = '().Model'

function classify(project: PythonProject, qualifiedName: string): ModelClassKind | null {
  const definition = project.definition(qualifiedName)
  const fact = definition?.kind === 'class' ? definition.fact : null
  if (fact && isDecorated(project, definition!.path, fact, MAPPING_DECORATORS)) return 'model'
  const { names } = project.ancestors(qualifiedName)
  const ancestors = names.filter((name) => name !== (definition?.name ?? qualifiedName))
  const derivesFromBase = ancestors.some((name) => isBase(project, name))
  if (!fact || isAbstract(fact)) return derivesFromBase || names.some((name) => isRoot(project, name)) ? 'base' : null
  if (names.includes(SQLMODEL)) return names.some((name) => hasTable(project, name)) ? 'model' : 'base'
  if (derivesFromBase) return 'model'
  return names.some((name) => isRoot(project, name)) ? 'base' : null
}

/** Whether subclasses of the class are mapped, if they are not abstract. */
function isBase(project: PythonProject, name: string): boolean {
  if (MAKERS_OF_BASES.has(name) || name === SQLMODEL) return false
  return isRoot(project, name) || project.ancestors(name).names.some((ancestor) => isRoot(project, ancestor))
}

/** Whether the mapping starts at this class or variable. */
function isRoot(project: PythonProject, name: string): boolean {
  if (MAKERS_OF_BASES.has(name) || READY_BASES.has(name) || name === SQLMODEL) return true
  if (name.endsWith(FLASK_MODEL)) return project.isSubclassOf(name.slice(0, -FLASK_MODEL.length), ['flask_sqlalchemy.SQLAlchemy']) === true
  const definition = project.definition(name)
  if (definition?.kind === 'variable') return isGeneratedBase(project.valueOf(name))
  if (definition?.kind !== 'class') return false
  const metaclass = definition.fact.keywords['metaclass']
  if (metaclass && isNamed(project.value(metaclass, definition.path), 'sqlalchemy.orm.DeclarativeMeta')) return true
  return isDecorated(project, definition.path, definition.fact, BASE_DECORATORS)
}

/** `registry().generate_base()`, whose function has no qualified name. */
function isGeneratedBase(value: Value | null): boolean {
  const called = value?.kind === 'call' ? value.function : null
  return called?.kind === 'attribute' && called.attribute === 'generate_base' && isCallOf(called.object, 'sqlalchemy.orm.registry')
}

/** Decorators by last part: those that are functions of `sqlalchemy.orm`, and those that are methods of a `registry`. */
interface Decorators {
  readonly functions: ReadonlySet<string>
  readonly methods: ReadonlySet<string>
}

const MAPPING_DECORATORS: Decorators = {
  functions: new Set(['sqlalchemy.orm.mapped_as_dataclass']),
  methods: new Set(['mapped', 'mapped_as_dataclass']),
}

const BASE_DECORATORS: Decorators = {
  functions: new Set(['sqlalchemy.orm.as_declarative']),
  methods: new Set(['as_declarative_base']),
}

function isDecorated(project: PythonProject, path: string, fact: ClassFact, { functions, methods }: Decorators): boolean {
  return fact.decorators.some((decorator) => {
    const value = project.value(decorator, path)
    const name = value.kind === 'call' ? value.callee : value.kind === 'name' ? value.name : null
    if (name === null) return false
    return functions.has(name) || (methods.has(lastPart(name)) && isRegistry(project, withoutLastPart(name)))
  })
}

/** A variable bound to `registry()`, or the `registry` attribute of a declarative base. */
function isRegistry(project: PythonProject, name: string): boolean {
  if (isCallOf(project.valueOf(name), 'sqlalchemy.orm.registry')) return true
  return lastPart(name) === 'registry' && modelClassKind(project, withoutLastPart(name)) === 'base'
}

function isAbstract(fact: ClassFact): boolean {
  const member = Object.hasOwn(fact.members, '__abstract__') ? fact.members['__abstract__'] : undefined
  return member?.kind === 'variable' && isTrueValue(member.value)
}

function hasTable(project: PythonProject, name: string): boolean {
  const definition = project.definition(name)
  return definition?.kind === 'class' && isTrueValue(definition.fact.keywords['table'])
}

function isNamed(value: Value, name: string): boolean {
  return value.kind === 'name' && value.name === name
}
