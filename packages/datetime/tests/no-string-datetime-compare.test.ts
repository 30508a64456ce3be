import { python, RuleTester } from '@krait/rule-tester'
import { noStringDatetimeCompare } from '../src/rules/no-string-datetime-compare.ts'

const HEAD = `import json
from datetime import UTC, date, datetime, timedelta
from sqlalchemy import JSON, DateTime, String, cast, select
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

class Base(DeclarativeBase): ...

class Webhook(Base):
    __tablename__ = "webhooks"
    payload = mapped_column(JSONB)
    sent: Mapped[str] = mapped_column(String)

`
const at = (line: number) => line + HEAD.split('\n').length - 1

new RuleTester().run('datetime/no-string-datetime-compare', noStringDatetimeCompare, {
  valid: [
    { name: 'datetimes', code: `${HEAD}x = datetime.fromisoformat(r["at"]) <= datetime.now(UTC)\n` },
    { name: 'equality and membership', code: `${HEAD}now = datetime.now(UTC).isoformat()\nx = r["at"] == now, r["at"] != now, now in seen\n` },
    {
      name: 'days that sort',
      code: `${HEAD}iso = datetime.now().isoformat()\nx = a < date.today().isoformat(), a < datetime.now().date().isoformat(), a < iso[:10], a > datetime.now().strftime("%Y-%m-%d")\ny = a > datetime.now().strftime("%Y%m%d"), a > datetime.now().strftime("%Y-%m"), a < f"{datetime.now():%Y-%m-%d}"\n`,
    },
    { name: 'both made from UTC in one way', code: `${HEAD}a = datetime.now(UTC).isoformat()\nb = (datetime.now(UTC) + timedelta(1)).isoformat()\nx = a < b\n` },
    { name: 'one sortable format', code: `${HEAD}F = "%Y-%m-%d %H:%M:%S"\nx = datetime.now(UTC).strftime(F) < datetime.now(UTC).strftime(F)\n` },
    { name: 'a time of day', code: `${HEAD}x = datetime.now().strftime("%H:%M") < "18:00"\n` },
    { name: 'strings of which nothing is known', code: `${HEAD}x = a["x_at"] < b["x_at"], version < "2.0", str(number) < text\n` },
    { name: 'a format that is not known', code: `${HEAD}def f(fmt):\n    return datetime.now().strftime(fmt) < limit\n` },
    { name: 'between of something else', code: `${HEAD}x = faker.between(datetime.now().isoformat(), 2)\n` },
    { name: 'min of one way', code: `${HEAD}x = max(datetime.now(UTC).isoformat() for _ in y)\n` },
    { name: 'JSON with the option off', code: `${HEAD}def f(response):\n    a = response.json()\n    return a["sent_at"] < a["read_at"]\n` },
    { name: 'JSON keys that are no timestamps', code: `${HEAD}def f(response):\n    a = response.json()\n    return a["size"] < a["limit"], a["sent_at"] < other["sent_at"]\n`, options: [{ checkJsonFields: true }] },
    { name: 'text of something that may be a date', code: `${HEAD}def f(day: date, x):\n    return day.isoformat() < limit, x.isoformat() < limit\n` },
  ],
  invalid: [
    {
      name: 'a template in another module',
      path: 'app/service.py',
      files: { 'app/__init__.py': '', 'app/clock.py': 'from datetime import UTC, datetime\ndef at():\n    return f"{datetime.now(UTC)}"\ndef minute():\n    return f"{datetime.now(UTC):%Y-%m-%d %H:%M}"\ndef day():\n    return f"{datetime.now(UTC):%Y-%m-%d}"\n' },
      code: 'from app.clock import at, day, minute\nx = row["a"] < at()\ny = row["a"] < minute()\nz = row["a"] < day()\n',
      errors: [{ messageId: 'text', line: 2 }, { messageId: 'text', line: 3 }],
    },
    {
      name: 'a local',
      code: `${HEAD}def f(event):\n    cutoff = datetime.now(UTC).isoformat()\n    return event["starts_at"] >= cutoff\n`,
      errors: [
        {
          message:
            `\`event["starts_at"] >= cutoff\` orders timestamps as text: \`cutoff\` is the isoformat() string from line ${at(2)}. ` +
            'Compare datetimes: parse the other side with datetime.fromisoformat() and drop .isoformat().',
          line: at(3),
          suggestions: [
            { messageId: 'parse', output: `${HEAD}def f(event):\n    cutoff = datetime.now(UTC)\n    return datetime.fromisoformat(event["starts_at"]) >= cutoff\n` },
          ],
        },
      ],
    },
    {
      name: 'in a comprehension and in SQL',
      code: `${HEAD}cutoff = datetime.now(UTC).isoformat()\ndue = [r for r in reminders if r["fire_at"] <= cutoff]\nstmt = select(Webhook).where(Webhook.payload["sent_at"].astext > cutoff)\nother = Webhook.sent < cutoff, cast(Webhook.payload, String) < cutoff\n`,
      errors: [2, 3, 4, 4].map((line) => ({ messageId: 'text' as const, line: at(line) })),
    },
    {
      name: 'str, f-string, strftime',
      code: `${HEAD}a = x < str(datetime.now())\nb = f"{datetime.now()}" > x\nc = x > datetime.now().strftime("%Y-%m-%d %H:%M")\nd = x > datetime.now().strftime("%d.%m.%Y")\ne = x > date.today().strftime("%d %b %Y")\n`,
      errors: [
        { message: /`str\(datetime\.now\(\)\)` is a str\(\) string\. Compare .* drop str\(\)\.$/, line: at(1) },
        ...[2, 3, 4, 5].map((line) => ({ messageId: 'text' as const, line: at(line) })),
      ],
    },
    {
      name: 'walrus, attributes of self, functions, chains',
      code: `${HEAD}def stamp():\n    return datetime.now(UTC).isoformat()\nclass A:\n    def __init__(self):\n        self.since = datetime.utcnow().isoformat()\n    def f(self, x, y):\n        if x < (n := datetime.now().isoformat()):\n            return x < y < self.since\n        return x > stamp()\n`,
      errors: [
        { messageId: 'text', line: at(7) },
        { messageId: 'text', line: at(8) },
        { messageId: 'text', line: at(9) },
      ],
    },
    {
      name: 'direct, with the suggestion',
      code: `${HEAD}x = r["at"] < datetime.now(UTC).isoformat()\n`,
      errors: [{ messageId: 'text', line: at(1), suggestions: [{ messageId: 'parse', output: `${HEAD}x = datetime.fromisoformat(r["at"]) < datetime.now(UTC)\n` }] }],
    },
    {
      name: 'different ways',
      code: `${HEAD}x = datetime.now(UTC).isoformat() < datetime.now(UTC).isoformat(timespec="seconds")\ny = datetime.now().isoformat() < datetime.now().isoformat()\n`,
      errors: [1, 2].map((line) => ({ messageId: 'text' as const, line: at(line), suggestions: 1 })),
    },
    {
      name: 'between, min and max',
      code: `${HEAD}start = datetime.now(UTC).isoformat()\nx = Webhook.sent.between(start, end)\ny = min(a, datetime.now().isoformat())\nz = max([e["at"], start])\nw = max(datetime.now().isoformat() for _ in y)\n`,
      errors: [2, 3, 4, 5].map((line) => ({ messageId: 'text' as const, line: at(line) })),
    },
    {
      name: 'JSON fields',
      code: `${HEAD}def f(response, hook: Webhook):\n    data = response.json()\n    for item in data["items"]:\n        if item["sent_at"] < data["read_at"]: ...\n    return json.loads(text).get("expires") > hook.payload["made_on"]\n`,
      options: [{ checkJsonFields: true }],
      errors: [{ messageId: 'json', line: at(4) }, { messageId: 'json', line: at(5) }],
    },
    {
      name: 'a function of another module',
      path: 'app/main.py',
      files: { 'app/__init__.py': '', 'app/clock.py': 'from datetime import UTC, datetime\ndef iso_now() -> str:\n    return datetime.now(UTC).isoformat()\n' },
      code: python`
        from app.clock import iso_now as now
        def due(rows):
            limit = now()
            return [row for row in rows if row["at"] < limit]
      `,
      errors: [{ messageId: 'text', line: 4 }],
    },
  ],
})
