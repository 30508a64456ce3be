import { RuleTester, python } from '@krait/rule-tester'
import { noLegacyQuery } from '../src/rules/no-legacy-query.ts'
import { blogHead, blogInvalid as invalid, blogValid as valid } from './helpers/blog.ts'

const flask = {
  'app/db.py': 'from flask_sqlalchemy import SQLAlchemy\ndb = SQLAlchemy()\n',
  'app/users.py': python`
    from app.db import db

    class User(db.Model):
        id = db.Column(db.Integer, primary_key=True)
        active = db.Column(db.Boolean)

    class Search(db.Model):
        id = db.Column(db.Integer, primary_key=True)
        query = db.Column(db.String)
  `,
  'app/old.py': python`
    from sqlalchemy import Column, Integer
    from sqlalchemy.orm import declarative_base, scoped_session, sessionmaker

    db_session = scoped_session(sessionmaker())
    Base = declarative_base()
    Base.query = db_session.query_property()

    class Plain(Base):
        __tablename__ = "plain"
        id = Column(Integer, primary_key=True)

    class WithProperty(Base):
        __tablename__ = "with_property"
        id = Column(Integer, primary_key=True)
        query = db_session.query_property()
  `,
}

new RuleTester().run('sqlalchemy/no-legacy-query', noLegacyQuery, {
  valid: [
    valid('select', 'def f(db: Session):\n    db.get(Author, 1)\n    db.scalars(select(Author).where(Author.active)).all()\n'),
    valid('an index', 'def f(index, vector):\n    index.query(vector, top_k=3)\n    index.query("x")\n'),
    valid('a request', 'def f(request):\n    request.query\n    request.query("a")\n    return request.url.query\n'),
    valid('BigQuery', 'from google.cloud import bigquery\ndef f():\n    bigquery.Client().query("SELECT 1")\n    client = bigquery.Client()\n    client.query("SELECT 1")\n'),
    valid('a data frame', 'def f(df):\n    return df.query("a > 1")\n'),
    valid('an async session has none', 'async def f(db: AsyncSession):\n    db.query(Author)\n'),
    valid('a method of the project', 'class Repo:\n    def query(self, model): ...\ndef f(repo: Repo):\n    repo.query(Author)\n'),
    valid('an instance', 'def f(author: Author):\n    author.query\n'),
    valid('a column named query', 'from app.users import Search\ndef f():\n    return Search.query\n', flask),
    valid('a model without a query', 'def f():\n    return Author.query\n'),
    valid('another class', 'class Form:\n    query = 1\nForm.query\n'),
    valid("FastAPI's Query", 'from fastapi import Query\ndef f(q: str = Query()):\n    return q\n'),
    valid('an import that is not used', 'from sqlalchemy.orm import Query\n'),
    valid('another import', 'from sqlalchemy.orm import relationship, QueryableAttribute\nrelationship\nQueryableAttribute\n'),
    valid('another way to load', 'from sqlalchemy.orm import relationship\nrelationship("Book", lazy="select")\nrelationship("Book", lazy="write_only")\n'),
    valid('lazy of something else', 'def f(load, **kw): ...\nf(None, lazy="dynamic")\n{"lazy": "dynamic"}\n'),
    { ...valid('SQLAlchemy 1.3', 'def f(db: Session):\n    db.query(Author)\n'), settings: { sqlalchemy: { version: '1.3' } } },
  ],
  invalid: [
    invalid('a query', 'def f(db: Session, id):\n    return db.query(Author).get(id)\n', { line: 2, message: '`db.query(Author)` is the legacy API; write `select(Author)` and run it with `db.scalars(...)`.' }),
    invalid('columns', 'def f(db: Session):\n    return db.query(Author.id, Author.name).all()\n', { line: 2, message: '`db.query(Author.id, Author.name)` is the legacy API; write `select(Author.id, Author.name)` and run it with `db.scalars(...)`.' }),
    invalid('an aggregate', 'def f(db: Session):\n    return db.query(func.count(Author.id)).scalar()\n', { line: 2 }),
    invalid('the line of query', 'def f(db: Session):\n    return (\n        db\n        .query(Author)\n        .all()\n    )\n', { line: 4 }),
    invalid('a session by its name', 'def f(session):\n    return session.query(Author).all()\n', { line: 2 }),
    invalid('a session by the old name of its class', 'from typing import Any\nfrom sqlalchemy.orm.scoping import ScopedSession\nOurSession = ScopedSession[Any]\ndef f(db: OurSession, x):\n    return db.query(x).all()\n', { line: 5 }),
    invalid('a session by its use', 'def f(db):\n    return db.query(Author).all()\n', { line: 2 }),
    invalid('an attribute', 'class Repo:\n    def __init__(self, db: Session):\n        self.db = db\n    def f(self):\n        return self.db.query(Author).all()\n', { line: 5 }),
    invalid('something unknown that takes a model', 'def f(info):\n    return info.context["db"].query(Author).all()\n', { line: 2 }),
    invalid('an unknown entity on a session', 'class Repo:\n    model = None\n    def f(self, db: Session):\n        return db.query(self.model).all()\n', { line: 4 }),
    { ...invalid('SQLAlchemy 1.4', 'def f(db: Session):\n    db.query(Author)\n', { line: 2 }), settings: { sqlalchemy: { version: '1.4' } } },
    invalid('Flask', 'from app.users import User\ndef f():\n    return User.query.filter_by(active=True).all()\n', { line: 3, message: '`User.query` is the legacy API; write `select(User)` and run it with `session.scalars(...)`.' }, flask),
    invalid("Flask's session", 'from app.db import db\nfrom app.users import User\ndef f():\n    return db.session.query(User).all()\n', { line: 4 }, flask),
    invalid('a class method', 'from app.db import db\nclass Item(db.Model):\n    id = db.Column(db.Integer, primary_key=True)\n    @classmethod\n    def all(cls):\n        return cls.query.all()\n', { line: 6 }, flask),
    invalid('a base with query_property()', 'from app.old import Plain\ndef f():\n    return Plain.query.all()\n', { line: 3 }, flask),
    invalid('a model with query_property()', 'from app.old import WithProperty\ndef f():\n    return WithProperty.query.all()\n', { line: 3 }, flask),
    invalid('the class Query', 'from sqlalchemy.orm import (\n    Query,\n    relationship,\n)\nclass Mine(Query): ...\n', { line: 2 }),
    invalid('the class Query by another name', 'from sqlalchemy.orm.query import Query as Q\ndef f(q: Q) -> Q:\n    return q\n', { line: 1 }),
    invalid('dynamic', 'from sqlalchemy.orm import relationship\nbooks = relationship(\n    "Book",\n    lazy="dynamic",\n)\n', { line: 4, message: '`lazy="dynamic"` gives the legacy `Query`; write `lazy="write_only"`, and run the `select()` that it gives with `session.scalars(...)`.' }),
    invalid('a dynamic backref', 'from sqlalchemy.orm import backref, relationship\nauthor = relationship("Author", backref=backref("books", lazy="dynamic"))\n', { line: 2 }),
    invalid("dynamic with Flask's object", 'from app.db import db\nbooks = db.relationship("Book", lazy="dynamic")\n', { line: 2 }, flask),
    invalid('dynamic with SQLModel', 'from sqlmodel import Relationship\nbooks: list["Book"] = Relationship(sa_relationship_kwargs={"lazy": "dynamic"})\n', { line: 2 }),
    invalid('dynamic with SQLModel, by dict()', 'from sqlmodel import Relationship\nbooks: list["Book"] = Relationship(sa_relationship_kwargs=dict(lazy="dynamic"))\n', { line: 2 }),
    { ...invalid('several in a file', 'def f(db: Session):\n    db.query(Author)\n    db.query(Book)\n'), errors: [{ line: blogHead.split('\n').length + 1 }, { line: blogHead.split('\n').length + 2 }] },
  ],
})
