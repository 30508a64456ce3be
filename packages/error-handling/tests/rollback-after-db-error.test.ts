import { RuleTester } from '@krait/rule-tester'
import { rollbackAfterDbError } from '../src/rules/rollback-after-db-error.ts'

const tester = new RuleTester()

const HEAD = `from sqlalchemy import delete, insert, select
from sqlalchemy.exc import DBAPIError, IntegrityError, NoResultFound, OperationalError, SQLAlchemyError
from sqlalchemy.orm import Session
`

/** A function with a session; its body begins in line 5. */
function given(body: string, signature = 'def save(session: Session, rows):'): string {
  return `${HEAD}${signature}\n${body.replace(/^/gm, '    ')}\n`
}

const TRY = 'try:\n    session.add(rows)\n    session.commit()\n'

tester.run('rollback-after-db-error: handlers that are fine', rollbackAfterDbError, {
  valid: [
    { name: 'a rollback in the handler', code: given(`${TRY}except SQLAlchemyError:\n    session.rollback()\n    logger.exception("x")`) },
    { name: 'a rollback in finally', code: given(`${TRY}except SQLAlchemyError:\n    logger.exception("x")\nfinally:\n    session.rollback()`) },
    { name: 'close and invalidate', code: given(`${TRY}except IntegrityError:\n    session.close()\nexcept SQLAlchemyError:\n    session.invalidate()`) },
    { name: 'a function that rolls back', code: given(`${TRY}except SQLAlchemyError:\n    undo(session)`).concat('\ndef undo(session: Session):\n    session.rollback()\n') },
    { name: 'the handler raises on all paths', code: given(`${TRY}except IntegrityError as error:\n    if rows:\n        raise ValueError from error\n    raise`) },
    { name: 'the handler uses the session, and then raises on all paths', code: given(`session = Session()\n${TRY}except IntegrityError:\n    session.execute(select(rows))\n    report(session)\n    raise`) },
    { name: 'a route that answers with an error', code: given(`${TRY}except IntegrityError as error:\n    session.rollback()\n    raise HTTPException(409) from error\nexcept SQLAlchemyError:\n    session.rollback()\n    return None`) },
    { name: 'the rollback of an asynchronous session', code: given('try:\n    await session.commit()\nexcept SQLAlchemyError:\n    await session.rollback()\n    return None', 'async def save(session: AsyncSession, rows):').replace('from sqlalchemy.orm', 'from sqlalchemy.ext.asyncio import AsyncSession\nfrom sqlalchemy.orm') },
    { name: 'a dependency that rolls back for others', code: given('try:\n    yield session\n    session.commit()\nexcept Exception:\n    session.rollback()\n    raise\nfinally:\n    session.close()') },
    { name: 'a savepoint around the statement', code: given('for row in rows:\n    try:\n        with session.begin_nested():\n            session.add(row)\n            session.flush()\n    except IntegrityError:\n        pass\nsession.commit()') },
    { name: 'a transaction around the statement', code: given('try:\n    with session.begin():\n        session.execute(insert(rows))\nexcept IntegrityError:\n    pass') },
    { name: 'the handler leaves the transaction around it by raising', code: given('with session.begin():\n    try:\n        session.flush()\n    except IntegrityError:\n        raise ValueError') },
    { name: 'a session that is opened inside the try', code: given('try:\n    with Session() as session:\n        session.add(rows)\n        session.commit()\nexcept SQLAlchemyError:\n    logger.exception("x")', 'def save(rows):') },
    { name: 'a session of this function that is left alone', code: given(`with Session() as session:\n    ${TRY.replace(/\n(?=.)/g, '\n    ')}    except SQLAlchemyError:\n        logger.exception("x")`, 'def save(rows):') },
    { name: 'a session of this function, without with', code: given(`session = Session()\n${TRY}except SQLAlchemyError:\n    logger.exception("x")`, 'def save(rows):') },
    { name: 'a new session in each round', code: given(`for row in rows:\n    with Session() as session:\n        try:\n            session.commit()\n        except SQLAlchemyError:\n            logger.exception("x")`, 'def save(rows):') },
    { name: 'bound anew', code: given(`session = Session()\n${TRY}except SQLAlchemyError:\n    session = Session()\nsession.commit()`, 'def save(rows):') },
    { name: 'only staged', code: given('try:\n    session.add(rows)\nexcept SQLAlchemyError:\n    pass') },
    { name: 'no result is no database error', code: given('try:\n    row = session.execute(select(rows)).scalar_one()\nexcept NoResultFound:\n    row = None\nsession.commit()') },
    { name: 'other exceptions', code: given(`${TRY}except ValueError:\n    pass`) },
    { name: 'an earlier handler has them', code: given(`${TRY}except SQLAlchemyError:\n    session.rollback()\n    raise\nexcept Exception:\n    logger.exception("x")`) },
    { name: 'a read, after which the session is left alone', code: given('try:\n    return session.execute(select(rows)).all()\nexcept DBAPIError:\n    logger.exception("x")\n    return []') },
    { name: 'a read that cannot violate a constraint', code: given('try:\n    session.execute(select(rows))\nexcept IntegrityError:\n    pass\nsession.execute(select(rows))') },
    { name: 'a read on another database', settings: { sqlalchemy: { dialect: 'sqlite' } }, code: given('try:\n    session.execute(select(rows))\nexcept DBAPIError:\n    pass\nsession.execute(select(rows))') },
    { name: 'a read in each round, with a broad handler', code: given('for row in rows:\n    try:\n        session.execute(select(row))\n    except Exception:\n        logger.exception("x")') },
    { name: 'a requests session', code: 'def load(session, urls):\n    for url in urls:\n        try:\n            session.get(url)\n        except Exception:\n            pass\n        session.get(url)\n' },
    { name: 'a connection', code: 'from sqlalchemy import create_engine, insert\nengine = create_engine("postgresql://")\n\ndef save(rows):\n    with engine.begin() as connection:\n        for row in rows:\n            try:\n                connection.execute(insert(row))\n            except Exception:\n                pass\n' },
    { name: 'a function that looks after itself', code: given('try:\n    store(session)\nexcept SQLAlchemyError:\n    pass').concat('\ndef store(session: Session):\n    try:\n        session.commit()\n    except SQLAlchemyError:\n        session.rollback()\n        raise\n') },
    { name: 'a context manager of the project that rolls back', code: given('try:\n    with unit(session):\n        session.flush()\nexcept SQLAlchemyError:\n    pass').concat('\nfrom contextlib import contextmanager\n\n@contextmanager\ndef unit(session: Session):\n    try:\n        yield\n        session.commit()\n    except BaseException:\n        session.rollback()\n        raise\n') },
    { name: 'the savepoint by hand', code: given('nested = session.begin_nested()\ntry:\n    session.flush()\n    nested.commit()\nexcept IntegrityError:\n    nested.rollback()') },
    { name: 'the flag of the handler', code: given('ok = True\ntry:\n    session.flush()\nexcept IntegrityError:\n    ok = False\nif ok:\n    session.commit()\nelse:\n    raise ValueError') },
    { name: 'a lambda, a nested function', code: given('try:\n    on_commit(lambda: session.commit())\n    def later():\n        session.commit()\nexcept SQLAlchemyError:\n    pass') },
    { name: 'ends the process', code: given(`import sys\n${TRY}except SQLAlchemyError:\n    sys.exit(1)`) },
    { name: 'tests', path: 'tests/test_x.py', code: given(`${TRY}except SQLAlchemyError:\n    pass`) },
  ],
  invalid: [],
})

