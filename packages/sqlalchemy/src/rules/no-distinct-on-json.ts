import type { Fix, RuleFixer } from '@krait/core'
import type { CallNode, ColumnUse, PythonNode, SqlExpression, Statement } from '@krait/python'
import { defineRule, lastPart, mayCallAny, positionalArguments, projectDialect, statementsOf } from '@krait/python'
import { finalStatements } from '../shared/final-statements.ts'
import { isJson, selectedJson } from '../shared/json-columns.ts'
import { libraryName } from '../shared/library-name.ts'
import { hasOpenSelection, methodNode } from '../shared/statement-parts.ts'

const SET_OPERATIONS: ReadonlySet<string> = new Set(['except_', 'intersect', 'union'])
const NAMES: ReadonlySet<string> = new Set([...SET_OPERATIONS, 'distinct', 'group_by'])

export const noDistinctOnJson = defineRule({
  name: 'no-distinct-on-json',
  meta: {
    type: 'problem',
    docs: {
      description: 'Disallow DISTINCT, UNION and GROUP BY over JSON columns on PostgreSQL',
      preset: 'recommended',
      severity: 'error',
      since: '0.1.0',
    },
    messages: {
      selected:
        '`{{operation}}` compares every selected column, and `{{column}}` is `JSON`, which Postgres cannot compare. Use `JSONB`, `DISTINCT ON ({{key}})`, or de-duplicate with `.unique()`.',
      united: '`{{operation}}` compares every selected column, and `{{column}}` is `JSON`, which Postgres cannot compare. Use `JSONB`, or `UNION ALL`.',
      compared: '`{{operation}}` compares the values of `{{column}}`, which is `JSON`, and Postgres cannot compare that. Use `JSONB`, or compare the key.',
      unique: 'De-duplicate the rows with `.unique()`',
    },
    schema: [],
    hasSuggestions: true,
  },
  defaultOptions: [],
  create(context) {
    if (!mayCallAny(context, NAMES)) return {}
    const reported = new Set<PythonNode>()

    return {
      call(node) {
        const { function: called } = node
        const identifier = called.kind === 'attribute' ? called.attribute : called
        if (identifier.kind !== 'identifier' || !NAMES.has(originalName(identifier, called)) || projectDialect(context) !== 'postgresql') return
        check(node, identifier, originalName(identifier, called))
      },
    }

    function originalName(identifier: PythonNode, called: PythonNode): string {
      const definition = called === identifier ? context.scopes.bindingOf(identifier)?.onlyDefinition : null
      return definition?.node.kind === 'aliased_import' ? lastPart(definition.node.name.text) : identifier.text
    }

    function check(node: CallNode, identifier: PythonNode, name: string): void {
      if (name === 'group_by') checkArguments(node, identifier, 'GROUP BY')
      else if (SET_OPERATIONS.has(name)) checkSetOperation(node, identifier, name)
      else if (node.function.kind !== 'attribute' || libraryName(context, node.function) === 'sqlalchemy.distinct') {
        if (libraryName(context, node.function) === 'sqlalchemy.distinct') checkArguments(node, identifier, 'DISTINCT')
      } else if (!checkColumn(node.function.object, identifier)) checkDistinct(node, identifier)
    }

    /** `M.c.distinct()`; says whether it is one. */
    function checkColumn(object: PythonNode, identifier: PythonNode): boolean {
      const on = statementsOf(context).expressionOf(object)
      if (on.kind !== 'column') return false
      if (isJson(on.column)) report(identifier, 'compared', 'DISTINCT', on)
      return true
    }

    function checkArguments(node: CallNode, identifier: PythonNode, operation: string): void {
      for (const argument of positionalArguments(node)) {
        const column = jsonIn(statementsOf(context).expressionOf(argument))
        if (column) report(identifier, 'compared', operation, column)
      }
    }

    function checkDistinct(node: CallNode, identifier: PythonNode): void {
      const found = finalStatements(context, node).flatMap(({ paths }) => paths).find((path) => jsonOfDistinct(path, identifier))
      const column = found && jsonOfDistinct(found, identifier)
      if (column) report(identifier, 'selected', 'DISTINCT', column, node)
    }

    /** The JSON column that this very `distinct()` compares. */
    function jsonOfDistinct(path: Statement, identifier: PythonNode): ColumnUse | null {
      const step = path.steps.find((candidate) => candidate.name === 'distinct' && methodNode(candidate) === identifier)
      if (!step || step.call.term.arguments.length > 0 || step.call.term.open || path.kind !== 'select' || hasOpenSelection(path)) return null
      if (path.steps.some(({ name, call }) => name === 'distinct' && call.term.arguments.length > 0)) return null
      return selectedJson(context.project, statementsOf(context), path)
    }

    /** `select(M.data).union(select(N.data))`, `union(a, b)`. */
    function checkSetOperation(node: CallNode, identifier: PythonNode, name: string): void {
      const called = node.function
      const isMethod = called.kind === 'attribute' && libraryName(context, called) !== `sqlalchemy.${name}`
      if (!isMethod && libraryName(context, called) !== `sqlalchemy.${name}`) return
      const operands = [...(isMethod ? [(called as PythonNode & { kind: 'attribute' }).object] : []), ...positionalArguments(node)]
      // Most methods of these names are those of sets.
      if (isMethod && !statementsOf(context).statementOf(operands[0]!)) return
      for (const operand of operands) {
        for (const path of statementsOf(context).statementOf(operand)?.paths ?? []) {
          const column = path.kind === 'select' && !hasOpenSelection(path) ? selectedJson(context.project, statementsOf(context), path) : null
          if (column) report(identifier, 'united', name.replace('_', '').toUpperCase(), column)
        }
      }
    }

    function report(node: PythonNode, messageId: 'compared' | 'selected' | 'united', operation: string, use: ColumnUse, call: CallNode | null = null): void {
      if (reported.has(node)) return
      reported.add(node)
      const { source, column } = use
      const model = lastPart(source.model.name)
      const key = source.model.uniqueKeys.find(({ from }) => from === 'primary-key')?.columns[0] ?? 'id'
      const executed = call && executionOf(call)
      context.report({
        node,
        messageId,
        data: { operation, column: `${model}.${column.attribute}`, key: `${model}.${key}` },
        suggest: [executed && { messageId: 'unique', fix: (fixer) => useUnique(fixer, call, executed) }],
      })
    }
  },
})

