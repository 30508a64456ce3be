import { python, RuleTester } from '@krait/rule-tester'
import { exhaustiveErrorCodes } from '../src/rules/exhaustive-error-codes.ts'

const tester = new RuleTester()

const FILES = {
  'payments/__init__.py': 'from .codes import DeclineReason as Declined\n',
  'payments/codes.py': python`
    from enum import Enum, Flag, StrEnum, auto
    from typing import Literal

    class DeclineReason(Enum):
        NO_FUNDS = "no_funds"
        LOST_CARD = "lost_card"
        EXPIRED_CARD = "expired_card"
        CARD_EXPIRED = "expired_card"
        LOST = LOST_CARD
        _ignore_ = ["x"]

        @property
        def text(self):
            return self.value

    class UploadError(StrEnum):
        TOO_LARGE = auto()
        BAD_TYPE = auto()
        NO_EXTENSION = auto()

    class OrderStatus(Enum):
        OPEN = 1
        PAID = 2
        SENT = 3

    class ErrorFlags(Flag):
        A = 1
        B = 2
        C = 4

    RetryFailure = Literal["timeout", "refused", "reset"]

    class Result:
        error: UploadError
        failure: RetryFailure
        reason: Literal["a", "b", "c"] | None
        status: Literal["a", "b", "c"]
  `,
  'payments/texts.py': python`
    from payments.codes import DeclineReason

    USER_TEXT = {DeclineReason.NO_FUNDS: "No funds", DeclineReason.LOST_CARD: "Card blocked"}
    ALL_TEXT = {DeclineReason.NO_FUNDS: "No funds", DeclineReason.LOST_CARD: "Card blocked", DeclineReason.EXPIRED_CARD: "Expired"}

    class Texts:
        SHORT = {DeclineReason.NO_FUNDS: "No funds", DeclineReason.LOST: "Card blocked"}
  `,
}

const HEAD = 'from payments.codes import DeclineReason, ErrorFlags, OrderStatus, Result, RetryFailure, UploadError\nfrom payments.texts import ALL_TEXT, USER_TEXT, Texts\n'

function valid(name: string, code: string, rest: object = {}) {
  return { name, path: 'payments/service.py', files: FILES, code: HEAD + code, ...rest }
}

/** @param line counted from 1 below the two lines of imports */
function invalid(name: string, code: string, messageId: 'match' | 'chain' | 'table', lines: readonly number[], rest: { message?: string; suggestions?: unknown; options?: unknown } = {}) {
  const { message, options } = rest
  const suggestions = messageId === 'table' ? undefined : (rest.suggestions ?? 2)
  return {
    name,
    path: 'payments/service.py',
    files: FILES,
    code: HEAD + code,
    ...(options !== undefined && { options: options as never }),
    errors: lines.map((line) => ({ messageId, line: line + 2, ...(message !== undefined && { message }), ...(suggestions !== undefined && { suggestions: suggestions as number }) })),
  }
}

