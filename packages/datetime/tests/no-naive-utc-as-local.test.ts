import { python, RuleTester } from '@krait/rule-tester'
import { noNaiveUtcAsLocal } from '../src/rules/no-naive-utc-as-local.ts'

const files = {
  'app/__init__.py': '',
  'app/clock.py': 'from datetime import datetime\ndef legacy():\n    return datetime.utcnow()\n',
  'app/models.py':
    'from datetime import datetime\nfrom sqlalchemy import Column, DateTime\nfrom sqlalchemy.orm import DeclarativeBase\nclass Base(DeclarativeBase): ...\nclass Order(Base):\n    __tablename__ = "orders"\n    utc_at = Column(DateTime, default=datetime.utcnow)\n    some_at = Column(DateTime)\n',
}
const HEAD = `import calendar, time
from datetime import datetime, timedelta, timezone
from app.clock import legacy
from app.models import Order
`
const code = (body: string) => ({ path: 'app/main.py', files, code: HEAD + body })
const at = (line: number) => line + 4

new RuleTester().run('datetime/no-naive-utc-as-local', noNaiveUtcAsLocal, {
  valid: [
    { name: 'local time', ...code('x = datetime.now().timestamp(), datetime.fromtimestamp(1).astimezone(tz), datetime(2024, 1, 1).timestamp()\n') },
    { name: 'aware', ...code('x = datetime.now(timezone.utc).timestamp(), datetime.utcnow().replace(tzinfo=timezone.utc).timestamp()\n') },
    { name: 'what reads UTC', ...code('x = calendar.timegm(datetime.utcnow().utctimetuple()), calendar.timegm(datetime.utcnow().timetuple())\n') },
    { name: 'a column that may hold anything', ...code('def f(o: Order):\n    return o.some_at.timestamp()\n') },
    { name: 'a zone that is attached first', ...code('def f():\n    at = datetime.utcnow()\n    at = at.replace(tzinfo=timezone.utc)\n    return at.timestamp(), at.astimezone()\n') },
    { name: 'other methods', ...code('x = datetime.utcnow().isoformat(), y.timestamp(), time.mktime(z)\n') },
    { name: 'one path only', ...code('def f(x):\n    at = datetime.utcnow() if x else datetime.now()\n    return at.timestamp()\n') },
  ],
  invalid: [
    {
      name: 'mktime, whose argument has no zone even if the value has one',
      ...code('def f(at):\n    parts = datetime.utcnow().timetuple()\n    return time.mktime(parts), time.mktime(legacy().timetuple())\n'),
      errors: [
        { messageId: 'asLocal', line: at(3) },
        {
          messageId: 'asLocal',
          line: at(3),
          suggestions: [{ messageId: 'attach', output: `${HEAD}def f(at):\n    parts = datetime.utcnow().timetuple()\n    return time.mktime(parts), legacy().replace(tzinfo=timezone.utc).timestamp()\n` }],
        },
      ],
    },
    {
      name: 'a time stamp',
      code: python`
        from datetime import datetime, timezone
        exp = datetime.utcnow().timestamp()
      `,
      errors: [
        {
          message:
            '`.timestamp()` treats the naive UTC value from utcnow() as local time, so the epoch is wrong on any server not set to UTC. ' +
            'Use datetime.now(timezone.utc).timestamp() or attach tzinfo first.',
          line: 2,
          suggestions: [
            { messageId: 'attach', output: 'from datetime import datetime, timezone\nexp = datetime.utcnow().replace(tzinfo=timezone.utc).timestamp()\n' },
            { messageId: 'useTime', output: 'import time\nfrom datetime import datetime, timezone\nexp = time.time()\n' },
          ],
        },
      ],
    },
    {
      name: 'sums, locals, helpers, columns',
      ...code('def f(o: Order):\n    exp = int((datetime.utcnow() + timedelta(hours=1)).timestamp())\n    at = legacy()\n    a = at.timestamp()\n    b = o.utc_at.astimezone(tz)\n    return time.mktime(at.timetuple())\n'),
      errors: [2, 4, 5, 6].map((line) => ({ messageId: 'asLocal' as const, line: at(line), suggestions: 1 })),
    },
    {
      name: 'utcfromtimestamp, and a zone that was dropped',
      ...code('x = datetime.utcfromtimestamp(ts).astimezone()\ny = datetime.now(timezone.utc).replace(tzinfo=None).timestamp()\n'),
      errors: [
        { message: /^`\.astimezone\(\)` treats the naive UTC value from utcfromtimestamp\(\) as local time, so the converted time is wrong/, line: at(1), suggestions: 1 },
        { messageId: 'asLocal', line: at(2), suggestions: 1 },
      ],
    },
    {
      name: 'a column, by the config',
      ...code('def f(o: Order):\n    return o.some_at.timestamp()\n'),
      settings: { datetime: { naiveColumnsHold: 'utc' } },
      errors: [{ message: /the naive UTC value of `Order\.some_at` as local time/, line: at(2), suggestions: 1 }],
    },
  ],
})
