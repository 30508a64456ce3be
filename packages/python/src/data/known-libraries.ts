/**
 * Top-level modules of the standard library and of libraries that Python backends use. A project's file of the same name is taken for one of them
 * only where it certainly stands on Python's path.
 */
export const KNOWN_LIBRARIES: ReadonlySet<string> = new Set(
  `__future__ abc aifc argparse array ast asyncio atexit base64 bdb binascii bisect builtins bz2 calendar cgi cmath cmd code codecs collections
  colorsys compileall concurrent configparser contextlib contextvars copy copyreg csv ctypes curses dataclasses datetime dbm decimal difflib dis
  doctest email encodings ensurepip enum errno faulthandler fcntl filecmp fileinput fnmatch fractions ftplib functools gc getopt getpass gettext
  glob graphlib grp gzip hashlib heapq hmac html http imaplib importlib inspect io ipaddress itertools json keyword linecache locale logging lzma
  mailbox marshal math mimetypes mmap modulefinder multiprocessing netrc numbers operator optparse os pathlib pdb pickle pickletools pkgutil
  platform plistlib poplib posixpath pprint profile pstats pty pwd py_compile pyclbr pydoc queue quopri random re readline reprlib resource
  rlcompleter runpy sched secrets select selectors shelve shlex shutil signal site smtplib socket socketserver sqlite3 ssl stat statistics string
  stringprep struct subprocess symtable sys sysconfig syslog tarfile tempfile termios textwrap threading time timeit tkinter token tokenize
  tomllib trace traceback tracemalloc tty turtle types typing unicodedata unittest urllib uuid venv warnings wave weakref webbrowser winreg wsgiref
  xml xmlrpc zipapp zipfile zipimport zlib zoneinfo
  aioboto3 aiobotocore aiofiles aiohttp aiokafka aioredis alembic amqp anthropic anyio apscheduler argon2 arq arrow asgiref asyncpg attr attrs
  authlib azure babel backoff bcrypt beanie bleach boto boto3 botocore bs4 cachetools celery certifi chardet charset_normalizer click
  clickhouse_driver confluent_kafka cryptography databases datadog dateutil ddtrace defusedxml django docker dotenv dramatiq elasticsearch
  email_validator factory faker fastapi fastapi_mail fastapi_users flask flask_login flask_migrate flask_sqlalchemy freezegun gevent google
  gql grpc gunicorn h11 hiredis httpcore httptools httpx hypothesis itsdangerous jinja2 jose jsonschema jwt kafka kombu kubernetes ldap loguru
  lxml mako markdown markupsafe marshmallow minio mongoengine motor msgpack multipart mypy mysql mysqlclient nats newrelic numpy oauthlib openai
  openpyxl opentelemetry orjson packaging pandas paramiko passlib peewee pendulum phonenumbers pika PIL piccolo playhouse polars posthog prefect
  prometheus_client psutil psycopg psycopg2 pyarrow pycountry pydantic pydantic_core pydantic_settings pymongo pymysql pypdf pytest pytest_asyncio
  pytz pyotp qrcode rapidfuzz redis regex reportlab requests responses respx rest_framework retry retrying rich rollbar rq ruamel scipy
  sendgrid sentry_sdk setuptools shapely simplejson six slack_bolt slack_sdk slowapi slugify sortedcontainers sqlalchemy sqlalchemy_utils sqlmodel
  sse_starlette stamina starlette statsd stripe structlog strawberry tenacity toml tomli toolz tornado tortoise tqdm transformers trio twilio typer
  typing_extensions tzdata tzlocal ujson ulid urllib3 uvicorn uvloop validators vcr watchfiles websocket websockets werkzeug wtforms xlsxwriter
  xmltodict yaml yarl zstandard`.split(/\s+/),
)
