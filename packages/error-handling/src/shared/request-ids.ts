import { calledNamesFact, calleeName, callFact, functionNamed, importsFact, isCallOf, isInside, isTestFile, lastPart, UNKNOWN, withoutLastPart } from '@krait/python'
import type { FunctionFact, LoggerContext, PythonRuleContext, Value } from '@krait/python'
import { appWiringFact } from '../facts/app-wiring.ts'
import type { AppRef, AppStep } from '../facts/app-wiring.ts'
import { mentionsFact } from '../facts/mentions.ts'

type Context = Pick<PythonRuleContext, 'project' | 'settings' | 'values'>

/** Whether requests of an application get an id: certainly, perhaps, or not as far as the project tells. */
export type GivenId = 'given' | 'unknown' | 'none'

export const APP_CLASSES: readonly string[] = ['fastapi.FastAPI', 'starlette.applications.Starlette', 'flask.Flask']

/** Middlewares of libraries that give ids to requests. */
const KNOWN =
  /^(asgi_correlation_id\.|starlette_context\.middleware\.|fastapi_correlation|opentelemetry\..*OpenTelemetry\w*Middleware$|ddtrace\..*Trace\w*Middleware$|elasticapm\.)/

/** Modules that instrument all applications by themselves. */
const INSTRUMENTING = ['ddtrace', 'opentelemetry.instrumentation.fastapi', 'opentelemetry.instrumentation.flask', 'opentelemetry.instrumentation.starlette']

/** An application under one of its names. */
interface Place {
  readonly path: string
  /** The key of the function in which a local name holds. */
  readonly key: string
  /** As in `AppStep.on`; the name of a module's variable is absolute. */
  readonly ref: AppRef
}

/** Calls of calls of middlewares are not followed farther. */
const MAX_DEPTH = 3

/** More names of one application are not followed. */
const MAX_PLACES = 200

/** Follows an application through the project, to what gives its requests an id. */
export class RequestIds {
  readonly #context: Context
  readonly #middlewares: readonly string[]
  readonly #pattern: RegExp
  #isUnknown = false

  constructor(context: Context, middlewares: readonly string[], pattern: RegExp) {
    this.#context = context
    this.#middlewares = middlewares
    this.#pattern = pattern
  }

  /** For an application that has a name. @param key the function in which it is made, empty for the module */
  ofPlace(ref: AppRef, key: string): GivenId {
    const { project } = this.#context
    return this.#follow([{ path: project.path, key, ref: this.#absolute(ref, project.path) }])
  }

  /** For one that a function makes and returns at once. */
  ofReturned(key: string, made: Value): GivenId {
    if (this.#isMadeWithId(made)) return 'given'
    return this.#follow(this.#placesOfCallers(this.#context.project.path, key))
  }

  #follow(start: readonly Place[]): GivenId {
    const pending = [...start]
    const seen = new Set<string>()
    for (let place = pending.pop(); place; place = pending.pop()) {
      const id = `${place.path}\n${place.key}\n${place.ref}`
      if (seen.has(id)) continue
      if (seen.size > MAX_PLACES) return 'unknown'
      seen.add(id)
      for (const [path, key, step] of this.#stepsOf(place)) {
        const next = this.#take(path, key, step)
        if (next === 'given') return 'given'
        pending.push(...next)
      }
    }
    return this.#isUnknown ? 'unknown' : 'none'
  }

