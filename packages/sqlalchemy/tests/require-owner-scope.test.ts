import { RuleTester, python } from '@krait/rule-tester'
import { requireOwnerScope } from '../src/rules/require-owner-scope.ts'

const files = {
  'app/models.py': python`
    from sqlalchemy import ForeignKey
    from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column, relationship

    class Base(DeclarativeBase): ...

    class User(Base):
        __tablename__ = "users"
        id: Mapped[int] = mapped_column(primary_key=True)
        email: Mapped[str]
        clients: Mapped[list["Client"]] = relationship(back_populates="user", lazy="dynamic")

    class Client(Base):
        __tablename__ = "clients"
        id: Mapped[int] = mapped_column(primary_key=True)
        user_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
        phone: Mapped[str]
        email: Mapped[str]
        name: Mapped[str]
        user: Mapped[User] = relationship(back_populates="clients")
        calls: Mapped[list["Call"]] = relationship(back_populates="client")

    class Call(Base):
        __tablename__ = "calls"
        id: Mapped[int] = mapped_column(primary_key=True)
        client_id: Mapped[int] = mapped_column(ForeignKey("clients.id"))
        phone: Mapped[str]
        client: Mapped[Client] = relationship(back_populates="calls")
  `,
  'app/scoping.py': python`
    from app.models import Client

    def mine(stmt, user):
        return stmt.where(Client.user_id == user.id)
  `,
}

const head = `
from sqlalchemy import and_, delete, exists, func, or_, select, update
from sqlalchemy.orm import Session, aliased
from app.models import Call, Client, User
from app.scoping import mine
`
const headLines = head.split('\n').length - 1
const options = [{ scopes: [{ models: ['*'], owner: 'user_id', lookup: ['phone', 'email'] }] }] as const

function valid(name: string, code: string) {
  return { name, path: 'app/service.py', files, code: head + code, options }
}

function invalid(name: string, code: string, line: number, message?: string) {
  return { ...valid(name, code), errors: [{ line: headLines + line, ...(message !== undefined && { message }) }] }
}

