import { python, RuleTester } from '@krait/rule-tester'
import { noMonthAsDays } from '../src/rules/no-month-as-days.ts'

const tester = new RuleTester()

tester.run('no-month-as-days: products', noMonthAsDays, {
  valid: [
    {
      name: 'calendar arithmetic',
      code: python`
        from calendar import monthrange
        from datetime import timedelta
        from dateutil.relativedelta import relativedelta

        renews_at = paid_at + relativedelta(months=plan.months)
        next_month = start + timedelta(days=monthrange(year, month)[1])
        later = paid_at + relativedelta(days=30 * months)
      `,
    },
    {
      name: 'factors that count something else',
      code: python`
        from datetime import timedelta

        grace = timedelta(days=30 * attempts)
        window = timedelta(days=7 * months)
        slots = timedelta(weeks=2 * months)
        shift = timedelta(hours=30 * months)
        average = timedelta(days=30.44 * months)
        mean = timedelta(days=365.25 * years)
      `,
    },
    {
      name: 'a name that says that it counts days',
      code: python`
        from datetime import timedelta

        start = end - timedelta(days=30 * month_window_days)
        scaled = timedelta(days=30 * plan.month_days)
      `,
    },
    {
      name: 'a period word inside another word',
      code: python`
        from datetime import timedelta

        window = timedelta(days=30 * monthlike)
        span = timedelta(days=30 * yearbooks)
      `,
    },
    {
      name: 'another timedelta, or one that is shadowed',
      code: python`
        from numpy import timedelta64
        from app.units import timedelta

        span = timedelta(days=30 * months)
        wide = timedelta64(30 * months)
      `,
    },
    {
      name: 'arguments that can not all be seen',
      code: python`
        from datetime import timedelta

        span = timedelta(**{**base, "days": 30 * months})
        other = timedelta(*parts, days=30 * months)
      `,
    },
    {
      name: 'a name that is allowed',
      code: python`
        from datetime import timedelta

        approx_end = start + timedelta(days=30 * months)
        ends = start + timedelta(days=30 * approx_months)
      `,
      options: [{ allowNames: ['^approx_'] }],
    },
    {
      name: 'a sum that is moved to a day of its month',
      code: python`
        from datetime import timedelta

        def month_start(first, months):
            return (first + timedelta(days=31 * months)).replace(day=1)
      `,
    },
  ],
  invalid: [
    {
      name: 'an attribute, with the whole message and no dateutil in the project',
      code: python`
        from datetime import timedelta

        renews_at = paid_at + timedelta(days=30 * months)
      `,
      errors: [
        {
          messageId: 'fixedDays',
          message:
            '`timedelta(days=30 * months)` is not a month: 31 Jan + 1 month lands on 2 March. Use dateutil.relativedelta(months=months) or calendar arithmetic.',
          line: 3,
          column: 23,
          endLine: 3,
          suggestions: null,
        },
      ],
    },
    {
      name: 'years and quarters, in either order, by keyword and by position, under aliases',
      code: python`
        import datetime
        import datetime as dt
        from datetime import timedelta as td

        a = datetime.timedelta(days=365 * plan.term_years)
        b = dt.timedelta(quarter_count * 91)
        c = td(366 * years)
        d = td(days=self.plan["termMonths"] * 28)
        e = td(days=90 * quarters())
      `,
      errors: [
        { line: 5, data: data('datetime.timedelta(days=365 * plan.term_years)', 'year', '1 Jan 2024', '31 Dec 2024', 'years=plan.term_years') },
        { line: 6, data: data('dt.timedelta(quarter_count * 91)', 'quarter', '31 Jan', '2 May', 'months=3 * quarter_count') },
        { line: 7, data: data('td(366 * years)', 'year', '1 March 2025', '2 March 2026', 'years=years') },
        { line: 8, data: data('td(days=self.plan["termMonths"] * 28)', 'month', '1 Jan', '29 Jan', 'months=self.plan["termMonths"]') },
        { line: 9, data: data('td(days=90 * quarters())', 'quarter', '31 Jan', '1 May', 'months=3 * quarters()') },
      ].map((error) => ({ messageId: 'fixedDays' as const, ...error })),
    },
    {
      name: 'weeks of a month, a quarter and a year',
      code: python`
        from datetime import timedelta

        a = timedelta(weeks=4 * months)
        b = timedelta(weeks=13 * quarters)
        c = timedelta(weeks=52 * years)
        d = timedelta(0, 0, 0, 0, 0, 0, 4 * months)
      `,
      errors: [3, 4, 5, 6].map((line) => ({ messageId: 'fixedDays', line })),
    },
    {
      name: 'a timedelta of a month times a count',
      code: python`
        from datetime import timedelta

        ends = start + timedelta(days=30) * n_months
        ends = start + n_months * (timedelta(days=30))
        ends = start + timedelta(days=1) * 30 * n_months
      `,
      errors: [
        { messageId: 'fixedDays', data: data('timedelta(days=30) * n_months', 'month', '31 Jan', '2 March', 'months=n_months'), line: 3, column: 16, endColumn: 34 },
        { messageId: 'fixedDays', line: 4, column: 28 },
        { messageId: 'fixedDays', line: 5 },
      ],
    },
    {
      name: 'counts that are converted, guarded, chosen or computed',
      code: python`
        from datetime import timedelta

        a = timedelta(days=30 * int(request.args["months"]))
        b = timedelta(days=30 * (months or 1))
        c = timedelta(days=30 * (months + 1))
        d = timedelta(days=365 * max(1, data.get("years", 1)))
        e = timedelta(days=30 * (months if renew else 1))
        f = timedelta(days=30 * (test_months // 2))
        g = timedelta(days=30 * len(unpaid_months))
        h = timedelta(days=30 * (n_months := ask()))
        i = timedelta(days=-30 * months)
        j = timedelta(days=5 + 30 * months)
        k = timedelta(days=2 * 30 * months)
        l = timedelta(hours=24 * 30 * months)
        m = timedelta(
            days=30
            * months,
        )
        n = timedelta(days=int(30 * months))
        o = timedelta(days=math.ceil((months * 30) + 1))
      `,
      errors: [3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 19, 20].map((line) => ({ messageId: 'fixedDays', line })),
    },
    {
      name: 'numbers with a name, also of another module, and counts that are constants',
      path: 'app/billing.py',
      files: { 'app/__init__.py': '', 'app/units.py': 'DAYS_PER_MONTH = 30\nDEFAULT_YEARS = 5\n' },
      code: python`
        from datetime import timedelta
        from app import units
        from app.units import DEFAULT_YEARS

        a = timedelta(days=units.DAYS_PER_MONTH * months)
        b = timedelta(days=365 * DEFAULT_YEARS)
      `,
      errors: [
        { messageId: 'fixedDays', line: 5 },
        { messageId: 'fixedDays', data: data('timedelta(days=365 * DEFAULT_YEARS)', 'year', '1 Jan 2024', '31 Dec 2024', 'years=DEFAULT_YEARS'), line: 6 },
      ],
    },
    {
      name: 'timedelta through a re-export of the project',
      path: 'app/billing.py',
      files: { 'app/__init__.py': '', 'app/time.py': 'from datetime import timedelta\n' },
      code: python`
        from app.time import timedelta

        ends = start + timedelta(days=30 * months)
      `,
      errors: [{ messageId: 'fixedDays', line: 3 }],
    },
    {
      name: 'a count and a product that went through a local',
      code: python`
        from datetime import timedelta

        def ends(start, plan):
            n = plan.months
            first = start + timedelta(days=30 * n)
            span = 30 * plan.months
            return first + timedelta(days=span)
      `,
      errors: [
        { messageId: 'fixedDays', line: 5 },
        { messageId: 'fixedDays', line: 7 },
      ],
    },
    {
      name: 'in a nested function, a comprehension, a lambda and an async method',
      code: python`
        from datetime import timedelta

        class Plan:
            async def dates(self):
                def step(months):
                    return timedelta(days=30 * months)

                return [self.start + timedelta(days=30 * month) for month in range(12)]

            shift = lambda self, years: timedelta(days=365 * years)
      `,
      errors: [
        { messageId: 'fixedDays', line: 6 },
        { messageId: 'fixedDays', line: 8 },
        { messageId: 'fixedDays', line: 10 },
      ],
    },
    {
      name: 'dateutil in the file',
      code: python`
        from datetime import timedelta
        from dateutil.relativedelta import relativedelta as rd

        renews_at = paid_at + timedelta(days=30 * (plan.months + 1))
      `,
      errors: [
        {
          messageId: 'fixedDays',
          suggestions: [
            {
              messageId: 'useRelativedelta',
              desc: 'Use `relativedelta(months=plan.months + 1)`',
              output: python`
                from datetime import timedelta
                from dateutil.relativedelta import relativedelta as rd

                renews_at = paid_at + rd(months=plan.months + 1)
              `,
            },
          ],
        },
      ],
    },
    {
      name: 'dateutil in another file: the import is added',
      files: { 'other.py': 'import dateutil.parser\n' },
      code: python`
        """Renewals."""
        from datetime import timedelta

        renews_at = paid_at + timedelta(days=30) * n_months
        ends_at = paid_at + timedelta(days=-91 * quarters)
      `,
      errors: [
        {
          messageId: 'fixedDays',
          suggestions: [
            {
              messageId: 'useRelativedelta',
              output: python`
                """Renewals."""
                from datetime import timedelta
                from dateutil.relativedelta import relativedelta

                renews_at = paid_at + relativedelta(months=n_months)
                ends_at = paid_at + timedelta(days=-91 * quarters)
              `,
            },
          ],
        },
        {
          messageId: 'fixedDays',
          suggestions: [
            {
              messageId: 'useRelativedelta',
              output: python`
                """Renewals."""
                from datetime import timedelta
                from dateutil.relativedelta import relativedelta

                renews_at = paid_at + timedelta(days=30) * n_months
                ends_at = paid_at + relativedelta(months=-3 * quarters)
              `,
            },
          ],
        },
      ],
    },
    {
      name: 'other ways to import dateutil',
      code: python`
        from datetime import timedelta
        import dateutil.relativedelta

        ends = start + timedelta(days=30 * months)
      `,
      errors: [
        {
          messageId: 'fixedDays',
          suggestions: [
            {
              messageId: 'useRelativedelta',
              output: python`
                from datetime import timedelta
                import dateutil.relativedelta

                ends = start + dateutil.relativedelta.relativedelta(months=months)
              `,
            },
          ],
        },
      ],
    },
    {
      name: 'an import of several names takes one more',
      code: python`
        from datetime import timedelta
        from dateutil.relativedelta import (
            MO,
            TU,  # Tuesdays
        )

        ends = start + timedelta(days=30 * months)
      `,
      errors: [
        {
          messageId: 'fixedDays',
          suggestions: [
            {
              messageId: 'useRelativedelta',
              output: python`
                from datetime import timedelta
                from dateutil.relativedelta import (
                    MO,
                    TU, relativedelta,  # Tuesdays
                )

                ends = start + relativedelta(months=months)
              `,
            },
          ],
        },
      ],
    },
    {
      name: 'no suggestion where a relativedelta can not stand, or is not all that is meant',
      code: python`
        from datetime import timedelta
        from dateutil.relativedelta import relativedelta

        seconds = timedelta(days=30 * months).total_seconds()
        is_old = age > timedelta(days=30 * months)
        share = age / timedelta(days=30 * months)
        padded = timedelta(days=30 * months + 1)
        exact = timedelta(days=30 * months, hours=2)
        odd = timedelta(days=365 * months)
      `,
      errors: [4, 5, 6, 7, 8, 9].map((line) => ({ messageId: 'fixedDays', line, suggestions: null })),
    },
    {
      name: 'no suggestion where the name means something else',
      files: { 'other.py': 'import dateutil\n' },
      code: python`
        from datetime import timedelta
        from app.time import relativedelta

        ends = start + timedelta(days=30 * months)
      `,
      errors: [{ messageId: 'fixedDays', suggestions: null }],
    },
  ],
})