tester.run('rollback-after-db-error: handlers that go on', rollbackAfterDbError, {
  valid: [],
  invalid: [
    {
      name: 'the example: the next row',
      code: given('skipped = 0\nfor row in rows:\n    try:\n        session.add(Contact(**row))\n        session.flush()\n    except IntegrityError:\n        skipped += 1\nsession.commit()'),
      errors: [
        {
          messageId: 'flush',
          line: 10,
          message: '`except IntegrityError` continues with `session` after a failed flush: everything after this raises `PendingRollbackError`. Call `session.rollback()` here, or use `session.begin_nested()` around the insert.',
          suggestions: [
            { messageId: 'rollBack', output: given('skipped = 0\nfor row in rows:\n    try:\n        session.add(Contact(**row))\n        session.flush()\n    except IntegrityError:\n        session.rollback()\n        skipped += 1\nsession.commit()') },
            { messageId: 'useSavepoint', output: given('skipped = 0\nfor row in rows:\n    try:\n        with session.begin_nested():\n            session.add(Contact(**row))\n            session.flush()\n    except IntegrityError:\n        skipped += 1\nsession.commit()') },
          ],
        },
      ],
    },
    { name: 'the example: the caller goes on', code: given(`${TRY}except SQLAlchemyError:\n    logger.exception("visit not saved")`), errors: [{ messageId: 'flush', line: 8, suggestions: 1 }] },
    { name: 'an attribute of the object', code: 'from sqlalchemy.exc import DataError\n\nclass Repo:\n    def save(self, row):\n        try:\n            self._session.add(row)\n            self._session.flush()\n        except DataError:\n            return None\n', errors: [{ message: /`self\._session`/, line: 8, suggestions: 2 }] },
    { name: 'a session of the module', code: 'from sqlalchemy.orm import scoped_session, sessionmaker\nSession = scoped_session(sessionmaker())\n\ndef save(row):\n    try:\n        Session.add(row)\n        Session.commit()\n    except Exception:\n        pass\n', errors: [{ line: 8, suggestions: 1 }] },
    { name: 'later in the function, on a session of its own', code: given(`session = Session()\n${TRY}except Exception:\n    logger.exception("x")\nsession.execute(select(rows))`, 'def save(rows):'), errors: [{ line: 9, suggestions: 1 }] },
    { name: 'in the handler', code: given(`session = Session()\n${TRY}except Exception as error:\n    session.add(Failure(error))\n    session.commit()`, 'def save(rows):'), errors: [{ line: 9, suggestions: 1 }] },
    { name: 'given to a function', code: given(`session = Session()\n${TRY}except OperationalError:\n    pass\nreport(session)`, 'def save(rows):'), errors: [{ line: 9, suggestions: 1 }] },
    { name: 'the end of the transaction around it', code: given('session = Session()\nwith session.begin():\n    try:\n        session.flush()\n    except IntegrityError:\n        pass', 'def save(rows):'), errors: [{ line: 9, suggestions: 2 }] },
    { name: 'one path raises, the other does not', code: given(`${TRY}except IntegrityError:\n    if rows:\n        raise\n    return None`), errors: [{ line: 8, suggestions: 1 }] },
    { name: 'one path rolls back, the other does not', code: given(`${TRY}except IntegrityError:\n    if rows:\n        session.rollback()\n    return None`), errors: [{ line: 8, suggestions: 1 }] },
    { name: 'another session is rolled back', code: given(`${TRY}except IntegrityError:\n    db_session.rollback()`), errors: [{ line: 8, suggestions: 1 }] },
    { name: 'a bare except, a tuple, an alias, exceptions by a name', code: ['except:', 'except (ValueError, IntegrityError):', 'except Wrong:', 'except exc.IntegrityError:', 'except* IntegrityError:'].map((clause, i) => given(`${TRY}${clause}\n    pass`, `def save${i}(session: Session, rows):`).replace(HEAD, '')).join('').replace(/^/, `${HEAD}from sqlalchemy import exc\nWrong = (IntegrityError, KeyError)\n`), errors: 5 },
    { name: 'statements that write', code: ['session.execute(insert(rows))', 'session.exec(delete(rows).where(rows.id == 1))', 'session.query(rows).filter(rows.id == 1).delete()', 'session.bulk_save_objects(rows)', 'stmt = insert(rows)\n    session.scalars(stmt)'].map((statement, i) => given(`try:\n    ${statement}\nexcept IntegrityError:\n    pass`, `def save${i}(session: Session, rows):`).replace(HEAD, '')).join('').replace(/^/, HEAD), errors: 5 },
    { name: 'async', code: given('try:\n    session.add(rows)\n    await session.flush()\nexcept IntegrityError:\n    pass\nawait session.commit()', 'async def save(session: AsyncSession, rows):').replace('from sqlalchemy.orm', 'from sqlalchemy.ext.asyncio import AsyncSession\nfrom sqlalchemy.orm'), errors: [{ line: 9, suggestions: 2 }] },
    {
      name: 'a function of another module that is given the session',
      files: { 'app/__init__.py': '', 'app/store.py': 'from sqlalchemy.orm import Session\n\ndef store(session: Session, row):\n    session.add(row)\n    finish(session)\n\ndef finish(session: Session):\n    session.flush()\n' },
      code: `from app.store import store\n${given('for row in rows:\n    try:\n        store(session, row)\n    except IntegrityError:\n        continue')}`,
      errors: [{ messageId: 'flush', line: 9, suggestions: 2 }],
    },
    {
      name: 'a read, and another one',
      code: given('try:\n    total = session.scalar(select(rows))\nexcept DBAPIError:\n    total = session.scalar(select(rows).limit(1))\nreturn total'),
      errors: [{ messageId: 'statement', line: 7, message: '`except DBAPIError` queries `session` again after a failed statement, but PostgreSQL has aborted the transaction. Call `session.rollback()` first.', suggestions: 1 }],
    },
    { name: 'a read, and another one behind the try, also with a broad handler', code: given('try:\n    session.get(rows, 1)\nexcept Exception:\n    pass\nsession.execute(select(rows))'), errors: [{ messageId: 'statement', line: 7, suggestions: 1 }] },
    { name: 'a read in each round, with a handler of database errors', code: given('for row in rows:\n    try:\n        session.execute(select(row))\n    except OperationalError:\n        logger.exception("x")'), errors: [{ messageId: 'statement', line: 8, suggestions: 1 }] },
    { name: 'a project function that reads', code: given('try:\n    load(session)\nexcept SQLAlchemyError:\n    pass\nload(session)').concat('\ndef load(session: Session):\n    return session.execute(select(1)).all()\n'), errors: [{ messageId: 'statement', line: 7, suggestions: 1 }] },
    { name: 'a session by its setting', settings: { database: { sessionNames: ['uow'] } }, code: 'def save(uow):\n    try:\n        uow.commit()\n    except Exception:\n        pass\n', errors: [{ line: 4, suggestions: 1 }] },
    { name: 'an autoflushing constructor in another order: match and walrus', code: given('match rows:\n    case 1:\n        try:\n            if (done := session.flush()):\n                pass\n        except IntegrityError:\n            pass\nsession.commit()'), errors: [{ line: 10, suggestions: 2 }] },
  ],
})

