import { RuleTester } from '@krait/rule-tester'
import { copyBeforeDelete } from '../src/rules/copy-before-delete.ts'
import { HEAD_LINES, migration } from './helpers/migrations.ts'

const FIRST = 'from alembic import op\nimport sqlalchemy as sa\nrevision = "a0"\ndown_revision = None\ndef upgrade():\n'
/** `users` before the migration under test. */
const users = {
  'alembic/versions/a0.py': `${FIRST}    op.create_table("users", sa.Column("id", sa.Integer, primary_key=True), sa.Column("name", sa.String()), sa.Column("phone", sa.String()), sa.Column("age", sa.Integer()))\n`,
}
const models = {
  'app/models.py':
    'from sqlalchemy import ForeignKey\nfrom sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column\nclass Base(DeclarativeBase): ...\nclass User(Base):\n    __tablename__ = "users"\n    id: Mapped[int] = mapped_column(primary_key=True)\n    phone: Mapped[str | None]\nclass Archive(Base):\n    __tablename__ = "archive"\n    id: Mapped[int] = mapped_column(primary_key=True)\n    phone: Mapped[str | None]\n',
}

function indented(body: string): string {
  return body.split('\n').map((line) => `    ${line}`).join('\n')
}

function upgrade(name: string, body: string, extra = '', head = '') {
  return { name, ...migration(`${head}def upgrade():\n${indented(body)}\n${extra}`), files: users }
}

function code(name: string, body: string) {
  return { name, path: 'app/service.py', code: `from sqlalchemy import delete, insert, select, update\nfrom app.models import Archive, User\n\ndef run(session, x, y, legacy, archive, client):\n${indented(body)}\n`, files: models }
}

/** The first line of a body in `code`. */
const BODY = 5

const add = 'op.add_column("users", sa.Column("full_name", sa.String()))'
const drop = 'op.drop_column("users", "name")'
const copy = 'op.execute("UPDATE users SET full_name = name")'

