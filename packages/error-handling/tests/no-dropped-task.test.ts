import { python, RuleTester } from '@krait/rule-tester'
import { noDroppedTask } from '../src/rules/no-dropped-task.ts'

const tester = new RuleTester()

tester.run('no-dropped-task', noDroppedTask, {
  valid: [
    {
      name: 'kept, awaited, returned, yielded, passed on, stored',
      code: python`
        import asyncio

        background = set()
        current = None

        class Service:
            async def start(self, tasks, loop: asyncio.AbstractEventLoop):
                task = asyncio.create_task(run())
                background.add(task)
                task.add_done_callback(background.discard)
                self._task = asyncio.create_task(run())
                tasks["a"] = asyncio.ensure_future(run())
                tasks.append(asyncio.create_task(run()))
                await asyncio.create_task(run())
                await loop.run_in_executor(None, work)
                await asyncio.gather(*[asyncio.create_task(run()) for _ in range(3)])
                asyncio.create_task(run()).add_done_callback(print)
                kept = [asyncio.create_task(run()) for _ in range(3)]
                return asyncio.create_task(run())

            def jobs(self):
                yield asyncio.ensure_future(run())

            def set_current(self):
                global current
                current = asyncio.ensure_future(run())

            def set_outer(self):
                task = None
                def start():
                    nonlocal task
                    task = asyncio.ensure_future(run())
                start()
                return lambda: task

            def in_closure(self):
                task = asyncio.ensure_future(run())
                def stop():
                    task.cancel()
                return stop

            def rebound(self, quick):
                task = asyncio.ensure_future(run())
                if quick:
                    task = asyncio.ensure_future(quick())
                return task

        module_task = asyncio.ensure_future(run())
      `,
    },
    {
      name: 'task groups and nurseries',
      code: python`
        import asyncio
        import anyio
        import trio

        async def main():
            async with asyncio.TaskGroup() as tg:
                tg.create_task(run())
            async with anyio.create_task_group() as group:
                group.start_soon(run)
                group.create_task(run())
            async with trio.open_nursery() as nursery:
                nursery.start_soon(run)
      `,
    },
    {
      name: 'functions that tell of their errors',
      path: 'app/main.py',
      files: {
        'app/__init__.py': '',
        'app/jobs.py': python`
          import logging

          logger = logging.getLogger(__name__)

          def build(report):
              """Builds it."""
              try:
                  write(report)
              except ValueError:
                  pass
              except Exception:
                  logger.exception("failed")

          def report(error):
              logger.error("failed", exc_info=error)

          async def poll():
              try:
                  await step()
              except BaseException as error:
                  report(error)
                  raise

          class Runner:
              def work(self):
                  try:
                      self.step()
                  except:
                      logger.exception("failed")
        `,
      },
      code: python`
        import asyncio
        import functools
        from concurrent.futures import ThreadPoolExecutor
        from app.jobs import build, poll, Runner

        pool = ThreadPoolExecutor(4)

        def start(loop: asyncio.AbstractEventLoop, runner: Runner):
            pool.submit(build, 1)
            pool.submit(functools.partial(build, 1))
            pool.submit(runner.work)
            loop.run_in_executor(None, build, 1)
            loop.run_in_executor(pool, runner.work)
            asyncio.run_coroutine_threadsafe(poll(), loop)

            def inner():
                try:
                    build(2)
                except Exception as error:
                    print_error(error)
                    import traceback
                    traceback.print_exc()
            pool.submit(inner)
      `,
    },
    {
      name: 'other things of the same names',
      code: python`
        from app.forms import create_task, submit

        def run(form, loop, pool, api):
            create_task(form)
            submit(form)
            form.submit(api)
            loop.create_task(run())
            pool.submit(run)
            api.create_task("buy milk")
            api.run_in_executor(run)
      `,
    },
    {
      name: 'lambdas whose result somebody gets, and test code',
      code: python`
        import asyncio

        def run(loop, menu):
            menu.on_click(lambda: asyncio.create_task(work()))
            start = lambda: asyncio.create_task(work())
            print(lambda: asyncio.create_task(work()))
      `,
    },
    { path: 'tests/test_app.py', code: 'import asyncio\n\nasync def test():\n    asyncio.create_task(run())\n' },
  ],
  invalid: [
    {
      name: 'a loop in place of one that may not be given',
      code: python`
        import asyncio

        class Group:
            def create_task(self, coroutine): ...

        class Poller:
            def __init__(self, loop=None, group=None):
                self._loop = loop or asyncio.get_event_loop()
                self._group = group or Group()

            def start(self):
                self._loop.create_task(poll())
                self._group.create_task(poll())

        def start(loop=None, pool=None):
            if loop is None:
                loop = asyncio.get_running_loop()
            loop.create_task(poll())
            pool.submit(poll)
      `,
      errors: [
        { messageId: 'task', line: 12, suggestions: 1 },
        { messageId: 'task', line: 18, suggestions: 1 },
      ],
    },
    {
      name: 'tasks of asyncio',
      code: python`
        import asyncio
        import asyncio as aio
        from asyncio import create_task as spawn, ensure_future

        async def on_startup() -> None:
            asyncio.create_task(refresh_cache())
            _ = asyncio.get_running_loop().create_task(warm())
            spawn(self.client.listen())
            ensure_future(job)
            aio.create_task(
                run(1),
                name="run",
            )
            unread = asyncio.create_task(run(2))
            (asyncio.create_task(run(3)))
            ready and asyncio.create_task(run(4))
            other: asyncio.Task = asyncio.create_task(run(5))
      `,
      errors: [
        {
          messageId: 'task',
          message:
            'The task running `refresh_cache()` is not kept: its exception is lost and it may be garbage-collected before it ends. Keep a reference (and look at its result), or use a `TaskGroup`.',
          line: 6,
          suggestions: 1,
        },
        { messageId: 'task', line: 7, data: { running: 'warm()' } },
        { messageId: 'task', line: 8, data: { running: 'self.client.listen()' }, suggestions: 1 },
        { messageId: 'task', line: 9, data: { running: 'job' }, suggestions: 1 },
        { line: 10, suggestions: 1 },
        { line: 14, suggestions: 1 },
        { line: 15 },
        { line: 16 },
        { line: 17, suggestions: 1 },
      ],
    },
    {
      name: 'event loops',
      code: python`
        import asyncio

        class MyLoop(asyncio.SelectorEventLoop): ...

        class Service:
            def __init__(self, loop: asyncio.AbstractEventLoop) -> None:
                self.loop = loop
                self.own = asyncio.new_event_loop()

            def start(self, other: "MyLoop"):
                self.loop.create_task(run())
                self.own.create_task(run())
                other.create_task(run())
                loop = asyncio.get_event_loop()
                loop.create_task(run())
                loop.run_in_executor(None, work, 1)
                asyncio.run_coroutine_threadsafe(run(), loop)
                future = asyncio.run_coroutine_threadsafe(run(), loop=loop)
      `,
      errors: [
        { messageId: 'task', line: 11, suggestions: 1 },
        { messageId: 'task', line: 12, suggestions: 1 },
        { messageId: 'task', line: 13, suggestions: 1 },
        { messageId: 'task', line: 15, suggestions: 1 },
        {
          messageId: 'future',
          line: 16,
          message: 'The future of `work()` is not kept: its exception is never raised anywhere. Keep it and look at its result, or let `work()` log its own errors.',
        },
        { messageId: 'future', line: 17 },
        { messageId: 'future', line: 18 },
      ],
    },
    {
      name: 'executors',
      code: python`
        import concurrent.futures
        from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor

        pool = ThreadPoolExecutor(4)

        class Reports:
            def __init__(self):
                self._pool = concurrent.futures.ThreadPoolExecutor()

            def enqueue(self, given: ProcessPoolExecutor | None, rows):
                pool.submit(build, 1)
                self._pool.submit(self.build, 1)
                given.submit(build)
                with ThreadPoolExecutor() as executor:
                    executor.submit(build)
                    [executor.submit(build, row) for row in rows]
                    for row in rows:
                        executor.submit(lambda: build(row))
                unused = pool.submit(quiet)

        def quiet():
            try:
                build(1)
            except Exception:
                pass

        def build(n): ...
      `,
      errors: [
        ...[11, 12, 13, 15, 16].map((line) => ({ messageId: 'future' as const, line })),
        { messageId: 'future', line: 18, data: { running: 'lambda' } },
        { messageId: 'future', line: 19 },
      ],
    },
    {
      name: 'callbacks and comprehensions',
      code: python`
        import asyncio

        def run(loop, future, rows):
            loop.call_soon(lambda: asyncio.create_task(work()))
            loop.call_later(5, lambda: (print(1), asyncio.ensure_future(work())))
            future.add_done_callback(lambda f: asyncio.create_task(work(f)))
            [asyncio.create_task(work(row)) for row in rows]
            {asyncio.create_task(work(row)) for row in rows if row}
      `,
      errors: [4, 5, 6, 7, 8].map((line) => ({ messageId: 'task', line })),
    },
    {
      name: 'further functions',
      options: [{ calls: ['app.tasks.spawn', 'app.tasks.Group.start'] }],
      path: 'app/main.py',
      files: { 'app/__init__.py': '', 'app/tasks.py': 'def spawn(coro): ...\n\nclass Group:\n    def start(self, coro): ...\n' },
      code: python`
        from app.tasks import Group, spawn

        async def run(group: Group):
            spawn(work())
            group.start(work())
            kept.append(spawn(work()))
      `,
      errors: [
        { messageId: 'task', line: 4, suggestions: 1 },
        { messageId: 'task', line: 5, suggestions: 1 },
      ],
    },
    {
      name: 'suggestions: the set of the module',
      code: python`
        import asyncio

        async def start():
            if ready:
                asyncio.create_task(work())
      `,
      errors: [
        {
          suggestions: [
            {
              messageId: 'keepTask',
              output: python`
                import asyncio

                background_tasks = set()

                async def start():
                    if ready:
                        task = asyncio.create_task(work())
                        background_tasks.add(task)
                        task.add_done_callback(background_tasks.discard)
              `,
            },
          ],
        },
      ],
    },
    {
      name: 'suggestions: a name that is there, a set that is there',
      code: python`
        import asyncio

        background_tasks = set()

        async def start():
            job = asyncio.create_task(work())
      `,
      errors: [
        {
          suggestions: [
            {
              messageId: 'keepTask',
              output: python`
                import asyncio

                background_tasks = set()

                async def start():
                    job = asyncio.create_task(work())
                    background_tasks.add(job)
                    job.add_done_callback(background_tasks.discard)
              `,
            },
          ],
        },
      ],
    },
    {
      name: 'suggestions: a task group',
      code: python`
        import asyncio

        async def start():
            async with asyncio.TaskGroup() as tg:
                asyncio.create_task(work(), name="work")
      `,
      errors: [
        {
          suggestions: [
            {
              messageId: 'useGroup',
              output: python`
                import asyncio

                async def start():
                    async with asyncio.TaskGroup() as tg:
                        tg.create_task(work(), name="work")
              `,
            },
            {
              messageId: 'keepTask',
              output: python`
                import asyncio

                background_tasks = set()

                async def start():
                    async with asyncio.TaskGroup() as tg:
                        task = asyncio.create_task(work(), name="work")
                        background_tasks.add(task)
                        task.add_done_callback(background_tasks.discard)
              `,
            },
          ],
        },
      ],
    },
  ],
})
