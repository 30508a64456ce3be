import { python, RuleTester } from '@krait/rule-tester'
import { retryBackoff } from '../src/rules/retry-backoff.ts'

const tester = new RuleTester()
const loop = 'loop'

tester.run('retry-backoff: loops', retryBackoff, {
  valid: [
    {
      name: 'delays of every kind',
      code: python`
        import asyncio, random, threading, time
        import anyio, trio, gevent
        from time import sleep as nap

        stop = threading.Event()

        def first(client, url):
            for attempt in range(5):
                try:
                    return client.get(url)
                except httpx.TransportError:
                    if attempt == 4:
                        raise
                    time.sleep(2 ** attempt + random.random())

        async def second(client):
            while True:
                try:
                    return await client.get()
                except Down:
                    await asyncio.sleep(1)

        async def third(client):
            for attempt in range(3):
                try:
                    return await client.get()
                except Slow:
                    await anyio.sleep(1)
                except Down:
                    await trio.sleep(1)
                except Gone:
                    gevent.sleep(1)

        def fourth(client):
            for attempt in range(3):
                try:
                    return client.get()
                except Down:
                    stop.wait(5)

        def pause(attempt):
            nap(attempt)

        def fifth(client):
            for attempt in range(3):
                try:
                    return client.get()
                except Down as exc:
                    error = exc
                pause(attempt)

        def sixth(self, client):
            for attempt in range(3):
                try:
                    return client.get()
                except Down:
                    self._sleep(attempt)

        async def seventh(client, stop):
            for attempt in range(3):
                try:
                    return await client.get()
                except Down:
                    await asyncio.wait_for(stop.wait(), timeout=5)

        def eighth(self, client):
            while True:
                if time.monotonic() < self.retry_at:
                    continue
                try:
                    return client.get()
                except Down:
                    self.retry_at = time.monotonic() + 5
      `,
    },
    {
      name: 'a delay that is left out on the last attempt only',
      code: python`
        import time
        MAX = 4

        def first(client, max_attempts):
            for attempt in range(max_attempts):
                try:
                    return client.get()
                except Down as exc:
                    last = exc
                    if attempt + 1 < max_attempts:
                        time.sleep(2 ** attempt)
            raise last

        def second(client, n):
            for attempt in range(n):
                try:
                    return client.get()
                except Down as exc:
                    last = exc
                if attempt != n - 1:
                    time.sleep(1)
            raise last

        def third(client, limit):
            tries = 0
            while tries < limit:
                try:
                    return client.get()
                except Down:
                    tries += 1
                    if tries < limit:
                        time.sleep(1)

        def fourth(client, n):
            for attempt in range(n):
                try:
                    return client.get()
                except Down:
                    if attempt == n - 1:
                        log("no answer")
                    else:
                        time.sleep(1)

        def fifth(client):
            for attempt in range(1, MAX + 1):
                try:
                    return client.get()
                except Down:
                    if attempt < MAX:
                        time.sleep(1)
      `,
    },
    {
      name: 'a delay before every attempt but the first',
      code: python`
        import time

        def first(client):
            for attempt in range(5):
                if attempt:
                    time.sleep(attempt)
                try:
                    return client.get()
                except Down:
                    continue

        def second(client):
            for attempt in range(5):
                if attempt > 0:
                    time.sleep(attempt)
                try:
                    return client.get()
                except Down:
                    continue

        def third(client):
            for delay in (0, 1, 5):
                time.sleep(delay)
                try:
                    return client.get()
                except Down:
                    continue
      `,
    },
    {
      name: 'two attempts, conflicts, workers',
      code: python`
        from sqlalchemy.exc import IntegrityError
        from sqlalchemy.orm.exc import StaleDataError

        def two(session):
            for attempt in range(2):
                try:
                    return session.scalars(query).all()
                except OperationalError:
                    session.rollback()

        def slug(base):
            for suffix in range(10):
                try:
                    return create(slug=f"{base}-{suffix}")
                except SlugExistsError:
                    continue

        def conflicts(session):
            for attempt in range(5):
                try:
                    return session.commit()
                except (IntegrityError, StaleDataError, NameCollision):
                    session.rollback()
                except FileExistsError:
                    pass

        def folder(path):
            counter = 0
            while True:
                counter += 1
                try:
                    os.mkdir(f"{path}-{counter}")
                    break
                except OSError as error:
                    if error.errno == errno.EEXIST:
                        continue
                    raise

        def worker(queue):
            while True:
                try:
                    queue.get().run()
                except JobError:
                    pass

        async def tasks(socket, queue):
            while True:
                try:
                    task = await asyncio.wait_for(queue.get(), timeout=1)
                except TimeoutError:
                    continue
                await socket.send(task)
                if await socket.receive() == "quit":
                    return await socket.close()

        def first_readable(pending):
            while pending:
                name = pending.popleft()
                try:
                    return read(name)
                except FileNotFoundError:
                    log(name)

        import redis

        def watched(pipe):
            while True:
                try:
                    pipe.watch()
                    return pipe.execute()
                except redis.WatchError:
                    continue

        async def connected(changed):
            while True:
                try:
                    return await send()
                except Down:
                    await changed.wait()
      `,
    },
    {
      name: 'tests',
      path: 'tests/test_api.py',
      code: python`
        def first(client):
            for attempt in range(5):
                try:
                    return client.get()
                except Down:
                    pass
      `,
    },
  ],
  invalid: [
    {
      name: 'no pause',
      code: python`
        def first(client, url):
            for attempt in range(5):
                try:
                    return client.get(url)
                except httpx.TransportError:
                    if attempt == 4:
                        raise
      `,
      errors: [
        {
          message: 'This loop retries \`client.get()\` with no pause between attempts. Sleep between them, doubling the delay each time (and add jitter).',
          line: 2,
        },
      ],
    },
    {
      name: 'a pause on some paths only',
      code: python`
        import asyncio, time
        MAX = 4

        def first(client):
            for attempt in range(5):
                try:
                    return client.get()
                except Down as exc:
                    if exc.code == 503:
                        time.sleep(1)

        def second(client):
            while True:
                try:
                    return client.get()
                except Slow:
                    time.sleep(1)
                except Down:
                    continue

        async def third(client):
            for attempt in range(5):
                try:
                    return await client.get()
                except Down:
                    await asyncio.sleep(0)

        def fourth(client):
            for attempt in range(5):
                try:
                    time.sleep(1)
                    return client.get()
                except Down:
                    log("again")

        def fifth(client):
            for attempt in range(MAX):
                try:
                    return client.get()
                except Down:
                    if attempt < 2:
                        time.sleep(1)

        def sixth(client, other):
            for attempt in range(MAX):
                try:
                    return client.get()
                except Down:
                    if attempt < other:
                        time.sleep(1)
      `,
      errors: [
        { messageId: loop, line: 5 },
        { messageId: loop, line: 13 },
        { messageId: loop, line: 22 },
        { messageId: loop, line: 29 },
        { messageId: loop, line: 37 },
        { messageId: loop, line: 45 },
      ],
    },
    {
      name: 'a conflict beside another error; three attempts',
      code: python`
        from sqlalchemy.exc import IntegrityError

        def first(session):
            for attempt in range(3):
                try:
                    return session.commit()
                except (IntegrityError, TimeoutError):
                    session.rollback()
      `,
      errors: [{ messageId: loop, line: 4 }],
    },
  ],
})

