import { describe, expect, test, vi } from 'vitest'
import { makeRepository, pythonLines, type Repository } from './repository.ts'

vi.mock('../../src/official-packs.ts', () => import('../support/no-packs.ts'))

describe('odd names', () => {
  const names = [
    'with space.py', ' leading.py', 'tab\there.py', 'new\nline.py', 'quote".py', 'back\\slash.py', 'naïve-日本.py', '-dash.py', '[glob]*?.py', '@@ -1 +1 @@.py',
    'a b/b c.py', 'deep/b/b/.py.py', '"quoted".py', '\nodd/+++ b/x.py', 'dev/null.py', '__proto__.py', '#!.py', '%41.py',
  ]

  async function expectFound(repository: Repository, files: Readonly<Record<string, string>>): Promise<void> {
    repository.write(Object.fromEntries(names.map((name) => [name, pythonLines(5, 1, 4)])))
    const expected = Object.fromEntries(names.map((name) => [name, [4]]))
    expect(await repository.report('--since', 'HEAD')).toEqual(expected)
    repository.git('add', '--all')
    repository.write(files)
    expect(await repository.report('--staged')).toEqual(expected)
  }

  test.each(['true', 'false'])('are found with core.quotePath=%s', async (quotes) => {
    const files = Object.fromEntries(names.map((name) => [name, pythonLines(5, 1)]))
    const repository = makeRepository(files)
    repository.git('config', 'core.quotePath', quotes)
    await expectFound(repository, files)
  })

  test('are followed through renames', async () => {
    const repository = makeRepository(Object.fromEntries(names.map((_, i) => [`m${i}.py`, `${i}\n${pythonLines(20, 1)}`])))
    for (const [i, name] of names.entries()) {
      repository.write({ [name]: `${i}\n${pythonLines(20, 1, 4)}` })
      repository.git('rm', '--quiet', `m${i}.py`)
    }
    repository.git('add', '--all')
    expect(await repository.report('--since', 'HEAD')).toEqual(Object.fromEntries(names.map((name) => [name, [5]])))
  })

  test('are found where git knows nothing of them', async () => {
    const repository = makeRepository()
    repository.write(Object.fromEntries(names.map((name) => [name, 'bad\n'])))
    expect(await repository.report('--since', 'HEAD')).toEqual(Object.fromEntries(names.map((name) => [name, [1]])))
  })
})

describe('odd texts', () => {
  async function changed(before: string, after: string, ...settings: readonly string[]): Promise<readonly number[] | undefined> {
    const repository = makeRepository({ 'a.py': before })
    for (const setting of settings) repository.git('config', ...setting.split('='))
    repository.write({ 'a.py': after })
    return (await repository.report('--since', 'HEAD'))['a.py']
  }

  test('lines that look like a patch', async () => {
    const lines = ['++ b/other.py', '-- a/other.py', '@@ -1,9 +1,9 @@', 'diff --git a/x b/x', '\\ No newline at end of file', 'Binary files a and b differ']
    const text = `'''\n${lines.join('\n')}\n'''\nbad\n`
    expect(await changed('x\n', text)).toEqual([9])
    expect(await changed(`${text}bad\n`, `${text.replace('++ b', '++ c')}bad\n`)).toEqual([])
    expect(await changed(text, `${text.replaceAll('other', 'another')}bad\n`)).toEqual([10])
  })

  test('CRLF', async () => {
    const text = pythonLines(5, 1, 3).replaceAll('\n', '\r\n')
    expect(await changed(text, text.replace('# 3', '# three'))).toEqual([3])
    expect(await changed(text, text.replaceAll('\r\n', '\n'))).toEqual([1, 3])
  })

  test.each(['true', 'input'])('CRLF on disk and LF in git, with core.autocrlf=%s', async (autocrlf) => {
    const text = pythonLines(5, 1, 3)
    expect(await changed(text, text.replace('# 3', '# three').replaceAll('\n', '\r\n'), `core.autocrlf=${autocrlf}`)).toEqual([3])
  })

  test('lines that end at a lone carriage return, for Python and not for git', async () => {
    const text = "'''\r\r'''\nbad\n'''\r'''\nbad\nbad\n"
    expect(await changed(text, text.replace(/bad\n$/, 'bad # new\n'))).toEqual([8])
    expect(await changed(text, text.replace(/bad\n$/, 'bad # new'))).toEqual([8])
    expect(await changed(text, text.replace('\nbad', '\nbad # new'))).toEqual([4])
    // A changed line of git's is several lines here.
    expect(await changed("bad\n'''\r'''\nx\n", "bad\n'''\r'''; bad; '''\r'''; bad\nx\n")).toEqual([3, 4])
  })

  test.each([
    ['bad\nbad', 'bad\nbad\n', [2]],
    ['bad\nbad\n', 'bad\nbad', [2]],
    ['bad\nbad', 'bad\nbad\nbad', [2]],
    ['bad\nbad\n', 'bad\nbad\nbad', [3]],
    ['', 'bad', [1]],
    ['x', '', []],
    ['\uFEFFbad\nx\nbad\n', '\uFEFFbad\ny\nbad # new\n', [3]],
    ['bad\nx\n', '\uFEFFbad\nx\n', [1]],
    ['bad\f\nbad\n', 'bad\f\nbad # new\n', [2]],
    ['bad # \u2028\nbad\n', 'bad # \u2028\nbad # new\n', [2]],
  ])('%j becomes %j', async (before, after, lines) => {
    expect(await changed(before, after)).toEqual(lines)
  })

  test('an empty file is new, too', async () => {
    const repository = makeRepository()
    repository.write({ 'a.py': '' })
    expect(await repository.report('--since', 'HEAD')).toEqual({ 'a.py': [] })
  })
})

