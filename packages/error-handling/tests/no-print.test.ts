import { python, RuleTester } from '@krait/rule-tester'
import { noPrint } from '../src/rules/no-print.ts'

const tester = new RuleTester()

tester.run('no-print', noPrint, {
  valid: [
    {
      name: 'a private function that is reached by a name put together elsewhere',
      path: 'app/show.py',
      files: { 'app/__init__.py': '', 'app/cli.py': 'import click\nfrom app import show\n\n@click.command()\ndef main(fmt):\n    getattr(show, f"_show_{fmt}")()\n' },
      code: 'def _show_table():\n    print("| a | b |")\n',
    },
    {
      name: 'commands',
      code: python`
        import argparse
        import click
        import typer
        from django.core.management.base import BaseCommand
        from flask import Blueprint, Flask

        app = typer.Typer()
        flask_app = Flask(__name__)
        bp = Blueprint("x", __name__)

        @app.command()
        def stats() -> None:
            print("users")
            show(1)

        @app.callback()
        def main(): print("main")

        @click.group()
        def cli(): print("cli")

        @cli.command("sync")
        def sync():
            def inner():
                print("inner")
            inner()
            [print(x) for x in range(3)]

        @flask_app.cli.command()
        def seed(): print("seed")

        @bp.cli.command("seed")
        @click.option("--x")
        def seed_two(x): print("seed")

        class Command(BaseCommand):
            def handle(self, *args, **options):
                print("x")
                self.help_me()
                show(2)

            def help_me(self):
                print("y")

        def build():
            parser = argparse.ArgumentParser()
            print(parser)
            show_more(1)

        def show(n):
            print(n)
            show_more(n)

        def show_more(n):
            print(n)
      `,
    },
    {
      name: 'code of a script',
      path: 'app/run.py',
      code: python`
        import sys

        class App:
            def run(self):
                print("running")
                self._step()

            def _step(self):
                print("step")

        def main() -> None:
            print("main")
            helper()

        def helper():
            print("helper")

        if __name__ == "__main__":
            print("start")
            main()
            App().run()
      `,
    },
    {
      name: 'functions that only the main block hands on',
      code: python`
        import anyio
        from prefect import flow

        @flow
        def cleanup():
            print("cleanup")
            report()

        def report():
            print("done")

        async def main():
            print("start")

        if __name__ == "__main__":
            anyio.run(main)
            cleanup.serve(name="cleanup")
      `,
    },
    {
      name: 'a migration in a folder of any name',
      path: 'app/database/revisions/0001_users.py',
      code: python`
        revision = "0001"
        down_revision = None

        def upgrade():
            print("copying users")
      `,
    },
    {
      name: 'other things called print',
      code: python`
        import sys
        from app.output import print

        class Printer:
            def print(self, text): ...

            def run(self, on_line=None):
                self.print("x")
                sys.stdout.write("x")
                self.stdout.write("x")

        def run(print):
            print("x")

        print("x")
      `,
    },
    {
      name: 'a file, a value, options',
      code: python`
        import sys
        from pprint import pprint

        def usage(options, out):
            print("usage", file=sys.stderr)
            pprint(out, stream=sys.stderr)
            print("x", **options)
            subscribe(on_line=print)
      `,
    },
    { name: 'prints that are logged', code: 'from prefect import flow\n\n@flow(log_prints=True)\ndef run():\n    print(1)\n' },
    { path: 'scripts/load.py', code: 'print("x")\n' },
    { path: 'app/management/commands/load.py', code: 'print("x")\n' },
    { path: 'tests/test_x.py', code: 'print("x")\n' },
    { path: 'alembic/versions/1.py', code: 'print("x")\n' },
    { path: 'tools/x.py', options: [{ allowIn: ['tools/**'] }], code: 'print("x")\n' },
  ],
  invalid: [
    {
      name: 'a private function that its file calls, and a public one that nobody calls',
      path: 'app/billing.py',
      code: 'def _trace(order):\n    print(order)\n\n\ndef charge(order):\n    _trace(order)\n\n\ndef refund(order):\n    print(order)\n',
      errors: [{ line: 2, suggestions: 1 }, { line: 10, suggestions: 1 }],
    },
    {
      name: 'in functions, modules, methods; aliases',
      path: 'app/services/billing.py',
      code: python`
        import builtins
        import pprint as pp
        from icecream import ic
        from pprint import pprint as show
        from rich import print as rprint

        print("loaded")

        def charge(order):
            print("charging", order.id)
            show(order)
            pp.pprint(order)
            pp.pp(order)
            rprint(order)
            value = ic(order)
            builtins.print(order)
            return lambda: print(1)

        class Service:
            async def run(self):
                print(
                    "x",
                )
      `,
      errors: [
        {
          messageId: 'print',
          message: "`print()` in `app/services/billing.py` bypasses logging. Use the module's `logger` (or remove this debug line).",
          line: 7,
          suggestions: 1,
        },
        { line: 10, suggestions: 1 },
        { messageId: 'print', line: 11, data: { function: 'show', path: 'app/services/billing.py', logger: 'logger' }, suggestions: 1 },
        { line: 12, suggestions: 1 },
        { line: 13, suggestions: 1 },
        { line: 14, suggestions: 1 },
        { line: 15, suggestions: [] },
        { line: 16, suggestions: 1 },
        { line: 17, suggestions: [] },
        { line: 21, suggestions: 1 },
      ],
    },
    {
      name: 'rich.print under the name of the builtin',
      code: 'from rich import print\n\ndef run():\n    x = 1\n    print(x)\n',
      errors: [{ line: 5, suggestions: 1 }],
    },
    {
      name: 'functions that other code calls, too',
      path: 'app/run.py',
      files: { 'app/__init__.py': '', 'app/api.py': 'from app.run import shared\n\ndef get():\n    shared()\n' },
      code: python`
        import threading
        import discord
        from discord.ext import commands

        bot = commands.Bot("!")

        def shared():
            print("shared")

        def passed():
            print("passed")

        def unused():
            print("unused")

        @bot.command()
        async def ping(ctx):
            print("ping")

        if __name__ == "__main__":
            shared()
            passed()
        else:
            print("imported")

        threading.Thread(target=passed).start()
      `,
      errors: [8, 11, 14, 18, 24].map((line) => ({ line, suggestions: 1 })),
    },
    {
      name: "the module's own logger comes before one that is imported",
      files: { 'app/__init__.py': '', 'app/audit.py': 'import logging\naudit = logging.getLogger("audit")\n' },
      code: python`
        import logging
        from app.audit import audit

        log = logging.getLogger(__name__)

        def charge(order):
            print(order)
      `,
      errors: [{ messageId: 'print', data: { function: 'print', path: 'example.py', logger: 'log' }, suggestions: 2 }],
    },
    {
      name: 'further functions',
      options: [{ functions: ['app.debug.dump'] }],
      code: 'from app.debug import dump\n\ndef run():\n    dump(1)\n    return 2\n',
      errors: [{ line: 4, suggestions: 1 }],
    },
    {
      name: 'suggestions',
      code: python`
        import logging

        log = logging.getLogger(__name__)

        def run(order):
            total = 1
            print(f"charging {order.id}")
            if order:
                print("a", "b")
            return total
      `,
      errors: [
        {
          line: 7,
          suggestions: [
            {
              messageId: 'useLogger',
              output: python`
                import logging

                log = logging.getLogger(__name__)

                def run(order):
                    total = 1
                    log.info(f"charging {order.id}")
                    if order:
                        print("a", "b")
                    return total
              `,
            },
            {
              messageId: 'remove',
              output: python`
                import logging

                log = logging.getLogger(__name__)

                def run(order):
                    total = 1
                    if order:
                        print("a", "b")
                    return total
              `,
            },
          ],
        },
        {
          line: 9,
          suggestions: [
            {
              messageId: 'remove',
              output: python`
                import logging

                log = logging.getLogger(__name__)

                def run(order):
                    total = 1
                    print(f"charging {order.id}")
                    if order:
                        pass
                    return total
              `,
            },
          ],
        },
      ],
    },
  ],
})
