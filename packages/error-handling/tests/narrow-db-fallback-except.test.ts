import { RuleTester } from '@krait/rule-tester'
import { narrowDbFallbackExcept } from '../src/rules/narrow-db-fallback-except.ts'

const tester = new RuleTester()

const HEAD = `import httpx
from app.models import Plan, PlanOut
from app.repo import FlagRepo, cached, load_snapshot, rates_of, slug
from sqlalchemy import func, select, text
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import Session
`

const FILES = {
  'app/__init__.py': '',
  'app/models.py': `from pydantic import BaseModel
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

class Base(DeclarativeBase):
    pass

class Plan(Base):
    __tablename__ = "plans"
    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str]

class PlanOut(BaseModel):
    name: str
`,
  'app/repo.py': `import httpx
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession
from app.models import Plan

class FlagRepo:
    def __init__(self, session: AsyncSession):
        self._session = session

    async def all_for(self, tenant_id):
        return (await self._session.scalars(select(Plan).where(Plan.id == tenant_id))).all()

def slug(name: str) -> str:
    return name.lower().replace(" ", "-")

def rates_of(session, plan):
    session.execute(select(Plan))
    return httpx.get("https://rates.example").json()

def load_snapshot():
    return [1]

def cached(key):
    return key
`,
}

/** A function whose body begins in line 9. */
function given(body: string, signature = 'def plans(session: Session, tenant_id, cache):'): string {
  return `${HEAD}${signature}\n${body.replace(/^/gm, '    ')}\n`
}

const QUERY = 'try:\n    return list(session.scalars(select(Plan)).all())\n'

function valid(name: string, code: string) {
  return { name, files: FILES, code }
}

tester.run('narrow-db-fallback-except: what is fine', narrowDbFallbackExcept, {
  valid: [
    valid('the database error', given(`${QUERY}except SQLAlchemyError:\n    return load_snapshot()`)),
    valid('an earlier handler has the database errors', given(`${QUERY}except SQLAlchemyError:\n    raise\nexcept Exception:\n    return load_snapshot()`)),
    valid('another source in the try, too', given('try:\n    rows = cache.get("plans") or session.scalars(select(Plan)).all()\nexcept Exception:\n    rows = load_snapshot()\nreturn rows')),
    valid('a request in the try, too', given('try:\n    rows = session.scalars(select(Plan)).all()\n    httpx.get("https://x")\nexcept Exception:\n    rows = load_snapshot()\nreturn rows')),
    valid('a project function that also makes a request', given('try:\n    rows = rates_of(session, 1)\nexcept Exception:\n    rows = load_snapshot()\nreturn rows')),
    valid('a file in the try, too', given('try:\n    rows = session.scalars(select(Plan)).all()\n    open("x")\nexcept Exception:\n    rows = load_snapshot()\nreturn rows')),
    valid('the other way round', given('try:\n    rows = cache.get("plans")\nexcept Exception:\n    rows = session.scalars(select(Plan)).all()\nreturn rows')),
    valid('None, an empty list, a flag', given(`${QUERY}except Exception:\n    return None`) + given(`${QUERY}except Exception:\n    return []`).replace(HEAD, '') + given(`${QUERY}except Exception:\n    return False`).replace(HEAD, '')),
    valid('only logs', given(`${QUERY}except Exception:\n    logger.exception("x")`)),
    valid('raises on every path', given('try:\n    rows = session.scalars(select(Plan)).all()\nexcept Exception:\n    rows = load_snapshot()\n    raise\nreturn rows')),
    valid('an error response', given(`from fastapi.responses import JSONResponse\n${QUERY}except Exception:\n    return JSONResponse({"a": 1}, status_code=503)`)),
    valid('an error response of Flask', given(`${QUERY}except Exception:\n    return render("x"), 500`)),
    valid('an error response by a constant', given(`from fastapi import status\n${QUERY}except Exception:\n    return respond(status_code=status.HTTP_503_SERVICE_UNAVAILABLE)`)),
    valid('a returned exception', given(`from fastapi import HTTPException\n${QUERY}except Exception:\n    return HTTPException(503)`)),
    valid('what tells of the failure', given('try:\n    session.execute(text("SELECT 1"))\n    return {"status": "ok"}\nexcept Exception:\n    return {"status": "unhealthy"}')),
    valid('what is made of the exception', given(`${QUERY}except Exception as exc:\n    return describe(exc)`)),
    valid('a name that only the handler needs', given('try:\n    session.execute(text("SELECT 1"))\nexcept Exception:\n    delay = backoff(1)\n    sleep(delay)')),
    valid('no database call', given('try:\n    name = slug(tenant_id)\nexcept Exception:\n    name = "x"\nreturn name')),
    valid('an unknown call in the try', given('try:\n    rows = convert(session.scalars(select(Plan)).all())\nexcept Exception:\n    rows = load_snapshot()\nreturn rows')),
    valid('a requests session', 'def load(session, url):\n    try:\n        page = session.get(url)\n    except Exception:\n        page = load_page()\n    return page\n'),
    valid('a nested function in the try', given('try:\n    def later():\n        return session.scalars(select(Plan)).all()\nexcept Exception:\n    return load_snapshot()')),
    { name: 'tests', path: 'tests/test_x.py', files: FILES, code: given(`${QUERY}except Exception:\n    return load_snapshot()`) },
  ],
  invalid: [],
})

