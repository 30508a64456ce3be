import type { Fix, RuleFixer } from '@krait/core'
import type { CallNode, IdentifierNode, NameFromModule, PythonNode } from '@krait/python'
import { defineRule, lastPart, nameFromModule } from '@krait/python'
import { libraryName } from '../shared/library-name.ts'
import { pythonOperator, sqlText } from '../shared/python-operators.ts'
import type { PythonOperator, SqlStyle } from '../shared/python-operators.ts'
import { SqlExpressions } from '../shared/sql-expressions.ts'
import { ValueFlow } from '../shared/value-flow.ts'

/** Methods, also of modules (`sa.and_`), that take conditions or columns. */
const METHODS: ReadonlySet<string> = new Set(
  'and_ any case exists filter has having join join_from not_ or_ outerjoin outerjoin_from select when where'.split(' '),
)

const FUNCTIONS: ReadonlySet<string> = new Set([
  ...'and_ case exists join not_ or_ orm.join orm.outerjoin outerjoin select'.split(' ').map((name) => `sqlalchemy.${name}`),
  'sqlmodel.select',
])

/** Arguments that are the condition of a join wherever they occur. */
const ON_CLAUSES: ReadonlySet<string> = new Set(['onclause', 'primaryjoin', 'secondaryjoin'])

export const noPythonOperatorInFilter = defineRule({
  name: 'no-python-operator-in-filter',
  meta: {
    type: 'problem',
    docs: {
      description: 'Disallow `is`, `in`, `not`, `and` and `or` on columns in queries',
      preset: 'recommended',
      severity: 'error',
      since: '0.1.0',
    },
    messages: {
      constant: '`{{expression}}` is evaluated by Python, so the query filters on a constant. Use `{{replacement}}`.',
      oneSide: '`{{expression}}` is evaluated by Python, so the query keeps only one side of it. Use `{{replacement}}`.',
      replace: 'Replace it with `{{replacement}}`',
    },
    schema: [],
    hasSuggestions: true,
  },
  defaultOptions: [],
  create(context) {
    const flow = new ValueFlow(context, takesSql)
    const conditionFlow = new ValueFlow(context, takesSql, isValue)
    const sql = new SqlExpressions(context)
    /** Nodes below this index lie in an operator that is reported. */
    let reportedUntil = 0

    return {
      comparison_operator(node) {
        if (node.operators.some(({ kind }) => kind === 'is' || kind === 'is not' || kind === 'in' || kind === 'not in')) check(node)
      },
      not_operator: check,
      boolean_operator: check,
    }

    function check(node: PythonNode): void {
      if (node.index < reportedUntil || !flow.reachesArgument(node)) return
      const operator = pythonOperator(node, sql)
      if (!operator || (isChoice(operator) && !conditionFlow.reachesArgument(node))) return
      reportedUntil = node.tree.next[node.index]!
      report(node, operator)
    }

    /** `given or Task.title` is how Python chooses a value; only among conditions it is wrong for sure. */
    function isChoice(operator: PythonOperator): boolean {
      return (operator.kind === 'and' || operator.kind === 'or') && !sql.isSql(operator.operands[0]!)
    }

    function report(node: PythonNode, operator: PythonOperator): void {
      const imports: NameFromModule[] = []
      const text = sqlText(operator, sql, styleAt(node, imports))
      const data = { expression: onOneLine(node.text), replacement: onOneLine(text) }
      const isWhole = !('isChained' in operator && operator.isChained) && context.sourceCode.commentsIn(node.range).length === 0
      context.report({
        node,
        messageId: operator.kind === 'and' || operator.kind === 'or' ? 'oneSide' : 'constant',
        data,
        suggest: [isWhole && { messageId: 'replace', data, fix: (fixer) => [...addImports(fixer, imports), fixer.replaceText(node, text)] }],
      })
    }

    function styleAt(node: PythonNode, used: NameFromModule[]): SqlStyle {
      return {
        connective(kind) {
          const name = nameFromModule(context, node, 'sqlalchemy', `${kind}_`)
          if (name) used.push(name)
          return name?.text ?? null
        },
        isOld: (context.settings['sqlalchemy'] as { readonly version?: unknown } | undefined)?.version === '1.3',
      }
    }

    function takesSql(call: CallNode, argument: PythonNode): boolean {
      if (argument.kind === 'keyword_argument' && ON_CLAUSES.has(argument.name.text)) return true
      const called = call.function
      if (called.kind === 'attribute') return METHODS.has(called.attribute.text)
      // Only a name that can be the right one is worth a look into other modules.
      if (called.kind !== 'identifier' || !METHODS.has(originalName(called))) return false
      const name = libraryName(context, called)
      return name !== null && FUNCTIONS.has(name)
    }

    /** The name before an import or an assignment renamed it: `and_` for `every` after `from sqlalchemy import and_ as every`. */
    function originalName(identifier: IdentifierNode): string {
      const definition = context.scopes.bindingOf(identifier)?.onlyDefinition
      const original = definition?.node.kind === 'aliased_import' ? definition.node.name : definition?.value
      return original ? lastPart(original.text) : identifier.text
    }
  },
})

/** Whether the node stands where a value is expected and no condition: in a comparison or a sum, or as a result of `case()`. */
function isValue(node: PythonNode): boolean {
  const { parent } = node
  switch (parent?.kind) {
    case 'comparison_operator':
      return true
    case 'binary_operator':
      return parent.operator.kind !== '&' && parent.operator.kind !== '|'
    case 'keyword_argument':
      return parent.name.text === 'else_'
    case 'tuple':
      return parent.parent?.kind === 'argument_list' && parent.namedChildren[0] !== node
    default:
      return false
  }
}

function addImports(fixer: RuleFixer, names: readonly NameFromModule[]): Fix[] {
  const added = new Map<string, Fix>()
  for (const { text, addImport } of names) if (addImport && !added.has(text)) added.set(text, addImport(fixer))
  return [...added.values()]
}

/** Longer code is cut in messages. */
const MAX_LENGTH = 100

function onOneLine(text: string): string {
  const line = text.replace(/\s*[\r\n]\s*/g, ' ')
  return line.length > MAX_LENGTH ? `${line.slice(0, MAX_LENGTH).trimEnd()}…` : line
}
