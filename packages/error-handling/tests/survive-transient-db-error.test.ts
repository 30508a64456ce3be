import { RuleTester } from '@krait/rule-tester'
import { surviveTransientDbError } from '../src/rules/survive-transient-db-error.ts'

const tester = new RuleTester()

const HEAD = `import asyncio
import itertools
import logging
import time
from sqlalchemy import select
from sqlalchemy.exc import DBAPIError, OperationalError, SQLAlchemyError
from sqlalchemy.orm import Session, sessionmaker
from app.jobs import claim_next_job, safe_claim, pause
SessionLocal = sessionmaker()
logger = logging.getLogger(__name__)
`

const FILES = {
  'app/__init__.py': '',
  'app/jobs.py': `import time
from sqlalchemy import select
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

def claim_next_job(session: Session):
    return fetch(session)

def fetch(session: Session):
    return session.execute(select(1)).first()

def safe_claim(session: Session):
    try:
        return fetch(session)
    except OperationalError:
        session.rollback()
        return None

def pause():
    time.sleep(1)
`,
}

/** A function whose body begins in line 12. */
function given(body: string, signature = 'def run(self, session: Session, stop):'): string {
  return `${HEAD}${signature}\n${body.replace(/^/gm, '    ')}\n`
}

function valid(name: string, code: string) {
  return { name, files: FILES, code }
}

const WORK = '    session.execute(select(1))\n    time.sleep(5)'

tester.run('survive-transient-db-error: loops that live on', surviveTransientDbError, {
  valid: [
    valid('caught inside', given('while True:\n    try:\n        session.execute(select(1))\n    except OperationalError:\n        logger.warning("db")\n    time.sleep(5)')),
    valid('caught by a base, and broadly', given('while True:\n    try:\n        session.execute(select(1))\n    except SQLAlchemyError:\n        logger.warning("db")\n    time.sleep(5)\nwhile not stop:\n    try:\n        claim_next_job(session)\n    except Exception:\n        logger.exception("job")\n        continue\n    time.sleep(5)')),
    valid('suppressed', given('while True:\n    with suppress(SQLAlchemyError):\n        session.execute(select(1))\n    time.sleep(5)').replace('import asyncio', 'import asyncio\nfrom contextlib import suppress')),
    valid('a callee that catches it', given('while True:\n    safe_claim(session)\n    time.sleep(5)')),
    valid('a method that catches it', `${HEAD}class Worker:\n    def run(self):\n        while True:\n            self._tick()\n            time.sleep(1)\n\n    def _tick(self):\n        try:\n            self.session.execute(select(1))\n        except Exception:\n            logger.exception("tick")\n`),
    valid('a loop that ends', given(`while True:\n    rows = session.execute(select(1)).all()\n    if not rows:\n        return\n    time.sleep(5)`)),
    valid('a loop that breaks', given(`while True:\n    if not session.execute(select(1)).all():\n        break\n    time.sleep(5)`)),
    valid('a loop over rows', given(`for row in session.execute(select(1)):\n${WORK}`)),
    valid('a loop with another condition', given(`while rows:\n${WORK}`)),
    valid('a list of nodes', given(`while node.next:\n${WORK}`)),
    valid('no delay', given('while True:\n    session.execute(select(1))')),
    valid('a with around it that catches everything', given('while True:\n    try:\n        with SessionLocal() as session:\n            claim_next_job(session)\n    except Exception as error:\n        logger.exception("x", exc_info=error)\n    finally:\n        time.sleep(5)')),
    valid('a decorated callee is caught by the caller in the loop', given('while True:\n    try:\n        for job in session.scalars(select(1)):\n            self.handle(job)\n    except (OperationalError, TimeoutError):\n        time.sleep(1)\n        continue\n    time.sleep(5)')),
    valid('no database', given('while True:\n    work()\n    time.sleep(5)')),
    valid('started again further out', given(`while True:\n    try:\n        while True:\n            session.execute(select(1))\n            time.sleep(5)\n    except OperationalError:\n        time.sleep(9)`)),
    valid('started again by its caller', given(`while True:\n${WORK}`, 'def run(session: Session):') + 'def main(session: Session):\n    while True:\n        try:\n            run(session)\n        except Exception:\n            logger.exception("again")\n'),
    valid('a Celery task', `from celery import shared_task\n${given(`while True:\n${WORK}`).replace('def run', '@shared_task\ndef run')}`),
    { name: 'scripts', files: FILES, path: 'scripts/x.py', code: given(`while True:\n${WORK}`) },
    { name: 'tests', files: FILES, path: 'tests/test_x.py', code: given(`while True:\n${WORK}`) },
    valid('retries are asked for by name only', given('return session.execute(select(1)).all()', 'def load(session: Session):')),
  ],
  invalid: [],
})

