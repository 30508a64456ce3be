import { exceptionFamily, isBroadType, isProjectException, isUmbrella, lastPart } from '@krait/python'
import type { PythonProject } from '@krait/python'

/** The kin of what these types catch that neither they catch nor a web framework. There is none for most `try`s, so that their calls are not looked at. */
export function uncaughtKin(project: PythonProject, types: readonly string[]): ReadonlySet<string> {
  const found = new Set<string>()
  for (const type of types) {
    const { close, distant } = project.exceptionKin(type)
    for (const name of isProjectException(project, type) ? [...close, ...distant] : close) found.add(name)
  }
  if (found.size === 0) return found
  const handlers = project.exceptionHandlers()
  if (handlers.some(({ isOpen }) => isOpen)) return new Set()
  for (const caught of [...types, ...handlers.flatMap(({ classes }) => classes.filter((name) => !isBroadType(name)))]) {
    found.delete(caught)
    for (const { name } of project.subclasses(caught)) found.delete(name)
  }
  return found
}

/** The nearest project class from which all these exception classes derive, and which is none of them nor an umbrella; `null` if there is none. */
export function commonBase(project: PythonProject, exceptions: readonly string[]): string | null {
  const [first, ...others] = exceptions.map((exception) => exceptionFamily(project, exception))
  return first?.find((name) => !exceptions.includes(name) && !isUmbrella(project, name) && others.every((family) => family.includes(name))) ?? null
}

/** Whether an exception says that the program itself is wrong: nobody is meant to handle it. */
export function saysBug(project: PythonProject, exception: string): boolean {
  return /(Bug|Unreachable)$/.test(lastPart(exception)) || project.ancestors(exception).names.some((name) => BUGS.has(name))
}

const BUGS: ReadonlySet<string> = new Set(['builtins.AssertionError', 'builtins.NotImplementedError'])

/** Whether a framework answers an exception by itself: it turns it into a response, a message on the terminal, the state of a task. */
export function isAnsweredByFramework(project: PythonProject, exception: string): boolean {
  return project.ancestors(exception).names.some((name) => ANSWERED.has(name))
}

const ANSWERED: ReadonlySet<string> = new Set([
  'aiohttp.web.HTTPException',
  'builtins.GeneratorExit',
  'builtins.KeyboardInterrupt',
  'builtins.SystemExit',
  'celery.exceptions.Ignore',
  'celery.exceptions.Reject',
  'celery.exceptions.Retry',
  'click.ClickException',
  'click.exceptions.ClickException',
  'click.exceptions.Exit',
  'django.core.exceptions.PermissionDenied',
  'django.http.Http404',
  'django.http.response.Http404',
  'fastapi.HTTPException',
  'fastapi.WebSocketException',
  'graphql.GraphQLError',
  'litestar.exceptions.HTTPException',
  'rest_framework.exceptions.APIException',
  'sanic.exceptions.SanicException',
  'starlette.exceptions.HTTPException',
  'starlette.exceptions.WebSocketException',
  'typer.Exit',
  'werkzeug.exceptions.HTTPException',
])