tester.run('retry-backoff: decorators', retryBackoff, {
  valid: [
    {
      name: 'with a wait',
      code: python`
        import backoff, stamina
        from celery import shared_task
        from tenacity import retry, stop_after_attempt, wait_fixed, Retrying

        @retry(stop=stop_after_attempt(3), wait=wait_fixed(1))
        def a(): ...

        @retry(stop=stop_after_attempt(2))
        def twice(): ...

        @backoff.on_exception(backoff.constant, OSError, max_tries=3)
        def b(): ...

        @stamina.retry(on=OSError)
        def c(): ...

        @retry(**options)
        def d(): ...

        @shared_task(autoretry_for=(OSError,), default_retry_delay=0, retry_backoff=True)
        def e(): ...

        @shared_task(autoretry_for=(OSError,))
        def f(): ...

        @shared_task(bind=True)
        def g(self):
            self.retry(countdown=5)
            self.retry()

        client.retry(countdown=0)
        session.mount("https://", HTTPAdapter(max_retries=Retry(total=3, backoff_factor=1)))
      `,
    },
  ],
  invalid: [
    {
      name: 'without a wait',
      code: python`
        import tenacity
        from celery import shared_task
        from tenacity import retry, stop_after_attempt, wait_none, AsyncRetrying

        @retry(stop=stop_after_attempt(3))
        def fetch(): ...

        @retry
        def b(): ...

        @tenacity.retry(wait=wait_none())
        def c(): ...

        async def d():
            async for attempt in AsyncRetrying(stop=stop_after_attempt(3)):
                with attempt:
                    await get()

        @shared_task(autoretry_for=(OSError,), default_retry_delay=0)
        def e(): ...

        @shared_task(autoretry_for=(OSError,), retry_backoff=False, default_retry_delay=0)
        def f(): ...

        @shared_task(bind=True)
        def g(self):
            try:
                run()
            except OSError as exc:
                raise self.retry(exc=exc, countdown=0)
      `,
      errors: [
        { message: '\`@retry\` without \`wait=\` retries with no pause between attempts. Add \`wait=wait_exponential_jitter()\`.', line: 5 },
        { messageId: 'policy', line: 8 },
        { messageId: 'policy', line: 11 },
        { messageId: 'policy', line: 15 },
        { message: '\`e()\` retries with no pause between attempts. Set \`retry_backoff=True\`.', line: 19 },
        { messageId: 'task', line: 22 },
        { messageId: 'task', line: 30 },
      ],
    },
  ],
})

