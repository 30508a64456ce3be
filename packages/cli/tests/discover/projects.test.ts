import { execFileSync } from 'node:child_process'
import { join } from 'node:path'
import { describe, expect, test, vi } from 'vitest'
import { ConfigLoader } from '../../src/config/config-loader.ts'
import { groupIntoProjects } from '../../src/discover/group-into-projects.ts'
import { withAlembicConfigs } from '../../src/discover/read-alembic-configs.ts'
import { SourceTree } from '../../src/discover/source-tree.ts'
import { kraitJson, makeFolder } from '../support/cli.ts'

vi.mock('../../src/official-packs.ts', () => import('../support/no-packs.ts'))

const NO_RULES = JSON.stringify({ extends: [] })

async function projects(folder: string, ...targets: string[]): Promise<unknown> {
  const tree = new SourceTree(['.py'])
  const found = await groupIntoProjects(targets.map((path) => join(folder, path)), new ConfigLoader({ cwd: folder }), tree)
  return found.map(({ config, files, targets: own }) => ({ root: config.root.slice(folder.length), files, targets: own }))
}

test('the project of one target has all files under its config', async () => {
  const folder = makeFolder({ 'krait.config.json': NO_RULES, 'a/x.py': '', 'a/y.py': '', 'z.py': '' })
  expect(await projects(folder, 'a/x.py')).toEqual([{ root: '', files: ['a/x.py', 'a/y.py', 'z.py'], targets: ['a/x.py'] }])
})

test('a folder with its own config is another project; a pyproject.toml without a section makes none', async () => {
  const folder = makeFolder({
    'krait.config.json': NO_RULES,
    'x.py': '',
    'inner/.kraitrc.json': NO_RULES,
    'inner/y.py': '',
    'plain/pyproject.toml': '[project]\nname = "plain"\n',
    'plain/z.py': '',
    'plain/deep/package.json': '{}',
    'plain/deep/w.py': '',
    'ruled/pyproject.toml': '[tool.krait]\nextends = []\n',
    'ruled/v.py': '',
  })
  expect(await projects(folder, 'x.py', 'inner/y.py')).toEqual([
    { root: '', files: ['plain/deep/w.py', 'plain/z.py', 'x.py'], targets: ['x.py'] },
    { root: '/inner', files: ['y.py'], targets: ['y.py'] },
  ])
})

test('files that the config ignores are in the project but no targets', async () => {
  const folder = makeFolder({ 'krait.config.json': JSON.stringify({ extends: [], ignores: ['gen/**'] }), 'gen/x.py': '', 'y.py': '' })
  expect(await projects(folder, 'gen/x.py', 'y.py')).toEqual([{ root: '', files: ['gen/x.py', 'y.py'], targets: ['y.py'] }])
})

test('files that git ignores are not in the project, unless they are targets', async () => {
  const folder = makeFolder({ '.gitignore': 'gen/\n', 'krait.config.json': NO_RULES, 'gen/x.py': '', 'gen/w.py': '', 'y.py': '' })
  execFileSync('git', ['init', '--quiet'], { cwd: folder })
  expect(await projects(folder, 'y.py')).toEqual([{ root: '', files: ['y.py'], targets: ['y.py'] }])
  expect(await projects(folder, 'gen/x.py', 'y.py')).toEqual([{ root: '', files: ['gen/x.py', 'y.py'], targets: ['gen/x.py', 'y.py'] }])
})

test('without a config the git work tree is the project, whatever path is given', async () => {
  const folder = makeFolder({ 'a/x.py': '', 'b/y.py': '' })
  execFileSync('git', ['init', '--quiet'], { cwd: folder })
  const files = ['a/x.py', 'b/y.py']
  expect(await projects(join(folder, 'a'), 'x.py')).toEqual([{ root: '', files, targets: ['a/x.py'] }])
  expect(await projects(folder, 'b/y.py')).toEqual([{ root: '', files, targets: ['b/y.py'] }])
})

describe('named on the command line', () => {
  test('a file that the config ignores stays silent, as pre-commit needs it', async () => {
    const folder = makeFolder({ 'krait.config.json': JSON.stringify({ extends: [], ignores: ['gen/**'] }), 'gen/x.py': 'x = = 2\n', 'y.py': '' })
    expect(await kraitJson(folder, ['gen/x.py'])).toEqual({ exitCode: 0, stderr: '', files: {} })
  })
})

test('an alembic.ini beside or above source files is known, and what it says is a setting', async () => {
  const ini = '# comment\n[alembic]\nscript_location = %(here)s/migrations\nversion_locations =\n    %(here)s/versions\n    more/versions, ../plugin/versions\n; sqlalchemy.url = oracle://x\n[other]\nsqlalchemy.url = mysql+pymysql://user:secret@host/db\n'
  const folder = makeFolder({ 'krait.config.json': NO_RULES, 'server/alembic.ini': ini, 'server/app/x.py': '', 'docs/alembic.ini': '' })
  const [project] = await groupIntoProjects([join(folder, 'server/app/x.py')], new ConfigLoader({ cwd: folder }), new SourceTree(['.py']))
  expect(project!.alembicConfigs).toEqual(['server/alembic.ini'])
  const config = { path: 'server/alembic.ini', drivers: ['mysql'], versionLocations: ['server/versions', 'server/more/versions', 'plugin/versions'] }
  expect(withAlembicConfigs({ a: 1 }, folder, project!.alembicConfigs)).toEqual({ a: 1, 'alembic.ini': [config] })
  expect(withAlembicConfigs({ a: 1 }, folder, ['gone/alembic.ini'])).toEqual({ a: 1 })
})
