import { python, RuleTester } from '@krait/rule-tester'
import { defineRule } from '@krait/python'
import { isNonProduction } from '../../src/shared/non-production.ts'

/** Reports the calls of `leak()` that production can reach. */
const probe = defineRule({
  name: 'probe',
  meta: {
    type: 'problem',
    docs: { description: 'Report what production can reach', preset: 'recommended', severity: 'error', since: '0.1.0' },
    messages: { reached: 'reached' },
    schema: [],
  },
  defaultOptions: [],
  create(context) {
    return {
      call(node) {
        if (node.function.text === 'leak' && !isNonProduction(context, node)) context.report({ node, messageId: 'reached' })
      },
    }
  },
})

const SETTINGS = {
  'app/__init__.py': '',
  'app/config.py': python`
    import os
    from enum import Enum
    from pydantic_settings import BaseSettings

    class Stage(str, Enum):
        LIVE = "production"
        LOCAL = "local"

    class Place(Enum):
        PRODUCTION = 1
        LAPTOP = 2

    class Options(BaseSettings):
        environment: str = "production"
        stage: Stage = Stage.LIVE

    options = Options()
    ENV = os.getenv("APP_ENV", "production").lower()
    MODE = Stage(os.environ["STAGE"])
    PROD_NAMES = ("prod", "production")

    def get_settings() -> Options:
        return options
  `,
}

