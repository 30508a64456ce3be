import type { Range, SyntaxNode } from '../syntax/node.ts'
import type { Fix } from './rule.ts'

/** ESLint's eight edits. Each gives one edit; return one, or several in an array. */
export interface RuleFixer {
  insertTextAfter(node: SyntaxNode, text: string): Fix
  insertTextAfterRange(range: Range, text: string): Fix
  insertTextBefore(node: SyntaxNode, text: string): Fix
  insertTextBeforeRange(range: Range, text: string): Fix
  remove(node: SyntaxNode): Fix
  removeRange(range: Range): Fix
  replaceText(node: SyntaxNode, text: string): Fix
  replaceTextRange(range: Range, text: string): Fix
}

export const ruleFixer: RuleFixer = {
  insertTextAfter: (node, text) => ({ range: [node.end, node.end], text }),
  insertTextAfterRange: (range, text) => ({ range: [range[1], range[1]], text }),
  insertTextBefore: (node, text) => ({ range: [node.start, node.start], text }),
  insertTextBeforeRange: (range, text) => ({ range: [range[0], range[0]], text }),
  remove: (node) => ({ range: node.range, text: '' }),
  removeRange: (range) => ({ range, text: '' }),
  replaceText: (node, text) => ({ range: node.range, text }),
  replaceTextRange: (range, text) => ({ range, text }),
}