  /** What is done with the application under this name, in the function or, for a name of a module, anywhere. */
  *#stepsOf({ path, key, ref }: Place): Generator<readonly [path: string, key: string, step: AppStep]> {
    if (ref.startsWith('local:')) {
      const owner = withoutLastPart(key.replace(/\.<locals>.*$/, ''))
      for (const [other, steps] of Object.entries(this.#context.project.fact(appWiringFact, path) ?? {})) {
        const isHere = other === key || other.startsWith(`${key}.<locals>.`) || (ref.startsWith('local:self.') && owner !== '' && other.startsWith(`${owner}.`))
        if (isHere) for (const step of steps) if (step.on === ref) yield [path, other, step]
      }
      return
    }
    for (const file of this.#filesThatName(ref, path)) {
      for (const [other, steps] of Object.entries(this.#context.project.fact(appWiringFact, file) ?? {})) {
        for (const step of steps) if (!step.on.startsWith('local:') && this.#absolute(step.on, file) === ref) yield [file, other, step]
      }
    }
  }

  /** The file of the variable, and those that import it or its module. */
  #filesThatName(ref: string, definedIn: string): readonly string[] {
    const { project, settings } = this.#context
    const name = lastPart(ref)
    const module = lastPart(withoutLastPart(ref))
    const found: string[] = []
    for (const [path, imports] of project.facts(importsFact)) {
      const isNamed = path === definedIn || imports.some((fact) => fact.name === name || fact.name === module || lastPart(fact.module) === module)
      if (isNamed && !isTestFile({ path, settings })) found.push(path)
    }
    return found
  }

  /** Whether a step gives ids, or else where it leads. */
  #take(path: string, key: string, step: AppStep): 'given' | readonly Place[] {
    const { project } = this.#context
    switch (step.by) {
      case 'instrumented':
        return 'given'
      case 'middleware':
        return this.#isMiddleware(path, step) ? 'given' : []
      case 'made':
        return step.value && this.#isMadeWithId(project.value(step.value, path)) ? 'given' : []
      case 'mounted':
        return step.under === undefined ? [] : [{ path, key, ref: this.#absolute(step.under, path) }]
      case 'returned':
        return this.#placesOfCallers(path, key)
      case 'passed':
        return this.#passed(path, step)
    }
  }

  #isMiddleware(path: string, { value, each, function: key }: AppStep): boolean {
    if (key !== undefined) return this.#mentions(path, key)
    if (value === undefined) return false
    const given = this.#context.project.value(value, path)
    if (!each) return this.#givesId(given)
    return this.#itemsOf(given).some((item) => {
      const parts = item.kind === 'tuple' || item.kind === 'list' ? item.items : null
      return this.#givesId(each.position === undefined ? item : (parts?.[each.position] ?? UNKNOWN))
    })
  }

  /** `FastAPI(middleware=[Middleware(X)], dependencies=[Depends(f)])` */
  #isMadeWithId(made: Value): boolean {
    if (made.kind !== 'call') return false
    if (made.callee !== null && this.#isKnown(made.callee)) return true
    const middleware = this.#itemsOf(made.keywords['middleware'])
    const dependencies = this.#itemsOf(made.keywords['dependencies'])
    if (middleware.some((item) => this.#givesId(isCallOf(item, ...MIDDLEWARE) ? (item.arguments[0] ?? item.keywords['cls'] ?? item) : item))) return true
    return dependencies.some((item) => item.kind === 'call' && this.#givesId(item.arguments[0] ?? item.keywords['dependency'] ?? item))
  }

  #itemsOf(given: Value | undefined): readonly Value[] {
    if (!given) return []
    const value = this.#context.values.follow(given)
    if (value.kind === 'literal' && value.type === 'none') return []
    if (value.kind !== 'list' && value.kind !== 'tuple') this.#isUnknown = true
    else if (value.open) this.#isUnknown = true
    return value.kind === 'list' || value.kind === 'tuple' ? value.items : []
  }

  /** Whether a middleware or dependency gives ids. What is not known may do so. */
  #givesId(given: Value): boolean {
    const value = given.kind === 'call' && given.callee !== null ? { kind: 'name' as const, name: given.callee } : given
    if (value.kind !== 'name') {
      this.#isUnknown = true
      return false
    }
    if (this.#isKnown(value.name)) return true
    const { project } = this.#context
    const definition = project.definition(value.name)
    if (definition?.kind === 'variable') {
      const bound = project.valueOf(value.name)
      if (bound && bound.kind !== 'unknown') return bound.kind === 'name' || bound.kind === 'call' ? this.#givesId(bound) : false
      this.#isUnknown = true
      return false
    }
    const names = definition?.kind === 'class' ? project.ancestors(definition.name).names : definition ? [definition.name] : []
    return names.some((name) => this.#isKnown(name) || this.#isMentionedIn(name))
  }

  #isKnown(name: string): boolean {
    return KNOWN.test(name) || this.#middlewares.some((entry) => name === entry || lastPart(name) === entry)
  }

  #isMentionedIn(name: string, depth = 0): boolean {
    const definition = this.#context.project.definition(name)
    if (definition?.kind !== 'class' && definition?.kind !== 'function') return false
    return this.#mentions(definition.path, this.#keyIn(definition.path, definition.name), depth)
  }

  /** Whether a class or function speaks of an id, or calls a function of the project that does. */
  #mentions(path: string, key: string, depth = 0): boolean {
    const texts = this.#context.project.part(mentionsFact, path, key) ?? []
    if (texts.some((text) => text === 'bind_contextvars' || this.#pattern.test(text))) return true
    return depth < MAX_DEPTH && this.#functionsCalled(path, key, texts).some((name) => this.#isMentionedIn(name, depth + 1))
  }

  /** Of the functions that a class or function calls those that it names not for some paths of requests alone. */
  #functionsCalled(path: string, key: string, texts: readonly string[]): readonly string[] {
    const { project } = this.#context
    const named = new Set(texts)
    const found: string[] = []
    for (const [caller, calls] of Object.entries(project.fact(callFact, path) ?? {})) {
      if (caller !== key && !caller.startsWith(`${key}.`)) continue
      const name = project.nameInModule(caller, path)
      for (const call of calls) {
        const callee = calleeName(project, { name, path, calls }, call)
        if (callee !== null && named.has(lastPart(callee)) && project.definition(callee)?.kind === 'function') found.push(callee)
      }
    }
    return found
  }

  /** Into the function that is given the application. */
  #passed(path: string, { callee, isUnknown, argument }: AppStep): 'given' | readonly Place[] {
    const { project } = this.#context
    if (isUnknown || callee === undefined) {
      this.#isUnknown = true
      return []
    }
    const name = project.resolveName(callee, path) ?? callee
    if (this.#isKnown(name) || (project.definition(name)?.kind === 'class' && this.#givesId({ kind: 'name', name }))) return 'given'
    const found = functionNamed(project, this.#methodOfObject(name) ?? name)
    const key = found ? this.#keyIn(found.path, found.name) : callee.startsWith(':') ? callee.slice(1) : null
    if (key === null) return []
    const target = found?.path ?? path
    const parameter = this.#parameterOf(found?.name ?? null, target, key, argument)
    return parameter === null ? [] : [{ path: target, key, ref: `local:${parameter}` }]
  }

  /** `db.init_app` where `db = Database()`: the method of the class. */
  #methodOfObject(name: string): string | null {
    const { project } = this.#context
    const object = project.valueOf(withoutLastPart(name))
    if (object?.kind !== 'call' || object.callee === null) return null
    const owner = project.definition(object.callee)
    return owner?.kind === 'class' ? `${owner.name}.${lastPart(name)}` : null
  }

  #parameterOf(name: string | null, path: string, key: string, argument: AppStep['argument']): string | null {
    if (typeof argument === 'string') return argument
    const { project } = this.#context
    const fact = name === null ? null : (project.member(withoutLastPart(name), lastPart(name))?.fact ?? project.definition(name)?.fact)
    if (!isFunctionFact(fact)) return this.#localParameters(path, key)[argument ?? 0] ?? null
    const isMethod = fact.method === 'instance' || fact.method === 'class'
    return fact.parameters[(argument ?? 0) + (isMethod ? 1 : 0)]?.name ?? null
  }

  /** The parameters of a function inside a function. */
  #localParameters(path: string, key: string): readonly string[] {
    return this.#context.project.part(mentionsFact, path, `${key}()`) ?? []
  }

  /** The names under which the callers of a function have what it returns. */
  #placesOfCallers(path: string, key: string): readonly Place[] {
    const { project } = this.#context
    const name = project.nameInModule(key, path)
    return project.callers(name).flatMap((caller) => {
      const callerKey = this.#keyIn(caller.path, caller.function)
      const steps = project.part(appWiringFact, caller.path, callerKey) ?? []
      return steps.flatMap(({ on, by, value }) => {
        const isThis = by === 'made' && value?.kind === 'call' && value.callee !== null && project.resolveName(value.callee, caller.path) === name
        return isThis ? [{ path: caller.path, key: callerKey, ref: this.#absolute(on, caller.path) }] : []
      })
    })
  }

  #keyIn(path: string, name: string): string {
    const module = this.#context.project.moduleName(path)
    if (name === module) return ''
    return this.#context.project.pathInModule(name, path)
  }

  #absolute(ref: AppRef, path: string): string {
    return ref.startsWith('local:') ? ref : (this.#context.project.resolveName(ref, path) ?? ref)
  }
}

const MIDDLEWARE: readonly string[] = ['starlette.middleware.Middleware']

function isFunctionFact(fact: object | null | undefined): fact is FunctionFact {
  return fact !== null && fact !== undefined && 'kind' in fact && fact.kind === 'function'
}

/** Whether some file of the project instruments all applications: `FastAPIInstrumentor().instrument()`, `ddtrace.patch_all()`, `import ddtrace.auto`. */
export function instrumentsAllApps({ project, settings }: Pick<LoggerContext, 'project' | 'settings'>): boolean {
  for (const [path, imports] of project.facts(importsFact)) {
    const modules = imports.filter(({ module }) => INSTRUMENTING.some((name) => isInside(module, name)))
    if (modules.length === 0 || isTestFile({ path, settings })) continue
    if (modules.some(({ module, name }) => module === 'ddtrace.auto' || (module === 'ddtrace' && name === 'auto'))) return true
    const called = project.fact(calledNamesFact, path) ?? []
    if (called.some((name) => name === 'instrument' || name === 'patch' || name === 'patch_all')) return true
  }
  return false
}
