import { NEVER_RETURNING } from '../flow/known-functions.ts'
import type { CallNode } from '../generated/nodes.ts'
import type { PythonServices } from '../services.ts'
import type { Value } from '../values/value.ts'
import { calledFunction } from './called-function.ts'
import { lastPart, withoutLastPart } from './dotted-name.ts'

/** Whether a call never comes back: `sys.exit()` and the like, `pytest.fail()`, or a project function annotated `NoReturn` or `Never`. */
export function terminates(context: PythonServices, call: CallNode): boolean {
  const name = calledFunction(context, call)
  return name !== null && (NEVER_RETURNING.has(name) || isAnnotatedNoReturn(context, name))
}

function isAnnotatedNoReturn({ project }: PythonServices, name: string): boolean {
  const definition = project.definition(name)
  const found = definition ?? project.member(withoutLastPart(name), lastPart(name))
  if (found?.fact?.kind !== 'function') return false
  const { returnAnnotation } = found.fact
  return returnAnnotation !== undefined && isNoReturn(project.value(returnAnnotation, found.path))
}

function isNoReturn(annotation: Value): boolean {
  return annotation.kind === 'name' && (annotation.name === 'typing.NoReturn' || annotation.name === 'typing.Never')
}