tester.run('exhaustive-error-codes: match', exhaustiveErrorCodes, {
  valid: [
    {
      name: 'a table of another module that is filled there',
      files: {
        'codes.py': python`
          from enum import StrEnum

          class ErrorCode(StrEnum):
              NOT_FOUND = "not_found"
              CONFLICT = "conflict"
              RATE_LIMITED = "rate_limited"

          STATUS = {ErrorCode.NOT_FOUND: 404, ErrorCode.CONFLICT: 409}
          STATUS[ErrorCode.RATE_LIMITED] = 429

          class View:
              TEXT = {ErrorCode.NOT_FOUND: "gone", ErrorCode.CONFLICT: "taken"}

          View.TEXT.update({ErrorCode.RATE_LIMITED: "slow down"})
        `,
      },
      code: python`
        from codes import ErrorCode, STATUS, View

        def status(code: ErrorCode) -> int:
            return STATUS[code]

        def text(code: ErrorCode) -> str:
            return View.TEXT[code]
      `,
    },
    valid('all members, by alternatives, aliases and values', python`
      def a(reason: DeclineReason):
          match reason:
              case DeclineReason.NO_FUNDS | DeclineReason.LOST: return 1
              case DeclineReason.CARD_EXPIRED: return 2

      def b(error: UploadError):
          match error:
              case UploadError.TOO_LARGE: one()
              case "bad_type": two()
              case (UploadError.NO_EXTENSION as e): three()
    `),
    valid('a case that catches everything', python`
      def a(result: Result):
          match result.error:
              case UploadError.TOO_LARGE: one()
              case UploadError.BAD_TYPE: two()
              case _: three()
          match result.error:
              case UploadError.TOO_LARGE: one()
              case UploadError.BAD_TYPE: two()
              case other: three(other)
          match result.error:
              case UploadError.TOO_LARGE: one()
              case UploadError.BAD_TYPE: two()
              case UploadError(): three()
          match result.error:
              case UploadError.TOO_LARGE: one()
              case UploadError.BAD_TYPE | _: two()
    `),
    valid('every case leaves, and something follows', python`
      def a(reason):
          match reason:
              case DeclineReason.NO_FUNDS: return 1
              case DeclineReason.LOST_CARD: raise ValueError
          assert_never(reason)

      def b(reason):
          with span():
              match reason:
                  case DeclineReason.NO_FUNDS: return 1
                  case DeclineReason.LOST_CARD:
                      if x:
                          return 2
                      else:
                          return 3
          return 0
    `),
    valid('every case assigns a name that has a value already', python`
      def a(reason):
          text = "Declined"
          match reason:
              case DeclineReason.NO_FUNDS: text = "No funds"
              case DeclineReason.LOST_CARD: text = "Blocked"
          return text

      def b(reason, text="Declined"):
          match reason:
              case DeclineReason.NO_FUNDS: text = "No funds"
              case DeclineReason.LOST_CARD: text = "Blocked"
          return text
    `),
    valid('one member, members of two enums, patterns that are not understood, other subjects', python`
      def a(reason, pair):
          match reason:
              case DeclineReason.NO_FUNDS: one()
          match reason:
              case DeclineReason.NO_FUNDS: one()
              case UploadError.BAD_TYPE: two()
          match reason:
              case DeclineReason.NO_FUNDS: one()
              case DeclineReason.LOST_CARD: two()
              case str(): three()
          match pair:
              case (DeclineReason.NO_FUNDS, 1): one()
              case (DeclineReason.LOST_CARD, 2): two()
          match reason, pair:
              case DeclineReason.NO_FUNDS, _: one()
              case DeclineReason.LOST_CARD, _: two()
          match reason.value:
              case "no_funds": one()
              case "lost_card": two()
    `),
    valid('flags, enums of libraries, enums and literals of another name', python`
      from http import HTTPStatus
      from lib.errors import LibError

      def a(x, result: Result):
          match x:
              case ErrorFlags.A: one()
              case ErrorFlags.B: two()
          match x:
              case HTTPStatus.OK: one()
              case HTTPStatus.CREATED: two()
          match x:
              case LibError.A: one()
              case LibError.B: two()
          match x:
              case OrderStatus.OPEN: one()
              case OrderStatus.PAID: two()
          match result.status:
              case "a": one()
              case "b": two()
          match x:
              case "timeout": one()
              case "refused": two()
    `),
    valid('codes that have been dealt with before', python`
      def a(reason: DeclineReason):
          if reason is DeclineReason.EXPIRED_CARD:
              return 0
          match reason:
              case DeclineReason.NO_FUNDS: return 1
              case DeclineReason.LOST_CARD: return 2

      def b(reason: DeclineReason):
          if reason in (DeclineReason.NO_FUNDS, DeclineReason.LOST):
              match reason:
                  case DeclineReason.NO_FUNDS: one()
                  case DeclineReason.LOST_CARD: two()
    `),
    { ...valid('test code', 'match x:\n    case DeclineReason.NO_FUNDS: one()\n    case DeclineReason.LOST_CARD: two()\n'), path: 'tests/test_codes.py' },
    valid('a pattern of one\'s own', 'match x:\n    case DeclineReason.NO_FUNDS: one()\n    case DeclineReason.LOST_CARD: two()\n', { options: [{ codePattern: 'Status$' }] }),
  ],
  invalid: [
    {
      ...invalid('a return that is missing', python`
        def a(result):
            match result.error:
                case UploadError.TOO_LARGE: return 413
                case UploadError.BAD_TYPE: return 415
      `, 'match', [2]),
      errors: [
        {
          messageId: 'match',
          line: 4,
          message: 'This `match` over `UploadError` misses `NO_EXTENSION`. Add the cases, or a `case _:` that fails loudly.',
          suggestions: [
            {
              messageId: 'addCases',
              output: HEAD + python`
                def a(result):
                    match result.error:
                        case UploadError.TOO_LARGE: return 413
                        case UploadError.BAD_TYPE: return 415
                        case UploadError.NO_EXTENSION:
                            raise NotImplementedError
              `,
            },
            {
              messageId: 'addDefault',
              output: HEAD + python`
                from typing import assert_never
                def a(result):
                    match result.error:
                        case UploadError.TOO_LARGE: return 413
                        case UploadError.BAD_TYPE: return 415
                        case _:
                            assert_never(result.error)
              `,
            },
          ],
        },
      ],
    },
    invalid('a guard covers nothing', python`
      def a(reason):
          match reason:
              case DeclineReason.NO_FUNDS: return 1
              case DeclineReason.LOST_CARD | DeclineReason.EXPIRED_CARD if retry: return 2
    `, 'match', [2], { message: 'This `match` over `DeclineReason` misses `LOST_CARD`, `EXPIRED_CARD`. Add the cases, or a `case _:` that fails loudly.' }),
    invalid('a default with a guard is none', python`
      def a(reason):
          match reason:
              case DeclineReason.NO_FUNDS: one()
              case DeclineReason.LOST_CARD: two()
              case _ if retry: three()
          return 1
    `, 'match', [2]),
    invalid('what follows is no default where a case goes on', python`
      def a(reason):
          match reason:
              case DeclineReason.NO_FUNDS: return 1
              case DeclineReason.LOST_CARD: log()
          return 2
    `, 'match', [2]),
    invalid('the next round of a loop is no default', python`
      def a(reasons):
          for reason in reasons:
              match reason:
                  case DeclineReason.NO_FUNDS: return 1
                  case DeclineReason.LOST_CARD: return 2
          return 0
    `, 'match', [3]),
    invalid('a name that has no value yet', python`
      def a(reason):
          match reason:
              case DeclineReason.NO_FUNDS: text = "No funds"
              case DeclineReason.LOST_CARD: text = "Blocked"
          return text
    `, 'match', [2]),
    invalid('a name that is annotated only', python`
      def a(reason):
          text: str
          match reason:
              case DeclineReason.NO_FUNDS: text = "No funds"
              case DeclineReason.LOST_CARD: text = "Blocked"
          return text
    `, 'match', [3]),
    invalid('an alias, at module level, through a re-export and through the module', python`
      import payments.codes as codes
      from payments import Declined

      match reason:
          case Declined.NO_FUNDS: one()
          case Declined.LOST_CARD: two()
      match reason:
          case codes.DeclineReason.NO_FUNDS: one()
          case codes.DeclineReason.LOST_CARD: two()
          case None: three()
    `, 'match', [4, 7]),
    invalid('an alias of a literal, by annotation, attribute and result', python`
      def failure_of(x) -> RetryFailure: ...

      async def later(x) -> RetryFailure: ...

      async def a(failure: RetryFailure, maybe: "RetryFailure | None", result: Result):
          match failure:
              case "timeout": one()
              case "refused": two()
          match maybe:
              case "timeout": one()
              case "refused" | None: two()
          match result.failure:
              case "timeout": one()
              case "refused": two()
          kind = await later(result)
          match kind:
              case "timeout": one()
              case "refused": two()
    `, 'match', [6, 9, 12, 16], { message: 'This `match` over `RetryFailure` misses `"reset"`. Add the cases, or a `case _:` that fails loudly.' }),
    invalid('a call, and what `:=` binds', python`
      def failure_of(x) -> RetryFailure: ...

      match failure_of(1):
          case "timeout": one()
          case "refused": two()
      match (found := failure_of(result)):
          case "timeout": one()
          case "refused": two()
    `, 'match', [3, 6], { suggestions: 1 }),
    invalid('a literal without a name goes by the name of the variable or attribute', python`
      from typing import Literal

      def a(reason: Literal["a", "b", "c"], x: Literal["a", "b", "c"], result: Result):
          match reason:
              case "a": one()
              case "b": two()
          match x:
              case "a": one()
              case "b": two()
          match result.reason:
              case "a": one()
              case "b": two()
    `, 'match', [4, 10]),
    invalid('types of the options', python`
      match status:
          case OrderStatus.OPEN: one()
          case OrderStatus.PAID: two()
    `, 'match', [1], { options: [{ types: ['payments.codes.OrderStatus'] }] }),
  ],
})

