import { python, RuleTester } from '@krait/rule-tester'
import { noGenericRaise } from '../src/rules/no-generic-raise.ts'

const tester = new RuleTester()

const FILES = {
  'shop/__init__.py': '',
  'shop/errors.py': 'class ShopError(Exception): ...\n',
  'shop/invoices/__init__.py': '',
  'shop/invoices/exceptions.py': python`
    from shop.errors import ShopError
    class InvoiceNotFound(ShopError): ...
    class InvoiceLocked(ShopError): ...
    class _Internal(ShopError): ...
    class Helper: ...
    class InvoiceWarning(UserWarning): ...
    LOCKED = InvoiceLocked()
    BROKEN = Exception("broken")
    Any = Exception
  `,
  'shop/orders/__init__.py': '',
}

function invoices(code: string) {
  return { path: 'shop/invoices/service.py', files: FILES, code }
}

tester.run('no-generic-raise', noGenericRaise, {
  valid: [
    {
      name: 'specific exceptions',
      ...invoices(python`
        from lib import Failure
        from shop.invoices.exceptions import LOCKED, InvoiceNotFound

        class Exceptional(Exception): ...

        def f(given, error_class):
            raise InvoiceNotFound(1)
            raise RuntimeError("x")
            raise ValueError
            raise NotImplementedError
            raise NotImplemented
            raise Exceptional()
            raise Failure()
            raise LOCKED
            raise given
            raise error_class("x")
            raise given.Exception("x")
      `),
    },
    {
      name: 'what was caught',
      code: python`
        def f():
            try:
                run()
            except Exception as exc:
                cleanup()
                raise exc
            try:
                run()
            except Exception:
                raise
      `,
    },
    {
      name: 'a name that is bound to other things, too',
      code: python`
        def f(x):
            error = Exception("x")
            if x:
                error = ValueError("x")
            raise error

        def g():
            try:
                run()
            except ValueError as failed:
                pass
            failed = Exception("x")
            raise failed
      `,
    },
    { name: 'a class of the project by this name', code: 'class Exception(ValueError): ...\nraise Exception("x")\n' },
    { name: 'a migration in a folder of any name', path: 'app/revisions/1.py', code: 'revision = "1"\ndown_revision = None\ndef upgrade():\n    raise Exception("x")\n' },
    ...['tests/test_a.py', 'scripts/load.py', 'app/cli.py', 'manage.py', 'alembic/versions/1_a.py', 'shop/migrations/0001.py'].map((path) => ({
      name: path,
      path,
      code: 'raise Exception("x")\n',
    })),
    { name: 'the main block', code: 'if __name__ == "__main__":\n    for x in y:\n        raise Exception("x")\n' },
    { name: 'other types', code: 'raise Exception("x")\n', options: [{ types: ['builtins.RuntimeError'] }] },
  ],
  invalid: [
    {
      name: 'a call, with the exceptions of the package',
      ...invoices(python`
        """Invoices."""
        from shop import db

        def f(invoice_id):
            if not db.get(invoice_id):
                raise Exception(f"invoice {invoice_id} not found")
      `),
      errors: [
        {
          messageId: 'genericNear',
          line: 6,
          message: '`raise Exception(...)` can only be handled by catching everything. Raise a specific error (this package has `InvoiceLocked`, `InvoiceNotFound`).',
          suggestions: [
            {
              messageId: 'raiseInstead',
              output: python`
                """Invoices."""
                from shop import db
                from shop.invoices.exceptions import InvoiceLocked

                def f(invoice_id):
                    if not db.get(invoice_id):
                        raise InvoiceLocked(f"invoice {invoice_id} not found")
              `,
            },
            {
              messageId: 'raiseInstead',
              output: python`
                """Invoices."""
                from shop import db
                from shop.invoices.exceptions import InvoiceNotFound

                def f(invoice_id):
                    if not db.get(invoice_id):
                        raise InvoiceNotFound(f"invoice {invoice_id} not found")
              `,
            },
          ],
        },
      ],
    },
    {
      name: 'the exceptions of the application',
      path: 'shop/orders/service.py',
      files: FILES,
      code: 'raise BaseException\n',
      errors: [{ messageId: 'genericFar', message: '`raise BaseException` can only be handled by catching everything. Raise a specific error (this application has `ShopError`).', suggestions: 1 }],
    },
    {
      name: 'no exceptions at all',
      code: 'raise Exception()\n',
      errors: [{ messageId: 'generic', message: '`raise Exception()` can only be handled by catching everything. Raise a specific error: derive one from `Exception`.' }],
    },
    {
      name: 'other names of the class',
      ...invoices(python`
        import builtins
        from builtins import Exception as Error
        from shop.invoices.exceptions import Any

        Failure = Exception

        def f():
            raise builtins.Exception("x")

        def g():
            raise Error("x") from None

        def h(cause):
            raise Any("x") from cause

        def i():
            raise (Failure)
      `),
      errors: [8, 11, 14, 17].map((line) => ({ messageId: 'genericNear' as const, line, suggestions: 2 })),
    },
    {
      name: 'names that hold nothing else',
      ...invoices(python`
        from shop.invoices.exceptions import BROKEN

        FAILED = Exception("failed")

        def f(x):
            error = Exception("boom")
            raise error

        def g(x):
            if x:
                error = Exception("one")
            else:
                error = Exception("two")
            raise error

        def h():
            raise BROKEN

        def i():
            raise FAILED
      `),
      errors: [7, 14, 17, 20].map((line) => ({ messageId: 'genericNear' as const, line })),
    },
    {
      name: 'in a handler, and beside the main block',
      code: python`
        try:
            run()
        except ValueError as exc:
            raise Exception("x") from exc
        if __name__ == "__main__":
            run()
        else:
            raise Exception
      `,
      errors: [{ messageId: 'generic', line: 4 }, { messageId: 'generic', line: 8 }],
    },
    {
      name: 'types of the options',
      code: 'raise RuntimeError("x")\n',
      options: [{ types: ['builtins.RuntimeError'] }],
      errors: [{ messageId: 'generic', line: 1 }],
    },
  ],
})
