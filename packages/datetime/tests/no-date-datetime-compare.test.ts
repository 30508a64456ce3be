import { RuleTester } from '@krait/rule-tester'
import { noDateDatetimeCompare } from '../src/rules/no-date-datetime-compare.ts'

const files = {
  'app/__init__.py': '',
  'app/models.py':
    'from datetime import date, datetime\nfrom sqlalchemy import Column, Date, DateTime\nfrom sqlalchemy.orm import DeclarativeBase, Mapped\nclass Base(DeclarativeBase): ...\nclass Policy(Base):\n    __tablename__ = "policies"\n    valid_until = Column(Date)\n    made_at: Mapped[datetime]\n    born: Mapped[date]\n',
}
const HEAD = `from __future__ import annotations
from datetime import UTC, date, datetime, timedelta
from app.models import Policy
`
const code = (body: string) => ({ path: 'app/main.py', files, code: HEAD + body })
const at = (line: number) => line + 3

new RuleTester().run('datetime/no-date-datetime-compare', noDateDatetimeCompare, {
  valid: [
    { name: 'dates', ...code('def f(p: Policy):\n    return p.valid_until < date.today(), datetime.now(UTC).date() - p.born, p.made_at.date() == p.born\n') },
    { name: 'datetimes', ...code('def f(p: Policy, at: datetime):\n    return p.made_at < at, at - datetime.min, datetime.combine(p.born, at.time()) < at\n') },
    { name: 'a delta', ...code('def f(p: Policy):\n    return p.born - timedelta(days=1), p.made_at - timedelta(days=1)\n') },
    { name: 'SQL orders by midnight', ...code('q = Policy.made_at >= date.today(), Policy.made_at < date.today(), Policy.valid_until == date.today()\n') },
    { name: 'narrowed', ...code('def f(x: date | datetime, limit: date):\n    if isinstance(x, datetime):\n        x = x.date()\n    return x < limit\n') },
    { name: 'either', ...code('def f(x: date | datetime, limit: date, now: datetime):\n    return x < limit, x < now, unknown < limit\n') },
    { name: 'other operators', ...code('def f(d: date, at: datetime):\n    return d in [at], d is at, d + at\n') },
    { name: 'min of one kind', ...code('def f(d: date, e: date):\n    return min(d, e), max([d, e])\n') },
  ],
  invalid: [
    {
      name: 'a column',
      ...code('def f(policy: Policy):\n    return policy.valid_until < datetime.now(UTC)\n'),
      errors: [
        {
          message:
            '`policy.valid_until < datetime.now(UTC)` compares a date with a datetime, which raises TypeError. `Policy.valid_until` is a Date column: ' +
            'compare dates (datetime.now(UTC).date()) or build a datetime with datetime.combine().',
          line: at(2),
          suggestions: [{ messageId: 'takeDate', output: `${HEAD}def f(policy: Policy):\n    return policy.valid_until < datetime.now(UTC).date()\n` }],
        },
      ],
    },
    {
      name: 'all operators, undecided datetimes',
      ...code('def f(d: date, at: datetime, s):\n    a = d <= at, at > d, d - at, at - d, d == datetime.utcnow()\n    at -= d\n    return date.fromisoformat(s) != datetime.fromisoformat(s)\n'),
      errors: [
        ...[2, 2, 2, 2].map((line) => ({ messageId: 'compares' as const, line: at(line), suggestions: 1 })),
        { message: /compares a date with a datetime, which is always false\. `d` is a date: /, line: at(2), suggestions: 1 },
        { messageId: 'compares', line: at(3) },
        { messageId: 'compares', line: at(4), suggestions: 1 },
      ],
    },
    {
      name: 'narrowed to one of them',
      ...code('def f(x: date | datetime, now: datetime):\n    if not isinstance(x, datetime):\n        return x < now\n    return x < date.today()\n'),
      errors: [{ messageId: 'compares', line: at(3), suggestions: 1 }, { messageId: 'compares', line: at(4), suggestions: 1 }],
    },
    {
      name: 'min, max, locals and sums',
      ...code('def f(p: Policy, at: datetime):\n    due = p.born + timedelta(days=3)\n    return due < at, max(p.valid_until, at), min([at, due])\n'),
      errors: [3, 3, 3].map((line) => ({ messageId: 'compares' as const, line: at(line), suggestions: 1 })),
    },
    {
      name: 'SQL equality',
      ...code('q = Policy.made_at == date.today()\nr = date.today() != Policy.made_at\n'),
      errors: [{ messageId: 'midnight', line: at(1) }, { messageId: 'midnight', line: at(2) }],
    },
  ],
})
