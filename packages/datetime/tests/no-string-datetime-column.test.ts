import { RuleTester } from '@krait/rule-tester'
import { noStringDatetimeColumn } from '../src/rules/no-string-datetime-column.ts'

const HEAD = `from sqlalchemy import Column, String
from sqlalchemy.orm import DeclarativeBase, Mapped

class Base(DeclarativeBase): ...

class Job(Base):
    __tablename__ = "jobs"
`

new RuleTester().run('datetime/no-string-datetime-column', noStringDatetimeColumn, {
  valid: [
    { name: 'no evidence', code: `${HEAD}    run_at_cron: Mapped[str]\n    made_at = Column(String)\n` },
    { name: 'a class that is no model', code: 'class A:\n    made_at: str = ""\n', options: [{ namePattern: '_at$' }] },
    { name: 'other names', code: `${HEAD}    name: Mapped[str]\n    run_at_cron: Mapped[str]\n`, options: [{ namePattern: '(_at|_datetime|_timestamp)$' }] },
  ],
  invalid: [
    {
      name: 'by name',
      code: `${HEAD}    name: Mapped[str]\n    made_at: Mapped[str]\n    seen_timestamp = Column(String)\n`,
      options: [{ namePattern: '(_at|_datetime|_timestamp)$' }],
      errors: [
        { message: '`Job.made_at` is a String column with the name of a timestamp. Use DateTime(timezone=True): text sorts and compares wrongly across offsets.', line: 9 },
        { messageId: 'named', line: 10 },
      ],
    },
  ],
})

new RuleTester().runProject(noStringDatetimeColumn, new URL('no-string-datetime-column.md', import.meta.url), { pack: 'datetime' })
