import { allLines, defineRule, keepChanged, type ChangedFile, type ChangesByPath, type FileResult, type Finding, type LineRange, type SyntaxNode } from '@krait/core'
import { describe, expect, it } from 'vitest'
import { nameRule, setUp } from './toy.ts'

function changes(files: Readonly<Record<string, readonly LineRange[] | ChangedFile>>): ChangesByPath {
  return {
    file: (path) => {
      const file = files[path]
      return file === undefined || 'path' in file ? file : { path, status: 'modified', lines: file, deletions: [] }
    },
  }
}

function finding(place: Partial<Finding>): Finding {
  const line = place.line ?? 1
  return { ruleId: 'toy/rule', severity: 2, message: 'm', line, column: 2, endLine: line, endColumn: 5, range: [0, 1], ...place }
}

/** Whether a finding in `a.py` is kept. */
function keeps(place: Partial<Finding>, changed: ChangesByPath): boolean {
  const result: FileResult = { path: 'a.py', findings: [finding(place)], suppressed: [{ ...finding(place), suppressions: [] }] }
  const kept = keepChanged(result, changed)
  expect(kept.suppressed).toHaveLength(kept.findings.length)
  return kept.findings.length === 1
}

describe('keepChanged', () => {
  it.each([
    [{ line: 2 }, false],
    [{ line: 3 }, true],
    [{ line: 5 }, true],
    [{ line: 6 }, false],
    [{ line: 8 }, true],
    [{ line: 1, endLine: 2 }, false],
    [{ line: 1, endLine: 3 }, true],
    [{ line: 1, endLine: 20 }, true],
    [{ line: 5, endLine: 20 }, true],
    [{ line: 6, endLine: 7 }, false],
    // It ends before the first character of line 8.
    [{ line: 6, endLine: 8, endColumn: 1 }, false],
    // Without extent at the start of line 6: where line 5 ends.
    [{ line: 6, column: 1, endColumn: 1 }, true],
    [{ line: 7, column: 1, endColumn: 1 }, false],
  ])('of lines 3 to 5 and 8: %j is kept: %j', (place, kept) => {
    expect(keeps(place, changes({ 'a.py': [[3, 5], [8, 8]] }))).toBe(kept)
  })

  it('follows related places to what was taken away', () => {
    const gone: ChangedFile = { path: 'b.py', status: 'deleted', lines: [], deletions: [] }
    const shorter: ChangedFile = { path: 'c.py', status: 'modified', lines: [], deletions: [4] }
    const keepsFor = (path: string, line: number): boolean => keeps({ line: 2, related: [{ path, line, column: 1, message: 'here' }] }, changes({ 'b.py': gone, 'c.py': shorter }))
    expect([keepsFor('b.py', 1), keepsFor('c.py', 4), keepsFor('c.py', 5)]).toEqual([true, true, false])
  })

  it('keeps all of a new file', () => {
    expect(keeps({ line: 1_000_000 }, changes({ 'a.py': allLines }))).toBe(true)
  })

  it.each([
    ['a changed line of another file', [{ path: 'b.py', line: 4 }], true],
    ['another line of a changed file', [{ path: 'b.py', line: 5 }], false],
    ['an unchanged file', [{ path: 'c.py', line: 4 }], false],
    ['several, one of them changed', [{ path: 'c.py', line: 4 }, { path: 'b.py', line: 4 }], true],
    ['a changed line of its own file', [{ path: 'a.py', line: 9 }], true],
  ])('follows related places: %s', (_, places, kept) => {
    const related = places.map((place) => ({ column: 1, message: 'here', ...place }))
    expect(keeps({ line: 2, related }, changes({ 'a.py': [[9, 9]], 'b.py': [[4, 4]] }))).toBe(kept)
    expect(keeps({ line: 9, related }, changes({ 'b.py': [[4, 4]] }))).toBe(kept && places.some(({ path }) => path === 'b.py'))
  })

  it.each(['krait/syntax-error', 'krait/unreadable-file'])('keeps %s wherever the file has new content', (ruleId) => {
    const file: ChangedFile = { path: 'a.py', status: 'modified', lines: [], deletions: [] }
    expect(keeps({ ruleId, line: 7 }, changes({ 'a.py': [[1, 1]] }))).toBe(true)
    expect(keeps({ ruleId, line: 7 }, changes({ 'a.py': { ...file, deletions: [3] } }))).toBe(true)
    expect(keeps({ ruleId, line: 7 }, changes({ 'a.py': { ...file, status: 'renamed', oldPath: 'b.py' } }))).toBe(false)
    expect(keeps({ ruleId, line: 7 }, changes({}))).toBe(false)
  })

  it('keeps every failure of krait itself', () => {
    expect(keeps({ ruleId: 'krait/internal-error' }, changes({}))).toBe(true)
  })
})

