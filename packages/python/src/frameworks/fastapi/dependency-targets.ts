import type { FunctionFact, ParameterFact } from '../../facts/module-fact-types.ts'
import type { FunctionDefinition } from '../../project/definition.ts'
import type { PythonProject } from '../../project/python-project.ts'
import { mapParameter, returnedLocals } from '../../shared/returned-locals.ts'
import { typeOfAnnotation } from '../../types/annotations.ts'
import { TypeEvaluator } from '../../types/evaluator.ts'
import { classOf } from '../../types/type.ts'
import { withoutLocals } from '../../values/parts.ts'
import { argumentOf, isCallOf } from '../../values/value.ts'
import type { CallValue, Value } from '../../values/value.ts'
import type { PydanticField } from '../pydantic/model.ts'
import { readPydanticModel } from '../pydantic/read-model.ts'
import type { DependencyNode } from './dependency.ts'
import { parameterOf, readParameters } from './parameters.ts'
import type { Parameter } from './parameters.ts'

/** What FastAPI calls for a dependency, without what that depends on in turn. */
export type DependencyTarget = Omit<DependencyNode, 'uses'>

const SCHEME = /^fastapi\.security\.(?:\w+\.)?(?:OAuth2\w*(?<!Form|FormStrict)|HTTPBearer|HTTPBasic|HTTPDigest|APIKey(?:Header|Query|Cookie)|OpenIdConnect)$/

/** Longer chains of names and factories are not followed. */
const MAX_STEPS = 10

/** Finds out what `Depends(...)` names. */
export class DependencyTargets {
  readonly #types = new Map<PythonProject, TypeEvaluator>()

  /** @param value what is given to `Depends`, with absolute names */
  resolve(project: PythonProject, value: Value): DependencyTarget | null {
    return this.#resolve(project, value, 0)
  }

