import { python, RuleTester } from '@krait/rule-tester'
import { noDiscardedCause } from '../src/rules/no-discarded-cause.ts'

const tester = new RuleTester()

const FILES = {
  'app/__init__.py': '',
  'app/log.py': python`
    import logging
    log_ = logging.getLogger("app")

    def report_failure(text):
        log_.error(text)
  `,
  'app/errors.py': python`
    import httpx
    class ExportFailed(Exception): ...
    class DriveDown(httpx.ConnectError): ...
    ANY = (ValueError, Exception)
  `,
}

const HEAD = 'import logging\nfrom app.errors import ANY, DriveDown, ExportFailed\nfrom app.log import log_ as audit, report_failure\nlogger = logging.getLogger(__name__)\n\n'

/** A handler whose body begins in line 10. */
function handler(types: string, body: string): string {
  const lines = body.split('\n').map((line) => (line === '' ? '' : `        ${line}`))
  return `${HEAD}def export(self, file_id):\n    try:\n        return drive.get(file_id)\n    except${types === '' ? '' : ' '}${types}:\n${lines.join('\n')}\n`
}

function valid(name: string, types: string, body: string, head = '') {
  return { name, path: 'app/service.py', files: FILES, code: head + handler(types, body) }
}

function invalid(name: string, types: string, body: string, line = 10, rest: { message?: string; suggestions?: number } = {}) {
  return {
    name,
    path: 'app/service.py',
    files: FILES,
    code: handler(types, body),
    errors: [{ messageId: 'discarded' as const, line, suggestions: 1, ...rest }],
  }
}

