import { readFileSync } from 'node:fs'
import { python, RuleTester } from '@krait/rule-tester'
import { expect, test } from 'vitest'
import { noBlockingCallee } from './no-blocking-callee.ts'

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

test('the guide shows this very rule', () => {
  const guide = readFileSync(new URL('../../../../docs/guide/knowing-the-project.md', import.meta.url), 'utf8')
  const rule = readFileSync(new URL('./no-blocking-callee.ts', import.meta.url), 'utf8')
  expect(guide).toContain(rule)
})
