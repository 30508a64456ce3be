import { python, RuleTester } from '@krait/rule-tester'
import { noCommitInRepository } from '../src/rules/no-commit-in-repository.ts'

const IMPORTS = python`
  from sqlalchemy.ext.asyncio import AsyncSession
  from sqlalchemy.orm import Session, sessionmaker
  SessionLocal = sessionmaker()

`
const LINES = IMPORTS.split('\n').length - 1
const INIT = '    def __init__(self, s: Session):\n        self.s = s\n'

function valid(name: string, code: string, more: object = {}) {
  return { name, code: IMPORTS + code, ...more }
}

function invalid(name: string, code: string, line: number, messageId: string, more: { output?: string; message?: string; path?: string; options?: readonly object[] } = {}) {
  const { output, message, ...others } = more
  const suggestions = output === undefined ? (messageId === 'commits' ? 1 : 0) : [{ messageId: 'flush', output: IMPORTS + output }]
  return { name, code: IMPORTS + code, errors: [{ messageId, line: LINES + line, suggestions, ...(message && { message }) }], ...others } as never
}

new RuleTester().run('sqlalchemy/no-commit-in-repository', noCommitInRepository, {
  valid: [
    valid('flush', `class OrderRepository:\n${INIT}    def add(self, o):\n        self.s.add(o)\n        self.s.flush()\n`),
    valid('a service', `class OrderService:\n${INIT}    def add(self, o):\n        self.s.commit()\n`),
    valid('a unit of work', `class SqlUnitOfWork:\n${INIT}    def done(self):\n        self.s.commit()\n`, { path: 'app/repositories/uow.py' }),
    valid('a session of its own', 'class OrderRepository:\n    def add(self, o):\n        with SessionLocal() as s:\n            s.add(o)\n            s.commit()\n'),
    valid('a session that it makes', 'class OrderRepository:\n    def add(self, o):\n        s = SessionLocal()\n        s.commit()\n'),
    valid('something else', 'class OrderRepository:\n    def add(self, git):\n        git.commit()\n'),
    valid('other classes', `class OrderRepository:\n${INIT}    def add(self, o):\n        self.s.commit()\n`, { options: [{ classes: ['*Store'], modules: [] }] }),
    valid('a module of its own', 'def add(session: Session, o):\n    session.commit()\n', { path: 'app/services/orders.py' }),
    valid('a test', 'def add(session: Session, o):\n    session.commit()\n', { path: 'tests/repositories/test_orders.py' }),
  ],
  invalid: [
    invalid('an attribute', `class OrderRepository:\n${INIT}    def create(self, o):\n        self.s.add(o)\n        self.s.commit()\n`, 6, 'commits', {
      message: '`OrderRepository.create` commits; leave the transaction to the calling service and use `flush()` here.',
      output: `class OrderRepository:\n${INIT}    def create(self, o):\n        self.s.add(o)\n        self.s.flush()\n`,
    }),
    invalid('a scoped session', 'from sqlalchemy.orm import scoped_session\nScoped = scoped_session(SessionLocal)\nclass UserDAO:\n    def add(self, o):\n        Scoped.commit()\n', 5, 'commits'),
    invalid('the session of Flask-SQLAlchemy', 'from flask_sqlalchemy import SQLAlchemy\ndb = SQLAlchemy()\nclass UserDAO:\n    def add(self, o):\n        db.session.commit()\n', 5, 'commits'),
    invalid('a parameter', 'class UserDAO:\n    async def add(self, session: AsyncSession, o):\n        await session.commit()\n', 3, 'commits'),
    invalid('a local name', `class OrderRepo:\n${INIT}    def create(self):\n        s = self.s\n        s.commit()\n`, 6, 'commits'),
    invalid('a rollback', `class OrderRepo:\n${INIT}    def create(self):\n        self.s.rollback()\n`, 5, 'rollsBack', {
      message: '`OrderRepo.create` rolls back; leave the transaction to the calling service and let the error out here.',
    }),
    invalid('a function of a module', 'async def remove(session, o):\n    await session.commit()\n', 2, 'commits', { path: 'app/repositories/orders.py' }),
    invalid('a method in a module', `class Orders:\n${INIT}    def create(self):\n        self.s.commit()\n`, 5, 'commits', { path: 'app/order_repository.py' }),
    invalid('an option', `class OrderStore:\n${INIT}    def create(self):\n        self.s.commit()\n`, 5, 'commits', { options: [{ classes: ['*Store'] }] }),
  ],
})
