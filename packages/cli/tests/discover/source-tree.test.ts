import { execFileSync, spawnSync } from 'node:child_process'
import { mkdirSync, renameSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { compareCodeUnits } from '@krait/core'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { SourceTree } from '../../src/discover/source-tree.ts'
import { makeFolder, writeFiles } from '../support/cli.ts'

function filesBelow(folder: string, start = folder): string[] {
  return new SourceTree(['.py', '.pyi']).filesBelow(start).map((path) => path.slice(folder.length + 1))
}

function git(folder: string, ...args: string[]): string {
  return execFileSync('git', args, { cwd: folder, encoding: 'utf8' })
}

describe('the walk', () => {
  test('takes source files and sorts their paths by code units', () => {
    const folder = makeFolder({ 'b.py': '', 'a/z.pyi': '', 'a.py': '', 'A.PY': '', 'a-b/c.py': '', 'é.py': '', 'notes.txt': '', 'py': '' })
    expect(filesBelow(folder)).toEqual(['A.PY', 'a-b/c.py', 'a.py', 'a/z.pyi', 'b.py', 'é.py'])
  })

  test('never enters folders of tools, nor a virtual environment of any name', () => {
    const inside = ['.venv', '.git', 'node_modules', '__pycache__', 'lib/site-packages', '.tox', '.nox', '.mypy_cache'].map((name) => `${name}/x.py`)
    const folder = makeFolder({ ...Object.fromEntries(inside.map((path) => [path, ''])), 'my-env/pyvenv.cfg': '', 'my-env/lib/x.py': '', 'app/x.py': '' })
    expect(filesBelow(folder)).toEqual(['app/x.py'])
  })

  test('enters such a folder when it is the start', () => {
    const folder = makeFolder({ 'env/pyvenv.cfg': '', 'env/lib/site-packages/x.py': '', 'env/lib/y.py': '' })
    expect(filesBelow(folder, join(folder, 'env'))).toEqual(['env/lib/y.py'])
    expect(filesBelow(folder, join(folder, 'env/lib/site-packages'))).toEqual(['env/lib/site-packages/x.py'])
  })

  test('asks before it enters a folder', () => {
    const folder = makeFolder({ 'a/x.py': '', 'a/b/y.py': '', 'c/z.py': '' })
    const asked: string[] = []
    const files = new SourceTree(['.py']).filesBelow(folder, (below) => (asked.push(below), !below.endsWith('/a')))
    expect(files).toEqual([join(folder, 'c/z.py')])
    expect(asked.sort()).toEqual([join(folder, 'a'), join(folder, 'c')])
  })

  test('goes down very deep folders', () => {
    const folder = makeFolder()
    const deep = Array.from({ length: 1500 }, () => 'd').join('/')
    writeFiles(folder, { [`${deep}/x.py`]: '' })
    expect(filesBelow(folder)).toEqual([`${deep}/x.py`])
  })

  test('names a folder whose path is too long for the system, and goes on', () => {
    const folder = makeFolder({ 'ok.py': '' })
    const long = 'd'.repeat(250)
    let inner = join(folder, 'start')
    mkdirSync(inner)
    // Deeper than a path can reach: built from the inside out.
    for (let i = 0; i < 20; i++) {
      const outer = join(folder, `outer${i}`)
      mkdirSync(outer)
      renameSync(inner, join(outer, long))
      inner = outer
    }
    const tree = new SourceTree(['.py'])
    const found = tree.filesBelow(folder)
    // Node can not remove what lies that deep.
    execFileSync('rm', ['-rf', inner])
    expect(found).toEqual([join(folder, 'ok.py')])
    expect(tree.unreadable).toEqual([{ path: expect.stringContaining(long) as string, reason: 'the folder can not be read (ENAMETOOLONG)' }])
  })
})

describe('odd names', () => {
  test('spaces, line breaks, quotes and any script are names like others', () => {
    const names = [' lead.py', 'a b.py', 'line\nbreak.py', 'quote\'".py', 'back\\slash.py', 'naïve.py', '日本.py', '🐍.py', '*.py', '[x].py']
    const folder = makeFolder(Object.fromEntries(names.map((name) => [name, ''])))
    expect(filesBelow(folder)).toEqual(names.sort(compareCodeUnits))
  })

  test('a name that is not UTF-8 is reported', () => {
    const folder = makeFolder({ 'ok.py': '', '\uFFFD.py': '' })
    writeFileSync(Buffer.concat([Buffer.from(`${folder}/caf`), Buffer.from([0xe9]), Buffer.from('.py')]), '')
    mkdirSync(Buffer.concat([Buffer.from(`${folder}/d`), Buffer.from([0xff])]))
    const tree = new SourceTree(['.py'])
    expect(tree.filesBelow(folder)).toEqual([join(folder, 'ok.py'), join(folder, '\uFFFD.py')])
    expect(tree.unreadable).toEqual([
      { path: join(folder, 'caf\uFFFD.py'), reason: 'its name is not valid UTF-8: rename it' },
      { path: join(folder, 'd\uFFFD'), reason: 'its name is not valid UTF-8: rename it' },
    ])
  })
})

describe('links and special files', () => {
  test('links to folders are not followed, so loops end', () => {
    const folder = makeFolder({ 'a/x.py': '' })
    symlinkSync('..', join(folder, 'a/up'))
    symlinkSync('a', join(folder, 'b'))
    expect(filesBelow(folder)).toEqual(['a/x.py'])
  })

  test('a linked file is taken once: under its own name, else under the first link to it', () => {
    const outside = makeFolder({ 'shared.py': '' })
    const folder = makeFolder({ 'x.py': '' })
    symlinkSync('x.py', join(folder, 'again.py'))
    symlinkSync(join(outside, 'shared.py'), join(folder, 'second.py'))
    symlinkSync(join(outside, 'shared.py'), join(folder, 'first.py'))
    expect(filesBelow(folder)).toEqual(['first.py', 'x.py'])
  })

  test('broken links, links to themselves, FIFOs and folders named like files are passed over', () => {
    const folder = makeFolder({ 'x.py': '', 'folder.py/inner.py': '' })
    symlinkSync('nowhere.py', join(folder, 'broken.py'))
    symlinkSync('self.py', join(folder, 'self.py'))
    expect(spawnSync('mkfifo', [join(folder, 'pipe.py')]).status).toBe(0)
    expect(filesBelow(folder)).toEqual(['folder.py/inner.py', 'x.py'])
  })
})

describe('.gitignore', () => {
  test('counts only in a git work tree', () => {
    const files = { '.gitignore': 'a.py\n', 'a.py': '', 'b.py': '' }
    const folder = makeFolder(files)
    expect(filesBelow(folder)).toEqual(['a.py', 'b.py'])
    git(folder, 'init', '--quiet')
    expect(filesBelow(folder)).toEqual(['b.py'])
  })

  test('holds from every level above the start, and from .git/info/exclude', () => {
    const folder = makeFolder({ '.gitignore': 'gen_*.py\n', 'app/.gitignore': 'local.py\n', 'app/src/x.py': '', 'app/src/gen_1.py': '', 'app/src/local.py': '', 'app/src/mine.py': '' })
    git(folder, 'init', '--quiet')
    writeFiles(folder, { '.git/info/exclude': '/app/src/mine.py\n' })
    expect(filesBelow(folder, join(folder, 'app/src'))).toEqual(['app/src/x.py'])
  })

  test('an ignored folder is entered when it is the start, and its own ignore file holds', () => {
    const folder = makeFolder({ '.gitignore': 'build/\n', 'build/x.py': '', 'build/deep/y.py': '', 'build/.gitignore': 'z.py\n', 'build/z.py': '' })
    git(folder, 'init', '--quiet')
    expect(filesBelow(folder)).toEqual([])
    expect(filesBelow(folder, join(folder, 'build'))).toEqual(['build/deep/y.py', 'build/x.py'])
  })

  test('a repository inside another has its own rules', () => {
    const folder = makeFolder({ '.gitignore': 'a.py\n', 'a.py': '', 'vendor/a.py': '', 'vendor/b.py': '', 'vendor/.gitignore': 'b.py\n' })
    git(folder, 'init', '--quiet')
    git(join(folder, 'vendor'), 'init', '--quiet')
    expect(filesBelow(folder)).toEqual(['vendor/a.py'])
  })

  test('a linked work tree finds the exclude file of its repository', () => {
    const folder = makeFolder({ 'main/a.py': '' })
    const main = join(folder, 'main')
    git(main, 'init', '--quiet')
    git(main, 'add', '.')
    git(main, '-c', 'user.name=x', '-c', 'user.email=x@example.org', 'commit', '--quiet', '-m', 'x')
    git(main, 'worktree', 'add', '--quiet', '../linked')
    writeFiles(folder, { 'main/.git/info/exclude': 'b.py\n', 'linked/b.py': '' })
    expect(filesBelow(folder, join(folder, 'linked'))).toEqual(['linked/a.py'])
  })

  test('decides as git does', () => {
    const name = fc.constantFrom('a', 'b', 'c')
    const pattern = fc.tuple(
      fc.constantFrom('', '!'), fc.constantFrom('', '/', '**/'), fc.constantFrom('a', 'b', 'a.py', '*.py', 'b/', 'a/b', 'a/*', 'b/**', '[ab].py', 'c/'),
    ).map((parts) => parts.join(''))
    const ignoreFile = fc.array(pattern, { maxLength: 4 }).map((lines) => lines.map((line) => `${line}\n`).join(''))
    const path = fc.tuple(fc.array(name, { maxLength: 3 }), name).map(([folders, file]) => [...folders, `${file}.py`].join('/'))
    const input = fc.record({
      paths: fc.uniqueArray(path, { minLength: 1, maxLength: 12 }),
      ignores: fc.array(fc.tuple(fc.constantFrom('', 'a/', 'b/', 'a/b/'), ignoreFile), { maxLength: 3 }),
    })
    fc.assert(fc.property(input, ({ paths, ignores }) => {
      const folder = makeFolder(Object.fromEntries(paths.map((file) => [file, ''])))
      for (const [place, text] of ignores) writeFiles(folder, { [`${place}.gitignore`]: text })
      git(folder, 'init', '--quiet')
      const kept = git(folder, '-c', 'core.excludesFile=/dev/null', 'ls-files', '-co', '--exclude-standard', '-z').split('\0')
      expect(filesBelow(folder)).toEqual(kept.filter((file) => file.endsWith('.py')).sort(compareCodeUnits))
    }), { numRuns: 60, seed: 7 })
  })
})
