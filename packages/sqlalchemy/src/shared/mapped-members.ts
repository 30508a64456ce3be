import type { ClassMember, PythonProject, Value } from '@krait/python'
import { lastPart } from '@krait/python'

/** What every model has beside its columns, if it declares nothing of the name. */
const OWN_ATTRIBUTES: ReadonlySet<string> = new Set(
  'c columns metadata query query_class registry type_annotation_map model_computed_fields model_config model_fields model_extra'.split(' '),
)

const RELATIONSHIPS: ReadonlySet<string> = new Set(['Relationship', 'dynamic_loader', 'relation', 'relationship'])

/**
 * Whether an attribute of a model class is a column, a relationship or another thing that makes SQL. What the project does not show (a `backref`, a
 * column of a library's mixin) is taken for one.
 * @param model the qualified name of the class; `null` if it is not known
 * @param use a `method` makes SQL only if it is called and the model says so
 */
export function isColumn(project: PythonProject, model: string | null, name: string, use: 'attribute' | 'method' = 'attribute'): boolean {
  if (name.startsWith('__')) return false
  const member = model === null ? undefined : project.member(model, name)
  if (use === 'method') return member?.fact.kind === 'function' && hasDecorator(project, member.fact.decorators, member.path, /hybrid_method$/)
  if (!member) return !OWN_ATTRIBUTES.has(name)
  return isMapped(project, member)
}

/** Whether an attribute of a model class is declared as a relationship. */
export function isRelationship(project: PythonProject, model: string, name: string): boolean {
  const member = project.member(model, name)
  const value = member?.fact.kind === 'variable' && member.fact.value ? project.value(member.fact.value, member.path) : null
  return value?.kind === 'call' && value.callee !== null && RELATIONSHIPS.has(lastPart(value.callee))
}

function isMapped(project: PythonProject, { fact, owner, path }: ClassMember): boolean {
  if (fact.kind === 'function') return hasDecorator(project, fact.decorators, path, /hybrid_property$|\.declared_attr\b|\.expression$/)
  if (fact.kind !== 'variable') return false
  const annotation = fact.annotation && project.value(fact.annotation, path)
  if (isClassVariable(annotation)) return false
  // A field of SQLModel may have a plain default: `age: int | None = None`.
  return !isPlain(fact.value) || (annotation !== undefined && project.isSubclassOf(owner, ['sqlmodel.SQLModel', 'pydantic.BaseModel']) === true)
}

function hasDecorator(project: PythonProject, decorators: readonly Value[], path: string, pattern: RegExp): boolean {
  return decorators.some((decorator) => {
    const value = project.value(decorator, path)
    const name = value.kind === 'call' ? value.callee : value.kind === 'name' ? value.name : null
    return name !== null && pattern.test(name)
  })
}

/** A value that is no descriptor: a constant, a collection, a function. */
function isPlain(value: Value | undefined): boolean {
  if (value?.kind === 'call') return value.callee?.startsWith('builtins.') ?? false
  return value !== undefined && value.kind !== 'name' && value.kind !== 'unknown'
}

function isClassVariable(annotation: Value | undefined): boolean {
  const outer = annotation?.kind === 'subscript' ? annotation.object : annotation
  return outer?.kind === 'name' && outer.name === 'typing.ClassVar'
}
