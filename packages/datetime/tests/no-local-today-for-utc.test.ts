import { RuleTester } from '@krait/rule-tester'
import { noLocalTodayForUtc } from '../src/rules/no-local-today-for-utc.ts'

const files = {
  'app/__init__.py': '',
  'app/clock.py': 'from datetime import date, datetime\ndef today():\n    return date.today()\n',
  'app/models.py':
    'from sqlalchemy import Column, Date, DateTime\nfrom sqlalchemy.orm import DeclarativeBase\nclass Base(DeclarativeBase): ...\nclass Order(Base):\n    __tablename__ = "orders"\n    created_at = Column(DateTime)\n    day = Column(Date)\n',
}
const HEAD = `from datetime import UTC, date, datetime, time, timedelta, timezone
from zoneinfo import ZoneInfo
from sqlalchemy import Date, cast, func, select
from app.clock import today
from app.models import Order
`
const code = (body: string) => ({ path: 'app/main.py', files, code: HEAD + body })
const at = (line: number) => line + 5

new RuleTester().run('datetime/no-local-today-for-utc', noLocalTodayForUtc, {
  valid: [
    { name: 'business dates', ...code('def f(o: Order, d: date, s):\n    return o.day == date.today(), date.today() - d, date.fromisoformat(s) < date.today(), Order.day == date.today()\n') },
    { name: 'the day in UTC or in a zone', ...code('def f(o: Order):\n    return o.created_at.date() == datetime.now(UTC).date(), o.created_at.date() == datetime.now(ZoneInfo("Europe/Paris")).date()\n') },
    { name: 'other uses', ...code('def f(d):\n    name = f"export-{date.today()}"\n    return date.today().year, datetime.combine(date.today(), time.min), datetime.combine(date.today(), time.min, tzinfo=ZoneInfo("Asia/Tokyo")), d.date() == date.today()\n') },
    { name: 'local on both sides', ...code('x = datetime.now().date() == date.today()\n') },
    { name: 'test files', path: 'tests/test_a.py', files, code: `${HEAD}x = datetime.now(UTC).date() == date.today()\n` },
    { name: 'SQL with the day in UTC', ...code('q = func.date(Order.created_at) == datetime.now(UTC).date()\n') },
  ],
  invalid: [
    {
      name: 'the day of a column',
      ...code('def f(orders: list[Order]):\n    return [order for order in orders if order.created_at.date() == date.today()]\n'),
      errors: [
        {
          message: "`date.today()` is the server's local date but `order.created_at` is UTC: around midnight they name different days. Use datetime.now(timezone.utc).date().",
          line: at(2),
          suggestions: [{ messageId: 'useUtcDay', output: `${HEAD}def f(orders: list[Order]):\n    return [order for order in orders if order.created_at.date() == datetime.now(UTC).date()]\n` }],
        },
      ],
    },
    {
      name: 'combined with UTC',
      ...code('since = datetime.combine(date.today(), time.min, tzinfo=UTC)\nuntil = datetime.combine(date.today() + timedelta(days=1), time.min).replace(tzinfo=timezone.utc)\ndef f():\n    start = datetime.combine(today(), time.min)\n    return start.replace(tzinfo=UTC)\n'),
      errors: [{ messageId: 'localDay', line: at(1), suggestions: 1 }, { messageId: 'localDay', line: at(2) }, { messageId: 'localDay', line: at(5) }],
    },
    {
      name: 'other readings, locals, helpers, differences',
      ...code('def f(o: Order):\n    day = datetime.now().date()\n    a = o.created_at.date() < day\n    b = datetime.today().date() - datetime.utcnow().date()\n    c = today() - timedelta(days=1) == datetime.now(UTC).date()\n    return date.today() > o.created_at.date()\n'),
      errors: [
        { messageId: 'localDay', line: at(3) },
        { messageId: 'localDay', line: at(4) },
        { messageId: 'localDay', line: at(5) },
        { messageId: 'localDay', line: at(6), suggestions: 1 },
      ],
    },
    {
      name: 'SQL',
      ...code('a = func.date(Order.created_at) == date.today()\nb = cast(Order.created_at, Date) >= today()\nc = Order.created_at >= date.today()\nd = Order.created_at >= datetime.combine(date.today(), time.min)\n'),
      errors: [
        { messageId: 'localDay', line: at(1), suggestions: 1 },
        { messageId: 'localDay', line: at(2) },
        { messageId: 'localDay', line: at(3), suggestions: 1 },
        { messageId: 'localDay', line: at(4), suggestions: 1 },
      ],
    },
  ],
})
