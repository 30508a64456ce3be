import { python, RuleTester } from '@krait/rule-tester'
import { noSilentExcept } from '../src/rules/no-silent-except.ts'

const tester = new RuleTester()
const silent = 'silent'
const silentFailure = 'silentFailure'
const silentSuppress = 'silentSuppress'

const STORE = python`
  import requests
  from pathlib import Path
  from sqlalchemy import select
  from sqlalchemy.orm import Session

  def read_rates(name):
      return parse_rates(_text(name))

  def _text(name):
      return Path(name).read_text()

  def parse_rates(text):
      return dict(line.split(",") for line in text.splitlines())

  def stored(session: Session):
      return session.execute(select(1)).all()

  def newest(session: Session):
      yield from session.execute(select(1)).all()

  async def later(session: Session):
      session.execute(select(1))

  class Rates:
      current = 1

      def fetch(self):
          return self._get("latest")

      def _get(self, day):
          return requests.get(day, timeout=5)
`

tester.run('no-silent-except: broad handlers', noSilentExcept, {
  valid: [
    {
      name: 'a handler that logs, at any level and in any branch',
      code: python`
        import logging
        from app.log import audit

        logger = logging.getLogger(__name__)

        def load(row):
            try:
                import_row(row)
            except Exception:
                logger.debug("skipped")
            try:
                import_row(row)
            except Exception:
                if row.is_new:
                    pass
                else:
                    audit.info("skipped")
            try:
                import_row(row)
            except Exception:
                report_failure()
      `,
    },
    {
      name: 'a handler that raises, ends the process, awaits, yields or calls anything',
      code: python`
        import sys

        async def run(jobs):
            try:
                first()
            except Exception:
                raise
            try:
                first()
            except Exception as error:
                raise JobError from error
            try:
                first()
            except Exception:
                sys.exit(1)
            try:
                first()
            except Exception:
                await stop()
            try:
                first()
            except Exception:
                yield None
            try:
                first()
            except Exception:
                return fallback()
            try:
                first()
            except Exception:
                value = make()
            try:
                first()
            except Exception:
                if should_stop():
                    return
            try:
                first()
            except Exception:
                if jobs:
                    raise
            try:
                first()
            except Exception:
                if (left := jobs.count):
                    return
      `,
    },
    {
      name: 'a handler that reads the exception',
      code: python`
        def run():
            error = None
            try:
                step()
            except Exception as exc:
                error = exc
            try:
                step()
            except Exception as exc:
                if exc.args:
                    pass
            try:
                step()
            except Exception as exc:
                return exc
            try:
                step()
            except BaseException as exc:
                result = exc.args
      `,
    },
    {
      name: 'a handler that records the failure: a boolean, an attribute, a subscript, a count',
      code: python`
        def run(self, rows, state):
            failed = 0
            for row in rows:
                try:
                    session.execute(row)
                except Exception:
                    failed += 1
            try:
                session.execute(rows)
            except Exception:
                ok = False
            try:
                session.execute(rows)
            except Exception:
                ok: bool = False
            try:
                session.execute(rows)
            except Exception:
                self.status = None
            try:
                session.execute(rows)
            except Exception:
                state["rows"] = None
            try:
                session.execute(rows)
            except Exception:
                a = b = True
            try:
                session.execute(rows)
            except Exception:
                return False
      `,
    },
    {
      name: 'a status that tells of the failure',
      code: python`
        async def check(client):
            try:
                await client.ping()
            except Exception:
                return Status.SERVER_ERROR

        async def health(client):
            database = "ok"
            try:
                await client.ping()
            except Exception:
                database = "unavailable"
            return database
      `,
    },
    {
      name: 'a fallback for a function of the project that does not wait for the outside',
      path: 'app/main.py',
      files: { 'app/__init__.py': '', 'app/store.py': STORE },
      code: python`
        from app.store import later, newest, parse_rates, stored

        def parse(text):
            try:
                return parse_rates(text)
            except Exception:
                return {}

        def not_awaited(session):
            try:
                task = later(session)
                rows = newest(session)
            except Exception:
                task = None

        def handed_on(session):
            try:
                load = stored
            except Exception:
                load = None
      `,
    },
    {
      name: 'a fallback where nothing waits for the outside',
      code: python`
        def parse(raw, default):
            try:
                return Decimal(raw)
            except Exception:
                return None

        def parse_date(raw, default):
            try:
                return dateutil.parse(raw)
            except Exception:
                return default

        def label(user):
            try:
                name = user.profile.name.title()
            except Exception:
                name = ""
            return name

        def lazily(client):
            try:
                load = lambda: client.get("/")
                async def later():
                    await client.get("/")
            except Exception:
                return None
      `,
    },
    {
      name: 'clean-up only',
      code: python`
        import os
        import shutil
        from os import remove as delete_file

        async def stop(self, writer, path, task):
            try:
                self.connection.close()
            except Exception:
                pass
            try:
                if writer:
                    writer.close()
                    await writer.wait_closed()
                else:
                    task.cancel()
            except:
                pass
            try:
                os.remove(path)
                delete_file(path)
                path.unlink(missing_ok=True)
                shutil.rmtree(path)
            except Exception:
                pass
            try:
                (await self.client.aclose())
            except BaseException:
                return
            try:
                cleanup()
            except Exception:
                pass
      `,
    },
    {
      name: 'clean-up by a method of the option',
      options: [{ cleanupMethods: ['detach', 'teardown'] }],
      code: python`
        def stop(self):
            try:
                self.listener.detach()
                self.teardown()
                self.pool.close()
            except Exception:
                pass
      `,
    },
    {
      name: 'imports that may be missing or broken',
      code: python`
        try:
            import uvloop
            from orjson import dumps
        except Exception:
            pass
      `,
    },
    {
      name: 'a finaliser',
      code: python`
        class Pool:
            def __del__(self):
                try:
                    self.flush_all()
                except Exception:
                    pass
      `,
    },
    {
      name: 'the next attempt of a retry loop',
      code: python`
        import itertools
        import time

        DELAYS = (1, 2, 4)

        def connect():
            for attempt in range(3):
                try:
                    return open_channel()
                except Exception:
                    pass
                time.sleep(attempt)

        def connect_for_ever():
            while True:
                try:
                    channel = open_channel()
                except Exception:
                    continue
                break

        def connect_with_delays():
            for delay in DELAYS:
                try:
                    with lock:
                        channel = open_channel()
                except Exception:
                    pass
                else:
                    return channel
                time.sleep(delay)

        def connect_and_count(lock):
            for number, _ in enumerate(itertools.count()):
                if number:
                    with lock:
                        try:
                            return open_channel()
                        except Exception:
                            continue

        def poll(url):
            while True:
                try:
                    answer = fetch(url)
                except Exception:
                    pass
                else:
                    if answer.ok:
                        break
                time.sleep(1)
      `,
    },
    {
      name: 'a comment justifies, with the option',
      options: [{ commentJustifies: 'all' }],
      code: python`
        import contextlib

        def refresh():
            try:
                warm_cache()
            except Exception:  # the cache fills itself later
                pass
            with contextlib.suppress(Exception):  # the cache fills itself later
                warm_cache()
      `,
    },
    {
      name: 'a type that only looks broad',
      code: python`
        class Exception(ValueError):
            pass

        try:
            run()
        except Exception:
            pass
        try:
            run()
        except errors.Exception:
            pass
      `,
    },
    { name: 'types that are not known', code: 'try:\n    run()\nexcept ERRORS:\n    pass\ntry:\n    run()\nexcept self.ignored:\n    pass\n' },
    {
      name: 'test code',
      path: 'tests/test_cache.py',
      code: python`
        import contextlib

        def test_cache():
            try:
                run()
            except Exception:
                pass
            with contextlib.suppress(Exception):
                run()
      `,
    },
    { name: 'conftest.py', path: 'app/conftest.py', code: 'try:\n    run()\nexcept:\n    pass\n' },
  ],
  invalid: [
    {
      name: 'continue in a loop over data',
      code: python`
        for row in rows:
            try:
                import_row(session, row)
            except Exception:
                continue
      `,
      errors: [
        {
          messageId: silent,
          message:
            '`except Exception` discards every error from `import_row()`: it neither logs, re-raises nor recovers. Log it with `logger.exception(...)`, catch the exception you expect, or let it propagate.',
          line: 4,
          column: 5,
          endLine: 4,
          endColumn: 22,
        },
      ],
    },
    {
      name: 'pass, an ellipsis, a constant, break, a bare return, del of a name, and an if of these',
      code: python`
        def run(rows):
            try:
                step()
            except Exception:
                pass
            try:
                step()
            except Exception:
                ...
            try:
                step()
            except Exception:
                "ignored"
            while rows:
                try:
                    step()
                except Exception:
                    break
            try:
                value = step()
            except Exception:
                del value
            try:
                step()
            except Exception:
                if rows:
                    pass
                elif not rows.open:
                    ...
                else:
                    return
            try:
                step()
            except Exception:
                return
      `,
      errors: [4, 8, 12, 17, 21, 25, 34].map((line) => ({ messageId: silent, line })),
    },
    {
      name: 'a bare except, BaseException, a tuple, a group, Python 3.14 without parentheses, an unused name',
      code: python`
        try:
            run()
        except:
            pass
        try:
            run()
        except BaseException:
            pass
        try:
            run()
        except (ValueError, Exception):
            pass
        try:
            run()
        except* Exception:
            pass
        try:
            run()
        except ValueError, Exception:
            pass
        try:
            run()
        except Exception as exc:
            pass
      `,
      errors: [
        {
          line: 3,
          message:
            '`except` discards every error from `run()`: it neither logs, re-raises nor recovers. Log it with `logger.exception(...)`, catch the exception you expect, or let it propagate.',
          suggestions: [
            {
              messageId: 'catchException',
              output: python`
                try:
                    run()
                except Exception:
                    pass
                try:
                    run()
                except BaseException:
                    pass
                try:
                    run()
                except (ValueError, Exception):
                    pass
                try:
                    run()
                except* Exception:
                    pass
                try:
                    run()
                except ValueError, Exception:
                    pass
                try:
                    run()
                except Exception as exc:
                    pass
              `,
            },
          ],
        },
        { messageId: silent, line: 7, data: { handler: 'except BaseException', source: '`run()`', logger: 'logger' } },
        { messageId: silent, line: 11, data: { handler: 'except (ValueError, Exception)', source: '`run()`', logger: 'logger' } },
        { messageId: silent, line: 15, data: { handler: 'except* Exception', source: '`run()`', logger: 'logger' } },
        { messageId: silent, line: 19, data: { handler: 'except ValueError, Exception', source: '`run()`', logger: 'logger' } },
        { messageId: silent, line: 23, data: { handler: 'except Exception', source: '`run()`', logger: 'logger' } },
      ],
    },
    {
      name: 'aliases of broad types, also from another module',
      path: 'app/main.py',
      files: { 'app/__init__.py': '', 'app/errors.py': 'import builtins\n\nANY = (KeyError, builtins.Exception)\nAnyError = Exception\nBOTH = (OSError,) + ANY\n' },
      code: python`
        import builtins
        from app.errors import ANY, AnyError
        from app import errors

        def run():
            local = (ValueError, BaseException)
            try:
                step()
            except builtins.Exception:
                pass
            try:
                step()
            except ANY:
                pass
            try:
                step()
            except AnyError:
                pass
            try:
                step()
            except errors.BOTH:
                pass
            try:
                step()
            except local:
                pass
            try:
                step()
            except (KeyError, *ANY):
                pass
      `,
      errors: [9, 13, 17, 21, 25, 29].map((line) => ({ messageId: silent, line })),
    },
    {
      name: 'a fallback for a function of the project that waits for the outside',
      path: 'app/main.py',
      files: { 'app/__init__.py': '', 'app/store.py': STORE },
      code: python`
        from app.store import Rates, newest, read_rates, stored

        def by_file():
            try:
                return read_rates("rates.csv")
            except Exception:
                return {}

        def by_database(session):
            try:
                rows = stored(session)
            except Exception:
                rows = []
            return rows

        def by_method(rates: Rates):
            try:
                return rates.current
            except Exception:
                return None

        def by_client(rates: Rates):
            try:
                value = rates.fetch()
            except Exception:
                return None
            return value

        def by_generator(session):
            try:
                for row in newest(session):
                    print(row)
            except Exception:
                return None
      `,
      errors: [
        { messageId: silent, line: 6, message: "\`except Exception\` discards every error from \`read_rates()\`: it neither logs, re-raises nor recovers. Log it with \`logger.exception(...)\`, catch the exception you expect, or let it propagate.", suggestions: 0 },
        { messageId: silent, line: 12, suggestions: 0 },
        { messageId: silent, line: 25, suggestions: 0 },
        { messageId: silent, line: 33, suggestions: 0 },
      ],
    },
    {
      name: 'a fallback in place of what the outside would have given',
      code: python`
        import httpx
        import requests
        import subprocess
        from pathlib import Path
        from sqlalchemy.orm import Session

        async def awaited(client):
            try:
                return await client.rate()
            except Exception:
                return None

        async def loop(client):
            rows = []
            try:
                async for row in client.rows():
                    rows.append(row)
            except Exception:
                rows = []
            return rows

        async def comprehension(client):
            try:
                return [row async for row in client.rows()]
            except Exception:
                return []

        async def context(client):
            try:
                async with client.lock():
                    return 1
            except Exception:
                return 0

        def query(db: Session):
            try:
                return db.execute(statement).all()
            except Exception:
                return []

        def by_name(self):
            try:
                return self.session.query(User).all()
            except Exception:
                return ()

        def request(url, cache):
            try:
                return requests.get(url).json()
            except Exception:
                return cache.previous

        def client_request(url, default):
            with httpx.Client() as client:
                try:
                    found = client.get(url)
                except Exception:
                    found = default
            return found

        def read(path: Path):
            try:
                return path.read_text()
            except Exception:
                return ""

        def opened(path):
            try:
                with open(path) as file:
                    return file.read()
            except Exception:
                return {}

        def process():
            try:
                return subprocess.check_output(["git", "status"])
            except Exception:
                a, b = None, None

        def pair(url):
            try:
                return requests.get(url).json()
            except Exception:
                return None, []
      `,
      errors: [10, 18, 25, 32, 38, 44, 50, 57, 64, 71, 77, 83].map((line) => ({ messageId: silent, line })),
    },
    {
      name: 'a comment does not justify a broad handler',
      code: python`
        def refresh():
            try:
                warm_cache()
            except Exception:  # the cache fills itself later
                pass
      `,
      errors: [{ messageId: silent, line: 4 }],
    },
    {
      name: 'more than clean-up',
      code: python`
        def stop(self):
            try:
                self.buffer.flush()
                self.connection.close()
            except Exception:
                pass
            try:
                result = self.connection.close()
            except Exception:
                pass
            try:
                for connection in self.connections:
                    connection.close()
            except Exception:
                pass
      `,
      errors: [5, 9, 14].map((line) => ({ messageId: silent, line })),
    },
    {
      name: 'loops that are no retry loops: data, candidates, a worker, success that goes round again',
      code: python`
        def worker(queue):
            while True:
                try:
                    job = queue.get()
                    if job is None:
                        break
                    handle(job)
                except Exception:
                    pass

        def mirrors(urls):
            for url in urls:
                try:
                    return load(url)
                except Exception:
                    continue

        def pages():
            for page in range(10):
                try:
                    rows = load(page)
                    if not rows:
                        break
                    keep(rows)
                except Exception:
                    continue

        def ports():
            for port in (8000, 8001):
                try:
                    return listen(port)
                except Exception:
                    pass

        def gives_up():
            for attempt in range(3):
                try:
                    return load()
                except Exception:
                    break

        def inner_loop(rows):
            for attempt in range(3):
                for row in rows:
                    try:
                        return load(row)
                    except Exception:
                        pass
      `,
      errors: [8, 15, 25, 32, 39, 47].map((line) => ({ messageId: silent, line })),
    },
    {
      name: 'not the finaliser itself',
      code: python`
        class Pool:
            def __del__(self):
                def later():
                    try:
                        flush()
                    except Exception:
                        pass
                schedule(later)
      `,
      errors: [{ messageId: silent, line: 6 }],
    },
    {
      name: 'imports and more',
      code: python`
        try:
            import uvloop
            uvloop.install()
        except Exception:
            pass
      `,
      errors: [{ messageId: silent, line: 4, data: { handler: 'except Exception', source: '`uvloop.install()`', logger: 'logger' } }],
    },
    {
      name: 'each handler of a try, nested try statements, else and finally',
      code: python`
        def run():
            try:
                try:
                    first()
                except Exception:
                    pass
                second()
            except KeyError:
                pass
            except Exception:
                pass
            else:
                third()
            finally:
                last()
      `,
      errors: [
        { messageId: silent, line: 5 },
        { messageId: silent, line: 10 },
      ],
    },
    {
      name: 'the call in the message: its receiver, a chain, the outside first, builtins last, no call at all',
      code: python`
        def run(self, rows, x):
            try:
                self.repo.handlers[x].save(rows)
            except Exception:
                pass
            try:
                query.where(x).run()
            except Exception:
                pass
            try:
                check(x)
                with open(x) as file:
                    pass
            except Exception:
                pass
            try:
                if isinstance(x, str):
                    convert(x)
            except Exception:
                pass
            try:
                rows[x]
            except (
                ValueError,  # not a number
                Exception,
            ) as error:
                pass
      `,
      errors: [
        { messageId: silent, line: 4, data: { handler: 'except Exception', source: '`self.repo.handlers[…].save()`', logger: 'logger' } },
        { messageId: silent, line: 8, data: { handler: 'except Exception', source: '`query.where().run()`', logger: 'logger' } },
        { messageId: silent, line: 14, data: { handler: 'except Exception', source: '`open()`', logger: 'logger' } },
        { messageId: silent, line: 19, data: { handler: 'except Exception', source: '`convert()`', logger: 'logger' } },
        { messageId: silent, line: 23, data: { handler: 'except (ValueError, Exception)', source: 'the `try` block', logger: 'logger' } },
      ],
    },
  ],
})

