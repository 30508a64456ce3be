import { RuleTester } from '@krait/rule-tester'
import { noUnboundedList } from '../src/rules/no-unbounded-list.ts'
import { blogFiles, blogHead } from './helpers/blog.ts'

const head = `${blogHead}
import flask
from fastapi import APIRouter, Depends, FastAPI
from fastapi.responses import StreamingResponse
from fastapi_pagination import Page, paginate
from flask import Blueprint, jsonify
from pydantic import BaseModel
router = APIRouter(prefix="/v1")
app = FastAPI()
bp = Blueprint("bp", __name__)
class BookOut(BaseModel):
    id: int
`
const headLines = head.split('\n').length - 1

function valid(name: string, code: string, files: Readonly<Record<string, string>> = {}) {
  return { name, path: 'app/api.py', files: { ...blogFiles, ...files }, code: head + code }
}

function invalid(name: string, code: string, line: number, message?: string, files: Readonly<Record<string, string>> = {}) {
  return { ...valid(name, code, files), errors: [{ line: headLines + line, ...(message !== undefined && { message }) }] }
}

const get = '@router.get("/books", response_model=list[BookOut])\n'
const handler = (body: string) => `${get}def list_books(db: Session, limit: int, ids: list[int]):\n    ${body}\n`


new RuleTester().run('sqlalchemy/no-unbounded-list', noUnboundedList, {
  valid: [
    valid('limit', handler('return db.scalars(select(Book).limit(limit).offset(3)).all()')),
    valid('in_', handler('return db.scalars(select(Book).where(Book.id.in_(ids))).all()')),
    valid('in_ among others', handler('return db.scalars(select(Book).where(and_(Book.price > 1, Book.id.in_(ids)))).all()')),
    valid('in_ in a variable', handler('condition = Book.author_id.in_(ids)\n    return db.scalars(select(Book).where(condition)).all()')),
    valid('a unique key', handler('return db.scalars(select(Book).where(Book.id == limit)).all()')),
    valid('fetch', handler('return db.scalars(select(Book).fetch(3)).all()')),
    valid('slice', handler('return db.query(Book).slice(0, 3).all()')),
    valid('a limit in a variable', handler('stmt = select(Book)\n    stmt = stmt.order_by(Book.id).limit(limit)\n    return db.scalars(stmt).all()')),
    valid('a group', handler('return db.execute(select(Book, func.count()).group_by(Book.id)).all()')),
    valid('columns', handler('return db.scalars(select(Book.id)).all()')),
    valid('yield_per', handler('return db.scalars(select(Book).execution_options(yield_per=10)).all()')),
    valid('yield_per of the result', handler('return db.scalars(select(Book)).yield_per(10).all()')),
    valid('unknown conditions', handler('return db.scalars(select(Book).where(*ids)).all()')),
    valid('an unknown statement', handler('return db.scalars(limit).all()')),
    valid('a paginator', '@router.get("/books", response_model=Page[BookOut])\ndef list_books(db: Session):\n    return paginate(db, select(Book))\n'),
    valid('first', handler('return db.scalars(select(Book)).first()')),
    valid('POST', '@router.post("/books", response_model=list[BookOut])\ndef list_books(db: Session):\n    return db.scalars(select(Book)).all()\n'),
    valid('no handler', 'def list_books(db: Session) -> list[Book]:\n    return db.scalars(select(Book)).all()\n'),
    valid('no collection', '@router.get("/summary")\ndef summary(db: Session) -> int:\n    books = db.scalars(select(Book)).all()\n    return sum(book.price for book in books)\n'),
    valid('a dict of them', '@router.get("/summary")\ndef summary(db: Session):\n    books = db.scalars(select(Book)).all()\n    return {"total": len(books)}\n'),
    valid('a stream', '@router.get("/export", response_model=list[BookOut])\ndef export(db: Session):\n    return StreamingResponse(str(b) for b in db.scalars(select(Book)).all())\n'),
    valid('a stream by its class', '@router.get("/export", response_class=StreamingResponse)\ndef export(db: Session) -> list[BookOut]:\n    return db.scalars(select(Book)).all()\n'),
    valid('a stream of its own', '@bp.get("/export")\ndef export(db: Session):\n    def rows():\n        yield 1\n    for book in db.scalars(select(Book)):\n        yield book\n'),
    { ...valid('an allowed model', handler('return db.scalars(select(Book)).all()')), options: [{ allowModels: ['Book'] }] },
    { ...valid('a test', handler('return db.scalars(select(Book)).all()')), path: 'tests/test_api.py' },
    valid('a function whose result is not returned', 'def load(db: Session):\n    return db.scalars(select(Book)).all()\n@router.get("/books")\ndef list_books(db: Session):\n    load(db)\n    return []\n'),
    valid('two levels away', 'def load(db: Session):\n    return db.scalars(select(Book)).all()\ndef service(db: Session):\n    return load(db)\n@router.get("/books")\ndef list_books(db: Session):\n    return service(db)\n'),
    valid('all() of something else', '@router.get("/books")\ndef list_books(repo) -> list[int]:\n    return repo.all()\n'),
  ],
  invalid: [
    invalid('all()', '@app.get("/books", response_model=list[BookOut])\ndef list_books(db: Session): return db.scalars(select(Book)).all()\n', 2, '`GET /books` returns every `Book`. Add `limit`/`offset` (or cursor) parameters.'),
    invalid('with the prefix of the router', `${handler('return db.scalars(select(Book)).all()')}app.include_router(router)\n`, 3, '`GET /v1/books` returns every `Book`. Add `limit`/`offset` (or cursor) parameters.'),
    invalid('the callee line', handler('return (\n        db.scalars(select(Book))\n        .all()\n    )'), 5),
    invalid('a return annotation', '@app.get("/books")\nasync def list_books(db: AsyncSession) -> list[BookOut]:\n    result = await db.execute(select(Book))\n    return result.scalars().all()\n', 4),
    invalid('Sequence', 'from collections.abc import Sequence\n@app.get("/books")\ndef list_books(db: Session) -> Sequence[Book]:\n    books = db.scalars(select(Book)).all()\n    books.sort()\n    return books\n', 4),
    invalid('the rows themselves', '@app.get("/books")\ndef list_books(db: Session):\n    return db.scalars(select(Book)).all()\n', 3),
    invalid('a comprehension over the rows', '@app.get("/books")\ndef list_books(db: Session):\n    rows = db.query(Book).all()\n    return [row.title for row in rows]\n', 3),
    invalid('fetchall', handler('return db.execute(select(Book)).fetchall()'), 3),
    invalid('list()', handler('return list(db.scalars(select(Book)))'), 3),
    invalid('iteration', '@app.get("/books")\ndef list_books(db: Session):\n    return [\n        book.title\n        for book in db.scalars(select(Book))\n    ]\n', 5),
    invalid('iteration of a result', handler('out = []\n    for book in db.execute(select(Book)).scalars():\n        out.append(book)\n    return out'), 4),
    invalid('iteration of a query', handler('return [book.title for book in db.query(Book)]'), 3),
    invalid('filtered by what is not unique', handler('return db.scalars(select(Book).where(Book.author_id == limit)).all()'), 3),
    invalid('joined', handler('return db.scalars(select(Book).join(Book.author).where(Author.active)).all()'), 3),
    invalid('limited on one path', handler('stmt = select(Book)\n    if limit:\n        stmt = stmt.limit(limit)\n    return db.scalars(stmt).all()'), 6),
    invalid('Flask', '@bp.route("/books")\ndef books(db: Session):\n    return [book.title for book in db.query(Book).all()]\n', 3, '`GET /books` returns every `Book`. Add `limit`/`offset` (or cursor) parameters.'),
    invalid('Flask with jsonify', '@bp.get("/books")\ndef books(db: Session):\n    return jsonify([book.title for book in db.query(Book).all()])\n', 3),
    invalid('a function in the same file', 'def load(db: Session):\n    return db.scalars(select(Book)).all()\n@app.get("/books")\ndef list_books(db: Session):\n    return load(db)\n', 2, '`GET /books` returns every `Book`. Add `limit`/`offset` (or cursor) parameters.'),
    invalid('a method', 'class Service:\n    def load(self, db: Session):\n        return db.scalars(select(Book)).all()\n@app.get("/books")\ndef list_books(db: Session, service: Service = Depends()):\n    books = service.load(db)\n    return [book.title for book in books]\n', 3),
    {
      ...invalid('a handler in another file', 'async def load(db: AsyncSession):\n    return (await db.scalars(select(Book))).all()\n', 2, '`GET /books` returns every `Book`. Add `limit`/`offset` (or cursor) parameters.', {
        'app/routes.py': 'from fastapi import APIRouter\nfrom app import service\nrouter = APIRouter()\n@router.get("/books")\nasync def list_books(db):\n    return await service.load(db)\n',
      }),
      path: 'app/service.py',
    },
    invalid('a factory', 'def create():\n    app = FastAPI()\n    @app.get("/books")\n    def list_books(db: Session):\n        return db.scalars(select(Book)).all()\n    return app\n', 5),
    invalid('several methods', '@bp.route("/books", methods=["GET", "POST"])\ndef books(db: Session):\n    return db.query(Book).all()\n', 3),
  ],
})
