import { python, RuleTester } from '@krait/rule-tester'
import { noImportTimeNow } from '../src/rules/no-import-time-now.ts'

new RuleTester().run('no-import-time-now: constants', noImportTimeNow, {
  valid: [
    {
      name: 'a constant that nobody compares or computes with',
      code: python`
        from datetime import datetime

        GENERATED = datetime.now()
        print(GENERATED - datetime(2020, 1, 1))

        def show():
            return {"generated": GENERATED, "text": f"{GENERATED:%Y}"}
      `,
    },
    {
      name: 'names of a start',
      code: python`
        import time
        from datetime import datetime, UTC

        PROCESS_STARTED_AT = datetime.now(UTC)
        BOOT_TIME = time.time()
        _import_time = time.time()
        loaded_at = time.time()

        def is_older(row):
            return row.at < PROCESS_STARTED_AT or row.at < BOOT_TIME or row.at < _import_time or row.at < loaded_at
      `,
    },
    {
      name: 'a constant beside a new reading is not taken for now',
      code: python`
        import time

        def clock():
            return time.time()

        BEGAN = time.time()
        DEADLINE = time.time() + 60

        def uptime():
            now = time.time()
            return time.time() - BEGAN, now - BEGAN, clock() - BEGAN

        def wait():
            while time.time() < DEADLINE:
                pass
      `,
    },
    {
      name: 'a variable that functions set again',
      code: python`
        import time

        last_refresh = time.time()
        seen = time.time()

        class Cache:
            checked = time.time()

            def refresh(self, row):
                global last_refresh
                if row.at > last_refresh or row.at > self.checked:
                    last_refresh = row.at
                    self.checked = row.at

        for row in rows:
            seen = row.at

        def is_new(row):
            return row.at > seen
      `,
    },
    {
      name: 'other values of the same name',
      code: python`
        from datetime import datetime

        NOW = datetime.now()

        def f(NOW, row):
            return row.at < NOW

        def g(row):
            NOW = datetime.now()
            return row.at < NOW

        def h(row):
            return row.NOW < row.at
      `,
    },
    {
      name: 'uses that are neither comparison nor arithmetic',
      code: python`
        from datetime import datetime
        from pathlib import Path

        STAMP = datetime.now().strftime("%Y%m%d")
        RUN_ID = f"run-{datetime.now():%Y%m%d}"
        NOW = datetime.now()

        def folder(base: Path):
            name = "run-" + STAMP + "-" + RUN_ID
            return base / STAMP / RUN_ID, "%s" % NOW, NOW is None, name
      `,
    },
    {
      name: 'a reading inside of another object',
      code: python`
        import time

        settings = Settings(created=time.time(), limit=3)
        CONFIG = {"at": time.time(), "limit": 3}

        def f(x):
            return x < settings.limit * 2 and x < CONFIG["limit"]
      `,
    },
    {
      name: 'a script: its run begins with the import',
      path: 'scripts/report.py',
      code: python`
        from datetime import date

        TODAY = date.today()

        def is_due(row):
            return row.due <= TODAY
      `,
    },
    {
      name: 'what only tests compare with',
      files: { 'tests/test_example.py': 'from example import NOW\n\ndef test_now():\n    assert NOW < make()\n' },
      code: python`
        from datetime import datetime

        NOW = datetime.now()
      `,
    },
    {
      name: 'an own pattern for names',
      code: python`
        from datetime import datetime

        epoch = datetime.now()

        def is_new(row):
            return row.at > epoch
      `,
      options: [{ startNamePattern: '^epoch$' }],
    },
  ],
  invalid: [
    {
      name: 'comparison and arithmetic, with the whole message',
      path: 'app/rules.py',
      code: python`
        from datetime import date, datetime, timedelta, UTC, time

        NOW = datetime.now(UTC)
        CUTOFF: datetime = datetime.now(UTC) - timedelta(days=30)
        TODAY = datetime.combine(date.today(), time.min)
        YEAR = date.today().year
        TEXT = date.today().isoformat()

        def f(row):
            if row.expires_at < NOW:
                return row.born.year - YEAR
            return row.at >= CUTOFF and row.day == TODAY.date() and row.text in (TEXT, "")
      `,
      errors: [
        {
          messageId: 'constant',
          message:
            "`datetime.now(UTC)` runs once, when `app.rules` is imported: a function compares or computes with `NOW` and gets the process's start time. " +
            'Read the clock where it is needed, or name the constant for what it is (`STARTED_AT`).',
          line: 3,
          column: 7,
        },
        { messageId: 'constant', line: 4 },
        { messageId: 'constant', line: 5 },
        { messageId: 'constant', line: 6 },
        { messageId: 'constant', line: 7 },
      ],
    },
    {
      name: 'uses through attributes, methods, conversions, aliases and lambdas',
      code: python`
        import time
        from datetime import datetime

        A = datetime.now()
        B = datetime.now()
        C = time.time()
        D = datetime.now()
        E = datetime.now()
        G = time.time()

        class Report:
            def age(self, row):
                return A.year - row.year, (row.day - B.date()).days, int(C) - row.at

        async def f(row):
            now = D
            row.total += G
            return row.at <= now, filter(lambda item: item.at < E, row.items)
      `,
      errors: [4, 5, 6, 7, 8, 9].map((line) => ({ messageId: 'constant', line })),
    },
    {
      name: 'class attributes by self, cls and the name of the class',
      code: python`
        from datetime import datetime

        class Rules:
            NOW = datetime.now()
            LIMIT = datetime.now()
            FLOOR = datetime.now()

            def is_due(self, row):
                return row.at <= self.NOW

            @classmethod
            def is_late(cls, row):
                return row.at > cls.LIMIT

        def is_early(row):
            return row.at < Rules.FLOOR
      `,
      errors: [4, 5, 6].map((line) => ({ messageId: 'constant', line })),
    },
    {
      name: 'a class variable of a dataclass',
      code: python`
        from dataclasses import dataclass
        from datetime import datetime
        from typing import ClassVar

        @dataclass
        class Job:
            NOW: ClassVar[datetime] = datetime.now()

            def is_due(self):
                return self.at < self.NOW
      `,
      errors: [{ messageId: 'constant', line: 7 }],
    },
    {
      name: 'names of a start, with a pattern for none',
      code: python`
        import time

        STARTED = time.time()

        def is_old(row):
            return row.at < STARTED
      `,
      options: [{ startNamePattern: '^$' }],
      errors: [{ messageId: 'constant', line: 3 }],
    },
    {
      name: 'a long expression does not overflow the stack',
      code: `import time\n\nNOW = time.time()\n\ndef f(a):\n    return ${'a + '.repeat(6000)}NOW\n\ndef g(at=${'1 + '.repeat(6000)}time.time()):\n    return at\n`,
      errors: [
        { messageId: 'constant', line: 3 },
        { messageId: 'parameter', line: 8, suggestions: 1 },
      ],
    },
  ],
})
