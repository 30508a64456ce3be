import { RuleTester } from '@krait/rule-tester'
import { setStatusOnExit } from '../src/rules/set-status-on-exit.ts'

const tester = new RuleTester()

const FILES = {
  'app/__init__.py': '',
  'app/models.py': `from enum import StrEnum
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

class Base(DeclarativeBase):
    pass

class UserStatus(StrEnum):
    ACTIVE = "active"
    CLOSED = "closed"
    PENDING_EMAIL = "pending_email"

class User(Base):
    __tablename__ = "users"
    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str]
    pending_email: Mapped[str | None]
    nickname: Mapped[str | None]
    status: Mapped[UserStatus]

    def transition_to(self, status):
        self._set(status)

    def _set(self, status):
        self.status = status

    def touch(self):
        self.name = "x"

    def reset(self):
        self.pending_email = None

class Document:
    reviewer: str | None
    title: str
    state: str
`,
  'app/entries.py': `from app.models import Document, User, UserStatus

def request_email_change(user: User, email: str) -> None:
    user.pending_email = email
    user.status = UserStatus.PENDING_EMAIL

def request_review(document: Document, reviewer):
    document.reviewer = reviewer
    document.title = "x"
    document.state = "awaiting_review"

def rename(user: User, name: str):
    if name:
        user.nickname = name
    else:
        user.status = UserStatus.PENDING_EMAIL

def close(user: User, name: str):
    user.nickname = name
    user.status = UserStatus.CLOSED
`,
  'app/helpers.py': `from app.models import User

def settle(user: User):
    finish(user)

def finish(user: User):
    user.status = "x"

def note(user: User):
    user.name = "x"
`,
}

const HEAD = `from sqlalchemy import select, update
from app.helpers import note, settle
from app.models import Document, User, UserStatus
`

/** A function whose body begins in line 5. */
function given(body: string, signature = 'def cancel_email_change(user: User) -> None:'): string {
  return `${HEAD}${signature}\n${body.replace(/^/gm, '    ')}\n`
}

function valid(name: string, code: string) {
  return { name, files: FILES, code }
}

tester.run('set-status-on-exit: what is fine', setStatusOnExit, {
  valid: [
    valid('the status is set behind it', given('user.pending_email = None\nuser.status = UserStatus.ACTIVE')),
    valid('the status is set before it', given('user.status = UserStatus.ACTIVE\nuser.pending_email = None')),
    valid('on both branches', given('user.pending_email = None\nif user.name:\n    user.status = UserStatus.ACTIVE\nelse:\n    user.status = UserStatus.CLOSED')),
    valid('setattr', given('user.pending_email = None\nsetattr(user, "status", UserStatus.ACTIVE)')),
    valid('an update', given('user.pending_email = None\nsession.execute(update(User).where(User.id == user.id).values(status=UserStatus.ACTIVE))')),
    valid('an update by a dictionary', given('user.pending_email = None\nsession.query(User).update({User.status: UserStatus.ACTIVE})')),
    valid('a method that sets it', given('user.pending_email = None\nuser.transition_to(UserStatus.ACTIVE)')),
    valid('a function that sets it', given('user.pending_email = None\nsettle(user)')),
    valid('an unknown method of it', given('user.pending_email = None\nuser.machine_fire("cancel")')),
    valid('the path raises', given('user.pending_email = None\nraise ValueError')),
    valid('another field', given('user.nickname = None')),
    valid('a field that is set on another branch than the status, or with another state', given('user.nickname = ""')),
    valid('a field that can not be empty', given('document.title = ""', 'def cancel(document: Document):')),
    valid('another value', given('user.pending_email = "x"')),
    valid('an object that is not known', given('user.pending_email = None', 'def cancel(user):')),
    valid('a model without triggers', given('other.pending_email = None', 'def cancel(other: UserStatus):')),
    valid('a new object that gets it all', given('user.pending_email = None\nuser.status, user.name = UserStatus.ACTIVE, "x"')),
    { name: 'an entry', files: FILES, path: 'app/more.py', code: 'from app.models import User, UserStatus\n\ndef change(user: User, email):\n    user.pending_email = None\n    if email:\n        user.pending_email = email\n        user.status = UserStatus.PENDING_EMAIL\n' },
    { name: 'a reset of the model', files: { 'app/__init__.py': '', 'app/entries.py': FILES['app/entries.py'] }, path: 'app/models.py', code: FILES['app/models.py'] },
    { name: 'other status fields', files: FILES, options: [{ statusFields: ['phase'] }], code: given('user.pending_email = None') },
    { name: 'another pattern', files: FILES, options: [{ waitingPattern: '^closed' }], code: given('user.pending_email = None') },
    { name: 'tests', files: FILES, path: 'tests/test_x.py', code: given('user.pending_email = None') },
  ],
  invalid: [],
})

