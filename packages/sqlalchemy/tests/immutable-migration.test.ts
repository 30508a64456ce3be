import { RuleTester } from '@krait/rule-tester'
import { immutableMigration } from '../src/rules/immutable-migration.ts'

const PATH = 'alembic/versions/0007_add_bio.py'
const before = '"""Add bio."""\nfrom alembic import op\nimport sqlalchemy as sa\n\nrevision = "0007"\ndown_revision = "0006"\n\ndef upgrade():\n    op.add_column("users", sa.Column("bio", sa.Text()))\n\ndef downgrade():\n    op.drop_column("users", "bio")\n'

function change(name: string, code: string, files: Readonly<Record<string, string>> = {}) {
  return { name, path: PATH, code, files: { [`@base/${PATH}`]: before, ...files } }
}

function migration(revision: string, down: string): string {
  return `revision = "${revision}"\ndown_revision = ${down}\n\ndef upgrade(): ...\n`
}

new RuleTester().run('immutable-migration', immutableMigration, {
  valid: [
    change('nothing changed', before),
    change('the docstring of the module', before.replace('Add bio.', 'Add users.bio (ticket 4711).')),
    change('comments', before.replace('def upgrade():', '# up\ndef upgrade():  # now\n    # the bio')),
    change('docstrings', before.replace('def upgrade():', 'def upgrade():\n    """Upgrade."""')),
    change('annotations', before.replace('def upgrade():', 'def upgrade() -> None:').replace('revision = "0007"', 'revision: str = "0007"')),
    change('the format', before.replace('op.add_column("users", sa.Column("bio", sa.Text()))', "op.add_column(\n        'users',\n        (sa.Column('bio', sa.Text())),\n    )")),
    change('other code of the file', `${before}\ndef helper():\n    return 3\n`),
    change('another file', before, { '@base/app/models.py': 'x = 1\n', 'app/models.py': 'x = 2\n' }),
    { name: 'no base', path: PATH, code: before.replace('Text', 'String') },
    { name: 'a new file', path: PATH, code: before, files: { '@base/app/models.py': 'x = 1\n', 'app/models.py': 'x = 2\n' } },
    { name: 'a renamed file', path: PATH, code: before, files: { '@base/alembic/versions/0007.py': before } },
    { name: 'not a migration before', path: PATH, code: before, files: { [`@base/${PATH}`]: 'x = 1\n' } },
    { name: 'no migration', path: 'app/x.py', code: 'def upgrade():\n    return 2\n', files: { '@base/app/x.py': 'def upgrade():\n    return 1\n' } },
    { ...change('allowed', before.replace('Text', 'String')), options: [{ allow: ['alembic/versions/0007*'] }] },
    { name: 'a deleted one that another file names', path: PATH, code: before, files: { '@base/alembic/versions/0005.py': migration('0005', 'None'), 'alembic/versions/0006.py': migration('0006', '"0005"') } },
    { name: 'a deleted file that was no migration', path: PATH, code: before, files: { '@base/alembic/versions/x.py': 'revision = "0006"\n' } },
    { name: 'a deleted migration that is in another file now', path: PATH, code: before, files: { '@base/alembic/versions/0006.py': migration('0006', 'None'), 'alembic/versions/0006_moved.py': `# moved\n${migration('0006', 'None')}` } },
    { name: 'a deleted migration that is allowed', path: PATH, code: before, files: { '@base/alembic/versions/0006.py': migration('0006', 'None') }, options: [{ allow: ['**/0006.py'] }] },
  ],
  invalid: [
    {
      ...change('upgrade', before.replace('sa.Text', 'sa.String')),
      errors: [{ messageId: 'changed', line: 8, message: '`0007_add_bio.py` is already on `ba5e0000`; databases that ran it will not run it again. Add a new migration.' }],
    },
    { ...change('downgrade', before.replace('    op.drop_column("users", "bio")', '    pass')), errors: [{ line: 11 }] },
    { ...change('down_revision', before.replace('"0006"', '"c3d4"')), errors: [{ line: 6 }] },
    { ...change('revision', before.replace('revision = "0007"', 'revision = "0008"')), errors: [{ line: 5 }] },
    { ...change('several parts', before.replace('"0006"', '"c3d4"').replaceAll('bio"', 'about"')), errors: [{ line: 6 }, { line: 8 }, { line: 11 }] },
    { ...change('an argument', before.replace('sa.Text())', 'sa.Text(), nullable=False)')), errors: [{ line: 8 }] },
    { ...change('nested otherwise', before.replace('sa.Column("bio", sa.Text())', 'sa.Column("bio"), sa.Text()')), errors: [{ line: 8 }] },
    { ...change('a text in SQL', before.replace('"users", "bio"', '"users", "Bio"')), errors: [{ line: 11 }] },
    { ...change('downgrade is gone', before.slice(0, before.indexOf('def downgrade'))), errors: [{ line: 8 }] },
    { name: 'renamed and changed', path: PATH, code: before.replace('sa.Text', 'sa.String'), files: { [`@base/${PATH}`]: before }, errors: 1 },
    {
      name: 'a deleted migration that this one follows',
      path: PATH,
      code: before,
      files: { '@base/alembic/versions/0006_init.py': migration('0006', 'None') },
      errors: [{ messageId: 'deleted', line: 6, message: '`0006_init.py` is already on `ba5e0000` and was deleted; databases that ran it can not go on from there. Bring it back, and add a new migration.' }],
    },
    {
      name: 'a deleted migration that nobody names any more',
      path: 'alembic/versions/0001.py',
      code: migration('0001', 'None'),
      files: { '@base/alembic/versions/0002.py': migration('0002', '"0001"'), 'alembic/versions/0003.py': migration('0003', '"0001"') },
      errors: [{ messageId: 'deleted', line: 2 }],
    },
  ],
})
