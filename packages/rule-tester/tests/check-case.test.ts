import { checkCase } from '@krait/rule-tester'
import { describe, expect, it } from 'vitest'
import { failureOf } from './failing.ts'
import { noCall, rulePass } from './sample-rules.ts'

const CALL = 'x = 1\nforbidden()\n'
const PASS = 'def f():\n    pass  # note\n'

describe('what is found', () => {
  it('shows the code with the findings where none was expected', async () => {
    expect(await failureOf(checkCase({ rule: noCall }, CALL))).toBe(
      `Expected no finding, got 1.

example.py, with what was found:
  1 | x = 1
  2 | forbidden()
    | ^^^^^^^^^^^ call
Found:
  1. 2:1-2:12 call: \`forbidden()\` is forbidden. Call something else.`,
    )
  })

  it('shows what was expected where another number was found', async () => {
    const failure = await failureOf(checkCase({ rule: noCall }, { code: CALL, errors: ['call', { messageId: 'call', line: 1, column: 5 }] }))
    expect(failure).toMatch(/^Expected 2 findings, got 1\.\n/)
    expect(failure).toContain('Expected:\n  1. call\n  2. 1:5 call')
    expect(await failureOf(checkCase({ rule: noCall }, { code: 'x = 1\n', errors: 1 }))).toMatch(/^Expected 1 finding, got 0\.\n[^]*Found: nothing$/)
  })

  it('names each property that differs', async () => {
    const expected = { messageId: 'call', data: { name: 'other' }, line: 1, column: 2, endLine: 3, endColumn: 4, message: 'x' }
    const failure = await failureOf(checkCase({ rule: noCall }, { code: CALL, errors: [expected] }))
    for (const text of ['`line` is 2, expected 1.', '`column` is 1, expected 2.', '`endLine` is 2, expected 3.', '`endColumn` is 12, expected 4.']) {
      expect(failure).toContain(text)
    }
    expect(failure).toContain('expected with this data\n    `other()` is forbidden. Call something else.')
    expect(failure).toContain('expected\n    x')
    expect(failure).toContain('Expected:\n  1. 1:2 to 3:4 call {"name":"other"} x')
  })

  it('refuses message ids and properties that do not exist', async () => {
    expect(await failureOf(checkCase({ rule: noCall }, { code: CALL, errors: ['cal'] }))).toContain(`The test expects the message id 'cal'; no-call has call.`)
    const unknown = { messageId: 'call', colum: 1 } as object
    expect(await failureOf(checkCase({ rule: noCall }, { code: CALL, errors: [unknown] }))).toContain(`no property 'colum'`)
    expect(await failureOf(checkCase({ rule: noCall }, { code: CALL, errors: [{ data: { name: 'forbidden' } }] }))).toContain('give it, too')
  })

  it('tells which of several findings differs', async () => {
    const failure = await failureOf(checkCase({ rule: noCall }, { code: CALL + CALL, errors: [{ line: 2 }, { line: 3 }] }))
    expect(failure).toMatch(/^Finding 2: `line` is 4, expected 3\.\n/)
  })

  it('compares related places', async () => {
    const rule = rulePass(() => ({ related: [{ path: 'a.py', line: 1, column: 2, message: 'here' }] }))
    const failure = (related: readonly { path: string; line: number }[]) => failureOf(checkCase({ rule }, { code: PASS, errors: [{ related }] }))
    expect(await failure([])).toContain('There are 1 related places, expected 0.\n    a.py:1:2 here')
    expect(await failure([{ path: 'b.py', line: 1 }])).toContain('`path` of related place 1 is a.py, expected b.py.')
  })

  it('shows only the surroundings of the findings in long code', async () => {
    const failure = await failureOf(checkCase({ rule: noCall }, `${'x = 1\n'.repeat(50)}\tforbidden()\n`.replace('\t', 'if x:\n\t')))
    expect(failure).toContain('  ...\n  50 | x = 1\n  51 | if x:\n  52 | \tforbidden()\n     | \t^^^^^^^^^^^ call')
    expect(failure).not.toContain('  49 |')
  })
})

describe('what a rule must not do', () => {
  it('shows the stack of a rule that throws', async () => {
    const rule = rulePass(() => {
      throw new Error('no such luck')
    })
    const failure = await failureOf(checkCase({ rule, pack: 'style' }, PASS))
    expect(failure).toMatch(/^The rule style\/no-pass failed on example\.py: Error: no such luck\n +at .*check-case\.test\.ts/)
  })

  it('refuses a placeholder without a value', async () => {
    const rule = rulePass(() => ({ messageId: 'named' }))
    expect(await failureOf(checkCase({ rule }, { code: PASS, errors: 1 }))).toContain(`The message 'named' has no value for {{what}}`)
  })

  it('accepts double braces that a value brought', async () => {
    const rule = rulePass(() => ({ messageId: 'named', data: { what: `f'{{x}}'` } }))
    await checkCase({ rule }, { code: PASS, errors: [{ messageId: 'named', data: { what: `f'{{x}}'` } }] })
  })
})

