import { defineRule, type SyntaxNode } from '@krait/core'
import { describe, expect, it } from 'vitest'
import { nameRule, setUp, shown } from './toy.ts'

const docs = { description: 'Test', preset: 'recommended', severity: 'error', since: '0.1.0' } as const

/** A rule that notes which nodes its listeners met. */
function recorder(keys: readonly string[], seen: string[]) {
  return defineRule({
    name: 'recorder',
    meta: { type: 'problem', docs, messages: {}, schema: [] },
    defaultOptions: [],
    create: () => Object.fromEntries(keys.map((key) => [key, (node: SyntaxNode) => void seen.push(`${key} ${node.text}`)])),
  })
}

function visited(code: string, ...keys: string[]): string[] {
  const seen: string[] = []
  const { lint } = setUp([recorder(keys, seen)], { 'a.py': code })
  expect(shown(lint())).toEqual([])
  return seen
}

describe('dispatch', () => {
  it('calls listeners in source order, exits after what is below', () => {
    expect(visited('f(g(1))\nh()', 'call', 'call:exit')).toEqual([
      'call f(g(1))',
      'call g(1)',
      'call:exit g(1)',
      'call:exit f(g(1))',
      'call h()',
      'call:exit h()',
    ])
  })

  it('takes lists of kinds and never fires for a keyword of the same name', () => {
    expect(visited('x = lambda: 1', 'lambda, integer')).toEqual(['lambda, integer lambda: 1', 'lambda, integer 1'])
  })

  it('runs esquery selectors', () => {
    const code = 'a.b(1)\nc(2)\nd(e(3))\n'
    expect(visited(code, 'call[function.kind="identifier"]')).toEqual([
      'call[function.kind="identifier"] c(2)',
      'call[function.kind="identifier"] d(e(3))',
      'call[function.kind="identifier"] e(3)',
    ])
    expect(visited(code, 'call call > identifier')).toEqual(['call call > identifier e'])
    expect(visited(code, 'expression_statement:has(attribute)')).toEqual(['expression_statement:has(attribute) a.b(1)'])
    expect(visited(code, 'expression_statement:has(> call):has(call[function.text=/^e$/])')).toHaveLength(1)
    expect(visited(code, 'call:has(argument_list:has(call))')).toEqual(['call:has(argument_list:has(call)) d(e(3))'])
    expect(visited(code, 'expression_statement > call:not(:has(attribute)):exit')).toEqual([
      'expression_statement > call:not(:has(attribute)):exit c(2)',
      'expression_statement > call:not(:has(attribute)):exit d(e(3))',
    ])
  })

  it('reaches the root and the last node', () => {
    expect(visited('x', 'module', 'module:exit', 'identifier')).toEqual(['module x', 'identifier x', 'module:exit x'])
  })

  it('walks a chain of 6,000 terms', () => {
    expect(visited(Array.from({ length: 6_000 }, () => 'x').join(' + '), 'binary_operator:exit')).toHaveLength(5_999)
  })
})

describe('rules that fail', () => {
  const throwing = (name: string, create: () => object) =>
    defineRule({ name, meta: { type: 'problem', docs, messages: { m: 'm' }, schema: [] }, defaultOptions: [], create: create as never })

  it('are dropped for the file and named; the others go on', () => {
    const failing = throwing('failing', () => ({
      call() {
        throw new Error('boom')
      },
    }))
    const { lint } = setUp([failing, nameRule('no-foo', 'foo')], { 'a.py': 'foo\nf()\ng()\nfoo\n' })
    const result = lint()
    expect(shown(result)).toEqual([
      "1:1 toy/no-foo 'foo' is banned",
      "2:1 krait/internal-error The rule toy/failing failed here: boom. Its findings in this file may be incomplete; please report this to the pack's authors.",
      "4:1 toy/no-foo 'foo' is banned",
    ])
    expect(result.internalErrors).toMatchObject([{ ruleId: 'toy/failing', path: 'a.py' }])
    expect(result.internalErrors[0]!.stack).toContain('boom')
  })

  it.each([
    ['in create', throwing('bad', () => { throw new Error('no') }), 'no'],
    ['with an unknown kind', throwing('bad', () => ({ nonsense_kind() {} })), "the listener 'nonsense_kind' names 'nonsense_kind', which is no node kind of python"],
    ['with a broken selector', throwing('bad', () => ({ 'call[': () => {} })), "the listener 'call[' is not a valid selector"],
  ])('fail %s without taking the run down', (_, rule, reason) => {
    const { lint } = setUp([rule, nameRule('no-foo', 'foo')], { 'a.py': 'foo' })
    expect(shown(lint()).join('\n')).toContain(reason)
    expect(shown(lint()).join('\n')).toContain('toy/no-foo')
  })

  it('leave no trace in the next file', () => {
    const failing = throwing('failing', () => ({
      integer() {
        throw new Error('boom')
      },
    }))
    const { lint } = setUp([failing, nameRule('no-foo', 'foo')], { 'a.py': '1', 'b.py': 'foo' })
    lint('a.py')
    expect(shown(lint('b.py'))).toEqual(["1:1 toy/no-foo 'foo' is banned"])
  })
})

