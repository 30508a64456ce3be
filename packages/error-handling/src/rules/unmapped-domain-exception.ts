import { defineRule, isBroadType, isProjectException, isTestFile, lastPart, matchesEntry, placeFact, relatedPlaces, routeExceptionIndex } from '@krait/python'
import type { ClassDefinitionNode, ExceptionHandler, PythonProject, PythonRuleContext, RouteException } from '@krait/python'
import { isAnsweredByFramework } from '../shared/exception-family.ts'

export interface UnmappedDomainExceptionOptions {
  /** Names or qualified names of exception classes that need no handler; with what derives from them. */
  readonly ignore: readonly string[]
}

type MessageId = 'unmapped'
type Context = PythonRuleContext<MessageId, readonly [UnmappedDomainExceptionOptions]>

const defaultOptions: readonly [UnmappedDomainExceptionOptions] = [{ ignore: [] }]

export const unmappedDomainException = defineRule({
  name: 'unmapped-domain-exception',
  meta: {
    type: 'problem',
    docs: {
      description: 'Require exceptions that leave a route to be mapped like the others',
      preset: 'recommended',
      severity: 'warn',
      since: '0.1.0',
    },
    messages: {
      unmapped:
        '`{{exception}}` can leave `{{route}}` ({{place}}) but no exception handler maps it or a base of it, so the client gets 500. ' +
        'Register it, or derive it from `{{base}}`, which is mapped.',
    },
    schema: [
      {
        type: 'object',
        properties: { ignore: { type: 'array', items: { type: 'string' }, uniqueItems: true } },
        additionalProperties: false,
      },
    ],
  },
  defaultOptions,
  create(context, [{ ignore }]) {
    if (isTestFile(context)) return {}
    return {
      class_definition(node) {
        const name = node.superclasses ? context.resolve(node) : null
        if (name === null || !isDomainException(context.project, name, ignore)) return
        const handlers = context.project.exceptionHandlers()
        const base = mappedExample(context.project, handlers, name)
        if (base === null || isMapped(context.project, handlers, name)) return
        const escape = context.project.ask(routeExceptionIndex, name)
        if (escape) report(node, name, base, escape)
      },
    }

    function report(node: ClassDefinitionNode, name: string, base: string, escape: RouteException): void {
      context.report({
        node: node.name,
        messageId: 'unmapped',
        data: { exception: lastPart(name), route: escape.route, place: placeOf(context, escape), base: lastPart(base) },
        related: relatedPlaces(context.project, escape.calls, `raises ${lastPart(name)}`),
      })
    }
  },
})

/** A class of the project that is an exception, all of whose bases are known, and which no framework answers by itself. */
function isDomainException(project: PythonProject, name: string, ignore: readonly string[]): boolean {
  const { names, complete } = project.ancestors(name)
  if (!complete || !names.includes('builtins.Exception') || names.includes('builtins.Warning') || !isProjectException(project, name)) return false
  return !isAnsweredByFramework(project, name) && !names.some((ancestor) => ANSWERED_BY_DEFAULT.has(ancestor) || ignore.some((entry) => matchesEntry(ancestor, entry)))
}

/** FastAPI has handlers of its own for these. */
const ANSWERED_BY_DEFAULT: ReadonlySet<string> = new Set(['fastapi.exceptions.RequestValidationError', 'fastapi.exceptions.WebSocketRequestValidationError'])

/** A class of the project that has a handler, best one of the same module; `null` if there is none, or if some handler is for something unknown. */
function mappedExample(project: PythonProject, handlers: readonly ExceptionHandler[], name: string): string | null {
  if (handlers.some(({ isOpen }) => isOpen)) return null
  const mapped = handlers.filter(({ by }) => by !== 'dependency').flatMap(({ classes }) => classes.filter((handled) => isProjectException(project, handled)))
  const path = project.definition(name)?.path
  return mapped.find((handled) => project.definition(handled)?.path === path) ?? mapped[0] ?? null
}

function isMapped(project: PythonProject, handlers: readonly ExceptionHandler[], name: string): boolean {
  const { names } = project.ancestors(name)
  return handlers.some(({ classes }) => classes.some((handled) => !isBroadType(handled) && names.includes(handled)))
}

/** `bookings/routes.py:24`: where the function stands that handles the route. */
function placeOf({ project }: Context, { path, handler }: RouteException): string {
  const key = project.pathInModule(handler, path)
  const line = project.part(placeFact, path, key)?.definition?.[0]
  return line === undefined ? path : `${path}:${line}`
}
