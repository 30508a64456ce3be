import { RuleTester } from '@krait/rule-tester'
import { noNaiveParse } from '../src/rules/no-naive-parse.ts'

const HEAD = `from datetime import UTC, datetime, timezone
from app.formats import ISO, PLAIN
from app.models import Order
`
const at = (line: number) => line + 3
const files = {
  'app/__init__.py': '',
  'app/formats.py': 'ISO = "%Y-%m-%dT%H:%M:%S%z"\nPLAIN = "%Y-%m-%d %H:%M"\n',
  'app/models.py':
    'from sqlalchemy import Column, DateTime\nfrom sqlalchemy.orm import DeclarativeBase\nclass Base(DeclarativeBase): ...\nclass Order(Base):\n    __tablename__ = "orders"\n    naive_at = Column(DateTime)\n    aware_at = Column(DateTime(timezone=True))\n',
}
const code = (body: string) => ({ path: 'app/main.py', files, code: HEAD + body })

new RuleTester().run('datetime/no-naive-parse', noNaiveParse, {
  valid: [
    { name: 'with a zone', ...code('def f(s):\n    return datetime.strptime(s, "%Y-%m-%dT%H:%M:%S%z"), datetime.strptime(s, ISO)\n') },
    { name: 'normalised in the chain', ...code('def f(s):\n    return datetime.strptime(s, PLAIN).replace(second=59).replace(tzinfo=UTC), datetime.strptime(s, PLAIN).astimezone()\n') },
    { name: 'normalised on the next line', ...code('def f(s):\n    at = datetime.strptime(s, PLAIN)\n    at = at.replace(tzinfo=UTC)\n    return at\ndef g(s):\n    at = datetime.strptime(s, PLAIN)\n    return at.astimezone()\n') },
    { name: 'normalised on every path', ...code('def f(s):\n    at = datetime.strptime(s, PLAIN)\n    if at.tzinfo is None:\n        at = at.replace(tzinfo=UTC)\n    return at\n') },
    { name: 'only parts', ...code('def f(s):\n    at = datetime.strptime(s, PLAIN)\n    return datetime.strptime(s, "%d.%m.%Y").date(), datetime.strptime(s, PLAIN).year, at.time(), at.strftime("%Y"), at.isoformat()\n') },
    { name: 'discarded', ...code('def f(s):\n    try:\n        datetime.strptime(s, PLAIN)\n        at = datetime.strptime(s, PLAIN)\n    except ValueError:\n        return False\n') },
    { name: 'a time of day', ...code('def f(s):\n    return datetime.strptime(s, "%H:%M")\n') },
    { name: 'an unknown format', ...code('def f(s, fmt):\n    return datetime.strptime(s, fmt)\n') },
    { name: 'two of them', ...code('def f(a, b):\n    start = datetime.strptime(a, PLAIN)\n    return datetime.strptime(b, PLAIN) - start, start < datetime.strptime(b, PLAIN)\n') },
    { name: 'two of them, by branches', ...code('def f(a, b):\n    start = datetime.strptime(a, PLAIN) if a else datetime.strptime(b, PLAIN)\n    end = datetime.strptime(a, PLAIN) if b else datetime.strptime(b, PLAIN)\n    return (end - start).total_seconds(), min(datetime.strptime(a, PLAIN), datetime.strptime(b, PLAIN)).date()\n') },
    { name: 'given to what makes it aware', ...code('from app.zones import make_aware\ndef aware(at):\n    return at.replace(tzinfo=UTC)\ndef f(a):\n    return make_aware(datetime.strptime(a, PLAIN)), aware(datetime.strptime(a, PLAIN))\n') },
    { name: 'a naive column', ...code('def f(s, o: Order):\n    o.naive_at = datetime.strptime(s, PLAIN)\n    Order(naive_at=datetime.strptime(s, PLAIN))\n') },
    { name: 'the Z as an offset', ...code('def f(s):\n    return datetime.fromisoformat(s.replace("Z", "+00:00")), datetime.fromisoformat(s), datetime.fromisoformat(s[:10]), datetime.fromisoformat(s.replace(" ", "T"))\n') },
    { name: 'cut off, and attached', ...code('def f(s):\n    return datetime.fromisoformat(s.rstrip("Z")).replace(tzinfo=UTC), datetime.fromisoformat(s[:19]).date()\n') },
    { name: 'test files', path: 'tests/test_x.py', code: `${HEAD}def f(s):\n    return datetime.strptime(s, "%Y")\n` },
    { name: 'fromisoformat that meets an aware value, without the option', ...code('def f(s):\n    return datetime.fromisoformat(s) < datetime.now(UTC)\n') },
    {
      name: 'fromisoformat that is tested',
      ...code('def f(s):\n    at = datetime.fromisoformat(s)\n    if at.tzinfo is None:\n        at = at.replace(tzinfo=UTC)\n    return at < datetime.now(UTC)\n'),
      options: [{ checkFromIsoformat: true }],
    },
    { name: 'another parse', ...code('from app.lib import parse\nx = parse("a")\ny = time.strptime(s, "%Y")\n') },
  ],
  invalid: [
    {
      name: 'a literal Z',
      ...code('def f(raw: str) -> datetime:\n    return datetime.strptime(raw, "%Y-%m-%dT%H:%M:%SZ")\n'),
      errors: [
        {
          message:
            'strptime format "%Y-%m-%dT%H:%M:%SZ" matches the Z but discards it: the result is naive. Use %z in place of the literal Z, or add .replace(tzinfo=timezone.utc).',
          line: at(2),
          suggestions: [
            { messageId: 'attach', output: `${HEAD}def f(raw: str) -> datetime:\n    return datetime.strptime(raw, "%Y-%m-%dT%H:%M:%SZ").replace(tzinfo=UTC)\n` },
            { messageId: 'readZone', output: `${HEAD}def f(raw: str) -> datetime:\n    return datetime.strptime(raw, "%Y-%m-%dT%H:%M:%S%z")\n` },
          ],
        },
      ],
    },
    {
      name: 'returned, stored, passed, a time stamp, compared',
      ...code('def f(self, s, o: Order, other):\n    self.at = datetime.strptime(s, PLAIN)\n    send(datetime.strptime(s, PLAIN))\n    x = [datetime.strptime(s, "%d.%m.%Y")]\n    y = datetime.strptime(s, PLAIN).timestamp()\n    z = datetime.strptime(s, PLAIN) < other\n    o.aware_at = datetime.strptime(s, PLAIN)\n    at = datetime.strptime(s, PLAIN)\n    return at\n'),
      errors: [2, 3, 4, 5, 6, 7, 8].map((line) => ({ messageId: 'noZone' as const, line: at(line) })),
    },
    {
      name: 'normalised on one path',
      ...code('def f(s, x):\n    at = datetime.strptime(s, PLAIN)\n    if x:\n        at = at.replace(tzinfo=UTC)\n    return at\n'),
      errors: [{ messageId: 'noZone', line: at(2) }],
    },
    {
      name: 'a zone that is cut off',
      ...code('def f(s):\n    due = datetime.fromisoformat(s.rstrip("Z"))\n    a = [datetime.fromisoformat(s.replace("Z", "")), datetime.fromisoformat(s.removesuffix("Z"))]\n    b = [datetime.fromisoformat(s.split("+")[0]), datetime.fromisoformat(s.split("Z")[0])]\n    c = s[:-1]\n    return datetime.fromisoformat(c), datetime.fromisoformat(s[:19]), datetime.fromisoformat(s.split(".")[0].rstrip("Z"))\n'),
      errors: [
        { messageId: 'cut', line: at(2), suggestions: 1 },
        { messageId: 'cut', line: at(3), suggestions: 1 },
        { messageId: 'cut', line: at(3), suggestions: 1 },
        { messageId: 'cut', line: at(4) },
        { messageId: 'cut', line: at(4), suggestions: 1 },
        { messageId: 'cut', line: at(6) },
        { messageId: 'cut', line: at(6) },
        { messageId: 'cut', line: at(6), suggestions: 1 },
      ],
    },
    {
      name: 'fromisoformat that meets an aware value',
      ...code('from dateutil import parser\ndef f(s, o: Order):\n    at = datetime.fromisoformat(s)\n    return at < datetime.now(UTC), datetime.now(UTC) - parser.parse(s), parser.isoparse(s) > o.aware_at\n'),
      options: [{ checkFromIsoformat: true }],
      errors: [{ messageId: 'meetsAware', line: at(3) }, { messageId: 'meetsAware', line: at(4) }, { messageId: 'meetsAware', line: at(4) }],
    },
  ],
})
