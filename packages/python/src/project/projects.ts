import type { ProjectReader } from '@krait/core'
import { PythonProject } from './python-project.ts'

/** One view of the project per source root, for an index: it looks at files of all parts of the project, and each is seen from its own place. */
export class Projects {
  readonly #reader: ProjectReader
  readonly #byRoot = new Map<string, PythonProject>()
  readonly #probe: PythonProject

  constructor(reader: ProjectReader) {
    this.#reader = reader
    this.#probe = new PythonProject(reader, reader.settings(), '')
  }

  /** The project as the code of a file sees it. */
  of(path: string): PythonProject {
    const root = this.#probe.sourceRoot(path)
    let project = this.#byRoot.get(root)
    // Seen from the root itself, so that it does not matter which of its files is asked for first.
    if (!project) this.#byRoot.set(root, (project = new PythonProject(this.#reader, this.#reader.settings(), root === '' ? '' : `${root}/`)))
    return project
  }
}
