import { python, RuleTester } from '@krait/rule-tester'
import { noSwallowedCancellation } from '../src/rules/no-swallowed-cancellation.ts'

const tester = new RuleTester()

tester.run('no-swallowed-cancellation', noSwallowedCancellation, {
  valid: [
    {
      name: 'waiting for a task that the function itself has cancelled',
      code: python`
        import asyncio
        from contextlib import suppress

        class Service:
            async def stop(self) -> None:
                self._task.cancel()
                try:
                    await self._task
                except asyncio.CancelledError:
                    pass
                await self._client.aclose()

            async def stop_inside(self):
                try:
                    self._task.cancel()
                    await self._task
                except (asyncio.CancelledError, Exception):
                    pass
                await self._client.aclose()

            async def stop_all(self):
                for task in self._tasks:
                    task.cancel()
                for task in self._tasks:
                    try:
                        await task
                    except asyncio.CancelledError:
                        continue

            async def stop_others(self):
                for t in list(self._tasks.values()):
                    t.cancel()
                for name, task in self._tasks.items():
                    with suppress(asyncio.CancelledError):
                        await task
                with suppress(asyncio.CancelledError):
                    await asyncio.gather(*self._tasks.values())
                await self._client.aclose()

            async def stop_alias(self):
                if task := self._task:
                    task.cancel()
                    with suppress(asyncio.CancelledError):
                        await asyncio.wait_for(asyncio.shield(task), 5)
                    await self._client.aclose()

            async def stop_two(self):
                reader, writer = self.reader, self.writer
                for t in (reader, writer):
                    t.cancel()
                reader.cancel()
                writer.cancel()
                try:
                    await asyncio.gather(reader, writer)
                except asyncio.CancelledError:
                    pass
                await asyncio.wait([reader, writer])

        async def first(*jobs):
            tasks = [asyncio.create_task(job) for job in jobs]
            done, pending = await asyncio.wait(tasks)
            [t.cancel() for t in pending]
            try:
                async with asyncio.timeout(5):
                    await asyncio.gather(*(p for p in pending))
            except asyncio.CancelledError:
                pass
            return await done.pop()
      `,
    },
    {
      name: 'handlers that always raise, also something else',
      code: python`
        import asyncio

        async def run(client):
            while True:
                try:
                    await client.step()
                except asyncio.CancelledError as exc:
                    raise TimeoutError from exc

        async def run_and_clean(client):
            while True:
                try:
                    await client.step()
                except asyncio.CancelledError:
                    await client.rollback()
                    raise
                except:
                    continue

        async def run_checked(client):
            while True:
                try:
                    await client.step()
                except BaseException as exc:
                    if isinstance(exc, (KeyboardInterrupt, asyncio.CancelledError)):
                        raise
                    log(exc)

        async def run_other(client):
            while True:
                try:
                    await client.step()
                except BaseException as exc:
                    if not isinstance(exc, Exception):
                        raise
                    log(exc)

        async def outer(client):
            try:
                try:
                    await client.step()
                except asyncio.CancelledError:
                    raise RuntimeError("stopped")
            except RuntimeError:
                log("stopped")
            await client.close()
      `,
    },
    {
      name: 'the coroutine ends',
      code: python`
        import asyncio
        import contextlib

        async def consume(queue):
            try:
                while True:
                    await handle(await queue.get())
            except asyncio.CancelledError:
                await queue.flush()
                logger.info("stopping")

        async def consume_until(queue):
            while True:
                try:
                    await handle(await queue.get())
                except asyncio.CancelledError:
                    break
                except Exception:
                    continue
            logger.info("stopped")

        async def consume_or_return(queue):
            for _ in range(3):
                try:
                    return await queue.get()
                except asyncio.CancelledError:
                    return None

        async def quiet(queue):
            with contextlib.suppress(asyncio.CancelledError):
                await queue.get()

        async def with_finally(queue):
            try:
                await queue.get()
            except asyncio.CancelledError:
                logger.info("stopping")
            finally:
                await queue.close()

        async def within(queue):
            async with queue.open() as q:
                try:
                    await q.get()
                except asyncio.CancelledError:
                    pass
      `,
    },
    {
      name: 'the handler ends the loop',
      code: python`
        import asyncio

        async def run(self):
            while self.running:
                try:
                    await self.step()
                except asyncio.CancelledError:
                    self.running = False

        async def watch(stop: asyncio.Event):
            while not stop.is_set():
                try:
                    await step()
                except asyncio.CancelledError:
                    stop.set()

        async def flag():
            running = True
            while running:
                try:
                    await step()
                except asyncio.CancelledError:
                    running = False
            print("done")
      `,
    },
    {
      name: 'handlers that know of cancellation, or keep it for later',
      code: python`
        import asyncio

        async def run(task):
            while True:
                try:
                    await step()
                except asyncio.CancelledError:
                    if asyncio.current_task().cancelling() > 0:
                        raise

        async def timed(task):
            while True:
                try:
                    await step()
                except asyncio.CancelledError:
                    task.uncancel()

        async def kept():
            error = None
            try:
                await step()
            except BaseException as exc:
                error = exc
            await clean()
            if error:
                raise error
      `,
    },
    {
      name: 'what does not catch cancellation',
      code: python`
        import asyncio
        import concurrent.futures
        from contextlib import suppress

        async def run():
            while True:
                try:
                    await step()
                except Exception:
                    pass
                with suppress(Exception):
                    await step()
                try:
                    await step()
                except concurrent.futures.CancelledError:
                    pass
                except asyncio.TimeoutError:
                    pass

        async def nothing_awaited(done):
            for task in done:
                try:
                    task.result()
                except asyncio.CancelledError:
                    continue
                except:
                    continue
                try:
                    later(lambda: 1)
                    async def inner():
                        await step()
                except BaseException:
                    continue

        def not_async(loop, task):
            while True:
                try:
                    loop.run_until_complete(task)
                except asyncio.CancelledError:
                    pass

        async def inner_function():
            def callback():
                while True:
                    try:
                        pass
                    except asyncio.CancelledError:
                        pass
      `,
    },
    {
      name: 'test code',
      path: 'tests/test_app.py',
      code: 'import asyncio\n\nasync def run():\n    while True:\n        try:\n            await step()\n        except asyncio.CancelledError:\n            pass\n',
    },
  ],
  invalid: [
    {
      name: 'a suggestion keeps a comment with its statement',
      code: python`
        import asyncio

        async def poll(source):
            while True:
                try:
                    await source.next()
                except asyncio.CancelledError:
                    log.info("stopped")  # by the operator
      `,
      errors: [
        {
          messageId: 'loops',
          suggestions: [
            {
              messageId: 'reraise',
              output: python`
                import asyncio

                async def poll(source):
                    while True:
                        try:
                            await source.next()
                        except asyncio.CancelledError:
                            log.info("stopped")  # by the operator
                            raise
              `,
            },
          ],
        },
      ],
    },
    {
      name: 'a cancellation that comes from the block of a context manager',
      code: python`
        import asyncio
        from contextlib import asynccontextmanager

        @asynccontextmanager
        async def lifespan(app):
            try:
                yield
            except asyncio.CancelledError:
                pass
            await app.engine.dispose()

        async def rows(engine):
            try:
                yield 1
            except asyncio.CancelledError:
                pass
            await engine.dispose()
      `,
      errors: [{ messageId: 'awaits', line: 8, suggestions: 1 }],
    },
    {
      name: 'another round',
      code: python`
        import asyncio

        class Poller:
            async def poll_forever(self) -> None:
                while True:
                    try:
                        await self.poll_once()
                    except (asyncio.CancelledError, TimeoutError):
                        continue
      `,
      errors: [
        {
          messageId: 'loops',
          message:
            '`poll_forever()` catches `asyncio.CancelledError` and loops again, so this task cannot be cancelled. Re-raise it after clean-up, or move the clean-up to `finally`.',
          line: 8,
          suggestions: [
            {
              messageId: 'reraise',
              output: python`
                import asyncio

                class Poller:
                    async def poll_forever(self) -> None:
                        while True:
                            try:
                                await self.poll_once()
                            except (asyncio.CancelledError, TimeoutError):
                                raise
              `,
            },
          ],
        },
      ],
    },
    {
      name: 'waiting again',
      code: python`
        import asyncio

        async def consume(queue) -> None:
            try:
                while True:
                    await handle(await queue.get())
            except asyncio.CancelledError:
                logger.info("stopping")
            await queue.flush()
      `,
      errors: [
        {
          messageId: 'awaits',
          message:
            '`consume()` catches `asyncio.CancelledError` and goes on to `await queue.flush()` on line 9, so this task cannot be cancelled. Re-raise it after clean-up, or move the clean-up to `finally`.',
          line: 7,
          suggestions: [
            {
              messageId: 'reraise',
              output: python`
                import asyncio

                async def consume(queue) -> None:
                    try:
                        while True:
                            await handle(await queue.get())
                    except asyncio.CancelledError:
                        logger.info("stopping")
                        raise
                    await queue.flush()
              `,
            },
          ],
        },
      ],
    },
    {
      name: 'names of the class, and handlers that catch everything',
      path: 'app/main.py',
      files: { 'app/__init__.py': '', 'app/errors.py': 'from asyncio import CancelledError as Stopped\n\nSTOPS = (Stopped, OSError)\n' },
      code: python`
        import anyio
        import asyncio.exceptions
        import trio
        from app.errors import STOPS, Stopped

        async def run(source):
            while True:
                try:
                    await source.step()
                except Stopped:
                    pass
                try:
                    await source.step()
                except STOPS:
                    pass
                try:
                    await source.step()
                except asyncio.exceptions.CancelledError:
                    pass
                try:
                    await source.step()
                except anyio.get_cancelled_exc_class():
                    pass
                try:
                    async with source:
                        pass
                except trio.Cancelled:
                    pass
                try:
                    async for _ in source:
                        pass
                except BaseException:
                    pass
                try:
                    rows = [row async for row in source]
                except:
                    log()
      `,
      errors: [10, 14, 18, 22, 27, 32, 36].map((line) => ({ messageId: 'loops', line, suggestions: 1 })),
    },
    {
      name: 'a handler before it lets cancellation pass',
      code: python`
        from asyncio import CancelledError

        async def run(source):
            while True:
                try:
                    await source.step()
                except ValueError:
                    raise
                except:
                    log()
      `,
      errors: [
        {
          line: 9,
          suggestions: [
            {
              messageId: 'reraiseFirst',
              output: python`
                from asyncio import CancelledError

                async def run(source):
                    while True:
                        try:
                            await source.step()
                        except ValueError:
                            raise
                        except CancelledError:
                            raise
                        except:
                            log()
              `,
            },
          ],
        },
      ],
    },
    {
      name: 'some way through the handler, a round of an outer loop, an async for and an async with behind it',
      code: python`
        import asyncio

        async def one(self):
            while True:
                try:
                    await self.step()
                except asyncio.CancelledError:
                    if self.closing:
                        raise

        async def two(rows):
            for row in rows:
                for _ in range(3):
                    try:
                        await row.save()
                    except asyncio.CancelledError:
                        break

        async def three(source):
            try:
                await source.open()
            except asyncio.CancelledError:
                pass
            async for row in source:
                print(row)

        async def four(source):
            try:
                await source.open()
            except asyncio.CancelledError: pass
            async with source as s:
                print(s)

        async def five(self):
            while self.running:
                try:
                    await self.step()
                except asyncio.CancelledError:
                    self.running = False
            await self.close()
      `,
      errors: [
        { messageId: 'loops', line: 7, suggestions: 1 },
        { messageId: 'loops', line: 16, suggestions: 1 },
        { messageId: 'awaits', line: 22, data: { function: 'three', exception: 'asyncio.CancelledError', wait: 'async for row in source: …', line: 24 }, suggestions: 1 },
        { messageId: 'awaits', line: 30, suggestions: 1 },
        { messageId: 'awaits', line: 38, suggestions: 1 },
      ],
    },
    {
      name: 'a task that someone else has cancelled',
      code: python`
        import asyncio

        async def stop(self, tasks):
            self._other.cancel()
            try:
                await self._task
            except asyncio.CancelledError:
                pass
            await self._client.aclose()

        async def some(self, tasks):
            self._task.cancel()
            try:
                await self._task
                await self._client.flush()
            except asyncio.CancelledError:
                pass
            await self._client.aclose()

        async def later(self):
            try:
                await self._task
            except asyncio.CancelledError:
                pass
            self._task.cancel()
            await self._client.aclose()
      `,
      errors: [7, 16, 23].map((line) => ({ messageId: 'awaits', line, suggestions: 1 })),
    },
    {
      name: 'contextlib.suppress',
      code: python`
        import asyncio
        from contextlib import suppress

        async def run(source):
            while True:
                with suppress(OSError, asyncio.CancelledError):
                    await source.step()

        async def close(source):
            with suppress(BaseException):
                await source.step()
            await source.close()
      `,
      errors: [
        { messageId: 'loops', line: 6 },
        { messageId: 'awaits', line: 10 },
      ],
    },
    {
      name: 'at the end, with the option',
      options: [{ allowAtEnd: false }],
      code: python`
        import asyncio

        async def run(source):
            try:
                await source.step()
            except asyncio.CancelledError:
                logger.info("stopped")
      `,
      errors: [{ messageId: 'ends', line: 6, suggestions: 1 }],
    },
    {
      name: 'one line, and a last statement that leaves',
      code: python`
        import asyncio

        async def run(source):
            while True:
                try: await source.step()
                except asyncio.CancelledError: log()
      `,
      errors: [
        {
          line: 6,
          suggestions: [
            {
              messageId: 'reraise',
              output: python`
                import asyncio

                async def run(source):
                    while True:
                        try: await source.step()
                        except asyncio.CancelledError: log(); raise
              `,
            },
          ],
        },
      ],
    },
  ],
})

tester.runProject(noSwallowedCancellation, new URL('no-swallowed-cancellation.md', import.meta.url), { pack: 'error-handling' })
