import { python, RuleTester } from '@krait/rule-tester'
import { noJumpInFinally } from '../src/rules/no-jump-in-finally.ts'

new RuleTester().run('no-jump-in-finally', noJumpInFinally, {
  valid: [
    {
      name: 'a break that ends a loop inside the finally',
      code: python`
        async def forward(request, buffer):
            try:
                return await proxy(request)
            finally:
                while not buffer.empty():
                    if buffer.get_nowait() is SENTINEL:
                        break
      `,
    },
    {
      name: 'a continue of a loop inside the finally',
      code: python`
        try:
            run()
        finally:
            for name in names:
                if not name:
                    continue
                release(name)
      `,
    },
    {
      name: 'a return after the try statement',
      code: python`
        def load(path):
            try:
                config = parse(path)
            finally:
                release(path)
            return config
      `,
    },
    {
      name: 'jumps in the other parts of a try statement',
      code: python`
        def load(paths):
            for path in paths:
                try:
                    return parse(path)
                except ValueError:
                    continue
                else:
                    break
                finally:
                    release(path)
      `,
    },
    {
      name: 'functions, lambdas and classes defined in the finally have jumps of their own',
      code: python`
        def start(jobs):
            for job in jobs:
                try:
                    run(job)
                finally:
                    def on_exit():
                        return job

                    class Hook:
                        def __call__(self):
                            for hook in hooks:
                                break
                            return None

                    atexit.register(on_exit, key=lambda value: value)
      `,
    },
    {
      name: 'a generator expression or a comprehension has no jumps',
      code: python`
        try:
            run()
        finally:
            closed = [handle.close() for handle in handles if handle]
      `,
    },
    {
      name: 'a break outside any loop is a syntax error, not a finding',
      code: python`
        try:
            run()
        finally:
            break
      `,
    },
  ],
  invalid: [
    {
      name: 'a return as the last statement',
      code: python`
        def load(path: Path) -> Config | None:
            config = None
            try:
                config = parse(path)
            finally:
                release(path)
                return config
      `,
      errors: [
        {
          messageId: 'jump',
          message: '`return config` inside `finally` throws away any exception raised by the `try` block. Move it after the `try` statement.',
          line: 7,
          column: 9,
          endLine: 7,
          endColumn: 22,
          suggestions: [
            {
              messageId: 'moveAfterTry',
              desc: 'Move `return config` after the `try` statement',
              output: python`
                def load(path: Path) -> Config | None:
                    config = None
                    try:
                        config = parse(path)
                    finally:
                        release(path)
                    return config
              `,
            },
          ],
        },
      ],
    },
    {
      name: 'a continue of the loop around the try statement',
      code: python`
        for job in jobs:
            try:
                run(job)
            finally:
                if job.cancelled:
                    continue
                job.close()
      `,
      errors: [{ messageId: 'jump', data: { jump: 'continue' }, line: 6 }],
    },
    {
      name: 'a break of the loop around the try statement, behind a loop that is over',
      code: python`
        while True:
            try:
                run()
            finally:
                for handle in handles:
                    handle.close()
                break
      `,
      errors: [
        {
          messageId: 'jump',
          line: 7,
          suggestions: [
            {
              messageId: 'moveAfterTry',
              output: python`
                while True:
                    try:
                        run()
                    finally:
                        for handle in handles:
                            handle.close()
                    break
              `,
            },
          ],
        },
      ],
    },
    {
      name: 'a return deep inside: if, with, match, a loop, a nested try',
      code: python`
        async def drain(queue):
            try:
                await work()
            finally:
                if queue:
                    async with queue.lock:
                        match queue.state:
                            case "open":
                                for item in queue:
                                    try:
                                        return item
                                    except ValueError:
                                        return None
      `,
      errors: [
        { messageId: 'jump', line: 11 },
        { messageId: 'jump', line: 13 },
      ],
    },
    {
      name: "the else of a loop inside the finally belongs to the outer loop",
      code: python`
        for job in jobs:
            try:
                run(job)
            finally:
                for handle in job.handles:
                    handle.close()
                else:
                    break
      `,
      errors: [{ messageId: 'jump', line: 8 }],
    },
    {
      name: 'a finally inside a finally is reported once and has no suggestion, since the move would not help',
      code: python`
        def stop():
            try:
                first()
            finally:
                try:
                    second()
                finally:
                    third()
                    return True
      `,
      errors: [{ messageId: 'jump', line: 9 }],
    },
    {
      name: 'a try with except groups',
      code: python`
        def run(group):
            try:
                group.run()
            except* ValueError:
                pass
            finally:
                return
      `,
      errors: [
        {
          messageId: 'jump',
          data: { jump: 'return' },
          suggestions: [
            {
              messageId: 'moveAfterTry',
              output: python`
                def run(group):
                    try:
                        group.run()
                    except* ValueError:
                        pass
                    finally:
                        pass
                    return
              `,
            },
          ],
        },
      ],
    },
    {
      name: 'a comment beside the jump moves along; a long return is shown by its first line',
      code: python`
        def load(path):
            try:
                parse(path)
            finally:
                release(path)
                return Config(
                    path,
                )  # good enough
      `,
      errors: [
        {
          messageId: 'jump',
          data: { jump: 'return Config( …' },
          line: 6,
          suggestions: [
            {
              messageId: 'moveAfterTry',
              output: python`
                def load(path):
                    try:
                        parse(path)
                    finally:
                        release(path)
                    return Config(
                            path,
                        )  # good enough
              `,
            },
          ],
        },
      ],
    },
    {
      name: 'everything on one line',
      code: python`
        def load():
            try: parse()
            finally: return 1
      `,
      errors: [
        {
          messageId: 'jump',
          suggestions: [
            {
              messageId: 'moveAfterTry',
              output: python`
                def load():
                    try: parse()
                    finally: pass
                    return 1
              `,
            },
          ],
        },
      ],
    },
    {
      name: 'two statements on one line',
      code: python`
        def load():
            try:
                parse()
            finally:
                release(); return 1
      `,
      errors: [{ messageId: 'jump', line: 5, column: 20 }],
    },
    {
      name: 'Windows line breaks are kept',
      code: 'def load():\r\n    try:\r\n        parse()\r\n    finally:\r\n        return 1\r\n',
      errors: [
        {
          messageId: 'jump',
          suggestions: [
            { messageId: 'moveAfterTry', output: 'def load():\r\n    try:\r\n        parse()\r\n    finally:\r\n        pass\r\n    return 1\r\n' },
          ],
        },
      ],
    },
    {
      name: 'at module level and in a class body',
      code: python`
        while True:
            try:
                run()
            finally:
                continue

        class Registry:
            for name in names:
                try:
                    register(name)
                finally:
                    if name: break
      `,
      errors: [
        {
          messageId: 'jump',
          line: 5,
          suggestions: [
            {
              messageId: 'moveAfterTry',
              output: python`
                while True:
                    try:
                        run()
                    finally:
                        pass
                    continue

                class Registry:
                    for name in names:
                        try:
                            register(name)
                        finally:
                            if name: break
              `,
            },
          ],
        },
        { messageId: 'jump', line: 12 },
      ],
    },
  ],
})
