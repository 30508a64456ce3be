import { readFileSync } from 'node:fs'
import { python, RuleTester } from '@krait/rule-tester'
import { expect, test } from 'vitest'
import { noBlockingCallee } from './no-blocking-callee.ts'
import { noDuplicateConstant } from './no-duplicate-constant.ts'

const clients = {
  'app/__init__.py': '',
  'app/rates.py': 'import requests\n\nclass Rates:\n    def current(self):\n        return self._fetch("latest")\n\n    def _fetch(self, day):\n        return requests.get(day, timeout=5)\n',
}

new RuleTester().run('no-blocking-callee', noBlockingCallee, {
  valid: [
    {
      name: 'a function that is no coroutine may block',
      path: 'app/main.py',
      files: clients,
      code: python`
        from app.rates import Rates

        def show(rates: Rates):
            return rates.current()
      `,
    },
    {
      name: 'what is handed to a thread is not called here',
      path: 'app/main.py',
      files: clients,
      code: python`
        import asyncio
        from app.rates import Rates

        async def show(rates: Rates):
            return await asyncio.to_thread(rates.current)
      `,
    },
  ],
  invalid: [
    {
      name: 'a method that blocks further down',
      path: 'app/main.py',
      files: clients,
      code: python`
        from app.rates import Rates

        async def show(rates: Rates):
            return rates.current()
      `,
      errors: [{ messageId: 'blocks', line: 4 }],
    },
  ],
})

const limits = { 'app/__init__.py': '', 'app/limits.py': '"""Limits."""\n\nMAX_ROWS = 500\nTIMEOUT = 5\n' }

new RuleTester().run('no-duplicate-constant', noDuplicateConstant, {
  valid: [
    { name: 'another value', path: 'app/orders.py', files: limits, code: 'MAX_ROWS = 1000\n' },
    { name: 'what is imported is no other constant', path: 'app/orders.py', files: limits, code: 'from app.limits import MAX_ROWS\n' },
    { name: 'the first one', path: 'app/early.py', files: limits, code: 'MAX_ROWS = 500\n' },
    { name: 'one that the options name', path: 'app/orders.py', files: limits, options: [{ ignore: ['MAX_ROWS'] }], code: 'MAX_ROWS = 500\n' },
  ],
  invalid: [
    {
      name: 'a constant of another module',
      path: 'app/orders.py',
      files: limits,
      code: '"""Orders."""\n\nTIMEOUT = 9\nMAX_ROWS = 500\n',
      errors: [
        {
          message: '`MAX_ROWS` is defined with the same value in app/limits.py: one will be changed without the other. Import it from there.',
          line: 4,
          column: 1,
          endColumn: 9,
          related: [{ path: 'app/limits.py', line: 1 }],
        },
      ],
    },
  ],
})

test.each(['no-blocking-callee', 'no-duplicate-constant'])('the guide shows %s', (name) => {
  const guide = readFileSync(new URL('../../../../docs/guide/knowing-the-project.md', import.meta.url), 'utf8')
  expect(guide).toContain(readFileSync(new URL(`./${name}.ts`, import.meta.url), 'utf8'))
})