tester.run('exhaustive-error-codes: if chains', exhaustiveErrorCodes, {
  valid: [
    valid('an else, all members, a single branch, branches over several names', python`
      def a(reason, other):
          if reason == DeclineReason.NO_FUNDS:
              return 1
          elif reason == DeclineReason.LOST_CARD:
              return 2
          else:
              raise ValueError(reason)

      def b(reason, other):
          if reason is DeclineReason.NO_FUNDS or reason is DeclineReason.LOST_CARD:
              return 1
          elif reason in (DeclineReason.EXPIRED_CARD,):
              return 2

      def c(reason, other):
          if reason in (DeclineReason.NO_FUNDS, DeclineReason.LOST_CARD):
              return 1

      def d(reason, other):
          if reason == DeclineReason.NO_FUNDS:
              return 1
          elif other == DeclineReason.LOST_CARD:
              return 2

      def e(reason, other):
          if reason == DeclineReason.NO_FUNDS:
              return 1
          elif reason == DeclineReason.LOST_CARD and other:
              return 2
    `),
    valid('something follows, branches that do other things, a name that has a value', python`
      def a(reason):
          if reason == DeclineReason.NO_FUNDS:
              return 1
          elif reason == DeclineReason.LOST_CARD:
              return 2
          return 3

      def b(reason):
          if reason == DeclineReason.NO_FUNDS:
              one()
          elif reason == DeclineReason.LOST_CARD:
              two()

      def c(reason):
          text = None
          if reason == DeclineReason.NO_FUNDS:
              text = "x"
          elif reason == DeclineReason.LOST_CARD:
              text = "y"
          return text

      def d(reason):
          if reason == DeclineReason.NO_FUNDS:
              return 1
          elif reason == DeclineReason.LOST_CARD:
              two()

      def e(reason):
          if reason != DeclineReason.NO_FUNDS:
              return 1
          elif reason == DeclineReason.LOST_CARD:
              return 2

      def f(status):
          if status == OrderStatus.OPEN:
              return 1
          elif status == OrderStatus.PAID:
              return 2
    `),
  ],
  invalid: [
    {
      ...invalid('branches that all return', '', 'chain', []),
      code: HEAD + python`
        def a(reason):
            if reason is DeclineReason.NO_FUNDS:
                return 1
            elif reason is DeclineReason.LOST_CARD:
                return 2
      `,
      errors: [
        {
          messageId: 'chain',
          line: 4,
          message: 'This `if` chain over `DeclineReason` misses `EXPIRED_CARD`. Add the branches, or an `else:` that fails loudly.',
          suggestions: [
            {
              messageId: 'addCases',
              output: HEAD + python`
                def a(reason):
                    if reason is DeclineReason.NO_FUNDS:
                        return 1
                    elif reason is DeclineReason.LOST_CARD:
                        return 2
                    elif reason is DeclineReason.EXPIRED_CARD:
                        raise NotImplementedError
              `,
            },
            {
              messageId: 'addDefault',
              output: HEAD + python`
                from typing import assert_never
                def a(reason):
                    if reason is DeclineReason.NO_FUNDS:
                        return 1
                    elif reason is DeclineReason.LOST_CARD:
                        return 2
                    else:
                        assert_never(reason)
              `,
            },
          ],
        },
      ],
    },
    invalid('branches that all assign', python`
      BAD = (UploadError.BAD_TYPE,)

      def a(result):
          if UploadError.TOO_LARGE == result.error:
              code = 413
              log(code)
          elif result.error in BAD:
              code = 415
          return code
    `, 'chain', [4]),
    invalid('an else: if', python`
      def a(reason, x):
          if x:
              return 0
          else:
              if reason == DeclineReason.NO_FUNDS or reason == DeclineReason.LOST_CARD:
                  return 1
              elif DeclineReason.CARD_EXPIRED == reason:
                  return 2

      def b(failure: RetryFailure):
          if failure == "timeout":
              raise TimeoutError
          elif failure in {"refused"}:
              return 2
    `, 'chain', [11]),
  ],
})

