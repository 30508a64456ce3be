import { RuleTester } from '@krait/rule-tester'
import { consistentRelationship } from '../src/rules/consistent-relationship.ts'

const tester = new RuleTester()

const head = 'from sqlalchemy import Column, ForeignKey, Integer\nfrom sqlalchemy.orm import declarative_base, relationship\nBase = declarative_base()\n'
const a = (call: string) => `class A(Base):\n    __tablename__ = "a"\n    id = Column(Integer, primary_key=True)\n    bs = ${call}\n`
const b = (call: string) => `class B(Base):\n    __tablename__ = "b"\n    id = Column(Integer, primary_key=True)\n    a_id = Column(ForeignKey("a.id"))\n    a = ${call}\n`

tester.run('consistent-relationship', consistentRelationship, {
  valid: [
    { name: 'both sides', code: head + a('relationship("B", back_populates="a")') + b('relationship("A", back_populates="bs")') },
    { name: 'a backref', code: head + a('relationship("B", backref="owner")') + b('None') },
    { name: 'no model', code: 'class A:\n    bs = relationship("B", back_populates="a")\n' },
  ],
  invalid: [
    {
      name: 'the suggestion answers on the other side',
      code: head + a('relationship("B", back_populates="a")') + b('relationship("A")'),
      errors: [
        {
          messageId: 'oneSided',
          line: 7,
          message: '`A.bs` says `back_populates="a"`, but `B.a` has no `back_populates="bs"`; the two sides will not stay in sync.',
          suggestions: [{ messageId: 'addBackPopulates', output: head + a('relationship("B", back_populates="a")') + b('relationship("A", back_populates="bs")') }],
        },
      ],
    },
    {
      name: 'no suggestion for another file',
      path: 'app/a.py',
      code: `from app.base import *\n${a('relationship("B", back_populates="a")')}`,
      files: { 'app/__init__.py': '', 'app/base.py': head, 'app/b.py': `from app.base import *\n${b('relationship("A")')}` },
      errors: [{ messageId: 'oneSided', line: 5 }],
    },
  ],
})

tester.runProject(consistentRelationship, new URL('consistent-relationship.md', import.meta.url), { pack: 'sqlalchemy' })
