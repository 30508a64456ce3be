import { defineRule, type BreakStatementNode, type ContinueStatementNode, type PythonNode, type ReturnStatementNode, type TryStatementNode } from '@krait/python'
import type { FixFunction, SourceCode } from '@krait/core'

type JumpNode = ReturnStatementNode | BreakStatementNode | ContinueStatementNode

export const noJumpInFinally = defineRule({
  name: 'no-jump-in-finally',
  meta: {
    type: 'problem',
    docs: {
      description: 'Disallow return, break and continue that leave a finally block',
      preset: 'recommended',
      severity: 'error',
      since: '0.1.0',
    },
    messages: {
      jump: '`{{jump}}` inside `finally` throws away any exception raised by the `try` block. Move it after the `try` statement.',
      moveAfterTry: 'Move `{{jump}}` after the `try` statement',
    },
    schema: [],
    hasSuggestions: true,
  },
  defaultOptions: [],
  create(context) {
    return {
      return_statement: check,
      break_statement: check,
      continue_statement: check,
    }

    function check(node: JumpNode): void {
      const left = finallyLeftBy(node)
      if (!left) return
      const data = { jump: firstLine(node.text) }
      const move = left.isInnermost ? moveAfterTry(node, left.tryStatement, context.sourceCode) : null
      context.report({ node, messageId: 'jump', data, suggest: [move && { messageId: 'moveAfterTry', data, fix: move }] })
    }
  },
})

/** The `try` whose `finally` the jump leaves, from the inside out; `isInnermost` if it leaves no other one. */
function finallyLeftBy(jump: JumpNode): { tryStatement: TryStatementNode; isInnermost: boolean } | null {
  const left: TryStatementNode[] = []
  for (let child: PythonNode = jump, node = jump.parent; node && !leavesReach(jump, child, node); child = node, node = node.parent) {
    if (node.kind === 'finally_clause' && node.parent?.kind === 'try_statement' && jumpLandsOutside(jump, node.parent)) left.push(node.parent)
  }
  return left[0] ? { tryStatement: left[0], isInnermost: left.length === 1 } : null
}

/** Whether `node` is what the jump leads to or can not get out of; `child` is where the jump stands in it. */
function leavesReach(jump: JumpNode, child: PythonNode, node: PythonNode): boolean {
  if (node.kind === 'function_definition' || node.kind === 'class_definition' || node.kind === 'lambda') return true
  return jump.kind !== 'return_statement' && isTargetLoop(child, node)
}

/** A loop's `else` belongs to the code around it: a jump there does not mean this loop. */
function isTargetLoop(child: PythonNode, node: PythonNode): boolean {
  return (node.kind === 'for_statement' || node.kind === 'while_statement') && child.kind !== 'else_clause'
}

/** A `break` or `continue` without any loop around the `try` is a syntax error, which is not this rule's subject. */
function jumpLandsOutside(jump: JumpNode, tryStatement: TryStatementNode): boolean {
  for (let child: PythonNode = tryStatement, node = tryStatement.parent; node; child = node, node = node.parent) {
    if (leavesReach(jump, child, node)) return jump.kind === 'return_statement' || isTargetLoop(child, node)
  }
  return false
}

/** The jump is the last statement of the `finally`, so taking it out means to dedent its line. */
function moveAfterTry(jump: JumpNode, tryStatement: TryStatementNode, source: SourceCode): FixFunction | null {
  const block = jump.parent
  if (block?.kind !== 'block' || block.parent?.kind !== 'finally_clause' || jump.nextNamedSibling) return null
  const indentation = textBefore(tryStatement, source)
  const before = textBefore(jump, source)
  if (indentation.trim() !== '' || jump.nextSibling?.kind === ';') return null
  const previous = jump.previousNamedSibling
  if (before.trim() === '') {
    const lineStart = jump.start - before.length
    const filler = previous ? '' : `${before}pass${source.lineBreak}`
    return (fixer) => fixer.replaceTextRange([lineStart, jump.start], filler + indentation)
  }
  if (previous) return null
  return (fixer) => fixer.insertTextBefore(jump, `pass${source.lineBreak}${indentation}`)
}

/** What stands before the node on its line. */
function textBefore(node: PythonNode, source: SourceCode): string {
  const { column } = node.loc.start
  return source.text.slice(node.start - column + 1, node.start)
}

function firstLine(text: string): string {
  const end = text.search(/[\r\n]/)
  return end === -1 ? text : `${text.slice(0, end).trimEnd()} …`
}