tester.run('no-silent-except: specific types', noSilentExcept, {
  valid: [
    {
      name: 'a failure that is explained, in the handler or on its line',
      code: python`
        from redis.exceptions import RedisError

        def forget(redis_client, cache_key):
            try:
                redis_client.delete(cache_key)
            except RedisError:
                pass  # the key expires in 60 s anyway
            try:
                redis_client.delete(cache_key)
            except RedisError:  # the key expires anyway
                pass
            try:
                redis_client.delete(cache_key)
            except RedisError:
                # the key expires anyway
                pass
            try:
                redis_client.delete(cache_key)
            except (
                RedisError,  # the key expires anyway
            ):
                pass
            try:
                redis_client.delete(cache_key)
            except RedisError:  # noqa: S110  # the key expires anyway
                pass
            try:
                redis_client.delete(cache_key)
            except RedisError:
                """The key expires anyway."""
      `,
    },
    {
      name: 'outcomes: parsing, lookups, an end, a queue, a file that is not there',
      code: python`
        import queue
        from decimal import Decimal, InvalidOperation
        from json import JSONDecodeError
        from sqlalchemy.exc import IntegrityError, NoResultFound

        def run(raw, rows, path, session):
            try:
                price = Decimal(raw)
            except InvalidOperation:
                price = None
            for error in ():
                try:
                    run(raw)
                except KeyError:
                    pass
                except (ValueError, JSONDecodeError):
                    pass
                except AttributeError:
                    continue
                except StopIteration:
                    return
                except ImportError:
                    pass
                except queue.Empty:
                    continue
                except FileNotFoundError:
                    pass
                except (FileExistsError, NotADirectoryError):
                    pass
                except ConnectionResetError:
                    pass
                except NoResultFound:
                    pass
                except IntegrityError:
                    pass
      `,
    },
    {
      name: 'a failure type among others',
      code: python`
        try:
            load()
        except (OSError, ValueError):
            pass
        try:
            load()
        except (OSError, Unknown):
            pass
      `,
    },
    {
      name: 'a failure with a fallback',
      code: python`
        import requests

        def load(url):
            try:
                return requests.get(url)
            except requests.RequestException:
                return None
      `,
    },
    {
      name: "the project's own not-found exceptions, whatever they derive from",
      code: python`
        class RemoteNotFound(OSError):
            pass

        class AlreadyExistsError(ConnectionError):
            pass

        try:
            load()
        except RemoteNotFound:
            pass
        except AlreadyExistsError:
            pass
      `,
    },
    {
      name: 'clean-up, a finaliser, a retry loop',
      code: python`
        def stop(path):
            try:
                path.unlink()
            except OSError:
                pass

        class Socket:
            def __del__(self):
                try:
                    self.flush()
                except OSError:
                    pass

        def connect():
            for _ in range(3):
                try:
                    return dial()
                except ConnectionError:
                    continue
      `,
    },
    {
      name: 'a time limit on waiting for an event or a queue of its own',
      code: python`
        import asyncio

        async def run(self, stop, jobs):
            while not stop.is_set():
                try:
                    await asyncio.wait_for(stop.wait(), timeout=5)
                except asyncio.TimeoutError:
                    pass
                try:
                    async with asyncio.timeout(1):
                        job = await jobs.get()
                except TimeoutError:
                    continue
      `,
    },
    {
      name: 'none with the option',
      options: [{ typedExceptions: 'none' }],
      code: 'try:\n    load()\nexcept OSError:\n    pass\n',
    },
    {
      name: 'steering and outcomes, even if all types count',
      options: [{ typedExceptions: 'all' }],
      code: python`
        import asyncio
        import os
        import queue
        from uuid import UUID

        class UserNotFound(Exception):
            pass

        def run(path):
            try:
                run(path)
            except (KeyError, IndexError, AttributeError):
                pass
            except (ValueError, UnicodeDecodeError):
                pass
            except (StopIteration, StopAsyncIteration, GeneratorExit):
                pass
            except (ImportError, ModuleNotFoundError):
                pass
            except (KeyboardInterrupt, SystemExit, asyncio.CancelledError):
                pass
            except (queue.Empty, queue.Full, asyncio.QueueEmpty):
                pass
            except UserNotFound:
                pass
            except unknown:
                pass
            try:
                os.remove(path.sub)
            except FileNotFoundError:
                pass
            try:
                run(path)
            except TypeError:
                pass  # not a path: nothing to do
      `,
    },
  ],
  invalid: [
    {
      name: 'failed dependencies of many libraries',
      code: python`
        import asyncio
        import json
        import smtplib
        import socket
        import subprocess

        import aiohttp
        import asyncpg
        import grpc
        import httpx
        import psycopg
        import psycopg2.errors
        import requests
        import stripe
        from botocore.exceptions import BotoCoreError, ClientError, EndpointConnectionError
        from kombu.exceptions import OperationalError
        from pymongo.errors import ServerSelectionTimeoutError
        from redis import RedisError as CacheError
        from requests.exceptions import ConnectionError as Unreachable, SSLError
        from sqlalchemy.exc import DBAPIError, OperationalError as DatabaseDown
        from stripe.error import CardError

        try:
            run()
        except OSError:
            pass
        except IOError:
            pass
        except socket.error:
            pass
        except PermissionError:
            pass
        except (TimeoutError, ConnectionError):
            pass
        except asyncio.TimeoutError:
            pass
        except socket.timeout:
            pass
        except requests.Timeout:
            pass
        except (Unreachable, SSLError):
            pass
        except httpx.ConnectTimeout:
            pass
        except aiohttp.ClientResponseError:
            pass
        except CacheError:
            pass
        except (BotoCoreError, ClientError, EndpointConnectionError):
            pass
        except smtplib.SMTPAuthenticationError:
            pass
        except stripe.APIConnectionError:
            pass
        except CardError:
            pass
        except psycopg.OperationalError:
            pass
        except psycopg2.errors.DeadlockDetected:
            pass
        except asyncpg.DeadlockDetectedError:
            pass
        except OperationalError:
            pass
        except ServerSelectionTimeoutError:
            pass
        except grpc.RpcError:
            pass
        except grpc.aio.AioRpcError:
            pass
        except subprocess.CalledProcessError:
            pass
        except (DBAPIError, DatabaseDown):
            pass
      `,
      errors: Array.from({ length: 25 }, (_, i) => ({ messageId: silentFailure, line: 25 + 2 * i })),
    },
    {
      name: 'continue, break, a bare return and an ellipsis; the message',
      code: python`
        from redis.exceptions import RedisError

        def forget(redis_client, keys):
            for key in keys:
                try:
                    redis_client.delete(key)
                except RedisError:
                    continue
                try:
                    redis_client.delete(key)
                except RedisError as error:
                    break
            try:
                redis_client.delete(key)
            except RedisError:
                ...
            try:
                redis_client.delete(key)
            except RedisError:
                return
      `,
      errors: [
        {
          messageId: silentFailure,
          message:
            '`except RedisError` discards every error from `redis_client.delete()`: it neither logs, re-raises nor recovers. Log it with `logger.exception(...)`, say in a comment why it does not matter, or let it propagate.',
          line: 7,
        },
        { messageId: silentFailure, line: 11 },
        { messageId: silentFailure, line: 15 },
        { messageId: silentFailure, line: 19 },
      ],
    },
    {
      name: 'comments that explain nothing',
      code: python`
        def load(path):
            try:
                read(path)
            except OSError:  # noqa: S110
                pass
            try:
                read(path)
            except OSError:
                # TODO: handle this
                pass
            try:
                read(path)
            except OSError:  # pylint: disable=broad-except
                pass  # type: ignore
            try:
                read(path)
            except OSError:  # pragma: no cover
                pass
            try:
                read(path)
            except OSError:  # nosec  # noqa
                pass  # FIXME
            try:
                read(path)
            except OSError:
                # ---------
                pass
            # not in the handler
            try:
                read(path)  # best effort
            except OSError:
                pass
            # behind the handler
      `,
      errors: [4, 8, 13, 17, 21, 25, 31].map((line) => ({ messageId: silentFailure, line })),
    },
    {
      name: 'no comment justifies, with the option',
      options: [{ commentJustifies: 'none' }],
      code: 'try:\n    load()\nexcept OSError:  # optional\n    pass\n',
      errors: [{ messageId: silentFailure, line: 3 }],
    },
    {
      name: "the project's own exceptions, by what they derive from",
      path: 'app/main.py',
      files: {
        'app/__init__.py': '',
        'app/errors.py': 'import requests\n\nclass GatewayError(requests.RequestException):\n    pass\n\nclass PaymentError(GatewayError, ValueError):\n    pass\n\nGATEWAY = (GatewayError, OSError)\n',
        'app/api.py': 'from app.errors import GATEWAY, PaymentError as Failed\n',
      },
      code: python`
        from app.api import GATEWAY, Failed

        try:
            pay()
        except Failed:
            pass
        try:
            pay()
        except GATEWAY:
            pass
      `,
      errors: [
        { messageId: silentFailure, line: 5 },
        { messageId: silentFailure, line: 9 },
      ],
    },
    {
      name: 'failure types of the settings',
      settings: { errors: { failureTypes: ['UpstreamError', 'vendor.sdk.VendorError', 'FileNotFoundError'] } },
      code: python`
        from vendor.sdk import VendorError

        class UpstreamError(Exception):
            pass

        class GatewayDown(UpstreamError):
            pass

        try:
            call()
        except GatewayDown:
            pass
        except VendorError:
            pass
        except FileNotFoundError:
            pass
      `,
      errors: [
        { messageId: silentFailure, line: 11 },
        { messageId: silentFailure, line: 13 },
        { messageId: silentFailure, line: 15 },
      ],
    },
    {
      name: 'a time limit on work',
      code: python`
        import asyncio

        async def run(client):
            try:
                await asyncio.wait_for(client.get("/rates"), timeout=5)
            except asyncio.TimeoutError:
                pass
      `,
      errors: [{ messageId: silentFailure, line: 6 }],
    },
    {
      name: 'all specific types, with the option',
      options: [{ typedExceptions: 'all' }],
      code: python`
        from vendor import VendorError

        class Invalid(RuntimeError):
            pass

        try:
            run()
        except TypeError:
            pass
        except (Invalid, VendorError):
            pass
        except FileNotFoundError:
            pass
        except (KeyError, TypeError):
            pass
      `,
      errors: [
        { messageId: silentFailure, line: 8 },
        { messageId: silentFailure, line: 10 },
        { messageId: silentFailure, line: 12 },
      ],
    },
  ],
})

