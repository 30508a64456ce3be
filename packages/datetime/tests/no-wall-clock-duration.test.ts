import { RuleTester } from '@krait/rule-tester'
import { noWallClockDuration } from '../src/rules/no-wall-clock-duration.ts'

const HEAD = `import time
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from django.utils import timezone
`
const code = (body: string) => HEAD + body
const at = (line: number) => line + 4

new RuleTester().run('datetime/no-wall-clock-duration', noWallClockDuration, {
  valid: [
    {
      name: 'an attribute that another module reads',
      path: 'app/timer.py',
      files: { 'app/__init__.py': '', 'app/jobs.py': 'from app.timer import Timer\ndef f(timer: Timer | None):\n    return timer.started\n' },
      code: code('class Timer:\n    def __init__(self):\n        self.started = time.time()\n    def age(self):\n        return time.time() - self.started\n'),
    },
    {
      name: 'an attribute that a subclass reads',
      path: 'app/timer.py',
      files: { 'app/__init__.py': '', 'app/jobs.py': 'from app.timer import Timer\nclass Job(Timer):\n    def show(self):\n        return {"started": self.started}\n' },
      code: code('class Timer:\n    def __init__(self):\n        self.started = time.time()\n    def age(self):\n        return time.time() - self.started\n'),
    },
    { name: 'an assignment in an expression that gives the value on', code: code('def f(run):\n    run(start := time.time())\n    return time.time() - start\n') },
    { name: 'other clocks', code: code('def f():\n    t = time.monotonic()\n    return time.monotonic() - t, time.perf_counter() - u\n') },
    { name: 'a wanted time stamp', code: code('def f(job):\n    job.started_at = started = datetime.now(UTC)\n    run(job)\n    job.took = datetime.now(UTC) - started\ndef g():\n    t = time.time()\n    log(t)\n    return time.time() - t\ndef h():\n    t = time.time()\n    yield time.time() - t\n    return t\n') },
    { name: 'values from elsewhere', code: code('START = time.time()\ndef f(path, token, since):\n    return time.time() - path.stat().st_mtime, time.time() - since, time.time() - START, token["exp"] - time.time(), datetime.now(UTC) - token.at\n') },
    { name: 'a local with other values', code: code('def f(x):\n    t = time.time() if x else 0\n    u = time.time()\n    u = x\n    return time.time() - t, time.time() - u\n') },
    { name: 'a deadline that is passed on', code: code('def f():\n    end = time.time() + 5\n    wait(end)\n    while time.time() < end: ...\n') },
    { name: 'attributes that are read elsewhere', code: code('class A:\n    def __init__(self):\n        self.started = time.time()\n    def age(self):\n        return time.time() - self.started\ndef f(a: A):\n    return a.started\n') },
    { name: 'fields of a dataclass', code: code('@dataclass\nclass A:\n    at: float = 0\n    def touch(self):\n        self.at = time.time()\n    def age(self):\n        return time.time() - self.at\n') },
    { name: 'an attribute from elsewhere', code: code('class A:\n    def __init__(self, at):\n        self.at = at\n    def age(self):\n        return time.time() - self.at\n') },
    { name: 'test files', path: 'tests/test_a.py', code: code('def f():\n    t = time.time()\n    return time.time() - t\n') },
    { name: 'an attribute that another file reads', path: 'app/a.py', files: { 'app/b.py': 'from app import a\ndef f():\n    x = a.A()\n    return x.started\n' }, code: code('class A:\n    def __init__(self):\n        self.started = time.time()\n    def age(self):\n        return time.time() - self.started\n') },
    { name: 'compared without a length', code: code('def f():\n    t = time.time()\n    return time.time() > t\n') },
  ],
  invalid: [
    {
      name: 'functions imported under other names',
      code: 'from time import time as clock\ndef f(run):\n    start = clock()\n    run()\n    return clock() - start\n',
      output: 'from time import time as clock, monotonic\ndef f(run):\n    start = monotonic()\n    run()\n    return monotonic() - start\n',
      errors: [{ messageId: 'wallClock', line: 5 }],
    },
    {
      name: 'an assignment in the expression',
      code: code('def f(run):\n    start = time.time()\n    if (now := time.time()) - start > 5:\n        run()\n'),
      output: code('def f(run):\n    start = time.monotonic()\n    if (now := time.monotonic()) - start > 5:\n        run()\n'),
      errors: [{ messageId: 'wallClock', line: at(3) }],
    },
    {
      name: 'an attribute of which others read the namesake',
      path: 'app/timer.py',
      files: { 'app/__init__.py': '', 'app/jobs.py': 'from app.timer import Other\ndef f(job, other: Other):\n    return job.started, other.started\n' },
      code: code('class Timer:\n    def __init__(self):\n        self.started = time.time()\n    def age(self):\n        return time.time() - self.started\nclass Other:\n    started = 1\ndef f(other: Other):\n    return other.started\n'),
      errors: [{ messageId: 'wallClock', line: at(5), suggestions: 1 }],
    },
    {
      name: 'time.time',
      code: code('def f():\n    t0 = time.time()\n    rows = fetch()\n    metrics.timing("fetch", time.time() - t0)\n'),
      output: code('def f():\n    t0 = time.monotonic()\n    rows = fetch()\n    metrics.timing("fetch", time.monotonic() - t0)\n'),
      errors: [
        {
          message: 'Duration measured with the wall clock (`time.time() - t0`): clock adjustments make it wrong or negative. Use time.monotonic() for both readings.',
          line: at(4),
        },
      ],
    },
    {
      name: 'two locals, several uses',
      code: code('def f():\n    start = time.time()\n    end = time.time()\n    print(end - start, time.time() - start)\n'),
      output: code('def f():\n    start = time.monotonic()\n    end = time.monotonic()\n    print(end - start, time.monotonic() - start)\n'),
      errors: [{ messageId: 'wallClock', line: at(4) }, { messageId: 'wallClock', line: at(4) }],
    },
    {
      name: 'datetimes',
      code: code('def f():\n    a = datetime.now()\n    b = datetime.utcnow()\n    c = timezone.now()\n    return datetime.now() - a, datetime.utcnow() - b, timezone.now() - c\n'),
      errors: [5, 5, 5].map((line) => ({ messageId: 'wallClock' as const, line: at(line) })),
    },
    {
      name: 'comparisons',
      code: code('def f(n):\n    t = time.time()\n    while time.time() - n > t:\n        if t + 5 <= time.time(): ...\n'),
      output: code('def f(n):\n    t = time.monotonic()\n    while time.monotonic() - n > t:\n        if t + 5 <= time.monotonic(): ...\n'),
      errors: [{ messageId: 'wallClock', line: at(3) }, { messageId: 'wallClock', line: at(4) }],
    },
    {
      name: 'a deadline',
      code: code('def f(timeout):\n    end = time.time() + timeout\n    while time.time() <= end:\n        wait(end - time.time())\ndef g():\n    end = datetime.now(UTC) + timedelta(minutes=1)\n    if end > datetime.now(UTC): ...\n'),
      output: code('def f(timeout):\n    end = time.monotonic() + timeout\n    while time.monotonic() <= end:\n        wait(end - time.monotonic())\ndef g():\n    end = datetime.now(UTC) + timedelta(minutes=1)\n    if end > datetime.now(UTC): ...\n'),
      errors: [3, 4, 7].map((line) => ({ messageId: 'wallClock' as const, line: at(line) })),
    },
    {
      name: 'attributes of self',
      code: code('class A:\n    def __init__(self):\n        self._at = None\n        self._end = time.time() + 5\n    def touch(self):\n        now = time.time()\n        if self._at is not None and now - self._at < 5:\n            return\n        self._at = now\n    def is_over(self):\n        return time.time() > self._end\n'),
      errors: [{ messageId: 'wallClock', line: at(7) }, { messageId: 'wallClock', line: at(11), suggestions: 1 }],
    },
    {
      name: 'in a nested function',
      code: code('def f():\n    t = time.time()\n    def g():\n        return time.time() - t\n    return g\n'),
      output: code('def f():\n    t = time.monotonic()\n    def g():\n        return time.monotonic() - t\n    return g\n'),
      errors: [{ messageId: 'wallClock', line: at(4) }],
    },
  ],
})
