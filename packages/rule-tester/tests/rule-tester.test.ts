import { python, RuleTester } from '@krait/rule-tester'
import { noCall, rulePass } from './sample-rules.ts'

const ruleTester = new RuleTester()

ruleTester.run('no-call', noCall, {
  valid: [
    'allowed()\n',
    { name: 'another function by option', code: 'forbidden()\n', options: [{ name: 'other' }] },
    { name: 'suppressed with the id of an in-house rule', code: 'forbidden()  # krait: ignore[local/no-call] -- test\n' },
    { name: 'broken code on purpose', code: 'allowed(\n', syntaxErrors: true },
  ],
  invalid: [
    { code: 'forbidden()\n', errors: 1 },
    { code: 'forbidden(1)\n', errors: ['call'] },
    {
      name: 'everything about one finding',
      code: python`
        def f():
            return forbidden(1,
              2)
      `,
      errors: [
        {
          messageId: 'call',
          data: { name: 'forbidden' },
          message: '`forbidden()` is forbidden. Call something else.',
          line: 2,
          column: 12,
          endLine: 3,
          endColumn: 9,
        },
      ],
    },
    {
      name: 'a fix',
      code: 'forbidden()  # why\nforbidden()\n',
      options: [{ renameTo: 'allowed' }],
      errors: ['call', { message: /forbidden\(\)/ }],
      output: 'allowed()  # why\nallowed()\n',
    },
  ],
})

ruleTester.run('style/no-pass', rulePass((node) => ({
  suggest: [
    { messageId: 'drop', fix: (fixer) => fixer.replaceText(node, '...') },
    { messageId: 'other', fix: (fixer) => fixer.replaceText(node, 'return') },
  ],
  related: [{ path: 'base.py', line: 3, column: 1, message: 'here' }],
})), {
  valid: ['def f():\n    pass  # krait: ignore[style/no-pass] -- test\n'],
  invalid: [
    {
      code: 'def f():\n    pass\n',
      files: { 'base.py': '\n\nx = 1\n' },
      errors: [
        {
          messageId: 'pass',
          suggestions: [
            { messageId: 'drop', output: 'def f():\n    ...\n' },
            { desc: 'Replace it', output: 'def f():\n    return\n' },
          ],
          related: [{ path: 'base.py', line: 3, message: 'here' }],
        },
      ],
    },
    { code: 'pass\n', syntaxErrors: true, errors: [{ suggestions: 2 }] },
  ],
})
