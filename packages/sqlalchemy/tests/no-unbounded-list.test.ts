import { RuleTester } from '@krait/rule-tester'
import { noUnboundedList } from '../src/rules/no-unbounded-list.ts'
import { blogInvalid as invalid, blogValid as valid } from './helpers/blog.ts'

const app = 'from fastapi import FastAPI, APIRouter\nfrom pydantic import BaseModel\napp = FastAPI()\nclass Out(BaseModel):\n    id: int\n'

function route(body: string, decorator = '@app.get("/books", response_model=list[Out])', signature = 'def books(db: Session, ids: list[int], limit: int)'): string {
  return `${app}${decorator}\n${signature}:\n    ${body}\n`
}

const line = 8

new RuleTester().run('sqlalchemy/no-unbounded-list', noUnboundedList, {
  valid: [
    valid('a limit', route('return db.scalars(select(Book).limit(limit)).all()')),
    valid('slice, fetch', route('return db.query(Book).slice(0, 10).all() or db.scalars(select(Book).fetch(3)).all()')),
    valid('by a unique key', route('return db.scalars(select(Book).where(Book.id == 1)).all()')),
    valid('by ids', route('return db.scalars(select(Book).where(Book.id.in_(ids))).all()')),
    valid('groups', route('return db.execute(select(Book.author_id, func.count()).group_by(Book.author_id)).all()')),
    valid('an unknown statement', route('return db.scalars(limit).all()')),
    valid('no GET', route('return db.scalars(select(Book)).all()', '@app.post("/books", response_model=list[Out])')),
    valid('no handler', 'def books(db: Session):\n    return db.scalars(select(Book)).all()\n'),
    valid('another result', route('return len(db.scalars(select(Book)).all())', '@app.get("/count")')),
    valid('paginated', route('return paginate(db, select(Book))')),
    { ...valid('allowed', route('return db.scalars(select(Book)).all()')), options: [{ allowModels: ['Book'] }] },
    { ...valid('a test', route('return db.scalars(select(Book)).all()')), path: 'tests/test_a.py' },
  ],
  invalid: [
    invalid('all rows', route('return db.scalars(select(Book)).all()'), { line, messageId: 'unbounded', message: '`GET /books` returns every `Book`. Add `limit`/`offset` (or cursor) parameters.' }),
    invalid('a legacy query', route('return db.query(Book).all()'), { line }),
    invalid('an annotated result', route('return db.scalars(select(Book).where(Book.price > 1)).all()', '@app.get("/books")', 'def books(db: Session) -> list[Out]'), { line }),
    invalid('the rows themselves', route('return db.scalars(select(Book)).all()', '@app.get("/books")'), { line }),
    invalid('a comprehension', route('return [b.title for b in db.query(Book).all()]', '@app.get("/books")'), { line }),
    invalid('iteration', route('return [b.title for b in db.scalars(select(Book))]', '@app.get("/books")'), { line }),
    invalid('iteration over a legacy query', route('return [b.title for b in db.query(Book)]', '@app.get("/books")'), { line }),
    invalid('list', route('return list(db.scalars(select(Book)))'), { line }),
    invalid('awaited, in a variable', route('rows = (await db.scalars(select(Book))).all()\n    return rows', '@app.get("/books")', 'async def books(db: AsyncSession)'), { line }),
    {
      name: 'in a function that the handler calls',
      path: 'app/repo.py',
      files: {
        ...valid('', '').files,
        'app/main.py': 'from fastapi import FastAPI\nfrom app.repo import load_books\napp = FastAPI()\n@app.get("/books")\ndef books(db):\n    return load_books(db)\n',
      },
      code: 'from sqlalchemy import select\nfrom sqlalchemy.orm import Session\nfrom app.models import Book\ndef load_books(db: Session):\n    return db.scalars(select(Book)).all()\n',
      errors: [{ line: 5 }],
    },
    invalid('Flask', 'from flask import Flask\napp = Flask(__name__)\n@app.route("/books")\ndef books():\n    return [b.title for b in Session().query(Book).all()]\n', { line: 5 }),
  ],
})
