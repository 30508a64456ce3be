import { python, RuleTester } from '@krait/rule-tester'
import { noUnboundedRetry } from '../src/rules/no-unbounded-retry.ts'

const tester = new RuleTester()
const loop = 'loop'

tester.run('no-unbounded-retry: loops', noUnboundedRetry, {
  valid: [
    {
      name: 'a deadline, a counter, a flag or an event ends it',
      code: python`
        import time, itertools

        def first(channel, queue):
            deadline = time.monotonic() + 30
            while True:
                try:
                    return channel.declare(queue)
                except AMQPError:
                    if time.monotonic() > deadline:
                        raise
                    time.sleep(1)

        def second(channel):
            tries = 0
            while True:
                try:
                    return channel.declare()
                except AMQPError as exc:
                    tries += 1
                    error = exc
                if tries > 5:
                    break
                time.sleep(1)
            raise error

        def third(self, channel):
            while 1:
                try:
                    return channel.declare()
                except AMQPError:
                    if self.stopping:
                        return None
                    time.sleep(1)

        def fourth(channel, stop):
            for attempt in itertools.count():
                try:
                    return channel.declare()
                except AMQPError:
                    if stop.is_set():
                        break

        def fifth(channel):
            while True:
                try:
                    return channel.declare()
                except AMQPError as exc:
                    if not should_retry(exc, attempt := attempt + 1):
                        raise

        async def sixth(channel):
            async with asyncio.timeout(30):
                while True:
                    try:
                        return await channel.declare()
                    except AMQPError:
                        await asyncio.sleep(1)

        import asyncio
      `,
    },
    {
      name: 'a counter under a test of the exception, and the other branch raises',
      code: python`
        def first(channel):
            tries = 0
            while True:
                try:
                    return channel.declare()
                except AMQPError as exc:
                    if exc.code == 503:
                        tries += 1
                        if tries > 5:
                            raise
                        time.sleep(1)
                    else:
                        raise
      `,
    },
    {
      name: 'a project function that raises when it is enough',
      code: python`
        class GaveUp(Exception): ...

        class Client:
            def _again(self):
                self.tries += 1
                if self.tries > 5:
                    raise GaveUp()

            def get(self):
                while True:
                    try:
                        return self.fetch()
                    except Down:
                        self._again()
      `,
    },
    {
      name: 'workers, bounded loops and stop flags',
      code: python`
        def worker(queue):
            while True:
                job = queue.get()
                try:
                    handle(job)
                except JobError:
                    logger.exception("job failed")

        async def supervisor():
            while True:
                try:
                    await consume()
                except Down:
                    await asyncio.sleep(1)

        def bounded(client, n):
            attempt = 0
            while attempt < n:
                try:
                    return client.get()
                except Down:
                    attempt += 1
            for attempt in range(n):
                try:
                    return client.get()
                except Down:
                    pass

        def running(self, client):
            while self._running:
                try:
                    return client.get()
                except Down:
                    time.sleep(1)
            while not self.stop.is_set():
                try:
                    return client.get()
                except Down:
                    time.sleep(1)
      `,
    },
    {
      name: 'a counter before the try, and looking for a free name',
      code: python`
        def first(session, group):
            attempts = 0
            while True:
                if attempts >= 3:
                    raise TooMany()
                try:
                    fix(session, group)
                    break
                except IntegrityError:
                    attempts += 1

        def second(folder):
            counter = 0
            while True:
                counter += 1
                path = os.path.join(folder, f"{counter:05d}")
                try:
                    os.mkdir(path)
                    break
                except FileExistsError:
                    continue
      `,
    },
    {
      name: 'what does not last',
      code: python`
        import asyncio

        def put(queue, item):
            while True:
                try:
                    queue.put_nowait(item)
                    return
                except asyncio.QueueFull:
                    queue.get_nowait()

        def run(loop):
            while True:
                try:
                    loop.run_forever()
                except KeyboardInterrupt:
                    continue
                else:
                    break
      `,
    },
    {
      name: 'a worker whose success goes on in the try body',
      code: python`
        async def checkpoints(self):
            while True:
                await asyncio.sleep(1)
                try:
                    if self.socket:
                        await self.checkpoint()
                        continue
                    await self.reconnect()
                except Down:
                    continue
                return
      `,
    },
    {
      name: 'asking a person again',
      code: python`
        def name(client):
            while True:
                name = prompt("A name")
                try:
                    client.create(name)
                    break
                except AlreadyExists:
                    print("Another name, please")

        def ask():
            while True:
                try:
                    return int(input("How many? "))
                except ValueError:
                    print("A number, please")
      `,
    },
    {
      name: 'ignored functions',
      options: [{ ignoreFunctions: ['connect', 'example.Db.*'] }],
      code: python`
        def connect():
            while True:
                try:
                    return driver.connect()
                except Down:
                    time.sleep(1)

        class Db:
            def open(self):
                while True:
                    try:
                        return driver.connect()
                    except Down:
                        time.sleep(1)
      `,
    },
    {
      name: 'tests',
      path: 'tests/test_db.py',
      code: python`
        def connect():
            while True:
                try:
                    return driver.connect()
                except Down:
                    time.sleep(1)
      `,
    },
  ],
  invalid: [
    {
      name: 'no end',
      code: python`
        def declare(channel, queue):
            while True:
                try:
                    return channel.declare(queue)
                except AMQPError:
                    time.sleep(1)
      `,
      errors: [
        {
          message:
            'This loop retries \`channel.declare()\` for ever: no attempt limit or deadline ends it. Count attempts (or set a deadline) and re-raise at the end.',
          line: 2,
        },
      ],
    },
    {
      name: 'filters of the exception bound nothing',
      code: python`
        import itertools

        def first(path):
            while 1:
                try:
                    return open(path)
                except OSError as exc:
                    if exc.errno == 13:
                        raise
                    time.sleep(1)

        def second(client):
            for attempt in itertools.count():
                try:
                    answer = client.get()
                except Down as exc:
                    code = exc.response.status_code
                    if code == 401 or isinstance(exc, Fatal):
                        return None
                    time.sleep(2 ** attempt)
                    continue
                return answer

        def third(client):
            while True:
                try:
                    return client.get()
                except Down as exc:
                    match exc:
                        case Fatal():
                            raise
                        case _:
                            time.sleep(1)

        async def fourth(client):
            while True:
                async with client.session() as session:
                    try:
                        await session.ping()
                    except Down:
                        await asyncio.sleep(1)
                    else:
                        break
      `,
      errors: [
        { messageId: loop, line: 4 },
        { messageId: loop, line: 13 },
        { messageId: loop, line: 25 },
        { messageId: loop, line: 36 },
      ],
    },
    {
      name: 'one handler of two has no end; the counter ends nothing',
      code: python`
        def first(client):
            tries = 0
            while True:
                try:
                    return client.get()
                except Slow:
                    tries += 1
                    if tries > 3:
                        raise
                except Down:
                    time.sleep(1)

        def second(client):
            tries = 0
            while True:
                try:
                    return client.get()
                except Down:
                    tries += 1
                    if tries > 3:
                        logger.error("still down")
                    time.sleep(1)
      `,
      errors: [
        { messageId: loop, line: 3 },
        { messageId: loop, line: 15 },
      ],
    },
    {
      name: 'an attempt that is only logged',
      code: python`
        import logging
        logger = logging.getLogger(__name__)

        def first(client):
            tries = 0
            while True:
                tries += 1
                try:
                    logger.info("attempt %s", tries)
                    return client.get()
                except Down:
                    time.sleep(1)
      `,
      errors: [{ messageId: loop, line: 6 }],
    },
    {
      name: 'at start-up, in a script',
      path: 'scripts/wait.py',
      code: python`
        while True:
            try:
                connect()
                break
            except Down:
                time.sleep(1)
      `,
      errors: [{ messageId: loop, line: 1, data: { source: '`connect()`' } }],
    },
  ],
})

