import { python, RuleTester } from '@krait/rule-tester'
import { restoreSharedState } from '../src/rules/restore-shared-state.ts'

const tester = new RuleTester()

/** A class whose `start()` asks `guard`; the body of `run()` begins in line 9. */
function worker(body: string, guard = 'self._busy', head = ''): string {
  return `${head}
class Worker:
    def start(self):
        if ${guard}:
            return
        self.run()

    async def run(self, key=None):
${body.replace(/^/gm, '        ')}
`
}

/** A module with `_running` and a guard; the body of `tick()` begins in line 9. */
function module(body: string, head = '_running = False'): string {
  return `${head}

def may_start():
    return not _running

def tick():
    global _running

${body.replace(/^/gm, '    ')}
`
}

tester.run('restore-shared-state: what is no leak', restoreSharedState, {
  valid: [
    { name: 'a reset in finally', code: module('_running = True\ntry:\n    process(fetch())\nfinally:\n    _running = False') },
    { name: 'set inside the try, reset in finally', code: module('try:\n    _running = True\n    process(fetch())\nfinally:\n    _running = False') },
    { name: 'with a lock', code: worker('async with self._lock:\n    await work()', 'self._lock') },
    { name: 'a reset in every handler and on the normal path', code: module('_running = True\ntry:\n    process()\nexcept ValueError:\n    _running = False\n    raise\nexcept OSError:\n    _running = False\n    return None\n_running = False') },
    { name: 'a broad handler that goes on to the reset', code: module('_running = True\ntry:\n    process()\nexcept Exception:\n    logger.exception("failed")\n_running = False') },
    { name: 'nothing that can raise in between', code: module('_running = True\ncount = len(items)\nis_list = isinstance(items, list)\nlogger.info("set")\nstart = time.monotonic()\n_running = False', 'import time\n_running = False') },
    { name: 'constructors of exceptions do not raise', code: module('_running = True\nerror = ProjectError("x")\n_running = False\nraise error', 'class ProjectError(Exception): ...\n_running = False') },
    { name: 'no reset in the function: start and stop', code: 'class Server:\n    def start(self):\n        if self._running:\n            return\n        self._running = True\n        self.listen()\n\n    def stop(self):\n        self.close()\n        self._running = False\n' },
    { name: 'only a reset', code: module('process()\n_running = False') },
    { name: 'exclusive branches', code: module('if fetch():\n    _running = True\nelse:\n    _running = False\nprocess()') },
    { name: 'a reset before the set, in a loop', code: module('while True:\n    _running = False\n    wait()\n    _running = True\n    work()') },
    { name: 'a local name', code: 'def tick():\n    running = True\n    fetch()\n    running = False\n    if running:\n        return\n' },
    { name: 'a local name that is also one of the module', code: '_running = False\n\ndef tick():\n    _running = True\n    fetch()\n    _running = False\n    if _running:\n        return\n' },
    { name: 'an attribute of a parameter', code: 'def tick(job):\n    if job.running:\n        return\n    job.running = True\n    fetch()\n    job.running = False\n' },
    { name: 'a local container', code: 'def tick(key):\n    active = {}\n    active[key] = 1\n    fetch()\n    del active[key]\n    if active:\n        return\n' },
    { name: 'a container that is a parameter', code: 'def tick(active, key):\n    active.add(key)\n    fetch()\n    active.discard(key)\n    if active:\n        return\n' },
    { name: 'a cache', code: '_cache = {}\n\ndef get(key):\n    if key in _cache:\n        return _cache[key]\n    _cache[key] = load(key)\n    check(key)\n    return _cache[key]\n' },
    { name: 'another key', code: '_active = {}\n\ndef get(key, other):\n    if key in _active:\n        return\n    _active[key] = 1\n    fetch()\n    del _active[other]\n' },
    { name: 'another amount', code: module('_running += 1\nfetch()\n_running -= 2', '_running = 0') },
    { name: 'nobody asks', code: 'class Worker:\n    def run(self):\n        self._busy = True\n        work()\n        self._busy = False\n' },
    { name: 'nobody in this class asks', code: 'class Worker:\n    def run(self):\n        self._busy = True\n        work()\n        self._busy = False\n\nclass Other:\n    def run(self):\n        if self._busy:\n            return\n' },
    { name: 'a constructor', code: 'class Worker:\n    def __init__(self):\n        self._busy = True\n        work()\n        self._busy = False\n\n    def run(self):\n        if self._busy:\n            return\n' },
    { name: 'the value that a flag rests at', code: 'class Job:\n    def __init__(self):\n        self.done = False\n\n    def run(self):\n        if self.done:\n            return\n        self.done = False\n        work()\n        self.done = True\n' },
    { name: 'undone because something failed; another function undoes it else', code: 'class Server:\n    def start(self):\n        if self._running:\n            return\n        self._running = True\n        try:\n            self.listen()\n        except OSError:\n            self._running = False\n            raise\n\n    def stop(self):\n        self._running = False\n' },
    { name: 'a method that clears it, in finally', code: worker('self._busy = True\ntry:\n    await work()\nfinally:\n    self._finish()\nself._busy = False') + '\n    def _finish(self):\n        self._busy = False\n' },
    { name: 'BaseException, and the normal path', code: worker('self._busy = True\ntry:\n    await work()\nexcept BaseException:\n    self._busy = False\n    raise\nself._busy = False') },
    { name: 'a reset on each branch', code: module('_running = True\nif items:\n    _running = False\n    return None\nelse:\n    _running = False') },
    { name: 'a context manager that resets it', code: 'from contextlib import contextmanager\n\nclass Worker:\n    @contextmanager\n    def busy(self):\n        if self._busy:\n            raise RuntimeError\n        self._busy = True\n        try:\n            yield\n        finally:\n            self._busy = False\n' },
    { name: 'tests', path: 'tests/test_tick.py', code: module('_running = True\nfetch()\n_running = False') },
    { name: 'an acquire that may fail, and is asked', code: worker('if not self._lock.acquire(timeout=5):\n    return None\ntry:\n    return work()\nfinally:\n    self._lock.release()', 'self._x', 'import threading').replace('    def start', '    def __init__(self):\n        self._lock = threading.Lock()\n\n    def start') },
    {
      name: 'an acquire whose result has a name',
      code: python`
        import threading

        LOCK = threading.Lock()

        def work(job):
            got = LOCK.acquire(blocking=False)
            if not got:
                return None
            try:
                return job.run()
            finally:
                LOCK.release()

        def again(job):
            got = LOCK.acquire(timeout=1)
            try:
                return job.run() if got else None
            finally:
                if got:
                    LOCK.release()
      `,
    },
    { name: 'a lock of its own, or of a parameter', code: 'import threading\n\nclass Job:\n    lock: threading.Lock\n\ndef work(job: Job):\n    lock = threading.Lock()\n    lock.acquire()\n    job.lock.acquire()\n    fetch()\n    job.lock.release()\n    lock.release()\n' },
    { name: 'a lock that is not known', code: 'def work(self):\n    self._lock.acquire()\n    fetch()\n    self._lock.release()\n' },
    { name: 'a context variable that is reset in finally', code: 'from contextvars import ContextVar\n\ntenant: ContextVar[str] = ContextVar("tenant")\n\nasync def dispatch(call_next, request):\n    token = tenant.set(request.tenant)\n    try:\n        return await call_next(request)\n    finally:\n        tenant.reset(token)\n' },
    { name: 'a set of something else', code: 'import threading\nstop = threading.Event()\n\ndef run():\n    token = stop.set()\n    work()\n    stop.reset(token)\n' },
    { name: 'a callback of an ExitStack', code: worker('with ExitStack() as stack:\n    self._busy = True\n    stack.callback(self._clear)\n    await work()\n    self._busy = False', 'self._busy', 'from contextlib import ExitStack') + '\n    def _clear(self):\n        self._busy = False\n' },
    { name: 'a lambda as callback', code: worker('self._active.add(key)\nadd_done_callback(lambda _: self._active.discard(key))\nawait work()\nself._active.discard(key)', 'key in self._active') },
    { name: 'a nested function as callback', code: worker('def done(_):\n    self._active.discard(key)\nself._active.add(key)\nadd_done_callback(done)\nawait work()\nself._active.discard(key)', 'key in self._active') },
    { name: 'the method of the container as callback', code: worker('self._active.add(key)\nstack.callback(self._active.discard, key)\nawait work()\nself._active.discard(key)', 'key in self._active') },
    { name: 'a method that clears it', code: worker('self._busy = True\ntry:\n    await work()\nexcept Exception:\n    self._finish()\n    raise\nself._busy = False') + '\n    def _finish(self):\n        self._note()\n        self._busy = False\n' },
    { name: 'a method that calls one which clears it', code: worker('self._busy = True\ntry:\n    await work()\nexcept Exception:\n    self._fail()\n    raise\nself._busy = False') + '\n    def _fail(self):\n        self._finish()\n\n    def _finish(self):\n        self._busy = False\n' },
    { name: 'replaced and cleared containers', code: worker('self._active.add(key)\ntry:\n    await work()\nexcept Exception:\n    self._active.clear()\n    raise\nself._active.discard(key)', 'self._active') },
    { name: 'a dictionary of the library', code: 'import os\n\ndef run():\n    if os.environ:\n        return\n    os.environ["A"] = "1"\n    work()\n    del os.environ["A"]\n' },
    { name: 'another element is asked', code: '_state = {}\n\ndef run():\n    if _state["other"]:\n        return\n    _state["busy"] = True\n    work()\n    _state["busy"] = False\n' },
    { name: 'the same condition sets and clears', code: module('nested = _depth()\nif not nested:\n    _running = True\nif not nested:\n    _running = False') },
    { name: 'the end of the process', code: module('_running = True\nif broken:\n    sys.exit(1)\n_running = False', 'import sys\n_running = False') },
    { name: 'static methods have no self', code: 'class Worker:\n    def start(self):\n        if self._busy:\n            return\n\n    @staticmethod\n    def run(self):\n        self._busy = True\n        work()\n        self._busy = False\n' },
    { name: 'what else goes wrong in the finally', code: module('_running = True\ntry:\n    process()\nfinally:\n    close()\n    if _running:\n        _running = False') },
    { name: 'what can not fail in between', code: module('_running = True\ntable[1] = 2\nACTIVE.add(1)\ntry:\n    process()\nfinally:\n    _running = False', 'ACTIVE = set()\n_running = False') },
    { name: 'handed over: another function undoes it', code: 'class Server:\n    def __init__(self):\n        self._server = None\n\n    async def start(self):\n        if self._server:\n            return\n        self._server = await listen()\n        if not self._server.sockets:\n            self._server = None\n            return\n        self.announce()\n\n    def stop(self):\n        self._server = None\n' },
    { name: 'what was put into a container is taken out because something failed', code: worker('self._tags.append(key)\ntry:\n    await work()\nexcept Exception:\n    self._tags.remove(key)\n    raise', 'self._tags') },
  ],
  invalid: [],
})

