import type { PythonProject } from '../../project/python-project.ts'
import { modelClassKind } from '../sqlalchemy/model-classes.ts'
import type { PydanticModel } from './model.ts'

const BASE_MODELS: ReadonlySet<string> = new Set(['pydantic.BaseModel', 'pydantic.RootModel', 'pydantic.generics.GenericModel', 'sqlmodel.SQLModel'])
const SETTINGS: ReadonlySet<string> = new Set(['pydantic_settings.BaseSettings'])

/** What a class is to Pydantic; `null` for a class that is not of the project, does not derive from a Pydantic class, or is not known to. */
export function pydanticKind(project: PythonProject, qualifiedName: string): PydanticModel['kind'] | null {
  const definition = project.definition(qualifiedName)
  if (definition?.kind !== 'class') return null
  const { names } = project.ancestors(definition.name)
  if (names.some((name) => SETTINGS.has(name))) return 'settings'
  if (!names.some((name) => BASE_MODELS.has(name))) return null
  return names.includes('sqlmodel.SQLModel') && modelClassKind(project, definition.name) === 'model' ? 'table' : 'model'
}