tester.run('no-month-as-days: names and branches around a constant', noMonthAsDays, {
  valid: [
    {
      name: 'days that mean days',
      code: python`
        from datetime import timedelta

        purge_before = now - timedelta(days=30)
        trial = timedelta(days=14)
        TOKEN_LIFETIME = timedelta(days=365)
        CACHE = {"ttl": timedelta(days=30), "session": timedelta(days=90)}
        retry(after=timedelta(days=30))
      `,
    },
    {
      name: 'lengths that are no multiple of a month or a year',
      code: python`
        from datetime import timedelta

        monthly_margin = timedelta(days=7)
        yearly_window = timedelta(days=14)
        month_end = next_month - timedelta(days=1)
        next_month = day.replace(day=28) + timedelta(days=4)
        quarter_hour = timedelta(minutes=15)
        year_offset = timedelta(0)
        month_and_a_bit = timedelta(days=30, hours=1)
      `,
    },
    {
      name: 'a name that says that it counts days',
      code: python`
        from datetime import timedelta

        month_window_days = timedelta(days=30)
        purge(year_days=timedelta(days=365))
      `,
    },
    {
      name: 'names that are allowed, by target, key and function',
      code: python`
        from datetime import timedelta

        rough_month = timedelta(days=30)
        PERIODS = {"rough monthly": timedelta(days=30)}

        def rough_year():
            return timedelta(days=365)
      `,
      options: [{ allowNames: ['^rough'] }],
    },
    {
      name: 'the month is in what the value is passed to or compared with, not in what it is',
      code: python`
        from datetime import timedelta

        monthly_report = build(retention=timedelta(days=30))
        monthly_users = users.where(User.seen_at > now - timedelta(days=30)).count()
        MONTHLY = {"retention": timedelta(days=30)}
        month = names[timedelta(days=30)]
        LABELS = {timedelta(days=365): "year"}

        month, window = None, timedelta(days=30)

        def monthly(window=timedelta(days=30)):
            return window
      `,
    },
    {
      name: 'branches that select something else',
      code: python`
        from datetime import timedelta

        def length(interval, unit):
            if interval == "month":
                return relative()
            elif interval == "28 days":
                return timedelta(days=28)
            if interval != "month":
                return timedelta(days=28)
            if months == 3:
                return timedelta(days=30)
            if unit == self.month:
                return timedelta(days=30)
            match interval:
                case month:
                    return timedelta(days=30)
            return timedelta(days=30) if interval == "sprint" else timedelta(days=365)
      `,
    },
    {
      name: 'the other branch of a choice between several',
      code: python`
        from datetime import timedelta

        def length(interval):
            if interval == "month":
                return None
            elif interval == "week":
                return timedelta(days=7)
            else:
                return timedelta(days=30)
      `,
    },
    {
      name: 'a function inside the branch',
      code: python`
        from datetime import timedelta

        if interval == "month":
            def trial():
                return timedelta(days=30)
      `,
    },
    {
      name: 'the first of the month is found from any day of the next',
      code: python`
        from datetime import timedelta

        next_month = (first + timedelta(days=31)).replace(day=1)

        def next_month_of(first):
            next_month = first + timedelta(days=31)
            return next_month.replace(day=1)
      `,
    },
    {
      name: 'a test that has a month in its name',
      code: python`
        from datetime import timedelta

        def test_spans_two_months():
            assert periods(now, now + timedelta(days=62)) == [4, 5]
      `,
    },
  ],
  invalid: [
    {
      name: 'assignment targets',
      code: python`
        from datetime import timedelta

        next_month = now + timedelta(days=30)
        MONTH: timedelta = timedelta(days=30)
        self.yearlyLimit = timedelta(365)
        PERIODS["quarterly"] = timedelta(days=90)
        next_birthday += timedelta(days=366)
        six_months = timedelta(days=6 * 30)
        if (half_year := timedelta(days=180)):
            pass
        annual = two_years = timedelta(weeks=104)
        anniversary = (joined + timedelta(hours=24 * 365)).date()
        months = [start + timedelta(days=30), start + timedelta(days=60)]
        PERIODS[Interval.YEAR] = timedelta(days=365)
        week, month = timedelta(days=7), timedelta(days=30)
        month: timedelta = Field(default=timedelta(days=30))
      `,
      errors: [
        { line: 3, data: data('timedelta(days=30)', 'month', '31 Jan', '2 March', 'months=1') },
        { line: 4, data: data('timedelta(days=30)', 'month', '31 Jan', '2 March', 'months=1') },
        { line: 5, data: data('timedelta(365)', 'year', '1 Jan 2024', '31 Dec 2024', 'years=1') },
        { line: 6, data: data('timedelta(days=90)', 'quarter', '31 Jan', '1 May', 'months=3') },
        { line: 7, data: data('timedelta(days=366)', 'year', '1 March 2025', '2 March 2026', 'years=1') },
        {
          line: 8,
          message:
            '`timedelta(days=6 * 30)` is not 6 months: 31 Jan + 6 months lands on 30 July. Use dateutil.relativedelta(months=6) or calendar arithmetic.',
        },
        { line: 9, data: { ...data('timedelta(days=180)', 'month', '31 Jan', '30 July', 'months=6'), periods: '6 months', count: '6 months' } },
        {
          line: 11,
          data: { ...data('timedelta(weeks=104)', 'year', '1 Jan 2024', '29 Dec 2025', 'years=2'), periods: '2 years', count: '2 years' },
        },
        { line: 12 },
        { line: 13, column: 19 },
        { line: 13, column: 47 },
        { line: 14 },
        { line: 15, column: 34 },
        { line: 16 },
      ].map((error) => ({ messageId: 'fixedDays' as const, ...error })),
    },
    {
      name: 'keywords, parameters, dict keys and class attributes',
      code: python`
        from datetime import timedelta
        from enum import Enum

        PERIODS = {"monthly": timedelta(days=30), "yearly": timedelta(days=365)}
        BY_INTERVAL = {
            Interval.MONTH: timedelta(days=30),
            Interval.YEAR.value: timedelta(
                days=365,
            ),
        }
        table = dict(month=timedelta(days=30))

        def renew(start, month=timedelta(days=30), *, year: timedelta = timedelta(days=365)):
            ...

        class Period(Enum):
            QUARTER = timedelta(days=91)
      `,
      errors: [
        { messageId: 'fixedDays', line: 4, column: 23 },
        { messageId: 'fixedDays', line: 4, column: 53 },
        { messageId: 'fixedDays', line: 6 },
        { messageId: 'fixedDays', line: 7 },
        { messageId: 'fixedDays', line: 11 },
        { messageId: 'fixedDays', line: 13, column: 24 },
        { messageId: 'fixedDays', line: 13, column: 65 },
        { messageId: 'fixedDays', line: 17 },
      ],
    },
    {
      name: 'the function around',
      code: python`
        from datetime import timedelta

        def next_anniversary(day):
            result = day + timedelta(days=365)
            return result

        class Clock:
            async def add_month(self, day):
                return day + timedelta(days=30)

            @property
            def quarter_end(self):
                return max(map(lambda day: day + timedelta(days=90), self.days))
      `,
      errors: [
        { messageId: 'fixedDays', line: 4 },
        { messageId: 'fixedDays', line: 9 },
        { messageId: 'fixedDays', line: 13 },
      ],
    },
    {
      name: 'branches of if, elif and else',
      code: python`
        from datetime import timedelta
        from app.models import Interval

        def length(interval, count, plan):
            if interval == "month":
                return timedelta(days=30)
            elif interval in ("year", "annual"):
                return timedelta(days=365 * count)
            if "quarterly" == interval and count:
                delta = timedelta(days=90)
            if plan.interval is Interval.YEAR or plan.is_trial:
                delta = timedelta(days=365)
            if plan.interval.value == Interval.month.value:
                delta = timedelta(days=30)
            if interval != "month":
                delta = timedelta(weeks=1)
            else:
                delta = timedelta(days=30)
            if not (interval == "month"):
                pass
            else:
                with lock:
                    delta = timedelta(days=30)
            return delta
      `,
      errors: [6, 8, 10, 12, 14, 18, 23].map((line) => ({ messageId: 'fixedDays', line })),
    },
    {
      name: 'cases and conditional expressions',
      code: python`
        from datetime import timedelta

        MONTHLY = "monthly"

        def length(interval):
            match interval:
                case "month" | "monthly":
                    return timedelta(days=30)
                case Interval.YEAR if ready:
                    return timedelta(days=365)
                case (_, "quarter"):
                    return timedelta(days=91)
                case other if other == Unknown.YEARLY:
                    return timedelta(days=365)
            first = timedelta(days=30) if interval == MONTHLY else timedelta(days=7)
            return timedelta(days=7) if interval != "year" else timedelta(days=365)
      `,
      errors: [8, 10, 12, 14, 15, 16].map((line) => ({ messageId: 'fixedDays', line })),
    },
    {
      name: 'a count of unknown things in what a key or a branch names',
      code: python`
        from datetime import timedelta

        def ago(unit, amount):
            return {
                "week": timedelta(weeks=amount),
                "month": timedelta(days=30 * amount),
            }[unit]
      `,
      errors: [{ messageId: 'fixedDays', data: data('timedelta(days=30 * amount)', 'month', '31 Jan', '2 March', 'months=amount'), line: 6 }],
    },
    {
      name: 'a suggestion for a constant',
      code: python`
        from dateutil.relativedelta import relativedelta
        from datetime import timedelta

        QUARTER = timedelta(days=90)
      `,
      errors: [
        {
          messageId: 'fixedDays',
          suggestions: [
            {
              messageId: 'useRelativedelta',
              output: python`
                from dateutil.relativedelta import relativedelta
                from datetime import timedelta

                QUARTER = relativedelta(months=3)
              `,
            },
          ],
        },
      ],
    },
    {
      name: 'an allowed name allows nothing else',
      code: python`
        from datetime import timedelta

        approx_month = timedelta(days=30)
        month = timedelta(days=30)
      `,
      options: [{ allowNames: ['(?i)^APPROX'] }],
      errors: [{ messageId: 'fixedDays', line: 4 }],
    },
    {
      name: 'a long sum does not overflow the stack',
      code: `from datetime import timedelta\n\nnext_month = ${'a + '.repeat(6000)}timedelta(days=30)\n`,
      errors: 1,
    },
  ],
})

/** The data of a message about one period. */
function data(code: string, period: string, start: string, landing: string, replacement: string) {
  return { code, periods: `a ${period}`, count: `1 ${period}`, start, landing, arguments: replacement }
}