tester.run('no-discarded-cause', noDiscardedCause, {
  valid: [
    valid('the cause is kept', 'Exception as exc', 'raise ExportFailed(file_id) from exc'),
    valid('implicit chaining', 'Exception', 'raise ExportFailed(file_id)'),
    valid('a bare raise', 'Exception', 'raise'),
    ...['KeyError', 'ValueError', '(KeyError, OSError)', 'jwt.PyJWTError', 'FileNotFoundError', 'ExportFailed', 'sqlalchemy.exc.IntegrityError', 'unknown', 'self.errors'].map((types) =>
      valid(`a specific type: ${types}`, types, 'raise ExportFailed(file_id) from None', 'import jwt\nimport sqlalchemy.exc\n'),
    ),
    valid('logged before', 'Exception', 'logger.exception("export of %s failed", file_id)\nraise ExportFailed(file_id) from None'),
    valid('logged before at any level, in a branch, by a logger of another module', 'OSError', 'if file_id:\n    audit.debug("failed")\nraise ExportFailed(file_id) from None'),
    valid('reported by a function of the project', 'Exception', 'report_failure("export")\nraise ExportFailed(file_id) from None'),
    valid('sent to an error tracker', 'Exception', 'sentry_sdk.capture_exception()\nraise ExportFailed(file_id) from None', 'import sentry_sdk\n'),
    valid('an argument of the new exception', 'Exception as exc', 'raise ExportFailed(file_id, exc) from None'),
    valid('in a text of the new exception', 'Exception as exc', 'raise ExportFailed(f"{file_id}: {exc}") from None'),
    valid('an argument of another call', 'Exception as exc', 'self.note(exc)\nraise ExportFailed(file_id) from None'),
    valid('stored', 'Exception as exc', 'self.last_error = exc\nraise ExportFailed(file_id) from None'),
    valid('stored in a name and a list', 'OSError as exc', 'errors["x"] = [exc]\nraise ExportFailed(file_id) from None'),
    valid('told apart by what was caught', 'httpx.HTTPStatusError as exc', 'if exc.response.status_code == 404:\n    raise ExportFailed(file_id) from None\nraise', 'import httpx\n'),
    valid('the text of the traceback', 'Exception', 'raise ExportFailed(traceback.format_exc()) from None', 'import traceback\n'),
    valid('the caught exception itself', 'Exception as exc', 'raise exc from None'),
    valid('a comment that says why', 'Exception', '# errors of the client carry the key\nraise ExportFailed(file_id) from None'),
    {
      name: 'a timeout of its own',
      code: python`
        import asyncio

        async def run(job):
            try:
                async with asyncio.timeout(5):
                    await job()
            except TimeoutError:
                raise JobLate(job) from None
            try:
                await asyncio.wait_for(job(), 5)
            except asyncio.TimeoutError:
                raise JobLate(job) from None
      `,
    },
    valid('an exception that was there before', 'Exception', 'raise self.error from None'),
    valid('a function that is defined there', 'Exception', 'def fail():\n    raise ExportFailed(file_id) from None\nfail()'),
    valid('an inner handler of a specific type', 'Exception', 'try:\n    again()\nexcept KeyError:\n    raise ExportFailed(file_id) from None'),
    {
      name: 'outside of handlers',
      code: 'def f():\n    raise ValueError("x") from None\ntry:\n    f()\nexcept Exception:\n    log(1)\nelse:\n    raise ValueError from None\n',
    },
    { name: 'a test', path: 'tests/test_a.py', code: 'try:\n    f()\nexcept Exception:\n    raise ValueError from None\n' },
  ],
  invalid: [
    {
      ...invalid('a broad handler', 'Exception', 'raise ExportFailed(file_id) from None'),
      errors: [
        {
          messageId: 'discarded',
          line: 10,
          message: '`raise ExportFailed(...) from None` in `except Exception` erases the only trace of the real error. Use `from exc`, or log it first.',
          suggestions: [{ messageId: 'chain', output: handler('Exception as exc', 'raise ExportFailed(file_id) from exc') }],
        },
      ],
    },
    invalid('an exception that is made before it is raised', 'Exception', 'error = ExportFailed(1)\nraise error from None', 11),
    invalid('a class', 'Exception', 'raise ExportFailed from None', 10, { message: '`raise ExportFailed from None` in `except Exception` erases the only trace of the real error. Use `from exc`, or log it first.' }),
    {
      ...invalid('a bare except', '', 'raise ExportFailed() from None'),
      errors: [{ messageId: 'discarded', line: 10, suggestions: [{ messageId: 'chain', output: handler('BaseException as exc', 'raise ExportFailed() from exc') }] }],
    },
    {
      ...invalid('a name that is not read', '(ConnectionError, OSError) as err', 'raise ExportFailed(file_id) from None'),
      errors: [{ messageId: 'discarded', line: 10, suggestions: [{ messageId: 'chain', output: handler('(ConnectionError, OSError) as err', 'raise ExportFailed(file_id) from err') }] }],
    },
    {
      ...invalid('the name is taken', 'OSError', 'exc = ExportFailed\nraise ExportFailed(exc) from None', 11),
      errors: [{ messageId: 'discarded', line: 11, suggestions: [{ messageId: 'chain', output: handler('OSError as err', 'exc = ExportFailed\nraise ExportFailed(exc) from err') }] }],
    },
    invalid('a failure type of the project', 'DriveDown', 'raise ExportFailed(file_id) from None'),
    invalid('a tuple with a broad type, by its name', 'ANY', 'raise ExportFailed(file_id) from None'),
    invalid('BaseException, in a branch and a with', 'BaseException', 'if self:\n    with lock:\n        raise ExportFailed(\n            file_id\n        ) from None', 12),
    invalid('a log on another path', 'Exception', 'if self.quiet:\n    raise ExportFailed(1) from None\nlogger.exception("failed")\nraise ExportFailed(2) from None', 11),
    invalid('a comment for a tool', 'Exception', '# noqa: B904\nraise ExportFailed(file_id) from None', 11),
    invalid('a comment that says next to nothing', 'Exception', 'raise ExportFailed(file_id) from None  # on purpose'),
    invalid('a timeout of somebody else', 'TimeoutError', 'raise ExportFailed(file_id) from None'),
    invalid('an inner handler that is broad', 'KeyError', 'try:\n    again()\nexcept Exception:\n    raise ExportFailed(file_id) from None', 13),
    invalid('a try in the handler', 'Exception', 'try:\n    raise ExportFailed(file_id) from None\nfinally:\n    logger.info("done")', 11),
    invalid('a call that does not log', 'Exception', 'self.rollback()\nraise ExportFailed(file_id) from None', 11),
    invalid('a name that is bound to something else', 'Exception as exc', 'del exc\nraise ExportFailed(file_id) from None', 11, { suggestions: 0 }),
    {
      name: 'groups and modules',
      code: 'try:\n    f()\nexcept* OSError:\n    raise ValueError from None\n',
      errors: [{ messageId: 'discarded', line: 4, suggestions: 1 }],
    },
  ],
})
