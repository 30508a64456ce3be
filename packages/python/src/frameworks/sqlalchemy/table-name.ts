import type { PythonProject } from '../../project/python-project.ts'
import { lastPart } from '../../shared/dotted-name.ts'
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
    return value ? (stringOf(value) ?? computedName(value, lastPart(className))) : null
  }
  const single = ancestors.slice(1).find((ancestor) => modelClassKind(project, ancestor) === 'model')
  if (single !== undefined) return tableName(project, single, project.ancestors(single).names, isSqlModel)
  if (isSqlModel) return lastPart(className).toLowerCase()
  const isOfFlask = ancestors.some((ancestor) => ancestor.endsWith('().Model') || ancestor === 'flask_sqlalchemy.model.Model')
  return isOfFlask ? snakeCase(lastPart(className)) : null
}

/** `cls.__name__.lower()` and the same with an ending. */
function computedName(value: Value, className: string): string | null {
  if (value.kind === 'binary' && value.operator === '+') {
    const left = stringOf(value.left) ?? computedName(value.left, className)
    const right = stringOf(value.right) ?? computedName(value.right, className)
    return left === null || right === null ? null : left + right
  }
  if (value.kind === 'format') {
    const parts = value.parts.map((part) => stringOf(part) ?? computedName(part, className))
    return parts.includes(null) ? null : parts.join('')
  }
  const called = value.kind === 'call' ? value.function : null
  const object = called?.kind === 'attribute' && called.attribute === 'lower' ? called.object : value
  if (object.kind !== 'attribute' || object.attribute !== '__name__' || object.object.kind !== 'local') return null
  return object === value ? className : className.toLowerCase()
}