tester.run('no-unbounded-retry: decorators', noUnboundedRetry, {
  valid: [
    {
      name: 'tenacity with a stop',
      code: python`
        import tenacity
        from tenacity import retry, stop_after_attempt, stop_after_delay, AsyncRetrying, retry_if_exception_type

        STOP = stop_after_attempt(3) | stop_after_delay(10)

        @retry(stop=STOP)
        def first(): ...

        @tenacity.retry(stop=tenacity.stop_after_delay(10), retry=retry_if_exception_type(OSError))
        def second(): ...

        @retry(**options)
        def third(): ...

        @retry(retry=ThreeTimes())
        def fourth(): ...

        async def fifth():
            async for attempt in AsyncRetrying(stop=stop_after_attempt(3)):
                with attempt:
                    await get()
      `,
    },
    {
      name: 'other libraries',
      code: python`
        import backoff, stamina, retrying
        from retry import retry
        from celery import shared_task

        @backoff.on_exception(backoff.expo, OSError, max_tries=5)
        def a(): ...

        @backoff.on_predicate(backoff.fibo, max_time=60)
        def b(): ...

        @stamina.retry(on=OSError)
        def c(): ...

        @retrying.retry(stop_max_attempt_number=3)
        def d(): ...

        @retry(tries=3)
        def e(): ...

        @retry(OSError, 3)
        def f(): ...

        @shared_task(autoretry_for=(OSError,))
        def g(): ...

        @shared_task(max_retries=None)
        def h(): ...

        @shared_task(bind=True, max_retries=5)
        def i(self):
            raise self.retry()
      `,
    },
    {
      name: 'a decorator of the project that has the name',
      code: python`
        def retry(*args): ...

        @retry
        def fetch(): ...

        @unknown.retry()
        def other(): ...
      `,
    },
  ],
  invalid: [
    {
      name: 'tenacity',
      code: python`
        import tenacity
        from tenacity import retry, wait_exponential, stop_never, Retrying, AsyncRetrying as Again, retry_if_exception_type

        @retry(wait=wait_exponential(max=10))
        def fetch(): ...

        @retry
        def second(): ...

        @tenacity.retry(stop=stop_never, retry=retry_if_exception_type(OSError))
        async def third(): ...

        def fourth():
            for attempt in Retrying(wait=wait_exponential()):
                with attempt:
                    get()

        fetch = retry()(fetch)
        retried = retry(wait=wait_exponential())

        @retried
        def fifth(): ...

        class Client:
            @retry(stop=None)
            def get(self): ...
      `,
      errors: [
        { message: '`@retry` without `stop=` retries for ever. Add `stop=stop_after_attempt(n)`.', line: 4 },
        { message: '`@retry` without `stop=` retries for ever, without waiting. Add `stop=stop_after_attempt(n)` and a `wait=`.', line: 7 },
        { messageId: 'withoutWait', line: 10 },
        { messageId: 'decorator', line: 14 },
        { messageId: 'withoutWait', line: 18 },
        { messageId: 'decorator', line: 19 },
        { messageId: 'withoutWait', line: 25 },
      ],
    },
    {
      name: 'other libraries',
      code: python`
        import backoff, retrying
        from retry import retry
        from celery import Celery, shared_task

        app = Celery()

        @backoff.on_exception(backoff.expo, OSError)
        def a(): ...

        @backoff.on_predicate(backoff.fibo, max_tries=None, giveup=fatal)
        def b(): ...

        @retrying.retry
        def c(): ...

        @retry()
        def d(): ...

        @retry(OSError, tries=-1)
        def e(): ...

        @shared_task(autoretry_for=(OSError,), max_retries=None)
        def sync(): ...

        @app.task(bind=True, max_retries=None)
        def f(self):
            try:
                run()
            except OSError as exc:
                raise self.retry(exc=exc)
      `,
      errors: [
        { message: '`@backoff.on_exception` without `max_tries=` or `max_time=` retries for ever. Add `max_tries=`.', line: 7 },
        { messageId: 'decorator', line: 10 },
        { messageId: 'decorator', line: 13 },
        { messageId: 'decorator', line: 16 },
        { messageId: 'decorator', line: 19 },
        { message: '`max_retries=None` lets `sync()` retry for ever. Set a number of retries.', line: 22 },
        { messageId: 'task', line: 25 },
      ],
    },
  ],
})
