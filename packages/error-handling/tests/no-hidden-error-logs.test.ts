import { python, RuleTester } from '@krait/rule-tester'
import { noHiddenErrorLogs } from '../src/rules/no-hidden-error-logs.ts'

const tester = new RuleTester()

const MODELS = {
  'app/__init__.py': '',
  'app/models.py': python`
    import enum
    from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

    class Base(DeclarativeBase): ...

    class LogLevel(enum.Enum):
        DEBUG = 10
        INFO = 20
        WARNING = 30
        ERROR = 40

    class Kind(enum.Enum):
        A = "info"
        B = "warning"
        C = "critical"

    class Severity(enum.Enum):
        LOW = "low"
        WARNING = "warning"
        CRITICAL = "critical"

    class ActionLog(Base):
        __tablename__ = "action_log"
        id: Mapped[int] = mapped_column(primary_key=True)
        level: Mapped[str]
        severity: Mapped[Severity]

    class Membership(Base):
        __tablename__ = "membership"
        id: Mapped[int] = mapped_column(primary_key=True)
        level: Mapped[str]

    QUIET = ["info", "warning"]
    ALL = QUIET + ["error"]
  `,
}

tester.run('no-hidden-error-logs: queries', noHiddenErrorLogs, {
  valid: [
    {
      name: 'an error level is among them, one level alone, what is not known, what is no level',
      path: 'app/main.py',
      files: MODELS,
      code: python`
        from sqlalchemy import or_, select
        from app.models import ActionLog, Kind, LogLevel, Membership, Severity

        def run(levels, level, record, shown=("info", "warning")):
            select(ActionLog).where(ActionLog.level.in_(["info", "warning", "ERROR"]))
            select(ActionLog).where(ActionLog.level.in_((LogLevel.INFO, LogLevel.ERROR)))
            select(ActionLog).where(ActionLog.level.in_([Kind.A, Kind.C]))
      `,
    },
    {
      name: 'values that are not known, no levels, or one alone',
      path: 'app/main.py',
      files: MODELS,
      code: python`
        from sqlalchemy import or_, select
        from app.models import ActionLog, LogLevel, Membership, Severity

        def run(levels, level, record):
            select(ActionLog).where(ActionLog.level.in_(levels))
            select(ActionLog).where(ActionLog.level.in_(["info"]))
            select(ActionLog).where(ActionLog.level == "INFO")
            select(ActionLog).where(ActionLog.level != level)
            select(ActionLog).where(ActionLog.level != "debug")
            select(ActionLog).where(ActionLog.level.not_in(["debug", "trace"]))
            select(ActionLog).where(~ActionLog.level.in_(["debug", "info"]))
            select(Membership).where(Membership.level.in_(["gold", "silver"]))
            select(Membership).where(Membership.level.in_(["info", "silver"]))
            select(ActionLog).where(ActionLog.severity != Severity.CRITICAL)
            select(ActionLog).where(ActionLog.kind.in_(["info", "warning"]))
            select(ActionLog).where(or_(ActionLog.level == "info", ActionLog.id == 1))
            select(ActionLog).where(or_(ActionLog.level == "info", ActionLog.level == level))
            if record.level != "ERROR" and record.levelname != "CRITICAL":
                return [r for r in levels if r.level != "ERROR"]
      `,
    },
    {
      name: 'the errors have a query of their own',
      path: 'app/main.py',
      files: MODELS,
      code: python`
        from sqlalchemy import select
        from app.models import ActionLog

        def feed():
            return select(ActionLog).where(ActionLog.level.in_(["info", "warning"]))

        def errors():
            return select(ActionLog).where(ActionLog.level == "error")
      `,
    },
    {
      name: 'Django: the errors have a query of their own',
      code: python`
        def feed():
            return ActionLog.objects.filter(level__in=["INFO", "WARNING"]), ActionLog.objects.exclude(level="DEBUG")

        def errors():
            return ActionLog.objects.filter(level__in=["ERROR", "CRITICAL"]).exclude(level="FATAL")
      `,
    },
    { path: 'tests/test_log.py', code: 'import logging\nlogging.disable(logging.CRITICAL)\n' },
  ],
  invalid: [
    {
      name: 'SQLAlchemy',
      path: 'app/main.py',
      files: MODELS,
      code: python`
        from sqlalchemy import func, not_, or_, select
        from sqlmodel import col
        from app.models import ActionLog, Kind, LogLevel, QUIET

        FEED_LEVELS = ("info", "warning")

        def feed():
            select(ActionLog).where(ActionLog.level.in_(FEED_LEVELS))
            select(ActionLog).where(ActionLog.level != LogLevel.ERROR)
            select(ActionLog).where(ActionLog.level.in_(QUIET))
            select(ActionLog).where(ActionLog.level.in_({LogLevel.INFO, LogLevel.WARNING}))
            select(ActionLog).where(ActionLog.level.in_([Kind.A.value, Kind.B.value]))
            select(ActionLog).filter(
                or_(ActionLog.level == "INFO", ActionLog.level == "WARN"),
            )
            select(ActionLog).where((ActionLog.level == "INFO") | (ActionLog.level == "DEBUG") | (ActionLog.level == "WARN"))
            select(ActionLog).where(ActionLog.level.not_in(["error", "debug"]))
            select(ActionLog).where(ActionLog.level.notin_(("Critical",)))
            select(ActionLog).where(~ActionLog.level.in_(["error"]))
            select(ActionLog).where(not_(ActionLog.level.in_(["error"])))
            select(ActionLog).where("ERROR" != ActionLog.level)
            select(ActionLog).where(col(ActionLog.level).in_(FEED_LEVELS))
            select(ActionLog).where(func.lower(ActionLog.level) != "error")
      `,
      errors: [
        {
          messageId: 'selects',
          message:
            'This feed of `ActionLog` selects only INFO, WARNING: rows at ERROR never reach the dashboard. Include the error levels, or show them in a query of their own.',
          line: 8,
          suggestions: 1,
        },
        {
          messageId: 'excludes',
          message: 'This feed of `ActionLog` leaves out ERROR: these rows never reach the dashboard. Include the error levels, or show them in a query of their own.',
          line: 9,
        },
        { messageId: 'selects', line: 10 },
        { messageId: 'selects', line: 11, suggestions: 1 },
        { messageId: 'selects', line: 12 },
        { messageId: 'selects', line: 14, data: { of: ' of `ActionLog`', levels: 'INFO, WARN' } },
        { messageId: 'selects', line: 16, data: { of: ' of `ActionLog`', levels: 'INFO, DEBUG, WARN' } },
        { messageId: 'excludes', line: 17, data: { of: ' of `ActionLog`', levels: 'ERROR' } },
        { messageId: 'excludes', line: 18 },
        { messageId: 'excludes', line: 19 },
        { messageId: 'excludes', line: 20 },
        { messageId: 'excludes', line: 21 },
        { messageId: 'selects', line: 22, suggestions: 1 },
        { messageId: 'excludes', line: 23 },
      ],
    },
    {
      name: 'Django, and models that are not known',
      code: python`
        from sqlalchemy import select
        from vendor.models import AuditLog

        def feed():
            ActionLog.objects.filter(level__in=["INFO", "WARNING"])
            ActionLog.objects.filter(user=1).exclude(level="ERROR")
            Entry.objects.exclude(log_level__in=("critical", "debug"))
            select(AuditLog).where(AuditLog.severity != "critical")
            select(Event).where(Event.level.in_(["error", "info"]))
      `,
      errors: [
        { messageId: 'selects', line: 5, data: { of: ' of `ActionLog`', levels: 'INFO, WARNING' }, suggestions: 1 },
        { messageId: 'excludes', line: 6 },
        { messageId: 'excludes', line: 7 },
        { messageId: 'excludes', line: 8 },
      ],
    },
    {
      name: 'conditions of Django',
      code: python`
        from django.db.models import Q
        from app.models import Event

        def feed():
            Event.objects.filter(Q(level__in=["info", "warning"]), user=1)
            Event.objects.filter(Q(level="info") | Q(level="warning"))
            Event.objects.filter(~Q(level="error"))
            Event.objects.exclude(Q(level="error"))
            Event.objects.filter(Q(level="info") | Q(user=1))
            Event.objects.filter(~Q(level="debug"))
      `,
      errors: [
        { messageId: 'selects', line: 5, data: { of: ' of `Event`', levels: 'INFO, WARNING' }, suggestions: 1 },
        { messageId: 'selects', line: 6 },
        { messageId: 'excludes', line: 7 },
        { messageId: 'excludes', line: 8 },
      ],
    },
    {
      name: 'suggestions, in the spelling of the neighbours',
      path: 'app/main.py',
      files: MODELS,
      code: python`
        from app.models import ActionLog, LogLevel

        LEVELS = ["INFO", "WARNING"]
        a = ActionLog.level.in_(LEVELS)
        b = ActionLog.level.in_((LogLevel.INFO, LogLevel.WARNING))
      `,
      errors: [
        {
          line: 4,
          suggestions: [
            {
              messageId: 'addLevel',
              output: python`
                from app.models import ActionLog, LogLevel

                LEVELS = ["INFO", "WARNING", "ERROR"]
                a = ActionLog.level.in_(LEVELS)
                b = ActionLog.level.in_((LogLevel.INFO, LogLevel.WARNING))
              `,
            },
          ],
        },
        {
          line: 5,
          suggestions: [
            {
              messageId: 'addLevel',
              output: python`
                from app.models import ActionLog, LogLevel

                LEVELS = ["INFO", "WARNING"]
                a = ActionLog.level.in_(LEVELS)
                b = ActionLog.level.in_((LogLevel.INFO, LogLevel.WARNING, LogLevel.ERROR))
              `,
            },
          ],
        },
      ],
    },
    {
      name: 'options',
      options: [{ levelAttributes: ['kind'], errorLevels: ['panic'] }],
      code: 'x = Log.kind.in_(["info", "warning"])\ny = Log.kind.not_in(["Panic"])\nz = Log.level.in_(["info", "debug"])\nw = Log.kind.not_in(["error"])\n',
      errors: [{ line: 1, suggestions: 1 }, { line: 2 }],
    },
  ],
})

