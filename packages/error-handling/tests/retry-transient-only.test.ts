import { python, RuleTester } from '@krait/rule-tester'
import { retryTransientOnly } from '../src/rules/retry-transient-only.ts'

const tester = new RuleTester()
const messageId = 'any'

tester.run('retry-transient-only: loops', retryTransientOnly, {
  valid: [
    {
      name: 'specific types',
      code: python`
        TRANSIENT_ERRORS = (ConnectionError, TimeoutError)

        def first(path):
            for attempt in range(3):
                try:
                    return upload(path)
                except (ConnectionError, TimeoutError):
                    time.sleep(2 ** attempt)

        def second(path):
            for attempt in range(3):
                try:
                    return upload(path)
                except TRANSIENT_ERRORS:
                    time.sleep(2 ** attempt)
      `,
    },
    {
      name: 'handlers that look at the exception',
      code: python`
        class Fatal(Exception): ...

        def check(exc):
            if exc.code == 401:
                raise Fatal() from exc

        def first(path):
            for attempt in range(3):
                try:
                    return upload(path)
                except Exception as exc:
                    if not is_rate_limit(exc):
                        raise
                    time.sleep(delay(exc))

        def second(path):
            for attempt in range(3):
                try:
                    return upload(path)
                except Exception as exc:
                    if isinstance(exc, (ConnectionError, TimeoutError)):
                        time.sleep(1)
                        continue
                    raise

        def third(path):
            for attempt in range(3):
                try:
                    return upload(path)
                except Exception as exc:
                    status = exc.response.status_code
                    if attempt == 2 or status < 500:
                        raise

        def fourth(path):
            for attempt in range(3):
                try:
                    return upload(path)
                except Exception as exc:
                    match exc:
                        case TimeoutError():
                            time.sleep(1)
                        case _:
                            raise

        def fifth(path):
            for attempt in range(3):
                try:
                    return upload(path)
                except Exception as exc:
                    check(exc)
                    time.sleep(1)

        def sixth(path):
            for attempt in range(3):
                try:
                    return upload(path)
                except Exception as exc:
                    error = exc
                if error.args[0] == 13:
                    break
      `,
    },
    {
      name: 'an earlier handler for what does not pass',
      code: python`
        def first(path):
            for attempt in range(3):
                try:
                    return upload(path)
                except PermanentError:
                    raise
                except Exception:
                    time.sleep(1)

        def second(path):
            for attempt in range(3):
                try:
                    return upload(path)
                except (KeyError, ValueError):
                    return None
                except Exception:
                    time.sleep(1)
      `,
    },
    {
      name: 'workers, loops over data, cleaning up, handlers that never try again',
      code: python`
        def worker(queue):
            while True:
                try:
                    queue.get().run()
                except Exception:
                    logger.exception("failed")

        def rows(items):
            for item in items:
                try:
                    return item.load()
                except Exception:
                    continue

        def clean(connection):
            for attempt in range(3):
                try:
                    connection.close()
                    return
                except Exception:
                    time.sleep(1)

        def once(path):
            for attempt in range(3):
                try:
                    return upload(path)
                except TimeoutError:
                    time.sleep(1)
                except Exception:
                    raise
      `,
    },
    {
      name: 'allowed names',
      options: [{ allowTypes: ['SdkError'] }],
      code: python`
        from tenacity import retry, retry_if_exception_type, stop_after_attempt
        SdkError = Exception

        def first(path):
            for attempt in range(3):
                try:
                    return upload(path)
                except SdkError:
                    time.sleep(1)

        @retry(stop=stop_after_attempt(3), retry=retry_if_exception_type(SdkError))
        def second(): ...
      `,
    },
    {
      name: 'tests',
      path: 'tests/test_upload.py',
      code: python`
        def first(path):
            for attempt in range(3):
                try:
                    return upload(path)
                except Exception:
                    time.sleep(1)
      `,
    },
  ],
  invalid: [
    {
      name: 'any exception',
      code: python`
        def first(path):
            for attempt in range(3):
                try:
                    return upload(path)
                except Exception:
                    if attempt == 2:
                        raise
                    time.sleep(2 ** attempt)
      `,
      errors: [
        {
          message: 'This retry repeats \`upload()\` after *any* exception, bugs included. Catch only transient errors (timeouts, connection errors, 429/5xx).',
          line: 5,
        },
      ],
    },
    {
      name: 'all forms of broad handlers; tests that let everything pass',
      code: python`
        import builtins
        ANY = (ValueError, Exception)

        def first(path):
            while True:
                try:
                    return upload(path)
                except:
                    time.sleep(1)

        def second(path):
            for attempt in range(3):
                try:
                    return upload(path)
                except ANY as exc:
                    logger.warning("again: %s", exc)
                    if isinstance(exc, TimeoutError):
                        time.sleep(10)
                    else:
                        time.sleep(1)

        async def third(path):
            for attempt in range(3):
                try:
                    answer = await upload(path)
                except (KeyError, builtins.BaseException) as exc:
                    last = exc
                    continue
                return answer

        def fourth(path):
            for attempt in range(3):
                try:
                    return upload(path)
                except TimeoutError:
                    time.sleep(10)
                except Exception:
                    time.sleep(1)

        async def fifth(path):
            for attempt in range(3):
                try:
                    return await upload(path)
                except asyncio.CancelledError:
                    raise
                except Exception:
                    await asyncio.sleep(1)

        import asyncio
      `,
      errors: [
        { messageId, line: 8 },
        { messageId, line: 15 },
        { messageId, line: 26 },
        { messageId, line: 37 },
        { messageId, line: 46 },
      ],
    },
  ],
})

