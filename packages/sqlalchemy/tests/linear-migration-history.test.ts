import { RuleTester } from '@krait/rule-tester'
import { linearMigrationHistory } from '../src/rules/linear-migration-history.ts'

function file(revision: string, down: string, extra = ''): string {
  return `revision = "${revision}"\ndown_revision = ${down}\n${extra}\ndef upgrade(): ...\n`
}

/** A history; the last file is the one under test. */
function history(name: string, files: Readonly<Record<string, string>>) {
  const entries = Object.entries(files).map(([path, code]) => [path.includes('/') ? path : `alembic/versions/${path}.py`, code] as const)
  const [path, code] = entries.at(-1)!
  return { name, path, code, files: Object.fromEntries(entries.slice(0, -1)) }
}

const a = file('a', 'None')

new RuleTester().run('linear-migration-history', linearMigrationHistory, {
  valid: [
    history('one', { a }),
    {
      ...history('a missing link, with versions that are elsewhere', { b: file('b', '"plugin1"') }),
      settings: { 'alembic.ini': [{ path: 'alembic.ini', drivers: [], versionLocations: ['alembic/versions', '../plugin/versions'] }] },
    },
    history('a line', { a, b: file('b', '"a"'), c: file('c', '"b"') }),
    history('the middle of a line', { a, c: file('c', '"b"'), b: file('b', '"a"') }),
    history('a merge', { a, b: file('b', '"a"'), c: file('c', '"a"'), d: file('d', '("b", "c")') }),
    history('one side of a merge', { a, b: file('b', '"a"'), d: file('d', '("b", "c")'), c: file('c', '"a"') }),
    history('an independent branch', { a, b: file('b', '"a"'), p: file('p', 'None', 'branch_labels = ("plugin",)') }),
    history('the main branch beside it', { p: file('p', 'None', 'branch_labels = ("plugin",)'), b: file('b', '"a"'), a }),
    history('the head of an independent branch', { a, p: file('p', 'None', 'branch_labels = "plugin"'), q: file('q', '"p"') }),
    history('a branch that is labelled at its fork', { a, b: file('b', '"a"'), c: file('c', '"a"', 'branch_labels = ["x"]') }),
    history('depends_on', { a, b: file('b', '"a"', 'depends_on = "elsewhere"') }),
    history('groups of their own', { 'sqlite/a.py': a, 'sqlite/b.py': file('b', '"a"'), 'postgresql/a.py': a, 'postgresql/c.py': file('c', '"a"') }),
    history('a history that goes on in another folder', { 'old/a.py': a, 'new/b.py': file('b', '"a"') }),
    history('a part of an id', { '1': file('1a2b3c4d5e6f', 'None'), b: file('b', '"1a2b3c"') }),
    history('a computed link somewhere', { a, b: file('b', 'find_head()'), c: file('c', '"a"') }),
    history('constants', { a, b: 'LAST = "a"\nrevision = "b"\ndown_revision = LAST\ndef upgrade(): ...\n' }),
    { name: 'no migration', code: 'revision = "a"\ndown_revision = "x"\n' },
    { name: 'no migration: no upgrade at the top level', code: 'revision = "a"\ndown_revision = "x"\nclass M:\n    def upgrade(self): ...\n' },
  ],
  invalid: [
    {
      ...history('two heads', { '9f8e': file('9f8e', 'None'), a1b2: file('a1b2', '"9f8e"'), c3d4: file('c3d4', '"9f8e"') }),
      errors: [{ messageId: 'heads', line: 1, message: 'Two heads: `a1b2` and `c3d4` both follow `9f8e`. Rebase one, or run `alembic merge`.' }],
    },
    { ...history('the other head', { a, c: file('c', '"a"'), b: file('b', '"a"') }), errors: ['heads'] },
    { ...history('a longer fork', { a, b: file('b', '"a"'), c: file('c', '"b"'), d: file('d', '"b"'), e: file('e', '"d"') }), errors: [{ messageId: 'heads', data: { heads: 'Two heads: `c` and `e` both follow `b`' } }] },
    { ...history('three heads', { a, b: file('b', '"a"'), c: file('c', '"a"'), d: file('d', '"a"') }), errors: [{ messageId: 'heads', data: { heads: '3 heads: `b`, `c` and `d` all follow `a`' } }] },
    { ...history('two heads of a labelled branch', { a: file('a', 'None', 'branch_labels = ("x",)'), b: file('b', '"a"'), c: file('c', '"a"') }), errors: ['heads'] },
    { ...history('annotated', { a, b: file('b', '"a"'), c: 'revision: str = "c"\ndown_revision: str | None = "a"\ndef upgrade() -> None: ...\n' }), errors: [{ line: 1 }] },
    {
      ...history('a missing link', { b: file('b', '"does_not_exist"') }),
      errors: [{ messageId: 'missing', line: 2, message: '`b` follows `does_not_exist`, which no migration defines, so that `alembic upgrade` does not run. Name the revision that it follows.' }],
    },
    {
      ...history('a missing link, with all versions here', { b: file('b', '"plugin1"') }),
      settings: { 'alembic.ini': [{ path: 'alembic.ini', drivers: [], versionLocations: ['alembic/versions'] }] },
      errors: [{ messageId: 'missing' }],
    },
    { ...history('a missing link of a merge', { a, b: file('b', '("a", "x")') }), errors: [{ messageId: 'missing', data: { revision: 'b', down: 'x' } }] },
    { ...history('a copy', { a, b: file('b', '"a"'), copy: file('b', '"a"') }), errors: [{ messageId: 'copies', line: 1, data: { revision: 'b', other: 'b.py' } }] },
    { ...history('itself', { a, b: file('b', '"b"') }), errors: [{ messageId: 'cycle', line: 2 }] },
    { ...history('a cycle', { a, c: file('c', '"b"'), b: file('b', '"c"') }), errors: [{ messageId: 'cycle', line: 2 }] },
    { ...history('two bases', { a, c: file('c', '("a", "b")'), b: file('b', 'None') }), errors: [{ messageId: 'bases', line: 2, data: { bases: '`a` and `b`' } }] },
    { ...history('two lines', { a, b: file('b', 'None') }), errors: ['heads', 'bases'] },
  ],
})
