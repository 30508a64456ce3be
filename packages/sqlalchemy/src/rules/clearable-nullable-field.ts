import type { FunctionDefinitionNode, IfStatementNode, PythonNode, PythonRuleContext } from '@krait/python'
import { defineRule, enclosingDefinition, enclosingFunctionName, keywordArgument, keywordArguments, matchesName, ownCode, withoutParentheses } from '@krait/python'
import { setattrIn, useOfPayload } from '../shared/payload-uses.ts'
import { fieldsOfPayload, isNullable, modelOfInstance, optionalValue } from '../shared/update-payloads.ts'
import type { OptionalValue } from '../shared/update-payloads.ts'

export interface ClearableNullableFieldOptions {
  /** The names of functions that update, as a regular expression. */
  readonly functions: string
  /** Columns that are not looked at, as globs. */
  readonly ignore: readonly string[]
}

type MessageId = 'ignored' | 'ignoredParameter' | 'leftOut' | 'testSet' | 'excludeUnset'
type Context = PythonRuleContext<MessageId, readonly [ClearableNullableFieldOptions]>

const defaultOptions: readonly [ClearableNullableFieldOptions] = [{ functions: '(?i)^_?(update|patch|edit|modify|change)', ignore: ['*_at', '*_by'] }]

const DUMPS: ReadonlySet<string> = new Set(['model_dump', 'dict'])

export const clearableNullableField = defineRule({
  name: 'clearable-nullable-field',
  meta: {
    type: 'problem',
    docs: { description: 'Require that updates can set nullable columns back to NULL', preset: 'recommended', severity: 'warn', since: '0.1.0' },
    messages: {
      ignored:
        '`{{column}}` is nullable, but this branch ignores `None`, so it can be set and never cleared. Test `"{{field}}" in {{payload}}.model_fields_set` (or use `exclude_unset=True`).',
      ignoredParameter: '`{{column}}` is nullable, but this branch ignores `None`, so it can be set and never cleared. Give `{{payload}}` a sentinel as its default, and test for that.',
      leftOut: '`{{column}}` is nullable, but this leaves out `None`, so it can be set and never cleared. Use `exclude_unset=True`.',
      testSet: 'Test whether `{{field}}` was sent',
      excludeUnset: 'Use `exclude_unset=True`',
    },
    schema: [
      {
        type: 'object',
        properties: { functions: { type: 'string' }, ignore: { type: 'array', items: { type: 'string' } } },
        additionalProperties: false,
      },
    ],
    hasSuggestions: true,
  },
  defaultOptions,
  create(context, [{ functions, ignore }]) {
    const names = patternOf(functions)
    const isIgnored = (column: string): boolean => ignore.some((entry) => matchesName(column, entry))
    return {
      if_statement(node) {
        const home = updateFunction(node)
        const value = home && testedValue(context, node.condition)
        if (!home || !value) return
        for (const assignment of assignmentsIn(node.consequence)) {
          const { left, right } = assignment
          if (left.kind !== 'attribute' || !right || !isMadeOf(right as PythonNode, value.text)) continue
          const column = left.attribute.text
          if (isClearable(left, column, home) || isAssignedElsewhere(node, left.text)) continue
          reportTest(node, value, column)
          return
        }
      },
      assignment(node) {
        const { left } = node
        const right = node.right && withoutParentheses(node.right as PythonNode)
        if (left.kind !== 'attribute' || (right?.kind !== 'conditional_expression' && right?.kind !== 'boolean_operator')) return
        const home = updateFunction(node)
        const value = home && keptValue(context, right, left.text)
        if (!home || !value || isClearable(left, left.attribute.text, home)) return
        const column = left.attribute.text
        context.report({ node, messageId: value.payload === null ? 'ignoredParameter' : 'ignored', data: dataOf(value, column) })
      },
      call(node) {
        const called = node.function
        if (called.kind !== 'attribute' || !DUMPS.has(called.attribute.text) || keywordArguments(node).get('exclude_none')?.kind !== 'true') return
        if (keywordArguments(node).get('exclude_unset')?.kind === 'true') return
        const column = lostColumn(node, node, called.object)
        const keyword = keywordArgument(node, 'exclude_none')
        if (column === null || !keyword) return
        context.report({
          node: called.attribute,
          messageId: 'leftOut',
          data: { column },
          suggest: [{ messageId: 'excludeUnset', fix: (fixer) => fixer.replaceText(keyword, 'exclude_unset=True') }],
        })
      },
      dictionary_comprehension(node) {
        const dump = filteredDump(node)
        const column = dump && lostColumn(node, node, dump)
        if (column) context.report({ node, messageId: 'leftOut', data: { column } })
      },
      for_statement(node) {
        const dump = dumpBehindItems(node.right)
        const home = dump && updateFunction(node)
        const set = home && setattrIn(context, node)
        const test = set?.call.closest('if_statement')
        const value = node.left.namedChildren.at(-1)?.text
        if (!dump || !home || !set || !test || test.start < node.start || !value || !testsNotNone(test.condition, value)) return
        const column = firstNullable(dump, set.model, home)
        if (column !== null) context.report({ range: [test.start, test.condition.end], messageId: 'leftOut', data: { column } })
      },
    }

    /** The function around a node, if it updates by its name or as a route. */
    function updateFunction(node: PythonNode): FunctionDefinitionNode | null {
      const home = enclosingDefinition(node)
      return home?.kind === 'function_definition' && (names.test(home.name.text) || isUpdateRoute(context, home)) ? home : null
    }

    function isClearable({ object }: PythonNode & { readonly kind: 'attribute' }, column: string, home: FunctionDefinitionNode): boolean {
      if (isIgnored(column)) return true
      const model = modelOfInstance(context, object)
      return !model || !isNullable(model, column) || hasOtherWay(home, column)
    }

    function reportTest(statement: IfStatementNode, value: OptionalValue, column: string): void {
      const { condition } = statement
      const field = fieldOf(value, column)
      const isWhole = withoutParentheses(condition).kind !== 'boolean_operator' && !condition.text.includes(':=')
      context.report({
        range: [statement.start, condition.end],
        messageId: value.payload === null ? 'ignoredParameter' : 'ignored',
        data: dataOf(value, column),
        suggest: [
          value.isPydantic &&
            value.payload !== null &&
            isWhole && { messageId: 'testSet', data: { field }, fix: (fixer) => fixer.replaceText(condition, `"${field}" in ${value.payload!}.model_fields_set`) },
        ],
      })
    }

    /** A nullable column that a dictionary without the fields that are `None` can not clear. */
    function lostColumn(node: PythonNode, dictionary: PythonNode, payload: PythonNode): string | null {
      if (!fieldsOfPayload(context, payload)) return null
      const use = useOfPayload(context, dictionary)
      const home = enclosingDefinition(node)
      if (!use || home?.kind !== 'function_definition') return null
      if (!updateFunction(node) && !(use.function !== null && names.test(use.function))) return null
      return firstNullable(payload, use.model, home)
    }

    function firstNullable(payload: PythonNode, model: NonNullable<ReturnType<typeof modelOfInstance>>, home: FunctionDefinitionNode): string | null {
      for (const field of fieldsOfPayload(context, payload)?.optional ?? []) {
        if (isNullable(model, field) && !isIgnored(field) && !hasOtherWay(home, field)) return field
      }
      return null
    }
  },
})

