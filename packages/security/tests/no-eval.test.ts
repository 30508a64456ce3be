import { python, RuleTester } from '@krait/rule-tester'
import { noEval } from '../src/rules/no-eval.ts'

new RuleTester().run('no-eval', noEval, {
  valid: [
    {
      name: 'an expression that is parsed, and evaluated node by node',
      code: python`
        import ast
        import operator

        OPERATORS = {ast.Add: operator.add, ast.Mult: operator.mul}

        def evaluate(node):
            match node:
                case ast.Constant(value=int() | float() as value):
                    return value
                case ast.BinOp(left=left, op=op, right=right):
                    return OPERATORS[type(op)](evaluate(left), evaluate(right))
            raise ValueError("not allowed")

        def total(expression: str):
            return evaluate(ast.parse(expression, mode="eval").body)
      `,
    },
    {
      name: 'literals',
      code: python`
        import ast
        from ast import literal_eval

        values = [ast.literal_eval(cell) for cell in cells]
        others = list(map(literal_eval, cells))
      `,
    },
    {
      name: 'methods of that name',
      code: python`
        model.eval()
        redis.eval(script, 1, key)
        frame.eval("total = price * amount")
        rows = session.exec(select(Order)).all()
        await connection.exec(query)
        self.eval(node)
      `,
    },
    {
      name: 'a module with functions of that name',
      code: python`
        import pandas as pd
        import numexpr

        pd.eval("price * amount")
        numexpr.exec(plan)
      `,
    },
    {
      name: 'functions of the file with that name',
      code: python`
        def eval(node):
            return node.value

        async def exec(statement):
            return await run(statement)

        total = eval(tree)
        list(map(eval, trees))
        asyncio.run(exec(statement))
      `,
    },
    {
      name: 'a function that comes later in the file, and one inside a function',
      code: python`
        def total(tree):
            return eval(tree)

        def outer():
            def exec(plan):
                return plan.run()
            return exec(plan)

        def eval(tree):
            return tree.value
      `,
    },
    {
      name: 'parameters and local variables of that name',
      code: python`
        def apply(eval, rows):
            return [eval(row) for row in rows]

        def run(plan, exec=None):
            exec(plan)

        def loop(handlers):
            for eval in handlers:
                eval(1)
            with open_executor() as exec:
                exec(2)
            runner = lambda eval: eval(3)
            return [exec(4) for exec in handlers]

        def walrus():
            if eval := find_evaluator():
                return eval(5)
      `,
    },
    {
      name: 'an imported function of that name',
      code: python`
        from pandas import eval
        from sqlmodel_tools import run as exec

        eval("price * amount")
        exec(statement)
        frame.pipe(eval)
      `,
    },
    {
      name: "a function of the project with that name",
      path: 'app/totals.py',
      files: {
        'app/__init__.py': '',
        'app/formula.py': 'def eval(tree):\n    return tree.value\n',
      },
      code: python`
        from app import formula
        from app.formula import eval

        total = eval(tree)
        other = formula.eval(tree)
        all_of_them = list(map(formula.eval, trees))
      `,
    },
    {
      name: 'a star import of the project that brings the name',
      path: 'app/totals.py',
      files: {
        'app/__init__.py': '',
        'app/formula.py': 'def eval(tree):\n    return tree.value\n',
      },
      code: python`
        from app.formula import *

        total = eval(tree)
      `,
    },
    {
      name: 'an attempt to import that has no name of its own without the library',
      code: python`
        try:
            from fast_formula import eval
        except ImportError:
            eval = None

        total = eval(tree)
      `,
    },
    {
      name: 'other functions with a similar name',
      code: python`
        import re

        pattern = re.compile(text)
        code = compile(tree, "<formula>", "eval")
        evaluate(text)
        execute(statement)
        retrieval(evaluation=True)
      `,
    },
    {
      name: 'a mention that is neither a call nor an argument',
      code: python`
        evaluator = eval
        HANDLERS = {"eval": eval}
        text = "eval(formula)"
      `,
    },
    {
      name: 'names of arguments',
      code: python`
        train(model, eval=True)
        spawn(exec=command)
      `,
    },
    { name: 'setup.py', path: 'setup.py', code: 'about = {}\nexec(open("shop/version.py").read(), about)\n' },
    { name: 'a setup.py of a package in a larger repository', path: 'packages/shop/setup.py', code: 'exec(open("version.py").read())\n' },
    { name: 'conf.py of the documentation', path: 'docs/conf.py', code: 'exec(open("../shop/version.py").read())\n' },
    { name: 'conf.py at the root', path: 'conf.py', code: 'exec(text)\n' },
    { name: 'a test', path: 'tests/test_formula.py', code: 'assert eval(text) == 3\n' },
    { name: 'a conftest', path: 'app/conftest.py', code: 'eval(text)\n' },
    {
      name: 'a test where the project keeps its tests',
      path: 'checks/formula.py',
      settings: { paths: { tests: ['checks/**'] } },
      code: 'eval(text)\n',
    },
  ],
  invalid: [
    {
      name: 'eval with namespaces',
      code: python`
        def total(rule, amount):
            return eval(rule.expression, {"amount": amount})
      `,
      errors: [
        {
          messageId: 'eval',
          message:
            '`eval(rule.expression, {"amount": amount})` runs arbitrary code. Parse with `ast.parse(rule.expression, mode="eval")` and evaluate the node types you allow, or use `ast.literal_eval` for literals.',
          line: 2,
          column: 12,
          suggestions: null,
        },
      ],
    },
    {
      name: 'eval of one argument',
      code: python`
        import ast

        values = [eval(cell) for cell in cells]
      `,
      errors: [
        {
          messageId: 'eval',
          message:
            '`eval(cell)` runs arbitrary code. Parse with `ast.parse(cell, mode="eval")` and evaluate the node types you allow, or use `ast.literal_eval` for literals.',
          line: 3,
          suggestions: [
            {
              messageId: 'useLiteralEval',
              desc: 'Use `ast.literal_eval`, which takes literals only',
              output: python`
                import ast

                values = [ast.literal_eval(cell) for cell in cells]
              `,
            },
          ],
        },
      ],
    },
    {
      name: 'the suggestion brings its import: before the other imports',
      code: python`
        """Formulas."""
        from __future__ import annotations

        # The standard library
        import json
        import os

        value = eval(os.environ["LIMITS"])
      `,
      errors: [
        {
          messageId: 'eval',
          suggestions: [
            {
              messageId: 'useLiteralEval',
              output: python`
                """Formulas."""
                from __future__ import annotations

                # The standard library
                import ast
                import json
                import os

                value = ast.literal_eval(os.environ["LIMITS"])
              `,
            },
          ],
        },
      ],
    },
    {
      name: 'the suggestion brings its import: a file without imports',
      code: python`
        #!/usr/bin/env python
        """Formulas."""

        def value(text):
            return eval(text)
      `,
      errors: [
        {
          messageId: 'eval',
          suggestions: [
            {
              messageId: 'useLiteralEval',
              output: python`
                #!/usr/bin/env python
                """Formulas."""

                import ast

                def value(text):
                    return ast.literal_eval(text)
              `,
            },
          ],
        },
      ],
    },
    {
      name: 'the suggestion uses the import that is there',
      code: python`
        from ast import literal_eval as parse_literal

        value = eval(text)
      `,
      errors: [
        {
          messageId: 'eval',
          suggestions: [
            { messageId: 'useLiteralEval', output: 'from ast import literal_eval as parse_literal\n\nvalue = parse_literal(text)\n' },
          ],
        },
      ],
    },
    {
      name: 'the suggestion keeps Windows line breaks',
      code: 'import os\r\n\r\nvalue = eval(text)\r\n',
      errors: [
        {
          messageId: 'eval',
          suggestions: [{ messageId: 'useLiteralEval', output: 'import ast\r\nimport os\r\n\r\nvalue = ast.literal_eval(text)\r\n' }],
        },
      ],
    },
    {
      name: 'no suggestion where ast is another thing, and none for splats',
      code: python`
        def value(ast, text, arguments):
            eval(text)
            eval(*arguments)
            eval(text, **arguments)
      `,
      errors: [
        { messageId: 'eval', line: 2, suggestions: null },
        { messageId: 'eval', line: 3, data: { call: 'eval(*arguments)', alias: '', argument: 'text' }, suggestions: null },
        { messageId: 'eval', line: 4, suggestions: null },
      ],
    },
    {
      name: 'exec',
      code: python`
        exec(code)
        exec(open(path).read(), namespace)
      `,
      errors: [
        {
          messageId: 'exec',
          message: '`exec(code)` runs arbitrary code. Choose among functions by name, or import the module that holds the code.',
          line: 1,
          suggestions: null,
        },
        { messageId: 'exec', line: 2 },
      ],
    },
    {
      name: 'a tree that is compiled, even after a walk over allowed nodes',
      code: python`
        import ast

        ALLOWED = (ast.Expression, ast.BinOp, ast.Constant, ast.operator)

        def calculate(expression: str):
            tree = ast.parse(expression, mode="eval")
            for node in ast.walk(tree):
                if not isinstance(node, ALLOWED):
                    raise ValueError("not allowed")
            return eval(compile(tree, "<formula>", "eval"))

        def again(tree, is_default):
            code = compile(tree, "<formula>", "eval")
            if is_default:
                code = compile(
                    ast.Expression(tree), "<formula>", "eval"
                )
            return eval(code, {})

        def other(code):
            if not code:
                code = compile("1", "<formula>", "eval")
            return eval(code, {})
      `,
      errors: [
        {
          messageId: 'compiled',
          message:
            '`eval(compile(tree, "<formula>", "eval"))` runs arbitrary code, and even nodes that were checked before can hang the worker (`9**9**9`). Evaluate the node types you allow yourself.',
          line: 10,
          suggestions: null,
        },
        { messageId: 'compiled', line: 18, suggestions: null },
        { messageId: 'eval', line: 23, suggestions: null },
      ],
    },
    {
      name: 'the builtin as an argument',
      code: python`
        values = list(map(eval, cells))
        parser.add_argument("--limits", type=eval)
        rows = frame["tags"].apply(eval)
      `,
      errors: [
        {
          messageId: 'passEval',
          message:
            '`map(eval, cells)` runs arbitrary code: it gets `eval`. Pass `ast.literal_eval` for literals, or a function that evaluates the node types you allow.',
          line: 1,
          column: 15,
          suggestions: null,
        },
        { messageId: 'passEval', line: 2 },
        { messageId: 'passEval', line: 3 },
      ],
    },
    {
      name: 'exec as an argument is reported at the call around it',
      code: python`
        pool.submit(
            exec,
            code,
        )
      `,
      errors: [
        {
          messageId: 'passExec',
          message: '`pool.submit( …` runs arbitrary code: it gets `exec`. Pass a function that chooses among functions by name.',
          line: 1,
        },
      ],
    },
    {
      name: 'through the module builtins',
      code: python`
        import builtins
        import builtins as b
        from builtins import eval as run, exec

        builtins.eval(text, {})
        b.exec(code)
        run(text, {})
        exec(code)
        list(map(builtins.eval, cells))
      `,
      errors: [
        { messageId: 'eval', line: 5 },
        { messageId: 'exec', line: 6 },
        { messageId: 'eval', line: 7, data: { call: 'run(text, {})', alias: ' (`run` is `eval`)', argument: 'text' } },
        { messageId: 'exec', line: 8 },
        { messageId: 'passEval', line: 9, data: { call: 'map(builtins.eval, cells)', name: 'builtins.eval', alias: '' } },
      ],
    },
    {
      name: 'an alias in the module, and one in a function',
      code: python`
        import ast

        run = eval
        go = run

        def total(text):
            return run(text)

        def other(cells):
            compute = go
            return compute(cells[0], {}) + sum(map(compute, cells))
      `,
      errors: [
        {
          messageId: 'eval',
          message:
            '`run(text)` (`run` is `eval`) runs arbitrary code. Parse with `ast.parse(text, mode="eval")` and evaluate the node types you allow, or use `ast.literal_eval` for literals.',
          line: 7,
          suggestions: [
            {
              messageId: 'useLiteralEval',
              output: python`
                import ast

                run = eval
                go = run

                def total(text):
                    return ast.literal_eval(text)

                def other(cells):
                    compute = go
                    return compute(cells[0], {}) + sum(map(compute, cells))
              `,
            },
          ],
        },
        { messageId: 'eval', line: 11 },
        { messageId: 'passEval', line: 11 },
      ],
    },
    {
      name: 'an alias in another module of the project, also behind a package that passes it on',
      path: 'app/totals.py',
      files: {
        'app/__init__.py': '',
        'app/tools/__init__.py': 'from .formula import run as compute\n',
        'app/tools/formula.py': 'run = eval\n',
      },
      code: python`
        from app.tools import compute
        from app.tools import formula
        from .tools.formula import *

        compute(text, {})
        formula.run(text, {})
        run(text, {})
      `,
      errors: [
        { messageId: 'eval', line: 5 },
        { messageId: 'eval', line: 6 },
        { messageId: 'eval', line: 7 },
      ],
    },
    {
      name: 'a method of that name does not shadow the builtin in the methods beside it',
      code: python`
        class Formula:
            def eval(self, row):
                return eval(self.text, {}, row)

            @property
            def value(self):
                return self.eval({}) + eval("1", {})
      `,
      errors: [
        { messageId: 'eval', line: 3 },
        { messageId: 'eval', line: 7 },
      ],
    },
    {
      name: 'everywhere: async functions, decorators, defaults, comprehensions, lambdas, f-strings, match, walrus',
      code: python`
        @register(eval)
        async def total(text, default=eval(DEFAULT, {})):
            if (value := eval(text, {})) > 1:
                return f"{eval(text, {})}"
            match eval(text, {}):
                case 1 if eval(text, {}):
                    return [eval(x, {}) for x in await rows()]
            return lambda row: eval(text, row)
      `,
      errors: [
        { messageId: 'passEval', line: 1 },
        { messageId: 'eval', line: 2 },
        { messageId: 'eval', line: 3 },
        { messageId: 'eval', line: 4 },
        { messageId: 'eval', line: 5 },
        { messageId: 'eval', line: 6 },
        { messageId: 'eval', line: 7 },
        { messageId: 'eval', line: 8 },
      ],
    },
    {
      name: 'one call in another, and parentheses around the name',
      code: python`
        eval(eval(text, {}), {})
        (eval)(text, {})
        map((eval), cells)
      `,
      errors: [
        { messageId: 'eval', line: 1, column: 1 },
        { messageId: 'eval', line: 1, column: 6 },
        { messageId: 'eval', line: 2, data: { call: '(eval)(text, {})', alias: '', argument: 'text' } },
        { messageId: 'passEval', line: 3 },
      ],
    },
    {
      name: 'a star import of a library does not hide the builtin',
      code: python`
        from tkinter import *

        eval(text, {})
      `,
      errors: [{ messageId: 'eval', line: 3 }],
    },
    {
      name: 'constant code is code too, and so is a script',
      path: 'scripts/load.py',
      code: 'exec("import shop")\n',
      errors: [{ messageId: 'exec', line: 1 }],
    },
    {
      name: 'long code is cut in the message',
      code: python`
        eval("price * amount * (1 - discount) * (1 + tax) if country in TAXED else price * amount", {})
      `,
      errors: [
        {
          messageId: 'eval',
          data: {
            call: 'eval("price * amount * (1 - discount) * (1 + tax) if country in TAXED else price…',
            alias: '',
            argument: '"price * amount * (1 - discount) * (1 + tax) if country in TAXED else price * am…',
          },
        },
      ],
    },
  ],
})
