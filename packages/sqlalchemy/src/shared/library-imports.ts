import type { PythonServices } from '@krait/python'

/** Whether the file imports something of SQLAlchemy or of what builds on it. */
export function importsSqlalchemy({ project }: PythonServices): boolean {
  return project.imports().some(({ module }) => /^(sqlalchemy|sqlmodel|flask_sqlalchemy)\b/.test(module))
}