/** `(?i)` stands in front, as in Python. */
function patternOf(source: string): RegExp {
  return source.startsWith('(?i)') ? new RegExp(source.slice(4), 'i') : new RegExp(source)
}

function isUpdateRoute(context: Context, home: FunctionDefinitionNode): boolean {
  const first = home.parent?.kind === 'decorated_definition' ? home.body?.namedChildren[0] : undefined
  if (!first) return false
  const name = enclosingFunctionName(context, first)
  return context.project.routes().some(({ handler, methods }) => handler.name === name && (methods?.includes('PATCH') || methods?.includes('PUT')))
}

/** The value of `if V is not None` and `if V`, alone or among conditions that all have to hold. */
function testedValue(context: Context, condition: PythonNode): OptionalValue | null {
  const pending = [condition]
  for (let next = pending.pop(); next; next = pending.pop()) {
    const node = withoutParentheses(next)
    if (node.kind === 'boolean_operator' && node.operator.kind === 'and') {
      pending.push(node.right, node.left)
      continue
    }
    const tested = node.kind === 'comparison_operator' ? notNoneOperand(node) : node
    const plain = tested && withoutParentheses(tested)
    if (!plain) continue
    const value = optionalValue(context, plain.kind === 'named_expression' ? plain.value : plain)
    if (value) return plain.kind === 'named_expression' ? { ...value, text: plain.name.text } : value
  }
  return null
}

/** `V` of `V is not None`. */
function notNoneOperand(node: PythonNode & { readonly kind: 'comparison_operator' }): PythonNode | null {
  const [operator, ...others] = node.operators
  const [left, right] = node.namedChildren
  return operator?.kind === 'is not' && others.length === 0 && right?.kind === 'none' ? (left ?? null) : null
}

