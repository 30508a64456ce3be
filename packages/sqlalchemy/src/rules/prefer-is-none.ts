import type { ComparisonOperatorNode, PythonNode } from '@krait/python'
import { defineRule, withoutParentheses } from '@krait/python'
import { SqlExpressions } from '../shared/sql-expressions.ts'

export interface PreferIsNoneOptions {
  /** Also look at comparisons with `True` and `False`. */
  readonly booleans: boolean
}

const defaultOptions: readonly [PreferIsNoneOptions] = [{ booleans: false }]

const PRIMARY_KINDS: ReadonlySet<string> = new Set(['attribute', 'call', 'identifier', 'parenthesized_expression', 'subscript'])

export const preferIsNone = defineRule({
  name: 'prefer-is-none',
  meta: {
    type: 'suggestion',
    docs: {
      description: 'Require is_(None) rather than == None in SQL expressions',
      preset: 'strict',
      severity: 'warn',
      since: '0.1.0',
    },
    messages: {
      none: 'Write `{{replacement}}`: `{{operator}} {{constant}}` invites a change to `{{python}} {{constant}}`, which filters on a constant.',
    },
    schema: [
      {
        type: 'object',
        properties: { booleans: { type: 'boolean' } },
        additionalProperties: false,
      },
    ],
    fixable: 'code',
  },
  defaultOptions,
  create(context, [{ booleans }]) {
    const sql = new SqlExpressions(context)

    return {
      comparison_operator(node) {
        const [operator, ...others] = node.operators
        if (others.length > 0 || (operator?.kind !== '==' && operator?.kind !== '!=')) return
        const [left, right] = node.namedChildren.filter(({ fieldName }) => fieldName !== 'operators')
        if (!left || !right) return
        if (isConstant(right)) check(node, operator.kind, left, right)
        else if (isConstant(left)) check(node, operator.kind, right, left)
      },
    }

    function isConstant({ kind }: PythonNode): boolean {
      return kind === 'none' || (booleans && (kind === 'true' || kind === 'false'))
    }

    function check(node: ComparisonOperatorNode, operator: '!=' | '==', column: PythonNode, constant: PythonNode): void {
      // A relationship has no `is_()`.
      if (!sql.isSql(column) || sql.isRelationship(column)) return
      const isOld = (context.settings['sqlalchemy'] as { readonly version?: unknown } | undefined)?.version === '1.3'
      const method = operator === '==' ? 'is_' : isOld ? 'isnot' : 'is_not'
      const text = PRIMARY_KINDS.has(column.kind) ? column.text : `(${withoutParentheses(column).text})`
      const replacement = `${text}.${method}(${constant.text})`
      context.report({
        node,
        messageId: 'none',
        data: { replacement: replacement.replace(/\s+/g, ' '), operator, constant: constant.text, python: operator === '==' ? 'is' : 'is not' },
        fix: (fixer) => fixer.replaceText(node, replacement),
      })
    }
  },
})