tester.run('set-status-on-exit: forgotten', setStatusOnExit, {
  valid: [],
  invalid: [
    {
      name: 'the example, with the enum’s other members as suggestions',
      files: FILES,
      code: given('user.pending_email = None'),
      errors: [
        {
          messageId: 'forgotten',
          line: 5,
          message:
            '`cancel_email_change()` clears `user.pending_email`, which `request_email_change()` set together with `status = PENDING_EMAIL`, but leaves `status` as it is. ' +
            'Set `user.status` explicitly on this exit.',
          suggestions: [
            { messageId: 'setStatus', output: given('user.pending_email = None\nuser.status = UserStatus.ACTIVE') },
            { messageId: 'setStatus', output: given('user.pending_email = None\nuser.status = UserStatus.CLOSED') },
          ],
        },
      ],
    },
    {
      name: 'a class without SQLAlchemy, and a status that is a text',
      files: FILES,
      code: given('document.reviewer = None', 'async def reject(document: Document):'),
      errors: [{ message: /`request_review\(\)` set together with `state = awaiting_review`/, line: 5, suggestions: null }],
    },
    { name: 'session.get', files: FILES, code: given('user = await session.get(User, key)\nuser.pending_email = None\nawait session.commit()', 'async def reject(session: AsyncSession, key):').replace('from sqlalchemy import', 'from sqlalchemy.ext.asyncio import AsyncSession\nfrom sqlalchemy import'), errors: [{ line: 7, suggestions: 2 }] },
    { name: 'scalar_one of a select', files: FILES, code: given('user = session.execute(select(User)).scalar_one()\nuser.pending_email = ""', 'def reject(session: Session):').replace('from sqlalchemy import', 'from sqlalchemy.orm import Session\nfrom sqlalchemy import'), errors: [{ line: 7, suggestions: 2 }] },
    { name: 'a construction and a returned object', files: FILES, code: given('user = User()\nuser.pending_email = None\nother = find()\nother.pending_email = None', 'def find() -> User: ...\n\ndef cancel():'), errors: [{ line: 8, suggestions: 2 }, { line: 10, suggestions: 2 }] },
    { name: 'only on one branch', files: FILES, code: given('user.pending_email = None\nif user.name:\n    user.status = UserStatus.ACTIVE'), errors: [{ line: 5, suggestions: 2 }] },
    { name: 'the status of another object', files: FILES, code: given('user.pending_email = None\nother.status = UserStatus.ACTIVE', 'def cancel(user: User, other: User):'), errors: [{ line: 5, suggestions: 2 }] },
    { name: 'functions and methods that leave it alone', files: FILES, code: given('user.pending_email = None\nnote(user)\nuser.touch()\nlogger.info("x", user)'), errors: [{ line: 5, suggestions: 2 }] },
    { name: 'a subclass', files: FILES, code: `${HEAD}class Admin(User):\n    pass\n\ndef cancel(admin: Admin):\n    admin.pending_email = None\n`, errors: [{ line: 8, suggestions: 2 }] },
    { name: 'a method of the model', files: FILES, code: `${HEAD}class Admin(User):\n    def cancel(self):\n        self.pending_email = None\n`, errors: [{ line: 6, suggestions: 2 }] },
    {
      name: 'a machine of the options',
      files: FILES,
      options: [{ machines: [{ model: 'app.models.User', statusField: 'phase', triggerFields: ['nickname'] }] }],
      code: given('user.nickname = None'),
      errors: [{ messageId: 'forgottenByOption', line: 5, suggestions: null }],
    },
  ],
})

const LOAN = `from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

class Base(DeclarativeBase): ...

class Loan(Base):
    __tablename__ = "loans"
    id: Mapped[int] = mapped_column(primary_key=True)
    requested_by: Mapped[str | None]
    note: Mapped[str | None]
    status: Mapped[str]

class Desk:
    def __init__(self, loan: Loan):
        self.loan = loan

    def ask(self, who):
        self.loan.requested_by, self.loan.status = who, "REQUESTED"

    def _open(self):
        self.loan.status = "OPEN"
`

tester.run('set-status-on-exit: attributes of objects, several targets', setStatusOnExit, {
  valid: [
    { name: 'set together', code: `${LOAN}\n    def drop(self):\n        self.loan.requested_by, self.loan.status = None, "OPEN"\n` },
    { name: 'a method of what holds the object', code: `${LOAN}\n    def drop(self):\n        self.loan.requested_by = None\n        self._open()\n` },
    { name: 'unpacked', code: `${LOAN}\ndef drop(loan: Loan):\n    loan.requested_by, *rest = None, 1\n` },
  ],
  invalid: [
    { name: 'an attribute', code: `${LOAN}\n    def drop(self):\n        self.loan.requested_by = None\n`, errors: [{ messageId: 'forgotten', line: 23, data: { function: 'drop', field: 'self.loan.requested_by', entry: 'ask', state: 'REQUESTED', status: 'status', object: 'self.loan' } }] },
    { name: 'two targets', code: `${LOAN}\ndef drop(loan: Loan):\n    loan.requested_by, loan.note = None, "x"\n`, errors: [{ line: 23 }] },
    { name: 'a chain', code: `${LOAN}\ndef drop(loan: Loan):\n    loan.note = loan.requested_by = None\n`, errors: [{ line: 23 }] },
  ],
})