tester.run('retry-transient-only: decorators', retryTransientOnly, {
  valid: [
    {
      name: 'types and predicates',
      code: python`
        import backoff, stamina, httpx
        from celery import shared_task
        from tenacity import retry, retry_if_exception, retry_if_exception_type, retry_if_result, stop_after_attempt

        @retry(stop=stop_after_attempt(3), retry=retry_if_exception_type((TimeoutError, httpx.TransportError)))
        def a(): ...

        @retry(retry=retry_if_exception(is_transient))
        def b(): ...

        @retry(retry=retry_if_result(is_none))
        def c(): ...

        @retry(retry=retry_if_exception_type(Exception) & retry_if_exception(is_transient))
        def d(): ...

        @retry(**options)
        def e(): ...

        @backoff.on_exception(backoff.expo, httpx.TransportError, max_tries=3)
        def f(): ...

        @backoff.on_exception(backoff.expo, Exception, giveup=is_fatal)
        def g(): ...

        @stamina.retry(on=httpx.HTTPError)
        def h(): ...

        @stamina.retry(on=is_transient)
        def i(): ...

        @shared_task(autoretry_for=(Exception,), dont_autoretry_for=(ValueError,))
        def j(): ...

        @shared_task(autoretry_for=(ConnectionError,))
        def k(): ...

        @shared_task(bind=True)
        def l(self):
            try:
                run()
            except ConnectionError as exc:
                raise self.retry(exc=exc)

        @shared_task(bind=True)
        def m(self):
            try:
                run()
            except ValueError:
                raise
            except Exception as exc:
                raise self.retry(exc=exc)
      `,
    },
  ],
  invalid: [
    {
      name: 'defaults and broad types',
      code: python`
        import backoff, stamina
        from celery import Celery, shared_task
        from tenacity import retry, retry_if_exception_type, stop_after_attempt, Retrying

        @retry(stop=stop_after_attempt(3))
        def a(): ...

        @retry
        def b(): ...

        @retry(retry=retry_if_exception_type())
        def c(): ...

        @retry(retry=retry_if_exception_type(Exception))
        def d(): ...

        @backoff.on_exception(backoff.expo, Exception, max_tries=3)
        def e(): ...

        @stamina.retry(on=Exception, attempts=3)
        def f(): ...

        @shared_task(autoretry_for=(Exception,), retry_backoff=True)
        def sync(): ...

        @shared_task(bind=True)
        def h(self):
            try:
                run()
            except Exception as exc:
                raise self.retry(exc=exc)

        def i():
            for attempt in Retrying(stop=stop_after_attempt(3)):
                with attempt:
                    upload()
      `,
      errors: [
        {
          message: 'This retry repeats \`a()\` after *any* exception, bugs included. Retry only transient errors (timeouts, connection errors, 429/5xx).',
          line: 5,
        },
        { messageId, line: 8 },
        { messageId, line: 11 },
        { messageId, line: 14 },
        { messageId, line: 17 },
        { messageId, line: 20 },
        { messageId, line: 23 },
        { messageId, line: 30 },
        { messageId, line: 34 },
      ],
    },
  ],
})
