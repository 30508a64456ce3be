import type { ComparisonOperatorNode, PythonNode } from '@krait/python'
import { defineRule, statementsOf } from '@krait/python'
import { SqlExpressions } from '../shared/sql-expressions.ts'

export interface PreferIsNoneOptions {
  /** Also comparisons with `True` and `False`. */
  readonly booleans: boolean
}

const defaultOptions: readonly [PreferIsNoneOptions] = [{ booleans: false }]

/** What may stand before a dot as it is. */
const PRIMARY_KINDS: ReadonlySet<string> = new Set(['attribute', 'call', 'identifier', 'parenthesized_expression', 'subscript'])
/** Parents that ask Python whether the comparison is true. */
const DECIDING_KINDS: ReadonlySet<string> = new Set(['assert_statement', 'boolean_operator', 'elif_clause', 'if_clause', 'if_statement', 'not_operator', 'while_statement'])

export const preferIsNone = defineRule({
  name: 'prefer-is-none',
  meta: {
    type: 'suggestion',
    docs: {
      description: 'Prefer `.is_(None)` over `== None` in SQL expressions',
      preset: 'strict',
      severity: 'warn',
      since: '0.1.0',
    },
    messages: {
      write: 'Write `{{replacement}}`: `{{comparison}}` invites a change to `{{python}}`, which filters on a constant.',
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
    const version = (context.settings['sqlalchemy'] as { readonly version?: unknown } | undefined)?.version

    return {
      comparison_operator(node) {
        const [operator, ...others] = node.operators
        if (others.length > 0 || (operator?.kind !== '==' && operator?.kind !== '!=')) return
        const [left, right] = node.namedChildren
        if (!left || !right) return
        if (isConstant(right)) check(node, left, right, operator.kind)
        else if (isConstant(left)) check(node, right, left, operator.kind)
      },
    }

    function isConstant({ kind }: PythonNode): boolean {
      return kind === 'none' || (booleans && (kind === 'true' || kind === 'false'))
    }

    function check(node: ComparisonOperatorNode, column: PythonNode, constant: PythonNode, operator: '==' | '!='): void {
      if (!isColumnExpression(column)) return
      const text = PRIMARY_KINDS.has(column.kind) ? column.text : `(${column.text})`
      const method = operator === '==' ? 'is_' : version === '1.3' ? 'isnot' : 'is_not'
      const replacement = `${text}.${method}(${constant.text})`
      const canFix = constant.kind === 'none' && !isDecidedByPython(node) && context.sourceCode.commentsIn(node.range).length === 0
      context.report({
        node,
        messageId: 'write',
        data: {
          replacement: onOneLine(replacement),
          comparison: `${operator} ${constant.text}`,
          python: `${operator === '==' ? 'is' : 'is not'} ${constant.text}`,
        },
        fix: canFix ? (fixer) => fixer.replaceText(node, replacement) : null,
      })
    }

    function isColumnExpression(node: PythonNode): boolean {
      const expression = statementsOf(context).expressionOf(node)
      switch (expression.kind) {
        case 'column':
        case 'subquery':
          return true
        case 'composed':
          return !expression.isSet
        case 'attribute':
          return expression.source.model.attributes.some(
            ({ attribute, kind }) => attribute === expression.attribute && (kind === 'column-property' || kind === 'synonym'),
          )
        case 'unknown':
          return mayBeColumn(node) && sql.isSql(node)
        default:
          return false
      }
    }

    /** A column of a subquery, or a function of SQL. An attribute that is not declared may be a relationship, which has no `is_()`. */
    function mayBeColumn(node: PythonNode): boolean {
      const { kind } = node
      if (kind === 'attribute') return isColumns(node.object)
      if (kind === 'subscript') return isColumns(node.value)
      return kind === 'call' && context.resolve(node.function)?.startsWith('sqlalchemy.') === true
    }
  },
})

function isColumns(node: PythonNode): boolean {
  return node.kind === 'attribute' && (node.attribute.text === 'c' || node.attribute.text === 'columns')
}

/** SQLAlchemy lets Python ask whether two columns are equal, but not whether `is_()` holds. */
function isDecidedByPython(node: PythonNode): boolean {
  let inner = node
  while (inner.parent?.kind === 'parenthesized_expression') inner = inner.parent
  const { parent } = inner
  if (!parent) return false
  return parent.kind === 'conditional_expression' ? parent.namedChildren[1] === inner : DECIDING_KINDS.has(parent.kind)
}

/** Longer code is cut in messages. */
const MAX_LENGTH = 100

function onOneLine(text: string): string {
  const line = text.replace(/\s*[\r\n]\s*/g, ' ')
  return line.length > MAX_LENGTH ? `${line.slice(0, MAX_LENGTH).trimEnd()}…` : line
}
