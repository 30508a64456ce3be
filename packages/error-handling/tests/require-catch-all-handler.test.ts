import { python, RuleTester } from '@krait/rule-tester'
import { requireCatchAllHandler } from '../src/rules/require-catch-all-handler.ts'

new RuleTester().run('error-handling/require-catch-all-handler', requireCatchAllHandler, {
  valid: [
    { name: 'another function of that name', code: 'def abort(): ...\nabort()\n' },
    { name: 'a name that can not be resolved', code: 'abort()\n' },
  ],
  invalid: [
    {
      name: 'an alias',
      code: python`
        from os import abort as stop
        stop()
      `,
      errors: [{ messageId: 'call', data: { name: 'stop' }, line: 2, column: 1 }],
    },
  ],
})
