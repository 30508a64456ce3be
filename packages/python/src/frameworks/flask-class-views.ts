import type { ProjectReader } from '@krait/core'
import { classHeadsFact, classNamesFact } from '../facts/class-facts.ts'
import type { Projects } from '../project/projects.ts'
import { isTestFile } from '../shared/paths.ts'

/** A method of a class that Flask calls for requests. */
export interface ClassView {
  readonly path: string
  /** The qualified name of the method, and as it is spoken of: `OrderView.get()`. */
  readonly method: string
  readonly label: string
}

/** The methods of the project's `MethodView` and `View` classes that answer requests, test code aside, sorted by file. */
export function* flaskClassViews(reader: ProjectReader, projects: Projects): Generator<ClassView> {
  const settings = reader.settings()
  for (const [path, classes] of reader.facts(classNamesFact)) {
    const answering = Object.entries(classes).filter(([, { functions }]) => functions.some(isAnswering))
    if (answering.length === 0 || isTestFile({ path, settings })) continue
    const heads = reader.fact(classHeadsFact, path) ?? {}
    const project = projects.of(path)
    for (const [key, { functions }] of answering) {
      const name = project.nameInModule(key, path)
      const isDerived = Object.hasOwn(heads, key) && heads[key]!.bases.length > 0
      if (!isDerived || project.isSubclassOf(name, VIEWS) !== true) continue
      for (const method of functions.filter(isAnswering)) yield { path, method: `${name}.${method}`, label: `${key}.${method}()` }
    }
  }
}

const VIEWS: readonly string[] = ['flask.views.MethodView', 'flask.views.View', 'quart.views.MethodView', 'quart.views.View']
const ANSWERING: ReadonlySet<string> = new Set(['delete', 'dispatch_request', 'get', 'head', 'options', 'patch', 'post', 'put'])

function isAnswering(method: string): boolean {
  return ANSWERING.has(method)
}
