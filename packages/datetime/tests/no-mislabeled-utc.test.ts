import { RuleTester } from '@krait/rule-tester'
import { noMislabeledUtc } from '../src/rules/no-mislabeled-utc.ts'

const HEAD = `from datetime import UTC, datetime, timezone
from zoneinfo import ZoneInfo

PARIS = ZoneInfo("Europe/Paris")
`
const code = (body: string) => HEAD + body
const at = (line: number) => line + 4

new RuleTester().run('datetime/no-mislabeled-utc', noMislabeledUtc, {
  valid: [
    { name: 'naive UTC', code: code('a = datetime.utcnow().isoformat() + "Z", f"{datetime.utcnow().isoformat()}Z", datetime.utcnow().strftime("%Y-%m-%dT%H:%M:%SZ")\n') },
    { name: 'aware UTC by strftime', code: code('a = datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"), f"{datetime.now(UTC):%H:%M:%SZ}"\n') },
    { name: 'replaced, cut, dropped', code: code('a = datetime.now(UTC).isoformat().replace("+00:00", "Z")\nb = datetime.now(UTC).replace(tzinfo=None).isoformat() + "Z"\nc = datetime.now(UTC).isoformat()[:19] + "Z", datetime.now(UTC).isoformat().split("+")[0] + "Z"\n') },
    { name: 'directives', code: code('a = datetime.now().strftime("%H:%M %Z"), datetime.now(PARIS).strftime("%H:%M%z"), datetime.now(PARIS).strftime("%H:%M %Z")\n') },
    { name: 'undecided', code: code('def f(at: datetime, x):\n    return at.isoformat() + "Z", x.isoformat() + "Z", datetime(2024, 1, 1).isoformat() + "Z", f"{x}Z"\n') },
    { name: 'a Z elsewhere', code: code('a = datetime.now(UTC).isoformat() + " Zone", "Z" + datetime.now(UTC).isoformat(), f"Z{datetime.now(UTC)}", f"{datetime.now(UTC)} Z"\n') },
  ],
  invalid: [
    {
      name: 'a template with names',
      code: code('now = datetime.now(UTC)\na = "{at}Z and {0}".format(now, at=now.isoformat())\n'),
      errors: [{ messageId: 'aware', line: at(2) }],
    },
    {
      name: 'fixes in other expressions and strings',
      code: code('now = datetime.now(UTC)\nb = f"at {now.isoformat() + \'Z\'}"\nc = f"{f\'{now.isoformat()}Z\'}"\ne = (now\n     .isoformat()) + "Z"\n'),
      output: code('now = datetime.now(UTC)\nb = f"at {now.isoformat().replace(\'+00:00\', \'Z\')}"\nc = f"{now.isoformat().replace(\'+00:00\', \'Z\')}"\ne = (now\n     .isoformat()).replace("+00:00", "Z")\n'),
      errors: [{ messageId: 'aware', line: at(2) }, { messageId: 'aware', line: at(3) }, { messageId: 'aware', line: at(4) }],
    },
    {
      name: 'no fix beside another string, and none of a choice of texts',
      code: code('now = datetime.now(UTC)\nd = "at " f"{now.isoformat()}Z"\ne = (now.isoformat() if x else now.isoformat(" ")) + "Z"\n'),
      errors: [{ messageId: 'aware', line: at(2) }],
    },
    {
      name: 'a fix around a choice',
      code: code('now = datetime.now(UTC)\na = (now.isoformat() if x else now.isoformat()) + "Z"\n'),
      output: code('now = datetime.now(UTC)\na = (now.isoformat() if x else now.isoformat()).replace("+00:00", "Z")\n'),
      errors: [{ messageId: 'aware', line: at(2) }],
    },
    {
      name: 'added to a text',
      code: code('def f():\n    text = datetime.now(UTC).isoformat()\n    text += "Z"\n    return text\n'),
      errors: [{ messageId: 'aware', line: at(3) }],
    },
    {
      name: 'a sum',
      code: code('def f():\n    now = datetime.now(UTC)\n    return now.isoformat() + "Z"\n'),
      output: code('def f():\n    now = datetime.now(UTC)\n    return now.isoformat().replace("+00:00", "Z")\n'),
      errors: [
        {
          message:
            '`now.isoformat() + "Z"`: `now` is aware, so the text already ends in +00:00 and `+00:00Z` is not a valid timestamp. Drop the Z, or use .isoformat().replace("+00:00", "Z").',
          line: at(3),
        },
      ],
    },
    {
      name: 'templates',
      code: code('a = f"{datetime.now(timezone.utc).isoformat()}Z"\nb = "{}Z".format(datetime.now(UTC).isoformat())\nc = "%sZ" % datetime.now(UTC).isoformat()\n'),
      output: code('a = datetime.now(timezone.utc).isoformat().replace("+00:00", "Z")\nb = datetime.now(UTC).isoformat().replace("+00:00", "Z")\nc = datetime.now(UTC).isoformat().replace("+00:00", "Z")\n'),
      errors: [1, 2, 3].map((line) => ({ messageId: 'aware' as const, line: at(line) })),
    },
    {
      name: 'no fix where the text is a part, or no isoformat',
      code: code('a = f"at {datetime.now(UTC).isoformat()}Z"\nb = str(datetime.now(UTC)) + "Z"\nc = f"{datetime.now(PARIS)} UTC"\nd = datetime.now(UTC).isoformat() + "+00:00"\ne = "at " + datetime.now(UTC).isoformat() + "Z"\nf = "{} at {}Z".format(x, datetime.now(UTC).isoformat())\ng = "%s at %sZ, %s" % (x, datetime.now(UTC), y)\n'),
      errors: [1, 2, 3, 4, 5, 6, 7].map((line) => ({ messageId: 'aware' as const, line: at(line) })),
    },
    {
      name: 'local time',
      code: code('stamp = datetime.now().strftime("%Y-%m-%dT%H:%M:%SZ")\nb = datetime.now().isoformat() + "Z"\nc = f"{datetime.now():%H:%MZ}"\n'),
      errors: [
        {
          message:
            '`datetime.now().strftime("%Y-%m-%dT%H:%M:%SZ")`: `datetime.now()` is local time without a zone, and the Z claims that it is UTC. Read the clock in UTC: datetime.now(timezone.utc).',
          line: at(1),
          suggestions: [
            { messageId: 'readUtc', output: code('stamp = datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")\nb = datetime.now().isoformat() + "Z"\nc = f"{datetime.now():%H:%MZ}"\n') },
          ],
        },
        { messageId: 'local', line: at(2) },
        { messageId: 'local', line: at(3), suggestions: 1 },
      ],
    },
    {
      name: 'another zone, through a local and a constant',
      code: code('FORMAT = "%H:%M:%SZ"\ndef f():\n    at = datetime.now(PARIS)\n    return at.strftime(FORMAT)\n'),
      errors: [{ messageId: 'otherZone', line: at(4) }],
    },
    {
      name: 'text in a local',
      code: code('def f():\n    text = datetime.now(UTC).isoformat(timespec="seconds")\n    return text + "Z"\n'),
      output: code('def f():\n    text = datetime.now(UTC).isoformat(timespec="seconds")\n    return text.replace("+00:00", "Z")\n'),
      errors: [{ messageId: 'aware', line: at(3) }],
    },
  ],
})
