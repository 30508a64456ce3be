import { python, RuleTester } from '@krait/rule-tester'
import { raiseFrom } from '../src/rules/raise-from.ts'

const tester = new RuleTester()

const FILES = {
  'shop/__init__.py': '',
  'shop/errors.py': python`
    import click
    import typer
    class OrderNotFound(Exception): ...
    class Usage(click.UsageError): ...
    class Done(typer.Exit): ...
    NOT_FOUND = OrderNotFound("x")
    Missing = OrderNotFound
  `,
}

const HEAD = 'import click\nimport typer\nimport shop.errors as errors\nfrom shop.errors import NOT_FOUND, Done, Missing, OrderNotFound, Usage\n\n'

/** A handler whose body begins in line 11. */
function handler(types: string, body: string): string {
  const lines = body.split('\n').map((line) => (line === '' ? '' : `        ${line}`))
  return `${HEAD}def load(self, given, fallback):\n    made = ValueError("x")\n    try:\n        return read()\n    except${types === '' ? '' : ' '}${types}:\n${lines.join('\n')}\n`
}

function valid(name: string, types: string, body: string) {
  return { name, path: 'shop/service.py', files: FILES, code: handler(types, body) }
}

/** @param fixed the handler after the fix, or after the suggestion where the types change; `null` for neither */
function invalid(name: string, types: string, body: string, fixed: readonly [types: string, body: string] | null, line = 11, message?: string) {
  const isFix = fixed?.[0] === types
  const code = fixed && handler(...fixed)
  return {
    name,
    path: 'shop/service.py',
    files: FILES,
    code: handler(types, body),
    ...(isFix && code && { output: code }),
    errors: [
      {
        messageId: 'unchained' as const,
        line,
        ...(message !== undefined && { message }),
        ...(!isFix && code && { suggestions: [{ messageId: 'chain' as const, output: code }] }),
      },
    ],
  }
}

