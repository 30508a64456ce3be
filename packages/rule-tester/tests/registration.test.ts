import { RuleTester, type InvalidCase, type ValidCase } from '@krait/rule-tester'
import { afterEach, describe, expect, it } from 'vitest'
import { noCall } from './sample-rules.ts'

interface Registered {
  readonly title: string
  readonly only: boolean
  readonly body: () => Promise<void>
}

/** What `run` registers with a framework that only takes notes. */
function registered(register: () => void): Registered[] {
  const tests: Registered[] = []
  const suites: string[] = []
  const note = (only: boolean) => (name: string, body: () => Promise<void>) => tests.push({ title: [...suites, name].join(' > '), only, body })
  RuleTester.describe = (name, body) => {
    suites.push(name)
    body()
    suites.pop()
  }
  RuleTester.it = Object.assign(note(false), { only: note(true) })
  register()
  return tests
}

afterEach(() => {
  RuleTester.describe = undefined
  RuleTester.it = undefined
})

const run = (valid: readonly (string | ValidCase)[], invalid: readonly InvalidCase<'call'>[] = []) =>
  registered(() => new RuleTester().run('no-call', noCall, { valid, invalid }))

describe('RuleTester.run', () => {
  it('registers one test per case, named or titled by its code', () => {
    const tests = run(['a = 1\nb = 2\n', { name: 'nothing', code: '' }], [{ code: 'forbidden()', errors: 1, only: true }])
    expect(tests.map(({ title, only }) => [title, only])).toEqual([
      ['no-call > valid > a = 1 ⏎ b = 2', false],
      ['no-call > valid > nothing', false],
      ['no-call > invalid > forbidden()', true],
    ])
    expect(run([`x = '${'y'.repeat(200)}'`])[0]!.title).toMatch(/^no-call > valid > x = 'y{115}…$/)
  })

  it('leaves empty suites out and refuses a run without cases', () => {
    expect(run(['x = 1'])).toHaveLength(1)
    expect(() => run([])).toThrow(`'no-call' has no test case.`)
  })

  it('refuses equal cases, whatever they are called', () => {
    expect(() => run(['x = 1', { name: 'again', code: 'x = 1' }])).toThrow('Two valid cases are equal; remove one:\nx = 1')
    const invalid = { code: 'forbidden()', errors: [{ message: /a/ }] }
    expect(() => run([], [invalid, { errors: [{ message: /a/ }], code: 'forbidden()' }])).toThrow('Two invalid cases are equal')
    expect(run([], [invalid, { ...invalid, errors: [{ message: /b/ }] }])).toHaveLength(2)
  })

  it('refuses an invalid case without errors', () => {
    expect(() => run([], [{ code: 'forbidden()' } as never])).toThrow('An invalid case of \'no-call\' has no `errors`:\nforbidden()')
  })

  it('makes a failure point at the test', async () => {
    const [test] = run(['forbidden()'])
    const error = await test!.body().then(() => null, (reason: Error) => reason)
    const frames = error!.stack!.slice(error!.stack!.indexOf(error!.message) + error!.message.length)
    expect(frames).toContain('registration.test.ts')
    expect(frames).not.toContain('check-case.ts')
  })

  it('gives the settings of the tester to every case', async () => {
    const seen: unknown[] = []
    const spy = { ...noCall, create: (context: { settings: unknown }) => (seen.push(context.settings), {}) }
    const tester = new RuleTester({ settings: { a: 1, b: 1 } })
    const tests = registered(() => tester.run('spy', spy, { valid: ['x = 1', { code: 'x = 2', settings: { b: 2 } }], invalid: [] }))
    for (const { body } of tests) await body()
    expect(seen).toEqual([{ a: 1, b: 1 }, { a: 1, b: 2 }])
  })
})