function testsNotNone(condition: PythonNode, name: string): boolean {
  const node = withoutParentheses(condition)
  const tested = node.kind === 'comparison_operator' ? notNoneOperand(node) : node
  return tested?.text === name
}

function assignmentsIn(block: PythonNode) {
  return block.namedChildren.flatMap((statement) => {
    const [inner] = statement.kind === 'expression_statement' ? statement.namedChildren : []
    return inner?.kind === 'assignment' ? [inner] : []
  })
}

/** The value itself, a method of it, or a call with it. */
function isMadeOf(expression: PythonNode, text: string): boolean {
  const node = withoutParentheses(expression)
  if (node.text === text) return true
  if (node.kind !== 'call') return false
  const called = withoutParentheses(node.function)
  if (called.kind === 'attribute' && isMadeOf(called.object, text)) return true
  return node.arguments.namedChildren.some((given) => given.text === text)
}

/** `V if V is not None else obj.c` and `V or obj.c`. */
function keptValue(context: Context, node: PythonNode, target: string): OptionalValue | null {
  if (node.kind === 'boolean_operator') {
    return node.operator.kind === 'or' && node.right.text === target ? optionalValue(context, node.left) : null
  }
  const [then, test, otherwise] = node.namedChildren
  if (!then || !test || otherwise?.text !== target) return null
  const value = testedValue(context, test)
  return value && isMadeOf(then, value.text) ? value : null
}

/** Whether the function has another way to clear the column, or looks at what was sent. */
function hasOtherWay(home: FunctionDefinitionNode, column: string): boolean {
  const flags = new Set([`clear_${column}`, `unset_${column}`, `remove_${column}`, `${column}_unset`])
  for (const node of ownCode(home)) {
    if (node.kind === 'identifier' && (flags.has(node.text) || node.text === 'model_fields_set' || node.text === '__fields_set__')) return true
    if (node.kind === 'keyword_argument' && node.name.text === 'exclude_unset' && node.value.kind === 'true') return true
    if (node.kind === 'assignment' && node.left.kind === 'attribute' && node.left.attribute.text === column && node.right?.text === 'None') return true
  }
  return false
}

/** Whether `else`, `elif` or other code of the function assigns the attribute whatever was sent. */
function isAssignedElsewhere(statement: IfStatementNode, target: string): boolean {
  const home = enclosingDefinition(statement)
  if (home?.kind !== 'function_definition') return false
  for (const node of ownCode(home.body)) {
    if (node.kind !== 'assignment' || node.left.text !== target) continue
    const isInBranch = statement.consequence.start <= node.start && node.end <= statement.consequence.end
    if (!isInBranch && (isInside(node, statement) || node.closest('if_statement') === null)) return true
  }
  return false
}

function isInside(node: PythonNode, around: PythonNode): boolean {
  return around.start <= node.start && node.end <= around.end
}

/** The dump of `payload.model_dump(...).items()` and its payload. */
function dumpBehindItems(expression: PythonNode): PythonNode | null {
  const node = withoutParentheses(expression)
  if (node.kind !== 'call' || node.function.kind !== 'attribute' || node.function.attribute.text !== 'items') return null
  const dump = withoutParentheses(node.function.object)
  if (dump.kind !== 'call' || dump.function.kind !== 'attribute' || !DUMPS.has(dump.function.attribute.text)) return null
  return keywordArguments(dump).get('exclude_unset')?.kind === 'true' ? null : dump.function.object
}

/** The payload of `{k: v for k, v in payload.model_dump().items() if v is not None}`. */
function filteredDump(node: PythonNode & { readonly kind: 'dictionary_comprehension' }): PythonNode | null {
  const clause = node.namedChildren.find(({ kind }) => kind === 'for_in_clause')
  const filter = node.namedChildren.find(({ kind }) => kind === 'if_clause')?.namedChildren[0]
  const iterable = clause?.namedChildren.find(({ fieldName }) => fieldName === 'right')
  const value = node.body.kind === 'pair' ? node.body.value.text : ''
  return iterable && filter && testsNotNone(filter, value) ? dumpBehindItems(iterable) : null
}

function fieldOf({ text, payload }: OptionalValue, column: string): string {
  return payload !== null && text.startsWith(`${payload}.`) ? text.slice(payload.length + 1) : column
}

function dataOf(value: OptionalValue, column: string): { column: string; field: string; payload: string } {
  return { column, field: fieldOf(value, column), payload: value.payload ?? value.text }
}