tester.run('raise-from', raiseFrom, {
  valid: [
    valid('a cause, or none on purpose', 'KeyError as exc', 'if given:\n    raise OrderNotFound(1) from exc\nif fallback:\n    raise OrderNotFound from None\nraise OrderNotFound(2) from exc.inner'),
    valid('a bare raise', 'KeyError', 'raise'),
    valid('the caught exception and what it holds', 'KeyError as exc', 'if given:\n    raise exc\nraise exc.inner'),
    valid('an exception that was made before', 'KeyError', 'if given:\n    raise given\nif fallback:\n    raise made\nif 3:\n    raise NOT_FOUND\nif 4:\n    raise errors.NOT_FOUND\nraise self.error'),
    valid('a name that is bound in the handler', 'KeyError', 'failed = OrderNotFound()\nraise failed'),
    valid('a traceback of its own', 'KeyError as exc', 'raise OrderNotFound(1).with_traceback(exc.__traceback__)'),
    valid('the end of a program or a loop', 'KeyError', 'if 1:\n    raise SystemExit(1)\nif 2:\n    raise KeyboardInterrupt\nif 3:\n    raise StopIteration\nif 4:\n    raise StopAsyncIteration()'),
    valid('the end of a command', 'KeyError', 'if 1:\n    raise typer.Exit(code=1)\nif 2:\n    raise typer.Abort()\nif 3:\n    raise click.Abort\nif 4:\n    raise click.UsageError("x")\nif 5:\n    raise click.exceptions.Exit(1)\nif 7:\n    raise click.BadParameter("x")\nif 6:\n    raise Usage("x")\nraise Done()'),
    valid('a retry', 'KeyError as exc', 'if 1:\n    raise self.retry(countdown=3)\nraise given.fail("x", exc=exc)'),
    valid('a function that is defined there', 'KeyError', 'def fail():\n    raise OrderNotFound(1)\nreturn fail'),
    {
      name: 'outside of handlers, in else and in finally',
      code: python`
        def f():
            raise ValueError("x")

        try:
            raise ValueError("x")
        except KeyError:
            pass
        else:
            raise ValueError("x")
        finally:
            raise ValueError("x")
      `,
    },
    { name: 'a test', path: 'tests/test_a.py', code: 'try:\n    f()\nexcept KeyError:\n    raise ValueError\n' },
  ],
  invalid: [
    invalid(
      'a call',
      'KeyError as exc',
      'raise OrderNotFound(1)',
      ['KeyError as exc', 'raise OrderNotFound(1) from exc'],
      11,
      '`OrderNotFound` is raised while handling `KeyError` without `from`. Write `raise OrderNotFound(...) from exc` (or `from None` to hide the cause).',
    ),
    invalid('a handler without a name', 'NoResultFound', 'raise OrderNotFound(1)', ['NoResultFound as err', 'raise OrderNotFound(1) from err'], 11, '`OrderNotFound` is raised while handling `NoResultFound` without `from`. Write `raise OrderNotFound(...) from err` (or `from None` to hide the cause).'),
    invalid('a bare except', '', 'raise OrderNotFound()', ['BaseException as err', 'raise OrderNotFound() from err'], 11, '`OrderNotFound` is raised while handling an exception without `from`. Write `raise OrderNotFound() from err` (or `from None` to hide the cause).'),
    invalid('a tuple', '(KeyError, ValueError)', 'raise OrderNotFound', ['(KeyError, ValueError) as err', 'raise OrderNotFound from err'], 11, '`OrderNotFound` is raised while handling `(KeyError, ValueError)` without `from`. Write `raise OrderNotFound from err` (or `from None` to hide the cause).'),
    invalid('the name is taken', 'KeyError', 'err = 1\nraise OrderNotFound(err)', ['KeyError as exc', 'err = 1\nraise OrderNotFound(err) from exc'], 12),
    invalid('a class, by its module, by another name, of a library', 'KeyError as exc', 'raise errors.OrderNotFound', ['KeyError as exc', 'raise errors.OrderNotFound from exc']),
    invalid('another name of the class', 'KeyError as exc', 'raise Missing', ['KeyError as exc', 'raise Missing from exc']),
    invalid('a builtin class', 'KeyError as exc', 'raise ValueError', ['KeyError as exc', 'raise ValueError from exc']),
    invalid('a class of a function', 'KeyError as exc', 'class Local(Exception): ...\nraise Local', ['KeyError as exc', 'class Local(Exception): ...\nraise Local from exc'], 12),
    invalid('the result of a function, and of a given class', 'KeyError as exc', 'raise given(exc)', ['KeyError as exc', 'raise given(exc) from exc']),
    invalid('in a branch, a with and a loop', 'KeyError as exc', 'if given:\n    with given:\n        for _ in given:\n            raise OrderNotFound(exc)  # why\nraise', ['KeyError as exc', 'if given:\n    with given:\n        for _ in given:\n            raise OrderNotFound(exc) from exc  # why\nraise'], 14),
    invalid('over several lines', 'KeyError as exc', 'raise OrderNotFound(\n    1,  # one\n)', ['KeyError as exc', 'raise OrderNotFound(\n    1,  # one\n) from exc']),
    invalid('a try in the handler', 'KeyError as exc', 'try:\n    raise OrderNotFound(1)\nfinally:\n    close()', ['KeyError as exc', 'try:\n    raise OrderNotFound(1) from exc\nfinally:\n    close()'], 12),
    invalid('the innermost handler counts', 'KeyError as exc', 'try:\n    again()\nexcept ValueError as inner:\n    raise OrderNotFound(1)', ['KeyError as exc', 'try:\n    again()\nexcept ValueError as inner:\n    raise OrderNotFound(1) from inner'], 14),
    invalid('a name that is deleted or bound anew', 'KeyError as exc', 'exc = None\nraise OrderNotFound(1)', null, 12),
    invalid('a name that is deleted', 'KeyError as exc', 'del exc\nraise OrderNotFound(1)', null, 12),
    invalid('types without parentheses around them', 'KeyError, ValueError', 'raise OrderNotFound(1)', null),
  ],
})
