/**
 * What library functions, methods and attributes give, as far as rules need it. Sources: the documentation and type stubs of CPython 3.14,
 * SQLAlchemy 2.0, SQLModel 0.0.24, requests 2.32, httpx 0.28, aiohttp 3.12, redis-py 6.
 *
 * `def NAME -> TYPE` is a function, `class NAME` opens a class; below it, `a b() -> TYPE` gives an attribute `a` and a method `b` the same type.
 * In a type, `self` is the receiver, `$0` its first type argument, `arg0` the first argument, `class_=x` the keyword argument or else x, `instance(x)` an instance of a class or column,
 * `row(args)` what a statement that selects the arguments gives, `first(x)` its first column, `held(x)` the first type argument of `x`,
 * `item(x)` an element of `x`, `async T` what `await` gives. `?` stands for `| None`.
 */
export const LIBRARY_TYPES = `
class builtins.str
  capitalize() casefold() format() join() lower() lstrip() removeprefix() removesuffix() replace() rstrip() strip() title() upper() zfill() ljust() rjust() -> str
  split() rsplit() splitlines() -> list[str]
  encode() -> bytes
  find() index() count() rfind() -> int
  startswith() endswith() isdigit() isalpha() isalnum() isnumeric() isspace() islower() isupper() -> bool
class builtins.bytes
  decode() hex() -> str
  strip() lower() upper() replace() join() -> bytes
class builtins.list
  pop() -> $0
  copy() -> self
  index() count() -> int
class builtins.set
  pop() -> $0
  copy() union() intersection() difference() -> self
class builtins.dict
  get() -> $1?
  pop() setdefault() -> $1
  keys() -> list[$0]
  values() -> list[$1]
  items() -> list[tuple[$0, $1]]
  copy() -> self
def builtins.len builtins.hash builtins.ord -> int
def builtins.repr builtins.chr builtins.input builtins.ascii -> str
def builtins.isinstance builtins.issubclass builtins.callable builtins.hasattr builtins.any builtins.all -> bool
def builtins.sorted -> list[item(arg0)]
def builtins.reversed -> list[item(arg0)]
def builtins.next -> item(arg0)
def builtins.iter -> list[item(arg0)]
def builtins.range -> list[int]
def builtins.enumerate -> list[tuple[int, item(arg0)]]
def builtins.open -> io.TextIOWrapper
def os.getenv os.environ.get -> str?
def os.path.join os.path.abspath os.path.basename os.path.dirname os.getcwd -> str
def os.path.exists os.path.isfile os.path.isdir -> bool
def os.listdir -> list[str]
def json.dumps -> str
def uuid.uuid1 uuid.uuid3 uuid.uuid4 uuid.uuid5 uuid.uuid7 -> uuid.UUID
def copy.copy copy.deepcopy -> arg0
def re.compile -> re.Pattern
def re.match re.search re.fullmatch -> re.Match?
class re.Pattern
  match() search() fullmatch() -> re.Match?
  sub() -> str
  findall() -> list
def asyncio.create_task asyncio.ensure_future -> asyncio.Task[awaited(arg0)]
def asyncio.wait_for asyncio.shield -> async awaited(arg0)
def asyncio.sleep -> async None
def asyncio.to_thread -> async unknown
def asyncio.get_event_loop asyncio.get_running_loop asyncio.new_event_loop -> asyncio.AbstractEventLoop
def time.time time.monotonic time.perf_counter -> float
def time.time_ns time.monotonic_ns -> int
def secrets.token_hex secrets.token_urlsafe -> str
def subprocess.run -> subprocess.CompletedProcess
def subprocess.check_output -> bytes
def logging.getLogger -> logging.Logger
def structlog.get_logger structlog.stdlib.get_logger structlog.getLogger -> structlog.stdlib.BoundLogger
def celery.utils.log.get_task_logger -> logging.Logger
def loguru.logger.bind loguru.logger.opt loguru.logger.patch -> loguru.Logger
class loguru.Logger
  bind() opt() patch() -> self
class structlog.stdlib.BoundLogger
  bind() unbind() new() try_unbind() -> self
class logging.Logger
  getChild() -> logging.Logger

class datetime.datetime
  now() utcnow() today() fromtimestamp() utcfromtimestamp() fromisoformat() strptime() combine() fromordinal() astimezone() replace() -> datetime.datetime
  min max -> datetime.datetime
  date() -> datetime.date
  time() timetz() -> datetime.time
  timestamp() -> float
  isoformat() strftime() ctime() -> str
  utcoffset() dst() -> datetime.timedelta?
  year month day hour minute second microsecond weekday() isoweekday() toordinal() -> int
  tzinfo -> datetime.tzinfo?
class datetime.date
  today() fromisoformat() fromtimestamp() fromordinal() replace() -> datetime.date
  isoformat() strftime() ctime() -> str
  year month day weekday() isoweekday() toordinal() -> int
class datetime.time
  fromisoformat() replace() -> datetime.time
  isoformat() strftime() -> str
  hour minute second microsecond -> int
class datetime.timedelta
  total_seconds() -> float
  days seconds microseconds -> int
class pathlib.Path
  joinpath() resolve() absolute() with_suffix() with_name() expanduser() rename() cwd() home() relative_to() -> pathlib.Path
  parent -> pathlib.Path
  name stem suffix read_text() as_posix() -> str
  read_bytes() -> bytes
  exists() is_file() is_dir() -> bool
  iterdir() glob() rglob() -> list[pathlib.Path]
  open() -> io.TextIOWrapper

class pydantic.BaseModel
  model_validate() model_validate_json() from_orm() parse_obj() parse_raw() -> instance(self)
  model_copy() -> self

def sqlalchemy.create_engine sqlalchemy.engine_from_config sqlmodel.create_engine -> sqlalchemy.Engine
def sqlalchemy.ext.asyncio.create_async_engine sqlalchemy.ext.asyncio.async_engine_from_config -> sqlalchemy.ext.asyncio.AsyncEngine
def sqlalchemy.orm.sessionmaker -> sqlalchemy.orm.sessionmaker[class_=sqlalchemy.orm.Session]
def sqlalchemy.ext.asyncio.async_sessionmaker -> sqlalchemy.ext.asyncio.async_sessionmaker[class_=sqlalchemy.ext.asyncio.AsyncSession]
def sqlalchemy.orm.scoped_session -> sqlalchemy.orm.scoped_session[held(arg0)]
def sqlalchemy.ext.asyncio.async_scoped_session -> sqlalchemy.ext.asyncio.async_scoped_session[held(arg0)]
def sqlalchemy.select sqlmodel.select -> sqlalchemy.Select[row(args)]
def sqlalchemy.insert -> sqlalchemy.Insert[instance(arg0)]
def sqlalchemy.update -> sqlalchemy.Update[instance(arg0)]
def sqlalchemy.delete -> sqlalchemy.Delete[instance(arg0)]
def sqlalchemy.text -> sqlalchemy.TextClause
def sqlalchemy.union sqlalchemy.union_all sqlalchemy.intersect sqlalchemy.except_ -> sqlalchemy.CompoundSelect[held(arg0)]
def sqlalchemy.orm.aliased -> arg0
class sqlalchemy.Engine
  connect() begin() -> sqlalchemy.Connection
class sqlalchemy.ext.asyncio.AsyncEngine
  connect() begin() -> sqlalchemy.ext.asyncio.AsyncConnection
  sync_engine -> sqlalchemy.Engine
class sqlalchemy.Connection
  execute() -> sqlalchemy.Result[held(arg0)]
  scalars() -> sqlalchemy.ScalarResult[first(held(arg0))]
  scalar() -> first(held(arg0))?
  begin() begin_nested() -> sqlalchemy.Transaction
class sqlalchemy.ext.asyncio.AsyncConnection
  execute() -> async sqlalchemy.Result[held(arg0)]
  scalars() -> async sqlalchemy.ScalarResult[first(held(arg0))]
  scalar() -> async first(held(arg0))?
class sqlalchemy.orm.sessionmaker
  begin() __call__() -> $0
class sqlalchemy.ext.asyncio.async_sessionmaker
  begin() __call__() -> $0
class sqlalchemy.orm.scoped_session
  __call__() -> $0
class sqlalchemy.ext.asyncio.async_scoped_session
  __call__() -> $0
class sqlalchemy.orm.Session
  execute() -> sqlalchemy.Result[held(arg0)]
  exec() -> sqlalchemy.ScalarResult[held(arg0)]
  scalars() -> sqlalchemy.ScalarResult[first(held(arg0))]
  scalar() -> first(held(arg0))?
  get() -> instance(arg0)?
  get_one() -> instance(arg0)
  merge() -> arg0
  query() -> sqlalchemy.orm.Query[row(args)]
  begin() begin_nested() -> sqlalchemy.orm.SessionTransaction
  connection() -> sqlalchemy.Connection
  commit() flush() rollback() close() add() add_all() delete() refresh() expunge() -> None
class sqlalchemy.ext.asyncio.AsyncSession
  execute() -> async sqlalchemy.Result[held(arg0)]
  exec() -> async sqlalchemy.ScalarResult[held(arg0)]
  scalars() -> async sqlalchemy.ScalarResult[first(held(arg0))]
  stream_scalars() -> async sqlalchemy.ScalarResult[first(held(arg0))]
  stream() -> async sqlalchemy.Result[held(arg0)]
  scalar() -> async first(held(arg0))?
  get() -> async instance(arg0)?
  get_one() -> async instance(arg0)
  merge() -> async arg0
  connection() -> async sqlalchemy.ext.asyncio.AsyncConnection
  commit() flush() rollback() close() delete() refresh() -> async None
  add() add_all() expunge() -> None
  begin() begin_nested() -> sqlalchemy.ext.asyncio.AsyncSessionTransaction
class sqlalchemy.Select
  where() filter() filter_by() order_by() limit() offset() slice() fetch() join() outerjoin() join_from() outerjoin_from() options() distinct() group_by() having() -> self
  with_for_update() select_from() execution_options() correlate() correlate_except() prefix_with() suffix_with() params() -> self
  union() union_all() intersect() except_() -> sqlalchemy.CompoundSelect[$0]
  subquery() alias() -> sqlalchemy.Subquery
  cte() -> sqlalchemy.CTE
  scalar_subquery() -> sqlalchemy.ScalarSelect
  exists() -> sqlalchemy.Exists
class sqlalchemy.CompoundSelect
  order_by() limit() offset() execution_options() -> self
  subquery() alias() -> sqlalchemy.Subquery
  cte() -> sqlalchemy.CTE
class sqlalchemy.Insert
  values() from_select() on_conflict_do_nothing() on_conflict_do_update() execution_options() -> self
  returning() -> sqlalchemy.Insert[row(args)]
class sqlalchemy.Update
  where() filter_by() values() execution_options() ordered_values() -> self
  returning() -> sqlalchemy.Update[row(args)]
class sqlalchemy.Delete
  where() filter_by() execution_options() -> self
  returning() -> sqlalchemy.Delete[row(args)]
class sqlalchemy.Result
  scalars() -> sqlalchemy.ScalarResult[first($0)]
  scalar() scalar_one_or_none() -> first($0)?
  scalar_one() -> first($0)
  first() one_or_none() fetchone() -> sqlalchemy.Row[$0]?
  one() -> sqlalchemy.Row[$0]
  all() fetchall() fetchmany() -> list[sqlalchemy.Row[$0]]
  unique() tuples() yield_per() execution_options() -> self
  mappings() -> sqlalchemy.MappingResult
  rowcount -> int
class sqlalchemy.ScalarResult
  all() fetchall() fetchmany() -> list[$0]
  first() one_or_none() -> $0?
  one() -> $0
  unique() yield_per() -> self
class sqlalchemy.orm.Query
  filter() filter_by() where() order_by() limit() offset() slice() join() outerjoin() options() distinct() group_by() having() with_for_update() select_from() -> self
  execution_options() populate_existing() enable_eagerloads() yield_per() reset_joinpoint() prefix_with() params() -> self
  with_entities() -> sqlalchemy.orm.Query[row(args)]
  first() one_or_none() get() -> $0?
  one() get_or_404() first_or_404() one_or_404() -> $0
  all() -> list[$0]
  scalar() -> first($0)?
  count() update() delete() -> int
  exists() -> sqlalchemy.Exists
  subquery() -> sqlalchemy.Subquery
  paginate() -> flask_sqlalchemy.pagination.Pagination[$0]
class flask_sqlalchemy.SQLAlchemy
  session -> sqlalchemy.orm.Session
  engine -> sqlalchemy.Engine
  select() -> sqlalchemy.Select[row(args)]

def boto3.client -> botocore.client.BaseClient
def requests.get requests.post requests.put requests.patch requests.delete requests.head requests.options requests.request -> requests.Response
def requests.session -> requests.Session
class requests.Session
  get() post() put() patch() delete() head() options() request() send() -> requests.Response
class requests.Response
  text url reason encoding -> str
  content -> bytes
  status_code -> int
  ok -> bool
  raise_for_status() -> None
def httpx.get httpx.post httpx.put httpx.patch httpx.delete httpx.head httpx.options httpx.request -> httpx.Response
class httpx.Client
  get() post() put() patch() delete() head() options() request() send() -> httpx.Response
  stream() -> httpx.Response
class httpx.AsyncClient
  get() post() put() patch() delete() head() options() request() send() -> async httpx.Response
  stream() -> httpx.Response
class httpx.Response
  text reason_phrase -> str
  content read() -> bytes
  status_code -> int
  is_success is_error is_redirect -> bool
  raise_for_status() -> httpx.Response
class aiohttp.ClientSession
  get() post() put() patch() delete() head() options() request() -> aiohttp.ClientResponse
class aiohttp.ClientResponse
  text() -> async str
  read() -> async bytes
  status -> int
  raise_for_status() -> None
class starlette.requests.Request
  headers -> starlette.datastructures.Headers
  query_params -> starlette.datastructures.QueryParams
  body() -> async bytes
  method -> str
  app -> fastapi.FastAPI
class fastapi.UploadFile
  filename content_type -> str?
  size -> int?
  read() -> async bytes
class fastapi.FastAPI
  router -> fastapi.APIRouter
def redis.from_url redis.Redis.from_url -> redis.Redis
def redis.asyncio.from_url redis.asyncio.Redis.from_url -> redis.asyncio.Redis
`
