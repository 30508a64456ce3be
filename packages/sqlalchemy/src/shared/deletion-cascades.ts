import type { Model, PythonRuleContext } from '@krait/python'
import { deleteListenersIndex } from '@krait/python'

/** Whether deleting an object of a model does more than deleting its row: cascades, listeners, rows of other tables. Also where that is not known. */
export function deletesMore(context: PythonRuleContext, model: Model): boolean {
  const { project } = context
  if (isJoined(context, model) || project.ask(deleteListenersIndex, model.name)) return true
  return model.relationships.some(({ cascade }) => cascade === null || cascade.includes('delete'))
}

/** Whether the rows of a model lie in several tables, or those of a model that derives from it do. */
function isJoined({ project }: PythonRuleContext, model: Model): boolean {
  if (model.inherits?.kind === 'joined') return true
  return project.subclasses(model.name).some(({ name }) => project.model(name)?.inherits?.kind === 'joined')
}
