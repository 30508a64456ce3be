import { python, RuleTester } from '@krait/rule-tester'
import { retryExhaustionRaises } from '../src/rules/retry-exhaustion-raises.ts'

const tester = new RuleTester()
const fallsOff = 'fallsOff'
const goesOn = 'goesOn'

tester.run('retry-exhaustion-raises', retryExhaustionRaises, {
  valid: [
    {
      name: 'a raise after the loop, from the stored exception or not',
      code: python`
        def fetch(client, number):
            for attempt in range(3):
                try:
                    return client.get(number)
                except GatewayTimeout as exc:
                    last = exc
                    time.sleep(2 ** attempt)
            raise InvoiceUnavailable(number) from last

        def other(client):
            for attempt in range(3):
                try:
                    return client.get()
                except GatewayTimeout:
                    time.sleep(1)
            raise Unavailable()

        def third(client):
            for attempt in range(3):
                try:
                    return client.get()
                except GatewayTimeout as error:
                    last_error = error
            raise last_error
      `,
    },
    {
      name: 'the last attempt raises, leaves or returns',
      code: python`
        async def publish(broker, event):
            for attempt in range(MAX):
                try:
                    return await broker.publish(event)
                except BrokerDown:
                    if attempt == MAX - 1:
                        raise
                    await asyncio.sleep(2 ** attempt)

        def second(client):
            for attempt in range(3):
                try:
                    return client.get()
                except Down:
                    if attempt < 2:
                        time.sleep(1)
                        continue
                    raise

        def third(client):
            tries = 0
            while tries < 3:
                try:
                    return client.get()
                except Down:
                    tries += 1
                    is_last = tries == 3
                    if is_last:
                        return
                    time.sleep(1)

        def fourth(client):
            for i, delay in enumerate((1, 5, 30)):
                try:
                    return client.get()
                except Down as exc:
                    error = exc
                if i == 2:
                    break
                time.sleep(delay)

        def fifth(client):
            for delay in (1, 5, None):
                try:
                    return client.get()
                except Down:
                    if delay is None:
                        raise
                    time.sleep(delay)
      `,
    },
    {
      name: 'an else that raises, logs or ends the process',
      code: python`
        import logging, sys
        logger = logging.getLogger(__name__)

        def first(client):
            for attempt in range(3):
                try:
                    client.ping()
                    break
                except Down:
                    time.sleep(1)
            else:
                raise Unavailable()
            client.start()

        def second(client):
            for attempt in range(3):
                try:
                    client.ping()
                    break
                except Down:
                    time.sleep(1)
            else:
                logger.error("no answer")

        def third(client):
            for attempt in range(3):
                try:
                    client.ping()
                    return
                except Down:
                    time.sleep(1)
            sys.exit(1)

        def fourth(client) -> None:
            for attempt in range(3):
                try:
                    client.ping()
                    break
                except Down:
                    time.sleep(1)
            else:
                client.reset()
      `,
    },
    {
      name: 'a log after the loop, a report, a use of the stored exception',
      code: python`
        import logging, sentry_sdk
        logger = logging.getLogger(__name__)

        def first(client):
            for attempt in range(3):
                try:
                    return client.get()
                except Down:
                    time.sleep(1)
            logger.warning("no answer")

        def second(client):
            for attempt in range(3):
                try:
                    return client.get()
                except Down:
                    time.sleep(1)
            sentry_sdk.capture_message("no answer")

        def third(client, failures):
            errors = []
            for attempt in range(3):
                try:
                    return client.get()
                except Down as exc:
                    errors.append(exc)
            failures.extend(errors)

        def fourth(client, job):
            last = None
            for attempt in range(3):
                try:
                    client.get()
                    break
                except Down as exc:
                    last = str(exc)
            if last:
                job.fail(last)
      `,
    },
    {
      name: 'a test of what the loop assigns',
      code: python`
        def first(client):
            result = None
            for attempt in range(3):
                try:
                    result = client.get()
                    break
                except Down:
                    time.sleep(1)
            if result is None:
                raise Unavailable()
            client.use(result)

        def second(self):
            for attempt in range(3):
                try:
                    self.connection = connect()
                    break
                except Down:
                    time.sleep(1)
            if not self.connection:
                raise Unavailable()

        def third(client):
            ok = False
            for attempt in range(3):
                try:
                    client.ping()
                    ok = True
                    break
                except Down:
                    time.sleep(1)
            client.state = "up" if ok else "down"
      `,
    },
    {
      name: 'a log on the last attempt only',
      code: python`
        import logging
        logger = logging.getLogger(__name__)

        def first(client, limit):
            for attempt in range(limit):
                try:
                    client.ping()
                    return
                except Down:
                    if attempt < limit - 1:
                        time.sleep(1)
                    else:
                        logger.warning("no answer")

        def second(client):
            tries = 0
            while tries < 3:
                try:
                    client.ping()
                    return
                except Down:
                    tries += 1
                    if tries >= 3:
                        logger.error("no answer")

        def third(client):
            for attempt in range(1, 4):
                try:
                    client.ping()
                    return
                except Down:
                    if attempt != 3:
                        time.sleep(1)
                        continue
                    logger.error("no answer")
      `,
    },
    {
      name: 'a stated result',
      code: python`
        def first(client):
            for attempt in range(3):
                try:
                    return client.get()
                except Down:
                    time.sleep(1)
            return None

        def second(client):
            for attempt in range(3):
                try:
                    client.ping()
                    return True
                except Down:
                    time.sleep(1)
            return False

        def third(client):
            for attempt in range(3):
                try:
                    data = client.get()
                    break
                except Down:
                    data = {}
            return data
      `,
    },
    {
      name: 'loops that are no retry loops, or that have no bound of their own',
      code: python`
        import itertools
        from tenacity import Retrying

        def candidates(mirrors):
            for mirror in mirrors:
                try:
                    return mirror.get()
                except Down:
                    continue

        def worker(queue):
            while queue.open:
                try:
                    queue.get().run()
                except Down:
                    time.sleep(1)

        def forever(client):
            while True:
                try:
                    return client.get()
                except Down:
                    time.sleep(1)

        def counted(client):
            for attempt in itertools.count():
                try:
                    return client.get()
                except Down:
                    time.sleep(1)

        def rows(items):
            for i in range(len(items)):
                try:
                    items[i].save()
                except Down:
                    continue

        def deadline(client, end):
            while time.monotonic() < end:
                try:
                    return client.get()
                except Down:
                    time.sleep(1)

        for attempt in range(3):
            try:
                connect()
                break
            except Down:
                time.sleep(1)
      `,
    },
    {
      name: 'tests',
      path: 'tests/test_api.py',
      code: python`
        def fetch(client):
            for attempt in range(3):
                try:
                    return client.get()
                except Down:
                    time.sleep(1)
      `,
    },
  ],
  invalid: [
    {
      name: 'a value is returned, or else nothing',
      code: python`
        def fetch_invoice(client, number):
            for attempt in range(3):
                try:
                    return client.get(number)
                except GatewayTimeout:
                    time.sleep(2 ** attempt)
      `,
      errors: [
        {
          message: 'When all attempts of this loop fail, `fetch_invoice()` falls off the end and returns `None`. Re-raise the last exception after the loop.',
          line: 2,
          suggestions: [
            {
              messageId: 'raiseOnLast',
              output: python`
                def fetch_invoice(client, number):
                    for attempt in range(3):
                        try:
                            return client.get(number)
                        except GatewayTimeout:
                            if attempt == 2:
                                raise
                            time.sleep(2 ** attempt)
              `,
            },
          ],
        },
      ],
    },
    {
      name: 'a bare return, over delays',
      code: python`
        class Outbox:
            async def publish(self, event):
                for delay in (1, 5, 30):
                    try:
                        await self.broker.publish(event)
                        return
                    except BrokerDown:
                        await asyncio.sleep(delay)
      `,
      errors: [{ messageId: fallsOff, line: 3, data: { function: 'publish' } }],
    },
    {
      name: 'a log in the handler, or below warning, or before the loop, says nothing of the end',
      code: python`
        import logging
        logger = logging.getLogger(__name__)
        DELAYS = [0.1, 1, 5]

        def first(client):
            logger.error("starting")
            for attempt in range(3):
                try:
                    return client.get()
                except Down:
                    logger.exception("no answer")
            logger.info("done")

        def second(client):
            for delay in DELAYS:
                try:
                    return client.get()
                except Down as exc:
                    last = exc
                    time.sleep(delay)
            return
      `,
      errors: [
        { messageId: fallsOff, line: 7, suggestions: 1 },
        {
          messageId: fallsOff,
          line: 15,
          suggestions: [
            {
              messageId: 'raiseLast',
              output: python`
                import logging
                logger = logging.getLogger(__name__)
                DELAYS = [0.1, 1, 5]

                def first(client):
                    logger.error("starting")
                    for attempt in range(3):
                        try:
                            return client.get()
                        except Down:
                            logger.exception("no answer")
                    logger.info("done")

                def second(client):
                    for delay in DELAYS:
                        try:
                            return client.get()
                        except Down as exc:
                            last = exc
                            time.sleep(delay)
                    raise last
                    return
              `,
            },
          ],
        },
      ],
    },
    {
      name: 'a while with a counter',
      code: python`
        def first(client):
            tries = 0
            while tries < 3:
                try:
                    return client.get()
                except Down:
                    tries += 1
                    time.sleep(1)

        def second(self):
            retries = self.limit
            while retries:
                try:
                    self.ping()
                    break
                except Down:
                    retries = retries - 1
            self.start()
      `,
      errors: [
        { messageId: fallsOff, line: 3, suggestions: 0 },
        { messageId: goesOn, line: 12, data: { function: 'second' }, suggestions: 0 },
      ],
    },
    {
      name: 'success in the else, after the try, or under with and if; one handler of two raises at last',
      code: python`
        def first(client):
            for attempt in range(3):
                try:
                    answer = client.get()
                except Down:
                    time.sleep(1)
                else:
                    return answer

        def second(client):
            for _ in range(3):
                with client.session() as session:
                    try:
                        answer = session.get()
                    except Down:
                        continue
                    return answer

        def third(client):
            for attempt in range(3):
                try:
                    return client.get()
                except Slow:
                    if attempt == 2:
                        raise
                except Down:
                    time.sleep(1)

        def fourth(jobs):
            for job in jobs:
                for attempt in range(3):
                    try:
                        job.run()
                        break
                    except Down:
                        time.sleep(1)
      `,
      errors: [
        { messageId: fallsOff, line: 2, suggestions: 1 },
        { messageId: fallsOff, line: 11, suggestions: 0 },
        { messageId: fallsOff, line: 20, suggestions: 1 },
        { messageId: fallsOff, line: 31, suggestions: 1 },
      ],
    },
    {
      name: 'a log on all attempts but the last one',
      code: python`
        import logging
        logger = logging.getLogger(__name__)

        def first(client, limit):
            for attempt in range(limit):
                try:
                    client.ping()
                    return
                except Down:
                    if attempt < limit - 1:
                        logger.warning("trying again")

        def second(client, limit):
            for attempt in range(limit):
                try:
                    client.ping()
                    return
                except Down:
                    if attempt > 0:
                        logger.warning("trying again")
      `,
      errors: [
        { messageId: fallsOff, line: 5, suggestions: 1 },
        { messageId: fallsOff, line: 14, suggestions: 1 },
      ],
    },
    {
      name: 'a test of something else',
      code: python`
        def first(client, strict):
            for attempt in range(3):
                try:
                    client.ping()
                    break
                except Down:
                    time.sleep(1)
            if strict:
                raise Unavailable()
      `,
      errors: [{ messageId: goesOn, line: 2, suggestions: 1 }],
    },
    {
      name: 'an else that says nothing',
      code: python`
        def first(client):
            for attempt in range(3):
                try:
                    client.ping()
                    break
                except Down:
                    time.sleep(1)
            else:
                client.reset()
      `,
      errors: [{ messageId: goesOn, line: 2, suggestions: 1 }],
    },
  ],
})
