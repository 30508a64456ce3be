import type { Model, ModelRelationship, PythonRuleContext, Value } from '@krait/python'
import { deleteListenersIndex } from '@krait/python'

/** Whether deleting an object of a model does more than deleting its row: cascades, listeners, rows of other tables. Also where that is not known. */
export function deletesMore(context: PythonRuleContext, model: Model): boolean {
  const { project } = context
  if (isJoined(context, model) || project.ask(deleteListenersIndex, model.name)) return true
  return model.relationships.some((relationship) => mayCascade(context, model, relationship))
}

/** Whether the rows of a model lie in several tables, or those of a model that derives from it do. */
function isJoined({ project }: PythonRuleContext, model: Model): boolean {
  if (model.inherits?.kind === 'joined') return true
  return project.subclasses(model.name).some(({ name }) => project.model(name)?.inherits?.kind === 'joined')
}

function mayCascade({ project }: PythonRuleContext, model: Model, relationship: ModelRelationship): boolean {
  if (relationship.fromBackref !== undefined && relationship.target !== null) {
    const other = valueOf(project, relationship.target, relationship.fromBackref)
    const backref = other?.kind === 'call' ? other.keywords['backref'] : undefined
    if (backref?.kind === 'literal') return false
    return backref?.kind !== 'call' || isCascading(backref)
  }
  const value = valueOf(project, model.name, relationship.attribute)
  return value?.kind !== 'call' ? value !== null : isCascading(value)
}

/** `null` where there is no value: `items: Mapped[list[Item]]`. */
function valueOf(project: PythonRuleContext['project'], className: string, attribute: string): Value | null | undefined {
  const member = project.member(className, attribute)
  if (member?.fact.kind !== 'variable') return undefined
  return member.fact.value ?? (member.fact.rebound ? undefined : null)
}

function isCascading({ keywords, open }: Value & { readonly kind: 'call' }): boolean {
  const cascade = keywords['cascade']
  if (!cascade) return open
  return cascade.kind !== 'literal' || typeof cascade.value !== 'string' || /\b(all|delete)\b(?!-)/.test(cascade.value)
}
