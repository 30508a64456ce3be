import { RuleTester } from '@krait/rule-tester'
import { noTimedeltaSeconds } from '../src/rules/no-timedelta-seconds.ts'

const files = {
  'app/__init__.py': '',
  'app/clock.py': 'from datetime import timedelta\ndef age() -> timedelta: ...\ndef diff(a, b):\n    return a - b\n',
  'app/models.py':
    'from datetime import datetime, timedelta\nfrom sqlalchemy import Column, DateTime\nfrom sqlalchemy.orm import DeclarativeBase\nclass Base(DeclarativeBase): ...\nclass Lease(Base):\n    __tablename__ = "leases"\n    a = Column(DateTime)\n    b = Column(DateTime)\n    @property\n    def ttl(self):\n        return self.b - self.a\n',
}
const HEAD = `from datetime import UTC, datetime, timedelta
from dateutil.relativedelta import relativedelta
from app.clock import age, diff
from app.models import Lease
`
const code = (body: string) => ({ path: 'app/main.py', files, code: HEAD + body })
const at = (line: number) => line + 4

new RuleTester().run('datetime/no-timedelta-seconds', noTimedeltaSeconds, {
  valid: [
    { name: 'total_seconds', ...code('def f(x: timedelta):\n    return x.total_seconds(), x.days\n') },
    { name: 'taken apart', ...code('def f(left: timedelta):\n    return f"{left.days}d {left.seconds // 3600}h {left.microseconds}"\ndef g(a: datetime, b: datetime):\n    return (a - b).days, (a - b).seconds\n') },
    { name: 'microseconds beside seconds', ...code('def f(left: timedelta):\n    return left.total_seconds(), left.days, left.seconds, left.microseconds\n') },
    { name: 'microseconds that round the length', ...code('def f(d: timedelta):\n    return floor(d.total_seconds()) + round(d.microseconds / 1e6)\n') },
    { name: 'a constant below a day', ...code('TTL = timedelta(minutes=5)\nx = TTL.seconds, timedelta(hours=23).seconds\n') },
    { name: 'other objects', ...code('x = settings.seconds, relativedelta(a, b).seconds, clock.seconds(), now.microsecond, diff(1, 2).seconds, (a - b).seconds\n') },
    { name: 'assigned', ...code('def f(x):\n    x.seconds = 1\n') },
  ],
  invalid: [
    {
      name: 'a difference with something unknown',
      ...code('def f(lease):\n    if (datetime.now(UTC) - lease.taken_at).seconds > 300: ...\n'),
      errors: [
        {
          message: '`(datetime.now(UTC) - lease.taken_at).seconds` drops whole days and is wrong for negative differences. Use .total_seconds().',
          line: at(2),
          suggestions: [{ messageId: 'useTotal', output: `${HEAD}def f(lease):\n    if int((datetime.now(UTC) - lease.taken_at).total_seconds()) > 300: ...\n` }],
        },
      ],
    },
    {
      name: 'locals, annotations, helpers, properties, columns',
      ...code('def f(x: timedelta, a: datetime, b: datetime, lease: Lease, u, m):\n    d = a - b\n    y = d.seconds, x.seconds, age().seconds, lease.ttl.seconds, (lease.b - lease.a).seconds\n    if isinstance(u, timedelta):\n        return u.seconds\n    z = m - a\n    return z.seconds\n'),
      errors: [3, 3, 3, 3, 3, 5, 7].map((line) => ({ messageId: 'seconds' as const, line: at(line), suggestions: 1 })),
    },
    {
      name: 'microseconds, and days of something else',
      ...code('def f(x: timedelta, y: timedelta):\n    return x.microseconds, y.days\ndef g(x: timedelta):\n    return x.seconds\n'),
      errors: [
        { messageId: 'microseconds', line: at(2), suggestions: [{ messageId: 'useTotal', output: `${HEAD}def f(x: timedelta, y: timedelta):\n    return x.total_seconds(), y.days\ndef g(x: timedelta):\n    return x.seconds\n` }] },
        { messageId: 'seconds', line: at(4), suggestions: 1 },
      ],
    },
    { name: 'a constant of days', ...code('x = timedelta(days=2).seconds, timedelta(minutes=-5).seconds\n'), errors: [{ messageId: 'seconds', suggestions: 1 }, { messageId: 'seconds', suggestions: 1 }] },
    { name: 'a difference of readings', ...code('def f():\n    start = datetime.utcnow()\n    return (datetime.utcnow() - start).seconds\n'), errors: [{ messageId: 'seconds', line: at(3), suggestions: 1 }] },
  ],
})