describe('options, settings and files', () => {
  it('validates options against the schema', async () => {
    const failure = await failureOf(checkCase({ rule: noCall }, { code: CALL, options: [{ nam: 'x' }] }))
    expect(failure).toBe(`The options or settings of this test are not valid:\n  rules['local/no-call'][1].nam: Unknown option 'nam'. Did you mean 'name'?`)
  })

  it('refuses broken code, also in other files', async () => {
    const broken = await failureOf(checkCase({ rule: noCall }, 'x = (\n'))
    expect(broken).toMatch(/^The code of this case has a syntax error at example\.py:1:\d+: .*`syntaxErrors: true`/)
    expect(await failureOf(checkCase({ rule: noCall }, { code: 'x = 1\n', files: { 'b.py': 'y = (\n' } }))).toContain('syntax error at b.py:1:')
  })

  it('refuses paths that can not be linted', async () => {
    expect(await failureOf(checkCase({ rule: noCall }, { code: '', path: 'a.txt' }))).toBe(`No language of this test knows 'a.txt' by its extension.`)
    expect(await failureOf(checkCase({ rule: noCall }, { code: '', files: { 'example.py': '' } }))).toContain('Give it another path')
  })

  it('reports suppression comments that suppress nothing', async () => {
    const failure = await failureOf(checkCase({ rule: noCall, pack: 'style' }, 'x = 1  # krait: ignore[style/no-call] -- why\n'))
    expect(failure).toContain('krait/unused-ignore')
  })
})

describe('fixes', () => {
  const fixed = (text: string, meta?: object) => rulePass((node) => ({ fix: (fixer) => fixer.replaceText(node, text) }), meta)

  it('compares the output', async () => {
    const rule = fixed('...')
    await checkCase({ rule }, { code: PASS, errors: 1, output: 'def f():\n    ...  # note\n' })
    const wrong = await failureOf(checkCase({ rule }, { code: PASS, errors: 1, output: 'def f():\n    return  # note\n' }))
    expect(wrong).toContain('First difference in line 2: "    ...  # note", expected "    return  # note".')
    expect(await failureOf(checkCase({ rule }, { code: PASS, errors: 1 }))).toContain('The rule fixes this code, but the test has no `output`')
    expect(await failureOf(checkCase({ rule: noCall }, { code: CALL, errors: 1, output: CALL }))).toContain('no finding has a fix')
  })

  it('refuses fixes that are not declared, change nothing, break the code or never settle', async () => {
    expect(await failureOf(checkCase({ rule: fixed('...', { fixable: undefined }) }, { code: PASS, errors: 1 }))).toContain(`add \`fixable: 'code'\``)
    expect(await failureOf(checkCase({ rule: fixed('pass') }, { code: PASS, errors: 1 }))).toContain('The fix changes nothing')
    expect(await failureOf(checkCase({ rule: fixed('x = (') }, { code: PASS, errors: 1, output: '' }))).toContain('would add a syntax error')
    expect(await failureOf(checkCase({ rule: fixed('pass; pass') }, { code: PASS, errors: 1, output: '' }))).toContain('still change the file after 10 passes')
  })

  it('takes a fix that would drop a comment for a suggestion', async () => {
    const rule = rulePass((node) => ({ fix: (fixer) => fixer.replaceTextRange([node.start, node.end + '  # note'.length], '...') }))
    const suggestions = [{ desc: 'Apply the fix, which removes a comment', output: 'def f():\n    ...\n' }]
    await checkCase({ rule }, { code: PASS, errors: [{ suggestions }] })
    expect(await failureOf(checkCase({ rule }, { code: PASS, errors: ['pass'] }))).toContain('Expected 0 suggestions, got 1.')
  })
})

describe('suggestions', () => {
  const suggesting = (texts: readonly string[], meta?: object, extra = 0) =>
    rulePass((node) => ({
      suggest: texts.map((text) => ({ messageId: 'drop', fix: (fixer) => fixer.replaceTextRange([node.start, node.end + extra], text) })),
    }), meta)
  const output = 'def f():\n    ...  # note\n'

  it('wants them listed or counted', async () => {
    const rule = suggesting(['...'])
    await checkCase({ rule }, { code: PASS, errors: [{ suggestions: [{ messageId: 'drop', output }] }] })
    await checkCase({ rule }, { code: PASS, errors: [{ suggestions: 1 }] })
    await checkCase({ rule }, { code: PASS, errors: 1 })
    expect(await failureOf(checkCase({ rule }, { code: PASS, errors: ['pass'] }))).toContain(`Expected 0 suggestions, got 1.\n  drop, which gives\n    def f():\n        ...`)
    expect(await failureOf(checkCase({ rule }, { code: PASS, errors: [{ suggestions: 2 }] }))).toContain('Expected 2 suggestions, got 1.')
  })

  it('compares message, description and output', async () => {
    const failure = (suggestion: { messageId?: string; desc?: string; output: string }) =>
      failureOf(checkCase({ rule: suggesting(['...']) }, { code: PASS, errors: [{ suggestions: [suggestion] }] }))
    expect(await failure({ messageId: 'other', output })).toContain(`Suggestion 1: The message id is 'drop', expected 'other'.`)
    expect(await failure({ desc: 'x', output })).toContain(`Suggestion 1 is described as 'Drop it', expected 'x'.`)
    expect(await failure({ messageId: 'drop', output: PASS })).toContain('Suggestion 1 gives\n    def f():\n        ...  # note')
    expect(await failure({ output })).toContain('without `messageId` or `desc`')
  })

  it('refuses suggestions that are not declared, alike, empty, break the code or lose a comment', async () => {
    const failure = (texts: readonly string[], meta?: object, extra?: number) =>
      failureOf(checkCase({ rule: suggesting(texts, meta, extra) }, { code: PASS, errors: 1 }))
    expect(await failure(['...'], { hasSuggestions: false })).toContain('add `hasSuggestions: true`')
    expect(await failure(['...', 'return'])).toContain(`have the same description 'Drop it'`)
    expect(await failure(['pass'])).toContain(`The suggestion 'Drop it' changes nothing.`)
    expect(await failure(['x = ('])).toMatch(/The suggestion 'Drop it' adds a syntax error at \d+:\d+: /)
    expect(await failure(['...'], {}, '  # note'.length)).toContain(`The suggestion 'Drop it' loses the comment '# note'.`)
  })
})