new RuleTester().run('isNonProduction', probe, {
  valid: [
    {
      name: 'flags: a name, an attribute, a key, a call',
      code: python`
        if debug:
            leak()
        if settings.DEBUG:
            leak()
        if app.config["TESTING"]:
            leak()
        if request.app.is_dev():
            leak()
        if not production:
            leak()
        if not self.settings.is_prod:
            leak()
        if (not settings.is_production()):
            leak()
      `,
    },
    {
      name: 'the other branch of a test for production, elif included',
      code: python`
        if is_production:
            pass
        else:
            leak()
        if settings.PRODUCTION:
            pass
        elif verbose:
            leak()
        elif quiet:
            leak()
        else:
            leak()
        if verbose:
            pass
        elif is_prod:
            pass
        else:
            leak()
        if verbose:
            pass
        elif is_local:
            leak()
        if not debug:
            pass
        else:
            leak()
      `,
    },
    {
      name: 'a part of an and, all parts of an or, and their negations',
      code: python`
        if verbose and settings.debug:
            leak()
        if (verbose and not is_prod) and loud:
            leak()
        if is_dev or is_test:
            leak()
        if not (is_prod or verbose):
            leak()
        if is_prod or verbose:
            pass
        else:
            leak()
        if not is_dev and not is_test:
            pass
        else:
            leak()
      `,
    },
    {
      name: 'conditional expressions, and short circuits',
      code: python`
        a = leak() if debug else None
        b = None if settings.is_production else leak()
        c = debug and leak()
        d = is_production or leak()
        e = {"trace": leak() if settings.show_stacktrace else None}
      `,
    },
    {
      name: 'the environment compared with literals',
      code: python`
        import os
        from app import config

        if settings.environment == "local":
            leak()
        if "local" == settings.environment:
            leak()
        if config.ENV in ("dev", "staging"):
            leak()
        if os.environ["APP_ENV"] != "production":
            leak()
        if os.environ.get("STAGE", "prod") not in {"prod", "production"}:
            leak()
        if (os.getenv("ENVIRONMENT") or "production").lower() == "dev":
            leak()
        if get_settings().env == "dev":
            leak()
        if self.config.environment == "dev":
            leak()
        if app_settings.deploy.environment == "dev":
            leak()
        if settings.env == "PRODUCTION":
            pass
        else:
            leak()
        if settings.env != "dev":
            pass
        else:
            leak()
        if settings.env.startswith("prod") and settings.env == "prod-eu":
            pass
        elif settings.env == "dev":
            leak()
      `,
    },
    {
      name: 'the environment of other modules: names, instances of settings, enums',
      path: 'app/main.py',
      files: SETTINGS,
      code: python`
        from fastapi import Depends
        from app.config import ENV, MODE, PROD_NAMES, Options, Place, Stage, get_settings, options
        from app import config

        if ENV == "dev":
            leak()
        if MODE == Stage.LOCAL:
            leak()
        if MODE is not Stage.LIVE:
            leak()
        if config.ENV not in PROD_NAMES:
            leak()
        if options.stage in (Stage.LOCAL,):
            leak()
        if options.environment == Stage.LOCAL.value:
            leak()
        if options.environment != Place.PRODUCTION.name:
            leak()

        def handler(cfg: Options, other: "Options | None"):
            if cfg.environment == "local":
                leak()
            if other.stage != Place.PRODUCTION:
                leak()
            mine = get_settings()
            if mine.environment == "local":
                leak()
            if Options().environment == "local":
                leak()
            env = cfg.environment
            if env == "local":
                leak()
            local = cfg.environment == "local"
            if local:
                leak()
            if (stage := options.stage) == Stage.LOCAL:
                leak()

        class Extra(Options):
            def trace(self):
                if self.environment == "local":
                    leak()
      `,
    },
    {
      name: 'Django and Flask',
      code: python`
        from django.conf import settings as conf
        from flask import current_app

        if conf.DEBUG:
            leak()
        if conf.ENVIRONMENT == "local":
            leak()
        if current_app.config["ENV"] == "development":
            leak()
        if current_app.config.get("ENV") == "development":
            leak()
        if app.config["ENV"] == "development":
            leak()
      `,
    },
    {
      name: 'flags from the environment, compared with True or the like, or converted',
      code: python`
        import os

        SHOW = os.getenv("SHOP_DEBUG")
        if os.environ.get("DEBUG"):
            leak()
        if os.getenv("SHOP_DEBUG") == "1":
            leak()
        if os.getenv("FLASK_DEBUG", "").lower() in ("1", "true"):
            leak()
        if bool(os.getenv("DEBUG")):
            leak()
        if settings.debug is True:
            leak()
        if is_production == False:
            leak()
        if os.environ.get("IS_PRODUCTION") != "1":
            leak()
        if SHOW:
            leak()
      `,
    },
    {
      name: 'behind an if that leaves in production',
      code: python`
        import sys

        def handler():
            if settings.is_production:
                raise HTTPException(500)
            with context():
                for item in items:
                    leak()

        def loop():
            for item in items:
                if settings.environment == "production":
                    log(item)
                    continue
                leak()

        if is_production:
            sys.exit(1)
        leak()
      `,
    },
    {
      name: 'a case of a match over the environment',
      path: 'app/main.py',
      files: SETTINGS,
      code: python`
        import os
        from app.config import Stage, options

        match os.environ["APP_ENV"]:
            case "local" | "staging":
                leak()
            case "test" if verbose:
                leak()
        match options.stage:
            case Stage.LOCAL:
                leak()
      `,
    },
    {
      name: 'functions that are only defined there',
      code: python`
        if settings.debug:
            class Panel:
                def show(self):
                    return leak()
      `,
    },
    {
      name: 'names that the project adds',
      settings: { security: { productionFlags: ['is_live'], developmentFlags: ['sandbox'], configObjects: ['cfg'] } },
      code: python`
        if not cfg.is_live:
            leak()
        if sandbox:
            leak()
        if cfg.environment == "dev":
            leak()
        if settings.debug:
            leak()
      `,
    },
  ],
  invalid: [
    {
      name: 'no test, or one that says nothing',
      code: python`
        leak()
        if verbose:
            leak()
        if __name__ == "__main__":
            leak()
        if debugger:
            leak()
        if settings.debug_level:
            leak()
      `,
      errors: [{ line: 1 }, { line: 3 }, { line: 5 }, { line: 7 }, { line: 9 }],
    },
    {
      name: 'the side that production takes',
      code: python`
        if settings.debug:
            pass
        else:
            leak()
        if not settings.is_production:
            pass
        else:
            leak()
        if is_production:
            leak()
        elif verbose:
            pass
        if verbose:
            pass
        elif is_production:
            leak()
        a = None if debug else leak()
        b = leak() if is_production else None
        c = debug or leak()
        d = is_production and leak()
      `,
      errors: [{ line: 4 }, { line: 8 }, { line: 10 }, { line: 16 }, { line: 17 }, { line: 18 }, { line: 19 }, { line: 20 }],
    },
    {
      name: 'an or with a part that says nothing, and the negation of an and',
      code: python`
        if settings.debug or verbose:
            leak()
        if not (settings.is_production and verbose):
            leak()
        if debug and verbose:
            pass
        else:
            leak()
      `,
      errors: [{ line: 2 }, { line: 4 }, { line: 8 }],
    },
    {
      name: 'the condition itself',
      code: python`
        if leak() and debug:
            pass
        if verbose:
            pass
        elif leak():
            pass
        while leak():
            pass
        x = 1 if leak() else 2
      `,
      errors: [{ line: 1 }, { line: 5 }, { line: 7 }, { line: 9 }],
    },
    {
      name: 'comparisons that do not exclude production',
      code: python`
        if settings.environment == "production":
            leak()
        if settings.environment != "dev":
            leak()
        if settings.environment in ("dev", "production"):
            leak()
        if settings.environment == "dev":
            pass
        else:
            leak()
        if settings.environment == other:
            leak()
        if "dev" < settings.environment < "prod":
            leak()
        if settings.environment >= "dev":
            leak()
        if settings.region == "local":
            leak()
        if settings.environment not in ():
            leak()
      `,
      errors: [{ line: 2 }, { line: 4 }, { line: 6 }, { line: 10 }, { line: 12 }, { line: 14 }, { line: 16 }, { line: 18 }, { line: 20 }],
    },
    {
      name: 'a case that production may take',
      code: python`
        match settings.environment:
            case "production":
                leak()
            case "local" | "prod":
                leak()
            case "local" | other:
                leak()
            case {"name": "local"}:
                leak()
            case _:
                leak()
        match request.headers["env"]:
            case "local":
                leak()
      `,
      errors: [{ line: 3 }, { line: 5 }, { line: 7 }, { line: 9 }, { line: 11 }, { line: 14 }],
    },
    {
      name: 'what is no configuration: a request, a parameter, a constant',
      code: python`
        ENVIRONMENT = "dev"

        def handler(env: str, request):
            if env == "dev":
                leak()
            if request.headers["env"] == "dev":
                leak()
            if request.query_params.get("environment") == "dev":
                leak()
            if ENVIRONMENT == "dev":
                leak()
      `,
      errors: [{ line: 5 }, { line: 7 }, { line: 9 }, { line: 11 }],
    },
    {
      name: 'an if that does not leave, leaves elsewhere, or comes later',
      code: python`
        def first():
            if settings.is_production:
                log("production")
            leak()

        def second():
            if verbose:
                if settings.is_production:
                    return
            leak()

        def third():
            leak()
            if settings.is_production:
                return

        def fourth():
            if settings.debug:
                return
            leak()
      `,
      errors: [{ line: 4 }, { line: 10 }, { line: 13 }, { line: 20 }],
    },
    {
      name: 'a name for a condition that leads back to itself, and long and deep conditions',
      code: [
        'flag = flag',
        'if flag:',
        '    leak()',
        `if ${Array.from({ length: 6000 }, (_, i) => `a${i}`).join(' or ')}:`,
        '    leak()',
        `if ${'not ('.repeat(500)}a${')'.repeat(500)}:`,
        '    leak()',
        '',
      ].join('\n'),
      errors: [{ line: 3 }, { line: 5 }, { line: 7 }],
    },
  ],
})
