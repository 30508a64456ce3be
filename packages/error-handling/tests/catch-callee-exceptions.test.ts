import { python, RuleTester } from '@krait/rule-tester'
import { catchCalleeExceptions } from '../src/rules/catch-callee-exceptions.ts'

/** `charge()` raises `CardDeclined` itself and `GatewayTimeout` through `_post()`. */
const CLIENT = python`
  import httpx


  class PaymentError(Exception):
      pass


  class CardDeclined(PaymentError):
      code = "declined"


  class GatewayTimeout(PaymentError):
      pass


  def charge(order):
      answer = _post(order)
      if answer["declined"]:
          raise CardDeclined(answer)
      return answer


  def _post(order):
      try:
          return httpx.post("https://pay.example", json=order).json()
      except httpx.TimeoutException as exc:
          raise GatewayTimeout(order) from exc


  async def charge_later(order):
      return charge(order)


  def charges(orders):
      for order in orders:
          yield charge(order)
`

const FILES = { 'payments/__init__.py': '', 'payments/client.py': CLIENT }

/** A caller in another module; the body of the `try` stands in line 6. */
function checkout(body: string, handlers: string, head = '') {
  return `from payments.client import CardDeclined, GatewayTimeout, PaymentError, charge, charge_later, charges\n${head}\n\ndef checkout(order):\n    try:\n        ${body}\n${handlers}\n`
}

function handler(types: string): string {
  return `    except ${types}:\n        return None`
}

/** Functions that handle the same half of what `charge()` raises. */
function callersOfCharge(count: number): string {
  const functions = Array.from({ length: count }, (_, i) => `def checkout_${i}(order):\n    try:\n        return charge(order)\n    except CardDeclined:\n        return None\n`)
  return `from payments.client import CardDeclined, PaymentError, charge\n\n${functions.join('\n')}`
}

const tester = new RuleTester()

