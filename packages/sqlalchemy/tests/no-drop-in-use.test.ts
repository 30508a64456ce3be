import { RuleTester } from '@krait/rule-tester'
import { noDropInUse } from '../src/rules/no-drop-in-use.ts'
import { HEAD_LINES, migration } from './helpers/migrations.ts'

const HEAD = 'from sqlalchemy import Column, Integer, String, Table\nfrom sqlalchemy.orm import DeclarativeBase, Mapped, deferred, mapped_column\n\nclass Base(DeclarativeBase): ...\n\n'
const user = 'class User(Base):\n    __tablename__ = "users"\n    id: Mapped[int] = mapped_column(primary_key=True)\n    nickname: Mapped[str]\n    name = Column("full_name", String)\n    photo = deferred(Column(String))\n'
const models = { 'app/models.py': HEAD + user }

function upgrade(name: string, body: string, files: Readonly<Record<string, string>> = models, extra = '') {
  return { name, ...migration(`def upgrade():\n${body.split('\n').map((line) => `    ${line}`).join('\n')}\n${extra}`), files }
}

const later = (body: string) => ({ 'alembic/versions/a2.py': `from alembic import op\nimport sqlalchemy as sa\nrevision = "a2"\ndown_revision = "a1"\ndef upgrade():\n    ${body}\n` })
const drop = 'op.drop_column("users", "nickname")'

new RuleTester().run('no-drop-in-use', noDropInUse, {
  valid: [
    upgrade('unmapped column', 'op.drop_column("users", "legacy")'),
    upgrade('unmapped table', 'op.drop_table("legacy_audit")'),
    upgrade('an attribute that is another column', 'op.drop_column("users", "name")'),
    upgrade('the same column of another table', 'op.drop_column("teams", "nickname")'),
    upgrade('added again', drop, { ...models, ...later('op.add_column("users", sa.Column("nickname", sa.Integer()))') }),
    upgrade('added again in the same upgrade', `${drop}\nop.add_column("users", sa.Column("nickname", sa.Integer()))`),
    upgrade('created again', 'op.drop_table("users")', { ...models, ...later('op.create_table("users", sa.Column("id", sa.Integer()))') }),
    upgrade('another table gets the name', 'op.drop_table("users")', { ...models, ...later('op.rename_table("accounts", "users")') }),
    upgrade('another column gets the name', `${drop}\nop.alter_column("users", "nick", new_column_name="nickname")`),
    upgrade('downgrade', 'pass', models, `def downgrade():\n    ${drop}\n`),
    upgrade('under a condition', `if old():\n    ${drop}`),
    upgrade('perhaps added again', drop, { ...models, ...later('for table in tables():\n        op.add_column(table, sa.Column("nickname", sa.Integer()))') }),
    upgrade('a copy of the model in the migration', drop, {}, `class User(Base):\n    __tablename__ = "users"\n    nickname: Mapped[str]\n`),
    upgrade('a model of a test', drop, { 'tests/models.py': HEAD + user }),
    upgrade('a model of another database', drop, { 'app/models.py': HEAD + user.replace('    id:', '    __bind_key__ = "x"\n    id:') }),
    upgrade('a model of another metadata', drop, {
      'app/models.py': `${HEAD}class Other(DeclarativeBase): ...\n\n${user}`,
      'alembic/env.py': 'from app.models import Other\ntarget_metadata = Other.metadata\n',
    }),
    upgrade('a column of the table of a model below', 'op.drop_column("users", "plot")', {
      'app/models.py': `${HEAD}${user}\nclass Author(User):\n    __tablename__ = "authors"\n    id: Mapped[int] = mapped_column(primary_key=True)\n    plot: Mapped[str]\n`,
    }),
    upgrade('a column of the table of a model above', 'op.drop_column("authors", "nickname")', {
      'app/models.py': `${HEAD}${user}\nclass Author(User):\n    __tablename__ = "authors"\n    id: Mapped[int] = mapped_column(primary_key=True)\n`,
    }),
    upgrade('a rename', 'op.alter_column("users", "nickname", new_column_name="nick")'),
    upgrade('SQL without the option', drop, { 'app/x.py': 'def f(session): session.execute("SELECT nickname FROM users")\n' }),
    { ...upgrade('SQL of a migration', drop, later('op.execute("SELECT nickname FROM users")')), options: [{ references: true }] },
    { ...upgrade('SQL about another column', drop, { 'app/x.py': 'def f(session): session.execute("SELECT name FROM users")\n' }), options: [{ references: true }] },
    { name: 'no migration', code: `from alembic import op\ndef upgrade():\n    ${drop}\n`, files: models },
  ],
  invalid: [
    {
      ...upgrade('a mapped column', drop),
      errors: [
        {
          messageId: 'mapped',
          line: HEAD_LINES + 2,
          message: 'This drops `users.nickname`, which `User.nickname` (`app/models.py`:9) still maps. Release code without it first.',
        },
      ],
    },
    { ...upgrade('a mapped table', 'op.drop_table("users")'), errors: [{ message: 'This drops `users`, which `User` (`app/models.py`:6) still maps. Release code without it first.' }] },
    { ...upgrade('a column by its name in the database', 'op.drop_column("users", "full_name")'), errors: [{ messageId: 'mapped', data: { dropped: 'users.full_name', mapped: 'User.name', path: 'app/models.py', line: 10 } }] },
    { ...upgrade('a deferred column', 'op.drop_column("users", "photo")'), errors: 1 },
    { ...upgrade('a batch', `with op.batch_alter_table("users") as batch_op:\n    batch_op.drop_column("nickname")`), errors: [{ line: HEAD_LINES + 3 }] },
    { ...upgrade('SQL', 'op.execute("ALTER TABLE users DROP COLUMN nickname")'), errors: [{ line: HEAD_LINES + 2 }] },
    { ...upgrade('DROP TABLE', 'op.get_bind().execute(sa.text("DROP TABLE IF EXISTS users"))'), errors: 1 },
    { ...upgrade('a loop', 'for column in ["nickname", "legacy"]:\n    op.drop_column("users", column)'), errors: [{ line: HEAD_LINES + 3 }] },
    { ...upgrade('a Core table', 'op.drop_column("links", "note")', { 'app/tables.py': `${HEAD}links = Table("links", Base.metadata, Column("id", Integer), Column("note", String))\n` }), errors: [{ messageId: 'mapped', data: { dropped: 'links.note', mapped: 'links.note', path: 'app/tables.py', line: 6 } }] },
    { ...upgrade('a mixin', drop, { 'app/models.py': `${HEAD}class Named:\n    nickname: Mapped[str]\n\nclass User(Named, Base):\n    __tablename__ = "users"\n    id: Mapped[int] = mapped_column(primary_key=True)\n` }), errors: [{ messageId: 'mapped', data: { dropped: 'users.nickname', mapped: 'User.nickname', path: 'app/models.py', line: 9 } }] },
    { ...upgrade('a model of the metadata', drop, { ...models, 'alembic/env.py': 'from app.models import Base\ntarget_metadata = Base.metadata\n' }), errors: 1 },
    {
      ...upgrade('SQL outside of migrations', drop, { 'app/x.py': 'from sqlalchemy import text\ndef f(session):\n    session.execute(text("SELECT nickname FROM users"))\n' }),
      options: [{ references: true }],
      errors: [{ messageId: 'named', message: 'This drops `users.nickname`, which SQL in `app/x.py` still names. Release code without it first.' }],
    },
  ],
})
