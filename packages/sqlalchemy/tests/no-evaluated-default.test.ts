import { RuleTester } from '@krait/rule-tester'
import { noEvaluatedDefault } from '../src/rules/no-evaluated-default.ts'

const head =
  'import os, random, secrets, time, uuid\nfrom collections import defaultdict\nfrom datetime import UTC, date, datetime, timedelta\nfrom decimal import Decimal\nfrom functools import partial\nfrom uuid import uuid4\nfrom sqlalchemy import JSON, Column, DateTime, Sequence, func, text\nfrom sqlalchemy.orm import mapped_column\nimport sqlalchemy as sa\nfrom alembic import op\n'
const LINE = 11

function code(name: string, line: string, files: Readonly<Record<string, string>> = {}) {
  return { name, code: `${head}${line}\n`, files }
}

/** With the code after the suggestion or fix. */
function after(line: string): string {
  return `${head}${line}\n`
}

new RuleTester().run('no-evaluated-default', noEvaluatedDefault, {
  valid: [
    code('callables', 'x = mapped_column(default=uuid4, onupdate=datetime.utcnow)'),
    code('list', 'x = Column(JSON, default=list)'),
    code('a lambda', 'x = Column(DateTime, default=lambda: datetime.now(UTC))'),
    code('partial', 'x = Column(DateTime, default=partial(datetime.now, UTC))'),
    code('func.now()', 'x = Column(DateTime, server_default=func.now(), onupdate=func.now())'),
    code('text()', 'x = Column(DateTime, server_default=text("now()"))'),
    code('words', 'x = Column(String, server_default="Hello (world)")'),
    code('a sequence', 'x = Column(DateTime, Sequence("s"), server_default=sa.Identity())'),
    code('constants', 'x = Column(DateTime, default=Decimal(0), onupdate=timedelta(0), server_default=str(20))'),
    code('plain server defaults', 'x = [Column(JSON, server_default="0"), Column(JSON, server_default="{}"), Column(JSON, server_default="active"), Column(JSON, server_default="a (b) c")]'),
    code('a tuple', 'x = Column(JSON, default=())'),
    code('an unknown function', 'x = Column(JSON, default=make())'),
    code('a pure function', 'from app.values import zero\nx = Column(JSON, default=zero())', { 'app/values.py': 'def zero():\n    return 0\n' }),
    code('existing_server_default', 'op.alter_column("t", "c", existing_server_default="now()")'),
    code('another call', 'x = dict(default=[])\ny = partial(print, default=datetime.now())'),
    code('onupdate of a list', 'x = Column(JSON, onupdate=[])'),
    { name: 'Field of SQLModel copies', code: 'from sqlmodel import Field\nfrom uuid import uuid4\nx = Field(default=[], default_factory=uuid4)\n' },
    { name: 'Field of Pydantic', code: 'from pydantic import Field\nfrom uuid import uuid4\nx = Field(default=uuid4())\n' },
  ],
  invalid: [
    {
      ...code('datetime.utcnow()', 'x = Column(DateTime, default=datetime.utcnow())'),
      errors: [
        {
          messageId: 'once',
          line: LINE,
          message: '`default=datetime.utcnow()` is evaluated once, when the module is imported. Pass the callable: `default=datetime.utcnow`.',
          suggestions: [{ messageId: 'replace', output: after('x = Column(DateTime, default=datetime.utcnow)') }],
        },
      ],
    },
    { ...code('with arguments', 'x = mapped_column(default=datetime.now(UTC))'), errors: [{ messageId: 'once', suggestions: [{ messageId: 'replace', output: after('x = mapped_column(default=lambda: datetime.now(UTC))') }] }] },
    { ...code('inside an expression', 'x = mapped_column(insert_default=uuid4().hex)'), errors: [{ messageId: 'once', suggestions: 1 }] },
    { ...code('onupdate', 'x = mapped_column(\n    onupdate=date.today(),\n)'), errors: [{ line: LINE + 1, suggestions: 1 }] },
    { ...code('more of them', 'x = [Column(default=time.time()), Column(default=secrets.token_hex(8)), Column(default=random.random()), Column(default=os.urandom(3)), Column(default=str(uuid.uuid1()))]'), errors: [1, 2, 3, 4, 5].map(() => ({ messageId: 'once', suggestions: 1 })) },
    { ...code('server_default', 'x = Column(DateTime, server_default=str(datetime.now()))'), errors: [{ messageId: 'onceInSchema', line: LINE }] },
    { ...code('a function of the project', 'from app.clock import now\nx = Column(DateTime, default=now())', { 'app/clock.py': 'from datetime import UTC, datetime\ndef now():\n    return datetime.now(UTC)\n' }), errors: [{ line: LINE + 1, suggestions: 1 }] },
    { ...code('in a migration', 'op.add_column("t", sa.Column("at", sa.DateTime(), default=datetime.now()))'), errors: [{ messageId: 'once', suggestions: 1 }] },
    {
      name: 'Field of SQLModel',
      code: 'from sqlmodel import Field\nfrom uuid import uuid4\nx = Field(default=uuid4())\n',
      errors: [
        {
          message: '`default=uuid4()` is evaluated once, when the module is imported. Pass the callable: `default_factory=uuid4`.',
          suggestions: [{ messageId: 'replace', output: 'from sqlmodel import Field\nfrom uuid import uuid4\nx = Field(default_factory=uuid4)\n' }],
        },
      ],
    },
    { ...code('[]', 'x = Column(JSON, default=[])'), errors: [{ messageId: 'shared', line: LINE, message: '`default=[]` is shared by all rows; use `default=list`.' }], output: after('x = Column(JSON, default=list)') },
    { ...code('{}', 'x = mapped_column(JSON, insert_default={})'), errors: ['shared'], output: after('x = mapped_column(JSON, insert_default=dict)') },
    { ...code('set()', 'x = Column(JSON, default=set())'), errors: ['shared'], output: after('x = Column(JSON, default=set)') },
    { ...code('values', 'x = Column(JSON, default={"a": 1})'), errors: [{ messageId: 'shared', suggestions: [{ messageId: 'replace', output: after('x = Column(JSON, default=lambda: {"a": 1})') }] }] },
    { ...code('a comprehension', 'x = Column(JSON, default=[n for n in NAMES])'), errors: [{ messageId: 'shared', suggestions: 1 }] },
    { ...code('defaultdict', 'x = Column(JSON, default=defaultdict(list))'), errors: [{ messageId: 'shared', suggestions: 1 }] },
    { ...code('a list of another name', 'list = 3\nx = Column(JSON, default=[])'), errors: [{ messageId: 'shared', suggestions: 1 }] },
    {
      ...code('"now()"', 'x = Column(DateTime, server_default="now()")'),
      errors: [
        {
          messageId: 'quoted',
          message: '`server_default="now()"` is a quoted string; use `text("now()")` or `func.now()`.',
          suggestions: [{ messageId: 'replace', output: after('x = Column(DateTime, server_default=text("now()"))') }],
        },
      ],
    },
    { ...code('keywords and calls', 'x = [Column(server_default="CURRENT_TIMESTAMP"), Column(server_default="current_date"), Column(server_default="nextval(\'s\')"), Column(server_default="true()")]'), errors: [1, 2, 3, 4].map(() => ({ messageId: 'quoted', suggestions: 1 })) },
    {
      name: 'text is imported',
      code: 'from flask_sqlalchemy import SQLAlchemy\ndb = SQLAlchemy()\nx = db.Column(db.DateTime, server_default="now()")\n',
      errors: [{ suggestions: [{ messageId: 'replace', output: 'from flask_sqlalchemy import SQLAlchemy\nfrom sqlalchemy import text\ndb = SQLAlchemy()\nx = db.Column(db.DateTime, server_default=text("now()"))\n' }] }],
    },
  ],
})
