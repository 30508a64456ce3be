import type { PythonProject } from '../project/python-project.ts'
import { TypeEvaluator } from '../types/evaluator.ts'
import { classOf } from '../types/type.ts'
import { constantOf } from '../values/constant.ts'
import type { Constant } from '../values/constant.ts'
import { mapParts } from '../values/parts.ts'
import { argumentOf, isCallOf } from '../values/value.ts'
import type { Value } from '../values/value.ts'
import { lastPart, withoutLastPart } from './dotted-name.ts'

/**
 * The statically known value of a value with absolute names, as `Values.constant`; an attribute of an object of the project counts with the default
 * that its class gives it: `settings.API_PREFIX` with `class Settings(BaseSettings): API_PREFIX: str = "/api"`.
 */
export function constantWithDefaults(project: PythonProject, value: Value): Constant | undefined {
  const types = evaluatorOf(project)
  return constantOf(withDefaults(value, 0), follow, project)

  /** Attributes of calls and the like have no name that could be followed. */
  function withDefaults(given: Value, depth: number): Value {
    if (depth > MAX_DEPTH) return given
    const mapped = mapParts(given, (part) => withDefaults(part, depth + 1))
    if (mapped.kind !== 'attribute') return mapped
    const type = types.ofLocalValue(mapped.object, { function: null, path: project.path, receiver: null })
    return defaultOf(classOf(type), mapped.attribute) ?? mapped
  }

  function follow(given: Value): Value {
    let current = given
    for (let step = 0; step < MAX_STEPS && current.kind === 'name'; step++) {
      const next: Value | null = project.valueOf(current.name) ?? attributeOf(current.name)
      if (next === null) return current
      current = withDefaults(next, 0)
    }
    return current
  }

  function attributeOf(name: string): Value | null {
    const object = withoutLastPart(name)
    if (object === '' || project.definition(name)) return null
    return defaultOf(classOf(types.ofName(object)), lastPart(name))
  }

  function defaultOf(className: string | null, attribute: string): Value | null {
    const member = className === null ? null : project.member(className, attribute)
    if (!member) return null
    if (member.fact.kind === 'alias') return { kind: 'name', name: project.resolveName(member.fact.target, member.path) ?? '' }
    if (member.fact.kind !== 'variable' || !member.fact.value || member.fact.rebound) return null
    const value = project.value(member.fact.value, member.path)
    return isCallOf(value, ...FIELDS) ? argumentOf(value, 'default', 0) : value
  }
}

const FIELDS = ['pydantic.Field', 'sqlmodel.Field', 'dataclasses.field']

const MAX_DEPTH = 10
/** Longer chains of names are not followed. */
const MAX_STEPS = 30

const evaluators = new WeakMap<PythonProject, TypeEvaluator>()

function evaluatorOf(project: PythonProject): TypeEvaluator {
  let types = evaluators.get(project)
  if (!types) evaluators.set(project, (types = new TypeEvaluator(project)))
  return types
}