tester.run('catch-callee-exceptions', catchCalleeExceptions, {
  valid: [
    { name: 'all are handled in one clause', files: FILES, code: checkout('return charge(order)', handler('(CardDeclined, GatewayTimeout)')) },
    { name: 'all are handled in two clauses', files: FILES, code: checkout('return charge(order)', `${handler('CardDeclined')}\n${handler('GatewayTimeout')}`) },
    { name: 'the common base is handled', files: FILES, code: checkout('return charge(order)', handler('PaymentError')) },
    { name: 'a tuple by a name', files: FILES, code: checkout('return charge(order)', handler('FAILURES'), 'FAILURES = (CardDeclined, GatewayTimeout)') },
    { name: 'a tuple from another module', files: { ...FILES, 'payments/groups.py': 'from payments.client import CardDeclined, GatewayTimeout\nFAILURES = (CardDeclined, GatewayTimeout)\n' }, code: checkout('return charge(order)', handler('FAILURES'), 'from payments.groups import FAILURES') },
    { name: 'an alias of the base', files: FILES, code: checkout('return charge(order)', handler('Failure'), 'Failure = PaymentError') },
    { name: 'a broad handler in the same try', files: FILES, code: checkout('return charge(order)', `${handler('CardDeclined')}\n${handler('Exception')}`) },
    { name: 'a bare except in the same try', files: FILES, code: checkout('return charge(order)', `${handler('CardDeclined')}\n    except:\n        return None`) },
    { name: 'a broad handler that raises again', files: FILES, code: checkout('return charge(order)', `${handler('CardDeclined')}\n    except Exception:\n        rollback()\n        raise`) },
    { name: 'a type that is not known may be the missing one', files: FILES, code: checkout('return charge(order)', `${handler('CardDeclined')}\n${handler('errors_of(order)')}`) },
    { name: 'nothing of the callee is handled', files: FILES, code: checkout('return charge(order)', handler('KeyError')) },
    { name: 'only a finally', files: FILES, code: checkout('return charge(order)', '    finally:\n        release(order)') },
    { name: 'a coroutine that is not awaited here', files: FILES, code: checkout('task = asyncio.create_task(charge_later(order))', handler('CardDeclined'), 'import asyncio') },
    { name: 'a generator that is not iterated over here', files: FILES, code: checkout('return charges([order])', handler('CardDeclined')) },
    { name: 'a function that is only passed on', files: FILES, code: checkout('return submit(charge, order)', handler('CardDeclined')) },
    { name: 'a call inside a lambda', files: FILES, code: checkout('return lambda: charge(order)', handler('CardDeclined')) },
    { name: 'a call inside a nested function', files: FILES, code: checkout('def later():\n            return charge(order)\n        return later', handler('CardDeclined')) },
    { name: 'a call in a handler, in else and in finally', files: FILES, code: checkout('prepare(order)', '    except CardDeclined:\n        charge(order)\n    else:\n        charge(order)\n    finally:\n        charge(order)') },
    { name: 'a callee that is not known', files: FILES, code: checkout('return gateway.charge(order)', handler('CardDeclined')) },
    { name: 'test code', path: 'tests/test_checkout.py', files: FILES, code: checkout('return charge(order)', handler('CardDeclined')) },
    {
      name: 'an enclosing try has the rest',
      files: FILES,
      code: python`
        from payments.client import CardDeclined, PaymentError, charge

        def checkout(order):
            try:
                try:
                    return charge(order)
                except CardDeclined:
                    return None
            except PaymentError:
                return retry(order)
      `,
    },
    {
      name: 'a broad handler further out',
      files: FILES,
      code: python`
        from payments.client import CardDeclined, charge

        def checkout(order):
            try:
                with session() as db:
                    try:
                        return charge(order)
                    except CardDeclined:
                        return None
            except Exception:
                return retry(order)
      `,
    },
    {
      name: 'suppressed around the call, and around the try',
      files: FILES,
      code: python`
        from contextlib import suppress
        from payments.client import CardDeclined, GatewayTimeout, PaymentError, charge

        def checkout(order):
            try:
                with suppress(GatewayTimeout):
                    return charge(order)
            except CardDeclined:
                return None

        def again(order):
            with suppress(PaymentError):
                try:
                    return charge(order)
                except CardDeclined:
                    return None
      `,
    },
    {
      name: 'a context manager of the project that catches it at its yield',
      files: {
        ...FILES,
        'payments/retry.py': python`
          from contextlib import contextmanager
          from payments.client import GatewayTimeout

          @contextmanager
          def tolerant():
              try:
                  yield
              except GatewayTimeout:
                  pass
        `,
      },
      code: python`
        from payments.client import CardDeclined, charge
        from payments.retry import tolerant

        def checkout(order):
            try:
                with tolerant():
                    return charge(order)
            except CardDeclined:
                return None
      `,
    },
    {
      name: 'a context manager whose __exit__ may swallow it',
      files: FILES,
      code: python`
        from payments.client import CardDeclined, charge

        class Tolerant:
            def __enter__(self):
                return self

            def __exit__(self, kind, error, traceback):
                return kind is not None

        def checkout(order):
            try:
                with Tolerant():
                    return charge(order)
            except CardDeclined:
                return None
      `,
    },
    {
      name: 'no kin: another base and another module',
      files: {
        ...FILES,
        'stock.py': 'class OutOfStock(Exception): ...\n',
        'order.py': python`
          from payments.client import CardDeclined
          from stock import OutOfStock

          def place(order):
              if order.empty:
                  raise OutOfStock(order)
              raise CardDeclined(order)
        `,
      },
      code: python`
        from order import place
        from payments.client import CardDeclined

        def checkout(order):
            try:
                return place(order)
            except CardDeclined:
                return None
      `,
    },
    {
      name: 'a mixin that is no exception makes no kin',
      files: {
        'mixins.py': 'class Translated: ...\n',
        'stock.py': 'from mixins import Translated\nclass OutOfStock(Translated, Exception): ...\n',
        'cards.py': 'from mixins import Translated\nclass CardDeclined(Translated, Exception): ...\n',
      },
      code: python`
        from cards import CardDeclined
        from stock import OutOfStock

        def place(order):
            if order.empty:
                raise OutOfStock(order)
            raise CardDeclined(order)

        def checkout(order):
            try:
                return place(order)
            except CardDeclined:
                return None
      `,
    },
    {
      name: 'builtin exceptions and assertions of the callee',
      files: FILES,
      code: python`
        class Rejected(Exception): ...

        def parse(text):
            assert text
            if not text:
                raise ValueError(text)
            if text == "x":
                raise NotImplementedError
            raise Rejected(text)

        def load(text):
            try:
                return parse(text)
            except Rejected:
                return None
      `,
    },
    {
      name: 'library exceptions of the callee, also as kin of what is handled',
      code: python`
        import httpx

        class Rejected(httpx.HTTPError): ...

        def fetch(url):
            if url is None:
                raise Rejected("no url")
            if url == "":
                raise httpx.InvalidURL("")
            raise httpx.ConnectError("")

        def load(url):
            try:
                return fetch(url)
            except Rejected:
                return None
      `,
    },
    {
      name: 'classes that say that the program is wrong',
      code: python`
        class ParserError(Exception): ...
        class BadCell(ParserError): ...
        class ParserBug(ParserError): ...
        class StateUnreachable(ParserError): ...
        class Broken(ParserError, AssertionError): ...
        class Missing(ParserError, NotImplementedError): ...

        def parse(row):
            if row == 1:
                raise ParserBug
            if row == 2:
                raise StateUnreachable
            if row == 3:
                raise Broken
            if row == 4:
                raise Missing
            raise BadCell(row)

        def load(row):
            try:
                return parse(row)
            except BadCell:
                return None
      `,
    },
    {
      name: 'what a framework answers by itself',
      code: python`
        from fastapi import HTTPException

        class ApiError(HTTPException): ...
        class NotFound(ApiError): ...
        class Gone(ApiError): ...

        def find(id):
            if id is None:
                raise Gone(410)
            raise NotFound(404)

        def read(id):
            try:
                return find(id)
            except NotFound:
                return None
      `,
    },
    { name: 'the docstring names it', files: FILES, code: checkout('return charge(order)', handler('CardDeclined')).replace('    try:', '    """Charges.\n\n    :raises GatewayTimeout: if the gateway is slow\n    """\n    try:') },
    { name: 'the docstring names its base', files: FILES, code: checkout('return charge(order)', handler('CardDeclined')).replace('    try:', '    "Charges; other kinds of PaymentError are for the caller."\n    try:') },
    { name: 'the calling function raises it itself', files: FILES, code: checkout('return charge(order)', '    except CardDeclined as exc:\n        raise GatewayTimeout(order) from exc') },
    { name: 'the calling function raises it elsewhere', files: FILES, code: checkout('return charge(order)', `${handler('CardDeclined')}\n    raise GatewayTimeout`) },
    {
      name: 'a caller handles it',
      files: { ...FILES, 'shop/__init__.py': '', 'shop/routes.py': 'from payments.client import GatewayTimeout\nfrom shop.orders import checkout\n\ndef buy(order):\n    try:\n        return checkout(order)\n    except GatewayTimeout:\n        return 503\n' },
      path: 'shop/orders.py',
      code: checkout('return charge(order)', handler('CardDeclined')),
    },
    {
      name: 'a caller handles a base of it, and raises it again',
      files: { ...FILES, 'shop/__init__.py': '', 'shop/routes.py': 'from payments.client import PaymentError\nfrom shop import orders\n\ndef buy(order):\n    try:\n        return orders.checkout(order)\n    except PaymentError:\n        log()\n        raise\n' },
      path: 'shop/orders.py',
      code: checkout('return charge(order)', handler('CardDeclined')),
    },
    {
      name: 'a caller of a caller handles it, at the end of the module',
      files: FILES,
      code: `${checkout('return charge(order)', handler('CardDeclined'))}
def main():
    checkout(1)

if __name__ == "__main__":
    try:
        main()
    except PaymentError as exc:
        print(exc)
`,
    },
    {
      name: 'a caller of the method by an abstract class handles it',
      files: {
        ...FILES,
        'shop/__init__.py': '',
        'shop/ports.py': 'from abc import ABC, abstractmethod\n\nclass Checkout(ABC):\n    @abstractmethod\n    def run(self, order): ...\n',
        'shop/routes.py': 'from payments.client import GatewayTimeout\nfrom shop.ports import Checkout\n\ndef buy(checkout: Checkout, order):\n    try:\n        return checkout.run(order)\n    except GatewayTimeout:\n        return 503\n',
      },
      path: 'shop/orders.py',
      code: python`
        from payments.client import CardDeclined, charge
        from shop.ports import Checkout

        class CardCheckout(Checkout):
            def run(self, order):
                try:
                    return charge(order)
                except CardDeclined:
                    return None
      `,
    },
    {
      name: 'the function around a function inside it handles it',
      files: FILES,
      code: python`
        from payments.client import CardDeclined, PaymentError, charge

        def checkout(order):
            def attempt():
                try:
                    return charge(order)
                except CardDeclined:
                    return None

            try:
                return attempt()
            except PaymentError:
                return 0
      `,
    },
    {
      name: 'a decorator of the calling function handles it',
      files: {
        ...FILES,
        'shop_errors.py': python`
          from functools import wraps
          from payments.client import PaymentError

          def answers_payment_errors(view):
              @wraps(view)
              def wrapper(*args):
                  try:
                      return view(*args)
                  except PaymentError:
                      return 503
              return wrapper
        `,
      },
      code: checkout('return charge(order)', handler('CardDeclined'), 'from shop_errors import answers_payment_errors\n\n@answers_payment_errors').replace('errors\n\n\ndef', 'errors\ndef'),
    },
    {
      name: 'a decorator of the calling function is told of it',
      files: FILES,
      code: python`
        from celery import shared_task
        from payments.client import CardDeclined, GatewayTimeout, charge

        @shared_task(autoretry_for=(GatewayTimeout,))
        def checkout(order):
            try:
                return charge(order)
            except CardDeclined:
                return None
      `,
    },
    {
      name: 'FastAPI maps a base of it',
      files: {
        ...FILES,
        'main.py': python`
          from fastapi import FastAPI
          from payments.client import PaymentError

          app = FastAPI()

          @app.exception_handler(PaymentError)
          def payment_error(request, exc): ...
        `,
      },
      code: checkout('return charge(order)', handler('CardDeclined')),
    },
    ...[
      ['add_exception_handler', 'app.add_exception_handler(GatewayTimeout, answer)'],
      ['a keyword of add_exception_handler', 'app.add_exception_handler(exc_class_or_status_code=GatewayTimeout, handler=answer)'],
      ['exception_handlers', 'app = FastAPI(exception_handlers={404: answer, PaymentError: answer})'],
      ['exception_handlers in arguments', 'options = {"exception_handlers": {PaymentError: answer}}\napp = FastAPI(**options)'],
      ['exception_handlers by a name', 'HANDLERS = {PaymentError: answer}\napp = FastAPI(exception_handlers=HANDLERS)'],
      ['a helper that is given the app', 'def register(application):\n    application.add_exception_handler(GatewayTimeout, answer)'],
      ['a loop over a tuple', 'for error in (CardDeclined, GatewayTimeout):\n    app.add_exception_handler(error, answer)'],
      ['a loop over the items of a dict', 'STATUS = {CardDeclined: 402, GatewayTimeout: 503}\nfor error, status in STATUS.items():\n    app.add_exception_handler(error, answer(status))'],
      ['a loop over pairs', 'for error, status in [(CardDeclined, 402), (GatewayTimeout, 503)]:\n    app.add_exception_handler(error, answer(status))'],
      ['a loop over subclasses', 'for error in PaymentError.__subclasses__():\n    app.add_exception_handler(error, answer)'],
      ['a registration that cannot be resolved', 'def register(app, error):\n    app.add_exception_handler(error, answer)'],
      ['a middleware', '@app.middleware("http")\nasync def errors(request, call_next):\n    try:\n        return await call_next(request)\n    except PaymentError:\n        return answer()'],
      ['a dependency', 'def payments():\n    try:\n        yield\n    except PaymentError as exc:\n        raise HTTPException(503) from exc'],
    ].map(([name, registration]) => ({
      name: `FastAPI maps it: ${name}`,
      files: { ...FILES, 'main.py': `from fastapi import FastAPI, HTTPException\nfrom payments.client import CardDeclined, GatewayTimeout, PaymentError\n\n${registration}\n` },
      code: checkout('return charge(order)', handler('CardDeclined')),
    })),
    ...[
      ['errorhandler', '@app.errorhandler(PaymentError)\ndef answer(exc): ...'],
      ['the errorhandler of a blueprint', '@blueprint.app_errorhandler(GatewayTimeout)\ndef answer(exc): ...'],
      ['register_error_handler', 'def init(app):\n    app.register_error_handler(GatewayTimeout, answer)'],
    ].map(([name, registration]) => ({
      name: `Flask maps it: ${name}`,
      files: { ...FILES, 'main.py': `from flask import Flask\nfrom payments.client import GatewayTimeout, PaymentError\n\n${registration}\n` },
      code: checkout('return charge(order)', handler('CardDeclined')),
    })),
    { name: 'ignored by its name', options: [{ ignore: ['payments.client.GatewayTimeout'] }], files: FILES, code: checkout('return charge(order)', handler('CardDeclined')) },
    { name: 'ignored by a glob', options: [{ ignore: ['payments.*Timeout'] }], files: FILES, code: checkout('return charge(order)', handler('CardDeclined')) },
    { name: 'ignored with its base', options: [{ ignore: ['payments.client.PaymentError'] }], files: FILES, code: checkout('return charge(order)', handler('CardDeclined')) },
    {
      name: 'handled in the callee',
      files: FILES,
      code: python`
        from payments.client import CardDeclined, GatewayTimeout, charge

        def attempt(order):
            try:
                return charge(order)
            except GatewayTimeout:
                return None

        def checkout(order):
            try:
                return attempt(order)
            except CardDeclined:
                return None
      `,
    },
    {
      name: 'translated in the callee',
      files: FILES,
      code: python`
        from payments.client import CardDeclined, PaymentError, charge

        class CheckoutFailed(Exception): ...

        def attempt(order):
            try:
                return charge(order)
            except PaymentError as exc:
                raise CheckoutFailed from exc

        def checkout(order):
            try:
                return attempt(order)
            except CheckoutFailed:
                return None
      `,
    },
    {
      name: 'stopped by a decorator of the callee',
      files: FILES,
      code: python`
        from functools import wraps
        from payments.client import CardDeclined, GatewayTimeout, charge

        def patient(call):
            @wraps(call)
            def wrapper(*args):
                try:
                    return call(*args)
                except GatewayTimeout:
                    return None
            return wrapper

        @patient
        def attempt(order):
            return charge(order)

        def checkout(order):
            try:
                return attempt(order)
            except CardDeclined:
                return None
      `,
    },
    {
      name: 'an abstract method with two implementations',
      files: FILES,
      code: python`
        from abc import ABC, abstractmethod
        from payments.client import CardDeclined, charge

        class Gateway(ABC):
            @abstractmethod
            def pay(self, order): ...

        class Stripe(Gateway):
            def pay(self, order):
                return charge(order)

        class Invoice(Gateway):
            def pay(self, order):
                return None

        def checkout(gateway: Gateway, order):
            try:
                return gateway.pay(order)
            except CardDeclined:
                return None
      `,
    },
    {
      name: 'a protocol that two classes fit',
      files: FILES,
      code: python`
        from typing import Protocol
        from payments.client import CardDeclined, charge

        class Gateway(Protocol):
            def pay(self, order): ...

        class Stripe:
            def pay(self, order):
                return charge(order)

        class Invoice:
            def pay(self, order):
                return None

        def checkout(gateway: Gateway, order):
            try:
                return gateway.pay(order)
            except CardDeclined:
                return None
      `,
    },
    {
      name: 'one of two classes',
      files: FILES,
      code: python`
        from payments.client import CardDeclined, charge

        class Stripe:
            def pay(self, order):
                return charge(order)

        class Invoice:
            def pay(self, order):
                return None

        def checkout(gateway: Stripe | Invoice, order):
            try:
                return gateway.pay(order)
            except CardDeclined:
                return None
      `,
    },
    { name: 'ten callers that all leave it alone', files: FILES, code: callersOfCharge(10) },
    {
      name: 'gathered with exceptions as results',
      files: FILES,
      code: python`
        import asyncio
        from payments.client import CardDeclined, charge_later

        async def checkout(orders):
            try:
                return await asyncio.gather(*[charge_later(order) for order in orders], return_exceptions=True)
            except CardDeclined:
                return None
      `,
    },
  ],
  invalid: [
    {
      name: 'the message, the way there, and the suggestions',
      files: FILES,
      code: python`
        from payments.client import CardDeclined, charge

        def checkout(order):
            try:
                receipt = charge(order)
            except CardDeclined as exc:
                return declined(order, exc.code)
            return receipt
      `,
      errors: [
        {
          messageId: 'missingWithBase',
          message:
            '`charge()` can also raise `GatewayTimeout` (payments/client.py:27), but this `try` handles only `CardDeclined`. Handle it too, or catch `PaymentError`.',
          line: 5,
          column: 19,
          related: [
            { path: 'payments/client.py', line: 17, column: 14, message: '`charge()` calls `_post()`' },
            { path: 'payments/client.py', line: 27, column: 9, message: '`_post()` raises `GatewayTimeout`' },
          ],
          suggestions: [
            {
              desc: 'Catch `GatewayTimeout` in the same handler',
              output: python`
                from payments.client import CardDeclined, charge, GatewayTimeout

                def checkout(order):
                    try:
                        receipt = charge(order)
                    except (CardDeclined, GatewayTimeout) as exc:
                        return declined(order, exc.code)
                    return receipt
              `,
            },
            {
              desc: 'Catch `PaymentError`',
              output: python`
                from payments.client import CardDeclined, charge, PaymentError

                def checkout(order):
                    try:
                        receipt = charge(order)
                    except PaymentError as exc:
                        return declined(order, exc.code)
                    return receipt
              `,
            },
          ],
        },
      ],
    },
    {
      name: 'a class that is imported by its name and by its module',
      files: FILES,
      code: python`
        from payments import client
        from payments.client import CardDeclined, GatewayTimeout

        def checkout(order):
            try:
                return client.charge(order)
            except CardDeclined:
                return None
      `,
      errors: [
        {
          messageId: 'missingWithBase',
          suggestions: [
            {
              desc: 'Catch `GatewayTimeout` in the same handler',
              output: python`
                from payments import client
                from payments.client import CardDeclined, GatewayTimeout

                def checkout(order):
                    try:
                        return client.charge(order)
                    except (CardDeclined, GatewayTimeout):
                        return None
              `,
            },
            {
              desc: 'Catch `PaymentError`',
              output: python`
                from payments import client
                from payments.client import CardDeclined, GatewayTimeout

                def checkout(order):
                    try:
                        return client.charge(order)
                    except client.PaymentError:
                        return None
              `,
            },
          ],
        },
      ],
    },
    {
      name: 'a method of an attribute that the constructor assigns',
      files: {
        'rows.py': python`
          class RowError(Exception): ...
          class BadCell(RowError): ...
          class BadHeader(RowError): ...

          class Parser:
              async def parse(self, row):
                  self._header(row)
                  if not row:
                      raise BadCell(row)

              def _header(self, row):
                  raise BadHeader(row)
        `,
      },
      code: python`
        from rows import BadCell, Parser

        class Importer:
            def __init__(self, parser: Parser):
                self.parser = parser
                self.errors = []

            async def import_row(self, row):
                try:
                    await self.parser.parse(row)
                except BadCell as exc:
                    self.errors.append(exc)
      `,
      errors: [{ message: /^`self\.parser\.parse\(\)` can also raise `BadHeader` \(rows\.py:12\)/, line: 10, suggestions: 2 }],
    },
    {
      name: 'several exceptions of one call are one finding',
      files: FILES,
      code: python`
        from payments.client import CardDeclined, GatewayTimeout, PaymentError, charge

        class Blocked(PaymentError): ...

        def attempt(order):
            if order.blocked:
                raise Blocked
            return charge(order)

        def checkout(order):
            try:
                return attempt(order)
            except CardDeclined:
                return None
      `,
      errors: [
        {
          message:
            '`attempt()` can also raise `Blocked` (example.py:7) and `GatewayTimeout` (payments/client.py:27), but this `try` handles only `CardDeclined`. Handle them too, or catch `PaymentError`.',
          line: 12,
          suggestions: 2,
        },
      ],
    },
    { name: 'each call once', files: FILES, code: checkout('charge(order)\n        charge(order)', handler('CardDeclined')), errors: [{ line: 6, suggestions: 2 }, { line: 7, suggestions: 2 }] },
    { name: 'an awaited coroutine', files: FILES, code: checkout('return await charge_later(order)', handler('CardDeclined')).replace('def', 'async def'), errors: [{ line: 6, suggestions: 2 }] },
    { name: 'a coroutine that another one waits for', files: FILES, code: checkout('return await asyncio.wait_for(charge_later(order), 5)', handler('CardDeclined'), 'import asyncio').replace('def', 'async def'), errors: [{ line: 6, column: 39, suggestions: 2 }] },
    { name: 'gathered coroutines', files: FILES, code: checkout('return await asyncio.gather(first(), charge_later(order))', handler('CardDeclined'), 'import asyncio').replace('def', 'async def'), errors: [{ line: 6, column: 46, suggestions: 2 }] },
    { name: 'gathered coroutines of a comprehension', files: FILES, code: checkout('return await asyncio.gather(*(charge_later(o) for o in order))', handler('CardDeclined'), 'import asyncio').replace('def', 'async def'), errors: [{ line: 6, suggestions: 2 }] },
    { name: 'a coroutine that is run', files: FILES, code: checkout('return asyncio.run(charge_later(order))', handler('CardDeclined'), 'import asyncio'), errors: [{ line: 6, suggestions: 2 }] },
    { name: 'a generator that is iterated over', files: FILES, code: checkout('for receipt in charges(order):\n            print(receipt)', handler('CardDeclined')), errors: [{ line: 6, column: 24, suggestions: 2 }] },
    { name: 'a generator that a builtin iterates over', files: FILES, code: checkout('return list(charges(order))', handler('CardDeclined')), errors: [{ line: 6, suggestions: 2 }] },
    { name: 'in a comprehension, a walrus, a match and a with', files: FILES, code: checkout('[charge(o) for o in order]\n        if (receipt := charge(order)):\n            match charge(order):\n                case _:\n                    pass\n        with open("x") as f:\n            f.write(charge(order))', handler('CardDeclined')), errors: [6, 7, 8, 12].map((line) => ({ line, suggestions: 2 })) },
    { name: 'over several lines, reported where the call begins', files: FILES, code: checkout('return (\n            charge(\n                order,\n            )\n        )', handler('CardDeclined')), errors: [{ line: 7, endLine: 9, suggestions: 2 }] },
    { name: 'an alias of the import', files: FILES, code: 'from payments import client as pay\n\ndef checkout(order):\n    try:\n        pay.charge(order)\n    except pay.CardDeclined:\n        pass\n', errors: [{
      line: 5,
      suggestions: [
        { messageId: 'catchToo', output: 'from payments import client as pay\n\ndef checkout(order):\n    try:\n        pay.charge(order)\n    except (pay.CardDeclined, pay.GatewayTimeout):\n        pass\n' },
        { messageId: 'catchBase', output: 'from payments import client as pay\n\ndef checkout(order):\n    try:\n        pay.charge(order)\n    except pay.PaymentError:\n        pass\n' },
      ],
    }] },
    {
      name: 'a re-export under another name',
      files: { ...FILES, 'payments/__init__.py': 'from payments.client import CardDeclined as Declined, charge as pay\n' },
      code: 'import payments\n\ndef checkout(order):\n    try:\n        payments.pay(order)\n    except payments.Declined:\n        pass\n',
      errors: [{ line: 5, suggestions: 2 }],
    },
    { name: 'an import inside a function', files: FILES, code: 'def checkout(order):\n    from payments.client import CardDeclined, charge\n    try:\n        charge(order)\n    except CardDeclined:\n        pass\n', errors: [{ line: 4, suggestions: 2 }] },
    { name: 'module code', files: FILES, code: 'from payments.client import CardDeclined, charge\n\ntry:\n    charge(1)\nexcept CardDeclined:\n    pass\n', errors: [{ line: 4, suggestions: 2 }] },
    {
      name: 'a handler that names a base of one of them, and the rest is kin by the module',
      code: python`
        class RowError(Exception): ...
        class BadCell(RowError): ...
        class BadHeader(Exception): ...

        def parse(row):
            if row is None:
                raise BadHeader
            raise BadCell(row)

        def load(row):
            try:
                return parse(row)
            except RowError:
                return None
      `,
      errors: [{ messageId: 'missing', message: '`parse()` can also raise `BadHeader` (example.py:7), but this `try` handles only `RowError`. Handle it too.', line: 12, suggestions: 1 }],
    },
    {
      name: 'a handler that names a builtin base of one of them',
      code: python`
        class RowError(Exception): ...
        class BadCell(RowError, ValueError): ...
        class BadHeader(RowError): ...

        def parse(row):
            if row is None:
                raise BadHeader
            raise BadCell(row)

        def load(row):
            try:
                return parse(row)
            except ValueError:
                return None
      `,
      errors: [{ message: /handles only `ValueError`\. Handle it too, or catch `RowError`\.$/, line: 12, suggestions: 1 }],
    },
    {
      name: 'the base itself is raised',
      files: FILES,
      code: python`
        from payments.client import CardDeclined, PaymentError

        def pay(order):
            if order is None:
                raise PaymentError("nothing to pay")
            raise CardDeclined

        def checkout(order):
            try:
                return pay(order)
            except CardDeclined:
                return None
      `,
      errors: [{ messageId: 'missing', line: 10, suggestions: 1 }],
    },
    {
      name: 'names bound to a class or an instance, a choice of two, and a traceback',
      code: python`
        class RowError(Exception): ...
        class BadCell(RowError): ...
        class BadHeader(RowError): ...
        class BadFooter(RowError): ...
        class BadSheet(RowError): ...

        EMPTY = BadSheet("empty")

        def parse(row, tb):
            if row == 1:
                error = BadHeader
                raise error
            if row == 2:
                failure = BadFooter(row).with_traceback(tb)
                raise failure
            if row == 3:
                raise EMPTY
            raise BadCell(row) if row else RowError(row)

        def load(row):
            try:
                return parse(row, None)
            except BadCell:
                return None
      `,
      errors: [{ message: /`BadFooter` \(example\.py:15\), `BadHeader` \(example\.py:12\), `BadSheet` \(example\.py:17\) and 1 more, but/, line: 22, suggestions: 1 }],
    },
    {
      name: 'a bare raise, and the caught name, raise again what the handler names',
      code: python`
        class RowError(Exception): ...
        class BadCell(RowError): ...
        class BadHeader(RowError): ...
        class BadFooter(RowError): ...

        def parse(row, read):
            try:
                return read(row)
            except (BadCell, BadHeader):
                log(row)
                raise
            except BadFooter as exc:
                raise exc

        def load(row, read):
            try:
                return parse(row, read)
            except BadCell:
                return None
      `,
      errors: [{ message: /`BadFooter` \(example\.py:13\) and `BadHeader` \(example\.py:11\), but/, line: 17, suggestions: 2 }],
    },
    {
      name: 'what is caught, kept, and raised after a loop',
      code: python`
        class FetchError(Exception): ...
        class Refused(FetchError): ...
        class Slow(FetchError): ...

        def fetch(url, get):
            last = None
            for _ in range(3):
                try:
                    return get(url)
                except Slow as exc:
                    last = exc
            if last is None:
                raise Refused
            raise last

        def load(url, get):
            try:
                return fetch(url, get)
            except Refused:
                return None
      `,
      errors: [{ message: /`Slow` \(example\.py:14\)/, line: 18, suggestions: 2 }],
    },
    {
      name: 'a class attribute, nested classes and a classmethod',
      code: python`
        class Repo:
            class Error(Exception): ...
            class NotFound(Error): ...
            class Locked(Error): ...

            locked = Locked

            @classmethod
            def load(cls, id):
                cls._lock(id)
                raise cls.NotFound(id)

            @classmethod
            def _lock(cls, id):
                raise cls.locked(id)

        def read(id):
            try:
                return Repo.load(id)
            except Repo.NotFound:
                return None
      `,
      errors: [
        {
          message: '`Repo.load()` can also raise `Locked` (example.py:15), but this `try` handles only `NotFound`. Handle it too, or catch `Error`.',
          line: 19,
          suggestions: 2,
        },
      ],
    },
    {
      name: 'super(), also past a base that does not have the method',
      code: python`
        class LoadError(Exception): ...
        class Missing(LoadError): ...
        class Torn(LoadError): ...

        class Loader:
            def load(self, id):
                raise Torn(id)

        class Mixin:
            pass

        class Cached(Mixin, Loader):
            def load(self, id):
                if id is None:
                    raise Missing
                return super().load(id)

        def read(cached: Cached, id):
            try:
                return cached.load(id)
            except Missing:
                return None

        class Safe(Cached):
            def load(self, id):
                try:
                    return super().load(id)
                except Missing:
                    return None
      `,
      errors: [{ line: 20, suggestions: 2 }, { line: 27, suggestions: 2 }],
    },
    {
      name: 'constructors, dataclasses and objects that are called',
      code: python`
        from dataclasses import dataclass

        class AmountError(Exception): ...
        class Negative(AmountError): ...
        class TooLarge(AmountError): ...

        def check(value):
            if value < 0:
                raise Negative
            raise TooLarge

        class Amount:
            def __init__(self, value):
                check(value)

        @dataclass
        class Price:
            value: int

            def __post_init__(self):
                check(self.value)

        class Checker:
            def __call__(self, value):
                check(value)

        checker = Checker()

        def read(value):
            try:
                Amount(value)
                Price(value)
                checker(value)
            except Negative:
                return None
      `,
      errors: [31, 32, 33].map((line) => ({ line, suggestions: 2 })),
    },
    {
      name: 'objects of a module, results of functions, loops and context managers',
      files: {
        'rows.py': python`
          from contextlib import contextmanager

          class RowError(Exception): ...
          class BadCell(RowError): ...
          class BadHeader(RowError): ...

          class Sheet:
              def read(self):
                  if self is None:
                      raise BadHeader
                  raise BadCell

          sheet = Sheet()

          def first() -> Sheet: ...

          def sheets() -> list[Sheet]: ...

          @contextmanager
          def opened():
              yield Sheet()
        `,
      },
      code: python`
        import rows
        from rows import BadCell, first, opened, sheets

        def load():
            try:
                rows.sheet.read()
                first().read()
                for each in sheets():
                    each.read()
                with opened() as sheet:
                    sheet.read()
            except BadCell:
                return None
      `,
      errors: [6, 7, 9, 11].map((line) => ({ line, suggestions: 2 })),
    },
    {
      name: 'recursion',
      code: python`
        class TreeError(Exception): ...
        class TooDeep(TreeError): ...
        class Cyclic(TreeError): ...

        def walk(node, depth=0):
            if depth > 9:
                raise TooDeep
            visit(node, depth)

        def visit(node, depth):
            if node.seen:
                raise Cyclic
            for child in node.children:
                walk(child, depth + 1)

        def count(node):
            try:
                return walk(node)
            except TooDeep:
                return None
      `,
      errors: [{ message: /`Cyclic` \(example\.py:12\)/, line: 18, suggestions: 2 }],
    },
    {
      name: 'an abstract method with one implementation',
      files: { ...FILES, 'tests/fakes.py': 'from example import Gateway\n\nclass FakeGateway(Gateway):\n    def pay(self, order):\n        return None\n' },
      code: python`
        from abc import ABC, abstractmethod
        from payments.client import CardDeclined, charge

        class Gateway(ABC):
            @abstractmethod
            def pay(self, order): ...

        class Stripe(Gateway):
            def pay(self, order):
                return charge(order)

        def checkout(gateway: Gateway, order):
            try:
                return gateway.pay(order)
            except CardDeclined:
                return None
      `,
      errors: [{ line: 14, suggestions: 2 }],
    },
    {
      name: 'a protocol that one class fits',
      files: FILES,
      code: python`
        from typing import Protocol
        from payments.client import CardDeclined, charge

        class Gateway(Protocol):
            def pay(self, order): ...
            def refund(self, order): ...

        class Stripe:
            def pay(self, order):
                return charge(order)

            def refund(self, order):
                return None

        class Invoice:
            def pay(self, order):
                return None

        def checkout(gateway: Gateway, order):
            try:
                return gateway.pay(order)
            except CardDeclined:
                return None
      `,
      errors: [{ line: 21, suggestions: 2 }],
    },
    {
      name: 'a function inside the function',
      files: FILES,
      code: python`
        from payments.client import CardDeclined, charge

        def checkout(order):
            def attempt():
                return charge(order)

            try:
                return attempt()
            except CardDeclined:
                return None
      `,
      errors: [{ line: 8, suggestions: 2 }],
    },
    {
      name: 'context managers of the project',
      code: python`
        from contextlib import contextmanager

        class LockError(Exception): ...
        class Taken(LockError): ...
        class Lost(LockError): ...

        @contextmanager
        def lock(name):
            if name is None:
                raise Taken(name)
            yield name
            raise Lost(name)

        class Lock:
            def __enter__(self):
                raise Taken

            def __exit__(self, kind, error, traceback):
                raise Lost

        def hold(name):
            with Lock():
                print(name)

        def run(name):
            try:
                with lock(name):
                    print(name)
                hold(name)
            except Taken:
                return None
      `,
      errors: [{ line: 27, suggestions: 2 }, { line: 29, suggestions: 2 }],
    },
    {
      name: 'except* and exceptions without parentheses',
      files: FILES,
      code: python`
        from payments.client import CardDeclined, charge

        def checkout(order):
            try:
                return charge(order)
            except* CardDeclined as group:
                log(group)
            try:
                return charge(order)
            except KeyError, CardDeclined:
                return None
      `,
      errors: [
        {
          line: 5,
          suggestions: [
            { messageId: 'catchToo', output: python`
              from payments.client import CardDeclined, charge, GatewayTimeout

              def checkout(order):
                  try:
                      return charge(order)
                  except* (CardDeclined, GatewayTimeout) as group:
                      log(group)
                  try:
                      return charge(order)
                  except KeyError, CardDeclined:
                      return None
            ` },
            { messageId: 'catchBase', output: python`
              from payments.client import CardDeclined, charge, PaymentError

              def checkout(order):
                  try:
                      return charge(order)
                  except* PaymentError as group:
                      log(group)
                  try:
                      return charge(order)
                  except KeyError, CardDeclined:
                      return None
            ` },
          ],
        },
        {
          line: 9,
          suggestions: [
            { messageId: 'catchToo', output: python`
              from payments.client import CardDeclined, charge, GatewayTimeout

              def checkout(order):
                  try:
                      return charge(order)
                  except* CardDeclined as group:
                      log(group)
                  try:
                      return charge(order)
                  except KeyError, CardDeclined, GatewayTimeout:
                      return None
            ` },
            { messageId: 'catchBase', output: python`
              from payments.client import CardDeclined, charge, PaymentError

              def checkout(order):
                  try:
                      return charge(order)
                  except* CardDeclined as group:
                      log(group)
                  try:
                      return charge(order)
                  except (KeyError, PaymentError):
                      return None
            ` },
          ],
        },
      ],
    },
    {
      name: 'suggestions for a tuple, for a name of one, and where the classes are at hand',
      code: python`
        class RowError(Exception): ...
        class BadCell(RowError): ...
        class BadHeader(RowError): ...

        KNOWN = (BadCell, KeyError)

        def parse(row):
            if row is None:
                raise BadHeader
            raise BadCell(row)

        def load(row):
            try:
                return parse(row)
            except (KeyError, BadCell):
                return None

        def read(row):
            try:
                return parse(row)
            except KNOWN:
                return None
      `,
      errors: [
        {
          line: 14,
          suggestions: [
            { messageId: 'catchToo', output: expectReplaced('except (KeyError, BadCell):', 'except (KeyError, BadCell, BadHeader):') },
            { messageId: 'catchBase', output: expectReplaced('except (KeyError, BadCell):', 'except (KeyError, RowError):') },
          ],
        },
        { line: 20, suggestions: [{ messageId: 'catchToo', output: expectReplaced('except KNOWN:', 'except (*KNOWN, BadHeader):') }] },
      ],
    },
    {
      name: 'no base where a later handler would never be asked, and no name that means something else there',
      files: FILES,
      code: python`
        from payments.client import CardDeclined, PaymentError, charge

        class Blocked(PaymentError): ...
        class GatewayTimeout(Exception): ...

        def checkout(order):
            try:
                return charge(order)
            except CardDeclined:
                return None
            except Blocked:
                return 0
      `,
      errors: [{ line: 8, suggestions: null }],
    },
    {
      name: 'of two trys around a call the inner one is reported',
      files: FILES,
      code: python`
        from payments.client import CardDeclined, charge

        def checkout(order):
            try:
                try:
                    return charge(order)
                except CardDeclined:
                    return None
            except CardDeclined:
                return 0
      `,
      errors: [{ line: 6, suggestions: 2 }],
    },
    {
      name: 'the outer one, if the inner one is about something else',
      files: FILES,
      code: python`
        from payments.client import CardDeclined, charge

        def checkout(order):
            try:
                try:
                    return charge(order)
                except KeyError:
                    return None
            except CardDeclined:
                return 0
      `,
      errors: [{ line: 6, suggestions: 2 }],
    },
    {
      name: 'a caller that catches everything, one that catches something else, and a test that expects it',
      files: {
        ...FILES,
        'shop/__init__.py': '',
        'shop/routes.py': 'from shop.orders import checkout\n\ndef buy(order):\n    try:\n        return checkout(order)\n    except KeyError:\n        return 404\n    except Exception:\n        return 500\n',
        'tests/test_orders.py': 'from payments.client import GatewayTimeout\nfrom shop.orders import checkout\n\ndef test():\n    try:\n        checkout(1)\n    except GatewayTimeout:\n        pass\n',
      },
      path: 'shop/orders.py',
      code: checkout('return charge(order)', handler('CardDeclined')),
      errors: [{ line: 6, suggestions: 2 }],
    },
    {
      name: 'handlers of the application for other exceptions',
      files: { ...FILES, 'main.py': 'from fastapi import FastAPI\nfrom payments.client import CardDeclined\n\napp = FastAPI(exception_handlers={CardDeclined: print, 500: print})\napp.add_exception_handler(Exception, print)\n' },
      code: checkout('return charge(order)', handler('CardDeclined')),
      errors: [{ line: 6, suggestions: 2 }],
    },
    { name: 'other exceptions are ignored', options: [{ ignore: ['payments.client.CardDeclined', 'GatewayTimeout', 'shop.*'] }], files: FILES, code: checkout('return charge(order)', handler('CardDeclined')), errors: [{ line: 6, suggestions: 2 }] },
    {
      name: 'a docstring that names only what is handled',
      files: FILES,
      code: checkout('return charge(order)', handler('CardDeclined')).replace('    try:', '    """CardDeclined is answered; GatewayTimeouts are not our business."""\n    try:'),
      errors: [{ line: 7, suggestions: 2 }],
    },
    { name: 'nine callers that all leave it alone', files: FILES, code: callersOfCharge(9), errors: Array.from({ length: 9 }, (_, i) => ({ line: 5 + 6 * i, suggestions: 2 })) },
    {
      name: 'ten callers of which one handles it',
      files: FILES,
      code: callersOfCharge(10).replace('except CardDeclined', 'except (CardDeclined, PaymentError)'),
      errors: Array.from({ length: 9 }, (_, i) => ({ line: 11 + 6 * i, suggestions: 2 })),
    },
    {
      name: 'decorators of the callee and of the caller that let it through',
      files: FILES,
      code: python`
        from functools import lru_cache, wraps
        from tenacity import retry
        from payments.client import CardDeclined, charge

        def logged(call):
            @wraps(call)
            def wrapper(*args):
                try:
                    log(call)
                except Exception:
                    pass
                try:
                    return call(*args)
                except CardDeclined:
                    raise
            return wrapper

        @lru_cache
        @logged
        @retry(reraise=True)
        def attempt(order):
            return charge(order)

        @logged
        def checkout(order):
            try:
                return attempt(order)
            except CardDeclined:
                return None
      `,
      errors: [{ line: 27, suggestions: 2 }],
    },
  ],
})

tester.runProject(catchCalleeExceptions, new URL('catch-callee-exceptions.md', import.meta.url), { pack: 'error-handling' })

function expectReplaced(before: string, after: string): string {
  return python`
    class RowError(Exception): ...
    class BadCell(RowError): ...
    class BadHeader(RowError): ...

    KNOWN = (BadCell, KeyError)

    def parse(row):
        if row is None:
            raise BadHeader
        raise BadCell(row)

    def load(row):
        try:
            return parse(row)
        except (KeyError, BadCell):
            return None

    def read(row):
        try:
            return parse(row)
        except KNOWN:
            return None
  `.replace(before, after)
}
