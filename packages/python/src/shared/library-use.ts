import type { ImportFact } from '../facts/imports-fact.ts'
import type { PythonProject } from '../project/python-project.ts'
import { isInside } from './dotted-name.ts'

/**
 * Whether some file of the project imports a library, so that a suggestion may use it. Reads the imports of one file after the other until one is found:
 * ask only when there is something to suggest.
 * @param library a module's dotted name; its submodules count
 */
export function importsLibrary(project: PythonProject, library: string): boolean {
  return project.files().some((path) => importsOneOf(project.imports(path), library))
}

/** Whether some of a file's imports are of one of the libraries. @param libraries dotted names of modules; their submodules count */
export function importsOneOf(imports: readonly ImportFact[], ...libraries: readonly string[]): boolean {
  return imports.some(({ module }) => libraries.some((library) => isInside(module, library)))
}
