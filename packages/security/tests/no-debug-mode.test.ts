import { python, RuleTester } from '@krait/rule-tester'
import { noDebugMode } from '../src/rules/no-debug-mode.ts'

const PROJECT = {
  'app/__init__.py': '',
  'app/constants.py': 'DEBUG = True\nQUIET = False\n',
  'app/settings_class.py': 'from pydantic_settings import BaseSettings\n\n\nclass AppSettings(BaseSettings):\n    name: str = "shop"\n',
  'app/factory.py': python`
    from flask import Flask

    def create_app():
        app = Flask(__name__)
        return app

    def make_app() -> Flask:
        return build("shop")
  `,
  'app/web.py': 'from flask import Flask\n\napp = Flask(__name__)\n',
  'app/base.py': 'from fastapi import FastAPI as Application\n\n\nclass ShopAPI(Application):\n    pass\n',
}

new RuleTester().run('no-debug-mode', noDebugMode, {
  valid: [
    {
      name: 'debug read from settings, the environment or an argument',
      code: python`
        import os
        from fastapi import FastAPI
        from flask import Flask
        from starlette.applications import Starlette
        from app.config import settings

        app = FastAPI(debug=settings.debug)
        other = Starlette(debug=os.environ.get("DEBUG") == "1", routes=routes)
        web = Flask(__name__)
        web.debug = settings.DEBUG
        web.config["DEBUG"] = os.getenv("DEBUG", "") == "true"
        web.config.update(DEBUG=bool(os.environ.get("DEBUG")), TESTING=True)

        def serve(debug: bool = True):
            web.run(debug=debug)
      `,
    },
    {
      name: 'debug off, and not given',
      path: 'app/main.py',
      files: PROJECT,
      code: python`
        from fastapi import FastAPI
        from flask import Flask
        from app.constants import QUIET

        app = FastAPI(debug=False, title="Shop")
        plain = FastAPI()
        quiet = FastAPI(debug=QUIET)
        web = Flask(__name__)
        web.debug = False
        web.config["DEBUG"] = False
        web.config["TESTING"] = True
        web.config.update(DEBUG=False)
        web.run(debug=False, use_debugger=False, use_reloader=True)
        web.run("127.0.0.1", 8000, False)
        web.run()
      `,
    },
    {
      name: 'debug of other things',
      code: python`
        import asyncio
        import logging
        from jinja2 import Environment
        from sqlalchemy import create_engine

        asyncio.run(main(), debug=True)
        engine = create_engine(url, echo=True)
        logging.basicConfig(level=logging.DEBUG)
        logger.debug(True)
        client.debug = True
        compiler.run(debug=True)
        compile_assets(debug=True)
        cache.config.update(DEBUG=True)
        cache.config["DEBUG"] = True
        DEBUG = True
        debug = True
        environment = Environment()
        environment.debug = True

        class Options:
            debug: bool = True
      `,
    },
    {
      name: 'an app or a method of another library, and an app that is not known',
      code: python`
        from sanic import Sanic
        from mycompany.web import FastAPI, Flask

        app = Sanic("shop")
        app.run(debug=True)
        app.debug = True
        api = FastAPI(debug=True)
        web = Flask(__name__)
        web.run(debug=True)

        def serve(app):
            app.run(debug=True)
            app.config["DEBUG"] = True
      `,
    },
    {
      name: 'a class of the file that is called like an app',
      code: python`
        class FastAPI:
            def __init__(self, debug=False):
                self.debug = debug

        app = FastAPI(debug=True)
        app.debug = True
      `,
    },
    {
      name: 'a name that is bound more than once is not known',
      code: python`
        from fastapi import FastAPI

        DEBUG = True
        try:
            from local_settings import DEBUG
        except ImportError:
            pass

        verbose = True
        if quiet:
            verbose = False

        app = FastAPI(debug=DEBUG)
        other = FastAPI(debug=verbose)
        third = FastAPI(debug=True if verbose else False)
        fourth = FastAPI(**options)
      `,
    },
    {
      name: 'True is the only value that is a finding',
      code: python`
        from flask import Flask

        app = Flask(__name__)
        app.run(debug="true")
        app.run(debug=None)
        app.run(debug=compute())
      `,
    },
    {
      name: 'under a test for development',
      code: python`
        import os
        from flask import Flask
        from app.config import settings

        app = Flask(__name__)
        if settings.debug:
            app.debug = True
        if not settings.is_production:
            app.config["DEBUG"] = True
        if os.environ.get("FLASK_ENV") == "development":
            app.run(debug=True)
        if settings.is_production:
            app.run()
        else:
            app.run(debug=True)
      `,
    },
    {
      name: 'in one arm of a conditional expression',
      code: python`
        from fastapi import FastAPI
        from app.config import settings

        app = FastAPI(debug=True) if settings.is_local else FastAPI()
      `,
    },
    {
      name: 'flags that the project names itself',
      settings: { security: { developmentFlags: ['sandbox'], productionFlags: ['LIVE'] } },
      code: python`
        from fastapi import FastAPI
        from app import config

        if config.sandbox:
            app = FastAPI(debug=True)
        elif not config.LIVE:
            app = FastAPI(debug=True)
      `,
    },
    {
      name: 'classes for development',
      code: python`
        from pydantic_settings import BaseSettings

        class Settings(BaseSettings):
            debug: bool = False

        class LocalSettings(Settings):
            debug: bool = True

        class DevConfig(Settings):
            DEBUG: bool = True

        class TestSettings(Settings):
            debug: bool = True

        class DevelopmentConfig(Settings):
            class Nested(BaseSettings):
                debug: bool = True

        class DebugSettings(Settings):
            debug = True

        class TestingConfig(Settings):
            debug: bool = True
      `,
    },
    {
      name: 'fields of settings that are not on, that are named otherwise, or in other classes',
      code: python`
        from pydantic import BaseModel, Field
        from pydantic_settings import BaseSettings

        class Settings(BaseSettings):
            debug: bool
            debug_toolbar: bool = True
            is_debug: bool = True
            DEBUG: bool = Field(default=False, alias="APP_DEBUG")
            enabled: bool = Field(True, description="debug")

            def prepare(self):
                debug = True
                return debug

        class Payload(BaseModel):
            debug: bool = True
      `,
    },
    { name: 'Django settings for development', path: 'shop/settings/local.py', code: 'from .base import *\n\nDEBUG = True\n' },
    { name: 'Django settings in a package for development', path: 'shop/settings/dev/__init__.py', code: 'DEBUG = True\n' },
    { name: 'Django settings for tests', path: 'shop/settings/test.py', code: 'DEBUG = True\n' },
    { name: 'Django settings that are off', path: 'shop/settings.py', code: 'DEBUG = False\nTEMPLATE_DEBUG = True\nLOGGING = {"DEBUG": True}\n' },
    {
      name: 'Django settings from the environment',
      path: 'shop/settings.py',
      code: python`
        import os

        DEBUG = os.environ.get("DJANGO_DEBUG") == "1"
        if os.environ["ENVIRONMENT"] == "local":
            DEBUG = True

        class Defaults:
            DEBUG = True

        def enable():
            DEBUG = True
      `,
    },
    {
      name: 'a default that the file itself replaces',
      path: 'shop/settings.py',
      code: python`
        DEBUG = True
        DEBUG = env.bool("DEBUG", default=False)
      `,
    },
    { name: 'DEBUG of a module that holds no settings', path: 'shop/parser.py', code: 'DEBUG = True\n' },
    {
      name: 'a module that only begins like settings',
      path: 'shop/settings_page.py',
      code: 'DEBUG = True\n',
    },
    { name: 'a file for development', path: 'run_dev.py', code: 'from fastapi import FastAPI\n\napp = FastAPI(debug=True)\n' },
    { name: 'a test', path: 'tests/test_app.py', code: 'from fastapi import FastAPI\n\napp = FastAPI(debug=True)\n' },
    {
      name: 'a class for development',
      code: python`
        from flask import Flask

        class DevServer:
            def __init__(self):
                self.app = Flask(__name__)

            def serve(self):
                self.app.run(debug=True)
      `,
    },
  ],
  invalid: [
    {
      name: 'FastAPI',
      code: python`
        from fastapi import FastAPI

        app = FastAPI(debug=True)
      `,
      errors: [
        {
          messageId: 'debug',
          message: '`debug=True` ships tracebacks and a debugger to clients. Read it from settings, with `False` as default.',
          line: 3,
          column: 7,
          suggestions: [
            { messageId: 'useFalse', desc: 'Use `False`', output: 'from fastapi import FastAPI\n\napp = FastAPI(debug=False)\n' },
          ],
        },
      ],
    },
    {
      name: 'aliases of the module and the class, and a call over several lines',
      code: python`
        import fastapi as fa
        from starlette.applications import Starlette as App

        api = fa.FastAPI(
            title="Shop",
            debug=True,
        )
        app = App(True, routes)
        other = App(routes=routes, debug=True)
        splat = App(**{"debug": True})
      `,
      errors: [
        { messageId: 'debug', line: 4, column: 7, suggestions: 1 },
        { messageId: 'debug', line: 8, data: { code: 'App(True, routes)' }, suggestions: 1 },
        { messageId: 'debug', line: 9, suggestions: 1 },
        { messageId: 'debug', line: 10, data: { code: 'debug=True' }, suggestions: 1 },
      ],
    },
    {
      name: 'a constant of the module, of a function, of a class, of an enum and of a dict',
      code: python`
        from enum import Enum
        from fastapi import FastAPI

        DEBUG = True
        OPTIONS = {"debug": True}

        class Config:
            VERBOSE = True

        class Flag(Enum):
            ON = True

        def create():
            verbose = not False
            return FastAPI(debug=verbose)

        first = FastAPI(debug=DEBUG)
        second = FastAPI(debug=Config.VERBOSE)
        third = FastAPI(debug=Flag.ON.value)
        fourth = FastAPI(debug=OPTIONS["debug"])
        fifth = FastAPI(debug=(True))
        sixth = FastAPI(debug=DEBUG or False)
      `,
      errors: [
        { messageId: 'debug', line: 15, data: { code: 'debug=verbose' }, suggestions: 1 },
        { messageId: 'debug', line: 17, data: { code: 'debug=DEBUG' }, suggestions: 1 },
        { messageId: 'debug', line: 18, suggestions: 1 },
        { messageId: 'debug', line: 19, suggestions: 1 },
        { messageId: 'debug', line: 20, suggestions: 1 },
        { messageId: 'debug', line: 21, suggestions: 1 },
        { messageId: 'debug', line: 22, suggestions: 1 },
      ],
    },
    {
      name: 'a constant of another module, and a class that derives from an app in another module',
      path: 'app/main.py',
      files: PROJECT,
      code: python`
        from app.base import ShopAPI
        from app.constants import DEBUG
        from . import constants

        app = ShopAPI(debug=DEBUG)
        other = ShopAPI(debug=constants.DEBUG)
        app.debug = True
      `,
      errors: [
        {
          messageId: 'debug',
          line: 5,
          suggestions: [
            {
              messageId: 'useFalse',
              output: python`
                from app.base import ShopAPI
                from app.constants import DEBUG
                from . import constants

                app = ShopAPI(debug=False)
                other = ShopAPI(debug=constants.DEBUG)
                app.debug = True
              `,
            },
          ],
        },
        { messageId: 'debug', line: 6, suggestions: 1 },
        { messageId: 'debug', line: 7, data: { code: 'app.debug = True' }, suggestions: 1 },
      ],
    },
    {
      name: "Flask's run, in a main block too: containers start files",
      code: python`
        from flask import Flask

        app = Flask(__name__)

        if __name__ == "__main__":
            app.run(host="0.0.0.0", debug=True)
      `,
      errors: [{ messageId: 'debug', line: 6, column: 5, suggestions: 1 }],
    },
    {
      name: "one finding per call: Flask's two switches, by position and by keyword",
      code: python`
        import flask

        app = flask.Flask(__name__)
        app.run(debug=True, use_debugger=True)
        app.run(debug=False, use_debugger=True)
        app.run("127.0.0.1", 8000, True)
        flask.Flask(__name__).run(debug=True)
      `,
      errors: [
        {
          messageId: 'debug',
          message:
            '`debug=True, use_debugger=True` ships tracebacks and a debugger to clients. Read it from settings, with `False` as default.',
          line: 4,
          suggestions: [
            {
              messageId: 'useFalse',
              output: python`
                import flask

                app = flask.Flask(__name__)
                app.run(debug=False, use_debugger=False)
                app.run(debug=False, use_debugger=True)
                app.run("127.0.0.1", 8000, True)
                flask.Flask(__name__).run(debug=True)
              `,
            },
          ],
        },
        { messageId: 'debug', line: 5, data: { code: 'use_debugger=True' }, suggestions: 1 },
        { messageId: 'debug', line: 6, data: { code: 'app.run("127.0.0.1", 8000, True)' }, suggestions: 1 },
        { messageId: 'debug', line: 7, suggestions: 1 },
      ],
    },
    {
      name: 'attributes and config of an app',
      code: python`
        from flask import Flask, current_app
        from fastapi import FastAPI

        app = Flask(__name__)
        app.debug = True
        app.config["DEBUG"] = True
        app.config.update(SECRET_KEY=key, DEBUG=True)
        app.config.update({"DEBUG": True, "TESTING": False})
        app.config.from_mapping(DEBUG=True)
        current_app.config["DEBUG"] = True
        api = FastAPI()
        api.debug = True
      `,
      errors: [
        { messageId: 'debug', line: 5, column: 1, data: { code: 'app.debug = True' }, suggestions: 1 },
        { messageId: 'debug', line: 6, data: { code: 'app.config["DEBUG"] = True' }, suggestions: 1 },
        { messageId: 'debug', line: 7, data: { code: 'DEBUG=True' }, suggestions: 1 },
        { messageId: 'debug', line: 8, data: { code: '"DEBUG": True' }, suggestions: 1 },
        { messageId: 'debug', line: 9, suggestions: 1 },
        { messageId: 'debug', line: 10, suggestions: 1 },
        { messageId: 'debug', line: 12, suggestions: 1 },
      ],
    },
    {
      name: 'an assignment to several targets is one finding, without a suggestion that would change the others',
      code: python`
        from flask import Flask

        app = Flask(__name__)
        app.debug = app.config["DEBUG"] = True
        app.testing = app.debug = True
      `,
      errors: [
        { messageId: 'debug', line: 4, column: 1, suggestions: null },
        { messageId: 'debug', line: 5, column: 1, suggestions: null },
      ],
    },
    {
      name: 'apps by annotation, from a factory, of another module, of the own class',
      path: 'app/main.py',
      files: PROJECT,
      code: python`
        from flask import Flask
        from starlette.applications import Starlette
        from app.factory import create_app, make_app
        from app.web import app as web

        def configure(app: Flask, api: "Starlette | None"):
            app.debug = True
            api.debug = True

        class Server:
            def __init__(self):
                self.app = Flask(__name__)

            def serve(self):
                self.app.run(debug=True)

        def main():
            app = create_app()
            app.run(debug=True)
            create_app().run(debug=True)

        made = make_app()
        made.debug = True
        web.run(debug=True)
      `,
      errors: [
        { messageId: 'debug', line: 7, suggestions: 1 },
        { messageId: 'debug', line: 8, suggestions: 1 },
        { messageId: 'debug', line: 15, suggestions: 1 },
        { messageId: 'debug', line: 19, suggestions: 1 },
        { messageId: 'debug', line: 20, suggestions: 1 },
        { messageId: 'debug', line: 23, suggestions: 1 },
        { messageId: 'debug', line: 24, suggestions: 1 },
      ],
    },
    {
      name: 'a class that derives from an app',
      code: python`
        from fastapi import FastAPI

        class ShopAPI(FastAPI):
            def __init__(self, **options):
                super().__init__(debug=True, **options)
                self.debug = True

        def create():
            class Inner(ShopAPI):
                def __init__(self):
                    super().__init__(debug=True)
      `,
      errors: [
        { messageId: 'debug', line: 5, suggestions: 1 },
        { messageId: 'debug', line: 6, suggestions: 1 },
        { messageId: 'debug', line: 11, suggestions: 1 },
      ],
    },
    {
      name: 'branches that production takes too',
      code: python`
        import os
        from flask import Flask
        from app.config import settings

        app = Flask(__name__)
        if settings.is_production:
            app.debug = True
        if settings.environment == "production":
            app.config["DEBUG"] = True
        if os.environ.get("FLASK_ENV") != "development":
            app.run(debug=True)
        if settings.verbose:
            app.run(debug=True)
        else:
            app.run(debug=True)
      `,
      errors: [
        { messageId: 'debug', line: 7, suggestions: 1 },
        { messageId: 'debug', line: 9, suggestions: 1 },
        { messageId: 'debug', line: 11, suggestions: 1 },
        { messageId: 'debug', line: 13, suggestions: 1 },
        { messageId: 'debug', line: 15, suggestions: 1 },
      ],
    },
    {
      name: 'defaults in settings',
      code: python`
        from pydantic import Field
        from pydantic_settings import BaseSettings, SettingsConfigDict

        class Settings(BaseSettings):
            model_config = SettingsConfigDict(env_file=".env")
            debug: bool = True

        class Upper(BaseSettings):
            DEBUG: bool = Field(
                default=True,
                alias="APP_DEBUG",
            )

        class Older(BaseSettings):
            Debug = Field(True, env="APP_DEBUG")

        class Child(Settings):
            debug = True
      `,
      errors: [
        {
          messageId: 'default',
          message:
            '`debug: bool = True` ships tracebacks and a debugger to clients wherever nothing overrides it. Make `False` the default, and switch it on from the environment.',
          line: 6,
          column: 5,
          suggestions: 1,
        },
        { messageId: 'default', line: 9, data: { code: 'DEBUG: bool = Field( …' }, suggestions: 1 },
        { messageId: 'default', line: 15, suggestions: 1 },
        {
          messageId: 'default',
          line: 18,
          suggestions: [
            {
              messageId: 'useFalse',
              output: python`
                from pydantic import Field
                from pydantic_settings import BaseSettings, SettingsConfigDict

                class Settings(BaseSettings):
                    model_config = SettingsConfigDict(env_file=".env")
                    debug: bool = True

                class Upper(BaseSettings):
                    DEBUG: bool = Field(
                        default=True,
                        alias="APP_DEBUG",
                    )

                class Older(BaseSettings):
                    Debug = Field(True, env="APP_DEBUG")

                class Child(Settings):
                    debug = False
              `,
            },
          ],
        },
      ],
    },
    {
      name: 'settings of older versions of pydantic, in a function, and with a base in another module',
      path: 'app/config.py',
      files: PROJECT,
      code: python`
        from pydantic import BaseSettings
        from .settings_class import AppSettings

        class Settings(BaseSettings):
            debug: bool = True

        class ShopSettings(AppSettings):
            debug: bool = True

        def make():
            class Inner(AppSettings):
                debug: bool = True
            return Inner()
      `,
      errors: [
        { messageId: 'default', line: 5, suggestions: 1 },
        { messageId: 'default', line: 8, suggestions: 1 },
        { messageId: 'default', line: 12, suggestions: 1 },
      ],
    },
    {
      name: 'names that only contain the letters of a word for development',
      code: python`
        from pydantic_settings import BaseSettings

        class LocalizationSettings(BaseSettings):
            debug: bool = True

        class DeviceSettings(BaseSettings):
            debug: bool = True

        class LatestConfig(BaseSettings):
            debug: bool = True
      `,
      errors: [
        { messageId: 'default', line: 4, suggestions: 1 },
        { messageId: 'default', line: 7, suggestions: 1 },
        { messageId: 'default', line: 10, suggestions: 1 },
      ],
    },
    {
      name: "Django's settings module",
      path: 'shop/settings.py',
      code: python`
        # SECURITY WARNING: don't run with debug turned on in production!
        DEBUG = True

        ALLOWED_HOSTS = []
      `,
      errors: [
        {
          messageId: 'default',
          data: { code: 'DEBUG = True' },
          line: 2,
          suggestions: [
            {
              messageId: 'useFalse',
              output: python`
                # SECURITY WARNING: don't run with debug turned on in production!
                DEBUG = False

                ALLOWED_HOSTS = []
              `,
            },
          ],
        },
      ],
    },
    {
      name: "a module in Django's settings package, with an annotation and a default that production overrides",
      path: 'shop/settings/base.py',
      code: python`
        import os

        DEBUG: bool = True
        if os.environ.get("ENVIRONMENT") == "production":
            DEBUG = False
      `,
      errors: [{ messageId: 'default', line: 3, suggestions: 1 }],
    },
    {
      name: 'a settings module at the root, switched on in a branch that says nothing about production',
      path: 'settings.py',
      code: python`
        import sys

        if "runserver" in sys.argv:
            DEBUG = True
      `,
      errors: [{ messageId: 'default', line: 4, suggestions: 1 }],
    },
  ],
})
