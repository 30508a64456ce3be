import { isBroadType } from '@krait/python'
import type { ExceptionType, PythonProject } from '@krait/python'

export const SQLALCHEMY_ERROR = 'sqlalchemy.exc.SQLAlchemyError'
const INTEGRITY_ERROR = 'sqlalchemy.exc.IntegrityError'

/** What a flush raises, beside `SQLAlchemyError` itself; with what derives from it. */
const FLUSH_ERRORS: ReadonlySet<string> = new Set([
  'sqlalchemy.exc.PendingRollbackError',
  'sqlalchemy.exc.StatementError',
  'sqlalchemy.orm.exc.FlushError',
  'sqlalchemy.orm.exc.StaleDataError',
])

/** Whether a handler of a type catches an error that a flush raises: by the name of one, or because it catches nearly everything. */
export function catchesFlushError(project: PythonProject, type: ExceptionType): boolean {
  return isBroadType(type) || isFlushError(project, type)
}

/** Whether a type is one of the errors that a flush raises. */
export function isFlushError(project: PythonProject, type: ExceptionType): boolean {
  if (type === null) return false
  return type === SQLALCHEMY_ERROR || project.ancestors(type).names.some((name) => FLUSH_ERRORS.has(name))
}

/** Whether a handler of a type catches an error that any statement can raise. */
export function catchesStatementError(project: PythonProject, type: ExceptionType): boolean {
  return catchesFlushError(project, type) && !(type !== null && project.ancestors(type).names.includes(INTEGRITY_ERROR))
}