  #resolve(project: PythonProject, value: Value, depth: number): DependencyTarget | null {
    if (depth > MAX_STEPS) return null
    switch (value.kind) {
      case 'name':
        return this.#named(project, value.name, depth)
      case 'call':
        return this.#made(project, value, depth)
      case 'subscript':
        return this.#resolve(project, value.object, depth + 1)
      case 'lambda':
        return {
          ...plain('function', null, null),
          id: JSON.stringify(value),
          parameters: value.parameters.map((name) => parameterOf(project, { name, kind: 'positional-or-keyword' })),
        }
      default:
        return null
    }
  }

  #named(project: PythonProject, name: string, depth: number): DependencyTarget | null {
    const definition = project.definition(name)
    switch (definition?.kind) {
      case 'function':
        return this.#function(project, definition, definition.fact.method === 'class')
      case 'class':
        return { ...plain('class', definition.name, definition.path), id: definition.name, parameters: this.#constructorParameters(project, definition.name) }
      case 'module':
        return null
      case 'variable': {
        const bound = definition.fact.value && !definition.fact.rebound ? project.value(definition.fact.value, definition.path) : null
        const found = bound && this.#resolve(project, bound, depth + 1)
        return found ?? this.#typed(project, definition.name)
      }
    }
    return this.#typed(project, name)
  }

  /** A bound method, an object with `__call__`, or something of a library. */
  #typed(project: PythonProject, name: string): DependencyTarget | null {
    const type = this.#typesOf(project).ofName(name)
    if (type.kind === 'function' && type.receiver !== null) {
      const definition = project.definition(type.name)
      if (definition?.kind === 'function') return this.#function(project, definition, definition.fact.method !== 'static')
    }
    const className = classOf(type)
    if (className !== null && (type.kind === 'instance' || type.kind === 'union')) return this.#instance(project, className, null)
    return project.definition(name) ? null : library(name)
  }

  #function(project: PythonProject, { name, path, fact }: FunctionDefinition, isBound: boolean): DependencyTarget {
    const own = isBound ? fact.parameters.slice(1) : fact.parameters
    return { ...plain('function', name, path), ...kindOf(fact), id: name, parameters: readParameters(project, own, path) }
  }

  /** What a call gives: an object of a class, a closure, a partial function. */
  #made(project: PythonProject, call: CallValue, depth: number): DependencyTarget | null {
    const { callee } = call
    if (callee === null) return null
    if (isCallOf(call, 'functools.partial')) return this.#partial(project, call, depth)
    const definition = project.definition(callee)
    if (definition?.kind === 'function') return this.#fromFactory(project, definition, call, depth)
    if (definition?.kind === 'class') return this.#instance(project, definition.name, call)
    const made = definition?.kind === 'variable' ? project.valueOf(callee) : null
    if (made?.kind === 'name') return this.#resolve(project, { ...call, callee: made.name }, depth + 1)
    if (definition) return null
    return SCHEME.test(callee) ? this.#instance(project, callee, call) : library(callee)
  }

  #partial(project: PythonProject, call: CallValue, depth: number): DependencyTarget | null {
    const [first, ...given] = call.arguments
    const target = first ? this.#resolve(project, first, depth + 1) : null
    if (!target) return null
    const parameters = call.open ? null : (target.parameters?.slice(given.length).filter(({ name }) => !Object.hasOwn(call.keywords, name)) ?? null)
    return { ...target, kind: 'partial', id: JSON.stringify(call), parameters }
  }

  #instance(project: PythonProject, className: string, call: CallValue | null): DependencyTarget | null {
    const isScheme = project.ancestors(className).names.some((name) => SCHEME.test(name))
    const autoError = isScheme ? this.#autoError(project, className, call) : null
    const path = project.definition(className)?.path ?? null
    const id = call ? JSON.stringify(call) : `${className}()`
    const method = project.member(className, '__call__')
    if (method?.fact.kind === 'function') {
      const parameters = readParameters(project, method.fact.parameters.slice(1), method.path)
      return { ...plain(isScheme ? 'security' : 'instance', className, path), ...kindOf(method.fact), id, parameters, autoError }
    }
    if (isScheme) return { ...plain('security', className, path), id, parameters: [], autoError }
    return path === null ? library(className) : null
  }

  #autoError(project: PythonProject, className: string, call: CallValue | null): boolean | null {
    const given = call ? argumentOf(call, 'auto_error') : null
    if (given) return booleanOf(given)
    if (!call || call.open) return null
    const init = project.member(className, '__init__')
    const parameter = init?.fact.kind === 'function' ? init.fact.parameters.find(({ name }) => name === 'auto_error') : undefined
    if (parameter) return parameter.default ? booleanOf(parameter.default) : null
    return init?.fact.kind === 'function' ? null : true
  }

  /** What a function of the project returns, with the arguments of this call. */
  #fromFactory(project: PythonProject, factory: FunctionDefinition, call: CallValue, depth: number): DependencyTarget | null {
    const found = this.#returned(project, factory, call, depth)
    if (found || !factory.fact.returnAnnotation || factory.fact.async || factory.fact.generator) return found
    // An object of the annotated class, or of one below it, which may take other parameters.
    const className = classOf(typeOfAnnotation(project.value(factory.fact.returnAnnotation, factory.path), project))
    const declared = className === null ? null : this.#instance(project, className, call)
    return declared && { ...declared, parameters: null }
  }

  #returned(project: PythonProject, { name, path, fact }: FunctionDefinition, call: CallValue, depth: number): DependencyTarget | null {
    const [only, ...others] = fact.returns
    if (!only || others.length > 0 || fact.returnsOpen || fact.fallsOff || fact.async || fact.generator) return null
    const given = bindArguments(fact, call, (value) => project.value(value, path))
    const local = only.kind === 'local' ? returnedLocals(project, name).get(only.name) : undefined
    if (local?.kind === 'function') {
      const parameters = local.function.parameters.map((parameter) => closureParameter(project, parameter, given))
      return { ...plain('closure', name, path), ...kindOf(local.function), id: JSON.stringify(call), parameters }
    }
    const found = this.#resolve(project, withoutLocals(project.value(only, path), (local) => given.get(local) ?? null), depth + 1)
    return found && (found.kind === 'function' && found.name === null ? { ...found, kind: 'closure', name, path } : found)
  }

  /** The parameters of a class: those of `__init__`, or the fields of a dataclass or a Pydantic model. */
  #constructorParameters(project: PythonProject, className: string): readonly Parameter[] | null {
    const init = project.member(className, '__init__') ?? project.member(className, '__new__')
    if (init?.fact.kind === 'function') return readParameters(project, init.fact.parameters.slice(1), init.path)
    const model = readPydanticModel(project, className)
    if (model) return model.fields.map((field) => fieldParameter(project, field))
    return dataclassParameters(project, className) ?? (init === null ? [] : null)
  }

  #typesOf(project: PythonProject): TypeEvaluator {
    let types = this.#types.get(project)
    if (!types) this.#types.set(project, (types = new TypeEvaluator(project)))
    return types
  }
}

