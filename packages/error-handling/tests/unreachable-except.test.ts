import { python, RuleTester } from '@krait/rule-tester'
import { unreachableExcept } from '../src/rules/unreachable-except.ts'

const tester = new RuleTester()

const FILES = {
  'shop/__init__.py': 'from .errors import OrderNotFound as Missing\n',
  'shop/errors.py': python`
    import requests

    class ShopError(Exception): ...
    class OrderNotFound(ShopError): ...
    class GatewayDown(ShopError, ConnectionError): ...
    class Unreached(requests.Timeout): ...

    LOOKUPS = (KeyError, IndexError)
    NETWORK = (requests.RequestException, *LOOKUPS)
    Gone = OrderNotFound
    WIDE = (requests.RequestException,) + (ValueError,)
  `,
}

const HEAD = 'from shop.errors import GatewayDown, Gone, LOOKUPS, NETWORK, OrderNotFound, ShopError, Unreached, WIDE\n'

/** A `try` in a function whose handlers begin in line 6. */
function handlers(...types: readonly string[]): string {
  return `${HEAD}\ndef load(order_id, given):\n    try:\n        return read(order_id)\n${types.map((type) => `    except${type === '' ? '' : ' '}${type}:\n        return None\n`).join('')}`
}

function valid(name: string, ...types: readonly string[]) {
  return { name, path: 'shop/service.py', files: FILES, code: handlers(...types) }
}

/** @param at the position of the handler that is reported, from 0 */
function invalid(name: string, types: readonly string[], at: number, messageId: 'shadowed' | 'repeated' | 'shadowedTypes' | 'repeatedTypes', message?: string, head = '') {
  const line = 6 + 2 * at + (head === '' ? 0 : head.split('\n').length - 1)
  return {
    name,
    path: 'shop/service.py',
    files: FILES,
    code: head + handlers(...types),
    errors: [{ messageId, line, ...(message !== undefined && { message }), ...(messageId === 'shadowed' && { suggestions: 1 }) }],
  }
}

