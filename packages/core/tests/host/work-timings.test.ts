import { WorkTimings } from '@krait/core'
import { expect, test } from 'vitest'

function pass(ms: number): void {
  const until = performance.now() + ms
  while (performance.now() < until) continue
}

test('each span of time is counted once', () => {
  const timings = new WorkTimings()
  const start = performance.now()
  const started = timings.now()
  timings.share('outer', () => {
    timings.share('inner', () => pass(20))
    timings.share('inner', () => pass(20))
  })
  timings.addRule('pack/rule', timings.now() - started)
  const elapsed = performance.now() - start
  const inner = timings.shared.get('inner')!
  const outer = timings.shared.get('outer')!
  const rule = timings.rules.get('pack/rule')!
  expect(inner.calls).toBe(2)
  expect(outer.calls).toBe(1)
  expect(inner.ms).toBeGreaterThanOrEqual(40)
  // What the inner work took counts neither for the outer one nor for the rule.
  expect(inner.ms + outer.ms + rule.ms).toBeLessThanOrEqual(elapsed)
})

test('work that throws is counted', () => {
  const timings = new WorkTimings()
  expect(() => timings.share('parse', () => JSON.parse('{'))).toThrow(SyntaxError)
  expect(timings.shared.get('parse')!.calls).toBe(1)
})
