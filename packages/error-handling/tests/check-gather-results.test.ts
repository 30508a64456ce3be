import { python, RuleTester } from '@krait/rule-tester'
import { checkGatherResults } from '../src/rules/check-gather-results.ts'

const tester = new RuleTester()

tester.run('check-gather-results', checkGatherResults, {
  valid: [
    {
      name: 'the names are put together to inspect them',
      code: python`
        import asyncio

        async def load(uid):
            profile, orders = await asyncio.gather(get_profile(uid), get_orders(uid), return_exceptions=True)
            for part in (profile, orders):
                if isinstance(part, BaseException):
                    raise part
            return profile, orders

        async def load_named(uid):
            profile, orders = await asyncio.gather(get_profile(uid), get_orders(uid), return_exceptions=True)
            for name, part in {"profile": profile, "orders": orders}.items():
                if isinstance(part, BaseException):
                    log.error("%s failed", name, exc_info=part)
            return profile, orders

        async def load_all(uid):
            profile, orders = await asyncio.gather(get_profile(uid), get_orders(uid), return_exceptions=True)
            if any(isinstance(part, Exception) for part in [profile, orders]):
                return None
            return profile, orders
      `,
    },
    {
      name: 'each item is inspected',
      code: python`
        import asyncio

        async def one(devices):
            results = await asyncio.gather(*(push(d) for d in devices), return_exceptions=True)
            for device, result in zip(devices, results, strict=True):
                if isinstance(result, BaseException):
                    logger.error("push to %s failed", device.id, exc_info=result)

        async def two(devices):
            results = await asyncio.gather(*map(push, devices), return_exceptions=True)
            failures = [r for r in results if isinstance(r, (ValueError, Exception))]
            return len(failures)

        async def three(devices):
            for i, (device, result) in enumerate(zip(devices, await asyncio.gather(*map(push, devices), return_exceptions=True))):
                match result:
                    case Exception():
                        print(i)

        async def four(devices):
            results = await asyncio.gather(*map(push, devices), return_exceptions=True)
            for i in range(len(results)):
                if type(results[i]) is ValueError:
                    return None

        async def five(devices):
            if any(isinstance(r, Exception) for r in await asyncio.gather(*map(push, devices), return_exceptions=True)):
                raise ValueError

        async def six(devices):
            results = await asyncio.gather(*map(push, devices), return_exceptions=True)
            return [handle(r) for r in results]

        async def seven(devices):
            results = await asyncio.gather(*map(push, devices), return_exceptions=True)
            logger.info("done %s", results)

        async def eight(devices):
            a, b = await asyncio.gather(push(1), push(2), return_exceptions=True)
            if isinstance(a, Exception):
                raise a
            check(b)

        async def nine(devices):
            results = await asyncio.gather(*map(push, devices), return_exceptions=True)
            good = list(filter(lambda r: not isinstance(r, BaseException), results))
            return good

        async def ten(devices):
            outcome = dict(zip(devices, await asyncio.gather(*map(push, devices), return_exceptions=True)))
            for device, result in outcome.items():
                if isinstance(result, Exception):
                    print(device)

        async def eleven(devices):
            results = list(await asyncio.gather(*map(push, devices), return_exceptions=True))
            first = results[0]
            if isinstance(first, Exception):
                raise first

        async def twelve(devices):
            return [r for r in await asyncio.gather(*map(push, devices), return_exceptions=True) if not isinstance(r, Exception)]

        async def thirteen(devices):
            if (results := await asyncio.gather(*map(push, devices), return_exceptions=True)) and isinstance(results[-1], OSError):
                raise results[-1]

        async def fourteen(devices):
            results = await asyncio.gather(*map(push, devices), return_exceptions=True)
            x, y = results
            return merge(x), merge(y)
      `,
    },
    {
      name: 'the list as a whole goes elsewhere',
      code: python`
        import asyncio

        class Batch:
            async def returned(self, jobs):
                return await asyncio.gather(*jobs, return_exceptions=True)

            async def named(self, jobs):
                results = await asyncio.gather(*jobs, return_exceptions=True)
                return results

            async def stored(self, jobs):
                self.results = await asyncio.gather(*jobs, return_exceptions=True)
                results = await asyncio.gather(*jobs, return_exceptions=True)
                self.all["x"] = results

            async def yielded(self, jobs):
                yield await asyncio.gather(*jobs, return_exceptions=True)

            async def passed(self, jobs):
                check(await asyncio.gather(*jobs, return_exceptions=True))
                check(*await asyncio.gather(*jobs, return_exceptions=True))
                results = await asyncio.gather(*jobs, return_exceptions=True)
                self.check(data=results)
      `,
    },
    {
      name: 'waiting for the end',
      code: python`
        import asyncio
        from contextlib import asynccontextmanager

        class Service:
            async def drain(self):
                for task in self._tasks:
                    task.cancel()
                await asyncio.gather(*self._tasks, return_exceptions=True)

            async def run(self, tasks):
                try:
                    await self.work()
                finally:
                    await asyncio.gather(*tasks, return_exceptions=True)

            async def _shutdown(self):
                await asyncio.gather(*self._tasks, return_exceptions=True)

            async def dispose_all(self):
                _ = await asyncio.gather(*self._tasks, return_exceptions=True)

            async def __aexit__(self, *args):
                await asyncio.gather(*self._tasks, return_exceptions=True)

            async def wait_all(self, tasks):
                await asyncio.gather(*tasks, return_exceptions=True)
                for task in tasks:
                    print(task.result())

        @asynccontextmanager
        async def opened(tasks):
            yield tasks
            await asyncio.gather(*tasks, return_exceptions=True)

        async def lifespan(app):
            yield
            await asyncio.gather(*app.tasks, return_exceptions=True)
      `,
    },
    {
      name: 'coroutines that let no error out',
      path: 'app/main.py',
      files: {
        'app/__init__.py': '',
        'app/push.py': python`
          class Pusher:
              async def push(self, device):
                  """Never fails."""
                  try:
                      await self.send(device)
                  except Exception:
                      logger.exception("failed")

          async def ping(device):
              try:
                  await send(device)
              except:
                  pass
        `,
      },
      code: python`
        import asyncio
        from app.push import ping, Pusher

        async def run(pusher: Pusher, devices):
            await asyncio.gather(*(pusher.push(d) for d in devices), return_exceptions=True)
            await asyncio.gather(ping(1), asyncio.create_task(ping(2)), return_exceptions=True)
            jobs = [ping(d) for d in devices]
            await asyncio.gather(*jobs, return_exceptions=True)
            tasks = []
            for d in devices:
                tasks.append(asyncio.create_task(ping(d)))
            await asyncio.gather(*tasks, return_exceptions=True)
      `,
    },
    {
      name: 'other calls',
      code: python`
        import asyncio
        from app.tools import gather

        async def run(jobs, flag):
            await asyncio.gather(*jobs)
            await asyncio.gather(*jobs, return_exceptions=False)
            await asyncio.gather(*jobs, return_exceptions=flag)
            await gather(*jobs, return_exceptions=True)
            await asyncio.wait(jobs)
      `,
    },
    { path: 'tests/test_app.py', code: 'import asyncio\n\nasync def test():\n    await asyncio.gather(run(), return_exceptions=True)\n' },
  ],
  invalid: [
    {
      name: 'suggestions keep a comment with its statement, and leave a future alone that is awaited later',
      code: python`
        import asyncio
        import logging

        logger = logging.getLogger(__name__)

        async def push_all(devices):
            results = await asyncio.gather(*map(push, devices), return_exceptions=True)  # all at once
            return len(results)

        async def push_later(devices):
            future = asyncio.gather(*map(push, devices), return_exceptions=True)
            await future
      `,
      errors: [
        {
          line: 7,
          suggestions: [
            {
              messageId: 'logExceptions',
              output: python`
                import asyncio
                import logging

                logger = logging.getLogger(__name__)

                async def push_all(devices):
                    results = await asyncio.gather(*map(push, devices), return_exceptions=True)  # all at once
                    for result in results:
                        if isinstance(result, BaseException):
                            logger.error("gather() failed", exc_info=result)
                    return len(results)

                async def push_later(devices):
                    future = asyncio.gather(*map(push, devices), return_exceptions=True)
                    await future
              `,
            },
          ],
        },
        { line: 11 },
      ],
    },
    {
      name: 'the names are put together and not inspected',
      code: python`
        import asyncio

        async def load(uid):
            profile, orders = await asyncio.gather(get_profile(uid), get_orders(uid), return_exceptions=True)
            return [profile, orders]

        async def render(uid):
            profile, orders = await asyncio.gather(get_profile(uid), get_orders(uid), return_exceptions=True)
            return template({"profile": profile, "orders": orders})
      `,
      errors: [{ line: 4 }, { line: 8 }],
    },
    {
      name: 'dropped',
      code: python`
        import asyncio
        import asyncio as aio
        from asyncio import gather as collect

        QUIET = True

        async def run(devices, loop):
            await asyncio.gather(*(push(d) for d in devices), return_exceptions=True)
            _ = await aio.gather(*devices, return_exceptions=QUIET)
            unused = await collect(
                *devices,
                return_exceptions=True,
            )
            await asyncio.wait_for(asyncio.gather(*devices, return_exceptions=True), 5)
            a, b = await asyncio.gather(one(), two(), return_exceptions=True)
            await asyncio.gather(*devices, **{"return_exceptions": True})
      `,
      errors: [
        {
          messageId: 'dropped',
          message:
            '`gather(..., return_exceptions=True)` puts exceptions in its result, but nothing looks at it. Test each item with `isinstance(item, BaseException)`, or drop `return_exceptions` and let the first failure propagate.',
          line: 8,
        },
        ...[9, 10, 14, 15, 16].map((line) => ({ messageId: 'dropped' as const, line })),
      ],
    },
    {
      name: 'used as data',
      code: python`
        import asyncio

        async def one(uid):
            profile, orders = await asyncio.gather(get_profile(uid), get_orders(uid), return_exceptions=True)
            return Dashboard(profile=profile, orders=orders)

        async def two(jobs):
            results = await asyncio.gather(*jobs, return_exceptions=True)
            return sum(results)

        async def three(jobs):
            results = await asyncio.gather(*jobs, return_exceptions=True)
            for i, r in enumerate(results):
                print(i, r.name)

        async def four(jobs):
            results = await asyncio.gather(*jobs, return_exceptions=True)
            if results and all(results) and len(results) > 3:
                return [r.id for r in results if r]

        async def five(jobs):
            a, b = await asyncio.gather(*jobs, return_exceptions=True)
            if isinstance(a, Exception):
                raise a
            return b

        async def six(jobs):
            for r in await asyncio.gather(*jobs, return_exceptions=True):
                if isinstance(r, dict):
                    total = r["x"]

        async def seven(jobs):
            results = await asyncio.gather(*jobs, return_exceptions=True)
            first = results[0]
            return first

        async def part(jobs):
            results = await asyncio.gather(*jobs, return_exceptions=True)
            return [r for r in results if r]

        async def eight(jobs):
            print(await asyncio.gather(*jobs, return_exceptions=True))
      `,
      errors: [
        {
          messageId: 'unchecked',
          message:
            '`gather(..., return_exceptions=True)` puts exceptions in `profile`, `orders`, but nothing checks them. Test each item with `isinstance(item, BaseException)`, or drop `return_exceptions` and let the first failure propagate.',
          line: 4,
        },
        { messageId: 'unchecked', line: 8, data: { results: '`results`' } },
        { messageId: 'unchecked', line: 12 },
        { messageId: 'unchecked', line: 17 },
        { messageId: 'unchecked', line: 22, data: { results: '`b`' } },
        { messageId: 'unchecked', line: 28, data: { results: 'its result' } },
        { messageId: 'unchecked', line: 33 },
        { messageId: 'unchecked', line: 38 },
        { messageId: 'unchecked', line: 42 },
      ],
    },
    {
      name: 'left out without a word, with the option',
      options: [{ allowSilentFilter: false }],
      code: python`
        import asyncio

        async def one(jobs):
            results = await asyncio.gather(*jobs, return_exceptions=True)
            return [r for r in results if not isinstance(r, Exception)]

        async def two(jobs):
            for r in await asyncio.gather(*jobs, return_exceptions=True):
                if isinstance(r, Exception):
                    continue
                print(r)

        async def three(jobs):
            results = await asyncio.gather(*jobs, return_exceptions=True)
            failed = [r for r in results if isinstance(r, Exception)]
            return [r for r in results if not isinstance(r, Exception)]
      `,
      errors: [
        { messageId: 'skipped', line: 4 },
        { messageId: 'skipped', line: 8 },
      ],
    },
    {
      name: 'a coroutine that may raise',
      code: python`
        import asyncio

        async def ping(device):
            try:
                await send(device)
            except Exception:
                raise

        async def pong(device):
            log(device)
            try:
                await send(device)
            except Exception:
                pass

        async def run(devices):
            await asyncio.gather(*(ping(d) for d in devices), return_exceptions=True)
            await asyncio.gather(*[pong(d) for d in devices], return_exceptions=True)
            await asyncio.gather(other(1), return_exceptions=True)
      `,
      errors: [17, 18, 19].map((line) => ({ messageId: 'dropped', line })),
    },
    {
      name: 'suggestions',
      code: python`
        import asyncio
        import logging

        logger = logging.getLogger(__name__)

        async def run(jobs):
            await asyncio.gather(*jobs, return_exceptions=True)
      `,
      errors: [
        {
          suggestions: [
            {
              messageId: 'logExceptions',
              output: python`
                import asyncio
                import logging

                logger = logging.getLogger(__name__)

                async def run(jobs):
                    results = await asyncio.gather(*jobs, return_exceptions=True)
                    for result in results:
                        if isinstance(result, BaseException):
                            logger.error("gather() failed", exc_info=result)
              `,
            },
          ],
        },
      ],
    },
    {
      name: 'suggestions for a name, with loguru',
      code: python`
        import asyncio
        from loguru import logger

        async def run(jobs):
            outcome = await asyncio.gather(*jobs, return_exceptions=True)
            return len(outcome)
      `,
      errors: [
        {
          suggestions: [
            {
              messageId: 'logExceptions',
              output: python`
                import asyncio
                from loguru import logger

                async def run(jobs):
                    outcome = await asyncio.gather(*jobs, return_exceptions=True)
                    for result in outcome:
                        if isinstance(result, BaseException):
                            logger.opt(exception=result).error("gather() failed")
                    return len(outcome)
              `,
            },
          ],
        },
      ],
    },
  ],
})