tester.run('no-silent-except: contextlib.suppress', noSilentExcept, {
  valid: [
    {
      name: 'specific types, also behind a name',
      code: python`
        import contextlib
        from contextlib import suppress

        IGNORED = (KeyError, OSError)

        with contextlib.suppress(OSError):
            load()
        with suppress(*IGNORED):
            load()
        with suppress():
            load()
        with suppress(self.errors):
            load()
      `,
    },
    {
      name: 'clean-up, imports, a finaliser',
      code: python`
        from contextlib import suppress

        async def stop(server, process):
            with suppress(Exception):
                await server.aclose()
                if process:
                    process.kill()
            with suppress(Exception):
                import uvloop

        class Pool:
            def __del__(self):
                with suppress(Exception):
                    self.flush()
      `,
    },
    {
      name: 'another suppress',
      code: python`
        from app.warnings import suppress

        with suppress(Exception), self.suppress(Exception):
            load()
      `,
    },
  ],
  invalid: [
    {
      name: 'broad types, with aliases, among several items, in a tuple',
      code: python`
        import contextlib
        from contextlib import suppress as ignore

        IGNORED = (ValueError, Exception)
        quietly = contextlib.suppress(Exception)

        with contextlib.suppress(Exception):
            load()
        with ignore(BaseException):
            load()
        with open(path) as file, ignore(KeyError, Exception):
            load(file)
        with (
            lock,
            ignore(*IGNORED) as _,
        ):
            load()
        with quietly:
            load()
      `,
      errors: [
        {
          messageId: silentSuppress,
          message:
            '`contextlib.suppress(Exception)` discards every error from `load()`: it neither logs, re-raises nor recovers. Suppress the exception you expect, log it with `logger.exception(...)` in an `except` clause, or let it propagate.',
          line: 7,
        },
        { messageId: silentSuppress, line: 9 },
        { messageId: silentSuppress, line: 11 },
        { messageId: silentSuppress, line: 13, data: { handler: 'ignore(*IGNORED)', source: '`load()`', logger: 'logger' } },
        { messageId: silentSuppress, line: 18 },
      ],
    },
    {
      name: 'a comment does not justify it',
      code: python`
        import contextlib

        with contextlib.suppress(Exception):  # optional
            load()
      `,
      errors: [{ messageId: silentSuppress, line: 3 }],
    },
  ],
})

