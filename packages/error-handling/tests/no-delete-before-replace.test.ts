import { RuleTester } from '@krait/rule-tester'
import { noDeleteBeforeReplace } from '../src/rules/no-delete-before-replace.ts'

const tester = new RuleTester()

const HEAD = `import os
import shutil
import tempfile
from pathlib import Path
from sqlalchemy import delete, insert
from sqlalchemy.orm import Session
from app.models import Plan
`

const FILES = {
  'app/__init__.py': '',
  'app/models.py': 'from sqlalchemy.orm import DeclarativeBase\n\nclass Base(DeclarativeBase): ...\n\nclass Plan(Base):\n    __tablename__ = "plans"\n\nclass Other(Base):\n    __tablename__ = "others"\n',
  'app/writers.py': 'import shutil\nfrom app.files import write_report\n\ndef move_in(source, target):\n    shutil.move(source, target)\n\ndef write_deep(path):\n    write_report(path)\n\nclass Writer:\n    def save(self, path, data):\n        self._open(path, data)\n\n    def _open(self, path, data):\n        with open(path, "wb") as file:\n            file.write(data)\n',
  'app/files.py': 'def write_report(path):\n    path.write_text("x")\n\ndef read_report(path):\n    return path.read_text()\n',
  'app/store.py': 'class Vault:\n    def delete(self, key): ...\n    def put(self, key, data): ...\n',
}

/** A function whose body begins in line 9. */
function given(body: string, signature = 'def save(path: Path, tmp, report, s3, session: Session):'): string {
  return `${HEAD}${signature}\n${body.replace(/^/gm, '    ')}\n`
}

function valid(name: string, code: string) {
  return { name, files: FILES, code }
}

tester.run('no-delete-before-replace: what is fine', noDeleteBeforeReplace, {
  valid: [
    valid('writing to a temporary name', given('tmp = path.with_suffix(".tmp")\ntmp.write_bytes(report)\nos.replace(tmp, path)')),
    valid('deleted behind the creation', given('new.write_bytes(report)\npath.unlink()', 'def save(path, new, report):')),
    valid('another target', given('path.unlink()\nother.write_bytes(report)', 'def save(path, other, report):')),
    valid('bound anew', given('path.unlink()\npath = next_path()\npath.write_bytes(report)')),
    valid('another one in each round', given('for path in paths:\n    path.unlink()\n    for path in new:\n        path.write_bytes(b"")', 'def save(paths, new):')),
    valid('exclusive branches', given('if report:\n    path.unlink()\nelse:\n    path.write_bytes(report)')),
    valid('the function is left', given('if report:\n    path.unlink()\n    return\npath.write_bytes(report)')),
    valid('in except and finally', given('try:\n    work()\nexcept OSError:\n    path.unlink()\nfinally:\n    os.remove(path)\npath.write_bytes(report)')),
    valid('a fresh folder', given('shutil.rmtree(path)\npath.mkdir()\nos.makedirs(path)')),
    valid('a path of tempfile', given('fd, path = tempfile.mkstemp()\nos.remove(path)\nopen(path, "w")\nname = tempfile.mktemp()\nos.remove(name)\nopen(name, "w")\nwith tempfile.NamedTemporaryFile() as file:\n    os.unlink(file.name)\n    open(file.name, "w")')),
    valid('read only', given('os.remove(path)\nopen(path)\nopen(path, "rb")\npath.open()')),
    valid('str.replace', given('os.remove(path)\nreport.replace(path, "x")')),
    valid('a function that only reads', given('path.unlink()\nread_report(path)').replace('import Plan', 'import Plan\nfrom app.files import read_report')),
    valid('a list', given('items.remove(path)\nitems.append(path)\nopen(path, "w")', 'def save(items, path):')),
    valid('objects: uploaded first', given('s3.upload_fileobj(report, B, new)\ns3.delete_object(Bucket=B, Key=old)')),
    valid('objects: temporary names', given('s3.delete_object(Bucket=B, Key=tmp_key)\ns3.put_object(Bucket=B, Key=new)\ns3.delete_object(Bucket=B, Key=old)\ns3.put_object(Bucket=B, Key=staging_key)')),
    valid('objects: another client', given('s3.delete_object(Bucket=B, Key=old)\nother_s3.put_object(Bucket=B, Key=new)')),
    valid('objects: no storage', given('cache.delete(old)\ncache.put(new)')),
    valid('rows: one transaction', given('session.execute(delete(Plan))\nsession.add(Plan())\nsession.commit()')),
    valid('rows: another model', given('session.execute(delete(Plan))\nsession.commit()\nsession.add(Other())').replace('import Plan', 'import Other, Plan')),
    valid('rows: nothing is inserted', given('session.execute(delete(Plan))\nsession.commit()')),
    valid('rows: another session', given('session.execute(delete(Plan))\nsession.commit()\ndb_session.add(Plan())')),
    { name: 'tests and scripts', files: FILES, path: 'tests/test_x.py', code: given('path.unlink()\npath.write_bytes(report)') },
    { name: 'scripts', files: FILES, path: 'scripts/x.py', code: given('path.unlink()\npath.write_bytes(report)') },
  ],
  invalid: [],
})

