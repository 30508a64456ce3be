import type { ClassFact } from '../facts/module-fact-types.ts'
import { modelClassKind } from '../frameworks/sqlalchemy/model-classes.ts'
import type { PythonProject } from '../project/python-project.ts'
import { lastPart, withoutLastPart } from '../shared/dotted-name.ts'
import type { Arguments } from './reading.ts'

/** An object that a call makes: by calling the class, or from the attributes of another object. */
export interface MadeInstance {
  readonly class: string
  readonly from: 'arguments' | 'attributes'
}

/** The argument from which a field gets its value. */
export interface FilledArgument<Expression> {
  readonly argument: Expression
  /** The attribute of the argument, for an object that is made from another one; `null` if it is the argument itself. */
  readonly from: string | null
}

/** Methods that fill a Pydantic model from the attributes of an object. */
const FROM_ATTRIBUTES: ReadonlySet<string> = new Set(['model_validate', 'from_orm'])
const DATACLASSES: ReadonlySet<string> = new Set(['dataclasses.dataclass', 'pydantic.dataclasses.dataclass', 'attrs.define', 'attrs.frozen', 'attr.s', 'attr.define'])

/** What kind of class gets its fields from the arguments of its constructor, without one of its own; `null` for other classes. */
export function generatedFields(project: PythonProject, className: string): 'pydantic' | 'dataclass' | 'model' | null {
  if (modelClassKind(project, className) !== null) return 'model'
  const { names } = project.ancestors(className)
  if (names.includes('pydantic.BaseModel')) return 'pydantic'
  if (names.includes('typing.NamedTuple')) return 'dataclass'
  return names.some((name) => isDataclass(project, name)) ? 'dataclass' : null
}

function isDataclass(project: PythonProject, name: string): boolean {
  const definition = project.definition(name)
  if (definition?.kind !== 'class') return false
  return definition.fact.decorators.some((decorator) => {
    const value = project.value(decorator, definition.path)
    const called = value.kind === 'call' ? value.callee : value.kind === 'name' ? value.name : null
    return called !== null && DATACLASSES.has(called)
  })
}

/** The object that a call makes; `null` if it makes none that is filled in a known way. @param callee the qualified name of what is called */
export function madeInstance(project: PythonProject, callee: string | null): MadeInstance | null {
  if (callee === null) return null
  const definition = project.definition(callee)
  if (definition?.kind === 'class') {
    const kind = generatedFields(project, definition.name)
    return (kind === 'pydantic' || kind === 'dataclass') && !hasConstructor(definition.fact) ? { class: definition.name, from: 'arguments' } : null
  }
  if (definition || !FROM_ATTRIBUTES.has(lastPart(callee))) return null
  const owner = project.definition(withoutLastPart(callee))
  return owner?.kind === 'class' && generatedFields(project, owner.name) === 'pydantic' ? { class: owner.name, from: 'attributes' } : null
}

function hasConstructor(fact: ClassFact): boolean {
  return Object.hasOwn(fact.members, '__init__')
}

/** The argument that fills a field; `null` if it is not known. A field with a validator of its own may get another value. */
export function filledArgument<Expression>(
  project: PythonProject,
  made: MadeInstance,
  attribute: string,
  given: Arguments<Expression>,
): FilledArgument<Expression> | null {
  const model = project.pydanticModel(made.class)
  const field = model?.fields.find(({ name }) => name === attribute)
  if (model && (!field || field.validators.length > 0 || model.validators.some(({ kind }) => kind === 'model'))) return null
  if (made.from === 'attributes') {
    const [row] = given.positional
    return row === undefined ? null : { argument: row, from: field?.alias ?? attribute }
  }
  const keyword = given.keyword(attribute) ?? (field?.alias ? given.keyword(field.alias) : undefined)
  if (keyword !== undefined) return { argument: keyword, from: null }
  const position = model ? -1 : positionOf(project, made.class, attribute)
  const argument = position < 0 ? undefined : given.positional[position]
  return argument === undefined ? null : { argument, from: null }
}

/** The position of a dataclass's field among the parameters of its constructor; -1 if it has bases that may have fields, too. */
function positionOf(project: PythonProject, className: string, attribute: string): number {
  const definition = project.definition(className)
  if (definition?.kind !== 'class' || definition.fact.bases.length > 0) return -1
  const fields = Object.entries(definition.fact.members).filter(([, member]) => member.kind === 'variable' && member.annotation)
  return fields.findIndex(([name]) => name === attribute)
}
