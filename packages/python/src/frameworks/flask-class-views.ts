import type { ProjectReader } from '@krait/core'
import { moduleFact } from '../facts/module-fact.ts'
import type { ClassFact, MemberFact } from '../facts/module-fact-types.ts'
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
  for (const [path, { members }] of reader.facts(moduleFact)) {
    const classes = [...viewClasses('', members)]
    if (classes.length === 0 || isTestFile({ path, settings })) continue
    const project = projects.of(path)
    for (const [key, fact] of classes) {
      const name = project.nameInModule(key, path)
      if (project.isSubclassOf(name, VIEWS) !== true) continue
      for (const method of answering(fact)) yield { path, method: `${name}.${method}`, label: `${key}.${method}()` }
    }
  }
}

const VIEWS: readonly string[] = ['flask.views.MethodView', 'flask.views.View', 'quart.views.MethodView', 'quart.views.View']
const ANSWERING: ReadonlySet<string> = new Set(['delete', 'dispatch_request', 'get', 'head', 'options', 'patch', 'post', 'put'])

function* viewClasses(prefix: string, members: Readonly<Record<string, MemberFact>>): Generator<readonly [key: string, fact: ClassFact]> {
  for (const [name, fact] of Object.entries(members)) {
    if (fact.kind !== 'class') continue
    if (fact.bases.length > 0 && answering(fact).length > 0) yield [prefix + name, fact]
    yield* viewClasses(`${prefix}${name}.`, fact.members)
  }
}

function answering({ members }: ClassFact): readonly string[] {
  return Object.keys(members).filter((name) => ANSWERING.has(name) && members[name]?.kind === 'function')
}