function invalid(name: string, code: string, line = 9, messageId: 'file' | 'object' | 'rows' = 'file') {
  return { name, files: FILES, code, errors: [{ messageId, line, suggestions: null }] }
}

tester.run('no-delete-before-replace: deleted too early', noDeleteBeforeReplace, {
  valid: [],
  invalid: [
    {
      name: 'the example: a file',
      files: FILES,
      code: given('if path.exists():\n    path.unlink()\npath.write_bytes(render(report))'),
      errors: [{ messageId: 'file', line: 10, message: '`path.unlink()` runs before the new `path` is written (line 11): if that fails, both are gone. Write to a temporary name, and `os.replace()` the old one.', suggestions: null }],
    },
    {
      name: 'the example: an object',
      files: FILES,
      code: given('s3.delete_object(Bucket=B, Key=user.avatar_key)\ns3.upload_fileobj(file, B, new_key)'),
      errors: [{ messageId: 'object', line: 9, message: '`s3.delete_object(Bucket=B, Key=user.avatar_key)` runs before the replacement is uploaded (line 10): if the upload fails, there is none. Upload first, switch over, then delete the old one.', suggestions: null }],
    },
    invalid('os.remove and open', given('os.remove(path)\nwith open(path, "wb") as file:\n    file.write(report)')),
    invalid('os.unlink and open to append', given('os.unlink(str(path))\nopen(path, mode="a")')),
    invalid('an alias', given('rm(path)\nPath(path).write_text(report)').replace('import os', 'import os\nfrom os import remove as rm'), 10),
    invalid('Path.open', given('self.path.unlink(missing_ok=True)\nself.path.open("x")', 'def save(self):')),
    invalid('shutil.copy', given('os.remove(target / "a")\nshutil.copy(path, target / "a")', 'def save(path, target):')),
    invalid('rmtree and copytree', given('shutil.rmtree(path)\nshutil.copytree(tmp, path)')),
    invalid('Path.rename, although it is atomic', given('path.unlink()\ntmp.rename(path)')),
    invalid('urlretrieve', given('os.remove(path)\nurlretrieve(URL, path)').replace('import os', 'import os\nfrom urllib.request import urlretrieve'), 10),
    invalid('in a try', given('try:\n    os.remove(path)\nexcept FileNotFoundError:\n    pass\nopen(path, "w")'), 10),
    invalid('a function of another module that writes', given('path.unlink()\nwrite_report(path)').replace('import Plan', 'import Plan\nfrom app.files import write_report'), 10),
    invalid('a function of this module that writes', `${given('path.unlink()\nwrite(1, path)')}\ndef write(data, to):\n    with open(to, "w") as file:\n        file.write(data)\n`),
    {
      name: 'a move gets a suggestion',
      files: FILES,
      code: given('path.unlink()\nos.rename(tmp, path)\nos.remove(other)\nshutil.move(tmp, other)'),
      errors: [
        { line: 9, suggestions: [{ messageId: 'useReplace', output: given('os.replace(tmp, path)\nos.remove(other)\nshutil.move(tmp, other)') }] },
        { line: 11, suggestions: [{ messageId: 'useReplace', output: given('path.unlink()\nos.rename(tmp, path)\nos.replace(tmp, other)') }] },
      ],
    },
    invalid('a client of boto3', given('client = boto3.client("s3")\nclient.delete_object(Bucket=B, Key=old)\nclient.put_object(Bucket=B, Key=new)', 'def save(old, new):').replace('import os', 'import boto3\nimport os'), 11, 'object'),
    invalid('a storage by name', given('await self.storage.delete(user.avatar_key)\nkey = await self.storage.save(file)', 'async def save(self, user, file):'), 9, 'object'),
    invalid('Django’s storage', given('default_storage.delete(old)\ndefault_storage.save(new, file)', 'def save(old, new, file):').replace('import os', 'import os\nfrom django.core.files.storage import default_storage'), 10, 'object'),
    { ...invalid('a class of the options', given('vault.delete(old)\nvault.put(new, report)', 'def save(vault: Vault, old, new, report):').replace('import os', 'import os\nfrom app.store import Vault'), 10, 'object'), options: [{ storageClients: ['app.store.Vault'] }] },
    {
      name: 'rows: committed in between',
      files: FILES,
      code: given('session.execute(delete(Plan).where(Plan.id > 1))\nsession.commit()\nsession.add_all([Plan(), Plan()])\nsession.commit()'),
      errors: [{ messageId: 'rows', line: 9, message: '`session.execute(delete(Plan).where(Plan.id > 1))` is committed (line 10) before the new `Plan` rows are inserted (line 11): if that fails, all are gone. Do both in one transaction.', suggestions: null }],
    },
    invalid('rows: a query, and an insert', given('session.query(Plan).filter_by(id=1).delete()\nsession.commit()\nsession.execute(insert(Plan).values(id=1))'), 9, 'rows'),
    invalid('rows: a statement by name, and an object by name', given('stmt = delete(Plan)\nsession.execute(stmt)\nsession.commit()\nplan = Plan()\nsession.add(plan)'), 10, 'rows'),
    invalid('rows: the end of a block', given('with session.begin():\n    session.execute(delete(Plan))\nwith session.begin():\n    session.add(Plan())'), 10, 'rows'),
  ],
})