describe('what the user has configured', () => {
  const settings: Readonly<Record<string, string>> = {
    'diff.noprefix': 'true', 'diff.mnemonicPrefix': 'true', 'diff.external': 'false', 'diff.context': '9', 'diff.interHunkContext': '9', 'diff.renames': 'false',
    'diff.relative': 'true', 'diff.algorithm': 'patience', 'diff.indentHeuristic': 'false', 'diff.submodule': 'log', 'diff.ignoreSubmodules': 'none', 'diff.colorMoved': 'zebra',
    'diff.autoRefreshIndex': 'false', 'diff.suppressBlankEmpty': 'true', 'diff.renameLimit': '1', 'diff.wordRegex': '.', 'diff.statGraphWidth': '1',
    'color.ui': 'always', 'color.diff': 'always', 'color.status': 'always', 'core.pager': 'false', 'core.quotePath': 'false', 'core.abbrev': '4', 'core.safecrlf': 'true',
    'status.short': 'true', 'status.branch': 'true', 'status.renames': 'copies', 'status.showUntrackedFiles': 'no', 'status.relativePaths': 'true', 'status.showStash': 'true',
    'status.displayCommentPrefix': 'true', 'diff.upper.textconv': 'tr a-z A-Z <', 'diff.upper.command': 'false', 'alias.diff': '!false',
  }

  test.each(['HEAD', 'staged'])('changes nothing for %s', async (mode) => {
    const repository = makeRepository({ '.gitattributes': '*.py diff=upper\n', 'sub/a.py': pythonLines(20, 1, 9), 'old name.py': pythonLines(9, 1), 'é.py': 'x\n' })
    for (const [name, value] of Object.entries(settings)) repository.git('config', name, value)
    repository.git('mv', 'old name.py', 'new name.py')
    repository.write({ 'sub/a.py': pythonLines(20, 1, 7, 9, 12), 'new name.py': pythonLines(9, 1, 5), 'é.py': 'bad\n', 'new/b.py': 'bad\n' })
    if (mode === 'staged') repository.git('add', '--all')
    expect(await repository.report(...(mode === 'staged' ? ['--staged'] : ['--since', mode]))).toEqual({ 'sub/a.py': [7, 12], 'new name.py': [5], 'é.py': [1], 'new/b.py': [1] })
  })

  test.each([
    ['GIT_DIFF_OPTS', '--unified=9'], ['GIT_EXTERNAL_DIFF', 'false'], ['GIT_PAGER', 'false'], ['GIT_LITERAL_PATHSPECS', '1'], ['GIT_ICASE_PATHSPECS', '1'],
    ['GIT_CONFIG_PARAMETERS', `'diff.noprefix=true' 'color.ui=always'`], ['LC_ALL', 'de_DE.UTF-8'], ['GIT_TRACE', '1'],
  ])('nor does %s=%s', async (name, value) => {
    const repository = makeRepository({ 'a.py': pythonLines(9, 1, 4) })
    repository.write({ 'a.py': pythonLines(9, 1, 4, 6), 'b.py': 'bad\n' })
    vi.stubEnv(name, value)
    expect(await repository.report('--since', 'HEAD').finally(() => vi.unstubAllEnvs())).toEqual({ 'a.py': [6], 'b.py': [1] })
  })
})
