import { argumentOf, namedExceptionTypes, policyArgument } from '@krait/python'
import type { CallValue, ExceptionContext, ExceptionType, RetryPolicy, Value } from '@krait/python'

/** Which errors a decorator retries. */
export interface RetriedErrors {
  /** The classes, `null` for one that is not known. */
  readonly types: readonly ExceptionType[]
  /** The decorator does not say, so that its default holds. */
  readonly isDefault: boolean
}

const ANY_ERROR: RetriedErrors = { types: ['builtins.Exception'], isDefault: true }

/** The errors that a policy retries; `null` where something else decides: a predicate, the result, what is not seen. */
export function retriedErrors(context: ExceptionContext, policy: RetryPolicy): RetriedErrors | null {
  switch (policy.library) {
    case 'tenacity':
      return ofTenacity(context, policyArgument(policy, 'retry', 3))
    case 'backoff':
      if (policy.name !== 'on_exception' || policyArgument(policy, 'giveup') !== null) return null
      return ofTypes(context, policyArgument(policy, 'exception', 1))
    case 'stamina':
      return ofTypes(context, policyArgument(policy, 'on'))
    case 'retrying':
      return ['retry_on_exception', 'retry_on_result'].every((name) => policyArgument(policy, name) === null) ? ANY_ERROR : null
    case 'retry': {
      const given = policyArgument(policy, 'exceptions', 0)
      return given === null ? ANY_ERROR : ofTypes(context, given)
    }
    case 'celery':
      return policyArgument(policy, 'dont_autoretry_for') === null ? ofTypes(context, policyArgument(policy, 'autoretry_for')) : null
  }
}

function ofTypes(context: ExceptionContext, given: Value | 'open' | null): RetriedErrors | null {
  if (given === null || given === 'open') return null
  return { types: namedExceptionTypes(context, [given]), isDefault: false }
}

function ofTenacity(context: ExceptionContext, given: Value | 'open' | null): RetriedErrors | null {
  if (given === null) return ANY_ERROR
  if (given === 'open') return null
  const condition = context.values.follow(given)
  if (condition.kind === 'binary' && condition.operator === '|') return union(ofTenacity(context, condition.left), ofTenacity(context, condition.right))
  return condition.kind === 'call' && condition.callee !== null ? ofCondition(context, condition, condition.callee) : null
}

function ofCondition(context: ExceptionContext, call: CallValue, callee: string): RetriedErrors | null {
  switch (callee) {
    case 'tenacity.retry_if_exception_type': {
      const types = argumentOf(call, 'exception_types', 0)
      return types ? ofTypes(context, types) : { types: ['builtins.Exception'], isDefault: false }
    }
    case 'tenacity.retry_if_not_exception_type':
    case 'tenacity.retry_unless_exception_type':
      return null
    case 'tenacity.retry_any':
      return call.arguments.map((part) => ofTenacity(context, part)).reduce(union, null)
    default:
      return null
  }
}

function union(one: RetriedErrors | null, other: RetriedErrors | null): RetriedErrors | null {
  if (!one || !other) return one ?? other
  return { types: [...one.types, ...other.types], isDefault: false }
}