function invalid(name: string, code: string, line = 12, message?: RegExp) {
  return { name, files: FILES, code, errors: [{ messageId: 'loop' as const, line, ...(message && { message }) }] }
}

tester.run('survive-transient-db-error: loops that die', surviveTransientDbError, {
  valid: [],
  invalid: [
    {
      name: 'the example',
      files: FILES,
      code: given('while True:\n    with SessionLocal() as session:\n        for job in session.scalars(select(Job).limit(10)):\n            self.handle(job)\n    time.sleep(5)', 'def run(self) -> None:'),
      errors: [{ messageId: 'loop', line: 12, message: 'One `OperationalError` from `session.scalars()` ends this worker loop for good. Catch it inside the loop (roll back, log, wait, go on).' }],
    },
    invalid('the example: the try is outside of the loop', given('try:\n    while not stop.is_set():\n        async with session_factory() as session:\n            await session.execute(select(1))\n        await asyncio.sleep(1)\nexcept Exception:\n    logger.exception("x")', 'async def poll(session_factory, stop) -> None:'), 13),
    invalid('the example: a coroutine of the module does the work', `async def dispatch_due(session) -> None:\n    await session.execute(select(1))\n\nasync def poll(session_factory) -> None:\n    while not stop.is_set():\n        async with session_factory() as session:\n            await dispatch_due(session)\n        await asyncio.sleep(1)\n`.replace(/^/, HEAD), 15, /from `dispatch_due\(\)`/),
    invalid('a class with a thread', `${HEAD}class Poller(Thread):\n    def __init__(self, factory: sessionmaker):\n        self._factory = factory\n        self._stop_event = Event()\n\n    def run(self):\n        while not self._stop_event.is_set():\n            self._poll()\n            self._stop_event.wait(timeout=5)\n\n    def _poll(self):\n        with self._factory() as session:\n            return session.execute(select(1)).all()\n`, 17, /from `self\._poll\(\)`/),
    invalid('a loop of the module', `${HEAD}session = SessionLocal()\nwhile True:\n${WORK}\n`, 12),
    invalid('a project function', given('while True:\n    claim_next_job(session)\n    pause()'), 12, /from `claim_next_job\(\)`/),
    invalid('a stop flag', given('while not self._stopped:\n    session.execute(select(1))\n    stop.wait(5)')),
    invalid('a running flag', given(`while self.running:\n${WORK}`)),
    invalid('a wait in the condition', given('while not stop.wait(5):\n    session.execute(select(1))')),
    invalid('one', given(`while 1:\n${WORK}`)),
    invalid('itertools.count', given(`for n in itertools.count():\n${WORK}`)),
    invalid('a consumer', given('async for message in consumer:\n    session.execute(select(1))', 'async def run(session: Session, consumer):')),
    invalid('a queue', given('while True:\n    job = queue.get()\n    session.execute(select(1))', 'def run(session: Session, queue):')),
    invalid('ends under a test of the flag', given(`while True:\n    if stop.is_set():\n        break\n    if not self.running:\n        return\n${WORK}`)),
    invalid('a return in a handler', given(`while True:\n    try:\n        work()\n    except KeyboardInterrupt:\n        return\n${WORK}`)),
    invalid('a break of an inner loop', given(`while True:\n    for job in jobs:\n        break\n${WORK}`)),
    invalid('another exception is caught', given('while True:\n    try:\n        session.execute(select(1))\n    except ValueError:\n        pass\n    time.sleep(5)')),
    invalid('caught and raised again', given('while True:\n    try:\n        session.execute(select(1))\n    except OperationalError:\n        session.rollback()\n        raise\n    time.sleep(5)')),
    invalid('caught, and the loop is left', given('while True:\n    try:\n        session.execute(select(1))\n    except OperationalError:\n        break\n    time.sleep(5)')),
    invalid('only one of two calls', given(`while True:\n    try:\n        session.execute(select(1))\n    except DBAPIError:\n        pass\n${WORK}`)),
    invalid('the caller does not start it again', given(`while True:\n${WORK}`, 'def run(session: Session):') + 'def main(session: Session):\n    try:\n        run(session)\n    except Exception:\n        logger.exception("end")\n'),
    invalid('pool_pre_ping does not help', given(`while True:\n${WORK}`).replace('SessionLocal = sessionmaker()', 'from sqlalchemy import create_engine\nSessionLocal = sessionmaker(create_engine("x", pool_pre_ping=True))'), 13),
  ],
})

