import { spawnSync } from 'node:child_process'
import { symlinkSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { findTargets, type Targets } from '../../src/discover/find-targets.ts'
import { SourceTree } from '../../src/discover/source-tree.ts'
import { UsageError } from '../../src/io.ts'
import { makeFolder } from '../support/cli.ts'

async function targets(folder: string, ...paths: string[]): Promise<Targets & { readonly files: readonly string[] }> {
  const found = await findTargets(paths, folder, new SourceTree(['.py', '.pyi']))
  return { ...found, files: found.files.map((path) => path.replace(`${folder}/`, '')) }
}

test('folders, files and globs are put together, each file once', async () => {
  const folder = makeFolder({ 'a/x.py': '', 'a/y.py': '', 'b/z.py': '', 'c/w.py': '' })
  expect((await targets(folder, 'a', 'a/x.py', './b/../b/z.py', '*/z.py')).files).toEqual(['a/x.py', 'a/y.py', 'b/z.py'])
})

test('a file that git ignores is taken when it is named', async () => {
  const folder = makeFolder({ '.gitignore': '*.py\n', 'x.py': '', 'y.py': '' })
  spawnSync('git', ['init', '--quiet'], { cwd: folder })
  expect((await targets(folder, '.')).files).toEqual([])
  expect((await targets(folder, '.', 'x.py')).files).toEqual(['x.py'])
})

test('a path through a link is the path behind it, so that a file has one path', async () => {
  const folder = makeFolder({ 'real/x.py': '' })
  symlinkSync('real', join(folder, 'link'))
  expect((await targets(folder, 'link', 'link/x.py', 'real/x.py')).files).toEqual(['real/x.py'])
})

test('a named link to a file keeps its name unless its target is linted too', async () => {
  const folder = makeFolder({ 'real.py': '' })
  symlinkSync('real.py', join(folder, 'link.py'))
  expect((await targets(folder, 'link.py')).files).toEqual(['link.py'])
  expect((await targets(folder, 'link.py', 'real.py')).files).toEqual(['real.py'])
})

describe('globs', () => {
  test('match below any folder, hidden ones and those with odd names too', async () => {
    const folder = makeFolder({ 'a/test_x.py': '', 'a/b/test_y.py': '', '.hidden/test_z.py': '', 'a/other.py': '' })
    expect((await targets(folder, '**/test_*.py')).files).toEqual(['.hidden/test_z.py', 'a/b/test_y.py', 'a/test_x.py'])
    expect((await targets(folder, 'a/{other,none}.py')).files).toEqual(['a/other.py'])
  })

  test('a folder that matches stands for all below it', async () => {
    const folder = makeFolder({ 'packages/a/src/x.py': '', 'packages/b/y.py': '', 'z.py': '' })
    expect((await targets(folder, 'packages/*')).files).toEqual(['packages/a/src/x.py', 'packages/b/y.py'])
  })

  test('a file whose name looks like a glob is that file', async () => {
    const folder = makeFolder({ '[a].py': '', 'a.py': '' })
    expect((await targets(folder, '[a].py')).files).toEqual(['[a].py'])
  })
})

describe('wrong paths are named', () => {
  test.each([
    ['nowhere.py', 'The path \'nowhere.py\' does not exist.'],
    ['x.py/inner.py', 'The path \'x.py/inner.py\' does not exist.'],
    ['*.txt', 'The glob \'*.txt\' matches no Python file.'],
    ['none/**/*.py', 'The glob \'none/**/*.py\' matches nothing: the folder \'none\' does not exist.'],
  ])('%s', async (path, message) => {
    const folder = makeFolder({ 'x.py': '', 'y.txt': '' })
    await expect(targets(folder, 'x.py', path)).rejects.toThrow(new UsageError(message))
  })
})

test('files of another kind are told apart', async () => {
  const folder = makeFolder({ 'notes.md': '', 'x.py': '' })
  spawnSync('mkfifo', [join(folder, 'pipe.py')])
  const found = await targets(folder, 'notes.md', 'pipe.py', 'x.py')
  expect(found.files).toEqual(['x.py'])
  expect(found.foreign).toEqual([join(folder, 'notes.md')])
  expect(found.unreadable).toEqual([{ path: join(folder, 'pipe.py'), reason: 'it is not a regular file' }])
})
