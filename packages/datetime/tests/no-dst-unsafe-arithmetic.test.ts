import { RuleTester } from '@krait/rule-tester'
import { noDstUnsafeArithmetic } from '../src/rules/no-dst-unsafe-arithmetic.ts'

const files = { 'app/__init__.py': '', 'app/conf.py': 'from datetime import timedelta\nfrom zoneinfo import ZoneInfo\nSHIFT = timedelta(hours=8)\nPARIS = ZoneInfo("Europe/Paris")\n' }
const HEAD = `import pytz
from datetime import UTC, datetime, timedelta, timezone
from zoneinfo import ZoneInfo
from app.conf import PARIS, SHIFT
`
const code = (body: string) => ({ path: 'app/main.py', files, code: HEAD + body })
const at = (line: number) => line + 4

new RuleTester().run('datetime/no-dst-unsafe-arithmetic', noDstUnsafeArithmetic, {
  valid: [
    { name: 'UTC, fixed and unknown zones', ...code('x = datetime.now(UTC) + SHIFT, datetime.now(timezone(timedelta(hours=2))) + SHIFT, datetime.now(zone) + SHIFT, datetime.now() + SHIFT\n') },
    { name: 'days', ...code('x = datetime.now(PARIS) + timedelta(days=1), datetime.now(PARIS) - timedelta(weeks=1), datetime.now(PARIS) + delta\n') },
    { name: 'in UTC', ...code('x = (datetime.now(PARIS).astimezone(UTC) + SHIFT).astimezone(PARIS)\n') },
    { name: 'normalised pytz', ...code('TZ = pytz.timezone("Europe/Paris")\nx = TZ.normalize(datetime.now(TZ) + SHIFT)\ndef f():\n    y = datetime.now(TZ) + SHIFT\n    return TZ.normalize(y)\n') },
    { name: 'differences of two zones, or of which no hours are taken', ...code('def f():\n    a = datetime.now(PARIS)\n    b = datetime.now(ZoneInfo("Asia/Tokyo"))\n    return (a - b).total_seconds(), (a - datetime.now(PARIS)).days, a - datetime.now(PARIS) > timedelta(days=1), (a - datetime.now(UTC)).seconds\n') },
  ],
  invalid: [
    {
      name: 'in a loop',
      ...code('def f(end):\n    at = datetime.now(PARIS)\n    while at < end:\n        at += SHIFT\n    while at > end:\n        at = at - SHIFT\n'),
      errors: [{ messageId: 'wallTime', line: at(4), suggestions: 1 }, { messageId: 'wallTime', line: at(6), suggestions: 1 }],
    },
    {
      name: 'a sum',
      ...code('starts = datetime.now(PARIS)\nends = starts + timedelta(hours=8)\n'),
      errors: [
        {
          message: '`starts + timedelta(hours=8)` is wall-clock arithmetic in Europe/Paris and ignores DST changes. Convert to UTC, add, convert back.',
          line: at(2),
          suggestions: [{ messageId: 'throughUtc', output: `${HEAD}starts = datetime.now(PARIS)\nends = (starts.astimezone(UTC) + timedelta(hours=8)).astimezone(ZoneInfo("Europe/Paris"))\n` }],
        },
      ],
    },
    {
      name: 'constants, products, both orders, augmented',
      ...code('def f():\n    x = datetime(2026, 3, 28, 22, tzinfo=PARIS)\n    a = x + SHIFT, x - 2 * SHIFT, SHIFT + x, x + timedelta(0, 60)\n    x += timedelta(minutes=5)\n    return a\n'),
      errors: [3, 3, 3, 3, 4].map((line) => ({ messageId: 'wallTime' as const, line: at(line), suggestions: 1 })),
    },
    { name: 'pytz that is not normalised', ...code('x = pytz.timezone("Europe/Paris").localize(y) + SHIFT\n'), errors: [{ messageId: 'wallTime', line: at(1) }] },
    {
      name: 'differences',
      ...code('def f():\n    a = datetime.now(PARIS)\n    b = datetime(2026, 1, 1, tzinfo=ZoneInfo("Europe/Paris"))\n    d = b - a\n    return (b - a).total_seconds(), (a - b).seconds, b - a > timedelta(hours=1), d.total_seconds()\n'),
      errors: [
        { messageId: 'difference', line: at(4) },
        { messageId: 'difference', line: at(5) },
        { messageId: 'difference', line: at(5) },
        { messageId: 'difference', line: at(5) },
      ],
    },
  ],
})
