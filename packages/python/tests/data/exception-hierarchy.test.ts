import { canonicalLibraryName, EXCEPTION_ALIASES, EXCEPTION_BASES } from '@krait/python'
import { describe, expect, it } from 'vitest'
import { readClassTable } from '../../src/data/class-table.ts'
import { LIBRARY_CLASS_BASES } from '../../src/data/library-classes.ts'

describe('the table of exceptions', () => {
  it('knows every base that it names', () => {
    const bases = new Set(Object.values(EXCEPTION_BASES).flat())
    expect([...bases].filter((base) => !Object.hasOwn(LIBRARY_CLASS_BASES, base))).toEqual([])
  })

  it('has each class under its canonical name', () => {
    expect(Object.keys(EXCEPTION_BASES).filter((name) => canonicalLibraryName(name) !== name)).toEqual([])
  })

  it('leads every alias of a class to a class that it knows', () => {
    const modules = new Set(Object.keys(EXCEPTION_BASES).map((name) => name.slice(0, name.lastIndexOf('.'))))
    const targets = Object.values(EXCEPTION_ALIASES).map(canonicalLibraryName)
    expect(targets.filter((target) => !Object.hasOwn(EXCEPTION_BASES, target) && !modules.has(target))).toEqual([])
  })

  it('derives everything from BaseException', () => {
    expect(Object.keys(EXCEPTION_BASES).filter((name) => !ancestors(name).has('builtins.BaseException'))).toEqual([])
  })

  it.each([
    ['IOError', 'OSError'],
    ['EnvironmentError', 'OSError'],
    ['socket.error', 'OSError'],
    ['socket.timeout', 'TimeoutError'],
    ['asyncio.TimeoutError', 'TimeoutError'],
    ['TimeoutError', 'OSError'],
    ['requests.exceptions.RequestException', 'OSError'],
    ['requests.exceptions.ConnectTimeout', 'requests.Timeout'],
    ['json.decoder.JSONDecodeError', 'ValueError'],
    ['pydantic.ValidationError', 'ValueError'],
    ['pydantic_core.ValidationError', 'ValueError'],
    ['smtplib.SMTPException', 'OSError'],
    ['urllib.error.HTTPError', 'OSError'],
    ['sqlalchemy.orm.exc.NoResultFound', 'sqlalchemy.exc.SQLAlchemyError'],
    ['sqlalchemy.exc.IntegrityError', 'sqlalchemy.exc.DBAPIError'],
    ['redis.ConnectionError', 'redis.exceptions.RedisError'],
    ['redis.asyncio.TimeoutError', 'redis.exceptions.RedisError'],
    ['psycopg.errors.UniqueViolation', 'psycopg.IntegrityError'],
    ['psycopg2.errors.UniqueViolation', 'psycopg2.Error'],
    ['asyncpg.exceptions.UniqueViolationError', 'asyncpg.PostgresError'],
    ['stripe.error.CardError', 'stripe.StripeError'],
    ['botocore.exceptions.EndpointConnectionError', 'botocore.exceptions.BotoCoreError'],
    ['fastapi.exceptions.HTTPException', 'starlette.exceptions.HTTPException'],
    ['werkzeug.exceptions.NotFound', 'werkzeug.exceptions.HTTPException'],
    ['jwt.exceptions.ExpiredSignatureError', 'jwt.InvalidTokenError'],
    ['subprocess.CalledProcessError', 'subprocess.SubprocessError'],
    ['grpc.aio.AioRpcError', 'grpc.RpcError'],
    ['pymongo.errors.DuplicateKeyError', 'pymongo.errors.PyMongoError'],
  ])('knows that %s is a %s', (name, ancestor) => {
    expect(ancestors(qualified(name))).toContain(qualified(ancestor))
  })

  it.each([
    ['asyncio.CancelledError', 'Exception'],
    ['redis.ConnectionError', 'OSError'],
    ['httpx.ConnectError', 'OSError'],
    ['subprocess.TimeoutExpired', 'OSError'],
    ['queue.Empty', 'LookupError'],
    ['celery.exceptions.TimeoutError', 'TimeoutError'],
  ])('knows that %s is no %s', (name, other) => {
    expect(ancestors(qualified(name))).not.toContain(qualified(other))
  })
})

describe('readClassTable', () => {
  it('takes names over several lines, several bases and several modules', () => {
    const table = readClassTable(`
      @ a.b
      Error < builtins.Exception
      First Second
        Third < Error, c.Other
      @ c
      Other < builtins.OSError
    `)
    expect(table).toEqual({
      'a.b.Error': ['builtins.Exception'],
      'a.b.First': ['a.b.Error', 'c.Other'],
      'a.b.Second': ['a.b.Error', 'c.Other'],
      'a.b.Third': ['a.b.Error', 'c.Other'],
      'c.Other': ['builtins.OSError'],
    })
  })
})

function qualified(name: string): string {
  return canonicalLibraryName(name.includes('.') ? name : `builtins.${name}`)
}

function ancestors(name: string): ReadonlySet<string> {
  const found = new Set<string>()
  const pending = [name]
  for (let current = pending.pop(); current !== undefined; current = pending.pop()) {
    if (found.has(current)) continue
    found.add(current)
    pending.push(...(LIBRARY_CLASS_BASES[current] ?? []))
  }
  return found
}
