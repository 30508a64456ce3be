import { describe, expect, it } from 'vitest'
import { nameRule, setUp, shown, type LintOptions } from './toy.ts'

const rules = [nameRule('no-foo', 'foo'), nameRule('no-bar', 'bar')]

function lint(code: string, options?: LintOptions) {
  return setUp(rules, { 'a.py': code }, options).lint()
}

/** Ids with lines, without the messages. */
function found(code: string, options?: LintOptions): string[] {
  return lint(code, options).findings.map(({ line, ruleId }) => `${line} ${ruleId}`)
}

describe('ignore', () => {
  it('silences its own line and keeps the reason', () => {
    const result = lint('foo  # krait: ignore[toy/no-foo] -- legacy name\nfoo\n')
    expect(shown(result)).toEqual(["2:1 toy/no-foo 'foo' is banned"])
    expect(result.suppressed).toMatchObject([{ line: 1, suppressions: [{ kind: 'directive', justification: 'legacy name' }] }])
  })

  it('silences only the rules it names', () => {
    expect(found('foo + bar  # krait: ignore[toy/no-foo]')).toEqual(['1 toy/no-bar'])
    expect(found('foo + bar  # krait: ignore[toy/no-foo, toy/no-bar]')).toEqual([])
  })

  it('speaks for the next statement where it stands alone, past other comments and blank lines', () => {
    expect(found('# krait: ignore[toy/no-foo]\n\n# a word\nfoo\nfoo\n')).toEqual(['5 toy/no-foo'])
  })

  it('stands beside other tools', () => {
    expect(found('foo  # noqa: E501  # krait: ignore[toy/no-foo]')).toEqual([])
  })

  it('silences on a line of a statement only what stands on that line', () => {
    expect(found('f(foo,  # krait: ignore[toy/no-foo]\n  foo)\n')).toEqual(['2 toy/no-foo'])
  })

  it('is met by a finding that spans lines on any line of its first statement', () => {
    const spanning = [{ ...rules[0]!, create: (context: never) => ({ call: (node: never) => (context as { report(d: object): void }).report({ node, messageId: 'banned' }) }) }]
    const run = (code: string) => setUp(spanning, { 'a.py': code }).lint().findings.map((finding) => finding.line)
    expect(run('f(\n  1,\n  2,\n)  # krait: ignore[toy/no-foo]\n')).toEqual([])
    expect(run('f(\n  1,  # krait: ignore[toy/no-foo]\n)\n')).toEqual([])
    expect(run('f(\n  1,\n)\nx = 1  # krait: ignore[toy/no-foo]\n')).toEqual([1, 4])
  })

  it('is text, not a comment, inside a string', () => {
    expect(found('x = "# krait: ignore[toy/no-foo]"; foo')).toEqual(['1 toy/no-foo'])
  })
})

describe('ranges and files', () => {
  it('disable holds until enable', () => {
    const code = 'foo\n# krait: disable[toy/no-foo, toy/no-bar]\nfoo; bar\n# krait: enable[toy/no-foo]\nfoo; bar\n'
    expect(found(code)).toEqual(['1 toy/no-foo', '5 toy/no-foo'])
  })

  it('disable without enable holds to the end; a second one starts again', () => {
    expect(found('# krait: disable[toy/no-foo]\nfoo\n# krait: enable[toy/no-foo]\nfoo\n# krait: disable[toy/no-foo]\nfoo\n')).toEqual(['4 toy/no-foo'])
  })

  it('ignore-file holds everywhere, also above itself', () => {
    expect(found('foo\n# krait: ignore-file[toy/no-foo] -- generated\nfoo\nbar\n')).toEqual(['4 toy/no-bar'])
  })
})

describe('unused-ignore', () => {
  const fixed = (code: string) => {
    const { linter, project, config } = setUp(rules, { 'a.py': code })
    return linter.fix(project, 'a.py', config, { unsafe: false }).text
  }

  it('reports what suppresses nothing, and --fix removes it', () => {
    expect(found('x = 1  # krait: ignore[toy/no-foo]\n')).toEqual(['1 krait/unused-ignore'])
    expect(fixed('x = 1  # krait: ignore[toy/no-foo]\ny = 2\n')).toBe('x = 1\ny = 2\n')
    expect(fixed('if x:\n    # krait: ignore[toy/no-foo] -- old\n    y = 2\n')).toBe('if x:\n    y = 2\n')
    expect(fixed('x = 1  # noqa  # krait: ignore[toy/no-foo]')).toBe('x = 1  # noqa')
    expect(fixed('foo  # krait: ignore[toy/no-bar, toy/no-foo] -- why')).toBe('foo  # krait: ignore[toy/no-foo] -- why')
    expect(fixed('# krait: ignore-file[toy/no-bar]')).toBe('')
  })

  it('says nothing of rules that are off, and nothing at all when switched off', () => {
    const { linter, project, config } = setUp(rules, { 'a.py': 'x = 1  # krait: ignore[toy/no-foo]' })
    const off = { ...config, rules: config.rules.filter((rule) => rule.id !== 'toy/no-foo') }
    expect(linter.lint(project, 'a.py', off).findings).toEqual([])
    expect(found('x = 1  # krait: ignore[toy/no-foo]', { unusedIgnores: null })).toEqual([])
  })

  it('can be an error', () => {
    expect(lint('x = 1  # krait: ignore[toy/no-foo]', { unusedIgnores: 2 }).findings).toMatchObject([{ severity: 2 }])
  })
})

describe('invalid-ignore', () => {
  it.each([
    ['# krait: ignore', "name the rules in brackets, as in '# krait: ignore[pack/rule]'"],
    ['# krait: ignore[]', 'name the rules in brackets'],
    ['# krait: ignore[toy/no-foo', "the list of rules has no closing ']'"],
    ['# krait: ignore[toy/no-foo] because', "put '--' before the reason"],
    ['# krait: ingore[toy/no-foo]', "'ingore' is not a directive"],
    ['# krait: ignore[toy/no-fooo]', "There is no rule 'toy/no-fooo'. Did you mean 'toy/no-foo'?"],
    ['# krait: ignore[krait/syntax-error]', "'krait/syntax-error' can not be suppressed by a comment"],
  ])('%s', (comment, reason) => {
    const { findings } = lint(`x = 1  ${comment}\n`)
    expect(findings).toMatchObject([{ ruleId: 'krait/invalid-ignore', severity: 1, line: 1 }])
    expect(findings[0]!.message).toContain(reason)
  })

  it('suppresses nothing', () => {
    expect(found('foo  # krait: ignore\n')).toEqual(['1 toy/no-foo', '1 krait/invalid-ignore'])
  })
})

describe('missing-reason', () => {
  it('reports a suppression without a reason, if the config wants reasons', () => {
    expect(found('foo  # krait: ignore[toy/no-foo]\n', { requireReason: true })).toEqual(['1 krait/missing-reason'])
    expect(found('foo  # krait: ignore[toy/no-foo] -- renamed in v3\n', { requireReason: true })).toEqual([])
    expect(found('foo  # krait: ignore[toy/no-foo] --  \n', { requireReason: true })).toEqual(['1 krait/missing-reason'])
    expect(found('# krait: disable[toy/no-foo] -- x\nfoo\n# krait: enable[toy/no-foo]\n', { requireReason: true })).toEqual([])
  })
})
