import { RuleTester } from '@krait/rule-tester'
import { noPytzTzinfo } from '../src/rules/no-pytz-tzinfo.ts'

const files = {
  'app/__init__.py': '',
  'app/zones.py': 'import pytz\nPARIS = pytz.timezone("Europe/Paris")\ndef zone_of(shop):\n    return pytz.timezone(shop.zone)\nclass Settings:\n    zone = pytz.timezone("Asia/Tokyo")\n',
}
const HEAD = `import datetime as dt
import pytz
from datetime import datetime, time, timezone
from zoneinfo import ZoneInfo
from app import zones
from app.zones import PARIS, Settings, zone_of
`
const code = (body: string) => ({ path: 'app/main.py', files, code: HEAD + body })
const at = (line: number) => line + 6

new RuleTester().run('datetime/no-pytz-tzinfo', noPytzTzinfo, {
  valid: [
    { name: 'one offset only', ...code('x = datetime(2024, 1, 1, tzinfo=pytz.utc), datetime(2024, 1, 1, tzinfo=pytz.UTC), a.replace(tzinfo=pytz.timezone("UTC")), a.replace(tzinfo=pytz.timezone("Etc/GMT+2")), a.replace(tzinfo=pytz.FixedOffset(60)), a.replace(tzinfo=pytz.timezone("GMT"))\n') },
    { name: 'what asks the zone', ...code('x = PARIS.localize(datetime(2024, 1, 1)), datetime.now(PARIS), datetime.fromtimestamp(1, PARIS), a.astimezone(PARIS), datetime.now(tz=PARIS)\n') },
    { name: 'other libraries', ...code('from dateutil import tz\nx = datetime(2024, 1, 1, tzinfo=ZoneInfo("Europe/Paris")), a.replace(tzinfo=tz.gettz("Europe/Paris")), a.replace(tzinfo=timezone.utc)\n') },
    { name: 'a timezone that is not that of pytz', code: 'from app import timezone\nfrom datetime import datetime\nx = datetime(2024, 1, 1, tzinfo=timezone("Europe/Paris"))\n' },
    { name: 'either', ...code('def f(x):\n    tz = PARIS if x else pytz.utc\n    return a.replace(tzinfo=tz)\n') },
    { name: 'unknown zones, other replacements', ...code('x = a.replace(tzinfo=zone), a.replace("a", PARIS), a.replace(hour=1), make(tzinfo=PARIS)\n') },
  ],
  invalid: [
    {
      name: 'a constant',
      ...code('opens = datetime(2026, 3, 2, 9, 30, tzinfo=PARIS)\n'),
      errors: [
        {
          message:
            "pytz zone `PARIS` used as tzinfo gives Local Mean Time (+00:09), not the zone's real offset. Use PARIS.localize(value), or zoneinfo.ZoneInfo(\"Europe/Paris\").",
          line: at(1),
          suggestions: [{ messageId: 'zoneInfo', output: `${HEAD}opens = datetime(2026, 3, 2, 9, 30, tzinfo=ZoneInfo("Europe/Paris"))\n` }],
        },
      ],
    },
    {
      name: 'replace',
      ...code('x = datetime.utcnow().replace(tzinfo=PARIS)\n'),
      errors: [
        {
          messageId: 'meanTime',
          line: at(1),
          suggestions: [
            { messageId: 'localize', output: `${HEAD}x = PARIS.localize(datetime.utcnow())\n` },
            { messageId: 'zoneInfo', output: `${HEAD}x = datetime.utcnow().replace(tzinfo=ZoneInfo("Europe/Paris"))\n` },
          ],
        },
      ],
    },
    {
      name: 'time, combine, positional, other ways to the zone',
      ...code(
        'def f(d, shop, tz=PARIS, s: Settings = None):\n    a = time(9, 30, tzinfo=zones.PARIS)\n    b = datetime.combine(d, time(9), PARIS)\n    c = datetime.combine(d, time(9), tzinfo=tz)\n    e = dt.datetime(2024, 1, 1, 0, 0, 0, 0, pytz.timezone("Asia/Tokyo"))\n    g = d.replace(tzinfo=zone_of(shop))\n    h = d.replace(tzinfo=s.zone)\n    z = pytz.timezone(shop.name)\n    return (\n        d.replace(\n            tzinfo=z,\n        )\n    )\n',
      ),
      errors: [
        { messageId: 'meanTime', line: at(2), suggestions: 1 },
        { messageId: 'meanTime', line: at(3), suggestions: 1 },
        { messageId: 'meanTime', line: at(4), suggestions: 1 },
        { messageId: 'meanTime', line: at(5), suggestions: 1 },
        { message: "pytz zone `zone_of(shop)` used as tzinfo gives Local Mean Time, not the zone's real offset. Use zone_of(shop).localize(value), or zoneinfo.ZoneInfo(name).", line: at(6), suggestions: 1 },
        { messageId: 'meanTime', line: at(7), suggestions: 2 },
        { messageId: 'meanTime', line: at(10), suggestions: 1 },
      ],
    },
    {
      name: 'attributes of self',
      ...code('class A:\n    def __init__(self):\n        self.tz = pytz.timezone("Europe/Berlin")\n    def f(self, at: datetime):\n        return at.replace(tzinfo=self.tz)\n'),
      errors: [{ messageId: 'meanTime', line: at(5), suggestions: 2 }],
    },
    {
      name: 'a zone by position',
      ...code('def f(at: datetime):\n    return at.replace(2024, 1, 1, 0, 0, 0, 0, PARIS)\n'),
      errors: [{ messageId: 'meanTime', line: at(2), suggestions: 1 }],
    },
  ],
})
