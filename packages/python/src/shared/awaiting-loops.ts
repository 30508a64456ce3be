import { awaitsInLoopsFact } from '../facts/awaits-in-loops.ts'
import type { AwaitInLoop } from '../facts/awaits-in-loops.ts'
import type { PythonProject } from '../project/python-project.ts'

/** A place where a function is awaited in a loop. */
export interface AwaitingLoop extends AwaitInLoop {
  /** The file that holds the calling function. */
  readonly path: string
  /** Its qualified name. */
  readonly function: string
}

/** Where the project awaits a function directly in a loop that can begin another round after it, test code aside; sorted by file. */
export function awaitingLoops(project: PythonProject, qualifiedName: string): readonly AwaitingLoop[] {
  return project.callers(qualifiedName).flatMap(({ path, function: caller, call }) => {
    const found = project.part(awaitsInLoopsFact, path, project.pathInModule(caller, path))?.find((place) => place.call === call)
    return found ? [{ ...found, path, function: caller }] : []
  })
}