const options = [{ requireRetry: ['example.load_*', 'read_all'] }] as const

tester.run('survive-transient-db-error: functions that must retry', surviveTransientDbError, {
  valid: [
    { name: 'a retry loop', options, files: FILES, code: given('for attempt in range(2):\n    try:\n        return session.scalars(select(1)).all()\n    except OperationalError:\n        session.rollback()\n        if attempt:\n            raise', 'def load_all(session: Session):') },
    { name: 'once more in the handler', options, files: FILES, code: given('try:\n    return session.scalars(select(1)).all()\nexcept DBAPIError:\n    session.rollback()\n    return session.scalars(select(1)).all()', 'def load_all(session: Session):') },
    { name: 'a decorator', options, files: FILES, code: given('return session.scalars(select(1)).all()', '@retry\ndef load_all(session: Session):').replace('import asyncio', 'import asyncio\nfrom tenacity import retry') },
    { name: 'a decorator that is told', options, files: FILES, code: given('return session.scalars(select(1)).all()', '@retry(retry=retry_if_exception_type((OperationalError, OSError)))\ndef load_all(session: Session):').replace('import asyncio', 'import asyncio\nfrom tenacity import retry, retry_if_exception_type') },
    { name: 'a function that writes', options, files: FILES, code: given('session.add(1)\nsession.commit()', 'def load_all(session: Session):') },
    { name: 'no database', options, files: FILES, code: given('return 1', 'def load_all(session: Session):') },
    { name: 'another name', options, files: FILES, code: given('return session.scalars(select(1)).all()', 'def find_all(session: Session):') },
  ],
  invalid: [
    { name: 'no retry', options, files: FILES, code: given('return session.scalars(select(1)).all()', 'def load_all(session: Session):'), errors: [{ messageId: 'retry', line: 11, message: 'One `OperationalError` from `session.scalars()` fails `load_all()`, although reading again would do. Retry it once, in at most 3 attempts.' }] },
    { name: 'by its bare name, through a function', options, files: FILES, code: given('return claim_next_job(session)', 'def read_all(session: Session):'), errors: [{ messageId: 'retry', line: 11 }] },
    { name: 'too many attempts', options, files: FILES, code: given('for attempt in range(9):\n    try:\n        return session.scalars(select(1)).all()\n    except OperationalError:\n        session.rollback()', 'def load_all(session: Session):'), errors: [{ messageId: 'retry', line: 11 }] },
    { name: 'a decorator for other errors', options, files: FILES, code: given('return session.scalars(select(1)).all()', '@retry(retry=retry_if_exception_type(ValueError))\ndef load_all(session: Session):').replace('import asyncio', 'import asyncio\nfrom tenacity import retry, retry_if_exception_type'), errors: [{ messageId: 'retry', line: 13 }] },
  ],
})
