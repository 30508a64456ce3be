import { python, RuleTester } from '@krait/rule-tester'
import { noImportTimeNow } from '../src/rules/no-import-time-now.ts'

const tester = new RuleTester()

tester.runProject(noImportTimeNow, new URL('no-import-time-now.md', import.meta.url), { pack: 'datetime' })

tester.run('no-import-time-now: parameters', noImportTimeNow, {
  valid: [
    {
      name: 'the clock is read in the body',
      code: python`
        from datetime import datetime, UTC

        def list_events(until: datetime | None = None, clock=datetime.now, make=lambda: datetime.now(UTC)):
            if until is None:
                until = datetime.now(UTC)
            return until
      `,
    },
    {
      name: 'a default that is made at each call of the function around',
      code: python`
        from datetime import datetime

        def make_handler():
            def handler(at=datetime.now()):
                return at

            class Handler:
                def handle(self, at=datetime.now()):
                    return at

            return handler, Handler, lambda at=datetime.now(): at
      `,
    },
    {
      name: 'what has the name of a clock and is none',
      code: python`
        import time
        from app.clock import now, time as clock_time
        from datetime import datetime

        def f(a=now(), b=clock_time(), c=time.monotonic(), d=datetime.fromtimestamp(0), e=self.now(), g=datetime.now, h=moment.utcnow()):
            ...
      `,
    },
    {
      name: 'a shadowed name',
      code: python`
        class datetime:
            @staticmethod
            def now():
                return 1

        def f(at=datetime.now()):
            ...
      `,
    },
    {
      name: 'a default factory',
      code: python`
        from datetime import datetime
        from fastapi import Query

        def list_events(until: datetime = Query(default_factory=lambda: datetime.now())):
            ...
      `,
    },
    {
      name: 'code that runs with the program, not with the import',
      code: python`
        from datetime import datetime
        from typing import TYPE_CHECKING

        if __name__ == "__main__":
            def main(now=datetime.now()):
                ...
        if TYPE_CHECKING:
            def typed(now=datetime.now()): ...
      `,
    },
    {
      name: 'a test file',
      path: 'tests/test_events.py',
      code: python`
        from datetime import datetime

        def build(at=datetime.now()):
            ...
      `,
    },
  ],
  invalid: [
    {
      name: 'a typed parameter, with the whole message and the suggestion',
      path: 'billing/models.py',
      code: python`
        from datetime import datetime, UTC

        def list_events(until: datetime = datetime.now(UTC)):
            """Lists events."""
            return events(until)
      `,
      errors: [
        {
          messageId: 'parameter',
          message:
            "`datetime.now(UTC)` runs once, when `billing.models` is imported: every call of `list_events` without `until` gets the process's start time. " +
            'Let `until` default to None and read the clock in the body.',
          line: 3,
          column: 35,
          suggestions: [
            {
              messageId: 'computeInBody',
              desc: 'Let `until` default to None and read the clock in the body',
              output: python`
                from datetime import datetime, UTC

                def list_events(until: datetime | None = None):
                    """Lists events."""
                    if until is None:
                        until = datetime.now(UTC)
                    return events(until)
              `,
            },
          ],
        },
      ],
    },
    {
      name: 'every clock, under aliases',
      code: python`
        import datetime as dt
        import time
        from datetime import date, datetime as DT
        from time import time as epoch
        import arrow, pendulum
        from django.utils import timezone

        def f(
            a=dt.datetime.now(),
            b=DT.utcnow(),
            c=DT.today(),
            d=date.today(),
            e=dt.date.today(),
            g=time.time(),
            h=epoch(),
            i=timezone.now(),
            j=pendulum.now("UTC"),
            k=arrow.now(),
            l=arrow.utcnow(),
        ): ...
      `,
      errors: [9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19].map((line) => ({ messageId: 'parameter', line, suggestions: null })),
    },
    {
      name: 'the default of an annotated parameter stays one of FastAPI',
      code: python`
        from datetime import datetime
        from typing import Annotated
        from fastapi import Query

        def list_events(until: Annotated[datetime, Query()] = datetime.now()):
            return events(until)
      `,
      errors: [
        {
          messageId: 'parameter',
          line: 5,
          suggestions: [
            {
              messageId: 'computeInBody',
              output: python`
                from datetime import datetime
                from typing import Annotated
                from fastapi import Query

                def list_events(until: Annotated[datetime | None, Query()] = None):
                    if until is None:
                        until = datetime.now()
                    return events(until)
              `,
            },
          ],
        },
      ],
    },
    {
      name: 'FastAPI parameters, also behind a constraint and in Annotated',
      code: python`
        from datetime import date, datetime
        from typing import Annotated
        from fastapi import Form, Query
        from pydantic import Field

        async def list_events(
            until: datetime = Query(default=datetime.now()),
            since: datetime = Form(datetime.now() - WEEK),
            born: date = Query(..., le=date.today()),
            seen: datetime = Field(default=datetime.now()),
            due: Annotated[date, Query(ge=date.today())] = None,
        ):
            return await events(until)
      `,
      errors: [
        {
          messageId: 'parameter',
          line: 7,
          suggestions: [
            {
              messageId: 'computeInBody',
              output: python`
                from datetime import date, datetime
                from typing import Annotated
                from fastapi import Form, Query
                from pydantic import Field

                async def list_events(
                    until: datetime | None = Query(default=None),
                    since: datetime = Form(datetime.now() - WEEK),
                    born: date = Query(..., le=date.today()),
                    seen: datetime = Field(default=datetime.now()),
                    due: Annotated[date, Query(ge=date.today())] = None,
                ):
                    if until is None:
                        until = datetime.now()
                    return await events(until)
              `,
            },
          ],
        },
        { messageId: 'parameter', line: 8, suggestions: 1 },
        { messageId: 'parameter', line: 9, suggestions: null },
        { messageId: 'parameter', line: 10, suggestions: null },
        { messageId: 'declaration', line: 11 },
      ],
    },
    {
      name: 'methods, lambdas, nested expressions, and where the body can not take the reading over',
      code: python`
        from datetime import datetime, timedelta

        class Report:
            WINDOW = timedelta(days=1)

            def build(self, *, since: "datetime" = datetime.now() - WINDOW, until=(
                datetime.now()
                + timedelta(days=1)
            )):
                pass

            def shadow(self, timedelta=timedelta, at=datetime.now() + timedelta(1)):
                pass

            def one_line(self, at=datetime.now()): return at

        stamp = lambda at=str(datetime.now()): at
      `,
      errors: [
        { messageId: 'parameter', line: 6, suggestions: null },
        {
          messageId: 'parameter',
          line: 7,
          suggestions: [
            {
              messageId: 'computeInBody',
              output: python`
                from datetime import datetime, timedelta

                class Report:
                    WINDOW = timedelta(days=1)

                    def build(self, *, since: "datetime" = datetime.now() - WINDOW, until=None):
                        if until is None:
                            until = (
                        datetime.now()
                        + timedelta(days=1)
                    )
                        pass

                    def shadow(self, timedelta=timedelta, at=datetime.now() + timedelta(1)):
                        pass

                    def one_line(self, at=datetime.now()): return at

                stamp = lambda at=str(datetime.now()): at
              `,
            },
          ],
        },
        { messageId: 'parameter', line: 12, suggestions: null },
        { messageId: 'parameter', line: 15, suggestions: null },
        { messageId: 'parameter', data: { clock: 'datetime.now()', module: 'example', function: 'the lambda', parameter: 'at' }, line: 17 },
      ],
    },
    {
      name: 'a type that admits None is kept; a docstring alone, and tabs',
      code: 'from datetime import datetime\nfrom typing import Optional\n\ndef f(at: Optional[datetime] = datetime.now()):\n\t"""Says so."""\n',
      errors: [
        {
          messageId: 'parameter',
          suggestions: [
            {
              messageId: 'computeInBody',
              output:
                'from datetime import datetime\nfrom typing import Optional\n\ndef f(at: Optional[datetime] = None):\n\t"""Says so."""\n' +
                '\tif at is None:\n\t\tat = datetime.now()\n',
            },
          ],
        },
      ],
    },
    {
      name: 'Windows line breaks are kept',
      code: 'import time\r\n\r\ndef f(at=time.time()):\r\n    return at\r\n',
      errors: [
        {
          messageId: 'parameter',
          suggestions: [
            {
              messageId: 'computeInBody',
              output: 'import time\r\n\r\ndef f(at=None):\r\n    if at is None:\r\n        at = time.time()\r\n    return at\r\n',
            },
          ],
        },
      ],
    },
    {
      name: 'in the branches of a module',
      code: python`
        import time

        try:
            import fast
        except ImportError:
            def f(at=time.time()):
                return at
      `,
      errors: [{ messageId: 'parameter', line: 6, suggestions: 1 }],
    },
  ],
})
