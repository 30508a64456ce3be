import type { Ajv, ErrorObject, ValidateFunction } from 'ajv'
import type { JsonSchema } from '../rules/rule.ts'
import { placeInside, showValue, type ConfigProblem } from './config-problem.ts'
import { didYouMean } from './nearest-name.ts'
import { PackError, type RegisteredRule } from './registry.ts'

let ajv: Ajv | undefined
const validators = new WeakMap<JsonSchema, ValidateFunction>()

/**
 * Checks a rule's options against its schemas, one per option.
 *
 * @param options what follows the severity in the config
 * @param place of the rule's setting: the first option stands at `place[1]`
 * @throws {PackError} when the rule's own schema is broken
 */
export async function validateOptions(registered: RegisteredRule, options: readonly unknown[], place: string): Promise<ConfigProblem[]> {
  const schemas = registered.rule.meta.schema
  if (options.length > schemas.length) {
    const count = schemas.length === 0 ? 'no options' : schemas.length === 1 ? 'one option' : `${schemas.length} options`
    return [{ place: placeInside(place, schemas.length + 1), message: `'${registered.id}' takes ${count}, ${options.length} are given.` }]
  }
  const problems: ConfigProblem[] = []
  for (const [index, option] of options.entries()) {
    const validate = await validatorFor(registered, index)
    if (validate(option)) continue
    const optionPlace = placeInside(place, index + 1)
    problems.push(...withoutEchoes(validate.errors ?? []).map((error) => toProblem(error, option, optionPlace)))
  }
  return problems
}

async function validatorFor(registered: RegisteredRule, index: number): Promise<ValidateFunction> {
  const schema = (registered.rule.meta.schema)[index]!
  const known = validators.get(schema)
  if (known !== undefined) return known
  if (ajv === undefined) {
    const { Ajv: AjvClass } = await import('ajv')
    ajv = new AjvClass({ allErrors: true, strict: false, verbose: true })
  }
  try {
    const validator = ajv.compile(schema)
    validators.set(schema, validator)
    return validator
  } catch (error) {
    throw new PackError(`The schema of option ${index + 1} of the rule '${registered.id}' is broken: ${(error as Error).message}`, { cause: error })
  }
}

/** `anyOf` and `oneOf` report every branch and then themselves; only the last says what the whole was to be. */
function withoutEchoes(errors: readonly ErrorObject[]): readonly ErrorObject[] {
  const wholes = errors.filter((error) => error.keyword === 'anyOf' || error.keyword === 'oneOf')
  return errors.filter((error) => !wholes.some((whole) => whole !== error && error.schemaPath.startsWith(`${whole.schemaPath}/`)))
}

function toProblem(error: ErrorObject, option: unknown, optionPlace: string): ConfigProblem {
  const { place, value } = follow(error.instancePath, option, optionPlace)
  const params = error.params as Record<string, unknown>
  if (error.keyword === 'additionalProperties') {
    const key = String(params['additionalProperty'])
    const known = Object.keys((error.parentSchema?.['properties'] ?? {}) as object)
    const hint = didYouMean(key, known) || (known.length === 0 ? '' : ` Known options: ${known.join(', ')}.`)
    return { place: placeInside(place, key), message: `Unknown option '${key}'.${hint}` }
  }
  if (error.keyword === 'enum') {
    const allowed = params['allowedValues'] as readonly unknown[]
    const hint = typeof value === 'string' ? didYouMean(value, allowed.filter((item) => typeof item === 'string')) : ''
    return { place, message: `Must be one of ${allowed.map(showValue).join(', ')}, not ${showValue(value)}.${hint}` }
  }
  if (error.keyword === 'required') return { place, message: `The option '${String(params['missingProperty'])}' is missing.` }
  if (error.keyword === 'anyOf' || error.keyword === 'oneOf') return { place, message: `Has none of the allowed forms: ${showValue(value)}.` }
  const expected = error.keyword === 'type' ? `must be ${[params['type']].flat().join(' or ')}` : (error.message ?? `breaks '${error.keyword}'`)
  return { place, message: `${expected[0]!.toUpperCase()}${expected.slice(1)}, not ${showValue(value)}.` }
}

/** Follows a JSON pointer (RFC 6901) from an option to the value it points at. */
function follow(pointer: string, option: unknown, optionPlace: string): { place: string; value: unknown } {
  let [place, value] = [optionPlace, option]
  for (const part of pointer.split('/').slice(1)) {
    const key = part.replaceAll('~1', '/').replaceAll('~0', '~')
    place = placeInside(place, Array.isArray(value) ? Number(key) : key)
    value = (value as Record<string, unknown>)[key]
  }
  return { place, value }
}
