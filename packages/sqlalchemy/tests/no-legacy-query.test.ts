import { RuleTester } from '@krait/rule-tester'
import { noLegacyQuery } from '../src/rules/no-legacy-query.ts'
import { blogInvalid as invalid, blogValid as valid } from './helpers/blog.ts'

const flask = {
  'shop/__init__.py': '',
  'shop/db.py': 'from flask_sqlalchemy import SQLAlchemy\ndb = SQLAlchemy()\n',
  'shop/models.py': 'from shop.db import db\nclass User(db.Model):\n    id = db.Column(db.Integer, primary_key=True)\n    name = db.Column(db.String)\n',
}

new RuleTester().run('sqlalchemy/no-legacy-query', noLegacyQuery, {
  valid: [
    valid('select', 'def f(db: Session):\n    return db.scalars(select(Author)).all()\n'),
    valid('other queries', 'def f(index, request, df, client):\n    index.query("x")\n    request.query\n    df.query("a > 1")\n    client().query("SELECT 1")\n    request.query.get("a")\n'),
    valid('a model without a query', 'Author.query\n'),
    valid('another Query', 'from fastapi import Query\ndef f(x=Query(None)): ...\n'),
    valid('an import that is not used', 'from sqlalchemy.orm import Query\n'),
    valid('lazy of something else', 'from sqlalchemy.orm import relationship\nrelationship("A", lazy="selectin")\nfoo(lazy="dynamic")\n'),
    { ...valid('SQLAlchemy 1.3', 'def f(db: Session):\n    return db.query(Author).all()\n'), settings: { sqlalchemy: { version: '1.3' } } },
  ],
  invalid: [
    invalid('a session', 'def f(db: Session):\n    return db.query(Author).get(1)\n', {
      line: 2,
      messageId: 'session',
      message: '`db.query(Author)` is the legacy API; write `select(Author)` and run it with `db.scalars(...)`.',
    }),
    invalid('the line of query', 'def f(db: Session):\n    return (\n        db\n        .query(Author)\n        .all()\n    )\n', { line: 4 }),
    invalid('a session by use', 'def f(db):\n    return db.query(Author).all()\n', { line: 2 }),
    invalid('self.session', 'class Repo:\n    def __init__(self, session: Session):\n        self.session = session\n    def f(self):\n        return self.session.query(Author.id)\n', { line: 5 }),
    invalid('Query as an annotation', 'from sqlalchemy.orm import Query\ndef f(q: Query): ...\n', { line: 1, messageId: 'class' }),
    invalid('Query as a base, renamed', 'from sqlalchemy.orm import (\n    Load,\n    Query as Q,\n)\nclass MyQuery(Q): ...\n', { line: 3, messageId: 'class' }),
    invalid('a dynamic relationship', 'from sqlalchemy.orm import relationship\nbooks = relationship(\n    "Book",\n    lazy="dynamic",\n)\n', { line: 4, messageId: 'dynamic' }),
    {
      name: 'a model of Flask-SQLAlchemy',
      path: 'shop/views.py',
      files: flask,
      code: 'from shop.models import User\n\ndef active():\n    return User.query.filter_by(name="a").all()\n',
      errors: [{ line: 4, messageId: 'model' as const, message: '`User.query` is the legacy API; write `select(User)` and run it with `session.scalars(...)`.' }],
    },
    {
      name: 'the session of Flask-SQLAlchemy, and cls',
      path: 'shop/more.py',
      files: flask,
      code: 'from shop.db import db\nfrom shop.models import User\n\nclass Admin(User):\n    @classmethod\n    def all(cls):\n        return cls.query.all()\n\ndef f():\n    return db.session.query(User).all()\n',
      errors: [{ line: 7 }, { line: 10 }],
    },
    {
      name: 'a base with query_property',
      path: 'app/own.py',
      files: { 'app/__init__.py': '' },
      code: 'from sqlalchemy import Column, Integer\nfrom sqlalchemy.orm import DeclarativeBase, scoped_session, sessionmaker\ndb = scoped_session(sessionmaker())\nclass Base(DeclarativeBase):\n    query = db.query_property()\nclass A(Base):\n    __tablename__ = "a"\n    id = Column(Integer, primary_key=True)\nA.query.all()\n',
      errors: [{ line: 9 }],
    },
  ],
})