/** The column that an expression is, or the expression inside of it, as in `count(distinct(M.c))`. */
function jsonIn(expression: SqlExpression): ColumnUse | null {
  return expression.kind === 'column' && isJson(expression.column) ? expression : null
}

/** `session.execute(...)` around a chain of calls, with its `await` in parentheses. */
function executionOf(call: CallNode): PythonNode | null {
  let node: PythonNode = call
  while (node.parent?.kind === 'attribute' && node.parent.parent?.kind === 'call') node = node.parent.parent
  const around = node.parent?.kind === 'argument_list' ? node.parent.parent : null
  if (around?.kind !== 'call' || around.function.kind !== 'attribute' || !/^(?:execute|scalars|exec)$/.test(around.function.attribute.text)) return null
  if (around.parent?.kind !== 'await') return around
  return around.parent.parent?.kind === 'parenthesized_expression' ? around.parent.parent : null
}

/** Takes `.distinct()` away and takes equal rows together. */
function useUnique(fixer: RuleFixer, call: CallNode, executed: PythonNode): Fix[] {
  const { object } = call.function as PythonNode & { kind: 'attribute' }
  const { parent } = executed
  const isUnique = parent?.kind === 'attribute' && parent.object === executed && parent.attribute.text === 'unique'
  return [fixer.removeRange([object.end, call.end]), ...(isUnique ? [] : [fixer.insertTextAfter(executed, '.unique()')])]
}