tester.run('exhaustive-error-codes: tables', exhaustiveErrorCodes, {
  valid: [
    valid('get, all members, a test before, a handler, a constant key, changes', python`
      from contextlib import suppress

      LOCAL = {DeclineReason.NO_FUNDS: 1, DeclineReason.LOST_CARD: 2}
      GROWN = {DeclineReason.NO_FUNDS: 1, DeclineReason.LOST_CARD: 2}
      GROWN[DeclineReason.EXPIRED_CARD] = 3

      def a(reason: DeclineReason):
          USER_TEXT.get(reason, "Payment declined")
          ALL_TEXT[reason]
          GROWN[reason]
          LOCAL[DeclineReason.NO_FUNDS]
          try:
              LOCAL[reason]
          except KeyError:
              pass
          try:
              LOCAL[reason]
          except (ValueError, LookupError):
              pass
          with suppress(KeyError):
              LOCAL[reason]

      def b(reason):
          if reason in USER_TEXT:
              return USER_TEXT[reason]

      def c(reason):
          return USER_TEXT[reason] if reason in USER_TEXT else None

      def d(reason):
          if reason not in USER_TEXT:
              raise ValueError
          return USER_TEXT[reason]

      def e():
          return [LOCAL[r] for r in LOCAL]

      def f(reason: DeclineReason):
          if reason is DeclineReason.EXPIRED_CARD:
              return None
          return LOCAL[reason]

      def g(reasons):
          return [LOCAL[r] for r in reasons if r in LOCAL]
    `),
    valid('one key, other keys, a splat, a defaultdict, another name, a local dict, a bare definition', python`
      from collections import defaultdict

      ONE = {DeclineReason.NO_FUNDS: 1}
      MIXED = {DeclineReason.NO_FUNDS: 1, UploadError.BAD_TYPE: 2}
      OPEN = {**USER_TEXT, DeclineReason.NO_FUNDS: 1, DeclineReason.LOST_CARD: 2}
      LAZY = defaultdict(int, {DeclineReason.NO_FUNDS: 1, DeclineReason.LOST_CARD: 2})
      STATUS = {OrderStatus.OPEN: 1, OrderStatus.PAID: 2}
      NEVER_READ = {DeclineReason.NO_FUNDS: 1, DeclineReason.LOST_CARD: 2}
      WORDS = {"timeout": 1, "refused": 2}

      def a(reason, status, word):
          local = {DeclineReason.NO_FUNDS: 1, DeclineReason.LOST_CARD: 2}
          return ONE[reason], MIXED[reason], OPEN[reason], LAZY[reason], STATUS[status], local[reason], WORDS[word]
    `),
  ],
  invalid: [
    invalid('a table of another module', python`
      def text_for(reason: DeclineReason) -> str:
          return USER_TEXT[reason]

      def both(reason):
          first = USER_TEXT[reason]
          return first + USER_TEXT[reason]
    `, 'table', [2, 5], { message: '`USER_TEXT` misses `EXPIRED_CARD` of `DeclineReason`, so that `USER_TEXT[reason]` raises `KeyError`. Add the keys, or use `.get()` with a default.' }),
    {
      ...invalid('where the table and the code are defined', '', 'table', []),
      code: HEAD + 'def text_for(reason):\n    return USER_TEXT[reason]\n',
      errors: [
        {
          messageId: 'table',
          line: 4,
          related: [
            { path: 'payments/texts.py', line: 3, column: 1 },
            { path: 'payments/codes.py', line: 7, column: 5 },
          ],
        },
      ],
    },
    invalid('tables of classes, by class, by self, by cls, inherited', python`
      class Handler(Texts):
          CODES = {DeclineReason.NO_FUNDS: 1, DeclineReason.LOST_CARD: 2}

          def a(self, reason):
              return self.CODES[reason]

          @classmethod
          def b(cls, reason):
              return cls.CODES[reason]

          def c(self, reason):
              return self.SHORT[reason]

      def d(reason):
          return Texts.SHORT[reason]

      def e(reason):
          return Handler.SHORT[reason.code]
    `, 'table', [5, 9, 12, 15, 18]),
    invalid('literals, by the annotation of the index or of the table', python`
      TEXTS = {"timeout": 1, "refused": 2}
      DELAYS: dict[RetryFailure, int] = {"timeout": 1, "refused": 2}

      def a(failure: RetryFailure, other):
          TEXTS[failure]
          TEXTS[other]
          return DELAYS[other]
    `, 'table', [5, 7]),
    invalid('a handler of something else, and a test that comes later', python`
      def a(reason):
          try:
              return USER_TEXT[reason]
          except ValueError:
              return None

      def b(reason):
          text = USER_TEXT[reason]
          return text, reason in USER_TEXT
    `, 'table', [3, 8]),
  ],
})