function invalid(name: string, code: string, line: number, message?: RegExp) {
  return { name, files: FILES, code, errors: [{ messageId: 'broad' as const, line, suggestions: 1, ...(message && { message }) }] }
}

tester.run('narrow-db-fallback-except: fallbacks', narrowDbFallbackExcept, {
  valid: [],
  invalid: [
    {
      name: 'the example: a snapshot',
      files: FILES,
      code: given(`${QUERY}except Exception:\n    logger.warning("plans: db down, serving snapshot")\n    return load_snapshot()`),
      errors: [
        {
          messageId: 'broad',
          line: 11,
          message: 'This fallback for a database failure also hides every bug in the `try` block. Catch `SQLAlchemyError` instead of `Exception`.',
          suggestions: [{ messageId: 'narrow', output: given(`${QUERY}except SQLAlchemyError:\n    logger.warning("plans: db down, serving snapshot")\n    return load_snapshot()`) }],
        },
      ],
    },
    {
      name: 'the example: defaults, for an asynchronous repository',
      files: FILES,
      code: given('try:\n    flags = await flag_repo.all_for(tenant_id)\nexcept Exception:\n    flags = DEFAULT_FLAGS\nreturn flags', 'async def flags(flag_repo: FlagRepo, tenant_id):').replace('from sqlalchemy.exc import SQLAlchemyError\n', ''),
      errors: [
        {
          line: 10,
          suggestions: [
            {
              messageId: 'narrow',
              output: given('try:\n    flags = await flag_repo.all_for(tenant_id)\nexcept (SQLAlchemyError, OSError):\n    flags = DEFAULT_FLAGS\nreturn flags', 'async def flags(flag_repo: FlagRepo, tenant_id):')
                .replace('from sqlalchemy.exc import SQLAlchemyError\n', '')
                .replace('import Session\n', 'import Session\nfrom sqlalchemy.exc import SQLAlchemyError\n'),
            },
          ],
        },
      ],
    },
    invalid('a bare except', given(`${QUERY}except:\n    return load_snapshot()`), 11, /instead of `except`/),
    invalid('BaseException as a name', given(`${QUERY}except BaseException as error:\n    return cache.get("plans")`), 11, /instead of `BaseException`/),
    invalid('a tuple with Exception', given(`${QUERY}except (ValueError, Exception):\n    return load_snapshot()`), 11),
    invalid('a literal, an f-string, a model', given(`${QUERY}except Exception:\n    return ["basic"]`), 11),
    invalid('an f-string', given('try:\n    name = session.scalar(select(Plan.name))\nexcept Exception:\n    name = f"plan {tenant_id}"\nreturn name'), 11),
    invalid('a model constructor', given('try:\n    plan = session.get(Plan, 1)\nexcept Exception:\n    plan = Plan(name="basic")\nreturn plan'), 11),
    invalid('another query', given('try:\n    plan = session.get(Plan, 1)\nexcept Exception:\n    plan = session.query(Plan).first()\nreturn plan'), 11),
    invalid('results, statements, columns, schemas and pure functions', given('try:\n    stmt = select(func.count(Plan.id)).where(Plan.name.in_(["a"])).order_by(Plan.id.desc())\n    result = session.execute(stmt)\n    rows = result.scalars().unique().all()\n    logger.info("loaded %s", len(rows))\n    out = [PlanOut.model_validate(row) for row in rows]\n    out.append(PlanOut(name=slug("X").strip()))\n    if not out:\n        raise ValueError("none")\n    return sorted(out)\nexcept Exception:\n    return load_snapshot()'), 19),
    invalid('a session that is opened inside', given('try:\n    with Session() as session:\n        return session.execute(text("SELECT 1")).scalar()\nexcept Exception:\n    return cached("x")', 'def one():'), 12),
    invalid('raises on one path only', given(`${QUERY}except Exception:\n    if tenant_id:\n        raise\n    return load_snapshot()`), 11),
    invalid('async session', given('try:\n    rows = (await session.execute(select(Plan))).scalars().all()\nexcept Exception:\n    rows = load_snapshot()\nreturn rows', 'async def plans(session: AsyncSession):'), 11),
    invalid('the name is read later', given('rows = None\ntry:\n    session.execute(select(Plan))\nexcept Exception:\n    rows = load_snapshot()\nreturn rows'), 12),
    invalid('an alias of Exception', given(`Broad = Exception\n${QUERY}except Exception:\n    return load_snapshot()`), 12),
  ],
})
