import { defineIndex } from '@krait/core'
import { Projects } from '../../project/projects.ts'
import type { PydanticModel } from './model.ts'
import { readPydanticModel } from './read-model.ts'

/** One Pydantic class, by the file that holds it and its qualified name, with a colon between; see `PythonProject.pydanticModel`. */
export const pydanticIndex = defineIndex<Projects, string, PydanticModel | undefined>({
  name: 'python/pydantic-models',
  version: 1,
  build: (reader) => new Projects(reader),
  ask(projects, id) {
    const colon = id.indexOf(':')
    return readPydanticModel(projects.of(id.slice(0, colon)), id.slice(colon + 1)) ?? undefined
  },
})
