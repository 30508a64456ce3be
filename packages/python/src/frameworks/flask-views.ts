import { defineIndex } from '@krait/core'
import type { KeptReader } from '@krait/core'
import { readFunction } from '../calls/project-functions.ts'
import { callFact } from '../facts/call-fact.ts'
import { raiseFact } from '../facts/raise-fact.ts'
import { Projects } from '../project/projects.ts'
import type { PythonProject } from '../project/python-project.ts'
import { isTestFile } from '../shared/paths.ts'
import { argumentOf } from '../values/value.ts'
import type { CallValue, Value } from '../values/value.ts'
import { ROUTING, methodOf, webFunctionsFact } from './web-functions-fact.ts'

/** A function that Flask, or a framework in its manner, calls for requests. */
export interface FlaskView {
  readonly path: string
  /** The qualified name of the function. */
  readonly function: string
  /** As far as they are known; `GET` if none are given. */
  readonly methods: readonly string[]
  /** Without the prefixes of blueprints; `null` if it is not known. */
  readonly pattern: string | null
}

/** The views of Flask applications and blueprints, test code aside, sorted by file; the only key is `all`. */
export const flaskViewIndex = defineIndex<readonly FlaskView[], 'all', readonly FlaskView[]>({
  name: 'python/flask-views',
  version: 1,
  build: (reader) => flaskViews(reader),
  ask: (views) => views,
})

function flaskViews(reader: KeptReader): readonly FlaskView[] {
  const projects = new Projects(reader)
  const settings = reader.settings()
  const found: FlaskView[] = []
  for (const [path, { routed, importsFlask }] of reader.facts(webFunctionsFact)) {
    const names = [...routed, ...(importsFlask ? localFunctions(reader, path) : [])]
    if (names.length === 0 || isTestFile({ path, settings })) continue
    const project = projects.of(path)
    for (const name of names) {
      const fn = readFunction(project, path, name)
      const route = fn.decorators.find((decorator) => isRoute(project, decorator))
      if (route?.kind === 'call') found.push({ path, function: fn.name, ...routeOf(project, route) })
    }
  }
  return found
}

/** Functions in functions, such as those of an application factory. */
function localFunctions(reader: KeptReader, path: string): readonly string[] {
  const keys = new Set([...Object.keys(reader.fact(callFact, path) ?? {}), ...Object.keys(reader.fact(raiseFact, path) ?? {})])
  return [...keys].filter((key) => key.includes('<locals>')).sort()
}

function isRoute(project: PythonProject, decorator: Value): boolean {
  const called = methodOf(decorator)
  if (!called || !ROUTING.has(called.method)) return false
  const made = called.object.kind === 'name' ? project.valueOf(called.object.name) : called.object
  return made?.kind === 'call' && made.callee !== null && project.isSubclassOf(made.callee, APPLICATIONS) === true
}

function routeOf(project: PythonProject, call: CallValue): Pick<FlaskView, 'methods' | 'pattern'> {
  const method = methodOf(call)!.method
  const given = argumentOf(call, 'methods')
  const listed = given?.kind === 'list' || given?.kind === 'tuple' || given?.kind === 'set' ? given.items.flatMap((item) => textOf(item) ?? []) : []
  const pattern = argumentOf(call, 'rule', 0)
  return {
    methods: method !== 'route' ? [method.toUpperCase()] : listed.length > 0 ? listed.map((name) => name.toUpperCase()) : ['GET'],
    pattern: pattern ? textOf(pattern.kind === 'name' ? (project.valueOf(pattern.name) ?? pattern) : pattern) : null,
  }
}

function textOf(value: Value): string | null {
  return value.kind === 'literal' && value.type === 'string' ? String(value.value) : null
}

const APPLICATIONS: ReadonlySet<string> = new Set([
  'apiflask.APIBlueprint',
  'apiflask.APIFlask',
  'flask.Blueprint',
  'flask.Flask',
  'flask_openapi3.APIBlueprint',
  'flask_openapi3.OpenAPI',
  'flask_smorest.Blueprint',
  'quart.Blueprint',
  'quart.Quart',
])
