import type { ProjectReader } from '@krait/core'
import { PythonProject } from './python-project.ts'

/**
 * A project as its own files see it, for indexes that go from file to file. The files of one source root share a view, which is seen from the root
 * itself: so it does not matter which of them is asked for first.
 */
export class ProjectViews {
  readonly reader: ProjectReader
  readonly #anywhere: PythonProject
  readonly #views = new Map<string, PythonProject>()

  constructor(reader: ProjectReader) {
    this.reader = reader
    this.#anywhere = new PythonProject(reader, reader.settings(), '')
  }

  /** The view of a file. Its names mean what they mean in that file. */
  from(path: string): PythonProject {
    const root = this.#anywhere.sourceRoot(path)
    let view = this.#views.get(root)
    if (!view) this.#views.set(root, (view = new PythonProject(this.reader, this.reader.settings(), root === '' ? '' : `${root}/`)))
    view.moduleName(path)
    return view
  }
}