tester.run('no-hidden-error-logs: loggers', noHiddenErrorLogs, {
  valid: [
    {
      name: "other people's loggers, lower levels, handlers",
      path: 'app/main.py',
      files: { 'app/__init__.py': '' },
      code: python`
        import logging
        import logging.config

        logging.getLogger("httpx").setLevel(logging.CRITICAL)
        logging.getLogger().setLevel(logging.ERROR)
        logging.getLogger(__name__).setLevel("WARNING")
        logging.disable(logging.WARNING)
        logging.disable(logging.NOTSET)
        logging.disable(level)
        handler = logging.handlers.SMTPHandler()
        handler.setLevel(logging.CRITICAL)
        logging.config.dictConfig({
            "version": 1,
            "handlers": {"mail": {"level": "CRITICAL"}},
            "root": {"level": "INFO"},
            "loggers": {"botocore": {"level": "CRITICAL"}, "app": {"level": "INFO"}},
        })
        other.disable()
      `,
    },
  ],
  invalid: [
    {
      name: 'disable, setLevel and dictConfig',
      path: 'app/main.py',
      files: { 'app/__init__.py': '' },
      code: python`
        import logging
        from logging import getLogger
        from logging.config import dictConfig

        logger = getLogger(__name__)
        QUIET = logging.CRITICAL

        logging.disable(logging.ERROR)
        logging.disable()
        logging.disable(50)
        logging.disable(level=QUIET)
        logging.getLogger().setLevel(logging.CRITICAL)
        logging.root.setLevel(logging.CRITICAL + 1)
        logger.setLevel("CRITICAL")
        getLogger("app.services").setLevel(60)
        dictConfig({
            "version": 1,
            "root": {"level": "CRITICAL"},
            "loggers": {
                "app": {
                    "handlers": [],
                    "level": logging.FATAL,
                },
            },
        })
      `,
      errors: [
        {
          messageId: 'disabled',
          message:
            '`logging.disable(logging.ERROR)` silences the errors of every logger in the process. Disable a lower level, or set the level of the one logger that is too loud.',
          line: 8,
        },
        { messageId: 'disabled', line: 9 },
        { messageId: 'disabled', line: 10 },
        { messageId: 'disabled', line: 11 },
        { messageId: 'silenced', line: 12, data: { level: 'logging.getLogger().setLevel(logging.CRITICAL)', logger: 'all loggers' } },
        { messageId: 'silenced', line: 13 },
        { messageId: 'silenced', line: 14, message: '`logger.setLevel("CRITICAL")` silences the errors of this module. Set a level of ERROR or below.' },
        { messageId: 'silenced', line: 15 },
        { messageId: 'silenced', line: 18 },
        { messageId: 'silenced', line: 22 },
      ],
    },
  ],
})