new RuleTester().run('copy-before-delete', copyBeforeDelete, {
  valid: [
    upgrade('copied first', `${add}\n${copy}\n${drop}`),
    upgrade('copied first by Core', `${add}\nusers = sa.table("users", sa.column("name"), sa.column("full_name"))\nop.execute(users.update().values(full_name=users.c.name))\n${drop}`),
    upgrade('copied first by Core of the module', `${add}\nop.get_bind().execute(sa.update(users).values({"full_name": users.c.name}))\n${drop}`, '', 'users = sa.table("users", sa.column("name"))\n'),
    upgrade('copied first by INSERT ... SELECT', 'op.create_table("names", sa.Column("name", sa.String()))\nop.execute("INSERT INTO names (name) SELECT name FROM users")\n' + drop),
    upgrade('copied first by a helper', `${add}\nmigrate()\n${drop}`, 'def migrate():\n    op.execute("UPDATE users SET full_name = name")\n'),
    upgrade('copied by something of another module', `${add}\nmove_names(op.get_bind())\n${drop}`, '', 'from app.names import move_names\n'),
    upgrade('copied with a session', `${add}\nsession = sa.orm.Session(bind=op.get_bind())\nfor user in session.query(User):\n    user.full_name = user.name\n${drop}`),
    upgrade('copied by a statement that can not be read', `${add}\nop.execute(make_copy())\n${drop}`),
    upgrade('copied by rows', `${add}\nbind = op.get_bind()\nfor row in bind.execute(sa.text("SELECT id, name FROM users")):\n    bind.execute(sa.text("UPDATE users SET full_name = :n WHERE id = :i").bindparams(n=row.name, i=row.id))\n${drop}`),
    upgrade('a rename', 'op.alter_column("users", "name", new_column_name="full_name")'),
    upgrade('a rename of the table', 'op.rename_table("users", "accounts")'),
    upgrade('no replacement', drop),
    upgrade('another family', 'op.add_column("users", sa.Column("name_id", sa.Integer()))\nop.drop_column("users", "name")'),
    upgrade('an unrelated name among several', 'op.add_column("users", sa.Column("street", sa.String()))\nop.add_column("users", sa.Column("city", sa.String()))\n' + drop),
    upgrade('an unrelated name, and several are dropped', 'op.add_column("users", sa.Column("street", sa.String()))\n' + drop + '\nop.drop_column("users", "age")'),
    { ...upgrade('an unrelated name of an unknown type', 'op.add_column("clients", sa.Column("street", sa.String()))\nop.drop_column("clients", "title")'), files: {} },
    upgrade('the same name elsewhere, of another family', 'op.add_column("teams", sa.Column("name", sa.Integer()))\n' + drop),
    upgrade('a table of this upgrade', 'op.create_table("drafts", sa.Column("name", sa.String()))\nop.add_column("drafts", sa.Column("full_name", sa.String()))\nop.drop_column("drafts", "name")'),
    upgrade('read in downgrade', drop, 'def downgrade():\n    op.add_column("users", sa.Column("name", sa.String()))\n    op.execute("UPDATE users SET name = full_name")\n'),
    upgrade('made again between', 'op.drop_table("users")\nop.create_table("users", sa.Column("name", sa.String()))\nop.execute("SELECT name FROM users")'),
    upgrade('the column of another table', drop + '\nop.execute("UPDATE teams SET title = name")'),
    upgrade('a column of two tables', drop + '\nop.execute("UPDATE users SET full_name = p.name FROM profiles p")'),
    upgrade('written, not read', drop + '\nop.execute("INSERT INTO logs (name) VALUES (\'x\')")'),
    upgrade('UPDATE ... SET NULL with a condition on it', 'op.execute("UPDATE users SET phone = NULL WHERE phone = \'\'")\nop.execute("UPDATE users SET name = phone")'),
    upgrade('DELETE with a condition', 'op.execute("DELETE FROM users WHERE id = 1")\nop.execute("INSERT INTO old SELECT * FROM users")'),
    upgrade('emptied and filled again', 'op.execute("TRUNCATE users")\nop.execute("INSERT INTO users (name) VALUES (\'x\')")\nop.execute("SELECT * FROM users")'),
    upgrade('replaced, and filled with something else', `op.add_column("users", sa.Column("handle", sa.String()))\nop.execute("UPDATE users SET handle = 'x'")\n${drop}`),
    {
      ...upgrade('a name that many tables have', `op.create_table("teams", sa.Column("name", sa.String()))\n${drop}`),
      files: { ...users, 'alembic/versions/a2.py': `${FIRST.replace('a0', 'a2').replace('None', '"a1"')}${['a', 'b', 'c'].map((name) => `    op.create_table("${name}", sa.Column("name", sa.String()))\n`).join('')}` },
    },
    {
      ...upgrade('read in a branch beside it', drop),
      files: { ...users, 'alembic/versions/a2.py': `${FIRST.replace('a0', 'a2').replace('None', '"a0"')}    op.execute("UPDATE users SET full_name = name")\n` },
    },
    upgrade('under a condition', 'if old():\n    op.drop_column("users", "name")\nelse:\n    op.execute("UPDATE users SET full_name = name")'),
    { name: 'no migration', code: 'from alembic import op\ndef upgrade():\n    op.drop_column("users", "name")\n    op.execute("UPDATE users SET full_name = name")\n' },

    code('copied first', 'archive.phone = legacy.phone\nlegacy.phone = None'),
    code('copied to a variable first', 'phone = legacy.phone\nlegacy.phone = None\narchive.phone = phone\nlog(legacy.phone)'),
    code('given anew', 'legacy.phone = None\nlegacy.phone = "1"\narchive.phone = legacy.phone'),
    code('perhaps given anew', 'legacy.phone = None\nif y:\n    legacy.phone = y\narchive.phone = legacy.phone'),
    code('another object', 'legacy.phone = None\narchive.phone = client.phone'),
    code('a new object of the name', 'legacy.phone = None\nlegacy = session.get(User, 1)\narchive.phone = legacy.phone'),
    code('a test', 'legacy.phone = None\nif legacy.phone is None:\n    archive.phone = "x"'),
    code('only logged', 'import logging\nlogger = logging.getLogger(__name__)\nlegacy.phone = None\nlogger.info("gone", legacy.phone)'),
    code('a refresh between', 'legacy.phone = None\nsession.refresh(legacy)\narchive.phone = legacy.phone'),
    code('a method of its own between', 'legacy.phone = None\nlegacy.restore()\narchive.phone = legacy.phone'),
    code('on another path', 'if y:\n    legacy.phone = None\nelse:\n    archive.phone = legacy.phone'),
    code('a new object', 'user = User()\nuser.phone = None\narchive.phone = user.phone'),
    code('each row of a loop', 'for legacy in session.query(User):\n    archive.phone = legacy.phone\n    legacy.phone = None'),
    code('a list that is filled again', 'legacy.tags.clear()\nlegacy.tags.extend(y)\narchive.tags = legacy.tags'),
    { name: 'an object that is no row', code: 'class Job:\n    def stop(self):\n        self.task = None\n        notify(self.task)\n' },
    { name: 'a constructor', code: 'class Job(Base):\n    def __init__(self):\n        self.task = None\n        self.runner = Runner(self.task)\n' },
    code('copied first by statements', 'session.execute(insert(Archive).from_select(["phone"], select(User.phone)))\nsession.execute(update(User).values(phone=None))'),
    code('other rows', 'session.execute(update(User).where(User.id == x).values(phone=None))\nsession.execute(insert(Archive).from_select(["phone"], select(User.phone).where(User.id == y)))'),
    code('another column', 'session.execute(update(User).values(phone=None))\nsession.execute(insert(Archive).from_select(["id"], select(User.id)))'),
  ],
  invalid: [
    {
      ...upgrade('dropped, then copied', `${add}\n${drop}\n${copy}`),
      errors: [{ messageId: 'readAfter', line: HEAD_LINES + 3, message: '`users.name` is dropped here but read in line 10; copy the data first.' }],
    },
    { ...upgrade('copied by Core', `${add}\n${drop}\nusers = sa.table("users", sa.column("name"))\nop.execute(users.update().values(full_name=users.c.name))`), errors: ['readAfter'] },
    { ...upgrade('copied by a Table of the module', `${drop}\nop.get_bind().execute(sa.select(users.c.name))`, '', 'users = sa.Table("users", sa.MetaData(), sa.Column("name", sa.String()))\n'), errors: [{ line: HEAD_LINES + 3 }] },
    { ...upgrade('an alias', `${drop}\nop.execute("UPDATE teams SET lead = u.name FROM users AS u WHERE u.id = teams.user_id")`), errors: ['readAfter'] },
    { ...upgrade('INSERT ... SELECT', `${drop}\nop.execute("INSERT INTO names (name) SELECT name FROM users")`), errors: ['readAfter'] },
    { ...upgrade('a table', 'op.drop_table("users")\nop.execute("INSERT INTO accounts SELECT * FROM users")'), errors: [{ messageId: 'readAfter', data: { source: 'users', how: 'dropped', line: 9 } }] },
    { ...upgrade('DROP TABLE', 'op.execute("DROP TABLE users")\nop.execute("INSERT INTO accounts SELECT * FROM users")'), errors: ['readAfter'] },
    { ...upgrade('ALTER TABLE ... DROP COLUMN in one text', 'op.execute("""\n    ALTER TABLE users DROP COLUMN name;\n    UPDATE users SET full_name = name;\n""")'), errors: [{ messageId: 'readAfter', line: HEAD_LINES + 2 }] },
    { ...upgrade('TRUNCATE', 'op.execute("TRUNCATE users")\nop.execute("INSERT INTO accounts SELECT * FROM users")'), errors: [{ messageId: 'readAfter', data: { source: 'users', how: 'emptied', line: 9 } }] },
    { ...upgrade('DELETE', 'op.execute("DELETE FROM users")\nop.execute("INSERT INTO accounts SELECT * FROM users")'), errors: ['readAfter'] },
    { ...upgrade('UPDATE ... SET NULL', 'op.execute("UPDATE users SET phone = NULL")\nop.execute("UPDATE users SET name = phone")'), errors: [{ messageId: 'readAfter', data: { source: 'users.phone', how: 'emptied', line: 9 } }] },
    { ...upgrade('a batch', `with op.batch_alter_table("users") as batch_op:\n    batch_op.drop_column("name")\n${copy}`), errors: [{ line: HEAD_LINES + 3 }] },
    { ...upgrade('helpers', 'drop()\nmigrate()', `def migrate():\n    ${copy}\ndef drop():\n    ${drop}\n`), errors: [{ line: HEAD_LINES + 7 }] },
    {
      ...upgrade('read in a later migration', drop),
      files: { ...users, 'alembic/versions/a2_copy.py': `${FIRST.replace('a0', 'a2').replace('None', '"a1"')}    op.execute("UPDATE users SET full_name = name")\n` },
      errors: [{ messageId: 'readLater', message: '`users.name` is dropped here but read later in `a2_copy.py`; copy the data first.' }],
    },
    {
      ...upgrade('replaced', `${add}\n${drop}`),
      errors: [
        {
          messageId: 'replaced',
          line: HEAD_LINES + 3,
          message: '`users.name` is dropped and `users.full_name` added, but nothing copies the values. Add an `UPDATE` before the drop.',
        },
      ],
    },
    { ...upgrade('replaced, of an unknown type', `${add.replaceAll('users', 'clients')}\n${drop.replaceAll('users', 'clients')}`), errors: ['replaced'] },
    { ...upgrade('a word in common', 'op.add_column("users", sa.Column("phone_mobile", sa.String()))\nop.add_column("users", sa.Column("x", sa.String()))\nop.drop_column("users", "phone")'), errors: ['replaced'] },
    { ...upgrade('the only one, of the same family', 'op.add_column("users", sa.Column("handle", sa.Text()))\n' + drop), errors: [{ messageId: 'replaced', data: { source: 'users.name', replacement: 'users.handle' } }] },
    { ...upgrade('the type is in downgrade', 'op.add_column("clients", sa.Column("handle", sa.Text()))\nop.drop_column("clients", "name")', 'def downgrade():\n    op.add_column("clients", sa.Column("name", sa.String()))\n'), errors: ['replaced'] },
    { ...upgrade('on another table', 'op.add_column("profiles", sa.Column("phone", sa.String()))\nop.drop_column("users", "phone")'), errors: [{ messageId: 'replaced', data: { source: 'users.phone', replacement: 'profiles.phone' } }] },
    { ...upgrade('on a new table', 'op.create_table("phones", sa.Column("id", sa.Integer()), sa.Column("phone", sa.String()))\nop.drop_column("users", "phone")'), errors: ['replaced'] },
    { ...upgrade('read only behind the drop of another column', 'op.add_column("users", sa.Column("full_name", sa.String()))\nop.execute("UPDATE users SET full_name = \'?\'")\n' + drop), errors: ['replaced'] },

    { ...code('a chain', 'client.phone = legacy.phone = None\narchive.phone = legacy.phone'), errors: [{ messageId: 'readAfter', line: BODY, message: '`legacy.phone` is set to `None` here but read in line 6; copy the data first.' }] },
    { ...code('passed', 'legacy.phone = None\nsession.add(legacy)\nsession.add(Archive(phone=legacy.phone))'), errors: [{ line: BODY }] },
    { ...code('a part of a value', 'legacy.phone = None\narchive.note = f"was {legacy.phone}"'), errors: 1 },
    { ...code('on one path', 'legacy.phone = None\nif y:\n    archive.phone = legacy.phone'), errors: 1 },
    { ...code('del', 'del legacy.phone\narchive.phone = legacy.phone'), errors: [{ messageId: 'readAfter', data: { source: 'legacy.phone', how: 'emptied', line: 6 } }] },
    { ...code('clear()', 'legacy.tags.clear()\narchive.tags = list(legacy.tags)'), errors: 1 },
    { ...code('an attribute of an attribute', 'legacy.owner.phone = None\narchive.phone = legacy.owner.phone'), errors: 1 },
    { ...code('a row that is loaded', 'user = session.get(User, 1)\nuser.phone = None\narchive.phone = user.phone'), errors: [{ line: BODY + 1 }] },
    { name: 'at the top level', code: 'client.phone = legacy.phone = None\narchive.phone = legacy.phone\n', errors: [{ line: 1 }] },
    { name: 'async', path: 'app/x.py', files: models, code: 'from app.models import User\nasync def run(user: User, save):\n    user.phone = None\n    await save(phone=user.phone)\n', errors: 1 },
    { ...code('update, then INSERT from it', 'session.execute(update(User).values(phone=None))\nsession.execute(insert(Archive).from_select(["phone"], select(User.phone)))'), errors: [{ messageId: 'readAfter', line: BODY, data: { source: 'users.phone', how: 'emptied', line: 6 } }] },
    { ...code('the same rows', 'session.execute(update(User).where(User.id == x).values(phone=None))\nsession.execute(insert(Archive).from_select(["phone"], select(User.phone).where(User.id == x)))'), errors: 1 },
    { ...code('delete', 'session.execute(delete(User).where(User.id == x))\nsession.execute(insert(Archive).from_select(["phone"], select(User.phone).where(User.id == x)))'), errors: 1 },
    { ...code('update from it', 'session.execute(update(User).values(phone=None))\nsession.execute(update(Archive).values(phone=select(User.phone).scalar_subquery()))'), errors: 1 },
  ],
})