describe('context', () => {
  it("offers the language's services, private fields and all", () => {
    const heard: string[] = []
    const rule = defineRule({
      name: 'services',
      meta: { type: 'problem', docs, messages: {}, schema: [] },
      defaultOptions: [],
      create(context) {
        const services = context as unknown as { greeting: string; greet(name: string): string }
        heard.push(services.greeting, services.greet('you'), context.id, context.path)
        return {}
      },
    })
    setUp([rule], { 'a.py': '' }).lint()
    expect(heard).toEqual(['hello', 'hello you', 'toy/services', 'a.py'])
  })

  it('skips rules whose imports or language the file does not have', () => {
    const { lint } = setUp(
      [
        { ...nameRule('needs-import', 'foo'), requires: { imports: ['sqlalchemy'] } },
        { ...nameRule('other-language', 'foo'), meta: { ...nameRule('x', 'foo').meta, languages: ['html'] } },
      ],
      { 'a.py': 'foo', 'b.py': 'import sqlalchemy\nfoo' },
    )
    expect(shown(lint('a.py'))).toEqual([])
    expect(shown(lint('b.py'))).toEqual(["2:1 toy/needs-import 'foo' is banned"])
  })
})

describe('syntax errors', () => {
  it('are one finding, and rules still run', () => {
    const { lint } = setUp([nameRule('no-foo', 'foo')], { 'a.py': 'foo\nx = = 1\nfoo\n' })
    expect(lint().findings.map((finding) => finding.ruleId)).toEqual(['toy/no-foo', 'krait/syntax-error', 'toy/no-foo'])
  })
})

describe('reports', () => {
  const report = (descriptor: (node: SyntaxNode) => object) => {
    const rule = defineRule({
      name: 'r',
      meta: { type: 'problem', docs, messages: { said: 'said {{what}}', plain: 'plain' }, schema: [], hasSuggestions: true, fixable: 'code' },
      defaultOptions: [],
      create: (context) => ({ call: (node: SyntaxNode) => context.report({ messageId: 'plain', ...descriptor(node) } as never) }),
    })
    return setUp([rule], { 'a.py': 'x = 1\nf(1,  # why\n  2)\n' }).lint().findings
  }

  it('take a node, a range or a location', () => {
    expect(report((node) => ({ node }))).toMatchObject([{ line: 2, column: 1, endLine: 3, endColumn: 5, range: [6, 22] }])
    expect(report(() => ({ range: [0, 1] }))).toMatchObject([{ line: 1, column: 1, endLine: 1, endColumn: 2 }])
    expect(report(() => ({ loc: { start: { line: 3, column: 3 }, end: { line: 3, column: 4 } } }))).toMatchObject([{ range: [20, 21] }])
  })

  it('fill placeholders and leave those without a value', () => {
    expect(report((node) => ({ node, messageId: 'said', data: { what: 'this' } }))[0]!.message).toBe('said this')
    expect(report((node) => ({ node, messageId: 'said' }))[0]!.message).toBe('said {{what}}')
  })

  it('merge several edits into one', () => {
    const [finding] = report((node) => ({
      node,
      fix: (fixer: { insertTextBefore(n: SyntaxNode, t: string): object; replaceTextRange(r: readonly number[], t: string): object }) => [
        fixer.replaceTextRange([7, 8], '['),
        fixer.insertTextBefore(node, 'await '),
      ],
    }))
    expect(finding!.fix).toEqual({ range: [6, 8], text: 'await f[' })
  })

  it('offer a fix that would lose a comment as a suggestion', () => {
    const [finding] = report((node) => ({ node, fix: (fixer: { replaceText(n: SyntaxNode, t: string): object }) => fixer.replaceText(node, 'f()') }))
    expect(finding!.fix).toBeUndefined()
    expect(finding!.suggestions).toEqual([{ desc: 'Apply the fix, which removes a comment', fix: { range: [6, 22], text: 'f()' } }])
  })

  it.each([
    ['no place', () => ({})],
    ['an unknown message', (node: SyntaxNode) => ({ node, messageId: 'nope' })],
    ['overlapping edits', (node: SyntaxNode) => ({ node, fix: () => [{ range: [0, 3], text: '' }, { range: [2, 4], text: '' }] })],
  ])('with %s are an internal error', (_, descriptor) => {
    expect(report(descriptor)).toMatchObject([{ ruleId: 'krait/internal-error' }])
  })
})