tester.run('unreachable-except', unreachableExcept, {
  valid: [
    valid('from special to general', 'OrderNotFound', 'ShopError', 'ValueError', 'Exception', 'BaseException'),
    valid('a tuple that leaves something to the next one', '(KeyError, ValueError)', 'LookupError'),
    valid('classes that have nothing to do with each other', 'KeyError', 'IndexError', 'ShopError', 'requests.HTTPError'),
    valid('types that are not known', 'given', 'given.Error', 'make()', 'Exception', 'unknown.Error'),
    valid('a class of two bases', 'GatewayDown', 'ShopError', 'ConnectionError', 'OSError'),
    valid('what is no Exception', 'Exception', 'KeyboardInterrupt', 'SystemExit', ''),
    valid('a constant before the general class', 'LOOKUPS', 'LookupError', 'WIDE', 'OSError'),
    {
      name: 'cancellation is no Exception',
      code: 'import asyncio\ntry:\n    run()\nexcept Exception:\n    pass\nexcept asyncio.CancelledError:\n    raise\n',
    },
    {
      name: 'other try statements',
      code: python`
        try:
            try:
                run()
            except OSError:
                one()
        except ConnectionError:
            two()
        try:
            run()
        except OSError:
            try:
                again()
            except ConnectionError:
                three()
      `,
    },
    {
      name: 'a class whose bases are not known, and one that is bound in two ways',
      code: python`
        from lib import Base

        class Error(Base): ...

        if new:
            class Timeout(OSError): ...
        else:
            Timeout = RuntimeError

        try:
            run()
        except OSError:
            one()
        except Error:
            two()
        except Timeout:
            three()
      `,
    },
    { name: 'a test', path: 'tests/test_a.py', code: handlers('Exception', 'ValueError') },
  ],
  invalid: [
    invalid(
      'a class of the project',
      ['ShopError', 'OrderNotFound'],
      1,
      'shadowed',
      '`except OrderNotFound` never runs: `except ShopError` on line 6 already catches it (`OrderNotFound` derives from `ShopError`). Put the specific handler first.',
    ),
    invalid('names bound by as', ['ShopError as exc', 'OrderNotFound as exc'], 1, 'shadowed'),
    invalid('an alias of the class', ['ShopError', 'Gone'], 1, 'shadowed', '`except Gone` never runs: `except ShopError` on line 6 already catches it (`Gone` derives from `ShopError`). Put the specific handler first.'),
    invalid('a re-export', ['ShopError', 'ValueError', 'Missing'], 2, 'shadowed', undefined, 'from shop import Missing\n'),
    invalid('a class of a library', ['OSError', 'requests.RequestException'], 1, 'shadowed', '`except requests.RequestException` never runs: `except OSError` on line 7 already catches it (`requests.RequestException` derives from `OSError`). Put the specific handler first.', 'import requests\n'),
    invalid('a class that derives from one of a library', ['OSError', 'Unreached'], 1, 'shadowed'),
    invalid('a ValueError of the standard library', ['ValueError', 'json.JSONDecodeError'], 1, 'shadowed', undefined, 'import json\n'),
    invalid('behind Exception', ['Exception', 'KeyError'], 1, 'shadowed'),
    invalid('behind BaseException', ['BaseException as exc', 'SystemExit'], 1, 'shadowed'),
    invalid('a bare except behind BaseException', ['BaseException', ''], 1, 'repeated'),
    invalid(
      'some of a tuple',
      ['OSError', '(ConnectionError, KeyError, TimeoutError)'],
      1,
      'shadowedTypes',
      '`except (ConnectionError, KeyError, TimeoutError)` never catches `ConnectionError` and `TimeoutError`: `except OSError` on line 6 already catches them (`ConnectionError` derives from `OSError`, `TimeoutError` derives from `OSError`). Put the specific handler first.',
    ),
    invalid('all of a tuple, by two handlers', ['OSError', 'LookupError', '(ConnectionError, KeyError)'], 2, 'shadowed', '`except (ConnectionError, KeyError)` never runs: `except OSError` on line 6 and `except LookupError` on line 8 already catch it (`ConnectionError` derives from `OSError`, `KeyError` derives from `LookupError`). Put the specific handler first.'),
    invalid('a member of an earlier tuple', ['(ValueError, LookupError)', 'KeyError'], 1, 'shadowed'),
    invalid('constants that hold tuples', ['LookupError', 'LOOKUPS'], 1, 'shadowed', '`except LOOKUPS` never runs: `except LookupError` on line 6 already catches it (`KeyError` derives from `LookupError`, `IndexError` derives from `LookupError`). Put the specific handler first.'),
    invalid('a constant that holds a tuple first', ['NETWORK', 'Unreached'], 1, 'shadowed'),
    invalid('a constant and a splat', ['LookupError', '(*LOOKUPS, ValueError)'], 1, 'shadowedTypes'),
    invalid('the same class', ['ValueError', 'ValueError'], 1, 'repeated', '`except ValueError` never runs: `except ValueError` on line 6 already catches it. Remove one of them, or catch what is meant here.'),
    invalid('the same class by another name', ['OSError', 'IOError'], 1, 'repeated', '`except IOError` never runs: `except OSError` on line 6 already catches it (`IOError` is `OSError`). Remove one of them, or catch what is meant here.'),
    invalid('a timeout by another name', ['TimeoutError', '(asyncio.TimeoutError, ValueError)'], 1, 'repeatedTypes', undefined, 'import asyncio\n'),
    {
      name: 'groups, in a class of a function, several in one try',
      code: python`
        def run():
            class Failed(Exception): ...
            class Late(Failed): ...
            try:
                go()
            except* OSError:
                one()
            except* ConnectionError:
                two()
            except* TimeoutError:
                three()
      `,
      errors: [
        { messageId: 'shadowed', line: 8, suggestions: 1 },
        { messageId: 'shadowed', line: 10, suggestions: 1 },
      ],
    },
    {
      name: 'types without parentheses around them',
      code: 'try:\n    go()\nexcept OSError:\n    one()\nexcept ConnectionError, TimeoutError:\n    two()\n',
      errors: [{ messageId: 'shadowed', line: 5, suggestions: 1 }],
    },
    {
      name: 'the clause is moved',
      code: python`
        try:
            go()
        except KeyError:
            zero()
        except OSError as exc:
            one(exc)
        # the network
        except ConnectionError:  # often
            two()  # again
        else:
            three()
      `,
      errors: [
        {
          messageId: 'shadowed',
          suggestions: [
            {
              messageId: 'moveUp',
              output: python`
                try:
                    go()
                except KeyError:
                    zero()
                except ConnectionError:  # often
                    two()  # again
                except OSError as exc:
                    one(exc)
                # the network
                else:
                    three()
              `,
            },
          ],
        },
      ],
    },
  ],
})
