import { defineRule, type ReportDescriptor, type SourceCode, type SyntaxNode } from '@krait/core'

/** Reports calls of a function by its name, with a fix that renames it if the options say how. */
export const noCall = defineRule({
  name: 'no-call',
  meta: {
    type: 'problem',
    docs: { description: 'Disallow calls of a `forbidden` function', preset: 'recommended', severity: 'error', since: '0.1.0' },
    messages: { call: '`{{name}}()` is forbidden. Call something else.' },
    schema: [
      {
        type: 'object',
        properties: { name: { type: 'string' }, renameTo: { type: 'string' } },
        additionalProperties: false,
      },
    ],
    fixable: 'code',
  },
  defaultOptions: [{ name: 'forbidden', renameTo: '' }],
  create(context, [{ name, renameTo }]) {
    return {
      call(node: SyntaxNode) {
        const callee = node.field('function')
        if (callee?.text !== name) return
        context.report({
          node,
          messageId: 'call',
          data: { name },
          fix: renameTo === '' ? null : (fixer) => fixer.replaceText(callee, renameTo),
        })
      },
    }
  },
})

type ReportParts = Partial<ReportDescriptor<string>>

const messages: Readonly<Record<string, string>> = {
  pass: 'This `pass` does nothing.',
  named: '{{what}} does nothing.',
  drop: 'Drop it',
  other: 'Replace it',
}

/** A rule that reports each `pass` in a way that the test chooses, so that each mistake a rule can make can be made. */
export function rulePass(parts: (node: SyntaxNode, source: SourceCode) => ReportParts, meta: object = {}) {
  return defineRule({
    name: 'no-pass',
    meta: {
      type: 'problem',
      docs: { description: 'Disallow pass', preset: 'recommended', severity: 'error', since: '0.1.0' },
      messages,
      schema: [],
      fixable: 'code',
      hasSuggestions: true,
      ...meta,
    },
    defaultOptions: [],
    create(context) {
      return {
        pass_statement(node: SyntaxNode) {
          context.report({ node, messageId: 'pass', ...parts(node, context.sourceCode) })
        },
      }
    },
  })
}
