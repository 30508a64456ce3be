import { python, RuleTester } from '@krait/rule-tester'
import { noFlagLookupInLoop } from '../src/rules/no-flag-lookup-in-loop.ts'

const IMPORTS = python`
  import os
  import httpx
  from functools import cache
  from sqlalchemy import select
  from sqlalchemy.ext.asyncio import AsyncSession
  from sqlalchemy.orm import Session

  def feature_enabled(db: Session, name, org=None):
      return db.scalar(select(Flag).where(Flag.name == name)) is not None

  async def has_feature(db: AsyncSession, name):
      return await load(db, name)

  async def load(db: AsyncSession, name):
      return await db.get(Flag, name)

  def evaluate_flag(name):
      return httpx.get("https://flags/" + name).json()

  def is_flag_enabled(name):
      return os.environ.get(name) == "1"

  @cache
  def get_flag(name):
      return httpx.get("https://flags/" + name).json()

  class FlagService:
      def __init__(self, db: Session):
          self.db = db
      def is_enabled(self, name, user_id):
          return self.db.scalar(select(Flag)) is not None

  class Account:
      def __init__(self, db: Session):
          self.db = db
      def is_enabled(self):
          return self.db.scalar(select(Flag)) is not None

`
const LINES = IMPORTS.split('\n').length - 1

function valid(name: string, code: string, more: object = {}) {
  return { name, code: IMPORTS + code, ...more }
}

function invalid(name: string, code: string, line: number, more: { message?: string; options?: readonly object[]; settings?: object } = {}) {
  const { message, ...others } = more
  return { name, code: IMPORTS + code, errors: [{ messageId: 'lookup', line: LINES + line, ...(message && { message }) }], ...others } as never
}

new RuleTester().run('sqlalchemy/no-flag-lookup-in-loop', noFlagLookupInLoop, {
  valid: [
    valid('before the loop', 'def f(db: Session, rows):\n    on = feature_enabled(db, "x")\n    return [r for r in rows if on]\n'),
    valid('the first iterable', 'def f(db: Session):\n    return [r for r in feature_enabled(db, "x")]\n'),
    valid('memory', 'def f(rows):\n    return [r for r in rows if is_flag_enabled("x")]\n'),
    valid('remembered', 'def f(rows):\n    return [r for r in rows if get_flag("x")]\n'),
    valid('while', 'def f(db: Session):\n    while True:\n        feature_enabled(db, "x")\n'),
    valid('a literal', 'def f(db: Session):\n    return {n: feature_enabled(db, n) for n in ("a", "b")}\n'),
    valid('another object', 'def f(accounts: list[Account]):\n    return [a for a in accounts if a.is_enabled()]\n'),
    valid('not resolved', 'def f(users, flags):\n    return [u for u in users if flags.is_enabled("x", u.id)]\n'),
    valid('too deep', 'async def f(db: AsyncSession, rows):\n    return [r for r in rows if await has_feature(db, "x")]\n', { options: [{ maxDepth: 1 }] }),
    valid('a test', 'def f(db: Session, rows):\n    return [r for r in rows if feature_enabled(db, "x")]\n', { path: 'tests/test_a.py' }),
  ],
  invalid: [
    invalid('a method', 'def f(flags: FlagService, users):\n    for user in users:\n        if flags.is_enabled("beta", user.id):\n            pass\n', 3, {
      message: '`flags.is_enabled` is evaluated for every `user` and reaches the database each time. Load the flags once before the loop.',
    }),
    invalid('the class tells', 'def f(service: FlagService, users):\n    return [u for u in users if service.is_enabled("beta", u.id)]\n', 2),
    invalid('a function', 'def f(db: Session, rows):\n    return [r for r in rows if feature_enabled(db, "x", r.org)]\n', 2),
    invalid('an async function', 'async def f(db: AsyncSession, rows):\n    async for r in rows:\n        await has_feature(db, "x")\n', 3),
    invalid('another service', 'def f(rows):\n    for r in rows:\n        evaluate_flag(r)\n', 3, {
      message: '`evaluate_flag` is evaluated for every `r` and reaches another service each time. Load the flags once before the loop.',
    }),
    invalid('a function that the options name', 'def f(rows):\n    for r in rows:\n        gate(r)\n', 3, { options: [{ functions: ['gate'] }] }),
    invalid('a function that the settings name', 'def f(rows, client):\n    for r in rows:\n        client.bool_variation(r)\n', 3, { settings: { sqlalchemy: { flagFunctions: ['*.bool_variation'] } } }),
  ],
})
