import { remember } from '@krait/core'
import type { KeptReader, Tracked } from '@krait/core'
import { PythonProject } from './python-project.ts'

/** One view of the project per source root, for an index: it looks at files of all parts of the project, and each is seen from its own place. */
export class Projects {
  readonly #reader: KeptReader
  readonly #byRoot = new Map<string, Tracked<PythonProject>>()
  readonly #probe: PythonProject

  constructor(reader: KeptReader) {
    this.#reader = reader
    this.#probe = PythonProject.open(reader, '')
  }

  /** The project as the code of a file sees it. */
  of(path: string): PythonProject {
    const root = this.#probe.sourceRoot(path)
    // Seen from the root itself, so that it does not matter which of its files is asked for first.
    return remember(this.#reader, this.#byRoot, root, () => PythonProject.open(this.#reader, root === '' ? '' : `${root}/`))
  }
}