describe('fixes of a change', () => {
  /** Deletes `drop()` statements with their lines, and puts two lines in place of `grow()` ones. */
  const reshapes = defineRule({
    name: 'reshapes',
    meta: { type: 'problem', docs: { description: 'd', preset: 'recommended', severity: 'error', since: '0.1.0' }, messages: { m: 'm' }, schema: [], fixable: 'code' },
    defaultOptions: [],
    create: (context) => ({
      call(node: SyntaxNode) {
        const [start] = node.range
        if (node.text === 'drop()') context.report({ node, messageId: 'm', fix: (fixer) => fixer.removeRange([start, start + 'drop()\n'.length]) })
        if (node.text === 'grow()') context.report({ node, messageId: 'm', fix: (fixer) => fixer.replaceText(node, 'new\nnew') })
        if (node.text === 'top()') context.report({ node, messageId: 'm', fix: (fixer) => [fixer.insertTextBeforeRange([0, 0], 'old\n'), fixer.replaceText(node, 'old')] })
      },
    }),
  })

  function fixed(code: string, lines: readonly LineRange[]) {
    const { linter, project, config } = setUp([nameRule('old', 'old', 'done'), nameRule('bad', 'bad'), reshapes], { 'a.py': code })
    const { text, result } = linter.fix(project, 'a.py', config, { unsafe: false, changes: changes({ 'a.py': lines }) })
    return { text, lines: result.findings.map(({ line }) => line) }
  }

  it('leave other lines alone', () => {
    expect(fixed('old\nold\nbad\nbad\n', [[2, 3]])).toEqual({ text: 'old\ndone\nbad\nbad\n', lines: [3] })
  })

  it('follow the changed lines when lines are taken away above them', () => {
    expect(fixed('drop()\nbad\nbad\n', [[1, 1], [3, 3]])).toEqual({ text: 'bad\nbad\n', lines: [2] })
    expect(fixed('drop()\nbad\nold\n', [[1, 1]])).toEqual({ text: 'bad\nold\n', lines: [] })
  })

  it('follow the changed lines when lines come in above them', () => {
    expect(fixed('grow()\nbad\nbad\n', [[1, 1], [3, 3]])).toEqual({ text: 'new\nnew\nbad\nbad\n', lines: [4] })
    expect(fixed('bad\ngrow()\nbad\n', [[2, 2]])).toEqual({ text: 'bad\nnew\nnew\nbad\n', lines: [] })
  })

  it('count what they write as changed', () => {
    expect(fixed('bad\ntop()\nold\n', [[2, 2]])).toEqual({ text: 'done\nbad\ndone\nold\n', lines: [] })
  })

  it('keep a new file new to its end', () => {
    expect(fixed('grow()\ndrop()\nold\nbad\n', allLines)).toEqual({ text: 'new\nnew\ndone\nbad\n', lines: [4] })
  })

  it('keep all in an unchanged file', () => {
    const { linter, project, config } = setUp([nameRule('old', 'old', 'done')], { 'a.py': 'old\n' })
    expect(linter.fix(project, 'a.py', config, { unsafe: false, changes: changes({}) }).changed).toBe(false)
  })
})

describe('a project', () => {
  it('has no changes unless it is told', () => {
    expect(setUp([], { 'a.py': '' }).project.reader().changes()).toBeNull()
  })
})