tester.run('restore-shared-state: leaks', restoreSharedState, {
  valid: [],
  invalid: [
    {
      name: 'the example: an exception or a return leaves the flag set',
      code: python`
        _running = False
        def on_tick():
            global _running
            if _running:
                return
            _running = True
            items = fetch()            # may raise
            if not items:
                return                 # leaves _running set
            process(items)
            _running = False
      `,
      errors: [
        {
          messageId: 'refused',
          line: 6,
          message:
            '`_running` is set here and cleared on line 11, but an exception from `fetch()` on line 7 (or the `return` on line 9) leaves it set, ' +
            'and `on_tick()` then refuses to run. Clear it in a `finally`.',
          suggestions: [
            {
              messageId: 'moveIntoFinally',
              output: python`
                _running = False
                def on_tick():
                    global _running
                    if _running:
                        return
                    _running = True
                    try:
                        items = fetch()            # may raise
                        if not items:
                            return                 # leaves _running set
                        process(items)
                    finally:
                        _running = False
              `,
            },
          ],
        },
      ],
    },
    {
      name: 'the example: a context variable in a middleware',
      files: { 'app/__init__.py': '', 'app/context.py': 'from contextvars import ContextVar\n\ntenant_ctx: ContextVar[str | None] = ContextVar("tenant", default=None)\n' },
      code: python`
        from app.context import tenant_ctx

        async def middleware(request, call_next):
            token = tenant_ctx.set(request.tenant_id)
            response = await call_next(request)
            tenant_ctx.reset(token)
            return response
      `,
      errors: [{ messageId: 'reset', line: 4, message: '`tenant_ctx` is set here and reset on line 6, but an exception from `call_next()` on line 5 leaves the value for what runs next in this context. Reset it in a `finally`.', suggestions: 1 }],
    },
    { name: 'only a return', code: module('_running = True\nif not items:\n    return\n_running = False'), errors: [{ message: /but the `return` on line 11 leaves it set, and `may_start\(\)` still goes by it/, messageId: 'told', line: 9, suggestions: 1 }] },
    { name: 'only a raise', code: module('_running = True\nif not items:\n    raise Broken\n_running = False'), errors: [{ message: /but the `raise` on line 11 leaves it set/, line: 9, suggestions: 1 }] },
    { name: 'the end of the function', code: module('_running = True\nif items:\n    _running = False\n'), errors: [{ message: /but the end of the function leaves it set/, line: 9, suggestions: null }] },
    { name: 'a subscript and an await', code: module('_running = True\nvalue = table[key]\n_running = False'), errors: [{ message: /an exception on line 10/, line: 9, suggestions: 1 }] },
    { name: 'a yield that is given up', code: module('_running = True\nyield\n_running = False'), errors: [{ message: /an exception at the `yield` on line 10/, line: 9, suggestions: 1 }] },
    { name: 'a handler that returns without a reset', code: module('_running = True\ntry:\n    process()\nexcept Exception:\n    return None\n_running = False'), errors: [{ message: /an exception from `process\(\)` on line 11 leaves/, line: 9, suggestions: 1 }] },
    { name: 'a typed handler without a reset lets the others out', code: module('_running = True\ntry:\n    process()\nexcept ValueError:\n    pass\n_running = False'), errors: [{ line: 9, suggestions: 1 }] },
    { name: 'a reset in else and in one of two handlers', code: module('_running = True\ntry:\n    process()\nexcept ValueError:\n    _running = False\n    raise\nexcept OSError:\n    raise\nelse:\n    _running = False'), errors: [{ line: 9, suggestions: null }] },
    { name: 'a reset in handlers only, and nowhere else', code: module('_running = True\ntry:\n    process()\nexcept Exception:\n    _running = False\n    raise'), errors: [{ message: /the end of the function/, line: 9, suggestions: null }] },
    { name: 'a flag the other way round', code: 'class Pool:\n    def __init__(self):\n        self._idle = True\n\n    def run(self):\n        assert self._idle\n        self._idle = False\n        work()\n        self._idle = True\n', errors: [{ line: 7, suggestions: 1 }] },
    { name: 'a value and None', code: worker('self._task = create_task(work())\nawait self._task\nself._task = None', 'self._task is not None'), errors: [{ messageId: 'refused', message: /an exception from|an exception on line 10/, line: 9, suggestions: 1 }] },
    { name: 'annotated and chained assignments', code: worker('self._busy: bool = True\nawait work()\nself._other = self._busy = False'), errors: [{ line: 9, suggestions: null }] },
    { name: 'a counter', code: worker('self._depth += 1\nawait work()\nself._depth -= 1', 'self._depth > 3'), errors: [{ line: 9, suggestions: 1 }] },
    { name: 'a counter that goes down first', code: worker('self._free -= 1\nawait work()\nself._free += 1', 'self._free'), errors: [{ line: 9, suggestions: 1 }] },
    { name: 'del of an element', code: worker('self._jobs[key] = 1\nawait work()\ndel self._jobs[key]', 'key in self._jobs'), errors: [{ message: /`self\._jobs\[key\]` is set here/, line: 9, suggestions: 1 }] },
    { name: 'pop of an element', code: worker('self._jobs[key] = 1\nawait work()\nself._jobs.pop(key, None)', 'key in self._jobs'), errors: [{ line: 9, suggestions: 1 }] },
    { name: 'add and discard', code: worker('self._jobs.add(key)\nawait work()\nself._jobs.discard(key)', 'key in self._jobs'), errors: [{ message: /`self\._jobs` is set here/, line: 9, suggestions: 1 }] },
    { name: 'add and remove', code: worker('self._jobs.add(key)\nawait work()\nself._jobs.remove(key)', 'key in self._jobs'), errors: [{ line: 9, suggestions: 1 }] },
    { name: 'append and remove', code: worker('self._jobs.append(key)\nawait work()\nself._jobs.remove(key)', 'len(self._jobs) > 3'), errors: [{ line: 9, suggestions: 1 }] },
    { name: 'append and pop', code: worker('self._jobs.append(key)\nawait work()\nself._jobs.pop()', 'self._jobs'), errors: [{ line: 9, suggestions: 1 }] },
    { name: 'an element of a container of the module, by a constant key', code: '_state = {"busy": False}\n\ndef run():\n    if _state["busy"]:\n        return\n    _state["busy"] = True\n    work()\n    _state["busy"] = False\n', errors: [{ line: 6, suggestions: 1 }] },
    { name: 'a container of the module needs no global', code: 'ACTIVE = set()\n\ndef run(key):\n    while key in ACTIVE:\n        return\n    ACTIVE.add(key)\n    work()\n    ACTIVE.discard(key)\n', errors: [{ line: 6, suggestions: 1 }] },
    { name: 'a container of another module', files: { 'app/__init__.py': '', 'app/state.py': 'ACTIVE = set()\nrunning = False\n' }, code: 'from app import state\nfrom app.state import ACTIVE as BUSY\n\ndef run(key):\n    if key in BUSY or state.running:\n        return\n    BUSY.add(key)\n    state.running = True\n    work()\n    state.running = False\n    BUSY.discard(key)\n', errors: [{ line: 7, suggestions: 1 }, { line: 8, suggestions: 1 }] },
    { name: 'attributes of a class', code: 'class Worker:\n    busy = False\n\n    @classmethod\n    def run(cls):\n        if cls.busy:\n            return\n        cls.busy = True\n        work()\n        cls.busy = False\n\n    def again(self):\n        if Worker.busy:\n            return\n        Worker.busy = True\n        work()\n        Worker.busy = False\n', errors: [{ line: 8, suggestions: 1 }, { line: 15, suggestions: 1 }] },
    { name: 'guards: while, assert, a conditional expression, the if of a comprehension, elif', code: ['while self._busy:\n            pass', 'assert not self._busy', 'x = 1 if self._busy else 2', 'x = [y for y in z if self._busy]', 'if x:\n            pass\n        elif self._busy:\n            pass'].map((guard, i) => `class Worker${i}:\n    def start(self):\n        ${guard}\n\n    def run(self):\n        self._busy = True\n        work()\n        self._busy = False\n`).join('\n'), errors: 5 },
    { name: 'a self that is called otherwise, in a nested function', code: 'class Worker:\n    def start(this):\n        if this._busy:\n            return\n\n        def run():\n            this._busy = True\n            work()\n            this._busy = False\n        run()\n', errors: [{ line: 7, suggestions: 1 }] },
    {
      name: 'locks: of the object, of a module, a parameter, awaited',
      code: python`
        import asyncio
        import multiprocessing
        from threading import Lock, Semaphore

        LOCK = multiprocessing.RLock()

        class Store:
            def __init__(self):
                self._lock = Lock()
                self._gate = asyncio.Semaphore(4)

            def save(self, row):
                self._lock.acquire()
                write(row)
                self._lock.release()

            async def load(self, row):
                await self._gate.acquire()
                await read(row)
                self._gate.release()

        def once(slots: Semaphore):
            LOCK.acquire()
            slots.acquire()
            work()
            slots.release()
            LOCK.release()
      `,
      errors: [
        { messageId: 'locked', line: 13, message: '`self._lock` is acquired here and released on line 15, but an exception from `write()` on line 14 leaves it locked, and the next one waits for ever. Use `with`, or release it in a `finally`.', suggestions: 1 },
        { messageId: 'locked', line: 18, suggestions: 1 },
        { messageId: 'locked', line: 23, suggestions: 1 },
        { messageId: 'locked', line: 24, suggestions: 1 },
      ],
    },
    { name: 'a lock that is asked for, and an exception before the release', code: 'import threading\nLOCK = threading.Lock()\n\ndef work(job):\n    if not LOCK.acquire(timeout=3):\n        return\n    job.run()\n    LOCK.release()\n', errors: [{ line: 5, message: /an exception from `job\.run\(\)` on line 7 leaves/, suggestions: null }] },
    { name: 'a continue skips the reset', code: module('for item in items:\n    _running = True\n    if not item:\n        continue\n    _running = False'), errors: [{ line: 10, suggestions: 1 }] },
    { name: 'a constructor is no other function that undoes it', code: 'class Worker:\n    def __init__(self):\n        self._busy = False\n\n    def run(self):\n        if self._busy:\n            return None\n        self._busy = True\n        if not self.rows:\n            return None\n        self._busy = False\n', errors: [{ messageId: 'refused', line: 8, suggestions: 1 }] },
    { name: 'an exception leaves it set although another function may clear it', code: worker('self._busy = True\nawait work()\nself._busy = False') + '\n    def stop(self):\n        self._busy = False\n', errors: [{ line: 9, suggestions: 1 }] },
    { name: 'an exception in the finally before a set in it', code: module('try:\n    a()\nfinally:\n    _running = True\n    work()\n    _running = False'), errors: [{ line: 12, suggestions: 1 }] },
    { name: 'guards that ask for the state to be set', code: worker('self._busy = True\nawait work()\nself._busy = False', 'not self._busy'), errors: [{ messageId: 'told', message: /and `start\(\)` still goes by it/, line: 9, suggestions: 1 }] },
    { name: 'a generator dependency', code: 'from contextvars import ContextVar\n\ntenant = ContextVar("tenant")\n\nasync def tenant_scope(request):\n    token = tenant.set(request.tenant)\n    yield\n    tenant.reset(token)\n', errors: [{ messageId: 'reset', line: 6, suggestions: 1 }] },
    { name: 'a context variable of the class, and of the object', code: 'from contextvars import ContextVar\n\nclass Scope:\n    current: ContextVar[int] = ContextVar("current")\n\n    def run(self, value):\n        token = self.current.set(value)\n        work()\n        self.current.reset(token)\n', errors: [{ messageId: 'reset', line: 7, suggestions: 1 }] },
    { name: 'match', code: module('_running = True\nmatch kind:\n    case 1:\n        return\n    case _:\n        pass\n_running = False'), errors: [{ line: 9, suggestions: 1 }] },
    { name: 'multi-line strings keep their lines, and what is undone twice gets no suggestion', code: worker('self._busy = True\n\nawait work("""\n  a\n""")\n# done\n\nself._busy = False'), errors: [{ line: 9, suggestions: [{ messageId: 'moveIntoFinally', output: `\n${worker('self._busy = True\n\ntry:\n    await work("""').trim()}\n          a\n        """)\n            # done\n        finally:\n            self._busy = False\n` }] }] },
    { name: 'two resets of an element', code: worker('self._jobs[key] = 1\nif not key:\n    del self._jobs[key]\n    return\nawait work()\ndel self._jobs[key]', 'key in self._jobs'), errors: [{ line: 9, suggestions: null }] },
    { name: 'reports the last of two sets', code: module('_running = True\nif a:\n    pass\n_running = True\nwork()\n_running = False'), errors: [{ line: 12, suggestions: 1 }] },
    { name: 'without a guard', options: [{ requireGuard: false }], code: 'class Worker:\n    def run(self):\n        self._busy = True\n        work()\n        self._busy = False\n', errors: [{ messageId: 'left', line: 3, suggestions: 1 }] },
  ],
})

const POLLER = `from contextlib import suppress

class Poller:
    def __init__(self):
        self._busy = False

    def cancel(self):
        self._busy = False
`

function poller(body: string): string {
  return `${POLLER}\n    def poll(self):\n        if self._busy:\n            return\n${body.replace(/^/gm, '        ')}\n`
}

tester.run('restore-shared-state: what others clear, too, and suppressed errors', restoreSharedState, {
  valid: [
    { name: 'suppressed', code: poller('self._busy = True\nwith suppress(Exception):\n    run()\nself._busy = False') },
    { name: 'set for good unless it fails', code: poller('self._busy = True\nif not connect:\n    self._busy = False\n    return\nself.connected = 1') },
  ],
  invalid: [
    { name: 'an early return, though another method clears it', code: poller('self._busy = True\nif not ready:\n    return\nself._busy = False'), errors: [{ messageId: 'refused', line: 13, suggestions: 1 }] },
    { name: 'only some errors are suppressed', code: poller('self._busy = True\nwith suppress(KeyError):\n    run()\nself._busy = False'), errors: [{ messageId: 'refused', line: 13, suggestions: 1 }] },
  ],
})
