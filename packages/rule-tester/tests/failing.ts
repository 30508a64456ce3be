import { expect } from 'vitest'
import { RuleTestFailure } from '@krait/rule-tester'

/** The message with which a check fails; the test fails if it does not, or fails in another way. */
export async function failureOf(check: Promise<unknown>): Promise<string> {
  const error: unknown = await check.then(() => null, (reason: unknown) => reason)
  expect(error).toBeInstanceOf(RuleTestFailure)
  return (error as RuleTestFailure).message
}
