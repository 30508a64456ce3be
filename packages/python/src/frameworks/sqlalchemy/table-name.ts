import type { MemberFact } from '../../facts/module-fact-types.ts'
import type { PythonProject } from '../../project/python-project.ts'
import { lastPart } from '../../shared/dotted-name.ts'
import { evaluateText } from '../../values/evaluate-text.ts'
import type { Value } from '../../values/value.ts'
import { modelClassKind } from './model-classes.ts'
import { stringOf } from './read-column.ts'
import { valueOf } from './read-model.ts'
import { snakeCase } from './table-names.ts'

/** `__tablename__`, or the name that SQLModel or Flask-SQLAlchemy gives; `null` if it is computed in a way that is not understood. */
export function tableName(project: PythonProject, className: string, ancestors: readonly string[], isSqlModel: boolean): string | null {
  const member = project.member(className, '__tablename__')
  if (member) {
    const value = valueOf(project, member.fact, member.path)
    return value ? (stringOf(value) ?? computedName(project, member.fact, value, className)) : null
  }
  const single = ancestors.slice(1).find((ancestor) => modelClassKind(project, ancestor) === 'model')
  if (single !== undefined) return tableName(project, single, project.ancestors(single).names, isSqlModel)
  if (isSqlModel) return lastPart(className).toLowerCase()
  const isOfFlask = ancestors.some((ancestor) => ancestor.endsWith('().Model') || ancestor === 'flask_sqlalchemy.model.Model')
  return isOfFlask ? snakeCase(lastPart(className)) : null
}

/** What a function such as `def __tablename__(cls): return snake_case(cls.__name__)` gives for a class. */
function computedName(project: PythonProject, fact: MemberFact, value: Value, className: string): string | null {
  const owner = fact.kind === 'function' ? fact.parameters[0]?.name : undefined
  const names = new Map(owner === undefined ? [] : [[owner, { className: lastPart(className) }] as const])
  return evaluateText(project, value, names) ?? null
}
