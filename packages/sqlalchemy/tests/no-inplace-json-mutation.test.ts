import { RuleTester } from '@krait/rule-tester'
import { noInplaceJsonMutation } from '../src/rules/no-inplace-json-mutation.ts'
import { blogInvalid as invalid, blogValid as valid } from './helpers/blog.ts'

const plain = { line: 2, suggestions: 2 }
const flagged = { line: 2, suggestions: 1 }

new RuleTester().run('sqlalchemy/no-inplace-json-mutation', noInplaceJsonMutation, {
  valid: [
    valid('a new value', 'def f(r: Report):\n    r.settings = {**r.settings, "a": 1}\n'),
    valid('flag_modified', 'from sqlalchemy.orm.attributes import flag_modified\ndef f(r: Report):\n    r.settings["a"] = 1\n    flag_modified(r, "settings")\n'),
    valid('flag_modified on some path', 'from sqlalchemy.orm import attributes\ndef f(r: Report, x):\n    r.settings["a"] = 1\n    if x:\n        attributes.flag_modified(r, "settings")\n'),
    valid('assigned anew', 'def f(r: Report):\n    r.settings["a"] = 1\n    r.settings = dict(r.settings)\n'),
    valid('a copy', 'def f(r: Report):\n    d = dict(r.settings)\n    d["a"] = 1\n    r.settings = d\n'),
    valid('a deep copy', 'import copy\ndef f(r: Report):\n    d = copy.deepcopy(r.settings)\n    d["a"]["b"] = 1\n    r.settings = d\n'),
    valid('a nested change of a copy that is not assigned', 'def f(r: Report):\n    d = dict(r.settings)\n    d["a"]["b"] = 1\n    return d\n'),
    valid('a new item of a copy', 'def f(r: Report, x):\n    d = dict(r.settings)\n    d["a"] = list(d.get("a", []))\n    d["a"].append(x)\n    r.settings = d\n'),
    valid('elements of a loop, assigned anew', 'def f(r: Report):\n    for entry in r.settings:\n        entry["seen"] = True\n    r.settings = [dict(entry) for entry in r.settings]\n'),
    valid('a new item of a mutable column', 'def f(w: Wrapped):\n    w.data["a"] = {}\n    w.data["a"]["b"] = 1\n'),
    valid('a mutable column that is told', 'def f(w: Wrapped):\n    w.data["a"]["b"] = 1\n    w.data.changed()\n'),
    valid('a mutable column', 'def f(w: Wrapped):\n    w.data["a"] = 1\n    w.items.append(1)\n    w.data.update(b=2)\n    w.items += [1]\n'),
    valid('read-only', 'def f(r: Report):\n    r.settings.get("a"), r.settings.items(), r.settings["a"], r.settings.copy()\n'),
    valid('a new object', 'def f():\n    r = Report(settings={})\n    r.settings["a"] = 1\n    return r\n'),
    valid('a relationship', 'def f(a: Author, b):\n    a.books.append(b)\n'),
    valid('another object', 'def f(r):\n    r.settings["a"] = 1\nclass Box:\n    settings: dict\ndef g(b: Box):\n    b.settings["a"] = 1\n'),
    valid('another column', 'def f(r: Report):\n    r.title.replace("a", "b")\n    r.tags = []\n    r.tags.append(1)\n'),
    valid('a rebound variable', 'def f(r: Report):\n    d = r.settings\n    d = {}\n    d["a"] = 1\n'),
    valid('a value that was assigned here and is not written yet', 'def f(r: Report, value):\n    r.settings = value\n    r.settings["a"] = 1\n'),
    valid('an object that leaves the session', 'def f(session, rows: list[Report]):\n    for r in rows:\n        r.settings["a"] = 1\n        session.expunge(r)\n    return rows\n'),
    valid('an object that has left the session', 'def f(session, r: Report):\n    session.expunge_all()\n    r.settings["a"] = 1\n    return r\n'),
    valid('an associated type', 'from app.other import Thing\ndef f(t: Thing):\n    t.data["a"] = 1\n', {
      'app/other.py': 'from sqlalchemy import JSON, Column, Integer\nfrom sqlalchemy.ext.mutable import MutableDict\nfrom app.models import Base\nMutableDict.associate_with(JSON)\nclass Thing(Base):\n    __tablename__ = "things"\n    id = Column(Integer, primary_key=True)\n    data = Column(JSON)\n',
    }),
  ],
  invalid: [
    invalid('a key', 'def f(r: Report):\n    r.settings["a"] = 1\n', {
      ...plain,
      messageId: 'dict',
      message: 'In-place change of `r.settings` is not saved: `settings` is a plain `JSON` column. Assign a new value (`r.settings = {**r.settings, …}`), use `MutableDict`, or call `flag_modified`.',
    }),
    invalid('another object that leaves the session', 'def f(session, r: Report, other: Report):\n    r.settings["a"] = 1\n    session.expunge(other)\n', plain),
    invalid('append', 'def f(r: Report, x):\n    r.settings.append(x)\n', { ...plain, messageId: 'list' }),
    invalid('update, pop, del', 'def f(a: Author):\n    a.profile.update({"a": 1})\n', plain),
    invalid('pop', 'def f(a: Author):\n    x = a.profile.pop("a")\n', { line: 2, suggestions: 0 }),
    invalid('del', 'def f(a: Author):\n    del a.profile["a"]\n', flagged),
    invalid('a deeper key', 'def f(a: Author):\n    a.profile["a"]["b"] = 1\n', flagged),
    invalid('a method on an element', 'def f(a: Author):\n    a.profile["a"].append(1)\n', flagged),
    invalid('a method on what get gives', 'def f(a: Author):\n    a.profile.get("a").append(1)\n', flagged),
    invalid('+=', 'def f(r: Report):\n    r.settings += [1]\n', flagged),
    invalid('|=', 'def f(r: Report):\n    r.settings |= {"a": 1}\n', flagged),
    invalid('an augmented element', 'def f(r: Report):\n    r.settings["n"] += 1\n', flagged),
    invalid('a local name', 'def f(r: Report):\n    d = r.settings\n    d["a"] = 1\n    r.settings = d\n', { line: 3, suggestions: 1 }),
    invalid('a local name or a default', 'def f(r: Report):\n    d = r.settings or {}\n    d["a"] = 1\n    r.settings = d\n', { line: 3, suggestions: 1 }),
    invalid('a nested change of a copy', 'def f(r: Report):\n    d = dict(r.settings)\n    d["a"]["b"] = 1\n    r.settings = d\n', { line: 3, suggestions: 1, messageId: 'copied' }),
    invalid('a nested change of a literal copy', 'def f(r: Report):\n    d = {**r.settings}\n    d["a"].append(1)\n    r.settings = d\n', { line: 3, suggestions: 1, messageId: 'copied' }),
    invalid('a nested change of a list that is a copy', 'def f(r: Report):\n    d = [*r.settings]\n    d[0]["b"] = 1\n    r.settings = d\n', { line: 3, suggestions: 1, messageId: 'copied' }),
    invalid('an element of a loop', 'def f(r: Report):\n    for entry in r.settings:\n        entry["seen"] = True\n', { line: 3, suggestions: 1 }),
    invalid('an element of a loop over what a key holds', 'def f(r: Report):\n    for entry in r.settings["a"].values():\n        entry.update(seen=True)\n', { line: 3, suggestions: 1 }),
    invalid('an element of a loop over a copy', 'def f(r: Report):\n    d = list(r.settings)\n    for entry in d:\n        entry["seen"] = True\n    r.settings = d\n', { line: 4, suggestions: 1, messageId: 'copied' }),
    invalid('a method on what setdefault gives', 'def f(a: Author):\n    a.profile.setdefault("a", []).append(1)\n', flagged),
    invalid('a key of what setdefault gives', 'def f(a: Author):\n    a.profile.setdefault("a", {})["b"] = 1\n', flagged),
    invalid('nested in a mutable column', 'def f(w: Wrapped):\n    w.data["a"]["b"] = 1\n', { ...flagged, messageId: 'nested' }),
    invalid('a TypeDecorator', 'def f(d: Decorated):\n    d.data["a"] = 1\n', plain),
    invalid('a row', 'def f(s: Session):\n    r = s.get(Report, 1)\n    r.settings["a"] = 1\n    s.commit()\n', { line: 3, suggestions: 2 }),
    invalid('a new object that was flushed', 'def f(s: Session):\n    r = Report(settings={})\n    s.add(r)\n    s.flush()\n    r.settings["a"] = 1\n', { line: 5, suggestions: 2 }),
    invalid('a value that was assigned here and written', 'def f(s: Session, r: Report, value):\n    r.settings = value\n    s.commit()\n    r.settings["a"] = 1\n', { line: 4, suggestions: 2 }),
    invalid('another object of the same name is assigned later', 'def f(rs: list[Report]):\n    for r in rs:\n        r.settings["a"] = 1\n    for r in rs:\n        r.settings = {}\n', { line: 3, suggestions: 2 }),
    invalid('a TypeDecorator by load_dialect_impl', 'from app.other import Thing\ndef f(t: Thing):\n    t.data["a"]["b"] = 1\n', { line: 3, suggestions: 1 }, {
      'app/other.py':
        'from sqlalchemy import JSON, Column, Integer, Text, TypeDecorator\nfrom sqlalchemy.dialects.postgresql import JSONB\nfrom app.models import Base\nclass Any(TypeDecorator):\n    impl = Text\n    def load_dialect_impl(self, dialect):\n        if dialect.name == "postgresql":\n            return dialect.type_descriptor(JSONB())\n        return dialect.type_descriptor(JSON())\nclass Thing(Base):\n    __tablename__ = "things"\n    id = Column(Integer, primary_key=True)\n    data = Column(Any())\n',
    }),
    invalid('flagged before', 'from sqlalchemy.orm.attributes import flag_modified\ndef f(r: Report):\n    flag_modified(r, "settings")\n    r.settings["a"] = 1\n', { line: 4, suggestions: 2 }),
    invalid('flagged for another column', 'from sqlalchemy.orm.attributes import flag_modified\ndef f(r: Report):\n    r.settings["a"] = 1\n    flag_modified(r, "title")\n', { line: 3, suggestions: 2 }),
    {
      ...valid('self in a method', ''),
      path: 'app/own.py',
      code: 'from sqlalchemy import JSON\nfrom sqlalchemy.orm import Mapped, mapped_column\nfrom app.models import Base\nclass Job(Base):\n    __tablename__ = "jobs"\n    id: Mapped[int] = mapped_column(primary_key=True)\n    meta: Mapped[dict] = mapped_column(JSON)\n    def note(self, text):\n        self.meta["note"] = text\n',
      errors: [{ line: 9, suggestions: 2 }],
    },
    {
      ...valid('a new list, or flag_modified', 'from sqlalchemy.orm.attributes import flag_modified\ndef f(r: Report, x):\n    r.settings.append(x)\n'),
      errors: [
        {
          line: 8,
          suggestions: [
            { messageId: 'assign' as const, output: valid('', 'from sqlalchemy.orm.attributes import flag_modified\ndef f(r: Report, x):\n    r.settings = [*r.settings, x]\n').code },
            {
              messageId: 'flag' as const,
              output: valid('', 'from sqlalchemy.orm.attributes import flag_modified\ndef f(r: Report, x):\n    r.settings.append(x)\n    flag_modified(r, "settings")\n').code,
            },
          ],
        },
      ],
    },
  ],
})
