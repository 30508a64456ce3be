import { defineRule, type RuleFixer, type SyntaxNode } from '@krait/core'
import { describe, expect, it } from 'vitest'
import { nameRule, setUp, shown } from './toy.ts'

const docs = { description: 'Test', preset: 'recommended', severity: 'error', since: '0.1.0' } as const

function fix(rules: Parameters<typeof setUp>[0], code: string, unsafe = false) {
  const { linter, project, config } = setUp(rules, { 'a.py': code, 'b.py': 'x' })
  return linter.fix(project, 'a.py', config, { unsafe })
}

/** Reports every call and suggests something for it. */
function suggesting(count: number) {
  return defineRule({
    name: 'suggesting',
    meta: { type: 'problem', docs, messages: { m: 'm' }, schema: [], hasSuggestions: true },
    defaultOptions: [],
    create: (context) => ({
      call(node: SyntaxNode) {
        const suggest = Array.from({ length: count }, () => ({ messageId: 'm' as const, fix: (fixer: RuleFixer) => fixer.replaceText(node, 'called') }))
        context.report({ node, messageId: 'm', suggest })
      },
    }),
  })
}

describe('fixes', () => {
  it('run in passes until nothing is left', () => {
    const outcome = fix([nameRule('a', 'one', 'two'), nameRule('b', 'two', 'three')], 'one + two\n')
    expect(outcome).toMatchObject({ text: 'three + three\n', changed: true, problems: [] })
    expect(outcome.result.findings).toEqual([])
  })

  it('keep what has no fix', () => {
    const outcome = fix([nameRule('a', 'one', 'two'), nameRule('b', 'foo')], 'one\nfoo\n')
    expect(outcome.text).toBe('two\nfoo\n')
    expect(shown(outcome.result)).toEqual(["2:1 toy/b 'foo' is banned"])
  })

  it('keep line breaks and the byte order mark', () => {
    expect(fix([nameRule('a', 'one', 'two')], '\uFEFFone\r\none\r').text).toBe('\uFEFFtwo\r\ntwo\r')
  })

  it('change nothing where there is nothing to fix', () => {
    expect(fix([nameRule('a', 'one', 'two')], 'x\n')).toMatchObject({ text: 'x\n', changed: false })
  })

  it('of rules that undo each other stop after ten passes and name the rules', () => {
    const outcome = fix([nameRule('a', 'one', 'two'), nameRule('b', 'two', 'one')], 'one\n')
    expect(outcome.problems).toEqual([{ ruleId: 'toy/a', message: 'its fixes still change the file after 10 passes' }])
    expect(outcome.text).toBe('one\n')
  })

  it('that would add a syntax error are taken back and named; the others stay', () => {
    const outcome = fix([nameRule('breaking', 'one', '= ='), nameRule('good', 'three', 'four')], 'x = one\nthree\n')
    expect(outcome.text).toBe('x = one\nfour\n')
    expect(outcome.problems).toEqual([{ ruleId: 'toy/breaking', message: 'its fix would add a syntax error and was taken back' }])
    expect(shown(outcome.result)).toEqual([
      "1:1 krait/internal-error A fix of toy/breaking would have added a syntax error, so none of its fixes was applied to this file. Please report this to the pack's authors.",
      "1:5 toy/breaking 'one' is banned",
    ])
  })

  it('leave the project as it was', () => {
    const { linter, project, config } = setUp([nameRule('a', 'one', 'two')], { 'a.py': 'one' })
    linter.fix(project, 'a.py', config, { unsafe: false })
    expect(project.source('a.py')!.text).toBe('one')
  })
})

describe('unsafe fixes', () => {
  it('apply the suggestion of a finding that has one', () => {
    expect(fix([suggesting(1)], 'f(g())\nh()\n', true).text).toBe('called\ncalled\n')
    expect(fix([suggesting(1)], 'f()\n', false).text).toBe('f()\n')
  })

  it('do not choose between several', () => {
    expect(fix([suggesting(2)], 'f()\n', true)).toMatchObject({ text: 'f()\n', changed: false })
  })
})