tester.run('no-delete-before-replace: code of a module', noDeleteBeforeReplace, {
  valid: [valid('deleted behind the creation', `${HEAD}new.write_bytes(b"")\nPath("old").unlink()\n`), { ...valid('a script', `${HEAD}path.unlink()\npath.write_bytes(b"")\n`), path: 'scripts/render.py' }],
  invalid: [{ ...valid('deleted before', `${HEAD}if path.exists():\n    path.unlink()\npath.write_bytes(b"")\n`), errors: [{ messageId: 'file', line: 9 }] }],
})

const WRITERS = 'from app.writers import Writer, move_in, write_deep\n'

tester.run('no-delete-before-replace: functions of other files', noDeleteBeforeReplace, {
  valid: [valid('the path is what is moved', `${WRITERS}${given('os.remove(path)\nmove_in(path, tmp)')}`)],
  invalid: [
    { ...valid('the second parameter', `${WRITERS}${given('os.remove(path)\nmove_in(tmp, path)')}`), errors: [{ messageId: 'file', line: 10 }] },
    { ...valid('by another function', `${WRITERS}${given('path.unlink()\nwrite_deep(path)')}`), errors: [{ messageId: 'file', line: 10 }] },
    { ...valid('by a keyword', `${WRITERS}${given('path.unlink()\nwrite_deep(path=str(path))')}`), errors: [{ messageId: 'file', line: 10 }] },
    { ...valid('by a method', `${WRITERS}${given('os.remove(path)\nWriter().save(path, report)')}`), errors: [{ messageId: 'file', line: 10 }] },
  ],
})