tester.run('no-silent-except: suggestions', noSilentExcept, {
  valid: [],
  invalid: [
    {
      name: "the module's logger takes the place of a lone pass",
      code: python`
        import structlog

        log = structlog.get_logger()

        def load():
            try:
                fetch_rates("EUR")
            except Exception:
                pass  # later
      `,
      errors: [
        {
          messageId: silent,
          data: { handler: 'except Exception', source: '`fetch_rates()`', logger: 'log' },
          suggestions: [
            {
              messageId: 'logException',
              desc: 'Log the exception with `log.exception(...)`',
              output: python`
                import structlog

                log = structlog.get_logger()

                def load():
                    try:
                        fetch_rates("EUR")
                    except Exception:
                        log.exception("fetch_rates() failed")  # later
              `,
            },
          ],
        },
      ],
    },
    {
      name: 'an imported logger, before other statements; a bare except has two suggestions',
      path: 'app/main.py',
      files: { 'app/__init__.py': '', 'app/log.py': 'import logging\n\naudit = logging.getLogger("audit")\n' },
      code: python`
        from app.log import audit

        def load(rows):
            for row in rows:
                try:
                    value = rows[row]
                except:
                    # the next one
                    continue
      `,
      errors: [
        {
          messageId: silent,
          suggestions: [
            {
              messageId: 'logException',
              output: python`
                from app.log import audit

                def load(rows):
                    for row in rows:
                        try:
                            value = rows[row]
                        except:
                            # the next one
                            audit.exception("Unexpected error")
                            continue
              `,
            },
            {
              messageId: 'catchException',
              output: python`
                from app.log import audit

                def load(rows):
                    for row in rows:
                        try:
                            value = rows[row]
                        except Exception:
                            # the next one
                            continue
              `,
            },
          ],
        },
      ],
    },
    {
      name: 'only logging is imported; one line',
      code: python`
        import logging

        def load(rows):
            for row in rows:
                try: load_row(row)
                except Exception: continue
      `,
      errors: [
        {
          suggestions: [
            {
              messageId: 'logException',
              output: python`
                import logging

                def load(rows):
                    for row in rows:
                        try: load_row(row)
                        except Exception: logging.getLogger(__name__).exception("load_row() failed"); continue
              `,
            },
          ],
        },
      ],
    },
    {
      name: 'no suggestion where the logger is shadowed or there is none',
      code: python`
        import os

        def load(os):
            try:
                load_row()
            except Exception:
                pass
      `,
      errors: [{ messageId: silent, suggestions: [] }],
    },
    {
      name: 'Windows line breaks',
      code: 'from loguru import logger\r\ntry:\r\n    load()\r\nexcept OSError:\r\n    a = 1\r\nexcept Exception:\r\n    ...\r\n    pass\r\n',
      errors: [
        {
          line: 6,
          suggestions: [
            {
              messageId: 'logException',
              output:
                'from loguru import logger\r\ntry:\r\n    load()\r\nexcept OSError:\r\n    a = 1\r\nexcept Exception:\r\n    logger.exception("load() failed")\r\n    ...\r\n    pass\r\n',
            },
          ],
        },
      ],
    },
  ],
})