const MODULE = `for row in rows:
    try:
        session.add(Contact(**row))
        session.flush()
    except IntegrityError:
        skipped += 1
`

tester.run('rollback-after-db-error: code of a module', rollbackAfterDbError, {
  valid: [
    { name: 'a rollback', code: `${HEAD}${MODULE.replace('skipped += 1', 'session.rollback()')}session.commit()\n` },
    { name: 'left alone afterwards', code: `${HEAD}session = Session()\ntry:\n    session.commit()\nexcept SQLAlchemyError:\n    print("failed")\n` },
    { name: 'the module of a script', path: 'scripts/load.py', code: `${HEAD}${MODULE}session.commit()\n` },
  ],
  invalid: [
    { name: 'the next round', code: `${HEAD}${MODULE}`, errors: [{ messageId: 'flush', line: 8, suggestions: 2 }] },
    { name: 'a later statement', code: `${HEAD}try:\n    session.flush()\nexcept SQLAlchemyError:\n    print("failed")\nsession.commit()\n`, errors: [{ messageId: 'flush', line: 6, suggestions: 2 }] },
    { name: 'a function in a script', path: 'scripts/load.py', code: given(`${TRY}except SQLAlchemyError:\n    logger.exception("x")`), errors: [{ messageId: 'flush', line: 8, suggestions: 1 }] },
  ],
})