function plain(kind: DependencyNode['kind'], name: string | null, path: string | null): Omit<DependencyTarget, 'id'> {
  return { kind, name, path, isAsync: false, isGenerator: false, parameters: null, autoError: null }
}

/** FastAPI's own form of a login takes nothing from the path; of others nothing is known. */
function library(name: string): DependencyTarget {
  const isForm = /^fastapi\.security\.(?:\w+\.)?OAuth2PasswordRequestForm(?:Strict)?$/.test(name)
  return { ...plain('library', name, null), id: name, parameters: isForm ? [] : null }
}

function kindOf({ async: isAsync, generator }: Pick<FunctionFact, 'async' | 'generator'>): Pick<DependencyNode, 'isAsync' | 'isGenerator'> {
  return { isAsync: isAsync === true, isGenerator: generator === true }
}

function fieldParameter(project: PythonProject, { name, annotation, default: byDefault, isRequired, alias }: PydanticField): Parameter {
  const parameter = parameterOf(project, { name, kind: 'keyword-only', ...(annotation && { annotation }), ...(byDefault && { default: byDefault }) })
  return { ...parameter, isRequired, alias: parameter.alias ?? alias }
}

/** The fields of a dataclass, bases first. */
function dataclassParameters(project: PythonProject, className: string): readonly Parameter[] | null {
  const { names } = project.ancestors(className)
  const classes = names.flatMap((name) => {
    const found = project.definition(name)
    return found?.kind === 'class' ? [found] : []
  })
  const isDataclass = classes.some(({ fact, path }) =>
    fact.decorators.some((decorator) => {
      const value = project.value(decorator, path)
      const name = value.kind === 'call' ? value.callee : value.kind === 'name' ? value.name : null
      return name === 'dataclasses.dataclass' || name === 'pydantic.dataclasses.dataclass'
    }),
  )
  if (!isDataclass) return null
  const parameters = new Map<string, Parameter>()
  for (const { fact, path } of classes.reverse()) {
    for (const [name, member] of Object.entries(fact.members)) {
      if (member.kind !== 'variable' || !member.annotation) continue
      const value = member.value && project.value(member.value, path)
      const isField = isCallOf(value, 'dataclasses.field', 'pydantic.Field')
      const byDefault = isField ? (argumentOf(value, 'default') ?? undefined) : value
      const annotation = project.value(member.annotation, path)
      const parameter = parameterOf(project, { name, kind: 'positional-or-keyword', annotation, ...(byDefault && { default: byDefault }) })
      parameters.set(name, isField && 'default_factory' in value.keywords ? { ...parameter, isRequired: false } : parameter)
    }
  }
  return [...parameters.values()]
}

/** What the parameters of a factory are given by a call. */
function bindArguments({ parameters }: FunctionFact, call: CallValue, absolute: (value: Value) => Value): ReadonlyMap<string, Value> {
  const given = new Map<string, Value>()
  for (const [i, { name, kind, default: byDefault }] of parameters.entries()) {
    if (kind === 'var-positional' || kind === 'var-keyword') continue
    const passed = argumentOf(call, name, kind === 'keyword-only' ? undefined : i) ?? (byDefault && !call.open ? absolute(byDefault) : null)
    if (passed) given.set(name, passed)
  }
  return given
}

function closureParameter(project: PythonProject, parameter: ParameterFact, given: ReadonlyMap<string, Value>): Parameter {
  const inner = (value: Value): Value => withoutLocals(value, (local) => given.get(local) ?? null)
  return parameterOf(project, mapParameter(parameter, inner))
}

function booleanOf(value: Value): boolean | null {
  return value.kind === 'literal' && typeof value.value === 'boolean' ? value.value : null
}