tester.run('retry-backoff: growth and jitter', retryBackoff, {
  valid: [
    {
      name: 'growing delays',
      options: [{ growth: 'exponential' }],
      code: python`
        import backoff, time
        from celery import shared_task
        from tenacity import retry, stop_after_attempt, wait_exponential

        def first(client):
            for attempt in range(5):
                try:
                    return client.get()
                except Down:
                    time.sleep(2 ** attempt)

        def second(client):
            delay = 1
            while True:
                try:
                    return client.get()
                except Down:
                    time.sleep(delay)
                    delay *= 2

        def third(client):
            for delay in (1, 5, 30):
                try:
                    return client.get()
                except Down:
                    time.sleep(delay)

        def fourth(client):
            for attempt in range(5):
                try:
                    return client.get()
                except Down as exc:
                    time.sleep(int(exc.headers["Retry-After"]))

        @retry(stop=stop_after_attempt(3), wait=wait_exponential())
        def a(): ...

        @backoff.on_exception(backoff.expo, OSError)
        def b(): ...

        @shared_task(autoretry_for=(OSError,), retry_backoff=True)
        def c(): ...
      `,
    },
    {
      name: 'jitter',
      options: [{ growth: 'any', jitter: true }],
      code: python`
        import backoff, random, time
        from celery import shared_task
        from tenacity import retry, wait_exponential, wait_exponential_jitter, wait_random, wait_fixed

        def first(client):
            for attempt in range(5):
                try:
                    return client.get()
                except Down:
                    time.sleep(2 ** attempt + random.random())

        def second(client):
            for attempt in range(5):
                try:
                    return client.get()
                except Down:
                    delay = random.uniform(0, 2 ** attempt)
                    time.sleep(delay)

        def third(client):
            for attempt in range(5):
                try:
                    return client.get()
                except Down:
                    time.sleep(1)

        @retry(wait=wait_exponential_jitter())
        def a(): ...

        @retry(wait=wait_exponential() + wait_random(0, 1))
        def b(): ...

        @retry(wait=wait_fixed(1))
        def c(): ...

        @backoff.on_exception(backoff.expo, OSError)
        def d(): ...

        @shared_task(autoretry_for=(OSError,), retry_backoff=True)
        def e(): ...
      `,
    },
  ],
  invalid: [
    {
      name: 'constant delays',
      options: [{ growth: 'exponential' }],
      code: python`
        import backoff, time
        from celery import shared_task
        from tenacity import retry, wait_fixed

        def first(client, delay):
            for attempt in range(5):
                try:
                    return client.get()
                except Down:
                    time.sleep(1)

        def second(self, client):
            for attempt in range(5):
                try:
                    return client.get()
                except Down:
                    time.sleep(self.delay)

        @retry(wait=wait_fixed(1))
        def a(): ...

        @backoff.on_exception(backoff.constant, OSError)
        def b(): ...

        @shared_task(autoretry_for=(OSError,))
        def c(): ...
      `,
      errors: [
        { message: 'This loop retries \`client.get()\` after the same delay each time. Double it for each attempt (and add jitter).', line: 6 },
        { messageId: 'constant', line: 13 },
        { messageId: 'constantPolicy', line: 19 },
        { messageId: 'constantPolicy', line: 22 },
        { messageId: 'constantPolicy', line: 25 },
      ],
    },
    {
      name: 'no jitter',
      options: [{ jitter: true }],
      code: python`
        import backoff, time
        from celery import shared_task
        from tenacity import retry, wait_exponential

        def first(client):
            for attempt in range(5):
                try:
                    return client.get()
                except Down:
                    time.sleep(min(2 ** attempt, 30))

        @retry(wait=wait_exponential(max=10))
        def a(): ...

        @backoff.on_exception(backoff.expo, OSError, jitter=None)
        def b(): ...

        @shared_task(autoretry_for=(OSError,), retry_backoff=True, retry_jitter=False)
        def c(): ...
      `,
      errors: [
        { messageId: 'inStep', line: 6 },
        { messageId: 'inStepPolicy', line: 12 },
        { messageId: 'inStepPolicy', line: 15 },
        { messageId: 'inStepPolicy', line: 18 },
      ],
    },
  ],
})
