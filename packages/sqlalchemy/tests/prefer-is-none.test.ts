import { RuleTester } from '@krait/rule-tester'
import { preferIsNone } from '../src/rules/prefer-is-none.ts'
import { blogHead, blogInvalid, blogValid as valid } from './helpers/blog.ts'

function fixed(name: string, text: string, line: number, output: string | null) {
  return { ...blogInvalid<'write'>(name, text, { line }), output: output === null ? null : blogHead + output }
}

const models = {
  'app/tasks.py': `from sqlalchemy import Column, ForeignKey, Integer, func
from sqlalchemy.ext.hybrid import hybrid_property
from sqlalchemy.orm import column_property, relationship
from app.models import Base
class Task(Base):
    __tablename__ = "tasks"
    id = Column(Integer, primary_key=True)
    parent_id = Column(ForeignKey("tasks.id"))
    closed_at = Column(Integer)
    open = Column(Integer)
    parent = relationship("Task")
    age = column_property(func.now() - closed_at)
    @hybrid_property
    def is_closed(self):
        return self.closed_at != None
`,
}

new RuleTester().run('sqlalchemy/prefer-is-none', preferIsNone, {
  valid: [
    valid('is_', 'select(Author).where(Author.deleted_at.is_(None), Author.deleted_at.is_not(None))\n'),
    valid('a value', 'def f(author: Author, x):\n    if author.deleted_at == None:\n        return x == None\n'),
    valid('an instance from a query', 'def f(s: Session):\n    author = s.get(Author, 1)\n    return author.deleted_at == None or s.scalars(select(Author)).first() == None\n'),
    valid('an instance in a loop', 'def f(authors: list[Author]):\n    return [a for a in authors if a.deleted_at != None]\n'),
    valid('a variable that may be None', 'def f(when=None):\n    return select(Author).where(Author.deleted_at == when)\n'),
    valid('booleans without the option', 'select(Author).where(Author.active == True, Author.active != False)\n'),
    valid('another comparison', 'select(Author).where(Author.deleted_at > None)\n'),
    valid('is None, which another rule reports', 'select(Author).where(Author.deleted_at is None)\n'),
    valid('a relationship has no is_()', 'select(Book).where(Book.author == None)\n'),
    valid('self in a hybrid property', 'from app.tasks import Task\n', models),
    { ...valid('the class of another module', ''), files: {}, code: 'from elsewhere import Task\nselect(Task).where(Task.parent_id == None)\n' },
    valid('a class without a mapping', 'class Plain:\n    x = None\nPlain.x == None\n'),
    valid('a chain', 'def f(x):\n    return x == Author.deleted_at == None\n'),
    valid('an unknown attribute of a model', 'select(Author).where(Author.unknown == None)\n'),
    valid('a hybrid', 'from app.tasks import Task\nselect(Task).where(Task.is_closed == None)\n', models),
    valid('the class itself', 'Author == None\n'),
    valid('None alone', 'None == None\n'),
  ],
  invalid: [
    {
      ...fixed('a column', 'select(Author).where(Author.deleted_at == None)\n', 1, 'select(Author).where(Author.deleted_at.is_(None))\n'),
      errors: [{ line: blogHead.split('\n').length, message: 'Write `Author.deleted_at.is_(None)`: `== None` invites a change to `is None`, which filters on a constant.' }],
    },
    {
      ...fixed('not equal', 'def f(q):\n    return q.filter(None != Author.deleted_at)\n', 2, 'def f(q):\n    return q.filter(Author.deleted_at.is_not(None))\n'),
      errors: [{ line: blogHead.split('\n').length + 1, message: 'Write `Author.deleted_at.is_not(None)`: `!= None` invites a change to `is not None`, which filters on a constant.' }],
    },
    fixed('in parentheses', 'select(Author).where((Author.deleted_at == None) | (Author.active))\n', 1, 'select(Author).where((Author.deleted_at.is_(None)) | (Author.active))\n'),
    fixed('inside of others', 'select(Author).where(or_(Author.deleted_at == None, Author.active))\n', 1, 'select(Author).where(or_(Author.deleted_at.is_(None), Author.active))\n'),
    fixed('outside of a query', 'gone = Author.deleted_at != None\n', 1, 'gone = Author.deleted_at.is_not(None)\n'),
    fixed('an alias', 'a = aliased(Author)\nselect(a).where(a.deleted_at == None)\n', 2, 'a = aliased(Author)\nselect(a).where(a.deleted_at.is_(None))\n'),
    fixed('a column of a table', 'select(rooms).where(rooms.c.floor == None)\n', 1, 'select(rooms).where(rooms.c.floor.is_(None))\n'),
    fixed('a column of a subquery', 'sub = select(Author.id).subquery()\nselect(sub).where(sub.c.id == None)\n', 2, 'sub = select(Author.id).subquery()\nselect(sub).where(sub.c.id.is_(None))\n'),
    fixed('a function', 'select(Author).where(func.max(Author.id) == None)\n', 1, 'select(Author).where(func.max(Author.id).is_(None))\n'),
    fixed('an operator', 'select(Book).where(Book.price + 1 == None)\n', 1, 'select(Book).where((Book.price + 1).is_(None))\n'),
    fixed('a key of JSON', 'select(Report).where(Report.settings["a"] == None)\n', 1, 'select(Report).where(Report.settings["a"].is_(None))\n'),
    fixed('a variable', 'def f():\n    column = Author.deleted_at\n    return select(Author).where(column == None)\n', 3, 'def f():\n    column = Author.deleted_at\n    return select(Author).where(column.is_(None))\n'),
    fixed('several lines', 'select(Author).where(\n    Author.deleted_at\n    == None\n)\n', 2, 'select(Author).where(\n    Author.deleted_at.is_(None)\n)\n'),
    fixed('a comment would be lost', 'select(Author).where(\n    Author.deleted_at  # when\n    == None\n)\n', 2, null),
    fixed('Python decides', 'select(Author).where(not Author.deleted_at == None)\n', 1, null),
    fixed('Python connects', 'def f(x):\n    return select(Author).where(x and Author.deleted_at == None)\n', 2, null),
    fixed('chosen by Python', 'def f(x):\n    return select(Author).where(Author.deleted_at == None if x else Author.active)\n', 2, 'def f(x):\n    return select(Author).where(Author.deleted_at.is_(None) if x else Author.active)\n'),
    fixed('a class method', 'class Special(Author):\n    @classmethod\n    def gone(cls):\n        return cls.deleted_at != None\n', 4, 'class Special(Author):\n    @classmethod\n    def gone(cls):\n        return cls.deleted_at.is_not(None)\n'),
    { ...fixed('a column property', 'from app.tasks import Task\nselect(Task).where(Task.age == None)\n', 2, 'from app.tasks import Task\nselect(Task).where(Task.age.is_(None))\n'), files: { ...valid('', '', models).files } },
    { ...fixed('SQLAlchemy 1.3', 'select(Author).where(Author.deleted_at != None)\n', 1, 'select(Author).where(Author.deleted_at.isnot(None))\n'), settings: { sqlalchemy: { version: '1.3' } } },
    {
      ...fixed('booleans', 'select(Author).where(Author.active == True)\n', 1, null),
      options: [{ booleans: true }],
      errors: [{ line: blogHead.split('\n').length, message: 'Write `Author.active.is_(True)`: `== True` invites a change to `is True`, which filters on a constant.' }],
    },
    { ...fixed('booleans on the left', 'select(Author).where(False != Author.active)\n', 1, null), options: [{ booleans: true }] },
  ],
})
