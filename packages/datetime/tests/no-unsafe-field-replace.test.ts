import { RuleTester } from '@krait/rule-tester'
import { noUnsafeFieldReplace } from '../src/rules/no-unsafe-field-replace.ts'

const files = {
  'app/__init__.py': '',
  'app/days.py': 'from datetime import date\nFIRST = 1\ndef month_start(d):\n    return d.replace(day=1)\ndef start():\n    return date(2024, 1, 15)\ndef anchor():\n    return 28\ndef late():\n    return 31\nclass Plan:\n    @property\n    def day(self):\n        return 15\n',
}
const HEAD = `import datetime as dt
from calendar import monthrange
from contextlib import suppress
from datetime import date, datetime
from app.days import FIRST, Plan, anchor, late, month_start, start
`
const code = (body: string) => ({ path: 'app/main.py', files, code: HEAD + body })
const at = (line: number) => line + 5

new RuleTester().run('datetime/no-unsafe-field-replace', noUnsafeFieldReplace, {
  valid: [
    { name: 'an early day', ...code('def f(x, p: Plan):\n    return x.replace(year=y, day=1), x.replace(month=2, day=FIRST), x.replace(month=m, day=anchor()), x.replace(year=y, day=p.day)\n') },
    { name: 'a day that was set before', ...code('def f(x):\n    a = x.replace(day=1).replace(month=x.month + 1)\n    b = x.replace(day=1, hour=0)\n    c = month_start(x).replace(month=m), start().replace(year=y), date(2024, 1, 1).replace(month=m)\n    return b.replace(year=b.year + 1), date(y, m, b.day)\n') },
    { name: 'a constant date', ...code('NOW = dt.datetime(2017, 10, 23, 16)\ndef f():\n    return NOW.replace(month=NOW.month - 4)\n') },
    { name: 'a leap year, a long month', ...code('def f(x):\n    return x.replace(year=2024), x.replace(month=12), x.replace(year=y, month=1), x.replace(month=12, day=31), date(2000, x.month, x.day), date(y, 12, x.day)\n') },
    { name: 'handled', ...code('def f(x):\n    try:\n        return x.replace(year=x.year + 1)\n    except ValueError:\n        return None\ndef g(x):\n    with suppress(ValueError):\n        return x.replace(month=2)\ndef h(x):\n    try:\n        return date(y, m, x.day)\n    except (KeyError, Exception):\n        return None\n') },
    { name: 'a computed day', ...code('def f(x, d):\n    return x.replace(month=m, day=min(x.day, monthrange(y, m)[1])), x.replace(year=y, day=d), date(y, m, min(d, 28)), date(y, m, d)\n') },
    { name: 'its own fields', ...code('def f(x):\n    return x.replace(year=x.year), x.replace(month=x.month, hour=1), date(x.year, x.month, x.day), datetime(x.year, x.month, x.day, 1)\n') },
    { name: 'all fields of one date', ...code('def f(x, d):\n    return x.replace(year=d.year, month=d.month, day=d.day)\n') },
    { name: 'other calls', ...code('x = s.replace("a", "b"), t.replace(hour=1), node.replace(parent=2), other.date(y, m, x.day)\n') },
  ],
  invalid: [
    {
      name: 'years',
      ...code('def f(start):\n    return start.replace(year=start.year + 1)\n'),
      errors: [
        {
          message: '`start.replace(year=start.year + 1)` raises ValueError when `start` is 29 February. Use dateutil.relativedelta(years=1), or handle ValueError.',
          line: at(2),
          suggestions: [
            {
              messageId: 'addYears',
              output: `${HEAD}from dateutil.relativedelta import relativedelta\ndef f(start):\n    return start + relativedelta(years=1)\n`,
            },
          ],
        },
      ],
    },
    {
      name: 'months, other years, late days',
      ...code('def f(x, o):\n    a = x.replace(month=2), x.replace(month=x.month + 1), x.replace(year=2023), x.replace(year=y)\n    b = x.replace(year=y, month=4), x.replace(month=2, day=30), x.replace(year=y, day=x.day), x.replace(month=m, day=late())\n    return x.replace(year=o.year)\n'),
      errors: [2, 2, 2, 2, 3, 3, 3, 3, 4].map((line) => ({ messageId: 'raises' as const, line: at(line) })),
    },
    {
      name: 'minus, in an expression',
      ...code('def f(x):\n    return x.replace(year=x.year - 2).isoformat()\n'),
      errors: [{ messageId: 'raises', line: at(2), suggestions: [{ messageId: 'addYears', output: `${HEAD}from dateutil.relativedelta import relativedelta\ndef f(x):\n    return (x - relativedelta(years=2)).isoformat()\n` }] }],
    },
    {
      name: 'a number of years that is computed, and a year of its own',
      ...code('def f(x, n):\n    a = x.replace(year=x.year + n)\n    return x.replace(year=n)\n'),
      errors: [
        {
          message: '`x.replace(year=x.year + n)` raises ValueError when `x` is 29 February. Use dateutil.relativedelta(years=n), or handle ValueError.',
          line: at(2),
          suggestions: [{ messageId: 'addYears', output: `${HEAD}from dateutil.relativedelta import relativedelta\ndef f(x, n):\n    a = x + relativedelta(years=n)\n    return x.replace(year=n)\n` }],
        },
        { message: '`x.replace(year=n)` raises ValueError when `x` is 29 February. Use dateutil.relativedelta(year=n), or handle ValueError.', line: at(3) },
      ],
    },
    {
      name: 'constructors',
      ...code('def f(today, x):\n    d = x.day\n    a = date(today.year, today.month % 12 + 1, today.day)\n    b = dt.datetime(y, x.month, d, 1)\n    return date(year=y, month=m, day=x.day)\n'),
      errors: [3, 4, 5].map((line) => ({ messageId: 'raises' as const, line: at(line) })),
    },
    {
      name: 'handled for something else, or in the handler',
      ...code('def f(x):\n    try:\n        return x.replace(year=y)\n    except KeyError:\n        return x.replace(month=2)\ndef g(x):\n    try:\n        pass\n    except ValueError:\n        return x.replace(month=2)\n'),
      errors: [3, 5, 10].map((line) => ({ messageId: 'raises' as const, line: at(line) })),
    },
  ],
})