new RuleTester().run('sqlalchemy/require-owner-scope', requireOwnerScope, {
  valid: [
    { ...valid('without options', 'def f(p):\n    return select(Client).where(Client.phone == p)\n'), options: [] },
    valid('scoped', 'def f(p, uid):\n    return select(Client).where(Client.phone == p, Client.user_id == uid)\n'),
    valid('scoped by a later step', 'def f(db: Session, p, uid):\n    stmt = select(Client).where(Client.phone == p)\n    stmt = stmt.where(Client.user_id == uid)\n    return db.scalar(stmt)\n'),
    valid('scoped on one path', 'def f(db: Session, p, uid):\n    stmt = select(Client).where(Client.phone == p)\n    if uid:\n        stmt = stmt.where(Client.user_id == uid)\n    return db.scalar(stmt)\n'),
    valid('scoped in an alternative', 'def f(p, uid):\n    return select(Client).where(Client.phone == p, or_(Client.user_id == uid, Client.name == "x"))\n'),
    valid('scoped by in_', 'def f(p, ids):\n    return select(Client).where(Client.phone == p, Client.user_id.in_(ids))\n'),
    valid('scoped by keyword', 'def f(db: Session, p, uid):\n    return db.query(Client).filter_by(phone=p, user_id=uid).first()\n'),
    valid('scoped by the relationship', 'def f(p, user):\n    return select(Client).where(Client.phone == p, Client.user == user)\n'),
    valid('scoped by has()', 'def f(p, mail):\n    return select(Client).where(Client.phone == p, Client.user.has(User.id == 1))\n'),
    valid('joined along the relationship', 'def f(p, uid):\n    return select(Client).join(Client.user).where(Client.phone == p, User.id == uid)\n'),
    valid('joined by the foreign key', 'def f(p, uid):\n    return select(Client).join(User).where(Client.phone == p, User.id == uid)\n'),
    valid('joined with a condition', 'def f(p):\n    return select(Client).join(User, User.id == Client.user_id).where(Client.phone == p)\n'),
    valid('a dynamic relationship', 'def f(user: User, p):\n    return user.clients.filter_by(phone=p).first()\n'),
    valid('by another column', 'def f(cid):\n    return select(Client).where(Client.id == cid)\n'),
    valid('known by its primary key', 'def f(cid, p):\n    return select(Client).where(Client.id == cid, Client.phone == p)\n'),
    valid('a model without the owner', 'def f(p):\n    return select(Call).where(Call.phone == p)\n'),
    valid('another comparison', 'def f(p):\n    return select(Client).where(Client.phone != p, Client.email.startswith("x"), Client.email.not_in([p]), ~Client.email.like(p))\n'),
    valid('unknown conditions', 'def f(p, conditions):\n    return select(Client).where(Client.phone == p, *conditions)\n'),
    valid('a scope that another function adds', 'def f(db: Session, p, user):\n    stmt = select(Client).where(Client.phone == p)\n    stmt = mine(stmt, user)\n    return db.scalar(stmt)\n'),
    valid('passed to what is not known', 'def f(p, scoped):\n    return scoped(select(Client).where(Client.phone == p))\n'),
    valid('returned to a caller that goes on', 'def by_phone(p):\n    return select(Client).where(Client.phone == p)\ndef f(db: Session, p, uid):\n    return db.scalar(by_phone(p).where(Client.user_id == uid))\n'),
    valid('inside of a statement that is scoped', 'def f(p, uid):\n    return select(Call).join(Client).where(Client.user_id == uid, Call.client_id.in_(select(Client.id).where(Client.phone == p)))\n'),
    { ...valid('an exempt function', 'def find_any(p):\n    return select(Client).where(Client.phone == p)\n'), options: [{ ...options[0], exempt: ['find_any*'] }] },
    { ...valid('another model', 'def f(p):\n    return select(Client).where(Client.phone == p)\n'), options: [{ scopes: [{ models: ['User'], owner: 'user_id', lookup: ['phone'] }] }] },
    { ...valid('a test', 'def f(p):\n    return select(Client).where(Client.phone == p)\n'), path: 'tests/test_x.py' },
    { ...valid('a migration', 'def f(p):\n    return select(Client).where(Client.phone == p)\n'), path: 'alembic/versions/1.py' },
    valid('joined, and narrowed by a value of what is selected', 'def f(p, cid):\n    return select(Call).join(Call.client).where(Call.client_id == cid, Client.phone == p)\n'),
    valid('an instance', 'def f(client: Client, p):\n    return client.phone == p\n'),
  ],
  invalid: [
    invalid('select', 'def f(p):\n    return select(Client).where(Client.phone == p)\n', 2, '`Client` is looked up by `phone` without `user_id`; two owners can share that value. Add `Client.user_id == …`.'),
    invalid('update', 'def f(db: Session, e):\n    db.execute(update(Client).where(Client.email == e).values(vip=True))\n', 2, '`Client` is looked up by `email` without `user_id`; two owners can share that value. Add `Client.user_id == …`.'),
    invalid('delete', 'def f(db: Session, e):\n    db.execute(delete(Client).where(e == Client.email))\n', 2),
    invalid('legacy', 'def f(db: Session, p):\n    return db.query(Client).filter(Client.phone == p).first()\n', 2),
    invalid('the line of the keyword', 'def f(db: Session, p, n):\n    return db.query(Client).filter_by(\n        name=n,\n        phone=\n        p,\n    ).first()\n', 4),
    invalid('the line of the comparison', 'def f(p, n):\n    return (\n        select(Client)\n        .where(\n            Client.name == n,\n            Client.phone == p,\n        )\n    )\n', 6),
    invalid('and_', 'def f(p, n):\n    return select(Client).where(and_(Client.name == n, Client.phone == p))\n', 2),
    invalid('or_', 'def f(p, e):\n    return select(Client).where(\n        or_(\n            Client.name == e,\n            Client.phone == p))\n', 5),
    invalid('or_ with in_', 'def f(p, e):\n    return select(Client).where((Client.name == e) | Client.phone.in_(p))\n', 2),
    invalid('in_', 'def f(phones):\n    return select(Client).where(Client.phone.in_(phones))\n', 2),
    invalid('ilike', 'def f(e):\n    return select(Client).where(Client.email.ilike(e))\n', 2),
    invalid('an expression', 'def f(e):\n    return select(Client).where(func.lower(Client.email) == e)\n', 2),
    invalid('a column alone', 'def f(db: Session, p):\n    return db.scalar(select(Client.id).where(Client.phone == p))\n', 2),
    invalid('joined along another relationship', 'def f(p):\n    return select(Call).join(Call.client).where(Client.phone == p)\n', 2),
    invalid('an alias', 'def f(p):\n    c = aliased(Client)\n    return select(c).where(c.phone == p)\n', 3),
    invalid('in a variable', 'def f(db: Session, p):\n    condition = Client.phone == p\n    stmt = select(Client)\n    stmt = stmt.where(condition)\n    return db.scalar(stmt)\n', 2),
    invalid('ordered by the owner', 'def f(p):\n    return select(Client).where(Client.phone == p).order_by(Client.user_id)\n', 2),
    invalid('values of the owner', 'def f(db: Session, p):\n    db.execute(update(Client).where(Client.phone == p).values(user_id=1))\n', 2),
    invalid('executed twice, reported once', 'def f(db: Session, p, n):\n    stmt = select(Client).where(Client.phone == p).where(Client.name == n)\n    return db.scalar(stmt)\n', 2),
    { ...invalid('a glob of models', 'def f(p):\n    return select(Client).where(Client.phone == p)\n', 2), options: [{ scopes: [{ models: ['Cl*'], owner: 'user_id', lookup: ['phone'] }] }] },
  ],
})
